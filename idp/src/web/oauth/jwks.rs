//! `/jwks`: the issuer's public keys (RFC 7517 §5).

use axum::response::Response;

use super::discovery::public;
use crate::flows::{Context, discovery};

/// The key set, as bytes made at each rotation.
pub async fn get(cx: Context) -> Response {
    public(discovery::jwks(&cx).to_vec())
}
