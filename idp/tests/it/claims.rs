//! What clients are told of people: the record, then the release, then the request.

use idp::district::person::{Account, Person};
use idp::flows::claims::{self, About, Asked, Told};
use idp::ids::{ClientId, PersonId};
use idp::protocol::claims::ClaimsRequest;
use idp::protocol::client::{Client, SubjectType};
use idp::protocol::scope::ScopeSet;
use idp::store;
use serde_json::{Value, json};

use crate::support::TestApp;

const EVERYTHING: &str = "openid profile email roster roster.ids address phone";

struct Somebody {
    person: Person,
    account: Account,
}

async fn somebody(app: &TestApp, id: &str) -> Somebody {
    let id = PersonId::new(id);
    let db = app.app.store.read();
    Somebody {
        person: store::people::find(db, &id).await.unwrap().unwrap(),
        account: store::people::find_account(db, &id).await.unwrap().unwrap(),
    }
}

impl Somebody {
    fn about(&self) -> About<'_> {
        About {
            person: &self.person,
            account: &self.account,
        }
    }
}

fn client(approved: &[&str]) -> Client {
    Client {
        client_id: ClientId::new("library"),
        redirect_uris: vec!["https://library.example.org/cb".into()],
        scope: ScopeSet::parse(EVERYTHING).unwrap(),
        approved_claims: approved.iter().map(|name| (*name).to_owned()).collect(),
        ..Client::default()
    }
}

struct Request {
    scopes: ScopeSet,
    claims: ClaimsRequest,
}

fn request(scopes: &str, claims: &str) -> Request {
    Request {
        scopes: ScopeSet::parse(scopes).unwrap(),
        claims: ClaimsRequest::parse(claims).unwrap(),
    }
}

impl Request {
    fn by<'a>(&'a self, client: &'a Client) -> Asked<'a> {
        Asked {
            client,
            scopes: &self.scopes,
            request: &self.claims,
        }
    }
}

async fn user_info(app: &TestApp, who: &Somebody, client: &Client, scopes: &str) -> Told {
    let request = request(scopes, "{}");
    claims::for_user_info(&app.context(), who.about(), request.by(client))
        .await
        .unwrap()
}

fn names(told: &Told) -> Vec<&str> {
    told.claims.keys().map(String::as_str).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_is_told_what_is_approved_and_asked_for() {
    let app = TestApp::with(|settings| {
        settings.district.email_domains = vec!["students.example.org".into()];
    })
    .await;
    app.seed().await;
    app.execute(
        "UPDATE people SET email = 'ana@students.example.org' WHERE id = 'p-ana'",
        [],
    )
    .await;
    let ana = somebody(&app, "p-ana").await;

    let told = user_info(
        &app,
        &ana,
        &client(&["given_name", "email", "grades"]),
        EVERYTHING,
    )
    .await;
    assert_eq!(
        Value::Object(told.claims),
        json!({"given_name": "Ana", "email": "ana@students.example.org", "grades": ["07"]})
    );
    for (approved, scopes, expected) in [
        (&[][..], EVERYTHING, &[][..]),
        (&["given_name", "email"], "openid", &[]),
        (&["given_name", "email"], "openid email", &["email"]),
        (&["email_verified"], "openid email", &["email_verified"]),
        (&["student_number"], "openid roster", &[]),
        (
            &["student_number"],
            "openid roster.ids",
            &["student_number"],
        ),
        (&["staff_number"], EVERYTHING, &[]),
    ] {
        let told = user_info(&app, &ana, &client(approved), scopes).await;
        assert_eq!(names(&told), expected, "{approved:?} {scopes}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_asks_past_the_district() {
    let app = TestApp::new().await;
    app.seed().await;
    let ana = somebody(&app, "p-ana").await;
    let greedy = r#"{"userinfo":{"family_name":{"essential":true},"sourced_id":null,"given_name":null},
                     "id_token":{"family_name":{"essential":true},"sourced_id":null,"given_name":null}}"#;
    let request = request("openid", greedy);
    let client = client(&["given_name"]);
    let cx = app.context();
    for told in [
        claims::for_user_info(&cx, ana.about(), request.by(&client))
            .await
            .unwrap(),
        claims::for_id_token(&cx, ana.about(), request.by(&client), true)
            .await
            .unwrap(),
    ] {
        assert_eq!(Value::Object(told.claims), json!({"given_name": "Ana"}));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn claims_of_scopes_wait_at_userinfo_unless_the_client_reads_only_the_id_token() {
    let app = TestApp::new().await;
    app.seed().await;
    let ana = somebody(&app, "p-ana").await;
    let request = request("openid profile", "{}");
    let cx = app.context();
    let usual = client(&["given_name"]);
    let reader = Client {
        claims_in_id_token: true,
        ..usual.clone()
    };
    for (client, has_access_token, expected) in [
        (&usual, true, &[][..]),
        (&usual, false, &["given_name"]),
        (&reader, true, &["given_name"]),
    ] {
        let asked = request.by(client);
        let told = claims::for_id_token(&cx, ana.about(), asked, has_access_token)
            .await
            .unwrap();
        assert_eq!(names(&told), expected);
        assert_eq!(told.subject.len(), 43);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_roster_speaks_of_schools_and_roles() {
    let app = TestApp::new().await;
    app.seed().await;
    app.insert(
        "affiliations",
        &[
            ("id", "a-second".into()),
            ("sourced_id", "a-second".into()),
            ("person_id", "p-teacher".into()),
            ("school_id", "o-south".into()),
            ("role", "aide".into()),
            ("role_type", "secondary".into()),
            ("roster_status", "active".into()),
            ("row_hash", 0i64.into()),
            ("updated_at", 0i64.into()),
        ],
    )
    .await;
    let approved = [
        "user_type",
        "roles",
        "school_ids",
        "school_names",
        "primary_school",
        "district_id",
        "grades",
        "staff_number",
    ];
    let teacher = somebody(&app, "p-teacher").await;
    let told = user_info(&app, &teacher, &client(&approved), EVERYTHING).await;
    assert_eq!(
        Value::Object(told.claims),
        json!({
            "user_type": "teacher",
            "roles": ["teacher", "aide"],
            "school_ids": ["o-north", "o-south"],
            "school_names": ["North Middle", "South Middle"],
            "primary_school": "o-north",
            "district_id": "o-district",
            "staff_number": "40017",
        })
    );
    let technician = somebody(&app, "p-tech").await;
    let told = user_info(
        &app,
        &technician,
        &client(&["user_type", "roles"]),
        EVERYTHING,
    )
    .await;
    assert_eq!(
        Value::Object(told.claims),
        json!({"user_type": "staff", "roles": ["ext:technician"]})
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn subjects_differ_by_sector_and_last() {
    let app = TestApp::new().await;
    app.seed().await;
    let ana = somebody(&app, "p-ana").await;
    let bo = somebody(&app, "p-bo").await;
    let library = client(&[]);
    let other = Client {
        client_id: ClientId::new("tally"),
        redirect_uris: vec!["https://tally.example.org/cb".into()],
        ..client(&[])
    };
    let subject = |who: &Somebody, client: &Client| {
        claims::subject_of(&app.context(), &who.person, client).unwrap()
    };
    assert_ne!(subject(&ana, &library), subject(&ana, &other));
    assert_ne!(subject(&ana, &library), subject(&bo, &library));
    let told = user_info(&app, &ana, &library, "openid").await;
    assert_eq!(told.subject, subject(&ana, &library));
    let public = |client: &Client| Client {
        subject_type: SubjectType::Public,
        ..client.clone()
    };
    assert_eq!(
        subject(&ana, &public(&library)),
        subject(&ana, &public(&other))
    );
    for known in ["p-ana", "0012345", "s0012345"] {
        assert!(!told.subject.contains(known));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_version_of_the_record_is_seen_at_once() {
    let app = TestApp::new().await;
    app.seed().await;
    let client = client(&["school_names", "grades"]);
    let before = somebody(&app, "p-ana").await;
    let told = user_info(&app, &before, &client, EVERYTHING).await;
    assert_eq!(told.claims["school_names"], json!(["North Middle"]));
    app.execute(
        "UPDATE affiliations SET school_id = 'o-south' WHERE person_id = 'p-ana'",
        [],
    )
    .await;
    app.execute(
        "UPDATE people SET primary_school_id = 'o-south', grades = '08', version = version + 1 WHERE id = 'p-ana'",
        [],
    )
    .await;
    let after = somebody(&app, "p-ana").await;
    let told = user_info(&app, &after, &client, EVERYTHING).await;
    assert_eq!(told.claims["school_names"], json!(["South Middle"]));
    assert_eq!(told.claims["grades"], json!(["08"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn people_see_what_an_app_sees() {
    let app = TestApp::new().await;
    app.seed().await;
    let ana = somebody(&app, "p-ana").await;
    let client = client(&["given_name", "email", "student_number"]);
    let seen = claims::seen_by(&app.context(), ana.about(), &client)
        .await
        .unwrap();
    let of = |name: &str| seen.iter().find(|one| one.name == name).unwrap();
    assert_eq!(seen.len(), 19);
    assert!(of("given_name").seen && of("given_name").value == Some(json!("Ana")));
    assert!(of("email").seen && of("email").value.is_none());
    assert!(!of("family_name").seen && of("student_number").seen);
}
