//! `/authorize`: begin, resume, respond. RFC 6749 §4.1, OIDC Core §3.1.2. A dispatcher: every page comes back to it, and
//! `protocol/next_step.rs` decides what is next. With a live session it answers at once and keeps nothing but the code.

mod pending;
mod respond;

use super::audit::{self, Event};
use super::live::{self, Live, LivePerson};
use super::{Context, FlowError, access, claims};
use crate::district::person::Account;
use crate::ids::{ClientId, PersonId};
use crate::protocol::authorization_request::{self, AuthorizationRequest};
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::form::{self, Params};
use crate::protocol::id_token::IdTokenHint;
use crate::protocol::next_step::{Begun, First, Reason, Situation, Step, next_step};
use crate::protocol::response_mode::{AuthorizationResponse, ResponseTarget, Shown};
use crate::protocol::session::Session;
use crate::secret::Secret;

use self::pending::Pending;
pub use self::pending::{Waiting, waiting};

/// The browser of a request, as far as this flow needs it.
#[derive(Clone, Copy, Debug)]
pub struct Visitor<'a> {
    /// Its session, if it has one.
    pub session: Option<&'a Session>,
    /// The pre-session cookie, which a pending request is bound to.
    pub pre_session: &'a Secret,
}

/// What the browser gets.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// An error page: there is nowhere to redirect to.
    Shown(Shown),
    /// The client's answer, an error or not.
    Respond(Answer),
    /// A posted request is kept: go on by GET, which carries the cookies.
    Continue {
        /// The handle.
        flow: Secret,
    },
    /// The sign-in pages.
    SignIn {
        /// The handle that they carry.
        flow: Secret,
        /// Why.
        reason: Reason,
    },
    /// The page for a new password.
    NewPassword {
        /// The handle that the page carries.
        flow: Secret,
    },
    /// The questions that a claim left open.
    Questions {
        /// The handle that the page carries.
        flow: Secret,
    },
    /// The page that says who can grant access.
    NoAccess {
        /// The handle, for going back to the app.
        flow: Secret,
        /// The app's name.
        app: String,
    },
}

/// An answer to a client, and what the browser must be told about it.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The redirect or the form.
    pub response: AuthorizationResponse,
    /// The app's name, for the page around a form.
    pub app: String,
    /// What CSP's `form-action` must allow on that page.
    pub form_action: Option<String>,
}

/// Where a page sends the browser when it has done its one thing.
pub fn continue_path(flow: &str) -> String {
    format!("/authorize/{flow}/continue")
}

/// Begins with the query of a GET.
pub async fn begin(cx: &Context, visitor: Visitor<'_>, query: &[u8]) -> Result<Outcome, FlowError> {
    let person = visitor.session.map(|session| &session.person_id);
    let (pending, live) = match admit(cx, query, person).await? {
        Ok(admitted) => admitted,
        Err(outcome) => return Ok(outcome),
    };
    let pending = pending.bound_to(cx, visitor);
    go_on(cx, visitor, (pending, None), live).await
}

/// Takes the body of a POST. It comes from another site, so without our cookies (`SameSite=Lax`): the request is checked and
/// kept, and the browser sent on by GET.
pub async fn accept_post(cx: &Context, body: &[u8]) -> Result<Outcome, FlowError> {
    match admit(cx, body, None).await? {
        Err(outcome) => Ok(outcome),
        Ok((pending, _)) => Ok(Outcome::Continue {
            flow: pending.keep(cx, None).await?,
        }),
    }
}

/// Goes on with a pending request after a page.
pub async fn resume(cx: &Context, visitor: Visitor<'_>, flow: &str) -> Result<Outcome, FlowError> {
    let handle = Secret::new(flow);
    let Some(pending) = Pending::find(cx, visitor.pre_session, &handle).await? else {
        return Ok(Outcome::Shown(Shown::Gone));
    };
    let person = visitor.session.map(|session| &session.person_id);
    let Some(live) = live::look(cx, &pending.client_id, person).await? else {
        return Ok(Outcome::Shown(Shown::UnknownClient));
    };
    let pending = if pending.is_bound() {
        pending
    } else {
        let pending = pending.bound_to(cx, visitor);
        pending.keep(cx, Some(&handle)).await?;
        pending
    };
    go_on(cx, visitor, (pending, Some(handle)), live).await
}

/// The person will not, or may not, go to the app: `access_denied` to the client.
pub async fn decline(cx: &Context, visitor: Visitor<'_>, flow: &str) -> Result<Outcome, FlowError> {
    let handle = Secret::new(flow);
    let found = Pending::find(cx, visitor.pre_session, &handle).await?;
    let Some(pending) = found.filter(Pending::is_bound) else {
        return Ok(Outcome::Shown(Shown::Gone));
    };
    Pending::forget(cx, &handle).await?;
    note_refusal(cx, &pending, visitor.session, "declined").await;
    let error = OAuthError::new(ErrorCode::AccessDenied, "The person declined.");
    Ok(pending.refuse(cx, error))
}

/// Reads and checks a request up to the point where only the person is missing. The inner error is an answer already.
async fn admit(
    cx: &Context,
    text: &[u8],
    person: Option<&PersonId>,
) -> Result<Result<(Pending, Live), Outcome>, FlowError> {
    let shown = |shown| Ok(Err(Outcome::Shown(shown)));
    let Ok((params, fault)) = form::sift(text) else {
        return shown(Shown::TooLarge);
    };
    let Some(client_id) = params.value("client_id") else {
        return shown(Shown::NoClient);
    };
    let client_id = ClientId::new(client_id);
    let Some(live) = live::look(cx, &client_id, person).await? else {
        return shown(Shown::UnknownClient);
    };
    let client = &live.registration.client;
    let target = match ResponseTarget::resolve(client, &params) {
        Ok(target) => target,
        Err(error) => return shown(error),
    };
    // From here on the client hears of errors.
    let checked = match fault {
        Some(fault) => Err(fault.into()),
        None => check(cx, &params, &live),
    };
    Ok(match checked {
        Ok((request, subject)) => Ok((Pending::new(cx, client, target, (request, subject)), live)),
        Err(error) => Err(Outcome::Respond(Answer::error(
            cx,
            (&target, &client.client_name),
            error,
        ))),
    })
}

/// The checklist, and the hint's signature. Answers the subject that the answer must be about, if the request names one.
fn check(
    cx: &Context,
    params: &Params,
    live: &Live,
) -> Result<(AuthorizationRequest, Option<String>), OAuthError> {
    let client = &live.registration.client;
    let request = authorization_request::check(params, client)?;
    let hinted = match &request.id_token_hint {
        None => None,
        Some(token) => Some(
            read_hint(cx, token)
                .filter(|hint| hint.aud == client.client_id.as_str())
                .ok_or(OAuthError::invalid_request(
                    "id_token_hint is not an ID token of ours for this client.",
                ))?,
        ),
    };
    let named = request.claims.required_subject().map(str::to_owned);
    let subject = match (hinted, named) {
        (Some(hint), Some(named)) if hint.sub != named => {
            return Err(OAuthError::invalid_request(
                "id_token_hint and claims name two people.",
            ));
        }
        (Some(hint), _) => Some(hint.sub),
        (None, named) => named,
    };
    Ok((request, subject))
}

/// An ID token of ours, expired or not; `None` for anything else.
pub(super) fn read_hint(cx: &Context, token: &str) -> Option<IdTokenHint> {
    cx.app
        .keys
        .verify::<IdTokenHint>(keys::Typ::Jwt, token)
        .ok()
        .filter(|hint| hint.is_from(cx.app.settings.issuer()))
}

/// Decides and does the next step. From here there is somewhere to redirect to, so a failure of ours is told there
/// (RFC 6749 §4.1.2.1).
async fn go_on(
    cx: &Context,
    visitor: Visitor<'_>,
    (pending, handle): (Pending, Option<Secret>),
    live: Live,
) -> Result<Outcome, FlowError> {
    match step(cx, visitor, (&pending, handle), live).await {
        Ok(outcome) => Ok(outcome),
        Err(FlowError::Busy { .. } | FlowError::Unavailable(_)) => Ok(pending.refuse(
            cx,
            OAuthError::new(ErrorCode::TemporarilyUnavailable, "Try again in a moment."),
        )),
        Err(FlowError::Bug(what)) => {
            tracing::error!(what, client = %pending.client_id, "bug");
            Ok(pending.refuse(
                cx,
                OAuthError::new(ErrorCode::ServerError, "A fault of the provider."),
            ))
        }
    }
}

/// A session that counts, and what the district gave its person.
struct Known<'a> {
    session: &'a Session,
    person: LivePerson,
    access: access::Access,
    other_person_asked: bool,
}

/// A session counts while the account is at its epoch and the roster lets the person in.
async fn known<'a>(
    cx: &Context,
    session: Option<&'a Session>,
    pending: &Pending,
    live: &Live,
) -> Result<Option<Known<'a>>, FlowError> {
    let counts = |(session, person): &(&Session, &LivePerson)| {
        person.person.id == session.person_id && person.is_at(session.auth_epoch)
    };
    let Some((session, person)) = session.zip(live.person.as_ref()).filter(counts) else {
        return Ok(None);
    };
    let client = &live.registration.client;
    let other_person_asked = match &pending.subject {
        Some(asked) => *asked != claims::subject_of(cx, &person.person, client)?,
        None => false,
    };
    Ok(Some(Known {
        session,
        person: person.clone(),
        access: access::may_use(cx, &person.person, &client.client_id).await?,
        other_person_asked,
    }))
}

async fn step(
    cx: &Context,
    visitor: Visitor<'_>,
    (pending, handle): (&Pending, Option<Secret>),
    live: Live,
) -> Result<Outcome, FlowError> {
    let client = &live.registration.client;
    let known = known(cx, visitor.session, pending, &live).await?;
    let decision = next_step(Situation {
        request: &pending.request,
        begun: &pending.begun,
        session: known.as_ref().map(|known| known.session),
        other_person_asked: known.as_ref().is_some_and(|k| k.other_person_asked),
        first: known
            .as_ref()
            .map_or(First::Nothing, |known| first(&known.person.account)),
        may_open: known
            .as_ref()
            .is_some_and(|known| matches!(known.access, access::Access::Granted(_))),
        now: cx.now,
    });
    let session = known.as_ref().map(|known| known.session);
    match decision {
        Step::Respond => {
            let Some(known) = known else {
                return Err(FlowError::bug("an answer about nobody"));
            };
            let outcome = respond::respond(cx, client, pending, known).await?;
            if let Some(handle) = &handle {
                Pending::forget(cx, handle).await?;
            }
            Ok(outcome)
        }
        Step::Refuse(error) => refuse(cx, (pending, handle), session, error).await,
        Step::SignIn(reason) => Ok(Outcome::SignIn {
            flow: pending.kept(cx, handle).await?,
            reason,
        }),
        Step::NewPassword => Ok(Outcome::NewPassword {
            flow: pending.kept(cx, handle).await?,
        }),
        Step::Questions => Ok(Outcome::Questions {
            flow: pending.kept(cx, handle).await?,
        }),
        Step::NoAccess => {
            let why = match known.as_ref().map(|known| &known.access) {
                Some(access::Access::Refused(why, _)) => why.as_str(),
                _ => "not_assigned",
            };
            note_refusal(cx, pending, session, why).await;
            Ok(Outcome::NoAccess {
                flow: pending.kept(cx, handle).await?,
                app: client.client_name.clone(),
            })
        }
    }
}

const fn first(account: &Account) -> First {
    if account.must_change_password {
        First::NewPassword
    } else if account.recovery_pending {
        First::Questions
    } else {
        First::Nothing
    }
}

async fn refuse(
    cx: &Context,
    (pending, handle): (&Pending, Option<Secret>),
    session: Option<&Session>,
    error: OAuthError,
) -> Result<Outcome, FlowError> {
    if let Some(handle) = &handle {
        Pending::forget(cx, handle).await?;
    }
    // A client that asks with prompt=none whether somebody is there is no event; the rest is.
    if error.code != ErrorCode::LoginRequired {
        note_refusal(cx, pending, session, error.code.as_str()).await;
    }
    Ok(pending.refuse(cx, error))
}

async fn note_refusal(
    cx: &Context,
    pending: &Pending,
    session: Option<&Session>,
    why: &'static str,
) {
    let mut event = Event::new("authorize")
        .client(&pending.client_id)
        .refused(why);
    if let Some(session) = session {
        event = event.actor(&session.person_id).session(&session.sid);
    }
    audit::record(cx, event).await;
}

impl Answer {
    fn error(cx: &Context, (target, app): (&ResponseTarget, &str), error: OAuthError) -> Self {
        Self {
            response: target.error(cx.app.settings.issuer(), error),
            app: app.to_owned(),
            form_action: target.form_action_source(),
        }
    }
}

/// The beginning of a request as it comes in.
fn begun(cx: &Context, visitor: Visitor<'_>) -> Begun {
    Begun {
        at: cx.now,
        sid: visitor.session.map(|session| session.sid.clone()),
    }
}
