//! Claiming an account, S7 to S40 of the guide.

use http::StatusCode;
use idp::config::{NameMatch, Profile};

use crate::support::{Browser, Page, Person, TestApp};

pub const PASSWORD: &str = "purple house";
pub const ANSWERS: [(&str, &str); 3] = [
    ("q-birth-month", "may"),
    ("q-fruit", "apple"),
    ("q-mascot", "Eagles"),
];

/// Step 1 as a person does it.
pub async fn name(browser: &mut Browser, last: &str, first: &str, number: &str) -> Page {
    let form = browser.get("/claim").await;
    assert_eq!(form.status, StatusCode::OK);
    let typed = [
        ("last_name", last),
        ("first_name", first),
        ("number", number),
    ];
    browser.submit(&form, "/claim", &typed).await
}

/// Steps 1 to 3 for Ana.
pub async fn claim_ana(app: &TestApp) -> Browser {
    let mut browser = app.browser();
    let page = name(&mut browser, "Hernandez Pena", "Ana", "0012345").await;
    assert_eq!(page.path, "/claim/password", "{}", page.body);
    let typed = [("password", PASSWORD), ("verify", PASSWORD)];
    let page = browser.submit(&page, "/claim/password", &typed).await;
    assert_eq!(page.path, "/claim/questions", "{}", page.body);
    let page = browser.submit(&page, "/claim/questions", &ANSWERS).await;
    assert_eq!(page.path, "/claim/done", "{}", page.body);
    browser
}

/// The text that a person reads: no tokens, no nonces, no code.
fn read(page: &Page) -> String {
    let mut text = page.body.clone();
    for (start, end) in [
        ("name=\"csrf\" value=\"", "\""),
        ("nonce=\"", "\""),
        ("class=\"code\">", "<"),
    ] {
        let mut from = 0;
        while let Some(at) = text[from..].find(start) {
            let begin = from + at + start.len();
            let length = text[begin..].find(end).unwrap();
            text.replace_range(begin..begin + length, "");
            from = begin;
        }
    }
    text
}

fn support_code(page: &Page) -> String {
    let start = page.body.find("class=\"code\">").expect("a support code") + 13;
    let code = &page.body[start..start + 7];
    assert_eq!(code.as_bytes()[3], b'-', "{code}");
    code.replace('-', "")
}

async fn reason(app: &TestApp, page: &Page) -> String {
    let code = support_code(page);
    app.lookup(&format!(
        "SELECT reason FROM support_codes WHERE code = '{code}'"
    ))
    .await
    .unwrap()
}

#[tokio::test]
async fn a_pupil_claims_and_then_signs_in() {
    let app = TestApp::new().await;
    app.seed().await;
    let mut browser = app.browser();

    // S2, S3: the landing page asks for the username only and offers the claim.
    let landing = browser.get("/?utm_source=newsletter&x=%zz").await;
    assert_eq!(landing.status, StatusCode::OK);
    assert!(!landing.body.contains("type=\"password\""));
    assert!(landing.body.contains("href=\"/claim\"") && landing.body.contains("href=\"/forgot\""));

    // S9 to S11: three fields in this order.
    let form = browser.get("/claim").await;
    let places: Vec<_> = ["id=\"last_name\"", "id=\"first_name\"", "id=\"number\""]
        .map(|field| form.body.find(field).unwrap())
        .into();
    assert!(places.is_sorted());
    assert_eq!(form.header("cache-control"), Some("no-store"));

    // The letter is left out, and the page says so (B3).
    let page = name(&mut browser, "hernandez pena", "ANA", "S0012345").await;
    assert_eq!(page.path, "/claim/password");
    assert!(page.body.contains("We left out the letter"));
    assert!(page.body.contains("At least 8 characters"));

    // S19, S21: seven characters fail, and so do two different ones; nothing is claimed by it.
    for (password, verify, said) in [
        ("qzkvmxp", "qzkvmxp", "Use at least 8 characters"),
        (PASSWORD, "purple horse", "The two passwords are different"),
        ("hernandez", "hernandez", "Your name is too easy to guess"),
        ("basketball", "basketball", "Too many people use this one"),
    ] {
        let typed = [("password", password), ("verify", verify)];
        let again = browser.submit(&page, "/claim/password", &typed).await;
        assert_eq!(again.path, "/claim/password");
        assert!(again.body.contains(said), "{said}");
        assert!(
            !again.body.contains(&format!("value=\"{password}\"")),
            "both fields are cleared"
        );
    }
    let typed = [("password", PASSWORD), ("verify", PASSWORD)];
    let page = browser.submit(&page, "/claim/password", &typed).await;

    // S24 to S30: said, shown, asked.
    assert_eq!(page.path, "/claim/questions");
    assert!(page.body.contains("Your password was successfully changed"));
    assert!(
        page.body
            .contains("<strong id=\"username\">s0012345</strong>")
    );
    for field in [
        "birth-month",
        "middle-name",
        "birth-year",
        "mascot",
        "homeroom",
        "school-password",
        "fruit",
        "season",
    ] {
        assert!(
            page.body.contains(&format!("name=\"q-{field}\"")),
            "{field}"
        );
    }

    // S32: two fail, and what was typed stays; three pass.
    let two = browser
        .submit(&page, "/claim/questions", &ANSWERS[1..])
        .await;
    assert_eq!(two.path, "/claim/questions");
    assert!(two.body.contains("Answer 3 questions to go on"));
    assert!(two.body.contains("value=\"Eagles\"") && two.body.contains("value=\"apple\" selected"));
    let four = [&ANSWERS[..], &[("q-season", "fall")]].concat();
    let four = browser.submit(&page, "/claim/questions", &four).await;
    assert!(four.body.contains("Answer only 3 questions"));
    let done = browser.submit(&page, "/claim/questions", &ANSWERS).await;

    // S38, S39: done, nothing personal, nobody signed in.
    assert_eq!(done.path, "/claim/done");
    assert!(!done.body.contains("0012345") && !done.body.contains("Ana"));
    assert!(!browser.cookies.contains_key("__Host-s"));

    // What is kept: one hash over three answers, no answer.
    let kept = app
        .lookup("SELECT question_ids || ' ' || hash FROM challenge_answers")
        .await
        .unwrap();
    assert!(
        kept.starts_with("birth_month fruit mascot $argon2id$"),
        "{kept}"
    );
    assert!(kept.contains("t=4"));
    let claimed = "SELECT count(*) FROM accounts WHERE state = 'active' AND claimed_at IS NOT NULL";
    assert_eq!(app.lookup(claimed).await.as_deref(), Some("1"));

    // S41, S42: username, then password.
    let page = browser
        .submit(
            &browser.clone().get("/").await,
            "/sign-in",
            &[("username", "S0012345")],
        )
        .await;
    assert_eq!(page.path, "/sign-in/password");
    assert!(page.body.contains("s0012345"));
    let page = browser
        .submit(&page, "/sign-in/password", &[("password", PASSWORD)])
        .await;
    assert_eq!(page.path, "/");
    assert!(browser.cookies.contains_key("__Host-s"));
}

#[tokio::test]
async fn every_refusal_reads_the_same_and_staff_know_why() {
    let app = TestApp::new().await;
    app.seed().await;
    app.execute(
        "UPDATE people SET roster_status = 'disabled' WHERE id = 'p-bo'",
        [],
    )
    .await;
    app.execute(
        "UPDATE people SET starts_on = '2026-08-06' WHERE id = 'p-tech'",
        [],
    )
    .await;
    claim_ana(&app).await;
    let mut texts = Vec::new();
    for (last, first, number, expected) in [
        ("Nobody", "Ana", "7654321", "unknown_number"),
        ("Nobody", "Ana", "not a number", "unknown_number"),
        ("Smith", "Mary", "40017", "last_name_differs"),
        ("Smith-Jones", "Maria", "40017", "first_name_differs"),
        ("Mary", "Smith-Jones", "40017", "both_names_differ"),
        ("Hernandez Pena", "Ana", "0012345", "already_claimed"),
        ("Hernandez Pena", "Ana", "12345", "already_claimed"),
        ("ONeal", "Bo", "1234567", "not_active"),
        ("Vu", "Kim", "40018", "not_started"),
    ] {
        let mut browser = app.browser();
        let page = name(&mut browser, last, first, number).await;
        assert_eq!(
            (page.path.as_str(), page.status),
            ("/claim", StatusCode::OK)
        );
        assert!(page.body.contains("The Claim Account Operation Failed"));
        assert_eq!(
            reason(&app, &page).await,
            expected,
            "{last} {first} {number}"
        );
        let mut text = read(&page);
        for typed in [last, first, number] {
            text = text.replace(&format!("value=\"{typed}\""), "");
        }
        texts.push(text);
        let (code, school) = (
            support_code(&page),
            "SELECT school_id FROM support_codes WHERE code",
        );
        let school = app.lookup(&format!("{school} = '{code}'")).await;
        assert_eq!(school.is_none(), expected == "unknown_number", "{expected}");
    }
    assert!(texts.iter().all(|text| text == &texts[0]));
    let detail = "SELECT detail FROM support_codes WHERE reason = 'last_name_differs'";
    let detail = app.lookup(detail).await.unwrap();
    assert!(
        detail.contains("part-of-family-name") && detail.contains("Smith"),
        "{detail}"
    );
}

#[tokio::test]
async fn what_was_typed_comes_back_once_and_never_to_anybody_else() {
    let app = TestApp::new().await;
    app.seed().await;
    let mut browser = app.browser();
    let refused = name(&mut browser, "Hernandez", "Anna", "0012345").await;
    assert!(refused.body.contains("value=\"Anna\"") && refused.body.contains("value=\"0012345\""));
    let reloaded = browser.get("/claim").await;
    assert!(!reloaded.body.contains("Anna") && !reloaded.body.contains("0012345"));
    assert!(!reloaded.body.contains("Operation Failed"));
    // What lay in between is sealed: neither name nor number is in the store's values.
    let empty = browser
        .submit(&reloaded, "/claim", &[("first_name", " ")])
        .await;
    assert!(empty.body.contains("Type your first name."));
    assert!(empty.body.contains("Type your last name."));
    assert!(!empty.body.contains("Operation Failed"));
}

#[tokio::test]
async fn steps_cannot_be_taken_out_of_order() {
    let app = TestApp::new().await;
    app.seed().await;
    let mut browser = app.browser();
    for path in ["/claim/password", "/claim/questions", "/claim/done"] {
        assert_eq!(
            browser.get(path).await.location().as_deref(),
            Some("/claim"),
            "{path}"
        );
    }
    let form = browser.get("/claim").await;
    let csrf = form
        .forms()
        .into_iter()
        .find(|form| form.action == "/claim")
        .unwrap();
    let csrf = csrf
        .fields
        .iter()
        .find(|(name, _)| name == "csrf")
        .unwrap()
        .1
        .clone();
    for path in ["/claim/password", "/claim/questions"] {
        let fields = [
            ("csrf", csrf.as_str()),
            ("password", PASSWORD),
            ("verify", PASSWORD),
        ];
        assert_eq!(
            browser.post(path, &fields).await.location().as_deref(),
            Some("/claim")
        );
    }
    // From step 1 neither step 3 nor the end can be reached.
    let page = name(&mut browser, "Hernández Peña", "Ana", "0012345").await;
    for path in ["/claim/questions", "/claim/done"] {
        assert_eq!(
            browser.get(path).await.location().as_deref(),
            Some("/claim/password")
        );
    }
    // Another browser has no use of the form.
    let mut thief = app.browser();
    let answer = thief
        .submit_only(&page, "/claim/password", &[("password", PASSWORD)])
        .await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    // Twenty minutes later the ticket is worth nothing (S23).
    app.advance(20 * 60);
    let typed = [("password", PASSWORD), ("verify", PASSWORD)];
    let late = browser.submit(&page, "/claim/password", &typed).await;
    assert_eq!(late.path, "/claim");
    let claimed = "SELECT count(*) FROM accounts WHERE state <> 'unclaimed'";
    assert_eq!(app.lookup(claimed).await.as_deref(), Some("0"));
}

#[tokio::test]
async fn back_reload_and_twice_do_no_harm() {
    let app = TestApp::new().await;
    app.seed().await;
    let mut browser = app.browser();
    let step2 = name(&mut browser, "Hernández Peña", "Ana", "0012345").await;
    let typed = [("password", PASSWORD), ("verify", PASSWORD)];
    let answer = browser.submit_only(&step2, "/claim/password", &typed).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    // Sent twice: no second commit, on to the same place.
    let other = [("password", "green river"), ("verify", "green river")];
    let again = browser.submit(&step2, "/claim/password", &other).await;
    assert_eq!(again.path, "/claim/questions");
    // Back to step 2 shows where this browser is.
    assert_eq!(
        browser.visit("/claim/password").await.path,
        "/claim/questions"
    );
    // Back to step 1 is a fresh start for whoever sits here now.
    assert!(!browser.get("/claim").await.body.contains("0012345"));
    let step3 = browser.visit("/claim/questions").await;
    browser.submit(&step3, "/claim/questions", &ANSWERS).await;
    let twice = browser.submit(&step3, "/claim/questions", &ANSWERS).await;
    assert_eq!(twice.path, "/claim/done");
    for path in ["/claim/password", "/claim/questions"] {
        assert_eq!(browser.visit(path).await.path, "/claim/done");
    }
    // The first password stands.
    assert!(signs_in(&app, "s0012345", PASSWORD).await);
    assert!(!signs_in(&app, "s0012345", "green river").await);
    let events =
        "SELECT count(*) FROM audit_events WHERE action = 'claim_account' AND outcome = 'ok'";
    assert_eq!(app.lookup(events).await.as_deref(), Some("1"));
}

#[tokio::test]
async fn a_second_claim_in_another_tab_takes_no_password_of_the_first() {
    let app = TestApp::new().await;
    app.seed().await;
    let mut browser = app.browser();
    let ana = name(&mut browser, "Hernández Peña", "Ana", "0012345").await;
    let bo = name(&mut browser, "O'Neal", "Bo", "1234567").await;
    let typed = [("password", PASSWORD), ("verify", PASSWORD)];
    let page = browser.submit(&ana, "/claim/password", &typed).await;
    assert_eq!(
        page.path, "/claim/password",
        "the form of the first tab says nothing any more"
    );
    let state = "SELECT count(*) FROM accounts WHERE state = 'active'";
    assert_eq!(app.lookup(state).await.as_deref(), Some("0"));
    let page = browser.submit(&bo, "/claim/password", &typed).await;
    assert!(page.body.contains("s1234567"));
}

#[tokio::test]
async fn leaving_after_the_password_brings_the_questions_at_the_next_sign_in() {
    let app = TestApp::new().await;
    app.seed().await;
    for (last, first, number, username) in [
        ("Hernández Peña", "Ana", "0012345", "s0012345"),
        ("Smith-Jones", "Mary", "e40017", "e40017"),
    ] {
        let mut browser = app.browser();
        let page = name(&mut browser, last, first, number).await;
        let typed = [("password", PASSWORD), ("verify", PASSWORD)];
        browser.submit(&page, "/claim/password", &typed).await;
        let mut browser = app.browser();
        let page = sign_in(&mut browser, username, PASSWORD).await;
        assert_eq!(page.path, "/questions");
        let student = username.starts_with('s');
        assert_eq!(page.body.contains("name=\"skip\""), !student);
        let skipped = browser
            .submit(&page, "/questions", &[("skip", "yes")])
            .await;
        let pending =
            format!("SELECT recovery_pending FROM accounts WHERE username = '{username}'");
        if student {
            // Pupils may not skip, whatever their form says.
            assert_eq!(skipped.path, "/questions");
            assert_eq!(app.lookup(&pending).await.as_deref(), Some("1"));
            let done = browser.submit(&page, "/questions", &ANSWERS).await;
            assert_eq!(done.path, "/");
        } else {
            assert_eq!(skipped.path, "/");
        }
        assert_eq!(app.lookup(&pending).await.as_deref(), Some("0"));
        let mut browser = app.browser();
        assert_eq!(sign_in(&mut browser, username, PASSWORD).await.path, "/");
    }
}

#[tokio::test]
async fn tries_are_counted_by_number_and_the_wait_reads_like_a_refusal() {
    let app = TestApp::new().await;
    app.seed().await;
    for n in 0..5 {
        // Zeros or not, it is one number.
        let number = ["0012345", "12345", "s012345"][n % 3];
        let mut browser = app.browser();
        let page = name(&mut browser, &format!("Wrong{n}"), "Ana", number).await;
        assert_eq!(page.status, StatusCode::OK);
    }
    let mut browser = app.browser();
    let stopped = name(&mut browser, "Hernández Peña", "Ana", "0012345").await;
    assert_eq!(stopped.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(
        stopped
            .header("retry-after")
            .unwrap()
            .parse::<u32>()
            .unwrap()
            <= 3600
    );
    assert!(stopped.body.contains("The Claim Account Operation Failed"));
    assert_eq!(reason(&app, &stopped).await, "throttled");
    // Asking again fills no table.
    let code = support_code(&stopped);
    let again = name(&mut browser, "Hernández Peña", "Ana", "0012345").await;
    assert_eq!(support_code(&again), code);
    // Others are not stopped, and an hour later nobody is.
    let other = name(&mut app.browser(), "O'Neal", "Bo", "1234567").await;
    assert_eq!(other.path, "/claim/password");
    app.advance(3600);
    let page = name(&mut browser, "Hernández Peña", "Ana", "0012345").await;
    assert_eq!(page.path, "/claim/password");
}

#[tokio::test]
async fn right_claims_use_up_no_tries() {
    let app = TestApp::new().await;
    app.seed().await;
    // A station in the hall: thirty pupils of one device, some of one name.
    let mut station = app.browser();
    station.get("/claim").await;
    for n in 0..30 {
        let number: &'static str = format!("20000{n:02}").leak();
        let id: &'static str = format!("p-{n}").leak();
        app.insert_person(&Person {
            id,
            population: "student",
            role: "student",
            given: "Maria",
            family: "Garcia",
            number,
            grades: "07",
            school: "o-north",
        })
        .await;
        let page = name(&mut station, "Garcia", "Maria", number).await;
        assert_eq!(page.path, "/claim/password", "{n}");
    }
}

#[tokio::test]
async fn what_changes_between_the_steps_is_seen() {
    let app = TestApp::new().await;
    app.seed().await;
    let mut browser = app.browser();
    let page = name(&mut browser, "Hernández Peña", "Ana", "0012345").await;
    app.execute(
        "UPDATE people SET roster_status = 'tobedeleted' WHERE id = 'p-ana'",
        [],
    )
    .await;
    let typed = [("password", PASSWORD), ("verify", PASSWORD)];
    let lost = browser.submit(&page, "/claim/password", &typed).await;
    assert_eq!(lost.path, "/claim");
    assert!(lost.body.contains("The Claim Account Operation Failed"));
    assert_eq!(reason(&app, &lost).await, "not_active");
    assert_eq!(
        app.lookup("SELECT count(*) FROM accounts WHERE state = 'active'")
            .await
            .unwrap(),
        "0"
    );
}

#[tokio::test]
async fn exact_names_where_the_district_wants_them() {
    let app = TestApp::with(|settings| settings.policy.name_match = Some(NameMatch::Exact)).await;
    app.seed().await;
    let page = name(&mut app.browser(), "O’neal", "Bo", "1234567").await;
    assert_eq!(reason(&app, &page).await, "last_name_differs");
    let page = name(&mut app.browser(), "O'Neal", "Bo", "1234567").await;
    assert_eq!(page.path, "/claim/password");
}

#[tokio::test]
async fn a_student_and_an_employee_with_one_number_are_asked_which() {
    let app = TestApp::new().await;
    app.seed().await;
    app.insert_person(&Person {
        id: "p-twin",
        population: "staff",
        role: "aide",
        given: "Bo",
        family: "O'Neal",
        number: "1234567",
        grades: "",
        school: "o-south",
    })
    .await;
    let mut browser = app.browser();
    let page = name(&mut browser, "ONeal", "Bo", "1234567").await;
    assert_eq!(page.path, "/claim");
    assert!(page.body.contains("I am a student"));
    let typed = [
        ("last_name", "ONeal"),
        ("first_name", "Bo"),
        ("number", "1234567"),
        ("population", "staff"),
    ];
    let page = browser.submit(&page, "/claim", &typed).await;
    let typed = [("password", PASSWORD), ("verify", PASSWORD)];
    let page = browser.submit(&page, "/claim/password", &typed).await;
    assert!(page.body.contains("e1234567"));
    // At sign-in the bare number means nobody then (B3).
    assert!(!signs_in(&app, "1234567", PASSWORD).await);
    assert!(signs_in(&app, "e1234567", PASSWORD).await);
}

#[tokio::test]
async fn staff_of_the_recommended_profile_answer_nothing() {
    let app = TestApp::with(|settings| {
        settings.policy.profile = Profile::Recommended;
        settings.district.school_networks = vec!["127.0.0.0/8".parse().unwrap()];
    })
    .await;
    app.seed().await;
    let mut browser = app.browser();
    let page = name(&mut browser, "Vu", "Kim", "40018").await;
    assert!(page.body.contains("At least 15 characters"));
    let typed = [
        ("password", "purple house by the river"),
        ("verify", "purple house by the river"),
    ];
    let page = browser.submit(&page, "/claim/password", &typed).await;
    assert_eq!(page.path, "/claim/questions");
    assert!(page.body.contains("e40018") && !page.body.contains("name=\"q-"));
    let page = browser.submit(&page, "/claim/questions", &[]).await;
    assert_eq!(page.path, "/claim/done");
    let mut browser = app.browser();
    assert_eq!(
        sign_in(&mut browser, "e40018", "purple house by the river")
            .await
            .path,
        "/"
    );
}

/// The two pages of sign-in.
pub async fn sign_in(browser: &mut Browser, username: &str, password: &str) -> Page {
    let landing = browser.get("/").await;
    let page = browser
        .submit(&landing, "/sign-in", &[("username", username)])
        .await;
    assert_eq!(page.path, "/sign-in/password");
    browser
        .submit(&page, "/sign-in/password", &[("password", password)])
        .await
}

pub async fn signs_in(app: &TestApp, username: &str, password: &str) -> bool {
    let mut browser = app.browser();
    sign_in(&mut browser, username, password).await;
    browser.cookies.contains_key("__Host-s")
}

#[tokio::test]
async fn a_printed_code_stands_for_the_schools_network_once() {
    use idp::district::person::Population;
    let app = TestApp::with(|settings| settings.policy.profile = Profile::Recommended).await;
    app.seed().await;
    let cx = app.context();
    let db = app.app.store.read();
    let north = idp::ids::SchoolId::new("o-north");
    let north = idp::store::people::find_school(db, &north)
        .await
        .unwrap()
        .unwrap();
    let month = idp::clock::Lifetime::days(30);
    let issue = async || {
        let issued = idp::flows::issue_claim_codes::issue(&cx, &north, Population::Student, month)
            .await
            .unwrap();
        assert_eq!(issued.len(), 1);
        assert_eq!(issued[0].username, "s0012345");
        issued[0].code.clone()
    };
    let old = issue().await;
    let code = issue().await;
    let digests = app.lookup("SELECT digest FROM claim_codes").await.unwrap();
    assert!(!digests.contains(&code.replace('-', "")));

    let mut browser = app.browser();
    let form = browser.get("/claim").await;
    let ana = [
        ("last_name", "Hernandez Pena"),
        ("first_name", "Ana"),
        ("number", "0012345"),
    ];
    let with = |code| [&ana[..], &[("claim_code", code)]].concat();
    let empty = browser.submit(&form, "/claim", &ana).await;
    assert!(empty.body.contains("Type the claim code"));
    for wrong in ["AAAA-AAAA", old.as_str()] {
        let page = browser.submit(&form, "/claim", &with(wrong)).await;
        assert_eq!(reason(&app, &page).await, "wrong_code");
    }
    // Somebody else's code is none.
    let bo = [
        ("last_name", "ONeal"),
        ("first_name", "Bo"),
        ("number", "1234567"),
        ("claim_code", code.as_str()),
    ];
    let page = browser.submit(&form, "/claim", &bo).await;
    assert_eq!(reason(&app, &page).await, "wrong_code");
    // Without hyphen, in small letters: as children type it.
    let typed = code.replace('-', "").to_lowercase();
    let page = browser.submit(&form, "/claim", &with(&typed)).await;
    assert_eq!(page.path, "/claim/password");
    // The code is used up by the claim, not by the look.
    let mut other = app.browser();
    let form = other.get("/claim").await;
    let second = other.submit(&form, "/claim", &with(&code)).await;
    assert_eq!(second.path, "/claim/password");
    let typed = [("password", PASSWORD), ("verify", PASSWORD)];
    let page = browser.submit(&page, "/claim/password", &typed).await;
    assert_eq!(page.path, "/claim/questions");
    let lost = other.submit(&second, "/claim/password", &typed).await;
    assert_eq!(reason(&app, &lost).await, "already_claimed");
    let used = "SELECT count(*) FROM claim_codes WHERE used_at IS NOT NULL";
    assert_eq!(app.lookup(used).await.as_deref(), Some("1"));
}
