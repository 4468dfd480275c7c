//! HTTP: the only room that names axum. Handlers call flows and draw what they answer.

pub mod assets;
pub mod brand;
pub mod browser;
pub mod client_address;
pub mod cookies;
pub mod csrf;
pub mod error;
pub mod form;
pub mod frame;
pub mod headers;
pub mod health;
pub mod host;
pub mod icons;
pub mod layers;
pub mod oauth;
pub mod page;
pub mod pages;
pub mod router;
pub mod serve;
pub mod state;
