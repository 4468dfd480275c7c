//! Who may claim an account: somebody whose names and number stand together in the roster, who is current, and whose account
//! nobody has taken. Every refusal reads the same to strangers; the reason is for staff.

use super::name_match::{NearMiss, RosterNames, Strictness, TypedNames, names_match, near_miss};
use super::person::{Account, AccountState, Person, Population, RosterStatus};

/// A person whose number is, or could be, the typed one.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Who.
    pub person: Person,
    /// Their account.
    pub account: Account,
}

/// What was typed.
#[derive(Clone, Copy, Debug)]
pub struct Typed<'a> {
    /// First and last name.
    pub names: TypedNames<'a>,
    /// The number as typed, bare, without added zeros.
    pub number: &'a str,
    /// Student or staff, where the person was asked.
    pub population: Option<Population>,
}

/// How strictly, when, and with what else.
#[derive(Clone, Copy, Debug)]
pub struct Rule<'a> {
    /// How names are compared.
    pub strictness: Strictness,
    /// The day in the district, `YYYY-MM-DD`.
    pub today: &'a str,
    /// What beyond names and number the claim shows.
    pub proof: Proof,
}

/// The third proof of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// The policy asks for none.
    NotNeeded,
    /// The request comes from a school's network.
    SchoolNetwork,
    /// A printed claim code was typed; whose it is says the caller, who looked it up.
    Code,
    /// None.
    Missing,
}

/// Why a claim is refused. Staff read it behind a support code; strangers never do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Nobody has this number, with or without zeros in front.
    UnknownNumber,
    /// The number is somebody's, the last name is not.
    LastNameDiffers,
    /// The number is somebody's, the first name is not.
    FirstNameDiffers,
    /// The number is somebody's, neither name is.
    BothNamesDiffer,
    /// Several people of one population have this number and name.
    Ambiguous,
    /// Somebody has claimed it before.
    AlreadyClaimed,
    /// Disabled, or gone from the roster.
    NotActive,
    /// The first day is still to come.
    NotStarted,
    /// The last day has passed.
    Ended,
    /// The account has no username, for want of a number or because another has it.
    NoUsername,
    /// The policy asks for a claim code or the school's network.
    ProofMissing,
    /// A claim code that is not this person's, or used, or too old.
    WrongCode,
    /// Too many tries; nothing was looked up.
    Throttled,
}

impl Reason {
    /// As stored with the support code.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UnknownNumber => "unknown_number",
            Self::LastNameDiffers => "last_name_differs",
            Self::FirstNameDiffers => "first_name_differs",
            Self::BothNamesDiffer => "both_names_differ",
            Self::Ambiguous => "ambiguous",
            Self::AlreadyClaimed => "already_claimed",
            Self::NotActive => "not_active",
            Self::NotStarted => "not_started",
            Self::Ended => "ended",
            Self::NoUsername => "no_username",
            Self::ProofMissing => "proof_missing",
            Self::WrongCode => "wrong_code",
            Self::Throttled => "throttled",
        }
    }
}

/// A refusal: why, whom it concerns, and in what way a name missed.
#[derive(Clone, Debug)]
pub struct Refused {
    /// Why.
    pub reason: Reason,
    /// The index of the candidate it concerns.
    pub about: Option<usize>,
    /// How the names differ.
    pub near_miss: Option<NearMiss>,
}

/// What the rule answers.
#[derive(Clone, Debug)]
pub enum Decision {
    /// This candidate's account may be claimed.
    Granted(usize),
    /// A student and an employee share names and number: ask which one it is.
    AskWhich,
    /// No.
    Refused(Refused),
}

/// Decides on a claim. `candidates` are the people whose number is one of the typed number's candidates, oldest first.
pub fn may_claim(candidates: &[Candidate], typed: Typed<'_>, rule: Rule<'_>) -> Decision {
    let pool = pool(candidates, typed);
    let matching: Vec<usize> = pool
        .iter()
        .copied()
        .filter(|index| {
            candidates.get(*index).is_some_and(|candidate| {
                names_match(rule.strictness, &names(&candidate.person), typed.names)
            })
        })
        .collect();
    let verdicts: Vec<(usize, Option<Reason>)> = matching
        .iter()
        .filter_map(|index| Some((*index, obstacle(candidates.get(*index)?, rule))))
        .collect();
    let free: Vec<usize> = verdicts
        .iter()
        .filter(|(_, reason)| reason.is_none())
        .map(|(index, _)| *index)
        .collect();
    match (free.as_slice(), verdicts.as_slice()) {
        ([index], _) => Decision::Granted(*index),
        ([], []) => Decision::Refused(name_refusal(candidates, &pool, typed)),
        ([], [(index, reason), ..]) => Decision::Refused(Refused {
            reason: reason.unwrap_or(Reason::NotActive),
            about: Some(*index),
            near_miss: None,
        }),
        ([first, others @ ..], _) => {
            let population = |index: &usize| candidates.get(*index).map(|c| c.person.population);
            if others
                .iter()
                .any(|other| population(other) != population(first))
            {
                Decision::AskWhich
            } else {
                let reason = Reason::Ambiguous;
                Decision::Refused(Refused {
                    reason,
                    about: Some(*first),
                    near_miss: None,
                })
            }
        }
    }
}

/// Those with exactly the typed number; if there are none, those with zeros in front. Guardians have no number to claim by.
fn pool(candidates: &[Candidate], typed: Typed<'_>) -> Vec<usize> {
    let eligible = |person: &Person| {
        person.population != Population::Guardian
            && typed
                .population
                .is_none_or(|population| person.population == population)
    };
    let with = |exact: bool| -> Vec<usize> {
        candidates
            .iter()
            .enumerate()
            .filter(|(_, candidate)| eligible(&candidate.person))
            .filter(|(_, candidate)| {
                !exact || candidate.person.number.as_deref() == Some(typed.number)
            })
            .map(|(index, _)| index)
            .collect()
    };
    let exact = with(true);
    if exact.is_empty() { with(false) } else { exact }
}

/// What stands in the way of a person whose names and number are right.
fn obstacle(candidate: &Candidate, rule: Rule<'_>) -> Option<Reason> {
    let Candidate { person, account } = candidate;
    if person.roster_status != RosterStatus::Active {
        return Some(Reason::NotActive);
    }
    if !person.is_current(rule.today) {
        let begun = person
            .starts_on
            .as_deref()
            .is_none_or(|day| day <= rule.today);
        return Some(if begun {
            Reason::Ended
        } else {
            Reason::NotStarted
        });
    }
    if account.state != AccountState::Unclaimed {
        return Some(Reason::AlreadyClaimed);
    }
    if account.username.is_none() {
        return Some(Reason::NoUsername);
    }
    (rule.proof == Proof::Missing).then_some(Reason::ProofMissing)
}

/// The refusal when no name fits: about the candidate whose names come nearest.
fn name_refusal(candidates: &[Candidate], pool: &[usize], typed: Typed<'_>) -> Refused {
    let misses = pool.iter().filter_map(|index| {
        let candidate = candidates.get(*index)?;
        Some((*index, near_miss(&names(&candidate.person), typed.names)))
    });
    let nearest = misses.min_by_key(|(_, miss)| match miss {
        NearMiss::Swapped | NearMiss::PartOfFamilyName | NearMiss::PartOfGivenName => 0,
        NearMiss::Spelling => 1,
        NearMiss::GivenDiffers | NearMiss::FamilyDiffers => 2,
        NearMiss::Empty | NearMiss::BothDiffer => 3,
    });
    let Some((index, miss)) = nearest else {
        return Refused {
            reason: Reason::UnknownNumber,
            about: None,
            near_miss: None,
        };
    };
    let reason = candidates
        .get(index)
        .map_or(Reason::UnknownNumber, |candidate| {
            differing(&candidate.person, typed.names)
        });
    Refused {
        reason,
        about: Some(index),
        near_miss: Some(miss),
    }
}

/// Which of the two names differs, by the normalized comparison; in exact mode both may be equal by it.
fn differing(person: &Person, typed: TypedNames<'_>) -> Reason {
    let roster = names(person);
    let fits =
        |first, last| names_match(Strictness::Normalized, &roster, TypedNames { first, last });
    match (
        fits(typed.first, roster.family),
        fits(roster.given, typed.last),
    ) {
        (false, false) => Reason::BothNamesDiffer,
        (false, true) => Reason::FirstNameDiffers,
        (true, false) => Reason::LastNameDiffers,
        // Equal but for case, marks or hyphens, and the district compares letter by letter.
        (true, true) => {
            let exact =
                |first, last| names_match(Strictness::Exact, &roster, TypedNames { first, last });
            match (
                exact(typed.first, roster.family),
                exact(roster.given, typed.last),
            ) {
                (true, false) => Reason::LastNameDiffers,
                (false, true) => Reason::FirstNameDiffers,
                _ => Reason::BothNamesDiffer,
            }
        }
    }
}

fn names(person: &Person) -> RosterNames<'_> {
    RosterNames {
        given: &person.given_name,
        family: &person.family_name,
        middle: person.middle_name.as_deref(),
        preferred_given: person.preferred_given_name.as_deref(),
        preferred_family: person.preferred_family_name.as_deref(),
    }
}

#[cfg(test)]
mod tests;
