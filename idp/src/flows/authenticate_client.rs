//! The first phase of every client endpoint: who asks? RFC 6749 §3.2.1. Failures are counted by client and address; after
//! too many each further try waits a few seconds, for the right secret too, so guessing is slow and nobody is locked out.

use super::audit::{self, Event};
use super::live::Live;
use super::manage_clients::note_secret_use;
use super::token::EndpointError;
use super::{Context, FlowError};
use crate::clock::Lifetime;
use crate::ephemeral::Kind;
use crate::protocol::client_authentication::{self, AuthenticatedClient, Presented};
use crate::protocol::error::OAuthError;
use crate::secret::Digest;

/// Failures are counted in windows of this length.
const WINDOW: Lifetime = Lifetime::minutes(10);
/// How long the next try waits after too many failures.
const WAIT: Lifetime = Lifetime::seconds(10);

/// Checks what was presented against the client as it stands, which is `None` for an unknown one.
///
/// Errors: `invalid_client`, the same for all causes; [`EndpointError::Wait`] after too many failures, and then the secret is
/// not looked at.
pub async fn authenticate_client(
    cx: &Context,
    presented: &Presented,
    live: Option<&Live>,
) -> Result<AuthenticatedClient, EndpointError> {
    let lane = lane(cx, presented, live.is_some());
    if !cx.app.settings.testing.unthrottled() && is_waiting(cx, &lane).await? {
        return Err(EndpointError::Wait { retry_after: WAIT });
    }
    let outcome = match live {
        Some(live) => client_authentication::check(presented, &live.registration, cx.now),
        None => Err(OAuthError::invalid_client()),
    };
    match outcome {
        Ok(client) => {
            if let Some(secret) = client.secret() {
                drop(note_secret_use(cx, &presented.client_id, secret));
            }
            Ok(client)
        }
        Err(error) => {
            note_failure(cx, presented, &lane).await?;
            Err(error.into())
        }
    }
}

/// Whom a failure counts against. Names nobody registered share the address's lane: a stranger's names fill no memory.
fn lane(cx: &Context, presented: &Presented, known: bool) -> String {
    let name = if known {
        presented.client_id.as_str()
    } else {
        ""
    };
    let who = format!("{name}\n{}", cx.peer.address);
    format!("client:{}", Digest::of("client-lane", who.as_bytes()))
}

async fn is_waiting(cx: &Context, lane: &str) -> Result<bool, FlowError> {
    let waiting = format!("{lane}:wait");
    let found: Option<bool> = cx
        .app
        .ephemeral
        .get(Kind::RateLimit, &waiting, cx.now)
        .await?;
    Ok(found.is_some())
}

async fn note_failure(cx: &Context, presented: &Presented, lane: &str) -> Result<(), FlowError> {
    let store = &cx.app.ephemeral;
    let failures = store.count(Kind::RateLimit, lane, WINDOW, cx.now).await?;
    if failures >= u64::from(cx.app.settings.throttling.client_authentication) {
        let waiting = format!("{lane}:wait");
        store
            .put(Kind::RateLimit, &waiting, &true, cx.now.plus(WAIT))
            .await?;
    }
    // One line a window says enough; a flood of wrong secrets must not become a flood of rows.
    if failures == 1 || failures == u64::from(cx.app.settings.throttling.client_authentication) {
        let event = Event::new("authenticate_client")
            .client(&presented.client_id)
            .field("failures", failures)
            .refused("invalid_client");
        audit::record(cx, event).await;
    }
    Ok(())
}
