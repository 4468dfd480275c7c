//! RP-initiated logout in its eleven cases.

use serde_json::{Value, json};

use crate::bench::{Bench, owned};
use crate::checks::describe;
use crate::flow::Flow;
use crate::keys::{self, Key};
use crate::person::{Landing, Mood};
use crate::plan::{Module, module};
use crate::stop::{Check, fail, must};
use crate::tokens;
use crate::wire::Call;

/// The table.
pub const MODULES: &[Module] = &[
    module!(
        "oidcc-rp-initiated-logout",
        "R",
        "OIDC RP-Initiated Logout §2, §3",
        "id_token_hint, post_logout_redirect_uri and state: back with state; prompt=none then fails",
        whole
    ),
    module!(
        "oidcc-rp-initiated-logout-bad-post-logout-redirect-uri",
        "R",
        "OIDC RP-Initiated Logout §3",
        "An unregistered post_logout_redirect_uri: no redirect; an error page or a question",
        bad_uri
    ),
    module!(
        "oidcc-rp-initiated-logout-modified-id-token-hint",
        "R",
        "OIDC RP-Initiated Logout §2",
        "A hint changed to alg none: the same",
        modified_hint
    ),
    module!(
        "oidcc-rp-initiated-logout-bad-id-token-hint",
        "R",
        "OIDC RP-Initiated Logout §2",
        "A hint signed by someone else: no redirect; an error page or a question",
        forged_hint
    ),
    module!(
        "oidcc-rp-initiated-logout-no-id-token-hint",
        "R",
        "OIDC RP-Initiated Logout §3",
        "post_logout_redirect_uri with neither hint nor client_id: the same",
        no_hint
    ),
    module!(
        "oidcc-rp-initiated-logout-no-params",
        "R",
        "OIDC RP-Initiated Logout §2",
        "No parameters: signed out, with a page that says so",
        no_params
    ),
    module!(
        "oidcc-rp-initiated-logout-no-post-logout-redirect-uri",
        "R",
        "OIDC RP-Initiated Logout §2",
        "Only a hint: the same",
        only_hint
    ),
    module!(
        "oidcc-rp-initiated-logout-no-state",
        "R",
        "OIDC RP-Initiated Logout §3",
        "No state: redirected without state; the session is gone",
        no_state
    ),
    module!(
        "oidcc-rp-initiated-logout-only-state",
        "R",
        "OIDC RP-Initiated Logout §2",
        "Only state: signed out, with a page",
        only_state
    ),
    module!(
        "oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri",
        "R",
        "OIDC RP-Initiated Logout §3",
        "A query added to the registered address: no redirect",
        query_added
    ),
];

/// A flow of a client that registered an address to come back to.
pub async fn signed_in(bench: &mut Bench, extra: Value) -> Check<(Flow, String)> {
    let mut metadata = json!({"post_logout_redirect_uris": [bench.new_redirect_uri("signed-out")]});
    keys::merge(&mut metadata, extra);
    let client = bench.client_with(metadata, 0).await?;
    let back = client
        .list("post_logout_redirect_uris")
        .first()
        .map(|uri| (*uri).to_owned());
    let request = bench.request(&client);
    let flow = bench.flow(&request).await?;
    Ok((flow, back.unwrap_or_default()))
}

/// Sends the browser to the end session endpoint; the person confirms if asked.
pub async fn sign_out(bench: &mut Bench, params: &[(&str, &str)]) -> Check<Landing> {
    let mut url = bench.provider().endpoint("end_session_endpoint")?;
    if !params.is_empty() {
        url.query_pairs_mut().extend_pairs(owned(params));
    }
    bench.person.visit(Call::get(&url), Mood::Willing).await
}

/// The browser must be back at this address, with this state.
pub fn came_back(landing: Landing, back: &str, state: Option<&str>) -> Check {
    match landing {
        Landing::Shown(page) => fail!("the browser did not come back: {}", describe(&page)),
        Landing::Arrived(arrival) => {
            let mut bare = arrival.url.clone();
            bare.set_query(None);
            must!(
                bare.as_str() == back,
                "the browser was sent to {}, not to {back}",
                arrival.url
            );
            must!(
                arrival.get("state") == state,
                "state is {:?}, expected {state:?}",
                arrival.get("state")
            );
            Ok(())
        }
    }
}

/// The browser must still be at the provider, with a page.
fn stayed(landing: Landing) -> Check {
    match landing {
        Landing::Arrived(arrival) => fail!("the browser was sent to {}", arrival.url),
        Landing::Shown(page) => {
            must!(
                page.answer.status < 500,
                "a page with {}",
                page.answer.status
            );
            must!(!page.document.text.is_empty(), "an empty page");
            Ok(())
        }
    }
}

/// `prompt=none` must fail now.
pub async fn session_is_gone(bench: &mut Bench, flow: &Flow) -> Check {
    let request = bench.request(&flow.client).with("prompt", "none");
    bench
        .expect_error(&request, &super::session::NOBODY, Mood::Watching)
        .await?;
    Ok(())
}

async fn whole(bench: &mut Bench) -> Check {
    let (flow, back) = signed_in(bench, json!({})).await?;
    let state = keys::random(12);
    let params = [
        ("id_token_hint", flow.id_token()),
        ("post_logout_redirect_uri", back.as_str()),
        ("state", state.as_str()),
    ];
    let landing = sign_out(bench, &params).await?;
    came_back(landing, &back, Some(&state))?;
    session_is_gone(bench, &flow).await
}

async fn no_redirect(bench: &mut Bench, hint: Option<&str>, back: &str) -> Check {
    let state = keys::random(12);
    let mut params = vec![
        ("post_logout_redirect_uri", back),
        ("state", state.as_str()),
    ];
    params.extend(hint.map(|hint| ("id_token_hint", hint)));
    let landing = sign_out(bench, &params).await?;
    stayed(landing)
}

async fn bad_uri(bench: &mut Bench) -> Check {
    let (flow, back) = signed_in(bench, json!({})).await?;
    no_redirect(
        bench,
        Some(flow.id_token()),
        &format!("{back}/{}", keys::random(6)),
    )
    .await
}

async fn query_added(bench: &mut Bench) -> Check {
    let (flow, back) = signed_in(bench, json!({})).await?;
    no_redirect(bench, Some(flow.id_token()), &format!("{back}?foo=bar")).await
}

async fn modified_hint(bench: &mut Bench) -> Check {
    let (flow, back) = signed_in(bench, json!({})).await?;
    let hint = keys::unsigned(&flow.id()?.claims);
    no_redirect(bench, Some(&hint), &back).await
}

async fn forged_hint(bench: &mut Bench) -> Check {
    let (flow, back) = signed_in(bench, json!({})).await?;
    let jwt = tokens::parse(flow.id_token())?;
    // Under the provider's own kid, by another key.
    let hint = Key::make("RS256")?.sign(json!({"kid": jwt.header.get("kid")}), &jwt.claims)?;
    no_redirect(bench, Some(&hint), &back).await
}

async fn no_hint(bench: &mut Bench) -> Check {
    let (_, back) = signed_in(bench, json!({})).await?;
    no_redirect(bench, None, &back).await
}

async fn signs_out_here(bench: &mut Bench, flow: &Flow, params: &[(&str, &str)]) -> Check {
    let landing = sign_out(bench, params).await?;
    stayed(landing)?;
    session_is_gone(bench, flow).await
}

async fn no_params(bench: &mut Bench) -> Check {
    let (flow, _) = signed_in(bench, json!({})).await?;
    signs_out_here(bench, &flow, &[]).await
}

async fn only_hint(bench: &mut Bench) -> Check {
    let (flow, _) = signed_in(bench, json!({})).await?;
    signs_out_here(bench, &flow, &[("id_token_hint", flow.id_token())]).await
}

async fn only_state(bench: &mut Bench) -> Check {
    let (flow, _) = signed_in(bench, json!({})).await?;
    signs_out_here(bench, &flow, &[("state", "abc")]).await
}

async fn no_state(bench: &mut Bench) -> Check {
    let (flow, back) = signed_in(bench, json!({})).await?;
    let params = [
        ("id_token_hint", flow.id_token()),
        ("post_logout_redirect_uri", back.as_str()),
    ];
    let landing = sign_out(bench, &params).await?;
    came_back(landing, &back, None)?;
    session_is_gone(bench, &flow).await
}
