//! Tally, a grade book: `client_secret_post`, answers by form post.

use askama::Template;
use clients::settings::{ClientAuthentication, Defaults, ResponseMode, Settings};
use clients::vendor::{Look, run};
use clients::views::{About, Front, Home, Notice};

/// One line of a pupil's page. All marks are sample data: the app keeps no real ones.
struct Course {
    subject: &'static str,
    /// Percent.
    average: u32,
    letter: &'static str,
    latest: &'static str,
}

/// One line of a teacher's page.
struct Pupil {
    name: &'static str,
    marks: [&'static str; 4],
    average: &'static str,
}

const fn course(
    subject: &'static str,
    average: u32,
    letter: &'static str,
    latest: &'static str,
) -> Course {
    Course {
        subject,
        average,
        letter,
        latest,
    }
}

const fn pupil(name: &'static str, marks: [&'static str; 4], average: &'static str) -> Pupil {
    Pupil {
        name,
        marks,
        average,
    }
}

const COURSES: [Course; 6] = [
    course("English Language Arts", 91, "A", "Essay: a place I know"),
    course("Mathematics", 84, "B", "Quiz: fractions and ratios"),
    course("Science", 88, "B", "Lab: which soil holds water"),
    course("Social Studies", 95, "A", "Map of Georgia's regions"),
    course("Art", 97, "A", "Self-portrait in charcoal"),
    course("Physical Education", 79, "C", "Fitness log, week 12"),
];

const ROLL: [Pupil; 6] = [
    pupil("Sample pupil A", ["18", "92", "45", "88"], "91"),
    pupil("Sample pupil B", ["15", "84", "41", "79"], "82"),
    pupil("Sample pupil C", ["20", "97", "48", "95"], "97"),
    pupil("Sample pupil D", ["12", "71", "–", "68"], "70"),
    pupil("Sample pupil E", ["17", "88", "44", "90"], "89"),
    pupil("Sample pupil F", ["19", "90", "39", "85"], "87"),
];

#[derive(Template)]
#[template(path = "gradebook/front.html")]
struct FrontPage<'a> {
    page: &'a Front,
}

#[derive(Template)]
#[template(path = "gradebook/home.html")]
struct HomePage<'a> {
    page: &'a Home,
    courses: &'static [Course],
    roll: &'static [Pupil],
}

#[derive(Template)]
#[template(path = "gradebook/about.html")]
struct AboutPage<'a> {
    page: &'a About,
}

#[derive(Template)]
#[template(path = "gradebook/notice.html")]
struct NoticePage<'a> {
    page: &'a Notice,
}

struct Tally;

impl Look for Tally {
    fn cookie_prefix(&self) -> &'static str {
        "__Host-tally"
    }

    fn style(&self) -> &'static str {
        include_str!("../../assets/gradebook.css")
    }

    fn icon(&self) -> &'static str {
        include_str!("../../assets/gradebook.svg")
    }

    fn front(&self, page: &Front) -> askama::Result<String> {
        FrontPage { page }.render()
    }

    fn home(&self, page: &Home) -> askama::Result<String> {
        HomePage {
            page,
            courses: &COURSES,
            roll: &ROLL,
        }
        .render()
    }

    fn about(&self, page: &About) -> askama::Result<String> {
        AboutPage { page }.render()
    }

    fn notice(&self, page: &Notice) -> askama::Result<String> {
        NoticePage { page }.render()
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let settings = Settings::read(Defaults {
        client_id: "gradebook",
        port: 9002,
        authentication: ClientAuthentication::Post,
        response_mode: ResponseMode::FormPost,
    })?;
    run(settings, Box::new(Tally)).await
}
