//! The issuer's keys in use: a snapshot of what the database says, with the private keys parsed, the set to publish as
//! bytes, and what verifies our own tokens. Every node reads it anew every half minute; `rotate_keys` changes the database.

use std::sync::{Arc, PoisonError, RwLock};

use anyhow::Context as _;
use keys::{Algorithm, Kek, KeyTimes, PublicJwk, Signer, Typ, Verifier, VerifyError};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::FlowError;
use crate::app::App;
use crate::clock::Timestamp;
use crate::store::signing_keys::{self, SigningKey};
use crate::store::{Store, StoreError};

/// The issuer's keys on this node.
#[derive(Debug)]
pub struct SigningKeys {
    kek: Kek,
    // Held for the length of a pointer's copy, never over a signature or an await.
    snapshot: RwLock<Arc<Snapshot>>,
}

#[derive(Debug, Default)]
struct Snapshot {
    rows: Vec<SigningKey>,
    rings: Vec<Ring>,
    jwks: Arc<[u8]>,
    verifier: Verifier,
}

/// The keys of one algorithm; `times` and `signers` run in step.
#[derive(Debug)]
struct Ring {
    algorithm: Algorithm,
    times: Vec<KeyTimes>,
    signers: Vec<Arc<Signer>>,
}

impl SigningKeys {
    /// Knows no key yet: call [`SigningKeys::reload`].
    pub fn new(kek: Kek) -> Self {
        Self {
            kek,
            snapshot: RwLock::default(),
        }
    }

    /// The key-encryption key that they are sealed under.
    pub fn kek(&self) -> &Kek {
        &self.kek
    }

    /// Reads the database's keys. Keys that are known are not opened and parsed again; on an error the old snapshot stays.
    pub async fn reload(&self, store: &Store) -> anyhow::Result<()> {
        let rows = signing_keys::list_published(store.read()).await?;
        let old = self.snapshot();
        if rows == old.rows {
            return Ok(());
        }
        let snapshot = Snapshot::build(rows, &old, &self.kek)?;
        *self
            .snapshot
            .write()
            .unwrap_or_else(PoisonError::into_inner) = Arc::new(snapshot);
        Ok(())
    }

    /// The published key set (RFC 7517 §5), ready to send.
    pub fn jwks(&self) -> Arc<[u8]> {
        self.snapshot().jwks.clone()
    }

    /// Signs an ID token, or any other token, with the key of `algorithm` that is active at `now`.
    ///
    /// Synchronous on purpose. An RSA signature takes a quarter of a millisecond, and an SSO launch needs exactly one: what
    /// it would cost to hand it to another thread and to be woken again is of the same order. What takes far longer,
    /// hashing passwords, has a pool of its own. Not measured against that alternative yet; on a machine of many cores,
    /// where an answer waits behind other people's signatures on its thread, it deserves to be.
    pub fn sign(
        &self,
        algorithm: Algorithm,
        typ: Typ,
        claims: &impl Serialize,
        now: Timestamp,
    ) -> Result<String, FlowError> {
        let signer = self
            .snapshot()
            .signer(algorithm, now)
            .ok_or_else(|| FlowError::bug(format!("there is no key for {algorithm}")))?;
        signer.sign(typ, claims).map_err(FlowError::bug)
    }

    /// Verifies one of our own tokens against the published set and answers its claims. Whether it has expired, and whom
    /// it was for, is left to the caller.
    pub fn verify<T: DeserializeOwned>(&self, typ: Typ, token: &str) -> Result<T, VerifyError> {
        self.snapshot().verifier.verify(typ, token)
    }

    fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Snapshot {
    fn build(rows: Vec<SigningKey>, old: &Self, kek: &Kek) -> anyhow::Result<Self> {
        let mut rings: Vec<Ring> = Vec::new();
        for row in &rows {
            let kid = row.public.kid();
            let signer = match old.known(kid) {
                Some(signer) => signer,
                None => Arc::new(open(row, kek)?),
            };
            match rings
                .iter_mut()
                .find(|ring| ring.algorithm == row.algorithm)
            {
                Some(ring) => {
                    ring.times.push(row.times);
                    ring.signers.push(signer);
                }
                None => rings.push(Ring {
                    algorithm: row.algorithm,
                    times: vec![row.times],
                    signers: vec![signer],
                }),
            }
        }
        let public: Vec<&PublicJwk> = rows.iter().map(|row| &row.public).collect();
        Ok(Self {
            jwks: keys::jwks(public.iter().copied())?.into(),
            verifier: Verifier::new(public.iter().copied())?,
            rings,
            rows,
        })
    }

    fn known(&self, kid: &str) -> Option<Arc<Signer>> {
        let mut signers = self.rings.iter().flat_map(|ring| &ring.signers);
        signers.find(|signer| signer.kid() == kid).cloned()
    }

    fn signer(&self, algorithm: Algorithm, now: Timestamp) -> Option<Arc<Signer>> {
        let ring = self.rings.iter().find(|ring| ring.algorithm == algorithm)?;
        let index = keys::signer(&ring.times, now.unix())?;
        ring.signers.get(index).cloned()
    }
}

fn open(row: &SigningKey, kek: &Kek) -> anyhow::Result<Signer> {
    let kid = row.public.kid();
    let pkcs8 = kek.open(&SigningKey::context(kid), &row.sealed)?;
    Signer::new(row.algorithm, kid, &pkcs8)
        .with_context(|| StoreError::corrupt("signing_keys", "sealed"))
}

/// Reads the keys anew: run every half minute on every node, so that one node's new key is published by all others long
/// before anybody signs with it.
pub async fn refresh(app: &App) -> anyhow::Result<()> {
    app.keys
        .reload(&app.store)
        .await
        .context("cannot read the signing keys")
}
