//! What every answer of a kind must be: token responses, userinfo, errors, landing places.

use serde_json::Value;

use crate::client::Client;
use crate::flow::Tokens;
use crate::person::{Arrival, Landing, Page};
use crate::stop::{Check, fail, must};
use crate::tokens;
use crate::wire::Answer;

/// The arrival, or a failure that says which page was shown instead.
pub fn arrived(landing: Landing) -> Check<Arrival> {
    match landing {
        Landing::Arrived(arrival) => Ok(*arrival),
        Landing::Shown(page) => fail!("the browser stayed at the provider: {}", describe(&page)),
    }
}

/// Status, path and first words of a page.
pub fn describe(page: &Page) -> String {
    let text: String = page.document.text.chars().take(160).collect();
    format!(
        "{} {} \"{text}\"",
        page.answer.status,
        page.answer.url.path()
    )
}

/// The landing address less the response parameters: what must have been registered.
pub fn without_answer(url: &url::Url) -> String {
    const ANSWER: [&str; 8] = [
        "code",
        "state",
        "iss",
        "error",
        "error_description",
        "error_uri",
        "session_state",
        "response",
    ];
    let kept: Vec<&str> = url
        .query()
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !ANSWER.contains(&pair.split('=').next().unwrap_or_default()))
        .filter(|pair| !pair.is_empty())
        .collect();
    let mut bare = url.clone();
    bare.set_query((!kept.is_empty()).then(|| kept.join("&")).as_deref());
    bare.to_string()
}

/// Checks a token response (RFC 6749 §5.1, OIDC Core §3.1.3.3).
pub fn check_tokens(client: &Client, answer: &Answer) -> Check<Tokens> {
    must!(
        answer.status == 200,
        "the token endpoint answered {}: {}",
        answer.status,
        answer.text()
    );
    let document = answer.json()?;
    must!(
        answer.is_not_stored(),
        "the token response has no Cache-Control: no-store"
    );
    let text = |name: &str| {
        document
            .get(name)
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let Some(access_token) = text("access_token") else {
        fail!("no access_token in the token response")
    };
    let kind = text("token_type").unwrap_or_default().to_ascii_lowercase();
    let expected = if client.dpop.is_some() {
        "dpop"
    } else {
        "bearer"
    };
    must!(
        kind == expected,
        "token_type is '{kind}', expected {expected}"
    );
    if let Some(seconds) = document.get("expires_in") {
        must!(
            seconds.as_i64().is_some_and(|n| n > 0),
            "expires_in is {seconds}"
        );
    }
    for name in ["refresh_token", "scope", "id_token"] {
        let value = document.get(name);
        must!(
            value.is_none_or(Value::is_string),
            "{name} is no text: {value:?}"
        );
    }
    for token in [Some(&access_token), text("refresh_token").as_ref()]
        .into_iter()
        .flatten()
    {
        let printable = token.bytes().all(|byte| (0x20..0x7f).contains(&byte));
        must!(
            printable && token.len() >= 20,
            "a token is short, or has letters outside ASCII"
        );
    }
    Ok(Tokens {
        access_token,
        refresh_token: text("refresh_token"),
        id_token: text("id_token"),
    })
}

/// Checks a userinfo answer in plain JSON (OIDC Core §5.3.2).
pub fn check_userinfo(answer: &Answer, sub: &str) -> Check<Value> {
    must!(
        answer.status == 200,
        "userinfo answered {}: {}",
        answer.status,
        answer.text()
    );
    let claims = answer.json()?;
    must!(
        claims.get("sub").and_then(Value::as_str) == Some(sub),
        "userinfo's sub is {:?}, the ID token's {sub} (OIDC Core §5.3.2)",
        claims.get("sub")
    );
    tokens::check_claim_types(&claims)?;
    Ok(claims)
}

/// Checks an error of an endpoint that answers in JSON (RFC 6749 §5.2).
pub fn check_error(answer: &Answer, codes: &[&str]) -> Check {
    let status = answer.status;
    let text: String = answer.text().chars().take(200).collect();
    must!(
        (400..500).contains(&status),
        "expected {codes:?}, got {status}: {text}"
    );
    let document = answer.json()?;
    let error = document
        .get("error")
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned();
    must!(
        codes.contains(&error.as_str()),
        "error is '{error}', expected {codes:?}"
    );
    must!(
        document.get("access_token").is_none(),
        "an access token came with the error"
    );
    check_error_text(document.get("error_description").and_then(Value::as_str))?;
    Ok(())
}

/// `error_description` has only the characters of RFC 6749 §5.2.
pub fn check_error_text(text: Option<&str>) -> Check {
    let allowed = |byte: u8| matches!(byte, 0x20 | 0x21 | 0x23..=0x5b | 0x5d..=0x7e);
    let bad = text.is_some_and(|text| !text.bytes().all(allowed));
    must!(
        !bad,
        "error_description has characters outside RFC 6749 §5.2: {text:?}"
    );
    Ok(())
}
