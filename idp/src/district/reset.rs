//! The August reset: which accounts it means, and through which states it goes. Pupils only, by construction.

use serde::{Deserialize, Serialize};

use crate::clock::{Lifetime, Timestamp};

/// How long a reset can be undone.
pub const UNDO: Lifetime = Lifetime::hours(24);

/// Which pupils: an empty list means all.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// Ids of schools.
    pub schools: Vec<String>,
    /// Grade codes.
    pub grades: Vec<String>,
}

/// Where a reset stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Asked for; somebody else must approve.
    Waiting,
    /// Approved; runs when its time comes.
    Approved,
    /// At work.
    Running,
    /// All accounts are reset.
    Done,
    /// Old credentials are back.
    Undone,
    /// Given up before it ran.
    Cancelled,
}

impl State {
    /// As stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Approved => "approved",
            Self::Running => "running",
            Self::Done => "done",
            Self::Undone => "undone",
            Self::Cancelled => "cancelled",
        }
    }

    /// From the stored text.
    pub fn parse(text: &str) -> Option<Self> {
        [
            Self::Waiting,
            Self::Approved,
            Self::Running,
            Self::Done,
            Self::Undone,
            Self::Cancelled,
        ]
        .into_iter()
        .find(|state| state.as_str() == text)
    }
}

/// A reset that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reset {
    /// Its id.
    pub id: String,
    /// Where it stands.
    pub state: State,
    /// Which pupils.
    pub scope: Scope,
    /// Not before.
    pub run_at: Timestamp,
    /// Who asked.
    pub requested_by: String,
    /// Who approved.
    pub approved_by: Option<String>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it was done.
    pub finished_at: Option<Timestamp>,
    /// Accounts counted when it was asked for.
    pub total: i64,
}

impl Reset {
    /// Whether it can still be undone at `now`.
    pub fn can_be_undone(&self, now: Timestamp) -> bool {
        self.state == State::Done && self.finished_at.is_some_and(|at| now < at.plus(UNDO))
    }
}

/// What must be typed to confirm a reset of `accounts` accounts.
pub fn confirmation(accounts: i64) -> String {
    format!("RESET {accounts}")
}
