//! Step 1 of a claim: whom the typed names and number mean, how often one may ask, and what is written down of a refusal.

use serde_json::{Map, Value};

use super::{Claimant, Typed, Verified};
use crate::clock::Lifetime;
use crate::config::NameMatch;
use crate::district::claiming::{self, Candidate, Decision, Proof, Reason, Refused, Rule};
use crate::district::name_match::{Strictness, TypedNames, normalize_name};
use crate::district::number::TypedNumber;
use crate::ephemeral::Kind;
use crate::flows::audit::{self, Event};
use crate::flows::known_device::Device;
use crate::flows::limits::Tally;
use crate::flows::support_codes::{self, Refusal};
use crate::flows::{Context, FlowError, Network};
use crate::ids::PersonId;
use crate::secret::keyed_text;
use crate::store::{accounts, claim_codes};

/// How much of a typed text is kept for staff.
const KEPT: usize = 60;

/// What the stores and the rule say.
pub(super) struct Found {
    /// The people whose number it could be.
    pub candidates: Vec<Candidate>,
    /// The rule's word.
    pub decision: Decision,
    /// Digest of the claim code that was shown.
    pub claim_code: Option<String>,
}

/// Asks the stores and the rule. Every path asks the same questions of the stores.
pub(super) async fn look_up(
    cx: &Context,
    typed: &Typed<'_>,
    number: &TypedNumber,
) -> Result<Found, FlowError> {
    let settings = &cx.app.settings;
    let db = cx.app.store.read();
    let nobody = [String::from("-")];
    let numbers = if number.candidates.is_empty() {
        &nobody[..]
    } else {
        &number.candidates
    };
    let candidates = accounts::list_candidates(db, numbers).await?;
    let claim_code =
        (!typed.claim_code.trim().is_empty()).then(|| code_digest(cx, typed.claim_code));
    let proof = proof(cx, claim_code.is_some());
    let strictness = match settings.policy.name_match() {
        NameMatch::Exact => Strictness::Exact,
        NameMatch::Normalized => Strictness::Normalized,
    };
    let mut decision = claiming::may_claim(
        &candidates,
        claiming::Typed {
            names: TypedNames {
                first: typed.first_name,
                last: typed.last_name,
            },
            number: number.bare().unwrap_or_default(),
            population: typed.population,
        },
        Rule {
            strictness,
            today: &cx.today(),
            proof,
        },
    );
    if let (Proof::Code, Some(digest)) = (proof, &claim_code) {
        decision = with_code(cx, &candidates, decision, digest).await?;
    }
    Ok(Found {
        candidates,
        decision,
        claim_code: claim_code.filter(|_| proof == Proof::Code),
    })
}

/// What this request shows beyond names and number.
fn proof(cx: &Context, has_code: bool) -> Proof {
    if !cx.app.settings.policy.claim_needs_proof() {
        Proof::NotNeeded
    } else if cx.peer.network == Network::School {
        Proof::SchoolNetwork
    } else if has_code {
        Proof::Code
    } else {
        Proof::Missing
    }
}

/// Grants what the rule granted only where the claim code is that person's. Asks the store in any case.
async fn with_code(
    cx: &Context,
    candidates: &[Candidate],
    decision: Decision,
    digest: &str,
) -> Result<Decision, FlowError> {
    let granted = match &decision {
        Decision::Granted(index) => candidates.get(*index),
        Decision::AskWhich | Decision::Refused(_) => None,
    };
    let nobody = PersonId::new("-");
    let owner = granted.map_or(&nobody, |candidate| &candidate.person.id);
    let open = claim_codes::is_open(cx.app.store.read(), owner, digest, cx.now).await?;
    Ok(match decision {
        Decision::Granted(index) if !open => Decision::Refused(Refused {
            reason: Reason::WrongCode,
            about: Some(index),
            near_miss: None,
        }),
        other => other,
    })
}

/// Whom a try is counted for.
pub(super) fn tallies(
    cx: &Context,
    claimant: Claimant<'_>,
    typed: &Typed<'_>,
    number: &TypedNumber,
) -> Vec<Tally> {
    let throttling = &cx.app.settings.throttling;
    let (hour, day) = (Lifetime::hours(1), Lifetime::days(1));
    // With all its zeros: a number has one count, however many of them were typed.
    let number = number
        .candidates
        .last()
        .map_or(typed.number, String::as_str);
    let last = normalize_name(typed.last_name);
    let first = normalize_name(typed.first_name);
    let device = Device::read(cx, claimant.device).map_or_else(
        || claimant.pre_session.digest("device").to_string(),
        |device| device.name(),
    );
    vec![
        Tally::new(
            cx,
            "claim-number",
            &[number],
            throttling.claims_per_number_hour,
            hour,
        ),
        Tally::new(
            cx,
            "claim-number-day",
            &[number],
            throttling.claims_per_number_day,
            day,
        ),
        Tally::new(
            cx,
            "claim-name",
            &[&last, &first],
            throttling.claims_per_name_hour,
            hour,
        ),
        Tally::new(
            cx,
            "claim-device",
            &[&device],
            throttling.claims_per_device_hour,
            hour,
        ),
    ]
}

/// Too many tries: the same refusal, with a wait. One code serves a browser for as long as it waits, so that who hammers
/// fills no table.
pub(super) async fn throttled(
    cx: &Context,
    claimant: Claimant<'_>,
    wait: Lifetime,
) -> Result<Verified, FlowError> {
    let id = format!("claim-wait:{}", claimant.pre_session.digest("claim-wait"));
    let kept: Option<String> = cx.app.ephemeral.get(Kind::RateLimit, &id, cx.now).await?;
    let support_code = if let Some(code) = kept {
        code
    } else {
        let refused = Refused {
            reason: Reason::Throttled,
            about: None,
            near_miss: None,
        };
        let code = refuse(cx, &Typed::default(), &[], &refused).await?;
        let until = cx.now.plus(wait);
        cx.app
            .ephemeral
            .put(Kind::RateLimit, &id, &code, until)
            .await?;
        code
    };
    Ok(Verified::Refused {
        support_code,
        wait: Some(wait),
    })
}

/// Writes a refusal down: for staff behind a support code, and in the audit log.
pub(super) async fn refuse(
    cx: &Context,
    typed: &Typed<'_>,
    candidates: &[Candidate],
    refused: &Refused,
) -> Result<String, FlowError> {
    let about = refused.about.and_then(|index| candidates.get(index));
    let person = about.map(|candidate| &candidate.person);
    let mut detail = Map::new();
    for (key, text) in [
        ("typed_last_name", typed.last_name),
        ("typed_first_name", typed.first_name),
        ("typed_number", typed.number),
    ] {
        if !text.is_empty() {
            detail.insert(
                key.into(),
                text.chars().take(KEPT).collect::<String>().into(),
            );
        }
    }
    if let Some(miss) = refused.near_miss {
        detail.insert("near_miss".into(), miss.as_str().into());
    }
    detail.insert("network".into(), cx.peer.network.as_str().into());
    if let Some(claimed_at) = about.and_then(|candidate| candidate.account.claimed_at) {
        detail.insert("claimed_at".into(), claimed_at.unix().into());
    }
    let reason = refused.reason.as_str();
    let code = support_codes::issue(
        cx,
        Refusal {
            flow: "claim",
            reason,
            person_id: person.map(|person| &person.id),
            school_id: person.and_then(|person| person.primary_school_id.as_ref()),
            detail,
        },
    )
    .await?;
    let mut event = Event::new("claim_account")
        .refused(reason)
        .field("network", Value::from(cx.peer.network.as_str()));
    if let Some(person) = person {
        event = event.target(&person.id);
    }
    audit::record(cx, event).await;
    Ok(code)
}

/// The digest of a printed claim code as it is kept: without hyphens and case.
pub fn code_digest(cx: &Context, typed: &str) -> String {
    let code: String = typed
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .take(KEPT)
        .collect();
    keyed_text(&cx.app.secrets.names, &[b"claim-code", code.as_bytes()])
}
