//! The command line.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand};
use url::Url;

use crate::bench::Suite;
use crate::config::{self, Config};
use crate::plan::Plan;
use crate::provider::Provider;
use crate::report::{self, Outcome, Status};
use crate::server::Endpoints;
use crate::stop::Stop;
use crate::wire::Wire;
use crate::{faults, prove, runner};

/// Checks an OpenID Connect provider from outside, module by module, as the certification suite does.
#[derive(Parser)]
#[command(name = "conformance", version, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    check: CheckArgs,
}

#[derive(Subcommand)]
enum Command {
    /// Lists the modules of a plan with what each asserts.
    List {
        /// The plan.
        #[arg(long, value_enum, default_value = "all")]
        plan: Plan,
    },
    /// Breaks a good provider in one way at a time and shows that the module meant for it notices.
    Prove {
        #[command(flatten)]
        target: Target,
        /// Only faults whose name contains this.
        #[arg(long)]
        only: Option<String>,
    },
    /// Stands between a client and a provider as an HTTP proxy that puts one fault in.
    FaultProxy {
        /// The provider.
        #[arg(long)]
        issuer: Url,
        /// The fault, by name; `list` prints them all.
        #[arg(long)]
        fault: String,
        /// Port on 127.0.0.1.
        #[arg(long, default_value_t = 9470)]
        port: u16,
    },
}

#[derive(Args)]
struct Target {
    /// The provider's issuer identifier.
    #[arg(long)]
    issuer: Option<Url>,
    /// What to know about the provider: the person, the clients, our endpoints (TOML).
    #[arg(long)]
    config: Option<PathBuf>,
}

#[derive(Args)]
struct CheckArgs {
    #[command(flatten)]
    target: Target,
    /// The plan.
    #[arg(long, value_enum, default_value = "basic")]
    plan: Plan,
    /// Only modules whose name contains this.
    #[arg(long)]
    only: Option<String>,
    /// Modules at a time.
    #[arg(long, default_value_t = 4)]
    jobs: usize,
    /// Cut waits of 30 s and more to 2 s: for trying out, not for a verdict.
    #[arg(long)]
    quick: bool,
    /// Write the results as JSON.
    #[arg(long)]
    json: Option<PathBuf>,
    /// Write the results as a page.
    #[arg(long)]
    html: Option<PathBuf>,
}

/// Runs the program.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    let outcome = runtime.map_err(anyhow::Error::from).and_then(|runtime| {
        runtime.block_on(async {
            match cli.command {
                None => check(cli.check).await,
                Some(Command::List { plan }) => Ok(list(plan)),
                Some(Command::Prove { target, only }) => {
                    let (config, issuer) = read(&target)?;
                    prove::run(config, &issuer, only.as_deref(), say).await
                }
                Some(Command::FaultProxy {
                    issuer,
                    fault,
                    port,
                }) => faults::serve(&issuer_text(&issuer), &fault, port, say)
                    .await
                    .map(|()| true),
            }
        })
    });
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            complain(&format!("conformance: {error:#}"));
            ExitCode::from(2)
        }
    }
}

/// An issuer as people type it: without the slash that URLs without a path get.
fn issuer_text(issuer: &Url) -> String {
    let text = issuer.as_str();
    if issuer.path() == "/" {
        text.trim_end_matches('/').to_owned()
    } else {
        text.to_owned()
    }
}

fn read(target: &Target) -> anyhow::Result<(Config, String)> {
    let config = config::load(target.config.as_deref())?;
    let issuer = target.issuer.clone().or_else(|| config.issuer.clone());
    let issuer = issuer.context("say which provider: --issuer URL")?;
    Ok((config, issuer_text(&issuer)))
}

/// A run's shared things, by a proxy if one is given.
pub async fn suite(config: Config, issuer: &str, proxy: Option<&Url>) -> anyhow::Result<Suite> {
    let authority = config.authority.as_ref().map(std::fs::read).transpose()?;
    let plain = |stop: Stop| match stop {
        Stop::Fail(why) | Stop::Skip(why) => anyhow::anyhow!(why),
    };
    let wire = Wire::new(proxy, authority.as_deref()).map_err(plain)?;
    let provider = Provider::discover(&wire, issuer).await.map_err(plain)?;
    let rp = &config.relying_party;
    let endpoints = Endpoints::start(rp.listen, rp.base.clone()).await?;
    Ok(Suite::new(config, provider, endpoints, wire))
}

async fn check(args: CheckArgs) -> anyhow::Result<bool> {
    let (config, issuer) = read(&args.target)?;
    let mut suite = suite(config, &issuer, None).await?;
    suite.is_quick = args.quick;
    let suite = Arc::new(suite);
    let plans = args.plan.expanded();
    let mut outcomes = Vec::new();
    for plan in &plans {
        say(&format!("-- {}", plan.name()));
        let mut runs = plan.runs();
        if let Some(only) = &args.only {
            runs.retain(|(module, _)| module.name.contains(only.as_str()));
        }
        let unoffered = plan
            .unoffered(&suite.provider)
            .filter(|_| args.plan == Plan::All);
        if let Some(why) = unoffered {
            outcomes.extend(runs.into_iter().map(|run| skipped(*plan, run, &why)));
        } else {
            let show = |outcome: &Outcome| say(&outcome.line());
            outcomes.extend(runner::run_plan(&suite, *plan, runs, args.jobs, show).await);
        }
    }
    let totals = report::totals(&plans, &outcomes);
    say(&format!("\n{}", report::totals_table(&totals)));
    if let Some(path) = &args.json {
        report::write_json(path, &issuer, &totals, &outcomes)?;
    }
    if let Some(path) = &args.html {
        report::write_html(path, &issuer, &totals, &outcomes)?;
    }
    let with = |status| {
        outcomes
            .iter()
            .filter(|outcome| outcome.status == status)
            .count()
    };
    let (failed, skipped) = (with(Status::Fail), with(Status::Skipped));
    let passed = outcomes.len() - failed - skipped;
    say(&format!(
        "{passed} passed, {failed} failed, {skipped} skipped"
    ));
    Ok(failed == 0)
}

fn skipped(plan: Plan, (module, variant): crate::plan::Run, why: &str) -> Outcome {
    let outcome = Outcome {
        plan: plan.name(),
        module: module.name,
        variant: variant.label(),
        status: Status::Skipped,
        reason: why.to_owned(),
        notes: Vec::new(),
        asserts: module.asserts,
        section: module.section,
        seconds: 0.0,
        exchanges: Vec::new(),
    };
    say(&outcome.line());
    outcome
}

fn list(plan: Plan) -> bool {
    for plan in plan.expanded() {
        say(&format!("-- {}", plan.name()));
        for (module, variant) in plan.runs() {
            say(&format!(
                "{} [{}]: {} ({})",
                module.name,
                variant.label(),
                module.asserts,
                module.section
            ));
        }
    }
    true
}

#[expect(clippy::print_stdout, reason = "the results are for the terminal")]
fn say(line: &str) {
    println!("{line}");
}

#[expect(
    clippy::print_stderr,
    reason = "the terminal is where this error is read"
)]
fn complain(line: &str) {
    eprintln!("{line}");
}
