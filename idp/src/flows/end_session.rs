//! `/end_session`: an app asks to sign the browser out. OIDC RP-Initiated Logout 1.0. And what every sign-out ends besides
//! the session itself: codes, access tokens and refresh tokens that hang from it.

use super::audit::{self, Event};
use super::authorize::read_hint;
use super::token::mark_session;
use super::{Context, FlowError, claims, live, session};
use crate::ids::{ClientId, Sid};
use crate::protocol::client::Client;
use crate::protocol::end_session::{
    self, Current, EndSessionRequest, Hint, Then, Verdict, decide, destination,
};
use crate::protocol::form::Params;
use crate::protocol::id_token::IdTokenHint;
use crate::protocol::session::Session;
use crate::secret::Secret;
use crate::store;

/// What the browser gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Signed out, or nobody was signed in: the page that says so.
    SignedOut,
    /// Signed out: back to the app.
    Return {
        /// The registered address, with `state`.
        location: String,
    },
    /// The page that asks.
    Ask {
        /// The app that asks, where it is known.
        app: Option<String>,
        /// What the answer must carry so that the browser goes where the app wants.
        fields: Vec<(String, String)>,
        /// What CSP's `form-action` must allow on the page.
        form_action: Option<String>,
    },
}

/// The session of the browser, and its cookie.
pub type Signed<'a> = (&'a Session, &'a Secret);

/// Answers a request: ends the session, or asks first.
pub async fn begin(
    cx: &Context,
    signed: Option<Signed<'_>>,
    params: &Params,
) -> Result<Outcome, FlowError> {
    let request = end_session::read(params);
    let hint = request
        .id_token_hint
        .as_deref()
        .map(|token| read_hint(cx, token));
    let client_id = match (&hint, &request.client_id) {
        (Some(Some(hint)), _) => Some(ClientId::new(hint.aud.clone())),
        (_, client_id) => client_id.clone(),
    };
    let person_id = signed.map(|(session, _)| &session.person_id);
    let live = match &client_id {
        Some(client_id) => live::look(cx, client_id, person_id).await?,
        None => None,
    };
    let client = live.as_ref().map(|live| &live.registration.client);
    let subject = match live
        .as_ref()
        .and_then(|live| live.person.as_ref())
        .zip(client)
    {
        Some((person, client)) => Some(claims::subject_of(cx, &person.person, client)?),
        None => None,
    };
    let current = signed.map(|(session, _)| Current {
        sid: session.sid.as_str(),
        subject: subject.as_deref(),
    });
    let verdict = decide(
        &request,
        judge(&request, hint.as_ref(), client),
        client,
        current,
    );
    match (verdict, signed) {
        (Verdict::End(then), Some(signed)) => {
            end(cx, signed, client_id.as_ref()).await?;
            Ok(then.into())
        }
        (Verdict::Ask(then), Some(_)) => Ok(ask(&request, client, &then)),
        (Verdict::NoSession(then) | Verdict::End(then) | Verdict::Ask(then), _) => Ok(then.into()),
    }
}

/// The person said yes on the page that asks. Where the browser goes is checked anew.
pub async fn confirm(
    cx: &Context,
    signed: Option<Signed<'_>>,
    params: &Params,
) -> Result<Outcome, FlowError> {
    let request = end_session::read(params);
    let live = match &request.client_id {
        Some(client_id) => live::look(cx, client_id, None).await?,
        None => None,
    };
    if let Some(signed) = signed {
        end(cx, signed, request.client_id.as_ref()).await?;
    }
    let client = live.as_ref().map(|live| &live.registration.client);
    Ok(destination(&request, client).into())
}

/// What a sign-out ends besides the session: codes on their way, access tokens, and refresh tokens without
/// `offline_access`. Every way of signing out calls it, and then [`session::end`]: the mark must stand before the session goes.
pub async fn end_tokens(cx: &Context, sid: &Sid) -> Result<(), FlowError> {
    // The mark first: whoever is issuing at this moment writes, and then looks for it.
    mark_session(cx, sid).await?;
    store::grants::revoke_of_session(cx.app.store.durable(), sid, cx.now).await?;
    Ok(())
}

async fn end(
    cx: &Context,
    (session, cookie): Signed<'_>,
    client_id: Option<&ClientId>,
) -> Result<(), FlowError> {
    end_tokens(cx, &session.sid).await?;
    session::end(cx, cookie).await?;
    let mut event = Event::new("sign_out")
        .actor(&session.person_id)
        .session(&session.sid)
        .field("by", "app");
    if let Some(client_id) = client_id {
        event = event.client(client_id);
    }
    audit::record(cx, event).await;
    Ok(())
}

fn judge<'a>(
    request: &EndSessionRequest,
    hint: Option<&'a Option<IdTokenHint>>,
    client: Option<&Client>,
) -> Hint<'a> {
    match hint {
        None => Hint::Absent,
        Some(None) => Hint::Bad,
        Some(Some(hint)) => {
            // RP-Initiated Logout §2: "the OP MUST verify that the Client Identifier matches the one used when issuing
            // the ID Token".
            let same = request
                .client_id
                .as_ref()
                .is_none_or(|named| named.as_str() == hint.aud);
            if same && client.is_some() {
                Hint::Good(hint)
            } else {
                Hint::Bad
            }
        }
    }
}

fn ask(request: &EndSessionRequest, client: Option<&Client>, then: &Then) -> Outcome {
    let mut fields = Vec::new();
    let mut form_action = None;
    if let (Then::Return { location }, Some(client)) = (then, client) {
        form_action = crate::protocol::redirect_uri::form_action_source(location);
        let mut add = |name: &str, value: Option<&str>| {
            if let Some(value) = value {
                fields.push((name.to_owned(), value.to_owned()));
            }
        };
        add("client_id", Some(client.client_id.as_str()));
        add(
            "post_logout_redirect_uri",
            request.post_logout_redirect_uri.as_deref(),
        );
        add("state", request.state.as_deref());
    }
    Outcome::Ask {
        app: client.map(|client| client.client_name.clone()),
        fields,
        form_action,
    }
}

impl From<Then> for Outcome {
    fn from(then: Then) -> Self {
        match then {
            Then::Page => Self::SignedOut,
            Then::Return { location } => Self::Return { location },
        }
    }
}
