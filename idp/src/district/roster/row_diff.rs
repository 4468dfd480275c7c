//! The difference between a file and a table, row by row: what is new, what changed, what has gone.

use std::collections::{HashMap, HashSet};

use super::known::StoredRow;
use crate::district::oneroster::package::{Entry, Rows};

/// What a stored row means for the import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Nothing to do.
    Same,
    /// Must be written again, from this row of the package.
    Changed(u32),
    /// Must be marked `tobedeleted`.
    Gone,
}

/// A changed row: its position in the package, our id.
pub type Change = (u32, Box<str>);

/// Walks over the stored rows once; keeps only what differs.
#[derive(Debug)]
pub struct RowDiff<'a> {
    index: HashMap<&'a str, u32>,
    by_legacy: HashMap<&'a str, u32>,
    prints: Vec<i64>,
    seen: Vec<bool>,
    removed: HashSet<&'a str>,
    set_aside: &'a HashSet<Box<str>>,
    absence_counts: bool,
    rekey: Vec<Change>,
    /// Rows to write again.
    pub changed: Vec<Change>,
    /// Ids to mark as gone.
    pub gone: Vec<Box<str>>,
}

impl<'a> RowDiff<'a> {
    /// Begins with the rows of a file.
    pub fn new<T: Entry>(rows: &'a Rows<T>) -> Self {
        Self {
            index: rows.index(),
            by_legacy: HashMap::new(),
            prints: rows.rows.iter().map(Entry::fingerprint).collect(),
            seen: vec![false; rows.rows.len()],
            removed: rows.removed.iter().map(|id| &**id).collect(),
            set_aside: &rows.set_aside,
            absence_counts: rows.absence_counts(),
            rekey: Vec::new(),
            changed: Vec::new(),
            gone: Vec::new(),
        }
    }

    /// Lets a stored row under an old id be taken for the row that names it as its legacy id.
    #[must_use]
    pub fn with_legacy(mut self, legacy: impl Iterator<Item = (u32, Option<&'a str>)>) -> Self {
        self.by_legacy = legacy.filter_map(|(at, id)| Some((id?, at))).collect();
        self
    }

    /// Whether the package has a row with this id.
    pub fn has(&self, sourced_id: &str) -> bool {
        self.index.contains_key(sourced_id)
    }

    /// Looks at a stored row.
    pub fn see(&mut self, stored: StoredRow<'_>) -> Seen {
        if let Some(&at) = self.index.get(stored.sourced_id) {
            if let Some(seen) = self.seen.get_mut(at as usize) {
                *seen = true;
            }
            let same = stored.active && self.prints.get(at as usize) == Some(&stored.row_hash);
            if same {
                return Seen::Same;
            }
            self.changed.push((at, stored.id.into()));
            return Seen::Changed(at);
        }
        if let Some(&at) = self.by_legacy.get(stored.sourced_id) {
            self.rekey.push((at, stored.id.into()));
            return Seen::Changed(at);
        }
        let left = self.removed.contains(stored.sourced_id)
            || (self.absence_counts && !self.set_aside.contains(stored.sourced_id));
        if stored.active && left {
            self.gone.push(stored.id.into());
            return Seen::Gone;
        }
        Seen::Same
    }

    /// Ends the walk: re-keys what was found under an old id only. Returns the positions that are new.
    pub fn finish(&mut self) -> Vec<u32> {
        for (at, id) in std::mem::take(&mut self.rekey) {
            match self.seen.get_mut(at as usize) {
                Some(seen) if !*seen => {
                    *seen = true;
                    self.changed.push((at, id));
                }
                _ => self.gone.push(id),
            }
        }
        (0_u32..)
            .zip(&self.seen)
            .filter_map(|(at, seen)| (!seen).then_some(at))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::district::oneroster::package::Course;

    fn course(id: &str, title: &str) -> Course {
        Course {
            sourced_id: id.into(),
            title: title.into(),
            code: None,
            org: "d".into(),
            line: 2,
        }
    }

    fn rows(complete: bool) -> Rows<Course> {
        Rows {
            complete,
            rows: vec![course("a", "A"), course("b", "B"), course("n", "N")],
            removed: vec!["r".into()],
            set_aside: ["q".into()].into(),
            ..Rows::default()
        }
    }

    #[test]
    fn tells_new_changed_gone_and_kept_apart() {
        for (complete, gone) in [(true, &["5", "6"][..]), (false, &["5"])] {
            let rows = rows(complete);
            let print = rows.rows[0].fingerprint();
            let mut diff = RowDiff::new(&rows);
            for (id, sourced_id, active, row_hash, expect) in [
                ("1", "a", true, print, Seen::Same),
                ("2", "b", true, 7, Seen::Changed(1)),
                ("3", "q", true, 7, Seen::Same),
                ("4", "x", false, 0, Seen::Same),
                ("5", "r", true, 7, Seen::Gone),
            ] {
                let stored = StoredRow {
                    id,
                    sourced_id,
                    active,
                    row_hash,
                };
                assert_eq!(diff.see(stored), expect, "{sourced_id}");
            }
            diff.see(StoredRow {
                id: "6",
                sourced_id: "missing",
                active: true,
                row_hash: 7,
            });
            assert_eq!(diff.finish(), [2]);
            assert_eq!(diff.changed, [(1, "2".into())]);
            assert_eq!(diff.gone.iter().map(|id| &**id).collect::<Vec<_>>(), gone);
        }
    }

    #[test]
    fn what_returns_is_written_again() {
        let rows = rows(true);
        let mut diff = RowDiff::new(&rows);
        let seen = diff.see(StoredRow {
            id: "1",
            sourced_id: "a",
            active: false,
            row_hash: 0,
        });
        assert_eq!(seen, Seen::Changed(0));
    }

    #[test]
    fn a_legacy_id_keeps_the_row() {
        let rows = rows(true);
        let mut diff = RowDiff::new(&rows).with_legacy([(0, Some("old-a")), (2, None)].into_iter());
        for (id, sourced_id) in [("1", "old-a"), ("2", "b")] {
            diff.see(StoredRow {
                id,
                sourced_id,
                active: true,
                row_hash: 7,
            });
        }
        assert_eq!(diff.finish(), [2]);
        assert_eq!(diff.changed, [(1, "2".into()), (0, "1".into())]);
    }
}
