//! What an import tells on the terminal.
#![expect(
    clippy::print_stdout,
    reason = "a command line answers on the terminal"
)]

use std::collections::BTreeMap;

use crate::district::roster::summary::{Counts, Summary};
use crate::flows::import_roster::{Ending, Report};
use crate::store::imports::ImportRecord;

/// Lines of one kind that are printed before "and so many more".
const LINES: usize = 20;

/// Prints the end of an import and what to do next.
pub fn report(report: &Report) {
    let summary = &report.summary;
    println!("{}", headline(report));
    if let Some(fault) = &summary.refusal {
        println!("\n  {fault}");
        println!("\nNothing was changed. Correct the export and import it again.");
        return;
    }
    if report.ending == Ending::Busy {
        return;
    }
    let label = if report.ending == Ending::Held {
        "HOLD"
    } else {
        "APPROVED"
    };
    for reason in &summary.holds {
        println!("  {label}  {reason}");
    }
    tables(summary);
    schools(&summary.schools);
    people(summary);
    quarantine(report);
    notes(summary);
    println!("\n{}", next(report));
}

fn headline(report: &Report) -> &'static str {
    match report.ending {
        Ending::Applied if report.quarantine.total() > 0 => {
            "Applied, but for rows that were set aside."
        }
        Ending::Applied => "Applied.",
        Ending::Unchanged => "Unchanged: the package says what is stored. Nothing was written.",
        Ending::Held => "HELD: nothing was written. An administrator must look first.",
        Ending::Refused => "REFUSED: the package has a flaw.",
        Ending::WouldApply => "Dry run: nothing was written. This would be applied.",
        Ending::Busy => {
            "BUSY: another import is running, or the database is busy. Nothing was written; try again in a minute."
        }
    }
}

fn next(report: &Report) -> &'static str {
    match report.ending {
        Ending::Held => {
            "If the export is wrong, correct it. If these changes are meant, import the same file again with --yes."
        }
        Ending::WouldApply => "To apply it, import the same file without --dry-run.",
        _ if report.quarantine.total() > 0 => {
            "What is stored of the rows set aside stays as it was. Correct them in the student information system; the next \
             import takes them."
        }
        Ending::Applied => "New people can claim their accounts now.",
        _ => "There is nothing to do.",
    }
}

fn line(label: &str, counts: &Counts) {
    println!(
        "  {label:<44} {:>9} {:>9} {:>11} {:>9}",
        counts.created, counts.changed, counts.deactivated, counts.returned
    );
}

fn tables(summary: &Summary) {
    if summary.is_unchanged() {
        return;
    }
    println!(
        "\n  {:<44} {:>9} {:>9} {:>11} {:>9}",
        "", "new", "changed", "deactivated", "returned"
    );
    for (table, counts) in &summary.tables {
        line(table, counts);
    }
}

fn schools(schools: &BTreeMap<String, BTreeMap<String, Counts>>) {
    if schools.is_empty() {
        return;
    }
    println!("\n  By school and role");
    for (school, roles) in schools {
        let name = if school.is_empty() {
            "No school (district)"
        } else {
            school
        };
        for (role, counts) in roles {
            line(&format!("{name}: {role}"), counts);
        }
    }
}

fn people(summary: &Summary) {
    if summary.rekeyed > 0 {
        println!(
            "\n  {} people came under a new sourcedId and keep their accounts:",
            summary.rekeyed
        );
        for example in &summary.rekeyed_examples {
            println!("    {example}");
        }
    }
    if summary.shared_numbers > 0 {
        println!(
            "\n  {} usernames have a suffix (-2), because another account has the number.",
            summary.shared_numbers
        );
    }
    if summary.guardians_skipped > 0 {
        println!(
            "\n  {} guardians were passed over (setting roster.import_guardians).",
            summary.guardians_skipped
        );
    }
}

fn quarantine(report: &Report) {
    let total = report.quarantine.total();
    if total == 0 {
        return;
    }
    println!("\n  {total} rows set aside:");
    for fault in report.quarantine.rows.iter().take(LINES) {
        println!("    {fault}");
    }
    let shown = u64::try_from(LINES).unwrap_or_default();
    if total > shown {
        println!("    … and {} more", total - shown);
    }
}

fn notes(summary: &Summary) {
    if summary.notes.is_empty() {
        return;
    }
    println!("\n  Warnings:");
    for note in &summary.notes {
        if note.count == 1 {
            println!("    {}", note.first);
        } else {
            println!("    {} times; first: {}", note.count, note.first);
        }
    }
}

/// Prints the latest imports.
pub fn history(imports: &[ImportRecord], zone: chrono_tz::Tz) {
    if imports.is_empty() {
        println!("There was no import yet.");
    }
    for import in imports {
        let summary: Summary = serde_json::from_str(&import.summary).unwrap_or_default();
        let people = summary.tables.get("people").copied().unwrap_or_default();
        println!(
            "{}  {:<9} {:<4} {}  people: {} new, {} changed, {} deactivated, {} returned",
            import.started_at.local(zone).format("%Y-%m-%d %H:%M"),
            import.state,
            import.oneroster_version,
            import.file_name,
            people.created,
            people.changed,
            people.deactivated,
            people.returned,
        );
        for reason in &summary.holds {
            println!("    {reason}");
        }
        if let Some(fault) = &summary.refusal {
            println!("    {fault}");
        }
    }
}
