//! `idp resets`: the August reset from the server.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, anyhow};
use chrono::{NaiveDate, NaiveDateTime};
use clap::{Args, Subcommand};

use super::Failure;
use crate::app::App;
use crate::clock::Timestamp;
use crate::district::reset::{Scope, confirmation};
use crate::flows::Context;
use crate::flows::reset_accounts::{self, Decision};
use crate::store;

/// What to do with resets.
#[derive(Debug, Subcommand)]
pub enum ResetsCommand {
    /// Show how many accounts a reset would take back, by school. Changes nothing.
    Preview(ScopeArguments),
    /// Ask for a reset. A second person approves it with `approve`.
    Request {
        #[command(flatten)]
        scope: ScopeArguments,
        /// When, in the district's time, as 2026-08-05T06:00. Default: as soon as it is approved.
        #[arg(long)]
        at: Option<NaiveDateTime>,
        /// Your name, for the audit log.
        #[arg(long)]
        by: String,
        /// The words RESET and the number of accounts, as `preview` shows them.
        #[arg(long)]
        confirm: String,
    },
    /// Approve a reset in the name of somebody other than who asked for it.
    Approve {
        /// The reset.
        id: String,
        /// Your name, for the audit log.
        #[arg(long)]
        by: String,
    },
    /// Run what is due now and show progress. A serving node does this by itself.
    Run,
    /// Give a reset up before it runs.
    Cancel {
        /// The reset.
        id: String,
        /// Your name, for the audit log.
        #[arg(long)]
        by: String,
    },
    /// Give the old passwords back, within 24 hours of the end.
    Undo {
        /// The reset.
        id: String,
        /// Your name, for the audit log.
        #[arg(long)]
        by: String,
    },
    /// List resets and how far they are.
    List,
}

/// Which pupils.
#[derive(Debug, Args)]
pub struct ScopeArguments {
    /// Only this school, by sourcedId or name; may be given several times.
    #[arg(long)]
    school: Vec<String>,
    /// Only this grade, as 07; may be given several times.
    #[arg(long)]
    grade: Vec<String>,
}

/// Runs it.
pub async fn run(command: ResetsCommand, app: &Arc<App>) -> Result<ExitCode, Failure> {
    let cx = Context::of_command(app, "resets");
    match command {
        ResetsCommand::Preview(arguments) => preview(&cx, &scope(app, &arguments).await?).await,
        ResetsCommand::Request {
            scope: arguments,
            at,
            by,
            confirm,
        } => {
            let run_at = match at {
                Some(at) => local(app, at)?,
                None => cx.now,
            };
            let scope = scope(app, &arguments).await?;
            decide(reset_accounts::request(&cx, scope, run_at, &by, &confirm).await?)
        }
        ResetsCommand::Approve { id, by } => decide(reset_accounts::approve(&cx, &id, &by).await?),
        ResetsCommand::Cancel { id, by } => decide(reset_accounts::cancel(&cx, &id, &by).await?),
        ResetsCommand::Undo { id, by } => decide(reset_accounts::undo(&cx, &id, &by).await?),
        ResetsCommand::Run => run_due(&cx).await,
        ResetsCommand::List => list(app).await,
    }
}

async fn scope(app: &App, arguments: &ScopeArguments) -> anyhow::Result<Scope> {
    let known = store::people::list_schools(app.store.read()).await?;
    let mut schools = Vec::new();
    for asked in &arguments.school {
        let school = known
            .iter()
            .find(|school| school.sourced_id == *asked || school.name == *asked)
            .with_context(|| {
                format!("no school is called `{asked}`; give its sourcedId or name")
            })?;
        schools.push(school.id.to_string());
    }
    Ok(Scope {
        schools,
        grades: arguments.grade.clone(),
    })
}

fn local(app: &App, at: NaiveDateTime) -> anyhow::Result<Timestamp> {
    let zone = app.settings.district.time_zone;
    let moment = at
        .and_local_timezone(zone)
        .earliest()
        .with_context(|| format!("{at} does not exist in {zone}: the clocks change then"))?;
    Ok(Timestamp::from_unix(moment.timestamp()))
}

#[expect(
    clippy::print_stdout,
    reason = "a command line answers on the terminal"
)]
async fn preview(cx: &Context, scope: &Scope) -> Result<ExitCode, Failure> {
    let schools = reset_accounts::preview(cx, scope).await?;
    let total: i64 = schools.iter().map(|(_, accounts)| accounts).sum();
    for (school, accounts) in &schools {
        println!("{accounts:>8}  {school}");
    }
    println!("{total:>8}  accounts of pupils in all; staff are not touched");
    println!(
        "To ask for it: idp resets request --by NAME --confirm \"{}\"",
        confirmation(total)
    );
    Ok(ExitCode::SUCCESS)
}

#[expect(
    clippy::print_stdout,
    reason = "a command line answers on the terminal"
)]
fn decide(decision: Decision) -> Result<ExitCode, Failure> {
    let refused = match decision {
        Decision::Done(job) => {
            println!("{} is {}", job.id, job.state.as_str());
            return Ok(ExitCode::SUCCESS);
        }
        Decision::NotConfirmed { expected } => format!("to confirm, give --confirm \"{expected}\""),
        Decision::Empty => "no claimed account is in that scope".to_owned(),
        Decision::Unknown => "no reset has that id; see `idp resets list`".to_owned(),
        Decision::SamePerson => "who asked cannot approve; a second person must".to_owned(),
        Decision::TooLate => "it has gone too far for that, or its 24 hours are over".to_owned(),
    };
    Err(anyhow!(refused).into())
}

#[expect(
    clippy::print_stdout,
    reason = "a command line answers on the terminal"
)]
async fn run_due(cx: &Context) -> Result<ExitCode, Failure> {
    let watch = crate::clock::Stopwatch::start();
    let mut done = 0;
    for job in store::reset_jobs::due(cx.app.store.read(), cx.now).await? {
        let bar = indicatif::ProgressBar::new(u64::try_from(job.total).unwrap_or_default());
        done += reset_accounts::run(cx, &job, |accounts| bar.set_position(accounts)).await?;
        bar.finish_and_clear();
    }
    println!(
        "{done} accounts reset in {:.1} s",
        watch.elapsed().as_secs_f64()
    );
    Ok(ExitCode::SUCCESS)
}

#[expect(
    clippy::print_stdout,
    reason = "a command line answers on the terminal"
)]
async fn list(app: &App) -> Result<ExitCode, Failure> {
    for job in store::reset_jobs::list(app.store.read()).await? {
        let [pending, done, undone] =
            store::reset_jobs::progress(app.store.read(), &job.id).await?;
        let day: NaiveDate = job.run_at.date_in(app.settings.district.time_zone);
        println!(
            "{}  {:<10} {day}  asked by {}, approved by {}: {pending} pending, {done} done, {undone} undone",
            job.id,
            job.state.as_str(),
            job.requested_by,
            job.approved_by.as_deref().unwrap_or("nobody yet"),
        );
    }
    Ok(ExitCode::SUCCESS)
}
