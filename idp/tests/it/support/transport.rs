//! How a test's browser reaches the portal: the router in this process, or nodes in processes of their own.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::body::Body;
use http::{Request, Response, StatusCode, header};
use http_body_util::BodyExt as _;

/// The host in `public_url` of every test; nodes answer to it wherever they listen.
const HOST: &str = "localhost:8080";

/// Where requests go.
#[derive(Clone)]
pub enum Transport {
    /// The router, in this process.
    Router(axum::Router),
    /// Nodes on loopback, each request to the other one than before.
    Nodes(Nodes),
}

/// Nodes on loopback ports.
#[derive(Clone)]
pub struct Nodes {
    client: reqwest::Client,
    ports: Arc<[u16]>,
    turn: Arc<AtomicUsize>,
}

impl Nodes {
    pub fn new(ports: &[u16]) -> Self {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(Duration::from_secs(60))
            .build()
            .unwrap();
        Self {
            client,
            ports: ports.into(),
            turn: Arc::default(),
        }
    }

    /// One request to the next node. 502 where it hangs up, as a proxy would say.
    pub async fn send(&self, request: Request<Body>) -> Response<Body> {
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let port = self.ports[turn % self.ports.len()];
        let (parts, body) = request.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let mut headers = parts.headers;
        headers.insert(header::HOST, HOST.parse().unwrap());
        let sent = self
            .client
            .request(
                parts.method,
                format!("http://127.0.0.1:{port}{}", parts.uri),
            )
            .headers(headers)
            .body(body)
            .send()
            .await;
        let whole = async {
            let answer = sent?;
            let mut response = Response::builder().status(answer.status());
            if let Some(headers) = response.headers_mut() {
                *headers = answer.headers().clone();
            }
            let body = answer.bytes().await?;
            Ok::<_, reqwest::Error>(response.body(Body::from(body)).unwrap())
        };
        whole.await.unwrap_or_else(|error| {
            Response::builder()
                .status(StatusCode::BAD_GATEWAY)
                .body(Body::from(format!("{error:?}")))
                .unwrap()
        })
    }
}

impl Transport {
    /// Sends one request as it is, to the right host unless it names one.
    pub async fn send(&self, request: Request<Body>) -> Response<Body> {
        match self {
            Self::Router(router) => super::send(router, request).await,
            Self::Nodes(nodes) => nodes.send(request).await,
        }
    }
}
