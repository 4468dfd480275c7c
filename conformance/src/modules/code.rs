//! A code works once.

use crate::bench::Bench;
use crate::checks::{check_error, check_tokens};
use crate::plan::{Module, module};
use crate::stop::{Check, Stop, fail};
use crate::wire::Call;

/// The table.
pub const MODULES: &[Module] = &[
    module!(
        "oidcc-codereuse",
        "BH",
        "RFC 6749 §4.1.2",
        "A code used again at once: invalid_grant (warning if not)",
        at_once
    ),
    module!(
        "oidcc-codereuse-30seconds",
        "BH",
        "RFC 6749 §4.1.2",
        "A code used again after 30 s: invalid_grant; the access token should be revoked (warning)",
        later
    ),
];

async fn at_once(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    let request = bench.request(&client);
    let arrival = bench.authorize(&request).await?;
    let code = arrival.get("code").unwrap_or_default().to_owned();
    bench.redeem(&request, &code).await?;
    let answer = bench.redeem_raw(&request, &code).await?;
    match check_error(&answer, &["invalid_grant"]) {
        Err(Stop::Fail(why)) => bench.warn(format!("the code used again at once: {why}")),
        other => other?,
    }
    Ok(())
}

async fn later(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    let request = bench.request(&client);
    let arrival = bench.authorize(&request).await?;
    let code = arrival.get("code").unwrap_or_default().to_owned();
    let first = bench.redeem_raw(&request, &code).await?;
    let tokens = check_tokens(&client, &first)?;
    bench.wait(30).await;
    let answer = bench.redeem_raw(&request, &code).await?;
    check_error(&answer, &["invalid_grant"])?;
    let call = Call::get(&bench.provider().endpoint("userinfo_endpoint")?);
    let answer = bench
        .resource_call(&client, call, &tokens.access_token)
        .await?;
    match answer.status {
        200 => bench.warn("the access token works on after its code was used again"),
        401 => {}
        other => fail!("userinfo answered {other} to a revoked token"),
    }
    Ok(())
}
