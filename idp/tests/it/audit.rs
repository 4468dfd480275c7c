//! The audit log: insert only, and whoever changes it all the same is found out.

use idp::app::{App, Sources};
use idp::flows::Context;
use idp::flows::audit::{Event, record, record_in};
use idp::flows::audit_log::{anchor, read_anchors, verify};
use idp::ids::PersonId;
use idp::random::Random;

use crate::support::TestApp;

async fn app_with_events() -> TestApp {
    let app = TestApp::new().await;
    let cx = app.context();
    for number in 0..12 {
        let event = Event::new("sign_in")
            .target(&PersonId::new("p"))
            .field("number", number);
        record(&cx, event).await;
    }
    let tx = app.app.store.begin().await.unwrap();
    record_in(&tx, &cx, Event::new("claim_account"))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let tx = app.app.store.begin().await.unwrap();
    record_in(&tx, &cx, Event::new("rolled_back"))
        .await
        .unwrap();
    drop(tx);
    app.app.batch.flush().await;
    app
}

#[tokio::test]
async fn a_sound_log_verifies_and_a_rolled_back_act_leaves_nothing() {
    let app = app_with_events().await;
    let verified = verify(&app.app, &[], app.app.clock.now()).await.unwrap();
    assert_eq!(verified.faults, Vec::<String>::new());
    // And the three keys that the first start made.
    assert_eq!(verified.links, 13 + 3);
}

/// A command runs beside the server of the same node: both write on one chain.
#[tokio::test]
async fn a_command_beside_the_server_leaves_the_chain_whole() {
    let app = app_with_events().await;
    let sources = Sources {
        clock: app.clock.clone(),
        random: Random::Os,
    };
    let command = App::start(app.app.settings.clone(), sources).await.unwrap();
    let other = Context::of_command(&command, "cli");
    let cx = app.context();
    for _ in 0..5 {
        record(&other, Event::new("of_the_command")).await;
        command.batch.flush().await;
        record(&cx, Event::new("of_the_server")).await;
        app.app.batch.flush().await;
    }
    let verified = verify(&app.app, &[], app.app.clock.now()).await.unwrap();
    assert_eq!(verified.faults, Vec::<String>::new());
    assert_eq!(verified.links, 16 + 10);
}

#[tokio::test]
async fn the_database_refuses_to_change_it() {
    use sea_orm::ConnectionTrait as _;
    let app = app_with_events().await;
    for sql in [
        "UPDATE audit_events SET outcome = 'ok'",
        "DELETE FROM audit_events",
        "UPDATE audit_links SET mac = 'x'",
        "DELETE FROM audit_links",
    ] {
        let db = app.app.store.durable();
        let statement = sea_orm::Statement::from_string(db.get_database_backend(), sql);
        let error = db.execute_raw(statement).await.unwrap_err().to_string();
        assert!(error.contains("insert-only"), "{sql}: {error}");
    }
}

/// The owner of the database can take the triggers away; the chain tells.
#[tokio::test]
async fn the_owner_is_found_out() {
    let tampering = [
        "UPDATE audit_events SET outcome = 'refused' WHERE id = (SELECT event_id FROM audit_links WHERE seq = 5)",
        "UPDATE audit_events SET fields = '{\"x\":1}' WHERE id = (SELECT event_id FROM audit_links WHERE seq = 1)",
        "DELETE FROM audit_events WHERE id = (SELECT event_id FROM audit_links WHERE seq = 13)",
        "DELETE FROM audit_links WHERE seq = 7",
        "DELETE FROM audit_links WHERE seq > 10",
        "UPDATE audit_links SET event_id = CASE seq WHEN 3 THEN 'x' ELSE event_id END WHERE seq = 3",
        "INSERT INTO audit_events (id, node, at, actor_kind, action, outcome, fields) VALUES ('z', 'n', 1, 'nobody', 'made_up', 'ok', '{}')",
    ];
    for sql in tampering {
        let app = app_with_events().await;
        anchor(&app.app).await.unwrap();
        for table in ["audit_events", "audit_links"] {
            for act in ["UPDATE", "DELETE"] {
                app.execute(&format!("DROP TRIGGER {table}_no_{act}"), [])
                    .await;
            }
        }
        assert!(app.execute(sql, []).await > 0, "{sql}");
        let now = app.app.clock.now();
        let verified = verify(&app.app, &read_anchors(&app.app), now)
            .await
            .unwrap();
        assert!(!verified.faults.is_empty(), "unseen: {sql}");
    }
}
