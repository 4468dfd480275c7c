//! HTTP as a client sees it: one request, one answer, no redirects followed, everything written down for the report.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, Method};
use serde_json::Value;
use url::{Url, form_urlencoded};

use crate::clock;
use crate::stop::{Check, Stop, fail, must};

/// Longest part of a body kept for the report, in characters.
const KEPT: usize = 2_000;

/// A request to be sent.
#[derive(Clone, Debug)]
pub struct Call {
    /// Its method.
    pub method: Method,
    /// Its address, without the fragment.
    pub url: Url,
    /// Headers in order; a name may come twice.
    pub headers: Vec<(String, String)>,
    /// Body, with its content type among the headers.
    pub body: Vec<u8>,
}

impl Call {
    /// A GET.
    pub fn get(url: &Url) -> Self {
        Self {
            method: Method::GET,
            url: url.clone(),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// A POST of form fields.
    pub fn form(url: &Url, fields: &[(String, String)]) -> Self {
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        Self::post(url, "application/x-www-form-urlencoded", body)
    }

    /// A POST of a JSON document.
    pub fn json(url: &Url, document: &Value) -> Self {
        Self::post(url, "application/json", document.to_string())
    }

    /// A POST of any body.
    pub fn post(url: &Url, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            method: Method::POST,
            url: url.clone(),
            headers: vec![("content-type".into(), content_type.into())],
            body: body.into(),
        }
    }

    /// With one more header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// With a bearer token (RFC 6750 §2.1).
    #[must_use]
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", format!("Bearer {token}"))
    }

    /// With a name and secret by HTTP Basic, each form-encoded first (RFC 6749 §2.3.1).
    #[must_use]
    pub fn basic(self, name: &str, secret: &str) -> Self {
        let encode =
            |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let pair = format!("{}:{}", encode(name), encode(secret));
        self.header("authorization", format!("Basic {}", STANDARD.encode(pair)))
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The address asked.
    pub url: Url,
    /// Status code.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Vec<u8>,
    /// How long it took, in milliseconds.
    pub took: f64,
}

impl Answer {
    /// The first header of that name, as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Every header of that name.
    pub fn header_all(&self, name: &str) -> Vec<&str> {
        let values = self.headers.get_all(name).into_iter();
        values.filter_map(|value| value.to_str().ok()).collect()
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The media type, without its parameters, in small letters.
    pub fn media_type(&self) -> String {
        let value = self.header("content-type").unwrap_or_default();
        let media_type = value.split(';').next().unwrap_or_default();
        media_type.trim().to_ascii_lowercase()
    }

    /// The body as a JSON object.
    pub fn json(&self) -> Check<Value> {
        must!(
            self.media_type() == "application/json",
            "{} answered {} as '{}', not as application/json",
            self.url.path(),
            self.status,
            self.media_type()
        );
        let value: Value = serde_json::from_slice(&self.body)
            .map_err(|error| Stop::Fail(format!("{} is not JSON: {error}", self.url.path())))?;
        must!(value.is_object(), "{} is no JSON object", self.url.path());
        Ok(value)
    }

    /// Whether `Cache-Control` says `no-store`.
    pub fn is_not_stored(&self) -> bool {
        let values = self.header_all("cache-control");
        values
            .iter()
            .any(|value| value.to_ascii_lowercase().contains("no-store"))
    }

    /// Where a redirect leads.
    pub fn location(&self) -> Check<Url> {
        let Some(location) = self.header("location") else {
            fail!(
                "{} answered {} without Location",
                self.url.path(),
                self.status
            )
        };
        Ok(self.url.join(location)?)
    }

    /// Whether the status is a redirect that browsers follow.
    pub fn is_redirect(&self) -> bool {
        matches!(self.status, 301 | 302 | 303 | 307 | 308)
    }
}

/// One request with its answer, as the report shows it.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Exchange {
    /// Method and address.
    pub request: String,
    /// The request's body, cut.
    pub sent: String,
    /// Status, 0 where no answer came.
    pub status: u16,
    /// The answer's `Location` or body, cut.
    pub received: String,
}

/// A way out, and the diary of what went over it.
#[derive(Clone)]
pub struct Wire {
    client: reqwest::Client,
    diary: Arc<Mutex<Vec<Exchange>>>,
}

impl Wire {
    /// A way out; by a proxy, if one is given; trusting one more authority, if its certificate (PEM) is given.
    pub fn new(proxy: Option<&Url>, authority: Option<&[u8]>) -> Check<Self> {
        let mut builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(Duration::from_secs(30))
            .no_proxy();
        if let Some(proxy) = proxy {
            builder = builder.proxy(reqwest::Proxy::all(proxy.as_str())?);
        }
        if let Some(pem) = authority {
            builder = builder.add_root_certificate(reqwest::Certificate::from_pem(pem)?);
        }
        Ok(Self {
            client: builder.build()?,
            diary: Arc::default(),
        })
    }

    /// The same way out with a diary of its own.
    pub fn with_new_diary(&self) -> Self {
        Self {
            client: self.client.clone(),
            diary: Arc::default(),
        }
    }

    /// Sends one request.
    pub async fn send(&self, call: Call) -> Check<Answer> {
        let mut request = self.client.request(call.method.clone(), call.url.clone());
        for (name, value) in &call.headers {
            request = request.header(name, value);
        }
        let sent = cut(&call.body);
        let summary = format!("{} {}", call.method, call.url);
        let begun = clock::milliseconds();
        let outcome = async {
            let response = request.body(call.body).send().await?;
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            Ok::<_, reqwest::Error>((status, headers, response.bytes().await?.to_vec()))
        }
        .await;
        let took = clock::milliseconds() - begun;
        let (status, received) = match &outcome {
            Ok((status, headers, body)) => {
                let location = headers
                    .get("location")
                    .and_then(|value| value.to_str().ok());
                (
                    *status,
                    location.map_or_else(|| cut(body), |to| format!("-> {to}")),
                )
            }
            Err(error) => (0, error.to_string()),
        };
        self.note(Exchange {
            request: summary,
            sent,
            status,
            received,
        });
        let (status, headers, body) = outcome?;
        Ok(Answer {
            url: call.url,
            status,
            headers,
            body,
            took,
        })
    }

    fn note(&self, exchange: Exchange) {
        let mut diary = self.diary.lock().unwrap_or_else(PoisonError::into_inner);
        diary.push(exchange);
    }

    /// What went over it so far.
    pub fn diary(&self) -> Vec<Exchange> {
        let diary = self.diary.lock().unwrap_or_else(PoisonError::into_inner);
        diary.clone()
    }
}

fn cut(body: &[u8]) -> String {
    let text = String::from_utf8_lossy(body);
    let mut kept: String = text.chars().take(KEPT).collect();
    if kept.len() < text.len() {
        kept.push('…');
    }
    kept
}
