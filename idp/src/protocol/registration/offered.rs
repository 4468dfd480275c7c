//! What a registration may name and this version does not do: better refused than kept and passed over.

use serde_json::Value;

use super::Refused;
use crate::protocol::client::{AuthMethod, Client, GrantType, SigningAlgorithm};

/// Fields that must stand at their default.
const NOT_YET: [&str; 11] = [
    "token_endpoint_auth_signing_alg",
    "id_token_encrypted_response_alg",
    "id_token_encrypted_response_enc",
    "userinfo_encrypted_response_alg",
    "userinfo_encrypted_response_enc",
    "authorization_signed_response_alg",
    "request_object_signing_alg",
    "require_signed_request_object",
    "request_uris",
    "require_pushed_authorization_requests",
    "dpop_bound_access_tokens",
];

/// Refuses the first field or value that nothing here acts on.
pub fn check(client: &Client) -> Result<(), Refused> {
    let refuse = |field, found: &str| {
        Err(Refused::new(
            field,
            found,
            "this version does not offer it; leave it out",
        ))
    };
    let own = serde_json::to_value(client).unwrap_or_default();
    let plain = serde_json::to_value(Client::default()).unwrap_or_default();
    for field in NOT_YET {
        match own.get(field) {
            value if value == plain.get(field) => {}
            Some(Value::String(text)) => return refuse(field, text),
            value => return refuse(field, &value.map(Value::to_string).unwrap_or_default()),
        }
    }
    let later =
        |grant: &&GrantType| matches!(grant, GrantType::ClientCredentials | GrantType::DeviceCode);
    if let Some(grant) = client.grant_types.iter().find(later) {
        return refuse("grant_types", grant.as_str());
    }
    let method = client.token_endpoint_auth_method;
    if matches!(
        method,
        AuthMethod::PrivateKeyJwt | AuthMethod::ClientSecretJwt
    ) {
        return refuse("token_endpoint_auth_method", method.as_str());
    }
    let algorithms = [
        (
            "id_token_signed_response_alg",
            Some(client.id_token_signed_response_alg),
        ),
        (
            "userinfo_signed_response_alg",
            client.userinfo_signed_response_alg,
        ),
    ];
    for (field, algorithm) in algorithms {
        // The issuer keeps no key for it.
        if algorithm == Some(SigningAlgorithm::PS256) {
            return refuse(field, "PS256");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_nothing_acts_on_is_not_kept_silently() {
        for (field, value) in [
            ("id_token_encrypted_response_alg", json!("RSA-OAEP-256")),
            ("dpop_bound_access_tokens", json!(true)),
            ("request_uris", json!(["https://a.example.org/r"])),
            ("id_token_signed_response_alg", json!("PS256")),
            ("userinfo_signed_response_alg", json!("PS256")),
            ("grant_types", json!(["client_credentials"])),
            ("token_endpoint_auth_method", json!("private_key_jwt")),
        ] {
            let client: Client = serde_json::from_value(json!({ field: value })).unwrap();
            let refused = check(&client).unwrap_err();
            assert_eq!(refused.field, field);
            assert!(refused.advice.contains("does not offer"));
        }
        assert_eq!(check(&Client::default()), Ok(()));
    }

    #[test]
    fn every_name_in_the_list_is_a_field() {
        let plain = serde_json::to_value(Client::default()).unwrap();
        for field in NOT_YET {
            assert!(plain.get(field).is_some(), "{field}");
        }
    }
}
