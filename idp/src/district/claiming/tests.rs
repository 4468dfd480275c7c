//! The claim's rule as tables.

use super::*;
use crate::clock::Timestamp;
use crate::ids::PersonId;

const TODAY: &str = "2026-08-05";

fn candidate(population: Population, number: &str, change: impl Fn(&mut Candidate)) -> Candidate {
    let id = PersonId::new(format!("{}-{number}", population.as_str()));
    let mut candidate = Candidate {
        person: Person {
            id: id.clone(),
            sourced_id: None,
            population,
            role: population.as_str().into(),
            given_name: "Jordan".into(),
            family_name: "Smith-Jones".into(),
            middle_name: None,
            preferred_given_name: None,
            preferred_family_name: None,
            number: Some(number.into()),
            email: None,
            grades: Vec::new(),
            primary_school_id: None,
            roster_status: RosterStatus::Active,
            starts_on: None,
            ends_on: None,
            birth_date: None,
            version: 1,
            updated_at: Timestamp::from_unix(0),
        },
        account: Account {
            person_id: id,
            username: Some(format!("s{number}")),
            state: AccountState::Unclaimed,
            auth_epoch: 0,
            password_hash: None,
            password_set_at: None,
            recovery_pending: false,
            must_change_password: false,
            claimed_at: None,
            locale: None,
            last_sign_in_at: None,
        },
    };
    change(&mut candidate);
    candidate
}

fn pupil(change: impl Fn(&mut Candidate)) -> Candidate {
    candidate(Population::Student, "0123456", change)
}

fn decide(candidates: &[Candidate], first: &str, last: &str, rule: Rule<'_>) -> String {
    let names = TypedNames { first, last };
    decide_for(candidates, typed(names, "0123456", None), rule)
}

const JORDAN: TypedNames<'_> = TypedNames {
    first: "Jordan",
    last: "Smith-Jones",
};

fn typed<'a>(names: TypedNames<'a>, number: &'a str, population: Option<Population>) -> Typed<'a> {
    Typed {
        names,
        number,
        population,
    }
}

fn decide_for(candidates: &[Candidate], typed: Typed<'_>, rule: Rule<'_>) -> String {
    match may_claim(candidates, typed, rule) {
        Decision::Granted(index) => format!("granted {}", candidates[index].person.id),
        Decision::AskWhich => "ask".into(),
        Decision::Refused(refused) => match refused.near_miss {
            Some(miss) => format!("{} {}", refused.reason.as_str(), miss.as_str()),
            None => refused.reason.as_str().into(),
        },
    }
}

fn rule(strictness: Strictness) -> Rule<'static> {
    Rule {
        strictness,
        today: TODAY,
        proof: Proof::NotNeeded,
    }
}

#[test]
fn names_decide_in_both_modes() {
    let candidates = [pupil(|_| {})];
    for (first, last, normalized, exact) in [
        (
            "Jordan",
            "Smith-Jones",
            "granted student-0123456",
            "granted student-0123456",
        ),
        (
            "jordan",
            "smith jones",
            "granted student-0123456",
            "both_names_differ both-names-differ",
        ),
        (
            "Jordan",
            "smith-jones",
            "granted student-0123456",
            "last_name_differs",
        ),
        (
            "Jordan",
            "Smith",
            "last_name_differs part-of-family-name",
            "",
        ),
        ("Jordon", "Smith-Jones", "first_name_differs spelling", ""),
        (
            "Smith-Jones",
            "Jordan",
            "both_names_differ names-swapped",
            "",
        ),
        (
            "Taylor",
            "Williams",
            "both_names_differ both-names-differ",
            "",
        ),
        ("Jordan", "", "last_name_differs name-empty", ""),
    ] {
        assert_eq!(
            decide(&candidates, first, last, rule(Strictness::Normalized)),
            normalized
        );
        if exact.starts_with("granted") || exact.is_empty() {
            continue;
        }
        // The near miss of names that differ in case only is of no interest here; the reason is.
        let answer = decide(&candidates, first, last, rule(Strictness::Exact));
        assert_eq!(
            answer.split(' ').next(),
            exact.split(' ').next(),
            "{first} {last}"
        );
    }
}

#[test]
fn obstacles_are_told_apart_for_staff() {
    for (change, expected) in [
        ((|_| {}) as fn(&mut Candidate), "granted student-0123456"),
        (
            |c| c.person.roster_status = RosterStatus::Disabled,
            "not_active",
        ),
        (
            |c| c.person.roster_status = RosterStatus::ToBeDeleted,
            "not_active",
        ),
        (
            |c| c.person.starts_on = Some("2026-08-06".into()),
            "not_started",
        ),
        (
            |c| c.person.starts_on = Some("2026-08-05".into()),
            "granted student-0123456",
        ),
        (|c| c.person.ends_on = Some("2026-08-05".into()), "ended"),
        (
            |c| c.account.state = AccountState::Active,
            "already_claimed",
        ),
        (|c| c.account.username = None, "no_username"),
        (
            |c| c.person.population = Population::Guardian,
            "unknown_number",
        ),
    ] {
        let candidates = [pupil(change)];
        let answer = decide(
            &candidates,
            "Jordan",
            "Smith-Jones",
            rule(Strictness::Normalized),
        );
        assert_eq!(answer, expected);
    }
    let nobody = decide(&[], "Jordan", "Smith-Jones", rule(Strictness::Normalized));
    assert_eq!(nobody, "unknown_number");
}

#[test]
fn a_third_proof_where_the_policy_asks_for_one() {
    let candidates = [pupil(|_| {})];
    for (proof, expected) in [
        (Proof::NotNeeded, "granted student-0123456"),
        (Proof::SchoolNetwork, "granted student-0123456"),
        (Proof::Code, "granted student-0123456"),
        (Proof::Missing, "proof_missing"),
    ] {
        let rule = Rule {
            proof,
            ..rule(Strictness::Normalized)
        };
        assert_eq!(decide(&candidates, "Jordan", "Smith-Jones", rule), expected);
    }
}

#[test]
fn a_student_and_an_employee_may_share_digits() {
    let teacher = |change: fn(&mut Candidate)| candidate(Population::Staff, "0123456", change);
    let normal = rule(Strictness::Normalized);
    // The name decides.
    let other = [
        pupil(|_| {}),
        teacher(|c| c.person.given_name = "Maria".into()),
    ];
    assert_eq!(
        decide(&other, "Maria", "Smith-Jones", normal),
        "granted staff-0123456"
    );
    // Both match: ask, and then the answer decides.
    let twins = [pupil(|_| {}), teacher(|_| {})];
    assert_eq!(decide(&twins, "Jordan", "Smith-Jones", normal), "ask");
    for (population, expected) in [
        (Population::Student, "granted student-0123456"),
        (Population::Staff, "granted staff-0123456"),
    ] {
        let answer = decide_for(&twins, typed(JORDAN, "0123456", Some(population)), normal);
        assert_eq!(answer, expected);
    }
    // One of them is taken already: there is nothing to ask.
    let taken = [
        pupil(|c| c.account.state = AccountState::Active),
        teacher(|_| {}),
    ];
    assert_eq!(
        decide(&taken, "Jordan", "Smith-Jones", normal),
        "granted staff-0123456"
    );
    // Two students with one number and name are a fault of the roster.
    let doubled = [pupil(|_| {}), pupil(|_| {})];
    assert_eq!(
        decide(&doubled, "Jordan", "Smith-Jones", normal),
        "ambiguous"
    );
}

#[test]
fn missing_zeros_are_added_when_nobody_has_the_number_without() {
    let normal = rule(Strictness::Normalized);
    let padded = [pupil(|_| {})];
    let answer = decide_for(&padded, typed(JORDAN, "123456", None), normal);
    assert_eq!(answer, "granted student-0123456");
    let exact = [
        candidate(Population::Staff, "123456", |_| {}),
        pupil(|_| {}),
    ];
    let answer = decide_for(&exact, typed(JORDAN, "123456", None), normal);
    assert_eq!(answer, "granted staff-123456");
}
