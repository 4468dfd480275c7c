//! The data types of the OneRoster CSV binding, cell by cell.

use std::borrow::Cow;

use chrono::NaiveDate;
use unicode_normalization::{UnicodeNormalization as _, is_nfc};

/// Whether `text` is a sourcedId: 1 to 255 of `0-9 A-Z a-z . - _ / @`.
pub fn is_sourced_id(text: &str) -> bool {
    (1..=255).contains(&text.len())
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'/' | b'@'))
}

/// A date, exactly `YYYY-MM-DD`.
pub fn date(text: &str) -> Option<NaiveDate> {
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    match (
        text.get(..4),
        text.get(4..5),
        text.get(5..7),
        text.get(7..8),
        text.get(8..),
    ) {
        (Some(year), Some("-"), Some(month), Some("-"), Some(day))
            if day.len() == 2 && digits(year) && digits(month) && digits(day) =>
        {
            NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
        }
        _ => None,
    }
}

/// What to say about a date that is none: real exports write the American form, or add a time.
pub fn date_advice(text: &str) -> Cow<'static, str> {
    let parts: Vec<&str> = text.split('/').collect();
    if let [month, day, year] = parts.as_slice()
        && let (Ok(month), Ok(day), Ok(year)) = (
            month.parse::<u32>(),
            day.parse::<u32>(),
            year.parse::<i32>(),
        )
        && NaiveDate::from_ymd_opt(year, month, day).is_some()
    {
        return format!("Dates are written YYYY-MM-DD: {year:04}-{month:02}-{day:02}.").into();
    }
    "Dates are written YYYY-MM-DD, as 2026-08-05.".into()
}

/// A year, exactly `YYYY`.
pub fn is_year(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit())
}

/// A moment in UTC, exactly `YYYY-MM-DDTHH:MM:SS.sssZ`.
pub fn is_date_time(text: &str) -> bool {
    let shape = text.bytes().enumerate().all(|(at, b)| match at {
        4 | 7 => b == b'-',
        10 => b == b'T',
        13 | 16 => b == b':',
        19 => b == b'.',
        23 => b == b'Z',
        _ => b.is_ascii_digit(),
    });
    let below = |from: usize, limit: u32| {
        text.get(from..from + 2)
            .and_then(|two| two.parse::<u32>().ok())
            .is_some_and(|value| value < limit)
    };
    text.len() == 24
        && shape
        && text.get(..10).is_some_and(|day| date(day).is_some())
        && below(11, 24)
        && below(14, 60)
        && below(17, 61)
}

/// `true` or `false`, exactly.
pub fn flag(text: &str) -> Option<bool> {
    match text {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// The items of a list in one cell.
pub fn list(text: &str) -> impl Iterator<Item = &str> {
    text.split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
}

/// A text as it is kept: composed (Unicode NFC), outer spaces cut, inner runs of spaces made one. Letters stay as they are.
pub fn clean(text: &str) -> Cow<'_, str> {
    let tidy = !text.starts_with(char::is_whitespace)
        && !text.ends_with(char::is_whitespace)
        && !text.contains("  ")
        && text.chars().all(|c| c == ' ' || !c.is_whitespace());
    if tidy && is_nfc(text) {
        return Cow::Borrowed(text);
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    Cow::Owned(words.join(" ").nfc().collect())
}

/// Whether a control character stands in `text`: PostgreSQL stores no NUL, and no name has a line end.
pub fn has_control(text: &str) -> bool {
    text.chars().any(char::is_control)
}

/// Whether `text` looks like an e-mail address: one `@` with something on both sides, a dot after it, no spaces.
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    let mut labels = domain.split('.');
    !local.is_empty()
        && text.len() <= 254
        && domain.contains('.')
        && labels.all(|label| !label.is_empty())
        && !text
            .chars()
            .any(|c| c.is_whitespace() || matches!(c, '<' | '>' | ',' | ';' | '"'))
        && !domain.contains('@')
}

/// The internal number behind a person's id of Infinite Campus 1.1: one leading letter for the role and an optional plus are
/// left out, so `s+123456`, `s123456` and `123456` are the same person. None where the rest is not all digits.
pub fn without_role_letter(id: &str) -> Option<&str> {
    let rest = id
        .strip_prefix(|c: char| c.is_ascii_alphabetic())
        .unwrap_or(id);
    let rest = rest.strip_prefix('+').unwrap_or(rest);
    (!rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit())).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sourced_ids() {
        for (text, good) in [
            ("s0012345", true),
            ("a.b-c_d/e@f", true),
            ("", false),
            ("a b", false),
            ("a+b", false),
            ("é", false),
            (&"x".repeat(255), true),
            (&"x".repeat(256), false),
        ] {
            assert_eq!(is_sourced_id(text), good, "{text}");
        }
    }

    #[test]
    fn dates_and_times() {
        for (text, good) in [
            ("2026-08-05", true),
            ("2024-02-29", true),
            ("2026-02-29", false),
            ("2026-8-5", false),
            ("08/05/2019", false),
            ("2026-08-05T00:00:00Z", false),
            ("+026-08-05", false),
            ("", false),
            ("ééé", false),
        ] {
            assert_eq!(date(text).is_some(), good, "{text}");
        }
        assert!(date_advice("08/05/2019").contains("2019-08-05"));
        assert!(date_advice("13/45/2019").contains("YYYY-MM-DD"));
        for (text, good) in [
            ("2026-08-05T12:30:00.000Z", true),
            ("2026-08-05T12:30:00Z", false),
            ("2026-08-05T24:30:00.000Z", false),
            ("2026-08-05 12:30:00.000Z", false),
        ] {
            assert_eq!(is_date_time(text), good, "{text}");
        }
        assert!(is_year("2027") && !is_year("27") && !is_year("20261"));
    }

    #[test]
    fn texts_are_tidied_and_kept() {
        for (text, kept) in [
            ("Smith", "Smith"),
            ("  De  La\u{A0}Cruz ", "De La Cruz"),
            ("Jose\u{301}", "José"),
            ("O\u{2019}Neal", "O\u{2019}Neal"),
            ("ÁLVAREZ", "ÁLVAREZ"),
        ] {
            assert_eq!(clean(text), kept);
        }
    }

    #[test]
    fn addresses_and_role_letters() {
        for (text, good) in [
            ("a@b.org", true),
            ("a@b", false),
            ("a b@c.org", false),
            ("a@b@c.org", false),
            ("@b.org", false),
            ("a@.org", false),
        ] {
            assert_eq!(is_email(text), good, "{text}");
        }
        for (id, rest) in [
            ("s123", Some("123")),
            ("s+123", Some("123")),
            ("123", Some("123")),
            ("st123", None),
            ("s", None),
            ("0b2c-11", None),
        ] {
            assert_eq!(without_role_letter(id), rest, "{id}");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(text in any::<String>()) {
            let _ = (is_sourced_id(&text), date(&text), date_advice(&text), is_date_time(&text), is_email(&text));
            let once = clean(&text).into_owned();
            prop_assert_eq!(clean(&once), once.as_str());
        }
    }
}
