//! Faults of pages, cookies, headers and of signing out.

use serde_json::Value;
use url::Url;

use super::message::{Asked, Given, Memory, get, set};

fn is_page(given: &Given) -> bool {
    get(&given.headers, "content-type").is_some_and(|kind| kind.starts_with("text/html"))
}

/// The sign-out is answered in the provider's stead: the browser is sent on, and nothing else is done.
pub fn logout_anywhere(memory: &mut Memory, asked: &mut Asked) -> Option<Given> {
    if !memory.is(asked, "end_session_endpoint") {
        return None;
    }
    let query = asked.query();
    let mut to = Url::parse(get(&query, "post_logout_redirect_uri")?).ok()?;
    if let Some(state) = get(&query, "state") {
        to.query_pairs_mut().append_pair("state", state);
    }
    Some(Given::redirect(to.as_str()))
}

pub fn logout_state_dropped(_: &mut Memory, asked: &Asked, given: &mut Given) {
    let is_answer = given.location().is_some_and(|to| {
        to.query_pairs()
            .any(|(name, _)| name == "code" || name == "error")
    });
    if given.leaves(&asked.url) && !is_answer {
        given.change_location(|params| set(params, "state", None));
    }
}

pub fn cookie_for_scripts(_: &mut Memory, _: &Asked, given: &mut Given) {
    for (name, value) in &mut given.headers {
        if name == "set-cookie" {
            let parts = value
                .split(';')
                .filter(|part| !part.trim().eq_ignore_ascii_case("httponly"));
            *value = parts.collect::<Vec<_>>().join(";");
        }
    }
}

pub fn framing_allowed(_: &mut Memory, _: &Asked, given: &mut Given) {
    set(&mut given.headers, "x-frame-options", None);
    let policy = get(&given.headers, "content-security-policy").map(|policy| {
        let kept = policy
            .split(';')
            .filter(|part| !part.contains("frame-ancestors"));
        kept.collect::<Vec<_>>().join(";")
    });
    set(
        &mut given.headers,
        "content-security-policy",
        policy.as_deref(),
    );
}

pub fn pages_stored(_: &mut Memory, _: &Asked, given: &mut Given) {
    if is_page(given) {
        set(
            &mut given.headers,
            "cache-control",
            Some("public, max-age=600"),
        );
    }
}

pub fn markup_reflected(_: &mut Memory, asked: &Asked, given: &mut Given) {
    if is_page(given) {
        let sent: Vec<String> = asked.query().into_iter().map(|(_, value)| value).collect();
        given.body.extend_from_slice(sent.join(" ").as_bytes());
    }
}

pub fn host_believed(memory: &mut Memory, asked: &Asked, given: &mut Given) {
    let issuer = memory
        .metadata
        .get("issuer")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if let Some(host) = asked.header("x-forwarded-host") {
        let text = String::from_utf8_lossy(&given.body).replace(issuer, &format!("https://{host}"));
        given.body = text.into_bytes();
    }
}

pub fn cors_for_all(_: &mut Memory, asked: &Asked, given: &mut Given) {
    if let Some(origin) = asked.header("origin").map(str::to_owned) {
        set(
            &mut given.headers,
            "access-control-allow-origin",
            Some(&origin),
        );
        set(
            &mut given.headers,
            "access-control-allow-credentials",
            Some("true"),
        );
    }
}

pub fn nul_breaks(_: &mut Memory, asked: &Asked, given: &mut Given) {
    if asked.query().iter().any(|(_, value)| value.contains('\0')) {
        *given = Given::page(500, "Internal server error");
    }
}

/// A page after a form with the name of nobody says so.
pub fn names_told(memory: &mut Memory, asked: &Asked, given: &mut Given) {
    if asked.method == "POST"
        && asked
            .form()
            .iter()
            .any(|(_, value)| *value == memory.nobody)
    {
        memory.stray = Some((String::new(), "Nobody has that name.".into()));
    }
    if let Some((_, words)) = memory.stray.clone()
        && is_page(given)
    {
        given
            .body
            .extend_from_slice(format!("<p>{words}</p>").as_bytes());
        memory.stray = None;
    }
}

/// The signs of another site are taken from a request.
pub fn forged_forms(_: &mut Memory, asked: &mut Asked) -> Option<Given> {
    if asked.header("sec-fetch-site") == Some("cross-site") && asked.method == "POST" {
        let own = asked.url.origin().ascii_serialization();
        set(&mut asked.headers, "sec-fetch-site", Some("same-origin"));
        set(&mut asked.headers, "origin", Some(&own));
    }
    None
}

pub fn inside_told(_: &mut Memory, _: &Asked, given: &mut Given) {
    if given.status == 404 {
        *given = Given::page(404, "panicked at src/pages.rs:42");
    }
}
