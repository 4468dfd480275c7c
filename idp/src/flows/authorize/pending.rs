//! A request that waits for its person. Kept under the digest of a handle and bound to one browser, so that nobody can go on
//! with another's.

use serde::{Deserialize, Serialize};

use super::{Answer, Outcome, Visitor, begun};
use crate::clock::{Lifetime, Timestamp};
use crate::ephemeral::Kind;
use crate::flows::{Context, FlowError};
use crate::ids::ClientId;
use crate::protocol::authorization_request::AuthorizationRequest;
use crate::protocol::client::Client;
use crate::protocol::error::OAuthError;
use crate::protocol::next_step::Begun;
use crate::protocol::response_mode::ResponseTarget;
use crate::secret::{Digest, Secret};

/// How long a request waits.
const LIVES: Lifetime = Lifetime::minutes(15);

/// A request that was checked, and where its answer goes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Pending {
    /// Who asks.
    pub client_id: ClientId,
    /// What.
    pub request: AuthorizationRequest,
    /// Since when, and in whose session.
    pub begun: Begun,
    /// The subject that the answer must be about.
    pub subject: Option<String>,
    /// Where the answer goes.
    pub target: ResponseTarget,
    app: App,
    // Absent while a posted request has not met its browser yet.
    browser: Option<Digest>,
    expires_at: Timestamp,
}

/// What pages say of the client.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct App {
    name: String,
    logo_uri: Option<String>,
    policy_uri: Option<String>,
    tos_uri: Option<String>,
}

/// A pending request as its pages see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The client.
    pub client_id: ClientId,
    /// The app's name.
    pub app: String,
    /// The app's picture.
    pub logo_uri: Option<String>,
    /// The vendor's privacy policy.
    pub policy_uri: Option<String>,
    /// The vendor's terms of service.
    pub tos_uri: Option<String>,
    /// What CSP's `form-action` must allow on every page with a form before the answer.
    pub form_action: Option<String>,
    /// Languages that the client asks for, the dearest first.
    pub ui_locales: Vec<String>,
}

/// The pending request of a handle, if it waits in this browser.
pub async fn waiting(
    cx: &Context,
    pre_session: &Secret,
    flow: &str,
) -> Result<Option<Waiting>, FlowError> {
    let found = Pending::find(cx, pre_session, &Secret::new(flow)).await?;
    Ok(found.filter(Pending::is_bound).map(|pending| Waiting {
        client_id: pending.client_id,
        app: pending.app.name,
        logo_uri: pending.app.logo_uri,
        policy_uri: pending.app.policy_uri,
        tos_uri: pending.app.tos_uri,
        form_action: pending.target.form_action_source(),
        ui_locales: pending.request.ui_locales,
    }))
}

impl Pending {
    /// A request that has met no browser yet.
    pub fn new(
        cx: &Context,
        client: &Client,
        target: ResponseTarget,
        (request, subject): (AuthorizationRequest, Option<String>),
    ) -> Self {
        Self {
            client_id: client.client_id.clone(),
            request,
            begun: Begun {
                at: cx.now,
                sid: None,
            },
            subject,
            target,
            app: App {
                name: client.client_name.clone(),
                logo_uri: client.logo_uri.clone(),
                policy_uri: client.policy_uri.clone(),
                tos_uri: client.tos_uri.clone(),
            },
            browser: None,
            expires_at: cx.now.plus(LIVES),
        }
    }

    /// The request in its browser; it begins now.
    pub fn bound_to(self, cx: &Context, visitor: Visitor<'_>) -> Self {
        Self {
            begun: begun(cx, visitor),
            browser: Some(browser(visitor.pre_session)),
            ..self
        }
    }

    /// Whether it has met its browser.
    pub const fn is_bound(&self) -> bool {
        self.browser.is_some()
    }

    /// The request of a handle, if it lives and waits in this browser or in none yet.
    pub async fn find(
        cx: &Context,
        pre_session: &Secret,
        handle: &Secret,
    ) -> Result<Option<Self>, FlowError> {
        let id = handle.digest(Kind::PendingAuthorization.as_str());
        let found: Option<Self> = cx
            .app
            .ephemeral
            .get(Kind::PendingAuthorization, id.as_str(), cx.now)
            .await?;
        let here = browser(pre_session);
        Ok(found.filter(|pending| {
            cx.now < pending.expires_at && pending.browser.as_ref().is_none_or(|b| *b == here)
        }))
    }

    /// Keeps it, under `handle` or a new one.
    pub async fn keep(&self, cx: &Context, handle: Option<&Secret>) -> Result<Secret, FlowError> {
        let handle = handle.cloned().unwrap_or_else(|| cx.app.random.token());
        let id = handle.digest(Kind::PendingAuthorization.as_str());
        cx.app
            .ephemeral
            .put(
                Kind::PendingAuthorization,
                id.as_str(),
                self,
                self.expires_at,
            )
            .await?;
        Ok(handle)
    }

    /// The handle that it is kept under; keeps it if it is not yet.
    pub async fn kept(&self, cx: &Context, handle: Option<Secret>) -> Result<Secret, FlowError> {
        match handle {
            Some(handle) => Ok(handle),
            None => self.keep(cx, None).await,
        }
    }

    /// Forgets it: it has been answered.
    pub async fn forget(cx: &Context, handle: &Secret) -> Result<(), FlowError> {
        let id = handle.digest(Kind::PendingAuthorization.as_str());
        Ok(cx
            .app
            .ephemeral
            .delete(Kind::PendingAuthorization, id.as_str())
            .await?)
    }

    /// An error to the client.
    pub fn refuse(&self, cx: &Context, error: OAuthError) -> Outcome {
        Outcome::Respond(Answer::error(cx, (&self.target, &self.app.name), error))
    }
}

fn browser(pre_session: &Secret) -> Digest {
    pre_session.digest("pending-browser")
}
