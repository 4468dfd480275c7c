//! `idp demo-district` and `idp demo-people`: make a district that does not exist, and say who may claim an account in it.
#![expect(
    clippy::print_stdout,
    reason = "a command line answers on the terminal"
)]

use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use chrono::NaiveDate;
use clap::Args;

use super::Failure;
use crate::demo_district::{self, Binding, Spec, TruthPerson};

/// Which district to make.
#[derive(Debug, Args)]
#[command(disable_version_flag = true)]
pub struct DemoDistrictArguments {
    /// Where chance begins: the same seed makes the same district, byte for byte.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// 1 is the whole district: 64 schools, 52,000 students, 7,100 employees.
    #[arg(long, default_value_t = 1.0, value_parser = scale)]
    scale: f64,
    /// OneRoster version: 1.1, 1.2 or 1.2.1. Without it 1.1 up to day 8 and 1.2 from then on, as a district that moves on.
    #[arg(long = "version", value_name = "VERSION", value_parser = binding)]
    binding: Option<Binding>,
    /// School day, 0 to 10. Every day brings changes; day 5 renumbers a school, 7 is a bad export, 10 the next school year.
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=10))]
    day: u32,
    /// Write only the changes since the day before.
    #[arg(long)]
    delta: bool,
    /// With parents and guardians.
    #[arg(long)]
    guardians: bool,
    /// The calendar day that is day 0.
    #[arg(long, default_value = "2026-08-05")]
    as_of: NaiveDate,
    /// The zip to write.
    #[arg(long)]
    out: PathBuf,
    /// A file of JSON lines to write: who is who, with their edge cases and what they may type.
    #[arg(long)]
    truth: Option<PathBuf>,
}

fn scale(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(scale) if scale > 0.0 && scale <= 1.0 => Ok(scale),
        _ => Err("a number above 0 and at most 1".to_owned()),
    }
}

fn binding(text: &str) -> Result<Binding, String> {
    match text {
        "1.1" => Ok(Binding::V1p1),
        "1.2" => Ok(Binding::V1p2),
        "1.2.1" => Ok(Binding::V1p2p1),
        _ => Err("1.1, 1.2 or 1.2.1".to_owned()),
    }
}

/// Makes a district.
pub fn run(arguments: &DemoDistrictArguments) -> Result<ExitCode, Failure> {
    let spec = Spec {
        seed: arguments.seed,
        scale: arguments.scale,
        binding: arguments
            .binding
            .unwrap_or(Spec::usual_binding(arguments.day)),
        day: arguments.day,
        delta: arguments.delta,
        guardians: arguments.guardians,
        as_of: arguments.as_of,
    };
    if spec.delta
        && (spec.day == 0 || spec.day == 10 || (arguments.binding.is_none() && spec.day == 9))
    {
        return Err(anyhow::anyhow!(
            "there is no delta for the first day, for a change of the ids, or for the next school year; leave --delta out"
        )
        .into());
    }
    let create = |path: &PathBuf| {
        File::create(path).with_context(|| format!("cannot write {}", path.display()))
    };
    let counts = demo_district::write_package(&spec, BufWriter::new(create(&arguments.out)?))?;
    println!("{}", arguments.out.display());
    for (file, rows) in counts {
        println!("  {file:<18} {rows:>8} rows");
    }
    if let Some(path) = &arguments.truth {
        let lines = demo_district::write_truth(&spec, BufWriter::new(create(path)?))?;
        println!("{}\n  {lines} people", path.display());
    }
    Ok(ExitCode::SUCCESS)
}

/// Whom to show.
#[derive(Debug, Args)]
pub struct DemoPeopleArguments {
    /// The truth file.
    truth: PathBuf,
}

/// Prints a pupil, a teacher and a technician with exactly what to type.
pub fn people(arguments: &DemoPeopleArguments) -> Result<ExitCode, Failure> {
    let file = File::open(&arguments.truth)
        .with_context(|| format!("cannot open {}", arguments.truth.display()))?;
    let mut people = Vec::new();
    for line in BufReader::new(file).lines() {
        let person: TruthPerson = serde_json::from_str(&line?)?;
        people.push(person);
    }
    let old_enough = |person: &&TruthPerson| {
        let grade = person
            .grade
            .as_deref()
            .and_then(|grade| grade.parse::<u32>().ok());
        grade.is_some_and(|grade| grade >= 6)
    };
    let plain = |person: &&TruthPerson| person.tags.iter().all(|tag| tag == "no-middle-name");
    let role = |word: &'static str| move |person: &&TruthPerson| person.role == word;
    let found = [
        ("A pupil", people.iter().filter(old_enough).find(plain)),
        (
            "A teacher",
            people.iter().filter(role("teacher")).find(plain),
        ),
        ("A technician", people.iter().find(role("ext:technician"))),
    ];
    println!(
        "  {:<14} {:<22} {:<22} {:<10} {:<10} School",
        "", "Last Name", "First Name", "ID", "Username"
    );
    for (who, person) in found {
        if let Some(person) = person {
            println!(
                "  {who:<14} {:<22} {:<22} {:<10} {:<10} {}",
                person.family_name.trim(),
                person.given_name.trim(),
                person.number,
                person.username,
                person.school.as_deref().unwrap_or_default(),
            );
        }
    }
    Ok(ExitCode::SUCCESS)
}
