//! The file with the key-encryption key: lines of `id base64url(32 bytes)`. The first line seals; all lines open, so that
//! a new key can be put in front and the old one leave once everything has been sealed anew.

use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::error::KekError;

/// A file of keys is small; a larger one is something else.
const MAX_FILE: u64 = 16 * 1024;

type NamedKey = (String, Zeroizing<[u8; 32]>);

/// The key-encryption keys of one installation. `Debug` prints ids only; the keys are wiped at the end.
pub struct Kek {
    file: PathBuf,
    keys: Vec<NamedKey>,
}

impl fmt::Debug for Kek {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<_> = self.keys.iter().map(|(id, _)| id).collect();
        f.debug_struct("Kek")
            .field("file", &self.file)
            .field("ids", &ids)
            .finish_non_exhaustive()
    }
}

impl Kek {
    /// Reads the file at `path`; makes it first, with one new key and mode 0400, when it is not there. Several processes may
    /// do so at once: one makes the file, all read the same key.
    pub fn load_or_create(path: &Path) -> Result<Self, KekError> {
        match Self::load(path) {
            Err(KekError::Io { error, .. }) if error.kind() == ErrorKind::NotFound => {
                create(path)?;
                Self::load(path)
            }
            other => other,
        }
    }

    /// Reads the file at `path`.
    pub fn load(path: &Path) -> Result<Self, KekError> {
        let io = |error| KekError::Io {
            path: path.to_owned(),
            error,
        };
        let file = File::open(path).map_err(io)?;
        if file.metadata().map_err(io)?.permissions().mode() & 0o007 != 0 {
            return Err(KekError::Open {
                path: path.to_owned(),
            });
        }
        let mut text = Zeroizing::new(String::new());
        file.take(MAX_FILE).read_to_string(&mut text).map_err(io)?;
        Ok(Self {
            file: path.to_owned(),
            keys: parse(path, &text)?,
        })
    }

    /// The file that was read.
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The id of the key that seals.
    pub fn id(&self) -> &str {
        self.keys.first().map_or("", |(id, _)| id)
    }

    pub(crate) fn sealing(&self) -> Option<(&str, &[u8; 32])> {
        self.keys.first().map(|(id, key)| (id.as_str(), &**key))
    }

    pub(crate) fn find(&self, id: &str) -> Option<&[u8; 32]> {
        self.keys
            .iter()
            .find(|(known, _)| known == id)
            .map(|(_, key)| &**key)
    }
}

fn parse(path: &Path, text: &str) -> Result<Vec<NamedKey>, KekError> {
    let malformed = |line, what| KekError::Malformed {
        path: path.to_owned(),
        line,
        what,
    };
    let mut keys: Vec<NamedKey> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        if line.trim().is_empty() {
            continue;
        }
        let mut words = line.split_ascii_whitespace();
        let (Some(id), Some(encoded), None) = (words.next(), words.next(), words.next()) else {
            return Err(malformed(
                number,
                "write an id, a space and 32 bytes in base64url without padding (43 characters)",
            ));
        };
        // A dot would end the id inside a sealed text.
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        if id.len() > 32 || !id.bytes().all(plain) {
            return Err(malformed(
                number,
                "an id is 1 to 32 letters, digits, hyphens and underscores",
            ));
        }
        if keys.iter().any(|(known, _)| known == id) {
            return Err(malformed(number, "this id stands in the file twice"));
        }
        let bytes = URL_SAFE_NO_PAD.decode(encoded).map(Zeroizing::new);
        let key = bytes
            .ok()
            .and_then(|bytes| <[u8; 32]>::try_from(bytes.as_slice()).ok());
        let Some(key) = key else {
            return Err(malformed(
                number,
                "the key is not 32 bytes in base64url without padding (43 characters)",
            ));
        };
        keys.push((id.to_owned(), Zeroizing::new(key)));
    }
    if keys.is_empty() {
        return Err(malformed(
            0,
            "it holds no key; give back the file that was there",
        ));
    }
    Ok(keys)
}

/// Writes a new key beside `path`, then gives it its name by a hard link: the link is made at once or not at all and never
/// replaces a file, so nobody reads half a key and the loser of a race does not throw the winner's key away. The file and
/// its folder are on disk before anything is sealed under it: losing it would be losing all that is sealed.
fn create(path: &Path) -> Result<(), KekError> {
    let io = |error| KekError::Io {
        path: path.to_owned(),
        error,
    };
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut key = Zeroizing::new([0; 32]);
    let mut name = [0; 8];
    aws_lc_rs::rand::fill(&mut *key).map_err(|_| KekError::Random)?;
    aws_lc_rs::rand::fill(&mut name).map_err(|_| KekError::Random)?;
    let id = format!("{:016x}", u64::from_be_bytes(name));
    let line = Zeroizing::new(format!(
        "{id} {}\n",
        *Zeroizing::new(URL_SAFE_NO_PAD.encode(*key))
    ));
    let draft = folder.join(format!(".kek-{id}"));
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o400)
        .open(&draft)
        .and_then(|mut file| {
            file.write_all(line.as_bytes())?;
            file.sync_all()
        })
        .and_then(|()| match std::fs::hard_link(&draft, path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
            other => other,
        });
    let removed = std::fs::remove_file(&draft);
    written.map_err(io)?;
    removed.map_err(io)?;
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(io)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str, mode: u32) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kek");
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        (folder, path)
    }

    #[test]
    fn the_first_start_makes_a_file_that_only_its_owner_reads() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kek");
        let made = Kek::load_or_create(&path).unwrap();
        let permissions = std::fs::metadata(&path).unwrap().permissions();
        assert_eq!(permissions.mode() & 0o777, 0o400);
        let again = Kek::load_or_create(&path).unwrap();
        assert_eq!(made.sealing(), again.sealing());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(!format!("{made:?}").contains(&URL_SAFE_NO_PAD.encode(made.sealing().unwrap().1)));
    }

    #[test]
    fn starting_at_once_all_read_the_same_key() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kek");
        let ids: Vec<String> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| scope.spawn(|| Kek::load_or_create(&path).unwrap().id().to_owned()))
                .collect();
            threads.into_iter().map(|t| t.join().unwrap()).collect()
        });
        assert!(ids.windows(2).all(|pair| pair[0] == pair[1]), "{ids:?}");
    }

    #[test]
    fn malformed_files_are_refused_by_line() {
        let good = format!("a {}\n", URL_SAFE_NO_PAD.encode([1; 32]));
        let cases = [
            (String::new(), "holds no key"),
            ("\n \n".to_owned(), "holds no key"),
            ("a\n".to_owned(), "line 1: write an id"),
            (format!("{good}b c d\n"), "line 2: write an id"),
            (format!("{good}b AAAA\n"), "line 2: the key is not 32 bytes"),
            (
                format!("{good}b {}=\n", URL_SAFE_NO_PAD.encode([1; 32])),
                "line 2: the key is",
            ),
            (
                format!("{good}\n{good}"),
                "line 3: this id stands in the file twice",
            ),
            (good.replace("a ", "a.b "), "line 1: an id is"),
        ];
        for (text, expected) in cases {
            let (_folder, path) = file(&text, 0o400);
            let error = Kek::load(&path).unwrap_err().to_string();
            assert!(error.contains(expected), "{text:?}: {error}");
            assert!(!error.contains('\n'));
        }
    }

    #[test]
    fn a_file_that_everybody_reads_is_refused() {
        let text = format!("a {}\n", URL_SAFE_NO_PAD.encode([1; 32]));
        let (_folder, path) = file(&text, 0o444);
        assert!(matches!(Kek::load(&path), Err(KekError::Open { .. })));
        let (_folder, path) = file(&text, 0o440);
        assert_eq!(Kek::load(&path).unwrap().id(), "a");
    }
}
