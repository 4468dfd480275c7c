//! Reading settings: defaults, then the file, then `IDP_` variables; then the rules that no single key can state.

use std::path::Path;

use figment::Figment;
use figment::providers::{Env, Format as _, Serialized, Toml};
use url::Url;

use super::Settings;

/// Why the portal does not start, in one line that names the key and what to do.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct SettingsError(String);

/// Reads the settings: defaults, `file` if given, then variables as `IDP_DATABASE__URL` (two underscores between levels).
pub fn load(file: Option<&Path>) -> Result<Settings, SettingsError> {
    let mut figment = Figment::from(Serialized::defaults(Settings::default()));
    if let Some(path) = file {
        if !path.is_file() {
            return Err(SettingsError(format!(
                "settings file {} is not there; give its path after --config",
                path.display()
            )));
        }
        figment = figment.merge(Toml::file_exact(path));
    }
    let settings: Settings = figment
        .merge(Env::prefixed("IDP_").split("__"))
        .extract()
        .map_err(|error| SettingsError(describe(&error, file)))?;
    validate(&settings).map_err(SettingsError)?;
    Ok(settings)
}

/// One line from figment's report: which key, what was found there, in which source.
fn describe(error: &figment::Error, file: Option<&Path>) -> String {
    use figment::error::Kind;
    let first = error
        .clone()
        .into_iter()
        .next()
        .unwrap_or_else(|| error.clone());
    let key = first.path.join(".");
    let source = match (&first.metadata, file) {
        (Some(metadata), _) if metadata.name.contains("environment") => {
            "an IDP_ variable".to_owned()
        }
        (_, Some(path)) => path.display().to_string(),
        (_, None) => "an IDP_ variable".to_owned(),
    };
    match &first.kind {
        Kind::UnknownField(name, known) => {
            let full = if key.is_empty() {
                name.clone()
            } else {
                format!("{key}.{name}")
            };
            format!(
                "{source}: unknown key `{full}`; known there: {}",
                known.join(", ")
            )
        }
        kind if key.is_empty() => format!("{source}: {kind}"),
        kind => format!("{source}: `{key}`: {kind}"),
    }
}

#[expect(clippy::too_many_lines, reason = "a list of rules")]
fn validate(settings: &Settings) -> Result<(), String> {
    let url = Url::parse(&settings.public_url).map_err(|error| {
        format!(
            "`public_url`: {:?} is not an address ({error})",
            settings.public_url
        )
    })?;
    let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
    let origin = url.origin().ascii_serialization();
    if !bare || settings.public_url != origin {
        return Err(format!(
            "`public_url`: write {origin:?}, without path, trailing slash or default port (found {:?})",
            settings.public_url
        ));
    }
    match url.scheme() {
        "https" => {}
        "http" if settings.on_loopback() => {}
        _ => {
            return Err(format!(
                "`public_url`: {:?} must start with https; http is for loopback hosts only",
                settings.public_url
            ));
        }
    }
    let testing = settings.testing.outbound_loopback || settings.testing.throttling.is_some();
    if testing && !settings.on_loopback() {
        return Err("`testing`: these switches work only while `public_url` is on loopback".into());
    }
    if let Some(other) = settings
        .testing
        .throttling
        .as_deref()
        .filter(|value| *value != "off")
    {
        return Err(format!(
            "`testing.throttling`: {other:?} is unknown; leave it out or write \"off\""
        ));
    }
    if !matches!(settings.keys.rsa_bits, 2048 | 3072 | 4096) {
        return Err("`keys.rsa_bits`: write 2048, 3072 or 4096".into());
    }
    let keys = &settings.keys;
    if !(1..=168).contains(&keys.publish_hours)
        || !(1..=365).contains(&keys.active_days)
        || keys.active_days * 24 <= keys.publish_hours
    {
        return Err(
            "`keys`: `publish_hours` is 1 to 168, `active_days` 1 to 365 and the longer of the two"
                .into(),
        );
    }
    let database = settings.database_url();
    if !(database.starts_with("sqlite://")
        || database.starts_with("postgres://")
        || database.starts_with("postgresql://"))
    {
        return Err("`database.url`: must start with sqlite:// or postgres://".into());
    }
    if let Some(url) = &settings.ephemeral.url
        && !(url.starts_with("redis://") || url.starts_with("rediss://"))
    {
        return Err("`ephemeral.url`: must start with redis:// or rediss://".into());
    }
    let color = settings.branding.color.strip_prefix('#');
    if !color.is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit())) {
        return Err(
            "`branding.color`: write six hexadecimal digits after #, as \"#1d4f91\"".into(),
        );
    }
    if settings.tokens.code.as_seconds() > 60 || settings.tokens.access_token.as_seconds() > 600 {
        return Err(
            "`tokens`: a code lives at most 60 seconds, an access token at most 600".into(),
        );
    }
    if let Some(help) = &settings.branding.help_url
        && !help.starts_with("https://")
    {
        return Err("`branding.help_url`: must start with https://".into());
    }
    Ok(())
}
