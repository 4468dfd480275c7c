//! What runs in the background, and how often.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use crate::app::App;
use crate::flows::{Context, audit_log, limits, refresh, reset_accounts, rotate_keys, signing};

/// Starts the periodic tasks; they end when the node stops.
pub fn start(app: &Arc<App>) {
    every(app, 30, "sweep the ephemeral store", |app| async move {
        app.ephemeral.sweep(app.clock.now());
        Ok(())
    });
    every(app, 30, "run due resets", |app| async move {
        Ok(reset_accounts::run_due(&Context::of_command(&app, "resets")).await?)
    });
    every(app, 30, "read the signing keys", |app| async move {
        signing::refresh(&app).await
    });
    every(app, 3600, "rotate the signing keys", |app| async move {
        Ok(rotate_keys::keep_schedule(&Context::of_command(&app, "job")).await?)
    });
    every(app, 15, "release memory of hashing", |app| async move {
        app.passwords.release_idle_memory();
        Ok(())
    });
    every(app, 3600, "forget old refusals", |app| async move {
        Ok(limits::forget_old(&app).await?)
    });
    every(app, 3600, "delete ended grants", |app| async move {
        refresh::forget_ended(&Context::of_command(&app, "job")).await?;
        Ok(())
    });
    every(app, 60, "anchor the audit log", |app| async move {
        audit_log::anchor(&app).await
    });
}

/// Runs `task` every `seconds`; a failure is logged and tried again at the next turn.
fn every<F>(
    app: &Arc<App>,
    seconds: u64,
    name: &'static str,
    task: impl Fn(Arc<App>) -> F + Send + 'static,
) where
    F: Future<Output = anyhow::Result<()>> + Send,
{
    let app = app.clone();
    tokio::spawn(async move {
        let mut ticks = tokio::time::interval(Duration::from_secs(seconds));
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        ticks.tick().await;
        loop {
            tokio::select! {
                () = app.stopping.cancelled() => return,
                _ = ticks.tick() => {}
            }
            if let Err(error) = task(app.clone()).await {
                tracing::error!(
                    job = name,
                    error = format!("{error:#}"),
                    "a periodic task failed"
                );
            }
        }
    });
}
