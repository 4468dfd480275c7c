//! "What this app sees about you": every claim that an app may get of a person, from the same rules that release it.

use std::sync::Arc;

use super::access::{self, Access};
use super::claims::{self, About, Seen};
use super::identity::Identity;
use super::{Context, FlowError};
use crate::clock::Timestamp;
use crate::district::resource::Resource;
use crate::ids::ResourceId;
use crate::store::{clients, launchpads};

/// What an app sees.
#[derive(Clone, Debug)]
pub struct AppData {
    /// The app.
    pub resource: Arc<Resource>,
    /// Every claim of ours, and whether the app may see it. None: the app is a plain link, which is told nothing.
    pub claims: Option<Vec<Seen>>,
    /// When the person last opened it.
    pub last_opened: Option<Timestamp>,
}

/// What the app `id` sees of the person. None where the app is not theirs.
pub async fn app_data(
    cx: &Context,
    identity: &Identity,
    id: &ResourceId,
) -> Result<Option<AppData>, FlowError> {
    let Identity {
        person, account, ..
    } = identity;
    let Some(Access::Granted(resource)) = access::may_open(cx, person, id).await? else {
        return Ok(None);
    };
    let db = cx.app.store.read();
    let client = match &resource.client_id {
        Some(client_id) => clients::find(db, client_id).await?,
        None => None,
    };
    let claims = match client {
        Some(registration) => {
            Some(claims::seen_by(cx, About { person, account }, &registration.client).await?)
        }
        None => None,
    };
    let last_opened = launchpads::last_opened(db, &person.id, id).await?;
    Ok(Some(AppData {
        resource,
        claims,
        last_opened,
    }))
}
