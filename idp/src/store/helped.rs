//! Finding the people whom somebody may help: by name without accents, by number, by username, by class; within reach only.

use sea_orm::{FromQueryResult, Statement, Value};

use super::{Conn, StoreError};
use crate::district::authority::Standing;
use crate::district::help::{ClassLine, Helped};
use crate::ids::{ClassId, PersonId};

/// Values with the numbers of their placeholders.
struct Values(Vec<Value>);

impl Values {
    fn push(&mut self, value: impl Into<Value>) -> String {
        self.0.push(value.into());
        format!("${}", self.0.len())
    }
}

/// An enrollment that is current on a day.
fn current(alias: &str, day: &str) -> String {
    format!(
        "{alias}.roster_status = 'active' AND ({alias}.begin_date IS NULL OR {alias}.begin_date <= {day}) \
         AND ({alias}.end_date IS NULL OR {day} < {alias}.end_date)"
    )
}

/// The condition that a person `p` is within the reach of `helper`. Not the decision: that is made anew for each act.
fn reach(helper: &Standing, today: &str, values: &mut Values) -> String {
    if helper.helps_district() {
        return "p.population IN ('student', 'staff')".to_owned();
    }
    let mut grounds = Vec::new();
    if helper.helps_school() && !helper.schools.is_empty() {
        let schools: Vec<String> = helper
            .schools
            .iter()
            .map(|school| values.push(school.as_str()))
            .collect();
        let schools = schools.join(", ");
        grounds.push(format!(
            "p.primary_school_id IN ({schools}) OR EXISTS (SELECT 1 FROM affiliations a WHERE \
             a.person_id = p.id AND a.roster_status = 'active' AND a.school_id IN ({schools}))"
        ));
    }
    if helper.has_role("teacher") {
        let (me, day) = (values.push(helper.id.as_str()), values.push(today));
        grounds.push(format!(
            "p.id IN (SELECT s.person_id FROM enrollments t JOIN enrollments s \
             ON s.class_id = t.class_id WHERE t.person_id = {me} AND t.role = 'teacher' \
             AND s.role = 'student' AND {} AND {})",
            current("t", &day),
            current("s", &day)
        ));
    }
    if grounds.is_empty() {
        return "1 = 0".to_owned();
    }
    format!(
        "p.population = 'student' AND (({}))",
        grounds.join(") OR (")
    )
}

#[derive(FromQueryResult)]
struct Found {
    id: String,
    school: Option<String>,
}

/// Searches within the reach of `helper`: every word must stand in the name, or be the start of the number or username.
pub async fn search(
    db: &impl Conn,
    helper: &Standing,
    words: &[String],
    today: &str,
    limit: u64,
) -> Result<Vec<Helped>, StoreError> {
    let mut values = Values(Vec::new());
    let mut conditions = vec![reach(helper, today, &mut values)];
    for word in words {
        // What a word may hold after folding has no wildcard in it; what is left of one is dropped.
        let plain: String = word.chars().filter(|c| c.is_alphanumeric()).collect();
        let (inside, start) = (
            values.push(format!("%{plain}%")),
            values.push(format!("{plain}%")),
        );
        conditions.push(format!(
            "(p.name_folded LIKE {inside} OR p.number LIKE {start} OR ac.username LIKE {start})"
        ));
    }
    let sql = format!(
        "SELECT p.id AS id, s.name AS school FROM people p JOIN accounts ac ON ac.person_id = p.id \
         LEFT JOIN schools s ON s.id = p.primary_school_id \
         WHERE p.roster_status <> 'tobedeleted' AND {} ORDER BY p.name_folded, p.id LIMIT {limit}",
        conditions.join(" AND ")
    );
    load(db, &sql, values).await
}

/// The pupils of a class, by name.
pub async fn list_class(
    db: &impl Conn,
    class: &ClassId,
    today: &str,
) -> Result<Vec<Helped>, StoreError> {
    let mut values = Values(Vec::new());
    let (class, day) = (values.push(class.as_str()), values.push(today));
    let sql = format!(
        "SELECT p.id AS id, s.name AS school FROM enrollments e JOIN people p ON p.id = e.person_id \
         LEFT JOIN schools s ON s.id = p.primary_school_id WHERE e.class_id = {class} \
         AND e.role = 'student' AND p.roster_status = 'active' AND {} \
         ORDER BY p.name_folded, p.id LIMIT 500",
        current("e", &day)
    );
    load(db, &sql, values).await
}

/// The current classes that `teacher` teaches, with how many of their pupils have claimed.
pub async fn list_classes(
    db: &impl Conn,
    teacher: &PersonId,
    today: &str,
) -> Result<Vec<ClassLine>, StoreError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: String,
        title: String,
        pupils: i64,
        claimed: i64,
    }
    let mut values = Values(Vec::new());
    let (me, day) = (values.push(teacher.as_str()), values.push(today));
    let sql = format!(
        "SELECT c.id AS id, c.title AS title, COUNT(s.id) AS pupils, \
         CAST(COALESCE(SUM(CASE WHEN ac.state = 'active' THEN 1 ELSE 0 END), 0) AS BIGINT) AS claimed \
         FROM enrollments t JOIN classes c ON c.id = t.class_id \
         LEFT JOIN enrollments s ON s.class_id = c.id AND s.role = 'student' AND {} \
         LEFT JOIN accounts ac ON ac.person_id = s.person_id \
         WHERE t.person_id = {me} AND t.role = 'teacher' AND c.roster_status = 'active' AND {} \
         GROUP BY c.id, c.title ORDER BY c.title, c.id",
        current("s", &day),
        current("t", &day)
    );
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values.0);
    let rows = Row::find_by_statement(statement).all(db).await?;
    Ok(rows
        .into_iter()
        .map(|row| ClassLine {
            id: ClassId::new(row.id),
            title: row.title,
            pupils: row.pupils,
            claimed: row.claimed,
        })
        .collect())
}

/// Loads the people of `sql` in its order.
async fn load(db: &impl Conn, sql: &str, values: Values) -> Result<Vec<Helped>, StoreError> {
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values.0);
    let found = Found::find_by_statement(statement).all(db).await?;
    let ids: Vec<String> = found.iter().map(|row| row.id.clone()).collect();
    let mut loaded = super::people::list_with_accounts(db, &ids).await?;
    Ok(found
        .into_iter()
        .filter_map(|row| {
            let (person, account) = loaded.remove(&row.id)?;
            Some(Helped {
                person,
                account,
                school: row.school,
            })
        })
        .collect())
}
