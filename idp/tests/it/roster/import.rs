//! Importing: the minimal package of the standard, the same again, changes, deltas, thresholds, one at a time.

use idp::district::roster::summary::Counts;
use idp::flows::import_roster::Ending;
use idp::store::imports;

use super::Importer;
use super::pack::{ORGS, Pack, USERS, WHEN};

#[tokio::test(flavor = "multi_thread")]
async fn the_minimal_package_is_taken() {
    let pack = Pack::empty("1.1", "bulk")
        .file(
            "orgs",
            ORGS,
            &[
                "d-1,,,Example County Schools,district,,",
                "s-101,,,North Middle,school,0101,d-1",
            ],
        )
        .file(
            "users",
            USERS,
            &[
                "s0012345,,,true,s-101,student,s0012345,,José,Hernández Peña,,0012345,,,,,07,",
                "t40017,,,true,\"s-101,d-1\",teacher,e40017,,Mary,O'Neal,,40017,mary.oneal@example.org,,,,,",
            ],
        );
    for importer in Importer::on_both().await {
        let report = importer.strict(&pack).await;
        assert_eq!(report.ending, Ending::Applied, "{:?}", report.summary);
        let people = importer
            .rows(
                "SELECT role, population, number, grades, name_folded FROM people ORDER BY number",
            )
            .await;
        assert_eq!(people[0]["name_folded"], "hernandezpena jose");
        assert_eq!(people[0]["grades"], "07");
        assert_eq!(people[1]["population"], "staff");
        let names = importer
            .rows("SELECT username FROM accounts ORDER BY username")
            .await;
        assert_eq!(
            (&names[0]["username"], &names[1]["username"]),
            (&"e40017".into(), &"s0012345".into())
        );
        assert_eq!(
            importer.number("SELECT COUNT(*) FROM affiliations").await,
            3
        );
        let school = importer
            .value(
                "SELECT s.name FROM people p JOIN schools s ON s.id = p.primary_school_id WHERE p.number = '40017'",
            )
            .await;
        assert_eq!(school, "North Middle");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_package_again_writes_nothing() {
    for importer in Importer::on_both().await {
        importer.apply(&Pack::small()).await;
        let before = importer.dump().await;
        importer.app.advance(3600);
        let report = importer.import(&Pack::small()).await;
        assert_eq!(report.ending, Ending::Unchanged);
        assert_eq!(importer.dump().await, before);
        let history = imports::list(importer.app.app.store.read(), 10)
            .await
            .unwrap();
        let states: Vec<&str> = history.iter().map(|one| one.state.as_str()).collect();
        assert_eq!(states, ["unchanged", "applied"]);
        assert_eq!(history[0].file_digest, history[1].file_digest);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_says_what_would_happen_and_does_nothing() {
    let importer = Importer::new().await;
    let report = importer
        .run(&Pack::small(), |request| request.dry_run = true)
        .await;
    assert_eq!(report.ending, Ending::WouldApply);
    assert_eq!(report.summary.tables["people"].created, 5);
    assert_eq!(importer.dump().await, "");
    assert_eq!(importer.number("SELECT COUNT(*) FROM imports").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_are_counted_by_school_and_role() {
    let importer = Importer::new().await;
    importer.apply(&Pack::small()).await;
    let pack = Pack::small()
        .edit("users.csv", "Aaliyah,Smith-Jones", "Aaliyah,Smith")
        .add(
            "users.csv",
            "s0012348,,,true,s-102,student,,,Bo,Le,,0012348,,,,,10,",
        );
    let report = importer.apply(&pack).await;
    let counts = |school: &str, role: &str| report.summary.schools[school][role];
    assert_eq!(
        counts("North Middle", "student"),
        Counts {
            changed: 1,
            ..Counts::default()
        }
    );
    assert_eq!(
        counts("South High", "student"),
        Counts {
            created: 1,
            ..Counts::default()
        }
    );
    let versions = importer
        .rows("SELECT number, version FROM people ORDER BY number")
        .await;
    assert_eq!(versions[1]["version"], 2, "{versions:?}");
    assert_eq!(versions[0]["version"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_delta_changes_what_it_names_and_nothing_else() {
    for importer in Importer::on_both().await {
        importer.apply(&Pack::small()).await;
        importer.claim("s0012346").await;
        let user = |row: &str| row.replace('@', WHEN);
        let pack = Pack::empty("1.1", "delta").file(
            "users",
            USERS,
            &[
                &user("s0012345,active,@,true,s-102,student,,,José,Hernández,,0012345,,,,,08,"),
                &user("s0012346,tobedeleted,@,,,,,,,,,,,,,,,"),
                &user("s0012399,active,@,true,s-101,student,,,Zoë,Müller,,0012399,,,,,06,"),
            ],
        );
        // One of three students leaves: an administrator has looked.
        let report = importer.approve(&pack).await;
        assert_eq!(report.ending, Ending::Applied, "{:?}", report.summary);
        assert_eq!(report.quarantine.total(), 0, "{:?}", report.quarantine);
        let moved = importer
            .rows(
                "SELECT s.name, p.grades, p.family_name FROM people p JOIN schools s ON s.id = p.primary_school_id \
                 WHERE p.number = '0012345'",
            )
            .await;
        assert_eq!(moved[0]["name"], "South High");
        assert_eq!(moved[0]["family_name"], "Hernández");
        let belongs = importer
            .number(
                "SELECT COUNT(*) FROM affiliations a JOIN people p ON p.id = a.person_id WHERE p.number = '0012345' \
                 AND a.roster_status = 'active'",
            )
            .await;
        assert_eq!(belongs, 1);
        let gone = importer
            .rows(
                "SELECT p.roster_status, a.auth_epoch, a.state, a.username FROM people p JOIN accounts a ON \
                 a.person_id = p.id WHERE p.number = '0012346'",
            )
            .await;
        assert_eq!(gone[0]["roster_status"], "tobedeleted");
        assert_eq!(gone[0]["auth_epoch"], 1);
        assert_eq!(
            (&gone[0]["state"], &gone[0]["username"]),
            (&"active".into(), &"s0012346".into())
        );
        assert_eq!(
            importer
                .number("SELECT COUNT(*) FROM people WHERE roster_status = 'active'")
                .await,
            5
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_bulk_is_held_until_somebody_looks() {
    let importer = Importer::new().await;
    importer.apply(&Pack::small()).await;
    let before = importer.dump().await;
    let whole = Pack::small();
    for (pack, part) in [
        (
            whole.clone().edit(
                "users.csv",
                "s0012347,,,true,s-102,student,x,,Marcus,O'Neal,,0012347,,,,,09,\n",
                "",
            ),
            "1 of 3 active students",
        ),
        (
            whole.clone().edit(
                "users.csv",
                "a40018,,,true,s-102,administrator,e40018,,Kim,Vu,,40018,,,,,,\n",
                "",
            ),
            "1 of 2 active staff",
        ),
        (
            whole
                .clone()
                .edit("orgs.csv", "s-102,,,South High,school,0102,d-1\n", "")
                .edit("users.csv", "true,s-102,student", "true,s-101,student")
                .edit(
                    "users.csv",
                    "true,s-102,administrator",
                    "true,s-101,administrator",
                ),
            "The school \"South High\" would be removed",
        ),
        (
            whole.edit(
                "users.csv",
                "true,s-101,student,s0012345",
                "false,s-101,student,s0012345",
            ),
            "1 of 3 active students",
        ),
    ] {
        let report = importer.import(&pack).await;
        assert_eq!(report.ending, Ending::Held);
        assert!(
            report
                .summary
                .holds
                .iter()
                .any(|reason| reason.contains(part)),
            "{:?}",
            report.summary.holds
        );
        assert_eq!(importer.dump().await, before);
        let report = importer.run(&pack, |request| {
            request.dry_run = true;
            request.approved = true;
        });
        assert_eq!(report.await.ending, Ending::Held);
        assert_eq!(importer.dump().await, before);
    }
    let states = importer.rows("SELECT state FROM imports ORDER BY id").await;
    assert_eq!(
        states.iter().filter(|row| row["state"] == "held").count(),
        4
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_is_shut_out_and_who_returns_has_the_account_again() {
    for importer in Importer::on_both().await {
        importer.apply(&Pack::small()).await;
        importer.claim("s0012345").await;
        let id = importer
            .value("SELECT id FROM people WHERE number = '0012345'")
            .await;
        let without = Pack::small()
            .edit(
                "users.csv",
                "s0012345,,,true,s-101,student,s0012345,,José,Hernández Peña,,0012345,,,,,07,\n",
                "",
            )
            .edit("enrollments.csv", "e1,,,c1,s-101,s0012345,student,,,\n", "");
        assert_eq!(importer.approve(&without).await.ending, Ending::Applied);
        let account = "SELECT p.id, p.roster_status, a.auth_epoch, a.state, a.username, a.password_hash FROM people p \
                       JOIN accounts a ON a.person_id = p.id WHERE p.number = '0012345'";
        let gone = importer.rows(account).await[0].clone();
        assert_eq!(
            (&gone["roster_status"], &gone["auth_epoch"]),
            (&"tobedeleted".into(), &1.into())
        );
        let enrolled = "SELECT roster_status FROM enrollments WHERE sourced_id = 'e1'";
        assert_eq!(importer.value(enrolled).await, "tobedeleted");
        let report = importer.apply(&Pack::small()).await;
        assert_eq!(report.summary.tables["people"].returned, 1);
        let back = importer.rows(account).await[0].clone();
        assert_eq!(back["id"], id);
        assert_eq!(back["roster_status"], "active");
        assert_eq!(
            (&back["state"], &back["password_hash"]),
            (&"active".into(), &"x".into())
        );
        assert_eq!(importer.value(enrolled).await, "active");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_import_at_a_time() {
    for importer in Importer::on_both().await {
        let store = &importer.app.app.store;
        let first = imports::begin(store).await.unwrap().unwrap();
        let report = importer.import(&Pack::small()).await;
        assert_eq!(report.ending, Ending::Busy);
        imports::roll_back(store, first).await.unwrap();
        importer.apply(&Pack::small()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_package_of_nothing_but_the_manifest_changes_nothing() {
    let importer = Importer::new().await;
    importer.apply(&Pack::small()).await;
    let before = importer.dump().await;
    let report = importer.import(&Pack::empty("1.1", "bulk")).await;
    assert_eq!(report.ending, Ending::Unchanged);
    assert_eq!(importer.dump().await, before);
}
