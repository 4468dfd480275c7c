//! Registrations that are taken, and those refused.

use serde_json::json;

use super::*;

fn good() -> Value {
    json!({
        "client_id": "grade-book",
        "client_name": "Grade Book",
        "redirect_uris": ["https://grades.example.org/callback"],
    })
}

fn with(changes: &Value) -> Result<(), Refused> {
    let mut registration = good();
    for (name, value) in changes.as_object().unwrap() {
        registration[name] = value.clone();
    }
    check(&serde_json::from_value::<Client>(registration).unwrap())
}

#[test]
fn ordinary_registrations_are_taken() {
    for changes in [
        json!({}),
        json!({"token_endpoint_auth_method": "none", "application_type": "native",
               "redirect_uris": ["org.example.app:/callback", "http://127.0.0.1/callback"],
               "sector_identifier_uri": "https://example.org/sector.json"}),
        json!({"grant_types": ["authorization_code", "refresh_token"],
               "scope": "openid profile offline_access"}),
        json!({"require_pkce": false}),
        json!({"response_types": ["code", "code id_token", "id_token"],
               "grant_types": ["authorization_code", "implicit"]}),
        json!({"userinfo_signed_response_alg": "ES256"}),
        json!({"approved_claims": ["given_name", "grades", "student_number"],
               "scope": "openid profile roster roster.ids"}),
        json!({"subject_type": "public",
               "redirect_uris": ["https://a.example.org/", "https://b.example.org/"]}),
        json!({"initiate_login_uri": "https://grades.example.org/launch",
               "frontchannel_logout_uri": "https://grades.example.org/bye",
               "backchannel_logout_uri": "https://grades.example.org/logout"}),
        json!({"id_token_signed_response_alg": "ES256", "id_token_lifetime": 3600}),
    ] {
        assert_eq!(with(&changes), Ok(()), "{changes}");
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn refusals_name_the_field() {
    for (changes, field) in [
        (json!({"client_id": "with space"}), "client_id"),
        (json!({"client_id": ""}), "client_id"),
        (json!({"client_name": " "}), "client_name"),
        (json!({"client_name": "a\u{7}b"}), "client_name"),
        (json!({"contacts": ["nobody"]}), "contacts"),
        (json!({"redirect_uris": []}), "redirect_uris"),
        (
            json!({"redirect_uris": ["javascript:alert(1)"]}),
            "redirect_uris",
        ),
        (
            json!({"redirect_uris": ["https://a.example.org/", "https://a.example.org/"]}),
            "redirect_uris",
        ),
        (
            json!({"redirect_uris": ["org.example.app:/cb"]}),
            "redirect_uris",
        ),
        (
            json!({"redirect_uris": ["https://a.example.org/", "https://b.example.org/"]}),
            "sector_identifier_uri",
        ),
        (
            json!({"post_logout_redirect_uris": ["https://a.example.org/#x"]}),
            "post_logout_redirect_uris",
        ),
        (
            json!({"initiate_login_uri": "http://a.example.org/"}),
            "initiate_login_uri",
        ),
        (json!({"logo_uri": "data:image/png;base64,AA"}), "logo_uri"),
        (
            json!({"frontchannel_logout_uri": "https://other.example.org/bye"}),
            "frontchannel_logout_uri",
        ),
        (json!({"grant_types": ["refresh_token"]}), "grant_types"),
        (json!({"grant_types": []}), "grant_types"),
        (json!({"response_types": ["code id_token"]}), "grant_types"),
        (
            json!({"token_endpoint_auth_method": "none", "require_pkce": false}),
            "require_pkce",
        ),
        (
            json!({"jwks": {"keys": []}, "jwks_uri": "https://a.example.org/jwks"}),
            "jwks",
        ),
        (
            json!({"jwks": {"keys": [{"kty": "RSA", "d": "x"}]}}),
            "jwks",
        ),
        (
            json!({"jwks": {"keys": [{"kty": "oct", "k": "x"}]}}),
            "jwks",
        ),
        (json!({"jwks": []}), "jwks"),
        (
            json!({"token_endpoint_auth_method": "private_key_jwt"}),
            "jwks",
        ),
        (json!({"approved_claims": ["birthdate"]}), "approved_claims"),
        (
            json!({"approved_claims": ["name", "name"]}),
            "approved_claims",
        ),
        (json!({"approved_claims": ["student_number"]}), "scope"),
        (json!({"scope": "openid offline_access"}), "grant_types"),
        (json!({"scope": "profile"}), "scope"),
        (json!({"scope": "openid write:everything"}), "scope"),
        (
            json!({"access_token_lifetime": 601}),
            "access_token_lifetime",
        ),
        (json!({"id_token_lifetime": 59}), "id_token_lifetime"),
    ] {
        let refused = with(&changes).unwrap_err();
        assert_eq!(refused.field, field, "{changes}: {refused}");
        assert!(!refused.advice.is_empty());
    }
}

#[test]
fn a_refusal_reads_as_a_sentence() {
    let refused = with(&json!({"redirect_uris": ["http://a.example.org/cb"]})).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "`redirect_uris` \"http://a.example.org/cb\": uses http; use https (http is for localhost, 127.0.0.1 and [::1] only)"
    );
    assert_eq!(refused.error_code(), "invalid_redirect_uri");
}
