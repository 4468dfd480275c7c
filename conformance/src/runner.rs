//! Runs modules, several at a time where they do not disturb each other, and turns how they end into results.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::bench::{Bench, Suite};
use crate::clock;
use crate::plan::{Plan, Run, Variant};
use crate::report::{Outcome, Status};
use crate::stop::Stop;

/// Longest that one module may take, in seconds.
const LONGEST: u64 = 240;

/// Runs a plan; each result is shown when all before it have been.
pub async fn run_plan(
    suite: &Arc<Suite>,
    plan: Plan,
    runs: Vec<Run>,
    jobs: usize,
    show: impl Fn(&Outcome),
) -> Vec<Outcome> {
    // Attacks measure time and provoke limits: one after the other.
    let jobs = if plan == Plan::Security {
        1
    } else {
        jobs.max(1)
    };
    let permits = Arc::new(Semaphore::new(jobs));
    let mut tasks = JoinSet::new();
    let mut done: Vec<Option<Outcome>> = runs.iter().map(|_| None).collect();
    let name = plan.name();
    for (index, run) in runs.into_iter().enumerate() {
        let (suite, permits, name) = (suite.clone(), permits.clone(), name.clone());
        tasks.spawn(async move {
            let _permit = permits.acquire().await;
            (index, run_module(&suite, &name, run).await)
        });
    }
    let mut shown = 0;
    while let Some(joined) = tasks.join_next().await {
        let Ok((index, outcome)) = joined else {
            continue;
        };
        if let Some(slot) = done.get_mut(index) {
            *slot = Some(outcome);
        }
        while let Some(Some(outcome)) = done.get(shown) {
            show(outcome);
            shown += 1;
        }
    }
    done.into_iter().flatten().collect()
}

/// Runs one module.
pub async fn run_module(suite: &Arc<Suite>, plan: &str, (module, variant): Run) -> Outcome {
    let begun = clock::milliseconds();
    let mut bench = Bench::new(suite.clone(), variant);
    let ended = if let Some(why) = missing(suite, variant) {
        Err(Stop::Skip(why))
    } else {
        let running = (module.run)(&mut bench);
        tokio::time::timeout(Duration::from_secs(LONGEST), running)
            .await
            .unwrap_or_else(|_| Err(Stop::Fail(format!("it took longer than {LONGEST} s"))))
    };
    let exchanges = bench.wire.diary();
    let homes = suite.homes();
    let broken = exchanges.iter().find(|exchange| {
        let at_home = homes.iter().any(|home| {
            exchange
                .request
                .contains(home.origin().ascii_serialization().as_str())
        });
        at_home && exchange.status >= 500 && exchange.status != 503
    });
    let (status, reason) = match (ended, broken) {
        (Err(Stop::Fail(why)), _) => (Status::Fail, why),
        (_, Some(exchange)) => (
            Status::Fail,
            format!(
                "the provider answered {} to {}",
                exchange.status, exchange.request
            ),
        ),
        (Err(Stop::Skip(why)), _) => (Status::Skipped, why),
        (Ok(()), None) if bench.warnings.is_empty() => (Status::Pass, String::new()),
        (Ok(()), None) => (Status::Warning, bench.warnings.join("; ")),
    };
    let is_quiet = matches!(status, Status::Pass | Status::Skipped);
    Outcome {
        plan: plan.to_owned(),
        module: module.name,
        variant: variant.label(),
        status,
        reason,
        notes: bench.notes,
        asserts: module.asserts,
        section: module.section,
        seconds: (clock::milliseconds() - begun) / 1000.0,
        exchanges: if is_quiet { Vec::new() } else { exchanges },
    }
}

/// Why a variant cannot be run at all, by the provider's metadata.
fn missing(suite: &Suite, variant: Variant) -> Option<String> {
    let provider = &suite.provider;
    if !provider.offers_response_type(variant.response_type) {
        return Some(format!(
            "response_type={} is not in response_types_supported (RFC 9700 §2.1.2 advises against \
             access tokens from the authorization endpoint)",
            variant.response_type
        ));
    }
    let mode = variant.response_mode?;
    (!provider.lists("response_modes_supported", mode))
        .then(|| format!("response_mode={mode} is not in response_modes_supported"))
}
