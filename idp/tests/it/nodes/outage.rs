//! Redis emptied under load: sessions end, and nothing else. Nobody gets a 500, claims go on, no account is lost.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::Stage;
use super::people::{claim, claim_and_sign_in, enroll, is_signed_in, sign_in};
use crate::support::Browser;

/// Pupils who browse while Redis is emptied, and pupils who claim.
const SIGNED_IN: usize = 4;
const CLAIMING: usize = 12;
const TIMES: usize = 5;

#[tokio::test(flavor = "multi_thread")]
async fn redis_emptied_under_load_ends_sessions_and_nothing_else() {
    let Some(mut stage) = Stage::shared(2, 10).await else {
        return;
    };
    let backstage = stage.backstage().await;
    let pupils = Arc::new(enroll(&backstage, SIGNED_IN + CLAIMING).await);
    backstage.app.close().await;
    stage.start().await;
    for pupil in &pupils[..SIGNED_IN] {
        claim_and_sign_in(&mut stage.browser(), pupil).await;
    }

    let stop = Arc::new(AtomicBool::new(false));
    let browsing: Vec<_> = (0..SIGNED_IN)
        .map(|index| tokio::spawn(browse(stage.browser(), pupils.clone(), index, stop.clone())))
        .collect();
    let claiming: Vec<_> = (SIGNED_IN..SIGNED_IN + CLAIMING)
        .map(|index| tokio::spawn(claim_until_told(stage.browser(), pupils.clone(), index)))
        .collect();
    for _ in 0..TIMES {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        stage.redis_command("FLUSHDB");
    }
    for claim in claiming {
        claim.await.unwrap();
    }
    stop.store(true, Ordering::Relaxed);
    let mut ended = 0;
    for browser in browsing {
        ended += browser.await.unwrap();
    }
    assert!(ended > 0, "no session ended: the test saw no outage");

    stage.redis_command("FLUSHDB");
    for pupil in pupils.iter() {
        let page = sign_in(&mut stage.browser(), pupil).await;
        let entered = is_signed_in(&page) || page.path.starts_with("/questions");
        assert!(entered, "lost: {} {}", pupil.number, page.body);
    }
    assert_eq!(stage.errors_logged(), Vec::<String>::new());
}

/// Opens the launchpad again and again, and signs in anew whenever the session is gone. How often it was gone.
async fn browse(
    mut browser: Browser,
    pupils: Arc<Vec<crate::support::Person>>,
    index: usize,
    stop: Arc<AtomicBool>,
) -> usize {
    let mut ended = 0;
    while !stop.load(Ordering::Relaxed) {
        let page = browser.visit("/").await;
        assert!(page.status.as_u16() < 500, "{} {}", page.path, page.body);
        if is_signed_in(&page) {
            continue;
        }
        ended += 1;
        // Redis may be emptied between the two pages as well: then the person starts over, too.
        if let Some(password) = to_password(&mut browser, pupils[index].number).await {
            let fields = [("password", super::people::PASSWORD)];
            let answer = browser
                .submit(&password, "/sign-in/password", &fields)
                .await;
            assert!(
                answer.status.as_u16() < 500,
                "{} {}",
                answer.path,
                answer.body
            );
        }
    }
    ended
}

async fn to_password(browser: &mut Browser, number: &str) -> Option<crate::support::Page> {
    let username = format!("s{number}");
    let landing = browser.visit("/").await;
    let has_form = landing.forms().iter().any(|form| form.action == "/sign-in");
    if !has_form {
        return None;
    }
    let page = browser
        .submit(&landing, "/sign-in", &[("username", &username)])
        .await;
    assert!(page.status.as_u16() < 500, "{} {}", page.path, page.body);
    page.path.starts_with("/sign-in/password").then_some(page)
}

/// Claims, from the start again whenever a step was lost, until the portal says that the password is saved.
async fn claim_until_told(
    mut browser: Browser,
    pupils: Arc<Vec<crate::support::Person>>,
    index: usize,
) {
    for _ in 0..=TIMES {
        match claim(&mut browser, &pupils[index]).await {
            Ok(_) => return,
            Err(page) => assert!(page.status.as_u16() < 500, "{} {}", page.path, page.body),
        }
    }
    panic!("{} could not claim", pupils[index].number);
}
