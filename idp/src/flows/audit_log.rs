//! Reading the audit log: searching, exporting, and proving that nobody has changed it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::FlowError;
use crate::app::App;
use crate::clock::{Lifetime, Timestamp};
use crate::secret::{Secret, keyed_text};
use crate::store::audit::{self, AuditEvent, Filter};

/// Rows of one read.
const PAGE: u64 = 500;
/// How old a row may be before a missing link is a fault.
const SEALING: Lifetime = Lifetime::minutes(2);

/// What a check of the log has found.
#[derive(Clone, Debug, Default)]
pub struct Verified {
    /// Links that fit.
    pub links: u64,
    /// What does not fit, the first of each node first.
    pub faults: Vec<String>,
}

/// The end of a node's chain at a moment, kept outside the database so that a cut tail is seen.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Anchor {
    /// The node.
    pub node: String,
    /// How far its chain reached.
    pub seq: i64,
    /// The MAC of that link.
    pub mac: String,
    /// When.
    pub at: Timestamp,
}

/// Hands every matching event to `each`, oldest first.
pub async fn search(
    app: &App,
    filter: &Filter,
    limit: u64,
    mut each: impl FnMut(&AuditEvent),
) -> Result<u64, FlowError> {
    let mut after = String::new();
    let mut found = 0;
    while found < limit {
        let page = audit::page(app.store.read(), filter, &after, PAGE.min(limit - found)).await?;
        let Some(last) = page.last() else { break };
        after.clone_from(&last.id);
        found += page.len() as u64;
        page.iter().for_each(&mut each);
    }
    Ok(found)
}

/// Checks each node's chain link by link, looks for rows without a link, and compares with the anchors.
pub async fn verify(app: &App, anchors: &[Anchor], now: Timestamp) -> Result<Verified, FlowError> {
    let mut verified = Verified::default();
    let mut reached: BTreeMap<String, i64> = BTreeMap::new();
    for node in audit::nodes(app.store.read()).await? {
        let end = verify_node(app, &node, anchors, &mut verified).await?;
        reached.insert(node, end);
    }
    for anchor in anchors {
        let end = reached.get(&anchor.node).copied().unwrap_or_default();
        if end < anchor.seq {
            verified.faults.push(format!(
                "node {}: the chain ends at {end}, but reached {} on {}",
                anchor.node,
                anchor.seq,
                anchor.at.to_rfc3339()
            ));
        }
    }
    let old = now.minus(SEALING);
    for event in audit::unsealed(app.store.read(), PAGE).await? {
        if event.at < old {
            verified.faults.push(format!(
                "event {} of node {} has no link",
                event.id, event.node
            ));
        }
    }
    Ok(verified)
}

async fn verify_node(
    app: &App,
    node: &str,
    anchors: &[Anchor],
    verified: &mut Verified,
) -> Result<i64, FlowError> {
    let (mut seq, mut mac) = (0, String::new());
    loop {
        let page = audit::sealed_page(app.store.read(), node, seq, PAGE).await?;
        if page.is_empty() {
            return Ok(seq);
        }
        for (link, event) in page {
            let Some(event) = event else {
                let what = format!(
                    "node {node}: event {} of link {} is gone",
                    link.event_id, link.seq
                );
                verified.faults.push(what);
                return Ok(seq);
            };
            if link.seq != seq + 1 {
                verified.faults.push(format!(
                    "node {node}: links {} to {} are gone",
                    seq + 1,
                    link.seq - 1
                ));
                return Ok(seq);
            }
            mac = keyed_text(&app.secrets.audit, &[&event.canonical(), mac.as_bytes()]);
            if Secret::new(mac.as_str()) != Secret::new(link.mac.as_str()) {
                verified.faults.push(format!(
                    "node {node}: event {} was changed (link {})",
                    event.id, link.seq
                ));
                return Ok(seq);
            }
            seq = link.seq;
            verified.links += 1;
            let anchored = anchors
                .iter()
                .find(|anchor| anchor.node == node && anchor.seq == seq);
            if anchored.is_some_and(|anchor| anchor.mac != mac) {
                verified
                    .faults
                    .push(format!("node {node}: link {seq} is not the anchored one"));
                return Ok(seq);
            }
        }
    }
}

/// Appends the end of this node's chain to `audit.anchors` in `data_dir`, where it has moved since the last anchor. Copy
/// that file to where nobody who can write to the database can write.
pub async fn anchor(app: &App) -> anyhow::Result<()> {
    use std::io::Write as _;
    let Some(link) = audit::last_link(app.store.read(), &app.node).await? else {
        return Ok(());
    };
    let anchors = read_anchors(app);
    if anchors
        .iter()
        .rev()
        .find(|anchor| anchor.node == app.node)
        .is_some_and(|last| last.seq == link.seq)
    {
        return Ok(());
    }
    let anchor = Anchor {
        node: link.node,
        seq: link.seq,
        mac: link.mac,
        at: app.clock.now(),
    };
    let mut file = std::fs::OpenOptions::new()
        .append(true)
        .create(true)
        .open(anchors_path(app))?;
    writeln!(file, "{}", serde_json::to_string(&anchor)?)?;
    Ok(())
}

/// The anchors in `data_dir`.
pub fn read_anchors(app: &App) -> Vec<Anchor> {
    std::fs::read_to_string(anchors_path(app))
        .unwrap_or_default()
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect()
}

fn anchors_path(app: &App) -> std::path::PathBuf {
    app.settings.data_dir.join("audit.anchors")
}
