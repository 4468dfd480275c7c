//! What can go wrong with keys, each in one line that an operator can act on.

use std::path::PathBuf;

/// The file with the key-encryption key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KekError {
    /// Reading or writing failed.
    #[error("the key-encryption key file {path}: {error}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        error: std::io::Error,
    },
    /// Others may read it.
    #[error(
        "the key-encryption key file {path} can be read by every user of this machine; run chmod 0400 on it"
    )]
    Open {
        /// The file.
        path: PathBuf,
    },
    /// A line is not `id base64url(32 bytes)`.
    #[error("the key-encryption key file {path}, line {line}: {what}")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The line, from 1; 0 for the file as a whole.
        line: usize,
        /// What is wrong, and what should stand there.
        what: &'static str,
    },
    /// The system gave no random bytes.
    #[error("the system's random generator failed")]
    Random,
}

/// A sealed value cannot be opened, or none can be made.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The ring does not hold the key that sealed the value.
    #[error(
        "the database was sealed under key-encryption key {id:?}, which {file} does not hold; put that key's line back into the file"
    )]
    UnknownKek {
        /// The id of the missing key.
        id: String,
        /// The file that was read.
        file: String,
    },
    /// The text has been changed, moved from another place, or sealed under another key of the same id.
    #[error(
        "the sealed value of {context} does not open: it was changed or moved, or the key-encryption key is another one"
    )]
    Damaged {
        /// The place that the value belongs to.
        context: String,
    },
    /// The system gave no random bytes, or the value is too large.
    #[error("sealing failed")]
    Failed,
}

/// A signing key cannot be made or used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// RSA keys have 2048, 3072 or 4096 bits.
    #[error("an RSA key has 2048, 3072 or 4096 bits, not {0}")]
    Bits(usize),
    /// Generating failed.
    #[error("cannot make a key for {0}")]
    Generate(&'static str),
    /// The private key is not what its algorithm needs.
    #[error("the private key {kid} is no {algorithm} key: {reason}")]
    Rejected {
        /// The key's id.
        kid: String,
        /// The algorithm's wire name.
        algorithm: &'static str,
        /// What the cryptographic library said.
        reason: String,
    },
    /// The public key is not readable.
    #[error("unreadable public key: {0}")]
    Public(String),
    /// Signing failed.
    #[error("signing with {0} failed")]
    Sign(String),
    /// The claims do not become JSON.
    #[error("the claims cannot be written as JSON: {0}")]
    Claims(#[from] serde_json::Error),
}

/// A token is not one of ours.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum VerifyError {
    /// Not a compact JWS with a readable header.
    #[error("not a signed token")]
    Malformed,
    /// The key is not in the published set.
    #[error("signed by an unknown key")]
    UnknownKey,
    /// The signature is wrong, or the header names another algorithm than the key's.
    #[error("the signature does not verify")]
    Signature,
    /// The claims do not have the expected shape.
    #[error("the claims have another shape")]
    Claims,
}
