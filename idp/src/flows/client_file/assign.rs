//! `assign`: who gets a resource, as a file says it. Schools and classes are looked up later, in the database.

use serde::Deserialize;
use serde_json::Value;

use crate::district::assignment::is_role;

/// One rule, with the school and the class as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rule {
    /// A school's `sourcedId` or name.
    pub school: Option<String>,
    /// A kind of person, or a OneRoster role.
    pub role: Option<String>,
    /// A grade code.
    pub grade: Option<String>,
    /// A class's `sourcedId`.
    pub class: Option<String>,
}

/// A rule as written: each part one text or several.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    school: Texts,
    role: Texts,
    grade: Texts,
    class: Texts,
}

#[derive(Debug, Default, Deserialize)]
#[serde(untagged, expecting = "write a text, or a list of texts")]
enum Texts {
    #[default]
    None,
    One(String),
    Several(Vec<String>),
}

impl Texts {
    /// Each text once in its own rule; no text where the part is left out.
    fn each(self) -> Vec<Option<String>> {
        match self {
            Self::None => vec![None],
            Self::One(text) => vec![Some(text)],
            Self::Several(texts) => texts.into_iter().map(Some).collect(),
        }
    }
}

/// Most rules of one resource.
const MOST: usize = 500;

/// Reads `assign`, which may stand in the entry or in its tile: `"district"`, or a list of rules. None where it is left out.
pub fn read(own: Option<Value>, tile: Option<&Value>) -> Result<Option<Vec<Rule>>, Vec<String>> {
    let nested = tile.and_then(|tile| tile.get("assign")).cloned();
    let value = match (own, nested) {
        (Some(_), Some(_)) => {
            return Err(vec![
                "`assign` stands beside the tile and in it; keep one".into(),
            ]);
        }
        (None, None) => return Ok(None),
        (Some(value), None) | (None, Some(value)) => value,
    };
    match value {
        Value::String(text) if text == "district" => Ok(Some(vec![Rule::default()])),
        Value::Array(list) => rules(list).map(Some),
        _ => Err(vec![
            "`assign`: write \"district\" for everybody, or a list as [{ role = \"student\", grade = \"07\" }]"
                .into(),
        ]),
    }
}

fn rules(list: Vec<Value>) -> Result<Vec<Rule>, Vec<String>> {
    let mut rules = Vec::new();
    let mut problems = Vec::new();
    for (at, value) in list.into_iter().enumerate() {
        match serde_json::from_value::<Written>(value) {
            Ok(written) => spread(written, &mut rules),
            Err(error) => problems.push(format!("`assign` rule {}: {error}", at + 1)),
        }
    }
    for rule in &rules {
        problems.extend(fault(rule).map(|problem| format!("`assign`: {problem}")));
    }
    if rules.len() > MOST {
        problems.push(format!(
            "`assign` makes {} rules; at most {MOST} are kept",
            rules.len()
        ));
    }
    if problems.is_empty() {
        Ok(rules)
    } else {
        Err(problems)
    }
}

/// One rule for each combination.
fn spread(written: Written, rules: &mut Vec<Rule>) {
    let kinds = written.role.each();
    let grades = written.grade.each();
    let classes = written.class.each();
    for school in written.school.each() {
        for role in &kinds {
            for grade in &grades {
                rules.extend(classes.iter().map(|class| Rule {
                    school: school.clone(),
                    role: role.clone(),
                    grade: grade.as_deref().map(grade_code),
                    class: class.clone(),
                }));
            }
        }
    }
}

/// Grades as the roster keeps them: `7` is `07`, `k` is `KG`.
fn grade_code(text: &str) -> String {
    let upper = text.trim().to_ascii_uppercase();
    match upper.as_str() {
        "K" | "0" | "00" | "K5" => "KG".into(),
        one if one.len() == 1 && one.bytes().all(|byte| byte.is_ascii_digit()) => format!("0{one}"),
        _ => upper,
    }
}

fn fault(rule: &Rule) -> Option<String> {
    if *rule == Rule::default() {
        return Some("a rule without school, role, grade and class; write assign = \"district\" for everybody".into());
    }
    let parts = [&rule.school, &rule.role, &rule.grade, &rule.class];
    if parts
        .into_iter()
        .flatten()
        .any(|text| text.trim().is_empty())
    {
        return Some("a part is empty; leave it out".into());
    }
    let kind = rule.role.as_deref()?;
    (!is_role(kind)).then(|| {
        format!(
            "role {kind:?} is unknown; write student, teacher, staff, guardian or a OneRoster role as counselor, principal, ext:technician"
        )
    })
}
