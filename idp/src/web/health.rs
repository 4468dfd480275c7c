//! `/healthz`: the process lives. `/readyz`: it can serve. `/metrics`: on its own listener.

use axum::extract::State;
use http::StatusCode;
use metrics_exporter_prometheus::PrometheusHandle;

use super::state::AppState;
use crate::flows::health;

/// 200 while the process lives.
pub async fn healthz() -> &'static str {
    "ok\n"
}

/// 200 while both stores answer and the node is not stopping, else 503.
pub async fn readyz(State(app): State<AppState>) -> (StatusCode, &'static str) {
    if health::is_ready(&app).await {
        (StatusCode::OK, "ready\n")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "not ready\n")
    }
}

/// The listener for Prometheus and health.
pub fn router(app: AppState, metrics: PrometheusHandle) -> axum::Router {
    axum::Router::new()
        .route("/healthz", axum::routing::get(healthz))
        .route("/readyz", axum::routing::get(readyz))
        .route(
            "/metrics",
            axum::routing::get(move || std::future::ready(metrics.render())),
        )
        .with_state(app)
}
