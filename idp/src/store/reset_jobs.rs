//! Bulk resets: jobs, and an item for each account. Set-based statements in batches, each batch one transaction.

use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, FromQueryResult, QueryFilter as _,
    QueryOrder as _, Statement, Value,
};

use super::entity::reset_jobs;
use super::{Conn, StoreError};
use crate::clock::Timestamp;
use crate::district::reset::{Reset, Scope, State};

/// Inserts a job that waits for approval.
pub async fn insert(db: &impl Conn, job: &Reset) -> Result<(), StoreError> {
    let scope = serde_json::to_string(&job.scope)
        .map_err(|error| StoreError::corrupt("reset_jobs", error))?;
    reset_jobs::Entity::insert(reset_jobs::ActiveModel {
        id: Set(job.id.clone()),
        state: Set(job.state.as_str().to_owned()),
        scope: Set(scope),
        run_at: Set(job.run_at.unix()),
        requested_by: Set(job.requested_by.clone()),
        approved_by: Set(job.approved_by.clone()),
        created_at: Set(job.created_at.unix()),
        approved_at: Set(None),
        started_at: Set(None),
        finished_at: Set(None),
        total: Set(job.total),
    })
    .exec_without_returning(db)
    .await?;
    Ok(())
}

/// Finds a job.
pub async fn find(db: &impl Conn, id: &str) -> Result<Option<Reset>, StoreError> {
    reset_jobs::Entity::find_by_id(id)
        .one(db)
        .await?
        .map(job)
        .transpose()
}

/// All jobs, newest first.
pub async fn list(db: &impl Conn) -> Result<Vec<Reset>, StoreError> {
    let rows = reset_jobs::Entity::find()
        .order_by_desc(reset_jobs::Column::Id)
        .all(db)
        .await?;
    rows.into_iter().map(job).collect()
}

/// Jobs that are approved or running and whose time has come.
pub async fn due(db: &impl Conn, now: Timestamp) -> Result<Vec<Reset>, StoreError> {
    let states = [State::Approved.as_str(), State::Running.as_str()];
    let rows = reset_jobs::Entity::find()
        .filter(reset_jobs::Column::State.is_in(states))
        .filter(reset_jobs::Column::RunAt.lte(now.unix()))
        .order_by_asc(reset_jobs::Column::Id)
        .all(db)
        .await?;
    rows.into_iter().map(job).collect()
}

/// Approves a waiting job in the name of somebody other than who asked for it. True if this call did.
pub async fn approve(
    db: &impl Conn,
    id: &str,
    by: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let sql = "UPDATE reset_jobs SET state = 'approved', approved_by = $1, approved_at = $2 \
               WHERE id = $3 AND state = 'waiting' AND requested_by <> $1";
    Ok(run(db, sql, [by.into(), now.unix().into(), id.into()]).await? == 1)
}

/// Moves a job on from one of `from` to `to`. True if this call did.
pub async fn advance(
    db: &impl Conn,
    id: &str,
    from: State,
    to: State,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let time = match to {
        State::Running => ", started_at = $4",
        State::Done | State::Undone | State::Cancelled => ", finished_at = $4",
        State::Waiting | State::Approved => ", approved_at = $4",
    };
    let sql = format!("UPDATE reset_jobs SET state = $1{time} WHERE id = $2 AND state = $3");
    let values = [
        to.as_str().into(),
        id.into(),
        from.as_str().into(),
        now.unix().into(),
    ];
    Ok(run(db, &sql, values).await? == 1)
}

/// How many claimed accounts of pupils a scope holds, by the name of their school.
pub async fn preview(db: &impl Conn, scope: &Scope) -> Result<Vec<(String, i64)>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        school: String,
        accounts: i64,
    }
    let (condition, values) = condition(scope, 1);
    let sql = format!(
        "SELECT COALESCE(s.name, '') AS school, COUNT(*) AS accounts FROM accounts a \
         JOIN people p ON p.id = a.person_id LEFT JOIN schools s ON s.id = p.primary_school_id \
         WHERE {condition} GROUP BY COALESCE(s.name, '') ORDER BY 1"
    );
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    let rows = Row::find_by_statement(statement).all(db).await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.school, row.accounts))
        .collect())
}

/// Writes an item for each claimed account of the scope; what is there already stays. Answers how many there are now.
pub async fn make_items(db: &impl Conn, id: &str, scope: &Scope) -> Result<u64, StoreError> {
    let (condition, mut values) = condition(scope, 2);
    values.insert(0, id.into());
    let sql = format!(
        "INSERT INTO reset_items (job_id, person_id, state) \
         SELECT $1, a.person_id, 'pending' FROM accounts a JOIN people p ON p.id = a.person_id \
         WHERE {condition} ON CONFLICT DO NOTHING"
    );
    run(db, &sql, values).await
}

/// Resets up to `size` accounts of a job and answers how many. `batch` must be new: it names the items that this call took,
/// so that two nodes at work on one job never reset an account twice. Call inside a transaction.
pub async fn reset_batch(
    db: &impl Conn,
    id: &str,
    batch: &str,
    size: u64,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let take = format!(
        "UPDATE reset_items SET state = 'done', batch = $1, done_at = $2 \
         WHERE job_id = $3 AND state = 'pending' AND person_id IN (SELECT person_id FROM \
         reset_items WHERE job_id = $3 AND state = 'pending' ORDER BY person_id LIMIT {size})"
    );
    let taken = run(db, &take, [batch.into(), now.unix().into(), id.into()]).await?;
    if taken == 0 {
        return Ok(0);
    }
    let of_account = |column: &str| {
        format!("(SELECT a.{column} FROM accounts a WHERE a.person_id = reset_items.person_id)")
    };
    let of_answers = |column: &str| {
        format!(
            "(SELECT c.{column} FROM challenge_answers c WHERE c.person_id = reset_items.person_id)"
        )
    };
    let keep = format!(
        "UPDATE reset_items SET old_password_hash = {}, old_password_set_at = {}, \
         old_claimed_at = {}, old_recovery_pending = {}, old_question_ids = {}, \
         old_answers_hash = {}, old_answers_set_at = {} WHERE batch = $1",
        of_account("password_hash"),
        of_account("password_set_at"),
        of_account("claimed_at"),
        of_account("recovery_pending"),
        of_answers("question_ids"),
        of_answers("hash"),
        of_answers("set_at"),
    );
    run(db, &keep, [batch.into()]).await?;
    // Staff stay out of it whatever the items say.
    let clear = "UPDATE accounts SET state = 'unclaimed', password_hash = NULL, \
                 password_set_at = NULL, claimed_at = NULL, recovery_pending = $2, \
                 must_change_password = $2, auth_epoch = auth_epoch + 1 \
                 WHERE person_id IN (SELECT i.person_id FROM reset_items i JOIN people p \
                 ON p.id = i.person_id WHERE i.batch = $1 AND p.population = 'student')";
    run(db, clear, [batch.into(), false.into()]).await?;
    let of_batch = "person_id IN (SELECT person_id FROM reset_items WHERE batch = $1)";
    let answers = format!("DELETE FROM challenge_answers WHERE {of_batch}");
    run(db, &answers, [batch.into()]).await?;
    let grants =
        format!("UPDATE grants SET revoked_at = $2 WHERE revoked_at IS NULL AND {of_batch}");
    run(db, &grants, [batch.into(), now.unix().into()]).await?;
    Ok(taken)
}

/// Gives up to `size` accounts of a job their old credentials back and answers how many items that settled. Whoever has
/// claimed anew keeps the new ones. Call inside a transaction.
pub async fn undo_batch(
    db: &impl Conn,
    id: &str,
    batch: &str,
    size: u64,
) -> Result<u64, StoreError> {
    let take = format!(
        "UPDATE reset_items SET state = 'undone', batch = $1 \
         WHERE job_id = $2 AND state = 'done' AND person_id IN (SELECT person_id FROM \
         reset_items WHERE job_id = $2 AND state = 'done' ORDER BY person_id LIMIT {size})"
    );
    let taken = run(db, &take, [batch.into(), id.into()]).await?;
    if taken == 0 {
        return Ok(0);
    }
    let old = |column: &str| {
        format!(
            "(SELECT i.{column} FROM reset_items i WHERE i.batch = $1 \
             AND i.person_id = accounts.person_id)"
        )
    };
    let answers = "INSERT INTO challenge_answers (person_id, question_ids, hash, set_at) \
                   SELECT i.person_id, i.old_question_ids, i.old_answers_hash, \
                   i.old_answers_set_at FROM reset_items i JOIN accounts a \
                   ON a.person_id = i.person_id WHERE i.batch = $1 AND a.state = 'unclaimed' \
                   AND i.old_answers_hash IS NOT NULL ON CONFLICT DO NOTHING";
    run(db, answers, [batch.into()]).await?;
    let restore = format!(
        "UPDATE accounts SET state = 'active', password_hash = {}, password_set_at = {}, \
         claimed_at = {}, recovery_pending = {}, auth_epoch = auth_epoch + 1 \
         WHERE state = 'unclaimed' AND person_id IN \
         (SELECT person_id FROM reset_items WHERE batch = $1)",
        old("old_password_hash"),
        old("old_password_set_at"),
        old("old_claimed_at"),
        old("old_recovery_pending"),
    );
    run(db, &restore, [batch.into()]).await?;
    Ok(taken)
}

/// Counts a job's items by state: pending, done, undone.
pub async fn progress(db: &impl Conn, id: &str) -> Result<[i64; 3], StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        state: String,
        items: i64,
    }
    let sql = "SELECT state, COUNT(*) AS items FROM reset_items WHERE job_id = $1 GROUP BY state";
    let statement =
        Statement::from_sql_and_values(db.get_database_backend(), sql, [Value::from(id)]);
    let mut counts = [0; 3];
    for row in Row::find_by_statement(statement).all(db).await? {
        let [pending, done, undone] = &mut counts;
        match row.state.as_str() {
            "pending" => *pending = row.items,
            "done" => *done = row.items,
            "undone" => *undone = row.items,
            other => return Err(StoreError::corrupt("reset_items", other)),
        }
    }
    Ok(counts)
}

/// Wipes the old credentials of items whose undo time has passed. Answers how many.
pub async fn forget_old(db: &impl Conn, done_before: Timestamp) -> Result<u64, StoreError> {
    let sql = "UPDATE reset_items SET old_password_hash = NULL, old_question_ids = NULL, \
               old_answers_hash = NULL WHERE old_password_hash IS NOT NULL AND done_at < $1";
    run(db, sql, [done_before.unix().into()]).await
}

/// Which accounts a scope means: pupils, claimed, of these schools and grades. Placeholders count from `first`.
fn condition(scope: &Scope, first: usize) -> (String, Vec<Value>) {
    let mut text = "a.state = 'active' AND p.population = 'student'".to_owned();
    let mut values: Vec<Value> = Vec::new();
    let mut list = |column: &str, items: &[String]| {
        if items.is_empty() {
            return String::new();
        }
        let places: Vec<String> = items
            .iter()
            .map(|item| {
                values.push(item.as_str().into());
                format!("${}", first + values.len() - 1)
            })
            .collect();
        format!(" AND {column} IN ({})", places.join(", "))
    };
    let schools = list("p.primary_school_id", &scope.schools);
    let grades = list("p.grades", &scope.grades);
    text.push_str(&schools);
    text.push_str(&grades);
    (text, values)
}

async fn run(
    db: &impl Conn,
    sql: &str,
    values: impl IntoIterator<Item = Value>,
) -> Result<u64, StoreError> {
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    Ok(db.execute_raw(statement).await?.rows_affected())
}

fn job(row: reset_jobs::Model) -> Result<Reset, StoreError> {
    Ok(Reset {
        state: State::parse(&row.state)
            .ok_or_else(|| StoreError::corrupt("reset_jobs", "state"))?,
        scope: serde_json::from_str(&row.scope)
            .map_err(|error| StoreError::corrupt("reset_jobs", error))?,
        id: row.id,
        run_at: Timestamp::from_unix(row.run_at),
        requested_by: row.requested_by,
        approved_by: row.approved_by,
        created_at: Timestamp::from_unix(row.created_at),
        finished_at: row.finished_at.map(Timestamp::from_unix),
        total: row.total,
    })
}
