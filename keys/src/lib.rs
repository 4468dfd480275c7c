//! The issuer's signing keys: generate them, seal them at rest, decide when each signs, sign, publish, verify.
//!
//! Pure but for randomness and the one file that holds the key-encryption key. Where the sealed keys are kept, and who
//! asks for the next one, is the business of whoever uses this crate. Private keys never leave it in the clear.

mod algorithm;
mod error;
mod generate;
mod jwks;
mod kek;
mod schedule;
mod seal;
mod sign;
#[cfg(test)]
mod vectors;
mod verify;

pub use self::algorithm::{Algorithm, Typ};
pub use self::error::{KekError, KeyError, SealError, VerifyError};
pub use self::generate::{GeneratedKey, generate};
pub use self::jwks::{PublicJwk, jwks};
pub use self::kek::Kek;
pub use self::schedule::{KeyTimes, SETTLING, Schedule, State, Step, due, rotation, signer};
pub use self::sign::Signer;
pub use self::verify::Verifier;
