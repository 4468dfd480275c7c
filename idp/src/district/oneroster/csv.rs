//! A strict reader of RFC 4180 CSV that knows where it is: what it refuses, it refuses by line and cell.
//!
//! Accepted: UTF-8 with or without a byte order mark, LF or CRLF line ends. Refused: other encodings, NUL, carriage returns in
//! a cell, cells over 4,096 bytes. A misplaced quote spoils its row only.

use std::io::{BufRead, Chain, Cursor, Read as _};

/// The longest cell, in bytes.
pub const CELL_MAX: usize = 4096;
/// The longest record, in bytes.
const RECORD_MAX: usize = 64 * 1024;

/// Why a file cannot be read further.
#[derive(Debug)]
pub struct CsvError {
    /// Line where the record starts, from 1.
    pub line: u64,
    /// Number of the cell in its record, from 0.
    pub cell: usize,
    /// What is wrong.
    pub kind: CsvErrorKind,
}

/// What is wrong with a file.
#[derive(Debug)]
pub enum CsvErrorKind {
    /// A UTF-16 byte order mark, or a NUL byte.
    Utf16,
    /// Bytes that are not UTF-8; the offending byte.
    NotUtf8(u8),
    /// A carriage return that is not part of a line end.
    CarriageReturn,
    /// A cell over [`CELL_MAX`], or a record over 64 KiB.
    TooLong,
    /// The file ends inside a quoted cell.
    Unclosed,
    /// The package cannot be inflated further.
    Io(std::io::Error),
}

/// A flaw that spoils one record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// A quote inside an unquoted cell.
    StrayQuote,
    /// Text between a closing quote and the next comma.
    AfterQuote,
}

/// One record: its cells, and where it begins.
#[derive(Debug, Default)]
pub struct Record {
    text: String,
    ends: Vec<usize>,
    line: u64,
    flaw: Option<(usize, Flaw)>,
}

impl Record {
    /// Cell `index`, from 0.
    pub fn cell(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)?;
        let start = match index.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        self.text.get(start..end)
    }

    /// Number of cells.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether this is an empty line.
    pub fn is_blank(&self) -> bool {
        self.ends.len() == 1 && self.text.is_empty()
    }

    /// All cells.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).filter_map(|index| self.cell(index))
    }

    /// Line where the record starts, from 1.
    pub const fn line(&self) -> u64 {
        self.line
    }

    /// The cell that spoils the record, and how.
    pub const fn flaw(&self) -> Option<(usize, Flaw)> {
        self.flaw
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// At the first byte of a cell.
    Start,
    Plain,
    Quoted,
    /// After a quote inside a quoted cell: the end, or one half of a doubled quote.
    Quote,
    /// After a carriage return outside quotes.
    Return,
}

/// Reads record after record into one buffer.
#[derive(Debug)]
pub struct CsvReader<R> {
    input: Chain<Cursor<Vec<u8>>, R>,
    /// The line that the next byte is on.
    line: u64,
    record: Record,
}

impl<R: BufRead> CsvReader<R> {
    /// Reads from `input`. Skips the byte order mark of UTF-8; refuses that of UTF-16.
    pub fn new(mut input: R) -> Result<Self, CsvError> {
        let at_start = |kind| CsvError {
            line: 1,
            cell: 0,
            kind,
        };
        let mut head = Vec::with_capacity(3);
        input
            .by_ref()
            .take(3)
            .read_to_end(&mut head)
            .map_err(|error| at_start(CsvErrorKind::Io(error)))?;
        match head.as_slice() {
            [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] => return Err(at_start(CsvErrorKind::Utf16)),
            [0xEF, 0xBB, 0xBF] => head.clear(),
            _ => {}
        }
        Ok(Self {
            input: Cursor::new(head).chain(input),
            line: 1,
            record: Record::default(),
        })
    }

    /// The next record, until the file ends.
    pub fn next_record(&mut self) -> Result<Option<&Record>, CsvError> {
        let mut assembly = Assembly::new(&mut self.record, self.line);
        loop {
            let buffer = match self.input.fill_buf() {
                Ok(buffer) => buffer,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(assembly.error(CsvErrorKind::Io(error))),
            };
            if buffer.is_empty() {
                let last = assembly.end_of_file()?;
                return Ok(last.then_some(&self.record));
            }
            let mut used = 0;
            let mut complete = false;
            for &byte in buffer {
                used += 1;
                if byte == b'\n' {
                    self.line += 1;
                }
                if assembly.push(byte)? {
                    complete = true;
                    break;
                }
            }
            self.input.consume(used);
            if complete {
                assembly.store();
                return Ok(Some(&self.record));
            }
        }
    }

    /// The record that [`CsvReader::next_record`] read last.
    pub const fn record(&self) -> &Record {
        &self.record
    }
}

/// A record that is being put together.
struct Assembly<'a> {
    record: &'a mut Record,
    bytes: Vec<u8>,
    state: State,
}

impl<'a> Assembly<'a> {
    fn new(record: &'a mut Record, line: u64) -> Self {
        let mut bytes = std::mem::take(&mut record.text).into_bytes();
        bytes.clear();
        record.ends.clear();
        record.line = line;
        record.flaw = None;
        Self {
            record,
            bytes,
            state: State::Start,
        }
    }

    fn error(&self, kind: CsvErrorKind) -> CsvError {
        CsvError {
            line: self.record.line,
            cell: self.record.ends.len(),
            kind,
        }
    }

    /// Takes a byte; true when the record is complete.
    fn push(&mut self, byte: u8) -> Result<bool, CsvError> {
        if byte == 0 {
            return Err(self.error(CsvErrorKind::Utf16));
        }
        match (self.state, byte) {
            (State::Return | State::Start | State::Plain | State::Quote, b'\n') => {
                return self.end_record().map(|()| true);
            }
            (State::Return, _) | (State::Quoted, b'\r') => {
                return Err(self.error(CsvErrorKind::CarriageReturn));
            }
            (State::Start | State::Plain | State::Quote, b'\r') => self.state = State::Return,
            (State::Start | State::Plain | State::Quote, b',') => {
                self.end_cell();
                self.state = State::Start;
            }
            (State::Start, b'"') => self.state = State::Quoted,
            (State::Start | State::Plain, _) => {
                if byte == b'"' {
                    self.spoil(Flaw::StrayQuote);
                }
                self.state = State::Plain;
                self.keep(byte)?;
            }
            (State::Quoted, b'"') => self.state = State::Quote,
            (State::Quoted, _) => self.keep(byte)?,
            (State::Quote, b'"') => {
                self.state = State::Quoted;
                self.keep(byte)?;
            }
            (State::Quote, _) => {
                self.spoil(Flaw::AfterQuote);
                self.state = State::Plain;
                self.keep(byte)?;
            }
        }
        Ok(false)
    }

    /// At the end of the file: whether a last record without a line end stands there.
    fn end_of_file(mut self) -> Result<bool, CsvError> {
        match self.state {
            State::Quoted => Err(self.error(CsvErrorKind::Unclosed)),
            State::Start if self.record.ends.is_empty() && self.bytes.is_empty() => Ok(false),
            _ => {
                self.end_record()?;
                self.store();
                Ok(true)
            }
        }
    }

    fn keep(&mut self, byte: u8) -> Result<(), CsvError> {
        let start = self.record.ends.last().copied().unwrap_or_default();
        if self.bytes.len() - start >= CELL_MAX || self.bytes.len() >= RECORD_MAX {
            return Err(self.error(CsvErrorKind::TooLong));
        }
        self.bytes.push(byte);
        Ok(())
    }

    fn spoil(&mut self, flaw: Flaw) {
        let cell = self.record.ends.len();
        self.record.flaw.get_or_insert((cell, flaw));
    }

    fn end_cell(&mut self) {
        self.record.ends.push(self.bytes.len());
    }

    /// Ends the last cell and checks the encoding of each: a character cut in two by a comma is none.
    fn end_record(&mut self) -> Result<(), CsvError> {
        self.end_cell();
        let bad_at = match std::str::from_utf8(&self.bytes) {
            Err(error) => Some(error.valid_up_to()),
            Ok(text) => self
                .record
                .ends
                .iter()
                .find(|end| !text.is_char_boundary(**end))
                .map(|end| end.saturating_sub(1)),
        };
        let Some(at) = bad_at else { return Ok(()) };
        Err(CsvError {
            line: self.record.line,
            cell: self.record.ends.iter().filter(|end| **end <= at).count(),
            kind: CsvErrorKind::NotUtf8(self.bytes.get(at).copied().unwrap_or_default()),
        })
    }

    fn store(self) {
        self.record.text = String::from_utf8(self.bytes).unwrap_or_default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(bytes: &[u8]) -> Result<Vec<Vec<String>>, CsvError> {
        let mut reader = CsvReader::new(bytes)?;
        let mut out = Vec::new();
        while let Some(record) = reader.next_record()? {
            out.push(record.cells().map(str::to_owned).collect());
        }
        Ok(out)
    }

    #[test]
    fn reads_what_rfc_4180_allows() {
        for (text, expect) in [
            ("a,b\n1,2\n", vec![vec!["a", "b"], vec!["1", "2"]]),
            ("a,b\r\n1,2\r\n", vec![vec!["a", "b"], vec!["1", "2"]]),
            ("\u{FEFF}a\n1", vec![vec!["a"], vec!["1"]]),
            (
                "\"a,b\",\"say \"\"x\"\"\"\n",
                vec![vec!["a,b", "say \"x\""]],
            ),
            ("\"two\nlines\",x\n", vec![vec!["two\nlines", "x"]]),
            (",,\n", vec![vec!["", "", ""]]),
            ("\"\"\n", vec![vec![""]]),
            ("é,ß\n", vec![vec!["é", "ß"]]),
            ("", vec![]),
            ("a\n\nb\n", vec![vec!["a"], vec![""], vec!["b"]]),
        ] {
            assert_eq!(read(text.as_bytes()).unwrap(), expect, "{text:?}");
        }
    }

    #[test]
    fn names_line_and_cell_of_what_it_refuses() {
        for (bytes, line, cell, kind) in [
            (&b"\xFF\xFEa\0"[..], 1, 0, "Utf16"),
            (b"\xFE\xFF\0a", 1, 0, "Utf16"),
            (b"a,b\n1,\0\n", 2, 1, "Utf16"),
            (b"a,b\n1,Jos\xE9\n", 2, 1, "NotUtf8(233)"),
            (b"a,b\n\xE9,1\n", 2, 0, "NotUtf8(233)"),
            (b"a,b\n1,\"x\ry\"\n", 2, 1, "CarriageReturn"),
            (b"a,b\n1,\"x\r\ny\"\n", 2, 1, "CarriageReturn"),
            (b"a,b\r1,2\r", 1, 1, "CarriageReturn"),
            (b"a,b\n1,\"x\n", 2, 1, "Unclosed"),
            (b"\xEFx", 1, 0, "NotUtf8(239)"),
            (b"a,\xC3,\xA9\n", 1, 1, "NotUtf8(195)"),
        ] {
            let error = read(bytes).unwrap_err();
            let text = String::from_utf8_lossy(bytes);
            assert_eq!(format!("{:?}", error.kind), kind, "{text}");
            assert_eq!((error.line, error.cell), (line, cell), "{text}");
        }
        let long = format!("a\n{}\n", "x".repeat(CELL_MAX + 1));
        assert!(matches!(
            read(long.as_bytes()).unwrap_err().kind,
            CsvErrorKind::TooLong
        ));
    }

    #[test]
    fn a_misplaced_quote_spoils_its_row_only() {
        let mut reader = CsvReader::new(&b"a,Mary \"M\" X\n\"b\"c,d\ne,f\n"[..]).unwrap();
        let flaws: Vec<_> = std::iter::from_fn(|| {
            let record = reader.next_record().unwrap()?;
            Some((record.line(), record.flaw()))
        })
        .collect();
        assert_eq!(
            flaws,
            [
                (1, Some((1, Flaw::StrayQuote))),
                (2, Some((0, Flaw::AfterQuote))),
                (3, None)
            ]
        );
    }

    proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = read(&bytes);
        }

        #[test]
        fn reads_back_what_is_quoted(rows in proptest::collection::vec(
            proptest::collection::vec("[^\r\0\u{FEFF}]{0,12}", 1..5), 1..6)) {
            let mut text = String::new();
            for row in &rows {
                let cells: Vec<String> =
                    row.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
                text.push_str(&cells.join(","));
                text.push_str("\r\n");
            }
            prop_assert_eq!(read(text.as_bytes()).unwrap(), rows);
        }
    }
}
