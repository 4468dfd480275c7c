//! A tile as a file says it: words, group, icon, address, place.

use serde::Deserialize;
use serde_json::Value;

use crate::district::resource::{Agreement, Category, ICONS, ResourceStatus, Words};
use crate::ids::ResourceId;
use crate::protocol::client::Client;
use crate::protocol::registered_uri::{self, Purpose};

/// Where a tile stands among others unless it says so.
const POSITION: i64 = 100;

/// A tile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tile {
    /// What people call it.
    pub name: Words,
    /// What it is for.
    pub description: Words,
    /// Its group.
    pub category: Category,
    /// Its icon.
    pub icon: String,
    /// Where a click goes.
    pub start_url: Option<String>,
    /// Lower comes first.
    pub position: i64,
    /// Whether it is shown.
    pub status: ResourceStatus,
}

/// Whose tile it is.
#[derive(Clone, Copy, Debug)]
pub enum Place<'a> {
    /// A client's: its name is the tile's unless the tile has one, and a click may go to its `initiate_login_uri`.
    Client(&'a Client),
    /// Nobody's: a plain link.
    Alone,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    name: Option<Words>,
    #[serde(default)]
    description: Words,
    category: String,
    icon: Option<String>,
    start_url: Option<String>,
    #[serde(default = "position")]
    position: i64,
    #[serde(default)]
    status: ResourceStatus,
    /// Read by `assign.rs`.
    #[serde(default, rename = "assign")]
    _assign: Value,
}

fn position() -> i64 {
    POSITION
}

/// Reads a tile.
pub fn read(value: Value, place: Place<'_>) -> Result<Tile, Vec<String>> {
    let written: Written =
        serde_json::from_value(value).map_err(|error| vec![format!("tile: {error}")])?;
    let mut problems = Vec::new();
    let name = match (written.name, place) {
        (Some(name), _) => name,
        (None, Place::Client(client)) => Words::english(&client.client_name),
        (None, Place::Alone) => Words::default(),
    };
    problems.extend(check_words("name", &name, 1, 60));
    problems.extend(check_words("description", &written.description, 0, 200));
    let category = Category::parse(&written.category);
    if category.is_none() {
        let known: Vec<_> = Category::ALL.iter().map(|one| one.as_str()).collect();
        problems.push(format!(
            "`category` {:?} is unknown; the groups are {}",
            written.category,
            known.join(", ")
        ));
    }
    let icon = written
        .icon
        .unwrap_or_else(|| category.map_or("", Category::icon).to_owned());
    if category.is_some() && !ICONS.contains(&icon.as_str()) {
        problems.push(format!(
            "`icon` {icon:?} is unknown; the icons are {}",
            ICONS.join(", ")
        ));
    }
    problems.extend(check_start(written.start_url.as_deref(), place));
    match category {
        Some(category) if problems.is_empty() => Ok(Tile {
            name,
            description: written.description,
            category,
            icon,
            start_url: written.start_url,
            position: written.position,
            status: written.status,
        }),
        _ => Err(problems),
    }
}

fn check_start(start_url: Option<&str>, place: Place<'_>) -> Option<String> {
    match (start_url, place) {
        (Some(url), _) => registered_uri::check(url, Purpose::Page)
            .err()
            .map(|advice| format!("`start_url` {url:?}: {advice}")),
        (None, Place::Client(client)) if client.initiate_login_uri.is_some() => None,
        (None, Place::Client(_)) => Some(
            "`start_url` is missing: a click on the tile needs it, or the client's initiate_login_uri".into(),
        ),
        (None, Place::Alone) => Some("`start_url` is missing: give the address that a click opens".into()),
    }
}

fn check_words(field: &str, words: &Words, least: usize, most: usize) -> Option<String> {
    let wrong = words.all().find(|text| {
        let length = text.trim().chars().count();
        length < least || length > most || text.chars().any(char::is_control)
    });
    wrong.map(|text| format!("`{field}` {text:?}: write {least} to {most} characters in one line"))
}

/// Reads a data agreement. None where it is left out.
pub fn read_agreement(value: Option<Value>) -> Result<Option<Agreement>, Vec<String>> {
    let Some(value) = value else {
        return Ok(None);
    };
    let agreement: Agreement =
        serde_json::from_value(value).map_err(|error| vec![format!("`agreement`: {error}")])?;
    let mut problems: Vec<String> = check_words("agreement.purpose", &agreement.purpose, 1, 300)
        .into_iter()
        .collect();
    for (field, day) in [
        ("signed_on", &agreement.signed_on),
        ("expires_on", &agreement.expires_on),
    ] {
        if let Some(day) = day
            && !is_day(day)
        {
            problems.push(format!(
                "`agreement.{field}` {day:?}: write a day as \"2026-08-05\""
            ));
        }
    }
    if problems.is_empty() {
        Ok(Some(agreement))
    } else {
        Err(problems)
    }
}

fn is_day(text: &str) -> bool {
    text.len() == 10 && text.parse::<chrono::NaiveDate>().is_ok()
}

/// Reads the id of a plain link.
pub fn read_id(value: Option<Value>) -> Result<ResourceId, Vec<String>> {
    let advice = "write 1 to 60 small letters, digits and hyphens, as \"city-library\"";
    match value {
        None => Err(vec![format!("`id` is missing; {advice}")]),
        Some(Value::String(text)) if is_id(&text) => Ok(ResourceId::new(text)),
        Some(other) => Err(vec![format!("`id` {other}: {advice}")]),
    }
}

/// Whether a text can stand in an address as it is.
pub fn is_id(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=60).contains(&text.len()) && text.bytes().all(allowed)
}
