//! The bounded pool in which hashing happens: so many permits at a time, so many callers in the queue, arenas that are
//! reused. A morning's rush queues here and never stalls the pages.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use argon2::Block;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::password::HashError;
use crate::clock::{Lifetime, Stopwatch};

/// An arena that has not been used for so long goes back to the system.
const IDLE: Duration = Duration::from_secs(20);

/// Who may take the second half of the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// From a school's network or from a device that has signed in to this account: the whole queue.
    Preferred,
    /// From anywhere else: the first half.
    Ordinary,
}

/// Permits, the queue's length, and the arenas at rest. Cloning shares it.
#[derive(Clone, Debug)]
pub(super) struct Pool(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    permits: Arc<Semaphore>,
    waiting: AtomicUsize,
    queue: usize,
    wait: Duration,
    arenas: Mutex<Vec<Arena>>,
}

/// Memory for one hash, 19 MiB at the usual parameters.
#[derive(Debug)]
struct Arena {
    blocks: Vec<Block>,
    last_used: Stopwatch,
}

/// The right to hash once. It moves into the closure that hashes: a request that is dropped while its hash runs must not
/// free the place of memory that is still in use.
#[derive(Debug)]
pub struct Permit {
    pool: Pool,
    _held: OwnedSemaphorePermit,
}

/// Leaves the queue however the waiting ends.
struct Place<'a>(&'a AtomicUsize);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Pool {
    pub(super) fn new(permits: usize, queue: usize, wait: Duration) -> Self {
        Self(Arc::new(Inner {
            permits: Arc::new(Semaphore::new(permits)),
            waiting: AtomicUsize::new(0),
            queue,
            wait,
            arenas: Mutex::default(),
        }))
    }

    /// Waits for a permit, in the order of arrival.
    ///
    /// Errors: [`HashError::Busy`] when the queue has no place for this caller, or when the wait is over.
    pub(super) async fn admit(&self, urgency: Urgency) -> Result<Permit, HashError> {
        let inner = &self.0;
        if let Ok(held) = inner.permits.clone().try_acquire_owned() {
            return Ok(self.permit(held));
        }
        let places = match urgency {
            Urgency::Preferred => inner.queue,
            Urgency::Ordinary => inner.queue / 2,
        };
        let ahead = inner.waiting.fetch_add(1, Ordering::AcqRel);
        let _place = Place(&inner.waiting);
        if ahead >= places {
            return Err(self.busy());
        }
        match tokio::time::timeout(inner.wait, inner.permits.clone().acquire_owned()).await {
            Ok(Ok(held)) => Ok(self.permit(held)),
            Ok(Err(closed)) => Err(HashError::Failed(closed.to_string())),
            Err(_) => Err(self.busy()),
        }
    }

    fn permit(&self, held: OwnedSemaphorePermit) -> Permit {
        Permit {
            pool: self.clone(),
            _held: held,
        }
    }

    /// Come back after about as long as the queue takes, which nobody need know exactly.
    fn busy(&self) -> HashError {
        let seconds = u32::try_from(self.0.wait.as_secs())
            .unwrap_or(u32::MAX)
            .max(2);
        HashError::Busy {
            retry_after: Lifetime::seconds(seconds),
        }
    }

    /// Gives arenas back that have rested for a while. A periodic task calls it.
    pub(super) fn release_idle(&self) {
        self.arenas()
            .retain(|arena| arena.last_used.elapsed() < IDLE);
    }

    /// How many arenas rest.
    #[cfg(test)]
    pub(super) fn resting(&self) -> usize {
        self.arenas().len()
    }

    /// How many wait.
    #[cfg(test)]
    pub(super) fn waiting(&self) -> usize {
        self.0.waiting.load(Ordering::Acquire)
    }

    fn arenas(&self) -> std::sync::MutexGuard<'_, Vec<Arena>> {
        self.0.arenas.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Permit {
    /// Runs `work` with an arena of at least `blocks` blocks, off the runtime's own threads.
    pub(super) async fn run<T: Send + 'static>(
        self,
        blocks: usize,
        work: impl FnOnce(&mut [Block]) -> T + Send + 'static,
    ) -> Result<T, HashError> {
        tokio::task::spawn_blocking(move || {
            // All of the permit moves in here, not just the field that the closure names.
            let permit = self;
            let mut memory = permit
                .pool
                .arenas()
                .pop()
                .map_or_else(Vec::new, |arena| arena.blocks);
            if memory.len() < blocks {
                memory.resize(blocks, Block::default());
            }
            let result = work(&mut memory);
            let last_used = Stopwatch::start();
            permit.pool.arenas().push(Arena {
                blocks: memory,
                last_used,
            });
            result
        })
        .await
        .map_err(|error| HashError::Failed(error.to_string()))
    }
}
