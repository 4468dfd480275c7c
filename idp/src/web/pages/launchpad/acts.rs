//! The handlers of the launchpad: showing it, arranging it, opening a tile.

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery};
use axum::response::Response;
use http::{HeaderValue, StatusCode, header};
use serde::{Deserialize, Serialize};

use super::tiles::{self, OpenMenu};
use super::{GroupKind, LaunchpadPage};
use crate::clock::Timestamp;
use crate::district::launchpad::{Act, List};
use crate::district::resource::Words;
use crate::flows::identity::Identity;
use crate::flows::launch::Launch;
use crate::flows::{Context, enroll_questions, flash, launch, launchpad};
use crate::ids::ResourceId;
use crate::protocol::form;
use crate::web::browser::Browser;
use crate::web::error::Failed;
use crate::web::form::PageForm;
use crate::web::frame::Frame;
use crate::web::page::{self, PageOptions};
use crate::web::pages::landing::flow_in;
use crate::web::pages::no_access::NoAccessPage;
use crate::web::pages::sign_in;

const HOME: &str = "/";
/// Where the note of an act waits for the next page.
const NOTE: &str = "launchpad";
/// Longest search, in characters.
const LONGEST_QUERY: usize = 80;

/// What an act leaves for the page that follows.
#[derive(Serialize, Deserialize)]
struct Left {
    key: String,
    app: Words,
    open: Option<OpenMenu>,
}

/// The launchpad of whoever is signed in.
pub async fn show(
    cx: &Context,
    browser: &Browser,
    identity: &Identity,
    query: Option<&str>,
) -> Result<Response, Failed> {
    if identity.account.must_change_password {
        return Ok(browser.see_other("/account/password"));
    }
    if questions_first(cx, identity) {
        return Ok(browser.see_other("/questions"));
    }
    let launchpad = launchpad::open(cx, &identity.person).await?;
    let left: Option<Left> = flash::take(cx, &browser.pre_session, NOTE).await?;
    let frame = browser.frame_for(cx, HOME, Some(identity));
    let note = left.as_ref().map(|left| {
        let app = left.app.of(frame.language.tag());
        frame.ta(&left.key, &[("app", &app)])
    });
    let query = searched(query);
    let open = left.and_then(|left| left.open);
    let groups = tiles::groups(&frame, &launchpad, &query, open.as_ref());
    let view = LaunchpadPage {
        greeting: greeting(cx, &frame, identity.person.first_name()),
        note,
        total: launchpad.total(),
        found: groups.iter().map(|group| group.tiles.len()).sum(),
        groups,
        query,
        frame,
    };
    page::show(browser, StatusCode::OK, &view, &PageOptions::default())
}

/// Whether the questions that the claim left open come first: for students, who may not leave them for another time.
fn questions_first(cx: &Context, identity: &Identity) -> bool {
    identity.account.recovery_pending
        && enroll_questions::asked(&cx.app.settings, identity.person.population)
            .is_some_and(|asked| !asked.may_skip)
}

/// What is searched for. Whatever else stands in the query is of no interest.
fn searched(query: Option<&str>) -> String {
    query
        .and_then(|query| form::sift(query.as_bytes()).ok())
        .and_then(|(params, _)| params.get("q").map(str::to_owned))
        .map(|text| text.trim().chars().take(LONGEST_QUERY).collect())
        .unwrap_or_default()
}

fn greeting(cx: &Context, frame: &Frame, name: &str) -> std::borrow::Cow<'static, str> {
    let key = greeting_key(cx.now, cx.app.settings.district.time_zone);
    frame.ta(key, &[("name", &name)])
}

fn greeting_key(now: Timestamp, zone: chrono_tz::Tz) -> &'static str {
    use chrono::Timelike as _;
    match now.local(zone).hour() {
        4..=11 => "launchpad-morning",
        12..=17 => "launchpad-afternoon",
        _ => "launchpad-evening",
    }
}

/// `POST /launchpad`: makes a tile a favorite or moves it. `resource`, `list`, `act`.
pub async fn arrange(
    cx: Context,
    browser: Browser,
    PageForm(params): PageForm,
) -> Result<Response, Failed> {
    let Some(identity) = browser.identity(&cx).await? else {
        return Ok(browser.see_other(HOME));
    };
    let act = params
        .get("act")
        .and_then(Act::parse)
        .ok_or(Failed::BadRequest)?;
    let id = params
        .get("resource")
        .map(ResourceId::new)
        .ok_or(Failed::BadRequest)?;
    let list = params.get("list").unwrap_or_default();
    let within = List::parse(list).unwrap_or(List::Category);
    let person = &identity.person;
    let resource = launchpad::arrange(&cx, person, &id, (act, within))
        .await?
        .ok_or(Failed::NotFound)?;
    let (key, moved) = match act {
        Act::Star => ("tile-starred", false),
        Act::Unstar => ("tile-unstarred", false),
        Act::Earlier | Act::Later => ("tile-moved", true),
    };
    let kind = match within {
        List::Favorites => GroupKind::Favorites,
        List::Category => GroupKind::Category,
    };
    let left = Left {
        key: key.into(),
        app: resource.name.clone(),
        open: moved.then(|| OpenMenu {
            list: kind.as_str().into(),
            resource: id,
        }),
    };
    flash::leave(&cx, &browser.pre_session, NOTE, &left).await?;
    let anchor = tiles::anchor(kind, &resource);
    Ok(browser.see_other(&format!("{HOME}#{anchor}-menu")))
}

/// `GET /launch/{resource}`: a click on a tile.
pub async fn open(
    cx: Context,
    browser: Browser,
    path: Result<Path<String>, PathRejection>,
) -> Result<Response, Failed> {
    let Path(id) = path.map_err(|_| Failed::NotFound)?;
    let (Some(identity), Some(session)) = (browser.identity(&cx).await?, &browser.session) else {
        return Ok(browser.see_other(HOME));
    };
    match launch::launch(&cx, session, &identity.person, &ResourceId::new(id)).await? {
        Launch::Open(address) => {
            let mut response = browser.see_other(&address);
            let headers = response.headers_mut();
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            headers.insert(
                header::REFERRER_POLICY,
                HeaderValue::from_static("no-referrer"),
            );
            Ok(response)
        }
        Launch::NotTheirs(name) => {
            let frame = browser.frame_for(&cx, HOME, Some(&identity));
            let view = NoAccessPage {
                app: name.of(frame.language.tag()).to_owned(),
                back_href: None,
                request_id: cx.request_id.to_string(),
                frame,
            };
            page::show(
                &browser,
                StatusCode::FORBIDDEN,
                &view,
                &PageOptions::default(),
            )
        }
        Launch::Unknown => Err(Failed::NotFound),
    }
}

/// `GET /`: the launchpad for whoever is signed in, the landing page for everybody else and for an app that waits.
pub async fn home(
    cx: Context,
    browser: Browser,
    RawQuery(query): RawQuery,
) -> Result<Response, Failed> {
    match browser.identity(&cx).await? {
        Some(identity) if flow_in(query.as_deref()).is_none() => {
            show(&cx, &browser, &identity, query.as_deref()).await
        }
        _ => sign_in::start(cx, browser, RawQuery(query)).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn greetings_follow_the_clock_of_the_district() {
        let zone = chrono_tz::Tz::America__New_York;
        let at = |hour: i64| {
            // 5 August 2026, 00:00 in New York.
            greeting_key(Timestamp::from_unix(1_785_902_400 + hour * 3600), zone)
        };
        assert_eq!(at(3), "launchpad-evening");
        assert_eq!(at(8), "launchpad-morning");
        assert_eq!(at(12), "launchpad-afternoon");
        assert_eq!(at(17), "launchpad-afternoon");
        assert_eq!(at(18), "launchpad-evening");
    }

    #[test]
    fn searches_are_cut_and_the_rest_is_passed_over() {
        assert_eq!(searched(Some("q=+read+&utm_source=x")), "read");
        assert_eq!(
            searched(Some(&format!("q={}", "a".repeat(200)))).len(),
            LONGEST_QUERY
        );
        assert_eq!(searched(Some("x=1")), "");
        assert_eq!(searched(None), "");
    }
}
