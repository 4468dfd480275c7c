//! One file per table, as the database has it. Nothing outside `store` sees these.

pub mod academic_sessions;
pub mod accounts;
pub mod affiliations;
pub mod assignments;
pub mod audit_events;
pub mod audit_links;
pub mod challenge_answers;
pub mod classes;
pub mod clients;
pub mod courses;
pub mod enrollments;
pub mod failure_counts;
pub mod grants;
pub mod import_quarantine;
pub mod imports;
pub mod launch_counts;
pub mod launchpads;
pub mod outbox;
pub mod people;
pub mod refresh_tokens;
pub mod resource_usage;
pub mod resources;
pub mod schools;
pub mod server_secrets;
pub mod signing_keys;
pub mod support_codes;
