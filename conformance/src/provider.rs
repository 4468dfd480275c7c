//! What the provider says about itself (OIDC Discovery 1.0 §3, RFC 8414 §2), and its keys.

use serde_json::Value;
use url::Url;

use crate::stop::{Check, fail, must, skip};
use crate::wire::{Answer, Call, Wire};

/// A provider, as its metadata describes it.
#[derive(Clone, Debug)]
pub struct Provider {
    /// Its issuer identifier, as asked for.
    pub issuer: String,
    /// Its metadata.
    pub metadata: Value,
}

impl Provider {
    /// Fetches the metadata.
    pub async fn discover(wire: &Wire, issuer: &str) -> Check<Self> {
        let answer = Self::ask(wire, issuer).await?;
        must!(answer.status == 200, "discovery answered {}", answer.status);
        let metadata = answer.json()?;
        must!(
            metadata.get("issuer") == Some(&Value::from(issuer)),
            "the metadata's issuer is {:?}, asked was {issuer}",
            metadata.get("issuer")
        );
        Ok(Self {
            issuer: issuer.to_owned(),
            metadata,
        })
    }

    /// The raw answer of the discovery address.
    pub async fn ask(wire: &Wire, issuer: &str) -> Check<Answer> {
        let base = issuer.trim_end_matches('/');
        let url = Url::parse(&format!("{base}/.well-known/openid-configuration"))?;
        wire.send(Call::get(&url)).await
    }

    /// An endpoint; the module is skipped where the provider has none of that name.
    pub fn endpoint(&self, name: &str) -> Check<Url> {
        let Some(address) = self.metadata.get(name).and_then(Value::as_str) else {
            skip!("the provider's metadata has no {name}")
        };
        Ok(Url::parse(address)?)
    }

    /// The texts of a list.
    pub fn list(&self, name: &str) -> Vec<String> {
        let values = self.metadata.get(name).and_then(Value::as_array);
        let texts = values.into_iter().flatten().filter_map(Value::as_str);
        texts.map(str::to_owned).collect()
    }

    /// Whether a list names a value.
    pub fn lists(&self, name: &str, value: &str) -> bool {
        self.list(name).iter().any(|item| item == value)
    }

    /// Whether a response type is offered, in any order of its words.
    pub fn offers_response_type(&self, response_type: &str) -> bool {
        let sorted = |text: &str| {
            let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
            words.sort();
            words
        };
        let offered = self.list("response_types_supported");
        offered
            .iter()
            .any(|item| sorted(item) == sorted(response_type))
    }

    /// Whether a flag is true, with the default where it is not there.
    pub fn flag(&self, name: &str, default: bool) -> bool {
        self.metadata
            .get(name)
            .and_then(Value::as_bool)
            .unwrap_or(default)
    }

    /// Its key set.
    pub async fn keys(&self, wire: &Wire) -> Check<Value> {
        let answer = wire.send(Call::get(&self.endpoint("jwks_uri")?)).await?;
        must!(answer.status == 200, "jwks_uri answered {}", answer.status);
        let known = ["application/json", "application/jwk-set+json"];
        must!(
            known.contains(&answer.media_type().as_str()),
            "jwks_uri answered as '{}'",
            answer.media_type()
        );
        let keys: Value = serde_json::from_slice(&answer.body)?;
        if !keys.get("keys").is_some_and(Value::is_array) {
            fail!("jwks_uri is no key set")
        }
        Ok(keys)
    }
}
