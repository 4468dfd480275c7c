//! The portal under load: its address, what discovery says, its keys, and the checks of an ID token.

use std::net::{SocketAddr, ToSocketAddrs as _};

use anyhow::{Context as _, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{DecodingKey, Validation};
use serde::Deserialize;
use url::Url;

use crate::clock;
use crate::http::Connection;

/// What discovery says (OIDC Discovery §3), and where that is.
pub struct Portal {
    pub address: SocketAddr,
    /// Value of the `Host` header.
    pub host: String,
    /// The origin that pages are posted from.
    pub origin: String,
    pub issuer: String,
    pub authorize: String,
    pub token: String,
    pub userinfo: String,
    pub jwks: String,
    keys: JwkSet,
}

/// The relying party that the generator plays.
pub struct Client {
    pub id: String,
    /// Value of the `Authorization` header (RFC 6749 §2.3.1).
    pub basic: String,
    pub redirect_uri: String,
    pub scope: String,
}

/// The claims that are checked at every launch (OIDC Core §2).
#[derive(Deserialize)]
pub struct IdToken {
    pub iss: String,
    pub sub: String,
    aud: serde_json::Value,
    exp: u64,
    iat: u64,
    #[serde(default)]
    nonce: Option<String>,
}

impl Portal {
    /// Reads discovery and keys at `base`, an `http` address on loopback: this is a hammer, not for other people's doors.
    pub async fn find(base: &Url) -> anyhow::Result<Self> {
        ensure!(base.scheme() == "http", "--base must start with http://");
        let port = base.port_or_known_default().context("--base has no port")?;
        let name = base.host_str().context("--base has no host")?;
        let address = (name, port)
            .to_socket_addrs()?
            .find(|address| address.ip().is_loopback() && address.is_ipv4())
            .with_context(|| format!("{name} is not on loopback; load is for your own machine"))?;
        let origin = base.origin().ascii_serialization();
        let mut portal = Self {
            address,
            host: origin.trim_start_matches("http://").to_owned(),
            origin: origin.clone(),
            issuer: String::new(),
            authorize: String::new(),
            token: String::new(),
            userinfo: String::new(),
            jwks: String::new(),
            keys: JwkSet::default(),
        };
        let document = portal.read("/.well-known/openid-configuration").await?;
        let document: serde_json::Value = serde_json::from_slice(&document)?;
        let member = |name: &str| {
            let value = document.get(name).and_then(serde_json::Value::as_str);
            value
                .map(str::to_owned)
                .with_context(|| format!("discovery names no {name}"))
        };
        let path = |name: &str| -> anyhow::Result<String> {
            let address = member(name)?;
            let path = address.strip_prefix(&origin).map(str::to_owned);
            path.with_context(|| format!("{name} is at {address}, not below {origin}"))
        };
        portal.issuer = member("issuer")?;
        portal.authorize = path("authorization_endpoint")?;
        portal.token = path("token_endpoint")?;
        portal.userinfo = path("userinfo_endpoint")?;
        portal.jwks = path("jwks_uri")?;
        portal.keys = serde_json::from_slice(&portal.read(&portal.jwks).await?)?;
        Ok(portal)
    }

    async fn read(&self, path: &str) -> anyhow::Result<Vec<u8>> {
        let answer = Connection::new(self.address)
            .send(&self.get(path, ""))
            .await?;
        Ok(answer.expect(200, path)?.body)
    }

    /// A GET request; `headers` are whole lines.
    pub fn get(&self, path: &str, headers: &str) -> Vec<u8> {
        format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\n{headers}\r\n",
            self.host
        )
        .into_bytes()
    }

    /// A POST request of a form (RFC 6749 appendix B); `headers` are whole lines.
    pub fn post(&self, path: &str, headers: &str, form: &[(&str, &str)]) -> Vec<u8> {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in form {
            body.append_pair(name, value);
        }
        let body = body.finish();
        format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\n{headers}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            self.host,
            body.len(),
        )
        .into_bytes()
    }

    /// Checks an ID token as a relying party must (OIDC Core §3.1.3.7), its signature too if `signature`.
    pub fn check(
        &self,
        client: &Client,
        token: &str,
        nonce: Option<&str>,
        signature: bool,
    ) -> anyhow::Result<IdToken> {
        if signature {
            self.verify(token)?;
        }
        let claims = token
            .split('.')
            .nth(1)
            .context("an ID token has three parts")?;
        let claims: IdToken = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims)?)?;
        let now = clock::unix();
        ensure!(claims.iss == self.issuer, "id_token: iss {:?}", claims.iss);
        let for_us = match &claims.aud {
            serde_json::Value::String(one) => *one == client.id,
            serde_json::Value::Array(all) => all.iter().any(|one| *one == *client.id),
            _ => false,
        };
        ensure!(for_us, "id_token: aud {}", claims.aud);
        ensure!(claims.exp > now, "id_token: expired at {}", claims.exp);
        ensure!(
            claims.iat <= now + 5,
            "id_token: issued at {}, in the future",
            claims.iat
        );
        ensure!(
            nonce.is_none() || claims.nonce.as_deref() == nonce,
            "id_token: wrong nonce"
        );
        Ok(claims)
    }

    fn verify(&self, token: &str) -> anyhow::Result<()> {
        let header = jsonwebtoken::decode_header(token)?;
        let kid = header.kid.as_deref().context("id_token: no kid")?;
        let key = self
            .keys
            .find(kid)
            .with_context(|| format!("id_token: unknown key {kid}"))?;
        let mut validation = Validation::new(header.alg);
        validation.validate_aud = false;
        jsonwebtoken::decode::<serde_json::Value>(token, &DecodingKey::from_jwk(key)?, &validation)
            .context("id_token: the signature does not verify")?;
        Ok(())
    }
}

impl Client {
    /// A confidential client that authenticates with `client_secret_basic`.
    pub fn new(id: &str, secret: &str, redirect_uri: &str, scope: &str) -> Self {
        let encode = |text: &str| -> String {
            url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
        };
        let pair = format!("{}:{}", encode(id), encode(secret));
        let pair = base64::engine::general_purpose::STANDARD.encode(pair);
        Self {
            id: id.to_owned(),
            basic: format!("Authorization: Basic {pair}\r\n"),
            redirect_uri: redirect_uri.to_owned(),
            scope: scope.to_owned(),
        }
    }
}

/// 32 random bytes in base64url without padding: states, nonces, verifiers.
pub fn random() -> anyhow::Result<String> {
    let mut bytes = [0; 32];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| anyhow::anyhow!("no random bytes"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
