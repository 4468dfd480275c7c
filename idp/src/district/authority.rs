//! Who may help whom. Powers come from the roster; only what the roster cannot know is granted in the portal.
//!
//! A teacher helps pupils of own current classes, a technician the pupils of own school, the district desk everyone below its
//! rank. Never oneself, never an equal, never somebody higher.

use crate::ids::{PersonId, SchoolId};

use super::person::Population;

/// A power that is granted in the portal, never by the roster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PortalRole {
    /// Reads everything of the console, changes nothing.
    Auditor,
    /// Registers and cares for resources.
    ResourceManager,
    /// Imports rosters.
    RosterManager,
    /// Helps everyone in the district below its rank.
    HelpDesk,
    /// All of these, and grants them.
    Administrator,
}

impl PortalRole {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Auditor,
        Self::ResourceManager,
        Self::RosterManager,
        Self::HelpDesk,
        Self::Administrator,
    ];

    /// As stored and on the command line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auditor => "auditor",
            Self::ResourceManager => "resource-manager",
            Self::RosterManager => "roster-manager",
            Self::HelpDesk => "help-desk",
            Self::Administrator => "administrator",
        }
    }

    /// From the stored text.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }
}

/// How high somebody stands. Helping needs a higher rank than the helped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rank {
    /// Pupils and guardians.
    Pupil,
    /// Staff without powers over others.
    Staff,
    /// Teachers.
    Teacher,
    /// Technicians, counselors, principals: a school.
    School,
    /// The district desk and the managers of the console.
    Desk,
    /// Administrators of the district's portal.
    Administrator,
}

/// What matters of a person when powers are asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Who.
    pub id: PersonId,
    /// Kind of person.
    pub population: Population,
    /// OneRoster roles, current ones only.
    pub roles: Vec<String>,
    /// Schools that the person belongs to today.
    pub schools: Vec<SchoolId>,
    /// Powers granted in the portal.
    pub portal_roles: Vec<PortalRole>,
}

/// How two people meet in the roster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Relation {
    /// The helper teaches a current class that the other attends.
    pub teaches: bool,
}

/// What somebody wants to do for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Act {
    /// See name, school, grade and the state of the account.
    See,
    /// Give a one-time sign-in code.
    GiveCode,
    /// Give a temporary password.
    GiveTemporaryPassword,
    /// Lift waits and closed lanes.
    ClearWaits,
    /// Take back a claim of the last seven days.
    UndoClaim,
    /// Back to unclaimed: password and questions go.
    ResetToUnclaimed,
}

/// Why an act is allowed; stands in the audit log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// The helper teaches the pupil.
    OwnClass,
    /// The helper works for the pupil's school.
    OwnSchool,
    /// The helper is the district's desk.
    District,
}

impl Ground {
    /// As it stands in the audit log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OwnClass => "own_class",
            Self::OwnSchool => "own_school",
            Self::District => "district",
        }
    }
}

impl Standing {
    /// How high the person stands.
    pub fn rank(&self) -> Rank {
        let portal = self.portal_roles.iter().map(|role| match role {
            PortalRole::Administrator => Rank::Administrator,
            PortalRole::HelpDesk
            | PortalRole::RosterManager
            | PortalRole::ResourceManager
            | PortalRole::Auditor => Rank::Desk,
        });
        let roster = match self.population {
            Population::Student | Population::Guardian => Rank::Pupil,
            Population::Staff if self.helps_school() => Rank::School,
            Population::Staff if self.has_role("teacher") => Rank::Teacher,
            Population::Staff => Rank::Staff,
        };
        portal.max().unwrap_or(Rank::Pupil).max(roster)
    }

    /// Whether the roster makes this person a helper of a whole school.
    pub fn helps_school(&self) -> bool {
        [
            "ext:technician",
            "counselor",
            "principal",
            "siteAdministrator",
        ]
        .iter()
        .any(|role| self.has_role(role))
    }

    /// Whether there is anybody this person may help.
    pub fn helps(&self) -> bool {
        self.population == Population::Staff
            && (self.rank() >= Rank::Teacher)
            && (self.helps_district() || self.helps_school() || self.has_role("teacher"))
    }

    /// Whether this person is the district's desk.
    pub fn helps_district(&self) -> bool {
        self.has_portal_role(PortalRole::HelpDesk)
            || self.has_portal_role(PortalRole::Administrator)
    }

    /// Whether the roster gives this role.
    pub fn has_role(&self, role: &str) -> bool {
        self.population == Population::Staff && self.roles.iter().any(|held| held == role)
    }

    /// Whether the portal gives this power.
    pub fn has_portal_role(&self, role: PortalRole) -> bool {
        self.population == Population::Staff && self.portal_roles.contains(&role)
    }
}

/// Whether `helper` may do `act` for `other`, and on which ground.
///
/// Left to the caller: read both standings inside the transaction that acts, and see to a fresh sign-in.
pub fn may(helper: &Standing, act: Act, other: &Standing, relation: Relation) -> Option<Ground> {
    if helper.id == other.id || helper.population != Population::Staff {
        return None;
    }
    if helper.rank() <= other.rank() {
        return None;
    }
    let desk = helper.helps_district();
    if desk {
        return Some(Ground::District);
    }
    // The roster's helpers help pupils only.
    if other.population != Population::Student {
        return None;
    }
    if helper.helps_school()
        && helper
            .schools
            .iter()
            .any(|school| other.schools.contains(school))
    {
        return Some(Ground::OwnSchool);
    }
    let for_teachers = !matches!(act, Act::ResetToUnclaimed);
    (helper.has_role("teacher") && relation.teaches && for_teachers).then_some(Ground::OwnClass)
}

/// Whether `granter` may give or take `role` to or from `other`: an administrator, somebody else, staff; and nobody grants
/// what they do not hold, which an administrator holds by name.
pub fn may_grant(granter: &Standing, role: PortalRole, other: &Standing) -> bool {
    let holds = granter.has_portal_role(PortalRole::Administrator) || granter.has_portal_role(role);
    granter.has_portal_role(PortalRole::Administrator)
        && holds
        && granter.id != other.id
        && other.population == Population::Staff
}

#[cfg(test)]
mod tests;
