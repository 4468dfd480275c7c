//! Two nodes on one PostgreSQL and one Redis, each request at the other node than the one before.

use http::StatusCode;
use idp::clock::Clock;
use idp::protocol::client::GrantType;

use crate::stores::durable::fresh_postgres;
use crate::stores::redis_url;
use crate::support::{Answer, Browser, TestApp, Vendor, answer_of, join_all};

struct Nodes {
    one: TestApp,
    two: TestApp,
    vendor: Vendor,
}

/// `None` where this run has no servers.
async fn nodes() -> Option<Nodes> {
    let (Some(postgres), Some(redis)) = (fresh_postgres().await, redis_url()) else {
        println!("skipped: no HOMEROOM_TEST_POSTGRES_URL and HOMEROOM_TEST_REDIS_URL");
        return None;
    };
    let start = async |kek: Option<std::path::PathBuf>| {
        TestApp::at(Clock::System, |settings| {
            settings.database.url = Some(postgres.clone());
            settings.ephemeral.url = Some(redis.clone());
            settings.database.connections = 8;
            settings.keys.kek_file = kek;
        })
        .await
    };
    let one = start(None).await;
    let kek = one.app.settings.data_dir.join("kek");
    let two = start(Some(kek)).await;
    one.seed().await;
    let vendor = one
        .vendor("library", |client| {
            client.grant_types = vec![GrantType::AuthorizationCode, GrantType::RefreshToken];
        })
        .await;
    Some(Nodes { one, two, vendor })
}

impl Nodes {
    fn node(&self, turn: usize) -> &TestApp {
        if turn.is_multiple_of(2) {
            &self.one
        } else {
            &self.two
        }
    }

    async fn signed_in(&self) -> Browser {
        self.one.signed_in("p-ana").await
    }

    async fn living_lines(&self) -> String {
        self.one
            .lookup(
                "SELECT COUNT(*) FROM refresh_tokens t JOIN grants g ON g.id = t.grant_id \
                 WHERE t.used_at IS NULL AND g.revoked_at IS NULL",
            )
            .await
            .unwrap()
    }
}

fn won(answers: &[Answer]) -> Vec<&Answer> {
    for answer in answers {
        assert!(
            answer.status == StatusCode::OK || answer.error() == "invalid_grant",
            "{} {}",
            answer.status,
            answer.json
        );
    }
    answers
        .iter()
        .filter(|answer| answer.status == StatusCode::OK)
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_launch_needs_no_node_of_its_own() {
    let Some(nodes) = nodes().await else { return };
    let mut browser = nodes.signed_in().await;
    let mut elsewhere = nodes.two.browser();
    for turn in 0..6 {
        elsewhere.cookies.clone_from(&browser.cookies);
        let at = if turn % 2 == 0 {
            &mut browser
        } else {
            &mut elsewhere
        };
        let code = nodes.vendor.code(at, &[]).await;
        let tokens = nodes.vendor.redeem(nodes.node(turn + 1), &code).await;
        assert_eq!(tokens.status, StatusCode::OK, "{}", tokens.json);
        let token = tokens.text("access_token");
        let got = nodes.node(turn).user_info(&token).await;
        assert_eq!(got.json["given_name"], "Ana");
        let next = nodes
            .vendor
            .refresh(nodes.node(turn), &tokens.text("refresh_token"))
            .await;
        assert_eq!(next.status, StatusCode::OK);
    }
    // Signed out at one node, gone at the other.
    let tokens = nodes
        .vendor
        .tokens(&nodes.two, &mut browser, "openid")
        .await;
    let hint = tokens.text("id_token");
    browser
        .get(&format!("/end_session?id_token_hint={hint}"))
        .await;
    let refused = nodes.two.user_info(&tokens.text("access_token")).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    let page = elsewhere
        .get(&nodes.vendor.authorize(&[("prompt", "none")]))
        .await;
    assert_eq!(answer_of(&page)["error"], "login_required");
    // What changes at one node counts at the other, at once.
    let mut browser = nodes.signed_in().await;
    let tokens = nodes
        .vendor
        .tokens(&nodes.one, &mut browser, "openid")
        .await;
    nodes
        .two
        .change_client("library", |found| found.client.approved_claims.clear())
        .await;
    let got = nodes.one.user_info(&tokens.text("access_token")).await;
    assert_eq!(got.json.as_object().unwrap().len(), 1);
}

/// twenty racers over both nodes, 200 codes.
#[tokio::test(flavor = "multi_thread")]
async fn one_code_one_success() {
    let Some(nodes) = nodes().await else { return };
    let mut browser = nodes.signed_in().await;
    for _ in 0..200 {
        let code = nodes.vendor.code(&mut browser, &[]).await;
        let racers = (0..20).map(|turn| nodes.vendor.redeem(nodes.node(turn), &code));
        assert_eq!(won(&join_all(racers).await).len(), 1);
    }
}

/// one refresh token, eight racers over both nodes, 200 tokens; then what they got.
#[tokio::test(flavor = "multi_thread")]
async fn one_refresh_token_one_living_line() {
    let Some(nodes) = nodes().await else { return };
    let mut browser = nodes.signed_in().await;
    for _ in 0..200 {
        let token = nodes
            .vendor
            .tokens(&nodes.one, &mut browser, "openid")
            .await
            .text("refresh_token");
        let racers = (0..8).map(|turn| nodes.vendor.refresh(nodes.node(turn), &token));
        let answers = join_all(racers).await;
        let given: Vec<_> = won(&answers)
            .iter()
            .map(|answer| answer.text("refresh_token"))
            .collect();
        assert!(!given.is_empty());
        assert_eq!(nodes.living_lines().await, "1");
        for (turn, token) in given.iter().enumerate() {
            nodes.vendor.refresh(nodes.node(turn), token).await;
        }
        if given.len() > 1 {
            assert_eq!(nodes.living_lines().await, "0");
        }
        nodes.one.execute("DELETE FROM refresh_tokens", []).await;
        nodes.one.execute("DELETE FROM grants", []).await;
    }
}
