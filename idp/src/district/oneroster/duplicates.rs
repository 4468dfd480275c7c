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
    let mut drop: HashSet<usize> = HashSet::new();
    let mut faults = Vec::new();
    for (id, places) in &repeated {
        let entries: Vec<&T> = places.iter().filter_map(|at| rows.rows.get(*at)).collect();
        let removed = rows.removed.iter().any(|gone| **gone == **id);
        match judge(id, &entries, removed) {
            Verdict::Repetition(repetitions) if !refuses(strictness, T::FILE) => {
                for note in repetitions {
                    notes.add(note);
                }
                drop.extend(places.iter().skip(1));
            }
            Verdict::Repetition(all) | Verdict::Contradiction(all)
                if refuses(strictness, T::FILE) =>
            {
                return all.into_iter().next_back().map_or(Ok(()), Err);
            }
            Verdict::Repetition(all) | Verdict::Contradiction(all) => {
                let numbers = entries.iter().filter_map(|entry| entry.number());
                let numbers: Vec<Box<str>> = numbers.map(Into::into).collect();
                rows.numbers_set_aside.extend(numbers);
                faults.extend(all);
                drop.extend(places);
            }
        }
    }
    for fault in faults {
        set_aside(fault, rows, quarantine);
    }
    let ids = std::mem::take(&mut rows.removed);
    let kept = ids.into_iter().filter(|id| !rows.set_aside.contains(id));
    rows.removed = kept.collect();
    let mut at = 0;
    rows.rows.retain(|_| {
        at += 1;
        !drop.contains(&(at - 1))
    });
    Ok(())
}

/// What rows of one id are to each other.
enum Verdict {
    /// The same word for word: what to say of the later ones.
    Repetition(Vec<Fault>),
    /// Different, or one says that the record is gone: what to say of each.
    Contradiction(Vec<Fault>),
}

fn judge<T: Entry>(id: &str, entries: &[&T], removed: bool) -> Verdict {
    let print = entries.first().map(|entry| entry.fingerprint());
    let alike = entries
        .iter()
        .all(|entry| Some(entry.fingerprint()) == print);
    if alike && !removed {
        let advice = "The row stands in the file twice, word for word: read once.";
        let later = entries.iter().skip(1);
        return Verdict::Repetition(
            later
                .map(|entry| fault::<T>(entry.line(), id, advice))
                .collect(),
        );
    }
    let first = entries.first().map_or(0, |entry| entry.line());
    let advice = if removed {
        "The sourcedId also stands in a row that says tobedeleted. Correct the export.".to_owned()
    } else {
        format!(
            "The sourcedId stands in more than one row (first in line {first}): every row needs its own. Correct the export."
        )
    };
    let all = entries.iter();
    Verdict::Contradiction(
        all.map(|entry| fault::<T>(entry.line(), id, advice.as_str()))
            .collect(),
    )
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
