//! Registering, changing and removing clients and tiles. Each act is one transaction with its audit rows in it; a file that
//! says what already stands writes nothing.

mod apply;
mod rules;

use std::time::Duration;

use moka::sync::Cache;
use tokio::task::JoinHandle;

pub use self::apply::{ApplyError, apply};
use super::audit::{self, Event};
use super::{Context, FlowError};
use crate::clock::{Lifetime, Timestamp};
use crate::district::assignment::Assignment;
use crate::district::resource::Resource;
use crate::ids::ClientId;
use crate::protocol::client_secret::{Registration, StoredSecret, rotated};
use crate::secret::{Digest, Secret};
use crate::store::{assignments, clients, resources};

/// What one entry of a file came to.
#[derive(Clone, Debug)]
pub struct Applied {
    /// `client` or `tile`.
    pub kind: &'static str,
    /// Its id.
    pub id: String,
    /// What was done.
    pub change: Change,
}

/// What was done to an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    Created,
    /// These fields changed.
    Updated(Vec<String>),
    /// It stood so already: nothing was written.
    Unchanged,
}

/// The outcome of a file: what each entry came to, and the secrets that were made, which are shown once.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// In the order of the file, clients first.
    pub applied: Vec<Applied>,
    /// New secrets by client.
    pub secrets: Vec<(ClientId, Secret)>,
}

/// A client with everything that belongs to it.
#[derive(Clone, Debug)]
pub struct Details {
    /// Metadata and secrets.
    pub registration: Registration,
    /// Its resource.
    pub resource: Option<Resource>,
    /// Who gets it.
    pub rules: Vec<Assignment>,
}

/// Lists all clients by id, with their resources.
pub async fn list(cx: &Context) -> Result<Vec<(Registration, Option<Resource>)>, FlowError> {
    let db = cx.app.store.read();
    let all = resources::list(db).await?;
    let resource_of = |id: &ClientId| {
        all.iter()
            .find(|resource| resource.client_id.as_ref() == Some(id))
            .cloned()
    };
    let clients = clients::list(db).await?;
    Ok(clients
        .into_iter()
        .map(|registration| {
            let resource = resource_of(&registration.client.client_id);
            (registration, resource)
        })
        .collect())
}

/// Finds a client with everything that belongs to it.
pub async fn find(cx: &Context, id: &ClientId) -> Result<Option<Details>, FlowError> {
    let db = cx.app.store.read();
    let Some(registration) = clients::find(db, id).await? else {
        return Ok(None);
    };
    let resource = resources::find_by_client(db, id).await?;
    let rules = match &resource {
        Some(resource) => assignments::list_of(db, &resource.id).await?,
        None => Vec::new(),
    };
    Ok(Some(Details {
        registration,
        resource,
        rules,
    }))
}

/// What a rotation came to.
#[derive(Clone, Debug)]
pub enum Rotated {
    /// The new secret, shown once; and until when the one before it stays valid.
    Done(Secret, Option<Timestamp>),
    /// There is no such client.
    Unknown,
    /// The client has no secret.
    NoSecret,
}

/// Makes a new secret. The newest of the old ones stays valid for `overlap`.
pub async fn rotate_secret(
    cx: &Context,
    id: &ClientId,
    overlap: Lifetime,
) -> Result<Rotated, FlowError> {
    let tx = cx.app.store.begin().await?;
    let Some(old) = clients::find(&tx, id).await? else {
        return Ok(Rotated::Unknown);
    };
    if !old.client.has_secret() {
        return Ok(Rotated::NoSecret);
    }
    let secret = cx.app.random.token();
    let new = Registration {
        secrets: rotated(
            &old.secrets,
            StoredSecret::new(&secret, cx.now),
            overlap,
            cx.now,
        ),
        version: old.version + 1,
        updated_at: cx.now,
        ..old
    };
    let ends = new.secrets.iter().find_map(|secret| secret.expires_at);
    replace(&tx, &new).await?;
    let event = Event::new("rotate_client_secret").field("overlap_seconds", overlap.as_seconds());
    audit::record_in(&tx, cx, by_command(event, id)).await?;
    commit(cx, tx).await?;
    Ok(Rotated::Done(secret, ends))
}

/// Removes a client with its resource and rules, and ends every grant it holds. Answers how many grants ended; none where
/// there is no such client.
pub async fn remove(cx: &Context, id: &ClientId) -> Result<Option<u64>, FlowError> {
    let tx = cx.app.store.begin().await?;
    if !clients::delete(&tx, id).await? {
        return Ok(None);
    }
    let ended = clients::end_grants(&tx, id, cx.now).await?;
    if let Some(resource) = resources::find_by_client(&tx, id).await? {
        assignments::replace(&tx, &resource.id, Vec::new()).await?;
        resources::delete(&tx, &resource.id).await?;
    }
    let event = Event::new("remove_client").field("grants_ended", ended);
    audit::record_in(&tx, cx, by_command(event, id)).await?;
    commit(cx, tx).await?;
    Ok(Some(ended))
}

/// Which secrets were noted as used within the hour. One per application.
#[derive(Debug)]
pub struct SecretUses(Cache<(ClientId, Digest), ()>);

impl Default for SecretUses {
    fn default() -> Self {
        let hour = Duration::from_hours(1);
        Self(
            Cache::builder()
                .max_capacity(4096)
                .time_to_live(hour)
                .build(),
        )
    }
}

/// Notes that a secret was used, at most once an hour for each, outside the request that used it. The task goes on when its
/// handle is dropped.
pub fn note_secret_use(cx: &Context, id: &ClientId, digest: &Digest) -> Option<JoinHandle<()>> {
    let key = (id.clone(), digest.clone());
    let uses = &cx.app.secret_uses.0;
    if uses.contains_key(&key) {
        return None;
    }
    uses.insert(key, ());
    let (app, id, digest, now) = (cx.app.clone(), id.clone(), digest.clone(), cx.now);
    Some(tokio::spawn(async move {
        if let Err(error) = clients::note_use(app.store.relaxed(), &id, &digest, now).await {
            tracing::warn!(%error, client = %id, "the use of a secret was not noted");
        }
    }))
}

async fn replace(tx: &crate::store::Tx, new: &Registration) -> Result<(), FlowError> {
    if clients::replace(tx, new).await? {
        return Ok(());
    }
    let id = &new.client.client_id;
    Err(FlowError::bug(format!(
        "client {id} was changed by another at the same time; try again"
    )))
}

async fn commit(cx: &Context, tx: crate::store::Tx) -> Result<(), FlowError> {
    tx.commit().await.map_err(crate::store::StoreError::from)?;
    cx.app.directory.forget();
    Ok(())
}

fn by_command(event: Event, id: &ClientId) -> Event {
    event
        .actor_kind("cli", "idp clients")
        .target_kind("client", id.as_str())
        .client(id)
}
