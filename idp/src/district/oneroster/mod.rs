//! Reading a OneRoster CSV package: 1.1, 1.2 and 1.2.1, bulk and delta. Pure: bytes in, a [`Package`] or a [`Fault`] out.
//!
//! The zip is opened in `archive`, the manifest read in `manifest`, bytes become records in `csv`, rows are read under a
//! checked `header` in `table`, cells become values in `values` and `rows`, and `read` puts the files together.

mod archive;
mod columns;
mod csv;
mod duplicates;
mod fault;
mod header;
mod manifest;
mod merge;
pub mod package;
mod read;
mod reference;
mod rows;
mod table;
pub mod values;

pub use self::archive::ArchiveLimits;
pub use self::columns::{File, Version};
pub use self::fault::{Fault, Note, Notes, Quarantine};
pub use self::package::Package;
pub use self::read::{Options, read};

use serde::{Deserialize, Serialize};

/// How much of what real exports get wrong is repaired.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Strictness {
    /// Nothing: as a certification suite demands. The first flaw of a row refuses the package.
    Strict,
    /// Case of headers and of `true` and `false`, absent optional columns at the end, empty optional files; each is reported.
    /// A row with any other flaw is set aside. Ids, roles and references are never repaired.
    #[default]
    Tolerant,
}

/// Whether a file is the whole set or holds changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileMode {
    /// The whole set: what is missing has left.
    Bulk,
    /// Changes only.
    Delta,
}

impl FileMode {
    /// As in the manifest.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bulk => "bulk",
            Self::Delta => "delta",
        }
    }
}
