//! What went wrong, in words, with what to do: never a bare status.

use std::borrow::Cow;

use askama::Template;

use crate::texts::Language;
use crate::web::error::Failed;
use crate::web::frame::{Frame, SignedIn};

/// An error in the usual frame.
#[derive(Debug, Template)]
#[template(path = "pages/error.html")]
pub struct ErrorPage {
    /// The frame.
    pub frame: Frame,
    /// Name of its icon.
    pub icon: &'static str,
    /// What happened.
    pub title: Cow<'static, str>,
    /// What to do.
    pub advice: Cow<'static, str>,
    /// The request's id, for whoever helps.
    pub request_id: String,
}

impl ErrorPage {
    /// The page of a [`Failed`].
    pub fn new(frame: Frame, failed: &Failed, request_id: &str) -> Self {
        let (icon, title, advice) = match failed {
            Failed::BadRequest => (
                "alert",
                "error-bad-request-title",
                "error-bad-request-advice",
            ),
            Failed::FormExpired => (
                "clock",
                "error-form-expired-title",
                "error-form-expired-advice",
            ),
            Failed::Forbidden => ("lock", "error-forbidden-title", "error-forbidden-advice"),
            Failed::NotFound => ("search", "error-not-found-title", "error-not-found-advice"),
            Failed::MethodNotAllowed => ("alert", "error-method-title", "error-method-advice"),
            Failed::TooLarge => ("alert", "error-too-large-title", "error-too-large-advice"),
            Failed::TooMany { .. } => ("clock", "error-wait-title", "wait-advice"),
            Failed::Unavailable { .. } => (
                "clock",
                "error-unavailable-title",
                "error-unavailable-advice",
            ),
            Failed::Bug => ("tools", "error-bug-title", "error-bug-advice"),
        };
        let minutes = failed
            .retry_after()
            .map_or(1, |wait| wait.as_seconds().div_ceil(60).max(1));
        Self {
            icon,
            title: frame.t(title),
            advice: frame.ta(advice, &[("count", &minutes)]),
            request_id: request_id.to_owned(),
            frame,
        }
    }

    /// An app that sends what we cannot use, before it is known where errors may be sent (RFC 6749 §4.1.2.1).
    pub fn client(frame: Frame, request_id: &str) -> Self {
        Self {
            icon: "puzzle",
            title: frame.t("error-client-title"),
            advice: frame.t("error-client-advice"),
            request_id: request_id.to_owned(),
            frame,
        }
    }

    /// One of each.
    pub fn samples(language: Language) -> Vec<(&'static str, Self)> {
        use crate::clock::Lifetime;
        let id = "K7FQX3MNRT";
        let frame = || Frame::sample(language, Some(SignedIn::sample()));
        let retry_after = Lifetime::seconds(200);
        [
            ("error-400", Failed::BadRequest),
            ("error-403-form", Failed::FormExpired),
            ("error-403", Failed::Forbidden),
            ("error-404", Failed::NotFound),
            ("error-405", Failed::MethodNotAllowed),
            ("error-413", Failed::TooLarge),
            ("error-429", Failed::TooMany { retry_after }),
            ("error-503", Failed::Unavailable { retry_after }),
            ("error-500", Failed::Bug),
        ]
        .into_iter()
        .map(|(name, failed)| (name, Self::new(frame(), &failed, id)))
        .chain([("error-client", Self::client(frame(), id))])
        .collect()
    }
}
