//! Printed claim codes: a third proof for claims from outside a school's network, one a person, good for one claim.

use super::audit::{self, Event};
use super::claim_account::code_digest;
use super::{Context, FlowError};
use crate::clock::Lifetime;
use crate::district::person::{Person, Population};
use crate::district::school::School;
use crate::store::{self, StoreError, claim_codes};

/// Letters and digits of a code: 37 bits, tried five times an hour.
const LENGTH: usize = 8;
/// How many people one transaction holds: claims must not wait for a whole school.
const BATCH: usize = 200;

/// A code as it is printed.
#[derive(Clone, Debug)]
pub struct Issued {
    /// Whose.
    pub person: Person,
    /// Their username.
    pub username: String,
    /// The code, as `K7F2-QXM4`. Only its keyed digest is kept.
    pub code: String,
}

/// Issues codes for everybody of a school who has yet to claim; codes issued before are void from then on.
pub async fn issue(
    cx: &Context,
    school: &School,
    population: Population,
    lives: Lifetime,
) -> Result<Vec<Issued>, FlowError> {
    let people = claim_codes::list_unclaimed(cx.app.store.read(), &school.id, population).await?;
    let mut issued = Vec::with_capacity(people.len());
    for batch in people.chunks(BATCH) {
        let tx = cx.app.store.begin().await?;
        for person in batch {
            let account = store::people::find_account(&tx, &person.id).await?;
            let Some(username) = account.and_then(|account| account.username) else {
                continue;
            };
            let code = cx.app.random.spoken_code(LENGTH);
            let digest = code_digest(cx, &code);
            claim_codes::set(&tx, &person.id, &digest, cx.now, cx.now.plus(lives)).await?;
            issued.push(Issued {
                person: person.clone(),
                username,
                code: shown(&code),
            });
        }
        tx.commit().await.map_err(StoreError::from)?;
    }
    let event = Event::new("issue_claim_codes")
        .actor_kind("cli", "claim-codes")
        .target_kind("school", school.id.as_str())
        .field("population", population.as_str())
        .field("codes", issued.len());
    audit::record(cx, event).await;
    Ok(issued)
}

/// A code with its hyphen.
fn shown(code: &str) -> String {
    match code.split_at_checked(LENGTH / 2) {
        Some((first, second)) => format!("{first}-{second}"),
        None => code.to_owned(),
    }
}
