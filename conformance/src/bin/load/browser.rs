//! A browser as far as a load generator needs one: cookies, and the way through the sign-in pages.

use std::rc::Rc;

use anyhow::{Context as _, ensure};

use crate::http::{Answer, Connection};
use crate::portal::Portal;

/// What every page request sends besides cookies.
const NAVIGATION: &str =
    "Accept: text/html\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n";

/// One person's browser: a connection and cookies.
pub struct Browser {
    pub portal: Rc<Portal>,
    connection: Connection,
    cookies: Vec<(String, String)>,
}

impl Browser {
    /// Without a cookie.
    pub fn new(portal: &Rc<Portal>) -> Self {
        Self {
            connection: Connection::new(portal.address),
            portal: portal.clone(),
            cookies: Vec::new(),
        }
    }

    /// Forgets everything but the connection.
    pub fn forget(&mut self) {
        self.cookies.clear();
    }

    /// Asks for a page.
    pub async fn get(&mut self, path: &str) -> anyhow::Result<Answer> {
        let headers = format!(
            "{NAVIGATION}Sec-Fetch-Site: same-origin\r\n{}",
            self.cookie()
        );
        self.send(self.portal.get(path, &headers)).await
    }

    /// Sends a form from one of the portal's own pages.
    pub async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> anyhow::Result<Answer> {
        let headers = format!(
            "{NAVIGATION}Sec-Fetch-Site: same-origin\r\nOrigin: {}\r\n{}",
            self.portal.origin,
            self.cookie()
        );
        self.send(self.portal.post(path, &headers, form)).await
    }

    async fn send(&mut self, request: Vec<u8>) -> anyhow::Result<Answer> {
        let answer = self.connection.send(&request).await?;
        for (name, value) in &answer.headers {
            if name == "set-cookie" {
                self.keep(value);
            }
        }
        Ok(answer)
    }

    fn keep(&mut self, header: &str) {
        let mut parts = header.split(';');
        let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else {
            return;
        };
        let gone = parts.any(|part| part.trim().eq_ignore_ascii_case("max-age=0"));
        self.cookies.retain(|(known, _)| known != name);
        if !gone && !value.is_empty() {
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
    }

    fn cookie(&self) -> String {
        if self.cookies.is_empty() {
            return String::new();
        }
        let pairs: Vec<_> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        format!("Cookie: {}\r\n", pairs.join("; "))
    }

    /// Signs in as a person does: the front page, the username, the password, and then no page but the front one.
    pub async fn sign_in(&mut self, username: &str, password: &str) -> anyhow::Result<()> {
        let page = self.get("/").await?.expect(200, "the front page")?;
        let token = csrf(&page)?;
        let form = [("csrf", token.as_str()), ("username", username)];
        let answer = self
            .post("/sign-in", &form)
            .await?
            .expect(303, "the username")?;
        let path = self.path_of(&answer)?;
        let page = self.get(&path).await?.expect(200, "the password page")?;
        let token = csrf(&page)?;
        let form = [("csrf", token.as_str()), ("password", password)];
        let answer = self.post(&path, &form).await?.expect(303, "the password")?;
        let path = self.path_of(&answer)?;
        ensure!(
            path == "/",
            "signing in as {username} leads to {path}, not to the launchpad"
        );
        Ok(())
    }

    /// Where a redirect within the portal leads, as a path.
    fn path_of(&self, answer: &Answer) -> anyhow::Result<String> {
        let location = answer
            .header("location")
            .context("a redirect without a Location")?;
        let path = location
            .strip_prefix(&self.portal.origin)
            .unwrap_or(location);
        ensure!(path.starts_with('/'), "a page leads away, to {location}");
        Ok(path.to_owned())
    }
}

/// The token of the first form on a page.
fn csrf(page: &Answer) -> anyhow::Result<String> {
    let (_, rest) = page
        .text()?
        .split_once(r#"name="csrf" value=""#)
        .context("a page has no form of ours")?;
    let (token, _) = rest.split_once('"').context("a page is cut off")?;
    Ok(token.to_owned())
}
