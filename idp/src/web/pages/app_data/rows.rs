//! Claims in plain words, and the handler that shows them.

use std::borrow::Cow;

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::response::Response;
use chrono::NaiveDate;
use http::StatusCode;
use serde_json::Value;

use super::{AppDataPage, DataRow};
use crate::district::person::Population;
use crate::flows::Context;
use crate::flows::app_data::{self, AppData};
use crate::flows::claims::Seen;
use crate::ids::ResourceId;
use crate::web::browser::Browser;
use crate::web::error::Failed;
use crate::web::frame::Frame;
use crate::web::page::{self, PageOptions};

/// A row: the key of its words, and the claims that tell it. `note` and value come from the first one that is released.
struct Row {
    key: &'static str,
    claims: &'static [&'static str],
    /// Whether the value is words that a person can read.
    readable: bool,
    /// Whose row it is; none: everybody's.
    of: Option<Population>,
}

const fn row(key: &'static str, claims: &'static [&'static str], readable: bool) -> Row {
    Row {
        key,
        claims,
        readable,
        of: None,
    }
}

/// Every claim of ours stands in one row; a test compares them with the list of claims.
const ROWS: &[Row] = &[
    row("app-data-first-name", &["given_name", "name"], true),
    row("app-data-last-name", &["family_name", "name"], true),
    row("app-data-middle-name", &["middle_name"], true),
    row("app-data-username", &["preferred_username"], true),
    row("app-data-email", &["email", "email_verified"], true),
    row("app-data-role", &["user_type", "roles"], false),
    Row {
        of: Some(Population::Student),
        ..row("app-data-grade", &["grades"], true)
    },
    row(
        "app-data-schools",
        &["school_names", "school_ids", "primary_school"],
        true,
    ),
    row("app-data-district", &["district_id"], false),
    row("app-data-language", &["locale"], false),
    Row {
        of: Some(Population::Student),
        ..row("app-data-number", &["student_number"], true)
    },
    Row {
        of: Some(Population::Staff),
        ..row("app-data-number", &["staff_number"], true)
    },
    row("app-data-roster-id", &["sourced_id"], true),
    row("app-data-changed", &["updated_at"], false),
];

/// `GET /apps/{resource}/data`.
pub async fn show(
    cx: Context,
    browser: Browser,
    path: Result<Path<String>, PathRejection>,
) -> Result<Response, Failed> {
    let Path(id) = path.map_err(|_| Failed::NotFound)?;
    let Some(identity) = browser.identity(&cx).await? else {
        return Ok(browser.see_other("/"));
    };
    let id = ResourceId::new(id);
    let data = app_data::app_data(&cx, &identity, &id)
        .await?
        .ok_or(Failed::NotFound)?;
    let frame = browser.frame_for(&cx, &format!("/apps/{id}/data"), Some(&identity));
    let zone = cx.app.settings.district.time_zone;
    let last_opened = data
        .last_opened
        .map(|at| frame.language.date(at.date_in(zone)));
    let view = page_of(frame, &data, identity.person.population, last_opened);
    page::show(&browser, StatusCode::OK, &view, &PageOptions::default())
}

fn page_of(
    frame: Frame,
    data: &AppData,
    population: Population,
    last_opened: Option<Cow<'static, str>>,
) -> AppDataPage {
    let tag = frame.language.tag();
    let agreement = data.resource.agreement.as_ref();
    let day = |text: &Option<String>| {
        let day = NaiveDate::parse_from_str(text.as_deref()?, "%Y-%m-%d").ok()?;
        Some(frame.language.date(day).into_owned())
    };
    AppDataPage {
        app: data.resource.name.of(tag).to_owned(),
        rows: rows(&frame, data.claims.as_deref(), population),
        sees_nothing: data.claims.is_none(),
        purpose: agreement.map_or_else(
            || frame.t("app-data-purpose-default"),
            |agreement| agreement.purpose.of(tag).to_owned().into(),
        ),
        legal_basis: agreement.and_then(|agreement| agreement.legal_basis.clone()),
        signed_on: agreement.and_then(|agreement| day(&agreement.signed_on)),
        expires_on: agreement.and_then(|agreement| day(&agreement.expires_on)),
        last_opened: last_opened.map(Cow::into_owned),
        frame,
    }
}

fn rows(frame: &Frame, claims: Option<&[Seen]>, population: Population) -> Vec<DataRow> {
    let released: Vec<&Seen> = claims
        .unwrap_or_default()
        .iter()
        .filter(|seen| seen.seen)
        .collect();
    let mut rows = Vec::new();
    if claims.is_some() {
        rows.push(DataRow {
            label: frame.t("app-data-id"),
            seen: true,
            value: None,
            note: frame.t("app-data-id-note"),
        });
    }
    for row in ROWS
        .iter()
        .filter(|row| row.of.is_none_or(|of| of == population))
    {
        let of_row = |name: &&str| released.iter().find(|seen| seen.name == *name);
        let found: Vec<&&Seen> = row.claims.iter().filter_map(of_row).collect();
        let seen = !found.is_empty();
        let value = found.iter().find_map(|seen| words(seen.value.as_ref()?));
        rows.push(DataRow {
            label: frame.t(row.key),
            seen,
            value: value.filter(|_| row.readable),
            note: if seen {
                frame.t(&format!("{}-note", row.key))
            } else {
                frame.t("app-data-stays")
            },
        });
    }
    // What is seen comes first.
    rows.sort_by_key(|row| !row.seen);
    rows
}

/// A value as words: text as it is, lists with commas. Truths and numbers say nothing to a reader.
fn words(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Array(list) => {
            let parts: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
            (!parts.is_empty()).then(|| parts.join(", "))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::protocol::claims;
    use crate::texts::Language;

    #[test]
    fn every_claim_stands_in_a_row() {
        let rows: BTreeSet<&str> = ROWS.iter().flat_map(|row| row.claims).copied().collect();
        let known: BTreeSet<&str> = claims::known().collect();
        assert_eq!(rows, known);
    }

    #[test]
    fn what_is_seen_comes_first_with_its_value() {
        let frame = Frame::sample(Language::En, None);
        let seen = |name, seen, value: &str| Seen {
            name,
            seen,
            value: Some(value.into()),
        };
        let claims = [
            seen("given_name", false, "Ana"),
            seen("family_name", true, "Rivera"),
            seen("email", false, "ana@example.org"),
            seen("student_number", false, "0123456"),
        ];
        let rows = rows(&frame, Some(&claims), Population::Student);
        let told: Vec<_> = rows.iter().filter(|row| row.seen).collect();
        assert_eq!(told.len(), 2);
        assert_eq!(told[1].value.as_deref(), Some("Rivera"));
        assert!(
            rows.iter()
                .filter(|row| !row.seen)
                .all(|row| row.value.is_none())
        );
        assert_eq!(
            rows.iter()
                .filter(|row| row.label.contains("number"))
                .count(),
            1
        );
    }
}
