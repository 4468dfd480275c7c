//! The questions as shipped: the guide's for students, a list for staff, and our own twelve.
//!
//! Words live in the language files under `question-…`; here stand ids, kinds of answer, limits, and answers that too many
//! people give.

use super::{Kind, Question};
use crate::config::Profile;
use crate::district::person::Population;

const MONTHS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const fn text(id: &'static str, min: usize, common: &'static [&'static str]) -> Question {
    Question {
        id,
        kind: Kind::Text { min, max: 255 },
        common,
    }
}

const BIRTH_MONTH: Question = Question {
    id: "birth_month",
    kind: Kind::Choice(MONTHS),
    common: &[],
};
const MIDDLE_NAME: Question = text(
    "middle_name",
    1,
    // "I have none" in the languages of the pages: it is everybody's answer.
    &[
        "none",
        "i have none",
        "no",
        "nothing",
        "i dont have one",
        "dont have one",
        "n/a",
        "na",
        "no tengo",
        "ninguno",
        "nada",
        "khong",
        "khong co",
        "em khong co",
    ],
);
const BIRTH_YEAR: Question = Question {
    id: "birth_year",
    kind: Kind::Year,
    common: &[],
};
const MASCOT: Question = text("mascot", 3, &[]);
const HOMEROOM: Question = text("homeroom", 2, &[]);
const SCHOOL_PASSWORD: Question = text("school_password", 8, &["witty mouse", "wittymouse"]);
const FRUIT: Question = Question {
    id: "fruit",
    kind: Kind::Choice(&["apple", "banana", "orange", "peach"]),
    common: &[],
};
const SEASON: Question = Question {
    id: "season",
    kind: Kind::Choice(&["summer", "winter", "fall", "spring"]),
    common: &[],
};
const MAIDEN_NAME: Question = text("maiden_name", 2, &[]);

const FIRST_PET: Question = text(
    "first_pet",
    3,
    &[
        "max", "buddy", "bella", "luna", "charlie", "lucky", "coco", "rocky", "daisy", "milo",
        "oreo", "princess", "blackie", "cat", "dog", "perro", "gato", "cho", "meo", "fish",
    ],
);
const MADE_UP_WORD: Question = text(
    "made_up_word",
    3,
    &[
        "supercalifragilisticexpialidocious",
        "skibidi",
        "word",
        "blah",
    ],
);
const FIRST_TOY: Question = text(
    "first_toy",
    3,
    &[
        "teddy",
        "teddy bear",
        "bear",
        "barbie",
        "doll",
        "car",
        "lego",
        "ball",
        "osito",
        "gau bong",
    ],
);
const HERO: Question = text(
    "hero",
    3,
    &[
        "spiderman",
        "spider man",
        "batman",
        "superman",
        "elsa",
        "sonic",
        "mario",
        "naruto",
        "goku",
        "harry potter",
        "iron man",
        "mickey mouse",
        "spongebob",
        "pikachu",
    ],
);
const HIDING_PLACE: Question = text(
    "hiding_place",
    3,
    &[
        "closet",
        "under the bed",
        "under my bed",
        "bed",
        "armario",
        "debajo de la cama",
        "tu",
    ],
);
const LULLABY: Question = text(
    "lullaby",
    3,
    &[
        "twinkle twinkle",
        "twinkle twinkle little star",
        "abc",
        "baby shark",
    ],
);
const ROBOT: Question = text(
    "robot",
    3,
    &[
        "robot", "robo", "bob", "r2d2", "wall e", "walle", "alexa", "siri", "bot",
    ],
);
const DREAM_PLACE: Question = text(
    "dream_place",
    3,
    &[
        "paris",
        "new york",
        "hawaii",
        "disney",
        "disney world",
        "disneyland",
        "florida",
        "japan",
        "tokyo",
        "mexico",
        "beach",
        "the beach",
    ],
);
const FEARED: Question = text(
    "feared",
    3,
    &[
        "dark", "the dark", "spiders", "spider", "clowns", "snakes", "ghosts", "monsters", "dogs",
    ],
);
const FUNNY_WORD: Question = text(
    "funny_word",
    3,
    &["poop", "fart", "lol", "haha", "butt", "67"],
);
const FIRST_STORY: Question = text(
    "first_story",
    3,
    &[
        "cinderella",
        "snow white",
        "three little pigs",
        "the three little pigs",
        "goldilocks",
        "little red riding hood",
        "frozen",
        "moana",
        "tam cam",
    ],
);
const SMELL: Question = text(
    "smell",
    3,
    &[
        "pizza",
        "cookies",
        "flowers",
        "food",
        "roses",
        "vanilla",
        "chocolate",
    ],
);

/// The eight of the guide, in its order.
const GUIDE_STUDENTS: &[Question] = &[
    BIRTH_MONTH,
    MIDDLE_NAME,
    BIRTH_YEAR,
    MASCOT,
    HOMEROOM,
    SCHOOL_PASSWORD,
    FRUIT,
    SEASON,
];

/// The one that the guide shows to staff, and ours: one question cannot be answered three times.
const GUIDE_STAFF: &[Question] = &[
    MAIDEN_NAME,
    FIRST_PET,
    FIRST_TOY,
    HERO,
    HIDING_PLACE,
    LULLABY,
    DREAM_PLACE,
    FEARED,
    FIRST_STORY,
    SMELL,
];

/// Our own twelve on tastes and memories, which classmates do not see and which do not change; then the choices.
const RECOMMENDED: &[Question] = &[
    FIRST_PET,
    MADE_UP_WORD,
    FIRST_TOY,
    HERO,
    HIDING_PLACE,
    LULLABY,
    ROBOT,
    DREAM_PLACE,
    FEARED,
    FUNNY_WORD,
    FIRST_STORY,
    SMELL,
    BIRTH_MONTH,
    BIRTH_YEAR,
    FRUIT,
    SEASON,
];

/// The questions that people of a population are shown, in order.
pub fn questions(profile: Profile, population: Population) -> &'static [Question] {
    match (profile, population) {
        (Profile::Guide, Population::Student) => GUIDE_STUDENTS,
        (Profile::Guide, Population::Staff) => GUIDE_STAFF,
        (Profile::Recommended, Population::Student | Population::Staff) => RECOMMENDED,
        (_, Population::Guardian) => &[],
    }
}

/// A question of any bank by its id: answers outlive a change of the profile.
pub fn find(id: &str) -> Option<&'static Question> {
    GUIDE_STUDENTS
        .iter()
        .chain(GUIDE_STAFF)
        .chain(RECOMMENDED)
        .find(|question| question.id == id)
}

#[cfg(test)]
mod tests {
    use super::super::normalize;
    use super::*;

    #[test]
    fn banks_have_the_promised_questions() {
        let ids = |bank: &[Question]| bank.iter().map(|q| q.id).collect::<Vec<_>>();
        assert_eq!(
            ids(questions(Profile::Guide, Population::Student)),
            [
                "birth_month",
                "middle_name",
                "birth_year",
                "mascot",
                "homeroom",
                "school_password",
                "fruit",
                "season"
            ]
        );
        assert_eq!(
            ids(questions(Profile::Guide, Population::Staff))[0],
            "maiden_name"
        );
        let own = questions(Profile::Recommended, Population::Student);
        assert_eq!(own.iter().filter(|q| !q.is_choice()).count(), 12);
        assert!(questions(Profile::Guide, Population::Guardian).is_empty());
    }

    #[test]
    fn common_answers_are_written_as_they_are_compared() {
        for question in GUIDE_STUDENTS.iter().chain(GUIDE_STAFF).chain(RECOMMENDED) {
            for answer in question.common {
                assert_eq!(&normalize(answer), answer, "{}", question.id);
            }
            assert!(find(question.id).is_some());
        }
    }
}
