//! The launchpad, S46 to S48: what is there, in whose order, where a click leads, and what each app sees.

use http::StatusCode;
use idp::flows::client_file::{self, Format};
use idp::flows::manage_clients;
use url::Url;

use crate::journeys::claim::{PASSWORD, claim_ana, sign_in};
use crate::support::{Browser, Page, TestApp};

const APPS: &str = r#"
[[clients]]
client_id = "library"
client_name = "Lantern Library"
redirect_uris = ["http://localhost:9001/callback"]
initiate_login_uri = "http://localhost:9001/login/start?from=portal"
approved_claims = ["given_name", "family_name", "school_names"]
assign = [{ role = "student", grade = "07" }]
tile = { name = { en = "Library", vi = "Thư viện" }, description = "Books to read.", category = "reading" }
agreement = { purpose = "Reading at school and at home.", legal_basis = "FERPA school official", signed_on = "2026-07-01" }

[[clients]]
client_id = "gradebook"
client_name = "Tally"
redirect_uris = ["http://localhost:9002/callback"]
initiate_login_uri = "http://localhost:9002/login/start"
assign = [{ role = "teacher" }]
tile = { name = "Grade Book", category = "grades" }

[[clients]]
client_id = "stories"
client_name = "Story Maker"
redirect_uris = ["http://localhost:9003/callback"]
assign = [{ school = "north middle" }]
tile = { name = "Story Maker", category = "reading", start_url = "http://localhost:9003/?a=1" }

[[tiles]]
id = "lunch"
name = "Lunch Menu"
category = "school-day"
start_url = "https://lunch.example.org/"
assign = "district"
"#;

async fn school() -> TestApp {
    let app = TestApp::new().await;
    app.seed().await;
    let file = client_file::read(APPS, Format::Toml).unwrap_or_else(|faults| {
        panic!(
            "{:?}",
            faults.iter().map(ToString::to_string).collect::<Vec<_>>()
        )
    });
    assert!(
        manage_clients::apply(&app.context(), &file, false)
            .await
            .is_ok()
    );
    app
}

async fn ana(app: &TestApp) -> (Browser, Page) {
    claim_ana(app).await;
    let mut browser = app.browser();
    let page = sign_in(&mut browser, "s0012345", PASSWORD).await;
    assert_eq!(page.path, "/");
    (browser, page)
}

/// The apps on a page, in order, each as often as it is there.
fn tiles(page: &Page) -> Vec<String> {
    page.body
        .split("<a class=\"tile-open\" href=\"/launch/")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect()
}

/// The headings of the groups.
fn groups(page: &Page) -> Vec<String> {
    let words = |html: &str| {
        let text = html.split("</h2>").next().unwrap();
        text.rsplit('>').next().unwrap().to_owned()
    };
    page.body
        .split("<h2 id=\"group-")
        .skip(1)
        .map(words)
        .collect()
}

async fn act(browser: &mut Browser, page: &Page, (id, list): (&str, &str), act: &str) -> Page {
    let form = page
        .forms()
        .into_iter()
        .find(|form| {
            let has = |name: &str, value: &str| form.fields.contains(&(name.into(), value.into()));
            form.action == "/launchpad" && has("resource", id) && has("list", list)
        })
        .unwrap_or_else(|| panic!("no menu of {id} in {list}"));
    let mut fields: Vec<(&str, &str)> = form
        .fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    fields.push(("act", act));
    let answer = browser.post("/launchpad", &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let location = answer.location().unwrap();
    assert_eq!(location, format!("/#{list}-{id}-menu"));
    browser.get("/").await
}

#[tokio::test(flavor = "multi_thread")]
async fn tiles_are_those_assigned() {
    let app = school().await;
    let (mut browser, page) = ana(&app).await;
    assert_eq!(tiles(&page), ["library", "stories", "lunch"]);
    assert_eq!(
        groups(&page),
        ["Reading and writing", "Around the school day"]
    );
    for words in [
        "Good morning, Ana",
        "Ana H.",
        "North Middle",
        "Not you?",
        "Stuck? Ask Mr. Okafor, Room 12.",
    ] {
        assert!(page.body.contains(words), "{words}");
    }
    browser.language = "vi";
    let page = browser.get("/").await;
    assert!(page.body.contains("Chào buổi sáng, Ana") && page.body.contains("Thư viện"));
    assert_eq!(page.header("cache-control"), Some("no-store"));
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_no_apps_is_told_who_adds_them() {
    let app = TestApp::new().await;
    app.seed().await;
    let (_, page) = ana(&app).await;
    assert!(page.body.contains("No apps yet") && page.body.contains("Mr. Okafor"));
    assert!(!page.body.contains("role=\"search\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn favorites_and_order_are_the_persons_own() {
    let app = school().await;
    let (mut browser, page) = ana(&app).await;
    let page = act(&mut browser, &page, ("lunch", "category"), "star").await;
    assert!(page.body.contains("Lunch Menu is a favorite now."));
    assert_eq!(tiles(&page), ["lunch", "library", "stories", "lunch"]);
    assert!(groups(&page)[0] == "Favorites" && page.body.contains("tile-star"));
    // The note is said once.
    let page = browser.get("/").await;
    assert!(!page.body.contains("is a favorite now"));

    let page = act(&mut browser, &page, ("stories", "category"), "star").await;
    let page = act(&mut browser, &page, ("stories", "favorites"), "earlier").await;
    assert_eq!(tiles(&page)[..2], ["stories", "lunch"]);
    assert!(
        page.body.contains("<details class=\"menu\" open>"),
        "the next move is one press away"
    );
    let page = act(&mut browser, &page, ("library", "category"), "later").await;
    assert_eq!(
        tiles(&page),
        ["stories", "lunch", "stories", "library", "lunch"]
    );
    let page = act(&mut browser, &page, ("stories", "favorites"), "unstar").await;
    assert_eq!(tiles(&page), ["lunch", "stories", "library", "lunch"]);

    // It is kept: another browser, another day.
    app.advance(86_400);
    let mut other = app.browser();
    let page = sign_in(&mut other, "s0012345", PASSWORD).await;
    assert_eq!(tiles(&page), ["lunch", "stories", "library", "lunch"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_arranges_what_is_not_theirs() {
    let app = school().await;
    let (mut browser, page) = ana(&app).await;
    let csrf = page.forms()[0].fields[0].clone();
    for (resource, act, status) in [
        ("gradebook", "star", StatusCode::NOT_FOUND),
        ("no-such", "star", StatusCode::NOT_FOUND),
        ("lunch", "burn", StatusCode::BAD_REQUEST),
    ] {
        let fields = [
            (csrf.0.as_str(), csrf.1.as_str()),
            ("resource", resource),
            ("list", "category"),
            ("act", act),
        ];
        assert_eq!(
            browser.post("/launchpad", &fields).await.status,
            status,
            "{resource} {act}"
        );
    }
    let fields = [("resource", "lunch"), ("act", "star")];
    assert_eq!(
        browser.post("/launchpad", &fields).await.status,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn apps_are_found_without_marks_in_every_language() {
    let app = school().await;
    let (mut browser, _) = ana(&app).await;
    for (query, found) in [
        ("libr", &["library"][..]),
        ("thu%20vien", &["library"]),
        ("BOOKS", &["library"]),
        ("menu+lunch", &["lunch"]),
        ("reading", &["library", "stories"]),
        ("zebra", &[]),
        ("%20", &["library", "stories", "lunch"]),
    ] {
        let page = browser.get(&format!("/?q={query}")).await;
        assert_eq!(tiles(&page), found, "{query}");
    }
    let page = browser.get("/?q=%3Cscript%3E").await;
    assert!(!page.body.contains("<script>") && page.body.contains("No app matches"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_click_starts_a_sign_in_at_the_app() {
    let app = school().await;
    let (mut browser, _) = ana(&app).await;
    let answer = browser.get("/launch/library").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
    let url = Url::parse(&answer.location().unwrap()).unwrap();
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    assert_eq!(url.path(), "/login/start");
    assert_eq!(pairs[0], ("from".into(), "portal".into()));
    assert_eq!(pairs[1], ("iss".into(), "http://localhost:8080".into()));
    assert_eq!(
        (pairs[2].0.as_str(), pairs[2].1.len(), pairs.len()),
        ("login_hint", 43, 3)
    );
    // Each click has a ticket of its own.
    assert_ne!(
        browser.get("/launch/library").await.location(),
        answer.location()
    );

    let plain = browser.get("/launch/stories").await;
    assert_eq!(
        plain.location().as_deref(),
        Some("http://localhost:9003/?a=1")
    );
    let link = browser.get("/launch/lunch").await;
    assert_eq!(
        link.location().as_deref(),
        Some("https://lunch.example.org/")
    );

    app.app.batch.flush().await;
    // Apps are counted where they sign in, links where they are clicked.
    let launches = "SELECT COUNT(*) FROM resource_usage WHERE resource_id <> 'lunch'";
    assert_eq!(app.lookup(launches).await.as_deref(), Some("0"));
    let counted = "SELECT school_id || ' ' || day FROM launch_counts WHERE resource_id = 'lunch'";
    assert_eq!(
        app.lookup(counted).await.as_deref(),
        Some("o-north 2026-08-05")
    );
    let page = browser.get("/").await;
    assert_eq!(groups(&page)[0], "Used lately");
    assert_eq!(tiles(&page)[..3], ["lunch", "library", "stories"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_theirs_does_not_open() {
    let app = school().await;
    let (mut browser, _) = ana(&app).await;
    let page = browser.get("/launch/gradebook").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(page.body.contains("Grade Book is not one of your apps"));
    assert!(page.body.contains("Ask Mr. Okafor, Room 12 to add it"));
    app.app.batch.flush().await;
    let said = "SELECT reason FROM audit_events WHERE action = 'launch'";
    assert_eq!(app.lookup(said).await.as_deref(), Some("not_assigned"));
    for path in [
        "/launch/no-such",
        "/launch/%FF",
        "/apps/no-such/data",
        "/apps/gradebook/data",
    ] {
        assert_eq!(
            browser.get(path).await.status,
            StatusCode::NOT_FOUND,
            "{path}"
        );
    }
    let mut nobody = app.browser();
    for path in ["/launch/library", "/apps/library/data"] {
        assert_eq!(
            nobody.get(path).await.location().as_deref(),
            Some("/"),
            "{path}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_app_sees_is_said_claim_by_claim() {
    let app = school().await;
    let (mut browser, _) = ana(&app).await;
    let page = browser.get("/apps/library/data").await;
    assert_eq!(page.status, StatusCode::OK);
    let row = |label: &str| {
        let rest = page
            .body
            .split(&format!("{label}<"))
            .nth(1)
            .unwrap_or_else(|| panic!("{label}"));
        rest.split("</tr>").next().unwrap().to_owned()
    };
    assert!(row("Your first name").contains("Ana") && row("Your first name").contains("Yes"));
    assert!(row("Your last name").contains("Hernández Peña"));
    assert!(row("Your school").contains("North Middle"));
    for (hidden, value) in [
        ("Your student or employee number", "0012345"),
        ("Your grade", ">07<"),
    ] {
        assert!(
            row(hidden).contains("No") && !page.body.contains(value),
            "{hidden}"
        );
    }
    for words in [
        "Reading at school and at home.",
        "FERPA school official",
        "July 1, 2026",
    ] {
        assert!(page.body.contains(words), "{words}");
    }
    let link = browser.get("/apps/lunch/data").await;
    assert!(link.body.contains("Lunch Menu is a link"));
}

#[tokio::test(flavor = "multi_thread")]
async fn questions_left_open_come_first() {
    let app = school().await;
    let (mut browser, _) = ana(&app).await;
    app.execute(
        "UPDATE accounts SET recovery_pending = TRUE WHERE person_id = 'p-ana'",
        [],
    )
    .await;
    assert_eq!(
        browser.get("/").await.location().as_deref(),
        Some("/questions")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_language_is_chosen_on_every_page() {
    let app = school().await;
    let mut browser = app.browser();
    let page = browser.get("/help").await;
    assert!(page.body.contains("CCPS Portal User Guide") && page.body.contains("s0123456"));
    let page = browser
        .submit(&page, "/language", &[("language", "es")])
        .await;
    assert_eq!(page.path, "/help");
    assert!(page.body.contains("<html lang=\"es\">") && page.body.contains("Guía de CCPS Portal"));
    let page = browser.get("/no-such-page").await;
    assert!(page.body.contains("<html lang=\"es\">"));
    let csrf = page.forms()[0].fields[0].1.clone();
    let away = [
        ("csrf", csrf.as_str()),
        ("language", "vi"),
        ("return", "//evil.test"),
    ];
    assert_eq!(
        browser.post("/language", &away).await.location().as_deref(),
        Some("/")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chosen_language_comes_along_to_the_next_device() {
    let app = school().await;
    let (mut browser, page) = ana(&app).await;
    let page = browser
        .submit(&page, "/language", &[("language", "vi")])
        .await;
    assert!(page.body.contains("Chào buổi sáng"));
    let kept = "SELECT locale FROM accounts WHERE person_id = 'p-ana'";
    assert_eq!(app.lookup(kept).await.as_deref(), Some("vi"));
    // Another child's choice stays on a shared device only until somebody with a choice of their own signs in.
    let mut shared = app.browser();
    let landing = shared.get("/").await;
    shared
        .submit(&landing, "/language", &[("language", "es")])
        .await;
    let page = sign_in(&mut shared, "s0012345", PASSWORD).await;
    assert!(page.body.contains("<html lang=\"vi\">"));
}
