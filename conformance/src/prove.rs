//! Shows that the modules fail when they should: each fault of the proxy against the module meant for it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use serde_json::Value;

use crate::bench::Suite;
use crate::config::Config;
use crate::faults::{FAULTS, Fault, Known, NONE, Proxy};
use crate::modules;
use crate::plan::{Run, Variant};
use crate::provider::Provider;
use crate::report::{Outcome, Status};
use crate::runner;
use crate::server::Endpoints;
use crate::stop::Stop;
use crate::wire::Wire;

/// Runs every fault; whether each was caught, and no module failed without one.
pub async fn run(
    config: Config,
    issuer: &str,
    only: Option<&str>,
    say: fn(&str),
) -> anyhow::Result<bool> {
    let rp = &config.relying_party;
    let endpoints = Endpoints::start(rp.listen, rp.base.clone()).await?;
    let faults = FAULTS
        .iter()
        .filter(|fault| only.is_none_or(|only| fault.name.contains(only)));
    let stage = Stage {
        config,
        issuer: issuer.to_owned(),
        endpoints,
    };
    let mut baseline: HashMap<&str, Status> = HashMap::new();
    let (mut caught, mut missed, mut skipped) = (0, 0, HashSet::new());
    say(&format!(
        "{:<24}{:<62}{:<9}{:<9}{}",
        "fault", "module meant for it", "without", "with", "what it said"
    ));
    for fault in faults {
        let without = match baseline.get(fault.caught_by) {
            Some(status) => *status,
            None => stage.outcome(fault.caught_by, NONE).await?.status,
        };
        baseline.insert(fault.caught_by, without);
        let with = stage.outcome(fault.caught_by, *fault).await?;
        let is_good = matches!(without, Status::Pass | Status::Warning);
        let mark = match (is_good, with.status) {
            (true, Status::Fail) => {
                caught += 1;
                "caught"
            }
            (false, _) | (_, Status::Skipped) => {
                skipped.insert(fault.name);
                "not to be tried here (skipped, or failed without the fault)"
            }
            _ => {
                missed += 1;
                "MISSED"
            }
        };
        let reason: String = with.reason.chars().take(110).collect();
        say(&format!(
            "{:<24}{:<62}{:<9}{:<9}{mark}: {reason}",
            fault.name,
            fault.caught_by,
            without.word(),
            with.status.word()
        ));
    }
    say(&format!(
        "\n{caught} passed, {missed} failed, {} skipped",
        skipped.len()
    ));
    Ok(missed == 0)
}

struct Stage {
    config: Config,
    issuer: String,
    endpoints: Endpoints,
}

impl Stage {
    /// One module through the proxy with one fault.
    async fn outcome(&self, name: &str, fault: Fault) -> anyhow::Result<Outcome> {
        let plain = |stop: Stop| match stop {
            Stop::Fail(why) | Stop::Skip(why) => anyhow::anyhow!(why),
        };
        let text = |client: &serde_json::Map<String, Value>, name: &str| {
            client.get(name).and_then(Value::as_str).map(str::to_owned)
        };
        let clients = self.config.clients.iter();
        let secrets = clients
            .filter_map(|client| Some((text(client, "client_id")?, text(client, "client_secret")?)))
            .collect();
        let known = Known {
            secrets,
            nobody: self.config.security.nobody.clone(),
        };
        let proxy = Proxy::start(&self.issuer, fault, known, 0)
            .await
            .map_err(plain)?;
        let authority = self
            .config
            .authority
            .as_ref()
            .map(std::fs::read)
            .transpose()?;
        let wire = Wire::new(Some(&proxy), authority.as_deref()).map_err(plain)?;
        let provider = Provider::discover(&wire, &self.issuer)
            .await
            .map_err(plain)?;
        let mut suite = Suite::new(self.config.clone(), provider, self.endpoints.clone(), wire);
        suite.is_quick = true;
        let Some(module) = modules::all().find(|module| module.name == name) else {
            anyhow::bail!("no module is named {name}")
        };
        let run: Run = (module, Variant::BASIC);
        Ok(runner::run_module(&Arc::new(suite), "prove", run).await)
    }
}
