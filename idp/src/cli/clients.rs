//! `idp clients apply|list|show|rotate-secret|remove`.

use std::io::{IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};

use super::Failure;
use crate::app::App;
use crate::clock::{Lifetime, Timestamp};
use crate::district::assignment::Assignment;
use crate::district::resource::Resource;
use crate::flows::Context;
use crate::flows::client_file::{self, Format};
use crate::flows::manage_clients::{self, ApplyError, Change, Details, Outcome, Rotated};
use crate::ids::ClientId;

/// What to do with clients and tiles.
#[derive(Debug, Subcommand)]
pub enum ClientsCommand {
    /// Bring clients and tiles to what a file says. A file that was applied before changes nothing.
    Apply(Apply),
    /// List the clients.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Print everything about a client, as JSON.
    Show {
        /// Its id, as the list shows it.
        id: String,
    },
    /// Make a new secret. The old one stays valid for the days of overlap.
    RotateSecret {
        /// The client's id.
        id: String,
        /// Days that the old secret stays valid; 0 ends it now.
        #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(0..=365))]
        overlap_days: u32,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Remove a client, its tile and everything it was granted. This cannot be undone.
    Remove {
        /// The client's id.
        id: String,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
}

/// Which file, and how.
#[derive(Debug, Args)]
pub struct Apply {
    /// The file: TOML, or JSON where the name ends in .json.
    file: PathBuf,
    /// Only tell what would change.
    #[arg(long)]
    dry_run: bool,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Runs it.
pub async fn run(command: ClientsCommand, app: &Arc<App>) -> Result<ExitCode, Failure> {
    let cx = Context::of_command(app, "idp clients");
    match command {
        ClientsCommand::Apply(args) => apply(&cx, &args).await,
        ClientsCommand::List { json } => list(&cx, json).await,
        ClientsCommand::Show { id } => show(&cx, &ClientId::new(id)).await,
        ClientsCommand::RotateSecret {
            id,
            overlap_days,
            json,
        } => rotate(&cx, &ClientId::new(id), Lifetime::days(overlap_days), json).await,
        ClientsCommand::Remove { id, yes } => remove(&cx, &ClientId::new(id), yes).await,
    }
}

async fn apply(cx: &Context, args: &Apply) -> Result<ExitCode, Failure> {
    let name = args.file.display();
    let text = std::fs::read_to_string(&args.file)
        .with_context(|| format!("cannot read {name}; give the path of a TOML or JSON file"))?;
    let file = match client_file::read(&text, format_of(&args.file)) {
        Ok(file) => file,
        Err(faults) => return Ok(refuse(&args.file, &faults)),
    };
    match manage_clients::apply(cx, &file, args.dry_run).await {
        Ok(outcome) => {
            report(&outcome, args);
            Ok(ExitCode::SUCCESS)
        }
        Err(ApplyError::Faults(faults)) => Ok(refuse(&args.file, &faults)),
        Err(ApplyError::Flow(error)) => Err(error.into()),
    }
}

fn format_of(file: &Path) -> Format {
    let ends_in = |end: &std::ffi::OsStr| end.eq_ignore_ascii_case("json");
    if file.extension().is_some_and(ends_in) {
        Format::Json
    } else {
        Format::Toml
    }
}

/// Prints every fault, a line each. Nothing was changed.
#[expect(
    clippy::print_stderr,
    reason = "a command line answers on the terminal"
)]
fn refuse(file: &Path, faults: &[client_file::Fault]) -> ExitCode {
    for fault in faults {
        eprintln!(
            "idp: {}: {}",
            file.display(),
            fault.to_string().replace('\n', " ")
        );
    }
    eprintln!("idp: nothing was changed");
    ExitCode::from(1)
}

#[expect(
    clippy::print_stdout,
    reason = "a command line answers on the terminal"
)]
fn report(outcome: &Outcome, args: &Apply) {
    let secret_of = |id: &str| {
        let made = outcome
            .secrets
            .iter()
            .find(|(client, _)| client.as_str() == id);
        made.filter(|_| !args.dry_run)
            .map(|(_, secret)| secret.expose())
    };
    if args.json {
        let line = |applied: &manage_clients::Applied| {
            let (change, fields) = match &applied.change {
                Change::Created => ("created", Vec::new()),
                Change::Updated(fields) => ("updated", fields.clone()),
                Change::Unchanged => ("unchanged", Vec::new()),
            };
            json!({
                "kind": applied.kind,
                "id": applied.id,
                "change": change,
                "fields": fields,
                "client_secret": secret_of(&applied.id).filter(|_| applied.kind == "client"),
            })
        };
        let lines: Vec<Value> = outcome.applied.iter().map(line).collect();
        println!("{}", json!({ "dry_run": args.dry_run, "applied": lines }));
        return;
    }
    let (mut created, mut updated, mut unchanged) = (0, 0, 0);
    for applied in &outcome.applied {
        let (kind, id) = (applied.kind, &applied.id);
        match &applied.change {
            Change::Created => {
                created += 1;
                println!("created    {kind} {id}");
            }
            Change::Updated(fields) => {
                updated += 1;
                println!("updated    {kind} {id}: {}", fields.join(", "));
            }
            Change::Unchanged => unchanged += 1,
        }
        if let Some(secret) = secret_of(id).filter(|_| kind == "client") {
            println!("           client_secret, shown once: {secret}");
        }
    }
    let would = if args.dry_run {
        " (dry run: nothing was written)"
    } else {
        ""
    };
    println!("{created} created, {updated} updated, {unchanged} unchanged{would}");
}

#[expect(
    clippy::print_stdout,
    reason = "a command line answers on the terminal"
)]
async fn list(cx: &Context, as_json: bool) -> Result<ExitCode, Failure> {
    let clients = manage_clients::list(cx).await?;
    if as_json {
        let line = |(registration, resource): &(_, Option<Resource>)| {
            brief(registration, resource.as_ref())
        };
        println!("{}", Value::Array(clients.iter().map(line).collect()));
        return Ok(ExitCode::SUCCESS);
    }
    for (registration, resource) in &clients {
        let client = &registration.client;
        let tile = resource
            .as_ref()
            .map_or("none", |resource| resource.status.as_str());
        println!(
            "{:<24} {:<28} {:<20} tile {tile}",
            client.client_id.as_str(),
            client.client_name,
            client.token_endpoint_auth_method.as_str(),
        );
    }
    println!("{} clients", clients.len());
    Ok(ExitCode::SUCCESS)
}

fn brief(
    registration: &crate::protocol::client_secret::Registration,
    resource: Option<&Resource>,
) -> Value {
    let client = &registration.client;
    json!({
        "client_id": client.client_id,
        "client_name": client.client_name,
        "token_endpoint_auth_method": client.token_endpoint_auth_method,
        "status": registration.status,
        "resource": resource.map(|resource| resource.id.as_str()),
        "tile": resource.map(|resource| resource.status.as_str()),
    })
}

#[expect(
    clippy::print_stdout,
    reason = "a command line answers on the terminal"
)]
async fn show(cx: &Context, id: &ClientId) -> Result<ExitCode, Failure> {
    let details = manage_clients::find(cx, id)
        .await?
        .with_context(|| unknown(id))?;
    println!("{:#}", described(&details));
    Ok(ExitCode::SUCCESS)
}

fn described(details: &Details) -> Value {
    let registration = &details.registration;
    let mut metadata = match serde_json::to_value(&registration.client) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    metadata.retain(|_, value| !value.is_null());
    let time = |at: Option<Timestamp>| at.map(Timestamp::to_rfc3339);
    let secrets: Vec<Value> = registration
        .secrets
        .iter()
        .map(|secret| {
            json!({
                "created_at": secret.created_at.to_rfc3339(),
                "expires_at": time(secret.expires_at),
                "last_used_at": time(secret.last_used_at),
            })
        })
        .collect();
    json!({
        "client": metadata,
        "status": registration.status,
        "secrets": secrets,
        "created_at": registration.created_at.to_rfc3339(),
        "updated_at": registration.updated_at.to_rfc3339(),
        "resource": details.resource.as_ref().map(resource),
        "assign": details.rules.iter().map(rule).collect::<Vec<_>>(),
    })
}

fn resource(resource: &Resource) -> Value {
    json!({
        "id": resource.id,
        "name": resource.name,
        "description": resource.description,
        "category": resource.category.as_str(),
        "icon": resource.icon,
        "start_url": resource.start_url,
        "position": resource.position,
        "status": resource.status,
        "agreement": resource.agreement,
    })
}

fn rule(rule: &Assignment) -> Value {
    json!({
        "school": rule.school,
        "role": rule.role,
        "grade": rule.grade,
        "class": rule.class,
    })
}

#[expect(
    clippy::print_stdout,
    reason = "a command line answers on the terminal"
)]
async fn rotate(
    cx: &Context,
    id: &ClientId,
    overlap: Lifetime,
    as_json: bool,
) -> Result<ExitCode, Failure> {
    match manage_clients::rotate_secret(cx, id, overlap).await? {
        Rotated::Done(secret, old_until) => {
            let until = old_until.map(Timestamp::to_rfc3339);
            if as_json {
                let line = json!({
                    "client_id": id,
                    "client_secret": secret.expose(),
                    "old_secret_until": until,
                });
                println!("{line}");
            } else {
                println!("client_secret of {id}, shown once: {}", secret.expose());
                match until {
                    Some(until) => println!("The old secret stays valid until {until}."),
                    None => println!("No other secret is valid from now on."),
                }
            }
            Ok(ExitCode::SUCCESS)
        }
        Rotated::Unknown => Err(anyhow::anyhow!(unknown(id)).into()),
        Rotated::NoSecret => Err(anyhow::anyhow!(
            "client {id:?} has no secret: its token_endpoint_auth_method needs none"
        )
        .into()),
    }
}

#[expect(
    clippy::print_stdout,
    reason = "a command line answers on the terminal"
)]
async fn remove(cx: &Context, id: &ClientId, yes: bool) -> Result<ExitCode, Failure> {
    let details = manage_clients::find(cx, id)
        .await?
        .with_context(|| unknown(id))?;
    let name = &details.registration.client.client_name;
    if !yes && std::io::stdin().is_terminal() {
        print!("Remove {name} ({id}), its tile and all its grants? This cannot be undone. [y/N] ");
        std::io::stdout().flush()?;
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer)?;
        if !matches!(answer.trim(), "y" | "Y" | "yes") {
            println!("Nothing was changed.");
            return Ok(ExitCode::from(1));
        }
    }
    let ended = manage_clients::remove(cx, id)
        .await?
        .with_context(|| unknown(id))?;
    println!("Removed {id}; {ended} grants ended.");
    Ok(ExitCode::SUCCESS)
}

fn unknown(id: &ClientId) -> String {
    format!(
        "no client has the client_id {:?}; idp clients list shows all",
        id.as_str()
    )
}
