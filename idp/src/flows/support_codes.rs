//! Support codes: what a refused person reads out, and staff of the school look up. Strangers read the same sentence for
//! every cause; the true one lies behind the code.

use serde_json::{Map, Value};

use super::{Context, FlowError};
use crate::clock::Lifetime;
use crate::ids::PersonId;
use crate::ids::SchoolId;
use crate::store::StoreError;
use crate::store::support_codes::{self, SupportCode};

/// Days for which a code says something.
const LIVES: Lifetime = Lifetime::days(30);
/// Letters and digits of a code.
const LENGTH: usize = 6;
/// How often another code is drawn when one is taken; with 244 million codes twice is a miracle.
const DRAWS: usize = 5;

/// A refusal that gets a code.
#[derive(Clone, Debug)]
pub struct Refusal<'a> {
    /// `claim`, `sign_in` or `recover`.
    pub flow: &'static str,
    /// The true reason, a stable word.
    pub reason: &'a str,
    /// Whom it concerns, if anybody.
    pub person_id: Option<&'a PersonId>,
    /// Their school.
    pub school_id: Option<&'a SchoolId>,
    /// What helps to put it right.
    pub detail: Map<String, Value>,
}

/// Issues a code, as it is shown: `K7F-2QX`.
pub async fn issue(cx: &Context, refusal: Refusal<'_>) -> Result<String, FlowError> {
    let mut code = SupportCode {
        code: String::new(),
        flow: refusal.flow.to_owned(),
        reason: refusal.reason.to_owned(),
        person_id: refusal.person_id.cloned(),
        school_id: refusal.school_id.cloned(),
        detail: Value::Object(refusal.detail).to_string(),
        created_at: cx.now,
        expires_at: cx.now.plus(LIVES),
    };
    for _ in 0..DRAWS {
        code.code = cx.app.random.spoken_code(LENGTH);
        match support_codes::insert(cx.app.store.relaxed(), &code).await {
            Ok(()) => return Ok(shown(&code.code)),
            Err(StoreError::Conflict) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(FlowError::bug("no free support code was drawn"))
}

/// Finds the refusal behind a code as somebody types it: with or without the hyphen, in any case.
pub async fn find(cx: &Context, typed: &str) -> Result<Option<SupportCode>, FlowError> {
    let code: String = typed
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .take(LENGTH + 1)
        .collect();
    Ok(support_codes::find(cx.app.store.read(), &code, cx.now).await?)
}

/// A code with its hyphen.
fn shown(code: &str) -> String {
    match code.split_at_checked(LENGTH / 2) {
        Some((first, second)) => format!("{first}-{second}"),
        None => code.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_shown_with_a_hyphen() {
        assert_eq!(shown("K7F2QX"), "K7F-2QX");
    }
}
