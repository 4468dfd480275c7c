//! Powers that the roster does not give. The first administrator is made by a command on the server, never by a page; from then
//! on administrators grant, in the portal or here.

use super::audit::{Event, record_in};
use super::{Context, FlowError};
use crate::district::authority::{self, PortalRole};
use crate::district::person::{Person, Population};
use crate::ids::PersonId;
use crate::store::{self, StoreError, standing};

/// Who grants.
#[derive(Clone, Debug)]
pub enum Granter {
    /// Whoever may run commands on the server.
    Server,
    /// An administrator of the portal.
    Person(PersonId),
}

/// Give or take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Give the power.
    Grant,
    /// Take it back.
    Revoke,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Granted {
    /// It is as asked for.
    Changed,
    /// It was so before.
    Unchanged,
    /// Pupils and guardians hold no powers.
    NotStaff,
    /// The granter may not.
    NotAllowed,
    /// The last administrator cannot be taken away.
    LastAdministrator,
}

/// Gives or takes a power. Taking one raises the person's `auth_epoch`: open sessions end.
pub async fn change(
    cx: &Context,
    granter: &Granter,
    change: Change,
    role: PortalRole,
    person: &Person,
) -> Result<Granted, FlowError> {
    if person.population != Population::Staff {
        return Ok(Granted::NotStaff);
    }
    let tx = cx.app.store.begin().await?;
    if let Granter::Person(id) = granter {
        let today = cx.today();
        let (Some(by), Some(other)) = (
            standing::find(&tx, id, &today).await?,
            standing::find(&tx, &person.id, &today).await?,
        ) else {
            return Ok(Granted::NotAllowed);
        };
        if !authority::may_grant(&by, role, &other) {
            return Ok(Granted::NotAllowed);
        }
    }
    let by = match granter {
        Granter::Server => "server".to_owned(),
        Granter::Person(id) => id.to_string(),
    };
    let changed = match change {
        Change::Grant => standing::grant(&tx, &person.id, role, &by, cx.now).await?,
        Change::Revoke => {
            if role == PortalRole::Administrator && is_last(&tx, &person.id).await? {
                return Ok(Granted::LastAdministrator);
            }
            standing::revoke(&tx, &person.id, role).await?
        }
    };
    if !changed {
        return Ok(Granted::Unchanged);
    }
    store::people::raise_epoch(&tx, &person.id).await?;
    let action = match change {
        Change::Grant => "role_granted",
        Change::Revoke => "role_revoked",
    };
    let event = Event::new(action)
        .target(&person.id)
        .field("role", role.as_str());
    let event = match granter {
        Granter::Server => event.actor_kind("cli", "server"),
        Granter::Person(id) => event.actor(id),
    };
    record_in(&tx, cx, event).await?;
    tx.commit().await.map_err(StoreError::from)?;
    Ok(Granted::Changed)
}

async fn is_last(tx: &store::Tx, id: &PersonId) -> Result<bool, FlowError> {
    let granted = standing::list_granted(tx).await?;
    let mut administrators = granted
        .iter()
        .filter(|(_, role)| *role == PortalRole::Administrator);
    Ok(administrators.all(|(holder, _)| holder == id))
}
