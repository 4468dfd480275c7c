//! The commands, a file each.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::app::{App, Sources};
use crate::config::{self, Settings};

mod accounts;
mod audit;
mod claim_codes;
mod clients;
mod demo_district;
mod keys;
mod people;
mod reset;
mod roster;
mod serve;
mod settings;

/// Homeroom, the single sign-on portal of a school district.
#[derive(Debug, Parser)]
#[command(name = "idp", version, about, propagate_version = true)]
struct Arguments {
    /// Settings file (TOML). Without it everything has its default; variables as `IDP_DATABASE__URL` go over both.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the portal.
    Serve,
    /// Bring the database's schema up to date, then stop.
    Migrate,
    /// Activate accounts from a file.
    #[command(subcommand)]
    Accounts(accounts::AccountsCommand),
    /// Read the audit log and prove it.
    #[command(subcommand)]
    Audit(audit::AuditCommand),
    /// Print codes that a claim from outside a school needs, where the policy asks for one.
    #[command(subcommand)]
    ClaimCodes(claim_codes::ClaimCodesCommand),
    /// Register and change clients and tiles.
    #[command(subcommand)]
    Clients(clients::ClientsCommand),
    /// Show and change the issuer's signing keys.
    #[command(subcommand)]
    Keys(keys::KeysCommand),
    /// Grant powers that the roster does not give.
    #[command(subcommand)]
    People(people::PeopleCommand),
    /// Take all claimed accounts of pupils back to unclaimed, as before a school year.
    #[command(subcommand)]
    Resets(reset::ResetsCommand),
    /// Import the roster, and see past imports.
    #[command(subcommand)]
    Roster(roster::RosterCommand),
    /// Make a district that does not exist, for trying out and for tests.
    DemoDistrict(demo_district::DemoDistrictArguments),
    /// Print a pupil, a teacher and a technician of a made-up district, with what to type.
    DemoPeople(demo_district::DemoPeopleArguments),
    /// Print every setting with its value.
    Settings,
}

/// Runs the command line. Exit codes: 0 done, 1 refused or failed, 2 wrong settings or no start, 3 held for approval.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let settings = match config::load(arguments.config.as_deref()) {
        Ok(settings) => settings,
        Err(error) => return fail(2, &error.to_string()),
    };
    if rustls::crypto::aws_lc_rs::default_provider()
        .install_default()
        .is_err()
    {
        return fail(2, "another TLS provider is installed already");
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return fail(2, &format!("cannot start threads: {error}")),
    };
    match runtime.block_on(dispatch(arguments.command, settings)) {
        Ok(code) => code,
        Err(error) => fail(error.code, &format!("{:#}", error.cause)),
    }
}

/// A command's failure: the exit code and the line to print.
#[derive(Debug)]
pub struct Failure {
    code: u8,
    cause: anyhow::Error,
}

impl<E: Into<anyhow::Error>> From<E> for Failure {
    fn from(cause: E) -> Self {
        Self {
            code: 1,
            cause: cause.into(),
        }
    }
}

async fn dispatch(command: Command, settings: Settings) -> Result<ExitCode, Failure> {
    match command {
        Command::Serve => serve::run(settings).await,
        Command::Settings => settings::run(&settings),
        Command::DemoDistrict(arguments) => demo_district::run(&arguments),
        Command::DemoPeople(arguments) => demo_district::people(&arguments),
        command => {
            let app = start(settings).await?;
            let done = with_app(command, &app).await;
            app.close().await;
            done
        }
    }
}

/// The commands that need the application.
async fn with_app(command: Command, app: &std::sync::Arc<App>) -> Result<ExitCode, Failure> {
    match command {
        Command::Accounts(command) => accounts::run(command, app).await,
        Command::Audit(command) => audit::run(command, app).await,
        Command::ClaimCodes(command) => claim_codes::run(command, app).await,
        Command::Clients(command) => clients::run(command, app).await,
        Command::Keys(command) => keys::run(command, app).await,
        Command::People(command) => people::run(command, app).await,
        Command::Resets(command) => reset::run(command, app).await,
        Command::Roster(command) => roster::run(command, app).await,
        Command::Migrate
        | Command::Serve
        | Command::Settings
        | Command::DemoDistrict(_)
        | Command::DemoPeople(_) => Ok(ExitCode::SUCCESS),
    }
}

/// Starts the application for a command; failing to start is exit code 2.
async fn start(settings: Settings) -> Result<std::sync::Arc<App>, Failure> {
    App::start(settings, Sources::default())
        .await
        .map_err(|cause| Failure { code: 2, cause })
}

#[expect(
    clippy::print_stderr,
    reason = "a command line answers on the terminal"
)]
fn fail(code: u8, line: &str) -> ExitCode {
    eprintln!("idp: {}", line.replace('\n', " "));
    ExitCode::from(code)
}
