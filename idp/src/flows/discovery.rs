//! What the provider publishes: its metadata and its keys, as bytes that are made once.

use std::sync::Arc;

use super::{Context, FlowError, rotate_keys};
use crate::protocol::discovery;
use crate::texts::Language;

/// The metadata document.
pub fn metadata(cx: &Context) -> Result<Arc<[u8]>, FlowError> {
    if let Some(made) = cx.app.metadata.get() {
        return Ok(made.clone());
    }
    let signing: Vec<&str> = rotate_keys::ALGORITHMS
        .iter()
        .map(|algorithm| algorithm.as_str())
        .collect();
    let languages: Vec<&str> = Language::ALL.iter().map(|l| l.tag()).collect();
    let document = discovery::metadata(cx.app.settings.issuer(), &signing, &languages);
    let bytes: Arc<[u8]> = serde_json::to_vec(&document)
        .map_err(FlowError::bug)?
        .into();
    Ok(cx.app.metadata.get_or_init(|| bytes).clone())
}

/// The key set.
pub fn jwks(cx: &Context) -> Arc<[u8]> {
    cx.app.keys.jwks()
}
