//! When a key is published, signs, stops signing, and is destroyed. Pure: Unix seconds in, decisions out.
//!
//! A key is *next* from the moment it is made and published; *active* from `activates_at`; *retired* from `retires_at`,
//! when its successor takes over, and still published; *destroyed* when its private part has been wiped and nobody is
//! shown its public part any more. At most one key of an algorithm is next.

/// Seconds that a key must have been published before it signs: every node has read it by then, and serves it.
pub const SETTLING: i64 = 600;

/// The times of one key, in Unix seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyTimes {
    /// Made, and published from here on.
    pub created_at: i64,
    /// Signs from here on.
    pub activates_at: i64,
    /// Its successor signs from here on; absent while there is none.
    pub retires_at: Option<i64>,
    /// Its private part was wiped.
    pub destroyed_at: Option<i64>,
}

/// What a key is at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Published, not signing yet.
    Next,
    /// Signing.
    Active,
    /// Published, not signing any more.
    Retired,
    /// Neither.
    Destroyed,
}

impl State {
    /// The word for people.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Active => "active",
            Self::Retired => "retired",
            Self::Destroyed => "destroyed",
        }
    }
}

impl KeyTimes {
    /// What the key is at `now`.
    pub fn state(&self, now: i64) -> State {
        if self.destroyed_at.is_some() {
            State::Destroyed
        } else if self.retires_at.is_some_and(|at| at <= now) {
            State::Retired
        } else if self.activates_at <= now {
            State::Active
        } else {
            State::Next
        }
    }

    /// Whether the key belongs in the published set.
    pub fn is_published(&self) -> bool {
        self.destroyed_at.is_none()
    }
}

/// How long keys sign and how long they are published around that, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// From a key's activation to its successor's.
    pub active: i64,
    /// Published before the first signature, and after the last.
    pub lead: i64,
}

/// What is to be done for one algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Make a key that signs from this moment, and let the one before it retire then.
    Create {
        /// Unix seconds.
        activates_at: i64,
    },
    /// Wipe the private part of the key at this place of the list.
    Destroy {
        /// Index into the list that was given.
        index: usize,
    },
}

/// What the schedule asks for at `now`, given all keys of one algorithm in any order.
///
/// The first key ever signs at once: there is nothing that a relying party could have cached. Every other key is published
/// `lead` before it signs, even when the portal slept through its turn.
pub fn due(keys: &[KeyTimes], schedule: Schedule, now: i64) -> Vec<Step> {
    let mut steps = Vec::new();
    match newest(keys) {
        None => steps.push(Step::Create { activates_at: now }),
        Some(newest) => {
            let turn = newest.activates_at.saturating_add(schedule.active);
            if turn.saturating_sub(schedule.lead) <= now {
                steps.push(Step::Create {
                    activates_at: turn.max(now.saturating_add(schedule.lead.max(SETTLING))),
                });
            }
        }
    }
    for (index, key) in keys.iter().enumerate() {
        let gone = key
            .retires_at
            .is_some_and(|at| at.saturating_add(schedule.lead) <= now);
        if key.destroyed_at.is_none() && gone {
            steps.push(Step::Destroy { index });
        }
    }
    steps
}

/// When a key that an operator asks for may sign: after the publication lead, or, if it is urgent, as soon as every node
/// publishes it.
pub fn rotation(schedule: Schedule, urgent: bool, now: i64) -> i64 {
    now.saturating_add(if urgent {
        SETTLING
    } else {
        schedule.lead.max(SETTLING)
    })
}

/// The place of the key that signs at `now`, given all keys of one algorithm in any order; `None` when all are destroyed.
///
/// It is the latest to be activated among those published for [`SETTLING`] seconds, so that no node signs with a key that
/// another does not serve yet. Only when there is no such key does the oldest of the others sign: at the first start, and
/// after the one that signed was destroyed in an emergency, when a node that is half a minute late is the lesser evil.
pub fn signer(keys: &[KeyTimes], now: i64) -> Option<usize> {
    let with = |states: &'static [State]| {
        keys.iter()
            .enumerate()
            .filter(move |(_, key)| states.contains(&key.state(now)))
    };
    let settled = with(&[State::Active])
        .filter(|(_, key)| key.created_at.saturating_add(SETTLING) <= now)
        .max_by_key(|(_, key)| (key.activates_at, key.created_at));
    let oldest = || {
        with(&[State::Active, State::Next])
            .min_by_key(|(_, key)| (key.created_at, key.activates_at))
    };
    let last = || with(&[State::Retired]).max_by_key(|(_, key)| key.activates_at);
    settled
        .or_else(oldest)
        .or_else(last)
        .map(|(index, _)| index)
}

/// The key that a successor would follow: published, and without one yet.
fn newest(keys: &[KeyTimes]) -> Option<&KeyTimes> {
    keys.iter()
        .filter(|key| key.is_published() && key.retires_at.is_none())
        .max_by_key(|key| key.activates_at)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;
    const SCHEDULE: Schedule = Schedule {
        active: 30 * DAY,
        lead: DAY,
    };
    const T: i64 = 1_800_000_000;

    fn key(created_at: i64, activates_at: i64) -> KeyTimes {
        KeyTimes {
            created_at,
            activates_at,
            retires_at: None,
            destroyed_at: None,
        }
    }

    /// Does what the schedule asks for, as the store does.
    fn act(keys: &mut Vec<KeyTimes>, now: i64) {
        for step in due(keys, SCHEDULE, now) {
            match step {
                Step::Create { activates_at } => {
                    for old in keys.iter_mut() {
                        old.retires_at.get_or_insert(activates_at);
                    }
                    keys.push(key(now, activates_at));
                }
                Step::Destroy { index } => keys[index].destroyed_at = Some(now),
            }
        }
    }

    #[test]
    fn states_follow_the_times() {
        let mut one = key(T, T + DAY);
        assert_eq!(one.state(T + DAY - 1), State::Next);
        assert_eq!(one.state(T + DAY), State::Active);
        one.retires_at = Some(T + 31 * DAY);
        assert_eq!(one.state(T + 31 * DAY - 1), State::Active);
        assert_eq!(one.state(T + 31 * DAY), State::Retired);
        one.destroyed_at = Some(T + 32 * DAY);
        assert_eq!(one.state(T), State::Destroyed);
        assert!(!one.is_published());
    }

    #[test]
    fn the_first_key_signs_at_once() {
        assert_eq!(due(&[], SCHEDULE, T), [Step::Create { activates_at: T }]);
        assert_eq!(signer(&[key(T, T)], T), Some(0));
        assert_eq!(signer(&[], T), None);
    }

    #[test]
    fn a_year_passes() {
        let mut keys = Vec::new();
        let mut signed: Vec<usize> = Vec::new();
        for hour in 0..(365 * 24) {
            let now = T + hour * 3600;
            act(&mut keys, now);
            let chosen = signer(&keys, now).unwrap();
            assert_eq!(keys[chosen].state(now), State::Active);
            if signed.last() != Some(&chosen) {
                if !signed.is_empty() {
                    assert!(
                        now - keys[chosen].created_at >= DAY,
                        "published a day before"
                    );
                }
                signed.push(chosen);
            }
            let published = keys.iter().filter(|key| key.is_published()).count();
            assert!((1..=2).contains(&published), "{published} at hour {hour}");
        }
        assert_eq!(signed, (0..13).collect::<Vec<_>>());
        for pair in keys.windows(2) {
            assert_eq!(pair[1].activates_at - pair[0].activates_at, 30 * DAY);
            assert_eq!(pair[0].retires_at, Some(pair[1].activates_at));
        }
        for old in &keys[..11] {
            assert_eq!(old.destroyed_at, old.retires_at.map(|at| at + DAY));
        }
    }

    #[test]
    fn nothing_is_due_twice() {
        let mut keys = vec![key(T, T)];
        let now = T + 29 * DAY;
        assert_eq!(due(&keys, SCHEDULE, now - 1), []);
        assert_eq!(
            due(&keys, SCHEDULE, now),
            [Step::Create {
                activates_at: T + 30 * DAY
            }]
        );
        act(&mut keys, now);
        assert_eq!(due(&keys, SCHEDULE, now), []);
    }

    #[test]
    fn a_portal_that_slept_still_publishes_first() {
        let mut keys = vec![key(T, T)];
        let now = T + 200 * DAY;
        act(&mut keys, now);
        assert_eq!(keys[1].activates_at, now + DAY);
        assert_eq!(signer(&keys, now), Some(0));
        assert_eq!(signer(&keys, now + DAY), Some(1));
    }

    #[test]
    fn a_key_too_young_does_not_sign() {
        let keys = [key(T, T), key(T + 1000, T + 1000)];
        assert_eq!(signer(&keys, T + 1000), Some(0));
        assert_eq!(signer(&keys, T + 1000 + SETTLING - 1), Some(0));
        assert_eq!(signer(&keys, T + 1000 + SETTLING), Some(1));
        assert_eq!(rotation(SCHEDULE, true, T), T + SETTLING);
        assert_eq!(rotation(SCHEDULE, false, T), T + DAY);
    }

    #[test]
    fn after_the_signing_key_is_destroyed_the_next_one_signs() {
        let now = T + 29 * DAY + 10;
        let mut keys = [key(T, T), key(T + 29 * DAY, T + 30 * DAY)];
        keys[0].retires_at = Some(T + 30 * DAY);
        keys[0].destroyed_at = Some(now);
        assert_eq!(signer(&keys, now), Some(1));
        assert_eq!(due(&keys, SCHEDULE, now), []);
    }

    #[test]
    fn without_a_next_one_a_new_key_is_made_and_retired_ones_stay_retired() {
        let now = T + 40 * DAY;
        let mut keys = vec![key(T, T), key(T + 29 * DAY, T + 30 * DAY)];
        keys[0].retires_at = Some(T + 30 * DAY);
        keys[1].destroyed_at = Some(now);
        assert_eq!(signer(&keys, now), Some(0), "until there is another");
        let steps = due(&keys, SCHEDULE, now);
        assert_eq!(
            steps,
            [
                Step::Create { activates_at: now },
                Step::Destroy { index: 0 }
            ]
        );
        keys.push(key(now, now));
        assert_eq!(signer(&keys, now), Some(2));
    }
}
