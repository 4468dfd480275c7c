//! Writing what the comparison found, table by table, in the import's transaction.

use std::collections::HashSet;
use std::sync::atomic::Ordering;

use uuid::Uuid;

use super::Progress;
use super::compare::{Comparison, TableChange, new_ids};
use crate::district::oneroster::package::{Enrollment, Rows};
use crate::district::roster::people::Write;
use crate::district::roster::summary::Counts;
use crate::flows::{Context, FlowError};
use crate::store::Tx;
use crate::store::roster::{
    self, AffiliationWrite, ClassWrite, EnrollmentWrite, PersonWrite, RosterTable,
};

/// People written by one call, so that the bar moves.
const STEP: usize = 5_000;

/// Writes everything.
pub async fn write(
    cx: &Context,
    tx: &Tx,
    all: &Comparison,
    progress: &Progress,
) -> Result<(), FlowError> {
    let rows = all.summary.tables.values().map(Counts::total).sum();
    progress.rows.store(rows, Ordering::Relaxed);
    orgs(cx, tx, all).await?;
    sessions_and_courses(cx, tx, all, progress).await?;
    classes(cx, tx, all, progress).await?;
    people(cx, tx, all, progress).await?;
    usernames(cx, tx, all).await?;
    affiliations(cx, tx, all, progress).await?;
    enrollments(cx, tx, all, progress).await?;
    versions(cx, tx, all).await
}

async fn orgs(cx: &Context, tx: &Tx, all: &Comparison) -> Result<(), FlowError> {
    let plan = &all.orgs;
    let rows: Vec<_> = plan
        .created
        .iter()
        .chain(&plan.changed)
        .filter_map(|(at, id)| Some((all.package.orgs.rows.get(*at as usize)?, id.to_string())))
        .collect();
    roster::write_orgs(tx, &rows, cx.now).await?;
    Ok(roster::remove(tx, RosterTable::Schools, &plan.gone, cx.now).await?)
}

/// The rows of a change with their ids, new ones included.
fn with_ids<'a, T>(cx: &Context, rows: &'a Rows<T>, change: &TableChange) -> Vec<(&'a T, String)> {
    let ids = new_ids(cx, change.created.len());
    let created = change.created.iter().copied().zip(ids);
    let changed = change.changed.iter().map(|(at, id)| (*at, id.to_string()));
    created
        .chain(changed)
        .filter_map(|(at, id)| Some((rows.rows.get(at as usize)?, id)))
        .collect()
}

async fn sessions_and_courses(
    cx: &Context,
    tx: &Tx,
    all: &Comparison,
    progress: &Progress,
) -> Result<(), FlowError> {
    let rows = with_ids(cx, &all.package.sessions, &all.sessions);
    roster::write_sessions(tx, &rows, cx.now).await?;
    roster::remove(tx, RosterTable::Sessions, &all.sessions.gone, cx.now).await?;
    let rows = with_ids(cx, &all.package.courses, &all.courses);
    roster::write_courses(tx, &rows, cx.now).await?;
    roster::remove(tx, RosterTable::Courses, &all.courses.gone, cx.now).await?;
    progress.wrote(rows.len() + all.courses.gone.len());
    Ok(())
}

async fn classes(
    cx: &Context,
    tx: &Tx,
    all: &Comparison,
    progress: &Progress,
) -> Result<(), FlowError> {
    let changed = all.classes.changed.iter().map(|(at, _)| at);
    let rows: Vec<ClassWrite<'_>> = all
        .classes
        .created
        .iter()
        .chain(changed)
        .filter_map(|at| {
            let row = all.package.classes.rows.get(*at as usize)?;
            let days = row
                .terms
                .iter()
                .filter_map(|term| all.session_days.get(term));
            Some(ClassWrite {
                id: all.class_ids.get(*at as usize)?.as_deref()?.to_owned(),
                row,
                school_id: &all.orgs.place(&row.school)?.id,
                starts_on: days.clone().map(|(start, _)| start.clone()).min(),
                ends_on: days.map(|(_, end)| end.clone()).max(),
            })
        })
        .collect();
    roster::write_classes(tx, &rows, cx.now).await?;
    roster::remove(tx, RosterTable::Classes, &all.classes.gone, cx.now).await?;
    roster::touch_classes(tx, &all.classes.gone, cx.now).await?;
    progress.wrote(rows.len() + all.classes.gone.len());
    Ok(())
}

async fn people(
    cx: &Context,
    tx: &Tx,
    all: &Comparison,
    progress: &Progress,
) -> Result<(), FlowError> {
    let rows: Vec<PersonWrite<'_>> = all
        .written(Write::Insert)
        .chain(all.written(Write::All))
        .filter_map(|at| {
            let slot = all.people.slots.get(at as usize)?;
            Some(PersonWrite {
                user: all.package.users.rows.get(slot.user? as usize)?,
                slot,
                school_id: all.school_id(at),
            })
        })
        .collect();
    for step in rows.chunks(STEP) {
        roster::write_people(tx, step, cx.now).await?;
        progress.wrote(step.len());
    }
    for at in all.written(Write::Derived) {
        let Some(slot) = all.people.slots.get(at as usize) else {
            continue;
        };
        let before = slot.known.and_then(|at| all.known.get(at as usize));
        let status_changed = before.is_some_and(|before| before.status != slot.status);
        roster::write_derived(tx, slot, all.school_id(at), status_changed, cx.now).await?;
        progress.wrote(1);
    }
    if !cx.app.settings.roster.birth_dates {
        roster::forget_birth_dates(tx).await?;
    }
    Ok(())
}

/// Frees usernames before they are given anew, then makes the new accounts.
async fn usernames(cx: &Context, tx: &Tx, all: &Comparison) -> Result<(), FlowError> {
    let mut freed = Vec::new();
    let mut given = Vec::new();
    let mut new = std::collections::HashMap::new();
    for (at, name) in &all.people.usernames {
        let Some(slot) = all.people.slots.get(*at as usize) else {
            continue;
        };
        match (slot.known, name) {
            (None, name) => {
                new.insert(*at, name.as_deref());
            }
            (Some(_), name) => {
                freed.push(&*slot.id);
                given.extend(name.as_deref().map(|name| (&*slot.id, name)));
            }
        }
    }
    roster::free_usernames(tx, &freed).await?;
    roster::name_accounts(tx, &given).await?;
    let accounts: Vec<(&str, Option<&str>)> = all
        .written(Write::Insert)
        .filter_map(|at| {
            let slot = all.people.slots.get(at as usize)?;
            Some((&*slot.id, new.get(&at).copied().flatten()))
        })
        .collect();
    Ok(roster::insert_accounts(tx, &accounts, cx.now).await?)
}

async fn affiliations(
    cx: &Context,
    tx: &Tx,
    all: &Comparison,
    progress: &Progress,
) -> Result<(), FlowError> {
    let plan = &all.people.affiliations;
    let ids = new_ids(cx, plan.created.len());
    let created = plan.created.iter().copied().zip(ids);
    let changed = plan.changed.iter().map(|(at, id)| (*at, id.to_string()));
    let rows: Vec<AffiliationWrite<'_>> = created
        .chain(changed)
        .filter_map(|(at, id)| {
            let row = all.package.roles.rows.get(at as usize)?;
            let place = all.orgs.place(&row.org)?;
            let slot = all.people.owner(at)?;
            Some(AffiliationWrite {
                id,
                row,
                role: row.role.clone().at(&place.kind),
                person_id: &all.people.slots.get(slot as usize)?.id,
                school_id: &place.id,
            })
        })
        .collect();
    for step in rows.chunks(STEP) {
        roster::write_affiliations(tx, step, cx.now).await?;
        progress.wrote(step.len());
    }
    roster::remove(tx, RosterTable::Affiliations, &plan.gone, cx.now).await?;
    progress.wrote(plan.gone.len());
    Ok(())
}

async fn enrollments(
    cx: &Context,
    tx: &Tx,
    all: &Comparison,
    progress: &Progress,
) -> Result<(), FlowError> {
    let rows = &all.package.enrollments.rows;
    // Ids as numbers: hundreds of thousands of them, sorted, in a few megabytes.
    let mut ids: Vec<Uuid> = Vec::with_capacity(all.enrollments.created.len());
    for _ in &all.enrollments.created {
        let id = cx.app.random.id(cx.now);
        ids.push(Uuid::try_parse(&id).map_err(FlowError::bug)?);
    }
    ids.sort_unstable();
    let write = |row, id| make_enrollment(all, row, id);
    for (step, ids) in all.enrollments.created.chunks(STEP).zip(ids.chunks(STEP)) {
        let writes = step
            .iter()
            .zip(ids)
            .filter_map(|(at, id)| write(rows.get(*at as usize)?, id.to_string()));
        roster::write_enrollments(tx, writes, cx.now).await?;
        progress.wrote(step.len());
    }
    for step in all.enrollments.changed.chunks(STEP) {
        let writes = step
            .iter()
            .filter_map(|(at, id)| write(rows.get(*at as usize)?, id.to_string()));
        roster::write_enrollments(tx, writes, cx.now).await?;
        progress.wrote(step.len());
    }
    for step in all.enrollments.gone.chunks(STEP) {
        roster::remove(tx, RosterTable::Enrollments, step, cx.now).await?;
        progress.wrote(step.len());
    }
    Ok(())
}

fn make_enrollment<'a>(
    all: &'a Comparison,
    row: &'a Enrollment,
    id: String,
) -> Option<EnrollmentWrite<'a>> {
    let slot = all.slot(&row.user)?;
    Some(EnrollmentWrite {
        id,
        row,
        class_id: all.class_id(&row.class)?,
        person_id: &all.people.slots.get(slot as usize)?.id,
    })
}

/// Versions of those whose surroundings changed, and epochs of those whose sessions must end.
async fn versions(cx: &Context, tx: &Tx, all: &Comparison) -> Result<(), FlowError> {
    roster::touch_schools(tx, &all.orgs.renamed, cx.now).await?;
    let slots: HashSet<u32> = all
        .touched
        .iter()
        .chain(&all.people.affiliations.touched)
        .copied()
        .collect();
    let touched: Vec<&str> = slots
        .into_iter()
        .filter_map(|at| all.people.slots.get(at as usize))
        .filter(|slot| slot.write == Write::Nothing)
        .map(|slot| &*slot.id)
        .collect();
    roster::touch(tx, &touched, cx.now).await?;
    let ended: Vec<&str> = all
        .people
        .slots
        .iter()
        .filter(|slot| slot.ends_sessions)
        .map(|slot| &*slot.id)
        .collect();
    Ok(roster::end_sessions(tx, &ended).await?)
}
