//! Signing in: the app's own button, the portal's tile (OIDC Core §4), and the answer.
//!
//! Every way in ends in an ordinary authorization request with `state`, `nonce` and PKCE of our own, so no code ever
//! arrives that nobody here asked for.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use openidconnect::core::{CoreAuthPrompt, CoreAuthenticationFlow};
use openidconnect::{CsrfToken, LoginHint, Nonce, PkceCodeChallenge, Scope};

use crate::pages::{begin_session, notice_page, problem_page, with_cookie};
use crate::pending::{Answer, PendingSignIn};
use crate::provider::Problem;
use crate::session::{cookie, set_cookie};
use crate::settings::ResponseMode;
use crate::vendor::Vendor;
use crate::views::Notice;

/// What may start a sign-in: OIDC Core §4.
#[derive(Debug, Default)]
struct Initiation {
    iss: Option<String>,
    login_hint: Option<String>,
    target_link_uri: Option<String>,
    silent: bool,
}

/// `GET /login/start`: our own button, or the portal's tile.
pub async fn start_by_get(
    State(vendor): State<Arc<Vendor>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    start(
        &vendor,
        &headers,
        initiation(query.as_deref().unwrap_or_default()),
    )
    .await
}

/// `POST /login/start`: the portal may send a form instead.
pub async fn start_by_post(
    State(vendor): State<Arc<Vendor>>,
    headers: HeaderMap,
    body: String,
) -> Response {
    if !is_form(&headers) {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    }
    start(&vendor, &headers, initiation(&body)).await
}

/// `GET /login/check`: asks the portal whether somebody is signed in there, without showing a page (`prompt=none`).
pub async fn check(State(vendor): State<Arc<Vendor>>, headers: HeaderMap) -> Response {
    let wish = Initiation {
        target_link_uri: Some("/about-you".to_owned()),
        silent: true,
        ..Initiation::default()
    };
    start(&vendor, &headers, wish).await
}

/// `GET /callback`: the answer in the query, where the session's cookies come along.
pub async fn callback_query(
    State(vendor): State<Arc<Vendor>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    if vendor.settings.response_mode != ResponseMode::Query {
        return problem_page(&vendor, &Problem::Unexpected);
    }
    let (state, answer) = answer(query.as_deref().unwrap_or_default());
    conclude(&vendor, &headers, &state, Some(answer)).await
}

/// `POST /callback`: the answer as a form from the portal's page, without cookies. It is only laid down here.
pub async fn callback_form(
    State(vendor): State<Arc<Vendor>>,
    headers: HeaderMap,
    body: String,
) -> Response {
    if vendor.settings.response_mode != ResponseMode::FormPost {
        return problem_page(&vendor, &Problem::Unexpected);
    }
    if !is_form(&headers) {
        return StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response();
    }
    let (state, answer) = answer(&body);
    if !vendor.pending.deposit(&state, answer) {
        return problem_page(&vendor, &Problem::Unexpected);
    }
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("state", &state)
        .finish();
    Redirect::to(&format!("/callback/finish?{query}")).into_response()
}

/// `GET /callback/finish`: the browser that began takes the answer that was laid down.
pub async fn finish(
    State(vendor): State<Arc<Vendor>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let (state, _) = answer(query.as_deref().unwrap_or_default());
    conclude(&vendor, &headers, &state, None).await
}

async fn start(vendor: &Vendor, headers: &HeaderMap, wish: Initiation) -> Response {
    if wish
        .iss
        .as_deref()
        .is_some_and(|iss| iss != vendor.settings.issuer)
    {
        let notice = Notice {
            title: "We do not know this portal".to_owned(),
            words:
                "The link that brought you here names a portal that this app does not belong to."
                    .to_owned(),
            ..Notice::default()
        };
        return notice_page(vendor, StatusCode::BAD_REQUEST, notice);
    }
    let Some(target) = own_path(vendor, wish.target_link_uri.as_deref()) else {
        let notice = Notice {
            title: "This link leads somewhere else".to_owned(),
            words: "It would take you to another site after signing in, so we stopped.".to_owned(),
            ..Notice::default()
        };
        return notice_page(vendor, StatusCode::BAD_REQUEST, notice);
    };
    let name = vendor.sign_in_cookie();
    let known = cookie(headers, &name);
    let browser = known
        .clone()
        .unwrap_or_else(|| CsrfToken::new_random_len(32).secret().clone());
    match request(vendor, &browser, &wish, target).await {
        Err(problem) => problem_page(vendor, &problem),
        Ok(address) if known.is_some() => Redirect::to(&address).into_response(),
        Ok(address) => with_cookie(
            Redirect::to(&address).into_response(),
            &set_cookie(&name, &browser),
        ),
    }
}

/// Makes the authorization request and remembers it.
async fn request(
    vendor: &Vendor,
    browser: &str,
    wish: &Initiation,
    target: String,
) -> Result<String, Problem> {
    let metadata = vendor.provider.metadata().await?;
    let party = vendor.provider.relying_party(&metadata)?;
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let mut request = party
        .authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            || CsrfToken::new_random_len(24),
            || Nonce::new_random_len(24),
        )
        .add_scopes(vendor.settings.scopes.iter().cloned().map(Scope::new))
        .set_pkce_challenge(challenge);
    if vendor.settings.response_mode == ResponseMode::FormPost {
        request = request.add_extra_param("response_mode", "form_post");
    }
    if let Some(hint) = &wish.login_hint {
        request = request.set_login_hint(LoginHint::new(hint.clone()));
    }
    if wish.silent {
        request = request.add_prompt(CoreAuthPrompt::None);
    }
    let (address, state, nonce) = request.url();
    let mut record = PendingSignIn::new(browser.to_owned(), nonce, verifier.into_secret());
    record.target = target;
    record.silent = wish.silent;
    vendor.pending.begin(state.into_secret(), record);
    Ok(address.to_string())
}

/// Takes the record, checks who answers, redeems the code, begins a session.
async fn conclude(
    vendor: &Vendor,
    headers: &HeaderMap,
    state: &str,
    answer: Option<Answer>,
) -> Response {
    let record = cookie(headers, &vendor.sign_in_cookie())
        .and_then(|browser| vendor.pending.take(state, &browser));
    let Some(mut record) = record else {
        return problem_page(vendor, &Problem::Unexpected);
    };
    let Some(answer) = answer.or_else(|| record.answer.take()) else {
        return problem_page(vendor, &Problem::Unexpected);
    };
    match session(vendor, record, answer).await {
        Ok((session, target)) => begin_session(vendor, session, &target),
        Err(problem) => problem_page(vendor, &problem),
    }
}

async fn session(
    vendor: &Vendor,
    record: PendingSignIn,
    answer: Answer,
) -> Result<(crate::session::Session, String), Problem> {
    let metadata = vendor.provider.metadata().await?;
    let promised = metadata
        .additional_metadata()
        .additional_metadata
        .authorization_response_iss_parameter_supported;
    // RFC 9207 §2.4: "clients MUST extract the value of the iss parameter … and compare".
    match &answer.iss {
        Some(iss) if *iss != vendor.settings.issuer => {
            return Err(Problem::Untrusted("iss names another portal".to_owned()));
        }
        None if promised => {
            return Err(Problem::Untrusted("the answer carries no iss".to_owned()));
        }
        _ => {}
    }
    if let Some(error) = answer.error {
        return Err(Problem::Refused {
            error,
            description: answer.description,
        });
    }
    let code = answer
        .code
        .ok_or_else(|| Problem::Untrusted("the answer has neither code nor error".to_owned()))?;
    let session = vendor
        .provider
        .redeem(code, record.verifier, &record.nonce)
        .await?;
    Ok((session, record.target))
}

/// The path of `target_link_uri` if it is on this app: not an open redirector (OIDC Core §4).
fn own_path(vendor: &Vendor, target: Option<&str>) -> Option<String> {
    let Some(target) = target.filter(|target| !target.is_empty()) else {
        return Some("/".to_owned());
    };
    let base = url::Url::parse(&vendor.settings.public_url).ok()?;
    let url = base.join(target).ok()?;
    (url.origin() == base.origin()).then(|| match url.query() {
        Some(query) => format!("{}?{query}", url.path()),
        None => url.path().to_owned(),
    })
}

fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|kind| {
            kind.trim()
                .eq_ignore_ascii_case("application/x-www-form-urlencoded")
        })
}

fn initiation(encoded: &str) -> Initiation {
    let mut wish = Initiation::default();
    for (name, value) in url::form_urlencoded::parse(encoded.as_bytes()) {
        match &*name {
            "iss" => wish.iss = Some(value.into_owned()),
            "login_hint" => wish.login_hint = Some(value.into_owned()),
            "target_link_uri" => wish.target_link_uri = Some(value.into_owned()),
            _ => {}
        }
    }
    wish
}

fn answer(encoded: &str) -> (String, Answer) {
    let (mut state, mut answer) = (String::new(), Answer::default());
    for (name, value) in url::form_urlencoded::parse(encoded.as_bytes()) {
        let value = value.into_owned();
        match &*name {
            "state" => state = value,
            "code" => answer.code = Some(value),
            "error" => answer.error = Some(value),
            "error_description" => answer.description = Some(value),
            "iss" => answer.iss = Some(value),
            _ => {}
        }
    }
    (state, answer)
}
