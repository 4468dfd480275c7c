//! How a typed name is compared with the roster's: equal after folding, or not. No edit distance and no nicknames, because
//! twins and look-alikes sit in one class; what almost matched is described for staff only.

use caseless::Caseless as _;
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::canonical_combining_class;

/// What may follow a family name and is left out of the comparison, in folded form.
const SUFFIXES: [&str; 10] = [
    "jr", "sr", "ii", "iii", "iv", "v", "vi", "2nd", "3rd", "4th",
];

/// How strictly names are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strictness {
    /// Letter by letter, after outer spaces are cut and both sides are composed (Unicode NFC).
    Exact,
    /// Equal forms of [`normalize_name`].
    Normalized,
}

/// The names of one person as the roster holds them.
#[derive(Clone, Copy, Debug, Default)]
pub struct RosterNames<'a> {
    /// Legal or usual first name.
    pub given: &'a str,
    /// Last name.
    pub family: &'a str,
    /// Middle names, separated by spaces.
    pub middle: Option<&'a str>,
    /// First name the person goes by.
    pub preferred_given: Option<&'a str>,
    /// Last name the person goes by.
    pub preferred_family: Option<&'a str>,
}

/// The names as somebody typed them.
#[derive(Clone, Copy, Debug)]
pub struct TypedNames<'a> {
    /// The field for the first name.
    pub first: &'a str,
    /// The field for the last name.
    pub last: &'a str,
}

/// Why names did not match, for staff who help. Never shown to the person who typed them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NearMiss {
    /// The first or the last name was left empty.
    Empty,
    /// First and last name stand in each other's field.
    Swapped,
    /// One part of a family name of several parts.
    PartOfFamilyName,
    /// One part of a first name of several parts, or more than the roster holds.
    PartOfGivenName,
    /// At most two letters differ; may be a twin or somebody else.
    Spelling,
    /// The last name matches, the first name does not.
    GivenDiffers,
    /// The first name matches, the last name does not.
    FamilyDiffers,
    /// Neither matches.
    BothDiffer,
}

impl NearMiss {
    /// The reason as a stable word, for the audit trail and for message keys.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "name-empty",
            Self::Swapped => "names-swapped",
            Self::PartOfFamilyName => "part-of-family-name",
            Self::PartOfGivenName => "part-of-given-name",
            Self::Spelling => "spelling",
            Self::GivenDiffers => "given-name-differs",
            Self::FamilyDiffers => "family-name-differs",
            Self::BothDiffer => "both-names-differ",
        }
    }
}

/// The form in which names are compared: small letters without marks, apostrophes, spaces, hyphens and suffixes.
///
/// `"Hernández-Peña, Jr."` becomes `"hernandezpena"`. Letters of other scripts stay what they are, so a Cyrillic look-alike
/// never equals a Latin letter.
pub fn normalize_name(name: &str) -> String {
    let mut tokens = tokens(name);
    while tokens.len() > 1
        && tokens
            .last()
            .is_some_and(|last| SUFFIXES.contains(&last.as_str()))
    {
        tokens.pop();
    }
    tokens.concat()
}

/// Family name, a space, given name, both normalized: what `people.name_folded` holds.
pub fn folded_full_name(family: &str, given: &str) -> String {
    format!("{} {}", normalize_name(family), normalize_name(given))
}

/// Whether the typed names are the person's. An empty name never matches.
///
/// The first name may be the given name, the given with the middle names, or the preferred one; the last name the family name
/// or the preferred one.
pub fn names_match(
    strictness: Strictness,
    roster: &RosterNames<'_>,
    typed: TypedNames<'_>,
) -> bool {
    given_matches(strictness, roster, typed.first) && family_matches(strictness, roster, typed.last)
}

/// Describes the way in which names failed to match; call it only after [`names_match`] said no.
pub fn near_miss(roster: &RosterNames<'_>, typed: TypedNames<'_>) -> NearMiss {
    let (first, last) = (normalize_name(typed.first), normalize_name(typed.last));
    if first.is_empty() || last.is_empty() {
        return NearMiss::Empty;
    }
    let swapped = TypedNames {
        first: typed.last,
        last: typed.first,
    };
    if names_match(Strictness::Normalized, roster, swapped) {
        return NearMiss::Swapped;
    }
    let given_ok = given_matches(Strictness::Normalized, roster, typed.first);
    let family_ok = family_matches(Strictness::Normalized, roster, typed.last);
    if given_ok && is_part(roster.family, typed.last) {
        return NearMiss::PartOfFamilyName;
    }
    if family_ok && is_part(roster.given, typed.first) {
        return NearMiss::PartOfGivenName;
    }
    let given = normalize_name(roster.given);
    let family = normalize_name(roster.family);
    if (given_ok || at_most_two_edits(&given, &first))
        && (family_ok || at_most_two_edits(&family, &last))
    {
        return NearMiss::Spelling;
    }
    match (given_ok, family_ok) {
        (false, true) => NearMiss::GivenDiffers,
        (true, false) => NearMiss::FamilyDiffers,
        _ => NearMiss::BothDiffer,
    }
}

/// Whether two folded given names may be the same person's, spelled anew: equal, one the beginning of the other, or, from five
/// letters on, two letters apart. Never proof by itself.
pub fn alike(a: &str, b: &str) -> bool {
    let shorter = a.chars().count().min(b.chars().count());
    a == b
        || (shorter >= 2 && (a.starts_with(b) || b.starts_with(a)))
        || (shorter >= 5 && at_most_two_edits(a, b))
}

fn given_matches(strictness: Strictness, roster: &RosterNames<'_>, typed: &str) -> bool {
    let with_middle = roster
        .middle
        .map(|middle| format!("{} {middle}", roster.given.trim()));
    [
        Some(roster.given),
        with_middle.as_deref(),
        roster.preferred_given,
    ]
    .into_iter()
    .flatten()
    .any(|name| same(strictness, name, typed))
}

fn family_matches(strictness: Strictness, roster: &RosterNames<'_>, typed: &str) -> bool {
    [Some(roster.family), roster.preferred_family]
        .into_iter()
        .flatten()
        .any(|name| same(strictness, name, typed))
}

fn same(strictness: Strictness, roster: &str, typed: &str) -> bool {
    match strictness {
        Strictness::Exact => {
            let typed = typed.trim();
            !typed.is_empty() && roster.trim().nfc().eq(typed.nfc())
        }
        Strictness::Normalized => {
            let typed = normalize_name(typed);
            !typed.is_empty() && normalize_name(roster) == typed
        }
    }
}

/// The folded parts of a name, in order, none empty, suffixes still there.
fn tokens(name: &str) -> Vec<String> {
    let folded = name
        .chars()
        // The spacing acute accent would decompose into a space and a mark.
        .map(|c| if c == '\u{00B4}' { '\'' } else { c })
        .nfkc()
        .default_case_fold()
        .nfd()
        .filter(|&c| canonical_combining_class(c) == 0 && !is_invisible(c) && !is_apostrophe(c));
    let mut out = Vec::new();
    let mut token = String::new();
    for c in folded {
        if is_break(c) {
            if !token.is_empty() {
                out.push(std::mem::take(&mut token));
            }
        } else {
            push_plain(&mut token, c);
        }
    }
    if !token.is_empty() {
        out.push(token);
    }
    out
}

/// Letters with a stroke and ligatures have no decomposition.
fn push_plain(token: &mut String, c: char) {
    match c {
        'đ' | 'ð' => token.push('d'),
        'ø' => token.push('o'),
        'ł' => token.push('l'),
        'ı' => token.push('i'),
        'ħ' => token.push('h'),
        'æ' => token.push_str("ae"),
        'œ' => token.push_str("oe"),
        'þ' => token.push_str("th"),
        _ => token.push(c),
    }
}

const fn is_apostrophe(c: char) -> bool {
    matches!(
        c,
        '\'' | '`'
            | '\u{2018}'
            | '\u{2019}'
            | '\u{02B9}'
            | '\u{02BB}'
            | '\u{02BC}'
            | '\u{00B4}'
            | '\u{2032}'
    )
}

fn is_break(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '.' | ',' | '\u{2010}'..='\u{2015}' | '\u{2212}')
}

/// Characters without a glyph that copying and phone keyboards leave behind.
const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{00AD}' | '\u{034F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
    )
}

/// Whether one side is a run of the other's parts, from its start or its end, and not the whole.
fn is_part(roster: &str, typed: &str) -> bool {
    let (a, b) = (tokens(roster), tokens(typed));
    let (long, short) = if a.len() > b.len() { (a, b) } else { (b, a) };
    !short.is_empty()
        && long.len() > short.len()
        && (long.starts_with(&short) || long.ends_with(&short))
}

/// Whether at most two insertions, deletions or replacements make one text of the other. Works along the shared start, so
/// long unrelated texts cost little.
fn at_most_two_edits(a: &str, b: &str) -> bool {
    fn within(a: &[char], b: &[char], left: u8) -> bool {
        match (a, b) {
            ([x, a @ ..], [y, b @ ..]) if x == y => within(a, b, left),
            ([], rest) | (rest, []) => rest.len() <= usize::from(left),
            (_, _) if left == 0 => false,
            ([_, a_rest @ ..], [_, b_rest @ ..]) => {
                within(a_rest, b_rest, left - 1)
                    || within(a_rest, b, left - 1)
                    || within(a, b_rest, left - 1)
            }
        }
    }
    let a: Vec<char> = a.chars().take(256).collect();
    let b: Vec<char> = b.chars().take(256).collect();
    within(&a, &b, 2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Columns: `sis_last`, `sis_first`, `typed_last`, `typed_first`, `expect_normalized`, `why`.
    const CASES: &str = include_str!("name_match_cases.tsv");

    fn roster<'a>(given: &'a str, family: &'a str) -> RosterNames<'a> {
        RosterNames {
            given,
            family,
            ..RosterNames::default()
        }
    }

    fn typed<'a>(first: &'a str, last: &'a str) -> TypedNames<'a> {
        TypedNames { first, last }
    }

    #[test]
    fn every_case_of_the_table() {
        let mut count = 0;
        for line in CASES.lines().skip(1) {
            let cells: Vec<&str> = line.split('\t').collect();
            let [family, given, last, first, expect, why] = cells[..] else {
                panic!("six cells: {line}")
            };
            let matches = names_match(
                Strictness::Normalized,
                &roster(given, family),
                typed(first, last),
            );
            assert_eq!(matches, expect == "match", "{why}: {line}");
            count += 1;
        }
        assert_eq!(count, 40);
    }

    #[test]
    fn normal_forms() {
        for (name, form) in [
            ("Hernández-Peña, Jr.", "hernandezpena"),
            ("Nguye\u{302}\u{303}n", "nguyen"),
            ("STRAẞE", "strasse"),
            ("Vi", "vi"),
            ("Jr", "jr"),
            ("O\u{00B4}Neal", "oneal"),
            ("Ng\u{200B}o\u{00AD}", "ngo"),
            ("İpek", "ipek"),
            ("Łukasz", "lukasz"),
            ("Brown Jr III", "brown"),
            ("- . ,", ""),
            ("", ""),
        ] {
            assert_eq!(normalize_name(name), form, "{name}");
        }
        assert_eq!(folded_full_name("De La Cruz", "Ana"), "delacruz ana");
    }

    #[test]
    fn middle_and_preferred_names_count() {
        let names = RosterNames {
            given: "Mary",
            family: "Jackson",
            middle: Some("Ann"),
            preferred_given: Some("Mia"),
            preferred_family: Some("Lee"),
        };
        for (first, last, expect) in [
            ("Mary", "Jackson", true),
            ("MaryAnn", "jackson", true),
            ("Mary Ann", "Lee", true),
            ("Mia", "Jackson", true),
            ("Mia", "Lee", true),
            ("Ann", "Jackson", false),
            ("Mia Ann", "Jackson", false),
        ] {
            assert_eq!(
                names_match(Strictness::Normalized, &names, typed(first, last)),
                expect,
                "{first} {last}"
            );
        }
    }

    #[test]
    fn exact_is_letter_by_letter() {
        let names = roster("José", "O'Neal");
        for (first, last, expect) in [
            ("José", "O'Neal", true),
            (" José", "O'Neal ", true),
            ("Jose\u{301}", "O'Neal", true),
            ("Jose", "O'Neal", false),
            ("josé", "O'Neal", false),
            ("José", "O\u{2019}Neal", false),
            ("", "O'Neal", false),
        ] {
            assert_eq!(
                names_match(Strictness::Exact, &names, typed(first, last)),
                expect,
                "{first} {last}"
            );
        }
    }

    #[test]
    fn an_empty_roster_name_opens_nothing() {
        let names = roster("-", ".");
        for strictness in [Strictness::Exact, Strictness::Normalized] {
            assert!(!names_match(strictness, &names, typed("", "")));
            assert!(!names_match(strictness, &names, typed(" ", "'")));
        }
    }

    #[test]
    fn near_misses_are_named() {
        for (given, family, first, last, expect) in [
            ("Jordan", "Smith", "Smith", "Jordan", NearMiss::Swapped),
            ("Jordan", "Smith", "Jordan", "", NearMiss::Empty),
            (
                "Aaliyah",
                "Smith-Jones",
                "Aaliyah",
                "Smith",
                NearMiss::PartOfFamilyName,
            ),
            (
                "Mary Ann",
                "Jackson",
                "Mary",
                "Jackson",
                NearMiss::PartOfGivenName,
            ),
            (
                "Mary",
                "Jackson",
                "Mary Ann",
                "Jackson",
                NearMiss::PartOfGivenName,
            ),
            ("Jaden", "Brown", "Jayden", "Brown", NearMiss::Spelling),
            ("Zoe", "Müller", "Zoe", "Mueller", NearMiss::Spelling),
            ("Robert", "Brown", "Bob", "Brown", NearMiss::GivenDiffers),
            (
                "Robert",
                "Brown",
                "Robert",
                "Washington",
                NearMiss::FamilyDiffers,
            ),
            (
                "Robert",
                "Brown",
                "Alexandra",
                "Washington",
                NearMiss::BothDiffer,
            ),
        ] {
            let names = roster(given, family);
            assert_eq!(
                near_miss(&names, typed(first, last)),
                expect,
                "{first} {last}"
            );
        }
    }

    proptest! {
        #[test]
        fn folding_is_stable(name in "\\PC{0,40}") {
            let once = normalize_name(&name);
            prop_assert!(once.chars().all(|c| !is_break(c) && !is_apostrophe(c)));
        }

        #[test]
        fn a_name_matches_itself(given in "[A-Za-zÀ-ỹ' -]{1,20}", family in "[A-Za-zÀ-ỹ' -]{1,20}") {
            let names = roster(&given, &family);
            let same = typed(&given, &family);
            let empty = normalize_name(&given).is_empty() || normalize_name(&family).is_empty();
            prop_assert_eq!(names_match(Strictness::Normalized, &names, same), !empty);
        }
    }
}
