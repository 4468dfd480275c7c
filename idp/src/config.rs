//! Settings: read once from defaults, a TOML file and `IDP_` variables, validated at start. Every key has its unit and its
//! default here; `idp settings` prints them.

mod load;
mod policy;
mod sections;

pub use self::load::{SettingsError, load};
pub use self::policy::{NameMatch, Policy, Profile};
pub use self::sections::{
    Branding, Database, District, EphemeralSettings, Keys, Limits, Metrics, Roster, Serving,
    Testing, Throttling, Tls, Tokens,
};

use serde::{Deserialize, Serialize};
use url::Url;

/// All settings of one node. Nodes of one portal must agree in all but `listen`, `metrics` and `log`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// The portal's address as browsers see it, and the issuer (RFC 8414 §2). No path, no trailing slash. `https`, or
    /// `http` on a loopback host only. Default `http://localhost:8080`.
    pub public_url: String,
    /// Address and port to listen on. Default `127.0.0.1:8080`.
    pub listen: std::net::SocketAddr,
    /// What is logged, in the syntax of `RUST_LOG`. Default `info`.
    pub log: String,
    /// Where this node keeps what it must keep itself: the key-encryption key, the SQLite file, the sessions' snapshot.
    /// Default `data`.
    pub data_dir: std::path::PathBuf,
    /// The durable store.
    pub database: Database,
    /// The store of what expires.
    pub ephemeral: EphemeralSettings,
    /// The listener for Prometheus and health.
    pub metrics: Metrics,
    /// Limits of the HTTP server.
    pub serving: Serving,
    /// TLS by this process; usually a proxy's work.
    pub tls: Option<Tls>,
    /// Signing keys and the key that seals them.
    pub keys: Keys,
    /// Lifetimes of what the provider issues.
    pub tokens: Tokens,
    /// Rules for accounts, passwords, questions and sessions.
    pub policy: Policy,
    /// How often one may try.
    pub throttling: Throttling,
    /// Time zone, networks and number formats of the district.
    pub district: District,
    /// Roster imports.
    pub roster: Roster,
    /// The district's name, crest, color and words.
    pub branding: Branding,
    /// Switches for tests; refused unless `public_url` is on loopback.
    pub testing: Testing,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            public_url: "http://localhost:8080".into(),
            listen: std::net::SocketAddr::from(([127, 0, 0, 1], 8080)),
            log: "info".into(),
            data_dir: "data".into(),
            database: Database::default(),
            ephemeral: EphemeralSettings::default(),
            metrics: Metrics::default(),
            serving: Serving::default(),
            tls: None,
            keys: Keys::default(),
            tokens: Tokens::default(),
            policy: Policy::default(),
            throttling: Throttling::default(),
            district: District::default(),
            roster: Roster::default(),
            branding: Branding::default(),
            testing: Testing::default(),
        }
    }
}

impl Settings {
    /// `public_url` as the issuer identifier: exactly as written.
    pub fn issuer(&self) -> &str {
        &self.public_url
    }

    /// The address of `path` (which starts with `/`) on the portal.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.public_url)
    }

    /// Whether `public_url` is on loopback.
    pub fn on_loopback(&self) -> bool {
        Url::parse(&self.public_url).is_ok_and(|url| match url.host() {
            Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        })
    }

    /// The URL of the durable store: as set, or a SQLite file in `data_dir`.
    pub fn database_url(&self) -> String {
        self.database.url.clone().unwrap_or_else(|| {
            format!(
                "sqlite://{}?mode=rwc",
                self.data_dir.join("homeroom.sqlite").display()
            )
        })
    }
}
