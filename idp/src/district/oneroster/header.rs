//! A data file's header against the table of its version.

use super::Strictness;
use super::columns::{Column, DEVIATIONS, File, Version};
use super::csv::Record;
use super::fault::{Fault, Notes};

/// A checked header: where each column of the table stands in this file.
#[derive(Debug)]
pub struct Header {
    pub(super) file: File,
    /// Position of each column of the version's table; none where the header leaves it out.
    pub(super) positions: Vec<(Column, Option<usize>)>,
    /// All names, as found.
    pub(super) names: Vec<String>,
    /// Position of `metadata.ic.legacySourceId`.
    pub(super) legacy: Option<usize>,
}

impl Header {
    /// Checks a header.
    pub fn check(
        file: File,
        version: Version,
        record: &Record,
        strictness: Strictness,
        notes: &mut Notes,
    ) -> Result<Self, Fault> {
        let found: Vec<String> = record.cells().map(|name| name.trim().to_owned()).collect();
        let mut positions = Vec::new();
        let mut at = 0;
        for column in file.columns(version) {
            match found.get(at) {
                Some(name) if name == column.name => {
                    positions.push((*column, Some(at)));
                    at += 1;
                }
                Some(name)
                    if strictness == Strictness::Tolerant
                        && name.eq_ignore_ascii_case(column.name) =>
                {
                    let advice = format!("The column is named {}: case counts.", column.name);
                    notes.add(Fault::of_cell(file.name(), 1, column.name, name, advice));
                    positions.push((*column, Some(at)));
                    at += 1;
                }
                _ if column.may_be_absent => positions.push((*column, None)),
                None if strictness == Strictness::Tolerant && !column.required => {
                    let advice = format!("The header ends before {}: read as empty.", column.name);
                    notes.add(Fault::of_cell(file.name(), 1, column.name, "", advice));
                    positions.push((*column, None));
                }
                other => {
                    return Err(header_fault(
                        file,
                        version,
                        column,
                        other.map(String::as_str),
                        &found,
                    ));
                }
            }
        }
        check_extra(file, found.get(at..).unwrap_or_default(), version)?;
        Ok(Self {
            file,
            positions,
            legacy: found
                .iter()
                .position(|name| name == "metadata.ic.legacySourceId"),
            names: found,
        })
    }

    pub(super) fn position(&self, column: &str) -> Option<usize> {
        self.positions
            .iter()
            .find(|(known, _)| known.name == column)
            .and_then(|(_, position)| *position)
    }
}

/// Extra columns stand at the right end and are named `metadata.something`, each once.
fn check_extra(file: File, extra: &[String], version: Version) -> Result<(), Fault> {
    for (index, name) in extra.iter().enumerate() {
        if extra.iter().take(index).any(|before| before == name) {
            let advice = "The column stands in the header twice.";
            return Err(Fault::of_cell(file.name(), 1, name.as_str(), name, advice));
        }
        if !name.starts_with("metadata.") {
            return Err(header_fault(file, version, &END, Some(name), extra));
        }
    }
    Ok(())
}

/// Stands for the end of the table.
const END: Column = Column {
    name: "",
    required: false,
    may_be_absent: false,
};

/// Says what is wrong with a header where `expected` should stand.
fn header_fault(
    file: File,
    version: Version,
    expected: &Column,
    found: Option<&str>,
    all: &[String],
) -> Fault {
    let name = found.unwrap_or_default();
    let deviation = DEVIATIONS
        .iter()
        .find(|(of, deviant, _)| *of == file && *deviant == name)
        .map(|(_, _, advice)| (*advice).to_owned());
    let other = match version {
        Version::V1p1 => Version::V1p2,
        Version::V1p2 => Version::V1p1,
    };
    let advice = if let Some(advice) = deviation {
        advice
    } else if all.len() == 1 && (name.contains(';') || name.contains('\t')) {
        "The cells must be separated by commas. Choose comma as the separator in the export.".into()
    } else if file == File::Users
        && file
            .columns(other)
            .iter()
            .take(6)
            .map(|c| c.name)
            .eq(all.iter().take(6))
    {
        format!(
            "This is the header of OneRoster {}, but the manifest says {}. Export all files in one version.",
            other.as_str(),
            version.as_str()
        )
    } else if expected.name.is_empty() {
        format!(
            "OneRoster {} has no such column. Leave it out, or name it metadata.{name}.",
            version.as_str()
        )
    } else if found.is_none() {
        format!(
            "The header ends before the required column {}.",
            expected.name
        )
    } else {
        format!(
            "Here the column {} must stand: the columns have the order of the OneRoster {} table, and case counts.",
            expected.name,
            version.as_str()
        )
    };
    let column = if expected.name.is_empty() {
        name
    } else {
        expected.name
    };
    Fault::of_cell(file.name(), 1, column, name, advice)
}
