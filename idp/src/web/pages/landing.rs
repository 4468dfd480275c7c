//! The landing page: the username, and the two other doors.

use askama::Template;

use crate::protocol::form::{self, Params};
use crate::texts::Language;
use crate::web::frame::{Frame, Problems};

/// `/` for whoever is not signed in, and the first page of sign-in. Asks for the username only (S3).
#[derive(Debug, Template)]
#[template(path = "pages/landing.html")]
pub struct LandingPage {
    /// The frame.
    pub frame: Frame,
    /// The pending authorization that waits for this sign-in.
    pub flow: Option<String>,
    /// What is wrong with the field `username`.
    pub problems: Problems,
    /// The app that waits.
    pub app: Option<String>,
    /// To the claim.
    pub claim_href: String,
    /// To recovery.
    pub forgot_href: String,
}

impl LandingPage {
    /// The page, with the links that carry a pending authorization on.
    pub fn new(frame: Frame, flow: Option<String>, app: Option<String>) -> Self {
        Self {
            claim_href: with_flow("/claim", flow.as_deref()),
            forgot_href: with_flow("/forgot", flow.as_deref()),
            problems: Problems::none(),
            frame,
            flow,
            app,
        }
    }

    /// The page and what can go wrong on it.
    pub fn samples(language: Language) -> Vec<(&'static str, Self)> {
        let page =
            |app: Option<&str>| Self::new(Frame::sample(language, None), None, app.map(Into::into));
        let problems = Problems::none().with("username", language.t("username-empty"));
        let with_news = |mut page: Self| {
            page.frame.announcements = vec!["5 Aug: claim your account.".into()];
            page
        };
        vec![
            ("landing", page(None)),
            ("landing-app", page(Some("Reading Library"))),
            ("landing-news", with_news(page(None))),
            (
                "landing-empty",
                Self {
                    problems,
                    ..page(None)
                },
            ),
        ]
    }
}

/// `path` with the handle of a pending authorization, if there is one.
pub fn with_flow(path: &str, flow: Option<&str>) -> String {
    match flow {
        // A handle is base64url: nothing in it needs escaping; anything else is dropped.
        Some(flow) if is_handle(flow) => format!("{path}?flow={flow}"),
        _ => path.to_owned(),
    }
}

/// The handle of a pending authorization in a query. Whatever else stands there is of no interest: links to the portal carry
/// parameters of all kinds (S1).
pub fn flow_in(query: Option<&str>) -> Option<String> {
    let (params, _) = form::sift(query?.as_bytes()).ok()?;
    flow_of(&params)
}

/// The handle of a pending authorization in a form.
pub fn flow_of(params: &Params) -> Option<String> {
    params
        .get("flow")
        .filter(|flow| is_handle(flow))
        .map(str::to_owned)
}

/// Whether this can be the handle of a pending authorization: base64url, at most 64 characters.
pub fn is_handle(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 64
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_handles_are_carried_on() {
        assert_eq!(with_flow("/claim", None), "/claim");
        assert_eq!(with_flow("/claim", Some("aB3-_")), "/claim?flow=aB3-_");
        assert_eq!(with_flow("/claim", Some("a&b=c")), "/claim");
        assert_eq!(with_flow("/claim", Some("")), "/claim");
    }
}
