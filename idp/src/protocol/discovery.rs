//! What the provider says of itself: OpenID Connect Discovery 1.0 §3, RFC 8414 §2.

use serde_json::{Value, json};

use super::claims;
use super::response_mode::ResponseMode;
use super::scope;

/// Where it is published (OIDC Discovery §4).
pub const OPENID_PATH: &str = "/.well-known/openid-configuration";
/// Where RFC 8414 §3 looks for it.
pub const OAUTH_PATH: &str = "/.well-known/oauth-authorization-server";

/// The document. `issuer` without a trailing slash; `signing` are the algorithms that we have keys for.
pub fn metadata(issuer: &str, signing: &[&str], languages: &[&str]) -> Value {
    let at = |path: &str| format!("{issuer}{path}");
    let claims: Vec<&str> = [
        "sub",
        "iss",
        "aud",
        "exp",
        "iat",
        "auth_time",
        "nonce",
        "acr",
        "amr",
        "sid",
        "at_hash",
        "c_hash",
    ]
    .into_iter()
    .chain(claims::known())
    .collect();
    json!({
        "issuer": issuer,
        "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"),
        "userinfo_endpoint": at("/userinfo"),
        "jwks_uri": at("/jwks"),
        "end_session_endpoint": at("/end_session"),
        "scopes_supported": scope::KNOWN,
        "response_types_supported": ["code", "id_token", "code id_token"],
        "response_modes_supported": ResponseMode::ALL,
        "grant_types_supported": ["authorization_code", "refresh_token", "implicit"],
        "acr_values_supported": ["1"],
        "subject_types_supported": ["pairwise", "public"],
        "id_token_signing_alg_values_supported": signing,
        "token_endpoint_auth_methods_supported":
            ["client_secret_basic", "client_secret_post", "none"],
        "claim_types_supported": ["normal"],
        "claims_supported": claims,
        "claims_parameter_supported": true,
        "request_parameter_supported": false,
        // OIDC Discovery §3: "If omitted, the default value is true."
        "request_uri_parameter_supported": false,
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "display_values_supported": ["page"],
        "ui_locales_supported": languages,
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints_are_below_the_issuer() {
        let document = metadata("https://portal.example.org", &["RS256"], &["en"]);
        assert_eq!(document["issuer"], "https://portal.example.org");
        for (name, value) in document.as_object().unwrap() {
            if name.ends_with("_endpoint") || name == "jwks_uri" {
                let address = value.as_str().unwrap();
                assert!(address.starts_with("https://portal.example.org/"), "{name}");
            }
        }
    }

    #[test]
    fn what_certification_asks_for_is_there() {
        let document = metadata("https://portal.example.org", &["RS256", "ES256"], &["en"]);
        let has = |name: &str, value: &str| {
            document[name]
                .as_array()
                .unwrap()
                .contains(&Value::from(value))
        };
        assert!(has("response_types_supported", "code"));
        assert!(has("id_token_signing_alg_values_supported", "RS256"));
        assert!(has("scopes_supported", "openid"));
        assert!(has("code_challenge_methods_supported", "S256"));
        assert_eq!(document["request_uri_parameter_supported"], false);
    }
}
