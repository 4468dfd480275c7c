//! The other loops: whole sign-ins through the pages, and GETs of one address.

use std::rc::Rc;

use anyhow::ensure;

use crate::browser::Browser;
use crate::http::Connection;
use crate::portal::Portal;
use crate::run::Work;

/// A browser that signs one person in again and again, each time without a cookie.
pub struct SignIn {
    browser: Browser,
    person: (String, String),
}

impl SignIn {
    /// Not signed in yet.
    pub fn new(portal: &Rc<Portal>, person: &(String, String)) -> Self {
        Self {
            browser: Browser::new(portal),
            person: person.clone(),
        }
    }
}

impl Work for SignIn {
    async fn once(&mut self, _: u64) -> anyhow::Result<()> {
        self.browser.forget();
        self.browser.sign_in(&self.person.0, &self.person.1).await
    }
}

/// A connection that asks for the same document again and again.
pub struct Fetch {
    connection: Connection,
    request: Vec<u8>,
}

impl Fetch {
    /// Of `path`.
    pub fn new(portal: &Rc<Portal>, path: &str) -> Self {
        Self {
            connection: Connection::new(portal.address),
            request: portal.get(path, ""),
        }
    }
}

impl Work for Fetch {
    async fn once(&mut self, _: u64) -> anyhow::Result<()> {
        let answer = self
            .connection
            .send(&self.request)
            .await?
            .expect(200, "the document")?;
        ensure!(!answer.body.is_empty(), "an empty document");
        Ok(())
    }
}
