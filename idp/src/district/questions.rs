//! Challenge questions: which answers may be set, and in what form they are kept.
//!
//! A set of answers becomes one joint hash, so what is stored is the list of question ids and that hash. Choices are kept as
//! ids: a student may answer in Spanish and recover in English.

pub mod bank;

use std::ops::RangeInclusive;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// How many characters of anything typed are looked at.
const LOOKED_AT: usize = 1024;

/// What people answer when they do not want to, in the languages of the pages.
const NO_ANSWERS: &[&str] = &[
    "idk",
    "i dont know",
    "dont know",
    "answer",
    "password",
    "test",
    "asdf",
    "qwerty",
    "abc",
    "123",
    "1234",
    "12345",
    "xxx",
    "aaa",
    "no se",
    "respuesta",
    "khong biet",
    "em khong biet",
];

/// A question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// Stable id, as `birth_month`.
    pub id: &'static str,
    /// What an answer looks like.
    pub kind: Kind,
    /// Normalized answers that too many people give.
    pub common: &'static [&'static str],
}

/// What an answer looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One of these ids.
    Choice(&'static [&'static str]),
    /// A year of four digits, 1920 to this one.
    Year,
    /// Free text of so many characters, counted after normalization.
    Text {
        /// At least.
        min: usize,
        /// At most.
        max: usize,
    },
}

impl Question {
    /// The key of its text in the language files.
    pub fn text_key(&self) -> String {
        format!("question-{}", self.id.replace('_', "-"))
    }

    /// The key of a choice's text.
    pub fn choice_key(&self, choice: &str) -> String {
        format!("question-{}-{choice}", self.id.replace('_', "-"))
    }

    /// Whether its answers are few enough to be guessed: a choice, or a year.
    pub const fn is_choice(&self) -> bool {
        matches!(self.kind, Kind::Choice(_) | Kind::Year)
    }
}

/// How many questions a person answers, and of what kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// At least.
    pub min: usize,
    /// At most; none: all that are listed.
    pub max: Option<usize>,
    /// Whether at most one answer may come from a choice or a year.
    pub one_choice: bool,
}

impl Rule {
    /// How many answers pass, of a bank of `available` questions.
    pub fn accepted(&self, available: usize) -> RangeInclusive<usize> {
        self.min..=self.max.unwrap_or(available)
    }
}

/// What an answer may not repeat.
#[derive(Clone, Debug, Default)]
pub struct Context<'a> {
    /// Username and number.
    pub own: Vec<&'a str>,
    /// This year.
    pub year: i32,
}

/// An answer as typed, with the words of its question in the reader's language.
#[derive(Clone, Debug)]
pub struct Typed<'a> {
    /// The question's id.
    pub question_id: &'a str,
    /// The question's words, as shown.
    pub question_text: &'a str,
    /// What was typed or chosen.
    pub answer: &'a str,
}

/// An answer that passed, ready to be hashed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The question's id.
    pub question_id: &'static str,
    /// The normalized text, the choice's id, or four digits.
    pub text: String,
}

/// What is wrong with a set of answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// At which question; none: with the set.
    pub question_id: Option<&'static str>,
    /// What.
    pub refusal: Refusal,
}

/// Why an answer, or a set of them, is refused. Each has a sentence that says what to do instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Fewer than so many are answered.
    TooFew(usize),
    /// More than so many are answered.
    TooMany(usize),
    /// A form that names a question that is not listed, or one twice.
    NotListed,
    /// More than one choice or year.
    TooManyChoices,
    /// Shorter than so many characters.
    TooShort(usize),
    /// Longer than so many characters.
    TooLong(usize),
    /// None of the choices.
    NotAChoice,
    /// No year between 1920 and this one.
    NotAYear,
    /// The same as another answer.
    Equal,
    /// Words of the question itself.
    Echo,
    /// Username or number.
    OwnNumber,
    /// What too many people answer.
    Common,
}

impl Refusal {
    /// The key of its sentence.
    pub const fn key(self) -> &'static str {
        match self {
            Self::TooFew(_) => "questions-too-few",
            Self::TooMany(_) => "questions-too-many-answers",
            Self::NotListed => "questions-not-listed",
            Self::TooManyChoices => "questions-too-many-choices",
            Self::TooShort(_) => "questions-too-short",
            Self::TooLong(_) => "questions-too-long",
            Self::NotAChoice => "questions-not-a-choice",
            Self::NotAYear => "questions-not-a-year",
            Self::Equal => "questions-equal",
            Self::Echo => "questions-echo",
            Self::OwnNumber => "questions-own-number",
            Self::Common => "questions-common",
        }
    }

    /// The number that its sentence names.
    pub const fn number(self) -> Option<usize> {
        match self {
            Self::TooFew(n) | Self::TooMany(n) | Self::TooShort(n) | Self::TooLong(n) => Some(n),
            _ => None,
        }
    }
}

/// An answer as it is compared: NFKC, case-folded, without marks, apostrophes and full stops, spaces trimmed and single.
pub fn normalize(answer: &str) -> String {
    let composed: String = answer.nfkc().take(LOOKED_AT).collect();
    let folded = caseless::default_case_fold_str(&composed);
    let kept: String = folded
        .nfd()
        .filter(|c| !is_combining_mark(*c) && !is_dropped(*c))
        .map(|c| if c == 'đ' { 'd' } else { c })
        .collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is_dropped(c: char) -> bool {
    c.is_control() && !c.is_whitespace()
        || matches!(
            c,
            '\'' | '.'
                | '`'
                | '\u{b4}'
                | '\u{2018}'
                | '\u{2019}'
                | '\u{2b9}'
                | '\u{2bb}'
                | '\u{2bc}'
                | '\u{2032}'
        )
}

/// Checks the answered questions of a form against the bank that was shown. What passes comes back in the order of the ids,
/// which is the order in which answers are hashed.
pub fn check(
    bank: &'static [Question],
    rule: Rule,
    typed: &[Typed<'_>],
    context: &Context<'_>,
) -> Result<Vec<Answer>, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut answers: Vec<Answer> = Vec::new();
    let mut answered = 0;
    let mut choices = 0;
    for typed in typed.iter().filter(|typed| !typed.answer.trim().is_empty()) {
        answered += 1;
        let listed = bank
            .iter()
            .find(|question| question.id == typed.question_id);
        let Some(question) = listed.filter(|question| {
            answers
                .iter()
                .all(|answer| answer.question_id != question.id)
        }) else {
            problems.push(Problem {
                question_id: None,
                refusal: Refusal::NotListed,
            });
            continue;
        };
        choices += usize::from(question.is_choice());
        match check_one(question, typed, context) {
            Ok(text) if answers.iter().any(|answer| answer.text == text) => {
                let refusal = Refusal::Equal;
                problems.push(Problem {
                    question_id: Some(question.id),
                    refusal,
                });
            }
            Ok(text) => answers.push(Answer {
                question_id: question.id,
                text,
            }),
            Err(refusal) => problems.push(Problem {
                question_id: Some(question.id),
                refusal,
            }),
        }
    }
    if let Some(refusal) = refusal_of_set(rule, bank.len(), answered, choices) {
        let of_the_set = Problem {
            question_id: None,
            refusal,
        };
        problems.insert(0, of_the_set);
    }
    if problems.is_empty() {
        answers.sort_by_key(|answer| answer.question_id);
        Ok(answers)
    } else {
        Err(problems)
    }
}

/// What is wrong with the number of answers, or with their kinds.
fn refusal_of_set(
    rule: Rule,
    available: usize,
    answered: usize,
    choices: usize,
) -> Option<Refusal> {
    let accepted = rule.accepted(available);
    if answered < *accepted.start() {
        Some(Refusal::TooFew(*accepted.start()))
    } else if answered > *accepted.end() {
        Some(Refusal::TooMany(*accepted.end()))
    } else if rule.one_choice && choices > 1 {
        Some(Refusal::TooManyChoices)
    } else {
        None
    }
}

fn check_one(
    question: &Question,
    typed: &Typed<'_>,
    context: &Context<'_>,
) -> Result<String, Refusal> {
    let text = read(question, typed.answer);
    match question.kind {
        Kind::Choice(choices) if choices.contains(&text.as_str()) => return Ok(text),
        Kind::Choice(_) => return Err(Refusal::NotAChoice),
        Kind::Year => {
            let year = text.parse::<i32>().ok().filter(|_| text.len() == 4);
            return match year {
                Some(year) if (1920..=context.year).contains(&year) => Ok(text),
                _ => Err(Refusal::NotAYear),
            };
        }
        Kind::Text { min, max } => {
            let length = text.chars().count();
            // The typed text is counted too: what was cut by normalizing would otherwise pass.
            if length < min {
                return Err(Refusal::TooShort(min));
            }
            if length > max || typed.answer.trim().chars().count() > LOOKED_AT {
                return Err(Refusal::TooLong(max));
            }
        }
    }
    if question.common.contains(&text.as_str()) || NO_ANSWERS.contains(&text.as_str()) {
        return Err(Refusal::Common);
    }
    if context.own.iter().any(|own| normalize(own) == text) {
        return Err(Refusal::OwnNumber);
    }
    if echoes(&text, typed.question_text) {
        return Err(Refusal::Echo);
    }
    Ok(text)
}

/// An answer in the form in which it is hashed, without asking whether it may be set: for recovery.
pub fn read(question: &Question, answer: &str) -> String {
    match question.kind {
        Kind::Choice(_) | Kind::Year => answer
            .nfkc()
            .take(LOOKED_AT)
            .collect::<String>()
            .trim()
            .into(),
        Kind::Text { .. } => normalize(answer),
    }
}

/// Whether an answer consists of the question's own words, in their order.
fn echoes(answer: &str, question: &str) -> bool {
    let words = |text: &str| -> String {
        let letters = |c: char| if c.is_alphanumeric() { c } else { ' ' };
        let text: String = normalize(text).chars().map(letters).collect();
        format!(
            " {} ",
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        )
    };
    let answer = words(answer);
    !answer.trim().is_empty() && words(question).contains(&answer)
}

#[cfg(test)]
mod tests;
