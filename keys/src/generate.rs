//! New key pairs: RSA by the `rsa` crate, which never signs here; P-256 and Ed25519 by aws-lc.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair};
use rsa::pkcs8::EncodePrivateKey as _;
use zeroize::Zeroizing;

use crate::algorithm::Algorithm;
use crate::error::KeyError;
use crate::jwks::PublicJwk;
use crate::sign::Signer;

/// A key pair as it is before it is sealed.
pub struct GeneratedKey {
    /// What the key is for.
    pub algorithm: Algorithm,
    /// The private key in PKCS#8 DER (RFC 5208). Wiped at the end.
    pub pkcs8: Zeroizing<Vec<u8>>,
    /// The public key, with its `kid`.
    pub public: PublicJwk,
}

impl std::fmt::Debug for GeneratedKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("GeneratedKey")
            .field(&self.public.kid())
            .finish()
    }
}

/// Makes a key for `algorithm`. `rsa_bits` is 2048, 3072 or 4096, and matters to RSA only. An RSA key takes tens of
/// milliseconds and, with bad luck, several hundred: call it where that does no harm.
pub fn generate(algorithm: Algorithm, rsa_bits: usize) -> Result<GeneratedKey, KeyError> {
    let failed = KeyError::Generate(algorithm.as_str());
    let pkcs8 = match algorithm {
        Algorithm::Rs256 | Algorithm::Ps256 => rsa_pkcs8(rsa_bits)?,
        Algorithm::Es256 => {
            let document = EcdsaKeyPair::generate_pkcs8(
                &ECDSA_P256_SHA256_FIXED_SIGNING,
                &SystemRandom::new(),
            );
            Zeroizing::new(document.map_err(|_| failed)?.as_ref().to_vec())
        }
        Algorithm::EdDsa => {
            let document = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new());
            Zeroizing::new(document.map_err(|_| failed)?.as_ref().to_vec())
        }
    };
    let public = Signer::public_of(algorithm, &pkcs8)?;
    Ok(GeneratedKey {
        algorithm,
        pkcs8,
        public,
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "the thread's generator, reseeded by the system, is what a key pair is drawn from"
)]
fn rsa_pkcs8(bits: usize) -> Result<Zeroizing<Vec<u8>>, KeyError> {
    if !matches!(bits, 2048 | 3072 | 4096) {
        return Err(KeyError::Bits(bits));
    }
    let failed = || KeyError::Generate("RSA");
    let key = rsa::PrivateKey::new(&mut rand::rng(), bits).map_err(|_| failed())?;
    let document = key.to_pkcs8_der().map_err(|_| failed())?;
    Ok(Zeroizing::new(document.as_bytes().to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_rsa_sizes_are_refused() {
        for bits in [0, 1024, 2047, 8192] {
            assert!(matches!(
                generate(Algorithm::Rs256, bits),
                Err(KeyError::Bits(_))
            ));
        }
    }

    #[test]
    fn a_key_prints_its_id_only() {
        let key = generate(Algorithm::EdDsa, 2048).unwrap();
        assert_eq!(
            format!("{key:?}"),
            format!("GeneratedKey({:?})", key.public.kid())
        );
    }
}
