//! The parameters that say how the person is to be asked: `prompt`, `max_age`, `login_hint`, `ui_locales`, `acr_values`.
//! OIDC Core §3.1.2.1.

use serde::{Deserialize, Serialize};

use super::error::OAuthError;
use super::form::Params;

/// `prompt`, read. `consent` and `select_account` are understood; the district's approval of a resource stands for consent,
/// and every page names the account and offers another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Prompt {
    /// No page may be shown.
    pub none: bool,
    /// The person must prove who they are again.
    pub login: bool,
    /// The person wants to choose whom to sign in as; without a list of accounts this is a new sign-in.
    pub select_account: bool,
}

impl Prompt {
    /// Reads the list.
    ///
    /// Errors: `invalid_request` for `none` beside another value, and for an unknown one (OIDC Core §3.1.2.1: "If this
    /// parameter contains none with any other value, an error is returned").
    pub fn read(params: &Params) -> Result<Self, OAuthError> {
        let mut prompt = Self::default();
        let mut words = 0;
        for word in list(params.value("prompt")) {
            words += 1;
            match word {
                "none" => prompt.none = true,
                "login" => prompt.login = true,
                "select_account" => prompt.select_account = true,
                // Asked and answered: the district agreed for the person.
                "consent" => {}
                _ => {
                    return Err(OAuthError::invalid_request(
                        "prompt must be none, login, consent or select_account.",
                    ));
                }
            }
        }
        if prompt.none && words > 1 {
            return Err(OAuthError::invalid_request(
                "prompt=none stands alone or not at all.",
            ));
        }
        Ok(prompt)
    }
}

/// Reads `max_age`: whole seconds.
///
/// Errors: `invalid_request` for anything but digits; numbers beyond what fits count as the largest that does.
pub fn read_max_age(params: &Params) -> Result<Option<u32>, OAuthError> {
    let Some(text) = params.value("max_age") else {
        return Ok(None);
    };
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return Err(OAuthError::invalid_request(
            "max_age must be a number of seconds.",
        ));
    }
    Ok(Some(text.parse().unwrap_or(u32::MAX)))
}

/// Words with spaces between them; a parameter that is absent has none.
pub fn list(text: Option<&str>) -> impl Iterator<Item = &str> {
    text.unwrap_or_default()
        .split(' ')
        .filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::form;

    fn params(text: &str) -> Params {
        form::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn prompts() {
        let none = Prompt {
            none: true,
            ..Prompt::default()
        };
        let login = Prompt {
            login: true,
            ..Prompt::default()
        };
        for (text, expected) in [
            ("", Some(Prompt::default())),
            ("prompt=", Some(Prompt::default())),
            ("prompt=none", Some(none)),
            ("prompt=login", Some(login)),
            ("prompt=login+consent", Some(login)),
            ("prompt=consent", Some(Prompt::default())),
            ("prompt=none+login", None),
            ("prompt=none+none", None),
            ("prompt=consent+none", None),
            ("prompt=create", None),
            ("prompt=Login", None),
        ] {
            assert_eq!(Prompt::read(&params(text)).ok(), expected, "{text}");
        }
    }

    #[test]
    fn ages() {
        for (text, expected) in [
            ("", Some(None)),
            ("max_age=0", Some(Some(0))),
            ("max_age=10000", Some(Some(10_000))),
            ("max_age=99999999999999", Some(Some(u32::MAX))),
            ("max_age=-1", None),
            ("max_age=1.5", None),
            ("max_age=%2B1", None),
            ("max_age=one", None),
        ] {
            assert_eq!(read_max_age(&params(text)).ok(), expected, "{text}");
        }
    }
}
