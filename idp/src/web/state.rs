//! What handlers are given: the shared application, and the context of a request.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::request::Parts;

use super::client_address;
use crate::app::App;
use crate::flows::Context;

/// The router's state.
pub type AppState = Arc<App>;

/// The address at the other end of the connection, put there by the accept loop.
#[derive(Clone, Copy, Debug)]
pub struct Remote(pub SocketAddr);

/// The id of a request, made by us: nothing of a client's is logged as ours.
#[derive(Clone, Debug)]
pub struct RequestId(pub Arc<str>);

impl FromRequestParts<AppState> for Context {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Infallible> {
        // Layers, the handler and its extractors share one context, and so one second.
        if let Some(made) = parts.extensions.get::<Self>() {
            return Ok(made.clone());
        }
        let context = make(app, parts);
        parts.extensions.insert(context.clone());
        Ok(context)
    }
}

fn make(app: &AppState, parts: &Parts) -> Context {
    let socket = parts
        .extensions
        .get::<Remote>()
        .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |remote| remote.0.ip());
    let request_id = parts
        .extensions
        .get::<RequestId>()
        .map_or_else(|| app.random.spoken_code(10).into(), |id| id.0.clone());
    Context {
        now: app.clock.now(),
        peer: client_address::peer(&app.settings, socket, &parts.headers),
        request_id,
        app: app.clone(),
    }
}
