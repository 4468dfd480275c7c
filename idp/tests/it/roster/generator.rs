//! The generator: same input same bytes, the counts of the district, packages that a strict reader takes.

use std::collections::BTreeMap;
use std::io::Cursor;

use idp::demo_district::{Binding, Spec, TruthPerson, write_package, write_truth};
use idp::district::name_match::{RosterNames, Strictness as Names, TypedNames, names_match};
use idp::flows::import_roster::Ending;

use super::Importer;

fn spec(seed: u64, scale: f64, binding: Binding) -> Spec {
    Spec {
        seed,
        scale,
        binding,
        day: 0,
        delta: false,
        guardians: false,
        as_of: "2026-08-05".parse().unwrap(),
    }
}

fn package(spec: &Spec) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    write_package(spec, &mut out).unwrap();
    out.into_inner()
}

fn truth(spec: &Spec) -> Vec<TruthPerson> {
    let mut bytes = Vec::new();
    write_truth(spec, &mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for binding in [Binding::V1p1, Binding::V1p2, Binding::V1p2p1] {
        let one = spec(3, 0.005, binding);
        assert_eq!(package(&one), package(&one));
        assert_ne!(package(&one), package(&spec(4, 0.005, binding)));
    }
    let later = |delta| Spec {
        day: 3,
        delta,
        ..spec(3, 0.005, Binding::V1p1)
    };
    assert_eq!(package(&later(true)), package(&later(true)));
    assert_ne!(package(&later(true)), package(&later(false)));
}

#[test]
fn a_smaller_district_is_the_beginning_of_a_larger_one() {
    let of = |scale| {
        let people = truth(&spec(3, scale, Binding::V1p1));
        let tell = |person: TruthPerson| {
            (
                person.sourced_id,
                (
                    person.number,
                    person.given_name,
                    person.family_name,
                    person.grade,
                    person.birth_date,
                ),
            )
        };
        people.into_iter().map(tell).collect::<BTreeMap<_, _>>()
    };
    let (small, large) = (of(0.004), of(0.02));
    assert!(small.len() > 200 && large.len() > 1000);
    for (id, person) in small {
        assert_eq!(large[&id], person, "{id}");
    }
}

#[test]
fn everybody_knows_what_to_type_and_what_not() {
    let people = truth(&spec(5, 0.05, Binding::V1p2));
    let mut tags: BTreeMap<&str, usize> = BTreeMap::new();
    for person in &people {
        for tag in &person.tags {
            *tags.entry(tag).or_default() += 1;
        }
        assert_eq!((person.good.len(), person.bad.len()), (3, 3), "{person:?}");
        let roster = RosterNames {
            given: &person.given_name,
            family: &person.family_name,
            ..RosterNames::default()
        };
        let exact = &person.good[0];
        let typed = TypedNames {
            first: &exact.first,
            last: &exact.last,
        };
        assert!(names_match(Names::Normalized, &roster, typed), "{person:?}");
        for bad in &person.bad {
            let typed = TypedNames {
                first: &bad.first,
                last: &bad.last,
            };
            let other_number = bad.number != person.number;
            assert!(
                other_number || !names_match(Names::Normalized, &roster, typed),
                "{person:?}"
            );
        }
    }
    for tag in [
        "hyphenated",
        "accents-kept",
        "twin",
        "sibling",
        "two-roles",
        "odd-spaces",
    ] {
        assert!(
            tags.get(tag).is_some_and(|count| *count > 0),
            "{tag}: {tags:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_binding_is_imported_alike() {
    let mut rosters = Vec::new();
    for binding in [Binding::V1p1, Binding::V1p2, Binding::V1p2p1] {
        let importer = Importer::with(|settings| settings.roster.birth_dates = true).await;
        let path = importer.folder().join("demo.zip");
        std::fs::write(&path, package(&spec(6, 0.005, binding))).unwrap();
        let report = importer.run_file(&path, |_| {}).await;
        assert_eq!(report.ending, Ending::Applied, "{:?}", report.summary);
        assert_eq!(report.quarantine.total(), 0, "{:?}", report.quarantine);
        let sql = "SELECT p.number, p.population, p.given_name, p.family_name, p.grades, p.birth_date, a.username, s.name \
                   FROM people p JOIN accounts a ON a.person_id = p.id LEFT JOIN schools s ON \
                   s.id = p.primary_school_id ORDER BY p.population, p.number";
        rosters.push(importer.rows(sql).await);
        let classes = importer
            .number("SELECT COUNT(*) FROM classes WHERE starts_on = '2026-08-01'")
            .await;
        assert!(classes > 50);
    }
    assert_eq!(rosters[0], rosters[1]);
    assert_eq!(rosters[1], rosters[2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn guardians_are_in_the_package_when_asked_for() {
    let importer = Importer::new().await;
    let path = importer.folder().join("demo.zip");
    for binding in [Binding::V1p1, Binding::V1p2] {
        let asked = Spec {
            guardians: true,
            ..spec(6, 0.002, binding)
        };
        std::fs::write(&path, package(&asked)).unwrap();
        let report = importer
            .run_file(&path, |request| request.approved = true)
            .await;
        assert_eq!(report.quarantine.total(), 0, "{:?}", report.quarantine);
        assert!(
            report.summary.guardians_skipped > 80,
            "{:?}",
            report.summary
        );
        let guardians = importer
            .number("SELECT COUNT(*) FROM people WHERE population = 'guardian'")
            .await;
        assert_eq!(guardians, 0);
    }
}
