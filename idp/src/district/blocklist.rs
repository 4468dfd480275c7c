//! The commonest passwords of eight characters and more: what a guesser tries first. SP 800-63B-4 §3.1.1.2.
//!
//! The list is one sorted text inside the binary, searched by bisection: no table is built from it.

/// Sorted by bytes, a password a line, case-folded. Origin and licence: `blocklist/LICENSE-django.txt`.
const COMMON: &str = include_str!("blocklist/common.txt");

/// What the district's own published guide printed as an example, and what it says to everybody.
const PRINTED: &[&str] = &["wittymouse"];

/// Whether `folded` (NFKC, case-folded) is on the list: as it is, without its spaces, or without the digits and marks that
/// people add at the end.
pub fn is_common(folded: &str) -> bool {
    let joined: String = folded.chars().filter(|c| !c.is_whitespace()).collect();
    let stem = joined.trim_end_matches(|c: char| c.is_ascii_digit() || c.is_ascii_punctuation());
    [folded, &joined, stem]
        .into_iter()
        .any(|form| PRINTED.contains(&form) || contains(COMMON, form))
}

/// Bisects lines sorted by their bytes.
fn contains(mut lines: &str, wanted: &str) -> bool {
    while !lines.is_empty() {
        let middle = lines.floor_char_boundary(lines.len() / 2);
        let start = lines
            .get(..middle)
            .and_then(|half| half.rfind('\n'))
            .map_or(0, |at| at + 1);
        let rest = lines.get(start..).unwrap_or_default();
        let line = rest.split('\n').next().unwrap_or_default();
        lines = match line.cmp(wanted) {
            std::cmp::Ordering::Equal => return !wanted.is_empty(),
            std::cmp::Ordering::Less => rest.get(line.len() + 1..).unwrap_or_default(),
            std::cmp::Ordering::Greater => lines.get(..start).unwrap_or_default(),
        };
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_and_every_line_is_found() {
        let lines: Vec<&str> = COMMON.lines().collect();
        assert!(lines.len() > 8000);
        assert!(lines.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(lines.iter().all(|line| contains(COMMON, line)));
    }

    #[test]
    fn bisection_on_small_lists() {
        for (list, wanted, expected) in [
            ("", "a", false),
            ("a\n", "a", true),
            ("a\n", "", false),
            ("a\nbb\nccc\n", "bb", true),
            ("a\nbb\nccc\n", "b", false),
            ("a\nbb\nccc\n", "d", false),
            ("é\nñandú\n", "ñandú", true),
        ] {
            assert_eq!(contains(list, wanted), expected, "{list:?} {wanted:?}");
        }
    }

    #[test]
    fn common_passwords_in_their_disguises() {
        for (password, expected) in [
            ("password", true),
            ("password2026", true),
            ("password!", true),
            ("pass word", true),
            ("basketball", true),
            ("witty mouse", true),
            ("purplehouse", false),
            ("purple house", false),
            ("green river runs", false),
        ] {
            assert_eq!(is_common(password), expected, "{password}");
        }
    }
}
