//! Usernames: how they are made from numbers, and what a typed one stands for.

use unicode_normalization::UnicodeNormalization as _;

use super::person::Population;

/// The longest username that is looked up, in characters.
const LONGEST: usize = 64;

/// What precedes the number in a username, by population.
#[derive(Clone, Copy, Debug)]
pub struct Prefixes<'a> {
    /// In a student's.
    pub student: &'a str,
    /// In an employee's.
    pub staff: &'a str,
}

/// The username of a person with a number: prefix and number, in lower case. None for guardians, who have none.
pub fn username(population: Population, number: &str, prefixes: Prefixes<'_>) -> Option<String> {
    let prefix = match population {
        Population::Student => prefixes.student,
        Population::Staff => prefixes.staff,
        Population::Guardian => return None,
    };
    Some(canonical(&format!("{prefix}{number}")))
}

/// What a person typed at sign-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TypedUsername {
    /// A username in its canonical form.
    Username(String),
    /// Digits only: stands for a username where only one person can be meant.
    BareNumber(String),
}

impl TypedUsername {
    /// Reads what was typed.
    pub fn read(typed: &str) -> Self {
        let canonical = canonical(typed);
        if !canonical.is_empty() && canonical.bytes().all(|b| b.is_ascii_digit()) {
            Self::BareNumber(canonical)
        } else {
            Self::Username(canonical)
        }
    }

    /// The text to look up, to show and to count by.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Username(text) | Self::BareNumber(text) => text,
        }
    }
}

/// NFKC, without white space and invisible characters, case-folded; cut after 64 characters, which no username has.
pub fn canonical(typed: &str) -> String {
    let visible: String = typed
        .nfkc()
        .filter(|c| !c.is_whitespace() && !is_invisible(*c) && !c.is_control())
        .take(LONGEST)
        .collect();
    caseless::default_case_fold_str(&visible)
}

/// Characters that take no room on the screen and come along with what is pasted.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const PREFIXES: Prefixes<'_> = Prefixes {
        student: "s",
        staff: "e",
    };

    #[test]
    fn usernames_are_prefix_and_number() {
        for (population, number, expected) in [
            (Population::Student, "0123456", Some("s0123456")),
            (Population::Staff, "99999", Some("e99999")),
            (Population::Guardian, "1", None),
        ] {
            assert_eq!(username(population, number, PREFIXES).as_deref(), expected);
        }
    }

    #[test]
    fn typed_usernames_are_compared_without_case_and_what_cannot_be_seen() {
        for (typed, expected) in [
            ("s0123456", TypedUsername::Username("s0123456".into())),
            (" S0123456 ", TypedUsername::Username("s0123456".into())),
            ("s 012 3456", TypedUsername::Username("s0123456".into())),
            (
                "ｓ0123456\u{200b}",
                TypedUsername::Username("s0123456".into()),
            ),
            ("0123456", TypedUsername::BareNumber("0123456".into())),
            ("", TypedUsername::Username(String::new())),
            (
                "\u{0455}0123456",
                TypedUsername::Username("\u{0455}0123456".into()),
            ),
        ] {
            assert_eq!(TypedUsername::read(typed), expected, "{typed:?}");
        }
        assert_eq!(canonical(&"x".repeat(5000)).len(), 64);
    }
}
