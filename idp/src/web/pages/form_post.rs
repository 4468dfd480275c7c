//! The form that carries an authorization response to an app (OAuth 2.0 Form Post Response Mode). The page's script sends
//! it; without scripts there is a button.

use askama::Template;

use crate::texts::Language;
use crate::web::frame::Frame;

/// A response in `form_post` mode.
#[derive(Debug, Template)]
#[template(path = "pages/form_post.html")]
pub struct FormPostPage {
    /// The frame.
    pub frame: Frame,
    /// The app's name.
    pub app: String,
    /// The checked `redirect_uri`.
    pub action: String,
    /// The response's parameters.
    pub fields: Vec<(String, String)>,
}

impl FormPostPage {
    /// A response with a code.
    pub fn samples(language: Language) -> Vec<(&'static str, Self)> {
        let page = Self {
            frame: Frame::sample(language, None),
            app: "Grade Book".into(),
            action: "http://localhost:9/callback".into(),
            fields: vec![("code".into(), "SplxlOBeZQQYbYS6WxSbIA".into())],
        };
        vec![("form-post", page)]
    }
}
