//! What the hot path asks the database: one small statement for a client and a person, so that whatever changed on any node
//! is seen at once. Large things (metadata, the roster's record) are kept in memory by the versions read here.

use sea_orm::{QueryResult, Statement, Value};

use super::{Conn, StoreError};
use crate::clock::Timestamp;
use crate::district::person::{Account, AccountState, RosterStatus};
use crate::ids::{ClientId, PersonId};

/// How a client and a person stand now.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The version of the client's registration.
    pub client_version: i64,
    /// When it last changed: a client that is removed and registered anew begins with version 1 again.
    pub client_updated_at: Timestamp,
    /// The person, if one was asked for and is there.
    pub person: Option<PersonStanding>,
}

/// How a person stands now.
#[derive(Clone, Debug)]
pub struct PersonStanding {
    /// The version of the roster's record.
    pub version: i64,
    /// What the roster says, whatever version.
    pub roster_status: RosterStatus,
    /// First day, inclusive.
    pub starts_on: Option<String>,
    /// Last day, exclusive.
    pub ends_on: Option<String>,
    /// The account, without its password.
    pub account: Account,
}

const SQL: &str = "SELECT c.version, p.version, p.roster_status, p.starts_on, p.ends_on, \
    a.state, a.username, a.auth_epoch, a.password_set_at, a.recovery_pending, a.must_change_password, a.claimed_at, \
    a.locale, a.last_sign_in_at, c.updated_at \
    FROM clients c \
    LEFT JOIN people p ON p.id = $2 \
    LEFT JOIN accounts a ON a.person_id = p.id \
    WHERE c.client_id = $1";

/// Reads how `client` and `person` stand. `None`: no such client.
pub async fn read(
    db: &impl Conn,
    client: &ClientId,
    person: Option<&PersonId>,
) -> Result<Option<Standing>, StoreError> {
    let values = [
        Value::from(client.as_str()),
        Value::from(person.map_or("", PersonId::as_str)),
    ];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), SQL, values);
    let Some(row) = db.query_one_raw(statement).await? else {
        return Ok(None);
    };
    Ok(Some(Standing {
        client_version: row.try_get_by_index(0)?,
        client_updated_at: Timestamp::from_unix(row.try_get_by_index(14)?),
        person: match person {
            Some(id) => person_standing(&row, id)?,
            None => None,
        },
    }))
}

fn person_standing(row: &QueryResult, id: &PersonId) -> Result<Option<PersonStanding>, StoreError> {
    let Some(version) = row.try_get_by_index::<Option<i64>>(1)? else {
        return Ok(None);
    };
    let Some(state) = row.try_get_by_index::<Option<String>>(5)? else {
        return Ok(None);
    };
    let roster_status: String = row.try_get_by_index(2)?;
    let time = |at| -> Result<Option<Timestamp>, StoreError> {
        Ok(row
            .try_get_by_index::<Option<i64>>(at)?
            .map(Timestamp::from_unix))
    };
    Ok(Some(PersonStanding {
        version,
        roster_status: RosterStatus::parse(&roster_status)
            .ok_or_else(|| StoreError::corrupt("people", "roster_status"))?,
        starts_on: row.try_get_by_index(3)?,
        ends_on: row.try_get_by_index(4)?,
        account: Account {
            person_id: id.clone(),
            username: row.try_get_by_index(6)?,
            state: AccountState::parse(&state)
                .ok_or_else(|| StoreError::corrupt("accounts", "state"))?,
            auth_epoch: row.try_get_by_index(7)?,
            password_hash: None,
            password_set_at: time(8)?,
            recovery_pending: row.try_get_by_index(9)?,
            must_change_password: row.try_get_by_index(10)?,
            claimed_at: time(11)?,
            locale: row.try_get_by_index(12)?,
            last_sign_in_at: time(13)?,
        },
    }))
}
