//! A request and an answer on their way through the proxy, and what the proxy remembers of those before.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use url::{Url, form_urlencoded};

use crate::keys::{self, Key};

/// Pairs of a form or a query.
pub type Pairs = Vec<(String, String)>;

/// A request.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Method.
    pub method: String,
    /// Address.
    pub url: Url,
    /// Headers, names in small letters.
    pub headers: Pairs,
    /// Body.
    pub body: Vec<u8>,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Given {
    /// Status code.
    pub status: u16,
    /// Headers, names in small letters.
    pub headers: Pairs,
    /// Body.
    pub body: Vec<u8>,
}

/// What the proxy knows.
pub struct Memory {
    /// The provider's metadata.
    pub metadata: Value,
    /// The proxy's own key.
    pub key: Key,
    /// Secrets by client.
    pub secrets: HashMap<String, String>,
    /// Good redirect URIs by client.
    pub redirect_uris: HashMap<String, String>,
    /// The client of the last authorization request.
    pub last_client: String,
    /// Clients by the codes and refresh tokens given to them.
    pub owners: HashMap<String, String>,
    /// Answers of the token endpoint by the code or refresh token used.
    pub spent: HashMap<String, Given>,
    /// The last access token given.
    pub access_token: String,
    /// A verifier of the proxy's own.
    pub verifier: String,
    /// A name that nobody has.
    pub nobody: String,
    /// The unregistered redirect URI that is being tried.
    pub stray: Option<(String, String)>,
}

/// A pair's value.
pub fn get<'a>(pairs: &'a Pairs, name: &str) -> Option<&'a str> {
    pairs
        .iter()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.as_str())
}

/// Puts a value in the place of the old one, or takes the pair away.
pub fn set(pairs: &mut Pairs, name: &str, value: Option<&str>) {
    pairs.retain(|(known, _)| known != name);
    pairs.extend(value.map(|value| (name.to_owned(), value.to_owned())));
}

fn parse(bytes: &[u8]) -> Pairs {
    form_urlencoded::parse(bytes).into_owned().collect()
}

impl Asked {
    /// The query's pairs.
    pub fn query(&self) -> Pairs {
        parse(self.url.query().unwrap_or_default().as_bytes())
    }

    /// Changes the query's pairs.
    pub fn set_query(&mut self, pairs: &Pairs) {
        if pairs.is_empty() {
            self.url.set_query(None);
        } else {
            self.url.query_pairs_mut().clear().extend_pairs(pairs);
        }
    }

    /// The form's pairs.
    pub fn form(&self) -> Pairs {
        parse(&self.body)
    }

    /// Changes the form's pairs.
    pub fn set_form(&mut self, pairs: &Pairs) {
        let form = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .finish();
        self.body = form.into_bytes();
    }

    /// The parameters of an authorization request, wherever they are.
    pub fn params(&self) -> Pairs {
        if self.method == "POST" {
            self.form()
        } else {
            self.query()
        }
    }

    /// Changes them.
    pub fn set_params(&mut self, pairs: &Pairs) {
        if self.method == "POST" {
            self.set_form(pairs);
        } else {
            self.set_query(pairs);
        }
    }

    /// A header.
    pub fn header(&self, name: &str) -> Option<&str> {
        get(&self.headers, name)
    }
}

impl Given {
    /// A page.
    pub fn page(status: u16, words: &str) -> Self {
        Self {
            status,
            headers: vec![("content-type".into(), "text/html; charset=utf-8".into())],
            body: format!("<!doctype html><title>{words}</title><p>{words}</p>").into_bytes(),
        }
    }

    /// A redirect.
    pub fn redirect(to: &str) -> Self {
        Self {
            status: 303,
            headers: vec![("location".into(), to.to_owned())],
            body: Vec::new(),
        }
    }

    /// The body as JSON.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// Changes the JSON body.
    pub fn change_json(&mut self, change: impl FnOnce(&mut Value)) {
        if let Some(mut value) = self.json() {
            change(&mut value);
            self.body = value.to_string().into_bytes();
        }
    }

    /// Where it redirects to.
    pub fn location(&self) -> Option<Url> {
        get(&self.headers, "location").and_then(|location| Url::parse(location).ok())
    }

    /// Whether it sends the browser to another origin.
    pub fn leaves(&self, home: &Url) -> bool {
        self.location()
            .is_some_and(|to| to.origin() != home.origin())
    }

    /// Changes the query of where it redirects to.
    pub fn change_location(&mut self, change: impl FnOnce(&mut Pairs)) {
        if let Some(mut to) = self.location() {
            let mut pairs = parse(to.query().unwrap_or_default().as_bytes());
            change(&mut pairs);
            to.query_pairs_mut().clear().extend_pairs(pairs);
            set(&mut self.headers, "location", Some(to.as_str()));
        }
    }
}

impl Memory {
    /// Nothing yet, but the secrets of clients that are known.
    pub fn new(metadata: Value, key: Key, secrets: HashMap<String, String>) -> Self {
        Self {
            metadata,
            key,
            secrets,
            redirect_uris: HashMap::new(),
            last_client: String::new(),
            owners: HashMap::new(),
            spent: HashMap::new(),
            access_token: String::new(),
            verifier: keys::random(32),
            nobody: String::new(),
            stray: None,
        }
    }

    /// Whether a request goes to an endpoint of the metadata.
    pub fn is(&self, asked: &Asked, endpoint: &str) -> bool {
        let address = self.metadata.get(endpoint).and_then(Value::as_str);
        address
            .and_then(|address| Url::parse(address).ok())
            .is_some_and(|url| url.path() == asked.url.path() && url.origin() == asked.url.origin())
    }

    /// Remembers what a request says, before any fault changes it.
    pub fn hear(&mut self, asked: &Asked) {
        if self.is(asked, "authorization_endpoint") {
            let params = asked.params();
            if let Some(client) = get(&params, "client_id") {
                client.clone_into(&mut self.last_client);
            }
        }
    }

    /// Remembers what an answer says, before any fault changes it.
    pub fn learn(&mut self, asked: &Asked, given: &Given) {
        let document = given.json().unwrap_or_default();
        let text = |name: &str| {
            document
                .get(name)
                .and_then(Value::as_str)
                .map(str::to_owned)
        };
        if self.is(asked, "registration_endpoint")
            && let (Some(id), Some(secret)) = (text("client_id"), text("client_secret"))
        {
            self.secrets.insert(id, secret);
        }
        if let Some(code) = given.location().and_then(|to| query_value(&to, "code")) {
            self.owners.insert(code, self.last_client.clone());
        }
        if self.is(asked, "authorization_endpoint") && given.status < 400 {
            let params = asked.params();
            if let (Some(id), Some(uri)) = (get(&params, "client_id"), get(&params, "redirect_uri"))
            {
                self.redirect_uris
                    .entry(id.to_owned())
                    .or_insert_with(|| uri.to_owned());
            }
        }
        if self.is(asked, "token_endpoint") && given.status == 200 {
            let form = asked.form();
            for name in ["code", "refresh_token"] {
                if let Some(used) = get(&form, name) {
                    self.spent
                        .entry(used.to_owned())
                        .or_insert_with(|| given.clone());
                }
            }
            if let Some(token) = text("refresh_token") {
                let client = client_of(asked).unwrap_or_else(|| self.last_client.clone());
                self.owners.insert(token, client);
            }
            if let Some(token) = text("access_token") {
                self.access_token = token;
            }
        }
    }

    /// Puts a client's right credentials into a token request, in the place of what is there.
    pub fn authenticate(&self, asked: &mut Asked, client: &str) {
        let secret = self
            .secrets
            .get(client)
            .map(String::as_str)
            .unwrap_or_default();
        let mut form = asked.form();
        if get(&form, "client_id").is_some() && get(&form, "client_secret").is_some() {
            set(&mut form, "client_id", Some(client));
            set(&mut form, "client_secret", Some(secret));
            asked.set_form(&form);
            return;
        }
        let encode =
            |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let pair = STANDARD.encode(format!("{}:{}", encode(client), encode(secret)));
        set(
            &mut asked.headers,
            "authorization",
            Some(&format!("Basic {pair}")),
        );
    }
}

/// The client that a token request names.
pub fn client_of(asked: &Asked) -> Option<String> {
    if let Some(id) = get(&asked.form(), "client_id") {
        return Some(id.to_owned());
    }
    let pair = asked.header("authorization")?.strip_prefix("Basic ")?;
    let pair = String::from_utf8(STANDARD.decode(pair).ok()?).ok()?;
    let (id, _) = pair.split_once(':')?;
    parse(format!("id={id}").as_bytes())
        .into_iter()
        .next()
        .map(|(_, id)| id)
}

fn query_value(url: &Url, name: &str) -> Option<String> {
    url.query_pairs()
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.into_owned())
}
