//! One suite over every back end of a store.

mod accounts;
pub mod durable;
mod ephemeral;
mod registry;

/// The PostgreSQL server of this run, if there is one. `./test` sets it; `./test fast` does without.
pub fn postgres_url() -> Option<String> {
    server("HOMEROOM_TEST_POSTGRES_URL")
}

/// The Redis server of this run, if there is one.
pub fn redis_url() -> Option<String> {
    server("HOMEROOM_TEST_REDIS_URL")
}

/// A run that promised everything (`HOMEROOM_TEST_ALL`) must not skip for want of a server.
fn server(name: &str) -> Option<String> {
    let url = std::env::var(name).ok().filter(|url| !url.is_empty());
    let promised = std::env::var_os("HOMEROOM_TEST_ALL").is_some();
    assert!(url.is_some() || !promised, "{name} is not set");
    url
}
