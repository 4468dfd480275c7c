//! Who asks. The only place that reads a forwarding header.

use std::net::IpAddr;

use http::HeaderMap;
use ipnet::IpNet;

use crate::config::Settings;
use crate::flows::{Network, Peer};

/// The client of a request: the socket's address, unless that is a trusted proxy; then the right-most address of the
/// configured header that is not a trusted proxy's. What cannot be read counts as the proxy itself: never an error, never a
/// skipped check.
pub fn peer(settings: &Settings, socket: IpAddr, headers: &HeaderMap) -> Peer {
    let address = client(settings, socket.to_canonical(), headers);
    let school = contains(&settings.district.school_networks, address);
    Peer {
        address,
        network: if school {
            Network::School
        } else {
            Network::Elsewhere
        },
    }
}

fn client(settings: &Settings, socket: IpAddr, headers: &HeaderMap) -> IpAddr {
    let trusted = &settings.serving.trusted_proxies;
    if !contains(trusted, socket) {
        return socket;
    }
    let mut lines = Vec::new();
    for line in headers.get_all(settings.serving.forwarded_header.as_str()) {
        match line.to_str() {
            Ok(text) => lines.push(text),
            Err(_) => return socket,
        }
    }
    let mut last = socket;
    for hop in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        let Ok(address) = hop.trim().parse::<IpAddr>() else {
            return last;
        };
        last = address.to_canonical();
        if !contains(trusted, last) {
            return last;
        }
    }
    last
}

fn contains(networks: &[IpNet], address: IpAddr) -> bool {
    networks.iter().any(|network| network.contains(&address))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let mut settings = Settings::default();
        settings.serving.trusted_proxies = vec!["10.0.0.0/8".parse().unwrap()];
        settings.district.school_networks = vec!["203.0.113.0/24".parse().unwrap()];
        let ask = |socket: &str, header: Option<&str>| {
            let mut headers = HeaderMap::new();
            if let Some(value) = header {
                headers.insert("x-forwarded-for", value.parse().unwrap());
            }
            let peer = peer(&settings, socket.parse().unwrap(), &headers);
            (peer.address.to_string(), peer.network)
        };
        let elsewhere = |address: &str| (address.to_owned(), Network::Elsewhere);
        assert_eq!(
            ask("198.51.100.7", Some("203.0.113.9")),
            elsewhere("198.51.100.7")
        );
        assert_eq!(
            ask("10.1.1.1", Some("203.0.113.9")),
            ("203.0.113.9".into(), Network::School)
        );
        assert_eq!(
            ask("10.1.1.1", Some("1.2.3.4, 198.51.100.7, 10.2.2.2")),
            elsewhere("198.51.100.7")
        );
        assert_eq!(ask("10.1.1.1", Some("junk")), elsewhere("10.1.1.1"));
        assert_eq!(
            ask("10.1.1.1", Some("1.2.3.4, junk, 10.2.2.2")),
            elsewhere("10.2.2.2")
        );
        assert_eq!(ask("10.1.1.1", None), elsewhere("10.1.1.1"));
        assert_eq!(ask("::ffff:198.51.100.7", None), elsewhere("198.51.100.7"));
    }
}
