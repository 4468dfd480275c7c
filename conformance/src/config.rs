//! What the program must be told about a provider: who signs in, which clients there are, where our own endpoints are.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde::Deserialize;
use serde_json::{Map, Value};
use url::Url;

/// The whole file. Every key may be left out.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The provider; `--issuer` stands over it.
    pub issuer: Option<Url>,
    /// A PEM file with one more certificate authority to trust.
    pub authority: Option<PathBuf>,
    /// Our own endpoints.
    pub relying_party: RelyingParty,
    /// Who signs in.
    pub person: Who,
    /// Somebody else, for checks that need two people.
    pub other_person: Option<Who>,
    /// Somebody whose account may be locked by wrong passwords.
    pub spare_person: Option<Who>,
    /// Dynamic registration.
    pub registration: Registration,
    /// Clients that exist already, by the names of RFC 7591 with `client_id` and `client_secret`.
    pub clients: Vec<Map<String, Value>>,
    /// A file with more of them, in a list named `clients`.
    pub clients_file: Option<PathBuf>,
    /// What only the provider's operator can do.
    pub operator: Operator,
    /// Settings of the plan `security`.
    pub security: Security,
}

/// Our own endpoints.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RelyingParty {
    /// Address and port to listen on; port 0 takes any.
    pub listen: SocketAddr,
    /// How the provider reaches it. Default: `http://localhost:PORT`.
    pub base: Option<Url>,
    /// Where redirect URIs of registered clients lie. Nothing is ever sent there: the person stops in front of it.
    pub redirect_base: Url,
}

impl Default for RelyingParty {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            base: None,
            redirect_base: Url::parse("https://conformance.example")
                .unwrap_or_else(|_| unreachable!()),
        }
    }
}

/// A person, as far as forms ask for it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Who {
    /// What to type, by a field's name, id or label.
    pub fields: BTreeMap<String, String>,
    /// Words on the buttons that go on where nothing is to be typed, in order of preference.
    pub press: Vec<String>,
    /// Words on the buttons or links that refuse.
    pub refuse: Vec<String>,
    /// Which of `fields` is the name, and which the password.
    pub username_field: Option<String>,
    /// See above.
    pub password_field: Option<String>,
}

impl Who {
    /// The field of the password: the one said, else the one named so.
    pub fn password_key(&self) -> &str {
        self.password_field.as_deref().unwrap_or("password")
    }

    /// The field of the name: the one said, else the first that is not the password.
    pub fn username_key(&self) -> &str {
        let other = || self.fields.keys().find(|key| *key != self.password_key());
        self.username_field
            .as_deref()
            .or_else(|| other().map(String::as_str))
            .unwrap_or("username")
    }

    /// The same person with something else typed in a field.
    #[must_use]
    pub fn typing(&self, field: &str, value: &str) -> Self {
        let mut changed = self.clone();
        changed.fields.insert(field.to_owned(), value.to_owned());
        changed
    }
}

/// Dynamic registration.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Registration {
    /// Whether it is not to be used though it is offered.
    pub is_off: bool,
    /// Initial access token (RFC 7591 §3).
    pub initial_access_token: Option<String>,
    /// A file that holds it.
    pub initial_access_token_file: Option<PathBuf>,
    /// Metadata added to every registration.
    pub extra: Map<String, Value>,
}

/// What only the provider's operator can do.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Operator {
    /// Command that rotates the signing keys.
    pub rotate_keys: Vec<String>,
}

/// Settings of the plan `security`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Security {
    /// Paths of pages to look at besides those found by following links.
    pub pages: Vec<String>,
    /// Most pages to look at.
    pub most_pages: usize,
    /// A name that nobody has.
    pub nobody: String,
    /// Pairs of tries when answers are timed.
    pub timing_pairs: usize,
}

impl Default for Security {
    fn default() -> Self {
        Self {
            pages: Vec::new(),
            most_pages: 25,
            nobody: "nobody-at-all".into(),
            timing_pairs: 8,
        }
    }
}

/// Reads the file, and the clients' file beside it.
pub fn load(path: Option<&Path>) -> anyhow::Result<Config> {
    let Some(path) = path else {
        return Ok(Config::default());
    };
    let text = std::fs::read_to_string(path).with_context(|| path.display().to_string())?;
    let mut config: Config = toml::from_str(&text).with_context(|| path.display().to_string())?;
    let folder = path.parent().unwrap_or(Path::new("."));
    if let Some(file) = config.registration.initial_access_token_file.take() {
        let file = folder.join(file);
        let token = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        config.registration.initial_access_token = Some(token.trim().to_owned());
    }
    if let Some(file) = config.clients_file.take() {
        let file = folder.join(file);
        let text = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        config
            .clients
            .extend(clients(&text).with_context(|| file.display().to_string())?);
    }
    Ok(config)
}

/// The clients of a file: the tables of the list `clients` or `client`, their own extras and all.
fn clients(text: &str) -> anyhow::Result<Vec<Map<String, Value>>> {
    let document: Value = toml::from_str(text)?;
    let list = document.get("clients").or_else(|| document.get("client"));
    let list = list
        .and_then(Value::as_array)
        .context("no list of clients in it")?;
    Ok(list.iter().filter_map(Value::as_object).cloned().collect())
}
