//! The proxy that breaks a good provider in one way at a time. A client is pointed at it as its HTTP proxy, so that no
//! address changes; what the proxy cannot forge for lack of the provider's key it signs with its own, and adds that key
//! to the provider's key set.

mod authorize;
mod message;
mod pages;
mod server;
mod table;
mod tokens;

pub use server::{Known, Proxy, serve};
pub use table::{FAULTS, Fault, NONE};
