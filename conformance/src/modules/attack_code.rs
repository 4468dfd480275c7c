//! Attacks on codes, PKCE and refresh tokens.

use serde_json::json;

use crate::bench::{Bench, owned};
use crate::checks::{check_error, check_tokens};
use crate::keys;
use crate::person::Mood;
use crate::plan::{Module, module};
use crate::request::Request;
use crate::stop::{Check, Stop, fail, must, skip};
use crate::wire::{Answer, Call};

/// The table.
pub const MODULES: &[Module] = &[
    module!(
        "attack-code-race",
        "X",
        "RFC 6749 §4.1.2",
        "One code redeemed by 20 at once: exactly one gets tokens",
        race
    ),
    module!(
        "attack-code-twice",
        "X",
        "RFC 6749 §4.1.2, RFC 9700 §4.5",
        "A code used twice: invalid_grant, and its tokens end",
        twice
    ),
    module!(
        "attack-code-of-another-client",
        "X",
        "RFC 6749 §4.1.3",
        "A code with another client's credentials: invalid_grant, and not spent by the try",
        other_client
    ),
    module!(
        "attack-code-other-redirect-uri",
        "X",
        "RFC 6749 §4.1.3",
        "A code with another redirect_uri, or none: invalid_grant",
        other_redirect_uri
    ),
    module!(
        "attack-code-changed",
        "X",
        "RFC 6749 §5.2",
        "A code cut, lengthened or changed by a letter: invalid_grant",
        changed_code
    ),
    module!(
        "attack-pkce-wrong-verifier",
        "X",
        "RFC 7636 §4.6",
        "A wrong verifier, a verifier of 42 letters, the challenge itself: refused",
        wrong_verifier
    ),
    module!(
        "attack-pkce-no-verifier",
        "X",
        "RFC 7636 §4.6",
        "A challenge, and no verifier: refused",
        no_verifier
    ),
    module!(
        "attack-pkce-downgrade",
        "X",
        "RFC 9700 §2.1.1, §4.8.2",
        "A verifier, and no challenge: refused (a warning where PKCE is not asked for at all)",
        downgrade
    ),
    module!(
        "attack-pkce-plain",
        "X",
        "RFC 9700 §2.1.1",
        "code_challenge_method=plain: refused",
        plain
    ),
    module!(
        "attack-refresh-replay",
        "X",
        "RFC 9700 §4.14.2",
        "A refresh token two rotations old: refused, and the whole family ends",
        refresh_replay
    ),
    module!(
        "attack-refresh-race",
        "X",
        "RFC 9700 §4.14.2",
        "A refresh token used by 8 at once: at most one line lives on",
        refresh_race
    ),
    module!(
        "attack-refresh-more-scope",
        "X",
        "RFC 6749 §6",
        "A refresh that asks for more scope than granted: invalid_scope, or no more scope",
        more_scope
    ),
];

/// A request gone through as far as its code.
async fn code(bench: &mut Bench) -> Check<(Request, String)> {
    let client = bench.client().await?;
    let request = bench.request(&client);
    let arrival = bench.authorize(&request).await?;
    let code = arrival.get("code").unwrap_or_default().to_owned();
    Ok((request, code))
}

/// Sends the same call so many times at once.
async fn at_once(bench: &Bench, call: &Call, times: usize) -> Check<Vec<Answer>> {
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..times {
        let (wire, call) = (bench.wire.clone(), call.clone());
        tasks.spawn(async move { wire.send(call).await });
    }
    let mut answers = Vec::new();
    while let Some(joined) = tasks.join_next().await {
        answers.push(joined??);
    }
    Ok(answers)
}

async fn race(bench: &mut Bench) -> Check {
    let (request, code) = code(bench).await?;
    let url = bench.provider().endpoint("token_endpoint")?;
    let fields = super::fapi_client::fields(&request, &code);
    let call = request.client.call(bench.issuer(), &url, fields)?;
    let answers = at_once(bench, &call, 20).await?;
    let won = answers.iter().filter(|answer| answer.status == 200).count();
    must!(won == 1, "{won} of 20 got tokens");
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        check_error(answer, &["invalid_grant"])?;
    }
    Ok(())
}

async fn twice(bench: &mut Bench) -> Check {
    let (request, code) = code(bench).await?;
    let tokens = bench.redeem(&request, &code).await?;
    let answer = bench.redeem_raw(&request, &code).await?;
    check_error(&answer, &["invalid_grant"])?;
    let call = Call::get(&bench.provider().endpoint("userinfo_endpoint")?);
    let answer = bench
        .resource_call(&request.client, call, &tokens.access_token)
        .await?;
    if answer.status == 200 {
        bench.warn("the access token works on after its code was used twice");
    }
    if let Some(token) = &tokens.refresh_token {
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", token.as_str()),
        ];
        let answer = bench.token_call(&request.client, &fields).await?;
        must!(
            answer.status != 200,
            "the refresh token works on after its code was used twice"
        );
    }
    Ok(())
}

async fn other_client(bench: &mut Bench) -> Check {
    let other = bench.second_client().await?;
    let (request, code) = code(bench).await?;
    let stolen = Request {
        client: other,
        ..request.clone()
    };
    let answer = bench.redeem_raw(&stolen, &code).await?;
    check_error(&answer, &["invalid_grant"])?;
    if let Err(Stop::Fail(why)) = bench.redeem(&request, &code).await {
        bench.warn(format!("a stranger's try spends the code: {why}"));
    }
    Ok(())
}

async fn other_redirect_uri(bench: &mut Bench) -> Check {
    let (request, code) = code(bench).await?;
    for uri in ["https://evil.example/callback", ""] {
        let wrong = request.clone().with("redirect_uri", uri);
        let answer = bench.redeem_raw(&wrong, &code).await?;
        check_error(&answer, &["invalid_grant", "invalid_request"])?;
    }
    Ok(())
}

async fn changed_code(bench: &mut Bench) -> Check {
    let (request, code) = code(bench).await?;
    let cut = code
        .get(..code.len().saturating_sub(1))
        .unwrap_or_default()
        .to_owned();
    let first = if code.starts_with('A') { "B" } else { "A" };
    let other = format!("{first}{}", code.get(1..).unwrap_or_default());
    for wrong in [
        cut,
        format!("{code}A"),
        other,
        format!("{code} "),
        format!("{code}\0"),
        keys::random(32),
    ] {
        let answer = bench.redeem_raw(&request, &wrong).await?;
        check_error(&answer, &["invalid_grant", "invalid_request"])?;
    }
    Ok(())
}

async fn wrong_verifier(bench: &mut Bench) -> Check {
    let (request, code) = code(bench).await?;
    let Some(right) = request.verifier.clone() else {
        skip!("the provider does not offer PKCE")
    };
    let challenge = request.get("code_challenge").unwrap_or_default().to_owned();
    let wrongs = [
        keys::random(32),
        right.chars().take(42).collect(),
        challenge,
        format!("{right}A"),
    ];
    for wrong in wrongs {
        let try_it = Request {
            verifier: Some(wrong),
            ..request.clone()
        };
        let answer = bench.redeem_raw(&try_it, &code).await?;
        check_error(&answer, &["invalid_grant", "invalid_request"])?;
    }
    Ok(())
}

async fn no_verifier(bench: &mut Bench) -> Check {
    let (request, code) = code(bench).await?;
    if request.verifier.is_none() {
        skip!("the provider does not offer PKCE")
    }
    let bare = Request {
        verifier: None,
        ..request
    };
    let answer = bench.redeem_raw(&bare, &code).await?;
    check_error(&answer, &["invalid_grant", "invalid_request"])
}

async fn downgrade(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    let request = bench.request(&client).without("code_challenge");
    let call = bench.start(&request).await?;
    let landing = bench.person.visit(call, Mood::Willing).await?;
    let arrival = match landing {
        crate::person::Landing::Shown(page) => {
            must!(
                page.answer.status < 500,
                "a page with {}",
                page.answer.status
            );
            return Ok(());
        }
        crate::person::Landing::Arrived(arrival) => arrival,
    };
    if arrival.get("error").is_some() {
        return bench.check_error_arrival(&request, &arrival, &["invalid_request"]);
    }
    bench.warn("a request without PKCE is served (RFC 9700 §2.1.1 wants PKCE, or nonce for OpenID clients)");
    let with_verifier = Request {
        verifier: Some(keys::random(32)),
        ..request
    };
    let answer = bench
        .redeem_raw(&with_verifier, arrival.get("code").unwrap_or_default())
        .await?;
    check_error(&answer, &["invalid_grant", "invalid_request"])
}

async fn plain(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    let verifier = keys::random(32);
    let request = bench
        .request(&client)
        .with("code_challenge", verifier.as_str())
        .with("code_challenge_method", "plain");
    let call = bench.start(&request).await?;
    match bench.person.visit(call, Mood::Willing).await? {
        crate::person::Landing::Shown(page) => {
            must!(
                (400..500).contains(&page.answer.status),
                "a page with {}",
                page.answer.status
            );
            Ok(())
        }
        crate::person::Landing::Arrived(arrival) => {
            bench.check_error_arrival(&request, &arrival, &["invalid_request"])
        }
    }
}

/// One refresh, raw.
async fn refresh(bench: &mut Bench, request: &Request, token: &str) -> Check<Answer> {
    let fields = [("grant_type", "refresh_token"), ("refresh_token", token)];
    bench.token_call(&request.client, &fields).await
}

/// A refresh token of a fresh flow.
async fn refresh_token(bench: &mut Bench) -> Check<(Request, String)> {
    let client = bench.client().await?;
    if !client.may_refresh() {
        skip!("the client may not use refresh tokens")
    }
    let flow = super::refresh::offline_flow(bench, &client).await?;
    let token = flow.refresh_token()?.to_owned();
    Ok((bench.request(&client), token))
}

async fn refresh_replay(bench: &mut Bench) -> Check {
    let (request, first) = refresh_token(bench).await?;
    let mut line = vec![first];
    for _ in 0..2 {
        let last = line.last().cloned().unwrap_or_default();
        let answer = refresh(bench, &request, &last).await?;
        let tokens = check_tokens(&request.client, &answer)?;
        let Some(next) = tokens.refresh_token else {
            skip!("refresh tokens are not rotated")
        };
        if next == last {
            skip!(
                "refresh tokens are not rotated for this client (allowed for confidential clients)"
            )
        }
        line.push(next);
    }
    let (Some(oldest), Some(newest)) = (line.first().cloned(), line.last().cloned()) else {
        return Ok(());
    };
    let answer = refresh(bench, &request, &oldest).await?;
    check_error(&answer, &["invalid_grant"])?;
    let answer = refresh(bench, &request, &newest).await?;
    must!(
        answer.status != 200,
        "the newest token works on after an old one was replayed"
    );
    Ok(())
}

async fn refresh_race(bench: &mut Bench) -> Check {
    let (request, token) = refresh_token(bench).await?;
    let url = bench.provider().endpoint("token_endpoint")?;
    let fields = owned(&[
        ("grant_type", "refresh_token"),
        ("refresh_token", token.as_str()),
    ]);
    let call = request.client.call(bench.issuer(), &url, fields)?;
    let answers = at_once(bench, &call, 8).await?;
    let mut successors = Vec::new();
    for answer in answers.iter().filter(|answer| answer.status == 200) {
        let tokens = check_tokens(&request.client, answer)?;
        successors.extend(tokens.refresh_token.filter(|next| *next != token));
    }
    successors.sort_unstable();
    successors.dedup();
    let mut living = 0;
    for successor in &successors {
        living += usize::from(refresh(bench, &request, successor).await?.status == 200);
    }
    bench.note(format!(
        "{} successors were given out, {living} of them live",
        successors.len()
    ));
    must!(living <= 1, "{living} lines of refresh tokens live on");
    Ok(())
}

async fn more_scope(bench: &mut Bench) -> Check {
    let (request, token) = refresh_token(bench).await?;
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", token.as_str()),
        ("scope", "openid profile email address phone admin"),
    ];
    let answer = bench.token_call(&request.client, &fields).await?;
    if answer.status != 200 {
        return check_error(&answer, &["invalid_scope", "invalid_request"]);
    }
    let document = answer.json()?;
    let scope = document
        .get("scope")
        .and_then(serde_json::Value::as_str)
        .unwrap_or_default();
    let more = ["profile", "email", "address", "phone", "admin"];
    if scope.is_empty() {
        fail!("a refresh with more scope succeeded, and the answer does not say which scope it has")
    }
    must!(
        !scope.split(' ').any(|word| more.contains(&word)),
        "scope grew to '{scope}': {}",
        json!(document)
    );
    Ok(())
}
