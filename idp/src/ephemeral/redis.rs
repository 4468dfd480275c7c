//! The five verbs in Redis.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use ::redis::aio::{ConnectionManager, ConnectionManagerConfig};
use ::redis::{Cmd, FromRedisValue, RedisError, Script};

use super::EphemeralError;
use super::kinds::Kind;
use crate::clock::{Lifetime, Timestamp};

/// Counts, and gives the counter its end with the first count, in one step: a node that dies between the two would leave a
/// counter that never ends.
static COUNT: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local n = redis.call('INCR', KEYS[1])
         if n == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
         return n",
    )
});

/// A connection that mends itself. Cloning shares it.
#[derive(Clone)]
pub struct Redis {
    connection: ConnectionManager,
    prefix: Arc<str>,
}

impl std::fmt::Debug for Redis {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Redis")
    }
}

impl Redis {
    pub(super) async fn connect(url: &str) -> Result<Self, EphemeralError> {
        let client = ::redis::Client::open(url).map_err(EphemeralError::unavailable)?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(Duration::from_secs(1)))
            .set_response_timeout(Some(Duration::from_millis(800)))
            .set_number_of_retries(2);
        let connection = client
            .get_connection_manager_with_config(config)
            .await
            .map_err(EphemeralError::unavailable)?;
        Ok(Self {
            connection,
            prefix: "homeroom:".into(),
        })
    }

    fn key(&self, kind: Kind, id: &str) -> String {
        format!("{}{}:{id}", self.prefix, kind.as_str())
    }

    async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, EphemeralError> {
        let mut connection = self.connection.clone();
        command
            .query_async(&mut connection)
            .await
            .map_err(unavailable)
    }

    pub(super) async fn put(
        &self,
        kind: Kind,
        id: &str,
        value: &str,
        until: Timestamp,
    ) -> Result<(), EphemeralError> {
        let mut command = ::redis::cmd("SET");
        command
            .arg(self.key(kind, id))
            .arg(value)
            .arg("EXAT")
            .arg(until.unix().max(1));
        self.ask(&command).await
    }

    pub(super) async fn get(
        &self,
        kind: Kind,
        id: &str,
    ) -> Result<Option<Arc<str>>, EphemeralError> {
        let mut command = ::redis::cmd("GET");
        command.arg(self.key(kind, id));
        Ok(self.ask::<Option<String>>(&command).await?.map(Into::into))
    }

    pub(super) async fn delete(&self, kind: Kind, id: &str) -> Result<(), EphemeralError> {
        let mut command = ::redis::cmd("DEL");
        command.arg(self.key(kind, id));
        self.ask(&command).await
    }

    pub(super) async fn first_use(
        &self,
        kind: Kind,
        id: &str,
        until: Timestamp,
    ) -> Result<bool, EphemeralError> {
        let mut command = ::redis::cmd("SET");
        command
            .arg(self.key(kind, id))
            .arg("1")
            .arg("NX")
            .arg("EXAT")
            .arg(until.unix().max(1));
        Ok(self.ask::<Option<String>>(&command).await?.is_some())
    }

    pub(super) async fn count(
        &self,
        kind: Kind,
        id: &str,
        window: Lifetime,
    ) -> Result<u64, EphemeralError> {
        let mut connection = self.connection.clone();
        COUNT
            .key(self.key(kind, id))
            .arg(window.as_seconds().max(1))
            .invoke_async(&mut connection)
            .await
            .map_err(unavailable)
    }

    pub(super) async fn ping(&self) -> Result<(), EphemeralError> {
        self.ask::<String>(&::redis::cmd("PING")).await.map(drop)
    }
}

fn unavailable(error: RedisError) -> EphemeralError {
    EphemeralError::unavailable(error)
}
