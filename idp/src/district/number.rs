//! Student and employee numbers as people type them: with the letter of the username, with spaces, without the zeros.

use unicode_normalization::UnicodeNormalization as _;

use super::username::is_invisible;

/// The longest number that is looked up.
const LONGEST: usize = 20;

/// A typed number, ready to be looked up. Numbers are text: a leading zero is part of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TypedNumber {
    /// The number as typed, bare; then the same with one, two, … zeros in front, up to the usual length. Empty when what
    /// was typed can be nobody's number.
    pub candidates: Vec<String>,
    /// The letter that was left out, in lower case.
    pub dropped: Option<char>,
}

impl TypedNumber {
    /// Reads `typed`. `digits` is the usual length of a student's number; `prefixes` are what usernames put in front.
    ///
    /// Drops spaces, hyphens and dashes anywhere, and one prefix in front of a digit.
    pub fn read(typed: &str, digits: u32, prefixes: &[&str]) -> Self {
        let bare: String = typed
            .nfkc()
            .filter(|c| !c.is_whitespace() && !is_dash(*c) && !is_invisible(*c))
            .flat_map(char::to_lowercase)
            .take(LONGEST + 4)
            .collect();
        let (bare, dropped) = without_prefix(&bare, prefixes);
        if bare.is_empty() || bare.len() > LONGEST || !bare.bytes().all(|b| b.is_ascii_digit()) {
            return Self {
                candidates: Vec::new(),
                dropped,
            };
        }
        let missing = usize::try_from(digits)
            .unwrap_or_default()
            .saturating_sub(bare.len());
        let candidates = (0..=missing.min(LONGEST))
            .map(|zeros| "0".repeat(zeros) + bare)
            .collect();
        Self {
            candidates,
            dropped,
        }
    }

    /// The number without added zeros.
    pub fn bare(&self) -> Option<&str> {
        self.candidates.first().map(String::as_str)
    }
}

fn without_prefix<'a>(bare: &'a str, prefixes: &[&str]) -> (&'a str, Option<char>) {
    // "s" and "e" are what the district's own guide writes, whatever the settings say.
    for prefix in prefixes.iter().chain(&["s", "e"]) {
        if let Some(rest) = bare.strip_prefix(*prefix)
            && rest.starts_with(|c: char| c.is_ascii_digit())
            && let Some(letter) = prefix.chars().next()
        {
            return (rest, Some(letter));
        }
    }
    (bare, None)
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        for (typed, bare, dropped) in [
            ("0123456", Some("0123456"), None),
            ("s0123456", Some("0123456"), Some('s')),
            ("S 012-3456", Some("0123456"), Some('s')),
            ("E99999", Some("99999"), Some('e')),
            (" 012 34 56\u{a0}", Some("0123456"), None),
            ("０１２３４５６", Some("0123456"), None),
            ("012–3456", Some("0123456"), None),
            ("\u{200b}0123456", Some("0123456"), None),
            ("S", None, None),
            ("", None, None),
            ("ss0123456", None, None),
            ("012345a", None, None),
            ("0123456789012345678901234567890", None, None),
            ("٠١٢٣٤٥٦", None, None),
        ] {
            let number = TypedNumber::read(typed, 7, &["s", "e"]);
            assert_eq!(
                (number.bare(), number.dropped),
                (bare, dropped),
                "{typed:?}"
            );
        }
    }

    #[test]
    fn missing_zeros_are_offered_up_to_the_usual_length() {
        let number = TypedNumber::read("12345", 7, &["s", "e"]);
        assert_eq!(number.candidates, ["12345", "012345", "0012345"]);
        assert_eq!(
            TypedNumber::read("12345678", 7, &[]).candidates,
            ["12345678"]
        );
    }

    #[test]
    fn a_districts_own_prefix_is_dropped_too() {
        let number = TypedNumber::read("stu0123456", 7, &["stu", "emp"]);
        assert_eq!(
            (number.bare(), number.dropped),
            (Some("0123456"), Some('s'))
        );
    }
}
