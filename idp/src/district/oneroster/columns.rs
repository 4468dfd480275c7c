//! The files and columns of the OneRoster CSV binding, 1.1 and 1.2, as far as a roster needs them.

/// A version of the binding. 1.2.1 says `1.2` in its manifest and differs by one column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// 1.1.
    V1p1,
    /// 1.2 and 1.2.1.
    V1p2,
}

impl Version {
    /// As in `oneroster.version`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V1p1 => "1.1",
            Self::V1p2 => "1.2",
        }
    }

    /// The data files of this version, without `.csv`, in the order of the manifest.
    pub const fn files(self) -> &'static [&'static str] {
        match self {
            Self::V1p1 => &[
                "academicSessions",
                "categories",
                "classes",
                "classResources",
                "courses",
                "courseResources",
                "demographics",
                "enrollments",
                "lineItems",
                "orgs",
                "resources",
                "results",
                "users",
            ],
            Self::V1p2 => &[
                "academicSessions",
                "categories",
                "classes",
                "classResources",
                "courses",
                "courseResources",
                "demographics",
                "enrollments",
                "lineItemLearningObjectiveIds",
                "lineItems",
                "lineItemScoreScales",
                "orgs",
                "resources",
                "resultLearningObjectiveIds",
                "results",
                "resultScoreScales",
                "roles",
                "scoreScales",
                "userProfiles",
                "userResources",
                "users",
            ],
        }
    }
}

/// A file that is read; all others are let lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum File {
    /// orgs.csv
    Orgs,
    /// academicSessions.csv
    AcademicSessions,
    /// courses.csv
    Courses,
    /// classes.csv
    Classes,
    /// roles.csv (1.2)
    Roles,
    /// users.csv
    Users,
    /// enrollments.csv
    Enrollments,
    /// demographics.csv: only the birth date, and only where the district turned it on.
    Demographics,
}

impl File {
    /// In the order of reading.
    pub const ALL: [Self; 8] = [
        Self::Orgs,
        Self::AcademicSessions,
        Self::Courses,
        Self::Classes,
        Self::Roles,
        Self::Users,
        Self::Enrollments,
        Self::Demographics,
    ];

    /// As in the manifest, without `.csv`.
    pub const fn stem(self) -> &'static str {
        match self {
            Self::Orgs => "orgs",
            Self::AcademicSessions => "academicSessions",
            Self::Courses => "courses",
            Self::Classes => "classes",
            Self::Roles => "roles",
            Self::Users => "users",
            Self::Enrollments => "enrollments",
            Self::Demographics => "demographics",
        }
    }

    /// The file's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Orgs => "orgs.csv",
            Self::AcademicSessions => "academicSessions.csv",
            Self::Courses => "courses.csv",
            Self::Classes => "classes.csv",
            Self::Roles => "roles.csv",
            Self::Users => "users.csv",
            Self::Enrollments => "enrollments.csv",
            Self::Demographics => "demographics.csv",
        }
    }

    /// Its columns in order; none where the version has no such file.
    pub const fn columns(self, version: Version) -> &'static [Column] {
        match (self, version) {
            (Self::Orgs, _) => ORGS,
            (Self::AcademicSessions, _) => ACADEMIC_SESSIONS,
            (Self::Courses, _) => COURSES,
            (Self::Classes, _) => CLASSES,
            (Self::Roles, Version::V1p1) => &[],
            (Self::Roles, Version::V1p2) => ROLES,
            (Self::Users, Version::V1p1) => USERS_1P1,
            (Self::Users, Version::V1p2) => USERS_1P2,
            (Self::Enrollments, _) => ENROLLMENTS,
            (Self::Demographics, _) => DEMOGRAPHICS,
        }
    }
}

/// One column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name, case-sensitive.
    pub name: &'static str,
    /// Whether every row must fill it (`status` and `dateLastModified` have a rule of their own).
    pub required: bool,
    /// Whether a header may leave it out: `resourceSourcedIds` is in 1.2 and not in 1.2.1.
    pub may_be_absent: bool,
}

const fn required(name: &'static str) -> Column {
    Column {
        name,
        required: true,
        may_be_absent: false,
    }
}

const fn optional(name: &'static str) -> Column {
    Column {
        name,
        required: false,
        may_be_absent: false,
    }
}

const SOURCED_ID: Column = required("sourcedId");
const STATUS: Column = optional("status");
const MODIFIED: Column = optional("dateLastModified");

const ORGS: &[Column] = &[
    SOURCED_ID,
    STATUS,
    MODIFIED,
    required("name"),
    required("type"),
    optional("identifier"),
    optional("parentSourcedId"),
];

const ACADEMIC_SESSIONS: &[Column] = &[
    SOURCED_ID,
    STATUS,
    MODIFIED,
    required("title"),
    required("type"),
    required("startDate"),
    required("endDate"),
    optional("parentSourcedId"),
    required("schoolYear"),
];

const COURSES: &[Column] = &[
    SOURCED_ID,
    STATUS,
    MODIFIED,
    optional("schoolYearSourcedId"),
    required("title"),
    optional("courseCode"),
    optional("grades"),
    required("orgSourcedId"),
    optional("subjects"),
    optional("subjectCodes"),
];

const CLASSES: &[Column] = &[
    SOURCED_ID,
    STATUS,
    MODIFIED,
    required("title"),
    optional("grades"),
    required("courseSourcedId"),
    optional("classCode"),
    required("classType"),
    optional("location"),
    required("schoolSourcedId"),
    required("termSourcedIds"),
    optional("subjects"),
    optional("subjectCodes"),
    optional("periods"),
];

const USERS_1P1: &[Column] = &[
    SOURCED_ID,
    STATUS,
    MODIFIED,
    required("enabledUser"),
    required("orgSourcedIds"),
    required("role"),
    required("username"),
    optional("userIds"),
    required("givenName"),
    required("familyName"),
    optional("middleName"),
    optional("identifier"),
    optional("email"),
    optional("sms"),
    optional("phone"),
    optional("agentSourcedIds"),
    optional("grades"),
    optional("password"),
];

const USERS_1P2: &[Column] = &[
    SOURCED_ID,
    STATUS,
    MODIFIED,
    required("enabledUser"),
    required("username"),
    optional("userIds"),
    required("givenName"),
    required("familyName"),
    optional("middleName"),
    optional("identifier"),
    optional("email"),
    optional("sms"),
    optional("phone"),
    optional("agentSourcedIds"),
    optional("grades"),
    optional("password"),
    optional("userMasterIdentifier"),
    Column {
        name: "resourceSourcedIds",
        required: false,
        may_be_absent: true,
    },
    optional("preferredGivenName"),
    optional("preferredMiddleName"),
    optional("preferredFamilyName"),
    optional("primaryOrgSourcedId"),
    optional("pronouns"),
];

const ROLES: &[Column] = &[
    SOURCED_ID,
    STATUS,
    MODIFIED,
    required("userSourcedId"),
    required("roleType"),
    required("role"),
    optional("beginDate"),
    optional("endDate"),
    required("orgSourcedId"),
    optional("userProfileSourcedId"),
];

const ENROLLMENTS: &[Column] = &[
    SOURCED_ID,
    STATUS,
    MODIFIED,
    required("classSourcedId"),
    required("schoolSourcedId"),
    required("userSourcedId"),
    required("role"),
    optional("primary"),
    optional("beginDate"),
    optional("endDate"),
];

const DEMOGRAPHICS: &[Column] = &[
    SOURCED_ID,
    STATUS,
    MODIFIED,
    optional("birthDate"),
    optional("sex"),
    optional("americanIndianOrAlaskaNative"),
    optional("asian"),
    optional("blackOrAfricanAmerican"),
    optional("nativeHawaiianOrOtherPacificIslander"),
    optional("white"),
    optional("demographicRaceTwoOrMoreRaces"),
    optional("hispanicOrLatinoEthnicity"),
    optional("countryOfBirthCode"),
    optional("stateOfBirthAbbreviation"),
    optional("cityOfBirth"),
    optional("publicSchoolResidenceStatus"),
];

/// What real exports get wrong in a header, and what to say about it: file, name found, advice.
pub const DEVIATIONS: &[(File, &str, &str)] = &[
    (
        File::Classes,
        "termSourcedId",
        "The column is named termSourcedIds, with an s: a class may have several terms.",
    ),
    (
        File::Enrollments,
        "courseSourcedId",
        "enrollments.csv has no courseSourcedId: the course follows from the class. Leave the column out.",
    ),
    (
        File::Users,
        "agentSourcedIds",
        "agentSourcedIds stands after phone and before grades. Put the columns in the order of the OneRoster table.",
    ),
    (
        File::Demographics,
        "stateofBirthAbbreviation",
        "The column is named stateOfBirthAbbreviation, with a capital O.",
    ),
    (
        File::Demographics,
        "userSourcedId",
        "userSourcedId is a name of OneRoster 1.0. In 1.1 and 1.2 the first column, sourcedId, is the user's sourcedId.",
    ),
    (
        File::Demographics,
        "birthdate",
        "birthdate is a name of OneRoster 1.0. The column is named birthDate.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Columns: version, file, position, column, type, required, enum.
    const TABLE: &str = include_str!("columns.tsv");
    /// Columns: version, property, required, value.
    const PROPERTIES: &str = include_str!("manifest.tsv");

    #[test]
    fn the_columns_are_those_of_the_table() {
        let mut seen = 0;
        for version in [Version::V1p1, Version::V1p2] {
            for file in File::ALL {
                let rows: Vec<Vec<&str>> = TABLE
                    .lines()
                    .map(|line| line.split('\t').collect::<Vec<_>>())
                    .filter(|row| row[0] == version.as_str() && row[1] == file.name())
                    .collect();
                let columns = file.columns(version);
                assert_eq!(
                    rows.len(),
                    columns.len(),
                    "{} {}",
                    version.as_str(),
                    file.name()
                );
                for (row, column) in rows.iter().zip(columns) {
                    assert_eq!(row[3], column.name);
                    assert_eq!(row[5] == "yes", column.required, "{}", column.name);
                    assert_eq!(
                        row[5].contains("removed"),
                        column.may_be_absent,
                        "{}",
                        column.name
                    );
                    seen += 1;
                }
            }
        }
        assert!(seen > 150);
    }

    #[test]
    fn the_manifest_lists_are_those_of_the_table() {
        for version in [Version::V1p1, Version::V1p2] {
            let files: Vec<&str> = PROPERTIES
                .lines()
                .map(|line| line.split('\t').collect::<Vec<_>>())
                .filter(|row| row[0] == version.as_str())
                .filter_map(|row| row[1].strip_prefix("file."))
                .collect();
            assert_eq!(files, version.files());
        }
    }
}
