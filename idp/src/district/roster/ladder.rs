//! The match ladder: which account a roster row belongs to. Never by username, e-mail or name alone.
//!
//! First the same sourcedId. Then the legacy id that the row names, or the same internal number under another role letter
//! with the same name. Then the same number in the same population with the same family name and a like given name. Else a new
//! account.

use std::collections::HashMap;

use super::known::KnownPerson;
use crate::district::name_match::{alike, folded_full_name};
use crate::district::oneroster::package::User;
use crate::district::oneroster::values::without_role_letter;
use crate::district::person::{Population, RosterStatus};

/// How a row found its person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Match {
    /// By sourcedId.
    Same(u32),
    /// By the legacy id.
    Legacy(u32),
    /// By number and name.
    Number(u32),
    /// Nobody: a new account. Whether the number belongs to somebody of the family whose given name is another.
    New {
        /// Staff should look whether this is the same person.
        doubtful: bool,
    },
}

/// The stored people, found by what the ladder asks for.
#[derive(Debug)]
pub struct Ladder<'a> {
    known: &'a [KnownPerson],
    by_sourced_id: HashMap<&'a str, u32>,
    by_legacy: HashMap<(Population, &'a str), Vec<u32>>,
    by_number: HashMap<(Population, &'a str), Vec<u32>>,
    taken: Vec<bool>,
}

impl<'a> Ladder<'a> {
    /// Indexes the stored people.
    pub fn new(known: &'a [KnownPerson]) -> Self {
        let mut ladder = Self {
            known,
            by_sourced_id: HashMap::with_capacity(known.len()),
            by_legacy: HashMap::new(),
            by_number: HashMap::new(),
            taken: vec![false; known.len()],
        };
        for (at, person) in (0_u32..).zip(known) {
            if let Some(id) = person.sourced_id.as_deref() {
                ladder.by_sourced_id.insert(id, at);
            }
            let ids = [person.legacy.as_deref(), person.sourced_id.as_deref()];
            for key in ids.into_iter().flatten().filter_map(without_role_letter) {
                let places = ladder
                    .by_legacy
                    .entry((person.population, key))
                    .or_default();
                if !places.contains(&at) {
                    places.push(at);
                }
            }
            if let Some(number) = person.number.as_deref() {
                let places = ladder
                    .by_number
                    .entry((person.population, number))
                    .or_default();
                places.push(at);
            }
        }
        ladder
    }

    /// The person stored under a sourcedId.
    pub fn by_sourced_id(&self, id: &str) -> Option<u32> {
        self.by_sourced_id.get(id).copied()
    }

    /// Matches all rows; each stored person is given to one row at most. `population` and `number` of a row are as the plan
    /// sees them.
    pub fn climb(
        mut self,
        users: &[User],
        traits: &[(Option<Population>, Option<Box<str>>)],
    ) -> Vec<Match> {
        let mut matches: Vec<Option<Match>> = users.iter().map(|user| self.same(user)).collect();
        for rung in [Self::legacy, Self::number] {
            for ((user, traits), found) in users.iter().zip(traits).zip(&mut matches) {
                if found.is_none()
                    && let Some(population) = traits.0
                {
                    *found = rung(&mut self, user, population, traits.1.as_deref());
                }
            }
        }
        matches
            .into_iter()
            .map(|found| found.unwrap_or(Match::New { doubtful: false }))
            .collect()
    }

    fn take(&mut self, at: u32) -> bool {
        match self.taken.get_mut(at as usize) {
            Some(taken) if !*taken => {
                *taken = true;
                true
            }
            _ => false,
        }
    }

    fn is_free(&self, at: u32) -> bool {
        self.taken.get(at as usize) == Some(&false)
    }

    fn person(&self, at: u32) -> Option<&'a KnownPerson> {
        self.known.get(at as usize)
    }

    /// Rung 1. An employee of 1.1 with several rows is found by any of their ids.
    fn same(&mut self, user: &User) -> Option<Match> {
        std::iter::once(&user.sourced_id)
            .chain(&user.aliases)
            .filter_map(|id| self.by_sourced_id(id))
            .collect::<Vec<_>>()
            .into_iter()
            .find(|at| self.take(*at))
            .map(Match::Same)
    }

    /// Rung 2.
    fn legacy(
        &mut self,
        user: &User,
        population: Population,
        _number: Option<&str>,
    ) -> Option<Match> {
        if let Some(legacy) = user.legacy.as_deref()
            && let Some(at) = self.by_sourced_id(legacy)
            && self.take(at)
        {
            return Some(Match::Legacy(at));
        }
        let id = user.legacy.as_deref().unwrap_or(&user.sourced_id);
        let key = (population, without_role_letter(id)?);
        let folded = folded_full_name(&user.family, &user.given);
        let free: Vec<u32> = self
            .by_legacy
            .get(&key)?
            .iter()
            .copied()
            .filter(|at| self.is_free(*at))
            // A changed role letter says nothing in exports of other systems: there the name must agree.
            .filter(|at| {
                user.legacy.is_some()
                    || self
                        .person(*at)
                        .is_some_and(|known| *known.name_folded == *folded)
            })
            .collect();
        match free.as_slice() {
            [at] if self.take(*at) => Some(Match::Legacy(*at)),
            _ => None,
        }
    }

    /// Rung 3.
    fn number(
        &mut self,
        user: &User,
        population: Population,
        number: Option<&str>,
    ) -> Option<Match> {
        let folded = folded_full_name(&user.family, &user.given);
        let (family, given) = folded.split_once(' ')?;
        let mut best: Option<(u8, u32)> = None;
        let mut doubtful = false;
        for &at in self.by_number.get(&(population, number?))? {
            let Some(known) = self.person(at).filter(|_| self.is_free(at)) else {
                continue;
            };
            let Some((known_family, known_given)) = known.name_folded.split_once(' ') else {
                continue;
            };
            if known_family != family {
                continue;
            }
            // A number that went to a brother or a sister must not take the account along.
            if !alike(known_given, given) {
                doubtful = true;
                continue;
            }
            let grade = u8::from(known_given != given) * 2
                + u8::from(known.status == RosterStatus::ToBeDeleted);
            if best.is_none_or(|(before, _)| grade < before) {
                best = Some((grade, at));
            }
        }
        match best {
            Some((_, at)) if self.take(at) => Some(Match::Number(at)),
            _ => doubtful.then_some(Match::New { doubtful: true }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(sourced_id: &str, legacy: Option<&str>, number: &str, name: &str) -> KnownPerson {
        KnownPerson {
            id: sourced_id.into(),
            sourced_id: Some(sourced_id.into()),
            legacy: legacy.map(Into::into),
            population: Population::Student,
            role: "student".into(),
            name_folded: name.into(),
            number: Some(number.into()),
            status: RosterStatus::Active,
            primary_school: None,
            starts_on: None,
            ends_on: None,
            birth_date: None,
            row_hash: 1,
            username: None,
            claimed: true,
        }
    }

    fn user(sourced_id: &str, legacy: Option<&str>, family: &str, given: &str) -> User {
        User {
            sourced_id: sourced_id.into(),
            legacy: legacy.map(Into::into),
            aliases: Vec::new(),
            enabled: true,
            given: given.into(),
            family: family.into(),
            middle: None,
            preferred_given: None,
            preferred_family: None,
            number: None,
            email: None,
            grades: "".into(),
            primary_org: None,
            role: None,
            orgs: Vec::new(),
            line: 2,
        }
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table of cases")]
    fn rung_by_rung() {
        let stored = [
            known("s1", None, "0000001", "smith jordan"),
            known("s2", None, "0000002", "brown jaden"),
            known("s+3", None, "0000003", "lee ann"),
            known("uuid-4", Some("s4"), "0000004", "cruz ana"),
            known("uuid-5", None, "0000005", "adams maryann"),
            known("s6", None, "0000006", "hill tia"),
        ];
        for (row, number, expect, why) in [
            (
                user("s1", None, "Else", "Who"),
                "9",
                Match::Same(0),
                "same id, whatever the name",
            ),
            (
                user("u-2", Some("s2"), "Else", "Who"),
                "9",
                Match::Legacy(1),
                "legacy id as stored",
            ),
            (
                user("u-3", Some("3"), "Lee", "Ann"),
                "9",
                Match::Legacy(2),
                "legacy id without its letter",
            ),
            (
                user("s4", None, "Cruz", "Ana"),
                "9",
                Match::Legacy(3),
                "back to 1.1 by the kept legacy id",
            ),
            (
                user("s4", None, "Cruz", "Eva"),
                "9",
                Match::New { doubtful: false },
                "a letter alone is no proof under another name",
            ),
            (
                user("x5", None, "Adams", "Mary-Ann"),
                "0000005",
                Match::Number(4),
                "number and name",
            ),
            (
                user("x5", None, "Adams", "Mary"),
                "0000005",
                Match::Number(4),
                "part of the given name",
            ),
            (
                user("x6", None, "Hill", "Max"),
                "0000006",
                Match::New { doubtful: true },
                "a brother got the number",
            ),
            (
                user("x6", None, "Dale", "Tia"),
                "0000006",
                Match::New { doubtful: false },
                "reused number",
            ),
            (
                user("x7", None, "Hill", "Tia"),
                "0000007",
                Match::New { doubtful: false },
                "name alone",
            ),
        ] {
            let traits = [(Some(Population::Student), Some(number.into()))];
            let matches = Ladder::new(&stored).climb(&[row], &traits);
            assert_eq!(matches, [expect], "{why}");
        }
    }

    #[test]
    fn a_person_is_given_once_and_the_lower_rung_waits() {
        let stored = [known("s1", None, "0000001", "smith jordan")];
        let rows = [
            user("new", None, "Smith", "Jordan"),
            user("s1", None, "Smith", "Jordan"),
        ];
        let traits = [
            (Some(Population::Student), Some("0000001".into())),
            (Some(Population::Student), Some("0000009".into())),
        ];
        let matches = Ladder::new(&stored).climb(&rows, &traits);
        assert_eq!(matches, [Match::New { doubtful: false }, Match::Same(0)]);
    }

    #[test]
    fn populations_do_not_mix() {
        let stored = [known("s1", None, "40017", "smith jordan")];
        let traits = [(Some(Population::Staff), Some("40017".into()))];
        let rows = [user("t1", None, "Smith", "Jordan")];
        let matches = Ladder::new(&stored).climb(&rows, &traits);
        assert_eq!(matches, [Match::New { doubtful: false }]);
    }
}
