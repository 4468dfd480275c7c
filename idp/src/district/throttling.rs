//! How often a password may be tried: so many free failures in a window, then waits that grow, then a hard end. Counted by
//! account and lane, so that a classmate's guesses stop neither the school nor the owner's own device.

use serde::{Deserialize, Serialize};

use crate::clock::{Lifetime, Timestamp};
use crate::config::{Limits, Throttling};

/// Where a try comes from; each lane has its own count of an account's failures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Lane {
    /// A device that has signed in to this account within 180 days.
    KnownDevice,
    /// The district's networks.
    SchoolNetwork,
    /// Anywhere else.
    Anywhere,
}

impl Lane {
    /// As counted and stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::KnownDevice => "device",
            Self::SchoolNetwork => "school",
            Self::Anywhere => "anywhere",
        }
    }

    /// The lane's limits.
    pub const fn limits(self, throttling: &Throttling) -> &Limits {
        match self {
            Self::KnownDevice => &throttling.known_device,
            Self::SchoolNetwork => &throttling.school_network,
            Self::Anywhere => &throttling.anywhere,
        }
    }
}

/// Where an account stands in a lane once its free failures are used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// How many waits there have been, this one included.
    pub round: u32,
    /// Until when nothing is evaluated.
    pub until: Timestamp,
}

impl Waiting {
    /// How long the wait lasts from `now`; none when it is over.
    pub fn left(&self, now: Timestamp) -> Option<Lifetime> {
        let left = self.until.seconds_since(now);
        (left > 0).then(|| Lifetime::seconds(u32::try_from(left).unwrap_or(u32::MAX)))
    }

    /// When it is forgotten: a window after its end, the lane starts afresh.
    pub const fn forgotten_at(&self, limits: &Limits) -> Timestamp {
        self.until.plus(limits.window)
    }
}

/// How many tries a round admits: the free ones before the first wait, one after each.
pub fn allowance(limits: &Limits, round: u32) -> u64 {
    if round == 0 {
        u64::from(limits.free.max(1))
    } else {
        1
    }
}

/// The wait that follows the last try of `round`; none before it is used up. The last of the waits repeats.
pub fn after_failure(limits: &Limits, round: u32, tries: u64, now: Timestamp) -> Option<Waiting> {
    (tries >= allowance(limits, round)).then(|| {
        let last = limits.waits.len().saturating_sub(1);
        let at = (round as usize).min(last);
        let wait = limits.waits.get(at).copied().unwrap_or(limits.window);
        Waiting {
            round: round.saturating_add(1),
            until: now.plus(wait),
        }
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    const START: Timestamp = Timestamp::from_unix(1_800_000_000);

    /// The steps of `flows/limits.rs` on plain maps, for one account.
    #[derive(Default)]
    struct Model {
        waiting: HashMap<Lane, Waiting>,
        rounds: HashMap<(Lane, u32), (u64, Timestamp)>,
        failures: HashMap<Lane, u32>,
        in_a_row: u32,
    }

    impl Model {
        /// Tries once; true when the password was evaluated.
        fn attempt(
            &mut self,
            throttling: &Throttling,
            lane: Lane,
            right: bool,
            now: Timestamp,
        ) -> bool {
            let limits = lane.limits(throttling);
            let failures = self.failures.get(&lane).copied().unwrap_or_default();
            if failures >= limits.hard_end {
                return false;
            }
            let waiting = self
                .waiting
                .get(&lane)
                .copied()
                .filter(|w| now < w.forgotten_at(limits));
            if waiting.is_some_and(|waiting| waiting.left(now).is_some()) {
                return false;
            }
            let round = waiting.map_or(0, |waiting| waiting.round);
            let entry = self
                .rounds
                .entry((lane, round))
                .or_insert((0, now.plus(limits.window)));
            if entry.1 <= now {
                *entry = (0, now.plus(limits.window));
            }
            entry.0 += 1;
            let tries = entry.0;
            if tries > allowance(limits, round) {
                return false;
            }
            if right {
                self.waiting.remove(&lane);
                self.rounds.retain(|(of, _), _| *of != lane);
                self.failures.remove(&lane);
                self.in_a_row = 0;
            } else {
                *self.failures.entry(lane).or_default() += 1;
                self.in_a_row += 1;
                if let Some(next) = after_failure(limits, round, tries, now) {
                    self.waiting.insert(lane, next);
                }
            }
            true
        }
    }

    fn run(lane: Lane, tries: u32, every: i64) -> Vec<i64> {
        let throttling = Throttling::default();
        let mut model = Model::default();
        (0..tries)
            .map(|n| i64::from(n) * every)
            .filter(|at| {
                let now = Timestamp::from_unix(START.unix() + at);
                model.attempt(&throttling, lane, false, now)
            })
            .collect()
    }

    #[test]
    fn waits_grow_after_the_free_failures() {
        // One wrong password a second from anywhere: five at once, then after 1, 5, 15, 30 minutes and 2 hours.
        let evaluated = run(Lane::Anywhere, 13_000, 1);
        assert_eq!(evaluated[..5], [0, 1, 2, 3, 4]);
        let pauses: Vec<i64> = evaluated[4..]
            .windows(2)
            .map(|pair| pair[1] - pair[0])
            .collect();
        assert_eq!(pauses, [60, 300, 900, 1800, 7200]);
    }

    #[test]
    fn a_lane_ends_hard_and_the_others_stay_open() {
        let throttling = Throttling::default();
        for (lane, end) in [
            (Lane::KnownDevice, 40),
            (Lane::SchoolNetwork, 30),
            (Lane::Anywhere, 30),
        ] {
            assert_eq!(run(lane, 100_000, 700).len(), end, "{lane:?}");
        }
        let mut model = Model::default();
        for n in 0..200_000 {
            let now = Timestamp::from_unix(START.unix() + n * 60);
            model.attempt(&throttling, Lane::Anywhere, false, now);
        }
        assert_eq!(model.in_a_row, 30);
        let later = Timestamp::from_unix(START.unix() + 200_001 * 60);
        assert!(model.attempt(&throttling, Lane::KnownDevice, true, later));
    }

    #[test]
    fn no_sequence_of_events_evaluates_more_than_a_hundred_failures_in_a_row() {
        use rand::{Rng as _, SeedableRng as _};
        let throttling = Throttling::default();
        let mut rng = rand_chacha::ChaCha20Rng::seed_from_u64(7);
        let mut worst = 0;
        for _ in 0..300 {
            let mut model = Model::default();
            let mut now = START;
            // Some sequences are an attacker's alone, in some the owner comes by.
            let owner = rng.next_u32().is_multiple_of(2);
            for _ in 0..400 {
                let lane = match rng.next_u32() % 3 {
                    0 => Lane::KnownDevice,
                    1 => Lane::SchoolNetwork,
                    _ => Lane::Anywhere,
                };
                let step = rng.next_u32() % [1, 30, 900, 20_000][(rng.next_u32() % 4) as usize];
                now = now.plus(Lifetime::seconds(step));
                let right = owner && rng.next_u32().is_multiple_of(25);
                model.attempt(&throttling, lane, right, now);
                worst = worst.max(model.in_a_row);
            }
        }
        assert!(worst <= 100, "{worst}");
        assert!(worst > 40, "the model saw the lanes add up: {worst}");
    }

    #[test]
    fn a_success_starts_the_lane_afresh() {
        let throttling = Throttling::default();
        let mut model = Model::default();
        for _ in 0..4 {
            assert!(model.attempt(&throttling, Lane::Anywhere, false, START));
        }
        assert!(model.attempt(&throttling, Lane::Anywhere, true, START));
        for _ in 0..5 {
            assert!(model.attempt(&throttling, Lane::Anywhere, false, START));
        }
        assert!(!model.attempt(&throttling, Lane::Anywhere, true, START));
    }
}
