//! The file of `idp clients apply`: a list of clients under the metadata names of RFC 7591, with tile, assignment and data
//! agreement beside them; and a list of tiles that are plain links. TOML or JSON. Reading it changes nothing and finds every
//! fault, not only the first.

mod assign;
mod tile;

use std::fmt;

use serde_json::{Map, Value};

pub use self::assign::Rule;
pub use self::tile::{Tile, is_id};
use crate::district::resource::Agreement;
use crate::ids::ResourceId;
use crate::protocol::claims;
use crate::protocol::client::{Client, GrantType};
use crate::protocol::scope;
use crate::secret::Secret;

/// What a file asks for.
#[derive(Clone, Debug, Default)]
pub struct ClientFile {
    /// Clients, each with what belongs to its resource.
    pub clients: Vec<ClientEntry>,
    /// Resources without a client.
    pub tiles: Vec<TileEntry>,
}

/// One client.
#[derive(Clone, Debug)]
pub struct ClientEntry {
    /// Its metadata, which has passed every rule of registration.
    pub client: Client,
    /// The secret, where the file gives one.
    pub secret: Option<Secret>,
    /// Its tile; without one what stands is left, and a new client has none.
    pub tile: Option<Tile>,
    /// Who gets it; without it what stands is left, and a new client is nobody's.
    pub assign: Option<Vec<Rule>>,
    /// The data agreement; without it what stands is left.
    pub agreement: Option<Agreement>,
}

/// One plain link.
#[derive(Clone, Debug)]
pub struct TileEntry {
    /// Its id, which stands in addresses.
    pub id: ResourceId,
    /// The tile.
    pub tile: Tile,
    /// Who gets it; without it what stands is left, and a new one is nobody's.
    pub assign: Option<Vec<Rule>>,
}

/// A fault of the file: where it stands, what is wrong, what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// As `client "library"` or `tile "lunch"`; empty where the whole file is meant.
    pub entry: String,
    /// The field with what was found there, and the advice.
    pub problem: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.entry.is_empty() {
            f.write_str(&self.problem)
        } else {
            write!(f, "{}: {}", self.entry, self.problem)
        }
    }
}

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// TOML 1.0.
    Toml,
    /// JSON (RFC 8259).
    Json,
}

/// Reads a file. All faults are listed.
pub fn read(text: &str, format: Format) -> Result<ClientFile, Vec<Fault>> {
    let whole = |problem: String| {
        vec![Fault {
            entry: String::new(),
            problem,
        }]
    };
    let document = parse(text, format).map_err(whole)?;
    let (clients, tiles) = lists(document).map_err(whole)?;
    let mut file = ClientFile::default();
    let mut faults = Vec::new();
    for (at, entry) in clients.into_iter().enumerate() {
        match read_client(entry, at + 1) {
            Ok(entry) => file.clients.push(entry),
            Err(mut found) => faults.append(&mut found),
        }
    }
    for (at, entry) in tiles.into_iter().enumerate() {
        match read_tile(entry, at + 1) {
            Ok(entry) => file.tiles.push(entry),
            Err(mut found) => faults.append(&mut found),
        }
    }
    faults.extend(twice(&file));
    if faults.is_empty() {
        Ok(file)
    } else {
        Err(faults)
    }
}

fn parse(text: &str, format: Format) -> Result<Value, String> {
    match format {
        Format::Json => serde_json::from_str(text).map_err(|error| format!("is no JSON: {error}")),
        Format::Toml => toml::from_str(text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start));
            let line = before.map_or(1, |before| before.matches('\n').count() + 1);
            format!("line {line}: {}", error.message().replace('\n', ", "))
        }),
    }
}

/// The two lists; a bare list, as registration tools export it, is one of clients.
fn lists(document: Value) -> Result<(Vec<Value>, Vec<Value>), String> {
    let mut fields = match document {
        Value::Array(clients) => return Ok((clients, Vec::new())),
        Value::Object(fields) => fields,
        _ => return Err("must hold a list named clients, or one named tiles".into()),
    };
    let mut take = |name: &str| match fields.remove(name) {
        None => Ok(Vec::new()),
        Some(Value::Array(list)) => Ok(list),
        Some(_) => Err(format!(
            "`{name}` must be a list: write [[{name}]] before each of them"
        )),
    };
    let lists = (take("clients")?, take("tiles")?);
    match fields.keys().next() {
        Some(name) => Err(format!(
            "`{name}` is unknown; a file has [[clients]] and [[tiles]], and fields stand below one of them"
        )),
        None if lists.0.is_empty() && lists.1.is_empty() => {
            Err("names nobody; write [[clients]] or [[tiles]]".into())
        }
        None => Ok(lists),
    }
}

/// Two entries with one id.
fn twice(file: &ClientFile) -> Vec<Fault> {
    let mut seen = std::collections::BTreeSet::new();
    let clients = file.clients.iter().map(|entry| {
        let id = entry.client.client_id.as_str();
        (format!("client {id:?}"), ("client", id))
    });
    let tiles = file.tiles.iter().map(|entry| {
        let id = entry.id.as_str();
        (format!("tile {id:?}"), ("tile", id))
    });
    clients
        .chain(tiles)
        .filter(|(_, key)| !seen.insert(*key))
        .map(|(entry, _)| Fault {
            entry,
            problem: "stands in the file twice; keep one".into(),
        })
        .collect()
}

fn read_client(entry: Value, at: usize) -> Result<ClientEntry, Vec<Fault>> {
    let mut fields = table(entry, "client", at)?;
    let mut name = label(&fields, "client", &["client_id", "client_name"], at);
    let mut faults = Faults::default();
    let secret = faults.keep(read_secret(fields.remove("client_secret")));
    let tile_fields = fields.remove("tile");
    let assign = faults.keep(assign::read(fields.remove("assign"), tile_fields.as_ref()));
    let agreement = faults.keep(tile::read_agreement(fields.remove("agreement")));
    derive_fields(&mut fields);
    faults.add(unknown(&fields));
    let client = faults.keep(read_metadata(fields));
    let tile = match (&client, tile_fields) {
        (Some(client), Some(tile)) => {
            let place = tile::Place::Client(client);
            faults.keep(tile::read(tile, place)).map(Some)
        }
        _ => Some(None),
    };
    if let Some(client) = &client {
        name = format!("client {:?}", client.client_id.as_str());
        if !client.has_secret() && secret.as_ref().is_some_and(Option::is_some) {
            faults.add([format!(
                "`client_secret` stands beside token_endpoint_auth_method {}; remove one of them",
                client.token_endpoint_auth_method
            )]);
        }
    }
    match (client, secret, tile, assign, agreement) {
        (Some(client), Some(secret), Some(tile), Some(assign), Some(agreement))
            if faults.is_empty() =>
        {
            Ok(ClientEntry {
                client,
                secret,
                tile,
                assign,
                agreement,
            })
        }
        _ => Err(faults.of(&name)),
    }
}

fn read_tile(entry: Value, at: usize) -> Result<TileEntry, Vec<Fault>> {
    let mut fields = table(entry, "tile", at)?;
    let name = label(&fields, "tile", &["id", "name"], at);
    let mut faults = Faults::default();
    let id = faults.keep(tile::read_id(fields.remove("id")));
    let assign = faults.keep(assign::read(fields.remove("assign"), None));
    let tile = faults.keep(tile::read(Value::Object(fields), tile::Place::Alone));
    match (id, tile, assign) {
        (Some(id), Some(tile), Some(assign)) if faults.is_empty() => {
            Ok(TileEntry { id, tile, assign })
        }
        _ => Err(faults.of(&name)),
    }
}

/// The faults of one entry.
#[derive(Default)]
struct Faults(Vec<String>);

impl Faults {
    fn keep<T>(&mut self, outcome: Result<T, Vec<String>>) -> Option<T> {
        match outcome {
            Ok(value) => Some(value),
            Err(found) => {
                self.0.extend(found);
                None
            }
        }
    }

    fn add(&mut self, found: impl IntoIterator<Item = String>) {
        self.0.extend(found);
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn of(self, entry: &str) -> Vec<Fault> {
        let fault = |problem| Fault {
            entry: entry.to_owned(),
            problem,
        };
        self.0.into_iter().map(fault).collect()
    }
}

fn table(entry: Value, kind: &str, at: usize) -> Result<Map<String, Value>, Vec<Fault>> {
    match entry {
        Value::Object(fields) => Ok(fields),
        _ => Err(vec![Fault {
            entry: format!("{kind} {at} of the list"),
            problem: "must be a table of fields".into(),
        }]),
    }
}

/// What an entry is called in faults.
fn label(fields: &Map<String, Value>, kind: &str, names: &[&str], at: usize) -> String {
    let text = |field: &&str| fields.get(*field).and_then(Value::as_str);
    match names.iter().find_map(text) {
        Some(name) => format!("{kind} {name:?}"),
        None => format!("{kind} {at} of the list"),
    }
}

fn read_secret(value: Option<Value>) -> Result<Option<Secret>, Vec<String>> {
    let refuse = |advice: &str| Err(vec![format!("`client_secret` {advice}")]);
    match value {
        None => Ok(None),
        Some(Value::String(text)) => {
            let plain = text.bytes().all(|byte| byte.is_ascii_graphic());
            if text.is_empty() || text.len() > 200 || !plain {
                return refuse(
                    "must be 1 to 200 letters, digits and signs without spaces; leave it out to have one made",
                );
            }
            Ok(Some(Secret::new(text)))
        }
        Some(_) => refuse("must be a text"),
    }
}

/// Fields that follow from others where the file leaves them out.
fn derive_fields(fields: &mut Map<String, Value>) {
    if !fields.contains_key("client_id") {
        let slug = fields.get("client_name").and_then(Value::as_str).map(slug);
        if let Some(slug) = slug.filter(|slug| !slug.is_empty()) {
            fields.insert("client_id".into(), slug.into());
        }
    }
    if fields.contains_key("scope") {
        return;
    }
    let lists = |field: &str, wanted: &dyn Fn(&str) -> bool| {
        let list = fields.get(field).and_then(Value::as_array);
        list.is_some_and(|list| list.iter().filter_map(Value::as_str).any(wanted))
    };
    let joining = |name: &str| claims::scope_of(name) == Some(scope::ROSTER_IDS);
    let refresh = |name: &str| name == GrantType::RefreshToken.as_str();
    let mut scopes = Client::default().scope.to_string();
    for (needed, token) in [
        (lists("approved_claims", &joining), scope::ROSTER_IDS),
        (lists("grant_types", &refresh), scope::OFFLINE_ACCESS),
    ] {
        if needed {
            scopes = format!("{scopes} {token}");
        }
    }
    fields.insert("scope".into(), scopes.into());
}

/// A name as an id: `Grade Book` is `grade-book`.
fn slug(name: &str) -> String {
    let lower = name.to_ascii_lowercase();
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric());
    words
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

/// Removes nothing; lists fields that no specification names, with the one that may be meant.
fn unknown(fields: &Map<String, Value>) -> Vec<String> {
    let known = match serde_json::to_value(Client::default()) {
        Ok(Value::Object(known)) => known,
        _ => Map::new(),
    };
    let same = |one: &str, other: &str| {
        one.bytes()
            .zip(other.bytes())
            .take_while(|(a, b)| a == b)
            .count()
    };
    let mut problems = Vec::new();
    for name in fields.keys().filter(|name| !known.contains_key(*name)) {
        let nearest = known.keys().max_by_key(|other| same(name, other));
        let advice = match nearest.filter(|other| same(name, other) >= 4) {
            Some(other) => format!("did you mean {other}?"),
            None => "remove it, or look its name up in docs/registering.md".to_owned(),
        };
        problems.push(format!("`{name}` is no field of a client; {advice}"));
    }
    problems
}

/// Metadata, field by field, so that a fault names its field; then all rules.
fn read_metadata(fields: Map<String, Value>) -> Result<Client, Vec<String>> {
    let mut problems = Vec::new();
    for (name, value) in &fields {
        let alone = Map::from_iter([(name.clone(), value.clone())]);
        if let Err(error) = serde_json::from_value::<Client>(Value::Object(alone)) {
            problems.push(format!("`{name}`: {error}"));
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let client: Client =
        serde_json::from_value(Value::Object(fields)).map_err(|error| vec![error.to_string()])?;
    client
        .check()
        .map_err(|refused| vec![refused.to_string()])?;
    Ok(client)
}

#[cfg(test)]
mod tests;
