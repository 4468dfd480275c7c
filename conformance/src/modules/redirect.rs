//! Where an answer may go.

use serde_json::json;

use crate::bench::Bench;
use crate::client::Client;
use crate::keys;
use crate::plan::{Module, module};
use crate::request::Request;
use crate::stop::{Check, must};

/// The table.
pub const MODULES: &[Module] = &[
    module!(
        "oidcc-ensure-registered-redirect-uri",
        "BIH",
        "OIDC Core §3.1.2.1",
        "An unregistered redirect_uri: an error page, no redirect",
        unregistered
    ),
    module!(
        "oidcc-ensure-redirect-uri-in-authorization-request",
        "D",
        "OIDC Core §3.1.2.1",
        "No redirect_uri with two registered: an error page",
        missing
    ),
    module!(
        "oidcc-redirect-uri-query-OK",
        "D",
        "RFC 6749 §3.1.2",
        "A registered redirect_uri with a query works",
        query_ok
    ),
    module!(
        "oidcc-redirect-uri-query-added",
        "D",
        "RFC 6749 §3.1.2.4",
        "A query where none is registered: an error page",
        query_added
    ),
    module!(
        "oidcc-redirect-uri-query-mismatch",
        "D",
        "RFC 6749 §3.1.2.4",
        "Another query than registered: an error page",
        query_mismatch
    ),
    module!(
        "oidcc-redirect-uri-regfrag",
        "D",
        "RFC 6749 §3.1.2",
        "Registering a redirect_uri with a fragment is refused",
        fragment
    ),
];

async fn refused(bench: &mut Bench, request: &Request) -> Check {
    let call = bench.start(request).await?;
    bench.expect_page(call).await?;
    Ok(())
}

async fn unregistered(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    let other = format!("{}/{}", client.redirect_uri(), keys::random(6));
    let request = bench.request(&client).with("redirect_uri", other);
    refused(bench, &request).await
}

async fn missing(bench: &mut Bench) -> Check {
    let uris = [bench.new_redirect_uri("one"), bench.new_redirect_uri("two")];
    let client = bench.client_with(json!({"redirect_uris": uris}), 0).await?;
    let request = bench.request(&client).without("redirect_uri");
    refused(bench, &request).await
}

async fn client_with_query(bench: &mut Bench) -> Check<Client> {
    let uri = bench.new_redirect_uri("callback?foo=bar");
    bench.client_with(json!({"redirect_uris": [uri]}), 0).await
}

async fn query_ok(bench: &mut Bench) -> Check {
    let client = client_with_query(bench).await?;
    let request = bench.request(&client);
    let flow = bench.flow(&request).await?;
    let kept = flow
        .arrival
        .url
        .query_pairs()
        .any(|(name, value)| name == "foo" && value == "bar");
    must!(
        kept,
        "the registered query did not come back: {}",
        flow.arrival.url
    );
    Ok(())
}

async fn query_added(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    let request = bench
        .request(&client)
        .with("redirect_uri", format!("{}?foo=bar", client.redirect_uri()));
    refused(bench, &request).await
}

async fn query_mismatch(bench: &mut Bench) -> Check {
    let client = client_with_query(bench).await?;
    let other = client.redirect_uri().replace("foo=bar", "baz=bar");
    let request = bench.request(&client).with("redirect_uri", other);
    refused(bench, &request).await
}

async fn fragment(bench: &mut Bench) -> Check {
    let mut metadata = bench.usual_metadata();
    metadata.insert(
        "redirect_uris".into(),
        json!([bench.new_redirect_uri("callback#foobar")]),
    );
    super::registration::refused(
        bench,
        metadata,
        &["invalid_redirect_uri", "invalid_client_metadata"],
    )
    .await
}
