//! What every page is drawn in: language, brand, the person's corner, the token of its forms and the nonce of its scripts.

use std::borrow::Cow;
use std::sync::Arc;

use super::assets;
use super::brand::Brand;
use super::icons::Icon;
use crate::texts::{Arg, Audience, Language};

/// The frame of one answer.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The reader's language.
    pub language: Language,
    /// How the reader is spoken to.
    pub audience: Audience,
    /// Path and query of this page, for coming back after a change of language. Starts with `/`.
    pub path: String,
    /// The token that each form of this page carries in the field `csrf`.
    pub csrf: String,
    /// The nonce of this answer's scripts.
    pub nonce: String,
    /// The district's look.
    pub brand: Arc<Brand>,
    /// News for this reader, in the reader's language.
    pub announcements: Vec<String>,
    /// Who is signed in.
    pub person: Option<SignedIn>,
    /// Whether others use this device too: names and numbers are then kept out of the browser's autofill.
    pub shared_device: bool,
}

/// The signed-in person, as the corner of each page shows them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    /// First name and initial, as `Ana H.`
    pub name: String,
    /// The name of their school.
    pub school: Option<String>,
    /// Whom to ask at their school.
    pub help_contact: Option<String>,
}

impl Frame {
    /// The text of `key`.
    pub fn t(&self, key: &str) -> Cow<'static, str> {
        self.ta(key, &[])
    }

    /// The text of `key` with its variables.
    pub fn ta(&self, key: &str, args: &[(&str, &dyn Arg)]) -> Cow<'static, str> {
        self.language.say(self.audience, key, args)
    }

    /// The icon of a name; one that nobody drew is a plain square.
    pub fn icon(&self, name: &str) -> Icon {
        Icon::named(name)
    }

    /// The hashed address of a static file.
    pub fn asset(&self, name: &str) -> &'static str {
        assets::href(name)
    }

    /// The autofill token of a field that holds a name or a number: `off` on shared devices, where the last child's would
    /// load into the form (a documented exception to WCAG 1.3.5).
    pub fn autocomplete(&self, token: &'static str) -> &'static str {
        if self.shared_device { "off" } else { token }
    }

    /// Where help is: the district's page, or our guide.
    pub fn help_href(&self) -> &str {
        self.brand.help_url.as_deref().unwrap_or("/help")
    }

    /// Whom to ask: the school's contact, the district's, or the teacher.
    pub fn help_contact(&self) -> Cow<'_, str> {
        self.person
            .as_ref()
            .and_then(|person| person.help_contact.as_deref())
            .or(self.brand.help_contact.as_deref())
            .map_or_else(|| self.t("help-contact-default"), Cow::Borrowed)
    }

    /// A frame for samples and tests.
    pub fn sample(language: Language, person: Option<SignedIn>) -> Self {
        Self {
            language,
            audience: Audience::Students,
            path: "/".into(),
            csrf: "sample-token".into(),
            nonce: "sample-nonce".into(),
            brand: Brand::sample(),
            announcements: Vec::new(),
            person,
            shared_device: true,
        }
    }
}

impl SignedIn {
    /// Somebody for samples and tests.
    pub fn sample() -> Self {
        Self {
            name: "Ana H.".into(),
            school: Some("North Middle".into()),
            help_contact: Some("Mr. Okafor, Room 12".into()),
        }
    }
}

/// What is wrong with a form, in the order of its fields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    list: Vec<Problem>,
    /// What was typed, for the one answer that tells what is wrong with it: nobody types a whole form twice.
    typed: Vec<(Cow<'static, str>, String)>,
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The field's id, which is also its name.
    pub field: Cow<'static, str>,
    /// What to do, in the reader's language.
    pub text: Cow<'static, str>,
}

impl Problems {
    /// None.
    pub const fn none() -> Self {
        Self {
            list: Vec::new(),
            typed: Vec::new(),
        }
    }

    /// Adds one.
    pub fn add(&mut self, field: impl Into<Cow<'static, str>>, text: impl Into<Cow<'static, str>>) {
        self.list.push(Problem {
            field: field.into(),
            text: text.into(),
        });
    }

    /// The same with one more.
    #[must_use]
    pub fn with(
        mut self,
        field: impl Into<Cow<'static, str>>,
        text: impl Into<Cow<'static, str>>,
    ) -> Self {
        self.add(field, text);
        self
    }

    /// What is wrong with `field`.
    pub fn of(&self, field: &str) -> Option<&str> {
        self.list
            .iter()
            .find(|problem| problem.field == field)
            .map(|problem| problem.text.as_ref())
    }

    /// Keeps what was typed into `field`.
    pub fn keep(&mut self, field: impl Into<Cow<'static, str>>, value: &str) {
        if !value.is_empty() {
            self.typed.push((field.into(), value.to_owned()));
        }
    }

    /// What was typed into `field`, where this answer says what is wrong with the form.
    pub fn value(&self, field: &str) -> Option<&str> {
        let found = self.typed.iter().find(|(name, _)| name == field);
        found.map(|(_, value)| value.as_str())
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, Problem> {
        self.list.iter()
    }
}

impl<'a> IntoIterator for &'a Problems {
    type Item = &'a Problem;
    type IntoIter = std::slice::Iter<'a, Problem>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
