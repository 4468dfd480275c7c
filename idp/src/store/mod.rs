//! What lasts: SQLite or PostgreSQL, chosen by URL. The only room that names `sea_orm`.
//!
//! Free functions grouped by aggregate and generic over [`Conn`], so that a flow decides what is one transaction.
//! Functions return types of `protocol` and `district`, never a row.

pub mod accounts;
pub mod assignments;
pub mod audit;
pub mod challenge_answers;
pub mod claim_codes;
pub mod clients;
mod connect;
pub(crate) mod entity;
pub mod failure_counts;
pub mod grants;
pub mod helped;
pub mod imports;
pub mod launchpads;
pub mod live;
pub mod notices;
pub mod people;
pub mod refresh_tokens;
pub mod reset_jobs;
pub mod reset_tickets;
pub mod resources;
pub mod roster;
pub mod server_secrets;
pub mod signing_keys;
pub mod standing;
pub mod support_codes;
pub mod temporary_secrets;
pub mod usage;

pub use self::connect::{Store, StoreError, Tx};
pub use sea_orm::ConnectionTrait as Conn;
