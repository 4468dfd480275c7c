//! Which claims a request asks for: by scope (OIDC Core §5.4) and by the `claims` parameter (OIDC Core §5.5).
//! What the person's record holds and what the client may see is decided elsewhere, and before this.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::scope::{self, ScopeSet};

/// Every claim about a person, with the scope that asks for it.
const CLAIMS: [(&str, &str); 19] = [
    ("name", scope::PROFILE),
    ("given_name", scope::PROFILE),
    ("family_name", scope::PROFILE),
    ("middle_name", scope::PROFILE),
    ("preferred_username", scope::PROFILE),
    ("locale", scope::PROFILE),
    ("updated_at", scope::PROFILE),
    ("email", scope::EMAIL),
    ("email_verified", scope::EMAIL),
    ("user_type", scope::ROSTER),
    ("roles", scope::ROSTER),
    ("school_ids", scope::ROSTER),
    ("school_names", scope::ROSTER),
    ("primary_school", scope::ROSTER),
    ("grades", scope::ROSTER),
    ("district_id", scope::ROSTER),
    ("sourced_id", scope::ROSTER_IDS),
    ("student_number", scope::ROSTER_IDS),
    ("staff_number", scope::ROSTER_IDS),
];

/// Longest `claims` parameter, in bytes.
const LONGEST: usize = 4000;
/// Most claims named in it.
const MOST: usize = 64;

/// The names of all claims about a person that the portal has, in the order of the documentation.
pub fn known() -> impl Iterator<Item = &'static str> {
    CLAIMS.iter().map(|(name, _)| *name)
}

/// Whether `name` is one of them.
pub fn is_known(name: &str) -> bool {
    scope_of(name).is_some()
}

/// The scope that asks for the claim `name`.
pub fn scope_of(name: &str) -> Option<&'static str> {
    CLAIMS
        .iter()
        .find(|(claim, _)| *claim == name)
        .map(|(_, scope)| *scope)
}

/// Where claims are delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The ID token.
    IdToken,
    /// The userinfo endpoint.
    UserInfo,
}

/// The `claims` parameter. Empty where a request has none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ClaimsRequest {
    /// Asked for from the userinfo endpoint.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    userinfo: BTreeMap<String, Option<Wish>>,
    /// Asked for in the ID token.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    id_token: BTreeMap<String, Option<Wish>>,
}

/// How one claim is asked for (OIDC Core §5.5.1). Unknown members are passed over.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Wish {
    #[serde(default)]
    essential: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<Value>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    values: Option<Vec<Value>>,
}

/// The parameter is no JSON of the right shape, or too large.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the claims parameter must be a JSON object as in OIDC Core §5.5, at most 4,000 bytes and 64 claims"
)]
pub struct BadClaims;

impl ClaimsRequest {
    /// Reads the parameter.
    ///
    /// # Errors
    /// No JSON object, a member of another shape, more than 4,000 bytes or 64 claims.
    pub fn parse(text: &str) -> Result<Self, BadClaims> {
        if text.len() > LONGEST || !text.trim_start().starts_with('{') {
            return Err(BadClaims);
        }
        let request: Self = serde_json::from_str(text).map_err(|_| BadClaims)?;
        if request.userinfo.len() + request.id_token.len() > MOST {
            return Err(BadClaims);
        }
        Ok(request)
    }

    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.userinfo.is_empty() && self.id_token.is_empty()
    }

    /// Whether `name` is asked for at `target`, whatever its value.
    pub fn asks(&self, name: &str, target: Target) -> bool {
        self.of(target).contains_key(name)
    }

    /// The one subject that the answer must be about, where the request names it (OIDC Core §5.5.1): with another person
    /// signed in the request must fail.
    pub fn required_subject(&self) -> Option<&str> {
        let named = |target| {
            self.of(target)
                .get("sub")?
                .as_ref()?
                .value
                .as_ref()?
                .as_str()
        };
        named(Target::IdToken).or_else(|| named(Target::UserInfo))
    }

    /// The authentication classes of which one must hold, where `acr` is asked for as essential (OIDC Core §5.5.1.1).
    pub fn essential_acr(&self) -> Vec<&str> {
        match self.of(Target::IdToken).get("acr") {
            Some(Some(wish)) if wish.essential => {
                wish.accepted().filter_map(Value::as_str).collect()
            }
            _ => Vec::new(),
        }
    }

    fn of(&self, target: Target) -> &BTreeMap<String, Option<Wish>> {
        match target {
            Target::IdToken => &self.id_token,
            Target::UserInfo => &self.userinfo,
        }
    }

    /// Whether `name` is asked for at `target` and may have `value`.
    fn wants(&self, name: &str, value: &Value, target: Target) -> bool {
        match self.of(target).get(name) {
            None => false,
            Some(None) => true,
            Some(Some(wish)) => {
                let mut accepted = wish.accepted().peekable();
                accepted.peek().is_none() || accepted.any(|one| one == value)
            }
        }
    }
}

impl Wish {
    fn accepted(&self) -> impl Iterator<Item = &Value> {
        self.value.iter().chain(self.values.iter().flatten())
    }
}

/// What was asked for, and whether scopes speak for the ID token too.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The scopes of the grant.
    pub scopes: &'a ScopeSet,
    /// The `claims` parameter.
    pub request: &'a ClaimsRequest,
    /// Whether claims of scopes stand in the ID token: there is no access token (OIDC Core §5.4), or the client
    /// registered `claims_in_id_token`.
    pub scopes_in_id_token: bool,
}

impl Wanted<'_> {
    /// Whether the claim `name` is asked for at `target`, before its value is known.
    pub fn asks(&self, name: &str, target: Target) -> bool {
        self.by_scope(name, target) || self.request.asks(name, target)
    }

    /// Whether the claim `name`, which has `value`, is delivered at `target`.
    pub fn includes(&self, name: &str, value: &Value, target: Target) -> bool {
        self.by_scope(name, target) || self.request.wants(name, value, target)
    }

    fn by_scope(&self, name: &str, target: Target) -> bool {
        let speaks = match target {
            Target::UserInfo => true,
            Target::IdToken => self.scopes_in_id_token,
        };
        speaks && scope_of(name).is_some_and(|scope| self.scopes.contains(scope))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn includes(scopes: &str, claims: &str, in_id_token: bool, name: &str, target: Target) -> bool {
        let scopes = ScopeSet::parse(scopes).unwrap();
        let request = ClaimsRequest::parse(claims).unwrap();
        let wanted = Wanted {
            scopes: &scopes,
            request: &request,
            scopes_in_id_token: in_id_token,
        };
        wanted.includes(name, &json!("x"), target)
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn scopes_ask_at_userinfo() {
        use Target::{IdToken, UserInfo};
        for (scopes, claims, in_id_token, name, target, expected) in [
            ("openid profile", "{}", false, "given_name", UserInfo, true),
            ("openid profile", "{}", false, "given_name", IdToken, false),
            ("openid profile", "{}", true, "given_name", IdToken, true),
            ("openid", "{}", true, "given_name", IdToken, false),
            ("openid", "{}", false, "email", UserInfo, false),
            ("openid roster", "{}", false, "grades", UserInfo, true),
            ("openid roster", "{}", false, "sourced_id", UserInfo, false),
            (
                "openid roster.ids",
                "{}",
                false,
                "sourced_id",
                UserInfo,
                true,
            ),
            (
                "openid address phone",
                "{}",
                false,
                "address",
                UserInfo,
                false,
            ),
            (
                "openid",
                r#"{"id_token":{"email":null}}"#,
                false,
                "email",
                IdToken,
                true,
            ),
            (
                "openid",
                r#"{"id_token":{"email":null}}"#,
                false,
                "email",
                UserInfo,
                false,
            ),
            (
                "openid",
                r#"{"userinfo":{"email":{"essential":true}}}"#,
                false,
                "email",
                UserInfo,
                true,
            ),
            (
                "openid",
                r#"{"userinfo":{"email":{"value":"x"}}}"#,
                false,
                "email",
                UserInfo,
                true,
            ),
            (
                "openid",
                r#"{"userinfo":{"email":{"value":"y"}}}"#,
                false,
                "email",
                UserInfo,
                false,
            ),
            (
                "openid",
                r#"{"userinfo":{"email":{"values":["y","x"]}}}"#,
                false,
                "email",
                UserInfo,
                true,
            ),
            (
                "openid email",
                r#"{"userinfo":{"email":{"value":"y"}}}"#,
                false,
                "email",
                UserInfo,
                true,
            ),
        ] {
            assert_eq!(
                includes(scopes, claims, in_id_token, name, target),
                expected,
                "{scopes} {claims} {name} {target:?}"
            );
        }
    }

    #[test]
    fn the_parameter_is_read_strictly_where_it_matters() {
        for good in [
            "{}",
            r#"{"other":1}"#,
            r#"{"id_token":{"acr":{"essential":true,"values":["a"]},"x":{"new":1}}}"#,
        ] {
            assert!(ClaimsRequest::parse(good).is_ok(), "{good}");
        }
        let many = format!(
            "{{\"userinfo\":{{{}}}}}",
            (0..65)
                .map(|n| format!("\"c{n}\":null"))
                .collect::<Vec<_>>()
                .join(",")
        );
        for bad in [
            "",
            "null",
            "[]",
            "name",
            r#"{"userinfo":[]}"#,
            r#"{"userinfo":{"email":true}}"#,
            r#"{"id_token":{"email":{"essential":"yes"}}}"#,
            r#"{"id_token":{"email":{"values":"x"}}}"#,
            &format!("{{\"a\":\"{}\"}}", "x".repeat(4000)),
            &many,
        ] {
            assert_eq!(ClaimsRequest::parse(bad), Err(BadClaims), "{bad}");
        }
    }

    #[test]
    fn a_named_subject_and_essential_classes_are_found() {
        let request = ClaimsRequest::parse(
            r#"{"id_token":{"sub":{"value":"abc"},"acr":{"essential":true,"values":["urn:b","urn:a"]}}}"#,
        )
        .unwrap();
        assert_eq!(request.required_subject(), Some("abc"));
        assert_eq!(request.essential_acr(), ["urn:b", "urn:a"]);
        let voluntary =
            ClaimsRequest::parse(r#"{"id_token":{"acr":{"values":["urn:a"]}}}"#).unwrap();
        assert!(voluntary.essential_acr().is_empty());
        assert_eq!(voluntary.required_subject(), None);
        let stored = serde_json::to_string(&request).unwrap();
        assert_eq!(ClaimsRequest::parse(&stored).unwrap(), request);
    }
}
