//! One-time codes and temporary passwords: a helper hands one over, it signs the person in once, and then a new password must
//! be set. The helper never chooses it and never learns the lasting one.

use super::{Context, FlowError};
use crate::district::help::{CODE_LENGTH, TemporaryKind, WORDS, canonical};
use crate::ids::PersonId;
use crate::secret::{Secret, keyed_text};
use crate::store::temporary_secrets::{self, TemporarySecret};
use crate::store::{Tx, accounts};

/// Makes a secret for `person`, within the transaction of the act. Earlier ones are void. Open sessions end, and the next
/// sign-in asks for a new password.
pub async fn make(
    cx: &Context,
    tx: &Tx,
    kind: TemporaryKind,
    person: &PersonId,
    by: &PersonId,
) -> Result<Option<Secret>, FlowError> {
    if !accounts::demand_new_password(tx, person).await? {
        return Ok(None);
    }
    let text = match kind {
        TemporaryKind::Code => cx.app.random.spoken_code(CODE_LENGTH),
        TemporaryKind::Password => four_words(cx),
    };
    let secret = TemporarySecret {
        id: cx.app.random.id(cx.now),
        person_id: person,
        kind: kind.as_str(),
        mac: mac(cx, kind, person, &text),
        issued_by: by,
        created_at: cx.now,
        expires_at: cx.now.plus(kind.lives()),
    };
    temporary_secrets::replace(tx, &secret).await?;
    Ok(Some(Secret::new(text)))
}

/// Uses what was typed in the password's place, if it is a live secret of this person. True for exactly one use.
///
/// Left to the caller: the tries. A code has 39 bits and lives for minutes; it passes the guard of passwords.
pub async fn redeem(cx: &Context, person: &PersonId, typed: &Secret) -> Result<bool, FlowError> {
    let store = &cx.app.store;
    if typed.expose().len() > 128
        || !temporary_secrets::has_live(store.read(), person, cx.now).await?
    {
        return Ok(false);
    }
    let macs = [TemporaryKind::Code, TemporaryKind::Password]
        .map(|kind| mac(cx, kind, person, typed.expose()));
    Ok(temporary_secrets::use_once(store.durable(), person, &macs, cx.now).await?)
}

fn mac(cx: &Context, kind: TemporaryKind, person: &PersonId, text: &str) -> String {
    let typed = canonical(kind, text);
    let parts: [&[u8]; 4] = [
        b"temporary-secret",
        kind.as_str().as_bytes(),
        person.as_str().as_bytes(),
        typed.as_bytes(),
    ];
    keyed_text(&cx.app.secrets.pepper, &parts)
}

/// Four of 128 words: 28 bits, good once, for a day, behind the guard of passwords.
fn four_words(cx: &Context) -> String {
    cx.app
        .random
        .bytes::<4>()
        .iter()
        .filter_map(|byte| WORDS.get(usize::from(*byte) % WORDS.len()))
        .copied()
        .collect::<Vec<_>>()
        .join(" ")
}
