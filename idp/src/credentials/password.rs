//! Argon2id with a pepper (RFC 9106; SP 800-63B-4 §3.1.1.2), on the bounded pool of `pool.rs`.
//!
//! Stored shape: a PHC string, `$argon2id$v=19$m=19456,t=2,p=1,keyid=…$salt$hash`; `keyid` says which pepper.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, KeyId, Params, ParamsBuilder, Version};
use subtle::ConstantTimeEq as _;
use unicode_normalization::UnicodeNormalization as _;
use zeroize::Zeroizing;

use super::pool::{Permit, Pool, Urgency};
use crate::clock::Lifetime;
use crate::config::Throttling;
use crate::district::password_policy::{MAX_BYTES, MAX_CHARACTERS};
use crate::random::Random;
use crate::secret::{Digest, Secret, keyed_hash};

/// Kibibytes of memory.
const MEMORY: u32 = 19_456;
/// Passes over it for a password.
const PASSES: u32 = 2;
/// Passes for joint answers: twice the cost, for what is easier to guess.
const ANSWER_PASSES: u32 = 4;
const OUTPUT: usize = 32;

/// What hashing can end in beside an answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HashError {
    /// The queue is full, or the wait was too long. Nothing was evaluated.
    #[error("too many hashes are waiting")]
    Busy {
        /// When to come back.
        retry_after: Lifetime,
    },
    /// A stored hash that cannot be read, or a failure of ours.
    #[error("hashing failed: {0}")]
    Failed(String),
}

/// Whether a password was the right one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is, and its hash is as we would make it today.
    Right,
    /// It is, and its hash was made with other parameters or another pepper: hash it again.
    RightButStale,
    /// It is not, or there is nothing to compare with.
    Wrong,
}

/// A key that is mixed into every hash and lies outside the database.
#[derive(Clone)]
struct Pepper {
    key: Zeroizing<[u8; 32]>,
    id: KeyId,
}

/// Hashes and verifies. Cloning shares the pool.
#[derive(Clone)]
pub struct Passwords {
    pool: Pool,
    peppers: Arc<[Pepper]>,
    dummy: Arc<str>,
    dummy_answers: Arc<str>,
    evaluations: Arc<AtomicU64>,
}

impl std::fmt::Debug for Passwords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Passwords")
            .field("pool", &self.pool)
            .finish_non_exhaustive()
    }
}

impl Passwords {
    /// A pool as `throttling` says. The first of `peppers` hashes, the others still verify.
    ///
    /// Errors: one line when there is no pepper.
    pub fn new(peppers: &[[u8; 32]], throttling: &Throttling) -> Result<Self, HashError> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let permits = throttling.hash_permits.unwrap_or(cores).max(1);
        let wait = Duration::from_secs(throttling.hash_wait.into());
        let peppers: Arc<[Pepper]> = peppers.iter().map(Pepper::new).collect::<Result<_, _>>()?;
        let first = peppers
            .first()
            .ok_or_else(|| HashError::Failed("no pepper".into()))?;
        // No password has these outputs: they are fixed, and salted like everybody's.
        let dummy = |passes| {
            let salt = keyed_hash(&first.key, &[b"dummy"]);
            phc(
                passes,
                &first.id,
                salt.first_chunk::<16>().unwrap_or(&[0; 16]),
                &[0; OUTPUT],
            )
        };
        Ok(Self {
            pool: Pool::new(permits, throttling.hash_queue, wait),
            dummy: dummy(PASSES)?.into(),
            dummy_answers: dummy(ANSWER_PASSES)?.into(),
            peppers,
            evaluations: Arc::default(),
        })
    }

    /// Waits for the right to hash once.
    ///
    /// Errors: [`HashError::Busy`] when the queue is full or the wait too long; then nothing was evaluated, and nothing
    /// need be counted.
    pub async fn admit(&self, urgency: Urgency) -> Result<Permit, HashError> {
        self.pool.admit(urgency).await
    }

    /// Hashes a new password. The caller has asked the policy, which refuses what is too long.
    pub async fn hash(
        &self,
        permit: Permit,
        random: &Random,
        password: &Secret,
    ) -> Result<String, HashError> {
        let input = prepared(password)
            .ok_or_else(|| HashError::Failed("a password that the policy refuses".into()))?;
        self.make(permit, random, input, PASSES).await
    }

    /// Hashes answers that belong together: one attempt at all of them is one evaluation, and none can be tried alone.
    ///
    /// Shape: pairs of a question's id and a normalized answer, in the order of the ids.
    pub async fn hash_answers(
        &self,
        permit: Permit,
        random: &Random,
        answers: &[(&str, &str)],
    ) -> Result<String, HashError> {
        let first = self.peppers.first().ok_or_else(no_pepper)?;
        self.make(permit, random, joint(&first.key, answers), ANSWER_PASSES)
            .await
    }

    /// Compares `password` with a stored hash. Without one, and for a password that is empty or too long, the same work is
    /// done on a dummy and the verdict is `Wrong`.
    pub async fn verify(
        &self,
        permit: Permit,
        password: &Secret,
        stored: Option<&str>,
    ) -> Result<Verdict, HashError> {
        let input = prepared(password);
        let stored = stored.filter(|_| input.is_some()).unwrap_or(&self.dummy);
        let input = input.unwrap_or_default();
        self.compare(permit, move |_| input, stored, PASSES).await
    }

    /// Compares answers, in the order of [`Passwords::hash_answers`], with a stored joint hash; without one, with a dummy.
    pub async fn verify_answers(
        &self,
        permit: Permit,
        answers: &[(&str, &str)],
        stored: Option<&str>,
    ) -> Result<Verdict, HashError> {
        let stored = stored.unwrap_or(&self.dummy_answers);
        self.compare(
            permit,
            |pepper| joint(pepper, answers),
            stored,
            ANSWER_PASSES,
        )
        .await
    }

    /// Lets go of memory that has not been needed for a while; call every few seconds.
    pub fn release_idle_memory(&self) {
        self.pool.release_idle();
    }

    /// How many hashes have been computed: what an attacker's guesses cost and were worth.
    pub fn evaluations(&self) -> u64 {
        self.evaluations.load(Ordering::Acquire)
    }

    async fn make(
        &self,
        permit: Permit,
        random: &Random,
        input: Zeroizing<Vec<u8>>,
        passes: u32,
    ) -> Result<String, HashError> {
        let pepper = self.peppers.first().cloned().ok_or_else(no_pepper)?;
        let salt = random.bytes::<16>();
        let params = params(passes, &pepper.id)?;
        self.evaluations.fetch_add(1, Ordering::AcqRel);
        permit
            .run(params.block_count(), move |memory| {
                let output = compute(&pepper, params, &input, &salt, memory)?;
                phc(passes, &pepper.id, &salt, &output)
            })
            .await?
    }

    async fn compare(
        &self,
        permit: Permit,
        input: impl FnOnce(&[u8; 32]) -> Zeroizing<Vec<u8>>,
        stored: &str,
        passes: u32,
    ) -> Result<Verdict, HashError> {
        let parsed = PasswordHash::new(stored).map_err(failed)?;
        let (Some(salt), Some(expected)) = (parsed.salt, parsed.hash) else {
            return Err(HashError::Failed(
                "a stored hash without salt or output".into(),
            ));
        };
        let stored_params = Params::try_from(&parsed).map_err(failed)?;
        let pepper = self
            .peppers
            .iter()
            .find(|pepper| pepper.id.as_bytes() == stored_params.keyid())
            .cloned()
            .ok_or_else(|| HashError::Failed("a stored hash under an unknown pepper".into()))?;
        let current = self.peppers.first().ok_or_else(no_pepper)?;
        let fresh = stored_params == params(passes, &current.id)?;
        let input = input(&pepper.key);
        self.evaluations.fetch_add(1, Ordering::AcqRel);
        let equal = permit
            .run(stored_params.block_count(), move |memory| {
                let output = compute(&pepper, stored_params, &input, &salt, memory)?;
                Ok::<bool, HashError>(output.ct_eq(expected.as_ref()).into())
            })
            .await??;
        Ok(match (equal, fresh) {
            (true, true) => Verdict::Right,
            (true, false) => Verdict::RightButStale,
            (false, _) => Verdict::Wrong,
        })
    }
}

impl Pepper {
    fn new(key: &[u8; 32]) -> Result<Self, HashError> {
        // The id is a digest of the key: it tells keys apart and says nothing of them.
        let digest = Digest::of("pepper-id", key);
        let id = digest
            .as_str()
            .as_bytes()
            .first_chunk::<8>()
            .copied()
            .unwrap_or_default();
        Ok(Self {
            key: Zeroizing::new(*key),
            id: KeyId::new(&id).map_err(failed)?,
        })
    }
}

/// The bytes that are hashed: NFKC, so that a password typed on another keyboard with decomposed letters is the same one.
/// Nothing is trimmed, cut or folded. None when it is empty or too long.
fn prepared(password: &Secret) -> Option<Zeroizing<Vec<u8>>> {
    let text = password.expose();
    if text.is_empty() || text.len() > MAX_BYTES {
        return None;
    }
    let normalized = Zeroizing::new(text.nfkc().collect::<String>());
    (normalized.len() <= MAX_BYTES && normalized.chars().count() <= MAX_CHARACTERS)
        .then(|| Zeroizing::new(normalized.as_bytes().to_vec()))
}

/// 32 bytes that stand for all answers at once, each preceded by its question and its length.
fn joint(pepper: &[u8; 32], answers: &[(&str, &str)]) -> Zeroizing<Vec<u8>> {
    let parts: Vec<&[u8]> = answers
        .iter()
        .flat_map(|(id, answer)| [id.as_bytes(), answer.as_bytes()])
        .collect();
    Zeroizing::new(keyed_hash(pepper, &parts).to_vec())
}

fn params(passes: u32, pepper: &KeyId) -> Result<Params, HashError> {
    ParamsBuilder::new()
        .m_cost(MEMORY)
        .t_cost(passes)
        .p_cost(1)
        .output_len(OUTPUT)
        .keyid(*pepper)
        .build()
        .map_err(failed)
}

fn compute(
    pepper: &Pepper,
    params: Params,
    input: &[u8],
    salt: &[u8],
    memory: &mut [Block],
) -> Result<[u8; OUTPUT], HashError> {
    let mut output = [0; OUTPUT];
    Argon2::new_with_secret(
        pepper.key.as_slice(),
        Algorithm::Argon2id,
        Version::V0x13,
        params,
    )
    .map_err(failed)?
    .hash_password_into_with_memory(input, salt, &mut output, memory)
    .map_err(failed)?;
    Ok(output)
}

fn phc(
    passes: u32,
    pepper: &KeyId,
    salt: &[u8],
    output: &[u8; OUTPUT],
) -> Result<String, HashError> {
    Ok(PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&params(passes, pepper)?).map_err(failed)?,
        salt: Some(Salt::new(salt).map_err(failed)?),
        hash: Some(Output::new(output).map_err(failed)?),
    }
    .to_string())
}

fn failed(error: impl std::fmt::Display) -> HashError {
    HashError::Failed(error.to_string())
}

fn no_pepper() -> HashError {
    HashError::Failed("no pepper".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passwords(queue: usize) -> Passwords {
        let throttling = Throttling {
            hash_permits: Some(1),
            hash_queue: queue,
            hash_wait: 60,
            ..Throttling::default()
        };
        Passwords::new(&[[7; 32]], &throttling).unwrap()
    }

    async fn hash(passwords: &Passwords, password: &str) -> String {
        let permit = passwords.admit(Urgency::Ordinary).await.unwrap();
        passwords
            .hash(permit, &Random::seeded(1), &Secret::new(password))
            .await
            .unwrap()
    }

    async fn verify(passwords: &Passwords, password: &str, stored: Option<&str>) -> Verdict {
        let permit = passwords.admit(Urgency::Ordinary).await.unwrap();
        passwords
            .verify(permit, &Secret::new(password), stored)
            .await
            .unwrap()
    }

    #[tokio::test]
    async fn passwords_are_compared_after_nfkc_and_not_otherwise_changed() {
        let passwords = passwords(10);
        let stored = hash(&passwords, "Purple Niña").await;
        assert!(
            stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1,keyid="),
            "{stored}"
        );
        for (typed, expected) in [
            ("Purple Niña", Verdict::Right),
            ("Purple Nin\u{303}a", Verdict::Right),
            ("purple Niña", Verdict::Wrong),
            (" Purple Niña", Verdict::Wrong),
            ("Purple Nina", Verdict::Wrong),
            ("", Verdict::Wrong),
        ] {
            assert_eq!(
                verify(&passwords, typed, Some(&stored)).await,
                expected,
                "{typed:?}"
            );
        }
    }

    #[tokio::test]
    async fn no_account_and_no_sane_password_cost_one_evaluation_each() {
        let passwords = passwords(10);
        let stored = hash(&passwords, "purple house").await;
        let before = passwords.evaluations();
        assert_eq!(
            verify(&passwords, "purple house", None).await,
            Verdict::Wrong
        );
        assert_eq!(
            verify(&passwords, &"x".repeat(513), Some(&stored)).await,
            Verdict::Wrong
        );
        assert_eq!(
            verify(&passwords, &"x".repeat(129), Some(&stored)).await,
            Verdict::Wrong
        );
        assert_eq!(verify(&passwords, "", Some(&stored)).await, Verdict::Wrong);
        assert_eq!(passwords.evaluations() - before, 4);
    }

    #[tokio::test]
    async fn an_old_pepper_still_verifies_and_asks_for_a_new_hash() {
        let old = passwords(10);
        let stored = hash(&old, "purple house").await;
        let new = Passwords::new(&[[8; 32], [7; 32]], &Throttling::default()).unwrap();
        assert_eq!(
            verify(&new, "purple house", Some(&stored)).await,
            Verdict::RightButStale
        );
        let without = Passwords::new(&[[8; 32]], &Throttling::default()).unwrap();
        let permit = without.admit(Urgency::Ordinary).await.unwrap();
        let secret = Secret::new("purple house");
        assert!(
            without
                .verify(permit, &secret, Some(&stored))
                .await
                .is_err()
        );
    }

    #[tokio::test]
    async fn answers_stand_and_fall_together() {
        let passwords = passwords(10);
        let permit = passwords.admit(Urgency::Ordinary).await.unwrap();
        let right = [("fruit", "apple"), ("pet", "rex")];
        let random = Random::seeded(1);
        let stored = passwords
            .hash_answers(permit, &random, &right)
            .await
            .unwrap();
        assert!(stored.contains("t=4"));
        for (answers, stored, expected) in [
            (right, Some(stored.as_str()), Verdict::Right),
            (
                [("fruit", "apple"), ("pet", "rexa")],
                Some(&stored),
                Verdict::Wrong,
            ),
            (
                [("fruit", "applep"), ("et", "rex")],
                Some(&stored),
                Verdict::Wrong,
            ),
            (right, None, Verdict::Wrong),
        ] {
            let permit = passwords.admit(Urgency::Ordinary).await.unwrap();
            let verdict = passwords
                .verify_answers(permit, &answers, stored)
                .await
                .unwrap();
            assert_eq!(verdict, expected, "{answers:?}");
        }
    }

    #[tokio::test]
    async fn half_the_queue_is_kept_for_schools_and_known_devices() {
        let passwords = passwords(2);
        let held = passwords.admit(Urgency::Ordinary).await.unwrap();
        let first = {
            let passwords = passwords.clone();
            tokio::spawn(async move { passwords.admit(Urgency::Ordinary).await })
        };
        while passwords.pool.waiting() < 1 {
            tokio::task::yield_now().await;
        }
        let busy = passwords.admit(Urgency::Ordinary).await.unwrap_err();
        assert_eq!(
            busy,
            HashError::Busy {
                retry_after: Lifetime::seconds(60)
            }
        );
        let second = {
            let passwords = passwords.clone();
            tokio::spawn(async move { passwords.admit(Urgency::Preferred).await })
        };
        while passwords.pool.waiting() < 2 {
            tokio::task::yield_now().await;
        }
        assert!(passwords.admit(Urgency::Preferred).await.is_err());
        drop(held);
        let permit = first.await.unwrap().unwrap();
        drop(permit);
        second.await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn an_arena_is_reused() {
        let passwords = passwords(10);
        hash(&passwords, "purple house").await;
        hash(&passwords, "green river").await;
        assert_eq!(passwords.pool.resting(), 1);
    }
}
