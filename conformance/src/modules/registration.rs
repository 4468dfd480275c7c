//! Dynamic registration: what it keeps, what it refuses, what becomes of it.

use serde_json::{Map, Value, json};

use crate::bench::Bench;
use crate::client::Client;
use crate::keys::{self, Key};
use crate::person::{Landing, Mood};
use crate::plan::{Module, module};
use crate::stop::{Check, Stop, fail, must, skip};
use crate::wire::Call;

/// The table.
pub const MODULES: &[Module] = &[
    module!(
        "oidcc-registration-jwks-uri",
        "D",
        "OIDC Registration §2",
        "A client registered with jwks_uri signs in by private_key_jwt",
        jwks_uri
    ),
    module!(
        "oidcc-registration-logo-uri",
        "D",
        "OIDC Registration §2",
        "logo_uri is shown on the sign-in page (warning if not found)",
        |bench| shown(bench, "logo_uri")
    ),
    module!(
        "oidcc-registration-policy-uri",
        "D",
        "OIDC Registration §2",
        "policy_uri is linked on the sign-in page (warning if not found)",
        |bench| shown(bench, "policy_uri")
    ),
    module!(
        "oidcc-registration-tos-uri",
        "D",
        "OIDC Registration §2",
        "tos_uri is linked on the sign-in page (warning if not found)",
        |bench| shown(bench, "tos_uri")
    ),
    module!(
        "oidcc-registration-sector-uri",
        "D",
        "OIDC Registration §5",
        "A sector_identifier_uri whose document lists the redirect_uri is accepted",
        sector_uri
    ),
    module!(
        "oidcc-registration-sector-bad",
        "D",
        "OIDC Registration §5",
        "One whose document does not list it is refused",
        sector_bad
    ),
    module!(
        "oidcc-ensure-client-assertion-with-iss-aud-succeeds",
        "D",
        "RFC 7523 §3, RFC 7523bis",
        "A client assertion whose aud is the issuer is accepted",
        issuer_as_audience
    ),
    module!(
        "oidcc-server-rotate-keys",
        "D",
        "OIDC Core §10.1.1",
        "After a rotation jwks_uri has a new key and still the old one",
        rotate_keys
    ),
    module!(
        "oidcc-3rd_party-init-login",
        "3",
        "OIDC Core §4, OIDC Registration §2",
        "initiate_login_uri is kept and given back by registration and by its read endpoint",
        init_login
    ),
    module!(
        "oidcc-3rd_party-init-login-nohttps",
        "3",
        "OIDC Registration §2",
        "An initiate_login_uri that is not https is refused",
        init_login_plain
    ),
];

/// Expects that a registration is refused with one of these codes.
pub async fn refused(bench: &mut Bench, metadata: Map<String, Value>, codes: &[&str]) -> Check {
    let key = Key::make("RS256")?;
    let answer = bench.register(&Value::Object(metadata), &key).await?;
    must!(
        answer.status == 400,
        "registration answered {}, expected 400",
        answer.status
    );
    let document = answer.json()?;
    let error = document
        .get("error")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    must!(
        codes.contains(&error.as_str()),
        "error is '{error}', expected {codes:?}"
    );
    Ok(())
}

/// A client whose keys are at a path of ours.
pub async fn client_with_keys_at(bench: &mut Bench, path: &str) -> Check<Client> {
    let key = Key::make("RS256")?;
    let set = json!({"keys": [key.public()]}).to_string();
    let address = bench.suite.endpoints.publish(path, "application/json", set);
    let extra = json!({"jwks_uri": address, "token_endpoint_auth_method": "private_key_jwt"});
    match bench.new_client(extra).await {
        Ok(client) => Ok(Client { key, ..client }),
        Err(Stop::Fail(why)) if !bench.suite.endpoints.is_https() => {
            skip!("the provider does not take our jwks_uri, which is http in this run: {why}")
        }
        Err(stop) => Err(stop),
    }
}

async fn jwks_uri(bench: &mut Bench) -> Check {
    let path = format!("/keys/{}", keys::random(9));
    let client = client_with_keys_at(bench, &path).await?;
    let request = bench.request(&client);
    bench.flow(&request).await?;
    must!(
        !bench.suite.endpoints.received(&path).is_empty(),
        "the provider never fetched jwks_uri"
    );
    Ok(())
}

fn shown<'a>(bench: &'a mut Bench, name: &'static str) -> crate::stop::Running<'a> {
    Box::pin(async move {
        let address = bench.new_redirect_uri(name);
        let client = bench.new_client(json!({name: address})).await?;
        let kept = client.text(name) == Some(address.as_str());
        let request = bench.request(&client);
        let call = bench.start(&request).await?;
        let Landing::Shown(page) = bench.person.visit(call, Mood::Watching).await? else {
            fail!("no sign-in page was shown")
        };
        must!(
            page.answer.status == 200,
            "the sign-in page came with {}",
            page.answer.status
        );
        let document = &page.document;
        let found = document.links.iter().any(|(to, _)| *to == address)
            || document.images.contains(&address);
        if !found {
            bench.warn(format!(
                "{name} is not on the first page (kept by registration: {kept})"
            ));
        }
        Ok(())
    })
}

async fn sector(bench: &mut Bench, listed: &str) -> Check<crate::wire::Answer> {
    let path = format!("/sector/{}.json", keys::random(9));
    let list = json!([listed]).to_string();
    let address = bench
        .suite
        .endpoints
        .publish(&path, "application/json", list);
    let mut metadata = bench.usual_metadata();
    metadata.insert("sector_identifier_uri".into(), json!(address));
    metadata.insert("subject_type".into(), json!("pairwise"));
    let key = Key::make("RS256")?;
    let answer = bench.register(&Value::Object(metadata), &key).await?;
    let text = answer.text();
    if answer.status == 400 && !bench.suite.endpoints.is_https() && text.contains("https") {
        skip!(
            "the provider wants https for sector_identifier_uri, and ours is http in this run: {text}"
        )
    }
    Ok(answer)
}

async fn sector_uri(bench: &mut Bench) -> Check {
    let listed = bench.new_redirect_uri("callback");
    let answer = sector(bench, &listed).await?;
    must!(
        answer.status == 201,
        "registration answered {}: {}",
        answer.status,
        answer.text()
    );
    Ok(())
}

async fn sector_bad(bench: &mut Bench) -> Check {
    let listed = bench.new_redirect_uri("another");
    let answer = sector(bench, &listed).await?;
    must!(
        answer.status == 400,
        "registration answered {}, expected 400",
        answer.status
    );
    let document = answer.json()?;
    let error = document
        .get("error")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let codes = ["invalid_client_metadata", "invalid_redirect_uri"];
    must!(
        codes.contains(&error),
        "error is '{error}', expected {codes:?}"
    );
    Ok(())
}

async fn issuer_as_audience(bench: &mut Bench) -> Check {
    // Every assertion of ours has the issuer as its audience.
    bench.usual_flow().await?;
    Ok(())
}

async fn rotate_keys(bench: &mut Bench) -> Check {
    let command = bench.suite.config.operator.rotate_keys.clone();
    let Some((program, arguments)) = command.split_first() else {
        skip!("only the operator can rotate keys, and operator.rotate_keys is not configured")
    };
    let names = |set: &Value| -> Vec<Value> {
        let keys = set
            .get("keys")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        keys.iter()
            .filter_map(|key| key.get("kid").cloned())
            .collect()
    };
    let flow = bench.usual_flow().await?;
    let before = names(&bench.provider().keys(&bench.wire).await?);
    let mut command = std::process::Command::new(program);
    command.args(arguments);
    let status = tokio::task::spawn_blocking(move || command.status()).await??;
    must!(
        status.success(),
        "the command that rotates keys ended with {status}"
    );
    let mut after = Vec::new();
    for _ in 0..30 {
        after = names(&bench.provider().keys(&bench.wire).await?);
        if after.iter().any(|kid| !before.contains(kid)) {
            break;
        }
        crate::clock::wait(1).await;
    }
    must!(
        after.iter().any(|kid| !before.contains(kid)),
        "no new key within 30 s"
    );
    let used = flow.id()?.header.get("kid").cloned().unwrap_or_default();
    must!(
        after.contains(&used),
        "the key of tokens still valid, {used}, is gone"
    );
    bench.usual_flow().await?;
    Ok(())
}

async fn init_login(bench: &mut Bench) -> Check {
    let address = bench.new_redirect_uri("login");
    let client = bench
        .new_client(json!({"initiate_login_uri": address}))
        .await?;
    must!(
        client.text("initiate_login_uri") == Some(address.as_str()),
        "the registration answer has initiate_login_uri {:?}",
        client.text("initiate_login_uri")
    );
    let Some((url, token)) = client.management else {
        skip!("registration gives no registration_client_uri")
    };
    let answer = bench.wire.send(Call::get(&url).bearer(&token)).await?;
    must!(
        answer.status == 200,
        "reading the registration answered {}",
        answer.status
    );
    let read = answer.json()?;
    must!(
        read.get("initiate_login_uri") == Some(&json!(address)),
        "read back was {:?}",
        read.get("initiate_login_uri")
    );
    Ok(())
}

async fn init_login_plain(bench: &mut Bench) -> Check {
    let mut metadata = bench.usual_metadata();
    let address = bench
        .new_redirect_uri("login")
        .replacen("https:", "http:", 1);
    metadata.insert("initiate_login_uri".into(), json!(address));
    refused(bench, metadata, &["invalid_client_metadata"]).await
}
