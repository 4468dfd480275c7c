//! From which pages scripts may call `/token` and `/userinfo`: the origins of registered browser clients.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use moka::sync::Cache;

use super::{Context, FlowError};
use crate::protocol::client::ApplicationType;
use crate::protocol::client_secret::ClientStatus;
use crate::store;

/// How long the list is kept: a new client's pages may call that much later.
const FRESH: Duration = Duration::from_secs(10);

/// The list. One per application.
#[derive(Debug)]
pub struct Origins(Cache<(), Arc<HashSet<String>>>);

impl Default for Origins {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(1).time_to_live(FRESH).build())
    }
}

/// Whether pages of `origin` may call: it belongs to a redirect URI of a public web client.
pub async fn may_call(cx: &Context, origin: &str) -> Result<bool, FlowError> {
    if let Some(known) = cx.app.origins.0.get(&()) {
        return Ok(known.contains(origin));
    }
    let registrations = store::clients::list(cx.app.store.read()).await?;
    let origins: HashSet<String> = registrations
        .iter()
        .filter(|registration| registration.status == ClientStatus::Active)
        .map(|registration| &registration.client)
        .filter(|client| client.is_public() && client.application_type == ApplicationType::Web)
        .flat_map(|client| &client.redirect_uris)
        .filter_map(|uri| url::Url::parse(uri).ok())
        .map(|url| url.origin().ascii_serialization())
        .filter(|origin| origin.starts_with("http"))
        .collect();
    let origins = Arc::new(origins);
    cx.app.origins.0.insert((), origins.clone());
    Ok(origins.contains(origin))
}
