//! Carries requests through, with one fault on the way.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use http::{Method, StatusCode};
use serde_json::{Value, json};
use url::Url;

use super::message::{Asked, Given, Memory};
use super::table::{FAULTS, Fault, fault};
use crate::keys::Key;
use crate::stop::{Check, fail};
use crate::wire::{Call, Wire};

/// Largest body carried, in bytes.
const LARGEST: usize = 4 << 20;
/// Headers of one hop only.
const OF_ONE_HOP: [&str; 6] = [
    "connection",
    "proxy-connection",
    "keep-alive",
    "transfer-encoding",
    "content-length",
    "accept-encoding",
];

/// What the proxy is told beforehand.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Secrets by client.
    pub secrets: HashMap<String, String>,
    /// A name that nobody has.
    pub nobody: String,
}

/// A proxy at work.
#[derive(Clone)]
pub struct Proxy {
    fault: Fault,
    memory: Arc<Mutex<Memory>>,
    wire: Wire,
    home: Url,
}

impl Proxy {
    /// Starts one on a loopback port; gives its address. It serves until the program ends.
    pub async fn start(issuer: &str, fault: Fault, known: Known, port: u16) -> Check<Url> {
        let wire = Wire::new(None, None)?;
        let provider = crate::provider::Provider::discover(&wire, issuer).await?;
        let mut memory = Memory::new(provider.metadata, Key::make("RS256")?, known.secrets);
        memory.nobody = known.nobody;
        let proxy = Self {
            fault,
            memory: Arc::new(Mutex::new(memory)),
            wire,
            home: Url::parse(issuer)?,
        };
        let listen = SocketAddr::from(([127, 0, 0, 1], port));
        let listener = tokio::net::TcpListener::bind(listen).await?;
        let address = Url::parse(&format!("http://{}", listener.local_addr()?))?;
        let router = Router::new().fallback(carry).with_state(proxy);
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(address)
    }

    async fn pass(&self, mut asked: Asked) -> Check<Given> {
        // Only the provider is broken: what goes elsewhere goes as it is.
        let is_home = asked.url.origin() == self.home.origin();
        if is_home {
            let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
            memory.hear(&asked);
            if let Some(given) = (self.fault.before)(&mut memory, &mut asked) {
                return Ok(given);
            }
        }
        let mut given = self.forward(&asked).await?;
        if is_home {
            let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
            memory.learn(&asked, &given);
            if self.fault.signs && memory.is(&asked, "jwks_uri") {
                let key = memory.key.public();
                given.change_json(|set| add_key(set, key));
            }
            (self.fault.after)(&mut memory, &asked, &mut given);
        }
        Ok(given)
    }

    async fn forward(&self, asked: &Asked) -> Check<Given> {
        let Ok(method) = Method::from_bytes(asked.method.as_bytes()) else {
            fail!("no such method")
        };
        let call = Call {
            method,
            url: asked.url.clone(),
            headers: asked.headers.clone(),
            body: asked.body.clone(),
        };
        let answer = self.wire.with_new_diary().send(call).await?;
        let headers = answer.headers.iter().filter_map(|(name, value)| {
            let is_carried = !OF_ONE_HOP.contains(&name.as_str());
            is_carried
                .then(|| Some((name.to_string(), value.to_str().ok()?.to_owned())))
                .flatten()
        });
        Ok(Given {
            status: answer.status,
            headers: headers.collect(),
            body: answer.body,
        })
    }
}

fn add_key(set: &mut Value, key: Value) {
    if let Some(keys) = set.get_mut("keys").and_then(Value::as_array_mut) {
        keys.push(key);
    } else {
        *set = json!({"keys": [key]});
    }
}

async fn carry(State(proxy): State<Proxy>, request: Request) -> Response {
    let outcome = match read(&proxy.home, request).await {
        Ok(asked) => proxy
            .pass(asked)
            .await
            .map_err(|stop| anyhow::anyhow!("{stop:?}")),
        Err(error) => Err(error),
    };
    match outcome {
        Ok(given) => write(given),
        Err(error) => (StatusCode::BAD_GATEWAY, format!("{error:#}")).into_response(),
    }
}

async fn read(home: &Url, request: Request) -> anyhow::Result<Asked> {
    let (parts, body) = request.into_parts();
    let body: Bytes = axum::body::to_bytes(body, LARGEST).await?;
    // A client that knows of the proxy sends whole addresses; for one that does not, everything is the provider's.
    let target = parts.uri.to_string();
    let url = if target.starts_with('/') {
        home.join(&target)?
    } else {
        Url::parse(&target)?
    };
    let headers = parts.headers.iter().filter_map(|(name, value)| {
        let is_carried = !OF_ONE_HOP.contains(&name.as_str());
        is_carried
            .then(|| Some((name.to_string(), value.to_str().ok()?.to_owned())))
            .flatten()
    });
    Ok(Asked {
        method: parts.method.to_string(),
        url,
        headers: headers.collect(),
        body: body.to_vec(),
    })
}

fn write(given: Given) -> Response {
    let mut builder = Response::builder().status(given.status);
    for (name, value) in &given.headers {
        builder = builder.header(name, value);
    }
    let built = builder.body(Body::from(given.body));
    built.unwrap_or_else(|_| StatusCode::BAD_GATEWAY.into_response())
}

/// `conformance fault-proxy`: serves one fault until stopped.
pub async fn serve(issuer: &str, name: &str, port: u16, say: fn(&str)) -> anyhow::Result<()> {
    if name == "list" {
        for fault in FAULTS {
            say(&format!(
                "{:<34} {} (caught by {})",
                fault.name, fault.what, fault.caught_by
            ));
        }
        return Ok(());
    }
    let fault =
        fault(name).with_context(|| format!("no fault is named {name}; see --fault list"))?;
    let started = Proxy::start(issuer, fault, Known::default(), port).await;
    let address = started.map_err(|stop| anyhow::anyhow!("{stop:?}"))?;
    say(&format!(
        "{name} between you and {issuer}: use {address} as your HTTP proxy"
    ));
    tokio::signal::ctrl_c().await?;
    Ok(())
}
