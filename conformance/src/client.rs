//! A relying party: its metadata, its secret or keys, and how it proves itself at the token endpoint.

use serde_json::{Map, Value, json};
use url::Url;

use crate::clock;
use crate::keys::{self, Key};
use crate::stop::{Check, fail};
use crate::wire::Call;

/// `client_assertion_type` of RFC 7523 §2.2.
pub const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A client.
#[derive(Clone, Debug)]
pub struct Client {
    /// Its `client_id`.
    pub id: String,
    /// Its secret, if it has one.
    pub secret: Option<String>,
    /// Its metadata, by the names of RFC 7591.
    pub metadata: Map<String, Value>,
    /// Key of its assertions and request objects.
    pub key: Key,
    /// Key that its tokens are bound to, if they are (RFC 9449).
    pub dpop: Option<Key>,
    /// Where its registration can be read, and the token for it (RFC 7592).
    pub management: Option<(Url, String)>,
}

impl Client {
    /// A text of its metadata.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.metadata.get(name).and_then(Value::as_str)
    }

    /// The texts of a list of its metadata.
    pub fn list(&self, name: &str) -> Vec<&str> {
        let values = self.metadata.get(name).and_then(Value::as_array);
        values
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect()
    }

    /// Its first redirect URI.
    pub fn redirect_uri(&self) -> String {
        self.list("redirect_uris")
            .first()
            .map(|uri| (*uri).to_owned())
            .unwrap_or_default()
    }

    /// How it authenticates at the token endpoint.
    pub fn auth(&self) -> &str {
        self.text("token_endpoint_auth_method")
            .unwrap_or("client_secret_basic")
    }

    /// Algorithm of its ID tokens.
    pub fn id_token_alg(&self) -> &str {
        self.text("id_token_signed_response_alg").unwrap_or("RS256")
    }

    /// Whether it may use refresh tokens.
    pub fn may_refresh(&self) -> bool {
        self.list("grant_types").contains(&"refresh_token")
    }

    /// A POST to an endpoint where the client must prove itself.
    pub fn call(&self, issuer: &str, url: &Url, mut fields: Vec<(String, String)>) -> Check<Call> {
        let secret = self.secret.clone().unwrap_or_default();
        let mut add = |name: &str, value: &str| fields.push((name.to_owned(), value.to_owned()));
        match self.auth() {
            "client_secret_basic" => {
                return Ok(Call::form(url, &fields).basic(&self.id, &secret));
            }
            "client_secret_post" => {
                add("client_id", &self.id);
                add("client_secret", &secret);
            }
            "private_key_jwt" => {
                add("client_id", &self.id);
                add("client_assertion_type", ASSERTION_TYPE);
                add("client_assertion", &self.assertion(issuer, json!({}))?);
            }
            "none" => add("client_id", &self.id),
            other => fail!("clients that authenticate by {other} are not played here"),
        }
        Ok(Call::form(url, &fields))
    }

    /// A client assertion (RFC 7523 §3, RFC 7523bis) for an audience, with claims changed, added or (null) removed.
    pub fn assertion(&self, audience: &str, changes: Value) -> Check<String> {
        self.assertion_by(&self.key, audience, changes)
    }

    /// The same, signed by a key of one's choice.
    pub fn assertion_by(&self, key: &Key, audience: &str, changes: Value) -> Check<String> {
        let now = clock::now();
        let mut claims = json!({
            "iss": self.id, "sub": self.id, "aud": audience,
            "iat": now, "exp": now + 60, "jti": keys::random(16),
        });
        keys::merge(&mut claims, changes);
        key.sign(json!({}), &claims)
    }

    /// A request object (RFC 9101 §4) of these parameters for an audience, with claims changed, added or removed.
    pub fn request_object(
        &self,
        params: &[(String, String)],
        audience: &str,
        changes: Value,
    ) -> Check<String> {
        self.key.sign(
            json!({"typ": "oauth-authz-req+jwt"}),
            &self.request_claims(params, audience, changes),
        )
    }

    /// The claims of such a request object.
    pub fn request_claims(
        &self,
        params: &[(String, String)],
        audience: &str,
        changes: Value,
    ) -> Value {
        let now = clock::now();
        let mut claims = json!({
            "iss": self.id, "aud": audience, "iat": now, "nbf": now, "exp": now + 120,
            "jti": keys::random(16),
        });
        if let Some(members) = claims.as_object_mut() {
            for (name, value) in params {
                let parsed = (name == "claims")
                    .then(|| serde_json::from_str(value).ok())
                    .flatten();
                members.insert(
                    name.clone(),
                    parsed.unwrap_or_else(|| Value::from(value.as_str())),
                );
            }
        }
        keys::merge(&mut claims, changes);
        claims
    }
}

/// A DPoP proof (RFC 9449 §4.2), with claims changed, added or removed.
pub fn dpop_proof(key: &Key, method: &str, url: &Url, changes: Value) -> Check<String> {
    let mut target = url.clone();
    target.set_query(None);
    target.set_fragment(None);
    let mut claims = json!({
        "jti": keys::random(16), "htm": method, "htu": target.as_str(), "iat": clock::now(),
    });
    keys::merge(&mut claims, changes);
    let header = json!({"typ": "dpop+jwt", "jwk": key.thumbprint_members(), "kid": null});
    key.sign(header, &claims)
}
