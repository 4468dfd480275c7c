//! What the processor can do at all: RS256 signatures and Argon2id hashes a second on one core, without a server around
//! them, measured in the same run as the server.

use std::hint::black_box;
use std::time::Duration;

use anyhow::anyhow;
use argon2::{Algorithm, Argon2, Block, Params, Version};
use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::RSA_PKCS1_SHA256;

use crate::clock::Mark;
use crate::process;

/// How long one measurement lasts.
const SPAN: Duration = Duration::from_secs(2);

/// A rate of one core.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rate {
    /// A second of the wall's clock.
    pub wall: f64,
    /// A second of processor time: what the rate would be if nobody else used the core.
    pub cpu: f64,
}

impl Rate {
    /// The higher of two measurements, before and after a run: the limit is what the machine can do at its best.
    pub fn best(self, other: Self) -> Self {
        Self {
            wall: self.wall.max(other.wall),
            cpu: self.cpu.max(other.cpu),
        }
    }
}

/// RS256 with a 2048-bit key that is parsed once: the signature that every launch needs.
pub fn rs256() -> anyhow::Result<Rate> {
    let key = KeyPair::generate(KeySize::Rsa2048).map_err(|_| anyhow!("no RSA key"))?;
    let key = KeyPair::from_pkcs8(key.as_der().map_err(|_| anyhow!("no DER"))?.as_ref())
        .map_err(|error| anyhow!("{error}"))?;
    let random = SystemRandom::new();
    let message = [7; 600];
    let mut signature = vec![0; key.public_modulus_len()];
    rate(|| {
        key.sign(
            &RSA_PKCS1_SHA256,
            &random,
            black_box(&message),
            &mut signature,
        )
        .map_err(|_| anyhow!("no signature"))
    })
}

/// Argon2id with 19 MiB, two passes and one lane, in memory that is used again.
pub fn argon2id() -> anyhow::Result<Rate> {
    let params = Params::new(19_456, 2, 1, None).map_err(|error| anyhow!("{error}"))?;
    let mut memory = vec![Block::default(); params.block_count()];
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let mut hash = [0; 32];
    rate(|| {
        argon2
            .hash_password_into_with_memory(
                black_box(b"purple house 42"),
                b"sixteen bytes ok",
                &mut hash,
                &mut memory,
            )
            .map_err(|error| anyhow!("{error}"))
    })
}

#[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
fn rate(mut once: impl FnMut() -> anyhow::Result<()>) -> anyhow::Result<Rate> {
    for _ in 0..5 {
        once()?;
    }
    let (start, cpu) = (Mark::now(), process::own_cpu_seconds()?);
    let mut count = 0_u64;
    while start.elapsed() < SPAN {
        once()?;
        count += 1;
    }
    let (wall, cpu) = (
        start.elapsed().as_secs_f64(),
        process::own_cpu_seconds()? - cpu,
    );
    Ok(Rate {
        wall: count as f64 / wall,
        cpu: count as f64 / cpu.max(0.01),
    })
}
