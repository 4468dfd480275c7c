//! What is wrong with a package, said so that the person at the other end can mend it: file, line, column, what was found,
//! what to do.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// The longest part of a cell that a message repeats, in characters.
const SHOWN: usize = 60;

/// One flaw of a package.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// The file inside the package, or the package's own name.
    pub file: Box<str>,
    /// Line in that file, from 1; 0 where the flaw is not in a line.
    pub line: u64,
    /// The column's name; empty where the flaw is not in a cell.
    pub column: Box<str>,
    /// What stands there, shortened, with control characters made visible.
    pub found: Box<str>,
    /// What is wrong and what to do.
    pub advice: Box<str>,
    /// `sourcedId` of the row, where it could be read.
    pub sourced_id: Option<Box<str>>,
}

impl Fault {
    /// A flaw of a whole file.
    pub fn of_file(file: impl Into<Box<str>>, found: &str, advice: impl Into<Box<str>>) -> Self {
        Self {
            file: file.into(),
            line: 0,
            column: "".into(),
            found: shown(found).into(),
            advice: advice.into(),
            sourced_id: None,
        }
    }

    /// A flaw in a cell.
    pub fn of_cell(
        file: impl Into<Box<str>>,
        line: u64,
        column: impl Into<Box<str>>,
        found: &str,
        advice: impl Into<Box<str>>,
    ) -> Self {
        Self {
            file: file.into(),
            line,
            column: column.into(),
            found: shown(found).into(),
            advice: advice.into(),
            sourced_id: None,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ", line {}", self.line)?;
        }
        if !self.column.is_empty() {
            write!(f, ", column {}", self.column)?;
        }
        if !self.found.is_empty() {
            write!(f, ": found \"{}\"", self.found)?;
        }
        write!(f, ". {}", self.advice)
    }
}

impl std::error::Error for Fault {}

/// A cell's text for a message: at most 60 characters, control characters escaped.
pub fn shown(text: &str) -> String {
    let mut out = String::new();
    for (count, c) in text.chars().enumerate() {
        if count == SHOWN {
            out.push('…');
            break;
        }
        if c.is_control() || matches!(c, '\u{200B}'..='\u{200F}' | '\u{FEFF}') {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// Warnings of one import, counted by kind: a district's export makes the same mistake in every row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notes(BTreeMap<String, Note>);

/// One kind of warning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// How often.
    pub count: u64,
    /// The first place.
    pub first: Fault,
}

impl Notes {
    /// Counts a warning; the first of its kind is kept. A kind is a file, a column and an advice.
    pub fn add(&mut self, fault: Fault) {
        let key = format!("{}\n{}\n{}", fault.file, fault.column, fault.advice);
        self.0
            .entry(key)
            .and_modify(|note| note.count += 1)
            .or_insert(Note {
                count: 1,
                first: fault,
            });
    }

    /// All kinds, by file, column and advice.
    pub fn iter(&self) -> impl Iterator<Item = &Note> {
        self.0.values()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Rows that were set aside: the first ones in full, the rest by number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quarantine {
    /// The first ten thousand.
    pub rows: Vec<Fault>,
    /// All, by file.
    pub counts: BTreeMap<String, u64>,
}

impl Quarantine {
    /// The most rows that are kept in full.
    const KEPT: usize = 10_000;

    /// Sets a row aside.
    pub fn add(&mut self, fault: Fault) {
        *self.counts.entry(fault.file.to_string()).or_default() += 1;
        if self.rows.len() < Self::KEPT {
            self.rows.push(fault);
        }
    }

    /// How many rows.
    pub fn total(&self) -> u64 {
        self.counts.values().sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_where_what_and_what_to_do() {
        let fault = Fault::of_cell("users.csv", 12, "role", "Student\u{0}", "Write `student`.");
        assert_eq!(
            fault.to_string(),
            "users.csv, line 12, column role: found \"Student\\u{0}\". Write `student`."
        );
        let fault = Fault::of_file("roster.zip", "", "There is no manifest.csv.");
        assert_eq!(fault.to_string(), "roster.zip. There is no manifest.csv.");
    }

    #[test]
    fn notes_count_by_kind() {
        let mut notes = Notes::default();
        for line in 2..5 {
            notes.add(Fault::of_cell("users.csv", line, "email", "x", "No @."));
        }
        let all: Vec<&Note> = notes.iter().collect();
        assert_eq!((all.len(), all[0].count, all[0].first.line), (1, 3, 2));
    }
}
