//! Pupils for tests of whole nodes, and what a person does in a browser: claim, sign in, be signed in.

use crate::support::{Browser, Page, Person, TestApp};

/// The password of everybody here.
pub const PASSWORD: &str = "seven-slow-turtles-31";

/// Pupil `index`, unlike all others in name and number.
pub fn pupil(index: usize) -> Person {
    let leak = |text: String| &*Box::leak(text.into_boxed_str());
    Person {
        id: leak(format!("p-crowd-{index}")),
        population: "student",
        role: "student",
        given: leak(format!("Given{}", letters(index))),
        family: leak(format!("Family{}", letters(index))),
        number: leak(format!("{}", 2_000_001 + index * 7)),
        grades: "07",
        school: "o-north",
    }
}

/// Names have no digits.
fn letters(mut index: usize) -> String {
    let mut text = String::new();
    loop {
        text.push(char::from(b'a' + u8::try_from(index % 26).unwrap()));
        index /= 26;
        if index == 0 {
            return text;
        }
    }
}

/// Two schools and `count` unclaimed pupils.
pub async fn enroll(app: &TestApp, count: usize) -> Vec<Person> {
    app.seed().await;
    let pupils: Vec<_> = (0..count).map(pupil).collect();
    for pupil in &pupils {
        app.insert_person(pupil).await;
    }
    pupils
}

/// Claims up to the password. `Ok` once the portal has said that the password is saved, else the page that came instead.
pub async fn claim(browser: &mut Browser, person: &Person) -> Result<Page, Page> {
    let first = browser.visit("/claim").await;
    if !first.status.is_success() {
        return Err(first);
    }
    let mut fields = vec![
        ("last_name", person.family),
        ("first_name", person.given),
        ("number", person.number),
    ];
    if first.body.contains("name=\"population\"") {
        fields.push(("population", person.population));
    }
    let second = browser.submit(&first, "/claim", &fields).await;
    if !second.status.is_success() || !second.path.starts_with("/claim/password") {
        return Err(second);
    }
    let fields = [("password", PASSWORD), ("verify", PASSWORD)];
    let saved = browser
        .submit_only(&second, "/claim/password", &fields)
        .await;
    let on = saved.location().unwrap_or_default();
    if on.starts_with("/claim/questions") {
        Ok(saved)
    } else {
        Err(saved)
    }
}

/// Answers the first three questions that `page` asks, wherever it asks them, and goes on.
pub async fn answer_questions(browser: &mut Browser, page: &Page, action: &str) -> Page {
    let mut fields = Vec::new();
    let mut rest = page.body.as_str();
    while fields.len() < 3 {
        let start = rest
            .find("<div class=\"question-body\">")
            .expect("three questions");
        rest = &rest[start + 20..];
        let end = rest
            .find("<div class=\"question-body\">")
            .unwrap_or(rest.len());
        let question = &rest[..end];
        let name = between(question, " name=\"", "\"");
        let value = if question.contains("<select") {
            let options = &question[question.find("</option>").unwrap() + 9..];
            between(options, "<option value=\"", "\"")
        } else if question.contains("maxlength=\"4\"") {
            "2014"
        } else {
            ["Marigold", "Old Mill Road", "Pickle"][fields.len()]
        };
        fields.push((name, value));
    }
    browser.submit(page, action, &fields).await
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let start = text.find(before).unwrap() + before.len();
    let length = text[start..].find(after).unwrap();
    &text[start..start + length]
}

/// Claims an account to the end of its questions and signs in. The browser shows the launchpad afterwards.
pub async fn claim_and_sign_in(browser: &mut Browser, person: &Person) -> Page {
    let saved = claim(browser, person)
        .await
        .unwrap_or_else(|page| panic!("no claim: {} {}", page.path, page.body));
    let questions = browser.follow(saved).await;
    let done = answer_questions(browser, &questions, "/claim/questions").await;
    assert!(
        done.path.starts_with("/claim/done"),
        "{} {}",
        done.path,
        done.body
    );
    let pad = sign_in(browser, person).await;
    assert!(is_signed_in(&pad), "{} {}", pad.path, pad.body);
    pad
}

/// Signs in with the password of everybody here; the page that comes then.
pub async fn sign_in(browser: &mut Browser, person: &Person) -> Page {
    let username = format!("s{}", person.number);
    let landing = browser.visit("/").await;
    let password = browser
        .submit(&landing, "/sign-in", &[("username", &username)])
        .await;
    browser
        .submit(&password, "/sign-in/password", &[("password", PASSWORD)])
        .await
}

/// Whether a page shows somebody signed in.
pub fn is_signed_in(page: &Page) -> bool {
    page.status.is_success() && page.body.contains("action=\"/sign-out\"")
}
