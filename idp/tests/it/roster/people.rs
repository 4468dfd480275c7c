//! People and accounts: numbers that move, roles that change, two rows for one employee, guardians, birth dates.

use idp::flows::import_roster::Ending;

use super::Importer;
use super::pack::{ENROLLMENTS, Pack, ROLES, USERS_1P2};

/// The small district in 1.2: new ids, legacy ids in metadata.
fn in_1p2(orgs: &str) -> Pack {
    let mut pack = Pack::small();
    let orgs_file = pack
        .files
        .iter()
        .find(|(name, _)| name == "orgs.csv")
        .unwrap()
        .1
        .clone();
    pack = Pack::empty("1.2", "bulk");
    let mut text = String::from_utf8(orgs_file).unwrap();
    text = text
        .replace("s-101", &format!("{orgs}101"))
        .replace("s-102", &format!("{orgs}102"))
        .replace("d-1", "dd");
    pack.set("orgs.csv", text.into_bytes());
    pack.file(
        "users",
        USERS_1P2,
        &[
            "u1,,,true,,,José,Hernández Peña,,0012345,,,,,07,,,,,,,,0012345",
            "u2,,,true,,,Aaliyah,Smith-Jones,Renee,0012346,,,,,7,,,Lia,,,,,s0012346",
            "u3,,,true,,,Marcus,O'Neal,,0012347,,,,,09,,,,,,,,s+0012347",
            "u4,,,true,,,Mary,O'Neal,,40017,,,,,,,,,,,,,40017",
            "u5,,,true,,,Kim,Vu,,40018,,,,,,,,,,,,,",
        ],
    )
    .file(
        "roles",
        ROLES,
        &[
            &format!("r1,,,u1,primary,student,,,{orgs}101,"),
            &format!("r2,,,u2,primary,student,,,{orgs}101,"),
            &format!("r3,,,u3,primary,student,,,{orgs}102,"),
            &format!("r4,,,u4,primary,teacher,,,{orgs}101,"),
            "r5,,,u4,secondary,aide,,,dd,",
            &format!("r6,,,u5,primary,ext:technician,,,{orgs}102,"),
        ],
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn the_change_from_1p1_to_1p2_keeps_every_account() {
    for importer in Importer::on_both().await {
        importer.apply(&Pack::small()).await;
        let ids = "SELECT id, number FROM people ORDER BY number";
        let before = importer.rows(ids).await;
        let schools = importer
            .rows("SELECT id, name FROM schools ORDER BY name")
            .await;
        let report = importer.apply(&in_1p2("n-")).await;
        assert_eq!(report.summary.rekeyed, 5, "{:?}", report.summary);
        assert_eq!(importer.rows(ids).await, before);
        assert_eq!(
            importer
                .rows("SELECT id, name FROM schools ORDER BY name")
                .await,
            schools
        );
        let tech = importer
            .rows("SELECT role, population FROM people WHERE number = '40018'")
            .await;
        assert_eq!(tech[0]["role"], "ext:technician");
        let preferred = "SELECT preferred_given_name FROM people WHERE number = '0012346'";
        assert_eq!(importer.value(preferred).await, "Lia");
        // The employee without a legacy id was found by number and name.
        let examples = &report.summary.rekeyed_examples;
        assert!(
            examples
                .iter()
                .any(|one| one.contains("a40018 (by number and name)")),
            "{examples:?}"
        );
        assert_eq!(
            importer.import(&in_1p2("n-")).await.ending,
            Ending::Unchanged
        );
        // And back again.
        let report = importer.apply(&Pack::small()).await;
        assert_eq!(importer.rows(ids).await, before, "{:?}", report.summary);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn many_rekeyed_people_wait_for_approval() {
    let importer = Importer::with(|settings| settings.roster.rekeyed = 4).await;
    importer.apply(&Pack::small()).await;
    let report = importer.import(&in_1p2("n-")).await;
    assert_eq!(report.ending, Ending::Held);
    assert!(report.summary.holds[0].contains("5 people come under a new sourcedId"));
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_move_and_accounts_stay_with_their_people() {
    for importer in Importer::on_both().await {
        importer.apply(&Pack::small()).await;
        importer.claim("s0012345").await;
        // José (claimed) and Aaliyah (unclaimed) swap numbers; Marcus gets a new one, and a newcomer his old one.
        let pack = Pack::small()
            .edit("users.csv", "Peña,,0012345", "Peña,,@")
            .edit("users.csv", "Renee,0012346", "Renee,0012345")
            .edit("users.csv", "Peña,,@", "Peña,,0012346")
            .edit("users.csv", "O'Neal,,0012347", "O'Neal,,0099999")
            .add(
                "users.csv",
                "s0077777,,,true,s-102,student,,,Bo,O'Neal,,0012347,,,,,09,",
            );
        let report = importer.apply(&pack).await;
        let names = importer
            .rows(
                "SELECT p.sourced_id, p.number, a.username FROM people p JOIN accounts a ON a.person_id = p.id \
                 WHERE p.population = 'student' ORDER BY p.sourced_id",
            )
            .await;
        let of = |at: usize, key: &str| names[at][key].as_str().unwrap().to_owned();
        assert_eq!(
            (of(0, "number"), of(0, "username")),
            ("0012346".into(), "s0012345".into())
        );
        assert_eq!(
            (of(1, "number"), of(1, "username")),
            ("0012345".into(), "s0012345-2".into())
        );
        assert_eq!(
            (of(2, "number"), of(2, "username")),
            ("0099999".into(), "s0099999".into())
        );
        assert_eq!(
            (of(3, "number"), of(3, "username")),
            ("0012347".into(), "s0012347".into())
        );
        assert_eq!(report.summary.shared_numbers, 1);
        assert_eq!(importer.import(&pack).await.ending, Ending::Unchanged);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_goes_to_a_sibling_does_not_take_the_account_along() {
    let importer = Importer::new().await;
    importer.apply(&Pack::small()).await;
    importer.claim("s0012347").await;
    let gone = Pack::small().edit(
        "users.csv",
        "s0012347,,,true,s-102,student,x,,Marcus,O'Neal,,0012347,,,,,09,",
        "s0099999,,,true,s-102,student,x,,Tia,O'Neal,,0012347,,,,,09,",
    );
    let report = importer.approve(&gone).await;
    assert_eq!(report.ending, Ending::Applied);
    assert_eq!(report.summary.rekeyed, 0);
    let rows = importer
        .rows(
            "SELECT p.given_name, p.roster_status, a.username, a.state FROM people p JOIN accounts a ON \
             a.person_id = p.id WHERE p.number = '0012347' ORDER BY p.given_name",
        )
        .await;
    assert_eq!(
        (&rows[0]["roster_status"], &rows[0]["username"]),
        (&"tobedeleted".into(), &"s0012347".into())
    );
    assert_eq!(
        (&rows[1]["state"], &rows[1]["username"]),
        (&"unclaimed".into(), &"s0012347-2".into())
    );
    let notes = &report.summary.notes;
    assert!(
        notes
            .iter()
            .any(|note| note.first.advice.contains("another given name")),
        "{notes:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn another_role_ends_sessions_and_a_new_class_only_raises_the_version() {
    for importer in Importer::on_both().await {
        importer.apply(&Pack::small()).await;
        let pack = Pack::small()
            .edit(
                "users.csv",
                "a40018,,,true,s-102,administrator",
                "a40018,,,true,s-102,aide",
            )
            .add("enrollments.csv", "e4,,,c1,s-101,s0012347,student,,,");
        importer.apply(&pack).await;
        let row = |number: &str| {
            let sql = format!(
                "SELECT p.version, a.auth_epoch FROM people p JOIN accounts a ON a.person_id = p.id \
                 WHERE p.number = '{number}'"
            );
            let importer = &importer;
            async move { importer.rows(&sql).await[0].clone() }
        };
        let (aide, student, other) = (
            row("40018").await,
            row("0012347").await,
            row("0012345").await,
        );
        assert_eq!(
            (&aide["version"], &aide["auth_epoch"]),
            (&2.into(), &1.into())
        );
        assert_eq!(
            (&student["version"], &student["auth_epoch"]),
            (&2.into(), &0.into())
        );
        assert_eq!(
            (&other["version"], &other["auth_epoch"]),
            (&1.into(), &0.into())
        );
        // A school under a new name is seen by everybody who belongs to it.
        importer
            .apply(&pack.edit("orgs.csv", "North Middle", "Northside Middle"))
            .await;
        assert_eq!(row("0012345").await["version"], 2);
        assert_eq!(row("0012347").await["version"], 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_employee_with_two_rows_is_one_person() {
    let importer = Importer::new().await;
    let pack = Pack::small()
        .add(
            "users.csv",
            "a40017,,,true,s-102,administrator,e40017,,Mary,O'Neal,,40017,,,,,,",
        )
        .edit(
            "enrollments.csv",
            "s-101,t40017,teacher",
            "s-101,a40017,teacher",
        );
    importer.apply(&pack).await;
    assert_eq!(
        importer
            .number("SELECT COUNT(*) FROM people WHERE number = '40017'")
            .await,
        1
    );
    let roles = importer
        .rows("SELECT a.role FROM affiliations a JOIN people p ON p.id = a.person_id WHERE p.number = '40017' ORDER BY a.role")
        .await;
    let roles: Vec<&str> = roles
        .iter()
        .map(|row| row["role"].as_str().unwrap())
        .collect();
    assert_eq!(roles, ["siteAdministrator", "teacher", "teacher"]);
    assert_eq!(importer.number("SELECT COUNT(*) FROM enrollments").await, 3);
    // The teacher's row goes: the person stays, and the account with them.
    let id = importer
        .value("SELECT id FROM people WHERE number = '40017'")
        .await;
    let pack = pack.edit(
        "users.csv",
        "t40017,,,true,\"s-101,d-1\",teacher,e40017,,Mary,O'Neal,,40017,mary.oneal@example.org,,,,,\n",
        "",
    );
    importer.apply(&pack).await;
    assert_eq!(
        importer
            .value("SELECT id FROM people WHERE number = '40017'")
            .await,
        id
    );
    assert_eq!(
        importer
            .value("SELECT role FROM people WHERE number = '40017'")
            .await,
        "siteAdministrator"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn guardians_come_only_where_the_district_wants_them() {
    let pack = Pack::small().add(
        "users.csv",
        "p900,,,true,s-101,parent,parent900,,Rosa,Hernández,,,,,,,,",
    );
    let importer = Importer::new().await;
    let report = importer.apply(&pack).await;
    assert_eq!(report.summary.guardians_skipped, 1);
    assert_eq!(importer.number("SELECT COUNT(*) FROM people").await, 5);
    let importer = Importer::with(|settings| settings.roster.import_guardians = true).await;
    importer.apply(&pack).await;
    let rows = importer
        .rows("SELECT p.population, a.username FROM people p JOIN accounts a ON a.person_id = p.id WHERE p.role = 'parent'")
        .await;
    assert_eq!(rows[0]["population"], "guardian");
    assert!(rows[0]["username"].is_null());
}

#[tokio::test(flavor = "multi_thread")]
async fn of_demographics_only_the_birth_date_and_only_if_wanted() {
    let header = "sourcedId,status,dateLastModified,birthDate,sex,americanIndianOrAlaskaNative,asian,\
                  blackOrAfricanAmerican,nativeHawaiianOrOtherPacificIslander,white,demographicRaceTwoOrMoreRaces,\
                  hispanicOrLatinoEthnicity,countryOfBirthCode,stateOfBirthAbbreviation,cityOfBirth,\
                  publicSchoolResidenceStatus";
    let pack = Pack::small().file(
        "demographics",
        header,
        &["s0012345,,,2013-02-03,male,false,false,false,false,true,false,true,US,GA,Jonesboro,x"],
    );
    let date = "SELECT birth_date FROM people WHERE number = '0012345'";
    let importer = Importer::new().await;
    importer.apply(&pack).await;
    assert!(importer.value(date).await.is_null());
    assert!(!importer.dump().await.contains("Jonesboro"));
    let importer = Importer::with(|settings| settings.roster.birth_dates = true).await;
    importer.apply(&pack).await;
    assert_eq!(importer.value(date).await, "2013-02-03");
    let everything = importer.dump().await;
    assert!(!everything.contains("Jonesboro") && !everything.contains("\"male\""));
    assert_eq!(importer.import(&pack).await.ending, Ending::Unchanged);
}

#[tokio::test(flavor = "multi_thread")]
async fn passwords_never_come_in() {
    let importer = Importer::new().await;
    let pack = Pack::small().edit("users.csv", ",,,,,07,\n", ",,,,,07,Sunshine1\n");
    let report = importer.apply(&pack).await;
    assert!(!format!("{report:?}").contains("Sunshine1"));
    assert!(
        report
            .summary
            .notes
            .iter()
            .any(|note| &*note.first.column == "password")
    );
    let hashes = importer
        .number("SELECT COUNT(*) FROM accounts WHERE password_hash IS NOT NULL")
        .await;
    assert_eq!(hashes, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_delta_of_1p2_roles_alone_move_a_person() {
    for importer in Importer::on_both().await {
        importer.apply(&in_1p2("n-")).await;
        let when = super::pack::WHEN;
        let pack = Pack::empty("1.2", "delta").file(
            "roles",
            ROLES,
            &[
                &format!("r1,tobedeleted,{when},u1,primary,student,,,n-101,"),
                &format!("r9,active,{when},u1,primary,student,,,n-102,"),
            ],
        );
        importer.apply(&pack).await;
        let school = "SELECT s.name FROM people p JOIN schools s ON s.id = p.primary_school_id WHERE p.number = '0012345'";
        assert_eq!(importer.value(school).await, "South High");
        // Somebody new whose role is nowhere cannot be made, and says so.
        let pack = Pack::empty("1.2", "delta").file(
            "users",
            USERS_1P2,
            &[&format!(
                "u9,active,{when},true,,,Bo,Le,,0012390,,,,,07,,,,,,,,"
            )],
        );
        let report = importer.approve(&pack).await;
        assert_eq!(report.quarantine.total(), 1, "{:?}", report.quarantine);
        assert!(report.quarantine.rows[0].advice.contains("roles.csv"));
        assert_eq!(importer.number("SELECT COUNT(*) FROM people").await, 5);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_enrollment_of_somebody_unknown_is_set_aside() {
    let importer = Importer::new().await;
    importer.apply(&Pack::small()).await;
    let when = super::pack::WHEN;
    let pack = Pack::empty("1.1", "delta").file(
        "enrollments",
        ENROLLMENTS,
        &[
            &format!("e7,active,{when},c1,s-101,nobody,student,,,"),
            &format!("e8,active,{when},nowhere,s-101,s0012347,student,,,"),
            &format!("e9,active,{when},c1,s-101,s0012347,student,,,"),
        ],
    );
    let report = importer.approve(&pack).await;
    let columns: Vec<&str> = report
        .quarantine
        .rows
        .iter()
        .map(|fault| &*fault.column)
        .collect();
    assert_eq!(columns, ["userSourcedId", "classSourcedId"]);
    assert_eq!(importer.number("SELECT COUNT(*) FROM enrollments").await, 4);
}
