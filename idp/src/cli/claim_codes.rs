//! `idp claim-codes issue`: printed codes for those who have yet to claim.

use std::fs::OpenOptions;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};

use super::Failure;
use crate::app::App;
use crate::clock::Lifetime;
use crate::district::person::Population;
use crate::district::school::School;
use crate::flows::Context;
use crate::flows::issue_claim_codes::{self, Issued};
use crate::store;

/// What to do with claim codes.
#[derive(Debug, Subcommand)]
pub enum ClaimCodesCommand {
    /// Make a new code for everybody of a school who has yet to claim, and write them to a file for printing.
    Issue(Issue),
}

/// For whom, for how long, where to.
#[derive(Debug, Args)]
pub struct Issue {
    /// The school: its name, its number, or its id in the roster.
    #[arg(long)]
    school: String,
    /// Codes for staff instead of students.
    #[arg(long)]
    staff: bool,
    /// Days that the codes are good for.
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=365))]
    days: u32,
    /// The file to write (CSV); it must not exist. Only you can read it; shred it once the codes are printed.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Runs it.
#[expect(
    clippy::print_stdout,
    reason = "a command line answers on the terminal"
)]
pub async fn run(command: ClaimCodesCommand, app: &Arc<App>) -> Result<ExitCode, Failure> {
    let ClaimCodesCommand::Issue(issue) = command;
    let school = find_school(app, &issue.school).await?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    // The file first: codes that cannot be written down must not replace those that were.
    let file = options
        .open(&issue.out)
        .with_context(|| format!("cannot make the file {}", issue.out.display()))?;
    let population = if issue.staff {
        Population::Staff
    } else {
        Population::Student
    };
    let cx = Context::of_command(app, "claim-codes");
    let issued =
        issue_claim_codes::issue(&cx, &school, population, Lifetime::days(issue.days)).await?;
    write(file, &issued).with_context(|| format!("cannot write {}", issue.out.display()))?;
    println!(
        "{}: {} codes for {}, good for {} days, in {}",
        school.name,
        issued.len(),
        if issue.staff { "staff" } else { "students" },
        issue.days,
        issue.out.display()
    );
    Ok(ExitCode::SUCCESS)
}

async fn find_school(app: &App, wanted: &str) -> anyhow::Result<School> {
    let schools = store::people::list_schools(app.store.read()).await?;
    let is_it = |school: &School| {
        school.name.eq_ignore_ascii_case(wanted.trim())
            || school.identifier.as_deref() == Some(wanted.trim())
            || school.sourced_id == wanted.trim()
            || school.id.as_str() == wanted.trim()
    };
    let mut found = schools.into_iter().filter(is_it);
    match (found.next(), found.next()) {
        (Some(school), None) => Ok(school),
        (None, _) => bail!("no school is called `{wanted}`; give its name, number or roster id"),
        (Some(_), Some(_)) => bail!("several schools are called `{wanted}`; give the roster id"),
    }
}

fn write(file: std::fs::File, issued: &[Issued]) -> anyhow::Result<()> {
    let mut csv = csv::Writer::from_writer(file);
    csv.write_record([
        "last_name",
        "first_name",
        "grade",
        "number",
        "username",
        "claim_code",
    ])?;
    for row in issued {
        let person = &row.person;
        csv.write_record([
            cell(&person.family_name).as_str(),
            cell(&person.given_name).as_str(),
            person.grades.first().map_or("", String::as_str),
            cell(person.number.as_deref().unwrap_or_default()).as_str(),
            row.username.as_str(),
            row.code.as_str(),
        ])?;
    }
    csv.into_inner()
        .map_err(|error| anyhow::anyhow!("{error}"))?
        .sync_all()?;
    Ok(())
}

/// A cell that no spreadsheet takes for a formula.
fn cell(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for (text, written) in [("=1+1", "'=1+1"), ("@x", "'@x"), ("Ana", "Ana"), ("", "")] {
            assert_eq!(cell(text), written);
        }
    }
}
