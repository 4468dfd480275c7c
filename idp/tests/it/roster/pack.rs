//! A package put together file by file, to be spoiled in one place.

use std::io::{Cursor, Write as _};

use zip::write::{SimpleFileOptions, ZipWriter};

pub const ORGS: &str = "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId";
pub const USERS: &str = "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,\
                         familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,password";
pub const USERS_1P2: &str = "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,\
                             identifier,email,sms,phone,agentSourcedIds,grades,password,userMasterIdentifier,\
                             preferredGivenName,preferredMiddleName,preferredFamilyName,primaryOrgSourcedId,pronouns,\
                             metadata.ic.legacySourceId";
pub const ROLES: &str = "sourcedId,status,dateLastModified,userSourcedId,roleType,role,beginDate,endDate,orgSourcedId,\
                         userProfileSourcedId";
pub const ENROLLMENTS: &str = "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,\
                               beginDate,endDate";
const SESSIONS: &str =
    "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear";
const COURSES: &str = "sourcedId,status,dateLastModified,schoolYearSourcedId,title,courseCode,grades,orgSourcedId,subjects,\
                       subjectCodes";
const CLASSES: &str = "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,\
                       schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods";
const FILES_1P1: &str = "academicSessions categories classes classResources courses courseResources demographics enrollments \
                         lineItems orgs resources results users";
const FILES_1P2: &str = "academicSessions categories classes classResources courses courseResources demographics enrollments \
                         lineItemLearningObjectiveIds lineItems lineItemScoreScales orgs resources \
                         resultLearningObjectiveIds results resultScoreScales roles scoreScales userProfiles userResources \
                         users";

/// The time of a change, for deltas.
pub const WHEN: &str = "2026-08-05T06:00:00.000Z";

/// A package.
#[derive(Clone)]
pub struct Pack {
    version: &'static str,
    mode: &'static str,
    /// Name, content.
    pub files: Vec<(String, Vec<u8>)>,
    /// Written by hand instead of made of the files.
    pub manifest: Option<Vec<u8>>,
    /// Left out.
    pub without_manifest: bool,
}

impl Pack {
    pub fn empty(version: &'static str, mode: &'static str) -> Self {
        Self {
            version,
            mode,
            files: Vec::new(),
            manifest: None,
            without_manifest: false,
        }
    }

    /// Two schools, three students, two teachers, a class, in 1.1 and bulk.
    pub fn small() -> Self {
        Self::empty("1.1", "bulk")
            .file(
                "orgs",
                ORGS,
                &[
                    "d-1,,,Example County Schools,district,,",
                    "s-101,,,North Middle,school,0101,d-1",
                    "s-102,,,South High,school,0102,d-1",
                ],
            )
            .file(
                "academicSessions",
                SESSIONS,
                &["y1,,,2026-2027,schoolYear,2026-08-01,2027-08-01,,2027"],
            )
            .file("courses", COURSES, &["k1,,,y1,Math 07,M7,07,d-1,,"])
            .file(
                "classes",
                CLASSES,
                &["c1,,,Math 07 (1),07,k1,M7-1,scheduled,,s-101,y1,,,2"],
            )
            .file("users", USERS, USER_ROWS)
            .file(
                "enrollments",
                ENROLLMENTS,
                &[
                    "e1,,,c1,s-101,s0012345,student,,,",
                    "e2,,,c1,s-101,s0012346,student,,,",
                    "e3,,,c1,s-101,t40017,teacher,true,,",
                ],
            )
    }

    #[must_use]
    pub fn file(mut self, name: &str, header: &str, rows: &[&str]) -> Self {
        let mut text = format!("{header}\n");
        for row in rows {
            text.push_str(row);
            text.push('\n');
        }
        self.set(&format!("{name}.csv"), text.into_bytes());
        self
    }

    /// Puts a file in its place, or adds it.
    pub fn set(&mut self, name: &str, bytes: Vec<u8>) {
        match self.files.iter_mut().find(|(known, _)| known == name) {
            Some((_, content)) => *content = bytes,
            None => self.files.push((name.to_owned(), bytes)),
        }
    }

    /// Replaces a text in a file; it must be there.
    #[must_use]
    pub fn edit(mut self, name: &str, from: &str, to: &str) -> Self {
        let (_, content) = self
            .files
            .iter_mut()
            .find(|(known, _)| known == name)
            .unwrap();
        let text = String::from_utf8(content.clone()).unwrap();
        assert!(text.contains(from), "{name} has no {from:?}");
        *content = text.replacen(from, to, 1).into_bytes();
        self
    }

    /// Adds a row to a file.
    #[must_use]
    pub fn add(mut self, name: &str, row: &str) -> Self {
        let (_, content) = self
            .files
            .iter_mut()
            .find(|(known, _)| known == name)
            .unwrap();
        content.extend_from_slice(row.as_bytes());
        content.push(b'\n');
        self
    }

    fn manifest(&self) -> Vec<u8> {
        let mut text = format!(
            "propertyName,value\nmanifest.version,1.0\noneroster.version,{}\n",
            self.version
        );
        let names = if self.version == "1.1" {
            FILES_1P1
        } else {
            FILES_1P2
        };
        for stem in names.split(' ').filter(|stem| !stem.is_empty()) {
            let there = self
                .files
                .iter()
                .any(|(name, _)| *name == format!("{stem}.csv"));
            let mode = if there { self.mode } else { "absent" };
            text.push_str(&format!("file.{stem},{mode}\n"));
        }
        text.into_bytes()
    }

    pub fn zip(&self) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        let options = SimpleFileOptions::default();
        if !self.without_manifest {
            writer.start_file("manifest.csv", options).unwrap();
            let manifest = self.manifest.clone().unwrap_or_else(|| self.manifest());
            writer.write_all(&manifest).unwrap();
        }
        for (name, content) in &self.files {
            writer.start_file(name.as_str(), options).unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }
}

const USER_ROWS: &[&str] = &[
    "s0012345,,,true,s-101,student,s0012345,,José,Hernández Peña,,0012345,,,,,07,",
    "s0012346,,,true,s-101,student,aaliyah,,Aaliyah,Smith-Jones,Renee,0012346,a@students.example.org,,,,7,",
    "s0012347,,,true,s-102,student,x,,Marcus,O'Neal,,0012347,,,,,09,",
    "t40017,,,true,\"s-101,d-1\",teacher,e40017,,Mary,O'Neal,,40017,mary.oneal@example.org,,,,,",
    "a40018,,,true,s-102,administrator,e40018,,Kim,Vu,,40018,,,,,,",
];
