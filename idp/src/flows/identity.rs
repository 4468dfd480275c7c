//! Who a session is: the person, their account and school, read fresh so that an ended account is seen at once.

use super::{Context, FlowError};
use crate::district::person::{Account, Person};
use crate::district::school::School;
use crate::protocol::session::Session;
use crate::store;

/// The person behind a live session.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The person.
    pub person: Person,
    /// The account.
    pub account: Account,
    /// The school that the person mainly belongs to.
    pub school: Option<School>,
}

/// The person of `session`, unless the account has moved to a later epoch or the roster no longer lets the person in.
pub async fn of(cx: &Context, session: &Session) -> Result<Option<Identity>, FlowError> {
    let db = cx.app.store.read();
    let Some(account) = store::people::find_account(db, &session.person_id).await? else {
        return Ok(None);
    };
    let Some(person) = store::people::find(db, &session.person_id).await? else {
        return Ok(None);
    };
    let today = cx.today();
    if account.auth_epoch > session.auth_epoch || !person.is_current(&today) {
        return Ok(None);
    }
    let school = match &person.primary_school_id {
        Some(id) => store::people::find_school(db, id).await?,
        None => None,
    };
    Ok(Some(Identity {
        person,
        account,
        school,
    }))
}
