//! The second page of sign-in: the password for the username of the first.

mod steps;

use askama::Template;

pub use self::steps::{password_form, password_sent, sign_out, signed_out, start, username_sent};
use crate::texts::Language;
use crate::web::frame::{Frame, Problems};

/// `/sign-in/password`.
#[derive(Debug, Template)]
#[template(path = "pages/password.html")]
pub struct PasswordPage {
    /// The frame.
    pub frame: Frame,
    /// The pending authorization that waits for this sign-in.
    pub flow: Option<String>,
    /// The username as typed on the first page, in lower case; known or not.
    pub username: String,
    /// Why the last try failed.
    pub refusal: Option<SignInRefusal>,
    /// What is wrong with the field `password`.
    pub problems: Problems,
    /// Back to the first page.
    pub other_href: String,
    /// To the claim.
    pub claim_href: String,
    /// To recovery.
    pub forgot_href: String,
}

/// Why a sign-in failed, as far as anybody may know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignInRefusal {
    /// Username and password do not go together. Said of unknown names too.
    Mismatch,
    /// Too many tries.
    Wait {
        /// Minutes until the next one, at least 1.
        minutes: u32,
    },
    /// Too many tries in all: only help opens this lane again.
    Closed,
}

impl PasswordPage {
    /// A page with everything to be seen on it.
    pub fn samples(language: Language) -> Vec<(&'static str, Self)> {
        let page = |refusal, problems| Self {
            frame: Frame::sample(language, None),
            flow: Some("sample-flow".into()),
            username: "s0123456".into(),
            refusal,
            problems,
            other_href: "/".into(),
            claim_href: "/claim".into(),
            forgot_href: "/forgot".into(),
        };
        let mut own_device = page(None, Problems::none());
        own_device.frame.shared_device = false;
        vec![
            ("password-own-device", own_device),
            ("password", page(None, Problems::none())),
            (
                "password-mismatch",
                page(Some(SignInRefusal::Mismatch), Problems::none()),
            ),
            (
                "password-wait",
                page(Some(SignInRefusal::Wait { minutes: 4 }), Problems::none()),
            ),
            (
                "password-closed",
                page(Some(SignInRefusal::Closed), Problems::none()),
            ),
            (
                "password-empty",
                page(
                    None,
                    Problems::none().with("password", language.t("password-empty")),
                ),
            ),
        ]
    }
}
