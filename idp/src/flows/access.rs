//! Who may use which resource: the tiles of the launchpad, and the gate at the authorization endpoint.

use std::sync::Arc;

use super::{Context, FlowError, directory};
use crate::district::assignment::any_reaches;
use crate::district::person::Person;
use crate::district::resource::{Resource, ResourceStatus};
use crate::ids::{ClientId, ResourceId};

/// Whether a person may sign in at a client.
#[derive(Clone, Debug, PartialEq)]
pub enum Access {
    /// Yes, to this resource.
    Granted(Arc<Resource>),
    /// No, for this reason; the resource where there is one.
    Refused(Refusal, Option<Arc<Resource>>),
}

/// Why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No rule reaches the person: the resource's manager can assign it.
    NotAssigned,
    /// The district has paused the resource.
    Paused,
    /// The client has no resource: nobody has been assigned anything yet.
    NoResource,
}

impl Refusal {
    /// As it stands in the audit log.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotAssigned => "not_assigned",
            Self::Paused => "resource_paused",
            Self::NoResource => "no_resource",
        }
    }
}

/// Whether `person` may sign in at `client`.
pub async fn may_use(
    cx: &Context,
    person: &Person,
    client: &ClientId,
) -> Result<Access, FlowError> {
    let snapshot = cx.app.directory.snapshot(&cx.app.store).await?;
    match snapshot.resource_of(client) {
        Some(resource) => judge(cx, person, resource, snapshot.rules(&resource.id)).await,
        None => Ok(Access::Refused(Refusal::NoResource, None)),
    }
}

/// Whether `person` may open the resource `id`. None where there is no such resource.
pub async fn may_open(
    cx: &Context,
    person: &Person,
    id: &ResourceId,
) -> Result<Option<Access>, FlowError> {
    let snapshot = cx.app.directory.snapshot(&cx.app.store).await?;
    match snapshot.resource(id) {
        Some(resource) => judge(cx, person, resource, snapshot.rules(id))
            .await
            .map(Some),
        None => Ok(None),
    }
}

/// The resources that have a tile for `person`, by position.
pub async fn resources_of(cx: &Context, person: &Person) -> Result<Vec<Arc<Resource>>, FlowError> {
    let snapshot = cx.app.directory.snapshot(&cx.app.store).await?;
    let belonging = directory::belonging(cx, person).await?;
    let has_tile = |resource: &&Arc<Resource>| {
        resource.status == ResourceStatus::Published
            && any_reaches(snapshot.rules(&resource.id), &belonging.audience)
    };
    Ok(snapshot
        .resources()
        .iter()
        .filter(has_tile)
        .cloned()
        .collect())
}

async fn judge(
    cx: &Context,
    person: &Person,
    resource: &Arc<Resource>,
    rules: &[crate::district::assignment::Assignment],
) -> Result<Access, FlowError> {
    if resource.status == ResourceStatus::Paused {
        return Ok(Access::Refused(Refusal::Paused, Some(Arc::clone(resource))));
    }
    let belonging = directory::belonging(cx, person).await?;
    Ok(if any_reaches(rules, &belonging.audience) {
        Access::Granted(Arc::clone(resource))
    } else {
        Access::Refused(Refusal::NotAssigned, Some(Arc::clone(resource)))
    })
}
