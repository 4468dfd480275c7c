//! Refresh tokens: rotation, the honest retry, and what counts as theft. RFC 6749 §6, RFC 9700 §4.14.2.
//!
//! A grant has one living line of tokens. A used token points at its successor; a successor that was replaced because its
//! answer got lost is used without a successor.

use serde::{Deserialize, Serialize};

use super::claims::ClaimsRequest;
use super::scope::ScopeSet;
use crate::clock::{Lifetime, Timestamp};
use crate::ids::{ClientId, GrantId, PersonId, Sid};
use crate::secret::Digest;

/// A standing permission: what a line of refresh tokens hangs from.
#[derive(Clone, Debug, PartialEq)]
pub struct Grant {
    /// Its id, ours alone.
    pub id: GrantId,
    /// About whom.
    pub person_id: PersonId,
    /// For whom.
    pub client_id: ClientId,
    /// The session that it ends with; `None` with `offline_access`.
    pub sid: Option<Sid>,
    /// The most that a refresh can yield.
    pub scope: ScopeSet,
    /// The rest of the request and of the sign-in.
    pub terms: Terms,
    /// When the person proved who they are.
    pub auth_time: Timestamp,
    /// The account's epoch then.
    pub auth_epoch: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends in any case.
    pub expires_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// What a grant keeps as JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Terms {
    /// Single claims asked for.
    #[serde(default)]
    pub claims: ClaimsRequest,
    /// The session in which the grant was made, for the `sid` claim.
    pub sid: Sid,
    /// Authentication class.
    pub acr: String,
    /// How the person signed in.
    pub amr: Vec<String>,
}

/// A refresh token, known by its digest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefreshToken {
    /// What we keep of it.
    pub digest: Digest,
    /// The grant that it belongs to.
    pub grant_id: GrantId,
    /// How many came before it.
    pub generation: i64,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// When it ends unused.
    pub expires_at: Timestamp,
    /// When it was used, or replaced.
    pub used_at: Option<Timestamp>,
    /// What took its place; `None` for a token that was replaced.
    pub successor: Option<Digest>,
}

/// What to do with a refresh token that was presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// First use: issue its successor.
    Rotate,
    /// The answer was lost seconds ago and nobody has used the successor: replace the successor.
    Retry,
    /// It was used before: somebody has stolen something. Revoke the whole grant.
    Revoke,
    /// Expired, revoked, or another client's. Nothing changes.
    Refuse,
}

/// Decides. `successor` is the token that `token` points at, if it is there.
///
/// Left to the caller: that only one of two racers gets `Rotate` or `Retry` done, by conditional updates.
pub fn decide(
    token: &RefreshToken,
    grant: &Grant,
    successor: Option<&RefreshToken>,
    client_id: &ClientId,
    (window, now): (Lifetime, Timestamp),
) -> Decision {
    // A stranger's request must neither work nor hurt the owner.
    if grant.client_id != *client_id || grant.revoked_at.is_some() {
        return Decision::Refuse;
    }
    let Some(used_at) = token.used_at else {
        let alive = now < token.expires_at && now < grant.expires_at;
        return if alive {
            Decision::Rotate
        } else {
            Decision::Refuse
        };
    };
    let lost_just_now = now < used_at.plus(window) && now < grant.expires_at;
    match successor {
        Some(successor) if lost_just_now && successor.used_at.is_none() => Decision::Retry,
        _ => Decision::Revoke,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_unix(NOW + seconds)
    }

    fn token(used: Option<i64>, expires: i64) -> RefreshToken {
        RefreshToken {
            digest: Digest::from_stored("d"),
            grant_id: GrantId::new("g"),
            generation: 0,
            issued_at: at(-100),
            expires_at: at(expires),
            used_at: used.map(at),
            successor: used.map(|_| Digest::from_stored("e")),
        }
    }

    fn grant(revoked: bool, expires: i64) -> Grant {
        Grant {
            id: GrantId::new("g"),
            person_id: PersonId::new("p"),
            client_id: ClientId::new("app"),
            sid: None,
            scope: ScopeSet::default(),
            terms: Terms {
                claims: ClaimsRequest::default(),
                sid: Sid::new("s"),
                acr: "1".into(),
                amr: vec!["pwd".into()],
            },
            auth_time: at(-100),
            auth_epoch: 1,
            created_at: at(-100),
            expires_at: at(expires),
            revoked_at: revoked.then(|| at(-1)),
        }
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "one table")]
    fn decisions() {
        use Decision::{Refuse, Retry, Revoke, Rotate};
        let unused = || Some(token(None, 100));
        let used = || Some(token(Some(-1), 100));
        let fine = || grant(false, 1000);
        for (name, presented, grant, successor, client, expected) in [
            ("first use", token(None, 1), fine(), None, "app", Rotate),
            ("expired", token(None, 0), fine(), None, "app", Refuse),
            (
                "grant over",
                token(None, 1),
                grant(false, 0),
                None,
                "app",
                Refuse,
            ),
            (
                "revoked",
                token(None, 1),
                grant(true, 1000),
                None,
                "app",
                Refuse,
            ),
            (
                "another client",
                token(None, 1),
                fine(),
                None,
                "other",
                Refuse,
            ),
            (
                "lost answer",
                token(Some(-9), 1),
                fine(),
                unused(),
                "app",
                Retry,
            ),
            // Whether the old one has expired since means nothing: it was used in time.
            (
                "lost answer late",
                token(Some(-9), -5),
                fine(),
                unused(),
                "app",
                Retry,
            ),
            (
                "ten seconds on",
                token(Some(-10), 1),
                fine(),
                unused(),
                "app",
                Revoke,
            ),
            (
                "successor used",
                token(Some(-1), 1),
                fine(),
                used(),
                "app",
                Revoke,
            ),
            ("replaced", token(Some(-1), 1), fine(), None, "app", Revoke),
            (
                "replayed by another client",
                token(Some(-50), 1),
                fine(),
                used(),
                "other",
                Refuse,
            ),
            (
                "replayed after revocation",
                token(Some(-50), 1),
                grant(true, 1000),
                used(),
                "app",
                Refuse,
            ),
        ] {
            let decision = decide(
                &presented,
                &grant,
                successor.as_ref(),
                &ClientId::new(client),
                (Lifetime::seconds(10), at(0)),
            );
            assert_eq!(decision, expected, "{name}");
        }
    }
}
