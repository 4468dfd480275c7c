//! A sourcedId that stands in a file twice.

use std::collections::{HashMap, HashSet};

use super::Strictness;
use super::fault::{Fault, Notes, Quarantine};
use super::package::{Entry, Rows};
use super::read::{refuses, set_aside};

/// Drops rows that repeat an earlier one word for word, with a warning; sets aside all rows of an id whose rows differ,
/// because nobody can tell which one is right. Strict: refuses both.
pub fn settle<T: Entry>(
    rows: &mut Rows<T>,
    strictness: Strictness,
    notes: &mut Notes,
    quarantine: &mut Quarantine,
) -> Result<(), Fault> {
    let repeated = repeated(rows);
    if repeated.is_empty() {
        return Ok(());
    }
    let removed: HashSet<&str> = rows.removed.iter().map(|id| &**id).collect();
    let mut drop: HashSet<usize> = HashSet::new();
    let mut faults = Vec::new();
    let mut numbers: HashSet<Box<str>> = HashSet::new();
    for (id, places) in &repeated {
        let entries: Vec<&T> = places.iter().filter_map(|at| rows.rows.get(*at)).collect();
        let Some((first, later)) = entries.split_first() else {
            continue;
        };
        let print = first.fingerprint();
        let alike = !removed.contains(id.as_str())
            && later.iter().all(|entry| entry.fingerprint() == print);
        if alike && !refuses(strictness, T::FILE) {
            for entry in later {
                notes.add(fault::<T>(
                    entry.line(),
                    id,
                    "The row stands in the file twice, word for word: read once.",
                ));
            }
            drop.extend(places.iter().skip(1));
            continue;
        }
        let advice = match later.first() {
            Some(_) => format!(
                "The sourcedId stands in more than one row (first in line {}): every row needs its own. Correct the export.",
                first.line()
            ),
            None => "The sourcedId stands in another row too, which says tobedeleted. Correct the export.".to_owned(),
        };
        let culprit = later.first().unwrap_or(first);
        if refuses(strictness, T::FILE) {
            return Err(fault::<T>(culprit.line(), id, advice));
        }
        faults.extend(
            entries
                .iter()
                .map(|entry| fault::<T>(entry.line(), id, advice.clone())),
        );
        numbers.extend(
            entries
                .iter()
                .filter_map(|entry| entry.number())
                .map(Into::into),
        );
        drop.extend(places);
    }
    rows.numbers_set_aside.extend(numbers);
    for fault in faults {
        set_aside(fault, rows, quarantine);
    }
    let ids = std::mem::take(&mut rows.removed);
    rows.removed = ids
        .into_iter()
        .filter(|id| !rows.set_aside.contains(id))
        .collect();
    let mut at = 0;
    rows.rows.retain(|_| {
        at += 1;
        !drop.contains(&(at - 1))
    });
    Ok(())
}

/// The ids of more than one row, or of a row and a deletion, in the order of the file.
fn repeated<T: Entry>(rows: &Rows<T>) -> Vec<(String, Vec<usize>)> {
    let removed: HashSet<&str> = rows.removed.iter().map(|id| &**id).collect();
    let mut first: HashMap<&str, usize> = HashMap::with_capacity(rows.rows.len());
    let mut out: Vec<(String, Vec<usize>)> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for (at, row) in rows.rows.iter().enumerate() {
        let id = row.sourced_id();
        let before = first.get(id).copied();
        first.entry(id).or_insert(at);
        if before.is_none() && !removed.contains(id) {
            continue;
        }
        let place = *places.entry(id).or_insert_with(|| {
            out.push((id.to_owned(), before.into_iter().collect()));
            out.len() - 1
        });
        if let Some((_, list)) = out.get_mut(place) {
            list.push(at);
        }
    }
    out
}

fn fault<T: Entry>(line: u32, id: &str, advice: impl Into<Box<str>>) -> Fault {
    let mut fault = Fault::of_cell(T::FILE.name(), line.into(), "sourcedId", id, advice);
    fault.sourced_id = Some(id.into());
    fault
}
