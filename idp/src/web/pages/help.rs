//! The guide: to read, to show to a class, to print.

use askama::Template;

use crate::texts::Language;
use crate::web::frame::Frame;

/// `/help`.
#[derive(Debug, Template)]
#[template(path = "pages/help.html")]
pub struct HelpPage {
    /// The frame.
    pub frame: Frame,
    /// The portal's address, as `my.district.org`.
    pub address: String,
    /// How many digits a student number has.
    pub number_digits: u32,
    /// Fewest characters of a student's password.
    pub password_min: u32,
    /// How many questions a student answers; 0: none.
    pub question_count: u32,
    /// A username, as `s0123456`.
    pub username_example: String,
    /// Whether names are compared letter by letter.
    pub names_exact: bool,
}

impl HelpPage {
    /// The guide in both ways of comparing names.
    pub fn samples(language: Language) -> Vec<(&'static str, Self)> {
        let page = |names_exact| Self {
            frame: Frame::sample(language, None),
            address: "my.clayton.k12.ga.us".into(),
            number_digits: 7,
            password_min: 8,
            question_count: 3,
            username_example: "s0123456".into(),
            names_exact,
        };
        vec![("help", page(false)), ("help-exact", page(true))]
    }
}
