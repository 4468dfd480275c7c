//! A data file as rows under a checked header, their cells read by type.

use std::io::BufRead;

use chrono::NaiveDate;

use super::Strictness;
use super::columns::{File, Version};
use super::csv::{CsvError, CsvErrorKind, CsvReader, Flaw, Record};
use super::fault::{Fault, Notes};
use super::header::Header;
use super::values;

/// How to export UTF-8, for every message about encodings.
const UTF8_ADVICE: &str = "The file is not UTF-8. In Excel choose \"CSV UTF-8 (comma delimited)\" when saving; in the \
                           student information system choose UTF-8 as the export's encoding.";

/// Turns a reader's error into a refusal; `names` are the columns' names.
pub fn csv_fault(file: &str, names: &[impl AsRef<str>], error: CsvError) -> Fault {
    let column = names.get(error.cell).map_or("", AsRef::as_ref);
    let (found, advice) = match error.kind {
        CsvErrorKind::Utf16 => ("UTF-16 text or a NUL byte".to_owned(), UTF8_ADVICE.to_owned()),
        CsvErrorKind::NotUtf8(byte) => (format!("byte {byte:02X}"), UTF8_ADVICE.to_owned()),
        CsvErrorKind::CarriageReturn => (
            "a carriage return".to_owned(),
            "A cell may not hold a line end, and lines end with LF or CRLF. Remove the line end from the record in the \
             student information system."
                .to_owned(),
        ),
        CsvErrorKind::TooLong => (
            "a cell over 4096 bytes".to_owned(),
            "No cell of a roster is that long. Look for a quote that is never closed in this line, or shorten the text."
                .to_owned(),
        ),
        CsvErrorKind::Unclosed => (
            "the end of the file inside a quoted cell".to_owned(),
            "A quote opened in this line is never closed. A quote inside a cell is written twice.".to_owned(),
        ),
        CsvErrorKind::Io(error) if error.kind() == std::io::ErrorKind::FileTooLarge => (
            "more bytes than a roster has".to_owned(),
            "The file inflates past the limit. Export the package again.".to_owned(),
        ),
        CsvErrorKind::Io(error) => (
            error.to_string(),
            "The zip is damaged here. Export the package again and upload it whole.".to_owned(),
        ),
    };
    Fault::of_cell(file, error.line, column, &found, advice)
}

/// One row under its header.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    header: &'a Header,
    record: &'a Record,
    strictness: Strictness,
}

impl<'a> Row<'a> {
    /// Line in the file.
    pub fn line(&self) -> u64 {
        self.record.line()
    }

    /// How strictly to read.
    pub const fn strictness(&self) -> Strictness {
        self.strictness
    }

    /// A cell's text; empty where the column is left out.
    pub fn text(&self, column: &str) -> &'a str {
        let cell = self
            .header
            .position(column)
            .and_then(|at| self.record.cell(at));
        cell.unwrap_or_default()
    }

    /// `metadata.ic.legacySourceId`, where filled.
    pub fn legacy(&self) -> Option<&'a str> {
        let cell = self.record.cell(self.header.legacy?)?.trim();
        values::is_sourced_id(&cell.replace('+', "")).then_some(cell)
    }

    /// A flaw in a cell of this row.
    pub fn fault(&self, column: &str, advice: impl Into<Box<str>>) -> Fault {
        let mut fault = Fault::of_cell(
            self.header.file.name(),
            self.line(),
            column,
            self.text(column),
            advice,
        );
        let id = self.text("sourcedId");
        fault.sourced_id = values::is_sourced_id(id).then(|| id.into());
        fault
    }

    /// A text that must be there, tidied.
    pub fn required(&self, column: &str) -> Result<Box<str>, Fault> {
        self.optional(column)?.ok_or_else(|| {
            self.fault(
                column,
                "The cell is empty; every row must fill this column.",
            )
        })
    }

    /// A text that may be absent, tidied. At most 255 characters.
    pub fn optional(&self, column: &str) -> Result<Option<Box<str>>, Fault> {
        let text = self.text(column);
        if values::has_control(text) {
            return Err(self.fault(
                column,
                "A control character or line end stands in the cell. Remove it.",
            ));
        }
        let clean = values::clean(text);
        if clean.chars().count() > 255 {
            return Err(self.fault(column, "The text is longer than 255 characters."));
        }
        Ok((!clean.is_empty()).then(|| clean.into()))
    }

    /// The row's own id.
    pub fn sourced_id(&self) -> Result<&'a str, Fault> {
        self.reference("sourcedId")
    }

    /// A sourcedId that must be there. Ids are never repaired.
    pub fn reference(&self, column: &str) -> Result<&'a str, Fault> {
        let text = self.text(column);
        if values::is_sourced_id(text) {
            return Ok(text);
        }
        let advice = if text.is_empty() {
            "The id is missing."
        } else {
            "A sourcedId has 1 to 255 of the characters 0-9 A-Z a-z . - _ / @ and no spaces."
        };
        Err(self.fault(column, advice))
    }

    /// A sourcedId that may be absent.
    pub fn optional_reference(&self, column: &str) -> Result<Option<&'a str>, Fault> {
        if self.text(column).is_empty() {
            return Ok(None);
        }
        self.reference(column).map(Some)
    }

    /// A list of sourcedIds in one cell.
    pub fn references(&self, column: &str) -> Result<Vec<&'a str>, Fault> {
        let ids: Vec<&str> = values::list(self.text(column)).collect();
        if ids.iter().all(|id| values::is_sourced_id(id)) {
            return Ok(ids);
        }
        Err(self.fault(
            column,
            "An id in the list is none: ids are separated by commas, the whole cell in quotes, no spaces in an id.",
        ))
    }

    /// A date that may be absent.
    pub fn date(&self, column: &str) -> Result<Option<NaiveDate>, Fault> {
        let text = self.text(column);
        if text.is_empty() {
            return Ok(None);
        }
        values::date(text)
            .map(Some)
            .ok_or_else(|| self.fault(column, values::date_advice(text).into_owned()))
    }

    /// `true`, `false` or absent. Tolerant: in any case of letters.
    pub fn flag(&self, column: &str, notes: &mut Notes) -> Result<Option<bool>, Fault> {
        let text = self.text(column);
        if text.is_empty() {
            return Ok(None);
        }
        if let Some(value) = values::flag(text) {
            return Ok(Some(value));
        }
        let lower = text.trim().to_ascii_lowercase();
        match (self.strictness, values::flag(&lower)) {
            (Strictness::Tolerant, Some(value)) => {
                notes.add(self.fault(column, "Write true and false in small letters."));
                Ok(Some(value))
            }
            _ => Err(self.fault(column, "Write true or false, in small letters.")),
        }
    }

    /// One of `tokens`, or an own value that starts with `ext:` where the version allows it. Never repaired.
    pub fn token(&self, column: &str, tokens: &[&str]) -> Result<&'a str, Fault> {
        let text = self.text(column);
        if tokens.contains(&text) || (text.starts_with("ext:") && text.len() > 4) {
            return Ok(text);
        }
        let meant = tokens
            .iter()
            .find(|token| token.eq_ignore_ascii_case(text.trim()));
        Err(self.fault(
            column,
            match meant {
                Some(token) => format!("Write {token}: case and spaces count."),
                None => format!("The value must be one of: {}.", tokens.join(", ")),
            },
        ))
    }

    /// Whether the row says `tobedeleted`, and whether its status is filled: filled rows are delta data whatever the
    /// manifest says.
    pub fn status(&self) -> Result<RowStatus, Fault> {
        match self.text("status") {
            "" => Ok(RowStatus::Blank),
            "active" => Ok(RowStatus::Active),
            "tobedeleted" => Ok(RowStatus::ToBeDeleted),
            "inactive" if self.strictness == Strictness::Tolerant => Ok(RowStatus::ToBeDeleted),
            _ => Err(self.fault(
                "status",
                "The status is active or tobedeleted in a delta, and empty in bulk.",
            )),
        }
    }
}

/// The `status` cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowStatus {
    /// Empty: bulk data.
    Blank,
    /// `active`.
    Active,
    /// `tobedeleted`, or 1.0's `inactive`.
    ToBeDeleted,
}

/// A data file, read row by row.
#[derive(Debug)]
pub struct Table<R> {
    reader: CsvReader<R>,
    header: Header,
    strictness: Strictness,
}

impl<R: BufRead> Table<R> {
    /// Reads and checks the header.
    pub fn open(
        input: R,
        file: File,
        version: Version,
        strictness: Strictness,
        notes: &mut Notes,
    ) -> Result<Self, Fault> {
        let none: [&str; 0] = [];
        let fault = |error| csv_fault(file.name(), &none, error);
        let mut reader = CsvReader::new(input).map_err(fault)?;
        let Some(record) = reader.next_record().map_err(fault)? else {
            let advice = "The file is empty: even the header is missing.";
            return Err(Fault::of_file(file.name(), "", advice));
        };
        let header = Header::check(file, version, record, strictness, notes)?;
        Ok(Self {
            reader,
            header,
            strictness,
        })
    }

    /// The next row that is not blank. The inner error spoils one row, the outer one the file: also where a row of the wrong
    /// shape goes over several lines, because it may have swallowed good ones.
    pub fn next_row(&mut self) -> Result<Option<Result<Row<'_>, Fault>>, Fault> {
        loop {
            match self.reader.next_record() {
                Err(error) => {
                    return Err(csv_fault(
                        self.header.file.name(),
                        &self.header.names,
                        error,
                    ));
                }
                Ok(None) => return Ok(None),
                Ok(Some(record)) if record.is_blank() => {}
                Ok(Some(_)) => break,
            }
        }
        let row = Row {
            header: &self.header,
            record: self.reader.record(),
            strictness: self.strictness,
        };
        match check_shape(&row) {
            Err(mut fault) if row.record.cells().any(|cell| cell.contains('\n')) => {
                fault.advice = "A quote opened in this row is never closed, so that the rows after it are swallowed. A quote \
                                inside a cell is written twice, and the cell stands in quotes."
                    .into();
                Err(fault)
            }
            shape => Ok(Some(shape.map(|()| row))),
        }
    }
}

/// As many cells as the header has; tolerant: absent cells at the end may be optional ones, extra ones may be empty.
fn check_shape(row: &Row<'_>) -> Result<(), Fault> {
    let names = &row.header.names;
    if let Some((cell, flaw)) = row.record.flaw() {
        let column = names.get(cell).map_or("", String::as_str);
        let advice = match flaw {
            Flaw::StrayQuote => {
                "A quote stands in a cell that is not quoted. Put the cell in quotes and double the quote."
            }
            Flaw::AfterQuote => {
                "Text follows a closing quote. A quote inside a cell is written twice."
            }
        };
        return Err(row.fault(column, advice));
    }
    let cells = row.record.len();
    if cells == names.len() {
        return Ok(());
    }
    let tolerant = row.strictness == Strictness::Tolerant;
    let only_optional_missing = row
        .header
        .positions
        .iter()
        .all(|(column, at)| !column.required || at.is_none_or(|at| at < cells));
    let only_empty_extra = row.record.cells().skip(names.len()).all(str::is_empty);
    if tolerant && only_optional_missing && only_empty_extra {
        return Ok(());
    }
    Err(row.fault(
        "",
        format!(
            "The row has {cells} cells, the header {}. A comma inside a cell needs quotes around the cell.",
            names.len()
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORGS: &str = "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId";

    fn open(
        text: &str,
        file: File,
        version: Version,
        strictness: Strictness,
    ) -> Result<(usize, usize), Fault> {
        let mut notes = Notes::default();
        let mut table = Table::open(text.as_bytes(), file, version, strictness, &mut notes)?;
        let mut rows = 0;
        while let Some(row) = table.next_row()? {
            row?;
            rows += 1;
        }
        Ok((rows, notes.iter().count()))
    }

    #[test]
    fn headers_in_order_and_case() {
        let lower = ORGS.to_lowercase();
        let metadata = format!("{ORGS},metadata.x");
        let cut = ORGS.replace(",identifier,parentSourcedId", "");
        for (header, strict, tolerant) in [
            (ORGS, Some(0), Some(0)),
            (metadata.as_str(), Some(0), Some(0)),
            (lower.as_str(), None, Some(3)),
            (cut.as_str(), None, Some(2)),
        ] {
            for (strictness, expect) in [
                (Strictness::Strict, strict),
                (Strictness::Tolerant, tolerant),
            ] {
                let notes = open(header, File::Orgs, Version::V1p1, strictness).map(|(_, n)| n);
                assert_eq!(notes.ok(), expect, "{header} {strictness:?}");
            }
        }
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table of cases")]
    fn header_faults_name_the_deviation() {
        let users = |version| {
            let names: Vec<&str> = File::Users
                .columns(version)
                .iter()
                .map(|c| c.name)
                .collect();
            names.join(",")
        };
        let v1p2 = users(Version::V1p2);
        for (text, file, version, part) in [
            (
                "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,\
                 schoolSourcedId,termSourcedId",
                File::Classes,
                Version::V1p1,
                "termSourcedIds",
            ),
            (
                "sourcedId,status,dateLastModified,classSourcedId,courseSourcedId",
                File::Enrollments,
                Version::V1p1,
                "Leave the column out",
            ),
            (
                "userSourcedId,status",
                File::Demographics,
                Version::V1p1,
                "OneRoster 1.0",
            ),
            (
                "sourcedId;status;name",
                File::Orgs,
                Version::V1p1,
                "separated by commas",
            ),
            (&v1p2, File::Users, Version::V1p1, "header of OneRoster 1.2"),
            (
                &users(Version::V1p1),
                File::Users,
                Version::V1p2,
                "header of OneRoster 1.1",
            ),
            (
                &format!("{ORGS},color"),
                File::Orgs,
                Version::V1p1,
                "metadata.color",
            ),
            (
                "sourcedId,status,dateLastModified,name",
                File::Orgs,
                Version::V1p1,
                "required column type",
            ),
            ("", File::Orgs, Version::V1p1, "empty"),
        ] {
            let fault = open(text, file, version, Strictness::Tolerant).unwrap_err();
            assert!(fault.advice.contains(part), "{fault}");
        }
        let without = v1p2.replace(",resourceSourcedIds", "");
        for header in [&v1p2, &without] {
            let read = open(header, File::Users, Version::V1p2, Strictness::Strict);
            assert_eq!(read.unwrap(), (0, 0));
        }
    }

    #[test]
    fn rows_have_the_headers_cells() {
        for (row, strict, tolerant) in [
            ("a,,,North,school,,", true, true),
            ("a,,,North,school", false, true),
            ("a,,,North,school,,,", false, true),
            ("a,,,North", false, false),
            ("a,,,North,school,,,x", false, false),
            ("a,,,\"No\"rth,school,,", false, false),
        ] {
            let text = format!("{ORGS}\n{row}\n\n");
            for (strictness, good) in [
                (Strictness::Strict, strict),
                (Strictness::Tolerant, tolerant),
            ] {
                let read = open(&text, File::Orgs, Version::V1p1, strictness);
                assert_eq!(read.is_ok(), good, "{row} {strictness:?} {read:?}");
            }
        }
    }
}
