//! Black-box checks of an OpenID Connect provider over HTTP: this program plays relying party, attacker and person,
//! and names each check after the module of the OpenID Foundation's suite that asserts the same.
//! It never links the provider, so that any provider can be checked.

mod bench;
mod checks;
mod cli;
mod client;
mod clock;
mod config;
mod faults;
mod filling;
mod flow;
mod html;
mod jar;
mod keys;
mod markup;
mod modules;
mod person;
mod plan;
mod prove;
mod provider;
mod registration;
mod report;
mod request;
mod runner;
mod server;
mod stop;
mod tokens;
mod wire;

pub use cli::run;
