//! OneRoster 1.1 as Infinite Campus writes it: a person with two roles appears twice, under ids that differ in the first
//! letter. The rows are made one person, and roles are taken out of users.csv into rows of their own.

use std::collections::HashMap;

use super::package::{RoleRow, User};
use super::values::without_role_letter;
use crate::district::name_match::folded_full_name;
use crate::district::person::Population;
use crate::district::roster::role::{Role, main_role};

/// Makes one user of rows that are one employee: same id but for the role letter, same folded name, numbers that do not
/// disagree. The row of the main role stays; its `aliases` name the others. Returns the users and all their roles.
pub fn merge_users(users: Vec<User>) -> (Vec<User>, Vec<RoleRow>) {
    let mut groups: HashMap<String, Vec<u32>> = HashMap::new();
    for (at, user) in (0_u32..).zip(&users) {
        if let Some(key) = merge_key(user) {
            groups.entry(key).or_default().push(at);
        }
    }
    // Position of the row that stays, by position of the row that joins it.
    let mut joins: HashMap<u32, u32> = HashMap::new();
    for group in groups.into_values().filter(|group| group.len() > 1) {
        let member = |at: &u32| users.get(*at as usize);
        let roles = group
            .iter()
            .filter_map(|at| Some((member(at)?.role.as_ref()?, true)));
        let Some(main) = main_role(roles) else {
            continue;
        };
        let stays = group
            .iter()
            .find(|at| member(at).is_some_and(|user| user.role.as_ref() == Some(main)));
        let Some(&stays) = stays else { continue };
        for at in group {
            if at != stays && may_join(member(&stays), member(&at)) {
                joins.insert(at, stays);
            }
        }
    }
    let mut roles = Vec::with_capacity(users.len());
    let mut aliases: HashMap<u32, Vec<Box<str>>> = HashMap::new();
    for (at, user) in (0_u32..).zip(&users) {
        let of = joins.get(&at).copied().unwrap_or(at);
        let main = users.get(of as usize).unwrap_or(user);
        push_roles(user, &main.sourced_id, &mut roles);
        if of != at {
            aliases.entry(of).or_default().push(user.sourced_id.clone());
        }
    }
    let kept = (0_u32..)
        .zip(users)
        .filter(|(at, _)| !joins.contains_key(at))
        .map(|(at, mut user)| {
            user.aliases = aliases.remove(&at).unwrap_or_default();
            user
        })
        .collect();
    (kept, roles)
}

/// What rows of one employee share.
fn merge_key(user: &User) -> Option<String> {
    let role = user.role.as_ref()?;
    if role.population() != Population::Staff {
        return None;
    }
    let number = without_role_letter(&user.sourced_id)?;
    Some(format!(
        "{number} {}",
        folded_full_name(&user.family, &user.given)
    ))
}

fn may_join(main: Option<&User>, other: Option<&User>) -> bool {
    match (main, other) {
        (Some(main), Some(other)) => match (&main.number, &other.number) {
            (Some(one), Some(two)) => one == two,
            _ => true,
        },
        _ => false,
    }
}

/// A role in each organisation; the first is the primary one.
fn push_roles(user: &User, main_id: &str, roles: &mut Vec<RoleRow>) {
    let role = user.role.clone().unwrap_or(Role::Aide);
    for (at, org) in user.orgs.iter().enumerate() {
        if user.orgs.iter().take(at).any(|before| before == org) {
            continue;
        }
        roles.push(RoleRow {
            sourced_id: format!("{}:{org}", user.sourced_id).into(),
            user: main_id.into(),
            org: org.clone(),
            role: role.clone(),
            primary: at == 0,
            begin: None,
            end: None,
            line: user.line,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn user(id: &str, role: &str, given: &str, number: Option<&str>) -> User {
        User {
            sourced_id: id.into(),
            legacy: None,
            aliases: Vec::new(),
            enabled: true,
            given: given.into(),
            family: "O'Neal".into(),
            middle: None,
            preferred_given: None,
            preferred_family: None,
            number: number.map(Into::into),
            email: None,
            grades: "".into(),
            primary_org: None,
            role: Some(Role::from_token(role)),
            orgs: vec!["s-1".into(), "d-1".into(), "s-1".into()],
            line: 2,
        }
    }

    #[test]
    fn one_employee_with_two_rows_is_one_person() {
        let (users, roles) = merge_users(vec![
            user("a40017", "administrator", "Mary", Some("40017")),
            user("t40017", "teacher", "Mary", None),
            user("s40017", "student", "Mary", Some("40017")),
            user("t40018", "teacher", "Mary", Some("40018")),
            user("a40018", "aide", "Ann", Some("40018")),
            user("a40019", "aide", "Ann", Some("1")),
            user("t40019", "teacher", "Ann", Some("2")),
        ]);
        let ids: Vec<&str> = users.iter().map(|user| &*user.sourced_id).collect();
        assert_eq!(
            ids,
            ["t40017", "s40017", "t40018", "a40018", "a40019", "t40019"]
        );
        assert_eq!(users[0].aliases, [Box::<str>::from("a40017")]);
        assert_eq!(roles.len(), 14);
        assert_eq!(&*roles[0].user, "t40017");
        assert_eq!(&*roles[0].sourced_id, "a40017:s-1");
        assert!(roles[0].primary && !roles[1].primary);
    }
}
