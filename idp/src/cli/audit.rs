//! `idp audit verify|search|export`.

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::Failure;
use crate::app::App;
use crate::clock::Timestamp;
use crate::flows::audit_log;
use crate::store::audit::{AuditEvent, Filter};

/// What to do with the audit log.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Prove that no row was changed, removed or swapped.
    Verify,
    /// List events, a line each.
    Search(Search),
    /// Write events as JSON, a line each.
    Export(Search),
}

/// Which events.
#[derive(Debug, Args)]
pub struct Search {
    /// The act, as `claim_account` or `sign_in`.
    #[arg(long)]
    action: Option<String>,
    /// ok or refused.
    #[arg(long)]
    outcome: Option<String>,
    /// The id of a person, client or resource.
    #[arg(long)]
    about: Option<String>,
    /// Not before this day, as 2026-08-05.
    #[arg(long)]
    since: Option<chrono::NaiveDate>,
    /// Before this day.
    #[arg(long)]
    until: Option<chrono::NaiveDate>,
    /// Most events.
    #[arg(long, default_value_t = 1000)]
    limit: u64,
}

impl Search {
    fn filter(&self, app: &App) -> Filter {
        let zone = app.settings.district.time_zone;
        let begin = |day: chrono::NaiveDate| {
            let midnight = day
                .and_time(chrono::NaiveTime::MIN)
                .and_local_timezone(zone);
            midnight
                .earliest()
                .map(|at| Timestamp::from_unix(at.timestamp()))
        };
        Filter {
            action: self.action.clone(),
            outcome: self.outcome.clone(),
            about: self.about.clone(),
            since: self.since.and_then(begin),
            until: self.until.and_then(begin),
        }
    }
}

/// Runs it.
#[expect(
    clippy::print_stdout,
    reason = "a command line answers on the terminal"
)]
pub async fn run(command: AuditCommand, app: &App) -> Result<ExitCode, Failure> {
    match command {
        AuditCommand::Verify => {
            let anchors = audit_log::read_anchors(app);
            let verified = audit_log::verify(app, &anchors, app.clock.now()).await?;
            for fault in &verified.faults {
                println!("{fault}");
            }
            println!(
                "{} links fit, {} anchors, {} faults",
                verified.links,
                anchors.len(),
                verified.faults.len()
            );
            let sound = verified.faults.is_empty();
            Ok(if sound {
                ExitCode::SUCCESS
            } else {
                ExitCode::from(1)
            })
        }
        AuditCommand::Search(search) => {
            let found = audit_log::search(app, &search.filter(app), search.limit, |event| {
                println!("{}", line(event));
            })
            .await?;
            println!("{found} events");
            Ok(ExitCode::SUCCESS)
        }
        AuditCommand::Export(search) => {
            audit_log::search(app, &search.filter(app), search.limit, |event| {
                println!("{}", json(event));
            })
            .await?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

fn line(event: &AuditEvent) -> String {
    let part = |kind: &str, id: &Option<String>| match id {
        Some(id) => format!("{kind} {id}"),
        None => kind.to_owned(),
    };
    let target = event
        .target_kind
        .as_ref()
        .map(|kind| format!(" on {}", part(kind, &event.target_id)))
        .unwrap_or_default();
    let reason = event
        .reason
        .as_ref()
        .map(|reason| format!(" ({reason})"))
        .unwrap_or_default();
    format!(
        "{} {} {}{reason} by {}{target} {}",
        event.at.to_rfc3339(),
        event.action,
        event.outcome,
        part(&event.actor_kind, &event.actor_id),
        event.fields
    )
}

fn json(event: &AuditEvent) -> serde_json::Value {
    let fields: serde_json::Value = serde_json::from_str(&event.fields).unwrap_or_default();
    serde_json::json!({
        "id": event.id,
        "node": event.node,
        "at": event.at.to_rfc3339(),
        "request_id": event.request_id,
        "actor_kind": event.actor_kind,
        "actor_id": event.actor_id,
        "action": event.action,
        "target_kind": event.target_kind,
        "target_id": event.target_id,
        "outcome": event.outcome,
        "reason": event.reason,
        "client_id": event.client_id,
        "session": event.session_ref,
        "peer": event.peer,
        "fields": fields,
    })
}
