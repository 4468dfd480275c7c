//! How a client proves itself: RFC 6749 §2.3, OIDC Core §9. Exactly one method, and the registered one.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::client::{AuthMethod, Client};
use super::client_secret::{self, Registration};
use super::error::OAuthError;
use super::form::{self, Params};
use crate::clock::Timestamp;
use crate::ids::ClientId;
use crate::secret::{Digest, Secret};

/// The kind of digest under which client secrets are kept: see [`Secret::digest`].
pub const SECRET_KIND: &str = "client-secret";

/// What a request shows of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presented {
    /// Who it says it is.
    pub client_id: ClientId,
    proof: Proof,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Proof {
    Basic(Secret),
    Post(Secret),
    Nothing,
}

/// A client that proved itself by its registered method. Made by [`check`] only.
#[derive(Clone, Debug)]
pub struct AuthenticatedClient(Arc<Registration>, Option<Digest>);

impl AuthenticatedClient {
    /// Its registration.
    pub fn client(&self) -> &Client {
        &self.0.client
    }

    /// Digest of the secret that proved it; none for a public client.
    pub fn secret(&self) -> Option<&Digest> {
        self.1.as_ref()
    }
}

/// Reads what a request to a client endpoint shows: the `Authorization` header and the body.
///
/// Errors: `invalid_request` where two methods are used (RFC 6749 §2.3: "The client MUST NOT use more than one authentication
/// method in each request"), where the header and the body name two clients, and where nobody is named; `invalid_client` for
/// a header that cannot be read.
pub fn read(authorization: Option<&str>, params: &Params) -> Result<Presented, OAuthError> {
    let named = params.value("client_id");
    // An empty secret is no secret.
    let secret = params.value("client_secret");
    let assertion = params.has("client_assertion") || params.has("client_assertion_type");
    if usize::from(authorization.is_some()) + usize::from(secret.is_some()) + usize::from(assertion)
        > 1
    {
        return Err(OAuthError::invalid_request(
            "More than one way of client authentication.",
        ));
    }
    if assertion {
        return Err(OAuthError::invalid_client());
    }
    if let Some(header) = authorization {
        let (client_id, secret) = read_basic(header).ok_or(OAuthError::invalid_client())?;
        if named.is_some_and(|named| named != client_id) {
            return Err(OAuthError::invalid_request(
                "client_id differs from the one in the Authorization header.",
            ));
        }
        return Ok(Presented {
            client_id: ClientId::new(client_id),
            proof: Proof::Basic(secret),
        });
    }
    let client_id = named.ok_or(OAuthError::invalid_client())?;
    Ok(Presented {
        client_id: ClientId::new(client_id),
        proof: secret.map_or(Proof::Nothing, |secret| Proof::Post(Secret::new(secret))),
    })
}

/// RFC 7617 §2 around RFC 6749 §2.3.1: both halves are form-encoded before they are joined. Strict base64.
fn read_basic(header: &str) -> Option<(String, Secret)> {
    let (scheme, credentials) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let bytes = STANDARD.decode(credentials.trim_matches(' ')).ok()?;
    let at = bytes.iter().position(|b| *b == b':')?;
    let (client_id, secret) = bytes.split_at_checked(at)?;
    let client_id = form::decode(client_id).ok()?;
    let secret = form::decode(secret.get(1..)?).ok()?;
    if client_id.is_empty() || secret.is_empty() {
        return None;
    }
    Some((client_id, Secret::new(secret)))
}

/// Checks the proof against the registration: one of its secrets that are good at `now`, each compared in constant time.
///
/// Errors: `invalid_client`, one description for all causes. Left to the caller: an unknown client, and counting failures.
pub fn check(
    presented: &Presented,
    registration: &Arc<Registration>,
    now: Timestamp,
) -> Result<AuthenticatedClient, OAuthError> {
    let client = &registration.client;
    let proven = match (&presented.proof, client.token_endpoint_auth_method) {
        (Proof::Basic(secret), AuthMethod::ClientSecretBasic)
        | (Proof::Post(secret), AuthMethod::ClientSecretPost) => {
            let found = client_secret::matching(&registration.secrets, secret, now);
            found.map(|found| Some(found.digest.clone()))
        }
        (Proof::Nothing, AuthMethod::None) => Some(None),
        _ => None,
    };
    match proven {
        Some(secret) if presented.client_id == client.client_id => {
            Ok(AuthenticatedClient(registration.clone(), secret))
        }
        _ => Err(OAuthError::invalid_client()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::client_secret::{ClientStatus, StoredSecret};
    use crate::protocol::error::ErrorCode;
    use proptest::prelude::*;

    fn basic(id: &str, secret: &str) -> String {
        format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
    }

    fn params(text: &str) -> Params {
        form::parse(text.as_bytes()).unwrap()
    }

    fn registration(method: AuthMethod) -> Arc<Registration> {
        let at = Timestamp::from_unix(1_800_000_000);
        let until = |seconds: i64| Some(Timestamp::from_unix(1_800_000_000 + seconds));
        let secret = |text: &str, expires_at| StoredSecret {
            expires_at,
            ..StoredSecret::new(&Secret::new(text), at)
        };
        Arc::new(Registration {
            client: Client {
                client_id: ClientId::new("app"),
                token_endpoint_auth_method: method,
                ..Client::default()
            },
            secrets: vec![
                secret("older", until(0)),
                secret("old", until(1)),
                secret("new secret", None),
            ],
            status: ClientStatus::Active,
            version: 1,
            created_at: at,
            updated_at: at,
        })
    }

    fn outcome(header: Option<&str>, body: &str, method: AuthMethod) -> Result<(), ErrorCode> {
        let now = Timestamp::from_unix(1_800_000_000);
        read(header, &params(body))
            .and_then(|presented| check(&presented, &registration(method), now))
            .map(|_| ())
            .map_err(|error| error.code)
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "one table")]
    fn methods() {
        use AuthMethod::{ClientSecretBasic, ClientSecretPost, None as Public, PrivateKeyJwt};
        use ErrorCode::{InvalidClient, InvalidRequest};
        let good = basic("app", "new+secret");
        let lower = good.replace("Basic", "bAsIc");
        let post = "client_id=app&client_secret=old";
        for (header, body, method, expected) in [
            (Some(&*good), "", ClientSecretBasic, Ok(())),
            (Some(&*lower), "client_id=app", ClientSecretBasic, Ok(())),
            (
                Some(&*basic("app", "new%20secret")),
                "",
                ClientSecretBasic,
                Ok(()),
            ),
            (Some(&*basic("app", "old")), "", ClientSecretBasic, Ok(())),
            (None, post, ClientSecretPost, Ok(())),
            (None, "client_id=app", Public, Ok(())),
            (None, "client_id=app&client_secret=", Public, Ok(())),
            // Not the registered method.
            (Some(&*good), "", ClientSecretPost, Err(InvalidClient)),
            (None, post, ClientSecretBasic, Err(InvalidClient)),
            (None, "client_id=app", ClientSecretBasic, Err(InvalidClient)),
            (None, post, Public, Err(InvalidClient)),
            (Some(&*good), "", PrivateKeyJwt, Err(InvalidClient)),
            // Wrong, over, or empty.
            (
                Some(&*basic("app", "older")),
                "",
                ClientSecretBasic,
                Err(InvalidClient),
            ),
            (
                Some(&*basic("app", "wrong")),
                "",
                ClientSecretBasic,
                Err(InvalidClient),
            ),
            (
                Some(&*basic("app", "")),
                "",
                ClientSecretBasic,
                Err(InvalidClient),
            ),
            (
                Some(&*basic("", "old")),
                "",
                ClientSecretBasic,
                Err(InvalidClient),
            ),
            (
                Some(&*basic("other", "old")),
                "",
                ClientSecretBasic,
                Err(InvalidClient),
            ),
            (
                None,
                "client_id=app&client_secret=",
                ClientSecretPost,
                Err(InvalidClient),
            ),
            (
                None,
                "client_secret=old",
                ClientSecretPost,
                Err(InvalidClient),
            ),
            (None, "", Public, Err(InvalidClient)),
            // Two at once.
            (Some(&*good), post, ClientSecretBasic, Err(InvalidRequest)),
            (
                Some(&*good),
                "client_id=other",
                ClientSecretBasic,
                Err(InvalidRequest),
            ),
            (
                Some(&*good),
                "client_assertion=x",
                ClientSecretBasic,
                Err(InvalidRequest),
            ),
            // Headers that are none.
            (Some("Bearer x"), "", ClientSecretBasic, Err(InvalidClient)),
            (Some("Basic"), "", ClientSecretBasic, Err(InvalidClient)),
            (
                Some("Basic YXBw"),
                "",
                ClientSecretBasic,
                Err(InvalidClient),
            ),
            (
                Some("Basic YXBwOm9sZA"),
                "",
                ClientSecretBasic,
                Err(InvalidClient),
            ),
            (Some("Basic !!!"), "", ClientSecretBasic, Err(InvalidClient)),
            (
                Some(&*basic("app", "%zz")),
                "",
                ClientSecretBasic,
                Err(InvalidClient),
            ),
        ] {
            assert_eq!(
                outcome(header, body, method),
                expected,
                "{header:?} {body:?} {method}"
            );
        }
    }

    #[test]
    fn colons_belong_to_the_secret() {
        let presented = read(Some(&basic("app", "a:b")), &Params::default()).unwrap();
        assert_eq!(presented.proof, Proof::Basic(Secret::new("a:b")));
    }

    proptest! {
        #[test]
        fn headers_never_panic(header in "(Basic |basic|)[ -~]{0,60}", body in "[a-z_=&%]{0,60}") {
            if let Ok(params) = form::parse(body.as_bytes()) {
                let _ = read(Some(&header), &params);
            }
        }

        #[test]
        fn what_is_encoded_by_the_rule_is_read(id in "[!-~]{1,20}", secret in "[ -~é]{1,40}") {
            let encode = |text: &str| form::encode([("", text)]).split_off(1);
            let header = basic(&encode(&id), &encode(&secret));
            let presented = read(Some(&header), &Params::default()).unwrap();
            prop_assert_eq!(presented.client_id.as_str(), id);
            prop_assert_eq!(presented.proof, Proof::Basic(Secret::new(secret)));
        }
    }
}
