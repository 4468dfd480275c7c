//! The August reset: asked for, approved by a second person, run in batches when its time comes, undone within a day.
//! Usernames, subjects, favorites and order stay; passwords, answers, sessions, codes and refresh tokens go.

use super::audit::{Event, record_in};
use super::{Context, FlowError};
use crate::clock::Timestamp;
use crate::district::reset::{Reset, Scope, State, UNDO, confirmation};
use crate::store::{StoreError, reset_jobs};

/// Accounts of one transaction: large enough to be fast, small enough that sign-ins pass in between.
const BATCH: u64 = 1000;
/// How often a batch that lost against another node's is tried again.
const TRIES: u32 = 5;

/// What a person decided about a reset.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It is as asked for.
    Done(Reset),
    /// The typed confirmation does not say what it must.
    NotConfirmed {
        /// What must be typed.
        expected: String,
    },
    /// Nothing to reset in that scope.
    Empty,
    /// No such reset.
    Unknown,
    /// The same person cannot ask and approve.
    SamePerson,
    /// It has gone too far, or its time has passed.
    TooLate,
}

/// How many claimed accounts of pupils a scope holds, by school.
pub async fn preview(cx: &Context, scope: &Scope) -> Result<Vec<(String, i64)>, FlowError> {
    Ok(reset_jobs::preview(cx.app.store.read(), scope).await?)
}

/// Asks for a reset of `scope` at `run_at`. `typed` must be `RESET` and the number of accounts.
pub async fn request(
    cx: &Context,
    scope: Scope,
    run_at: Timestamp,
    by: &str,
    typed: &str,
) -> Result<Decision, FlowError> {
    let total = preview(cx, &scope)
        .await?
        .iter()
        .map(|(_, accounts)| accounts)
        .sum();
    if total == 0 {
        return Ok(Decision::Empty);
    }
    let expected = confirmation(total);
    if typed.trim() != expected {
        return Ok(Decision::NotConfirmed { expected });
    }
    let job = Reset {
        id: cx.app.random.id(cx.now),
        state: State::Waiting,
        scope,
        run_at,
        requested_by: by.to_owned(),
        approved_by: None,
        created_at: cx.now,
        finished_at: None,
        total,
    };
    let tx = cx.app.store.begin().await?;
    reset_jobs::insert(&tx, &job).await?;
    record_in(
        &tx,
        cx,
        event("reset_requested", &job.id, by).field("accounts", total),
    )
    .await?;
    tx.commit().await.map_err(StoreError::from)?;
    Ok(Decision::Done(job))
}

/// Approves a reset in the name of a second person.
pub async fn approve(cx: &Context, id: &str, by: &str) -> Result<Decision, FlowError> {
    let Some(job) = reset_jobs::find(cx.app.store.read(), id).await? else {
        return Ok(Decision::Unknown);
    };
    if job.requested_by == by {
        return Ok(Decision::SamePerson);
    }
    let tx = cx.app.store.begin().await?;
    if !reset_jobs::approve(&tx, id, by, cx.now).await? {
        return Ok(Decision::TooLate);
    }
    record_in(&tx, cx, event("reset_approved", id, by)).await?;
    tx.commit().await.map_err(StoreError::from)?;
    Ok(Decision::Done(Reset {
        state: State::Approved,
        approved_by: Some(by.to_owned()),
        ..job
    }))
}

/// Gives a reset up before it runs.
pub async fn cancel(cx: &Context, id: &str, by: &str) -> Result<Decision, FlowError> {
    let Some(job) = reset_jobs::find(cx.app.store.read(), id).await? else {
        return Ok(Decision::Unknown);
    };
    let tx = cx.app.store.begin().await?;
    if !reset_jobs::advance(&tx, id, job.state, State::Cancelled, cx.now).await?
        || !matches!(job.state, State::Waiting | State::Approved)
    {
        return Ok(Decision::TooLate);
    }
    record_in(&tx, cx, event("reset_cancelled", id, by)).await?;
    tx.commit().await.map_err(StoreError::from)?;
    Ok(Decision::Done(Reset {
        state: State::Cancelled,
        ..job
    }))
}

/// Runs what is due. A node that dies in the middle loses nothing: the next run goes on with the items that are pending.
pub async fn run_due(cx: &Context) -> Result<(), FlowError> {
    for job in reset_jobs::due(cx.app.store.read(), cx.now).await? {
        run(cx, &job, |_| {}).await?;
    }
    let past = cx.now.minus(UNDO);
    reset_jobs::forget_old(cx.app.store.durable(), past).await?;
    Ok(())
}

/// Runs an approved reset to its end, telling `progress` how many accounts are done.
pub async fn run(cx: &Context, job: &Reset, progress: impl Fn(u64)) -> Result<u64, FlowError> {
    let store = &cx.app.store;
    if job.state == State::Approved {
        let tx = store.begin().await?;
        if reset_jobs::advance(&tx, &job.id, State::Approved, State::Running, cx.now).await? {
            reset_jobs::make_items(&tx, &job.id, &job.scope).await?;
            record_in(&tx, cx, event("reset_started", &job.id, "")).await?;
        }
        tx.commit().await.map_err(StoreError::from)?;
    }
    let mut done = 0;
    loop {
        let taken = batch(cx, &job.id, Act::Reset).await?;
        if taken == 0 {
            break;
        }
        done += taken;
        progress(done);
    }
    let [pending, total, _] = reset_jobs::progress(store.read(), &job.id).await?;
    if pending == 0 {
        let tx = store.begin().await?;
        if reset_jobs::advance(&tx, &job.id, State::Running, State::Done, cx.now).await? {
            let event = event("reset_done", &job.id, "").field("accounts", total);
            record_in(&tx, cx, event).await?;
        }
        tx.commit().await.map_err(StoreError::from)?;
    }
    Ok(done)
}

/// Gives the old credentials back, within a day of the reset's end; whoever has claimed anew keeps the new ones.
pub async fn undo(cx: &Context, id: &str, by: &str) -> Result<Decision, FlowError> {
    let Some(job) = reset_jobs::find(cx.app.store.read(), id).await? else {
        return Ok(Decision::Unknown);
    };
    if !job.can_be_undone(cx.now) {
        return Ok(Decision::TooLate);
    }
    loop {
        let taken = batch(cx, id, Act::Undo).await?;
        if taken == 0 {
            break;
        }
    }
    let tx = cx.app.store.begin().await?;
    reset_jobs::advance(&tx, id, State::Done, State::Undone, cx.now).await?;
    record_in(&tx, cx, event("reset_undone", id, by)).await?;
    tx.commit().await.map_err(StoreError::from)?;
    Ok(Decision::Done(Reset {
        state: State::Undone,
        ..job
    }))
}

/// What is done to a batch.
#[derive(Clone, Copy)]
enum Act {
    Reset,
    Undo,
}

/// One batch in one transaction. On PostgreSQL two nodes may want the same rows: the loser tries again.
async fn batch(cx: &Context, id: &str, act: Act) -> Result<u64, FlowError> {
    let mut tries = 0;
    loop {
        let tx = cx.app.store.begin().await?;
        let name = cx.app.random.token();
        let worked = match act {
            Act::Reset => reset_jobs::reset_batch(&tx, id, name.expose(), BATCH, cx.now).await,
            Act::Undo => reset_jobs::undo_batch(&tx, id, name.expose(), BATCH).await,
        };
        let result = match worked {
            Ok(taken) => tx.commit().await.map(|()| taken).map_err(StoreError::from),
            Err(error) => Err(error),
        };
        match result {
            Ok(taken) => return Ok(taken),
            Err(error) if tries == TRIES => return Err(error.into()),
            Err(error) => {
                tries += 1;
                tracing::warn!(%error, tries, "a batch of a reset is tried again");
            }
        }
    }
}

fn event(action: &'static str, id: &str, by: &str) -> Event {
    let event = Event::new(action).target_kind("reset", id);
    if by.is_empty() {
        event.actor_kind("job", "reset")
    } else {
        event.actor_kind("person", by)
    }
}
