//! HTTP: the only room that names axum. Handlers call flows and draw what they answer.

pub mod client_address;
pub mod cookies;
pub mod csrf;
pub mod headers;
pub mod health;
pub mod host;
pub mod layers;
pub mod router;
pub mod serve;
pub mod state;
