//! What the provider says about itself, per profile.

use serde_json::Value;
use url::Url;

use crate::bench::Bench;
use crate::jar::is_trustworthy;
use crate::plan::{Module, module};
use crate::provider::Provider;
use crate::stop::{Check, must};

/// The table.
pub const MODULES: &[Module] = &[
    module!(
        "oidcc-discovery-endpoint-verification",
        "CD",
        "OIDC Discovery §3, §4",
        "Metadata is 200 JSON, fits its schema, has the issuer asked for, endpoints, keys, algorithms, sane lists",
        openid
    ),
    module!(
        "oidcc-rp-initiated-logout-discovery-endpoint-verification",
        "R",
        "OIDC RP-Initiated Logout §2.1",
        "Discovery has end_session_endpoint",
        |bench| logout(bench, "")
    ),
    module!(
        "oidcc-frontchannel-logout-discovery-endpoint-verification",
        "F",
        "OIDC Front-Channel Logout §3",
        "frontchannel_logout_supported and _session_supported are true; end_session_endpoint is there",
        |bench| logout(bench, "frontchannel_logout")
    ),
    module!(
        "oidcc-backchannel-logout-discovery-endpoint-verification",
        "K",
        "OIDC Back-Channel Logout §2.1",
        "backchannel_logout_supported and _session_supported are true; end_session_endpoint is there",
        |bench| logout(bench, "backchannel_logout")
    ),
    module!(
        "fapi2-security-profile-final-discovery-end-point-verification",
        "P",
        "FAPI 2.0 §5.3.2",
        "Metadata as FAPI 2 needs: PAR, S256, auth methods, sender constraint, iss parameter, algorithms",
        |bench| std::future::ready(fapi2(bench))
    ),
];

/// Names whose value is a list of texts.
const LISTS: [&str; 18] = [
    "scopes_supported",
    "response_types_supported",
    "response_modes_supported",
    "grant_types_supported",
    "acr_values_supported",
    "subject_types_supported",
    "id_token_signing_alg_values_supported",
    "id_token_encryption_alg_values_supported",
    "id_token_encryption_enc_values_supported",
    "userinfo_signing_alg_values_supported",
    "request_object_signing_alg_values_supported",
    "token_endpoint_auth_methods_supported",
    "token_endpoint_auth_signing_alg_values_supported",
    "display_values_supported",
    "claim_types_supported",
    "claims_supported",
    "claims_locales_supported",
    "ui_locales_supported",
];

/// Names whose value is a flag.
const FLAGS: [&str; 6] = [
    "claims_parameter_supported",
    "request_parameter_supported",
    "request_uri_parameter_supported",
    "require_request_uri_registration",
    "authorization_response_iss_parameter_supported",
    "require_pushed_authorization_requests",
];

async fn openid(bench: &mut Bench) -> Check {
    let issuer = bench.issuer().to_owned();
    let answer = Provider::ask(&bench.wire, &issuer).await?;
    must!(answer.status == 200, "discovery answered {}", answer.status);
    let metadata = answer.json()?;
    must!(
        metadata.get("issuer") == Some(&Value::from(issuer.as_str())),
        "issuer is not {issuer}"
    );
    let address = Url::parse(&issuer)?;
    must!(
        address.query().is_none() && address.fragment().is_none(),
        "issuer has a query or fragment"
    );
    shapes(&metadata)?;
    lists(bench)?;
    endpoints(bench, &metadata)?;
    keys(bench).await
}

fn shapes(metadata: &Value) -> Check {
    for name in LISTS.iter().chain(&[
        "code_challenge_methods_supported",
        "dpop_signing_alg_values_supported",
    ]) {
        let Some(value) = metadata.get(*name) else {
            continue;
        };
        let texts = value
            .as_array()
            .filter(|list| list.iter().all(Value::is_string));
        let Some(texts) = texts else {
            crate::stop::fail!("{name} is no list of texts: {value}")
        };
        must!(!texts.is_empty(), "{name} is an empty list");
        let mut names: Vec<&str> = texts.iter().filter_map(Value::as_str).collect();
        names.sort_unstable();
        names.dedup();
        must!(names.len() == texts.len(), "{name} names a value twice");
    }
    for name in FLAGS {
        let value = metadata.get(name);
        must!(
            value.is_none_or(Value::is_boolean),
            "{name} is no flag: {value:?}"
        );
    }
    Ok(())
}

fn lists(bench: &mut Bench) -> Check {
    let provider = bench.provider().clone();
    let needed = [
        ("response_types_supported", "code"),
        ("id_token_signing_alg_values_supported", "RS256"),
        ("scopes_supported", "openid"),
    ];
    for (name, value) in needed {
        must!(provider.lists(name, value), "{name} lacks {value}");
    }
    must!(
        !provider.list("subject_types_supported").is_empty(),
        "subject_types_supported is missing"
    );
    for subject in provider.list("subject_types_supported") {
        must!(
            ["public", "pairwise"].contains(&subject.as_str()),
            "unknown subject type {subject}"
        );
    }
    if !provider.lists("claims_supported", "sub") {
        bench.warn("claims_supported lacks sub");
    }
    let grants = provider.list("grant_types_supported");
    must!(
        grants.is_empty() || grants.iter().any(|grant| grant == "authorization_code"),
        "grant_types_supported lacks authorization_code"
    );
    let has_front_token = provider
        .list("response_types_supported")
        .iter()
        .any(|item| item.contains("token"));
    let says_implicit = grants.is_empty() || grants.iter().any(|grant| grant == "implicit");
    if has_front_token && !says_implicit {
        bench.warn(
            "response types with id_token are offered, but grant_types_supported lacks implicit",
        );
    }
    Ok(())
}

fn endpoints(bench: &Bench, metadata: &Value) -> Check {
    let names = [
        "authorization_endpoint",
        "token_endpoint",
        "userinfo_endpoint",
        "jwks_uri",
    ];
    for name in names {
        must!(metadata.get(name).is_some(), "{name} is missing");
    }
    let Some(members) = metadata.as_object() else {
        return Ok(());
    };
    let issuer = Url::parse(bench.issuer())?;
    for (name, value) in members {
        let is_address = name.ends_with("_endpoint") || name.ends_with("_uri") || name == "issuer";
        let Some(text) = value.as_str().filter(|_| is_address) else {
            continue;
        };
        let address = Url::parse(text)?;
        let is_local = is_trustworthy(&issuer) && issuer.scheme() == "http";
        must!(
            address.scheme() == "https" || (is_local && is_trustworthy(&address)),
            "{name} is not https: {text}"
        );
        must!(address.fragment().is_none(), "{name} has a fragment");
    }
    Ok(())
}

async fn keys(bench: &mut Bench) -> Check {
    let set = bench.provider().keys(&bench.wire).await?;
    let keys = set
        .get("keys")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    must!(!keys.is_empty(), "the key set is empty");
    let mut names = Vec::new();
    for key in &keys {
        let text = |name: &str| key.get(name).and_then(Value::as_str);
        for private in ["d", "p", "q", "dp", "dq", "qi", "k"] {
            must!(
                key.get(private).is_none(),
                "a published key has the private member {private}"
            );
        }
        let needed: &[&str] = match text("kty") {
            Some("RSA") => &["n", "e"],
            Some("EC") => &["x", "y"],
            Some("OKP") => &["x"],
            other => crate::stop::fail!("kty is {other:?}"),
        };
        for name in needed {
            let decoded = text(name).and_then(crate::keys::from_base64url);
            let Some(bytes) = decoded else {
                crate::stop::fail!("{name} of a key is not base64url")
            };
            if *name == "n" {
                must!(
                    bytes.len() >= 256,
                    "an RSA key has {} bits, fewer than 2048",
                    bytes.len() * 8
                );
            }
        }
        if keys.len() > 1 {
            let Some(kid) = text("kid") else {
                crate::stop::fail!("several keys, and one has no kid")
            };
            must!(!names.contains(&kid), "kid {kid} comes twice");
            names.push(kid);
        }
    }
    let has_rsa = keys
        .iter()
        .any(|key| key.get("kty") == Some(&Value::from("RSA")));
    must!(has_rsa, "no RSA key for RS256");
    Ok(())
}

fn logout<'a>(bench: &'a mut Bench, prefix: &'static str) -> crate::stop::Running<'a> {
    Box::pin(async move {
        let provider = bench.provider();
        must!(
            provider
                .metadata
                .get("end_session_endpoint")
                .is_some_and(Value::is_string),
            "end_session_endpoint is missing"
        );
        if !prefix.is_empty() {
            for name in ["supported", "session_supported"] {
                let name = format!("{prefix}_{name}");
                must!(provider.flag(&name, false), "{name} is not true");
            }
        }
        Ok(())
    })
}

fn fapi2(bench: &mut Bench) -> Check {
    let provider = bench.provider().clone();
    must!(
        provider
            .metadata
            .get("pushed_authorization_request_endpoint")
            .is_some(),
        "pushed_authorization_request_endpoint is missing"
    );
    let needed = [
        ("code_challenge_methods_supported", "S256"),
        ("token_endpoint_auth_methods_supported", "private_key_jwt"),
        ("response_types_supported", "code"),
    ];
    for (name, value) in needed {
        must!(provider.lists(name, value), "{name} lacks {value}");
    }
    must!(
        !provider.lists("code_challenge_methods_supported", "plain"),
        "code_challenge_methods_supported has plain"
    );
    must!(
        provider.flag("authorization_response_iss_parameter_supported", false),
        "authorization_response_iss_parameter_supported is not true"
    );
    let strong = ["PS256", "ES256", "EdDSA", "Ed25519"];
    let lists = [
        "id_token_signing_alg_values_supported",
        "dpop_signing_alg_values_supported",
        "token_endpoint_auth_signing_alg_values_supported",
    ];
    for name in lists {
        let offered = provider.list(name);
        must!(
            offered.iter().any(|alg| strong.contains(&alg.as_str())),
            "{name} has none of {strong:?}: {offered:?}"
        );
    }
    Ok(())
}
