//! Which passwords a person may set: long enough, not among the commonest, not made of what everybody knows of them.
//! SP 800-63B-4 §3.1.1: no composition rules, no expiry, no cutting.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use super::blocklist;

/// The longest password, in characters after NFKC.
pub const MAX_CHARACTERS: usize = 128;
/// The longest password, in bytes.
pub const MAX_BYTES: usize = 512;

/// What is left of a password when its known parts are taken out must be so long.
const OWN: usize = 4;

/// What everybody knows of a person and of their school: no password is made of it.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Names, as the roster has them.
    pub names: Vec<String>,
    /// Username and number.
    pub numbers: Vec<String>,
    /// School, mascot, district, portal, place.
    pub places: Vec<String>,
}

/// Why a password is refused. Each has a sentence that says what to do instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Refusal {
    /// Shorter than so many characters.
    TooShort(u32),
    /// Longer than [`MAX_CHARACTERS`] or [`MAX_BYTES`].
    TooLong,
    /// Among the commonest.
    Common,
    /// One character, a pattern, a run of the alphabet or of the keyboard.
    Pattern,
    /// The person's name and little else.
    OwnName,
    /// Username or number and little else.
    OwnNumber,
    /// School, mascot or district and little else.
    School,
    /// The two fields differ.
    Mismatch,
}

impl Refusal {
    /// The key of its sentence.
    pub const fn key(self) -> &'static str {
        match self {
            Self::TooShort(_) => "password-refused-short",
            Self::TooLong => "password-refused-long",
            Self::Common => "password-refused-common",
            Self::Pattern => "password-refused-pattern",
            Self::OwnName => "password-refused-name",
            Self::OwnNumber => "password-refused-number",
            Self::School => "password-refused-school",
            Self::Mismatch => "password-refused-mismatch",
        }
    }
}

/// Checks a new password, typed twice, against a minimum length in characters.
pub fn check(password: &str, again: &str, minimum: u32, known: &Known) -> Result<(), Refusal> {
    if password.len() > MAX_BYTES {
        return Err(Refusal::TooLong);
    }
    let normalized: String = password.nfkc().collect();
    let length = normalized.chars().count();
    if normalized.len() > MAX_BYTES || length > MAX_CHARACTERS {
        return Err(Refusal::TooLong);
    }
    if length < minimum as usize {
        return Err(Refusal::TooShort(minimum));
    }
    let folded = caseless::default_case_fold_str(&normalized);
    let plain = plain(&folded);
    for (words, refusal) in [
        (&known.numbers, Refusal::OwnNumber),
        (&known.names, Refusal::OwnName),
        (&known.places, Refusal::School),
    ] {
        if is_made_of(&plain, words) {
            return Err(refusal);
        }
    }
    if is_pattern(&folded) {
        return Err(Refusal::Pattern);
    }
    if blocklist::is_common(&folded) {
        return Err(Refusal::Common);
    }
    if normalized != again.nfkc().collect::<String>() {
        return Err(Refusal::Mismatch);
    }
    Ok(())
}

/// Letters and digits without marks, in lower case.
fn plain(text: &str) -> String {
    let folded = caseless::default_case_fold_str(text);
    folded
        .nfd()
        .filter(|c| !is_combining_mark(*c) && c.is_alphanumeric())
        .collect()
}

/// Whether little is left of `password` when the words are taken out. A run of digits counts as one character: a year or a
/// room behind a name makes no password.
fn is_made_of(password: &str, words: &[String]) -> bool {
    let mut parts: Vec<String> = words
        .iter()
        .map(|word| word.nfc().collect::<String>())
        .flat_map(|word| {
            let pieces = word.split(|c: char| !c.is_alphanumeric()).map(plain);
            pieces.chain([plain(&word)]).collect::<Vec<_>>()
        })
        .filter(|word| word.chars().count() >= 3)
        .collect();
    parts.sort_by_key(|word| std::cmp::Reverse(word.len()));
    parts.dedup();
    let mut rest = password.to_owned();
    let mut found = false;
    for part in &parts {
        if rest.contains(part.as_str()) {
            found = true;
            rest = rest.replace(part.as_str(), "\0");
        }
    }
    found && weight(&rest) < OWN
}

/// Characters, a run of digits counting one and a word that was taken out none.
fn weight(rest: &str) -> usize {
    let mut weight = 0;
    let mut in_digits = false;
    for c in rest.chars().filter(|c| *c != '\0') {
        let digit = c.is_ascii_digit();
        if !(digit && in_digits) {
            weight += 1;
        }
        in_digits = digit;
    }
    weight
}

/// The rows of the usual keyboards, and the alphabet and the digits.
const ROWS: &[&str] = &[
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "qwertzuiop",
    "azertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "!@#$%^&*()",
];

/// Whether the password is a repetition of a short piece, or falls into fewer than four pieces when each run of one
/// character, of the alphabet or of a keyboard row counts as one.
fn is_pattern(folded: &str) -> bool {
    let characters: Vec<char> = folded.chars().filter(|c| !c.is_whitespace()).collect();
    let repeats = (1..=OWN).any(|unit| {
        characters.len() >= 2 * unit
            && characters
                .iter()
                .zip(characters.iter().skip(unit))
                .all(|(a, b)| a == b)
    });
    repeats || pieces(&characters) < OWN
}

fn pieces(characters: &[char]) -> usize {
    let mut pieces = 0;
    let mut rest = characters;
    while !rest.is_empty() {
        pieces += 1;
        rest = rest.get(run_length(rest)..).unwrap_or_default();
    }
    pieces
}

/// Length of the run at the start; shorter ones than three are no run.
fn run_length(characters: &[char]) -> usize {
    let Some(first) = characters.first() else {
        return 0;
    };
    let same = characters.iter().take_while(|c| *c == first).count();
    let longest = ROWS.iter().map(|row| {
        let back: String = row.chars().rev().collect();
        along(characters, row).max(along(characters, &back))
    });
    let run = longest.chain([same]).max().unwrap_or(1);
    if run >= 3 { run } else { 1 }
}

/// How far `characters` go along `row`, from wherever they begin on it.
fn along(characters: &[char], row: &str) -> usize {
    let starts = row
        .char_indices()
        .filter(|(_, c)| characters.first() == Some(c));
    starts
        .map(|(at, _)| {
            let row = row.get(at..).unwrap_or_default();
            row.chars()
                .zip(characters)
                .take_while(|(a, b)| a == *b)
                .count()
        })
        .max()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Known {
        Known {
            names: vec!["María José".into(), "Hernández-Peña".into(), "Li".into()],
            numbers: vec!["s0123456".into(), "0123456".into()],
            places: vec![
                "Mundy's Mill Middle".into(),
                "Tigers".into(),
                "Clayton County".into(),
            ],
        }
    }

    #[test]
    fn passwords_and_their_refusals() {
        for (password, minimum, expected) in [
            // S19: seven fail, eight pass, counted in code points.
            ("qzkvmxp", 8, Err(Refusal::TooShort(8))),
            ("qzkvmxpr", 8, Ok(())),
            ("ñandúes", 8, Err(Refusal::TooShort(8))),
            ("🦊🐢🦉🐝🦋🐙🦀🐳", 8, Ok(())),
            ("qzkvmxpr", 15, Err(Refusal::TooShort(15))),
            // S20: no kind of character is asked for.
            ("purplehouse", 8, Ok(())),
            ("purple house", 8, Ok(())),
            ("PURPLE HOUSE", 8, Ok(())),
            // B9: common ones, patterns, what everybody knows.
            ("basketball", 8, Err(Refusal::Common)),
            ("Basketball!", 8, Err(Refusal::Common)),
            ("witty mouse", 8, Err(Refusal::Common)),
            ("xxxxxxxxxx", 8, Err(Refusal::Pattern)),
            ("xyxyxyxyxy", 8, Err(Refusal::Pattern)),
            ("abcdefgh", 8, Err(Refusal::Pattern)),
            ("hgfedcba", 8, Err(Refusal::Pattern)),
            ("abcd12345", 8, Err(Refusal::Pattern)),
            ("lkjhgfdsa", 8, Err(Refusal::Pattern)),
            ("poiuytre", 8, Err(Refusal::Pattern)),
            ("mariajose1", 8, Err(Refusal::OwnName)),
            ("Hernandez2026", 8, Err(Refusal::OwnName)),
            ("Peña Hernández", 8, Err(Refusal::OwnName)),
            ("maria likes cats", 8, Ok(())),
            ("s0123456", 8, Err(Refusal::OwnNumber)),
            ("S0123456!!", 8, Err(Refusal::OwnNumber)),
            ("0123456abc", 8, Err(Refusal::OwnNumber)),
            ("clayton county", 8, Err(Refusal::School)),
            ("gotigers", 8, Err(Refusal::School)),
            ("mundys mill 8", 8, Err(Refusal::School)),
            ("tigers eat grapes", 8, Ok(())),
        ] {
            assert_eq!(
                check(password, password, minimum, &known()),
                expected,
                "{password}"
            );
        }
    }

    #[test]
    fn length_ends_at_128_characters_and_512_bytes() {
        let long = |unit: &str, times: usize| -> String {
            let words = [
                "river", "tulip", "cloud", "piano", "lemon", "tiger", "window",
            ];
            let mut text: String = words.iter().cycle().take(times).copied().collect();
            text.truncate(times);
            text + unit
        };
        assert_eq!(check(&long("", 128), &long("", 128), 8, &known()), Ok(()));
        assert_eq!(
            check(&long("", 129), "", 8, &known()),
            Err(Refusal::TooLong)
        );
        let wide = "🦊🐢🦉🐝🦋🐙🦀🐳".repeat(16);
        assert_eq!(wide.len(), 512);
        assert_eq!(check(&(wide + "x"), "", 8, &known()), Err(Refusal::TooLong));
    }

    #[test]
    fn both_fields_are_compared_as_they_will_be_hashed() {
        let (composed, decomposed) = ("señora azul", "sen\u{303}ora azul");
        assert_eq!(check(composed, decomposed, 8, &known()), Ok(()));
        assert_eq!(
            check(composed, "senora azul", 8, &known()),
            Err(Refusal::Mismatch)
        );
    }

    #[test]
    fn a_person_without_known_words_is_not_refused_for_them() {
        assert_eq!(
            check("purple house", "purple house", 8, &Known::default()),
            Ok(())
        );
    }
}
