//! One suite over every back end of a store.

pub mod durable;
mod ephemeral;

/// The PostgreSQL server of this run, if there is one. `./test` sets it; `./test fast` does without.
pub fn postgres_url() -> Option<String> {
    std::env::var("HOMEROOM_TEST_POSTGRES_URL")
        .ok()
        .filter(|url| !url.is_empty())
}

/// The Redis server of this run, if there is one.
pub fn redis_url() -> Option<String> {
    std::env::var("HOMEROOM_TEST_REDIS_URL")
        .ok()
        .filter(|url| !url.is_empty())
}
