//! Sealing at rest: AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce under the first key of the ring.
//!
//! The text form is `v1.<kek-id>.<nonce>.<ciphertext and tag>`, the last two in base64url without padding. The associated
//! data is the version, the key's id and the caller's context (`table/column/row`), so that a sealed text opens only where
//! it was put.

use aes_gcm::aead::{Aead as _, KeyInit as _, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::error::SealError;
use crate::kek::Kek;

impl Kek {
    /// Seals `plain` for the place `context`.
    pub fn seal(&self, context: &str, plain: &[u8]) -> Result<String, SealError> {
        let (id, key) = self.sealing().ok_or(SealError::Failed)?;
        let mut nonce = [0; 12];
        aws_lc_rs::rand::fill(&mut nonce).map_err(|_| SealError::Failed)?;
        let aad = associated(id, context);
        let payload = Payload {
            msg: plain,
            aad: aad.as_bytes(),
        };
        let sealed = Aes256Gcm::new(&(*key).into())
            .encrypt(&Nonce::from(nonce), payload)
            .map_err(|_| SealError::Failed)?;
        Ok(format!(
            "v1.{id}.{}.{}",
            URL_SAFE_NO_PAD.encode(nonce),
            URL_SAFE_NO_PAD.encode(sealed)
        ))
    }

    /// Opens what [`Kek::seal`] made for the same `context`.
    pub fn open(&self, context: &str, sealed: &str) -> Result<Zeroizing<Vec<u8>>, SealError> {
        let damaged = || SealError::Damaged {
            context: context.to_owned(),
        };
        let (id, nonce, ciphertext) = split(sealed).ok_or_else(damaged)?;
        let key = self.find(id).ok_or_else(|| SealError::UnknownKek {
            id: id.to_owned(),
            file: self.file().display().to_string(),
        })?;
        let nonce = URL_SAFE_NO_PAD.decode(nonce).map_err(|_| damaged())?;
        let nonce = <[u8; 12]>::try_from(nonce).map_err(|_| damaged())?;
        let ciphertext = URL_SAFE_NO_PAD.decode(ciphertext).map_err(|_| damaged())?;
        let aad = associated(id, context);
        let payload = Payload {
            msg: &ciphertext,
            aad: aad.as_bytes(),
        };
        Aes256Gcm::new(&(*key).into())
            .decrypt(&Nonce::from(nonce), payload)
            .map(Zeroizing::new)
            .map_err(|_| damaged())
    }

    /// Whether `sealed` was made under the key that seals now. What was not is sealed anew before the old key leaves the
    /// file.
    pub fn is_current(&self, sealed: &str) -> bool {
        split(sealed).is_some_and(|(id, _, _)| id == self.id())
    }
}

fn associated(id: &str, context: &str) -> String {
    format!("v1.{id}.{context}")
}

fn split(sealed: &str) -> Option<(&str, &str, &str)> {
    let mut parts = sealed.split('.');
    match (
        parts.next(),
        parts.next(),
        parts.next(),
        parts.next(),
        parts.next(),
    ) {
        (Some("v1"), Some(id), Some(nonce), Some(ciphertext), None) => {
            Some((id, nonce, ciphertext))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    fn kek(lines: &[(&str, u8)]) -> Kek {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kek");
        let line =
            |(id, byte): &(&str, u8)| format!("{id} {}", URL_SAFE_NO_PAD.encode([*byte; 32]));
        let text = lines.iter().map(line).collect::<Vec<_>>().join("\n");
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o400)).unwrap();
        Kek::load(&path).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_where_it_was_put_and_nowhere_else() {
        let kek = kek(&[("k1", 1)]);
        let sealed = kek.seal("signing_keys/sealed/one", b"private").unwrap();
        assert!(sealed.starts_with("v1.k1."), "{sealed}");
        assert_eq!(
            *kek.open("signing_keys/sealed/one", &sealed).unwrap(),
            b"private"
        );
        assert!(matches!(
            kek.open("signing_keys/sealed/two", &sealed),
            Err(SealError::Damaged { .. })
        ));
        assert_ne!(
            sealed,
            kek.seal("signing_keys/sealed/one", b"private").unwrap()
        );
    }

    #[test]
    fn any_changed_character_is_noticed() {
        let kek = kek(&[("k1", 1), ("k2", 2)]);
        let sealed = kek.seal("here", b"private").unwrap();
        for (index, old) in sealed.char_indices() {
            for new in ['A', 'B', '.', '='] {
                if new != old {
                    let mut changed = sealed.clone();
                    changed.replace_range(index..=index, &new.to_string());
                    assert!(kek.open("here", &changed).is_err(), "{changed}");
                }
            }
        }
        let renamed = sealed.replace(".k1.", ".k2.");
        assert!(matches!(
            kek.open("here", &renamed),
            Err(SealError::Damaged { .. })
        ));
        for cut in 0..sealed.len() {
            assert!(kek.open("here", &sealed[..cut]).is_err());
        }
    }

    #[test]
    fn a_ring_can_be_turned() {
        let old = kek(&[("k1", 1)]);
        let both = kek(&[("k2", 2), ("k1", 1)]);
        let new = kek(&[("k2", 2)]);
        let sealed = old.seal("here", b"private").unwrap();
        assert_eq!(*both.open("here", &sealed).unwrap(), b"private");
        assert!(!both.is_current(&sealed));
        let again = both.seal("here", b"private").unwrap();
        assert!(both.is_current(&again));
        assert_eq!(*new.open("here", &again).unwrap(), b"private");
        let error = new.open("here", &sealed).unwrap_err();
        assert!(error.to_string().contains("\"k1\""), "{error}");
        assert!(matches!(error, SealError::UnknownKek { .. }));
    }

    #[test]
    fn another_key_of_the_same_id_opens_nothing() {
        let sealed = kek(&[("k1", 1)]).seal("here", b"private").unwrap();
        assert!(matches!(
            kek(&[("k1", 2)]).open("here", &sealed),
            Err(SealError::Damaged { .. })
        ));
    }
}
