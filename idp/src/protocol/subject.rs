//! The subject that a client knows a person by: pairwise or public (OIDC Core §8).

use url::Url;

use super::client::{Client, SubjectType};
use super::registered_uri::is_loopback;
use crate::ids::PersonId;
use crate::secret::keyed_text;

/// The sector that a client's pairwise subjects belong to: the host of its `sector_identifier_uri`, else the one host of
/// its redirect URIs (OIDC Core §8.1). None where the redirect URIs have several hosts.
///
/// Loopback addresses belong to nobody: they are passed over, and a client that has no other address is a sector of its own.
/// An address with a scheme of the application's own counts by its scheme.
pub fn sector(client: &Client) -> Option<String> {
    if let Some(uri) = &client.sector_identifier_uri {
        return Url::parse(uri)
            .ok()?
            .host_str()
            .map(str::to_ascii_lowercase);
    }
    let mut found: Option<String> = None;
    for uri in &client.redirect_uris {
        let url = Url::parse(uri).ok()?;
        if is_loopback(&url) {
            continue;
        }
        let owner = match url.scheme() {
            "https" | "http" => url.host_str()?.to_ascii_lowercase(),
            scheme => scheme.to_owned(),
        };
        match &found {
            Some(other) if *other != owner => return None,
            _ => found = Some(owner),
        }
    }
    Some(found.unwrap_or_else(|| format!("client:{}", client.client_id)))
}

/// The `sub` claim of `person` for `client`: HMAC-SHA-256 under `salt`, 43 characters of base64url. The same for ever;
/// says nothing of the person. None where a pairwise client has no single sector, which registration refuses.
pub fn subject(salt: &[u8; 32], client: &Client, person: &PersonId) -> Option<String> {
    let id = person.as_str().as_bytes();
    match client.subject_type {
        SubjectType::Public => Some(keyed_text(salt, &[b"public", id])),
        SubjectType::Pairwise => {
            let sector = sector(client)?;
            Some(keyed_text(salt, &[b"pairwise", sector.as_bytes(), id]))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::ClientId;

    fn client(id: &str, uris: &[&str]) -> Client {
        Client {
            client_id: ClientId::new(id),
            redirect_uris: uris.iter().copied().map(Into::into).collect(),
            ..Client::default()
        }
    }

    #[test]
    fn sectors() {
        for (uris, expected) in [
            (&["https://a.example.org/cb"][..], Some("a.example.org")),
            (
                &[
                    "https://a.example.org/cb",
                    "https://A.example.org:8443/other",
                ],
                Some("a.example.org"),
            ),
            (
                &["https://a.example.org/cb", "https://b.example.org/cb"],
                None,
            ),
            (
                &["https://a.example.org/cb", "http://localhost:3000/cb"],
                Some("a.example.org"),
            ),
            (&["http://localhost:9001/cb"], Some("client:one")),
            (
                &["http://127.0.0.1/cb", "http://[::1]/cb"],
                Some("client:one"),
            ),
            (&["org.example.app:/cb"], Some("org.example.app")),
            (&["org.example.app:/cb", "https://a.example.org/cb"], None),
        ] {
            assert_eq!(
                sector(&client("one", uris)).as_deref(),
                expected,
                "{uris:?}"
            );
        }
        let mut several = client(
            "one",
            &["https://a.example.org/cb", "https://b.example.org/cb"],
        );
        several.sector_identifier_uri = Some("https://Example.org/sector.json".into());
        assert_eq!(sector(&several).as_deref(), Some("example.org"));
    }

    #[test]
    fn two_sectors_cannot_join_their_data() {
        let salt = [3; 32];
        let person = PersonId::new("0198c0de-0000-7000-8000-000000000001");
        let one = client("one", &["https://a.example.org/cb"]);
        let sibling = client("two", &["https://a.example.org/other"]);
        let other = client("three", &["https://b.example.org/cb"]);
        let subject_of = |client: &Client| subject(&salt, client, &person).unwrap();
        assert_eq!(subject_of(&one).len(), 43);
        assert_eq!(subject_of(&one), subject_of(&sibling));
        assert_ne!(subject_of(&one), subject_of(&other));
        let public = |id: &str, uri: &str| Client {
            subject_type: SubjectType::Public,
            ..client(id, &[uri])
        };
        let first = subject_of(&public("four", "https://a.example.org/cb"));
        assert_eq!(
            first,
            subject_of(&public("five", "https://b.example.org/cb"))
        );
        assert_ne!(first, subject_of(&one));
        assert_ne!(subject(&[4; 32], &one, &person).unwrap(), subject_of(&one));
    }
}
