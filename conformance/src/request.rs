//! An authorization request under construction (OIDC Core §3.1.2.1), with what must be remembered to check its answer.

use url::Url;

use crate::client::Client;
use crate::keys;
use crate::wire::Call;

/// An authorization request.
#[derive(Clone, Debug)]
pub struct Request {
    /// Whose it is.
    pub client: Client,
    /// The parameters in order.
    pub params: Vec<(String, String)>,
    /// PKCE code verifier (RFC 7636 §4.1); none where no challenge is sent.
    pub verifier: Option<String>,
    /// Whether it goes as a POST.
    pub is_post: bool,
}

impl Request {
    /// An empty request.
    pub fn new(client: Client) -> Self {
        Self {
            client,
            params: Vec::new(),
            verifier: None,
            is_post: false,
        }
    }

    /// A parameter's value.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.params.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// With a parameter added, or its value changed.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        let value = value.into();
        match self.params.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = value,
            None => self.params.push((name.to_owned(), value)),
        }
        self
    }

    /// Without a parameter.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.params.retain(|(known, _)| known != name);
        if name == "code_challenge" {
            self.params
                .retain(|(known, _)| known != "code_challenge_method");
            self.verifier = None;
        }
        self
    }

    /// With a PKCE challenge by S256.
    #[must_use]
    pub fn with_pkce(mut self) -> Self {
        let verifier = keys::random(32);
        let challenge = keys::sha256(verifier.as_bytes());
        self.verifier = Some(verifier);
        self.with("code_challenge", challenge)
            .with("code_challenge_method", "S256")
    }

    /// As a POST.
    #[must_use]
    pub fn posted(mut self) -> Self {
        self.is_post = true;
        self
    }

    /// The address that the browser is sent to.
    pub fn url(&self, endpoint: &Url) -> Url {
        let mut url = endpoint.clone();
        url.query_pairs_mut().extend_pairs(&self.params);
        url
    }

    /// The browser's request.
    pub fn call(&self, endpoint: &Url) -> Call {
        if self.is_post {
            Call::form(endpoint, &self.params)
        } else {
            Call::get(&self.url(endpoint))
        }
    }
}
