//! Activating accounts by an administrator's file of usernames and passwords: for a district that moves here from elsewhere,
//! and for tests. Hashes run side by side; rows are kept in groups, so that a long file that is stopped keeps what it has done.

use std::collections::BTreeMap;

use tokio::task::JoinSet;

use super::audit::{self, Event};
use super::{Context, FlowError, claim_account, sign_in};
use crate::credentials::Urgency;
use crate::district::password_policy::{self, Refusal};
use crate::district::person::{Account, AccountState, Person, Population};
use crate::ids::PersonId;
use crate::secret::Secret;
use crate::store::{StoreError, accounts};

/// Rows of one transaction.
const GROUP: usize = 256;

/// One row of the file.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its line.
    pub line: u64,
    /// The username, as `s0123456`.
    pub username: String,
    /// The password.
    pub password: Secret,
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Done {
    /// The account was unclaimed and is active now.
    Activated,
    /// The account was active and has this password now; its sessions have ended.
    PasswordSet,
    /// The account was active already and was left alone.
    AlreadyActive,
    /// Nothing was done, for this reason.
    Refused(String),
}

/// What became of a row, and what an administrator should know of its password.
#[derive(Clone, Debug)]
pub struct Report {
    /// The row's line.
    pub line: u64,
    /// The username as it was given.
    pub username: String,
    /// What was done.
    pub done: Done,
    /// A password that the person could not choose: it is easy to guess.
    pub weak: bool,
}

/// A row whose account is known.
struct Ready {
    report: usize,
    person: PersonId,
    account: Account,
    password: Secret,
}

/// Reads the file: a header with `username` and `password` in either order, then a row each.
///
/// Errors: every fault with its line; the file is then not applied at all.
pub fn read(text: &str) -> Result<Vec<Row>, Vec<String>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new()
        .flexible(true)
        .from_reader(text.as_bytes());
    let header = reader.headers().cloned().unwrap_or_default();
    let place = |name: &str| {
        header
            .iter()
            .position(|own| own.trim().eq_ignore_ascii_case(name))
    };
    let (Some(username), Some(password), 2) = (place("username"), place("password"), header.len())
    else {
        return Err(vec![
            "line 1: write the header username,password and no other column".into(),
        ]);
    };
    let mut rows = Vec::new();
    let mut faults = Vec::new();
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                faults.push(error.to_string());
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |at: usize| record.get(at).unwrap_or_default();
        let name = cell(username).trim().to_lowercase();
        if record.len() != 2 {
            faults.push(format!(
                "line {line}: has {} values; write a username and a password, the latter in quotation marks where it has a comma",
                record.len()
            ));
        } else if name.is_empty() {
            faults.push(format!("line {line}: the username is missing"));
        } else if let Some(first) = seen.insert(name.clone(), line) {
            faults.push(format!(
                "line {line}: {name} stands in line {first} too; keep one"
            ));
        } else {
            rows.push(Row {
                line,
                username: name,
                password: Secret::new(cell(password)),
            });
        }
    }
    if faults.is_empty() {
        Ok(rows)
    } else {
        Err(faults)
    }
}

/// Activates the accounts of all rows. Accounts that are active already keep their password unless `force`. `progress` is
/// told after each group how many rows are done.
pub async fn activate(
    cx: &Context,
    rows: Vec<Row>,
    force: bool,
    mut progress: impl FnMut(usize),
) -> Result<Vec<Report>, FlowError> {
    let mut reports = Vec::with_capacity(rows.len());
    let mut people: BTreeMap<PersonId, u64> = BTreeMap::new();
    let mut ready = Vec::with_capacity(GROUP);
    for row in rows {
        let (mut report, found) = prepare(cx, row, force).await?;
        if let Some((person, account, password)) = found {
            match people.insert(person.clone(), report.line) {
                Some(first) => {
                    report.done = Done::Refused(format!("is the account of line {first} too"));
                }
                None => ready.push(Ready {
                    report: reports.len(),
                    person,
                    account,
                    password,
                }),
            }
        }
        reports.push(report);
        if ready.len() == GROUP {
            write(cx, std::mem::take(&mut ready), &mut reports).await?;
            progress(reports.len());
        }
    }
    write(cx, ready, &mut reports).await?;
    progress(reports.len());
    Ok(reports)
}

/// Finds the account of a row and judges its password.
async fn prepare(
    cx: &Context,
    row: Row,
    force: bool,
) -> Result<(Report, Option<(PersonId, Account, Secret)>), FlowError> {
    let mut report = Report {
        line: row.line,
        username: row.username,
        done: Done::Activated,
        weak: false,
    };
    let Some((account, person)) = sign_in::find(cx, &report.username).await? else {
        report.done = Done::Refused(
            "is nobody's username in the roster; check it, or import the roster first".into(),
        );
        return Ok((report, None));
    };
    if let Some(reason) = barred(cx, &person) {
        report.done = Done::Refused(reason.into());
        return Ok((report, None));
    }
    match judge(cx, &person, &account, &row.password).await? {
        Ok(weak) => report.weak = weak,
        Err(reason) => {
            report.done = Done::Refused(reason);
            return Ok((report, None));
        }
    }
    report.done = match (account.state, force) {
        (AccountState::Unclaimed, _) => Done::Activated,
        (AccountState::Active, true) => Done::PasswordSet,
        (AccountState::Active, false) => {
            report.done = Done::AlreadyActive;
            report.weak = false;
            return Ok((report, None));
        }
    };
    Ok((report, Some((person.id, account, row.password))))
}

fn barred(cx: &Context, person: &Person) -> Option<&'static str> {
    let guardian = person.population == Population::Guardian;
    if guardian && !cx.app.settings.district.guardians_sign_in {
        Some("is a guardian, and guardians do not sign in (district.guardians_sign_in)")
    } else if !person.is_current(&cx.today()) {
        Some("is not active in the roster today")
    } else {
        None
    }
}

/// Whether a password is weak; an error where it cannot be kept at all. Length is a rule for everybody; that a password is
/// common is the administrator's responsibility, who gave it.
async fn judge(
    cx: &Context,
    person: &Person,
    account: &Account,
    password: &Secret,
) -> Result<Result<bool, String>, FlowError> {
    let known = claim_account::known_words(cx, person, account).await?;
    let minimum = claim_account::password_minimum(cx, person.population);
    let text = password.expose();
    Ok(match password_policy::check(text, text, minimum, &known) {
        Ok(()) => Ok(false),
        Err(Refusal::TooShort(least)) => {
            Err(format!("has a password of fewer than {least} characters"))
        }
        Err(Refusal::TooLong) => Err(format!(
            "has a password of more than {} characters",
            password_policy::MAX_CHARACTERS
        )),
        Err(_) => Ok(true),
    })
}

/// Hashes a group side by side and keeps it in one transaction.
async fn write(cx: &Context, group: Vec<Ready>, reports: &mut [Report]) -> Result<(), FlowError> {
    if group.is_empty() {
        return Ok(());
    }
    let hashed = hash(cx, group).await?;
    let tx = cx.app.store.begin().await?;
    for (ready, hash) in hashed {
        let Some(report) = reports.get_mut(ready.report) else {
            continue;
        };
        let id = &ready.person;
        let (action, done) = match report.done {
            Done::PasswordSet => {
                let epoch = ready.account.auth_epoch;
                let set = accounts::set_password(&tx, id, epoch, &hash, cx.now).await?;
                accounts::close_recovery(&tx, id).await?;
                ("set_password", set)
            }
            _ => (
                "activate_account",
                accounts::activate(&tx, id, &hash, cx.now).await?,
            ),
        };
        if done {
            let event = Event::new(action)
                .actor_kind("cli", "idp accounts")
                .target(id);
            audit::record_in(&tx, cx, event).await?;
        } else {
            report.done = Done::Refused("was changed by somebody else at this moment".into());
        }
    }
    tx.commit().await.map_err(StoreError::from)?;
    Ok(())
}

/// As many hashes at a time as the pool has permits: more would only wait there.
async fn hash(cx: &Context, group: Vec<Ready>) -> Result<Vec<(Ready, String)>, FlowError> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let permits = cx
        .app
        .settings
        .throttling
        .hash_permits
        .unwrap_or(cores)
        .max(1);
    let mut waiting = group.into_iter();
    let mut running = JoinSet::new();
    let mut hashed = Vec::new();
    loop {
        while running.len() < permits
            && let Some(ready) = waiting.next()
        {
            let app = cx.app.clone();
            running.spawn(async move {
                let permit = app.passwords.admit(Urgency::Preferred).await?;
                let hash = app
                    .passwords
                    .hash(permit, &app.random, &ready.password)
                    .await?;
                Ok::<_, FlowError>((ready, hash))
            });
        }
        match running.join_next().await {
            Some(Ok(outcome)) => hashed.push(outcome?),
            Some(Err(error)) => return Err(FlowError::bug(error)),
            None => return Ok(hashed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files() {
        let rows = read("\u{feff}Password, Username\n\"a, b\",S0123456\n x y ,e40017\n").unwrap();
        let seen: Vec<_> = rows
            .iter()
            .map(|row| (row.line, row.username.as_str(), row.password.expose()))
            .collect();
        assert_eq!(seen, [(2, "s0123456", "a, b"), (3, "e40017", " x y ")]);
        assert!(read("username,password\n").unwrap().is_empty());
        for (text, fault) in [
            ("", "line 1: write the header"),
            ("user,password\na,b\n", "line 1: write the header"),
            ("username,password,note\n", "line 1: write the header"),
            ("username,password\na\n", "line 2: has 1 values"),
            ("username,password\na,b,c\n", "line 2: has 3 values"),
            (
                "username,password\n ,b\n",
                "line 2: the username is missing",
            ),
            (
                "username,password\na,b\nA,c\n",
                "line 3: a stands in line 2 too",
            ),
        ] {
            let faults = read(text).unwrap_err();
            assert!(faults[0].contains(fault), "{text:?}: {faults:?}");
        }
    }
}
