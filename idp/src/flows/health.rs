//! Whether this node can serve.

use std::time::Duration;

use crate::app::App;

/// Whether both stores answer within a second, and the node is not stopping.
pub async fn is_ready(app: &App) -> bool {
    let stores = async { app.store.ping().await.is_ok() && app.ephemeral.ping().await.is_ok() };
    !app.stopping.is_cancelled()
        && tokio::time::timeout(Duration::from_secs(1), stores)
            .await
            .unwrap_or(false)
}
