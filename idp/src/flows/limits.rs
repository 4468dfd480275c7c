//! The one guard before every secret that people type: passwords by lanes, claims by tallies. Counting comes before
//! evaluating, so a hundred guesses at one moment are evaluated no oftener than a hundred in a row.
//!
//! | secret | counted by | limit |
//! |---|---|---|
//! | password | account and lane | `throttling.known_device`, `.school_network`, `.anywhere`: free failures, waits, hard end |
//! | claim | number | `throttling.claims_per_number_hour`, `.claims_per_number_day` |
//! | claim | last and first name | `throttling.claims_per_name_hour` |
//! | claim | device | `throttling.claims_per_device_hour` |
//!
//! Short counts expire; hard ends are rows. The names of counters are keyed hashes: no number and no name stands in them.

use super::{Context, FlowError};
use crate::app::App;
use crate::clock::{Lifetime, Timestamp};
use crate::district::throttling::{Lane, Waiting, after_failure, allowance};
use crate::ephemeral::Kind;
use crate::ids::PersonId;
use crate::secret::keyed_text;
use crate::store::{failure_counts, support_codes};

/// What stands before the keys of names that nobody has.
pub const UNKNOWN: &str = "?";

/// The key under which failures of an account are counted: the person's id, or a keyed hash of a name that nobody has.
pub fn account_key(cx: &Context, person: Option<&PersonId>, typed: &str) -> String {
    person.map_or_else(
        || {
            let hash = keyed_text(&cx.app.secrets.names, &[b"sign-in", typed.as_bytes()]);
            format!("{UNKNOWN}{hash}")
        },
        ToString::to_string,
    )
}

/// Why a password is not evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// Not for so long.
    Wait(Lifetime),
    /// Not from this lane any more, until the password has been reset or has been right in it.
    Closed,
}

/// A password that may be evaluated. It has been counted; say how it went.
#[derive(Debug)]
pub struct Attempt {
    account: String,
    lane: Lane,
    round: u32,
    tries: u64,
    failures: i64,
    counted: bool,
}

/// Whether a password would be stopped at this moment. Counts nothing; asked before the queue for hashing, so that who must
/// wait takes no place in it.
pub async fn stopped(cx: &Context, account: &str, lane: Lane) -> Result<Option<Stop>, FlowError> {
    if cx.app.settings.testing.unthrottled() {
        return Ok(None);
    }
    let limits = lane.limits(&cx.app.settings.throttling);
    if failures(cx, account, lane).await? >= i64::from(limits.hard_end) {
        return Ok(Some(Stop::Closed));
    }
    let waiting = waiting(cx, account, lane).await?;
    Ok(waiting
        .and_then(|waiting| waiting.left(cx.now))
        .map(Stop::Wait))
}

/// Counts a password that is about to be evaluated.
pub async fn begin(
    cx: &Context,
    account: &str,
    lane: Lane,
) -> Result<Result<Attempt, Stop>, FlowError> {
    let mut attempt = Attempt {
        account: account.to_owned(),
        lane,
        round: 0,
        tries: 0,
        failures: 0,
        counted: false,
    };
    if cx.app.settings.testing.unthrottled() {
        return Ok(Ok(attempt));
    }
    let limits = lane.limits(&cx.app.settings.throttling);
    let hard_end = i64::from(limits.hard_end);
    attempt.failures = failures(cx, account, lane).await?;
    if attempt.failures >= hard_end {
        return Ok(Err(Stop::Closed));
    }
    let waiting = waiting(cx, account, lane).await?;
    if let Some(left) = waiting.and_then(|waiting| waiting.left(cx.now)) {
        return Ok(Err(Stop::Wait(left)));
    }
    attempt.round = waiting.map_or(0, |waiting| waiting.round);
    let id = round_id(account, lane, attempt.round);
    attempt.tries = cx
        .app
        .ephemeral
        .count(Kind::RateLimit, &id, limits.window, cx.now)
        .await?;
    if attempt.tries > allowance(limits, attempt.round) {
        // Another try of this round is being evaluated; the wait that follows it begins now.
        let next = after_failure(limits, attempt.round, attempt.tries, cx.now);
        let left = next
            .and_then(|waiting| waiting.left(cx.now))
            .unwrap_or(limits.window);
        return Ok(Err(Stop::Wait(left)));
    }
    // Far from the hard end a failure is counted when it is one, so that a right password costs no write. Near it every try
    // is counted first: no number of them at one moment gets past the end.
    let at_once = i64::from(limits.free).saturating_mul(2).max(2);
    if attempt.failures + at_once >= hard_end {
        let room = failure_counts::add(
            cx.app.store.relaxed(),
            account,
            lane.as_str(),
            hard_end,
            cx.now,
        )
        .await?;
        if !room {
            return Ok(Err(Stop::Closed));
        }
        attempt.counted = true;
    }
    Ok(Ok(attempt))
}

impl Attempt {
    /// The password was wrong.
    pub async fn failed(self, cx: &Context) -> Result<(), FlowError> {
        if cx.app.settings.testing.unthrottled() {
            return Ok(());
        }
        let limits = self.lane.limits(&cx.app.settings.throttling);
        if let Some(next) = after_failure(limits, self.round, self.tries, cx.now) {
            let id = waiting_id(&self.account, self.lane);
            let until = next.forgotten_at(limits);
            cx.app
                .ephemeral
                .put(Kind::RateLimit, &id, &next, until)
                .await?;
        }
        if !self.counted {
            let (store, lane) = (cx.app.store.relaxed(), self.lane.as_str());
            failure_counts::add(store, &self.account, lane, i64::MAX, cx.now).await?;
        }
        Ok(())
    }

    /// The password was right: the lane starts afresh.
    pub async fn succeeded(self, cx: &Context) -> Result<(), FlowError> {
        if cx.app.settings.testing.unthrottled() {
            return Ok(());
        }
        forget(cx, &self.account, self.lane, self.round).await?;
        if self.counted || self.failures > 0 {
            let store = cx.app.store.relaxed();
            failure_counts::clear(store, &self.account, self.lane.as_str()).await?;
        }
        Ok(())
    }
}

/// Lifts all waits and hard ends of an account, as after a reset or by a teacher.
pub async fn lift(cx: &Context, person: &PersonId) -> Result<(), FlowError> {
    let account = person.as_str();
    for lane in [Lane::KnownDevice, Lane::SchoolNetwork, Lane::Anywhere] {
        let waiting = waiting(cx, account, lane).await?;
        forget(
            cx,
            account,
            lane,
            waiting.map_or(0, |waiting| waiting.round),
        )
        .await?;
    }
    failure_counts::clear_all(cx.app.store.relaxed(), account).await?;
    Ok(())
}

/// Forgets what helps nobody any more: failures of names that nobody has, a day old, and expired support codes.
pub async fn forget_old(app: &App) -> Result<(), FlowError> {
    let now = app.clock.now();
    let store = app.store.relaxed();
    failure_counts::delete_stale(store, UNKNOWN, now.minus(Lifetime::days(1))).await?;
    support_codes::delete_expired(store, now).await?;
    Ok(())
}

/// Forgets the tries of every round up to `round`, and the wait.
async fn forget(cx: &Context, account: &str, lane: Lane, round: u32) -> Result<(), FlowError> {
    for round in 0..=round {
        cx.app
            .ephemeral
            .delete(Kind::RateLimit, &round_id(account, lane, round))
            .await?;
    }
    if round > 0 {
        cx.app
            .ephemeral
            .delete(Kind::RateLimit, &waiting_id(account, lane))
            .await?;
    }
    Ok(())
}

async fn failures(cx: &Context, account: &str, lane: Lane) -> Result<i64, FlowError> {
    Ok(failure_counts::find(cx.app.store.read(), account, lane.as_str()).await?)
}

async fn waiting(cx: &Context, account: &str, lane: Lane) -> Result<Option<Waiting>, FlowError> {
    let id = waiting_id(account, lane);
    Ok(cx.app.ephemeral.get(Kind::RateLimit, &id, cx.now).await?)
}

fn round_id(account: &str, lane: Lane, round: u32) -> String {
    format!("password:{}:{account}:{round}", lane.as_str())
}

fn waiting_id(account: &str, lane: Lane) -> String {
    format!("password:{}:{account}:wait", lane.as_str())
}

/// Something that may fail so many times in a window; windows begin at whole multiples of their length.
#[derive(Clone, Debug)]
pub struct Tally {
    /// What is counted, as `claim-number`.
    name: &'static str,
    /// Keyed hash of whom it is counted for.
    who: String,
    limit: u64,
    window: Lifetime,
}

impl Tally {
    /// At most `limit` failures of `who` in each `window`.
    pub fn new(
        cx: &Context,
        name: &'static str,
        who: &[&str],
        limit: u32,
        window: Lifetime,
    ) -> Self {
        let mut parts = vec![name.as_bytes()];
        parts.extend(who.iter().map(|part| part.as_bytes()));
        let who = keyed_text(&cx.app.secrets.names, &parts);
        Self {
            name,
            who,
            limit: limit.into(),
            window,
        }
    }

    fn id(&self, now: Timestamp, what: &str) -> String {
        let window = i64::from(self.window.as_seconds().max(1));
        let number = now.unix().div_euclid(window);
        format!("{}:{}:{number}:{what}", self.name, self.who)
    }

    fn ends_in(&self, now: Timestamp) -> Lifetime {
        let window = i64::from(self.window.as_seconds().max(1));
        let left = window - now.unix().rem_euclid(window);
        Lifetime::seconds(u32::try_from(left).unwrap_or(u32::MAX))
    }
}

/// Tries that have been counted and may go on.
#[derive(Debug)]
pub struct Counted(Vec<Tally>);

/// Counts a try in every tally, before it is evaluated. The longest wait of those that are full comes back instead.
///
/// Failures are the tries without the successes. Both only ever grow, so no order of events counts too few.
pub async fn count(
    cx: &Context,
    tallies: Vec<Tally>,
) -> Result<Result<Counted, Lifetime>, FlowError> {
    if cx.app.settings.testing.unthrottled() {
        return Ok(Ok(Counted(Vec::new())));
    }
    let ephemeral = &cx.app.ephemeral;
    let mut wait = None;
    for tally in &tallies {
        let (all, right) = (tally.id(cx.now, "all"), tally.id(cx.now, "right"));
        let tries = ephemeral
            .count(Kind::RateLimit, &all, tally.window, cx.now)
            .await?;
        let successes: Option<u64> = ephemeral.get(Kind::RateLimit, &right, cx.now).await?;
        if tries.saturating_sub(successes.unwrap_or(0)) > tally.limit {
            wait = wait.max(Some(tally.ends_in(cx.now)));
        }
    }
    Ok(wait.map_or(Ok(Counted(tallies)), Err))
}

impl Counted {
    /// The try was right and counts as no failure.
    pub async fn succeeded(self, cx: &Context) -> Result<(), FlowError> {
        for tally in &self.0 {
            let id = tally.id(cx.now, "right");
            cx.app
                .ephemeral
                .count(Kind::RateLimit, &id, tally.window, cx.now)
                .await?;
        }
        Ok(())
    }
}
