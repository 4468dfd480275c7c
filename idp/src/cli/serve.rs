//! `idp serve`: logs, metrics, the listeners, and a clean end at SIGTERM or Ctrl-C.

use std::process::ExitCode;

use anyhow::Context as _;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

use super::Failure;
use crate::config::Settings;
use crate::{jobs, web};

/// Serves until SIGTERM or Ctrl-C.
pub async fn run(settings: Settings) -> Result<ExitCode, Failure> {
    start_log(&settings);
    let metrics = start_metrics()?;
    let listener = bind(settings.listen, "listen").await?;
    let side = match settings.metrics.listen {
        Some(address) => Some(bind(address, "metrics.listen").await?),
        None => None,
    };
    let app = super::start(settings).await?;
    jobs::start(&app);
    let stop = CancellationToken::new();
    if let Some(listener) = side {
        let router = web::health::router(app.clone(), metrics);
        let (settings, stop) = (app.settings.clone(), stop.clone());
        tokio::spawn(async move {
            let mut settings = settings;
            settings.tls = None;
            web::serve::serve(listener, router, &settings, stop).await
        });
    }
    tracing::info!(listen = %app.settings.listen, issuer = app.settings.issuer(), "serving");
    let router = web::router::router(app.clone());
    let serving = web::serve::serve(listener, router, &app.settings, stop.clone());
    let signals = async {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping: no new connections, running requests may end");
        app.stopping.cancel();
        stop.cancel();
        std::io::Result::Ok(())
    };
    let (served, signalled) = tokio::join!(serving, signals);
    app.close().await;
    served?;
    signalled?;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

async fn bind(address: std::net::SocketAddr, key: &str) -> Result<TcpListener, Failure> {
    TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address} (`{key}`); is it in use?"))
        .map_err(|cause| Failure { code: 2, cause })
}

/// JSON lines on standard output. No headers, no query strings: paths only.
fn start_log(settings: &Settings) {
    let filter = tracing_subscriber::EnvFilter::try_new(&settings.log)
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    let started = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_env_filter(filter)
        .try_init();
    if started.is_err() {
        tracing::warn!("another log was started before");
    }
}

fn start_metrics() -> Result<PrometheusHandle, Failure> {
    Ok(PrometheusBuilder::new()
        .set_buckets_for_metric(
            Matcher::Suffix("_seconds".into()),
            &[
                0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0,
            ],
        )?
        .install_recorder()?)
}
