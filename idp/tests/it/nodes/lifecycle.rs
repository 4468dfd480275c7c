//! Starting, draining, stopping.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use super::Stage;
use super::people::{claim_and_sign_in, enroll, is_signed_in};

/// Four nodes find an empty database at the same moment: one migrates, all serve, each ends with 0 when told to.
#[tokio::test(flavor = "multi_thread")]
async fn several_nodes_start_at_once_on_an_empty_database() {
    let Some(mut stage) = Stage::shared(4, 8).await else {
        return;
    };
    stage.start().await;
    for node in stage.nodes() {
        node.tell_to_stop();
    }
    for node in stage.nodes() {
        let status = node.ended().await;
        assert_eq!(status.code(), Some(0), "{}", node.logged());
    }
    assert_eq!(stage.errors_logged(), Vec::<String>::new());
}

/// SIGTERM closes the door, but a request that is half in is answered, and the process ends with 0.
#[tokio::test(flavor = "multi_thread")]
async fn a_stop_lets_running_requests_end() {
    let mut stage = Stage::embedded().await;
    stage.start().await;
    let node = &mut stage.nodes()[0];
    let mut connection = TcpStream::connect(("127.0.0.1", node.port)).unwrap();
    let head = "POST /token HTTP/1.1\r\nHost: localhost:8080\r\nConnection: close\r\n\
                Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 21\r\n\r\n";
    connection.write_all(head.as_bytes()).unwrap();
    connection.write_all(b"grant_type").unwrap();
    // The node has the head once it answers another connection that came later.
    node.ready().await;
    node.tell_to_stop();
    let stopping = async {
        while TcpStream::connect(("127.0.0.1", node.port)).is_ok() {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), stopping)
        .await
        .expect("the door closes");
    connection.write_all(b"=no-grant").unwrap();
    connection.write_all(b"&&").unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 4"), "{answer:?}");
    let status = node.ended().await;
    assert_eq!(status.code(), Some(0), "{}", node.logged());
}

/// The embedded store writes what lives at a clean stop and reads it at the next start: nobody has to sign in again.
#[tokio::test(flavor = "multi_thread")]
async fn sessions_survive_a_clean_restart_of_the_embedded_node() {
    let mut stage = Stage::embedded().await;
    let backstage = stage.backstage().await;
    let pupils = enroll(&backstage, 1).await;
    backstage.app.close().await;
    drop(backstage);
    stage.start().await;
    let mut browser = stage.browser();
    claim_and_sign_in(&mut browser, &pupils[0]).await;
    stage.nodes()[0].tell_to_stop();
    let status = stage.nodes()[0].ended().await;
    assert_eq!(status.code(), Some(0), "{}", stage.nodes()[0].logged());
    stage.start().await;
    let pad = browser.visit("/").await;
    assert!(is_signed_in(&pad), "{}", pad.body);
}
