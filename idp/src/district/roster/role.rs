//! Roles of people, in the words of OneRoster 1.2.

use crate::district::person::Population;

/// What somebody is in a school or in the district.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// `student`
    Student,
    /// `teacher`
    Teacher,
    /// `aide`
    Aide,
    /// `counselor`
    Counselor,
    /// `principal`
    Principal,
    /// `siteAdministrator`
    SiteAdministrator,
    /// `districtAdministrator`
    DistrictAdministrator,
    /// `systemAdministrator`; gives no right in the portal by itself.
    SystemAdministrator,
    /// `proctor`
    Proctor,
    /// `guardian`, `parent` or `relative`, as written.
    Guardian(&'static str),
    /// 1.1's `administrator`, whose level follows from the organisation: see [`Role::at`].
    Administrator,
    /// An own word of the export, `ext:…`, or another one read back from the store.
    Other(Box<str>),
}

/// The role words of users.csv in 1.1.
pub const USER_ROLES_1P1: &[&str] = &[
    "administrator",
    "aide",
    "guardian",
    "parent",
    "proctor",
    "relative",
    "student",
    "teacher",
];

/// The role words of roles.csv in 1.2.
pub const ROLES_1P2: &[&str] = &[
    "aide",
    "counselor",
    "districtAdministrator",
    "guardian",
    "parent",
    "principal",
    "proctor",
    "relative",
    "siteAdministrator",
    "student",
    "systemAdministrator",
    "teacher",
];

/// The role words of enrollments.csv.
pub const ENROLLMENT_ROLES: &[&str] = &["administrator", "proctor", "student", "teacher"];

impl Role {
    /// From a word that has been checked.
    pub fn from_token(token: &str) -> Self {
        match token {
            "student" => Self::Student,
            "teacher" => Self::Teacher,
            "aide" => Self::Aide,
            "counselor" => Self::Counselor,
            "principal" => Self::Principal,
            "siteAdministrator" => Self::SiteAdministrator,
            "districtAdministrator" => Self::DistrictAdministrator,
            "systemAdministrator" => Self::SystemAdministrator,
            "proctor" => Self::Proctor,
            "guardian" => Self::Guardian("guardian"),
            "parent" => Self::Guardian("parent"),
            "relative" => Self::Guardian("relative"),
            "administrator" => Self::Administrator,
            other => Self::Other(other.into()),
        }
    }

    /// The word, as stored.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Student => "student",
            Self::Teacher => "teacher",
            Self::Aide => "aide",
            Self::Counselor => "counselor",
            Self::Principal => "principal",
            Self::SiteAdministrator => "siteAdministrator",
            Self::DistrictAdministrator => "districtAdministrator",
            Self::SystemAdministrator => "systemAdministrator",
            Self::Proctor => "proctor",
            Self::Guardian(word) => word,
            Self::Administrator => "administrator",
            Self::Other(word) => word,
        }
    }

    /// The role in an organisation of `kind`: 1.1's administrator is one of the school or of the district.
    #[must_use]
    pub fn at(self, kind: &str) -> Self {
        match self {
            Self::Administrator if kind == "school" => Self::SiteAdministrator,
            Self::Administrator => Self::DistrictAdministrator,
            role => role,
        }
    }

    /// The kind of person.
    pub const fn population(&self) -> Population {
        match self {
            Self::Student => Population::Student,
            Self::Guardian(_) => Population::Guardian,
            _ => Population::Staff,
        }
    }

    /// Which of several roles of an employee stands for the person: the lowest.
    const fn rank(&self) -> u8 {
        match self {
            Self::Teacher => 0,
            Self::Principal => 1,
            Self::SiteAdministrator => 2,
            Self::DistrictAdministrator => 3,
            Self::SystemAdministrator => 4,
            Self::Administrator => 5,
            Self::Counselor => 6,
            Self::Other(_) => 7,
            Self::Proctor => 8,
            Self::Aide => 9,
            Self::Student => 10,
            Self::Guardian(_) => 11,
        }
    }
}

/// Chooses the role that stands for a person out of all, each with whether it is a primary one.
///
/// A primary student is a student, whatever else; then employees by primary, then by rank; guardians last.
pub fn main_role<'a>(roles: impl IntoIterator<Item = (&'a Role, bool)>) -> Option<&'a Role> {
    roles
        .into_iter()
        .min_by_key(|(role, primary)| {
            let group = match (role.population(), primary) {
                (Population::Student, true) => 0,
                (Population::Staff, true) => 1,
                (Population::Staff, false) => 2,
                (Population::Student, false) => 3,
                (Population::Guardian, _) => 4,
            };
            (group, role.rank())
        })
        .map(|(role, _)| role)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_back() {
        for token in USER_ROLES_1P1
            .iter()
            .chain(ROLES_1P2)
            .chain(&["ext:technician"])
        {
            assert_eq!(Role::from_token(token).as_str(), *token);
        }
        assert_eq!(Role::Administrator.at("school"), Role::SiteAdministrator);
        assert_eq!(
            Role::Administrator.at("district"),
            Role::DistrictAdministrator
        );
        assert_eq!(Role::Teacher.at("district"), Role::Teacher);
    }

    #[test]
    fn one_role_stands_for_the_person() {
        for (roles, expect) in [
            (&[("aide", true), ("teacher", true)][..], "teacher"),
            (&[("student", true), ("aide", true)], "student"),
            (&[("student", false), ("aide", true)], "aide"),
            (&[("guardian", true), ("aide", false)], "aide"),
            (&[("teacher", false), ("principal", true)], "principal"),
            (&[("parent", true)], "parent"),
        ] {
            let roles: Vec<(Role, bool)> = roles
                .iter()
                .map(|(r, p)| (Role::from_token(r), *p))
                .collect();
            let main = main_role(roles.iter().map(|(r, p)| (r, *p))).unwrap();
            assert_eq!(main.as_str(), expect);
        }
        assert_eq!(main_role([]), None);
    }
}
