//! Ten school days of a made-up district through the real importer: nobody loses an account.

use std::collections::BTreeMap;

use idp::demo_district::{Spec, TruthPerson, write_package, write_truth};
use idp::flows::import_roster::Ending;

use super::Importer;

const SCALE: f64 = 0.01;

fn spec(day: u32, delta: bool) -> Spec {
    Spec {
        seed: 11,
        scale: SCALE,
        binding: Spec::usual_binding(day),
        day,
        delta,
        guardians: false,
        as_of: "2026-08-05".parse().unwrap(),
    }
}

async fn import(
    importer: &Importer,
    spec: &Spec,
    approved: bool,
) -> idp::flows::import_roster::Report {
    let path = importer.folder().join(format!("day{}.zip", spec.day));
    write_package(spec, std::fs::File::create(&path).unwrap()).unwrap();
    importer
        .run_file(&path, |request| request.approved = approved)
        .await
}

fn truth(spec: &Spec) -> Vec<TruthPerson> {
    let mut bytes = Vec::new();
    write_truth(spec, &mut bytes).unwrap();
    let text = String::from_utf8(bytes).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Our id of everybody who is active, by number.
async fn active(importer: &Importer) -> BTreeMap<(String, String), String> {
    let rows = importer
        .rows("SELECT population, number, id FROM people WHERE roster_status = 'active'")
        .await;
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    rows.iter()
        .map(|row| {
            (
                (text(&row["population"]), text(&row["number"])),
                text(&row["id"]),
            )
        })
        .collect()
}

/// The roster holds exactly the people of the truth file, with their names and usernames.
async fn is_true(importer: &Importer, spec: &Spec) {
    let rows = importer
        .rows(
            "SELECT p.population, p.sourced_id, p.number, p.given_name, p.family_name, p.grades, s.name AS school, \
             a.state, a.username FROM people p JOIN accounts a ON a.person_id = p.id LEFT JOIN schools s ON \
             s.id = p.primary_school_id WHERE p.roster_status = 'active'",
        )
        .await;
    let by_id: BTreeMap<&str, &serde_json::Value> = rows
        .iter()
        .map(|row| (row["sourced_id"].as_str().unwrap(), row))
        .collect();
    let people = truth(spec);
    assert_eq!(people.len(), by_id.len(), "day {}", spec.day);
    for person in people {
        let row = by_id[&*person.sourced_id];
        assert_eq!(row["population"], person.kind);
        assert_eq!(row["number"], person.number);
        assert_eq!(row["grades"], person.grade.clone().unwrap_or_default());
        assert_eq!(
            row["school"].as_str(),
            person.school.as_deref(),
            "{person:?}"
        );
        let username = row["username"].as_str().unwrap();
        let fits =
            username == person.username || username.starts_with(&format!("{}-", person.username));
        assert!(
            fits || row["state"] == "active",
            "{username} for {person:?}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_days_and_nobody_loses_an_account() {
    for importer in Importer::on_both().await {
        let mut ids: BTreeMap<String, String> = BTreeMap::new();
        for day in 0..=10 {
            let spec = spec(day, false);
            importer.app.advance(86_400);
            let report = import(&importer, &spec, false).await;
            let ending = match day {
                7 | 9 | 10 => Ending::Held,
                _ => Ending::Applied,
            };
            assert_eq!(
                report.ending, ending,
                "day {day}: {:?}",
                report.summary.holds
            );
            assert_eq!(
                report.quarantine.total(),
                0,
                "day {day}: {:?}",
                report.quarantine
            );
            if day == 0 {
                importer
                    .execute("UPDATE accounts SET state = 'active', password_hash = 'kept'")
                    .await;
                is_true(&importer, &spec).await;
            }
            if day == 7 {
                continue;
            }
            if ending == Ending::Held {
                assert_eq!(import(&importer, &spec, true).await.ending, Ending::Applied);
            }
            is_true(&importer, &spec).await;
            assert_eq!(
                import(&importer, &spec, true).await.ending,
                Ending::Unchanged,
                "day {day}"
            );
            // Whoever was here before has the same id, whatever number or sourcedId they have now.
            let internal = importer
                .rows("SELECT id, sourced_id, legacy_sourced_id, population FROM people")
                .await;
            for row in &internal {
                let key = row["legacy_sourced_id"]
                    .as_str()
                    .or(row["sourced_id"].as_str())
                    .unwrap();
                let key = key
                    .trim_start_matches(|c: char| c.is_ascii_alphabetic())
                    .to_owned();
                let id = row["id"].as_str().unwrap().to_owned();
                let before = ids
                    .entry(format!("{} {key}", row["population"]))
                    .or_insert_with(|| id.clone());
                assert_eq!(*before, id, "day {day}: {row}");
            }
        }
        // Everybody claimed on the first day still has what was claimed.
        let kept = importer
            .number("SELECT COUNT(*) FROM accounts WHERE password_hash = 'kept'")
            .await;
        assert_eq!(kept, 520 + 71);
        assert!(active(&importer).await.len() > 500);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn deltas_lead_to_the_same_roster_as_bulks() {
    let (bulks, deltas) = (Importer::new().await, Importer::new().await);
    assert_eq!(
        import(&bulks, &spec(0, false), false).await.ending,
        Ending::Applied
    );
    assert_eq!(
        import(&deltas, &spec(0, false), false).await.ending,
        Ending::Applied
    );
    for day in 1..=6 {
        let ending = import(&bulks, &spec(day, false), true).await.ending;
        assert_eq!(ending, Ending::Applied);
        let report = import(&deltas, &spec(day, true), true).await;
        assert_eq!(report.ending, Ending::Applied, "{:?}", report.summary);
        assert_eq!(report.quarantine.total(), 0, "{:?}", report.quarantine);
        for sql in [
            "SELECT sourced_id, number, given_name, family_name, grades, role FROM people WHERE roster_status = 'active' \
             ORDER BY sourced_id",
            "SELECT p.sourced_id, s.sourced_id AS school FROM affiliations a JOIN people p ON p.id = a.person_id JOIN \
             schools s ON s.id = a.school_id WHERE a.roster_status = 'active' AND p.roster_status = 'active' \
             ORDER BY p.sourced_id, s.sourced_id",
            "SELECT sourced_id FROM enrollments WHERE roster_status = 'active' ORDER BY sourced_id",
        ] {
            assert_eq!(
                bulks.rows(sql).await,
                deltas.rows(sql).await,
                "day {day}: {sql}"
            );
        }
        is_true(&deltas, &spec(day, false)).await;
    }
}
