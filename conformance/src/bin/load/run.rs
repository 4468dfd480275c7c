//! The closed loop: each virtual user begins its next operation when the one before has been answered and checked.

use std::time::Duration;

use anyhow::Context as _;
use tokio::task::LocalSet;

use crate::clock::Mark;
use crate::process;

/// What one virtual user does over and over.
pub trait Work: 'static {
    /// Does it once and checks every answer. `number` counts this user's operations from 0.
    fn once(&mut self, number: u64) -> impl Future<Output = anyhow::Result<()>>;
}

/// How long and how fast.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Not counted, before the window opens.
    pub warm_up: Duration,
    /// The window.
    pub span: Duration,
    /// Ends the window early after so many operations.
    pub count: u64,
    /// Operations a second over all users; without it as many as can be had.
    pub rate: Option<f64>,
    /// The processes that serve.
    pub servers: Vec<u32>,
}

/// What came of it.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Sorted; from the planned start when there is a rate, so that a stall is not hidden by those who wait behind it.
    pub latencies: Vec<Duration>,
    pub seconds: f64,
    /// Processor seconds of the servers within the window.
    pub server_cpu: f64,
    /// Processor seconds of the generator within the window.
    pub own_cpu: f64,
    /// What went wrong; each ended its user.
    pub errors: Vec<String>,
}

impl Outcome {
    /// Operations a second.
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    pub fn rate(&self) -> f64 {
        self.latencies.len() as f64 / self.seconds.max(0.001)
    }

    /// Milliseconds of server processor time an operation.
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    pub fn cpu_milliseconds(&self) -> f64 {
        1000.0 * self.server_cpu / self.latencies.len().max(1) as f64
    }

    /// A percentile of the latencies, in milliseconds.
    pub fn percentile(&self, percent: usize) -> f64 {
        let index = (self.latencies.len() * percent / 100).min(self.latencies.len().max(1) - 1);
        self.latencies
            .get(index)
            .map_or(0.0, |latency| latency.as_secs_f64() * 1000.0)
    }
}

/// Lets all `users` work side by side on this thread.
pub async fn closed_loop<W: Work>(users: Vec<W>, plan: &Plan) -> anyhow::Result<Outcome> {
    let local = LocalSet::new();
    let opens = Mark::now().plus(plan.warm_up);
    let closes = opens.plus(plan.span);
    let total = users.len();
    let share = plan.count.div_ceil(total.max(1) as u64);
    let pace = plan.rate.map(|rate| Duration::from_secs_f64(1.0 / rate));
    let tasks: Vec<_> = users
        .into_iter()
        .enumerate()
        .map(|(index, user)| {
            let turn = pace.map(|pace| Turn {
                first: opens.plus(pace * u32::try_from(index).unwrap_or_default()),
                step: pace * u32::try_from(total).unwrap_or(1),
            });
            local.spawn_local(user_loop(
                user,
                Window {
                    opens,
                    closes,
                    share,
                    turn,
                },
            ))
        })
        .collect();
    local
        .run_until(async {
            tokio::time::sleep_until(opens.instant().into()).await;
            let servers = process::cpu_seconds(&plan.servers)?;
            let own = process::own_cpu_seconds()?;
            let mut outcome = Outcome::default();
            let mut last = opens;
            for task in tasks {
                let done = task.await.context("a virtual user panicked")?;
                outcome.latencies.extend(done.latencies);
                outcome.errors.extend(done.error);
                if last.until(done.last) > Duration::ZERO {
                    last = done.last;
                }
            }
            outcome.seconds = opens.until(last).as_secs_f64();
            outcome.server_cpu = process::cpu_seconds(&plan.servers)? - servers;
            outcome.own_cpu = process::own_cpu_seconds()? - own;
            outcome.latencies.sort_unstable();
            Ok(outcome)
        })
        .await
}

struct Window {
    opens: Mark,
    closes: Mark,
    share: u64,
    turn: Option<Turn>,
}

struct Turn {
    first: Mark,
    step: Duration,
}

struct Done {
    latencies: Vec<Duration>,
    last: Mark,
    error: Option<String>,
}

async fn user_loop<W: Work>(mut user: W, window: Window) -> Done {
    let mut done = Done {
        latencies: Vec::new(),
        last: window.opens,
        error: None,
    };
    let mut number = 0;
    let mut planned = window.turn.as_ref().map(|turn| turn.first);
    while (done.latencies.len() as u64) < window.share {
        let begun = match (planned, &window.turn) {
            (Some(at), Some(turn)) => {
                tokio::time::sleep_until(at.instant().into()).await;
                planned = Some(at.plus(turn.step));
                at
            }
            _ => Mark::now(),
        };
        if begun.until(window.closes) == Duration::ZERO {
            break;
        }
        if let Err(error) = user.once(number).await {
            done.error = Some(format!("operation {number}: {error:#}"));
            break;
        }
        number += 1;
        let ended = Mark::now();
        // An operation counts when all of it lies in the window.
        if window.opens.until(begun) > Duration::ZERO && ended.until(window.closes) > Duration::ZERO
        {
            done.latencies.push(begun.until(ended));
            done.last = ended;
        }
    }
    done
}
