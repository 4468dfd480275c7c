//! The rules for answers, as tables.

use super::bank::questions;
use super::*;
use crate::config::Profile;
use crate::district::person::Population;

const STUDENTS: Rule = Rule {
    min: 3,
    max: Some(3),
    one_choice: false,
};

fn guide(answers: &[(&str, &str)], rule: Rule) -> Result<Vec<Answer>, Vec<Problem>> {
    run(
        questions(Profile::Guide, Population::Student),
        answers,
        rule,
    )
}

fn run(
    bank: &'static [Question],
    answers: &[(&str, &str)],
    rule: Rule,
) -> Result<Vec<Answer>, Vec<Problem>> {
    let typed: Vec<Typed<'_>> = answers
        .iter()
        .map(|(question_id, answer)| Typed {
            question_id,
            question_text: "What is your school mascot?",
            answer,
        })
        .collect();
    check(
        bank,
        rule,
        &typed,
        &Context {
            own: vec!["s0123456", "0123456"],
            year: 2026,
        },
    )
}

fn refusals(result: Result<Vec<Answer>, Vec<Problem>>) -> Vec<Refusal> {
    result
        .unwrap_err()
        .into_iter()
        .map(|problem| problem.refusal)
        .collect()
}

const THREE: [(&str, &str); 3] = [
    ("birth_month", "may"),
    ("fruit", "apple"),
    ("season", "fall"),
];

#[test]
fn students_answer_exactly_three() {
    assert_eq!(refusals(guide(&THREE[..2], STUDENTS)), [Refusal::TooFew(3)]);
    assert!(guide(&THREE, STUDENTS).is_ok());
    let four = [&THREE[..], &[("birth_year", "2014")]].concat();
    assert_eq!(refusals(guide(&four, STUDENTS)), [Refusal::TooMany(3)]);
    let blank = [&THREE[..], &[("mascot", "  ")]].concat();
    assert!(
        guide(&blank, STUDENTS).is_ok(),
        "a blank field is not an answer"
    );
}

#[test]
fn staff_answer_three_or_more() {
    let rule = Rule {
        min: 3,
        max: None,
        one_choice: false,
    };
    let bank = questions(Profile::Guide, Population::Staff);
    let four = [
        ("maiden_name", "Vo"),
        ("first_pet", "Pfote"),
        ("smell", "rain"),
        ("hero", "Pippi"),
    ];
    assert!(run(bank, &four, rule).is_ok());
    assert_eq!(refusals(run(bank, &four[..2], rule)), [Refusal::TooFew(3)]);
}

#[test]
fn at_most_one_choice_where_the_rule_is_on() {
    let rule = Rule {
        one_choice: true,
        ..STUDENTS
    };
    let bank = questions(Profile::Recommended, Population::Student);
    let two = [
        ("fruit", "apple"),
        ("birth_year", "2014"),
        ("smell", "rain"),
    ];
    assert_eq!(refusals(run(bank, &two, rule)), [Refusal::TooManyChoices]);
    let one = [
        ("fruit", "apple"),
        ("first_pet", "Pfote"),
        ("smell", "rain"),
    ];
    assert!(run(bank, &one, rule).is_ok());
}

#[test]
fn answers_by_kind() {
    let longest = &"abcde".repeat(51);
    for (id, answer, expected) in [
        ("birth_month", "may", Ok("may")),
        ("birth_month", "May", Err(Refusal::NotAChoice)),
        ("birth_month", "smarch", Err(Refusal::NotAChoice)),
        ("birth_year", "2014", Ok("2014")),
        ("birth_year", "２０１４", Ok("2014")),
        ("birth_year", "14", Err(Refusal::NotAYear)),
        ("birth_year", "1919", Err(Refusal::NotAYear)),
        ("birth_year", "1920", Ok("1920")),
        ("birth_year", "2026", Ok("2026")),
        ("birth_year", "2027", Err(Refusal::NotAYear)),
        ("birth_year", "+201", Err(Refusal::NotAYear)),
        ("middle_name", "X", Ok("x")),
        ("middle_name", "None", Err(Refusal::Common)),
        ("middle_name", "N/A", Err(Refusal::Common)),
        ("middle_name", "Không có", Err(Refusal::Common)),
        ("mascot", "ox", Err(Refusal::TooShort(3))),
        ("mascot", "  Oxen. ", Ok("oxen")),
        ("mascot", "Águilas  Azules", Ok("aguilas azules")),
        ("mascot", "...", Err(Refusal::TooShort(3))),
        ("mascot", longest, Ok(longest)),
        ("mascot", "Mascot?", Err(Refusal::Echo)),
        ("mascot", "your school", Err(Refusal::Echo)),
        ("mascot", "S0123456", Err(Refusal::OwnNumber)),
        ("mascot", "idk", Err(Refusal::Common)),
        ("homeroom", "Vũ", Ok("vu")),
        ("homeroom", "O’Neal", Ok("oneal")),
        ("school_password", "witty mouse", Err(Refusal::Common)),
        ("school_password", "brave cloud", Ok("brave cloud")),
        ("maiden_name", "Smith", Err(Refusal::NotListed)),
    ] {
        let rule = Rule {
            min: 1,
            max: Some(1),
            one_choice: false,
        };
        match (guide(&[(id, answer)], rule), expected) {
            (Ok(answers), Ok(text)) => assert_eq!(answers[0].text, text, "{id} {answer}"),
            (result, expected) => {
                assert_eq!(refusals(result), [expected.unwrap_err()], "{id} {answer}");
            }
        }
    }
}

#[test]
fn an_answer_of_256_characters_fails() {
    let rule = Rule {
        min: 1,
        max: Some(1),
        one_choice: false,
    };
    let long = "abcd".repeat(64);
    assert_eq!(
        refusals(guide(&[("mascot", &long)], rule)),
        [Refusal::TooLong(255)]
    );
}

#[test]
fn equal_answers_and_doubled_questions_are_refused() {
    let equal = [
        ("mascot", "Eagles"),
        ("homeroom", "eagles."),
        ("fruit", "apple"),
    ];
    assert_eq!(refusals(guide(&equal, STUDENTS)), [Refusal::Equal]);
    let doubled = [
        ("mascot", "Eagles"),
        ("mascot", "Tigers"),
        ("fruit", "apple"),
    ];
    assert_eq!(refusals(guide(&doubled, STUDENTS)), [Refusal::NotListed]);
}

#[test]
fn what_passes_comes_in_the_order_of_ids_and_without_language() {
    let answers = guide(&[THREE[2], THREE[0], THREE[1]], STUDENTS).unwrap();
    let ids: Vec<_> = answers.iter().map(|answer| answer.question_id).collect();
    assert_eq!(ids, ["birth_month", "fruit", "season"]);
}

#[test]
fn normalizing_twice_changes_nothing() {
    for text in [
        "  Đặng  Văn ",
        "O'Neal Jr.",
        "ﬁsh",
        "Straße",
        "\u{0130}stanbul",
        "a\u{0}b",
    ] {
        let once = normalize(text);
        assert_eq!(normalize(&once), once, "{text:?}");
    }
}
