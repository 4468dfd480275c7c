//! The only maker of tokens, ids, codes and nonces.

use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha20Rng;

use crate::clock::Timestamp;
use crate::secret::Secret;

/// Letters and digits that nobody mistakes for one another: no 0, O, 1, I, L, 5, S, U, V.
const SPOKEN: &[u8] = b"234679ACDEFGHJKMNPQRTWXYZ";

/// Where random bytes come from. `Seeded` is an ordinary variant, for snapshots in integration tests.
#[derive(Clone)]
pub enum Random {
    /// The operating system's generator, through the thread's own reseeding one.
    Os,
    /// The same bytes for the same seed.
    Seeded(Arc<Mutex<ChaCha20Rng>>),
}

impl std::fmt::Debug for Random {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Os => "Random::Os",
            Self::Seeded(_) => "Random::Seeded",
        })
    }
}

impl Random {
    /// A generator that repeats itself.
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(Arc::new(Mutex::new(ChaCha20Rng::seed_from_u64(seed))))
    }

    /// Fills an array.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that draws random bytes"
    )]
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut out = [0; N];
        match self {
            Self::Os => rand::rng().fill_bytes(&mut out),
            Self::Seeded(rng) => {
                rng.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .fill_bytes(&mut out);
            }
        }
        out
    }

    /// 256 bits in base64url without padding, 43 characters: codes, tokens, cookies, handles.
    pub fn token(&self) -> Secret {
        Secret::new(URL_SAFE_NO_PAD.encode(self.bytes::<32>()))
    }

    /// A time-ordered id (UUID version 7, RFC 9562 §5.7) in its 36-character text form. Neighbours in time are neighbours
    /// in the index.
    pub fn id(&self, now: Timestamp) -> String {
        let seconds = u64::try_from(now.unix()).unwrap_or_default();
        let bytes = self.bytes::<12>();
        // A second holds a thousand milliseconds; a random one spreads ids made in the same second.
        let [a, b, random @ ..] = bytes;
        let milliseconds = seconds * 1000 + u64::from(u16::from_be_bytes([a, b])) % 1000;
        uuid::Builder::from_unix_timestamp_millis(milliseconds, &random)
            .into_uuid()
            .to_string()
    }

    /// `length` characters that can be read aloud and typed by a child: capital letters and digits without look-alikes.
    pub fn spoken_code(&self, length: usize) -> String {
        let mut code = String::with_capacity(length);
        while code.len() < length {
            let [byte] = self.bytes::<1>();
            // 250 is the largest multiple of 25 in a byte: what lies above would favour the first letters.
            if usize::from(byte) < 250
                && let Some(&letter) = SPOKEN.get(usize::from(byte) % SPOKEN.len())
            {
                code.push(char::from(letter));
            }
        }
        code
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_43_characters_and_differ() {
        let random = Random::Os;
        assert_eq!(random.token().expose().len(), 43);
        assert_ne!(random.token(), random.token());
    }

    #[test]
    fn ids_sort_by_second() {
        let random = Random::Os;
        let early = random.id(Timestamp::from_unix(1_800_000_000));
        let late = random.id(Timestamp::from_unix(1_800_000_001));
        assert!(early < late);
    }

    #[test]
    fn spoken_codes_use_the_alphabet() {
        let code = Random::seeded(1).spoken_code(400);
        assert_eq!(code.len(), 400);
        assert!(code.bytes().all(|b| SPOKEN.contains(&b)));
        assert_eq!(Random::seeded(1).spoken_code(400), code);
    }
}
