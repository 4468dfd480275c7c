//! `idp settings`: every setting with its value in force, secrets in URLs left out.

use std::process::ExitCode;

use super::Failure;
use crate::config::Settings;

/// Prints the settings as TOML.
#[expect(
    clippy::print_stdout,
    reason = "a command line answers on the terminal"
)]
pub fn run(settings: &Settings) -> Result<ExitCode, Failure> {
    let mut shown = settings.clone();
    for url in [&mut shown.database.url, &mut shown.ephemeral.url]
        .into_iter()
        .flatten()
    {
        if let Ok(mut parsed) = url::Url::parse(url)
            && parsed.password().is_some()
            && parsed.set_password(Some("…")).is_ok()
        {
            *url = parsed.into();
        }
    }
    print!("{}", toml::to_string_pretty(&shown)?);
    Ok(ExitCode::SUCCESS)
}
