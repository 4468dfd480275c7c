//! Rows with a flaw: set aside, named by place, and never a reason to shut out the person behind them.

use idp::flows::import_roster::Ending;

use super::Importer;
use super::pack::Pack;

/// File, what stands there, what is put in its place, line, column, a part of the advice.
type Flaw = (
    &'static str,
    &'static str,
    &'static str,
    u64,
    &'static str,
    &'static str,
);

const FLAWS: &[Flaw] = &[
    (
        "users.csv",
        "true,s-101,student,s0012345",
        "true,s-101,Student,s0012345",
        2,
        "role",
        "Write student",
    ),
    (
        "users.csv",
        "true,s-101,student,s0012345",
        "true,s-999,student,s0012345",
        2,
        "orgSourcedIds",
        "no row with this sourcedId",
    ),
    (
        "users.csv",
        "true,s-101,student,s0012345",
        "maybe,s-101,student,s0012345",
        2,
        "enabledUser",
        "true or false",
    ),
    (
        "users.csv",
        "José,Hernández Peña",
        "José,",
        2,
        "familyName",
        "empty",
    ),
    (
        "users.csv",
        "José,Hernández Peña",
        "Jo\"sé,Hernández Peña",
        2,
        "givenName",
        "quote",
    ),
    (
        "users.csv",
        "s0012345,,,true",
        "s 0012345,,,true",
        2,
        "sourcedId",
        "no spaces",
    ),
    (
        "users.csv",
        ",0012345,,,,,07,\n",
        ",0012345,,,,,07,,extra\n",
        2,
        "",
        "19 cells",
    ),
    (
        "users.csv",
        "s0012346,,,true",
        "s0012345,,,true",
        2,
        "sourcedId",
        "more than one row",
    ),
    (
        "enrollments.csv",
        "c1,s-101,s0012345,student,,,",
        "c1,s-101,s0012345,student,,08/05/2019,",
        2,
        "beginDate",
        "2019-08-05",
    ),
    (
        "enrollments.csv",
        "c1,s-101,s0012345,student,,,",
        "c1,s-101,s0099999,student,,,",
        2,
        "userSourcedId",
        "users.csv has no row",
    ),
    (
        "classes.csv",
        "scheduled",
        "Scheduled",
        2,
        "classType",
        "Write scheduled",
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_flawed_row_is_named_and_the_person_behind_it_stays() {
    let importer = Importer::with(|settings| settings.roster.quarantine_percent = 100).await;
    importer.apply(&Pack::small()).await;
    let before = importer.dump().await;
    for (file, from, to, line, column, advice) in FLAWS {
        let pack = Pack::small().edit(file, from, to);
        let report = importer.import(&pack).await;
        assert_eq!(
            report.ending,
            Ending::Unchanged,
            "{from} -> {to}: {:?}",
            report.summary
        );
        let fault = &report.quarantine.rows[0];
        assert_eq!(
            (&*fault.file, fault.line, &*fault.column),
            (*file, *line, *column),
            "{fault}"
        );
        assert!(fault.advice.contains(advice), "{fault}");
        assert_eq!(importer.dump().await, before, "{from} -> {to}");

        let report = importer.strict(&pack).await;
        assert_eq!(report.ending, Ending::Refused, "{from} -> {to}");
        let fault = report.summary.refusal.unwrap();
        assert_eq!((&*fault.file, &*fault.column), (*file, *column), "{fault}");
        assert!(fault.line > 1, "{fault}");
        assert_eq!(importer.dump().await, before, "{from} -> {to}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flaw_in_one_row_does_not_stop_the_others() {
    let importer = Importer::with(|settings| settings.roster.quarantine_percent = 100).await;
    importer.apply(&Pack::small()).await;
    let pack = Pack::small()
        .edit(
            "users.csv",
            "true,s-101,student,s0012345",
            "true,s-101,Student,s0012345",
        )
        .edit("users.csv", "Aaliyah,Smith-Jones", "Aaliyah,Jones");
    let report = importer.import(&pack).await;
    assert_eq!(report.ending, Ending::Applied);
    assert_eq!(report.quarantine.total(), 1);
    let kept = importer.rows("SELECT * FROM import_quarantine").await;
    assert_eq!(kept[0]["sourced_id"], "s0012345");
    assert_eq!(kept[0]["line"], 2);
    let name = "SELECT family_name FROM people WHERE number = '0012346'";
    assert_eq!(importer.value(name).await, "Jones");
    let status = "SELECT roster_status FROM people WHERE number = '0012345'";
    assert_eq!(importer.value(status).await, "active");
    let enrolled = "SELECT roster_status FROM enrollments WHERE sourced_id = 'e1'";
    assert_eq!(importer.value(enrolled).await, "active");
}

#[tokio::test(flavor = "multi_thread")]
async fn many_flawed_rows_wait_for_approval() {
    let importer = Importer::new().await;
    let pack = Pack::small().edit(
        "users.csv",
        "true,s-101,student,s0012345",
        "true,s-101,Student,s0012345",
    );
    let report = importer.import(&pack).await;
    assert_eq!(report.ending, Ending::Held);
    assert!(
        report.summary.holds[0].contains("1 of 5 rows of users.csv"),
        "{:?}",
        report.summary.holds
    );
    assert_eq!(importer.dump().await, "");
    // The enrollment of the row set aside is let lie with it.
    assert_eq!(importer.approve(&pack).await.ending, Ending::Applied);
    assert_eq!(importer.number("SELECT COUNT(*) FROM people").await, 4);
    assert_eq!(importer.number("SELECT COUNT(*) FROM enrollments").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_without_a_readable_id_keeps_everybody_in() {
    let importer = Importer::with(|settings| settings.roster.quarantine_percent = 100).await;
    importer.apply(&Pack::small()).await;
    let before = importer.dump().await;
    // The row that is missing may be the one that cannot be read.
    let pack = Pack::small().edit("users.csv", "s0012345,,,true", ",,,true");
    let report = importer.import(&pack).await;
    assert_eq!(report.ending, Ending::Unchanged, "{:?}", report.summary);
    assert_eq!(importer.dump().await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn word_for_word_repetitions_are_read_once() {
    let importer = Importer::new().await;
    let row = "s0012347,,,true,s-102,student,x,,Marcus,O'Neal,,0012347,,,,,09,";
    let pack = Pack::small().add("users.csv", row);
    let report = importer.apply(&pack).await;
    assert_eq!(importer.number("SELECT COUNT(*) FROM people").await, 5);
    assert_eq!(
        report
            .summary
            .notes
            .iter()
            .filter(|note| note.first.line == 7)
            .count(),
        1
    );
}
