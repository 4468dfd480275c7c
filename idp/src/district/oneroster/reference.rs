//! References between files: the named row must be there, or have been imported earlier.

use std::collections::{HashMap, HashSet};

use super::Strictness;
use super::columns::File;
use super::fault::{Fault, Quarantine};
use super::package::{Entry, Ref, RoleRow, Rows, User};
use super::read::{refuses, set_aside};
use super::table::Row;

/// Why a row is not taken.
#[derive(Debug)]
pub enum Flawed {
    /// It is wrong itself.
    Fault(Fault),
    /// It is good, but hangs from a row that was set aside; its own id. What is stored of it stays.
    WithItsParent(Box<str>),
}

impl From<Fault> for Flawed {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// A file that others refer to.
pub struct Target<'a> {
    file: File,
    index: HashMap<&'a str, u32>,
    set_aside: &'a HashSet<Box<str>>,
    /// A row whose id cannot be read may be the one that is meant.
    unreadable: bool,
    /// Everything must be in the package: a whole set, or strict mode without a delta.
    closed: bool,
}

impl<'a> Target<'a> {
    /// The rows of one file.
    pub fn new<T: Entry>(rows: &'a Rows<T>, strictness: Strictness) -> Self {
        let open = match rows.mode {
            Some(_) => !rows.complete,
            None => strictness == Strictness::Tolerant,
        };
        Self {
            file: T::FILE,
            index: rows.index(),
            set_aside: &rows.set_aside,
            unreadable: rows.unreadable > 0,
            closed: !open,
        }
    }

    /// users.csv: an alias stands for the person.
    pub fn of_users(users: &'a Rows<User>, strictness: Strictness) -> Self {
        let mut target = Self::new(users, strictness);
        for (at, user) in (0_u32..).zip(&users.rows) {
            target
                .index
                .extend(user.aliases.iter().map(|alias| (&**alias, at)));
        }
        target
    }

    /// Looks `id` up, which stands in `column` of `row`.
    pub fn check(&self, row: &Row<'_>, column: &str, id: &str) -> Result<Ref, Flawed> {
        if let Some(&at) = self.index.get(id) {
            return Ok(Ref::Row(at));
        }
        if self.set_aside.contains(id) || (self.closed && self.unreadable) {
            return Err(Flawed::WithItsParent(row.sourced_id()?.into()));
        }
        if !self.closed {
            return Ok(Ref::Known(id.into()));
        }
        let mut fault = row.fault(column, dangling(self.file));
        if column.ends_with('s') {
            fault.found = super::fault::shown(id).into();
        }
        Err(fault.into())
    }
}

fn dangling(file: File) -> String {
    format!(
        "{} has no row with this sourcedId. Export both files in one package, or correct the id.",
        file.name()
    )
}

/// Refuses parents that are not there and circles of parents.
pub fn check_parents<'a>(
    file: File,
    rows: impl Iterator<Item = (&'a str, Option<&'a str>, u32)> + Clone,
    closed: bool,
) -> Result<(), Fault> {
    let parents: HashMap<&str, Option<&str>> =
        rows.clone().map(|(id, parent, _)| (id, parent)).collect();
    for (id, parent, line) in rows {
        let Some(parent) = parent else { continue };
        let fault = |advice: String| {
            Fault::of_cell(file.name(), line.into(), "parentSourcedId", parent, advice)
        };
        if closed && !parents.contains_key(parent) {
            return Err(fault(dangling(file)));
        }
        let mut above = Some(parent);
        let mut steps = 0;
        while let Some(at) = above {
            if at == id || steps > parents.len() {
                return Err(fault(format!(
                    "{id} stands below itself: its parents form a circle. Correct parentSourcedId."
                )));
            }
            above = parents.get(at).copied().flatten();
            steps += 1;
        }
    }
    Ok(())
}

/// roles.csv and users.csv of 1.2 against each other: a role needs its user, a user a role.
pub fn check_roles(
    users: &mut Rows<User>,
    roles: &mut Rows<RoleRow>,
    strictness: Strictness,
    quarantine: &mut Quarantine,
) -> Result<(), Fault> {
    check_role_users(users, roles, strictness, quarantine)?;
    if !roles.complete {
        return Ok(());
    }
    let with_role: HashSet<&str> = roles.rows.iter().map(|role| &*role.user).collect();
    let mut without: HashSet<Box<str>> = HashSet::new();
    for user in &users.rows {
        if with_role.contains(&*user.sourced_id) {
            continue;
        }
        let advice =
            "roles.csv has no usable row for this person: add one with userSourcedId and a role.";
        let mut fault = Fault::of_cell(
            users_file(),
            user.line.into(),
            "sourcedId",
            &user.sourced_id,
            advice,
        );
        fault.sourced_id = Some(user.sourced_id.clone());
        if refuses(strictness, File::Users) {
            return Err(fault);
        }
        without.insert(user.sourced_id.clone());
        quarantine.add(fault);
    }
    users
        .rows
        .retain(|user| !without.contains(&user.sourced_id));
    users.set_aside.extend(without);
    Ok(())
}

/// Every role's user must be in a whole users.csv.
fn check_role_users(
    users: &Rows<User>,
    roles: &mut Rows<RoleRow>,
    strictness: Strictness,
    quarantine: &mut Quarantine,
) -> Result<(), Fault> {
    if !users.complete {
        return Ok(());
    }
    let known = users.index();
    let mut faults = Vec::new();
    let mut aside: HashSet<Box<str>> = HashSet::new();
    roles.rows.retain(|role| {
        if known.contains_key(&*role.user) {
            return true;
        }
        if users.unreadable > 0 || users.set_aside.contains(&role.user) {
            aside.insert(role.sourced_id.clone());
            return false;
        }
        let advice = dangling(File::Users);
        let mut fault = Fault::of_cell(
            File::Roles.name(),
            role.line.into(),
            "userSourcedId",
            &role.user,
            advice,
        );
        fault.sourced_id = Some(role.sourced_id.clone());
        faults.push(fault);
        false
    });
    roles.set_aside.extend(aside);
    for fault in faults {
        if refuses(strictness, File::Roles) {
            return Err(fault);
        }
        set_aside(fault, roles, quarantine);
    }
    Ok(())
}

const fn users_file() -> &'static str {
    File::Users.name()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn circles_of_parents_are_found() {
        for (rows, closed, good) in [
            (&[("d", None), ("s", Some("d"))][..], true, true),
            (&[("s", Some("d"))], true, false),
            (&[("s", Some("d"))], false, true),
            (&[("s", Some("s"))], true, false),
            (
                &[("a", Some("b")), ("b", Some("c")), ("c", Some("a"))],
                true,
                false,
            ),
            (
                &[("x", Some("a")), ("a", Some("b")), ("b", Some("a"))],
                true,
                false,
            ),
        ] {
            let rows = rows
                .iter()
                .zip(2..)
                .map(|((id, parent), line)| (*id, *parent, line));
            assert_eq!(check_parents(File::Orgs, rows, closed).is_ok(), good);
        }
    }
}
