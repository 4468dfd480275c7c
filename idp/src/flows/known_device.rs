//! The device cookie: names a browser and says which accounts have signed in from it. It opens nothing; it only spares its
//! owner the waits that strangers have caused.
//!
//! Shape: base64url of 16 random bytes, then ten bytes an account (a keyed hash of 8, the day in 2), then a MAC of 16. No
//! table of devices is kept: classrooms drop their cookies every evening.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use subtle::ConstantTimeEq as _;

use super::Context;
use crate::clock::Timestamp;
use crate::ids::PersonId;
use crate::secret::{Secret, keyed_hash};

/// How many accounts a cookie remembers; the oldest sign-in gives way.
const ACCOUNTS: usize = 12;
/// Days for which a sign-in counts.
const DAYS: u16 = 180;
const ID: usize = 16;
const ENTRY: usize = 10;
const MAC: usize = 16;

/// A browser that carries a device cookie of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    id: [u8; ID],
    accounts: Vec<([u8; 8], u16)>,
}

impl Device {
    /// Reads a cookie; none when it is not ours, and then the device is a new one.
    pub fn read(cx: &Context, cookie: Option<&Secret>) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(cookie?.expose()).ok()?;
        let (body, mac) = bytes.split_at_checked(bytes.len().checked_sub(MAC)?)?;
        if !bool::from(seal(cx, body).as_slice().ct_eq(mac)) {
            return None;
        }
        let (id, entries) = body.split_first_chunk::<ID>()?;
        let accounts = entries
            .chunks_exact(ENTRY)
            .filter_map(|entry| {
                let (tag, day) = entry.split_first_chunk::<8>()?;
                Some((*tag, u16::from_be_bytes(*day.first_chunk()?)))
            })
            .collect();
        Some(Self { id: *id, accounts })
    }

    /// A device that has not been seen before.
    pub fn new(cx: &Context) -> Self {
        Self {
            id: cx.app.random.bytes(),
            accounts: Vec::new(),
        }
    }

    /// Its name in counters.
    pub fn name(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.id)
    }

    /// Whether this account has signed in from it within 180 days.
    pub fn knows(&self, cx: &Context, person: &PersonId) -> bool {
        let tag = self.tag(cx, person);
        let today = day(cx.now);
        self.accounts.iter().any(|(known, when)| {
            bool::from(known.ct_eq(&tag)) && today.saturating_sub(*when) <= DAYS
        })
    }

    /// The value of its cookie after a sign-in to this account.
    pub fn with(&self, cx: &Context, person: &PersonId) -> Secret {
        let tag = self.tag(cx, person);
        let others = self.accounts.iter().filter(|(known, _)| *known != tag);
        let mut body = self.id.to_vec();
        for (tag, day) in std::iter::once(&(tag, day(cx.now)))
            .chain(others)
            .take(ACCOUNTS)
        {
            body.extend_from_slice(tag);
            body.extend_from_slice(&day.to_be_bytes());
        }
        let mac = seal(cx, &body);
        body.extend_from_slice(&mac);
        Secret::new(URL_SAFE_NO_PAD.encode(body))
    }

    fn tag(&self, cx: &Context, person: &PersonId) -> [u8; 8] {
        let parts: [&[u8]; 3] = [b"account", &self.id, person.as_str().as_bytes()];
        keyed_hash(&cx.app.secrets.device, &parts)
            .first_chunk()
            .copied()
            .unwrap_or_default()
    }
}

fn seal(cx: &Context, body: &[u8]) -> [u8; MAC] {
    let mac = keyed_hash(&cx.app.secrets.device, &[b"cookie", body]);
    mac.first_chunk().copied().unwrap_or_default()
}

/// Days since the epoch; two bytes last until the year 2149.
fn day(now: Timestamp) -> u16 {
    u16::try_from(now.unix().div_euclid(86_400)).unwrap_or(u16::MAX)
}
