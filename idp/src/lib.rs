//! Homeroom: an OpenID Connect single sign-on portal for school districts. A line a room; the arrows are in `ARCHITECTURE.md`
//! and are checked by `tests/it/architecture.rs`.

pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod credentials;
pub mod demo_district;
pub mod district;
pub mod ephemeral;
pub mod flows;
pub mod ids;
pub mod jobs;
pub mod protocol;
pub mod random;
pub mod secret;
pub mod store;
pub mod texts;
pub mod web;
