//! A person of the roster, and the account that the claim takes.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::ids::{PersonId, SchoolId};
use crate::secret::Secret;

/// The three kinds of people, with different rules for passwords, questions and sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Population {
    /// Pupils.
    Student,
    /// All employees.
    Staff,
    /// Parents, guardians and relatives; no sign-in unless the district turns it on.
    Guardian,
}

impl Population {
    /// As stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Student => "student",
            Self::Staff => "staff",
            Self::Guardian => "guardian",
        }
    }

    /// From the stored text.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "student" => Some(Self::Student),
            "staff" => Some(Self::Staff),
            "guardian" => Some(Self::Guardian),
            _ => None,
        }
    }
}

/// What the roster says of a record (OneRoster status, and `enabledUser`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RosterStatus {
    /// In the roster.
    Active,
    /// Known, but `enabledUser` is false.
    Disabled,
    /// Gone from the roster: no sign-in; kept until the retention time ends.
    ToBeDeleted,
}

impl RosterStatus {
    /// As stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
            Self::ToBeDeleted => "tobedeleted",
        }
    }

    /// From the stored text.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "active" => Some(Self::Active),
            "disabled" => Some(Self::Disabled),
            "tobedeleted" => Some(Self::ToBeDeleted),
            _ => None,
        }
    }
}

/// A person, as the roster has them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Our own id.
    pub id: PersonId,
    /// OneRoster `sourcedId`.
    pub sourced_id: Option<String>,
    /// Kind of person.
    pub population: Population,
    /// OneRoster 1.2 role token of the primary role, as `student`, `teacher`, `ext:technician`.
    pub role: String,
    /// Names as in the roster, never re-cased.
    pub given_name: String,
    /// Family name as in the roster.
    pub family_name: String,
    /// Middle names, separated by spaces.
    pub middle_name: Option<String>,
    /// Preferred given name (OneRoster 1.2).
    pub preferred_given_name: Option<String>,
    /// Preferred family name (OneRoster 1.2).
    pub preferred_family_name: Option<String>,
    /// Student or employee number, as text: leading zeros count.
    pub number: Option<String>,
    /// E-mail address.
    pub email: Option<String>,
    /// Grade codes of `district/grade.rs`, lowest first.
    pub grades: Vec<String>,
    /// The school that the person mainly belongs to.
    pub primary_school_id: Option<SchoolId>,
    /// What the roster says.
    pub roster_status: RosterStatus,
    /// First day, as `YYYY-MM-DD`, inclusive.
    pub starts_on: Option<String>,
    /// Last day, as `YYYY-MM-DD`, exclusive.
    pub ends_on: Option<String>,
    /// Birth date, only where the district uses it as proof.
    pub birth_date: Option<String>,
    /// Rises with every change that an app could see.
    pub version: i64,
    /// When the record last changed.
    pub updated_at: Timestamp,
}

impl Person {
    /// The name to greet with: the preferred given name, else the given name.
    pub fn first_name(&self) -> &str {
        self.preferred_given_name
            .as_deref()
            .unwrap_or(&self.given_name)
    }

    /// The family name to show.
    pub fn last_name(&self) -> &str {
        self.preferred_family_name
            .as_deref()
            .unwrap_or(&self.family_name)
    }

    /// First and family name.
    pub fn display_name(&self) -> String {
        format!("{} {}", self.first_name(), self.last_name())
    }

    /// First name and the family name's first letter: enough to know oneself by, little for a neighbour.
    pub fn short_name(&self) -> String {
        match self.last_name().chars().next() {
            Some(initial) => format!("{} {initial}.", self.first_name()),
            None => self.first_name().to_owned(),
        }
    }

    /// Whether the roster lets this person in on `today` (`YYYY-MM-DD`): active, begun, not ended.
    pub fn is_current(&self, today: &str) -> bool {
        self.roster_status == RosterStatus::Active
            && self.starts_on.as_deref().is_none_or(|day| day <= today)
            && self.ends_on.as_deref().is_none_or(|day| today < day)
    }
}

/// Where an account stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AccountState {
    /// Nobody has claimed it: every password fails.
    Unclaimed,
    /// Claimed.
    Active,
}

impl AccountState {
    /// As stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unclaimed => "unclaimed",
            Self::Active => "active",
        }
    }

    /// From the stored text.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "unclaimed" => Some(Self::Unclaimed),
            "active" => Some(Self::Active),
            _ => None,
        }
    }
}

/// The account of a person.
#[derive(Clone, Debug)]
pub struct Account {
    /// Whose.
    pub person_id: PersonId,
    /// Username, lower case; taken from the number until the claim, fixed from then on.
    pub username: Option<String>,
    /// Claimed or not.
    pub state: AccountState,
    /// Raised by whatever must end sessions, codes and refresh tokens: those that carry a lower one are dead.
    pub auth_epoch: i64,
    /// PHC string of the password.
    pub password_hash: Option<Secret>,
    /// When the password was set.
    pub password_set_at: Option<Timestamp>,
    /// The questions were not answered after the claim: the next sign-in goes there first.
    pub recovery_pending: bool,
    /// A new password must be set at the next sign-in.
    pub must_change_password: bool,
    /// When the account was claimed.
    pub claimed_at: Option<Timestamp>,
    /// Language that the person chose, as a tag.
    pub locale: Option<String>,
    /// Last sign-in.
    pub last_sign_in_at: Option<Timestamp>,
}
