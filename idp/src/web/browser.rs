//! The browser behind a request: its session, its pre-session, its device, its language, and what must be set in its answer.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse as _, Response};
use http::request::Parts;
use http::{HeaderValue, StatusCode, header};

use super::cookies::Cookie;
use super::csrf;
use super::error::Failed;
use super::frame::{Frame, SignedIn};
use super::state::AppState;
use crate::district::person::Population;
use crate::flows::identity::{self, Identity};
use crate::flows::{Context, FlowError, session};
use crate::protocol::session::Session;
use crate::secret::Secret;
use crate::texts::{Audience, Language};

/// The browser of a request.
#[derive(Clone, Debug)]
pub struct Browser {
    /// The live session. Whether the account has moved on since is asked by [`Browser::identity`] or by the flow.
    pub session: Option<Session>,
    /// The session's cookie.
    pub session_cookie: Option<Secret>,
    /// Ties the steps of sign-in and claim to this browser; always there, made and set where it was missing.
    pub pre_session: Secret,
    /// The device's cookie, as sent; whoever uses it checks its seal.
    pub device: Option<Secret>,
    /// The reader's language.
    pub language: Language,
    /// Whether the person chose it.
    language_chosen: bool,
    /// The nonce of this answer's scripts.
    pub nonce: Arc<str>,
    set: Vec<HeaderValue>,
}

impl Browser {
    async fn read(cx: &Context, parts: &Parts) -> Result<Self, FlowError> {
        let headers = &parts.headers;
        let mut set = Vec::new();
        let session_cookie = Cookie::Session.read(headers);
        let session = match &session_cookie {
            Some(cookie) => session::load(cx, cookie).await?,
            None => None,
        };
        // A stale cookie is dropped at once: nobody must clear a browser by hand.
        let session_cookie = match session {
            Some(_) => session_cookie,
            None => {
                if session_cookie.is_some() {
                    set.push(Cookie::Session.remove());
                }
                None
            }
        };
        let pre_session = match Cookie::PreSession.read(headers) {
            Some(found) if found.expose().len() == 43 => found,
            _ => {
                let made = cx.app.random.token();
                set.push(Cookie::PreSession.set(made.expose()));
                made
            }
        };
        Ok(Self {
            session,
            session_cookie,
            pre_session,
            device: Cookie::Device.read(headers),
            language: language(parts),
            language_chosen: Cookie::Language.read(headers).is_some(),
            nonce: cx
                .app
                .random
                .token()
                .expose()
                .chars()
                .take(22)
                .collect::<String>()
                .into(),
            set,
        })
    }

    /// The token for this browser's forms.
    pub fn csrf(&self, cx: &Context) -> String {
        let browser = self.session_cookie.as_ref().unwrap_or(&self.pre_session);
        csrf::token(&cx.app.secrets.csrf, browser)
    }

    /// Whether `token` came from a form of this browser. A form that was open while the person signed in in another tab
    /// still counts.
    pub fn owns_form(&self, cx: &Context, token: &str) -> bool {
        [Some(&self.pre_session), self.session_cookie.as_ref()]
            .into_iter()
            .flatten()
            .any(|browser| {
                Secret::new(csrf::token(&cx.app.secrets.csrf, browser)) == Secret::new(token)
            })
    }

    /// Who is signed in, read fresh: nobody where the account has moved on or the roster lets the person in no longer.
    pub async fn identity(&self, cx: &Context) -> Result<Option<Identity>, FlowError> {
        match &self.session {
            Some(session) => identity::of(cx, session).await,
            None => Ok(None),
        }
    }

    /// The frame of a page at `path`, for whoever is signed in.
    pub async fn frame(&self, cx: &Context, path: &str) -> Result<Frame, FlowError> {
        Ok(self.frame_for(cx, path, self.identity(cx).await?.as_ref()))
    }

    /// The frame of a page at `path`, for `identity`.
    pub fn frame_for(&self, cx: &Context, path: &str, identity: Option<&Identity>) -> Frame {
        Frame {
            language: self.language,
            audience: match identity.map(|identity| identity.person.population) {
                None | Some(Population::Student) => Audience::Students,
                Some(Population::Staff | Population::Guardian) => Audience::Staff,
            },
            path: path.to_owned(),
            csrf: self.csrf(cx),
            nonce: self.nonce.to_string(),
            brand: cx.app.brand.clone(),
            announcements: Vec::new(),
            person: identity.map(|identity| SignedIn {
                name: identity.person.short_name(),
                school: identity.school.as_ref().map(|school| school.name.clone()),
                help_contact: identity
                    .school
                    .as_ref()
                    .and_then(|school| school.help_contact.clone()),
            }),
            shared_device: cx.app.settings.district.shared_devices,
        }
    }

    /// Speaks `language`, unless the person chose another.
    pub fn prefer(&mut self, language: Language) {
        if !self.language_chosen {
            self.language = language;
        }
    }

    /// Sets a cookie in the answer.
    pub fn set(&mut self, cookie: Cookie, value: &str) {
        self.set.push(cookie.set(value));
    }

    /// Removes a cookie in the answer.
    pub fn remove(&mut self, cookie: Cookie) {
        self.set.push(cookie.remove());
    }

    /// Gives the browser a session: from here on the answer sets its cookie.
    pub fn begin_session(&mut self, session: Session, cookie: Secret) {
        self.set(Cookie::Session, cookie.expose());
        self.session = Some(session);
        self.session_cookie = Some(cookie);
    }

    /// Ends what ties this browser to a person: session and pre-session. The device cookie stays.
    pub fn end_session(&mut self) {
        self.session = None;
        self.session_cookie = None;
        self.remove(Cookie::Session);
        self.remove(Cookie::PreSession);
    }

    /// 303 to `path`, a path of ours or a checked address.
    pub fn see_other(&self, path: &str) -> Response {
        let Ok(location) = HeaderValue::try_from(path) else {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        };
        let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response();
        self.put_cookies(&mut response);
        response
    }

    /// Puts the cookies on an answer that was made without [`super::page::show`].
    pub fn put_cookies(&self, response: &mut Response) {
        for value in &self.set {
            response
                .headers_mut()
                .append(header::SET_COOKIE, value.clone());
        }
    }
}

/// The reader's language: the cookie, else what the browser asks for, else English. A pending authorization request's
/// `ui_locales` is put into the cookie's place by its own pages.
fn language(parts: &Parts) -> Language {
    let chosen = Cookie::Language
        .read(&parts.headers)
        .and_then(|cookie| Language::from_tag(cookie.expose()));
    chosen
        .or_else(|| {
            let asked = parts.headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
            Language::from_accept_language(asked)
        })
        .unwrap_or_default()
}

impl FromRequestParts<AppState> for Browser {
    type Rejection = Failed;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Failed> {
        if let Some(made) = parts.extensions.get::<Self>() {
            return Ok(made.clone());
        }
        let Ok(cx) = Context::from_request_parts(parts, app).await;
        let browser = Self::read(&cx, parts).await?;
        parts.extensions.insert(browser.clone());
        Ok(browser)
    }
}
