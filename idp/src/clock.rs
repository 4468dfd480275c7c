//! Time as a value: seconds since the epoch, and the one place that reads the machine's clock.
//! Everything else receives `now: Timestamp`.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

/// A moment, in Unix seconds (UTC). The unit of JWT `NumericDate` (RFC 7519 §2) and of every column that holds a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(i64);

/// A span of time, in whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Lifetime(u32);

impl Timestamp {
    /// From Unix seconds.
    pub const fn from_unix(seconds: i64) -> Self {
        Self(seconds)
    }

    /// As Unix seconds.
    pub const fn unix(self) -> i64 {
        self.0
    }

    /// This moment and `span` later; saturates.
    #[must_use]
    pub const fn plus(self, span: Lifetime) -> Self {
        Self(self.0.saturating_add(span.0 as i64))
    }

    /// This moment and `span` earlier; saturates.
    #[must_use]
    pub const fn minus(self, span: Lifetime) -> Self {
        Self(self.0.saturating_sub(span.0 as i64))
    }

    /// Seconds from `earlier` to this moment; negative when `earlier` is later.
    pub const fn seconds_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// RFC 3339 in UTC with whole seconds, as `2026-08-05T12:00:00Z`.
    pub fn to_rfc3339(self) -> String {
        DateTime::<Utc>::from_timestamp(self.0, 0)
            .unwrap_or_default()
            .to_rfc3339_opts(SecondsFormat::Secs, true)
    }

    /// The calendar day in the time zone of the district.
    pub fn date_in(self, zone: chrono_tz::Tz) -> NaiveDate {
        self.local(zone).date_naive()
    }

    /// This moment on the wall clock of the district.
    pub fn local(self, zone: chrono_tz::Tz) -> DateTime<chrono_tz::Tz> {
        DateTime::<Utc>::from_timestamp(self.0, 0)
            .unwrap_or_default()
            .with_timezone(&zone)
    }
}

impl Lifetime {
    /// From seconds.
    pub const fn seconds(seconds: u32) -> Self {
        Self(seconds)
    }

    /// From minutes.
    pub const fn minutes(minutes: u32) -> Self {
        Self(minutes.saturating_mul(60))
    }

    /// From hours.
    pub const fn hours(hours: u32) -> Self {
        Self(hours.saturating_mul(3600))
    }

    /// From days of 24 hours.
    pub const fn days(days: u32) -> Self {
        Self(days.saturating_mul(86_400))
    }

    /// As seconds.
    pub const fn as_seconds(self) -> u32 {
        self.0
    }
}

/// Where `now` comes from. `Fixed` is an ordinary variant, because integration tests link the real library.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's clock.
    System,
    /// A clock that stands still until a test moves it.
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `at`.
    pub fn fixed(at: Timestamp) -> Self {
        Self::Fixed(Arc::new(AtomicI64::new(at.unix())))
    }

    /// The present second. Call once a request and pass the value down.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the clock"
    )]
    pub fn now(&self) -> Timestamp {
        match self {
            Self::System => Timestamp(Utc::now().timestamp()),
            Self::Fixed(seconds) => Timestamp(seconds.load(Ordering::SeqCst)),
        }
    }

    /// Moves a fixed clock; does nothing to the machine's.
    pub fn advance(&self, seconds: i64) {
        if let Self::Fixed(at) = self {
            at.fetch_add(seconds, Ordering::SeqCst);
        }
    }
}

/// A stopwatch for logs, metrics and waits inside the process; never for expiry.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(std::time::Instant);

impl Stopwatch {
    /// Starts now.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the monotonic clock"
    )]
    pub fn start() -> Self {
        Self(std::time::Instant::now())
    }

    /// Time since the start.
    pub fn elapsed(&self) -> std::time::Duration {
        self.0.elapsed()
    }
}
