//! The edge cases that a made-up district has, and how many of each at full scale.

/// One edge case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Tag {
    /// `Smith-Jones`
    Hyphenated,
    /// `Hernández Peña`
    TwoFamilyNames,
    /// `de la Cruz`
    Particle,
    /// `O'Neal`
    Apostrophe,
    /// The same with U+2019.
    CurlyApostrophe,
    /// Marks as the family writes them.
    AccentsKept,
    /// Marks that the old system lost.
    AccentsLost,
    /// Marks as separate characters (Unicode NFD).
    Decomposed,
    /// `SMITH`
    Capitals,
    /// `Williams Jr`
    SuffixInFamily,
    /// `Terrence Jr` as the given name
    SuffixInGiven,
    /// `Mary Ann`
    CompoundGiven,
    /// Spaces before, after, doubled, or unbreakable.
    OddSpaces,
    /// One or two letters.
    ShortFamily,
    /// No middle name.
    NoMiddle,
    /// Another person of the school has the same full name.
    SameNameSchool,
    /// Another person of the district has the same full name.
    SameNameDistrict,
    /// Same family name, birth date and school; given names one or two letters apart.
    Twin,
    /// The same, three of them.
    Triplet,
    /// A brother or a sister at the same school.
    Sibling,
    /// A parent works at the school, or a child attends it.
    ParentOnStaff,
    /// Belongs to two schools.
    TwoSchools,
    /// An employee with two roles.
    TwoRoles,
    /// Goes by another given name (1.2).
    PreferredName,
    /// Over 60 characters.
    LongName,
    /// Latin and Cyrillic letters.
    MixedScripts,
}

impl Tag {
    /// As in the truth file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hyphenated => "hyphenated",
            Self::TwoFamilyNames => "two-family-names",
            Self::Particle => "particle",
            Self::Apostrophe => "apostrophe",
            Self::CurlyApostrophe => "curly-apostrophe",
            Self::AccentsKept => "accents-kept",
            Self::AccentsLost => "accents-lost",
            Self::Decomposed => "decomposed",
            Self::Capitals => "capitals",
            Self::SuffixInFamily => "suffix-in-family-name",
            Self::SuffixInGiven => "suffix-in-given-name",
            Self::CompoundGiven => "compound-given-name",
            Self::OddSpaces => "odd-spaces",
            Self::ShortFamily => "short-family-name",
            Self::NoMiddle => "no-middle-name",
            Self::SameNameSchool => "same-name-same-school",
            Self::SameNameDistrict => "same-name-district",
            Self::Twin => "twin",
            Self::Triplet => "triplet",
            Self::Sibling => "sibling",
            Self::ParentOnStaff => "parent-on-staff",
            Self::TwoSchools => "two-schools",
            Self::TwoRoles => "two-roles",
            Self::PreferredName => "preferred-name",
            Self::LongName => "long-name",
            Self::MixedScripts => "mixed-scripts",
        }
    }
}

/// A form of a name, and how many students and employees have it at full scale. Nobody has two of these.
pub const FORMS: &[(Tag, usize, usize)] = &[
    (Tag::Hyphenated, 2_600, 300),
    (Tag::TwoFamilyNames, 5_200, 200),
    (Tag::Particle, 700, 60),
    (Tag::Apostrophe, 420, 60),
    (Tag::CurlyApostrophe, 60, 5),
    (Tag::AccentsKept, 3_100, 150),
    (Tag::AccentsLost, 3_100, 150),
    (Tag::Decomposed, 40, 4),
    (Tag::Capitals, 800, 200),
    (Tag::SuffixInFamily, 900, 120),
    (Tag::SuffixInGiven, 60, 6),
    (Tag::CompoundGiven, 1_300, 100),
    (Tag::OddSpaces, 150, 10),
    (Tag::ShortFamily, 120, 8),
    (Tag::PreferredName, 500, 60),
    (Tag::LongName, 5, 5),
    (Tag::MixedScripts, 5, 5),
];

/// Students without a middle name, employees without one.
pub const NO_MIDDLE: (usize, usize) = (14_000, 2_000);
/// Pairs of the same full name in one school.
pub const SAME_NAME_SCHOOL: (usize, usize) = (60, 10);
/// People with the same full name as somebody at another school.
pub const SAME_NAME_DISTRICT: (usize, usize) = (1_400, 120);
/// Pairs of twins.
pub const TWINS: usize = 90;
/// Sets of triplets.
pub const TRIPLETS: usize = 6;
/// Students with a brother or sister at the school.
pub const SIBLINGS: usize = 6_000;
/// Students whose parent works at the school.
pub const PARENTS: usize = 250;
/// People of two schools.
pub const TWO_SCHOOLS: (usize, usize) = (180, 450);
/// Employees with two roles.
pub const TWO_ROLES: usize = 300;

/// A set of tags.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tags(u32);

impl Tags {
    /// Adds one.
    pub fn add(&mut self, tag: Tag) {
        self.0 |= 1 << (tag as u8);
    }

    /// Whether it is there.
    pub const fn has(self, tag: Tag) -> bool {
        self.0 & (1 << (tag as u8)) != 0
    }

    /// All that are there, as words.
    pub fn words(self) -> Vec<&'static str> {
        ALL.iter()
            .filter(|tag| self.has(**tag))
            .map(|tag| tag.as_str())
            .collect()
    }
}

const ALL: &[Tag] = &[
    Tag::Hyphenated,
    Tag::TwoFamilyNames,
    Tag::Particle,
    Tag::Apostrophe,
    Tag::CurlyApostrophe,
    Tag::AccentsKept,
    Tag::AccentsLost,
    Tag::Decomposed,
    Tag::Capitals,
    Tag::SuffixInFamily,
    Tag::SuffixInGiven,
    Tag::CompoundGiven,
    Tag::OddSpaces,
    Tag::ShortFamily,
    Tag::NoMiddle,
    Tag::SameNameSchool,
    Tag::SameNameDistrict,
    Tag::Twin,
    Tag::Triplet,
    Tag::Sibling,
    Tag::ParentOnStaff,
    Tag::TwoSchools,
    Tag::TwoRoles,
    Tag::PreferredName,
    Tag::LongName,
    Tag::MixedScripts,
];
