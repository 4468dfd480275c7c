//! Calls from the app's server to the portal, in the shape that the `openidconnect` crate asks for.

use std::pin::Pin;
use std::time::Duration;

use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};

/// Most bytes of an answer that are read.
const LARGEST_ANSWER: usize = 512 * 1024;

/// An HTTP client that follows no redirect: a portal that redirects its token endpoint is not the one we registered with.
#[derive(Clone, Debug)]
pub struct Outbound(reqwest::Client);

/// Why a call failed.
#[derive(Debug)]
pub enum OutboundError {
    /// No answer, or not all of it.
    Http(reqwest::Error),
    /// More than [`LARGEST_ANSWER`] bytes.
    TooLarge,
}

impl std::fmt::Display for OutboundError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Http(error) => write!(f, "{error}"),
            Self::TooLarge => write!(f, "the answer is larger than {LARGEST_ANSWER} bytes"),
        }
    }
}

impl std::error::Error for OutboundError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Http(error) => Some(error),
            Self::TooLarge => None,
        }
    }
}

impl From<reqwest::Error> for OutboundError {
    fn from(error: reqwest::Error) -> Self {
        Self::Http(error)
    }
}

impl Outbound {
    /// A client with time limits: 3 s to connect, 10 s for the whole exchange.
    pub fn new() -> anyhow::Result<Self> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .connect_timeout(Duration::from_secs(3))
            .timeout(Duration::from_secs(10))
            .build()?;
        Ok(Self(client))
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, OutboundError> {
        let mut answer = self.0.execute(request.try_into()?).await?;
        let mut whole = HttpResponse::new(Vec::new());
        *whole.status_mut() = answer.status();
        *whole.headers_mut() = answer.headers().clone();
        while let Some(chunk) = answer.chunk().await? {
            if whole.body().len() + chunk.len() > LARGEST_ANSWER {
                return Err(OutboundError::TooLarge);
            }
            whole.body_mut().extend_from_slice(&chunk);
        }
        Ok(whole)
    }
}

impl<'c> AsyncHttpClient<'c> for Outbound {
    type Error = OutboundError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, OutboundError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}
