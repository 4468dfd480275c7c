//! Help a student: search, the class, one person with what may be done, and the one-time code to show across a desk.

use std::borrow::Cow;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use http::{StatusCode, Uri};
use serde::{Deserialize, Serialize};

use crate::district::authority::{Act, Standing};
use crate::district::help::{ClassLine, Helped, shown};
use crate::district::person::AccountState;
use crate::flows::help_student::{self, Helping};
use crate::flows::{Context, flash};
use crate::ids::{ClassId, PersonId};
use crate::protocol::form;
use crate::texts::Language;
use crate::web::browser::Browser;
use crate::web::error::Failed;
use crate::web::form::PageForm;
use crate::web::frame::{Frame, SignedIn};
use crate::web::page::{self, PageOptions};

/// `/help-desk`: the search, the support code, the own classes.
#[derive(Debug, Template)]
#[template(path = "pages/help_desk.html")]
pub struct HelpDeskPage {
    /// The frame.
    pub frame: Frame,
    /// What was searched for.
    pub query: String,
    /// Who was found; nothing before the first search.
    pub results: Option<Vec<PersonLine>>,
    /// The support code that was typed, and what it says.
    pub explained: Option<ExplainedCode>,
    /// The own classes.
    pub classes: Vec<ClassLine>,
}

/// What a support code says.
#[derive(Clone, Debug)]
pub struct ExplainedCode {
    /// The code as typed.
    pub code: String,
    /// The reason, in words; nothing where the code says nothing to this helper.
    pub reason: Option<Cow<'static, str>>,
    /// What to do about it.
    pub advice: Option<Cow<'static, str>>,
    /// When, in words.
    pub when: Option<Cow<'static, str>>,
    /// Whom it concerns.
    pub person: Option<PersonLine>,
}

/// A person in a list.
#[derive(Clone, Debug)]
pub struct PersonLine {
    /// The address of their page.
    pub href: String,
    /// Name as in the roster.
    pub name: String,
    /// Username.
    pub username: Option<String>,
    /// School and grade.
    pub place: String,
    /// Whether the account is claimed.
    pub claimed: bool,
}

/// `/help-desk/people/{id}`.
#[derive(Debug, Template)]
#[template(path = "pages/help_person.html")]
pub struct HelpPersonPage {
    /// The frame.
    pub frame: Frame,
    /// Who.
    pub person: PersonLine,
    /// Number, as in the roster.
    pub number: Option<String>,
    /// Where the account stands, in words.
    pub state: Cow<'static, str>,
    /// When the person last signed in, in words.
    pub last_sign_in: Cow<'static, str>,
    /// What may be done, in order of frequency.
    pub acts: Vec<ActButton>,
    /// What was just done.
    pub done: Option<Done>,
}

/// A button.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActButton {
    /// The value of the field `act`, which is also the end of its texts' keys.
    pub name: &'static str,
    /// Its icon.
    pub icon: &'static str,
    /// Whether it takes something away and is asked about first.
    pub asks: bool,
}

/// What was just done, told once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Done {
    /// The act, as in its button.
    pub act: String,
    /// A one-time secret, as it is read out.
    pub secret: Option<String>,
    /// Whether it came to nothing because of the account's state.
    pub not_now: bool,
}

/// `/help-desk/classes/{id}`, and its sheet of username cards.
#[derive(Debug, Template)]
#[template(path = "pages/help_class.html")]
pub struct HelpClassPage {
    /// The frame.
    pub frame: Frame,
    /// The class.
    pub class: ClassLine,
    /// Its pupils, by name.
    pub pupils: Vec<PersonLine>,
}

/// What may be done, most wanted first.
const ACTS: [(Act, ActButton); 5] = [
    (
        Act::GiveCode,
        ActButton {
            name: "code",
            icon: "key",
            asks: false,
        },
    ),
    (
        Act::ClearWaits,
        ActButton {
            name: "waits",
            icon: "clock",
            asks: false,
        },
    ),
    (
        Act::GiveTemporaryPassword,
        ActButton {
            name: "password",
            icon: "lock",
            asks: true,
        },
    ),
    (
        Act::UndoClaim,
        ActButton {
            name: "undo",
            icon: "back",
            asks: true,
        },
    ),
    (
        Act::ResetToUnclaimed,
        ActButton {
            name: "reset",
            icon: "close",
            asks: true,
        },
    ),
];

/// `GET /help-desk?q=…&code=…`
pub async fn desk(cx: Context, browser: Browser, uri: Uri) -> Result<Response, Failed> {
    let Some((helper, frame)) = enter(&cx, &browser, "/help-desk").await? else {
        return Ok(browser.see_other("/"));
    };
    let params =
        form::parse(uri.query().unwrap_or_default().as_bytes()).map_err(|_| Failed::BadRequest)?;
    let query = params.get("q").unwrap_or_default().trim().to_owned();
    let results = if query.is_empty() {
        None
    } else {
        let found = help_student::search(&cx, &helper, &query).await?;
        Some(found.iter().map(|helped| line(&frame, helped)).collect())
    };
    let explained = match params
        .get("code")
        .map(str::trim)
        .filter(|code| !code.is_empty())
    {
        Some(code) => Some(explain(&cx, &helper, &frame, code).await?),
        None => None,
    };
    let classes = help_student::classes(&cx, &helper).await?;
    let view = HelpDeskPage {
        frame,
        query,
        results,
        explained,
        classes,
    };
    page::show(&browser, StatusCode::OK, &view, &PageOptions::default())
}

/// `GET /help-desk/people/{id}`
pub async fn person(
    cx: Context,
    browser: Browser,
    Path(id): Path<String>,
) -> Result<Response, Failed> {
    let id = PersonId::new(id);
    let path = person_path(&id);
    let Some((helper, frame)) = enter(&cx, &browser, &path).await? else {
        return Ok(browser.see_other("/"));
    };
    let Some((found, powers)) = help_student::look(&cx, &helper, &id).await? else {
        return Err(Failed::NotFound);
    };
    let done = flash::take::<Done>(&cx, &browser.pre_session, &path).await?;
    let claimed = found.account.state == AccountState::Active;
    let acts = ACTS
        .iter()
        .filter(|(act, _)| powers.acts.contains(act))
        .filter(|(act, _)| match act {
            Act::UndoClaim => claimed && found.claim_can_be_undone(cx.now),
            Act::ClearWaits | Act::See => true,
            Act::GiveCode | Act::GiveTemporaryPassword | Act::ResetToUnclaimed => claimed,
        })
        .map(|(_, button)| *button)
        .collect();
    let zone = cx.app.settings.district.time_zone;
    let state = match found.account.claimed_at.filter(|_| claimed) {
        Some(at) => {
            let day = frame.language.date(at.date_in(zone));
            frame.ta("help-desk-claimed-on", &[("day", &day)])
        }
        None if claimed => frame.t("help-desk-claimed"),
        None => frame.t("help-desk-unclaimed"),
    };
    let last_sign_in = match found.account.last_sign_in_at {
        Some(at) => {
            let local = at.local(zone);
            let day = frame.language.date(local.date_naive());
            let time = frame.language.time(local.time());
            frame.ta("help-desk-last-at", &[("day", &day), ("time", &time)])
        }
        None => frame.t("help-desk-last-never"),
    };
    let view = HelpPersonPage {
        person: line(&frame, &found),
        number: found.person.number.clone(),
        frame,
        state,
        last_sign_in,
        acts,
        done,
    };
    page::show(&browser, StatusCode::OK, &view, &PageOptions::default())
}

/// `POST /help-desk/people/{id}`: `act` is one of the buttons.
pub async fn act(
    cx: Context,
    browser: Browser,
    Path(id): Path<String>,
    PageForm(params): PageForm,
) -> Result<Response, Failed> {
    let id = PersonId::new(id);
    let Some(session) = &browser.session else {
        return Ok(browser.see_other("/"));
    };
    let asked = params.get("act").unwrap_or_default();
    let Some((act, button)) = ACTS.iter().find(|(_, button)| button.name == asked) else {
        return Err(Failed::BadRequest);
    };
    let path = person_path(&id);
    let done = match help_student::act(&cx, session, *act, &id).await? {
        Helping::SignInAgain => return Ok(browser.see_other(&format!("/confirm?to={path}"))),
        Helping::NotAllowed => return Err(Failed::NotFound),
        Helping::NotNow => Done {
            act: button.name.into(),
            secret: None,
            not_now: true,
        },
        Helping::Done(secret) => Done {
            act: button.name.into(),
            secret: secret.map(|secret| match act {
                Act::GiveCode => shown(secret.expose()),
                _ => secret.expose().to_owned(),
            }),
            not_now: false,
        },
    };
    flash::leave(&cx, &browser.pre_session, &path, &done).await?;
    Ok(browser.see_other(&path))
}

/// `GET /help-desk/classes/{id}`
pub async fn class(
    cx: Context,
    browser: Browser,
    Path(id): Path<String>,
) -> Result<Response, Failed> {
    let id = ClassId::new(id);
    let path = format!("/help-desk/classes/{id}");
    let Some((helper, frame)) = enter(&cx, &browser, &path).await? else {
        return Ok(browser.see_other("/"));
    };
    let Some((class, pupils)) = help_student::class(&cx, &helper, &id).await? else {
        return Err(Failed::NotFound);
    };
    let pupils = pupils.iter().map(|helped| line(&frame, helped)).collect();
    let view = HelpClassPage {
        frame,
        class,
        pupils,
    };
    page::show(&browser, StatusCode::OK, &view, &PageOptions::default())
}

/// The helper behind a request and the frame of its page; nothing where nobody is signed in.
async fn enter(
    cx: &Context,
    browser: &Browser,
    path: &str,
) -> Result<Option<(Standing, Frame)>, Failed> {
    let (Some(session), Some(identity)) = (&browser.session, browser.identity(cx).await?) else {
        return Ok(None);
    };
    let Some(helper) = help_student::helper(cx, session).await? else {
        return Err(Failed::Forbidden);
    };
    Ok(Some((helper, browser.frame_for(cx, path, Some(&identity)))))
}

async fn explain(
    cx: &Context,
    helper: &Standing,
    frame: &Frame,
    code: &str,
) -> Result<ExplainedCode, Failed> {
    let Some(explained) = help_student::explain(cx, helper, code).await? else {
        return Ok(ExplainedCode {
            code: code.to_owned(),
            reason: None,
            advice: None,
            when: None,
            person: None,
        });
    };
    let key = explained.code.reason.replace('_', "-");
    let local = explained
        .code
        .created_at
        .local(cx.app.settings.district.time_zone);
    let (day, time) = (
        frame.language.date(local.date_naive()),
        frame.language.time(local.time()),
    );
    Ok(ExplainedCode {
        code: code.to_owned(),
        reason: Some(frame.t(&format!("reason-{key}"))),
        advice: Some(frame.t(&format!("reason-{key}-advice"))),
        when: Some(frame.ta("help-desk-when", &[("day", &day), ("time", &time)])),
        person: explained.helped.as_ref().map(|helped| line(frame, helped)),
    })
}

fn line(frame: &Frame, helped: &Helped) -> PersonLine {
    let mut place = helped.school.clone().unwrap_or_default();
    if let Some(grade) = helped.person.grades.last() {
        let grade = frame.ta("help-desk-grade", &[("grade", grade)]);
        place = if place.is_empty() {
            grade.into_owned()
        } else {
            format!("{place} · {grade}")
        };
    }
    PersonLine {
        href: person_path(&helped.person.id),
        name: format!(
            "{}, {}",
            helped.person.last_name(),
            helped.person.first_name()
        ),
        username: helped.account.username.clone(),
        place,
        claimed: helped.account.state == AccountState::Active,
    }
}

fn person_path(id: &PersonId) -> String {
    // Ids are ours: letters, digits and hyphens. Anything else leads nowhere.
    let plain = id
        .as_str()
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || *c == '-');
    format!("/help-desk/people/{}", plain.take(64).collect::<String>())
}

fn teacher() -> SignedIn {
    SignedIn {
        name: "Mary S.".into(),
        ..SignedIn::sample()
    }
}

fn sample_line(name: &str, username: &str, claimed: bool) -> PersonLine {
    PersonLine {
        href: "/help-desk/people/sample".into(),
        name: name.into(),
        username: Some(username.into()),
        place: "North Middle · 07".into(),
        claimed,
    }
}

impl HelpDeskPage {
    /// A page with everything to be seen on it.
    pub fn samples(language: Language) -> Vec<(&'static str, Self)> {
        let page = |query: &str, results, explained| Self {
            frame: Frame::sample(language, Some(teacher())),
            query: query.into(),
            results,
            explained,
            classes: vec![
                ClassLine {
                    id: ClassId::new("c1"),
                    title: "Homeroom 7B".into(),
                    pupils: 24,
                    claimed: 18,
                },
                ClassLine {
                    id: ClassId::new("c2"),
                    title: "Science 7, Period 3".into(),
                    pupils: 27,
                    claimed: 27,
                },
            ],
        };
        let found = vec![
            sample_line("Hernández Peña, Ana", "s0012345", true),
            sample_line("Hernandez, José", "s0071234", false),
        ];
        let explained = ExplainedCode {
            code: "K7F-2QX".into(),
            reason: Some(language.t("reason-last-name-differs")),
            advice: Some(language.t("reason-last-name-differs-advice")),
            when: Some(language.ta("help-desk-when", &[("day", &"8/5"), ("time", &"8:02")])),
            person: Some(sample_line("Hernández Peña, Ana", "s0012345", false)),
        };
        let unknown = ExplainedCode {
            code: "AAA-AAA".into(),
            reason: None,
            advice: None,
            when: None,
            person: None,
        };
        vec![
            ("help-desk", page("", None, None)),
            ("help-desk-found", page("hernandez", Some(found), None)),
            ("help-desk-nobody", page("zzz", Some(Vec::new()), None)),
            ("help-desk-code", page("", None, Some(explained))),
            ("help-desk-code-unknown", page("", None, Some(unknown))),
        ]
    }
}

impl HelpPersonPage {
    /// A page with everything to be seen on it.
    pub fn samples(language: Language) -> Vec<(&'static str, Self)> {
        let page = |done| Self {
            frame: Frame::sample(language, Some(teacher())),
            person: sample_line("Hernández Peña, Ana", "s0012345", true),
            number: Some("0012345".into()),
            state: language.ta("help-desk-claimed-on", &[("day", &"8/5")]),
            last_sign_in: language.t("help-desk-last-never"),
            acts: ACTS.iter().map(|(_, button)| *button).collect(),
            done,
        };
        let done = |act: &str, secret: Option<&str>, not_now| {
            Some(Done {
                act: act.into(),
                secret: secret.map(Into::into),
                not_now,
            })
        };
        vec![
            ("help-person", page(None)),
            (
                "help-person-code",
                page(done("code", Some("K7F2-QXMA"), false)),
            ),
            (
                "help-person-password",
                page(done("password", Some("tiger moon river kite"), false)),
            ),
            ("help-person-undone", page(done("undo", None, false))),
            ("help-person-not-now", page(done("code", None, true))),
        ]
    }
}

impl HelpClassPage {
    /// A page with everything to be seen on it.
    pub fn samples(language: Language) -> Vec<(&'static str, Self)> {
        let pupils = vec![
            sample_line("Hernández Peña, Ana", "s0012345", true),
            sample_line("Nguyễn, Thảo", "s0099001", false),
        ];
        let class = ClassLine {
            id: ClassId::new("c1"),
            title: "Homeroom 7B".into(),
            pupils: 2,
            claimed: 1,
        };
        let frame = Frame::sample(language, Some(teacher()));
        vec![(
            "help-class",
            Self {
                frame,
                class,
                pupils,
            },
        )]
    }
}
