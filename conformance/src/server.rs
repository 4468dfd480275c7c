//! Our own endpoints on loopback: documents that a provider fetches (keys, sector lists, request objects) and an inbox
//! for what it sends (logout tokens, frames).

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::{Method, StatusCode, Uri, header};
use url::Url;

/// Something that came.
#[derive(Clone, Debug)]
pub struct Received {
    /// Its method.
    pub method: Method,
    /// Its path with the query.
    pub target: String,
    /// Its body.
    pub body: Vec<u8>,
}

#[derive(Default)]
struct Desk {
    documents: HashMap<String, (String, String)>,
    inbox: Vec<Received>,
}

/// The endpoints.
#[derive(Clone)]
pub struct Endpoints {
    base: Url,
    desk: Arc<Mutex<Desk>>,
}

impl Endpoints {
    /// Listens, and serves until the program ends.
    pub async fn start(listen: SocketAddr, base: Option<Url>) -> anyhow::Result<Self> {
        let listener = tokio::net::TcpListener::bind(listen).await?;
        let port = listener.local_addr()?.port();
        let base = match base {
            Some(base) => base,
            None => Url::parse(&format!("http://localhost:{port}"))?,
        };
        let endpoints = Self {
            base,
            desk: Arc::default(),
        };
        let router = Router::new().fallback(serve).with_state(endpoints.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(endpoints)
    }

    /// Whether providers that insist on https can use these endpoints.
    pub fn is_https(&self) -> bool {
        self.base.scheme() == "https"
    }

    /// The address of a path.
    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.base.as_str().trim_end_matches('/'))
    }

    /// Puts a document at a path, in the place of what was there.
    pub fn publish(&self, path: &str, media_type: &str, body: impl Into<String>) -> String {
        let mut desk = self.desk();
        desk.documents
            .insert(path.to_owned(), (media_type.to_owned(), body.into()));
        self.at(path)
    }

    /// What came to a path so far.
    pub fn received(&self, path: &str) -> Vec<Received> {
        let desk = self.desk();
        let to_path = |item: &&Received| item.target.split('?').next() == Some(path);
        desk.inbox.iter().filter(to_path).cloned().collect()
    }

    fn desk(&self) -> std::sync::MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn serve(
    State(endpoints): State<Endpoints>,
    method: Method,
    uri: Uri,
    body: Bytes,
) -> Response {
    let mut desk = endpoints.desk();
    let target = uri
        .path_and_query()
        .map_or("/", |both| both.as_str())
        .to_owned();
    desk.inbox.push(Received {
        method,
        target,
        body: body.to_vec(),
    });
    match desk.documents.get(uri.path()) {
        Some((media_type, body)) => {
            ([(header::CONTENT_TYPE, media_type.clone())], body.clone()).into_response()
        }
        None => StatusCode::OK.into_response(),
    }
}
