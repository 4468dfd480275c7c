//! Many claims of one person at one moment.

use crate::journeys::claim::{name, signs_in};
use crate::support::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn of_fifty_simultaneous_claims_exactly_one_wins() {
    let app = TestApp::new().await;
    app.seed().await;
    let mut racers = Vec::new();
    for n in 0..50 {
        let mut browser = app.browser();
        let page = name(&mut browser, "Hernández Peña", "Ana", "0012345").await;
        assert_eq!(page.path, "/claim/password");
        racers.push((n, browser, page));
    }
    let racers: Vec<_> = racers
        .into_iter()
        .map(|(n, mut browser, page)| {
            tokio::spawn(async move {
                let password = format!("purple house {n} by the sea");
                let typed = [
                    ("password", password.as_str()),
                    ("verify", password.as_str()),
                ];
                let answer = browser.submit(&page, "/claim/password", &typed).await;
                (password, answer.path)
            })
        })
        .collect();
    let mut winners = Vec::new();
    for racer in racers {
        let (password, path) = racer.await.unwrap();
        match path.as_str() {
            "/claim/questions" => winners.push(password),
            "/claim" => {}
            other => panic!("{other}"),
        }
    }
    assert_eq!(winners.len(), 1, "{winners:?}");
    assert!(signs_in(&app, "s0012345", &winners[0]).await);
    let events =
        "SELECT count(*) FROM audit_events WHERE action = 'claim_account' AND outcome = 'ok'";
    assert_eq!(app.lookup(events).await.as_deref(), Some("1"));
    let codes = "SELECT count(*) FROM support_codes WHERE reason = 'already_claimed'";
    assert_eq!(app.lookup(codes).await.as_deref(), Some("49"));
}
