//! Who gets a resource: rules of school, role, grade and class.

use crate::ids::{ClassId, SchoolId};

/// One rule. All parts that are there must hold; a rule without parts is the whole district.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Assignment {
    /// People of this school.
    pub school: Option<SchoolId>,
    /// People of this kind (`student`, `teacher`, `staff`, `guardian`) or with this OneRoster role (`counselor`). With a
    /// school: who are so at that school.
    pub role: Option<String>,
    /// Students of this grade.
    pub grade: Option<String>,
    /// People of this class.
    pub class: Option<ClassId>,
}

/// A person's belonging to a school, as of a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Affiliation {
    /// The school.
    pub school: SchoolId,
    /// OneRoster 1.2 role token.
    pub role: String,
}

/// What the rules look at in a person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audience {
    /// OneRoster role of the record itself.
    pub role: String,
    /// Schools and roles there, the primary school first.
    pub affiliations: Vec<Affiliation>,
    /// Grade codes.
    pub grades: Vec<String>,
    /// Current classes.
    pub classes: Vec<ClassId>,
}

impl Assignment {
    /// Whether the rule reaches this person.
    pub fn reaches(&self, audience: &Audience) -> bool {
        self.reaches_place(audience)
            && self
                .grade
                .as_ref()
                .is_none_or(|grade| audience.grades.contains(grade))
            && self
                .class
                .as_ref()
                .is_none_or(|class| audience.classes.contains(class))
    }

    fn reaches_place(&self, audience: &Audience) -> bool {
        let plays = |role: &str| self.role.as_ref().is_none_or(|wanted| is_of(wanted, role));
        match &self.school {
            Some(school) => audience
                .affiliations
                .iter()
                .any(|place| place.school == *school && plays(&place.role)),
            None => {
                plays(&audience.role)
                    || audience.affiliations.iter().any(|place| plays(&place.role))
            }
        }
    }
}

/// Whether one of the rules reaches this person. Without rules nobody is reached.
pub fn any_reaches(rules: &[Assignment], audience: &Audience) -> bool {
    rules.iter().any(|rule| rule.reaches(audience))
}

/// Whether `role` is, or is of the kind, that a rule wants.
fn is_of(wanted: &str, role: &str) -> bool {
    wanted == role || wanted == user_type(role)
}

/// The kind of person that a OneRoster role makes: `student`, `teacher`, `guardian` or `staff`.
pub fn user_type(role: &str) -> &'static str {
    match role {
        "student" => "student",
        "teacher" => "teacher",
        "parent" | "guardian" | "relative" => "guardian",
        _ => "staff",
    }
}

/// Whether a rule may name this role: a kind of person, a role of OneRoster 1.2, or one of the district's own (`ext:`).
pub fn is_role(text: &str) -> bool {
    const ROLES: [&str; 15] = [
        "student",
        "teacher",
        "staff",
        "guardian",
        "aide",
        "counselor",
        "districtAdministrator",
        "parent",
        "principal",
        "proctor",
        "relative",
        "siteAdministrator",
        "systemAdministrator",
        "administrator",
        "user",
    ];
    ROLES.contains(&text) || text.strip_prefix("ext:").is_some_and(|own| !own.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(school: &str, role: &str, grade: &str, class: &str) -> Assignment {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Assignment {
            school: some(school).map(SchoolId::new),
            role: some(role),
            grade: some(grade),
            class: some(class).map(ClassId::new),
        }
    }

    fn audience(
        role: &str,
        places: &[(&str, &str)],
        grades: &[&str],
        classes: &[&str],
    ) -> Audience {
        Audience {
            role: role.into(),
            affiliations: places
                .iter()
                .map(|(school, role)| Affiliation {
                    school: SchoolId::new(*school),
                    role: (*role).into(),
                })
                .collect(),
            grades: grades.iter().copied().map(Into::into).collect(),
            classes: classes.iter().copied().map(ClassId::new).collect(),
        }
    }

    #[test]
    fn all_parts_of_a_rule_must_hold() {
        let pupil = audience("student", &[("north", "student")], &["07"], &["math-7"]);
        let teacher = audience(
            "teacher",
            &[("north", "teacher"), ("south", "aide")],
            &[],
            &["math-7"],
        );
        let principal = audience("principal", &[("north", "principal")], &[], &[]);
        for (rule, reached) in [
            (rule("", "", "", ""), [true, true, true]),
            (rule("north", "", "", ""), [true, true, true]),
            (rule("south", "", "", ""), [false, true, false]),
            (rule("east", "", "", ""), [false, false, false]),
            (rule("", "student", "", ""), [true, false, false]),
            (rule("", "teacher", "", ""), [false, true, false]),
            (rule("", "staff", "", ""), [false, true, true]),
            (rule("", "principal", "", ""), [false, false, true]),
            (rule("south", "teacher", "", ""), [false, false, false]),
            (rule("south", "staff", "", ""), [false, true, false]),
            (rule("", "", "07", ""), [true, false, false]),
            (rule("", "", "08", ""), [false, false, false]),
            (
                rule("north", "student", "07", "math-7"),
                [true, false, false],
            ),
            (
                rule("north", "student", "07", "art-7"),
                [false, false, false],
            ),
            (rule("", "", "", "math-7"), [true, true, false]),
        ] {
            let people = [&pupil, &teacher, &principal];
            assert_eq!(people.map(|one| rule.reaches(one)), reached, "{rule:?}");
        }
    }

    #[test]
    fn without_rules_nobody_is_reached() {
        assert!(!any_reaches(&[], &Audience::default()));
        assert!(any_reaches(&[Assignment::default()], &Audience::default()));
    }

    #[test]
    fn roles_that_a_rule_may_name() {
        for (text, known) in [
            ("student", true),
            ("ext:technician", true),
            ("ext:", false),
            ("Student", false),
            ("pupil", false),
        ] {
            assert_eq!(is_role(text), known, "{text}");
        }
    }
}
