//! The figures, as lines for people.

use crate::limits::Rate;
use crate::process;
use crate::run::{Outcome, Plan};

/// Prints what came of a run.
#[expect(
    clippy::print_stdout,
    reason = "a command line answers on the terminal"
)]
pub fn print(what: &str, outcome: &Outcome, plan: &Plan, users: usize) -> anyhow::Result<()> {
    println!(
        "{what}: {:.0}/s   p50 {:.2} ms   p99 {:.2} ms   ({} in {:.1} s, {users} users{})",
        outcome.rate(),
        outcome.percentile(50),
        outcome.percentile(99),
        outcome.latencies.len(),
        outcome.seconds,
        plan.rate
            .map(|rate| format!(", {rate}/s asked for"))
            .unwrap_or_default(),
    );
    if !plan.servers.is_empty() {
        let (now, most) = process::memory(&plan.servers)?;
        println!(
            "  server: {:.3} ms of processor time each, {:.0} % of a core; {now:.0} MiB resident, {most:.0} at most",
            outcome.cpu_milliseconds(),
            100.0 * outcome.server_cpu / outcome.seconds.max(0.001),
        );
    }
    println!(
        "  generator: {:.0} % of a core",
        100.0 * outcome.own_cpu / outcome.seconds.max(0.001)
    );
    for error in outcome.errors.iter().take(5) {
        println!("  FAILED {error}");
    }
    if outcome.errors.len() > 5 {
        println!("  and {} more", outcome.errors.len() - 5);
    }
    Ok(())
}

/// Prints the rate beside the limit: by the wall's clock, and by processor time, which other work on the machine does not
/// touch.
#[expect(
    clippy::print_stdout,
    reason = "a command line answers on the terminal"
)]
pub fn beside(what: &str, outcome: &Outcome, limit: Rate, plan: &Plan) {
    println!(
        "  {what}: {:.0}/s on one core; the portal reaches {:.1} % of that",
        limit.wall,
        100.0 * outcome.rate() / limit.wall.max(0.001),
    );
    if !plan.servers.is_empty() {
        let each = 1000.0 / limit.cpu.max(0.001);
        println!(
            "  by processor time: {each:.3} ms of {:.3} ms each, {:.1} %",
            outcome.cpu_milliseconds(),
            100.0 * each / outcome.cpu_milliseconds().max(0.001),
        );
    }
}
