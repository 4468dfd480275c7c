//! The proxy that breaks a provider.

/// Serves.
pub async fn serve(_issuer: &str, _fault: &str, _port: u16, _say: fn(&str)) -> anyhow::Result<()> {
    Ok(())
}
