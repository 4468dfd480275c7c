//! Brings what stands to what a file says.

use serde_json::Value;

use super::{Applied, Change, Outcome, by_command, commit, replace};
use crate::district::resource::{Category, Resource, ResourceStatus, Words};
use crate::district::school::School;
use crate::flows::audit::{self, Event};
use crate::flows::client_file::{ClientEntry, ClientFile, Fault, Rule, Tile, TileEntry, is_id};
use crate::flows::{Context, FlowError};
use crate::ids::{ClientId, ResourceId};
use crate::protocol::client::Client;
use crate::protocol::client_secret::{ClientStatus, Registration, StoredSecret, matching};
use crate::secret::Secret;
use crate::store::{StoreError, Tx, clients, people, resources};

/// Shortest secret that a file may give, in characters, unless the portal is on loopback: digests of shorter ones can be
/// searched for.
const SHORTEST_SECRET: usize = 32;

/// Why a file was not applied. Nothing has changed.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// The file asks for what cannot be.
    #[error("{} faults in the file", .0.len())]
    Faults(Vec<Fault>),
    /// The stores.
    #[error(transparent)]
    Flow(#[from] FlowError),
}

impl From<StoreError> for ApplyError {
    fn from(error: StoreError) -> Self {
        Self::Flow(error.into())
    }
}

/// Applies a file in one transaction; with `dry_run` only tells what it would do. Clients and tiles that the file does not
/// name are left as they are.
pub async fn apply(cx: &Context, file: &ClientFile, dry_run: bool) -> Result<Outcome, ApplyError> {
    let tx = cx.app.store.begin().await?;
    let mut work = Work {
        cx,
        schools: people::list_schools(&tx).await?,
        tx: &tx,
        faults: Vec::new(),
        events: Vec::new(),
        outcome: Outcome::default(),
    };
    for entry in &file.clients {
        work.client(entry).await?;
    }
    for entry in &file.tiles {
        work.tile(entry).await?;
    }
    let Work {
        faults,
        events,
        outcome,
        ..
    } = work;
    if !faults.is_empty() {
        return Err(ApplyError::Faults(faults));
    }
    if !events.is_empty() && !dry_run {
        for event in events {
            audit::record_in(&tx, cx, event).await?;
        }
        commit(cx, tx).await?;
    }
    Ok(outcome)
}

pub(super) struct Work<'a> {
    pub(super) cx: &'a Context,
    pub(super) tx: &'a Tx,
    pub(super) schools: Vec<School>,
    faults: Vec<Fault>,
    events: Vec<Event>,
    outcome: Outcome,
}

/// What a resource is to become.
struct Target<'a> {
    entry: String,
    id: ResourceId,
    client: Option<&'a ClientId>,
    name: &'a str,
    tile: Option<&'a Tile>,
    agreement: Option<&'a crate::district::resource::Agreement>,
    assign: Option<&'a [Rule]>,
}

impl Work<'_> {
    async fn client(&mut self, entry: &ClientEntry) -> Result<(), FlowError> {
        let id = &entry.client.client_id;
        let label = format!("client {:?}", id.as_str());
        self.check_secret(&label, entry.secret.as_ref());
        let old = clients::find(self.tx, id).await?;
        let is_new = old.is_none();
        let mut changed = match old {
            None => {
                self.create(entry).await?;
                Vec::new()
            }
            Some(old) => self.update(entry, old).await?,
        };
        let own = resources::find_by_client(self.tx, id).await?;
        let resource_id = match (&own, is_id(id.as_str())) {
            (Some(own), _) => own.id.clone(),
            (None, true) => ResourceId::new(id.as_str()),
            (None, false) => ResourceId::new(self.cx.app.random.id(self.cx.now)),
        };
        let target = Target {
            entry: label,
            id: resource_id,
            client: Some(id),
            name: &entry.client.client_name,
            tile: entry.tile.as_ref(),
            agreement: entry.agreement.as_ref(),
            assign: entry.assign.as_deref(),
        };
        changed.extend(self.resource(own, &target).await?);
        let change = Change::of(is_new, changed);
        if let Some(event) = event(&change, "register_client", "change_client") {
            self.events.push(by_command(event, id));
        }
        self.outcome.applied.push(Applied {
            kind: "client",
            id: id.to_string(),
            change,
        });
        Ok(())
    }

    async fn tile(&mut self, entry: &TileEntry) -> Result<(), FlowError> {
        let own = resources::find(self.tx, &entry.id).await?;
        let is_new = own.is_none();
        let target = Target {
            entry: format!("tile {:?}", entry.id.as_str()),
            id: entry.id.clone(),
            client: None,
            name: entry.id.as_str(),
            tile: Some(&entry.tile),
            agreement: None,
            assign: entry.assign.as_deref(),
        };
        let changed = self.resource(own, &target).await?;
        let change = Change::of(is_new, changed);
        if let Some(event) = event(&change, "add_tile", "change_tile") {
            let event = event
                .actor_kind("cli", "idp clients")
                .target_kind("resource", entry.id.as_str());
            self.events.push(event);
        }
        self.outcome.applied.push(Applied {
            kind: "tile",
            id: entry.id.to_string(),
            change,
        });
        Ok(())
    }

    fn check_secret(&mut self, entry: &str, secret: Option<&Secret>) {
        let short = secret.is_some_and(|secret| secret.expose().len() < SHORTEST_SECRET);
        if short && !self.cx.app.settings.on_loopback() {
            self.fault(entry, format!(
                "`client_secret` has fewer than {SHORTEST_SECRET} characters; leave it out to have one made"
            ));
        }
    }

    async fn create(&mut self, entry: &ClientEntry) -> Result<(), FlowError> {
        let now = self.cx.now;
        let secrets = match (entry.client.has_secret(), &entry.secret) {
            (true, Some(given)) => vec![StoredSecret::new(given, now)],
            (true, None) => vec![self.new_secret(&entry.client)],
            (false, _) => Vec::new(),
        };
        let new = Registration {
            client: entry.client.clone(),
            secrets,
            status: ClientStatus::Active,
            version: 1,
            created_at: now,
            updated_at: now,
        };
        Ok(clients::insert(self.tx, &new).await?)
    }

    /// Answers which fields changed.
    async fn update(
        &mut self,
        entry: &ClientEntry,
        old: Registration,
    ) -> Result<Vec<String>, FlowError> {
        let mut changed = differences(&old.client, &entry.client);
        let valid = |secret: &Secret| matching(&old.secrets, secret, self.cx.now).is_some();
        let secrets = match (entry.client.has_secret(), &entry.secret) {
            (true, Some(given)) if !valid(given) => {
                Some(vec![StoredSecret::new(given, self.cx.now)])
            }
            (true, None) if old.secrets.is_empty() => Some(vec![self.new_secret(&entry.client)]),
            (false, _) if !old.secrets.is_empty() => Some(Vec::new()),
            _ => None,
        };
        if secrets.is_some() {
            changed.push("client_secret".into());
        }
        if changed.is_empty() {
            return Ok(changed);
        }
        let new = Registration {
            client: entry.client.clone(),
            secrets: secrets.unwrap_or(old.secrets),
            version: old.version + 1,
            updated_at: self.cx.now,
            ..old
        };
        replace(self.tx, &new).await?;
        Ok(changed)
    }

    fn new_secret(&mut self, client: &Client) -> StoredSecret {
        let secret = self.cx.app.random.token();
        let stored = StoredSecret::new(&secret, self.cx.now);
        self.outcome
            .secrets
            .push((client.client_id.clone(), secret));
        stored
    }

    /// Brings a resource and its rules to what the file says. Answers which fields changed.
    async fn resource(
        &mut self,
        own: Option<Resource>,
        target: &Target<'_>,
    ) -> Result<Vec<String>, FlowError> {
        let mut changed = Vec::new();
        match own {
            None if resources::find(self.tx, &target.id).await?.is_some() => {
                self.fault(
                    &target.entry,
                    format!(
                        "the id {:?} is taken by a plain link; give one of them another id",
                        target.id.as_str()
                    ),
                );
                return Ok(changed);
            }
            None => resources::insert(self.tx, &self.made(target)).await?,
            Some(old) if old.client_id.as_ref() != target.client => {
                self.fault(&target.entry, format!(
                    "the id {:?} is taken by the resource of a client; give the link another id",
                    target.id.as_str()
                ));
                return Ok(changed);
            }
            Some(old) => {
                let new = Self::changed(target, &old);
                if new != old {
                    changed.push("tile".into());
                    let new = Resource {
                        version: old.version + 1,
                        updated_at: self.cx.now,
                        ..new
                    };
                    if !resources::replace(self.tx, &new).await? {
                        return Err(FlowError::bug(format!(
                            "resource {} was changed by another at the same time; try again",
                            target.id
                        )));
                    }
                }
            }
        }
        if let Some(rules) = target.assign
            && self.assign(&target.entry, &target.id, rules).await?
        {
            changed.push("assign".into());
        }
        Ok(changed)
    }

    fn made(&self, target: &Target<'_>) -> Resource {
        let plain = Resource {
            id: target.id.clone(),
            client_id: target.client.cloned(),
            name: Words::english(target.name),
            description: Words::default(),
            category: Category::Tools,
            icon: Category::Tools.icon().to_owned(),
            start_url: None,
            position: 100,
            status: ResourceStatus::Hidden,
            agreement: None,
            version: 1,
            updated_at: self.cx.now,
        };
        Self::changed(target, &plain)
    }

    fn changed(target: &Target<'_>, old: &Resource) -> Resource {
        let mut new = old.clone();
        if let Some(tile) = target.tile {
            new.name.clone_from(&tile.name);
            new.description.clone_from(&tile.description);
            new.category = tile.category;
            new.icon.clone_from(&tile.icon);
            new.start_url.clone_from(&tile.start_url);
            new.position = tile.position;
            new.status = tile.status;
        }
        if let Some(agreement) = target.agreement {
            new.agreement = Some(agreement.clone());
        }
        new
    }

    pub(super) fn fault(&mut self, entry: &str, problem: String) {
        self.faults.push(Fault {
            entry: entry.to_owned(),
            problem,
        });
    }
}

impl Change {
    fn of(is_new: bool, changed: Vec<String>) -> Self {
        if is_new {
            Self::Created
        } else if changed.is_empty() {
            Self::Unchanged
        } else {
            Self::Updated(changed)
        }
    }
}

/// The audit event of a change; none where there was none.
fn event(change: &Change, created: &'static str, updated: &'static str) -> Option<Event> {
    match change {
        Change::Unchanged => None,
        Change::Created => Some(Event::new(created)),
        Change::Updated(fields) => Some(Event::new(updated).field("fields", fields.clone())),
    }
}

/// The metadata names in which two registrations differ.
fn differences(old: &Client, new: &Client) -> Vec<String> {
    let fields = |client: &Client| match serde_json::to_value(client) {
        Ok(Value::Object(fields)) => fields,
        _ => serde_json::Map::new(),
    };
    let old = fields(old);
    fields(new)
        .into_iter()
        .filter(|(name, value)| old.get(name) != Some(value))
        .map(|(name, _)| name)
        .collect()
}
