//! What the district's record says of a person, claim by claim. Who may see it is decided in `release.rs`.

use serde_json::{Value, json};

use super::assignment::user_type;
use super::person::{Account, Person, Population};
use super::school::School;

/// Everything that claims are made of.
#[derive(Clone, Copy, Debug)]
pub struct Known<'a> {
    /// The person.
    pub person: &'a Person,
    /// The person's account.
    pub account: &'a Account,
    /// Roles that the person has at their schools, each once, the record's own first.
    pub roles: &'a [String],
    /// The person's schools, the primary one first.
    pub schools: &'a [School],
    /// `sourcedId` of the district.
    pub district_id: Option<&'a str>,
    /// Domains whose e-mail addresses the district vouches for.
    pub email_domains: &'a [String],
}

/// The value of the claim `name`; none where the record says nothing, or the claim is not ours.
pub fn value(name: &str, known: &Known<'_>) -> Option<Value> {
    let person = known.person;
    let text = |text: &Option<String>| {
        text.as_deref()
            .filter(|text| !text.is_empty())
            .map(Value::from)
    };
    let number_of = |population| {
        let own = (person.population == population).then_some(&person.number);
        own.and_then(text)
    };
    match name {
        "name" => Some(person.display_name().into()),
        "given_name" => Some(person.first_name().into()),
        "family_name" => Some(person.last_name().into()),
        "middle_name" => text(&person.middle_name),
        "preferred_username" => text(&known.account.username),
        "locale" => text(&known.account.locale),
        "updated_at" => Some(person.updated_at.unix().into()),
        "email" => text(&person.email),
        "email_verified" => {
            let email = person.email.as_deref().filter(|email| !email.is_empty())?;
            Some(is_vouched_for(email, known.email_domains).into())
        }
        "user_type" => Some(kind(person).into()),
        "roles" => Some(json!(known.roles)),
        "school_ids" => Some(
            known
                .schools
                .iter()
                .map(|school| school.sourced_id.as_str())
                .collect(),
        ),
        "school_names" => Some(
            known
                .schools
                .iter()
                .map(|school| school.name.as_str())
                .collect(),
        ),
        "primary_school" => {
            let id = person.primary_school_id.as_ref()?;
            let school = known.schools.iter().find(|school| school.id == *id)?;
            Some(school.sourced_id.as_str().into())
        }
        "grades" => (!person.grades.is_empty()).then(|| json!(person.grades)),
        "district_id" => known.district_id.map(Value::from),
        "sourced_id" => text(&person.sourced_id),
        "student_number" => number_of(Population::Student),
        "staff_number" => number_of(Population::Staff),
        _ => None,
    }
}

/// `student`, `teacher`, `staff` or `guardian`.
fn kind(person: &Person) -> &'static str {
    match person.population {
        Population::Student => "student",
        Population::Guardian => "guardian",
        Population::Staff if user_type(&person.role) == "teacher" => "teacher",
        Population::Staff => "staff",
    }
}

fn is_vouched_for(email: &str, domains: &[String]) -> bool {
    email.rsplit_once('@').is_some_and(|(_, host)| {
        domains
            .iter()
            .any(|domain| domain.eq_ignore_ascii_case(host))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;
    use crate::district::person::{AccountState, RosterStatus};
    use crate::ids::{PersonId, SchoolId};
    use crate::protocol::claims;

    fn pupil() -> Person {
        Person {
            id: PersonId::new("0198c0de-0000-7000-8000-000000000001"),
            sourced_id: Some("P-1".into()),
            population: Population::Student,
            role: "student".into(),
            given_name: "María José".into(),
            family_name: "Nguyễn".into(),
            middle_name: Some("Ana".into()),
            preferred_given_name: Some("Majo".into()),
            preferred_family_name: None,
            number: Some("0123456".into()),
            email: Some("s0123456@Students.Example.org".into()),
            grades: vec!["07".into()],
            primary_school_id: Some(SchoolId::new("s-2")),
            roster_status: RosterStatus::Active,
            starts_on: None,
            ends_on: None,
            birth_date: Some("2013-02-03".into()),
            version: 1,
            updated_at: Timestamp::from_unix(1_700_000_000),
        }
    }

    fn account() -> Account {
        Account {
            person_id: PersonId::new("0198c0de-0000-7000-8000-000000000001"),
            username: Some("s0123456".into()),
            state: AccountState::Active,
            auth_epoch: 1,
            password_hash: None,
            password_set_at: None,
            recovery_pending: false,
            must_change_password: false,
            claimed_at: None,
            locale: Some("es".into()),
            last_sign_in_at: None,
        }
    }

    fn school(id: &str, sourced_id: &str, name: &str) -> School {
        School {
            id: SchoolId::new(id),
            sourced_id: sourced_id.into(),
            name: name.into(),
            kind: "school".into(),
            identifier: None,
            help_contact: None,
        }
    }

    fn value_of(name: &str, person: &Person) -> Option<Value> {
        let known = Known {
            person,
            account: &account(),
            roles: &["student".into()],
            schools: &[
                school("s-2", "ORG-2", "North Middle"),
                school("s-3", "ORG-3", "Arts Center"),
            ],
            district_id: Some("ORG-0"),
            email_domains: &["students.example.org".into()],
        };
        value(name, &known)
    }

    #[test]
    fn a_record_claim_by_claim() {
        let person = pupil();
        for (name, expected) in [
            ("name", json!("Majo Nguyễn")),
            ("given_name", json!("Majo")),
            ("family_name", json!("Nguyễn")),
            ("middle_name", json!("Ana")),
            ("preferred_username", json!("s0123456")),
            ("locale", json!("es")),
            ("updated_at", json!(1_700_000_000)),
            ("email", json!("s0123456@Students.Example.org")),
            ("email_verified", json!(true)),
            ("user_type", json!("student")),
            ("roles", json!(["student"])),
            ("school_ids", json!(["ORG-2", "ORG-3"])),
            ("school_names", json!(["North Middle", "Arts Center"])),
            ("primary_school", json!("ORG-2")),
            ("grades", json!(["07"])),
            ("district_id", json!("ORG-0")),
            ("sourced_id", json!("P-1")),
            ("student_number", json!("0123456")),
        ] {
            assert_eq!(value_of(name, &person), Some(expected), "{name}");
        }
        for absent in ["staff_number", "birthdate", "gender", "sub", "address"] {
            assert_eq!(value_of(absent, &person), None, "{absent}");
        }
    }

    #[test]
    fn every_claim_of_the_protocol_has_a_source() {
        let student = pupil();
        let staff = Person {
            population: Population::Staff,
            role: "teacher".into(),
            ..pupil()
        };
        for name in claims::known() {
            let found = value_of(name, &student).or_else(|| value_of(name, &staff));
            assert!(found.is_some(), "{name}");
        }
    }

    #[test]
    fn what_is_not_known_is_not_made_up() {
        let person = Person {
            middle_name: Some(String::new()),
            email: None,
            grades: Vec::new(),
            primary_school_id: None,
            sourced_id: None,
            number: None,
            ..pupil()
        };
        for name in [
            "middle_name",
            "email",
            "email_verified",
            "grades",
            "primary_school",
            "sourced_id",
            "student_number",
        ] {
            assert_eq!(value_of(name, &person), None, "{name}");
        }
    }

    #[test]
    fn only_the_districts_domains_are_vouched_for() {
        for (email, verified) in [
            ("a@students.example.org", true),
            ("a@STUDENTS.example.org", true),
            ("a@example.org", false),
            ("a@evil.students.example.org", false),
            ("\"a@students.example.org\"@evil.example", false),
        ] {
            let person = Person {
                email: Some(email.into()),
                ..pupil()
            };
            assert_eq!(
                value_of("email_verified", &person),
                Some(json!(verified)),
                "{email}"
            );
        }
    }

    #[test]
    fn kinds_of_people() {
        for (population, role, expected) in [
            (Population::Student, "student", "student"),
            (Population::Staff, "teacher", "teacher"),
            (Population::Staff, "principal", "staff"),
            (Population::Staff, "ext:technician", "staff"),
            (Population::Guardian, "parent", "guardian"),
        ] {
            let person = Person {
                population,
                role: role.into(),
                ..pupil()
            };
            assert_eq!(value_of("user_type", &person), Some(json!(expected)));
        }
    }
}
