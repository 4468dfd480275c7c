//! Scopes, the claims parameter, and the hints that may be followed or not but never do harm.

use serde_json::{Value, json};

use crate::bench::Bench;
use crate::flow::Flow;
use crate::plan::{Module, module};
use crate::stop::{Check, must, skip};

/// The table.
pub const MODULES: &[Module] = &[
    module!(
        "oidcc-scope-profile",
        "BIH",
        "OIDC Core §5.4",
        "scope profile: its claims arrive at userinfo (in the ID token for id_token), with right types",
        |bench| scopes(bench, &["profile"])
    ),
    module!(
        "oidcc-scope-email",
        "BIH",
        "OIDC Core §5.4",
        "The same for email",
        |bench| scopes(bench, &["email"])
    ),
    module!(
        "oidcc-scope-address",
        "BIH",
        "OIDC Core §5.4",
        "The same for address",
        |bench| scopes(bench, &["address"])
    ),
    module!(
        "oidcc-scope-phone",
        "BIH",
        "OIDC Core §5.4",
        "The same for phone",
        |bench| scopes(bench, &["phone"])
    ),
    module!(
        "oidcc-scope-all",
        "BIH",
        "OIDC Core §5.4",
        "The four at once",
        |bench| scopes(bench, &["profile", "email", "address", "phone"])
    ),
    module!(
        "oidcc-claims-essential",
        "BIH",
        "OIDC Core §5.5",
        "claims asking for name as essential works (warning if no name comes)",
        claims_essential
    ),
    module!(
        "oidcc-claims-locales",
        "BIH",
        "OIDC Core §5.2",
        "claims_locales does no harm",
        |bench| harmless(bench, "claims_locales", "se")
    ),
    module!(
        "oidcc-ui-locales",
        "BIH",
        "OIDC Core §3.1.2.1",
        "ui_locales does no harm",
        |bench| harmless(bench, "ui_locales", "se")
    ),
    module!(
        "oidcc-display-page",
        "BIH",
        "OIDC Core §3.1.2.1",
        "display=page does no harm",
        |bench| harmless(bench, "display", "page")
    ),
    module!(
        "oidcc-display-popup",
        "BIH",
        "OIDC Core §3.1.2.1",
        "display=popup does no harm",
        |bench| harmless(bench, "display", "popup")
    ),
    module!(
        "oidcc-login-hint",
        "BIH",
        "OIDC Core §3.1.2.1",
        "login_hint does no harm",
        login_hint
    ),
    module!(
        "oidcc-ensure-request-with-acr-values-succeeds",
        "BIH",
        "OIDC Core §3.1.2.1",
        "acr_values works; acr in the ID token should be one asked for (warning)",
        acr_values
    ),
];

/// Claims of each scope (OIDC Core §5.4).
fn claims_of(scope: &str) -> &'static [&'static str] {
    match scope {
        "profile" => &[
            "name",
            "family_name",
            "given_name",
            "middle_name",
            "nickname",
            "preferred_username",
            "profile",
            "picture",
            "website",
            "gender",
            "birthdate",
            "zoneinfo",
            "locale",
            "updated_at",
        ],
        "email" => &["email", "email_verified"],
        "address" => &["address"],
        _ => &["phone_number", "phone_number_verified"],
    }
}

fn scopes<'a>(bench: &'a mut Bench, scopes: &'static [&'static str]) -> crate::stop::Running<'a> {
    Box::pin(async move {
        for scope in scopes {
            if !bench.provider().lists("scopes_supported", scope) {
                skip!("scope {scope} is not in scopes_supported")
            }
        }
        let client = bench.client().await?;
        let scope = format!("openid {}", scopes.join(" "));
        let request = bench.request(&client).with("scope", scope);
        let flow = bench.flow(&request).await?;
        let claims = claims(bench, &flow).await?;
        for scope in scopes {
            let came = claims_of(scope)
                .iter()
                .filter(|name| claims.get(**name).is_some())
                .count();
            if came == 0 {
                bench.warn(format!("no claim of scope {scope} came"));
            }
        }
        Ok(())
    })
}

/// The person's claims: userinfo where there is an access token, else the ID token.
async fn claims(bench: &mut Bench, flow: &Flow) -> Check<Value> {
    if bench.variant.has_access_token() {
        bench.userinfo(flow).await
    } else {
        Ok(flow.id()?.claims.clone())
    }
}

async fn claims_essential(bench: &mut Bench) -> Check {
    if !bench.provider().flag("claims_parameter_supported", false) {
        skip!("claims_parameter_supported is not true")
    }
    let client = bench.client().await?;
    let place = if bench.variant.has_access_token() {
        "userinfo"
    } else {
        "id_token"
    };
    let wish = json!({place: {"name": {"essential": true}}});
    let request = bench.request(&client).with("claims", wish.to_string());
    let flow = bench.flow(&request).await?;
    if claims(bench, &flow).await?.get("name").is_none() {
        bench.warn("name was asked for as essential, and did not come");
    }
    Ok(())
}

fn harmless<'a>(
    bench: &'a mut Bench,
    name: &'static str,
    value: &'static str,
) -> crate::stop::Running<'a> {
    Box::pin(async move {
        let client = bench.client().await?;
        let request = bench.request(&client).with(name, value);
        bench.flow(&request).await?;
        Ok(())
    })
}

async fn login_hint(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    let request = bench
        .request(&client)
        .with("login_hint", "buffy@conformance.example");
    let flow = bench.flow(&request).await?;
    must!(
        !flow.id()?.sub().contains('@'),
        "sub looks like the hint: {}",
        flow.id()?.sub()
    );
    Ok(())
}

async fn acr_values(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    let mut wanted = bench.provider().list("acr_values_supported");
    wanted.truncate(2);
    if wanted.is_empty() {
        wanted = vec!["1".into(), "2".into()];
    }
    let request = bench.request(&client).with("acr_values", wanted.join(" "));
    let flow = bench.flow(&request).await?;
    match flow.id()?.text("acr") {
        Some(acr) if wanted.iter().any(|value| value == acr) => {}
        other => bench.warn(format!("acr is {other:?}, asked was {wanted:?}")),
    }
    Ok(())
}
