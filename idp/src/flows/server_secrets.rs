//! The keys for hashing and masking: made at the first start, opened at every start. All nodes end with the same ones.

use std::collections::HashMap;

use anyhow::Context as _;
use keys::Kek;
use zeroize::Zeroizing;

use crate::app::ServerSecrets;
use crate::clock::Timestamp;
use crate::config::Settings;
use crate::random::Random;
use crate::store::{Store, server_secrets};

const NAMES: [&str; 7] = [
    "csrf", "device", "pepper", "pairwise", "names", "decoys", "audit",
];

/// Reads the key-encryption key (`keys.kek_file`, or `kek` in `data_dir`). It is made only for a database in which nothing
/// has been sealed yet: beside a database that is in use, a missing file is a missing key.
pub async fn key_encryption_key(store: &Store, settings: &Settings) -> anyhow::Result<Kek> {
    let own = settings.keys.kek_file.clone();
    let path = own.unwrap_or_else(|| settings.data_dir.join("kek"));
    if server_secrets::list(store.read()).await?.is_empty() {
        return Ok(Kek::load_or_create(&path)?);
    }
    Kek::load(&path).context("the database is sealed, and its key (`keys.kek_file`) cannot be read")
}

/// Opens the secrets, and makes those that are missing.
///
/// A missing one is inserted only if it is still absent, and what stands there afterwards is read: the loser of a race
/// throws its own value away. They are never made again: a new pepper would void every password, a new pairwise key every
/// subject that vendors know.
pub async fn open(
    store: &Store,
    kek: &Kek,
    random: &Random,
    now: Timestamp,
) -> anyhow::Result<ServerSecrets> {
    let mut sealed = read(store).await?;
    let missing: Vec<_> = NAMES
        .into_iter()
        .filter(|name| !sealed.contains_key(*name))
        .collect();
    if !missing.is_empty() {
        // One that opens comes first: a database of other keys must not be given secrets under a wrong one.
        for (name, text) in &sealed {
            kek.open(&server_secrets::context(name), text)?;
        }
        let tx = store.begin().await?;
        for name in missing {
            let value = Zeroizing::new(random.bytes::<32>());
            let text = kek.seal(&server_secrets::context(name), &*value)?;
            server_secrets::insert_if_absent(&tx, name, &text, now).await?;
        }
        tx.commit().await?;
        sealed = read(store).await?;
    }
    let secret = |name: &str| -> anyhow::Result<[u8; 32]> {
        let text = sealed
            .get(name)
            .with_context(|| format!("the secret {name} is missing from the database"))?;
        let value = kek.open(&server_secrets::context(name), text)?;
        <[u8; 32]>::try_from(value.as_slice())
            .with_context(|| format!("the secret {name} does not have 32 bytes"))
    };
    Ok(ServerSecrets {
        csrf: secret("csrf")?,
        device: secret("device")?,
        pepper: secret("pepper")?,
        pairwise: secret("pairwise")?,
        names: secret("names")?,
        decoys: secret("decoys")?,
        audit: secret("audit")?,
    })
}

async fn read(store: &Store) -> anyhow::Result<HashMap<String, String>> {
    Ok(server_secrets::list(store.read())
        .await?
        .into_iter()
        .collect())
}
