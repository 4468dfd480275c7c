//! Faults of the authorization endpoint and its answers.

use url::Url;

use super::message::{Asked, Given, Memory, get, set};
use crate::keys;

/// Changes the parameters of an authorization request.
fn ask(memory: &Memory, asked: &mut Asked, change: impl FnOnce(&mut Vec<(String, String)>)) {
    if memory.is(asked, "authorization_endpoint") {
        let mut params = asked.params();
        change(&mut params);
        asked.set_params(&params);
    }
}

/// Changes the parameters of an answer to the client, whoever sends it.
fn answer(
    memory: &Memory,
    asked: &Asked,
    given: &mut Given,
    change: impl FnOnce(&mut Vec<(String, String)>),
) {
    let from = asked.url.clone();
    let signs_out = memory.is(asked, "end_session_endpoint");
    if !signs_out && given.leaves(&from) {
        given.change_location(change);
    }
}

/// The proxy's own challenge and verifier take the place of whatever the client sends.
pub fn pkce_ours(memory: &mut Memory, asked: &mut Asked) -> Option<Given> {
    let verifier = memory.verifier.clone();
    ask(memory, asked, |params| {
        if get(params, "response_type").is_some_and(|kind| kind.contains("code")) {
            set(
                params,
                "code_challenge",
                Some(&keys::sha256(verifier.as_bytes())),
            );
            set(params, "code_challenge_method", Some("S256"));
        }
    });
    if memory.is(asked, "token_endpoint") {
        let mut form = asked.form();
        if get(&form, "code").is_some() {
            set(&mut form, "code_verifier", Some(&verifier));
            asked.set_form(&form);
        }
    }
    None
}

/// A redirect URI that the provider would refuse is exchanged for the good one, and back in the answer.
fn exchange(memory: &mut Memory, asked: &mut Asked, is_taken: fn(&str, &str) -> bool) {
    if !memory.is(asked, "authorization_endpoint") {
        return;
    }
    let mut params = asked.params();
    let client = get(&params, "client_id").unwrap_or_default();
    let known = memory.redirect_uris.get(client).cloned();
    let sent = get(&params, "redirect_uri").unwrap_or_default().to_owned();
    // The first request of a client is a good one, but for the module that only sends a bad one.
    let good = known.unwrap_or_else(|| {
        sent.rsplit_once('/')
            .map_or(sent.clone(), |(front, _)| front.to_owned())
    });
    memory.stray = None;
    if sent != good && is_taken(&sent, &good) {
        set(&mut params, "redirect_uri", Some(&good));
        asked.set_params(&params);
        memory.stray = Some((good, sent));
    }
}

pub fn redirect_prefix(memory: &mut Memory, asked: &mut Asked) -> Option<Given> {
    exchange(memory, asked, |sent, good| sent.starts_with(good));
    None
}

pub fn redirect_any_case(memory: &mut Memory, asked: &mut Asked) -> Option<Given> {
    exchange(memory, asked, str::eq_ignore_ascii_case);
    None
}

/// Sends the answer to the address that was asked for.
pub fn stray_after(memory: &mut Memory, asked: &Asked, given: &mut Given) {
    let Some((good, sent)) = memory.stray.clone() else {
        return;
    };
    if given.leaves(&asked.url)
        && let Some(to) = get(&given.headers, "location").map(str::to_owned)
    {
        set(
            &mut given.headers,
            "location",
            Some(&to.replacen(&good, &sent, 1)),
        );
        memory.stray = None;
    }
}

pub fn error_to_stranger(memory: &mut Memory, asked: &Asked, given: &mut Given) {
    if memory.is(asked, "authorization_endpoint") && (400..500).contains(&given.status) {
        let params = asked.params();
        let to = get(&params, "redirect_uri").and_then(|uri| Url::parse(uri).ok());
        if let Some(mut to) = to {
            to.query_pairs_mut().append_pair("error", "invalid_request");
            *given = Given::redirect(to.as_str());
        }
    }
}

pub fn state_dropped(memory: &mut Memory, asked: &Asked, given: &mut Given) {
    answer(memory, asked, given, |params| set(params, "state", None));
}

pub fn state_changed(memory: &mut Memory, asked: &Asked, given: &mut Given) {
    answer(memory, asked, given, |params| {
        let state = get(params, "state").map(|state| format!("{}x", state.to_lowercase()));
        set(params, "state", state.as_deref());
    });
}

pub fn state_decoded(memory: &mut Memory, asked: &Asked, given: &mut Given) {
    answer(memory, asked, given, |params| {
        let state = get(params, "state").map(|state| state.replace('+', " "));
        set(params, "state", state.as_deref());
    });
}

pub fn iss_missing(memory: &mut Memory, asked: &Asked, given: &mut Given) {
    answer(memory, asked, given, |params| set(params, "iss", None));
}

pub fn iss_wrong(memory: &mut Memory, asked: &Asked, given: &mut Given) {
    answer(memory, asked, given, |params| {
        set(params, "iss", Some("https://other.example"));
    });
}

pub fn token_in_front(memory: &mut Memory, asked: &Asked, given: &mut Given) {
    answer(memory, asked, given, |params| {
        set(params, "access_token", Some("in-front"));
    });
}

pub fn code_in_fragment(memory: &mut Memory, asked: &Asked, given: &mut Given) {
    if !memory.is(asked, "end_session_endpoint")
        && given.leaves(&asked.url)
        && let Some(mut to) = given.location()
    {
        let query = to.query().map(str::to_owned);
        to.set_query(None);
        to.set_fragment(query.as_deref());
        set(&mut given.headers, "location", Some(to.as_str()));
    }
}

fn is_prompt_none(memory: &Memory, asked: &Asked) -> bool {
    memory.is(asked, "authorization_endpoint") && get(&asked.params(), "prompt") == Some("none")
}

pub fn prompt_none_page(memory: &mut Memory, asked: &Asked, given: &mut Given) {
    if is_prompt_none(memory, asked) {
        *given = Given::page(200, "Please sign in");
    }
}

pub fn prompt_none_error(memory: &mut Memory, asked: &Asked, given: &mut Given) {
    if is_prompt_none(memory, asked) {
        answer(memory, asked, given, |params| {
            set(params, "error", Some("server_error"));
        });
    }
}

pub fn prompt_ignored(memory: &mut Memory, asked: &mut Asked) -> Option<Given> {
    ask(memory, asked, |params| set(params, "prompt", None));
    None
}

pub fn max_age_ignored(memory: &mut Memory, asked: &mut Asked) -> Option<Given> {
    ask(memory, asked, |params| set(params, "max_age", None));
    None
}

pub fn hint_ignored(memory: &mut Memory, asked: &mut Asked) -> Option<Given> {
    ask(memory, asked, |params| set(params, "id_token_hint", None));
    None
}

pub fn unknown_refused(memory: &mut Memory, asked: &mut Asked) -> Option<Given> {
    let refused =
        memory.is(asked, "authorization_endpoint") && get(&asked.params(), "extra").is_some();
    refused.then(|| Given::page(400, "Unknown parameter"))
}

pub fn post_refused(memory: &mut Memory, asked: &mut Asked) -> Option<Given> {
    let refused = memory.is(asked, "authorization_endpoint") && asked.method == "POST";
    refused.then(|| Given::page(405, "Method not allowed"))
}
