//! Accounts activated by an administrator's file.

use idp::credentials::{Urgency, Verdict};
use idp::district::person::{Account, AccountState};
use idp::flows::activate_accounts::{self, Done, Report};
use idp::ids::PersonId;
use idp::secret::Secret;
use idp::store;

use crate::support::TestApp;

async fn activate(app: &TestApp, text: &str, force: bool) -> Vec<Report> {
    let rows = activate_accounts::read(text).unwrap();
    activate_accounts::activate(&app.context(), rows, force, |_| {})
        .await
        .unwrap()
}

async fn account(app: &TestApp, id: &str) -> Account {
    let found = store::people::find_account(app.app.store.read(), &PersonId::new(id)).await;
    found.unwrap().unwrap()
}

async fn opens(app: &TestApp, id: &str, password: &str) -> bool {
    let account = account(app, id).await;
    let permit = app.app.passwords.admit(Urgency::Preferred).await.unwrap();
    let stored = account.password_hash.as_ref().map(Secret::expose);
    let verdict = app
        .app
        .passwords
        .verify(permit, &Secret::new(password), stored)
        .await;
    verdict.unwrap() == Verdict::Right
}

#[tokio::test(flavor = "multi_thread")]
async fn rostered_accounts_become_active_without_questions() {
    let app = TestApp::new().await;
    app.seed().await;
    let file = "username,password\ns0012345,sunny green river\n1234567,purple house 12\nE40017,password1\n";
    let reports = activate(&app, file, false).await;
    assert!(
        reports.iter().all(|report| report.done == Done::Activated),
        "{reports:?}"
    );
    let weak: Vec<_> = reports
        .iter()
        .filter(|one| one.weak)
        .map(|one| one.line)
        .collect();
    assert_eq!(weak, [4]);
    for (id, password) in [
        ("p-ana", "sunny green river"),
        ("p-bo", "purple house 12"),
        ("p-teacher", "password1"),
    ] {
        let account = account(&app, id).await;
        assert_eq!(account.state, AccountState::Active);
        assert!(!account.recovery_pending && account.auth_epoch == 2);
        assert!(opens(&app, id, password).await, "{id}");
    }
    let events = "SELECT COUNT(*) FROM audit_events WHERE action = 'activate_account'";
    assert_eq!(app.lookup(events).await.as_deref(), Some("3"));
}

#[tokio::test(flavor = "multi_thread")]
async fn active_accounts_are_left_alone_unless_forced() {
    let app = TestApp::new().await;
    app.seed().await;
    activate(
        &app,
        "username,password\ns0012345,sunny green river\n",
        false,
    )
    .await;
    let other = "username,password\ns0012345,another good one\n";
    assert_eq!(
        activate(&app, other, false).await[0].done,
        Done::AlreadyActive
    );
    assert!(opens(&app, "p-ana", "sunny green river").await);
    assert_eq!(activate(&app, other, true).await[0].done, Done::PasswordSet);
    assert!(opens(&app, "p-ana", "another good one").await);
    assert_eq!(account(&app, "p-ana").await.auth_epoch, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_cannot_be_says_why_and_stops_no_other() {
    let app = TestApp::new().await;
    app.seed().await;
    app.execute(
        "UPDATE people SET roster_status = 'tobedeleted' WHERE id = 'p-tech'",
        [],
    )
    .await;
    let file = "username,password\ns9999999,sunny green river\ns0012345,short\ne40018,sunny green river\n\
        s1234567,sunny green river\n1234567,sunny green river\n";
    let reports = activate(&app, file, false).await;
    let reason = |at: usize| match &reports[at].done {
        Done::Refused(reason) => reason.as_str(),
        other => panic!("{other:?}"),
    };
    assert!(reason(0).contains("nobody's username"));
    assert!(reason(1).contains("fewer than 8 characters"));
    assert!(reason(2).contains("not active in the roster"));
    assert_eq!(reports[3].done, Done::Activated);
    assert_eq!(reason(4), "is the account of line 5 too");
    assert_eq!(account(&app, "p-ana").await.state, AccountState::Unclaimed);
}
