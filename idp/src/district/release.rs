//! Which claims a client may ever see: those that the district approved for it by name. Comes before any request is looked
//! at, so no client can ask its way past it.

/// Claims that join across vendors: with them two vendors can put their records of a child together.
const JOINING: [&str; 3] = ["sourced_id", "student_number", "staff_number"];

/// What the district approved for a client.
#[derive(Clone, Copy, Debug)]
pub struct Approval<'a> {
    /// Claims by name.
    pub claims: &'a [String],
    /// Whether the registration has the scope of identifiers that join across vendors.
    pub joining: bool,
}

impl Approval<'_> {
    /// Whether the client may see the claim `name`. A joining identifier needs its scope too, so that nobody approves one
    /// in passing.
    pub fn covers(&self, name: &str) -> bool {
        let named = self.claims.iter().any(|claim| claim == name);
        named && (self.joining || !JOINING.contains(&name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{claims, scope};

    #[test]
    fn only_what_is_approved_by_name() {
        let claims = ["given_name".to_owned(), "sourced_id".to_owned()];
        let approval = |joining| Approval {
            claims: &claims,
            joining,
        };
        for (name, without, with) in [
            ("given_name", true, true),
            ("family_name", false, false),
            ("email", false, false),
            ("sourced_id", false, true),
            ("student_number", false, false),
        ] {
            assert_eq!(approval(false).covers(name), without, "{name}");
            assert_eq!(approval(true).covers(name), with, "{name}");
        }
        let nothing = Approval {
            claims: &[],
            joining: true,
        };
        assert!(!claims::known().any(|name| nothing.covers(name)));
    }

    #[test]
    fn joining_identifiers_are_those_of_their_scope() {
        let of_scope = |name: &&str| claims::scope_of(name) == Some(scope::ROSTER_IDS);
        assert!(claims::known().filter(of_scope).eq(JOINING));
    }
}
