//! The zip around a package, opened with suspicion: few entries, no folders, no encryption, no more bytes than a district has.

use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};

use zip::CompressionMethod;
use zip::read::ZipArchive;
use zip::result::ZipError;

use super::fault::Fault;

/// The most that a package may hold.
#[derive(Clone, Copy, Debug)]
pub struct ArchiveLimits {
    /// Bytes of the zip.
    pub package_bytes: u64,
    /// Number of files in it.
    pub entries: usize,
    /// Bytes of one file, inflated.
    pub file_bytes: u64,
    /// Bytes of all files, inflated.
    pub total_bytes: u64,
    /// How many times a file over a megabyte may grow when it is inflated.
    pub ratio: u64,
}

impl Default for ArchiveLimits {
    /// 100 MB zipped, 64 files, 256 MB a file and 384 MB in all inflated, ratio 100: some five times the largest district known.
    fn default() -> Self {
        Self {
            package_bytes: 100 << 20,
            entries: 64,
            file_bytes: 256 << 20,
            total_bytes: 384 << 20,
            ratio: 100,
        }
    }
}

/// What stands before the ratio counts, in bytes: small files of one repeated letter are no bomb.
const RATIO_FROM: u64 = 1 << 20;

/// An opened zip whose list of files has been found harmless.
#[derive(Debug)]
pub struct Archive<R> {
    zip: ZipArchive<R>,
    limits: ArchiveLimits,
    names: Vec<String>,
    inflated: u64,
    /// What messages call the zip.
    package: String,
}

impl<R: Read + Seek> Archive<R> {
    /// Opens `input`, called `package` in messages, and checks its list of files.
    pub fn open(mut input: R, package: &str, limits: ArchiveLimits) -> Result<Self, Fault> {
        let size = input
            .seek(SeekFrom::End(0))
            .map_err(|error| unreadable(package, &error.into()))?;
        if size > limits.package_bytes {
            return Err(Fault::of_file(
                package,
                &megabytes(size),
                format!(
                    "A package may have {} at most. Export fewer schools at a time, or leave out files that a roster does \
                     not need (results, lineItems).",
                    megabytes(limits.package_bytes)
                ),
            ));
        }
        let zip = ZipArchive::new(input).map_err(|error| unreadable(package, &error))?;
        let mut archive = Self {
            zip,
            limits,
            names: Vec::new(),
            inflated: 0,
            package: package.to_owned(),
        };
        archive.check_list()?;
        Ok(archive)
    }

    /// The files' names, in the order of the zip.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Inflated bytes of all files, as the zip says.
    pub fn declared_bytes(&self) -> u64 {
        let sizes = (0..self.zip.len()).filter_map(|index| self.zip.by_index_data(index).ok());
        sizes.map(|entry| entry.size()).sum()
    }

    /// Opens a file of [`Archive::names`] for reading; `progress` hears of every piece, in inflated bytes. What inflates past
    /// the limits ends in an error of kind `FileTooLarge`.
    pub fn read<'a>(
        &'a mut self,
        name: &str,
        progress: &'a (dyn Fn(u64) + 'a),
    ) -> Result<impl BufRead + 'a, Fault> {
        let package = self.package.clone();
        let entry = self
            .zip
            .by_name(name)
            .map_err(|error| unreadable(&package, &error))?;
        let by_ratio = entry
            .compressed_size()
            .saturating_mul(self.limits.ratio)
            .max(RATIO_FROM);
        let left = self.limits.total_bytes.saturating_sub(self.inflated);
        let most = self.limits.file_bytes.min(by_ratio).min(left);
        Ok(BufReader::with_capacity(
            64 * 1024,
            Bounded {
                inner: entry,
                left: most,
                total: &mut self.inflated,
                progress,
            },
        ))
    }

    fn check_list(&mut self) -> Result<(), Fault> {
        if self.zip.len() > self.limits.entries {
            return Err(self.fault(
                &format!("{} files", self.zip.len()),
                format!("A package may have {} files at most.", self.limits.entries),
            ));
        }
        if self.zip.has_duplicate_names() {
            return Err(self.fault("two files of one name", "Each file may be there once."));
        }
        if self.zip.has_overlapping_entries().unwrap_or(true) {
            return Err(self.fault(
                "files that overlap",
                "The zip is damaged or made to harm. Export the package again.",
            ));
        }
        let mut total = 0_u64;
        for index in 0..self.zip.len() {
            total = total.saturating_add(self.check_entry(index)?);
        }
        if total > self.limits.total_bytes {
            return Err(self.fault(
                &format!("{} inflated", megabytes(total)),
                format!(
                    "All files together may have {} at most.",
                    megabytes(self.limits.total_bytes)
                ),
            ));
        }
        Ok(())
    }

    /// Checks one entry by what the zip says of it; its size, inflated.
    fn check_entry(&mut self, index: usize) -> Result<u64, Fault> {
        let package = self.package.clone();
        let entry = self
            .zip
            .by_index_data(index)
            .map_err(|error| unreadable(&package, &error))?;
        let raw = String::from_utf8_lossy(entry.name_raw()).into_owned();
        let name_fault = name_advice(&raw, entry.is_dir() || entry.is_symlink());
        let (size, packed) = (entry.size(), entry.compressed_size());
        let (encrypted, method) = (entry.encrypted(), entry.compression());
        if let Some(advice) = name_fault {
            return Err(self.fault(&raw, advice));
        }
        if encrypted {
            return Err(self.fault(
                &raw,
                "The file is encrypted. Export without a zip password.",
            ));
        }
        if !matches!(
            method,
            CompressionMethod::Stored | CompressionMethod::Deflated
        ) {
            return Err(self.fault(
                &raw,
                "The file is not compressed by DEFLATE. Make the zip with the usual method.",
            ));
        }
        if size > self.limits.file_bytes
            || (size > RATIO_FROM && size > packed.saturating_mul(self.limits.ratio))
        {
            return Err(self.fault(
                &raw,
                format!(
                    "The file would inflate from {packed} to {size} bytes: a roster never does."
                ),
            ));
        }
        self.names.push(raw);
        Ok(size)
    }

    fn fault(&self, found: &str, advice: impl Into<Box<str>>) -> Fault {
        Fault::of_file(self.package.clone(), found, advice)
    }
}

/// What is wrong with an entry's name, if anything.
fn name_advice(name: &str, not_a_file: bool) -> Option<&'static str> {
    if name.starts_with("__MACOSX/") || name.ends_with(".DS_Store") {
        return Some(
            "A Mac added this entry. Select the files themselves and zip them with `zip -X`, not the folder in the Finder.",
        );
    }
    if name.split(['/', '\\']).any(|part| part == "..")
        || name.starts_with(['/', '\\'])
        || name.contains(':')
        || name.chars().any(char::is_control)
    {
        return Some("The name leads out of the package. Export the package again.");
    }
    if not_a_file || name.contains(['/', '\\']) {
        return Some(
            "The files must stand at the root of the zip. Zip the files, not their folder.",
        );
    }
    None
}

/// Turns a damaged zip into a refusal.
fn unreadable(package: &str, error: &ZipError) -> Fault {
    let advice = match error {
        ZipError::InvalidArchive(_) => {
            "This is not a zip file, or it is damaged. Export the package again and upload it whole."
        }
        ZipError::InvalidPassword => "The zip is encrypted. Export without a password.",
        ZipError::UnsupportedArchive(_) | ZipError::CompressionMethodNotSupported(_) => {
            "The zip uses a method that is not supported. Make it with the usual method (DEFLATE)."
        }
        _ => "The zip cannot be read. Export the package again.",
    };
    Fault::of_file(package, &error.to_string(), advice)
}

fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes.div_ceil(1 << 20))
}

/// Passes at most `left` bytes, and counts them.
struct Bounded<'a, R> {
    inner: R,
    left: u64,
    total: &'a mut u64,
    progress: &'a (dyn Fn(u64) + 'a),
}

impl<R: Read> Read for Bounded<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let count = u64::try_from(read).unwrap_or(u64::MAX);
        if count > self.left {
            return Err(std::io::Error::from(std::io::ErrorKind::FileTooLarge));
        }
        self.left -= count;
        *self.total = self.total.saturating_add(count);
        (self.progress)(count);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write as _};

    use zip::write::{SimpleFileOptions, ZipWriter};

    use super::*;

    fn zip(files: &[(&str, &[u8])]) -> Cursor<Vec<u8>> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            writer
                .start_file(*name, SimpleFileOptions::default())
                .unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap()
    }

    fn open(files: &[(&str, &[u8])]) -> Result<Archive<Cursor<Vec<u8>>>, Fault> {
        Archive::open(zip(files), "p.zip", ArchiveLimits::default())
    }

    #[test]
    fn opens_what_is_plain() {
        let mut archive = open(&[("manifest.csv", b"a,b\n"), ("users.csv", b"x")]).unwrap();
        assert_eq!(archive.names(), ["manifest.csv", "users.csv"]);
        assert_eq!(archive.declared_bytes(), 5);
        let mut text = String::new();
        archive
            .read("manifest.csv", &|_| {})
            .unwrap()
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(text, "a,b\n");
    }

    #[test]
    fn refuses_names_that_lead_elsewhere() {
        for (name, part) in [
            ("../users.csv", "leads out"),
            ("/users.csv", "leads out"),
            ("a/../../users.csv", "leads out"),
            ("..\\users.csv", "leads out"),
            ("C:users.csv", "leads out"),
            ("export/users.csv", "root of the zip"),
            ("export\\users.csv", "root of the zip"),
            ("__MACOSX/._users.csv", "Mac"),
        ] {
            let fault = open(&[(name, b"x")]).unwrap_err();
            assert!(fault.advice.contains(part), "{name}: {fault}");
            assert!(fault.to_string().starts_with("p.zip"), "{fault}");
        }
    }

    #[test]
    fn refuses_bombs() {
        let zeros = vec![b'a'; 8 << 20];
        let fault = open(&[("users.csv", &zeros)]).unwrap_err();
        assert!(fault.advice.contains("inflate"), "{fault}");

        let many: Vec<String> = (0..65).map(|n| format!("f{n}.csv")).collect();
        let files: Vec<(&str, &[u8])> = many.iter().map(|n| (n.as_str(), &b"x"[..])).collect();
        assert!(open(&files).unwrap_err().found.contains("65 files"));

        let fault = Archive::open(
            zip(&[("users.csv", b"xy")]),
            "p.zip",
            ArchiveLimits {
                package_bytes: 10,
                ..ArchiveLimits::default()
            },
        )
        .unwrap_err();
        assert!(fault.advice.contains("at most"), "{fault}");
    }

    #[test]
    fn a_lie_about_the_size_ends_the_reading() {
        // The list says 10 bytes; the stream holds three megabytes.
        let mut bytes = zip(&[("users.csv", &vec![b'a'; 3 << 20])]).into_inner();
        let honest = (3_u32 << 20).to_le_bytes();
        let lie = 10_u32.to_le_bytes();
        while let Some(at) = bytes.windows(4).position(|window| window == honest) {
            bytes[at..at + 4].copy_from_slice(&lie);
        }
        let Ok(mut archive) = Archive::open(Cursor::new(bytes), "p.zip", ArchiveLimits::default())
        else {
            return;
        };
        let mut out = Vec::new();
        let read = archive
            .read("users.csv", &|_| {})
            .map(|mut reader| reader.read_to_end(&mut out));
        assert!(!matches!(read, Ok(Ok(_))) && out.len() <= 2 << 20);
    }

    #[test]
    fn refuses_what_is_no_zip() {
        let fault = Archive::open(
            Cursor::new(b"sourcedId".to_vec()),
            "p.zip",
            ArchiveLimits::default(),
        )
        .unwrap_err();
        assert!(fault.advice.contains("not a zip"), "{fault}");
    }
}
