//! When the person is asked again, and when not: `prompt`, `max_age`, `id_token_hint`.

use crate::bench::Bench;
use crate::flow::Flow;
use crate::person::Mood;
use crate::plan::{Module, module};
use crate::stop::{Check, must};

/// The table.
pub const MODULES: &[Module] = &[
    module!(
        "oidcc-prompt-login",
        "BIH",
        "OIDC Core §3.1.2.1",
        "prompt=login signs in again; auth_time moves",
        prompt_login
    ),
    module!(
        "oidcc-prompt-none-not-logged-in",
        "BIH",
        "OIDC Core §3.1.2.1, §3.1.2.6",
        "prompt=none without session: login_required or its kin at the client",
        none_without_session
    ),
    module!(
        "oidcc-prompt-none-logged-in",
        "BIH",
        "OIDC Core §3.1.2.1",
        "prompt=none with session: no page; same sub and auth_time",
        none_with_session
    ),
    module!(
        "oidcc-max-age-1",
        "BIH",
        "OIDC Core §3.1.2.1",
        "max_age=1 a second later: sign-in again; auth_time there and later",
        max_age_1
    ),
    module!(
        "oidcc-max-age-10000",
        "BIH",
        "OIDC Core §3.1.2.1",
        "max_age=10000: no new sign-in; auth_time the same in both",
        max_age_10000
    ),
    module!(
        "oidcc-id-token-hint",
        "BIH",
        "OIDC Core §3.1.2.1",
        "prompt=none with id_token_hint of the person signed in: success at once",
        id_token_hint
    ),
];

/// What the suite takes for "nobody is signed in".
pub const NOBODY: [&str; 4] = [
    "login_required",
    "interaction_required",
    "consent_required",
    "account_selection_required",
];

fn same_person(first: &Flow, second: &Flow) -> Check {
    let (before, after) = (first.id()?.sub(), second.id()?.sub());
    must!(before == after, "sub was {before}, and is {after} now");
    Ok(())
}

fn same_sign_in(first: &Flow, second: &Flow) -> Check {
    let (before, after) = (
        first.id()?.number("auth_time"),
        second.id()?.number("auth_time"),
    );
    if let (Some(before), Some(after)) = (before, after) {
        must!(
            before == after,
            "auth_time was {before}, and is {after} now"
        );
    }
    Ok(())
}

fn untouched(flow: &Flow) -> Check {
    let (passwords, pages) = (flow.arrival.passwords, flow.arrival.pages);
    must!(
        passwords == 0 && pages == 0,
        "{pages} pages were shown, {passwords} passwords asked for"
    );
    Ok(())
}

async fn prompt_login(bench: &mut Bench) -> Check {
    let first = bench.usual_flow().await?;
    bench.wait(2).await;
    let request = bench.request(&first.client).with("prompt", "login");
    let second = bench.flow(&request).await?;
    must!(
        second.arrival.passwords > 0,
        "prompt=login did not ask for the password"
    );
    same_person(&first, &second)?;
    let (before, after) = (
        first.id()?.number("auth_time"),
        second.id()?.number("auth_time"),
    );
    if let (Some(before), Some(after)) = (before, after) {
        must!(
            after > before,
            "auth_time stayed {before} though the person signed in again"
        );
    }
    Ok(())
}

async fn none_without_session(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    let request = bench.request(&client).with("prompt", "none");
    bench
        .expect_error(&request, &NOBODY, Mood::Watching)
        .await?;
    Ok(())
}

async fn none_with_session(bench: &mut Bench) -> Check {
    let first = bench.usual_flow().await?;
    let request = bench.request(&first.client).with("prompt", "none");
    let second = bench.flow(&request).await?;
    untouched(&second)?;
    same_person(&first, &second)?;
    same_sign_in(&first, &second)
}

async fn max_age_1(bench: &mut Bench) -> Check {
    let first = bench.usual_flow().await?;
    bench.wait(2).await;
    let request = bench.request(&first.client).with("max_age", "1");
    let second = bench.flow(&request).await?;
    must!(
        second.arrival.passwords > 0,
        "max_age=1 did not ask for the password after 2 s"
    );
    same_person(&first, &second)?;
    let after = second.auth_time()?;
    if let Some(before) = first.id()?.number("auth_time") {
        must!(
            after > before,
            "auth_time stayed {before} though the person signed in again"
        );
    }
    let age = crate::clock::now() - after;
    must!(age <= 10, "auth_time is {age} s old right after a sign-in");
    Ok(())
}

async fn max_age_10000(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    let request = bench.request(&client).with("max_age", "10000");
    let first = bench.flow(&request).await?;
    bench.wait(1).await;
    let request = bench.request(&client).with("max_age", "10000");
    let second = bench.flow(&request).await?;
    untouched(&second)?;
    same_person(&first, &second)?;
    must!(
        first.auth_time()? == second.auth_time()?,
        "auth_time moved without a sign-in"
    );
    Ok(())
}

async fn id_token_hint(bench: &mut Bench) -> Check {
    let first = bench.usual_flow().await?;
    let request = bench
        .request(&first.client)
        .with("prompt", "none")
        .with("id_token_hint", first.id_token());
    let second = bench.flow(&request).await?;
    untouched(&second)?;
    same_person(&first, &second)
}
