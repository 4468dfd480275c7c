//! One running vendor app: its parts, its routes, the headers on every answer.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::Context as _;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{get, post};
use http::HeaderValue;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use tokio::time::Instant;

use crate::pending::PendingSignIns;
use crate::provider::Provider;
use crate::session::Sessions;
use crate::settings::Settings;
use crate::views::{About, Front, Home, Notice};
use crate::{pages, sign_in, sign_out};

/// What makes one app look unlike another: its name, its style sheet, its pages.
pub trait Look: Send + Sync + 'static {
    /// What precedes the names of its cookies, `__Host-` included.
    fn cookie_prefix(&self) -> &'static str;
    /// The style sheet.
    fn style(&self) -> &'static str;
    /// The icon, SVG.
    fn icon(&self) -> &'static str;
    /// The page of somebody who is not signed in.
    fn front(&self, page: &Front) -> askama::Result<String>;
    /// The product.
    fn home(&self, page: &Home) -> askama::Result<String>;
    /// Who came in and which claims arrived.
    fn about(&self, page: &About) -> askama::Result<String>;
    /// Something to tell.
    fn notice(&self, page: &Notice) -> askama::Result<String>;
}

/// The parts of one app.
pub struct Vendor {
    /// The command line.
    pub settings: Settings,
    /// The portal.
    pub provider: Provider,
    /// Sign-ins under way.
    pub pending: PendingSignIns,
    /// Who is signed in.
    pub sessions: Sessions,
    /// Ids of logout tokens that were accepted, so that each counts once.
    pub spent_logout_tokens: Mutex<HashMap<String, Instant>>,
    /// Name, style, pages.
    pub look: Box<dyn Look>,
}

impl Vendor {
    /// An app that nobody has visited yet.
    pub fn new(settings: Settings, look: Box<dyn Look>) -> anyhow::Result<Self> {
        Ok(Self {
            provider: Provider::new(settings.clone())?,
            pending: PendingSignIns::default(),
            sessions: Sessions::default(),
            spent_logout_tokens: Mutex::default(),
            look,
            settings,
        })
    }

    /// Name of the session's cookie.
    pub fn session_cookie(&self) -> String {
        self.look.cookie_prefix().to_owned()
    }

    /// Name of the cookie that binds sign-ins under way to their browser.
    pub fn sign_in_cookie(&self) -> String {
        format!("{}-signing-in", self.look.cookie_prefix())
    }
}

/// Runs one app until it is told to stop.
pub async fn run(settings: Settings, look: Box<dyn Look>) -> anyhow::Result<()> {
    let vendor = Arc::new(Vendor::new(settings, look)?);
    let listener = tokio::net::TcpListener::bind(vendor.settings.listen)
        .await
        .with_context(|| format!("cannot listen on {}", vendor.settings.listen))?;
    tokio::spawn(await_portal(Arc::clone(&vendor)));
    axum::serve(listener, router(vendor))
        .with_graceful_shutdown(told_to_stop())
        .await?;
    Ok(())
}

/// Asks for the portal's metadata until it answers, so that the first person does not wait for it.
async fn await_portal(vendor: Arc<Vendor>) {
    let mut pause = Duration::from_millis(100);
    while vendor.provider.metadata().await.is_err() {
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(3));
    }
}

async fn told_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
}

/// All routes.
pub fn router(vendor: Arc<Vendor>) -> Router {
    Router::new()
        .route("/", get(pages::home))
        .route("/about-you", get(pages::about))
        .route("/renew", post(pages::renew))
        .route("/style.css", get(pages::style))
        .route("/icon.svg", get(pages::icon))
        .route("/healthz", get(|| async { "ok\n" }))
        .route(
            "/login/start",
            get(sign_in::start_by_get).post(sign_in::start_by_post),
        )
        .route("/login/check", get(sign_in::check))
        .route(
            "/callback",
            get(sign_in::callback_query).post(sign_in::callback_form),
        )
        .route("/callback/finish", get(sign_in::finish))
        .route("/sign-out", post(sign_out::sign_out))
        .route("/signed-out", get(sign_out::signed_out))
        .route("/backchannel-logout", post(sign_out::backchannel))
        .layer(DefaultBodyLimit::max(64 * 1024))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&vendor),
            with_headers,
        ))
        .with_state(vendor)
}

/// Headers of every answer. `form-action` names the portal since the sign-out form ends there.
async fn with_headers(State(vendor): State<Arc<Vendor>>, request: Request, next: Next) -> Response {
    let mut answer = next.run(request).await;
    let policy = format!(
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self' {}; \
         base-uri 'none'; frame-ancestors 'none'",
        vendor.settings.issuer
    );
    let headers = answer.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    answer
}
