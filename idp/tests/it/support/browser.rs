//! A browser for tests: cookies, redirects within the portal, forms filled in by name.

use std::collections::BTreeMap;

use axum::body::Body;
use http::{HeaderMap, Method, Request, StatusCode, header};

use super::text;
use super::transport::{Nodes, Transport};

/// Cookies and a way to the portal. Sends what Chromium sends with a navigation.
#[derive(Clone)]
pub struct Browser {
    transport: Transport,
    pub cookies: BTreeMap<String, String>,
    pub language: &'static str,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Page {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
    /// Path and query of the request that this answers.
    pub path: String,
}

/// A form of a page.
#[derive(Clone, Debug)]
pub struct Form {
    pub action: String,
    pub method: String,
    pub fields: Vec<(String, String)>,
}

impl Browser {
    pub fn new(router: axum::Router) -> Self {
        Self::over(Transport::Router(router))
    }

    /// A browser whose every request goes to the other node than the one before.
    pub fn at_nodes(nodes: Nodes) -> Self {
        Self::over(Transport::Nodes(nodes))
    }

    fn over(transport: Transport) -> Self {
        Self {
            transport,
            cookies: BTreeMap::new(),
            language: "en",
        }
    }

    /// GET, without following redirects.
    pub async fn get(&mut self, path: &str) -> Page {
        self.request(Method::GET, path, None).await
    }

    /// GET, then every redirect that stays on the portal.
    pub async fn visit(&mut self, path: &str) -> Page {
        let page = self.get(path).await;
        self.follow(page).await
    }

    /// Follows redirects that stay on the portal.
    pub async fn follow(&mut self, mut page: Page) -> Page {
        for _ in 0..10 {
            match page.location() {
                Some(path) if path.starts_with('/') => page = self.get(&path).await,
                _ => return page,
            }
        }
        panic!("redirects without end at {}", page.path);
    }

    /// POSTs fields as a page of ours would.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body = encode(fields);
        self.request(Method::POST, path, Some(body)).await
    }

    /// Fills in the form of `page` whose action starts with `action`, submits it and follows redirects.
    pub async fn submit(&mut self, page: &Page, action: &str, fields: &[(&str, &str)]) -> Page {
        let answer = self.submit_only(page, action, fields).await;
        self.follow(answer).await
    }

    /// [`Browser::submit`] without following redirects.
    pub async fn submit_only(
        &mut self,
        page: &Page,
        action: &str,
        fields: &[(&str, &str)],
    ) -> Page {
        let form = page
            .forms()
            .into_iter()
            .find(|form| form.action.starts_with(action))
            .unwrap_or_else(|| panic!("no form for {action} on {}:\n{}", page.path, page.body));
        let mut filled = form.fields.clone();
        for (name, value) in fields {
            filled.retain(|(known, _)| known != name);
            filled.push(((*name).to_owned(), (*value).to_owned()));
        }
        let pairs: Vec<_> = filled
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        if form.method == "get" {
            let path = format!("{}?{}", form.action, encode(&pairs));
            return self.get(&path).await;
        }
        self.post(&form.action, &pairs).await
    }

    async fn request(&mut self, method: Method, path: &str, body: Option<String>) -> Page {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::ACCEPT_LANGUAGE, self.language)
            .header("sec-fetch-site", "same-origin");
        if !self.cookies.is_empty() {
            let line: Vec<_> = self
                .cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            request = request.header(header::COOKIE, line.join("; "));
        }
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let request = request
            .body(body.map_or_else(Body::empty, Body::from))
            .unwrap();
        let response = self.transport.send(request).await;
        let (status, headers) = (response.status(), response.headers().clone());
        for value in headers.get_all(header::SET_COOKIE) {
            self.keep(value.to_str().unwrap());
        }
        Page {
            status,
            headers,
            body: text(response).await,
            path: path.to_owned(),
        }
    }

    fn keep(&mut self, set_cookie: &str) {
        let mut parts = set_cookie.split("; ");
        let (name, value) = parts.next().unwrap().split_once('=').unwrap();
        let attributes: Vec<_> = parts.collect();
        assert!(
            attributes.contains(&"Secure") && attributes.contains(&"Path=/"),
            "{set_cookie}"
        );
        if attributes.contains(&"Max-Age=0") {
            self.cookies.remove(name);
        } else {
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}

impl Page {
    /// Where the answer sends the browser; within the portal as a path.
    pub fn location(&self) -> Option<String> {
        let location = self.headers.get(header::LOCATION)?.to_str().unwrap();
        Some(
            location
                .strip_prefix("http://localhost:8080")
                .unwrap_or(location)
                .to_owned(),
        )
    }

    /// A header, as text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The forms of the page.
    pub fn forms(&self) -> Vec<Form> {
        let mut forms = Vec::new();
        let mut rest = self.body.as_str();
        while let Some(start) = rest.find("<form") {
            let end = rest[start..]
                .find("</form>")
                .map_or(rest.len(), |at| start + at);
            let html = &rest[start..end];
            let tag = &html[..html.find('>').unwrap_or(html.len())];
            let action = attribute(tag, "action").unwrap_or_else(|| self.path.clone());
            let method = attribute(tag, "method")
                .unwrap_or_else(|| "get".into())
                .to_lowercase();
            forms.push(Form {
                action,
                method,
                fields: inputs(html),
            });
            rest = &rest[end..];
        }
        forms
    }
}

/// The fields that a browser sends without anybody touching the form: hidden, text and checked ones, no buttons.
fn inputs(html: &str) -> Vec<(String, String)> {
    let mut fields = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find("<input") {
        let end = rest[start..].find('>').map_or(rest.len(), |at| start + at);
        let tag = &rest[start..end];
        let kind = attribute(tag, "type").unwrap_or_else(|| "text".into());
        let sent = match kind.as_str() {
            "submit" | "button" => false,
            "checkbox" | "radio" => tag.contains(" checked"),
            _ => true,
        };
        if let Some(name) = attribute(tag, "name").filter(|_| sent) {
            fields.push((name, attribute(tag, "value").unwrap_or_default()));
        }
        rest = &rest[end..];
    }
    fields
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    let value = &tag[start..];
    Some(unescape(&value[..value.find('"')?]))
}

fn unescape(text: &str) -> String {
    text.replace("&#34;", "\"")
        .replace("&#39;", "'")
        .replace("&quot;", "\"")
        .replace("&#38;", "&")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

/// Fields as `application/x-www-form-urlencoded`.
pub fn encode(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}
