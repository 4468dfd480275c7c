//! Making, advancing and destroying the issuer's signing keys, by schedule and by an operator's word.
//!
//! Several nodes run this at once. Which of them makes the next key is settled by the primary key of the table: a key's
//! generation is one more than the last, and the second insert of a generation is a conflict. So two nodes that start at
//! once on an empty database both make a key and one of them throws its own away; there are never two first keys. All
//! other changes are conditional updates that do nothing the second time.

use keys::{Algorithm, KeyTimes, PublicJwk, Schedule, State, Step};

use super::audit::{self, Event};
use super::{Context, FlowError};
use crate::clock::Timestamp;
use crate::store::signing_keys::{self, SigningKey};
use crate::store::{StoreError, Tx, server_secrets};

/// The algorithms that a portal always has keys for: what clients may ask for as `id_token_signed_response_alg`.
pub const ALGORITHMS: [Algorithm; 3] = [Algorithm::Rs256, Algorithm::Es256, Algorithm::EdDsa];

/// A key as an operator sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyView {
    /// The key's id.
    pub kid: String,
    /// What it signs.
    pub algorithm: Algorithm,
    /// What it is now.
    pub state: State,
    /// Whether it is the one that signs now.
    pub signs: bool,
    /// Its times.
    pub times: KeyTimes,
}

/// What became of an operator's word for one algorithm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotation {
    /// What the key signs.
    pub algorithm: Algorithm,
    /// The key that takes over.
    pub kid: String,
    /// When it takes over.
    pub at: Timestamp,
}

/// Lists all keys, destroyed ones too.
pub async fn list(cx: &Context) -> Result<Vec<KeyView>, FlowError> {
    let rows = signing_keys::list(cx.app.store.read()).await?;
    let signing: Vec<_> = ALGORITHMS
        .into_iter()
        .filter_map(|a| signing_kid(&rows, a, cx.now))
        .collect();
    Ok(rows
        .iter()
        .map(|row| KeyView {
            kid: row.public.kid().to_owned(),
            algorithm: row.algorithm,
            state: row.times.state(cx.now.unix()),
            signs: signing.iter().any(|kid| kid == row.public.kid()),
            times: row.times,
        })
        .collect())
}

/// Does what the schedule asks for: missing and next keys are made, keys long retired destroyed. Run at start and hourly.
pub async fn keep_schedule(cx: &Context) -> Result<(), FlowError> {
    for algorithm in ALGORITHMS {
        let rows = rows_of(cx, algorithm).await?;
        let times: Vec<_> = rows.iter().map(|row| row.times).collect();
        for step in keys::due(&times, schedule(cx), cx.now.unix()) {
            match step {
                Step::Create { activates_at } => {
                    create(cx, &rows, algorithm, Timestamp::from_unix(activates_at)).await?;
                }
                Step::Destroy { index } => {
                    if let Some(row) = rows.get(index) {
                        destroy(cx, row.public.kid(), "retired").await?;
                    }
                }
            }
        }
    }
    reload(cx).await
}

/// Lets a new key of `algorithm` take over: after the publication lead, or with `urgent` as soon as every node is sure to
/// publish it. A key that is next already is the one; urgency moves it forward.
pub async fn rotate(
    cx: &Context,
    algorithm: Algorithm,
    urgent: bool,
) -> Result<Rotation, FlowError> {
    let rows = rows_of(cx, algorithm).await?;
    let at = Timestamp::from_unix(keys::rotation(schedule(cx), urgent, cx.now.unix()));
    let next = rows
        .iter()
        .find(|row| row.times.state(cx.now.unix()) == State::Next);
    let kid = match next {
        Some(next) => {
            let settled = next.times.created_at.saturating_add(keys::SETTLING);
            let at = Timestamp::from_unix(settled.max(cx.now.unix()));
            if urgent {
                advance(cx, next, at).await?;
            }
            Some(next.public.kid().to_owned())
        }
        None => create(cx, &rows, algorithm, at).await?,
    };
    reload(cx).await?;
    // Read back: another node may have been quicker.
    let rows = rows_of(cx, algorithm).await?;
    let row = rows
        .iter()
        .rfind(|row| kid.as_deref().is_none_or(|kid| row.public.kid() == kid))
        .ok_or_else(|| FlowError::bug("a key that was just made is gone"))?;
    Ok(Rotation {
        algorithm,
        kid: row.public.kid().to_owned(),
        at: Timestamp::from_unix(row.times.activates_at),
    })
}

/// Destroys the key `kid` at once, as after a theft: it leaves the published set, and tokens it signed verify nowhere once
/// relying parties have read the set again. If it was the one that signed, the next key, or a new one, signs from now on.
/// Answers what signs now; `None` when there is no such key or it was destroyed before.
pub async fn revoke(cx: &Context, kid: &str) -> Result<Option<Rotation>, FlowError> {
    let rows = signing_keys::list(cx.app.store.read()).await?;
    let Some(row) = rows.iter().find(|row| row.public.kid() == kid) else {
        return Ok(None);
    };
    let algorithm = row.algorithm;
    let signed = signing_kid(&rows, algorithm, cx.now).as_deref() == Some(kid);
    if !destroy(cx, kid, "revoked").await? {
        return Ok(None);
    }
    if signed {
        let next = rows
            .iter()
            .filter(|row| row.algorithm == algorithm && row.public.kid() != kid)
            .find(|row| row.times.state(cx.now.unix()) == State::Next);
        if let Some(next) = next {
            advance(cx, next, cx.now).await?;
        }
    }
    keep_schedule(cx).await?;
    let rows = rows_of(cx, algorithm).await?;
    let kid = signing_kid(&rows, algorithm, cx.now)
        .ok_or_else(|| FlowError::bug(format!("no key is left for {algorithm}")))?;
    Ok(Some(Rotation {
        algorithm,
        kid,
        at: cx.now,
    }))
}

/// Seals anew, under the first key of the key-encryption file, what another of its keys has sealed. Afterwards that other
/// key may leave the file. Answers how many values were sealed anew.
pub async fn reseal(cx: &Context) -> Result<usize, FlowError> {
    let (app, kek) = (&cx.app, cx.app.keys.kek());
    let mut count = 0;
    let tx = app.store.begin().await?;
    for row in signing_keys::list_published(&tx).await? {
        let kid = row.public.kid();
        if let Some(new) = resealed(cx, &SigningKey::context(kid), &row.sealed)? {
            count += usize::from(signing_keys::reseal(&tx, kid, &row.sealed, &new).await?);
        }
    }
    for (name, old) in server_secrets::list(&tx).await? {
        if let Some(new) = resealed(cx, &server_secrets::context(&name), &old)? {
            count += usize::from(server_secrets::reseal(&tx, &name, &old, &new).await?);
        }
    }
    if count > 0 {
        let event = Event::new("reseal")
            .target_kind("kek", kek.id())
            .field("count", count);
        commit(tx, cx, event).await?;
    }
    Ok(count)
}

fn resealed(cx: &Context, context: &str, sealed: &str) -> Result<Option<String>, FlowError> {
    let kek = cx.app.keys.kek();
    if kek.is_current(sealed) {
        return Ok(None);
    }
    let plain = kek.open(context, sealed).map_err(FlowError::bug)?;
    kek.seal(context, &plain).map(Some).map_err(FlowError::bug)
}

fn schedule(cx: &Context) -> Schedule {
    let settings = &cx.app.settings.keys;
    Schedule {
        active: i64::from(settings.active_days) * 86_400,
        lead: i64::from(settings.publish_hours) * 3600,
    }
}

async fn rows_of(cx: &Context, algorithm: Algorithm) -> Result<Vec<SigningKey>, FlowError> {
    let mut rows = signing_keys::list(cx.app.store.read()).await?;
    rows.retain(|row| row.algorithm == algorithm);
    Ok(rows)
}

fn signing_kid(rows: &[SigningKey], algorithm: Algorithm, now: Timestamp) -> Option<String> {
    let ring: Vec<_> = rows
        .iter()
        .filter(|row| row.algorithm == algorithm)
        .collect();
    let times: Vec<_> = ring.iter().map(|row| row.times).collect();
    let row = ring.get(keys::signer(&times, now.unix())?)?;
    Some(row.public.kid().to_owned())
}

/// Makes the key that follows `rows`, all keys of its algorithm by age. `None` when another node was quicker.
async fn create(
    cx: &Context,
    rows: &[SigningKey],
    algorithm: Algorithm,
    at: Timestamp,
) -> Result<Option<String>, FlowError> {
    let bits = cx.app.settings.keys.rsa_bits;
    let made = tokio::task::spawn_blocking(move || keys::generate(algorithm, bits))
        .await
        .map_err(FlowError::bug)?
        .map_err(FlowError::bug)?;
    let kid = made.public.kid().to_owned();
    let sealed = cx
        .app
        .keys
        .kek()
        .seal(&SigningKey::context(&kid), &made.pkcs8);
    let key = SigningKey {
        algorithm,
        generation: rows.last().map_or(1, |last| last.generation + 1),
        public: made.public,
        sealed: sealed.map_err(FlowError::bug)?,
        times: KeyTimes {
            created_at: cx.now.unix(),
            activates_at: at.unix(),
            retires_at: None,
            destroyed_at: None,
        },
    };
    let tx = cx.app.store.begin().await?;
    match signing_keys::insert(&tx, &key).await {
        Ok(()) => {}
        Err(StoreError::Conflict) => return Ok(None),
        Err(error) => return Err(error.into()),
    }
    signing_keys::retire_before(&tx, algorithm, key.generation, at).await?;
    commit(
        tx,
        cx,
        about("create_key", &key.public).field("activates_at", at.unix()),
    )
    .await?;
    tracing::info!(%algorithm, kid, activates_at = at.to_rfc3339(), "made a signing key");
    Ok(Some(kid))
}

async fn advance(cx: &Context, next: &SigningKey, at: Timestamp) -> Result<(), FlowError> {
    let tx = cx.app.store.begin().await?;
    if signing_keys::advance(&tx, next.public.kid(), at).await? {
        signing_keys::retire_before(&tx, next.algorithm, next.generation, at).await?;
        commit(
            tx,
            cx,
            about("advance_key", &next.public).field("activates_at", at.unix()),
        )
        .await?;
    }
    Ok(())
}

async fn destroy(cx: &Context, kid: &str, why: &'static str) -> Result<bool, FlowError> {
    let tx = cx.app.store.begin().await?;
    let done = signing_keys::destroy(&tx, kid, cx.now).await?;
    if done {
        let event = Event::new("destroy_key").target_kind("signing_key", kid);
        commit(tx, cx, event.field("why", why)).await?;
        tracing::info!(kid, why, "destroyed a signing key");
    }
    Ok(done)
}

fn about(action: &'static str, key: &PublicJwk) -> Event {
    Event::new(action).target_kind("signing_key", key.kid())
}

async fn commit(tx: Tx, cx: &Context, event: Event) -> Result<(), FlowError> {
    let kind = if &*cx.request_id == "cli" {
        "cli"
    } else {
        "job"
    };
    audit::record_in(&tx, cx, event.actor_kind(kind, "keys")).await?;
    Ok(tx.commit().await.map_err(StoreError::from)?)
}

async fn reload(cx: &Context) -> Result<(), FlowError> {
    cx.app
        .keys
        .reload(&cx.app.store)
        .await
        .map_err(|error| FlowError::Bug(format!("{error:#}")))
}
