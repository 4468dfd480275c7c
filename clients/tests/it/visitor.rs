//! A browser at one vendor app: cookies, no redirects followed.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use clients::settings::{ClientAuthentication, ResponseMode, Settings};
use clients::vendor::{Look, Vendor, router};
use clients::views::{About, Front, Home, Notice};
use http::{Method, Request, StatusCode, header};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

use crate::portal::Portal;

/// The app's address.
pub const APP: &str = "http://localhost:9001";

/// Pages as plain words.
struct Plain;

impl Look for Plain {
    fn cookie_prefix(&self) -> &'static str {
        "__Host-plain"
    }
    fn style(&self) -> &'static str {
        ""
    }
    fn icon(&self) -> &'static str {
        ""
    }
    fn front(&self, _: &Front) -> askama::Result<String> {
        Ok("front".to_owned())
    }
    fn home(&self, page: &Home) -> askama::Result<String> {
        Ok(format!("home of {}", page.person.name))
    }
    fn about(&self, page: &About) -> askama::Result<String> {
        Ok(format!(
            "about {}, renewed {}",
            page.person.name, page.renewals
        ))
    }
    fn notice(&self, page: &Notice) -> askama::Result<String> {
        Ok(format!("{page:?}"))
    }
}

/// An app of its own and a browser's cookies.
#[derive(Clone)]
pub struct Visitor {
    router: Router,
    pub cookies: BTreeMap<String, String>,
    pub site: &'static str,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub location: Option<String>,
    pub body: String,
}

impl Visitor {
    pub fn new(portal: &Portal, response_mode: ResponseMode) -> Self {
        let settings = Settings {
            issuer: portal.issuer.clone(),
            listen: ([127, 0, 0, 1], 9001).into(),
            public_url: APP.to_owned(),
            client_id: "library".to_owned(),
            client_secret: "secret of the app".to_owned(),
            scopes: vec!["profile".to_owned()],
            authentication: ClientAuthentication::Basic,
            response_mode,
        };
        let vendor = Arc::new(Vendor::new(settings, Box::new(Plain)).unwrap());
        Self {
            router: router(vendor),
            cookies: BTreeMap::new(),
            site: "same-origin",
        }
    }

    /// The same app seen from another browser.
    pub fn elsewhere(&self) -> Self {
        Self {
            cookies: BTreeMap::new(),
            ..self.clone()
        }
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        self.send(Method::POST, path, Some(body)).await
    }

    async fn send(&mut self, method: Method, path: &str, body: Option<String>) -> Answer {
        let cookies: Vec<_> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("sec-fetch-site", self.site)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::COOKIE, cookies.join("; "))
            .body(body.map_or_else(Body::empty, Body::from))
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        for line in response.headers().get_all(header::SET_COOKIE) {
            let line = line.to_str().unwrap();
            let (name, value) = line.split(';').next().unwrap().split_once('=').unwrap();
            if line.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        let location = response
            .headers()
            .get(header::LOCATION)
            .map(|value| value.to_str().unwrap().to_owned());
        let status = response.status();
        let body = response.into_body().collect().await.unwrap().to_bytes();
        Answer {
            status,
            location,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    /// Starts a sign-in and tells the portal its nonce; the authorization request's parameters.
    pub async fn start(&mut self, portal: &Portal, path: &str) -> BTreeMap<String, String> {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{answer:?}");
        let address = url::Url::parse(&answer.location.unwrap()).unwrap();
        assert_eq!(
            address.as_str().split('?').next().unwrap(),
            format!("{}/authorize", portal.issuer)
        );
        let parameters: BTreeMap<_, _> = address.query_pairs().into_owned().collect();
        portal.told.lock().unwrap().nonce = parameters["nonce"].clone();
        parameters
    }

    /// The path of an answer in the query.
    pub fn callback(portal: &Portal, state: &str) -> String {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([
                ("code", "the-code"),
                ("state", state),
                ("iss", &portal.issuer),
            ])
            .finish();
        format!("/callback?{query}")
    }

    /// Signs in whole.
    pub async fn sign_in(&mut self, portal: &Portal) {
        let asked = self.start(portal, "/login/start").await;
        let answer = self.get(&Self::callback(portal, &asked["state"])).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{answer:?}");
    }
}
