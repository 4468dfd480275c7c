//! "What this app sees about you": every claim in plain words.

mod rows;

use std::borrow::Cow;

use askama::Template;

pub use self::rows::show;
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
    /// The ground in law.
    pub legal_basis: Option<String>,
    /// Since when the agreement holds, as a date in words.
    pub signed_on: Option<String>,
    /// When the agreement ends, as a date in words.
    pub expires_on: Option<String>,
    /// When the person last opened it, as a date in words.
    pub last_opened: Option<String>,
}

/// A piece of data.
#[derive(Clone, Debug)]
pub struct DataRow {
    /// "Your name".
    pub label: Cow<'static, str>,
    /// Whether the app gets it.
    pub seen: bool,
    /// What the app reads there, where a person can read it.
    pub value: Option<String>,
    /// Why it does, or that it does not.
    pub note: Cow<'static, str>,
}

impl AppDataPage {
    /// An app that sees some, and a link that sees nothing.
    pub fn samples(language: Language) -> Vec<(&'static str, Self)> {
        let row = |key: &str, seen: bool, value: &str| DataRow {
            label: language.t(&format!("app-data-{key}")),
            seen,
            value: (seen && !value.is_empty()).then(|| value.to_owned()),
            note: if seen {
                language.t(&format!("app-data-{key}-note"))
            } else {
                language.t("app-data-stays")
            },
        };
        let day = |y, m, d| {
            let day = chrono::NaiveDate::from_ymd_opt(y, m, d).unwrap_or_default();
            Some(language.date(day).into_owned())
        };
        let page = |seen: bool| Self {
            frame: Frame::sample(language, Some(SignedIn::sample())),
            app: "Reading Library".into(),
            rows: vec![
                row("id", seen, ""),
                row("first-name", seen, "Ana"),
                row("last-name", seen, "Hernández"),
                row("grade", seen, "07"),
                row("schools", seen, "North Middle"),
                row("email", false, ""),
                row("number", false, ""),
            ],
            sees_nothing: !seen,
            purpose: language.t("app-data-purpose-default"),
            legal_basis: seen.then(|| "FERPA school official".into()),
            signed_on: day(2026, 7, 1),
            expires_on: day(2027, 6, 30),
            last_opened: day(2026, 8, 5),
        };
        vec![("app-data", page(true)), ("app-data-nothing", page(false))]
    }
}
