//! Secrets that cannot be printed, and the digests we keep in their place.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroize;

/// Text that opens something: a code, a token, a cookie's value, a password. `Debug` prints nothing of it, there is no
/// `Display` and no `Serialize`, equality takes constant time, and the memory is wiped at the end.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    /// Wraps `text`.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the one answer or computation that needs it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What we keep instead: SHA-256 of `kind`, a zero byte and the text. Two kinds never share a digest, so no operation
    /// on one kind can reach a record of another. For secrets of at least 128 random bits only; passwords go to Argon2.
    pub fn digest(&self, kind: &str) -> Digest {
        Digest::of(kind, self.0.as_bytes())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl Eq for Secret {}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// SHA-256 in base64url without padding, 43 characters: safe to store and to log.
#[derive(Clone, Debug, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Digest(String);

impl Digest {
    /// SHA-256 of `kind`, a zero byte and `bytes`.
    pub fn of(kind: &str, bytes: &[u8]) -> Self {
        let mut hash = Sha256::new();
        hash.update(kind.as_bytes());
        hash.update([0]);
        hash.update(bytes);
        Self(URL_SAFE_NO_PAD.encode(hash.finalize()))
    }

    /// A digest read back from a store.
    pub fn from_stored(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The 43 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PartialEq for Digest {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_bytes().ct_eq(other.0.as_bytes()).into()
    }
}

impl Eq for Digest {}

/// Of the bytes that equality compares.
impl std::hash::Hash for Digest {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// HMAC-SHA-256 of `parts`, each preceded by its length in eight bytes, under `key`.
///
/// Shape: 32 bytes. The lengths keep `("ab", "c")` and `("a", "bc")` apart.
pub fn keyed_hash(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    use hmac::{KeyInit as _, Mac as _};
    // RFC 2104 §2: a key shorter than the block is padded with zeros.
    let mut block = [0; 64];
    for (padded, byte) in block.iter_mut().zip(key) {
        *padded = *byte;
    }
    let mut mac = hmac::Hmac::<Sha256>::new(&block.into());
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// [`keyed_hash`] in base64url without padding, 43 characters.
pub fn keyed_text(key: &[u8; 32], parts: &[&[u8]]) -> String {
    URL_SAFE_NO_PAD.encode(keyed_hash(key, parts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_prints_nothing_of_itself() {
        assert_eq!(format!("{:?}", Secret::new("purple house")), "Secret(…)");
    }

    #[test]
    fn digests_of_two_kinds_differ() {
        let secret = Secret::new("same");
        assert_ne!(secret.digest("code"), secret.digest("session"));
        assert_eq!(secret.digest("code"), Secret::new("same").digest("code"));
        assert_eq!(secret.digest("code").as_str().len(), 43);
    }

    #[test]
    fn parts_do_not_run_together() {
        let key = [7; 32];
        assert_ne!(
            keyed_text(&key, &[b"ab", b"c"]),
            keyed_text(&key, &[b"a", b"bc"])
        );
    }
}
