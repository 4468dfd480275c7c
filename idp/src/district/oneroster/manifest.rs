//! `manifest.csv`: which version, which files, and whether each is the whole set or only changes.

use std::collections::BTreeMap;

use super::columns::{File, Version};
use super::csv::{CsvReader, Record};
use super::fault::{Fault, Notes};
use super::table::csv_fault;
use super::{FileMode, Strictness};

/// The manifest's name.
pub const MANIFEST: &str = "manifest.csv";

/// What the manifest says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// Version of the binding.
    pub version: Version,
    /// Mode of each data file that is there, by name without `.csv`.
    pub files: BTreeMap<String, FileMode>,
    /// `source.systemName`, where given.
    pub system: Option<String>,
}

impl Manifest {
    /// The mode of a file; none where it is absent.
    pub fn mode(&self, file: File) -> Option<FileMode> {
        self.files.get(file.stem()).copied()
    }
}

/// Reads the manifest's bytes.
pub fn read(
    input: impl std::io::BufRead,
    strictness: Strictness,
    notes: &mut Notes,
) -> Result<Manifest, Fault> {
    let properties = properties(input, strictness, notes)?;
    let get = |name: &str| {
        properties
            .get(name)
            .map(|(value, line)| (value.as_str(), *line))
    };
    match get("manifest.version") {
        Some(("1.0", _)) => {}
        Some((other, line)) => {
            return Err(cell(line, other, "Only manifest.version 1.0 is known."));
        }
        None => return Err(missing("manifest.version", "1.0")),
    }
    let version = match get("oneroster.version") {
        Some(("1.1", _)) => Version::V1p1,
        Some(("1.2", _)) => Version::V1p2,
        Some((other, line)) => {
            return Err(cell(
                line,
                other,
                "OneRoster 1.1 and 1.2 can be imported (1.2.1 also says 1.2). Choose one of them in the export.",
            ));
        }
        None => return Err(missing("oneroster.version", "1.1 or 1.2")),
    };
    let files = modes(&properties, version, strictness, notes)?;
    Ok(Manifest {
        version,
        files,
        system: get("source.systemName")
            .map(|(name, _)| name.trim().to_owned())
            .filter(|name| !name.is_empty()),
    })
}

/// Compares the manifest with the files of the zip: any difference is an error.
pub fn check_files(manifest: &Manifest, names: &[String], package: &str) -> Result<(), Fault> {
    for name in names.iter().filter(|name| *name != MANIFEST) {
        let stem = match name.strip_suffix(".csv") {
            Some(stem) if manifest.files.contains_key(stem) => continue,
            Some(stem) => stem,
            None => name,
        };
        let known = manifest.version.files();
        let advice = if let Some(right) = known
            .iter()
            .find(|known| **known != stem && known.eq_ignore_ascii_case(stem))
        {
            format!("File names are case-sensitive: this one is named {right}.csv.")
        } else if known.contains(&stem) {
            format!(
                "The manifest calls file.{stem} absent, but the file is there. Take the file out, or say bulk or delta in \
                 the manifest."
            )
        } else {
            format!(
                "OneRoster {} has no such file. Take it out of the zip.",
                manifest.version.as_str()
            )
        };
        return Err(Fault::of_file(package, name, advice));
    }
    for (stem, mode) in &manifest.files {
        let name = format!("{stem}.csv");
        if !names.contains(&name) {
            return Err(Fault::of_file(
                MANIFEST,
                &format!("file.{stem} {}", mode.as_str()),
                format!(
                    "The manifest promises {name}, but the zip does not hold it. Add the file, or say absent in the \
                     manifest."
                ),
            ));
        }
    }
    Ok(())
}

type Properties = BTreeMap<String, (String, u64)>;

/// All properties with their lines.
fn properties(
    input: impl std::io::BufRead,
    strictness: Strictness,
    notes: &mut Notes,
) -> Result<Properties, Fault> {
    let names = ["propertyName", "value"];
    let fault = |error| csv_fault(MANIFEST, &names, error);
    let mut reader = CsvReader::new(input).map_err(fault)?;
    let Some(header) = reader.next_record().map_err(fault)? else {
        return Err(Fault::of_file(MANIFEST, "", "The file is empty."));
    };
    check_header(header, strictness, notes)?;
    let mut properties = Properties::new();
    while let Some(record) = reader.next_record().map_err(fault)? {
        if record.is_blank() {
            continue;
        }
        let line = record.line();
        let (Some(name), Some(value), 2, None) =
            (record.cell(0), record.cell(1), record.len(), record.flaw())
        else {
            let found: Vec<&str> = record.cells().collect();
            return Err(cell(
                line,
                &found.join(","),
                "Every line has a property and a value.",
            ));
        };
        if properties
            .insert(name.trim().to_owned(), (value.trim().to_owned(), line))
            .is_some()
        {
            return Err(cell(
                line,
                name,
                "The property stands in the manifest twice.",
            ));
        }
        if properties.len() > 200 {
            return Err(cell(
                line,
                name,
                "A manifest has fewer than 200 properties.",
            ));
        }
    }
    Ok(properties)
}

/// `propertyName,value`.
fn check_header(header: &Record, strictness: Strictness, notes: &mut Notes) -> Result<(), Fault> {
    let found: Vec<&str> = header.cells().map(str::trim).collect();
    let [name, value] = found.as_slice() else {
        return Err(header_fault(&found));
    };
    if (*name, *value) == ("propertyName", "value") {
        return Ok(());
    }
    let fault = header_fault(&found);
    let alike = name.eq_ignore_ascii_case("propertyName") && value.eq_ignore_ascii_case("value");
    if strictness == Strictness::Tolerant && alike {
        notes.add(fault);
        return Ok(());
    }
    Err(fault)
}

fn header_fault(found: &[&str]) -> Fault {
    let advice = "The first line must be: propertyName,value";
    Fault::of_cell(MANIFEST, 1, "", &found.join(","), advice)
}

/// The mode of every file that is there.
fn modes(
    properties: &Properties,
    version: Version,
    strictness: Strictness,
    notes: &mut Notes,
) -> Result<BTreeMap<String, FileMode>, Fault> {
    let mut files = BTreeMap::new();
    for (name, (value, line)) in properties {
        let Some(stem) = name.strip_prefix("file.") else {
            continue;
        };
        let lower = value.to_ascii_lowercase();
        if strictness == Strictness::Strict && lower != *value {
            return Err(cell(
                *line,
                value,
                "Write absent, bulk or delta in small letters.",
            ));
        }
        let mode = match lower.as_str() {
            "absent" => continue,
            "bulk" => FileMode::Bulk,
            "delta" => FileMode::Delta,
            _ => {
                return Err(cell(
                    *line,
                    value,
                    "The value of a file is absent, bulk or delta.",
                ));
            }
        };
        if !version.files().contains(&stem) {
            let advice = format!("OneRoster {} has no file {stem}.csv.", version.as_str());
            return Err(cell(*line, name, advice));
        }
        files.insert(stem.to_owned(), mode);
    }
    for stem in version.files() {
        let name = format!("file.{stem}");
        if properties.contains_key(&name) {
            continue;
        }
        if strictness == Strictness::Strict {
            return Err(missing(&name, "absent, bulk or delta"));
        }
        notes.add(Fault::of_file(
            MANIFEST,
            "",
            "Properties of absent files are missing; each data file of the version has one, as file.results,absent.",
        ));
    }
    Ok(files)
}

fn cell(line: u64, found: &str, advice: impl Into<Box<str>>) -> Fault {
    Fault::of_cell(MANIFEST, line, "value", found, advice)
}

fn missing(property: &str, value: &str) -> Fault {
    Fault::of_file(
        MANIFEST,
        "",
        format!("The property {property} is missing. Add a line: {property}, then {value}."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HEAD: &str = "propertyName,value\nmanifest.version,1.0\noneroster.version,1.1\n";

    fn tolerant(text: &str) -> Result<Manifest, Fault> {
        read(text.as_bytes(), Strictness::Tolerant, &mut Notes::default())
    }

    #[test]
    fn reads_versions_and_modes() {
        let manifest = tolerant(&format!(
            "{HEAD}file.users,bulk\nfile.orgs,Delta\nfile.results,absent\nsource.systemName,SIS\n"
        ))
        .unwrap();
        assert_eq!(manifest.version, Version::V1p1);
        assert_eq!(manifest.mode(File::Users), Some(FileMode::Bulk));
        assert_eq!(manifest.mode(File::Orgs), Some(FileMode::Delta));
        assert_eq!(manifest.mode(File::Classes), None);
        assert_eq!(manifest.system.as_deref(), Some("SIS"));
    }

    #[test]
    fn refuses_with_the_line() {
        for (text, line, part) in [
            ("propertyName,value\n", 0, "manifest.version"),
            ("sourcedId,status\n", 1, "first line"),
            ("propertyName,value\nmanifest.version,2.0\n", 2, "1.0"),
            (
                "propertyName,value\nmanifest.version,1.0\noneroster.version,1.0\n",
                3,
                "1.1 and 1.2",
            ),
            (
                &format!("{HEAD}file.users,full\n"),
                4,
                "absent, bulk or delta",
            ),
            (&format!("{HEAD}file.roles,bulk\n"), 4, "no file roles.csv"),
            (
                &format!("{HEAD}file.users,bulk\nfile.users,bulk\n"),
                5,
                "twice",
            ),
            (&format!("{HEAD}file.users\n"), 4, "a property and a value"),
        ] {
            let fault = tolerant(text).unwrap_err();
            assert_eq!(fault.line, line, "{fault}");
            assert!(fault.advice.contains(part), "{fault}");
        }
        let strict = read(HEAD.as_bytes(), Strictness::Strict, &mut Notes::default());
        assert!(strict.unwrap_err().advice.contains("file.academicSessions"));
    }

    #[test]
    fn the_zip_must_hold_what_the_manifest_says() {
        let manifest = tolerant(&format!("{HEAD}file.users,bulk\nfile.orgs,bulk\n")).unwrap();
        let names = |list: &[&str]| list.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
        check_files(
            &manifest,
            &names(&["manifest.csv", "users.csv", "orgs.csv"]),
            "p",
        )
        .unwrap();
        for (list, part) in [
            (&["manifest.csv", "users.csv"][..], "does not hold it"),
            (
                &["users.csv", "orgs.csv", "classes.csv"],
                "calls file.classes absent",
            ),
            (&["users.csv", "orgs.csv", "Classes.csv"], "case-sensitive"),
            (&["users.csv", "orgs.csv", "notes.txt"], "no such file"),
        ] {
            let fault = check_files(&manifest, &names(list), "p").unwrap_err();
            assert!(fault.advice.contains(part), "{fault}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300), tail in "\\PC{0,80}") {
            let mut text = HEAD.as_bytes().to_vec();
            text.extend(tail.bytes());
            for input in [bytes, text] {
                for strictness in [Strictness::Strict, Strictness::Tolerant] {
                    let _ = read(input.as_slice(), strictness, &mut Notes::default());
                }
            }
        }
    }
}
