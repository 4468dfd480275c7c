//! `load`: how many sign-ons a portal on this machine manages, beside what the processor could do at most.
//!
//! A closed loop of virtual users against `http` on loopback. Every answer is checked; an error ends the run with exit
//! code 1 and counts for nothing. `docs/performance.md` says how the published figures were made with it.

mod browser;
mod clock;
mod http;
mod launch;
mod limits;
mod pages;
mod portal;
mod process;
mod refresh;
mod report;
mod run;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use clap::{Args, Parser, Subcommand};
use url::Url;

use crate::launch::Launcher;
use crate::limits::Rate;
use crate::pages::{Fetch, SignIn};
use crate::portal::{Client, Portal};
use crate::refresh::Refresher;
use crate::run::{Outcome, Plan, closed_loop};

/// Measures a portal on loopback.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    #[command(flatten)]
    target: Target,
    #[command(subcommand)]
    work: Work,
}

#[derive(Debug, Args)]
struct Target {
    /// The portal's address.
    #[arg(long, default_value = "http://localhost:8080")]
    base: Url,
    /// Process id of the portal, for its processor time and memory; may be given again, as for Redis.
    #[arg(long = "server-pid", value_name = "PID")]
    servers: Vec<u32>,
    /// Virtual users.
    #[arg(long, default_value_t = 16)]
    users: usize,
    /// Seconds that are measured.
    #[arg(long, default_value_t = 10.0)]
    seconds: f64,
    /// Seconds before that.
    #[arg(long, default_value_t = 2.0)]
    warm_up: f64,
    /// Ends early after so many operations.
    #[arg(long, default_value_t = u64::MAX)]
    count: u64,
    /// Operations a second, evenly spaced; without it as many as can be had.
    #[arg(long)]
    rate: Option<f64>,
}

#[derive(Debug, Subcommand)]
enum Work {
    /// SSO launches of signed-in people: `/authorize`, `/token`, `/userinfo`.
    Launch(Party),
    /// Refreshes with rotation.
    Refresh(Party),
    /// Sign-ins by username and password.
    SignIn(People),
    /// GETs of one document.
    Static {
        /// Its path; discovery and keys one after the other when not given.
        #[arg(long)]
        path: Option<String>,
    },
}

#[derive(Debug, Args)]
struct People {
    /// CSV file of usernames and passwords, as `idp accounts activate` reads it.
    #[arg(long, value_name = "FILE")]
    accounts: PathBuf,
}

#[derive(Debug, Args)]
struct Party {
    #[command(flatten)]
    people: People,
    /// The client that is played.
    #[arg(long, default_value = "load")]
    client_id: String,
    /// Its secret.
    #[arg(long, default_value = "load-load-load-load-load-load-load")]
    client_secret: String,
    /// One of its redirect URIs; nothing needs to listen there.
    #[arg(long, default_value = "http://localhost:9999/callback")]
    redirect_uri: String,
    /// The scope that is asked for; refreshes add `offline_access`.
    #[arg(long, default_value = "openid profile")]
    scope: String,
}

#[expect(
    clippy::print_stderr,
    reason = "a command line answers on the terminal"
)]
fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let done = runtime
        .map_err(anyhow::Error::from)
        .and_then(|runtime| runtime.block_on(measure(arguments)));
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("load: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Answers whether all went well.
async fn measure(arguments: Arguments) -> anyhow::Result<bool> {
    let target = arguments.target;
    ensure!(target.users > 0, "--users must be at least 1");
    ensure!(
        target.rate.is_none_or(|rate| rate > 0.0),
        "--rate must be above 0"
    );
    let portal = Rc::new(Portal::find(&target.base).await?);
    let plan = Plan {
        warm_up: Duration::try_from_secs_f64(target.warm_up)?,
        span: Duration::try_from_secs_f64(target.seconds)?,
        count: target.count,
        rate: target.rate,
        servers: target.servers,
    };
    let users = target.users;
    match arguments.work {
        Work::Launch(party) => launches(&portal, &party, &plan, users).await,
        Work::Refresh(party) => refreshes(&portal, &party, &plan, users).await,
        Work::SignIn(people) => sign_ins(&portal, &people, &plan, users).await,
        Work::Static { path } => documents(&portal, path, &plan, users).await,
    }
}

async fn launches(
    portal: &Rc<Portal>,
    party: &Party,
    plan: &Plan,
    users: usize,
) -> anyhow::Result<bool> {
    let client = client(party, "");
    let mut launchers = Vec::new();
    for person in people(&party.people.accounts, users)? {
        launchers.push(Launcher::new(portal, &client, &person).await?);
    }
    // One more, outside the loop, proves that a code works once.
    let mut witness = Launcher::new(portal, &client, &first(&party.people.accounts)?).await?;
    witness.tokens().await?;
    let before = limits::rs256()?;
    let outcome = closed_loop(launchers, plan).await?;
    let limit = before.best(limits::rs256()?);
    witness.prove_spent().await?;
    report::print("launches", &outcome, plan, users)?;
    report::beside("RS256-2048 signatures", &outcome, limit, plan);
    Ok(outcome.errors.is_empty())
}

async fn refreshes(
    portal: &Rc<Portal>,
    party: &Party,
    plan: &Plan,
    users: usize,
) -> anyhow::Result<bool> {
    let client = client(party, " offline_access");
    let mut refreshers = Vec::new();
    for person in people(&party.people.accounts, users)? {
        refreshers.push(Refresher::new(portal, &client, &person).await?);
    }
    let mut witness = Refresher::new(portal, &client, &first(&party.people.accounts)?).await?;
    for number in 0..3 {
        run::Work::once(&mut witness, number).await?;
    }
    let before = limits::rs256()?;
    let outcome = closed_loop(refreshers, plan).await?;
    let limit = before.best(limits::rs256()?);
    witness.prove_spent().await?;
    report::print("refreshes", &outcome, plan, users)?;
    report::beside("RS256-2048 signatures", &outcome, limit, plan);
    Ok(outcome.errors.is_empty())
}

async fn sign_ins(
    portal: &Rc<Portal>,
    people: &People,
    plan: &Plan,
    users: usize,
) -> anyhow::Result<bool> {
    let persons = self::people(&people.accounts, users)?;
    let browsers = persons
        .iter()
        .map(|person| SignIn::new(portal, person))
        .collect();
    let before = limits::argon2id()?;
    let outcome = closed_loop(browsers, plan).await?;
    let limit: Rate = before.best(limits::argon2id()?);
    report::print("sign-ins", &outcome, plan, users)?;
    report::beside("Argon2id 19456/2/1 hashes", &outcome, limit, plan);
    Ok(outcome.errors.is_empty())
}

async fn documents(
    portal: &Rc<Portal>,
    path: Option<String>,
    plan: &Plan,
    users: usize,
) -> anyhow::Result<bool> {
    let paths = match path {
        Some(path) => vec![path],
        None => vec![
            "/.well-known/openid-configuration".to_owned(),
            portal.jwks.clone(),
        ],
    };
    let mut good = true;
    for path in paths {
        let fetches = (0..users).map(|_| Fetch::new(portal, &path)).collect();
        let outcome: Outcome = closed_loop(fetches, plan).await?;
        report::print(&format!("GET {path}"), &outcome, plan, users)?;
        good &= outcome.errors.is_empty();
    }
    Ok(good)
}

fn client(party: &Party, more: &str) -> Rc<Client> {
    let scope = format!("{}{more}", party.scope);
    Rc::new(Client::new(
        &party.client_id,
        &party.client_secret,
        &party.redirect_uri,
        &scope,
    ))
}

/// The first people of the file, one for each virtual user.
fn people(file: &Path, users: usize) -> anyhow::Result<Vec<(String, String)>> {
    let text =
        std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let people: Vec<_> = text
        .lines()
        .filter_map(|line| line.split_once(','))
        .map(|(username, password)| (username.trim().to_owned(), password.trim().to_owned()))
        .filter(|(username, _)| username != "username")
        .take(users)
        .collect();
    ensure!(
        people.len() == users,
        "{} holds {} people, and there are {users} virtual users",
        file.display(),
        people.len()
    );
    Ok(people)
}

fn first(file: &Path) -> anyhow::Result<(String, String)> {
    people(file, 1)?.pop().context("an empty file")
}
