//! What pages are drawn from: the person as claims describe them, the claims themselves, and plain notices.

use serde_json::{Map, Value};

use crate::session::Session;

/// The person who came in, as far as claims tell.
#[derive(Clone, Debug, Default)]
pub struct Person {
    /// `name`, or what there is of it.
    pub name: String,
    /// `given_name`, or the whole name.
    pub first_name: String,
    /// One or two letters for a badge.
    pub initials: String,
    /// `user_type`: `student`, `teacher`, `staff` …
    pub kind: String,
    /// `school_names`, with commas.
    pub school: Option<String>,
    /// `grades`, with commas.
    pub grades: Option<String>,
}

impl Person {
    /// Reads a session's claims; userinfo first, then the ID token.
    pub fn of(session: &Session) -> Self {
        let text = |name: &str| {
            [&session.userinfo, &session.id_claims]
                .into_iter()
                .find_map(|claims| claims.get(name).and_then(words))
        };
        let name = text("name").unwrap_or_else(|| "Reader".to_owned());
        let first_name = text("given_name").unwrap_or_else(|| name.clone());
        let initials = [Some(first_name.clone()), text("family_name")]
            .into_iter()
            .flatten()
            .filter_map(|part| part.chars().next())
            .collect();
        Self {
            initials,
            kind: text("user_type").unwrap_or_else(|| "member".to_owned()),
            school: text("school_names"),
            grades: text("grades"),
            name,
            first_name,
        }
    }

    /// Whether this is a pupil.
    pub fn is_student(&self) -> bool {
        self.kind == "student"
    }
}

fn words(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Array(list) => {
            let list: Vec<String> = list.iter().filter_map(words).collect();
            (!list.is_empty()).then(|| list.join(", "))
        }
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// One claim, and what each of the two sources says of it.
#[derive(Clone, Debug)]
pub struct ClaimRow {
    /// Its name on the wire.
    pub name: String,
    /// Its value in the ID token, as JSON without quotes around plain text.
    pub id_token: Option<String>,
    /// Its value at the userinfo endpoint.
    pub userinfo: Option<String>,
}

/// All claims of a session, by name.
pub fn claim_rows(session: &Session) -> Vec<ClaimRow> {
    let mut names: Vec<&String> = session
        .id_claims
        .keys()
        .chain(session.userinfo.keys())
        .collect();
    names.sort();
    names.dedup();
    let shown = |claims: &Map<String, Value>, name: &str| {
        claims.get(name).map(|value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        })
    };
    names
        .into_iter()
        .map(|name| ClaimRow {
            name: name.clone(),
            id_token: shown(&session.id_claims, name),
            userinfo: shown(&session.userinfo, name),
        })
        .collect()
}

/// The page of somebody who is not signed in.
#[derive(Clone, Debug)]
pub struct Front {
    /// The portal's address, for people to see.
    pub portal: String,
}

/// The product, signed in.
#[derive(Clone, Debug)]
pub struct Home {
    /// Who.
    pub person: Person,
    /// The portal's address.
    pub portal: String,
}

/// Who came in and which claims arrived.
#[derive(Clone, Debug)]
pub struct About {
    /// Who.
    pub person: Person,
    /// The portal's address.
    pub portal: String,
    /// What arrived.
    pub claims: Vec<ClaimRow>,
    /// Whether there is a refresh token.
    pub renewable: bool,
    /// How often it was used.
    pub renewals: u32,
}

/// Something to tell, with what the portal said where it said anything.
#[derive(Clone, Debug, Default)]
pub struct Notice {
    /// A heading.
    pub title: String,
    /// One or two sentences.
    pub words: String,
    /// The portal's `error`.
    pub error: Option<String>,
    /// The portal's `error_description`, or our reason not to believe it.
    pub detail: Option<String>,
    /// The portal's address.
    pub portal: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_texts_become_words() {
        assert_eq!(words(&serde_json::json!("a")).as_deref(), Some("a"));
        assert_eq!(words(&serde_json::json!("")), None);
        assert_eq!(
            words(&serde_json::json!(["03", "04"])).as_deref(),
            Some("03, 04")
        );
        assert_eq!(words(&serde_json::json!([])), None);
    }
}
