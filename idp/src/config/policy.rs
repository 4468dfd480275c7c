//! Rules for accounts: two profiles, each setting changeable alone.

use serde::{Deserialize, Serialize};

use crate::clock::Lifetime;

/// Which set of defaults.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Profile {
    /// As the district's published guide says.
    #[default]
    Guide,
    /// The stricter one.
    Recommended,
}

/// How typed names are compared with the roster's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NameMatch {
    /// Letter by letter.
    Exact,
    /// Without regard to case, marks, hyphens, spaces, apostrophes and suffixes.
    Normalized,
}

/// A setting that is absent follows the profile; use the methods, which know both.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// `guide` (default) or `recommended`.
    pub profile: Profile,
    /// `exact` or `normalized`. Default: `normalized` in both profiles.
    pub name_match: Option<NameMatch>,
    /// Shortest password of a student, in characters. Default 8.
    pub student_password_min: Option<u32>,
    /// Shortest password of staff, in characters. Default 8; recommended 15.
    pub staff_password_min: Option<u32>,
    /// Whether a claim needs a printed claim code or the school's network. Default no; recommended yes.
    pub claim_needs_proof: Option<bool>,
    /// Questions that a student answers. Default 3, exactly; 0 asks none.
    pub student_questions: Option<u32>,
    /// Questions that staff answer at least. Default 3; recommended 0.
    pub staff_questions: Option<u32>,
    /// Whether at most one of the answers may come from a choice. Default no; recommended yes.
    pub one_choice_question: Option<bool>,
    /// Whether challenge questions recover a password at all. Default yes.
    pub questions_enabled: Option<bool>,
    /// Seconds without a request after which a student's session ends. Default 1800.
    pub student_idle: Option<Lifetime>,
    /// Seconds after which a student's session ends in any case. Default 36,000.
    pub student_absolute: Option<Lifetime>,
    /// Seconds without a request after which a session of staff ends. Default 1800; recommended 900.
    pub staff_idle: Option<Lifetime>,
    /// Seconds after which a session of staff ends in any case. Default 43,200; recommended 28,800.
    pub staff_absolute: Option<Lifetime>,
    /// Whether a bare number at sign-in stands for the username where only one person can be meant. Default yes.
    pub bare_number_signs_in: Option<bool>,
}

impl Policy {
    fn pick<T>(&self, own: Option<T>, guide: T, recommended: T) -> T {
        own.unwrap_or(match self.profile {
            Profile::Guide => guide,
            Profile::Recommended => recommended,
        })
    }

    /// How typed names are compared.
    pub fn name_match(&self) -> NameMatch {
        self.pick(
            self.name_match,
            NameMatch::Normalized,
            NameMatch::Normalized,
        )
    }

    /// Shortest password of a student, in characters.
    pub fn student_password_min(&self) -> u32 {
        self.pick(self.student_password_min, 8, 8)
    }

    /// Shortest password of staff, in characters.
    pub fn staff_password_min(&self) -> u32 {
        self.pick(self.staff_password_min, 8, 15)
    }

    /// Whether a claim needs a third proof.
    pub fn claim_needs_proof(&self) -> bool {
        self.pick(self.claim_needs_proof, false, true)
    }

    /// Questions that a student answers, exactly.
    pub fn student_questions(&self) -> u32 {
        self.pick(self.student_questions, 3, 3)
    }

    /// Questions that staff answer, at least.
    pub fn staff_questions(&self) -> u32 {
        self.pick(self.staff_questions, 3, 0)
    }

    /// Whether at most one answer may come from a choice.
    pub fn one_choice_question(&self) -> bool {
        self.pick(self.one_choice_question, false, true)
    }

    /// Whether challenge questions recover a password at all.
    pub fn questions_enabled(&self) -> bool {
        self.pick(self.questions_enabled, true, true)
    }

    /// Idle and absolute ends of a student's session.
    pub fn student_session(&self) -> (Lifetime, Lifetime) {
        (
            self.pick(
                self.student_idle,
                Lifetime::minutes(30),
                Lifetime::minutes(30),
            ),
            self.pick(
                self.student_absolute,
                Lifetime::hours(10),
                Lifetime::hours(10),
            ),
        )
    }

    /// Idle and absolute ends of a session of staff.
    pub fn staff_session(&self) -> (Lifetime, Lifetime) {
        (
            self.pick(
                self.staff_idle,
                Lifetime::minutes(30),
                Lifetime::minutes(15),
            ),
            self.pick(self.staff_absolute, Lifetime::hours(12), Lifetime::hours(8)),
        )
    }

    /// Whether a bare number stands for the username at sign-in.
    pub fn bare_number_signs_in(&self) -> bool {
        self.pick(self.bare_number_signs_in, true, true)
    }
}
