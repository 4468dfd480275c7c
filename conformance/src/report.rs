//! Results: a line each on the terminal, totals beside the official suite's counts, a JSON file, an HTML page.

use std::fmt::Write as _;
use std::path::Path;

use serde::Serialize;

use crate::plan::Plan;
use crate::wire::Exchange;

/// How a module ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Status {
    /// The assertion holds.
    Pass,
    /// It does not.
    Fail,
    /// It holds, but something is not as it should be.
    Warning,
    /// It could not be checked; the reason says why.
    Skipped,
}

impl Status {
    /// In capitals.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "PASS",
            Self::Fail => "FAIL",
            Self::Warning => "WARNING",
            Self::Skipped => "SKIPPED",
        }
    }
}

/// One module's result.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    /// Plan it was run for.
    pub plan: String,
    /// Its name.
    pub module: &'static str,
    /// How it was run.
    pub variant: String,
    /// How it ended.
    pub status: Status,
    /// What was wrong, or why it was skipped.
    pub reason: String,
    /// Figures and findings.
    pub notes: Vec<String>,
    /// What it asserts.
    pub asserts: &'static str,
    /// Where the rule stands.
    pub section: &'static str,
    /// Seconds that it took.
    pub seconds: f64,
    /// What went over the wire, unless it passed.
    pub exchanges: Vec<Exchange>,
}

impl Outcome {
    /// The line on the terminal.
    pub fn line(&self) -> String {
        let mut line = format!(
            "{:<8} {} [{}]",
            self.status.word(),
            self.module,
            self.variant
        );
        if !self.reason.is_empty() {
            let _written = write!(line, ": {} ({})", self.reason, self.section);
        }
        for note in &self.notes {
            let _written = write!(line, "\n         . {note}");
        }
        line
    }
}

/// Counts of one plan.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Totals {
    /// Plan.
    pub plan: String,
    /// Module runs.
    pub runs: usize,
    /// Of the official suite's plan.
    pub official: Option<usize>,
    /// Passed.
    pub pass: usize,
    /// Passed with a warning.
    pub warning: usize,
    /// Skipped.
    pub skipped: usize,
    /// Failed.
    pub fail: usize,
}

/// Counts by plan.
pub fn totals(plans: &[Plan], outcomes: &[Outcome]) -> Vec<Totals> {
    let count = |plan: &Plan| {
        let name = plan.name();
        let of_plan = || outcomes.iter().filter(|outcome| outcome.plan == name);
        let with = |status| of_plan().filter(|outcome| outcome.status == status).count();
        Totals {
            runs: of_plan().count(),
            official: plan.official_count(),
            pass: with(Status::Pass),
            warning: with(Status::Warning),
            skipped: with(Status::Skipped),
            fail: with(Status::Fail),
            plan: name,
        }
    };
    plans.iter().map(count).collect()
}

/// The table of counts for the terminal.
pub fn totals_table(totals: &[Totals]) -> String {
    let mut table = format!(
        "{:<17}{:>6}{:>10}{:>7}{:>9}{:>9}{:>6}\n",
        "plan", "runs", "official", "PASS", "WARNING", "SKIPPED", "FAIL"
    );
    for row in totals {
        let official = row
            .official
            .map_or("-".to_owned(), |count| count.to_string());
        let _written = writeln!(
            table,
            "{:<17}{:>6}{:>10}{:>7}{:>9}{:>9}{:>6}",
            row.plan, row.runs, official, row.pass, row.warning, row.skipped, row.fail
        );
    }
    table
}

/// Writes everything as JSON.
pub fn write_json(
    path: &Path,
    issuer: &str,
    totals: &[Totals],
    outcomes: &[Outcome],
) -> anyhow::Result<()> {
    let document = serde_json::json!({"issuer": issuer, "totals": totals, "outcomes": outcomes});
    Ok(std::fs::write(
        path,
        serde_json::to_string_pretty(&document)?,
    )?)
}

/// Writes everything as a page to read.
pub fn write_html(
    path: &Path,
    issuer: &str,
    totals: &[Totals],
    outcomes: &[Outcome],
) -> anyhow::Result<()> {
    let mut page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Conformance of {0}</title>\
         <meta name=\"viewport\" content=\"width=device-width\"><style>{STYLE}</style>\
         <h1>Conformance of {0}</h1>",
        escape(issuer)
    );
    page.push_str(
        "<table><thead><tr><th>Plan<th>Runs<th>Official suite<th>Pass<th>Warning<th>Skipped<th>Fail\
         </thead><tbody>",
    );
    for row in totals {
        let official = row
            .official
            .map_or("–".to_owned(), |count| count.to_string());
        write!(
            page,
            "<tr><th><a href=\"#{0}\">{0}</a><td>{1}<td>{official}<td>{2}<td>{3}<td>{4}<td>{5}",
            row.plan, row.runs, row.pass, row.warning, row.skipped, row.fail
        )?;
    }
    page.push_str("</tbody></table>");
    for row in totals {
        write!(page, "<h2 id=\"{0}\">{0}</h2>", row.plan)?;
        for outcome in outcomes.iter().filter(|outcome| outcome.plan == row.plan) {
            page.push_str(&section(outcome)?);
        }
    }
    page.push_str("</html>\n");
    Ok(std::fs::write(path, page)?)
}

const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;\
color:#1b1f24;background:#fff}table{border-collapse:collapse}th,td{padding:.2rem .8rem;text-align:right;\
border-bottom:1px solid #d5dae0}th:first-child{text-align:left}details{border-bottom:1px solid #e4e8ec;padding:.3rem 0}\
summary{cursor:pointer}b{display:inline-block;min-width:6rem}.PASS b{color:#136c2e}.FAIL b{color:#b3121d}\
.WARNING b{color:#8a5a00}.SKIPPED b{color:#57606a}pre{background:#f3f5f7;padding:.6rem;overflow:auto;font-size:.8rem;\
white-space:pre-wrap;word-break:break-all}small{color:#57606a}";

fn section(outcome: &Outcome) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    let word = outcome.status.word();
    write!(
        text,
        "<details class=\"{word}\"><summary><b>{word}</b> {} <small>{}</small>",
        escape(outcome.module),
        escape(&outcome.variant)
    )?;
    if !outcome.reason.is_empty() {
        write!(text, "<br>{}", escape(&outcome.reason))?;
    }
    write!(
        text,
        "</summary><p>{} <small>{} · {:.1} s</small></p>",
        escape(outcome.asserts),
        escape(outcome.section),
        outcome.seconds
    )?;
    for note in &outcome.notes {
        write!(text, "<p>{}</p>", escape(note))?;
    }
    for exchange in &outcome.exchanges {
        write!(
            text,
            "<pre>{}\n{}\n\n{} {}</pre>",
            escape(&exchange.request),
            escape(&exchange.sent),
            exchange.status,
            escape(&exchange.received)
        )?;
    }
    text.push_str("</details>");
    Ok(text)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
