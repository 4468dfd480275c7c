//! `idp people grant|revoke|roles`: powers that the roster does not give.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, anyhow, bail};
use clap::Subcommand;

use super::Failure;
use crate::app::App;
use crate::district::authority::PortalRole;
use crate::district::person::Person;
use crate::flows::Context;
use crate::flows::grant_roles::{self, Change, Granted, Granter};
use crate::store;

/// What to do with people.
#[derive(Debug, Subcommand)]
pub enum PeopleCommand {
    /// Give a power: administrator, help-desk, roster-manager, resource-manager or auditor.
    Grant {
        /// The power.
        role: String,
        /// The person's username, as e40017.
        username: String,
    },
    /// Take a power back.
    Revoke {
        /// The power.
        role: String,
        /// The person's username.
        username: String,
    },
    /// List who holds which power.
    Roles,
}

/// Runs it.
#[expect(
    clippy::print_stdout,
    reason = "a command line answers on the terminal"
)]
pub async fn run(command: PeopleCommand, app: &Arc<App>) -> Result<ExitCode, Failure> {
    let (change, role, username) = match command {
        PeopleCommand::Grant { role, username } => (Change::Grant, role, username),
        PeopleCommand::Revoke { role, username } => (Change::Revoke, role, username),
        PeopleCommand::Roles => return list(app).await,
    };
    let role = PortalRole::parse(&role).with_context(|| {
        let known: Vec<_> = PortalRole::ALL.iter().map(|role| role.as_str()).collect();
        format!("`{role}` is no power; known are {}", known.join(", "))
    })?;
    let person = find(app, &username).await?;
    let cx = Context::of_command(app, "people");
    let done = grant_roles::change(&cx, &Granter::Server, change, role, &person).await?;
    let name = person.display_name();
    match done {
        Granted::Changed => println!(
            "{name} ({username}): {} {}",
            done_word(change),
            role.as_str()
        ),
        Granted::Unchanged => println!("{name} ({username}): unchanged"),
        Granted::NotStaff => Err(anyhow!("{name} is not staff; only staff hold powers"))?,
        Granted::NotAllowed => Err(anyhow!("not allowed"))?,
        Granted::LastAdministrator => {
            Err(anyhow!(
                "{name} is the last administrator; make another one first"
            ))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

const fn done_word(change: Change) -> &'static str {
    match change {
        Change::Grant => "now holds",
        Change::Revoke => "no longer holds",
    }
}

async fn find(app: &App, username: &str) -> anyhow::Result<Person> {
    let folded = username.trim().to_lowercase();
    match store::people::find_by_username(app.store.read(), &folded).await? {
        Some((_, person)) => Ok(person),
        None => bail!("nobody has the username `{username}`; staff usernames look like e40017"),
    }
}

#[expect(
    clippy::print_stdout,
    reason = "a command line answers on the terminal"
)]
async fn list(app: &App) -> Result<ExitCode, Failure> {
    let granted = store::standing::list_granted(app.store.read()).await?;
    if granted.is_empty() {
        println!(
            "Nobody holds a power yet. Make the first one: idp people grant administrator USERNAME"
        );
    }
    for (id, role) in granted {
        let account = store::people::find_account(app.store.read(), &id).await?;
        let person = store::people::find(app.store.read(), &id).await?;
        let username = account
            .and_then(|account| account.username)
            .unwrap_or_default();
        let name = person
            .map(|person| person.display_name())
            .unwrap_or_default();
        println!("{:<18}{username:<12}{name}", role.as_str());
    }
    Ok(ExitCode::SUCCESS)
}
