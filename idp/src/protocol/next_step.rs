//! What must happen before we may answer an authorization request: OIDC Core §3.1.2.3, §3.1.2.4. The one place that decides;
//! no page knows the next page. A step carries its reason, so that the page can say why it is shown.

use serde::{Deserialize, Serialize};

use super::authorization_request::AuthorizationRequest;
use super::error::{ErrorCode, OAuthError};
use super::session::Session;
use crate::clock::{Lifetime, Timestamp};
use crate::ids::Sid;

/// When a pending request began, and in whose session: a sign-in counts as fresh only if it came afterwards.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begun {
    /// When the request came in.
    pub at: Timestamp,
    /// The session that the browser had then.
    pub sid: Option<Sid>,
}

/// Everything that the decision hangs on.
#[derive(Clone, Copy, Debug)]
pub struct Situation<'a> {
    /// What the client asks.
    pub request: &'a AuthorizationRequest,
    /// Since when.
    pub begun: &'a Begun,
    /// The browser's session: live, at the account's epoch, of a person whom the roster lets in.
    pub session: Option<&'a Session>,
    /// Whether the session's person is another than the one that `id_token_hint` or the `claims` parameter names.
    pub other_person_asked: bool,
    /// What the account must do before anything else.
    pub first: First,
    /// Whether the district gave this person the client's resource.
    pub may_open: bool,
    /// The present second.
    pub now: Timestamp,
}

/// What an account must do before anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum First {
    /// Nothing.
    Nothing,
    /// Set a new password: the one it has was lent by a helper.
    NewPassword,
    /// Answer the questions that its claim left open.
    Questions,
}

/// What is next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The sign-in pages.
    SignIn(Reason),
    /// The page for a new password.
    NewPassword,
    /// The page with the questions.
    Questions,
    /// The page that says who can grant access.
    NoAccess,
    /// An error to the client.
    Refuse(OAuthError),
    /// The answer.
    Respond,
}

/// Why the person is to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Nobody is signed in here.
    NoSession,
    /// The app asks for the password each time.
    Asked,
    /// The sign-in is older than the app accepts.
    TooOld,
    /// The app expects somebody else.
    OtherPerson,
}

/// How far the clocks of two nodes may be apart.
const SKEW: Lifetime = Lifetime::seconds(30);

/// Decides.
pub fn next_step(situation: Situation<'_>) -> Step {
    let step = wanted(situation);
    if !situation.request.prompt.none {
        return step;
    }
    // OIDC Core §3.1.2.1: with prompt=none "The Authorization Server MUST NOT display any authentication or consent user
    // interface pages", and answers with the error that names the page.
    match step {
        Step::SignIn(_) => refuse(
            ErrorCode::LoginRequired,
            "The person must sign in, which prompt=none forbids.",
        ),
        Step::NewPassword | Step::Questions => refuse(
            ErrorCode::InteractionRequired,
            "The person must finish setting up the account, which prompt=none forbids.",
        ),
        Step::NoAccess => refuse(
            ErrorCode::AccessDenied,
            "The district has not given this person access.",
        ),
        Step::Refuse(_) | Step::Respond => step,
    }
}

fn wanted(situation: Situation<'_>) -> Step {
    let Some(session) = situation.session else {
        return Step::SignIn(Reason::NoSession);
    };
    let request = situation.request;
    let fresh = is_fresh(session, situation.begun);
    if !fresh && (request.prompt.login || request.prompt.select_account) {
        return Step::SignIn(Reason::Asked);
    }
    let age = situation.now.seconds_since(session.auth_time);
    // Seconds are cut off, so an age that equals the limit may lie beyond it.
    if !fresh && request.max_age.is_some_and(|limit| age >= i64::from(limit)) {
        return Step::SignIn(Reason::TooOld);
    }
    if situation.other_person_asked {
        // OIDC Core §3.1.2.1 (id_token_hint): whoever has just signed in as somebody else is not asked again.
        return if fresh {
            refuse(ErrorCode::LoginRequired, "Another person has signed in.")
        } else {
            Step::SignIn(Reason::OtherPerson)
        };
    }
    let essential = request.claims.essential_acr();
    if !essential.is_empty() && !essential.iter().any(|acr| *acr == session.acr) {
        return refuse(
            ErrorCode::UnmetAuthenticationRequirements,
            "The essential acr cannot be reached.",
        );
    }
    match situation.first {
        First::NewPassword => Step::NewPassword,
        First::Questions => Step::Questions,
        First::Nothing if !situation.may_open => Step::NoAccess,
        First::Nothing => Step::Respond,
    }
}

/// Whether the person signed in for this request: in another session than the one it found, and not before it.
fn is_fresh(session: &Session, begun: &Begun) -> bool {
    begun.sid.as_ref() != Some(&session.sid) && session.auth_time >= begun.at.minus(SKEW)
}

const fn refuse(code: ErrorCode, description: &'static str) -> Step {
    Step::Refuse(OAuthError::new(code, description))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::PersonId;
    use crate::protocol::authorization_request::check;
    use crate::protocol::client::Client;
    use crate::protocol::form;

    const NOW: i64 = 1_800_000_000;

    fn session(sid: &str, auth_time: i64) -> Session {
        let at = Timestamp::from_unix(auth_time);
        Session {
            sid: Sid::new(sid),
            person_id: PersonId::new("p"),
            auth_epoch: 1,
            auth_time: at,
            amr: vec!["pwd".into()],
            acr: "1".into(),
            created_at: at,
            last_seen_at: at,
            idle: Lifetime::minutes(30),
            idle_until: at.plus(Lifetime::minutes(30)),
            expires_at: at.plus(Lifetime::hours(10)),
        }
    }

    fn request(extra: &str) -> AuthorizationRequest {
        let client = Client {
            require_pkce: false,
            ..Client::default()
        };
        let query = format!("response_type=code&scope=openid&{extra}");
        check(&form::parse(query.as_bytes()).unwrap(), &client).unwrap()
    }

    #[derive(Clone, Copy, PartialEq)]
    enum Had {
        Nobody,
        /// Signed in long before the request, in the session that the request found.
        Old,
        /// The same session, this very second.
        SameSecond,
        /// Signed in after the request, in another session.
        Fresh,
    }

    fn step(extra: &str, had: Had, other: bool) -> Step {
        let request = request(extra);
        let begun = Begun {
            at: Timestamp::from_unix(NOW),
            sid: (had != Had::Nobody).then(|| Sid::new("found")),
        };
        let session = match had {
            Had::Nobody => None,
            Had::Old => Some(session("found", NOW - 100)),
            Had::SameSecond => Some(session("found", NOW)),
            Had::Fresh => Some(session("new", NOW)),
        };
        next_step(Situation {
            request: &request,
            begun: &begun,
            session: session.as_ref(),
            other_person_asked: other,
            first: First::Nothing,
            may_open: true,
            now: Timestamp::from_unix(NOW),
        })
    }

    fn code(step: Step) -> Option<ErrorCode> {
        match step {
            Step::Refuse(error) => Some(error.code),
            _ => None,
        }
    }

    #[test]
    fn signing_in() {
        use Reason::{Asked, NoSession, OtherPerson, TooOld};
        for (extra, had, other, expected) in [
            ("", Had::Nobody, false, Step::SignIn(NoSession)),
            ("", Had::Old, false, Step::Respond),
            ("prompt=consent", Had::Old, false, Step::Respond),
            ("prompt=login", Had::Nobody, false, Step::SignIn(NoSession)),
            ("prompt=login", Had::Old, false, Step::SignIn(Asked)),
            ("prompt=login", Had::SameSecond, false, Step::SignIn(Asked)),
            ("prompt=login", Had::Fresh, false, Step::Respond),
            (
                "prompt=select_account",
                Had::Old,
                false,
                Step::SignIn(Asked),
            ),
            ("prompt=select_account", Had::Fresh, false, Step::Respond),
            ("max_age=99", Had::Old, false, Step::SignIn(TooOld)),
            ("max_age=100", Had::Old, false, Step::SignIn(TooOld)),
            ("max_age=101", Had::Old, false, Step::Respond),
            ("max_age=0", Had::SameSecond, false, Step::SignIn(TooOld)),
            ("max_age=0", Had::Fresh, false, Step::Respond),
            ("", Had::Old, true, Step::SignIn(OtherPerson)),
            ("prompt=none", Had::Old, false, Step::Respond),
        ] {
            assert_eq!(step(extra, had, other), expected, "{extra}");
        }
    }

    #[test]
    fn refusals() {
        use ErrorCode::{LoginRequired, UnmetAuthenticationRequirements};
        let acr = |acr: &str| {
            format!(
                "claims=%7B%22id_token%22%3A%7B%22acr%22%3A%7B%22essential%22%3Atrue%2C%22values%22%3A%5B%22{acr}%22%5D%7D%7D%7D"
            )
        };
        for (extra, had, other, expected) in [
            ("prompt=none", Had::Nobody, false, Some(LoginRequired)),
            (
                "prompt=none&max_age=1",
                Had::Old,
                false,
                Some(LoginRequired),
            ),
            ("prompt=none", Had::Old, true, Some(LoginRequired)),
            ("", Had::Fresh, true, Some(LoginRequired)),
            (
                &acr("9"),
                Had::Old,
                false,
                Some(UnmetAuthenticationRequirements),
            ),
            (&acr("1"), Had::Old, false, None),
            ("acr_values=9", Had::Old, false, None),
        ] {
            assert_eq!(code(step(extra, had, other)), expected, "{extra}");
        }
    }

    #[test]
    fn questions_and_access() {
        let session = session("found", NOW);
        let begun = Begun {
            at: Timestamp::from_unix(NOW),
            sid: None,
        };
        for (first, may_open, expected) in [
            (First::Questions, true, Step::Questions),
            (First::Questions, false, Step::Questions),
            (First::NewPassword, true, Step::NewPassword),
            (First::Nothing, false, Step::NoAccess),
        ] {
            let request = request("");
            let situation = Situation {
                request: &request,
                begun: &begun,
                session: Some(&session),
                other_person_asked: false,
                first,
                may_open,
                now: Timestamp::from_unix(NOW),
            };
            assert_eq!(next_step(situation), expected);
            let silent = self::request("prompt=none");
            let expected = match first {
                First::Nothing => ErrorCode::AccessDenied,
                First::NewPassword | First::Questions => ErrorCode::InteractionRequired,
            };
            let situation = Situation {
                request: &silent,
                ..situation
            };
            assert_eq!(code(next_step(situation)), Some(expected));
        }
    }
}
