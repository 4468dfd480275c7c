//! The generator's own clocks.

use std::time::{Duration, Instant};

/// A point of the monotonic clock.
#[derive(Clone, Copy, Debug)]
pub struct Mark(Instant);

impl Mark {
    /// Now.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place of the generator that reads the monotonic clock"
    )]
    pub fn now() -> Self {
        Self(Instant::now())
    }

    /// Time since this mark.
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }

    /// Time from this mark to `later`; zero when it lies before.
    pub fn until(self, later: Self) -> Duration {
        later.0.saturating_duration_since(self.0)
    }

    /// `span` later.
    pub fn plus(self, span: Duration) -> Self {
        Self(self.0 + span)
    }

    /// For the runtime's timers.
    pub fn instant(self) -> Instant {
        self.0
    }
}

/// The present Unix second.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place of the generator that reads the time of day"
)]
pub fn unix() -> u64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| since.as_secs())
}
