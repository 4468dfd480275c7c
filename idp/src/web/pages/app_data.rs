//! "What this app sees about you": every claim in plain words.

use std::borrow::Cow;

use askama::Template;

use crate::texts::Language;
use crate::web::frame::{Frame, SignedIn};

/// `/apps/{resource}/data`.
#[derive(Debug, Template)]
#[template(path = "pages/app_data.html")]
pub struct AppDataPage {
    /// The frame.
    pub frame: Frame,
    /// The app's name.
    pub app: String,
    /// One row a piece of data.
    pub rows: Vec<DataRow>,
    /// Whether no row is seen.
    pub sees_nothing: bool,
    /// What the data is for.
    pub purpose: Cow<'static, str>,
    /// The agreement's name.
    pub agreement: Option<String>,
    /// Since when the person has used it.
    pub since: Option<String>,
}

/// A piece of data.
#[derive(Clone, Debug)]
pub struct DataRow {
    /// "Your name".
    pub label: Cow<'static, str>,
    /// Whether the app gets it.
    pub seen: bool,
    /// Why it does, or that it does not.
    pub note: Cow<'static, str>,
}

impl AppDataPage {
    /// An app that sees some, and a link that sees nothing.
    pub fn samples(language: Language) -> Vec<(&'static str, Self)> {
        let row = |key: &str, seen: bool| DataRow {
            label: language.t(&format!("app-data-{key}")),
            seen,
            note: if seen {
                language.t(&format!("app-data-{key}-note"))
            } else {
                language.t("app-data-stays")
            },
        };
        let page = |seen: bool| Self {
            frame: Frame::sample(language, Some(SignedIn::sample())),
            app: "Reading Library".into(),
            rows: vec![
                row("id", seen),
                row("name", seen),
                row("grade", seen),
                row("schools", seen),
                row("email", false),
                row("birth-date", false),
            ],
            sees_nothing: !seen,
            purpose: language.t("app-data-purpose-default"),
            agreement: seen.then(|| "Student data agreement 2026".into()),
            since: None,
        };
        vec![("app-data", page(true)), ("app-data-nothing", page(false))]
    }
}
