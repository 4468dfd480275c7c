//! The settings' sections, a struct each.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use crate::clock::Lifetime;
use crate::district::oneroster::Strictness;

/// The durable store.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Database {
    /// `sqlite://PATH?mode=rwc` or `postgres://…`. Default: `homeroom.sqlite` in `data_dir`.
    pub url: Option<String>,
    /// Most connections to PostgreSQL, or readers of SQLite. Default 8.
    pub connections: u32,
}

impl Default for Database {
    fn default() -> Self {
        Self {
            url: None,
            connections: 8,
        }
    }
}

/// The store of what expires.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct EphemeralSettings {
    /// `redis://…` or `rediss://…`. Default: none, this process's memory, good for one node.
    pub url: Option<String>,
}

/// The listener for Prometheus and health.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Metrics {
    /// Address and port of `/metrics`, `/healthz` and `/readyz`. Default: none, no metrics.
    pub listen: Option<SocketAddr>,
}

/// Limits of the HTTP server.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Serving {
    /// Proxies whose word about the client's address is taken, as networks. Default: none.
    pub trusted_proxies: Vec<IpNet>,
    /// The header in which they say it. Default `x-forwarded-for`.
    pub forwarded_header: String,
    /// Most connections at a time. Default 10,000.
    pub connections: usize,
    /// Most connections from one address outside `district.school_networks`, trusted proxies and loopback. Default 256.
    pub connections_per_address: usize,
    /// Seconds in which a request's headers must arrive. Default 10.
    pub header_timeout: u32,
    /// Seconds in which a request's body must arrive and its answer be made. Default 15.
    pub request_timeout: u32,
    /// Seconds that running requests get after SIGTERM. Default 25.
    pub drain: u32,
}

impl Default for Serving {
    fn default() -> Self {
        Self {
            trusted_proxies: Vec::new(),
            forwarded_header: "x-forwarded-for".into(),
            connections: 10_000,
            connections_per_address: 256,
            header_timeout: 10,
            request_timeout: 15,
            drain: 25,
        }
    }
}

/// TLS by this process.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// PEM file: the certificate, then its chain.
    pub certificate: PathBuf,
    /// PEM file: the private key.
    pub key: PathBuf,
}

/// Signing keys and the key that seals them.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Keys {
    /// File with the key-encryption key: lines of `id base64url(32 bytes)`, the first one seals. Default: `kek` in
    /// `data_dir`, made at the first start with mode 0400. Nodes of one portal share it. Never back it up beside the database.
    pub kek_file: Option<PathBuf>,
    /// Bits of RSA keys made from now on: 2048, 3072 or 4096. Default 2048.
    pub rsa_bits: usize,
    /// Days that a key signs before the next one takes over. Default 30.
    pub active_days: u32,
    /// Hours that a key is published before it signs, and after it has signed last. Default 24.
    pub publish_hours: u32,
}

impl Default for Keys {
    fn default() -> Self {
        Self {
            kek_file: None,
            rsa_bits: 2048,
            active_days: 30,
            publish_hours: 24,
        }
    }
}

/// Lifetimes of what the provider issues, in seconds.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Tokens {
    /// Authorization code; at most 60 (RFC 6749 §4.1.2 advises 10 minutes, FAPI 2.0 one). Default 60.
    pub code: Lifetime,
    /// `request_uri` of a pushed request (RFC 9126 §2.2). Default 60.
    pub pushed_request: Lifetime,
    /// Access token. Default 300, at most 600.
    pub access_token: Lifetime,
    /// ID token. Default 300.
    pub id_token: Lifetime,
    /// Logout token. Default 120.
    pub logout_token: Lifetime,
    /// Idle end of a refresh token. Default 7 days.
    pub refresh_idle: Lifetime,
    /// Absolute end of a refresh token's family. Default 30 days.
    pub refresh_absolute: Lifetime,
    /// Seconds in which a refresh token may be sent again when its answer was lost. Default 10.
    pub refresh_retry: Lifetime,
}

impl Default for Tokens {
    fn default() -> Self {
        Self {
            code: Lifetime::seconds(60),
            pushed_request: Lifetime::seconds(60),
            access_token: Lifetime::minutes(5),
            id_token: Lifetime::minutes(5),
            logout_token: Lifetime::minutes(2),
            refresh_idle: Lifetime::days(7),
            refresh_absolute: Lifetime::days(30),
            refresh_retry: Lifetime::seconds(10),
        }
    }
}

/// How often one may try something: `free` tries in `window` seconds, then waits, then a hard end.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Failures without a wait, in one window.
    pub free: u32,
    /// Seconds of a window.
    pub window: Lifetime,
    /// Seconds of each wait after the free failures; the last one repeats.
    pub waits: Vec<Lifetime>,
    /// Failures without a success after which this lane is closed.
    pub hard_end: u32,
}

/// How often one may try to sign in or to claim.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Throttling {
    /// Passwords from a device that has signed in to this account before.
    pub known_device: Limits,
    /// Passwords from the district's networks.
    pub school_network: Limits,
    /// Passwords from anywhere else.
    pub anywhere: Limits,
    /// Failed claims an hour for one student or employee number. Default 5.
    pub claims_per_number_hour: u32,
    /// Failed claims a day for one student or employee number. Default 10.
    pub claims_per_number_day: u32,
    /// Failed claims an hour for one last and first name. Default 5.
    pub claims_per_name_hour: u32,
    /// Failed claims an hour from one device. Default 20.
    pub claims_per_device_hour: u32,
    /// Failed client authentications in 10 minutes for one client from one address. Default 30.
    pub client_authentication: u32,
    /// Hashes at a time. Default: the number of cores, at least 1.
    pub hash_permits: Option<usize>,
    /// Requests that may wait for a hash; more get 503. Default 200.
    pub hash_queue: usize,
    /// Seconds that a request waits for a hash before it gets 503. Default 5.
    pub hash_wait: u32,
}

impl Default for Throttling {
    fn default() -> Self {
        let lane = |free, waits: &[u32], hard_end| Limits {
            free,
            window: Lifetime::minutes(10),
            waits: waits.iter().copied().map(Lifetime::seconds).collect(),
            hard_end,
        };
        Self {
            known_device: lane(10, &[30, 60, 120, 300, 600], 40),
            school_network: lane(8, &[30, 60, 120, 300], 30),
            anywhere: lane(5, &[60, 300, 900, 1800, 7200], 30),
            claims_per_number_hour: 5,
            claims_per_number_day: 10,
            claims_per_name_hour: 5,
            claims_per_device_hour: 20,
            client_authentication: 30,
            hash_permits: None,
            hash_queue: 200,
            hash_wait: 5,
        }
    }
}

/// Time zone, networks and number formats of the district.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct District {
    /// IANA name of the district's time zone. Default `America/New_York`.
    pub time_zone: chrono_tz::Tz,
    /// The district's own networks, as `10.0.0.0/8`. Default: none.
    pub school_networks: Vec<IpNet>,
    /// Digits of a student number; other lengths are reported at import, not refused. Default 7.
    pub student_number_digits: u32,
    /// What precedes the number in a student's username. Default `s`.
    pub student_prefix: String,
    /// What precedes the number in an employee's username. Default `e`.
    pub staff_prefix: String,
    /// Whether guardians may sign in. Default no.
    pub guardians_sign_in: bool,
    /// Whether devices are shared: names and numbers are then kept out of the browser's autofill. Default yes.
    pub shared_devices: bool,
    /// Domains whose e-mail addresses the district vouches for: `email_verified`. Default: none.
    pub email_domains: Vec<String>,
}

impl Default for District {
    fn default() -> Self {
        Self {
            time_zone: chrono_tz::Tz::America__New_York,
            school_networks: Vec::new(),
            student_number_digits: 7,
            student_prefix: "s".into(),
            staff_prefix: "e".into(),
            guardians_sign_in: false,
            shared_devices: true,
            email_domains: Vec::new(),
        }
    }
}

/// Roster imports.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Roster {
    /// `tolerant` or `strict`: whether small flaws of an export are repaired and reported, or refuse it. Default `tolerant`.
    pub mode: Strictness,
    /// Whether parents, guardians and relatives are imported. Default no.
    pub import_guardians: bool,
    /// Whether birth dates are imported, as a proof at the claim; of demographics nothing else ever is. Default no.
    pub birth_dates: bool,
    /// Percent of the active students, or of the active staff, that an import may deactivate before it waits for approval.
    /// Default 5.
    pub deactivation_percent: u32,
    /// Percent of the active people of one school. Default 20.
    pub school_percent: u32,
    /// Percent of a file's rows that may be set aside before the import waits for approval. Default 1.
    pub quarantine_percent: u32,
    /// People who may come under a new sourcedId before the import waits for approval. Default 20.
    pub rekeyed: u32,
    /// Further names of grades, as `"Grade 7" = "07"`; codes are IT, PR, PK, TK, KG, 01 to 13, PS, UG, Other. Default: none.
    pub grade_aliases: BTreeMap<String, String>,
}

impl Default for Roster {
    fn default() -> Self {
        Self {
            mode: Strictness::Tolerant,
            import_guardians: false,
            birth_dates: false,
            deactivation_percent: 5,
            school_percent: 20,
            quarantine_percent: 1,
            rekeyed: 20,
            grade_aliases: BTreeMap::new(),
        }
    }
}

/// The district's name, crest, color and words.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Branding {
    /// What the portal is called. Default `CCPS Portal`.
    pub portal_name: String,
    /// The district's name. Default `Clayton County Public Schools`.
    pub district_name: String,
    /// City and state. Default `Jonesboro, GA`.
    pub place: String,
    /// One color, `#rrggbb`. Lighter and darker shades and the contrast color are computed. Default `#1d4f91`.
    pub color: String,
    /// SVG or PNG file of the crest, at most 64 KB. Default: a crest of ours.
    pub crest_file: Option<PathBuf>,
    /// The footer's line. Default: the district's name and place.
    pub footer: Option<String>,
    /// What the roster's source is called. Default `Infinite Campus`.
    pub roster_name: String,
    /// Whom to ask for help when the school has no technician of its own. Default `your teacher or the school's technician`,
    /// in the reader's language.
    pub help_contact: Option<String>,
    /// The district's help page, `https://…`. Default: the portal's own guide.
    pub help_url: Option<String>,
}

impl Default for Branding {
    fn default() -> Self {
        Self {
            portal_name: "CCPS Portal".into(),
            district_name: "Clayton County Public Schools".into(),
            place: "Jonesboro, GA".into(),
            color: "#1d4f91".into(),
            crest_file: None,
            footer: None,
            roster_name: "Infinite Campus".into(),
            help_contact: None,
            help_url: None,
        }
    }
}

/// Switches for tests; refused unless `public_url` is on loopback.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Testing {
    /// Lets outbound calls reach loopback addresses over http. Default no.
    pub outbound_loopback: bool,
    /// `"off"` switches waits and limits off. Default: on.
    pub throttling: Option<String>,
}

impl Testing {
    /// Whether limits are switched off.
    pub fn unthrottled(&self) -> bool {
        self.throttling.as_deref() == Some("off")
    }
}
