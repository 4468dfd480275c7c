//! Chance that repeats itself: a generator for every table and row, so that neither scale nor order shifts a row.

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use sha2::{Digest as _, Sha256};

/// The dice of one row.
#[derive(Clone, Debug)]
pub struct Dice(ChaCha8Rng);

impl Dice {
    /// Dice for row `row` of `table` under `seed`.
    pub fn new(seed: u64, table: &str, row: u64) -> Self {
        let mut hash = Sha256::new();
        hash.update(seed.to_le_bytes());
        hash.update(row.to_le_bytes());
        hash.update(table.as_bytes());
        Self(ChaCha8Rng::from_seed(hash.finalize().into()))
    }

    /// A number from 0 to `limit`, exclusive; 0 where `limit` is 0.
    pub fn below(&mut self, limit: u64) -> u64 {
        // The high half of a product of 64 by 64 bits: off by less than one in 2^32 for the limits used here.
        let product = u128::from(self.0.next_u64()) * u128::from(limit);
        u64::try_from(product >> 64).unwrap_or_default()
    }

    /// A position in a list of `len` items.
    pub fn place(&mut self, len: usize) -> usize {
        usize::try_from(self.below(u64::try_from(len).unwrap_or_default())).unwrap_or_default()
    }

    /// One of `items`.
    pub fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.place(items.len()))
    }

    /// Whether something of so many percent happens.
    pub fn percent(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// Puts `items` in a random order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            let other = self.place(at + 1);
            items.swap(at, other);
        }
    }
}

/// An id in the form of a UUID that always belongs to `text` under `seed`.
pub fn uuid_of(seed: u64, text: &str) -> String {
    let mut hash = Sha256::new();
    hash.update(seed.to_le_bytes());
    hash.update(text.as_bytes());
    let digest: [u8; 32] = hash.finalize().into();
    let mut bytes = [0; 16];
    for (to, from) in bytes.iter_mut().zip(digest) {
        *to = from;
    }
    uuid::Builder::from_custom_bytes(bytes)
        .into_uuid()
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_row_has_the_same_dice() {
        let roll = |seed, table, row| Dice::new(seed, table, row).below(1_000_000);
        assert_eq!(roll(1, "a", 2), roll(1, "a", 2));
        assert_ne!(roll(1, "a", 2), roll(2, "a", 2));
        assert_ne!(roll(1, "a", 2), roll(1, "b", 2));
        assert_ne!(roll(1, "a", 2), roll(1, "a", 3));
        assert_eq!(Dice::new(1, "a", 1).below(0), 0);
        assert_eq!(uuid_of(1, "x").len(), 36);
    }
}
