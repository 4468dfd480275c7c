//! What a helper sees of somebody, and the secrets a helper hands out.

use super::authority::{Act, Ground, Rank};
use super::person::{Account, Person};
use crate::clock::{Lifetime, Timestamp};
use crate::ids::ClassId;

/// How long a one-time sign-in code is good.
pub const CODE_LIVES: Lifetime = Lifetime::minutes(15);
/// How long a temporary password is good.
pub const TEMPORARY_PASSWORD_LIVES: Lifetime = Lifetime::hours(24);
/// How long a claim can be taken back.
pub const UNDO_CLAIM: Lifetime = Lifetime::days(7);
/// How old a helper's sign-in may be at an act.
pub const FRESH: Lifetime = Lifetime::minutes(10);
/// How long a notice stands on the launchpad of the person helped.
pub const NOTICE: Lifetime = Lifetime::days(7);

/// Letters and digits of a one-time code.
pub const CODE_LENGTH: usize = 8;

/// A kind of one-time secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TemporaryKind {
    /// Eight letters and digits, shown across a desk.
    Code,
    /// Four words, for a letter or a telephone call.
    Password,
}

impl TemporaryKind {
    /// As stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Password => "password",
        }
    }

    /// How long it is good.
    pub const fn lives(self) -> Lifetime {
        match self {
            Self::Code => CODE_LIVES,
            Self::Password => TEMPORARY_PASSWORD_LIVES,
        }
    }
}

/// Somebody as a list of helped people shows them.
#[derive(Clone, Debug)]
pub struct Helped {
    /// The person.
    pub person: Person,
    /// The account.
    pub account: Account,
    /// The name of the school.
    pub school: Option<String>,
}

impl Helped {
    /// Whether the claim is young enough to be taken back.
    pub fn claim_can_be_undone(&self, now: Timestamp) -> bool {
        self.account
            .claimed_at
            .is_some_and(|at| now < at.plus(UNDO_CLAIM))
    }
}

/// A class, as a helper's list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassLine {
    /// The class.
    pub id: ClassId,
    /// Its title.
    pub title: String,
    /// Pupils in it.
    pub pupils: i64,
    /// Of these, how many have claimed their account.
    pub claimed: i64,
}

/// Which acts a helper may do, and on which ground.
#[derive(Clone, Debug)]
pub struct Powers {
    /// Why.
    pub ground: Ground,
    /// What.
    pub acts: Vec<Act>,
    /// How high the helper stands.
    pub rank: Rank,
}

/// A one-time secret as it is typed: without spaces and hyphens, capitals for codes, small letters for words.
pub fn canonical(kind: TemporaryKind, typed: &str) -> String {
    let letters = typed.chars().filter(|c| c.is_alphanumeric());
    match kind {
        TemporaryKind::Code => letters.flat_map(char::to_uppercase).collect(),
        TemporaryKind::Password => letters.flat_map(char::to_lowercase).collect(),
    }
}

/// A code in two halves, as it is shown: `K7F2-QXMA`.
pub fn shown(code: &str) -> String {
    match code.split_at_checked(CODE_LENGTH / 2) {
        Some((first, second)) => format!("{first}-{second}"),
        None => code.to_owned(),
    }
}

/// Words of temporary passwords: short, common, hard to mistake for one another, none that a child should not read.
pub const WORDS: [&str; 128] = [
    "apple", "acorn", "anchor", "arrow", "badge", "banjo", "basket", "beach", "berry", "bird",
    "boat", "book", "bottle", "branch", "bread", "brick", "bridge", "brush", "bucket", "butter",
    "button", "cabin", "cactus", "camel", "candle", "canoe", "carpet", "carrot", "castle", "cedar",
    "cherry", "circle", "clock", "cloud", "clover", "comet", "copper", "corn", "cotton", "crane",
    "cricket", "crystal", "daisy", "desert", "dolphin", "dragon", "drum", "eagle", "earth",
    "ember", "engine", "fabric", "falcon", "feather", "fern", "field", "flame", "flute", "forest",
    "fossil", "fountain", "garden", "giraffe", "glacier", "globe", "goose", "grape", "guitar",
    "hammer", "harbor", "hazel", "helmet", "honey", "island", "ivory", "jacket", "jungle",
    "kettle", "kite", "ladder", "lantern", "lemon", "lily", "lion", "magnet", "maple", "marble",
    "meadow", "melon", "mirror", "moon", "mountain", "needle", "nest", "ocean", "olive", "orange",
    "orchid", "otter", "paddle", "panda", "paper", "pearl", "pebble", "pencil", "piano", "planet",
    "pocket", "pumpkin", "puzzle", "quartz", "quilt", "rabbit", "rainbow", "raven", "river",
    "rocket", "sailor", "salmon", "shadow", "silver", "spider", "spring", "summer", "sunset",
    "tiger", "tulip", "violet",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_read_as_people_type_them() {
        assert_eq!(canonical(TemporaryKind::Code, " k7f2-qxma "), "K7F2QXMA");
        assert_eq!(
            canonical(TemporaryKind::Password, "Tiger  MOON-river kite"),
            "tigermoonriverkite"
        );
        assert_eq!(shown("K7F2QXMA"), "K7F2-QXMA");
    }

    #[test]
    fn words_are_different() {
        let distinct: std::collections::BTreeSet<_> = WORDS.iter().collect();
        assert_eq!(distinct.len(), WORDS.len());
    }
}
