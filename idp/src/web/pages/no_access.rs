//! The page for an app that is not the person's: who can grant it.

use askama::Template;

use crate::texts::Language;
use crate::web::frame::{Frame, SignedIn};

/// Shown by `/authorize` and `/launch` where no assignment holds; status 403.
#[derive(Debug, Template)]
#[template(path = "pages/no_access.html")]
pub struct NoAccessPage {
    /// The frame.
    pub frame: Frame,
    /// The app's name.
    pub app: String,
    /// Back to the app with `access_denied`, where it sent the person here.
    pub back_href: Option<String>,
    /// The request's id.
    pub request_id: String,
}

impl NoAccessPage {
    /// From a tile and from an app.
    pub fn samples(language: Language) -> Vec<(&'static str, Self)> {
        let page = |back: Option<&str>| Self {
            frame: Frame::sample(language, Some(SignedIn::sample())),
            app: "Grade Book".into(),
            back_href: back.map(Into::into),
            request_id: "K7FQX3MNRT".into(),
        };
        vec![
            ("no-access", page(None)),
            ("no-access-back", page(Some("/authorize/x/decline"))),
        ]
    }
}
