//! The answer of `/authorize`: a code, and for clients that registered it an ID token. No durable write is waited for.

use super::pending::Pending;
use super::{Answer, Known, Outcome};
use crate::ephemeral::Kind;
use crate::flows::access::Access;
use crate::flows::audit::{self, Event};
use crate::flows::batch::Write;
use crate::flows::launch::LaunchTicket;
use crate::flows::token::{Bound, Grounds, id_token};
use crate::flows::{Context, FlowError};
use crate::ids::GrantId;
use crate::protocol::authorization_code::{Authentication, AuthorizationCode};
use crate::protocol::client::Client;
use crate::protocol::session::Session;
use crate::secret::Secret;
use crate::store::usage::Launch;

/// Makes the answer.
pub(super) async fn respond(
    cx: &Context,
    client: &Client,
    pending: &Pending,
    who: Known<'_>,
) -> Result<Outcome, FlowError> {
    let request = &pending.request;
    let authentication = authentication(who.session);
    let line = GrantId::new(cx.app.random.id(cx.now));
    let code = if request.response_type.has_code() {
        Some(issue_code(cx, pending, &authentication, &line).await?)
    } else {
        None
    };
    let id_token = if request.response_type.has_id_token() {
        let grounds = Grounds {
            client,
            person: &who.person,
            scope: &request.scope,
            claims: &request.claims,
            nonce: request.nonce.as_deref(),
            authentication: &authentication,
            line: &line,
            ends_with_session: true,
        };
        let bound = Bound {
            access_token: None,
            code: code.as_ref(),
        };
        Some(id_token(cx, &grounds, &request.scope, bound).await?)
    } else {
        None
    };
    note(cx, pending, &who).await?;
    let code = code.as_ref().map(|code| ("code", code.expose()));
    let id_token = id_token.as_deref().map(|token| ("id_token", token));
    let params: Vec<(&str, &str)> = code.into_iter().chain(id_token).collect();
    Ok(Outcome::Respond(Answer {
        response: pending.target.success(cx.app.settings.issuer(), &params),
        app: client.client_name.clone(),
        form_action: pending.target.form_action_source(),
    }))
}

async fn issue_code(
    cx: &Context,
    pending: &Pending,
    authentication: &Authentication,
    line: &GrantId,
) -> Result<Secret, FlowError> {
    let request = &pending.request;
    let code = AuthorizationCode {
        client_id: pending.client_id.clone(),
        redirect_uri: pending.target.redirect_uri().to_owned(),
        scope: request.scope.clone(),
        nonce: request.nonce.clone(),
        challenge: request.challenge.clone(),
        claims: request.claims.clone(),
        authentication: authentication.clone(),
        line: line.clone(),
        expires_at: cx.now.plus(cx.app.settings.tokens.code),
    };
    let secret = cx.app.random.token();
    let id = secret.digest(Kind::Code.as_str());
    cx.app
        .ephemeral
        .put(Kind::Code, id.as_str(), &code, code.expires_at)
        .await?;
    Ok(secret)
}

fn authentication(session: &Session) -> Authentication {
    Authentication {
        person_id: session.person_id.clone(),
        auth_epoch: session.auth_epoch,
        sid: session.sid.clone(),
        session_ends_at: session.expires_at,
        auth_time: session.auth_time,
        acr: session.acr.clone(),
        amr: session.amr.clone(),
    }
}

/// Audits and counts the launch, by the batching writer. An app that looks in with `prompt=none` launches nothing.
async fn note(cx: &Context, pending: &Pending, who: &Known<'_>) -> Result<(), FlowError> {
    let session = who.session;
    let from_tile = used_ticket(cx, pending, session).await?;
    let event = Event::new("authorize")
        .actor(&session.person_id)
        .client(&pending.client_id)
        .session(&session.sid)
        .field("scope", pending.request.scope.to_string())
        .field("from_tile", from_tile);
    audit::record(cx, event).await;
    if let Access::Granted(resource) = &who.access
        && !pending.request.prompt.none
    {
        let person = &who.person.person;
        let school = person.primary_school_id.as_ref();
        let launch = Launch {
            person_id: person.id.clone(),
            resource_id: resource.id.clone(),
            school_id: school.map(ToString::to_string).unwrap_or_default(),
            day: cx.today(),
            at: cx.now,
        };
        cx.app.batch.write(Write::Launch(launch)).await;
    }
    Ok(())
}

/// Whether the request came by a tile of this very session; uses the ticket up. Any other hint is ignored: it opens nothing,
/// and names in it are nobody's business.
async fn used_ticket(
    cx: &Context,
    pending: &Pending,
    session: &Session,
) -> Result<bool, FlowError> {
    let Some(hint) = pending
        .request
        .login_hint
        .as_deref()
        .filter(|hint| hint.len() == 43)
    else {
        return Ok(false);
    };
    let ticket = Secret::new(hint);
    let id = ticket.digest(Kind::LaunchTicket.as_str());
    let store = &cx.app.ephemeral;
    let found: Option<LaunchTicket> = store.get(Kind::LaunchTicket, id.as_str(), cx.now).await?;
    let own = found.is_some_and(|found| {
        found.person_id == session.person_id
            && found.client_id == pending.client_id
            && found.sid == session.sid
    });
    if !own {
        return Ok(false);
    }
    let until = cx.now.plus(crate::clock::Lifetime::minutes(10));
    Ok(store
        .first_use(Kind::LaunchTicketUsed, id.as_str(), until, cx.now)
        .await?)
}
