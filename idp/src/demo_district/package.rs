//! The package: rows as CSV, files in a zip whose bytes never change.

use std::collections::{BTreeMap, HashMap};
use std::io::{Seek, Write};

use chrono::Days;
use zip::write::{SimpleFileOptions, ZipWriter};

use super::tables::{Cells, Tables};
use super::world::World;
use super::{Binding, Spec};
use crate::district::oneroster::{File, Version};

/// How many rows each file got.
pub type Counts = BTreeMap<&'static str, u64>;

/// Writes the package of a day.
pub fn write_package(spec: &Spec, output: impl Write + Seek) -> std::io::Result<Counts> {
    let world = World::at(spec);
    let before = spec.delta.then(|| {
        World::at(&Spec {
            day: spec.day.saturating_sub(1),
            ..spec.clone()
        })
    });
    let version = version(spec.binding);
    let files: Vec<File> = File::ALL
        .into_iter()
        .filter(|file| !file.columns(version).is_empty())
        .collect();
    let mut contents = Vec::new();
    let mut counts = Counts::new();
    for file in files {
        let mut sink = Sink::new(spec, file);
        match &before {
            None => Tables::new(&world).each(file, &mut |cells| sink.row("", &cells)),
            Some(before) => changes(file, before, &world, &mut sink),
        }
        if sink.rows > 0 {
            counts.insert(file.stem(), sink.rows);
            contents.push((file, sink.text));
        }
    }
    let mut zip = ZipWriter::new(output);
    let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    zip.start_file("manifest.csv", options)?;
    zip.write_all(manifest(spec, version, &counts).as_bytes())?;
    for (file, text) in contents {
        zip.start_file(file.name(), options)?;
        zip.write_all(text.as_bytes())?;
    }
    zip.finish()?;
    Ok(counts)
}

const fn version(binding: Binding) -> Version {
    match binding {
        Binding::V1p1 => Version::V1p1,
        Binding::V1p2 | Binding::V1p2p1 => Version::V1p2,
    }
}

/// One file being written.
struct Sink {
    text: String,
    rows: u64,
    modified: String,
}

impl Sink {
    fn new(spec: &Spec, file: File) -> Self {
        let version = version(spec.binding);
        let legacy =
            version == Version::V1p2 && matches!(file, File::Orgs | File::Classes | File::Users);
        let mut header: Vec<&str> = file
            .columns(version)
            .iter()
            .filter(|column| spec.binding != Binding::V1p2p1 || !column.may_be_absent)
            .map(|column| column.name)
            .collect();
        if legacy {
            header.push("metadata.ic.legacySourceId");
        }
        let day = spec
            .as_of
            .checked_add_days(Days::new(spec.day.into()))
            .unwrap_or(spec.as_of);
        Self {
            text: format!("{}\r\n", header.join(",")),
            rows: 0,
            modified: format!("{day}T06:00:00.000Z"),
        }
    }

    /// Writes a row; an empty status is bulk data.
    fn row(&mut self, status: &str, cells: &[String]) {
        let modified = if status.is_empty() {
            String::new()
        } else {
            self.modified.clone()
        };
        let mut cells = cells.iter().map(String::as_str);
        self.cell(cells.next().unwrap_or_default());
        for cell in [status, &*modified].into_iter().chain(cells) {
            self.text.push(',');
            self.cell(cell);
        }
        self.text.push_str("\r\n");
        self.rows += 1;
    }

    fn cell(&mut self, cell: &str) {
        let quoted = cell.contains([',', '"', '\n', '\r'])
            || cell.starts_with(char::is_whitespace)
            || cell.ends_with(char::is_whitespace);
        if quoted {
            self.text.push('"');
            self.text.push_str(&cell.replace('"', "\"\""));
            self.text.push('"');
        } else {
            self.text.push_str(cell);
        }
    }
}

/// The rows that are new, changed or gone since the day before, in the order of the file; the gone ones last.
fn changes(file: File, before: &World, now: &World, sink: &mut Sink) {
    let mut old: HashMap<String, Cells> = HashMap::new();
    let mut order = Vec::new();
    Tables::new(before).each(file, &mut |cells| {
        if let Some(id) = cells.first().cloned() {
            order.push(id.clone());
            old.insert(id, cells);
        }
    });
    Tables::new(now).each(file, &mut |cells| {
        let id = cells.first().map_or("", String::as_str);
        let same = old.remove(id).is_some_and(|before| before == cells);
        if !same {
            sink.row("active", &cells);
        }
    });
    for id in order {
        if let Some(cells) = old.remove(&id) {
            sink.row("tobedeleted", &cells);
        }
    }
}

fn manifest(spec: &Spec, version: Version, counts: &Counts) -> String {
    let mode = if spec.delta { "delta" } else { "bulk" };
    let mut lines = vec![
        "propertyName,value".to_owned(),
        "manifest.version,1.0".to_owned(),
        format!("oneroster.version,{}", version.as_str()),
    ];
    for stem in version.files() {
        let mode = if counts.contains_key(stem) {
            mode
        } else {
            "absent"
        };
        lines.push(format!("file.{stem},{mode}"));
    }
    lines.push("source.systemName,Homeroom demo district".to_owned());
    lines.push(format!(
        "source.systemCode,seed-{}-day-{}",
        spec.seed, spec.day
    ));
    lines.join("\r\n") + "\r\n"
}
