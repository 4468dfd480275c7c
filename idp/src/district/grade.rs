//! Grade codes: the CEDS entry grade levels, in order, and what real exports write instead.

use std::collections::BTreeMap;

/// Codes in order, with the aliases seen in exports.
const CODES: &[(&str, &[&str])] = &[
    ("IT", &[]),
    ("PR", &[]),
    ("PK", &["PK3", "PK4", "K3", "K4", "P3", "P4", "-1"]),
    ("TK", &[]),
    ("KG", &["K", "KK", "0", "00", "K5"]),
    ("01", &["1"]),
    ("02", &["2"]),
    ("03", &["3"]),
    ("04", &["4"]),
    ("05", &["5"]),
    ("06", &["6"]),
    ("07", &["7"]),
    ("08", &["8"]),
    ("09", &["9"]),
    ("10", &[]),
    ("11", &[]),
    ("12", &[]),
    ("13", &[]),
    ("PS", &[]),
    ("UG", &["UNG", "U"]),
    ("Other", &[]),
];

/// Folds what an export writes into codes. The district may add aliases or change ours.
#[derive(Clone, Debug)]
pub struct GradeTable {
    /// Alias in capital letters, code.
    aliases: BTreeMap<String, String>,
}

impl Default for GradeTable {
    fn default() -> Self {
        Self::with_aliases(std::iter::empty())
    }
}

impl GradeTable {
    /// Our table, with the district's own aliases over it.
    pub fn with_aliases<'a>(own: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut aliases = BTreeMap::new();
        for (code, others) in CODES {
            aliases.insert(code.to_uppercase(), (*code).to_owned());
            for alias in *others {
                aliases.insert((*alias).to_owned(), (*code).to_owned());
            }
        }
        for (alias, code) in own {
            aliases.insert(alias.trim().to_uppercase(), code.to_owned());
        }
        Self { aliases }
    }

    /// The code for `text`; none where it is unknown and must be kept as it is.
    pub fn fold(&self, text: &str) -> Option<&str> {
        self.aliases
            .get(&text.trim().to_uppercase())
            .map(String::as_str)
    }

    /// The grades of one cell, folded, in order, each once, joined by commas; and the ones that are unknown.
    pub fn fold_list(&self, cell: &str) -> (String, Vec<String>) {
        let mut unknown = Vec::new();
        let mut grades: Vec<String> = Vec::new();
        for item in cell
            .split(',')
            .map(str::trim)
            .filter(|item| !item.is_empty())
        {
            let grade = if let Some(code) = self.fold(item) {
                code.to_owned()
            } else {
                unknown.push(item.to_owned());
                item.to_owned()
            };
            if !grades.contains(&grade) {
                grades.push(grade);
            }
        }
        grades.sort_by_key(|grade| order(grade));
        (grades.join(","), unknown)
    }
}

/// Where a code stands in the order of grades; unknown ones come last.
pub fn order(code: &str) -> usize {
    CODES
        .iter()
        .position(|(known, _)| *known == code)
        .unwrap_or(CODES.len())
}

/// The grade that policy goes by: the highest known one, else the last.
pub fn highest(grades: &[String]) -> Option<&str> {
    grades
        .iter()
        .filter(|grade| order(grade) < CODES.len())
        .max_by_key(|grade| order(grade))
        .or_else(|| grades.last())
        .map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases_are_folded_and_the_unknown_kept() {
        let table = GradeTable::with_aliases([("kinder", "KG"), ("UG", "Other")]);
        for (cell, grades, unknown) in [
            ("07", "07", &[][..]),
            ("7", "07", &[]),
            ("k", "KG", &[]),
            ("-1", "PK", &[]),
            ("Kinder", "KG", &[]),
            ("UG", "Other", &[]),
            ("other", "Other", &[]),
            ("9, 8,09", "08,09", &[]),
            ("Grade 7", "Grade 7", &["Grade 7"]),
            ("ZZ,10", "10,ZZ", &["ZZ"]),
            ("", "", &[]),
        ] {
            let (found, odd) = table.fold_list(cell);
            assert_eq!(
                (found.as_str(), odd.as_slice()),
                (
                    grades,
                    &unknown.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>()[..]
                ),
                "{cell}"
            );
        }
    }

    #[test]
    fn every_alias_of_the_table_is_known() {
        for line in include_str!("grade_codes.tsv").lines().skip(1) {
            let cells: Vec<&str> = line.split('\t').collect();
            let table = GradeTable::default();
            for alias in cells[3]
                .split(',')
                .chain([cells[0]])
                .filter(|a| !a.is_empty())
            {
                assert_eq!(table.fold(alias), Some(cells[0]), "{alias}");
            }
            assert_eq!(order(cells[0]), cells[2].parse::<usize>().unwrap());
        }
    }

    #[test]
    fn the_highest_decides() {
        let grades = |list: &[&str]| list.iter().map(|g| (*g).to_owned()).collect::<Vec<_>>();
        assert_eq!(highest(&grades(&["08", "09"])), Some("09"));
        assert_eq!(highest(&grades(&["09", "ZZ"])), Some("09"));
        assert_eq!(highest(&grades(&["ZZ"])), Some("ZZ"));
        assert_eq!(highest(&[]), None);
    }
}
