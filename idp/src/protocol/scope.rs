//! Scopes: a set of tokens, written with spaces between them (RFC 6749 §3.3). Their order means nothing.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Asks for an ID token; without it a request is not OpenID Connect (OIDC Core §3.1.2.1).
pub const OPENID: &str = "openid";
/// Names and username.
pub const PROFILE: &str = "profile";
/// E-mail address.
pub const EMAIL: &str = "email";
/// Postal address. Understood, and always empty: the portal keeps none.
pub const ADDRESS: &str = "address";
/// Telephone number. Understood, and always empty: the portal keeps none.
pub const PHONE: &str = "phone";
/// Kind of person, roles, schools and grades.
pub const ROSTER: &str = "roster";
/// Identifiers that join across vendors: `sourcedId`, student and staff number.
pub const ROSTER_IDS: &str = "roster.ids";
/// A refresh token (OIDC Core §11).
pub const OFFLINE_ACCESS: &str = "offline_access";

/// The scopes that the portal itself gives a meaning to, as discovery lists them.
pub const KNOWN: [&str; 8] = [
    OPENID,
    PROFILE,
    EMAIL,
    ADDRESS,
    PHONE,
    ROSTER,
    ROSTER_IDS,
    OFFLINE_ACCESS,
];

/// Longest scope parameter, in bytes.
const LONGEST: usize = 1000;

/// A set of scope tokens, sorted, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct ScopeSet(Vec<String>);

/// The text is no list of scope tokens, or too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a scope is printable ASCII without quotes and backslashes, and scopes stand one space apart"
)]
pub struct BadScope;

impl ScopeSet {
    /// Reads scope tokens with spaces between them. An empty text is the empty set.
    ///
    /// # Errors
    /// A character that RFC 6749 §3.3 does not allow, or more than 1,000 bytes.
    pub fn parse(text: &str) -> Result<Self, BadScope> {
        let allowed = |byte: u8| matches!(byte, 0x20 | 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
        if text.len() > LONGEST || !text.bytes().all(allowed) {
            return Err(BadScope);
        }
        Ok(text.split(' ').filter(|token| !token.is_empty()).collect())
    }

    /// Whether `token` is in the set.
    pub fn contains(&self, token: &str) -> bool {
        self.0
            .binary_search_by(|present| present.as_str().cmp(token))
            .is_ok()
    }

    /// Whether every token of this set is in `other`.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.iter().all(|token| other.contains(token))
    }

    /// The tokens that are in both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        self.iter().filter(|token| other.contains(token)).collect()
    }

    /// This set without `token`.
    #[must_use]
    pub fn without(&self, token: &str) -> Self {
        self.iter().filter(|present| *present != token).collect()
    }

    /// The tokens, sorted.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'a> FromIterator<&'a str> for ScopeSet {
    fn from_iter<I: IntoIterator<Item = &'a str>>(tokens: I) -> Self {
        let mut tokens: Vec<String> = tokens.into_iter().map(Into::into).collect();
        tokens.sort_unstable();
        tokens.dedup();
        Self(tokens)
    }
}

impl fmt::Display for ScopeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

impl Serialize for ScopeSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ScopeSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn order_and_repetition_mean_nothing() {
        let one = ScopeSet::parse("openid profile email").unwrap();
        let other = ScopeSet::parse("email  openid profile openid").unwrap();
        assert_eq!(one, other);
        assert_eq!(other.to_string(), "email openid profile");
        assert_eq!(ScopeSet::parse("").unwrap(), ScopeSet::default());
    }

    #[test]
    fn tokens_are_compared_whole_and_with_case() {
        let set = ScopeSet::parse("roster.ids OpenID").unwrap();
        for (token, present) in [
            ("roster.ids", true),
            ("roster", false),
            ("openid", false),
            ("OpenID", true),
            ("", false),
        ] {
            assert_eq!(set.contains(token), present, "{token}");
        }
    }

    #[test]
    fn what_the_grammar_forbids_is_refused() {
        for text in ["openid\tprofile", "a\"b", "a\\b", "café", "a\nb", "\u{7f}"] {
            assert_eq!(ScopeSet::parse(text), Err(BadScope), "{text:?}");
        }
        assert_eq!(ScopeSet::parse(&"a".repeat(1001)), Err(BadScope));
    }

    #[test]
    fn sets_behave_as_sets() {
        let asked = ScopeSet::parse("openid roster email").unwrap();
        let registered = ScopeSet::parse("openid email profile").unwrap();
        let both = asked.intersection(&registered);
        assert_eq!(both.to_string(), "email openid");
        assert!(both.is_subset(&asked) && both.is_subset(&registered));
        assert!(!asked.is_subset(&registered));
        assert_eq!(both.without(OPENID).to_string(), "email");
    }

    #[test]
    fn it_is_a_string_in_json() {
        let set = ScopeSet::parse("openid email").unwrap();
        assert_eq!(serde_json::to_string(&set).unwrap(), "\"email openid\"");
        assert_eq!(
            serde_json::from_str::<ScopeSet>("\"openid email\"").unwrap(),
            set
        );
    }

    proptest! {
        #[test]
        fn what_is_read_is_written_and_read_again(text in "[ -~é\\t]{0,60}") {
            if let Ok(set) = ScopeSet::parse(&text) {
                prop_assert_eq!(&ScopeSet::parse(&set.to_string()).unwrap(), &set);
                prop_assert!(set.iter().all(|token| text.split(' ').any(|word| word == token)));
                prop_assert!(set.is_subset(&set) && set.intersection(&set) == set);
            }
        }
    }
}
