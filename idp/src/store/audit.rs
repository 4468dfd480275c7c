//! The audit log's rows and the chain that seals them.

use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, ExprTrait as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};

use super::entity::{audit_events, audit_links};
use super::{Conn, StoreError};
use crate::clock::Timestamp;

/// A row of the audit log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEvent {
    /// Time-ordered id.
    pub id: String,
    /// Which node wrote it.
    pub node: String,
    /// When.
    pub at: Timestamp,
    /// The request.
    pub request_id: Option<String>,
    /// `person`, `client`, `cli`, `job` or `nobody`.
    pub actor_kind: String,
    /// Who did it.
    pub actor_id: Option<String>,
    /// What was done.
    pub action: String,
    /// Kind of what it was done to.
    pub target_kind: Option<String>,
    /// What it was done to.
    pub target_id: Option<String>,
    /// `ok` or `refused`.
    pub outcome: String,
    /// Why it was refused.
    pub reason: Option<String>,
    /// Which client.
    pub client_id: Option<String>,
    /// Short digest of the session.
    pub session_ref: Option<String>,
    /// Address.
    pub peer: Option<String>,
    /// JSON object of further facts.
    pub fields: String,
}

impl AuditEvent {
    /// All columns in order, each present one behind its length: what the chain's MAC covers.
    pub fn canonical(&self) -> Vec<u8> {
        let at = self.at.unix().to_string();
        let columns = [
            Some(self.id.as_str()),
            Some(self.node.as_str()),
            Some(at.as_str()),
            self.request_id.as_deref(),
            Some(self.actor_kind.as_str()),
            self.actor_id.as_deref(),
            Some(self.action.as_str()),
            self.target_kind.as_deref(),
            self.target_id.as_deref(),
            Some(self.outcome.as_str()),
            self.reason.as_deref(),
            self.client_id.as_deref(),
            self.session_ref.as_deref(),
            self.peer.as_deref(),
            Some(self.fields.as_str()),
        ];
        let mut bytes = Vec::with_capacity(256);
        for column in columns {
            match column {
                Some(text) => {
                    bytes.extend_from_slice(&(text.len() as u64).to_be_bytes());
                    bytes.extend_from_slice(text.as_bytes());
                }
                None => bytes.extend_from_slice(&u64::MAX.to_be_bytes()),
            }
        }
        bytes
    }
}

/// A link of a node's chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLink {
    /// The node.
    pub node: String,
    /// Place in the node's chain, from 1.
    pub seq: i64,
    /// The row that it seals.
    pub event_id: String,
    /// MAC over the row and the MAC before.
    pub mac: String,
}

/// Inserts rows.
pub async fn insert(db: &impl Conn, events: &[AuditEvent]) -> Result<(), StoreError> {
    if events.is_empty() {
        return Ok(());
    }
    let rows = events.iter().map(|event| audit_events::ActiveModel {
        id: Set(event.id.clone()),
        node: Set(event.node.clone()),
        at: Set(event.at.unix()),
        request_id: Set(event.request_id.clone()),
        actor_kind: Set(event.actor_kind.clone()),
        actor_id: Set(event.actor_id.clone()),
        action: Set(event.action.clone()),
        target_kind: Set(event.target_kind.clone()),
        target_id: Set(event.target_id.clone()),
        outcome: Set(event.outcome.clone()),
        reason: Set(event.reason.clone()),
        client_id: Set(event.client_id.clone()),
        session_ref: Set(event.session_ref.clone()),
        peer: Set(event.peer.clone()),
        fields: Set(event.fields.clone()),
    });
    audit_events::Entity::insert_many(rows)
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// Inserts links.
pub async fn insert_links(db: &impl Conn, links: &[AuditLink]) -> Result<(), StoreError> {
    if links.is_empty() {
        return Ok(());
    }
    let rows = links.iter().map(|link| audit_links::ActiveModel {
        node: Set(link.node.clone()),
        seq: Set(link.seq),
        event_id: Set(link.event_id.clone()),
        mac: Set(link.mac.clone()),
    });
    audit_links::Entity::insert_many(rows)
        .exec_without_returning(db)
        .await?;
    Ok(())
}

/// The last link of a node's chain.
pub async fn last_link(db: &impl Conn, node: &str) -> Result<Option<AuditLink>, StoreError> {
    let row = audit_links::Entity::find()
        .filter(audit_links::Column::Node.eq(node))
        .order_by_desc(audit_links::Column::Seq)
        .limit(1)
        .one(db)
        .await?;
    Ok(row.map(link))
}

/// What to look for in the audit log; an absent field matches everything.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// The act, as `claim_account`.
    pub action: Option<String>,
    /// `ok` or `refused`.
    pub outcome: Option<String>,
    /// Who did it or whom it was done to, by id.
    pub about: Option<String>,
    /// Not before.
    pub since: Option<Timestamp>,
    /// Before.
    pub until: Option<Timestamp>,
}

/// A page of the audit log, oldest first, after the event `after`.
pub async fn page(
    db: &impl Conn,
    filter: &Filter,
    after: &str,
    limit: u64,
) -> Result<Vec<AuditEvent>, StoreError> {
    use audit_events::Column as C;
    let mut query = audit_events::Entity::find()
        .filter(C::Id.gt(after))
        .order_by_asc(C::Id);
    if let Some(action) = &filter.action {
        query = query.filter(C::Action.eq(action.as_str()));
    }
    if let Some(outcome) = &filter.outcome {
        query = query.filter(C::Outcome.eq(outcome.as_str()));
    }
    if let Some(id) = &filter.about {
        query = query.filter(C::ActorId.eq(id.as_str()).or(C::TargetId.eq(id.as_str())));
    }
    if let Some(since) = filter.since {
        query = query.filter(C::At.gte(since.unix()));
    }
    if let Some(until) = filter.until {
        query = query.filter(C::At.lt(until.unix()));
    }
    Ok(query
        .limit(limit)
        .all(db)
        .await?
        .into_iter()
        .map(event)
        .collect())
}

/// A page of a node's links, in order, after `seq`, each with the event that it seals if that is there.
pub async fn sealed_page(
    db: &impl Conn,
    node: &str,
    seq: i64,
    limit: u64,
) -> Result<Vec<(AuditLink, Option<AuditEvent>)>, StoreError> {
    use audit_links::Column as L;
    let links = audit_links::Entity::find()
        .filter(L::Node.eq(node))
        .filter(L::Seq.gt(seq))
        .order_by_asc(L::Seq)
        .limit(limit)
        .all(db)
        .await?;
    let ids = links.iter().map(|link| link.event_id.as_str());
    let events = audit_events::Entity::find()
        .filter(audit_events::Column::Id.is_in(ids))
        .all(db)
        .await?;
    let mut found: std::collections::BTreeMap<String, AuditEvent> = events
        .into_iter()
        .map(|row| (row.id.clone(), event(row)))
        .collect();
    Ok(links
        .into_iter()
        .map(|row| {
            let event = found.remove(&row.event_id);
            (link(row), event)
        })
        .collect())
}

/// The nodes that have written links or events.
pub async fn nodes(db: &impl Conn) -> Result<Vec<String>, StoreError> {
    let mut nodes: Vec<String> = audit_links::Entity::find()
        .select_only()
        .column(audit_links::Column::Node)
        .distinct()
        .into_tuple()
        .all(db)
        .await?;
    nodes.sort();
    Ok(nodes)
}

/// Events without a link, oldest first, at most `limit`.
pub async fn unsealed(db: &impl Conn, limit: u64) -> Result<Vec<AuditEvent>, StoreError> {
    use sea_orm::sea_query::Query;
    let sealed = Query::select()
        .column(audit_links::Column::EventId)
        .from(audit_links::Entity)
        .to_owned();
    let rows = audit_events::Entity::find()
        .filter(audit_events::Column::Id.not_in_subquery(sealed))
        .order_by_asc(audit_events::Column::Id)
        .limit(limit)
        .all(db)
        .await?;
    Ok(rows.into_iter().map(event).collect())
}

fn event(row: audit_events::Model) -> AuditEvent {
    AuditEvent {
        id: row.id,
        node: row.node,
        at: Timestamp::from_unix(row.at),
        request_id: row.request_id,
        actor_kind: row.actor_kind,
        actor_id: row.actor_id,
        action: row.action,
        target_kind: row.target_kind,
        target_id: row.target_id,
        outcome: row.outcome,
        reason: row.reason,
        client_id: row.client_id,
        session_ref: row.session_ref,
        peer: row.peer,
        fields: row.fields,
    }
}

fn link(row: audit_links::Model) -> AuditLink {
    AuditLink {
        node: row.node,
        seq: row.seq,
        event_id: row.event_id,
        mac: row.mac,
    }
}

/// Which of the events `ids` are committed: what a link may seal.
pub async fn committed(db: &impl Conn, ids: &[String]) -> Result<Vec<String>, StoreError> {
    let rows: Vec<String> = audit_events::Entity::find()
        .select_only()
        .column(audit_events::Column::Id)
        .filter(audit_events::Column::Id.is_in(ids.iter().map(String::as_str)))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows)
}
