//! A small portal that answers as it is told: right, or wrong in one particular way.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use http::{HeaderMap, StatusCode};
use jsonwebtoken::jwk::{Jwk, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, EncodingKey, Header, get_current_timestamp};
use serde_json::{Value, json};

/// In what way the portal lies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lie {
    /// It does not.
    #[default]
    None,
    /// The ID token carries another sign-in's nonce.
    Nonce,
    /// It is meant for another app.
    Audience,
    /// It comes from another issuer.
    Issuer,
    /// It has expired.
    Expired,
    /// It is signed by a key that is not published.
    Key,
    /// Its signature is missing (`alg` none).
    Unsigned,
    /// `at_hash` belongs to another access token.
    AccessTokenHash,
    /// Userinfo is about somebody else.
    Userinfo,
    /// There is no ID token.
    NoIdToken,
    /// The code is refused.
    Grant,
}

/// What the portal knows and was asked.
#[derive(Default)]
pub struct Told {
    pub lie: Lie,
    /// Nonce of the authorization request.
    pub nonce: String,
    /// The last token request: form fields, and the `Authorization` header.
    pub token_request: HashMap<String, String>,
    pub authorization: Option<String>,
}

#[derive(Clone)]
pub struct Portal {
    pub issuer: String,
    key: Arc<EncodingKey>,
    stranger: Arc<EncodingKey>,
    pub told: Arc<Mutex<Told>>,
}

fn new_key() -> Arc<EncodingKey> {
    let pair = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
        .unwrap();
    Arc::new(EncodingKey::from_ec_der(pair.as_ref()))
}

impl Portal {
    /// Starts on a free port of loopback.
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let portal = Self {
            issuer: format!("http://{}", listener.local_addr().unwrap()),
            key: new_key(),
            stranger: new_key(),
            told: Arc::default(),
        };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/jwks", get(jwks))
            .route("/token", post(token))
            .route("/userinfo", get(userinfo))
            .with_state(portal.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        portal
    }

    /// From now on the portal lies in this way.
    pub fn lie(&self, lie: Lie) {
        self.told.lock().unwrap().lie = lie;
    }

    /// Signs `claims` as a JWT of type `typ`.
    pub fn sign(&self, typ: &str, claims: &Value) -> String {
        sign(&self.key, typ, claims)
    }
}

fn sign(key: &EncodingKey, typ: &str, claims: &Value) -> String {
    let mut header = Header::new(Algorithm::ES256);
    header.typ = Some(typ.to_owned());
    header.kid = Some("k1".to_owned());
    jsonwebtoken::encode(&header, claims, key).unwrap()
}

async fn discovery(State(portal): State<Portal>) -> Json<Value> {
    let at = |path: &str| format!("{}{path}", portal.issuer);
    Json(json!({
        "issuer": portal.issuer,
        "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"),
        "userinfo_endpoint": at("/userinfo"),
        "jwks_uri": at("/jwks"),
        "end_session_endpoint": at("/end_session"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "authorization_response_iss_parameter_supported": true,
    }))
}

async fn jwks(State(portal): State<Portal>) -> Json<Value> {
    let mut jwk = Jwk::from_encoding_key(&portal.key, Algorithm::ES256).unwrap();
    jwk.common.key_id = Some("k1".to_owned());
    jwk.common.public_key_use = Some(PublicKeyUse::Signature);
    jwk.common.key_algorithm = Some(KeyAlgorithm::ES256);
    Json(json!({ "keys": [jwk] }))
}

async fn token(
    State(portal): State<Portal>,
    headers: HeaderMap,
    body: String,
) -> (StatusCode, Json<Value>) {
    let mut told = portal.told.lock().unwrap();
    told.token_request = url::form_urlencoded::parse(body.as_bytes())
        .into_owned()
        .collect();
    told.authorization = headers
        .get("authorization")
        .map(|value| value.to_str().unwrap().to_owned());
    if told.lie == Lie::Grant {
        let refusal = json!({ "error": "invalid_grant", "error_description": "too late" });
        return (StatusCode::BAD_REQUEST, Json(refusal));
    }
    let now = get_current_timestamp();
    let mut claims = json!({
        "iss": portal.issuer, "aud": "library", "sub": "sub-1", "sid": "sid-1",
        "iat": now, "exp": now + 300, "name": "Ana Peña",
    });
    if told.token_request["grant_type"] == "authorization_code" {
        claims["nonce"] = told.nonce.clone().into();
    }
    match told.lie {
        Lie::Nonce => claims["nonce"] = "another".into(),
        Lie::Audience => claims["aud"] = "gradebook".into(),
        Lie::Issuer => claims["iss"] = "https://elsewhere.example".into(),
        Lie::Expired => claims["exp"] = (now - 10).into(),
        Lie::AccessTokenHash => claims["at_hash"] = "AAAAAAAAAAAAAAAAAAAAAA".into(),
        _ => {}
    }
    let mut id_token = match told.lie {
        Lie::Key => sign(&portal.stranger, "JWT", &claims),
        _ => portal.sign("JWT", &claims),
    };
    if told.lie == Lie::Unsigned {
        let payload = id_token.split('.').nth(1).unwrap();
        // {"alg":"none"}
        id_token = format!("eyJhbGciOiJub25lIn0.{payload}.");
    }
    let mut answer = json!({
        "access_token": "access", "token_type": "Bearer", "expires_in": 300,
        "refresh_token": "refresh-2", "id_token": id_token,
    });
    if told.lie == Lie::NoIdToken {
        answer.as_object_mut().unwrap().remove("id_token");
    }
    (StatusCode::OK, Json(answer))
}

async fn userinfo(State(portal): State<Portal>) -> Json<Value> {
    let sub = match portal.told.lock().unwrap().lie {
        Lie::Userinfo => "sub-2",
        _ => "sub-1",
    };
    Json(json!({ "sub": sub, "given_name": "Ana", "name": "Ana Peña", "grades": ["07"] }))
}
