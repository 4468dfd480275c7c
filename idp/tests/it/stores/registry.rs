//! Clients, resources and rules of assignment, the same on SQLite and PostgreSQL.

use idp::clock::{Lifetime, Timestamp};
use idp::district::assignment::Assignment;
use idp::district::resource::{Agreement, Category, Resource, ResourceStatus, Words};
use idp::ids::{ClassId, ClientId, ResourceId, SchoolId};
use idp::protocol::client::Client;
use idp::protocol::client_secret::{ClientStatus, Registration, StoredSecret};
use idp::secret::Secret;
use idp::store::{StoreError, assignments, clients, resources};

use super::durable::on_both;

const NOW: Timestamp = Timestamp::from_unix(1_785_931_200);

fn registration(id: &str) -> Registration {
    let mut old = StoredSecret::new(&Secret::new("old"), NOW);
    old.expires_at = Some(NOW.plus(Lifetime::days(7)));
    Registration {
        client: Client {
            client_id: ClientId::new(id),
            client_name: "Thư viện".into(),
            redirect_uris: vec!["https://library.example.org/cb?tenant=1".into()],
            approved_claims: vec!["given_name".into()],
            access_token_lifetime: Some(Lifetime::minutes(2)),
            ..Client::default()
        },
        secrets: vec![old, StoredSecret::new(&Secret::new("new"), NOW)],
        status: ClientStatus::Active,
        version: 1,
        created_at: NOW,
        updated_at: NOW,
    }
}

fn resource(id: &str, client: Option<&str>, position: i64) -> Resource {
    Resource {
        id: ResourceId::new(id),
        client_id: client.map(ClientId::new),
        name: Words {
            en: "Library".into(),
            es: None,
            vi: Some("Thư viện".into()),
        },
        description: Words::default(),
        category: Category::Library,
        icon: "book".into(),
        start_url: client
            .is_none()
            .then(|| "https://library.example.org/".into()),
        position,
        status: ResourceStatus::Published,
        agreement: client.map(|_| Agreement {
            purpose: Words::english("Lending"),
            signed_on: Some("2026-06-01".into()),
            ..Agreement::default()
        }),
        version: 1,
        updated_at: NOW,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_come_back_as_they_were_kept() {
    on_both(|store| async move {
        let (read, write) = (store.read(), store.durable());
        for id in ["b", "a"] {
            clients::insert(write, &registration(id)).await.unwrap();
        }
        let found = clients::find(read, &ClientId::new("a")).await.unwrap();
        assert_eq!(found, Some(registration("a")));
        assert_eq!(
            clients::find(read, &ClientId::new("c")).await.unwrap(),
            None
        );
        let all = clients::list(read).await.unwrap();
        assert_eq!(all, [registration("a"), registration("b")]);
        let again = clients::insert(write, &registration("a")).await;
        assert!(matches!(again, Err(StoreError::Conflict)), "{again:?}");

        let used = registration("a").secrets[1].digest.clone();
        clients::note_use(write, &ClientId::new("a"), &used, NOW)
            .await
            .unwrap();
        let found = clients::find(read, &ClientId::new("a"))
            .await
            .unwrap()
            .unwrap();
        let last_uses: Vec<_> = found.secrets.iter().map(|one| one.last_used_at).collect();
        assert_eq!((last_uses, found.version), (vec![None, Some(NOW)], 1));
        assert!(clients::delete(write, &ClientId::new("a")).await.unwrap());
        assert!(!clients::delete(write, &ClientId::new("a")).await.unwrap());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_hundred_changes_of_one_version_one_is_made() {
    on_both(|store| async move {
        clients::insert(store.durable(), &registration("a"))
            .await
            .unwrap();
        resources::insert(store.durable(), &resource("r", None, 1))
            .await
            .unwrap();
        let mut racers = tokio::task::JoinSet::new();
        for racer in 0..100 {
            let store = store.clone();
            racers.spawn(async move {
                let mut client = registration("a");
                client.client.client_name = format!("racer {racer}");
                client.version = 2;
                let tile = Resource {
                    position: racer,
                    version: 2,
                    ..resource("r", None, 1)
                };
                let db = store.durable();
                let won = clients::replace(db, &client).await.unwrap();
                (
                    u32::from(won),
                    u32::from(resources::replace(db, &tile).await.unwrap()),
                )
            });
        }
        let mut won = (0, 0);
        while let Some(one) = racers.join_next().await {
            let one = one.unwrap();
            won = (won.0 + one.0, won.1 + one.1);
        }
        assert_eq!(won, (1, 1));
        let found = clients::find(store.read(), &ClientId::new("a"))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(found.version, 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn resources_and_their_rules_come_back_as_they_were_kept() {
    on_both(|store| async move {
        let (read, write) = (store.read(), store.durable());
        let (library, lunch) = (
            resource("library", Some("a"), 2),
            resource("lunch", None, 1),
        );
        resources::insert(write, &library).await.unwrap();
        resources::insert(write, &lunch).await.unwrap();
        assert_eq!(
            resources::list(read).await.unwrap(),
            [lunch.clone(), library.clone()]
        );
        let of_client = resources::find_by_client(read, &ClientId::new("a"))
            .await
            .unwrap();
        assert_eq!(of_client, Some(library.clone()));
        let twin = resources::insert(write, &resource("other", Some("a"), 3)).await;
        assert!(matches!(twin, Err(StoreError::Conflict)), "{twin:?}");

        let rules = vec![
            Assignment::default(),
            Assignment {
                school: Some(SchoolId::new("o-north")),
                role: Some("teacher".into()),
                grade: Some("07".into()),
                class: Some(ClassId::new("c-1")),
            },
        ];
        let rows = |from: usize| -> Vec<_> {
            let numbered = rules.iter().skip(from).cloned().enumerate();
            numbered
                .map(|(at, rule)| (format!("row-{from}-{at}"), rule))
                .collect()
        };
        assignments::replace(write, &library.id, rows(0))
            .await
            .unwrap();
        assignments::replace(write, &lunch.id, Vec::new())
            .await
            .unwrap();
        assert_eq!(
            assignments::list_of(read, &library.id).await.unwrap(),
            rules
        );
        let all = assignments::list(read).await.unwrap();
        assert_eq!((all.len(), all[&library.id].len()), (1, 2));
        assignments::replace(write, &library.id, rows(1))
            .await
            .unwrap();
        assert_eq!(
            assignments::list_of(read, &library.id).await.unwrap(),
            rules[1..]
        );

        let later = NOW.plus(Lifetime::hours(1));
        let paused = ResourceStatus::Paused;
        assert!(
            resources::set_status(write, &lunch.id, paused, later)
                .await
                .unwrap()
        );
        let found = resources::find(read, &lunch.id).await.unwrap().unwrap();
        assert_eq!(
            (found.status, found.version, found.updated_at),
            (paused, 2, later)
        );
        assert!(resources::delete(write, &lunch.id).await.unwrap());
        assert!(!resources::delete(write, &lunch.id).await.unwrap());
    })
    .await;
}
