//! The audit log: what happened, to whom, by whom. Insert only; each row is sealed by a link of its node's chain.
//!
//! Never in it: passwords, answers, codes, tokens, cookies, query strings, unknown usernames as typed.

use serde_json::{Map, Value};

use super::batch::Write;
use super::{Context, FlowError};
use crate::ids::{ClientId, PersonId, Sid};
use crate::secret::Digest;
use crate::store::Tx;
use crate::store::audit::{self, AuditEvent};

/// One thing that happened, before it gets its place and time.
#[derive(Clone, Debug)]
pub struct Event {
    action: &'static str,
    outcome: &'static str,
    actor: Option<(&'static str, String)>,
    target: Option<(&'static str, String)>,
    reason: Option<String>,
    client_id: Option<ClientId>,
    session_ref: Option<String>,
    fields: Map<String, Value>,
}

impl Event {
    /// An act that succeeded, named by a short stable word as `claim_account` or `sign_in`.
    pub fn new(action: &'static str) -> Self {
        Self {
            action,
            outcome: "ok",
            actor: None,
            target: None,
            reason: None,
            client_id: None,
            session_ref: None,
            fields: Map::new(),
        }
    }

    /// The act was refused, for `reason`: a stable word that staff may read and strangers never do.
    #[must_use]
    pub fn refused(mut self, reason: impl Into<String>) -> Self {
        self.outcome = "refused";
        self.reason = Some(reason.into());
        self
    }

    /// Who did it.
    #[must_use]
    pub fn actor(mut self, person: &PersonId) -> Self {
        self.actor = Some(("person", person.to_string()));
        self
    }

    /// Who did it, where it was not a person: `cli`, `job`, `client`.
    #[must_use]
    pub fn actor_kind(mut self, kind: &'static str, id: impl Into<String>) -> Self {
        self.actor = Some((kind, id.into()));
        self
    }

    /// Whom it was done to.
    #[must_use]
    pub fn target(mut self, person: &PersonId) -> Self {
        self.target = Some(("person", person.to_string()));
        self
    }

    /// What it was done to.
    #[must_use]
    pub fn target_kind(mut self, kind: &'static str, id: impl Into<String>) -> Self {
        self.target = Some((kind, id.into()));
        self
    }

    /// Which client it concerns.
    #[must_use]
    pub fn client(mut self, client_id: &ClientId) -> Self {
        self.client_id = Some(client_id.clone());
        self
    }

    /// Which session it happened in; kept as a short digest.
    #[must_use]
    pub fn session(mut self, sid: &Sid) -> Self {
        let digest = Digest::of("audit-session", sid.as_str().as_bytes());
        self.session_ref = Some(digest.as_str().chars().take(12).collect());
        self
    }

    /// A further fact. Names of claims and counts belong here; values of secrets never.
    #[must_use]
    pub fn field(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.fields.insert(name.to_owned(), value.into());
        self
    }

    fn at(self, cx: &Context) -> AuditEvent {
        let (actor_kind, actor_id) = match self.actor {
            Some((kind, id)) => (kind, Some(id)),
            None => ("nobody", None),
        };
        let (target_kind, target_id) = self.target.unzip();
        AuditEvent {
            id: cx.app.random.id(cx.now),
            node: cx.app.node.clone(),
            at: cx.now,
            request_id: Some(cx.request_id.to_string()),
            actor_kind: actor_kind.to_owned(),
            actor_id,
            action: self.action.to_owned(),
            target_kind: target_kind.map(str::to_owned),
            target_id,
            outcome: self.outcome.to_owned(),
            reason: self.reason,
            client_id: self.client_id.map(Into::into),
            session_ref: self.session_ref,
            peer: Some(cx.peer.address.to_string()),
            fields: Value::Object(self.fields).to_string(),
        }
    }
}

/// Records `event` through the batching writer: sign-ins, launches, refusals. On disk within a moment.
pub async fn record(cx: &Context, event: Event) {
    cx.app.batch.write(Write::Audit(event.at(cx))).await;
}

/// Records `event` in the transaction of the act itself: no act of this kind without its row. The link follows the commit.
pub async fn record_in(tx: &Tx, cx: &Context, event: Event) -> Result<(), FlowError> {
    let event = event.at(cx);
    audit::insert(tx, std::slice::from_ref(&event)).await?;
    cx.app.batch.write(Write::Link(event)).await;
    Ok(())
}
