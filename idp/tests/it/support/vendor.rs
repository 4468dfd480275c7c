//! Relying parties for tests: registered, given to the whole district, and able to run the code flow by hand.

use std::collections::BTreeMap;

use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use http::{HeaderMap, Request, StatusCode};
use idp::district::assignment::Assignment;
use idp::district::person::Population;
use idp::district::resource::{Category, Resource, ResourceStatus, Words};
use idp::ids::{ClientId, PersonId, ResourceId};
use idp::protocol::client::{AuthMethod, Client};
use idp::protocol::client_secret::{ClientStatus, Registration, StoredSecret};
use idp::secret::Secret;
use idp::store::{assignments, clients, resources};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::browser::encode;
use super::{Browser, MORNING, Page, TestApp, text};

pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

type Fields = Vec<(&'static str, String)>;

/// A registered relying party.
#[derive(Clone, Debug)]
pub struct Vendor {
    pub id: String,
    pub secret: String,
    pub method: AuthMethod,
    pub redirect_uri: String,
}

/// An answer of a client endpoint.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub json: Value,
}

impl TestApp {
    /// Registers `id` with `https://ID.example/cb` and all claims approved, and gives it to the whole district.
    pub async fn vendor(&self, id: &str, change: impl FnOnce(&mut Client)) -> Vendor {
        let vendor = self.unassigned_vendor(id, change).await;
        let db = self.app.store.durable();
        let resource = Resource {
            id: ResourceId::new(format!("r-{id}")),
            client_id: Some(ClientId::new(id)),
            name: Words::english(id),
            description: Words::english("For tests."),
            category: Category::ALL[0],
            icon: "book".into(),
            start_url: None,
            position: 1,
            status: ResourceStatus::Published,
            agreement: None,
            version: 1,
            updated_at: MORNING,
        };
        resources::insert(db, &resource).await.unwrap();
        let everybody = vec![(format!("a-{id}"), Assignment::default())];
        assignments::replace(db, &resource.id, everybody)
            .await
            .unwrap();
        self.app.directory.forget();
        vendor
    }

    /// Registers a client that nobody has been given.
    pub async fn unassigned_vendor(&self, id: &str, change: impl FnOnce(&mut Client)) -> Vendor {
        let redirect_uri = format!("https://{id}.example/cb");
        let mut client = Client {
            client_id: ClientId::new(id),
            client_name: format!("The {id} app"),
            redirect_uris: vec![redirect_uri],
            post_logout_redirect_uris: vec![format!("https://{id}.example/out")],
            approved_claims: idp::protocol::claims::known().map(Into::into).collect(),
            ..Client::default()
        };
        change(&mut client);
        let secret = format!("secret of {id}");
        let vendor = Vendor {
            id: id.into(),
            secret: secret.clone(),
            method: client.token_endpoint_auth_method,
            redirect_uri: client.redirect_uris[0].clone(),
        };
        let registration = Registration {
            client,
            secrets: vec![StoredSecret::new(&Secret::new(secret), MORNING)],
            status: ClientStatus::Active,
            version: 1,
            created_at: MORNING,
            updated_at: MORNING,
        };
        clients::insert(self.app.store.durable(), &registration)
            .await
            .unwrap();
        vendor
    }

    /// Changes a registration as `idp clients apply` would.
    pub async fn change_client(&self, id: &str, change: impl FnOnce(&mut Registration)) {
        let db = self.app.store.durable();
        let mut found = clients::find(db, &ClientId::new(id))
            .await
            .unwrap()
            .unwrap();
        change(&mut found);
        found.version += 1;
        assert!(clients::replace(db, &found).await.unwrap());
    }

    /// Activates the account of a person and signs them in in a fresh browser.
    pub async fn signed_in(&self, person: &str) -> Browser {
        self.execute(
            "UPDATE accounts SET state = 'active' WHERE person_id = $1",
            [person.into()],
        )
        .await;
        let mut browser = self.browser();
        self.sign_in(&mut browser, person).await;
        browser
    }

    /// Gives `browser` a new session, as a sign-in does.
    pub async fn sign_in(&self, browser: &mut Browser, person: &str) {
        let cx = self.context();
        let id = PersonId::new(person);
        let account = idp::store::people::find_account(self.app.store.read(), &id)
            .await
            .unwrap()
            .unwrap();
        let (_, cookie) = idp::flows::session::create(
            &cx,
            &id,
            account.auth_epoch,
            Population::Student,
            vec!["pwd".into()],
        )
        .await
        .unwrap();
        browser
            .cookies
            .insert("__Host-s".into(), cookie.expose().into());
    }

    /// POSTs a form to a client endpoint.
    pub async fn call(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        fields: &[(&str, &str)],
    ) -> Answer {
        let mut request =
            Request::post(path).header("content-type", "application/x-www-form-urlencoded");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.answer(request.body(Body::from(encode(fields))).unwrap())
            .await
    }

    /// Sends a request and reads JSON, if there is any.
    pub async fn answer(&self, request: Request<Body>) -> Answer {
        let response = self.send(request).await;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = text(response).await;
        Answer {
            status,
            headers,
            json: serde_json::from_str(&body).unwrap_or(Value::String(body)),
        }
    }

    /// The claims of a token of ours.
    pub fn claims(&self, token: &str) -> Value {
        self.app.keys.verify(keys::Typ::Jwt, token).unwrap()
    }

    /// Userinfo for an access token.
    pub async fn user_info(&self, token: &str) -> Answer {
        let request = Request::get("/userinfo")
            .header("authorization", format!("Bearer {token}"))
            .body(Body::empty())
            .unwrap();
        self.answer(request).await
    }
}

impl Answer {
    pub fn error(&self) -> &str {
        self.json["error"].as_str().unwrap_or_default()
    }

    pub fn text(&self, name: &str) -> String {
        self.json[name]
            .as_str()
            .unwrap_or_else(|| panic!("no {name} in {}", self.json))
            .to_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

impl Vendor {
    /// A complete request, with `changes` on top; an empty value takes a parameter away.
    pub fn request(&self, changes: &[(&str, &str)]) -> String {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
        let mut params = BTreeMap::from([
            ("client_id", self.id.as_str()),
            ("redirect_uri", &self.redirect_uri),
            ("response_type", "code"),
            ("scope", "openid profile"),
            ("state", "st&te=1"),
            ("nonce", "n-0S6"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]);
        for (name, value) in changes {
            if value.is_empty() {
                params.remove(name);
            } else {
                params.insert(name, value);
            }
        }
        encode(&params.into_iter().collect::<Vec<_>>())
    }

    /// The path of [`Vendor::request`].
    pub fn authorize(&self, changes: &[(&str, &str)]) -> String {
        format!("/authorize?{}", self.request(changes))
    }

    /// A code for the person who is signed in.
    pub async fn code(&self, browser: &mut Browser, changes: &[(&str, &str)]) -> String {
        let page = browser.get(&self.authorize(changes)).await;
        let answer = answer_of(&page);
        answer
            .get("code")
            .unwrap_or_else(|| panic!("no code: {} {answer:?}", page.status))
            .clone()
    }

    /// Headers, and fields of the body.
    fn proof(&self) -> (Fields, Fields) {
        match self.method {
            AuthMethod::ClientSecretBasic => {
                let part = |text: &str| encode(&[("", text)])[1..].to_owned();
                let both = format!("{}:{}", part(&self.id), part(&self.secret));
                let header = format!("Basic {}", STANDARD.encode(both));
                (vec![("authorization", header)], vec![])
            }
            AuthMethod::ClientSecretPost => (
                vec![],
                vec![
                    ("client_id", self.id.clone()),
                    ("client_secret", self.secret.clone()),
                ],
            ),
            _ => (vec![], vec![("client_id", self.id.clone())]),
        }
    }

    /// A request to `/token` by the registered method.
    pub async fn token(&self, app: &TestApp, fields: &[(&str, &str)]) -> Answer {
        let (headers, proof) = self.proof();
        let headers: Vec<_> = headers.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let mut all: Vec<_> = proof.iter().map(|(n, v)| (*n, v.as_str())).collect();
        all.extend_from_slice(fields);
        app.call("/token", &headers, &all).await
    }

    /// Redeems a code as a well-behaved client does.
    pub async fn redeem(&self, app: &TestApp, code: &str) -> Answer {
        self.token(
            app,
            &[
                ("grant_type", "authorization_code"),
                ("code", code),
                ("redirect_uri", &self.redirect_uri),
                ("code_verifier", VERIFIER),
            ],
        )
        .await
    }

    /// Uses a refresh token.
    pub async fn refresh(&self, app: &TestApp, token: &str) -> Answer {
        self.token(
            app,
            &[("grant_type", "refresh_token"), ("refresh_token", token)],
        )
        .await
    }

    /// Tokens for the person who is signed in.
    pub async fn tokens(&self, app: &TestApp, browser: &mut Browser, scope: &str) -> Answer {
        let code = self.code(browser, &[("scope", scope)]).await;
        let answer = self.redeem(app, &code).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.json);
        answer
    }
}

/// The parameters of an authorization response: of the query, the fragment or the form.
pub fn answer_of(page: &Page) -> BTreeMap<String, String> {
    if page.status == StatusCode::OK {
        let forms = page.forms();
        let form = forms.iter().find(|form| !form.action.starts_with('/'));
        return form.unwrap().fields.iter().cloned().collect();
    }
    let location = page.location().unwrap_or_default();
    let url = url::Url::parse(&location).unwrap_or_else(|_| panic!("went to {location:?}"));
    let text = match url.fragment() {
        Some("") | None => url.query().unwrap_or_default().to_owned(),
        Some(fragment) => fragment.to_owned(),
    };
    url::form_urlencoded::parse(text.as_bytes())
        .into_owned()
        .collect()
}

/// Runs all at once, on this task, so that they meet wherever they wait.
pub async fn join_all<F: Future>(futures: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut pending: Vec<_> = futures.map(Box::pin).collect();
    let mut done: Vec<Option<F::Output>> = pending.iter().map(|_| None).collect();
    std::future::poll_fn(|cx| {
        let mut ready = true;
        for (future, slot) in pending.iter_mut().zip(&mut done) {
            if slot.is_none() {
                match future.as_mut().poll(cx) {
                    std::task::Poll::Ready(value) => *slot = Some(value),
                    std::task::Poll::Pending => ready = false,
                }
            }
        }
        if ready {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    done.into_iter().flatten().collect()
}
