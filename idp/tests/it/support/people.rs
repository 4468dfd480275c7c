//! People put straight into the roster's tables, for tests that are not about importing.

use sea_orm::{ConnectionTrait as _, Statement, Value};

use super::{MORNING, TestApp};

/// Somebody of the test's roster.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    pub id: &'static str,
    pub population: &'static str,
    pub role: &'static str,
    pub given: &'static str,
    pub family: &'static str,
    pub number: &'static str,
    pub grades: &'static str,
    pub school: &'static str,
}

/// Two pupils of two schools, a teacher, a technician.
pub const ROSTER: &[Person] = &[
    Person {
        id: "p-ana",
        population: "student",
        role: "student",
        given: "Ana",
        family: "Hernández Peña",
        number: "0012345",
        grades: "07",
        school: "o-north",
    },
    Person {
        id: "p-bo",
        population: "student",
        role: "student",
        given: "Bo",
        family: "O'Neal",
        number: "1234567",
        grades: "08",
        school: "o-south",
    },
    Person {
        id: "p-teacher",
        population: "staff",
        role: "teacher",
        given: "Mary",
        family: "Smith-Jones",
        number: "40017",
        grades: "",
        school: "o-north",
    },
    Person {
        id: "p-tech",
        population: "staff",
        role: "ext:technician",
        given: "Kim",
        family: "Vu",
        number: "40018",
        grades: "",
        school: "o-north",
    },
];

impl TestApp {
    /// Puts [`ROSTER`] and its two schools into the database.
    pub async fn seed(&self) {
        let at = MORNING.unix();
        let district = ("o-district", "Example County Schools", "district", None);
        let north = (
            "o-north",
            "North Middle",
            "school",
            Some("Mr. Okafor, Room 12"),
        );
        let south = ("o-south", "South Middle", "school", None);
        for (id, name, kind, contact) in [district, north, south] {
            self.insert(
                "schools",
                &[
                    ("id", id.into()),
                    ("sourced_id", id.into()),
                    ("name", name.into()),
                    ("kind", kind.into()),
                    ("roster_status", "active".into()),
                    ("help_contact", contact.into()),
                    ("row_hash", 0i64.into()),
                    ("updated_at", at.into()),
                ],
            )
            .await;
        }
        for person in ROSTER {
            self.insert_person(person).await;
        }
    }

    /// Puts one person and their unclaimed account into the database.
    pub async fn insert_person(&self, person: &Person) {
        let at = MORNING.unix();
        let folded = idp::district::name_match::normalize_name(&format!(
            "{} {}",
            person.given, person.family
        ));
        self.insert(
            "people",
            &[
                ("id", person.id.into()),
                ("sourced_id", person.id.into()),
                ("population", person.population.into()),
                ("role", person.role.into()),
                ("given_name", person.given.into()),
                ("family_name", person.family.into()),
                ("name_folded", folded.into()),
                ("number", person.number.into()),
                ("grades", person.grades.into()),
                ("primary_school_id", person.school.into()),
                ("roster_status", "active".into()),
                ("row_hash", 0i64.into()),
                ("version", 1i64.into()),
                ("status_changed_at", at.into()),
                ("created_at", at.into()),
                ("updated_at", at.into()),
            ],
        )
        .await;
        let prefix = if person.population == "student" {
            "s"
        } else {
            "e"
        };
        self.insert(
            "accounts",
            &[
                ("person_id", person.id.into()),
                ("username", format!("{prefix}{}", person.number).into()),
                ("state", "unclaimed".into()),
                ("auth_epoch", 1i64.into()),
                ("recovery_pending", false.into()),
                ("must_change_password", false.into()),
                ("created_at", at.into()),
            ],
        )
        .await;
        self.insert(
            "affiliations",
            &[
                ("id", format!("a-{}", person.id).into()),
                ("sourced_id", format!("a-{}", person.id).into()),
                ("person_id", person.id.into()),
                ("school_id", person.school.into()),
                ("role", person.role.into()),
                ("role_type", "primary".into()),
                ("roster_status", "active".into()),
                ("row_hash", 0i64.into()),
                ("updated_at", at.into()),
            ],
        )
        .await;
    }

    /// Inserts one row.
    pub async fn insert(&self, table: &str, columns: &[(&str, Value)]) {
        let names: Vec<_> = columns.iter().map(|(name, _)| *name).collect();
        let places: Vec<_> = (1..=columns.len()).map(|at| format!("${at}")).collect();
        let sql = format!(
            "INSERT INTO {table} ({}) VALUES ({})",
            names.join(", "),
            places.join(", ")
        );
        let values = columns.iter().map(|(_, value)| value.clone());
        self.execute(&sql, values).await;
    }

    /// Runs one statement and answers how many rows it changed.
    pub async fn execute(&self, sql: &str, values: impl IntoIterator<Item = Value>) -> u64 {
        let db = self.app.store.durable();
        let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
        db.execute_raw(statement).await.unwrap().rows_affected()
    }

    /// The first column of the first row, as text.
    pub async fn lookup(&self, sql: &str) -> Option<String> {
        let db = self.app.store.read();
        let statement = Statement::from_string(db.get_database_backend(), sql);
        let row = db.query_one_raw(statement).await.unwrap()?;
        row.try_get_by_index::<Option<String>>(0)
            .or_else(|_| {
                row.try_get_by_index::<Option<i64>>(0)
                    .map(|n| n.map(|n| n.to_string()))
            })
            .unwrap()
    }
}
