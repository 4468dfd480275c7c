//! The harness: the real application on a SQLite file, in process, under a clock that a test moves; and a browser that keeps
//! cookies and fills in forms.

mod browser;
mod people;
mod transport;
mod vendor;

use std::sync::Arc;

use axum::body::Body;
use http::{Request, Response};
use idp::app::{App, Sources};
use idp::clock::{Clock, Timestamp};
use idp::config::Settings;
use idp::random::Random;
use tower::ServiceExt as _;

pub use self::browser::{Browser, Form, Page, encode};
pub use self::people::{Person, ROSTER};
pub use self::transport::Nodes;
pub use self::vendor::{Answer, VERIFIER, Vendor, answer_of, join_all};

/// Wednesday, 5 August 2026, 12:00 UTC: eight in the morning at the district.
pub const MORNING: Timestamp = Timestamp::from_unix(1_785_931_200);

/// The application under test.
pub struct TestApp {
    pub app: Arc<App>,
    pub clock: Clock,
    router: axum::Router,
    _folder: tempfile::TempDir,
}

impl TestApp {
    /// With default settings.
    pub async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// With settings of the test's own.
    pub async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        Self::at(Clock::fixed(MORNING), change).await
    }

    /// With a clock of the test's own: servers beside us expire things by the machine's.
    pub async fn at(clock: Clock, change: impl FnOnce(&mut Settings)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings {
            data_dir: folder.path().to_owned(),
            ..Settings::default()
        };
        settings.database.connections = 4;
        change(&mut settings);
        let sources = Sources {
            clock: clock.clone(),
            random: Random::Os,
        };
        let app = App::start(settings, sources).await.unwrap();
        let router = idp::web::router::router(app.clone());
        Self {
            app,
            clock,
            router,
            _folder: folder,
        }
    }

    /// A fresh browser at a fresh address.
    pub fn browser(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    /// Sends one request as it is, to the right host unless it names one.
    pub async fn send(&self, request: Request<Body>) -> Response<Body> {
        send(&self.router, request).await
    }

    /// Moves the clock on.
    pub fn advance(&self, seconds: i64) {
        self.clock.advance(seconds);
    }

    /// A context for calling flows directly.
    pub fn context(&self) -> idp::flows::Context {
        idp::flows::Context::of_command(&self.app, "test")
    }
}

async fn send(router: &axum::Router, mut request: Request<Body>) -> Response<Body> {
    if !request.headers().contains_key(http::header::HOST) {
        request
            .headers_mut()
            .insert(http::header::HOST, "localhost:8080".parse().unwrap());
    }
    router.clone().oneshot(request).await.unwrap()
}

/// The whole body as text.
pub async fn text(response: Response<Body>) -> String {
    let bytes = axum::body::to_bytes(response.into_body(), 10_000_000)
        .await
        .unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}
