//! `idp roster import|history`: bring a OneRoster package in, and see what was brought in before.

mod print;

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};

use super::Failure;
use crate::app::App;
use crate::district::oneroster::Strictness;
use crate::flows::Context;
use crate::flows::import_roster::{self, Ending, Progress, Request};
use crate::store;

/// What to do with the roster.
#[derive(Debug, Subcommand)]
pub enum RosterCommand {
    /// Import a OneRoster CSV package (1.1, 1.2 or 1.2.1; bulk or delta).
    ///
    /// Exit codes: 0 applied or unchanged, 1 refused, 3 held until somebody looks and adds --yes.
    Import(ImportArguments),
    /// List the latest imports.
    History,
}

/// How to import.
#[derive(Debug, Args)]
pub struct ImportArguments {
    /// The zip.
    file: PathBuf,
    /// Only say what would change.
    #[arg(long)]
    dry_run: bool,
    /// Apply even what would wait: you have looked at the reasons.
    #[arg(long)]
    yes: bool,
    /// Refuse the package at the first flaw, as a certification suite does.
    #[arg(long)]
    strict: bool,
}

/// Runs it.
pub async fn run(command: RosterCommand, app: &Arc<App>) -> Result<ExitCode, Failure> {
    match command {
        RosterCommand::Import(arguments) => import(arguments, app).await,
        RosterCommand::History => history(app).await,
    }
}

async fn import(arguments: ImportArguments, app: &Arc<App>) -> Result<ExitCode, Failure> {
    let strictness = if arguments.strict {
        Strictness::Strict
    } else {
        app.settings.roster.mode
    };
    let request = Request {
        path: arguments.file,
        strictness,
        dry_run: arguments.dry_run,
        approved: arguments.yes,
        actor: "cli".to_owned(),
    };
    let cx = Context::of_command(app, "roster");
    let progress = Arc::new(Progress::default());
    let bar = tokio::spawn(draw(progress.clone()));
    let report = import_roster::import(&cx, &request, &progress).await;
    bar.abort();
    // Whatever the bar had on the screen is gone when its task is.
    let _ = bar.await;
    let report = report?;
    print::report(&report);
    Ok(match report.ending {
        Ending::Applied | Ending::Unchanged | Ending::WouldApply => ExitCode::SUCCESS,
        Ending::Refused | Ending::Busy => ExitCode::from(1),
        Ending::Held => ExitCode::from(3),
    })
}

/// Draws a bar on a terminal, first of bytes read, then of rows written; nothing where the output is no terminal.
async fn draw(progress: Arc<Progress>) {
    let bar = ProgressBar::new(0);
    let style = |template| {
        ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
    };
    let read = style("  Reading   {bar:32} {bytes:>10} of {total_bytes:10} {elapsed}");
    let wait = style("  Comparing {spinner} {elapsed}");
    let write = style("  Writing   {bar:32} {human_pos:>10} of {human_len:10} {elapsed}");
    let mut tick = tokio::time::interval(Duration::from_millis(100));
    loop {
        tick.tick().await;
        let get = |value: &std::sync::atomic::AtomicU64| value.load(Ordering::Relaxed);
        let (total, bytes) = (get(&progress.total), get(&progress.read));
        let (rows, written) = (get(&progress.rows), get(&progress.written));
        if rows > 0 {
            bar.set_style(write.clone());
            bar.set_length(rows);
            bar.set_position(written.min(rows));
        } else if total > 0 && bytes < total {
            bar.set_style(read.clone());
            bar.set_length(total);
            bar.set_position(bytes);
        } else if total > 0 {
            bar.set_style(wait.clone());
            bar.tick();
        }
    }
}

async fn history(app: &Arc<App>) -> Result<ExitCode, Failure> {
    let imports = store::imports::list(app.store.read(), 20).await?;
    print::history(&imports, app.settings.district.time_zone);
    Ok(ExitCode::SUCCESS)
}
