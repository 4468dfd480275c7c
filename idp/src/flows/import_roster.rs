//! Importing a roster package: read it, compare it with what is stored, hold it where an administrator must look, write it in
//! one transaction. Nothing is half done: a refusal, a hold and a crash leave the roster as it was.

mod compare;
mod write;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest as _, Sha256};

use self::compare::Comparison;
use super::audit::{self, Event};
use super::{Context, FlowError};
use crate::district::grade::GradeTable;
use crate::district::oneroster::{
    self, ArchiveLimits, Fault, Options, Package, Quarantine, Strictness,
};
use crate::district::roster::hold::{self, Thresholds};
use crate::district::roster::summary::Summary;
use crate::store::imports::{self, ImportRecord};
use crate::store::{StoreError, Tx};

/// What to import, and how.
#[derive(Clone, Debug)]
pub struct Request {
    /// The zip.
    pub path: PathBuf,
    /// How much is repaired.
    pub strictness: Strictness,
    /// Only say what would happen.
    pub dry_run: bool,
    /// An administrator has looked at the reasons to hold.
    pub approved: bool,
    /// Who does it, for the history: `cli`, or a person's id.
    pub actor: String,
}

/// How far an import is; read by whoever draws a bar.
#[derive(Debug, Default)]
pub struct Progress {
    /// Inflated bytes of the package.
    pub total: AtomicU64,
    /// Inflated bytes read.
    pub read: AtomicU64,
    /// Rows to write.
    pub rows: AtomicU64,
    /// Rows written.
    pub written: AtomicU64,
}

impl Progress {
    pub(super) fn wrote(&self, rows: usize) {
        let rows = u64::try_from(rows).unwrap_or(u64::MAX);
        self.written.fetch_add(rows, Ordering::Relaxed);
    }
}

/// How an import ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Written.
    Applied,
    /// The package says what is stored.
    Unchanged,
    /// Nothing written: an administrator must look and approve.
    Held,
    /// Nothing written: the package is faulty.
    Refused,
    /// Nothing written: it was a dry run of something that would be applied.
    WouldApply,
    /// Nothing written: another import is running.
    Busy,
}

impl Ending {
    /// As in the history.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Unchanged => "unchanged",
            Self::Held => "held",
            Self::Refused => "refused",
            Self::WouldApply => "dry-run",
            Self::Busy => "busy",
        }
    }
}

/// An import's end and its story.
#[derive(Clone, Debug)]
pub struct Report {
    /// How it ended.
    pub ending: Ending,
    /// What was done, or would be.
    pub summary: Summary,
    /// Rows set aside.
    pub quarantine: Quarantine,
}

impl Report {
    fn of(ending: Ending) -> Self {
        Self {
            ending,
            summary: Summary::default(),
            quarantine: Quarantine::default(),
        }
    }
}

/// A package that has been read, with the zip's digest.
struct Reading {
    result: Result<Package, Fault>,
    digest: String,
}

/// Imports a package.
pub async fn import(
    cx: &Context,
    request: &Request,
    progress: &Arc<Progress>,
) -> Result<Report, FlowError> {
    let reading = read(cx, request, progress).await?;
    let package = match reading.result {
        Ok(package) => package,
        Err(fault) => return refuse(cx, request, &reading.digest, fault).await,
    };
    let version = package.version.as_str();
    let store = &cx.app.store;
    let Some(tx) = imports::begin(store).await? else {
        return Ok(Report::of(Ending::Busy));
    };
    let mut comparison = Comparison::make(cx, &tx, package).await?;
    comparison.summary.holds = hold::reasons(
        &comparison.package,
        &comparison.people,
        &comparison.known,
        &comparison.orgs,
        &thresholds(cx),
    );
    let ending = decide(&comparison.summary, request);
    if ending == Ending::Applied {
        write::write(cx, &tx, &comparison, progress).await?;
    }
    let report = Report {
        ending,
        summary: comparison.summary,
        quarantine: comparison.quarantine,
    };
    let record = record(cx, request, (version, &reading.digest), &report)?;
    let commits = matches!(ending, Ending::Applied | Ending::Unchanged) && !request.dry_run;
    if commits {
        remember(cx, &tx, record, &report).await?;
        imports::commit(store, tx).await?;
    } else {
        imports::roll_back(store, tx).await?;
        if !request.dry_run {
            keep(cx, record, &report).await?;
        }
    }
    Ok(report)
}

/// How an import ends, by what it would write and why it should wait.
fn decide(summary: &Summary, request: &Request) -> Ending {
    let held = !summary.holds.is_empty();
    if held && (request.dry_run || !request.approved) {
        Ending::Held
    } else if summary.is_unchanged() {
        Ending::Unchanged
    } else if request.dry_run {
        Ending::WouldApply
    } else {
        Ending::Applied
    }
}

/// Reads the package off the async threads.
async fn read(
    cx: &Context,
    request: &Request,
    progress: &Arc<Progress>,
) -> Result<Reading, FlowError> {
    let roster = cx.app.settings.roster.clone();
    let (path, strictness) = (request.path.clone(), request.strictness);
    let progress = progress.clone();
    tokio::task::spawn_blocking(move || {
        let aliases = roster.grade_aliases.iter();
        let grades = GradeTable::with_aliases(aliases.map(|(a, c)| (a.as_str(), c.as_str())));
        let name = file_name(&path);
        let opened = std::fs::File::open(&path).and_then(|file| Ok((digest(&path)?, file)));
        let (digest, file) = match opened {
            Ok(opened) => opened,
            Err(error) => {
                let advice = "The file cannot be opened. Look at its path and its permissions.";
                return Reading {
                    result: Err(Fault::of_file(name, &error.to_string(), advice)),
                    digest: String::new(),
                };
            }
        };
        let options = Options {
            package: &name,
            strictness,
            guardians: roster.import_guardians,
            birth_dates: roster.birth_dates,
            grades: &grades,
            limits: ArchiveLimits::default(),
            progress: &|bytes| {
                progress.read.fetch_add(bytes, Ordering::Relaxed);
            },
            total: &|bytes| progress.total.store(bytes, Ordering::Relaxed),
        };
        Reading {
            result: oneroster::read(file, &options),
            digest,
        }
    })
    .await
    .map_err(|error| FlowError::bug(format!("reading the package: {error}")))
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

/// SHA-256 of a file, hexadecimal.
fn digest(path: &Path) -> std::io::Result<String> {
    use std::fmt::Write as _;
    use std::io::Read as _;
    let mut file = std::fs::File::open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        hash.update(buffer.get(..read).unwrap_or_default());
    }
    let mut out = String::with_capacity(64);
    for byte in hash.finalize() {
        write!(out, "{byte:02x}").map_err(std::io::Error::other)?;
    }
    Ok(out)
}

fn thresholds(cx: &Context) -> Thresholds {
    let roster = &cx.app.settings.roster;
    Thresholds {
        deactivation_percent: roster.deactivation_percent,
        school_percent: roster.school_percent,
        rekeyed: roster.rekeyed,
        quarantine_percent: roster.quarantine_percent,
    }
}

/// Keeps a refusal in the history.
async fn refuse(
    cx: &Context,
    request: &Request,
    digest: &str,
    fault: Fault,
) -> Result<Report, FlowError> {
    let mut report = Report::of(Ending::Refused);
    report.summary.refusal = Some(fault);
    if !request.dry_run && !digest.is_empty() {
        let record = record(cx, request, ("", digest), &report)?;
        keep(cx, record, &report).await?;
    }
    Ok(report)
}

fn record(
    cx: &Context,
    request: &Request,
    (version, digest): (&str, &str),
    report: &Report,
) -> Result<ImportRecord, FlowError> {
    Ok(ImportRecord {
        id: cx.app.random.id(cx.now),
        state: report.ending.as_str().to_owned(),
        mode: match request.strictness {
            Strictness::Strict => "strict",
            Strictness::Tolerant => "tolerant",
        }
        .to_owned(),
        oneroster_version: version.to_owned(),
        file_name: file_name(&request.path),
        file_digest: digest.to_owned(),
        summary: serde_json::to_string(&report.summary).map_err(FlowError::bug)?,
        started_at: cx.now,
        finished_at: Some(cx.app.clock.now()),
        actor: Some(request.actor.clone()),
    })
}

/// Remembers an import that wrote nothing, in a transaction of its own.
async fn keep(cx: &Context, record: ImportRecord, report: &Report) -> Result<(), FlowError> {
    let tx = cx.app.store.begin().await?;
    remember(cx, &tx, record, report).await?;
    tx.commit().await.map_err(StoreError::from)?;
    Ok(())
}

/// History, quarantine and audit row of an import.
async fn remember(
    cx: &Context,
    tx: &Tx,
    record: ImportRecord,
    report: &Report,
) -> Result<(), FlowError> {
    let event = Event::new("import_roster")
        .target_kind("import", record.id.clone())
        .field("file", record.file_name.clone())
        .field("digest", record.file_digest.clone())
        .field("quarantined", report.quarantine.total());
    let event = match &record.actor {
        Some(actor) if actor != "cli" => event.actor(&crate::ids::PersonId::new(actor.clone())),
        _ => event.actor_kind("cli", "roster"),
    };
    let event = match report.ending {
        Ending::Applied | Ending::Unchanged => event.field("ending", report.ending.as_str()),
        ending => event.refused(ending.as_str()),
    };
    let id = record.id.clone();
    imports::insert(tx, record).await?;
    let rows = report.quarantine.rows.iter();
    let rows = rows.map(|fault| (cx.app.random.id(cx.now), fault));
    imports::insert_quarantine(tx, &id, rows).await?;
    audit::record_in(tx, cx, event).await
}
