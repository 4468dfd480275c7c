//! Finds a client for a module: one of the configuration that fits, or a new one by dynamic registration
//! (OIDC Registration 1.0, RFC 7591).

use serde_json::{Map, Value, json};
use url::Url;

use crate::bench::Bench;
use crate::client::Client;
use crate::keys::Key;
use crate::stop::{Check, Stop, fail, must, skip};
use crate::wire::{Answer, Call};

/// Metadata that makes a client fit for one purpose only: never taken for another.
const SPECIAL: [&str; 6] = [
    "require_pushed_authorization_requests",
    "dpop_bound_access_tokens",
    "require_signed_request_object",
    "userinfo_signed_response_alg",
    "id_token_encrypted_response_alg",
    "userinfo_encrypted_response_alg",
];

impl Bench {
    /// The client of this variant.
    pub async fn client(&self) -> Check<Client> {
        self.client_with(json!({}), 0).await
    }

    /// Another client of this variant.
    pub async fn second_client(&self) -> Check<Client> {
        self.client_with(json!({}), 1).await
    }

    /// The `nth` client of this variant that has this metadata besides.
    pub async fn client_with(&self, extra: Value, nth: usize) -> Check<Client> {
        let mut wanted = self.usual_metadata();
        wanted.extend(extra.as_object().cloned().unwrap_or_default());
        if self.variant.is_dynamic {
            return self.remembered(wanted, nth).await;
        }
        let fitting = |client: &&Map<String, Value>| fits(client, &wanted);
        if let Some(found) = self.suite.config.clients.iter().filter(fitting).nth(nth) {
            return self.known_client(found);
        }
        match self.remembered(wanted.clone(), nth).await {
            Err(Stop::Skip(why)) => {
                let wish: Vec<String> = wanted
                    .iter()
                    .filter(|(name, _)| *name != "redirect_uris")
                    .map(|(name, value)| format!("{name}={value}"))
                    .collect();
                skip!(
                    "client {} of the configuration fits ({}), and {why}",
                    nth + 1,
                    wish.join(", ")
                )
            }
            other => other,
        }
    }

    /// A client registered now, for a module that needs it unspoilt.
    pub async fn new_client(&self, extra: Value) -> Check<Client> {
        let mut wanted = self.usual_metadata();
        wanted.extend(extra.as_object().cloned().unwrap_or_default());
        let key = self.key_for(&wanted)?;
        let answer = self.register(&Value::Object(wanted.clone()), &key).await?;
        read_registration(&answer, wanted, key, self)
    }

    /// The answer to a registration of exactly this metadata (the key added where a key is needed).
    pub async fn register(&self, metadata: &Value, key: &Key) -> Check<Answer> {
        let registration = &self.suite.config.registration;
        if registration.is_off {
            skip!("the configuration turns dynamic registration off")
        }
        let url = self.suite.provider.endpoint("registration_endpoint")?;
        let mut document = metadata.clone();
        if let Some(members) = document.as_object_mut() {
            let needs_key = members.get("token_endpoint_auth_method")
                == Some(&json!("private_key_jwt"))
                || members.contains_key("request_object_signing_alg");
            if needs_key && !members.contains_key("jwks_uri") && !members.contains_key("jwks") {
                members.insert("jwks".into(), json!({"keys": [key.public()]}));
            }
            members.extend(registration.extra.clone());
        }
        let mut call = Call::json(&url, &document);
        if let Some(token) = &registration.initial_access_token {
            call = call.bearer(token);
        }
        let answer = self.wire.send(call).await?;
        if matches!(answer.status, 401 | 403) {
            skip!(
                "registration wants an initial access token, and the configuration has none that it takes"
            )
        }
        Ok(answer)
    }

    /// What a client of this variant needs.
    pub fn usual_metadata(&self) -> Map<String, Value> {
        let variant = &self.variant;
        let mut grants = Vec::new();
        if variant.has_code() {
            grants.push("authorization_code");
            if self
                .suite
                .provider
                .lists("grant_types_supported", "refresh_token")
            {
                grants.push("refresh_token");
            }
        }
        if variant.response_type != "code" {
            grants.push("implicit");
        }
        let mut metadata = json!({
            "client_name": "Conformance check",
            "redirect_uris": [self.new_redirect_uri("callback")],
            "response_types": [variant.response_type],
            "grant_types": grants,
            "token_endpoint_auth_method": variant.auth,
        });
        if variant.is_fapi {
            crate::keys::merge(
                &mut metadata,
                json!({
                    "dpop_bound_access_tokens": true,
                    "require_pushed_authorization_requests": true,
                    "token_endpoint_auth_signing_alg": "PS256",
                    "id_token_signed_response_alg": self.fapi_id_token_alg(),
                }),
            );
        }
        metadata.as_object().cloned().unwrap_or_default()
    }

    fn fapi_id_token_alg(&self) -> &'static str {
        let offers = |alg: &&str| {
            self.suite
                .provider
                .lists("id_token_signing_alg_values_supported", alg)
        };
        ["PS256", "ES256", "EdDSA"]
            .into_iter()
            .find(offers)
            .unwrap_or("PS256")
    }

    /// An address under the base of redirect URIs.
    pub fn new_redirect_uri(&self, last: &str) -> String {
        let base = self.suite.config.relying_party.redirect_base.as_str();
        format!("{}/{last}", base.trim_end_matches('/'))
    }

    async fn remembered(&self, wanted: Map<String, Value>, nth: usize) -> Check<Client> {
        let name = format!("{nth} {}", Value::Object(wanted.clone()));
        if let Some(client) = self.suite.remember(&name, None) {
            return Ok(client);
        }
        let key = self.key_for(&wanted)?;
        let answer = self.register(&Value::Object(wanted.clone()), &key).await?;
        let client = read_registration(&answer, wanted, key, self)?;
        self.suite.remember(&name, Some(client.clone()));
        Ok(client)
    }

    /// A key for the client's assertions and request objects, of the algorithm that its metadata names.
    fn key_for(&self, metadata: &Map<String, Value>) -> Check<Key> {
        let names = [
            "token_endpoint_auth_signing_alg",
            "request_object_signing_alg",
        ];
        let said = names
            .iter()
            .find_map(|name| metadata.get(*name).and_then(Value::as_str));
        Key::make(match said {
            Some("PS256") => "PS256",
            Some("EdDSA") => "EdDSA",
            Some("RS256") => "RS256",
            Some("ES256") => "ES256",
            _ if self.variant.is_fapi => "PS256",
            _ => "RS256",
        })
    }

    /// A client of the configuration. Its keys, if it has some, are made now and published under its `jwks_uri`,
    /// which must be one of ours: `/keys/CLIENT_ID`.
    fn known_client(&self, metadata: &Map<String, Value>) -> Check<Client> {
        let text = |name: &str| metadata.get(name).and_then(Value::as_str);
        let Some(id) = text("client_id") else {
            fail!("a client of the configuration has no client_id")
        };
        if let Some(client) = self.suite.remember(id, None) {
            return Ok(client);
        }
        let key = self.key_for(metadata)?;
        let set = json!({"keys": [key.public()]}).to_string();
        self.suite
            .endpoints
            .publish(&format!("/keys/{id}"), "application/json", set);
        let client = Client {
            id: id.to_owned(),
            secret: text("client_secret").map(str::to_owned),
            dpop: dpop_key(metadata)?,
            metadata: metadata.clone(),
            key,
            management: None,
        };
        self.suite.remember(id, Some(client.clone()));
        Ok(client)
    }
}

fn dpop_key(metadata: &Map<String, Value>) -> Check<Option<Key>> {
    let bound = metadata.get("dpop_bound_access_tokens") == Some(&json!(true));
    bound.then(|| Key::make("ES256")).transpose()
}

/// Whether a client of the configuration is what is wanted. Addresses need only be there.
fn fits(client: &Map<String, Value>, wanted: &Map<String, Value>) -> bool {
    let has = |(name, value): (&String, &Value)| {
        let default = match name.as_str() {
            "response_types" => json!(["code"]),
            "grant_types" => json!(["authorization_code"]),
            "token_endpoint_auth_method" => json!("client_secret_basic"),
            _ => Value::Null,
        };
        let found = client.get(name).unwrap_or(&default);
        match name.as_str() {
            "client_name" | "redirect_uris" => true,
            "response_types" | "grant_types" => {
                let listed =
                    |item: &Value| found.as_array().is_some_and(|list| list.contains(item));
                let mut items = value.as_array().into_iter().flatten();
                items.all(|item| listed(item) || item == "refresh_token" || item == "implicit")
            }
            name if name.ends_with("_uri") || name.ends_with("_uris") => !found.is_null(),
            _ => found == value,
        }
    };
    let is_ordinary = |name: &&str| {
        let value = client.get(*name).unwrap_or(&Value::Null);
        matches!(value, Value::Null | Value::Bool(false)) || wanted.contains_key(*name)
    };
    wanted.iter().all(has) && SPECIAL.iter().all(is_ordinary)
}

/// Reads and checks the answer of the registration endpoint (RFC 7591 §3.2.1).
fn read_registration(
    answer: &Answer,
    wanted: Map<String, Value>,
    key: Key,
    bench: &Bench,
) -> Check<Client> {
    if !matches!(answer.status, 200 | 201) {
        fail!("registration answered {}: {}", answer.status, answer.text())
    }
    let document = answer.json()?;
    must!(
        answer.status == 201,
        "registration answered {}, not 201",
        answer.status
    );
    must!(
        answer.is_not_stored(),
        "the registration answer may be stored (no Cache-Control: no-store)"
    );
    let text = |name: &str| {
        document
            .get(name)
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let Some(id) = text("client_id") else {
        fail!("the registration answer has no client_id")
    };
    let secret = text("client_secret");
    if secret.is_some() {
        must!(
            document
                .get("client_secret_expires_at")
                .is_some_and(Value::is_i64),
            "client_secret came without client_secret_expires_at"
        );
    }
    let management = match (
        text("registration_client_uri"),
        text("registration_access_token"),
    ) {
        (Some(address), Some(token)) => Some((Url::parse(&address)?, token)),
        (None, None) => None,
        _ => fail!("only one of registration_client_uri and registration_access_token came"),
    };
    let mut metadata = wanted;
    metadata.extend(document.as_object().cloned().unwrap_or_default());
    let dpop = if bench.variant.is_fapi {
        Some(Key::make("ES256")?)
    } else {
        dpop_key(&metadata)?
    };
    Ok(Client {
        id,
        secret,
        metadata,
        key,
        dpop,
        management,
    })
}
