//! What happens: one verb per file. Flows own transactions and know no HTTP.

use std::net::IpAddr;
use std::sync::Arc;

use crate::app::App;
use crate::clock::{Lifetime, Timestamp};
use crate::credentials::HashError;
use crate::ephemeral::EphemeralError;
use crate::store::StoreError;

pub mod access;
pub mod activate_accounts;
pub mod app_data;
pub mod audit;
pub mod audit_log;
pub mod authenticate_client;
pub mod authorize;
pub mod batch;
pub mod browser_clients;
pub mod change_password;
pub mod choose_language;
pub mod claim_account;
pub mod claims;
pub mod client_file;
pub mod directory;
pub mod discovery;
pub mod end_session;
pub mod enroll_questions;
pub mod flash;
pub mod grant_roles;
pub mod health;
pub mod help_student;
pub mod identity;
pub mod import_roster;
pub mod issue_claim_codes;
pub mod known_device;
pub mod launch;
pub mod launchpad;
pub mod limits;
pub mod live;
pub mod manage_clients;
pub mod recover_account;
pub mod redeem_code;
pub mod refresh;
pub mod reset_accounts;
pub mod rotate_keys;
pub mod server_secrets;
pub mod session;
pub mod sign_in;
pub mod signing;
pub mod support_codes;
pub mod temporary_secret;
pub mod token;
pub mod user_info;

/// What every flow is given first: the application, the second at which the request began, and who asks.
#[derive(Clone, Debug)]
pub struct Context {
    /// Settings, stores, keys.
    pub app: Arc<App>,
    /// Read once a request, so that every check of a request sees the same second.
    pub now: Timestamp,
    /// Where the request comes from.
    pub peer: Peer,
    /// Names the request in logs, audit rows and error pages.
    pub request_id: Arc<str>,
}

impl Context {
    /// A context for work that no request asked for: a command or a job named `what`.
    pub fn of_command(app: &Arc<App>, what: &str) -> Self {
        Self {
            app: app.clone(),
            now: app.clock.now(),
            peer: Peer {
                address: IpAddr::V4(std::net::Ipv4Addr::LOCALHOST),
                network: Network::Elsewhere,
            },
            request_id: what.into(),
        }
    }

    /// The day in the district, as `YYYY-MM-DD`.
    pub fn today(&self) -> String {
        self.now
            .date_in(self.app.settings.district.time_zone)
            .to_string()
    }
}

/// Where a request comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    /// The client's address: the socket's, or what a trusted proxy says.
    pub address: IpAddr,
    /// Which kind of network that is.
    pub network: Network,
}

/// A kind of network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    /// One of `district.school_networks`.
    School,
    /// Any other.
    Elsewhere,
}

impl Network {
    /// As stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::School => "school",
            Self::Elsewhere => "elsewhere",
        }
    }
}

/// Why a flow could not do its work; refusals that people are meant to read are outcomes instead.
#[derive(Debug, thiserror::Error)]
pub enum FlowError {
    /// The hashing pool is full.
    #[error("too busy to hash")]
    Busy {
        /// When to come back, in seconds.
        retry_after: Lifetime,
    },
    /// A store is away.
    #[error("unavailable: {0}")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// What cannot happen has happened.
    #[error("bug: {0}")]
    Bug(String),
}

impl FlowError {
    /// A fault of ours, told in one line.
    pub fn bug(what: impl ToString) -> Self {
        Self::Bug(what.to_string())
    }
}

impl From<StoreError> for FlowError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(_) => Self::Unavailable(error.into()),
            StoreError::Conflict | StoreError::Corrupt { .. } => Self::Bug(error.to_string()),
        }
    }
}

impl From<EphemeralError> for FlowError {
    fn from(error: EphemeralError) -> Self {
        Self::Unavailable(error.into())
    }
}

impl From<HashError> for FlowError {
    fn from(error: HashError) -> Self {
        match error {
            HashError::Busy { retry_after } => Self::Busy { retry_after },
            HashError::Failed(what) => Self::Bug(what),
        }
    }
}
