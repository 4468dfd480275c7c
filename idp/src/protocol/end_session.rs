//! OIDC RP-Initiated Logout 1.0: whether to end the session, to ask first, and where the browser goes afterwards.

use super::client::Client;
use super::form::{self, Params};
use super::id_token::IdTokenHint;
use super::prompt;
use crate::ids::ClientId;

/// A request to `/end_session` (§2). Everything is optional.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EndSessionRequest {
    /// An ID token of ours for the client that asks.
    pub id_token_hint: Option<String>,
    /// The client that asks.
    pub client_id: Option<ClientId>,
    /// Where the browser is to go.
    pub post_logout_redirect_uri: Option<String>,
    /// Goes back with it.
    pub state: Option<String>,
    /// Languages asked for.
    pub ui_locales: Vec<String>,
}

/// Reads a request.
pub fn read(params: &Params) -> EndSessionRequest {
    EndSessionRequest {
        id_token_hint: params.value("id_token_hint").map(str::to_owned),
        client_id: params.value("client_id").map(ClientId::new),
        post_logout_redirect_uri: params.value("post_logout_redirect_uri").map(str::to_owned),
        state: params.value("state").map(str::to_owned),
        ui_locales: prompt::list(params.value("ui_locales"))
            .take(16)
            .map(str::to_owned)
            .collect(),
    }
}

/// What an `id_token_hint` turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint<'a> {
    /// None was sent.
    Absent,
    /// Not ours, changed, of another kind, or for another client than `client_id` names.
    Bad,
    /// Ours.
    Good(&'a IdTokenHint),
}

/// The browser's session, as the client of the request would know it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Current<'a> {
    /// Its `sid`.
    pub sid: &'a str,
    /// The person's subject for the client; `None` where no client is known.
    pub subject: Option<&'a str>,
}

/// Where the browser goes afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Then {
    /// To our page that says so.
    Page,
    /// Back to the client.
    Return {
        /// The registered address, with `state`.
        location: String,
    },
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// End the session, without a question.
    End(Then),
    /// Ask the person first; `Then` holds once they have said yes.
    Ask(Then),
    /// There is no session.
    NoSession(Then),
}

/// Decides. `client` is the one of the hint, else the one of `client_id`, if it is registered.
///
/// A hint of somebody else never ends a session without a question, and nothing but a registered address of a known client
/// is gone to: after a good hint at once, without one only once the person has said yes.
pub fn decide(
    request: &EndSessionRequest,
    hint: Hint<'_>,
    client: Option<&Client>,
    current: Option<Current<'_>>,
) -> Verdict {
    let then = match hint {
        Hint::Bad => Then::Page,
        Hint::Good(_) | Hint::Absent => destination(request, client),
    };
    let asked_to_return = request.post_logout_redirect_uri.is_some();
    let hinted = match hint {
        Hint::Good(hint) => Some(hint),
        Hint::Absent | Hint::Bad => None,
    };
    let Some(current) = current else {
        // Nobody is there to ask; so only a good hint leads anywhere.
        return Verdict::NoSession(if hinted.is_some() { then } else { Then::Page });
    };
    let own = hinted.is_some_and(|hint| {
        hint.sid.as_deref() == Some(current.sid) || Some(hint.sub.as_str()) == current.subject
    });
    // An address that we do not know: something is wrong, so the person decides (§3: "the OP MUST NOT perform
    // post-logout redirection").
    let refused = asked_to_return && then == Then::Page;
    if own && !refused {
        Verdict::End(then)
    } else {
        Verdict::Ask(then)
    }
}

/// The address to go to: one that the client registered, byte for byte (§3), with `state` (§2).
pub fn destination(request: &EndSessionRequest, client: Option<&Client>) -> Then {
    let (Some(uri), Some(client)) = (&request.post_logout_redirect_uri, client) else {
        return Then::Page;
    };
    if !client.post_logout_redirect_uris.contains(uri) || uri.contains('#') {
        return Then::Page;
    }
    let location = match &request.state {
        None => uri.clone(),
        Some(state) => {
            let separator = if uri.contains('?') { '&' } else { '?' };
            format!("{uri}{separator}{}", form::encode([("state", &**state)]))
        }
    };
    Then::Return { location }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BACK: &str = "https://app.example/out";

    fn client() -> Client {
        Client {
            client_id: ClientId::new("app"),
            post_logout_redirect_uris: vec![BACK.into()],
            ..Client::default()
        }
    }

    fn hint(sub: &str, sid: &str) -> IdTokenHint {
        serde_json::from_value(serde_json::json!({
            "iss": "i", "sub": sub, "aud": "app", "sid": sid, "iat": 1, "exp": 2
        }))
        .unwrap()
    }

    fn back(state: &str) -> Then {
        Then::Return {
            location: format!("{BACK}{state}"),
        }
    }

    /// Named after the modules of the certification suite.
    #[test]
    #[expect(clippy::too_many_lines, reason = "one table")]
    fn the_eleven_cases() {
        let good = hint("ana", "s1");
        let client = client();
        let ana = Some(Current {
            sid: "s1",
            subject: Some("ana"),
        });
        for (name, query, hint, expected) in [
            (
                "rp-initiated-logout",
                format!("post_logout_redirect_uri={BACK}&state=a+b"),
                Hint::Good(&good),
                Verdict::End(back("?state=a+b")),
            ),
            (
                "bad-post-logout-redirect-uri",
                "post_logout_redirect_uri=https://evil.example/&state=x".into(),
                Hint::Good(&good),
                Verdict::Ask(Then::Page),
            ),
            (
                "modified-id-token-hint",
                format!("post_logout_redirect_uri={BACK}&state=x"),
                Hint::Bad,
                Verdict::Ask(Then::Page),
            ),
            (
                "no-id-token-hint",
                format!("post_logout_redirect_uri={BACK}&state=x"),
                Hint::Absent,
                Verdict::Ask(Then::Page),
            ),
            (
                "no-params",
                String::new(),
                Hint::Absent,
                Verdict::Ask(Then::Page),
            ),
            (
                "no-post-logout-redirect-uri",
                String::new(),
                Hint::Good(&good),
                Verdict::End(Then::Page),
            ),
            (
                "no-state",
                format!("post_logout_redirect_uri={BACK}"),
                Hint::Good(&good),
                Verdict::End(back("")),
            ),
            (
                "only-state",
                "state=x".into(),
                Hint::Absent,
                Verdict::Ask(Then::Page),
            ),
            (
                "query-added-to-post-logout-redirect-uri",
                format!("post_logout_redirect_uri={BACK}?x%3D1&state=x"),
                Hint::Good(&good),
                Verdict::Ask(Then::Page),
            ),
            (
                "bad-id-token-hint",
                format!("post_logout_redirect_uri={BACK}"),
                Hint::Bad,
                Verdict::Ask(Then::Page),
            ),
        ] {
            let request = read(&form::parse(query.as_bytes()).unwrap());
            // Without a hint and client_id nobody knows which client asks.
            let known = matches!(hint, Hint::Good(_)).then_some(&client);
            assert_eq!(decide(&request, hint, known, ana), expected, "{name}");
        }
    }

    #[test]
    fn whose_session() {
        let client = client();
        let request =
            read(&form::parse(format!("post_logout_redirect_uri={BACK}").as_bytes()).unwrap());
        for (sub, sid, expected) in [
            ("ana", "s1", Verdict::End(back(""))),
            // An older session of the same person.
            ("ana", "s0", Verdict::End(back(""))),
            // Somebody else's hint never ends a session without a question.
            ("bo", "s9", Verdict::Ask(back(""))),
        ] {
            let hint = hint(sub, sid);
            let current = Current {
                sid: "s1",
                subject: Some("ana"),
            };
            assert_eq!(
                decide(&request, Hint::Good(&hint), Some(&client), Some(current)),
                expected
            );
        }
    }

    #[test]
    fn a_client_without_a_hint_is_returned_to_after_a_question() {
        let client = client();
        let request = read(
            &form::parse(format!("client_id=app&post_logout_redirect_uri={BACK}").as_bytes())
                .unwrap(),
        );
        let current = Current {
            sid: "s1",
            subject: Some("ana"),
        };
        assert_eq!(
            decide(&request, Hint::Absent, Some(&client), Some(current)),
            Verdict::Ask(back(""))
        );
        assert_eq!(
            decide(&request, Hint::Absent, Some(&client), None),
            Verdict::NoSession(Then::Page)
        );
        let hint = hint("ana", "s1");
        assert_eq!(
            decide(&request, Hint::Good(&hint), Some(&client), None),
            Verdict::NoSession(back(""))
        );
    }
}
