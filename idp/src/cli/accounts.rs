//! `idp accounts activate`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::{Args, Subcommand};

use super::Failure;
use crate::app::App;
use crate::flows::Context;
use crate::flows::activate_accounts::{self, Done, Report};

/// What to do with accounts.
#[derive(Debug, Subcommand)]
pub enum AccountsCommand {
    /// Activate rostered accounts with the passwords of a file; no claim and no questions are needed then.
    Activate(Activate),
}

/// Which file, and how.
#[derive(Debug, Args)]
pub struct Activate {
    /// CSV with the header username,password.
    file: PathBuf,
    /// Set the password of accounts that are active already, too. Ends their sessions.
    #[arg(long)]
    force: bool,
    /// Print only rows that were refused or have a weak password, and the sums.
    #[arg(long)]
    quiet: bool,
}

/// Runs it.
pub async fn run(command: AccountsCommand, app: &Arc<App>) -> Result<ExitCode, Failure> {
    match command {
        AccountsCommand::Activate(args) => activate(app, &args).await,
    }
}

async fn activate(app: &Arc<App>, args: &Activate) -> Result<ExitCode, Failure> {
    let name = args.file.display();
    let text = std::fs::read_to_string(&args.file)
        .with_context(|| format!("cannot read {name}; give the path of a CSV file in UTF-8"))?;
    let rows = match activate_accounts::read(&text) {
        Ok(rows) => rows,
        Err(faults) => {
            for fault in &faults {
                complain(&format!("{name}: {fault}"));
            }
            complain("nothing was changed");
            return Ok(ExitCode::from(1));
        }
    };
    let cx = Context::of_command(app, "idp accounts");
    // Drawn on a terminal only.
    let bar = indicatif::ProgressBar::new(rows.len() as u64);
    let told = |done: usize| bar.set_position(done as u64);
    let reports = activate_accounts::activate(&cx, rows, args.force, told).await?;
    bar.finish_and_clear();
    Ok(print(&reports, args))
}

#[expect(
    clippy::print_stdout,
    reason = "a command line answers on the terminal"
)]
fn print(reports: &[Report], args: &Activate) -> ExitCode {
    let name = args.file.display();
    let (mut activated, mut set, mut left, mut refused) = (0, 0, 0, 0);
    for report in reports {
        let word = match &report.done {
            Done::Activated => {
                activated += 1;
                "activated"
            }
            Done::PasswordSet => {
                set += 1;
                "password set"
            }
            Done::AlreadyActive => {
                left += 1;
                "already active, left alone (--force sets the password)"
            }
            Done::Refused(reason) => {
                refused += 1;
                complain(&format!(
                    "{name}: line {}: {} {reason}",
                    report.line, report.username
                ));
                continue;
            }
        };
        if report.weak {
            println!(
                "line {}: {} {word}; its password is easy to guess",
                report.line, report.username
            );
        } else if !args.quiet {
            println!("line {}: {} {word}", report.line, report.username);
        }
    }
    println!(
        "{activated} activated, {set} passwords set, {left} already active, {refused} refused"
    );
    ExitCode::from(u8::from(refused > 0))
}

#[expect(
    clippy::print_stderr,
    reason = "a command line answers on the terminal"
)]
fn complain(line: &str) {
    eprintln!("idp: {}", line.replace('\n', " "));
}
