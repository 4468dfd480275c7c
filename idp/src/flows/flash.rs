//! What a page says once after a form was sent: the answer to a form is always a redirect, so that neither "back" nor
//! "reload" sends it again, and what was wrong waits here for the page that follows.
//!
//! What people typed goes with it, so nothing is lost; it is sealed under the browser's own cookie, is read once and lives
//! two minutes.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::{Context, FlowError};
use crate::clock::Lifetime;
use crate::ephemeral::Kind;
use crate::secret::{Secret, keyed_hash};

const LIVES: Lifetime = Lifetime::minutes(2);
const NONCE: usize = 12;

/// Leaves `value` for the next showing of `page` in this browser.
pub async fn leave<T: Serialize>(
    cx: &Context,
    pre_session: &Secret,
    page: &str,
    value: &T,
) -> Result<(), FlowError> {
    let mut text = serde_json::to_vec(value).map_err(FlowError::bug)?;
    let nonce = cx.app.random.bytes::<NONCE>();
    key(cx, pre_session)?
        .seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(page.as_bytes()),
            &mut text,
        )
        .map_err(FlowError::bug)?;
    let sealed = URL_SAFE_NO_PAD.encode([nonce.as_slice(), &text].concat());
    let id = id(pre_session, page);
    Ok(cx
        .app
        .ephemeral
        .put(Kind::PreSession, &id, &sealed, cx.now.plus(LIVES))
        .await?)
}

/// Takes what was left for `page`, if it is there; a second reader finds nothing.
pub async fn take<T: DeserializeOwned>(
    cx: &Context,
    pre_session: &Secret,
    page: &str,
) -> Result<Option<T>, FlowError> {
    let id = id(pre_session, page);
    let Some(sealed) = cx
        .app
        .ephemeral
        .get::<String>(Kind::PreSession, &id, cx.now)
        .await?
    else {
        return Ok(None);
    };
    cx.app.ephemeral.delete(Kind::PreSession, &id).await?;
    let Ok(bytes) = URL_SAFE_NO_PAD.decode(sealed) else {
        return Ok(None);
    };
    let Some((nonce, text)) = bytes.split_first_chunk::<NONCE>() else {
        return Ok(None);
    };
    let mut text = Zeroizing::new(text.to_vec());
    let opened = key(cx, pre_session)?.open_in_place(
        Nonce::assume_unique_for_key(*nonce),
        Aad::from(page.as_bytes()),
        &mut text,
    );
    // What does not open or read counts as absent: it was another version's, and says nothing that matters.
    Ok(opened
        .ok()
        .and_then(|text| serde_json::from_slice(text).ok()))
}

fn key(cx: &Context, pre_session: &Secret) -> Result<LessSafeKey, FlowError> {
    let parts: [&[u8]; 2] = [b"flash", pre_session.expose().as_bytes()];
    let key = Zeroizing::new(keyed_hash(&cx.app.secrets.csrf, &parts));
    UnboundKey::new(&AES_256_GCM, key.as_slice())
        .map(LessSafeKey::new)
        .map_err(FlowError::bug)
}

fn id(pre_session: &Secret, page: &str) -> String {
    format!("flash:{page}:{}", pre_session.digest("flash"))
}
