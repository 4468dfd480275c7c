//! The client and the person of a request, as they stand this second, for one small read. What is large is kept in memory
//! under the versions that the read answers, so a change made on any node is seen at once.

use std::sync::Arc;

use moka::sync::Cache;

use super::{Context, FlowError};
use crate::district::person::{Account, AccountState, Person, RosterStatus};
use crate::ids::{ClientId, PersonId};
use crate::protocol::client_secret::{ClientStatus, Registration};
use crate::store;
use crate::store::live::{PersonStanding, Standing};

/// Most clients kept, some kilobytes each.
const MOST_CLIENTS: u64 = 512;
/// Most people kept, about half a kilobyte each.
const MOST_PEOPLE: u64 = 8_192;

/// The memory. One per application.
#[derive(Debug)]
pub struct Known {
    clients: Cache<ClientId, Arc<Registration>>,
    people: Cache<PersonId, Arc<Person>>,
}

impl Default for Known {
    fn default() -> Self {
        Self {
            clients: Cache::new(MOST_CLIENTS),
            people: Cache::new(MOST_PEOPLE),
        }
    }
}

/// What a request is about.
#[derive(Clone, Debug)]
pub struct Live {
    /// The client's registration; the client is not switched off.
    pub registration: Arc<Registration>,
    /// The person that was asked for, if the account may be used now.
    pub person: Option<LivePerson>,
}

/// A person who may sign in now.
#[derive(Clone, Debug)]
pub struct LivePerson {
    /// The roster's record.
    pub person: Arc<Person>,
    /// The account, without its password.
    pub account: Account,
}

impl LivePerson {
    /// Whether what was issued at `auth_epoch` still holds.
    pub fn is_at(&self, auth_epoch: i64) -> bool {
        self.account.auth_epoch <= auth_epoch
    }
}

/// Reads how a client and a person stand. `None`: no such client, or it is switched off.
pub async fn look(
    cx: &Context,
    client_id: &ClientId,
    person_id: Option<&PersonId>,
) -> Result<Option<Live>, FlowError> {
    let standing = store::live::read(cx.app.store.read(), client_id, person_id).await?;
    let Some(standing) = standing else {
        return Ok(None);
    };
    let registration = registration(cx, client_id, &standing).await?;
    let Some(registration) = registration.filter(|r| r.status == ClientStatus::Active) else {
        return Ok(None);
    };
    let person = match standing.person.filter(|person| may_sign_in(cx, person)) {
        Some(standing) => person(cx, standing).await?,
        None => None,
    };
    Ok(Some(Live {
        registration,
        person,
    }))
}

/// The registration as it stands; a later one if it changes as we look.
async fn registration(
    cx: &Context,
    client_id: &ClientId,
    standing: &Standing,
) -> Result<Option<Arc<Registration>>, FlowError> {
    let known = &cx.app.known.clients;
    let current = |found: &Arc<Registration>| {
        found.version == standing.client_version && found.updated_at == standing.client_updated_at
    };
    if let Some(found) = known.get(client_id).filter(current) {
        return Ok(Some(found));
    }
    let Some(found) = store::clients::find(cx.app.store.read(), client_id).await? else {
        return Ok(None);
    };
    let found = Arc::new(found);
    known.insert(client_id.clone(), found.clone());
    Ok(Some(found))
}

async fn person(cx: &Context, standing: PersonStanding) -> Result<Option<LivePerson>, FlowError> {
    let id = &standing.account.person_id;
    let known = &cx.app.known.people;
    let current = |found: &Arc<Person>| found.version == standing.version;
    let person = if let Some(found) = known.get(id).filter(current) {
        found
    } else {
        let Some(found) = store::people::find(cx.app.store.read(), id).await? else {
            return Ok(None);
        };
        let found = Arc::new(found);
        known.insert(id.clone(), found.clone());
        found
    };
    Ok(Some(LivePerson {
        person,
        account: standing.account,
    }))
}

/// Whether the roster lets the person in today and the account is in use.
fn may_sign_in(cx: &Context, standing: &PersonStanding) -> bool {
    let today = cx.today();
    standing.account.state == AccountState::Active
        && standing.roster_status == RosterStatus::Active
        && standing
            .starts_on
            .as_deref()
            .is_none_or(|day| day <= today.as_str())
        && standing
            .ends_on
            .as_deref()
            .is_none_or(|day| today.as_str() < day)
}
