//! The one batching writer: audit rows of sign-ins and launches, launch counts, last sign-ins. Many callers, one transaction
//! a moment, so that the hot path waits for no disk.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use crate::clock::Timestamp;
use crate::ids::PersonId;
use crate::secret::keyed_text;
use crate::store::audit::{self, AuditEvent, AuditLink};
use crate::store::usage::{self, Launch};
use crate::store::{Store, StoreError};

/// How many writes may wait; callers wait beyond that.
const QUEUE: usize = 8192;
/// Most writes of one transaction.
const GROUP: usize = 256;
/// How long the writer gathers before it commits.
const GATHER: Duration = Duration::from_millis(40);
/// How long it waits before it tries a failed group again.
const RETRY: Duration = Duration::from_millis(500);

/// How many rounds a row of an act's own transaction is waited for.
const ROUNDS: u32 = 60;

/// Something that may be written a moment later.
#[derive(Clone, Debug)]
pub enum Write {
    /// A row of the audit log.
    Audit(AuditEvent),
    /// The link for a row that its own act's transaction wrote.
    Link(AuditEvent),
    /// A launch.
    Launch(Launch),
    /// A sign-in.
    SignedIn(PersonId, Timestamp),
    /// Answers once all before it are written.
    Flush(Arc<Mutex<Option<oneshot::Sender<()>>>>),
}

/// The queue's entrance.
#[derive(Debug)]
pub struct BatchWriter {
    queue: Mutex<Option<mpsc::Sender<Write>>>,
    task: Mutex<Option<JoinHandle<()>>>,
}

struct Chain {
    node: String,
    key: [u8; 32],
    seq: i64,
    mac: String,
}

impl Chain {
    /// Reads the node's last link again. Answers whether it is another than the one known here.
    async fn moved_on(&mut self, store: &Store) -> bool {
        match audit::last_link(store.read(), &self.node).await {
            Ok(Some(link)) if link.seq != self.seq => {
                (self.seq, self.mac) = (link.seq, link.mac);
                true
            }
            _ => false,
        }
    }
}

impl BatchWriter {
    /// Starts the writer of `node`, which goes on with the node's chain where it ended. Needs a runtime.
    pub async fn start(store: Store, node: String, key: [u8; 32]) -> Result<Self, StoreError> {
        let last = audit::last_link(store.read(), &node).await?;
        let (seq, mac) = last.map(|link| (link.seq, link.mac)).unwrap_or_default();
        let (sender, receiver) = mpsc::channel(QUEUE);
        let task = tokio::spawn(run(
            store,
            Chain {
                node,
                key,
                seq,
                mac,
            },
            receiver,
        ));
        Ok(Self {
            queue: Mutex::new(Some(sender)),
            task: Mutex::new(Some(task)),
        })
    }

    /// Hands over one write. Waits only while the queue is full.
    pub async fn write(&self, write: Write) {
        let sender = lock(&self.queue).clone();
        match sender {
            Some(sender) if sender.send(write).await.is_ok() => {}
            _ => tracing::error!("the batching writer has stopped; a write is lost"),
        }
    }

    /// Waits until everything handed over so far is written.
    pub async fn flush(&self) {
        let (done, written) = oneshot::channel();
        self.write(Write::Flush(Arc::new(Mutex::new(Some(done)))))
            .await;
        let _ = written.await;
    }

    /// Writes what waits, then stops. Call after the last request has been answered.
    pub async fn close(&self) {
        drop(lock(&self.queue).take());
        let task = lock(&self.task).take();
        if let Some(task) = task
            && task.await.is_err()
        {
            tracing::error!("the batching writer has panicked");
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

async fn run(store: Store, mut chain: Chain, mut queue: mpsc::Receiver<Write>) {
    let mut group = Vec::with_capacity(GROUP);
    // Rows whose acts have not committed yet: asked for again at the next round.
    let mut waiting: Vec<(AuditEvent, u32)> = Vec::new();
    loop {
        let open = if waiting.is_empty() {
            queue.recv_many(&mut group, GROUP).await > 0
        } else {
            // Nothing else may come for a while, and the acts that are waited for take milliseconds.
            match tokio::time::timeout(RETRY, queue.recv_many(&mut group, GROUP)).await {
                Ok(received) => received > 0,
                Err(_) => true,
            }
        };
        if open && group.len() < GROUP {
            tokio::time::sleep(GATHER).await;
            while group.len() < GROUP {
                match queue.try_recv() {
                    Ok(write) => group.push(write),
                    Err(_) => break,
                }
            }
        }
        let mut tries = 0;
        while let Err(error) = commit(&store, &mut chain, &group, &mut waiting).await {
            tries += 1;
            // A command that ran beside the server wrote links of the same node: go on from its last one.
            if matches!(error, StoreError::Conflict) && chain.moved_on(&store).await && tries < 20 {
                continue;
            }
            tracing::error!(%error, writes = group.len(), "the batching writer tries again");
            if tries > 20 {
                tracing::error!(writes = group.len(), "the batching writer gives a group up");
                break;
            }
            tokio::time::sleep(RETRY).await;
        }
        for write in group.drain(..) {
            if let Write::Flush(done) = write
                && let Some(done) = lock(&done).take()
            {
                let _ = done.send(());
            }
        }
        if !open {
            return;
        }
    }
}

/// Asks which of the rows that acts wrote in their own transactions are there. Those of acts that were rolled back never
/// will be, and are given up after a while.
async fn committed_acts(
    store: &Store,
    group: &[Write],
    waiting: &[(AuditEvent, u32)],
) -> Result<(Vec<AuditEvent>, Vec<(AuditEvent, u32)>), StoreError> {
    let fresh = group.iter().filter_map(|write| match write {
        Write::Link(event) => Some((event.clone(), 0)),
        _ => None,
    });
    let asked: Vec<(AuditEvent, u32)> = waiting.iter().cloned().chain(fresh).collect();
    if asked.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let ids: Vec<String> = asked.iter().map(|(event, _)| event.id.clone()).collect();
    let there = audit::committed(store.read(), &ids).await?;
    let (found, missing): (Vec<_>, Vec<_>) = asked
        .into_iter()
        .partition(|(event, _)| there.contains(&event.id));
    let found = found.into_iter().map(|(event, _)| event).collect();
    let missing = missing
        .into_iter()
        .map(|(event, rounds)| (event, rounds + 1))
        .filter(|(_, rounds)| *rounds < ROUNDS)
        .collect();
    Ok((found, missing))
}

async fn commit(
    store: &Store,
    chain: &mut Chain,
    group: &[Write],
    waiting: &mut Vec<(AuditEvent, u32)>,
) -> Result<(), StoreError> {
    let (mut sealed, still_waiting) = committed_acts(store, group, waiting).await?;
    let rows: Vec<AuditEvent> = group
        .iter()
        .filter_map(|write| match write {
            Write::Audit(event) => Some(event.clone()),
            _ => None,
        })
        .collect();
    sealed.extend(rows.iter().cloned());
    let (mut seq, mut mac) = (chain.seq, chain.mac.clone());
    let mut links = Vec::with_capacity(sealed.len());
    for event in &sealed {
        seq += 1;
        mac = keyed_text(&chain.key, &[&event.canonical(), mac.as_bytes()]);
        links.push(AuditLink {
            node: chain.node.clone(),
            seq,
            event_id: event.id.clone(),
            mac: mac.clone(),
        });
    }
    if !links.is_empty() || !group.is_empty() {
        let tx = store.begin_relaxed().await?;
        audit::insert(&tx, &rows).await?;
        audit::insert_links(&tx, &links).await?;
        for write in group {
            match write {
                Write::Launch(launch) => usage::count_launch(&tx, launch).await?,
                Write::SignedIn(person, at) => usage::signed_in(&tx, person, *at).await?,
                Write::Audit(_) | Write::Link(_) | Write::Flush(_) => {}
            }
        }
        tx.commit().await.map_err(StoreError::from)?;
    }
    (chain.seq, chain.mac) = (seq, mac);
    *waiting = still_waiting;
    Ok(())
}
