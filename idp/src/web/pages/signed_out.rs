//! Signing out: the question, where an app asks for it, and the page afterwards.

use askama::Template;

use crate::texts::Language;
use crate::web::frame::{Frame, SignedIn};

/// After signing out.
#[derive(Debug, Template)]
#[template(path = "pages/signed_out.html")]
pub struct SignedOutPage {
    /// The frame.
    pub frame: Frame,
}

/// `/end_session` without a hint that proves who asks: the person decides (OIDC RP-Initiated Logout §2).
#[derive(Debug, Template)]
#[template(path = "pages/end_session.html")]
pub struct EndSessionPage {
    /// The frame.
    pub frame: Frame,
    /// The app that asks, where it is known.
    pub app: Option<String>,
    /// Where the answer goes.
    pub action: String,
    /// What the answer carries besides `csrf` and `confirm`: names and values.
    pub fields: Vec<(String, String)>,
}

impl SignedOutPage {
    /// The page.
    pub fn samples(language: Language) -> Vec<(&'static str, Self)> {
        vec![(
            "signed-out",
            Self {
                frame: Frame::sample(language, None),
            },
        )]
    }
}

impl EndSessionPage {
    /// Asked by an app, and by nobody known.
    pub fn samples(language: Language) -> Vec<(&'static str, Self)> {
        let page = |app: Option<&str>| Self {
            frame: Frame::sample(language, Some(SignedIn::sample())),
            app: app.map(Into::into),
            action: "/end_session".into(),
            fields: vec![("state".into(), "af0ifjsldkj".into())],
        };
        vec![
            ("end-session", page(None)),
            ("end-session-app", page(Some("Grade Book"))),
        ]
    }
}
