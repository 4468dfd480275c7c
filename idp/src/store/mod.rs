//! What lasts: SQLite or PostgreSQL, chosen by URL. The only room that names `sea_orm`.
//!
//! Free functions grouped by aggregate and generic over [`Conn`], so that a flow decides what is one transaction.
//! Functions return types of `protocol` and `district`, never a row.

pub mod audit;
mod connect;
pub(crate) mod entity;
pub mod people;
pub mod reset_jobs;
pub mod server_secrets;
pub mod signing_keys;
pub mod usage;

pub use self::connect::{Store, StoreError, Tx};
pub use sea_orm::ConnectionTrait as Conn;
