//! Which `redirect_uri` is registered: byte for byte, but for the port of a native app on loopback.
//!
//! RFC 6749 §3.1.2, RFC 8252 §7.3, RFC 9700 §2.1. Nothing is parsed and compared: what a parser normalizes, an attacker bends.

/// Whether the client may be on this machine, which decides about the port on loopback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Match {
    /// Every byte counts.
    Exact,
    /// Every byte counts, but a registered loopback address fits whatever the port (RFC 8252 §7.3: "The authorization server
    /// MUST allow any port to be specified at the time of the request for loopback IP redirect URIs").
    LoopbackPort,
}

/// Whether `asked` is one of `registered`.
pub fn is_registered(registered: &[String], how: Match, asked: &str) -> bool {
    registered.iter().any(|known| {
        known == asked
            || (how == Match::LoopbackPort
                && without_port(known).is_some_and(|known| without_port(asked) == Some(known)))
    })
}

/// A loopback address split around its port: what stands before and after. `None` for any other address, and for a port that
/// is no number of 1 to 65535 in its shortest form.
fn without_port(uri: &str) -> Option<(&'static str, &str)> {
    // RFC 8252 §7.3 names the two IP literals; §8.3 advises against `localhost`.
    for host in ["http://127.0.0.1", "http://[::1]"] {
        let Some(rest) = uri.strip_prefix(host) else {
            continue;
        };
        let path_at = rest.find(['/', '?']).unwrap_or(rest.len());
        let (port, path) = rest.split_at(path_at);
        let sound = match port.strip_prefix(':') {
            None => port.is_empty(),
            Some(digits) => {
                digits.bytes().all(|b| b.is_ascii_digit())
                    && digits
                        .parse::<u16>()
                        .is_ok_and(|port| port > 0 && port.to_string() == digits)
            }
        };
        return sound.then_some((host, path));
    }
    None
}

/// The origin of an address as CSP's `form-action` takes it: `https://host[:port]`, or `scheme:` for an app's own scheme.
/// `None` if it is no address that we would register.
pub fn form_action_source(uri: &str) -> Option<String> {
    let url = url::Url::parse(uri).ok()?;
    match url.scheme() {
        "https" | "http" => Some(url.origin().ascii_serialization()),
        scheme => Some(format!("{scheme}:")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn registered() -> Vec<String> {
        [
            "https://library.example/cb",
            "https://library.example/q?tenant=1",
            "http://127.0.0.1/cb",
            "http://[::1]:9/cb",
            "org.example.app:/cb",
        ]
        .map(str::to_owned)
        .to_vec()
    }

    #[test]
    fn exact_near_misses() {
        let registered = registered();
        for known in &registered {
            assert!(is_registered(&registered, Match::Exact, known));
        }
        for near in [
            "",
            "https://library.example/cb/",
            "https://library.example/cb?",
            "https://library.example/cb#",
            "https://library.example/cb#x",
            "https://library.example/cb?x=1",
            "https://library.example/cb/../cb",
            "https://library.example/%63b",
            "https://library.example/CB",
            "https://LIBRARY.example/cb",
            "HTTPS://library.example/cb",
            "http://library.example/cb",
            "https://library.example:443/cb",
            "https://library.example./cb",
            "https://user@library.example/cb",
            "https://library.example@evil.example/cb",
            "https://library.example\\@evil.example/cb",
            "https://library.example.evil.example/cb",
            "https://evil.example/https://library.example/cb",
            "https://library.example/q",
            "https://library.example/q?tenant=2",
            "https://library.example/q?tenant=1&x=2",
            "https://library.example/cb ",
            " https://library.example/cb",
            "https://library.example/c",
            "//library.example/cb",
            "http://127.0.0.1:8000/cb",
            "org.example.app:/cb/",
            "org.example.app:/CB",
        ] {
            assert!(!is_registered(&registered, Match::Exact, near), "{near:?}");
        }
    }

    #[test]
    fn loopback_ports() {
        let registered = registered();
        for fits in [
            "http://127.0.0.1/cb",
            "http://127.0.0.1:8000/cb",
            "http://127.0.0.1:65535/cb",
            "http://[::1]:51004/cb",
            "http://[::1]/cb",
        ] {
            assert!(
                is_registered(&registered, Match::LoopbackPort, fits),
                "{fits}"
            );
        }
        for misses in [
            "http://127.0.0.1:0/cb",
            "http://127.0.0.1:/cb",
            "http://127.0.0.1:08000/cb",
            "http://127.0.0.1:65536/cb",
            "http://127.0.0.1:+80/cb",
            "http://127.0.0.1:80@evil.example/cb",
            "http://127.0.0.1@evil.example/cb",
            "http://127.0.0.1.evil.example/cb",
            "http://127.0.0.11/cb",
            "http://127.0.0.1:8000/cb/",
            "http://127.0.0.1:8000/",
            "http://127.0.0.1:8000",
            "http://127.0.0.1:8000/cb?x=1",
            "http://127.0.0.1:8000/cb#x",
            "https://127.0.0.1:8000/cb",
            "http://localhost:8000/cb",
            "http://127.1:8000/cb",
            "http://[::2]:8000/cb",
            "http://[::1:8000/cb",
            "https://library.example:8443/cb",
        ] {
            assert!(
                !is_registered(&registered, Match::LoopbackPort, misses),
                "{misses}"
            );
        }
    }

    #[test]
    fn nothing_registered_fits_nothing() {
        assert!(!is_registered(&[], Match::LoopbackPort, ""));
        assert!(!is_registered(
            &[],
            Match::LoopbackPort,
            "https://library.example/cb"
        ));
    }

    #[test]
    fn sources_for_form_action() {
        for (uri, expected) in [
            (
                "https://library.example/cb",
                Some("https://library.example"),
            ),
            (
                "http://127.0.0.1:8123/cb?x=1",
                Some("http://127.0.0.1:8123"),
            ),
            ("org.example.app:/cb", Some("org.example.app:")),
            ("no address", None),
        ] {
            assert_eq!(form_action_source(uri).as_deref(), expected, "{uri}");
        }
    }

    proptest! {
        #[test]
        fn a_changed_character_never_matches(at in 0usize..26, letter in any::<char>()) {
            let known = "https://library.example/cb".to_owned();
            let mut other = known.clone();
            other.replace_range(at..=at, &letter.to_string());
            prop_assert_eq!(is_registered(std::slice::from_ref(&known), Match::LoopbackPort, &other), other == known);
        }

        #[test]
        fn what_fits_loopback_is_loopback(tail in "[:0-9@/.\\[\\]a-z#?\\\\]{0,24}") {
            let registered = ["http://127.0.0.1/cb".to_owned()];
            let asked = format!("http://127.0.0.1{tail}");
            if is_registered(&registered, Match::LoopbackPort, &asked) {
                let url = url::Url::parse(&asked).unwrap();
                prop_assert_eq!(url.host_str(), Some("127.0.0.1"));
                prop_assert_eq!(url.path(), "/cb");
                prop_assert_eq!(url.username(), "");
            }
        }
    }
}
