//! What a client is told of a person: the record, then what the district lets this client see, then what it asked for.
//! In this order always.

use serde_json::{Map, Value};

use super::{Context, FlowError, directory};
use crate::district::attributes::{self, Known};
use crate::district::person::{Account, Person};
use crate::district::release::Approval;
use crate::protocol::claims::{self, ClaimsRequest, Target, Wanted};
use crate::protocol::client::Client;
use crate::protocol::scope::{self, ScopeSet};
use crate::protocol::subject;

/// A person and their account.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// The roster's record.
    pub person: &'a Person,
    /// The account.
    pub account: &'a Account,
}

/// Who asks for what.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The client.
    pub client: &'a Client,
    /// The scopes of the grant.
    pub scopes: &'a ScopeSet,
    /// The `claims` parameter of the request.
    pub request: &'a ClaimsRequest,
}

/// What is told: the subject, and claims by name.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// `sub`.
    pub subject: String,
    /// All other claims about the person.
    pub claims: Map<String, Value>,
}

/// The claims about the person in an ID token. `has_access_token`: an access token comes with it or after it, so that claims
/// of scopes wait at userinfo (OIDC Core §5.4).
pub async fn for_id_token(
    cx: &Context,
    about: About<'_>,
    asked: Asked<'_>,
    has_access_token: bool,
) -> Result<Told, FlowError> {
    let in_id_token = asked.client.claims_in_id_token || !has_access_token;
    tell(cx, about, asked, (Target::IdToken, in_id_token)).await
}

/// The answer of the userinfo endpoint.
pub async fn for_user_info(
    cx: &Context,
    about: About<'_>,
    asked: Asked<'_>,
) -> Result<Told, FlowError> {
    tell(cx, about, asked, (Target::UserInfo, false)).await
}

/// The `sub` of a person for a client.
pub fn subject_of(cx: &Context, person: &Person, client: &Client) -> Result<String, FlowError> {
    subject::subject(&cx.app.secrets.pairwise, client, &person.id)
        .ok_or_else(|| FlowError::bug(format!("client {} has no sector", client.client_id)))
}

/// One claim, as "what this app sees about you" shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// Its name.
    pub name: &'static str,
    /// Whether the client may see it.
    pub seen: bool,
    /// What the record says; none where it says nothing.
    pub value: Option<Value>,
}

/// Every claim of ours, and whether `client` may see it of this person.
pub async fn seen_by(
    cx: &Context,
    about: About<'_>,
    client: &Client,
) -> Result<Vec<Seen>, FlowError> {
    let approval = approval(client);
    let record = record(cx, about).await?;
    let seen = |name| Seen {
        name,
        seen: approval.covers(name),
        value: record.value(name),
    };
    Ok(claims::known().map(seen).collect())
}

async fn tell(
    cx: &Context,
    about: About<'_>,
    asked: Asked<'_>,
    (target, scopes_in_id_token): (Target, bool),
) -> Result<Told, FlowError> {
    let subject = subject_of(cx, about.person, asked.client)?;
    let approval = approval(asked.client);
    let wanted = Wanted {
        scopes: asked.scopes,
        request: asked.request,
        scopes_in_id_token,
    };
    let names: Vec<&str> = claims::known()
        .filter(|name| approval.covers(name))
        .filter(|name| wanted.asks(name, target))
        .collect();
    let mut told = Map::new();
    if !names.is_empty() {
        let record = record(cx, about).await?;
        for name in names {
            if let Some(value) = record.value(name)
                && wanted.includes(name, &value, target)
            {
                told.insert(name.to_owned(), value);
            }
        }
    }
    Ok(Told {
        subject,
        claims: told,
    })
}

fn approval(client: &Client) -> Approval<'_> {
    Approval {
        claims: &client.approved_claims,
        joining: client.scope.contains(scope::ROSTER_IDS),
    }
}

/// A person's record with all that it hangs from.
struct Record<'a> {
    cx: &'a Context,
    about: About<'a>,
    belonging: std::sync::Arc<directory::Belonging>,
    snapshot: std::sync::Arc<directory::Snapshot>,
}

async fn record<'a>(cx: &'a Context, about: About<'a>) -> Result<Record<'a>, FlowError> {
    Ok(Record {
        cx,
        about,
        belonging: directory::belonging(cx, about.person).await?,
        snapshot: cx.app.directory.snapshot(&cx.app.store).await?,
    })
}

impl Record<'_> {
    fn value(&self, name: &str) -> Option<Value> {
        let known = Known {
            person: self.about.person,
            account: self.about.account,
            roles: &self.belonging.roles,
            schools: &self.belonging.schools,
            district_id: self.snapshot.district_id(),
            email_domains: &self.cx.app.settings.district.email_domains,
        };
        attributes::value(name, &known)
    }
}
