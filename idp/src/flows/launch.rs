//! A click on a tile: third-party initiated login (OIDC Core §4) where the app takes it, else the app's own address as a plain
//! link. Never a code that nobody asked for.

use serde::{Deserialize, Serialize};
use url::Url;

use super::access::{self, Access};
use super::audit::{self, Event};
use super::batch::Write;
use super::{Context, FlowError};
use crate::clock::Lifetime;
use crate::district::person::Person;
use crate::district::resource::{Resource, Words};
use crate::ephemeral::Kind;
use crate::ids::{ClientId, PersonId, ResourceId, Sid};
use crate::protocol::client_secret::ClientStatus;
use crate::protocol::session::Session;
use crate::store::clients;
use crate::store::usage;

/// How long a launch ticket lives.
const TICKET: Lifetime = Lifetime::minutes(5);

/// What `login_hint` stands for: whose tile was clicked, in which session. `/authorize` takes it once, from this session, for
/// this client, and for nothing but to know that a tile was clicked: it opens nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LaunchTicket {
    /// Who clicked.
    pub person_id: PersonId,
    /// The client behind the tile.
    pub client_id: ClientId,
    /// The session.
    pub sid: Sid,
}

/// Where a click leads.
#[derive(Clone, Debug, PartialEq)]
pub enum Launch {
    /// To this address.
    Open(String),
    /// Nowhere: the app, by name, is not this person's.
    NotTheirs(Words),
    /// Nowhere: there is no such app.
    Unknown,
}

/// Opens the resource `id` for whoever `session` belongs to.
pub async fn launch(
    cx: &Context,
    session: &Session,
    person: &Person,
    id: &ResourceId,
) -> Result<Launch, FlowError> {
    let resource = match access::may_open(cx, person, id).await? {
        None => return Ok(Launch::Unknown),
        Some(Access::Refused(refusal, found)) => {
            let event = Event::new("launch")
                .actor(&person.id)
                .session(&session.sid)
                .target_kind("resource", id.as_str())
                .refused(refusal.as_str());
            audit::record(cx, event).await;
            return Ok(found.map_or(Launch::Unknown, |resource| {
                Launch::NotTheirs(resource.name.clone())
            }));
        }
        Some(Access::Granted(resource)) => resource,
    };
    let Some(address) = address(cx, session, &resource).await? else {
        tracing::warn!(resource = id.as_str(), "a tile has no address to open");
        return Ok(Launch::Unknown);
    };
    // Where a sign-in follows, it is counted there: apps are opened in other ways too.
    if resource.client_id.is_none() {
        count(cx, person, id).await;
    }
    Ok(Launch::Open(address))
}

async fn address(
    cx: &Context,
    session: &Session,
    resource: &Resource,
) -> Result<Option<String>, FlowError> {
    let Some(client_id) = &resource.client_id else {
        return Ok(resource.start_url.clone());
    };
    let registration = clients::find(cx.app.store.read(), client_id).await?;
    let Some(client) = registration
        .filter(|registration| registration.status == ClientStatus::Active)
        .map(|registration| registration.client)
    else {
        return Ok(None);
    };
    let Some(initiate) = &client.initiate_login_uri else {
        return Ok(resource.start_url.clone());
    };
    let ticket = cx.app.random.token();
    let kept = LaunchTicket {
        person_id: session.person_id.clone(),
        client_id: client_id.clone(),
        sid: session.sid.clone(),
    };
    let digest = ticket.digest(Kind::LaunchTicket.as_str());
    let until = cx.now.plus(TICKET);
    cx.app
        .ephemeral
        .put(Kind::LaunchTicket, digest.as_str(), &kept, until)
        .await?;
    let target = resource.start_url.as_deref();
    Ok(initiation(
        initiate,
        cx.app.settings.issuer(),
        ticket.expose(),
        target,
    ))
}

/// The request of OIDC Core §4, as a GET. What the registered address already has as a query stays.
fn initiation(initiate: &str, issuer: &str, hint: &str, target: Option<&str>) -> Option<String> {
    let mut url = Url::parse(initiate).ok()?;
    {
        let mut query = url.query_pairs_mut();
        query
            .append_pair("iss", issuer)
            .append_pair("login_hint", hint);
        if let Some(target) = target {
            query.append_pair("target_link_uri", target);
        }
    }
    Some(url.into())
}

async fn count(cx: &Context, person: &Person, id: &ResourceId) {
    let school = person.primary_school_id.as_ref();
    let launch = usage::Launch {
        person_id: person.id.clone(),
        resource_id: id.clone(),
        school_id: school.map_or_else(String::new, ToString::to_string),
        day: cx.today(),
        at: cx.now,
    };
    cx.app.batch.write(Write::Launch(launch)).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_request_keeps_the_registered_query() {
        let case = |initiate: &str, target: Option<&str>| {
            initiation(initiate, "https://portal.example.org", "h1nt", target).unwrap()
        };
        assert_eq!(
            case("https://app.example/start", None),
            "https://app.example/start?iss=https%3A%2F%2Fportal.example.org&login_hint=h1nt"
        );
        assert_eq!(
            case(
                "https://app.example/start?org=7",
                Some("https://app.example/x?y=1&z=2")
            ),
            "https://app.example/start?org=7&iss=https%3A%2F%2Fportal.example.org&login_hint=h1nt\
             &target_link_uri=https%3A%2F%2Fapp.example%2Fx%3Fy%3D1%26z%3D2"
        );
        assert_eq!(initiation("no address", "i", "h", None), None);
    }
}
