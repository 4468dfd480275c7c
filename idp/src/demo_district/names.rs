//! Lists of names with their weights, and names of every awkward form that a student information system holds.

use std::sync::LazyLock;

use super::dice::Dice;
use super::tags::Tag;

/// Where a family's names come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// United States.
    English,
    /// Colombia and Mexico.
    Spanish,
    /// Vietnam.
    Vietnamese,
    /// Nigeria.
    Yoruba,
    /// France.
    French,
}

impl Origin {
    /// All, in the order of the mixture.
    pub const ALL: [Self; 5] = [
        Self::English,
        Self::Spanish,
        Self::Vietnamese,
        Self::Yoruba,
        Self::French,
    ];

    /// Percent of all people.
    pub const fn percent(self) -> usize {
        match self {
            Self::English => 66,
            Self::Spanish => 26,
            Self::Vietnamese => 3,
            Self::Yoruba => 4,
            Self::French => 1,
        }
    }
}

/// The names of a person as the roster holds them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    /// `givenName`
    pub given: String,
    /// `familyName`
    pub family: String,
    /// `middleName`
    pub middle: Option<String>,
    /// `preferredGivenName`
    pub preferred_given: Option<String>,
}

/// Whether a list is for girls or boys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    /// Girls and women.
    Female,
    /// Boys and men.
    Male,
}

/// Names and the sum of the weights up to each.
#[derive(Debug, Default)]
struct List {
    names: Vec<&'static str>,
    sums: Vec<u64>,
}

impl List {
    fn push(&mut self, name: &'static str, weight: u64) {
        let before = self.sums.last().copied().unwrap_or_default();
        self.names.push(name);
        self.sums.push(before + weight.max(1));
    }

    fn draw(&self, dice: &mut Dice) -> &'static str {
        let roll = dice.below(self.sums.last().copied().unwrap_or_default());
        let at = self.sums.partition_point(|sum| *sum <= roll);
        self.names.get(at).copied().unwrap_or("Lee")
    }
}

/// The lists of one origin, split into plain names (one word of ASCII letters) and names with marks.
#[derive(Debug, Default)]
struct Lists {
    female: List,
    male: List,
    female_marked: List,
    male_marked: List,
    family: List,
    family_marked: List,
    middle: List,
}

impl Lists {
    fn read(tables: &[&'static str]) -> Self {
        let mut lists = Self::default();
        for line in tables.iter().flat_map(|table| table.lines().skip(1)) {
            let mut cells = line.split('\t');
            let (Some(part), Some(sex), Some(name), Some(weight)) =
                (cells.next(), cells.next(), cells.next(), cells.next())
            else {
                continue;
            };
            let one_word = !name.contains([' ', '-', '\'']);
            if !one_word {
                continue;
            }
            let plain = name.is_ascii();
            let weight = integer_weight(weight);
            let targets: Vec<&mut List> = match (part, sex, plain) {
                ("first", "F", true) => vec![&mut lists.female],
                ("first", "M", true) => vec![&mut lists.male],
                ("first", "F", false) => vec![&mut lists.female_marked],
                ("first", "M", false) => vec![&mut lists.male_marked],
                ("first", _, true) => vec![&mut lists.female, &mut lists.male],
                ("first", _, false) => vec![&mut lists.female_marked, &mut lists.male_marked],
                ("last", _, true) => vec![&mut lists.family],
                ("last", _, false) => vec![&mut lists.family_marked],
                _ => vec![&mut lists.middle],
            };
            for list in targets {
                list.push(name, weight);
            }
        }
        lists
    }
}

/// Weights are fractions below one; integers draw the same everywhere.
fn integer_weight(text: &str) -> u64 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut digits = fraction.chars().take(9).collect::<String>();
    while digits.len() < 9 {
        digits.push('0');
    }
    let whole: u64 = whole.parse().unwrap_or_default();
    whole * 1_000_000_000 + digits.parse::<u64>().unwrap_or_default()
}

static ENGLISH: LazyLock<Lists> = LazyLock::new(|| Lists::read(&[include_str!("names/en_US.tsv")]));
static SPANISH: LazyLock<Lists> = LazyLock::new(|| {
    Lists::read(&[
        include_str!("names/es_CO.tsv"),
        include_str!("names/es_MX.tsv"),
    ])
});
static VIETNAMESE: LazyLock<Lists> =
    LazyLock::new(|| Lists::read(&[include_str!("names/vi_VN.tsv")]));
static YORUBA: LazyLock<Lists> = LazyLock::new(|| Lists::read(&[include_str!("names/yo_NG.tsv")]));
static FRENCH: LazyLock<Lists> = LazyLock::new(|| Lists::read(&[include_str!("names/fr_FR.tsv")]));

fn lists(origin: Origin) -> &'static Lists {
    match origin {
        Origin::English => &ENGLISH,
        Origin::Spanish => &SPANISH,
        Origin::Vietnamese => &VIETNAMESE,
        Origin::Yoruba => &YORUBA,
        Origin::French => &FRENCH,
    }
}

/// A plain family name.
pub fn family(dice: &mut Dice, origin: Origin) -> String {
    let list = &lists(origin).family;
    if list.names.is_empty() {
        return unmarked(lists(origin).family_marked.draw(dice));
    }
    list.draw(dice).to_owned()
}

/// A plain given name.
pub fn given(dice: &mut Dice, origin: Origin, sex: Sex) -> String {
    let lists = lists(origin);
    match sex {
        Sex::Female => lists.female.draw(dice),
        Sex::Male => lists.male.draw(dice),
    }
    .to_owned()
}

/// A middle name: Vietnamese from its own list, else another given name.
pub fn middle(dice: &mut Dice, origin: Origin, sex: Sex) -> String {
    let own = &lists(origin).middle;
    if own.names.is_empty() {
        given(dice, origin, sex)
    } else {
        unmarked(own.draw(dice))
    }
}

const APOSTROPHES: &[&str] = &[
    "O'Neal",
    "O'Brien",
    "O'Connor",
    "O'Donnell",
    "O'Hara",
    "O'Keefe",
    "O'Malley",
    "O'Reilly",
    "O'Sullivan",
    "O'Toole",
    "D'Angelo",
    "D'Amico",
    "D'Agostino",
    "D'Souza",
    "D'Andrea",
    "D'Ambrosio",
    "N'Diaye",
    "M'Baye",
    "L'Heureux",
    "Dell'Orto",
    "O'Dell",
    "O'Quinn",
    "O'Banion",
    "D'Costa",
];
const PARTICLES: &[&str] = &[
    "de la", "De La", "De Los", "del", "van", "Van der", "von", "Le", "St.",
];
const SUFFIXES: &[&str] = &[
    " Jr", " Jr.", ", Jr", " II", " III", ", III", " IV", " Sr", " II.", " Sr.",
];
const GIVEN_SUFFIXES: &[&str] = &[" Jr", " III", " II", " Jr."];
const SHORT: &[&str] = &[
    "Le", "Li", "Wu", "Ho", "Yu", "Vo", "Ng", "Ha", "Ly", "Xu", "Ma", "O", "E", "Vi",
];
const CYRILLIC: &[&str] = &["Иванова", "Петренко", "Соколов", "Коваль", "Мороз"];
const PREFERRED: &[&str] = &[
    "Ace", "Bee", "Cece", "DJ", "EJ", "Gigi", "Jojo", "Kit", "Lulu", "TJ", "Zee", "Max",
];

/// A name of a form; none is a plain one. The middle name is left to the caller.
pub fn name(dice: &mut Dice, origin: Origin, sex: Sex, form: Option<Tag>) -> Name {
    let mut name = Name {
        given: given(dice, origin, sex),
        family: family(dice, origin),
        ..Name::default()
    };
    match form {
        Some(Tag::AccentsKept | Tag::AccentsLost | Tag::Decomposed) => {
            marked(dice, origin, sex, &mut name);
        }
        Some(Tag::CompoundGiven) => {
            name.given = format!("{} {}", name.given, given(dice, origin, sex));
        }
        Some(Tag::SuffixInGiven) => {
            let suffix = dice.pick(GIVEN_SUFFIXES).copied().unwrap_or_default();
            name.given.push_str(suffix);
        }
        Some(Tag::PreferredName) => {
            name.preferred_given = dice.pick(PREFERRED).map(|name| (*name).to_owned());
        }
        Some(form) => name.family = awkward_family(dice, origin, form, &name.family),
        None => {}
    }
    match form {
        Some(Tag::AccentsLost) => {
            name.given = unmarked(&name.given);
            name.family = unmarked(&name.family);
        }
        Some(Tag::Decomposed) => {
            use unicode_normalization::UnicodeNormalization as _;
            name.given = name.given.nfd().collect();
            name.family = name.family.nfd().collect();
        }
        Some(Tag::Capitals) => {
            name.given = name.given.to_uppercase();
            name.family = name.family.to_uppercase();
        }
        _ => {}
    }
    name
}

fn awkward_family(dice: &mut Dice, origin: Origin, form: Tag, plain: &str) -> String {
    let mut word = |list: &[&str]| dice.pick(list).copied().unwrap_or_default().to_owned();
    match form {
        Tag::Apostrophe => word(APOSTROPHES),
        Tag::CurlyApostrophe => word(APOSTROPHES).replace('\'', "\u{2019}"),
        Tag::Particle => format!("{} {plain}", word(PARTICLES)),
        Tag::SuffixInFamily => format!("{plain}{}", word(SUFFIXES)),
        Tag::ShortFamily => word(SHORT),
        Tag::MixedScripts => format!("{plain} {}", word(CYRILLIC)),
        Tag::OddSpaces => match dice.below(4) {
            0 => format!("{plain} "),
            1 => format!(" {plain}"),
            2 => format!("{plain}\u{A0}"),
            _ => format!("{plain}  {}", family(dice, origin)),
        },
        Tag::Hyphenated => format!("{plain}-{}", family(dice, origin)),
        Tag::TwoFamilyNames => format!("{plain} {}", family(dice, origin)),
        Tag::LongName => {
            let mut long = plain.to_owned();
            while long.chars().count() <= 60 {
                long = format!("{long} {}", family(dice, origin));
            }
            long
        }
        _ => plain.to_owned(),
    }
}

/// Gives `name` marks: in the family name, the given name, or both, whatever the lists have.
fn marked(dice: &mut Dice, origin: Origin, sex: Sex, name: &mut Name) {
    let lists = lists(origin);
    let given = match sex {
        Sex::Female => &lists.female_marked,
        Sex::Male => &lists.male_marked,
    };
    let which = dice.below(3);
    if which != 0 && !given.names.is_empty() {
        given.draw(dice).clone_into(&mut name.given);
    }
    if (which != 1 || given.names.is_empty()) && !lists.family_marked.names.is_empty() {
        lists.family_marked.draw(dice).clone_into(&mut name.family);
    }
}

/// What is left when an old system loses the marks.
pub fn unmarked(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    use unicode_normalization::char::is_combining_mark;
    text.nfd()
        .filter(|c| !is_combining_mark(*c))
        .map(|c| match c {
            'Đ' => 'D',
            'đ' => 'd',
            c => c,
        })
        .collect()
}

/// Given names of twins: one or two letters apart. Girls first.
pub const TWINS: &[(Sex, &[&str])] = &[
    (Sex::Female, &["Mia", "Nia", "Tia"]),
    (Sex::Female, &["Kayla", "Kaila", "Layla"]),
    (Sex::Female, &["Sara", "Sarah", "Zara"]),
    (Sex::Female, &["Aaliyah", "Aliyah", "Aleyah"]),
    (Sex::Female, &["Jada", "Jade", "Jaida"]),
    (Sex::Female, &["Ana", "Ann", "Anna"]),
    (Sex::Male, &["Jaden", "Jayden", "Jaylen"]),
    (Sex::Male, &["Brian", "Bryan", "Ryan"]),
    (Sex::Male, &["Erik", "Eric", "Erick"]),
    (Sex::Male, &["Aiden", "Aidan", "Hayden"]),
    (Sex::Male, &["Jalen", "Jaylin", "Jalon"]),
    (Sex::Male, &["Marco", "Marcos", "Marcus"]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::district::name_match::normalize_name;

    #[test]
    fn forms_are_what_they_say() {
        for row in 0..200 {
            let make = |form, origin| name(&mut Dice::new(1, "t", row), origin, Sex::Female, form);
            let plain = make(None, Origin::English);
            assert!(plain.given.is_ascii() && plain.family.is_ascii());
            assert!(
                make(Some(Tag::Hyphenated), Origin::English)
                    .family
                    .contains('-')
            );
            assert!(
                make(Some(Tag::CurlyApostrophe), Origin::English)
                    .family
                    .contains('\u{2019}')
            );
            for origin in [Origin::Spanish, Origin::Vietnamese, Origin::French] {
                let kept = make(Some(Tag::AccentsKept), origin);
                let lost = make(Some(Tag::AccentsLost), origin);
                let text = format!("{}{}", kept.given, kept.family);
                assert!(!text.is_ascii(), "{origin:?} {text}");
                assert!(lost.given.is_ascii() && lost.family.is_ascii(), "{lost:?}");
                assert_eq!(normalize_name(&kept.family), normalize_name(&lost.family));
                let vietnamese = make(None, origin);
                assert!(vietnamese.family.is_ascii(), "{vietnamese:?}");
            }
            let long = make(Some(Tag::LongName), Origin::English);
            assert!(long.family.chars().count() > 60);
        }
    }

    #[test]
    fn weights_become_integers() {
        assert_eq!(integer_weight("0.021712045"), 21_712_045);
        assert_eq!(integer_weight("1"), 1_000_000_000);
        assert_eq!(integer_weight("2.5"), 2_500_000_000);
    }
}
