//! Usernames of accounts nobody has claimed: prefix and number, where free. A claimed username never changes.

use std::collections::HashMap;

/// An account as far as its username goes.
#[derive(Clone, Debug)]
pub struct Holder {
    /// What it has now.
    pub current: Option<Box<str>>,
    /// It is claimed: what it has stays.
    pub claimed: bool,
    /// Prefix and number in lower case; none for somebody without a number, a guardian or somebody who has left.
    pub wanted: Option<String>,
}

/// New usernames by position in the list, and the positions whose number another account uses.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Assignment {
    /// Position, new username.
    pub changes: Vec<(usize, Option<String>)>,
    /// Positions that got a username with a suffix.
    pub suffixed: Vec<usize>,
}

/// The bare number: outer spaces and a leading prefix letter are left out, where digits follow.
pub fn bare_number<'a>(number: &'a str, prefix: &str) -> &'a str {
    let number = number.trim();
    let Some(head) = number.get(..prefix.len()) else {
        return number;
    };
    match number.get(prefix.len()..) {
        Some(rest)
            if !prefix.is_empty()
                && head.eq_ignore_ascii_case(prefix)
                && !rest.is_empty()
                && rest.bytes().all(|b| b.is_ascii_digit()) =>
        {
            rest
        }
        _ => number,
    }
}

/// Gives every unclaimed account its wanted username, or the wanted one with `-2`, `-3` and so on where another account has it.
/// Who has a fitting one keeps it.
pub fn assign(holders: &[Holder]) -> Assignment {
    let mut owners: HashMap<String, usize> = HashMap::with_capacity(holders.len());
    let keeps = |holder: &Holder| {
        holder.claimed
            || match (&holder.current, &holder.wanted) {
                (Some(current), Some(wanted)) => fits(current, wanted),
                _ => false,
            }
    };
    for (at, holder) in holders.iter().enumerate() {
        if keeps(holder)
            && let Some(current) = &holder.current
        {
            owners.insert(current.to_string(), at);
        }
    }
    let mut assignment = Assignment::default();
    for (at, holder) in holders.iter().enumerate() {
        if keeps(holder) {
            // A suffix goes as soon as the plain name is free.
            let Some(wanted) = holder.wanted.as_ref().filter(|_| !holder.claimed) else {
                continue;
            };
            if holder.current.as_deref() == Some(wanted) {
                continue;
            }
            if owners.contains_key(wanted) {
                assignment.suffixed.push(at);
                continue;
            }
        }
        let new = holder.wanted.as_ref().map(|wanted| free(wanted, &owners));
        if new.is_some() && new != holder.wanted {
            assignment.suffixed.push(at);
        }
        if let Some(new) = &new {
            owners.insert(new.clone(), at);
        }
        if new.as_deref() != holder.current.as_deref() {
            assignment.changes.push((at, new));
        }
    }
    assignment
}

/// Whether `current` is `wanted`, or `wanted` with a suffix.
fn fits(current: &str, wanted: &str) -> bool {
    current.strip_prefix(wanted).is_some_and(|rest| {
        rest.is_empty()
            || rest.strip_prefix('-').is_some_and(|digits| {
                !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
            })
    })
}

fn free(wanted: &str, owners: &HashMap<String, usize>) -> String {
    let mut name = wanted.to_owned();
    let mut suffix = 2;
    while owners.contains_key(&name) {
        name = format!("{wanted}-{suffix}");
        suffix += 1;
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holder(current: Option<&str>, claimed: bool, wanted: Option<&str>) -> Holder {
        Holder {
            current: current.map(Into::into),
            claimed,
            wanted: wanted.map(Into::into),
        }
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table of cases")]
    fn claimed_names_stay_and_free_ones_are_given() {
        for (holders, changes, suffixed, why) in [
            (
                vec![holder(None, false, Some("s1"))],
                vec![(0, Some("s1"))],
                vec![],
                "new account",
            ),
            (
                vec![
                    holder(Some("s1"), true, Some("s2")),
                    holder(None, false, Some("s1")),
                ],
                vec![(1, Some("s1-2"))],
                vec![1],
                "the number of a claimed account was reused",
            ),
            (
                vec![
                    holder(Some("s1"), false, Some("s2")),
                    holder(Some("s2"), false, Some("s1")),
                ],
                vec![(0, Some("s2")), (1, Some("s1"))],
                vec![],
                "two pupils swap numbers",
            ),
            (
                vec![
                    holder(Some("s1"), false, None),
                    holder(None, false, Some("s1")),
                ],
                vec![(0, None), (1, Some("s1"))],
                vec![],
                "who has left frees the name",
            ),
            (
                vec![
                    holder(Some("s1"), true, None),
                    holder(Some("s1-2"), false, Some("s1")),
                ],
                vec![],
                vec![1],
                "a suffix stays while it is needed",
            ),
            (
                vec![holder(Some("s1-2"), false, Some("s1"))],
                vec![(0, Some("s1"))],
                vec![],
                "and goes when it is not",
            ),
            (
                vec![
                    holder(None, false, Some("s1")),
                    holder(None, false, Some("s1")),
                ],
                vec![(0, Some("s1")), (1, Some("s1-2"))],
                vec![1],
                "two people share a number",
            ),
        ] {
            let found = assign(&holders);
            let expect: Vec<(usize, Option<String>)> = changes
                .iter()
                .map(|(at, name)| (*at, name.map(str::to_owned)))
                .collect();
            assert_eq!((found.changes, found.suffixed), (expect, suffixed), "{why}");
        }
    }

    #[test]
    fn numbers_are_kept_bare() {
        for (number, prefix, bare) in [
            ("0012345", "s", "0012345"),
            ("S0012345", "s", "0012345"),
            (" s0012345 ", "s", "0012345"),
            ("e40017", "s", "e40017"),
            ("s", "s", "s"),
            ("sx1", "s", "sx1"),
            ("é1", "s", "é1"),
            ("123", "", "123"),
        ] {
            assert_eq!(bare_number(number, prefix), bare);
        }
    }
}
