//! `idp keys`: list the issuer's signing keys, let the next one take over, destroy a stolen one, seal all anew.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use clap::Subcommand;
use keys::Algorithm;

use super::Failure;
use crate::app::App;
use crate::clock::Timestamp;
use crate::flows::Context;
use crate::flows::rotate_keys::{self, ALGORITHMS, KeyView, Rotation};

/// What to do with the keys.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// List all keys: id, algorithm, state, and when they sign.
    List,
    /// Let a new key take over, after it has been published for `keys.publish_hours`.
    Rotate {
        /// Take over as soon as every node publishes the key: in ten minutes at most.
        #[arg(long)]
        now: bool,
        /// Only the key of this algorithm: `RS256`, `ES256` or `EdDSA`.
        #[arg(long, value_name = "NAME")]
        algorithm: Option<String>,
    },
    /// Destroy a stolen key at once; the next one, or a new one, signs from now on.
    Revoke {
        /// The key's id, as `idp keys list` shows it.
        kid: String,
    },
    /// Seal everything anew under the first key of the key-encryption file; its other keys may leave it afterwards.
    Reseal,
}

/// Runs one of them.
#[expect(
    clippy::print_stdout,
    reason = "a command line answers on the terminal"
)]
pub async fn run(command: KeysCommand, app: &Arc<App>) -> Result<ExitCode, Failure> {
    let cx = Context::of_command(app, "cli");
    match command {
        KeysCommand::List => {
            for key in rotate_keys::list(&cx).await? {
                println!("{}", line(&key));
            }
        }
        KeysCommand::Rotate { now, algorithm } => {
            for algorithm in chosen(algorithm.as_deref())? {
                let rotation = rotate_keys::rotate(&cx, algorithm, now).await?;
                println!("{}", sentence(&rotation));
            }
        }
        KeysCommand::Revoke { kid } => {
            let rotation = rotate_keys::revoke(&cx, &kid)
                .await?
                .with_context(|| format!("there is no key {kid}, or it is destroyed already"))?;
            println!("Destroyed {kid}. {}", sentence(&rotation));
            println!("Running nodes follow within 30 seconds.");
        }
        KeysCommand::Reseal => {
            let count = rotate_keys::reseal(&cx).await?;
            let id = app.keys.kek().id();
            println!("Sealed {count} values anew under key-encryption key {id}.");
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn chosen(name: Option<&str>) -> anyhow::Result<Vec<Algorithm>> {
    let Some(name) = name else {
        return Ok(ALGORITHMS.to_vec());
    };
    match Algorithm::parse(name).filter(|algorithm| ALGORITHMS.contains(algorithm)) {
        Some(algorithm) => Ok(vec![algorithm]),
        None => bail!("--algorithm: {name:?} is unknown; write RS256, ES256 or EdDSA"),
    }
}

fn line(key: &KeyView) -> String {
    let time = |at: i64| Timestamp::from_unix(at).to_rfc3339();
    let until = match (key.times.destroyed_at, key.times.retires_at) {
        (Some(at), _) => format!("  destroyed {}", time(at)),
        (None, Some(at)) => format!("  until {}", time(at)),
        (None, None) => String::new(),
    };
    format!(
        "{}  {:5}  {:9}  {}  from {}{until}",
        key.kid,
        key.algorithm.as_str(),
        key.state.as_str(),
        if key.signs { "signs" } else { "-----" },
        time(key.times.activates_at),
    )
}

fn sentence(rotation: &Rotation) -> String {
    let (algorithm, kid) = (rotation.algorithm, &rotation.kid);
    format!(
        "{algorithm}: {kid} signs from {}.",
        rotation.at.to_rfc3339()
    )
}
