//! What the kernel says of a process: processor time and memory, from `/proc` (Linux).

use anyhow::Context as _;

/// Clock ticks a second in `/proc/PID/stat`: 100 on every Linux that programs see.
const TICKS: f64 = 100.0;

/// Processor seconds (user and system) of all threads of `pids`, together.
pub fn cpu_seconds(pids: &[u32]) -> anyhow::Result<f64> {
    pids.iter()
        .map(|pid| cpu(&format!("/proc/{pid}/stat")))
        .sum()
}

/// Processor seconds of this thread.
pub fn own_cpu_seconds() -> anyhow::Result<f64> {
    cpu("/proc/thread-self/stat")
}

fn cpu(path: &str) -> anyhow::Result<f64> {
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read {path}; is the process there?"))?;
    // The second field is the program's name in brackets and may hold anything: count from behind it.
    let fields = text.rsplit_once(')').map_or("", |(_, rest)| rest);
    let mut fields = fields.split_ascii_whitespace().skip(11);
    let mut tick = || fields.next().and_then(|field| field.parse::<f64>().ok());
    let (user, system) = (tick(), tick());
    Ok((user.context("no utime")? + system.context("no stime")?) / TICKS)
}

/// Resident memory of `pids` now and at its highest, in MiB, together.
pub fn memory(pids: &[u32]) -> anyhow::Result<(f64, f64)> {
    let mut sum = (0.0, 0.0);
    for pid in pids {
        let text = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
        let field = |name: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(name));
            let number = line.and_then(|line| line.split_ascii_whitespace().next());
            number
                .and_then(|number| number.parse::<f64>().ok())
                .unwrap_or(0.0)
                / 1024.0
        };
        sum.0 += field("VmRSS:");
        sum.1 += field("VmHWM:");
    }
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_is_read() {
        let pid = std::process::id();
        assert!(cpu_seconds(&[pid]).unwrap() >= 0.0);
        assert!(own_cpu_seconds().unwrap() >= 0.0);
        let (now, most) = memory(&[pid]).unwrap();
        assert!(now > 0.5 && most >= now);
        assert!(cpu_seconds(&[u32::MAX]).is_err());
    }
}
