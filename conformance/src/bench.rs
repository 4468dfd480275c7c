//! What a module works with: the provider, a person with a fresh browser, our endpoints, and verbs for each endpoint.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};
use url::Url;

use crate::client::{Client, dpop_proof};
use crate::config::{Config, Who};
use crate::keys;
use crate::person::Person;
use crate::plan::Variant;
use crate::provider::Provider;
use crate::request::Request;
use crate::server::Endpoints;
use crate::stop::{Check, fail, must};
use crate::wire::{Answer, Call, Wire};

/// What all modules of a run share.
pub struct Suite {
    /// The configuration.
    pub config: Config,
    /// The provider.
    pub provider: Provider,
    /// Our endpoints.
    pub endpoints: Endpoints,
    /// The way out.
    pub wire: Wire,
    /// Whether long waits are cut short.
    pub is_quick: bool,
    clients: Mutex<HashMap<String, Client>>,
}

impl Suite {
    /// A run against one provider.
    pub fn new(config: Config, provider: Provider, endpoints: Endpoints, wire: Wire) -> Self {
        Self {
            config,
            provider,
            endpoints,
            wire,
            is_quick: false,
            clients: Mutex::default(),
        }
    }

    /// The client remembered under a name; one may be given to be remembered.
    pub fn remember(&self, name: &str, client: Option<Client>) -> Option<Client> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = client {
            clients.insert(name.to_owned(), client);
        }
        clients.get(name).cloned()
    }

    /// The origins at which the person stays.
    pub fn homes(&self) -> Vec<Url> {
        let names = ["authorization_endpoint", "end_session_endpoint"];
        let endpoints = names
            .iter()
            .filter_map(|name| self.provider.endpoint(name).ok());
        endpoints.chain(Url::parse(&self.provider.issuer)).collect()
    }
}

/// One module's workbench.
pub struct Bench {
    /// What is shared.
    pub suite: Arc<Suite>,
    /// How the module is run.
    pub variant: Variant,
    /// The module's own way out, with its own diary.
    pub wire: Wire,
    /// The person with a fresh browser.
    pub person: Person,
    /// What is not as it should be, but no failure.
    pub warnings: Vec<String>,
    /// Figures worth printing.
    pub notes: Vec<String>,
    nonces: HashMap<String, String>,
}

impl Bench {
    /// A workbench with a fresh browser.
    pub fn new(suite: Arc<Suite>, variant: Variant) -> Self {
        let wire = suite.wire.with_new_diary();
        let who = suite.config.person.clone();
        let person = Person::new(wire.clone(), suite.homes(), who);
        Self {
            suite,
            variant,
            wire,
            person,
            warnings: Vec::new(),
            notes: Vec::new(),
            nonces: HashMap::new(),
        }
    }

    /// Somebody with a fresh browser of their own.
    pub fn browser(&self, who: &Who) -> Person {
        Person::new(self.wire.clone(), self.suite.homes(), who.clone())
    }

    /// A fresh browser of the usual person.
    pub fn fresh_browser(&self) -> Person {
        self.browser(&self.suite.config.person)
    }

    /// The provider.
    pub fn provider(&self) -> &Provider {
        &self.suite.provider
    }

    /// The issuer identifier.
    pub fn issuer(&self) -> &str {
        &self.suite.provider.issuer
    }

    /// Notes something that is allowed but not as it should be.
    pub fn warn(&mut self, text: impl Into<String>) {
        let text = text.into();
        if !self.warnings.contains(&text) {
            self.warnings.push(text);
        }
    }

    /// Notes a figure or a finding that is neither good nor bad.
    pub fn note(&mut self, text: impl Into<String>) {
        self.notes.push(text.into());
    }

    /// Waits; in a quick run at most two seconds.
    pub async fn wait(&mut self, seconds: u64) {
        if self.suite.is_quick && seconds > 2 {
            self.note(format!("quick run: waited 2 s instead of {seconds} s"));
            crate::clock::wait(2).await;
        } else {
            crate::clock::wait(seconds).await;
        }
    }

    /// The usual request of this variant for a client.
    pub fn request(&self, client: &Client) -> Request {
        let variant = &self.variant;
        let mut request = Request::new(client.clone())
            .with("client_id", client.id.as_str())
            .with("redirect_uri", client.redirect_uri())
            .with("response_type", variant.response_type)
            .with("scope", "openid")
            .with("state", keys::random(16))
            .with("nonce", keys::random(16));
        if let Some(mode) = variant.response_mode {
            request = request.with("response_mode", mode);
        }
        let offers_pkce = self
            .provider()
            .lists("code_challenge_methods_supported", "S256");
        if variant.has_code() && (offers_pkce || variant.is_fapi) {
            request = request.with_pkce();
        }
        request
    }

    /// The browser's first call of a request, pushed before where the variant says so.
    pub async fn start(&mut self, request: &Request) -> Check<Call> {
        let endpoint = self.provider().endpoint("authorization_endpoint")?;
        if !self.variant.is_fapi {
            return Ok(request.call(&endpoint));
        }
        let handle = self.push(request).await?;
        Ok(Call::get(&pushed_url(
            &endpoint,
            &request.client.id,
            &handle,
        )))
    }

    /// Pushes a request and gives its `request_uri` (RFC 9126 §2.2).
    pub async fn push(&mut self, request: &Request) -> Check<String> {
        let answer = self
            .push_fields(&request.client, request.params.clone())
            .await?;
        let text = answer.text();
        must!(
            answer.status == 201,
            "the pushed request was answered {}: {text}",
            answer.status
        );
        must!(
            answer.is_not_stored(),
            "the answer to the pushed request may be stored"
        );
        let document = answer.json()?;
        let seconds = document.get("expires_in").and_then(Value::as_i64);
        must!(
            seconds.is_some_and(|seconds| seconds > 0),
            "expires_in is {seconds:?}"
        );
        match document.get("request_uri").and_then(Value::as_str) {
            Some(handle) => Ok(handle.to_owned()),
            None => fail!("the answer to the pushed request has no request_uri"),
        }
    }

    /// The raw answer to a pushed request.
    pub async fn push_fields(
        &mut self,
        client: &Client,
        mut fields: Vec<(String, String)>,
    ) -> Check<Answer> {
        let url = self
            .provider()
            .endpoint("pushed_authorization_request_endpoint")?;
        if client.auth() != "client_secret_basic" {
            fields.retain(|(name, _)| name != "client_id");
        }
        // Without a proof: binding at this endpoint is a module of its own.
        let unbound = Client {
            dpop: None,
            ..client.clone()
        };
        self.client_call(&unbound, &url, fields).await
    }

    /// A call at an endpoint where the client proves itself, and its key where tokens are bound to one.
    pub async fn client_call(
        &mut self,
        client: &Client,
        url: &Url,
        fields: Vec<(String, String)>,
    ) -> Check<Answer> {
        let mut answer = None;
        for _ in 0..2 {
            let mut call = client.call(self.issuer(), url, fields.clone())?;
            if let Some(key) = &client.dpop {
                call = call.header("dpop", self.proof(key, "POST", url, json!({}))?);
            }
            let came = self.wire.send(call).await?;
            if !self.learn_nonce(&came) {
                return Ok(came);
            }
            answer = Some(came);
        }
        match answer {
            Some(answer) => Ok(answer),
            None => fail!("no answer"),
        }
    }

    /// A DPoP proof with the nonce that the server wants, if it has said one.
    pub fn proof(&self, key: &keys::Key, method: &str, url: &Url, changes: Value) -> Check<String> {
        let mut all = json!({});
        if let Some(nonce) = self.nonces.get(&url.origin().ascii_serialization()) {
            all = json!({"nonce": nonce});
        }
        keys::overlay(&mut all, changes);
        dpop_proof(key, method, url, all)
    }

    /// Keeps a nonce that came; whether the call must be made again with it (RFC 9449 §8).
    pub fn learn_nonce(&mut self, answer: &Answer) -> bool {
        if let Some(nonce) = answer.header("dpop-nonce") {
            self.nonces
                .insert(answer.url.origin().ascii_serialization(), nonce.to_owned());
        }
        let challenge = answer.header("www-authenticate").unwrap_or_default();
        let said = challenge.contains("use_dpop_nonce")
            || answer
                .json()
                .is_ok_and(|body| body.get("error") == Some(&json!("use_dpop_nonce")));
        matches!(answer.status, 400 | 401) && said
    }

    /// The raw answer of the token endpoint to a client's fields.
    pub async fn token_call(&mut self, client: &Client, fields: &[(&str, &str)]) -> Check<Answer> {
        let url = self.provider().endpoint("token_endpoint")?;
        self.client_call(client, &url, owned(fields)).await
    }

    /// The raw answer of an endpoint that takes the client's access token.
    pub async fn resource_call(
        &mut self,
        client: &Client,
        call: Call,
        access_token: &str,
    ) -> Check<Answer> {
        let Some(key) = client.dpop.clone() else {
            return self.wire.send(call.bearer(access_token)).await;
        };
        let mut answer = self
            .bound_call(&key, call.clone(), access_token, json!({}))
            .await?;
        if self.learn_nonce(&answer) {
            answer = self.bound_call(&key, call, access_token, json!({})).await?;
        }
        Ok(answer)
    }

    /// A call with a token bound to a key, the proof's claims changed at will.
    pub async fn bound_call(
        &mut self,
        key: &keys::Key,
        call: Call,
        access_token: &str,
        changes: Value,
    ) -> Check<Answer> {
        let mut all = json!({"ath": keys::sha256(access_token.as_bytes())});
        keys::overlay(&mut all, changes);
        let proof = self.proof(key, call.method.as_str(), &call.url, all)?;
        let call = call.header("dpop", proof);
        self.wire
            .send(call.header("authorization", format!("DPoP {access_token}")))
            .await
    }
}

/// The address of the authorization endpoint for a pushed request (RFC 9126 §4).
pub fn pushed_url(endpoint: &Url, client_id: &str, handle: &str) -> Url {
    let mut url = endpoint.clone();
    url.query_pairs_mut()
        .append_pair("client_id", client_id)
        .append_pair("request_uri", handle);
    url
}

/// Fields with their own text.
pub fn owned(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    fields
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}
