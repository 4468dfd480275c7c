//! Files of clients and tiles: applied, applied again, changed, refused; secrets; who may use what.

use std::process::Command;

use idp::clock::Lifetime;
use idp::district::resource::{Category, ICONS, ResourceStatus};
use idp::flows::access::{self, Access, Refusal};
use idp::flows::client_file::{self, Format};
use idp::flows::manage_clients::{self, ApplyError, Change, Outcome, Rotated};
use idp::ids::{ClientId, PersonId};
use idp::protocol::client_secret::matching;
use idp::secret::Secret;
use idp::store;

use crate::support::TestApp;

const FILE: &str = r#"
[[clients]]
client_id = "library"
client_name = "Lantern Library"
redirect_uris = ["http://localhost:9001/callback"]
initiate_login_uri = "http://localhost:9001/login/start"
approved_claims = ["given_name", "user_type"]
assign = [{ role = "student", grade = "07" }, { school = "north middle", role = "teacher" }]

[clients.tile]
name = { en = "Library", es = "Biblioteca", vi = "Thư viện" }
description = "Books to read and to listen to."
category = "reading"

[[clients]]
client_id = "gradebook"
client_secret = "a-secret-that-the-file-itself-gives"
client_name = "Tally"
redirect_uris = ["http://localhost:9002/callback"]
token_endpoint_auth_method = "client_secret_post"

[[tiles]]
id = "lunch"
name = "Lunch Menu"
category = "school-day"
icon = "lunch"
start_url = "https://lunch.example.org/"
assign = "district"
"#;

async fn apply(app: &TestApp, text: &str) -> Result<Outcome, Vec<String>> {
    let lines = |faults: Vec<client_file::Fault>| faults.iter().map(ToString::to_string).collect();
    let file = client_file::read(text, Format::Toml).map_err(lines)?;
    match manage_clients::apply(&app.context(), &file, false).await {
        Ok(outcome) => Ok(outcome),
        Err(ApplyError::Faults(faults)) => Err(lines(faults)),
        Err(ApplyError::Flow(error)) => panic!("{error}"),
    }
}

fn changes(outcome: &Outcome) -> Vec<(&str, &Change)> {
    outcome
        .applied
        .iter()
        .map(|one| (one.id.as_str(), &one.change))
        .collect()
}

async fn events(app: &TestApp) -> String {
    app.lookup("SELECT COUNT(*) FROM audit_events WHERE actor_kind = 'cli'")
        .await
        .unwrap()
}

async fn person(app: &TestApp, id: &str) -> idp::district::person::Person {
    let found = store::people::find(app.app.store.read(), &PersonId::new(id)).await;
    found.unwrap().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_applied_twice_changes_nothing_the_second_time() {
    let app = TestApp::new().await;
    app.seed().await;
    let first = apply(&app, FILE).await.unwrap();
    assert!(
        first
            .applied
            .iter()
            .all(|one| one.change == Change::Created)
    );
    // The library's secret was made and is shown once; the grade book's came with the file.
    let made: Vec<_> = first.secrets.iter().map(|(id, _)| id.as_str()).collect();
    assert_eq!(made, ["library"]);
    let before = events(&app).await;
    assert_eq!(before, "3");

    app.advance(60);
    let second = apply(&app, FILE).await.unwrap();
    assert!(
        second
            .applied
            .iter()
            .all(|one| one.change == Change::Unchanged),
        "{second:?}"
    );
    assert!(second.secrets.is_empty());
    assert_eq!(events(&app).await, before);
    let updated = "SELECT MAX(updated_at) - MIN(created_at) FROM clients";
    assert_eq!(app.lookup(updated).await.as_deref(), Some("0"));
    let updated = "SELECT MAX(updated_at) - MIN(created_at) FROM resources";
    assert_eq!(app.lookup(updated).await.as_deref(), Some("0"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_names_its_fields_and_touches_nothing_else() {
    let app = TestApp::new().await;
    app.seed().await;
    apply(&app, FILE).await.unwrap();
    let changed = FILE
        .replace("\"given_name\", ", "")
        .replace("grade = \"07\"", "grade = [\"07\", \"08\"]")
        .replace("category = \"reading\"", "category = \"library\"")
        .replace("the-file-itself-gives", "another-file-itself-gives");
    let outcome = apply(&app, &changed).await.unwrap();
    let named = |fields: &[&str]| Change::Updated(fields.iter().map(|one| (*one).into()).collect());
    assert_eq!(
        changes(&outcome),
        [
            ("library", &named(&["approved_claims", "tile", "assign"])),
            ("gradebook", &named(&["client_secret"])),
            ("lunch", &Change::Unchanged),
        ]
    );
    let gradebook = ClientId::new("gradebook");
    let details = manage_clients::find(&app.context(), &gradebook)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (
            details.registration.version,
            details.registration.secrets.len()
        ),
        (2, 1)
    );
    let library = manage_clients::find(&app.context(), &ClientId::new("library"))
        .await
        .unwrap();
    let library = library.unwrap();
    assert_eq!(library.rules.len(), 3);
    let resource = library.resource.unwrap();
    assert_eq!(
        (resource.category, resource.version),
        (Category::Library, 2)
    );

    // What a later file leaves out stays.
    let bare = "[[clients]]\nclient_id = \"library\"\nclient_name = \"Lantern Library\"\n\
        redirect_uris = [\"http://localhost:9001/callback\"]\n\
        initiate_login_uri = \"http://localhost:9001/login/start\"\napproved_claims = [\"user_type\"]\n";
    let outcome = apply(&app, bare).await.unwrap();
    assert_eq!(changes(&outcome), [("library", &Change::Unchanged)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_fault_and_nothing_is_kept() {
    let app = TestApp::new().await;
    app.seed().await;
    for (change, problem) in [
        (
            ("north middle", "Nowhere High"),
            "no school with this sourcedId or name",
        ),
        (
            ("north middle", "o-nowhere"),
            "no school with this sourcedId or name",
        ),
        (
            ("role = \"teacher\"", "class = \"c-1\""),
            "no class with this sourcedId",
        ),
        (
            ("id = \"lunch\"", "id = \"library\""),
            "taken by the resource of a client",
        ),
    ] {
        let found = apply(&app, &FILE.replace(change.0, change.1))
            .await
            .unwrap_err();
        assert!(
            found.iter().any(|fault| fault.contains(problem)),
            "{found:?}"
        );
        assert_eq!(events(&app).await, "0");
        for table in ["clients", "resources", "assignments"] {
            let rows = app.lookup(&format!("SELECT COUNT(*) FROM {table}")).await;
            assert_eq!(rows.as_deref(), Some("0"), "{table} after {change:?}");
        }
    }
    app.execute(
        "UPDATE schools SET name = 'South Middle' WHERE id = 'o-north'",
        [],
    )
    .await;
    let twin = FILE.replace("north middle", "South Middle");
    let found = apply(&app, &twin).await.unwrap_err();
    assert!(found[0].contains("\"o-north\" or \"o-south\""), "{found:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_tells_and_writes_nothing() {
    let app = TestApp::new().await;
    app.seed().await;
    let file = client_file::read(FILE, Format::Toml).unwrap();
    let outcome = manage_clients::apply(&app.context(), &file, true)
        .await
        .unwrap();
    assert_eq!(outcome.applied.len(), 3);
    assert!(
        manage_clients::list(&app.context())
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(events(&app).await, "0");
}

#[tokio::test(flavor = "multi_thread")]
async fn short_secrets_are_for_loopback_only() {
    let app = TestApp::with(|settings| {
        settings.public_url = "https://portal.example.org".into();
    })
    .await;
    app.seed().await;
    let text = FILE.replace("a-secret-that-the-file-itself-gives", "short");
    let found = apply(&app, &text).await.unwrap_err();
    assert!(
        found[0].contains("`client_secret` has fewer than 32"),
        "{found:?}"
    );
    let at_home = TestApp::new().await;
    at_home.seed().await;
    apply(&at_home, &text).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn secrets_overlap_and_end() {
    let app = TestApp::new().await;
    app.seed().await;
    let made = apply(&app, FILE).await.unwrap().secrets.remove(0).1;
    let id = ClientId::new("library");
    let overlap = Lifetime::days(7);
    let Rotated::Done(new, Some(until)) =
        manage_clients::rotate_secret(&app.context(), &id, overlap)
            .await
            .unwrap()
    else {
        panic!("not rotated")
    };
    let now = app.clock.now();
    assert_eq!(until, now.plus(overlap));
    let kept = manage_clients::find(&app.context(), &id)
        .await
        .unwrap()
        .unwrap()
        .registration;
    let good = |secret: &Secret, at| matching(&kept.secrets, secret, at).is_some();
    assert!(good(&made, now) && good(&new, now));
    assert!(!good(&made, until) && good(&new, until));

    // The use of one is noted once an hour, beside the request.
    let digest = kept.secrets[1].digest.clone();
    let cx = app.context();
    let note = || manage_clients::note_secret_use(&cx, &id, &digest);
    note().unwrap().await.unwrap();
    assert!(note().is_none());
    let kept = manage_clients::find(&cx, &id)
        .await
        .unwrap()
        .unwrap()
        .registration;
    let uses: Vec<_> = kept
        .secrets
        .iter()
        .map(|secret| secret.last_used_at)
        .collect();
    assert_eq!(uses, [None, Some(now)]);

    let unknown = manage_clients::rotate_secret(&app.context(), &ClientId::new("x"), overlap).await;
    assert!(matches!(unknown.unwrap(), Rotated::Unknown));
}

#[tokio::test(flavor = "multi_thread")]
async fn removing_a_client_ends_what_hangs_from_it() {
    let app = TestApp::new().await;
    app.seed().await;
    apply(&app, FILE).await.unwrap();
    for (id, client) in [("g-1", "library"), ("g-2", "library"), ("g-3", "gradebook")] {
        app.insert(
            "grants",
            &[
                ("id", id.into()),
                ("person_id", "p-ana".into()),
                ("client_id", client.into()),
                ("scope", "openid".into()),
                ("request", "{}".into()),
                ("auth_time", 0i64.into()),
                ("auth_epoch", 1i64.into()),
                ("created_at", 0i64.into()),
                ("expires_at", 0i64.into()),
            ],
        )
        .await;
    }
    let id = ClientId::new("library");
    assert_eq!(
        manage_clients::remove(&app.context(), &id).await.unwrap(),
        Some(2)
    );
    assert!(
        manage_clients::find(&app.context(), &id)
            .await
            .unwrap()
            .is_none()
    );
    let left = "SELECT COUNT(*) FROM assignments WHERE resource_id = 'library'";
    assert_eq!(app.lookup(left).await.as_deref(), Some("0"));
    let live = "SELECT COUNT(*) FROM grants WHERE revoked_at IS NULL";
    assert_eq!(app.lookup(live).await.as_deref(), Some("1"));
    assert_eq!(
        manage_clients::remove(&app.context(), &id).await.unwrap(),
        None
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn resources_go_to_those_they_are_assigned_to() {
    let app = TestApp::new().await;
    app.seed().await;
    apply(&app, FILE).await.unwrap();
    let cx = app.context();
    let library = ClientId::new("library");
    for (id, tiles, granted) in [
        ("p-ana", &["library", "lunch"][..], true),
        ("p-bo", &["lunch"], false),
        ("p-teacher", &["library", "lunch"], true),
        ("p-tech", &["lunch"], false),
    ] {
        let person = person(&app, id).await;
        let mut seen: Vec<String> = access::resources_of(&cx, &person)
            .await
            .unwrap()
            .iter()
            .map(|resource| resource.id.to_string())
            .collect();
        seen.sort();
        assert_eq!(seen, tiles, "{id}");
        let access = access::may_use(&cx, &person, &library).await.unwrap();
        assert_eq!(
            matches!(access, Access::Granted(_)),
            granted,
            "{id}: {access:?}"
        );
    }
    let ana = person(&app, "p-ana").await;
    let refused = |access| match access {
        Access::Refused(why, resource) => (why, resource.is_some()),
        Access::Granted(_) => panic!("granted"),
    };
    // A client without assignment is nobody's; an unknown one has nothing to assign.
    let gradebook = access::may_use(&cx, &ana, &ClientId::new("gradebook"))
        .await
        .unwrap();
    assert_eq!(refused(gradebook), (Refusal::NotAssigned, true));
    let unknown = access::may_use(&cx, &ana, &ClientId::new("x"))
        .await
        .unwrap();
    assert_eq!(refused(unknown), (Refusal::NoResource, false));

    let pause = FILE.replace(
        "category = \"reading\"",
        "category = \"reading\"\nstatus = \"paused\"",
    );
    apply(&app, &pause).await.unwrap();
    let paused = access::may_use(&cx, &ana, &library).await.unwrap();
    assert_eq!(refused(paused), (Refusal::Paused, true));
    let tiles = access::resources_of(&cx, &ana).await.unwrap();
    assert!(
        tiles
            .iter()
            .all(|resource| resource.status == ResourceStatus::Published)
    );
    assert_eq!(tiles.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_class_gets_its_own_tile_while_it_lasts() {
    let app = TestApp::new().await;
    app.seed().await;
    let at = app.clock.now().unix();
    app.insert(
        "classes",
        &[
            ("id", "c-our".into()),
            ("sourced_id", "C-7-MATH".into()),
            ("title", "Math 7".into()),
            ("kind", "scheduled".into()),
            ("school_id", "o-north".into()),
            ("grades", "07".into()),
            ("term_sourced_ids", "".into()),
            ("periods", "".into()),
            ("starts_on", "2026-08-01".into()),
            ("ends_on", "2026-12-19".into()),
            ("roster_status", "active".into()),
            ("row_hash", 0i64.into()),
            ("updated_at", at.into()),
        ],
    )
    .await;
    app.insert(
        "enrollments",
        &[
            ("id", "e-1".into()),
            ("sourced_id", "e-1".into()),
            ("class_id", "c-our".into()),
            ("person_id", "p-ana".into()),
            ("role", "student".into()),
            ("is_primary", false.into()),
            ("roster_status", "active".into()),
            ("row_hash", 0i64.into()),
            ("updated_at", at.into()),
        ],
    )
    .await;
    let tile = "[[tiles]]\nid = \"fractions\"\nname = \"Fractions\"\ncategory = \"math\"\n\
        start_url = \"https://fractions.example.org/\"\nassign = [{ class = \"C-7-MATH\" }]\n";
    apply(&app, tile).await.unwrap();
    let ana = person(&app, "p-ana").await;
    let bo = person(&app, "p-bo").await;
    let count = async |person| {
        access::resources_of(&app.context(), person)
            .await
            .unwrap()
            .len()
    };
    assert_eq!((count(&ana).await, count(&bo).await), (1, 0));
    // After the term the class no longer speaks for anybody.
    app.advance(150 * 86_400);
    app.app.directory.forget();
    assert_eq!(count(&ana).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_demonstration_fills_a_launchpad() {
    let app = TestApp::new().await;
    app.seed().await;
    let file = include_str!("../../../clients/demo-clients.toml");
    let outcome = apply(&app, file).await.unwrap();
    assert!(outcome.secrets.is_empty());
    assert!(outcome.applied.len() >= 12);
    for resource in store::resources::list(app.app.store.read()).await.unwrap() {
        for words in [&resource.name, &resource.description] {
            assert!(words.all().all(|text| !text.is_empty()), "{}", resource.id);
        }
        assert!(resource.description.es.is_some() && resource.description.vi.is_some());
    }
    // A pupil, a teacher and a technician each see their own.
    for (id, with, without) in [
        (
            "p-ana",
            ["library", "gradebook", "math-trail"],
            "time-and-leave",
        ),
        (
            "p-teacher",
            ["library", "gradebook", "checkpoint"],
            "calm-corner",
        ),
        (
            "p-tech",
            ["library", "device-desk", "lunch-menu"],
            "gradebook",
        ),
    ] {
        let person = person(&app, id).await;
        let tiles = access::resources_of(&app.context(), &person).await.unwrap();
        let has = |wanted: &str| tiles.iter().any(|tile| tile.id.as_str() == wanted);
        assert!(
            with.iter().all(|wanted| has(wanted)) && !has(without),
            "{id}"
        );
    }
}

#[test]
fn every_icon_is_drawn() {
    for icon in ICONS {
        assert!(idp::web::icons::Icon::exists(icon), "{icon}");
    }
}

#[test]
fn the_command_line_says_what_it_did_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("apps.toml");
    let good = FILE.replace(", { school = \"north middle\", role = \"teacher\" }", "");
    std::fs::write(&file, &good).unwrap();
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_idp"))
            .args(arguments)
            .env("IDP_DATA_DIR", folder.path())
            .env("IDP_LOG", "off")
            .output()
            .unwrap();
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        (
            output.status.code(),
            text(&output.stdout),
            text(&output.stderr),
        )
    };
    let path = file.to_str().unwrap();
    let (code, out, err) = run(&["clients", "apply", path]);
    assert_eq!(code, Some(0), "{err}");
    assert!(out.contains("created    client library\n"), "{out}");
    assert!(
        out.contains("shown once: ") && out.ends_with("3 created, 0 updated, 0 unchanged\n"),
        "{out}"
    );
    let (code, out, _) = run(&["clients", "apply", path]);
    assert_eq!(
        (code, out.as_str()),
        (Some(0), "0 created, 0 updated, 3 unchanged\n")
    );

    std::fs::write(
        &file,
        good.replace("http://localhost:9002", "http://tally.example.org"),
    )
    .unwrap();
    let (code, _, err) = run(&["clients", "apply", path]);
    assert_eq!(code, Some(1));
    assert_eq!(
        err,
        format!(
            "idp: {path}: client \"gradebook\": `redirect_uris` \"http://tally.example.org/callback\": uses http; \
             use https (http is for localhost, 127.0.0.1 and [::1] only)\nidp: nothing was changed\n"
        )
    );
    let (code, out, _) = run(&["clients", "show", "library"]);
    assert_eq!(code, Some(0));
    let shown: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        shown["client"]["redirect_uris"][0],
        "http://localhost:9001/callback"
    );
    assert!(!out.contains("digest"), "{out}");
    let (code, _, err) = run(&["clients", "show", "nobody"]);
    assert_eq!(code, Some(1));
    assert!(
        err.contains("no client has the client_id \"nobody\""),
        "{err}"
    );
    let (code, out, _) = run(&["clients", "remove", "library"]);
    assert_eq!(
        (code, out.as_str()),
        (Some(0), "Removed library; 0 grants ended.\n")
    );
}
