//! Attacks on the person's browser: cookies, sessions, forged forms, headers of pages.

use std::collections::BTreeSet;

use url::Url;

use super::attack_redirect::{hostile_texts, no_markup};
use crate::bench::Bench;
use crate::flow::Flow;
use crate::html;
use crate::jar::{Cookie, Initiator, Jar, is_trustworthy};
use crate::person::{Landing, Mood, Page, Person};
use crate::plan::{Module, module};
use crate::stop::{Check, fail, must, skip};
use crate::wire::{Answer, Call};

/// The table.
pub const MODULES: &[Module] = &[
    module!(
        "attack-page-headers",
        "X",
        "RFC 9700 §4.16, OWASP ASVS 3.4",
        "Every page: no framing, no sniffing, no storing, a charset; CSP and Referrer-Policy (warning)",
        page_headers
    ),
    module!(
        "attack-cookie-attributes",
        "X",
        "RFC 6265bis §4.1.2, OWASP ASVS 3.3",
        "Every cookie of a sign-in: HttpOnly, SameSite, no Domain; Secure and __Host- (warning)",
        cookie_attributes
    ),
    module!(
        "attack-session-fixation",
        "X",
        "OWASP ASVS 7.2",
        "Cookies from before the sign-in open nothing after it",
        fixation
    ),
    module!(
        "attack-forged-sign-in",
        "X",
        "OWASP ASVS 3.5",
        "A sign-in form sent from another site signs nobody in",
        forged_sign_in
    ),
    module!(
        "attack-forged-forms",
        "X",
        "OWASP ASVS 3.5",
        "Every form of every page, sent from another site with the person's cookies: refused",
        forged_forms
    ),
    module!(
        "attack-sign-out-complete",
        "X",
        "OIDC RP-Initiated Logout §2",
        "After a sign-out the old cookies, copied before, open nothing",
        sign_out_complete
    ),
    module!(
        "attack-hostile-forms",
        "X",
        "OWASP ASVS 2.2",
        "Hostile words in every field of every form: never 5xx, never markup",
        hostile_forms
    ),
    module!(
        "attack-error-pages",
        "X",
        "OWASP ASVS 16.5",
        "Unknown paths, wrong methods, long addresses: 4xx, and no word about the inside",
        error_pages
    ),
    module!(
        "attack-other-persons-hint",
        "X",
        "OIDC Core §3.1.2.1",
        "prompt=none with another person's id_token_hint: login_required",
        other_hint
    ),
];

/// Pages found by following links from the start page, the sign-in page and an error page.
async fn pages(bench: &mut Bench, mut person: Person) -> Check<(Person, Vec<Page>)> {
    let issuer = bench.issuer().trim_end_matches('/').to_owned();
    let client = bench.client().await?;
    let authorize = bench
        .request(&client)
        .url(&bench.provider().endpoint("authorization_endpoint")?);
    let mut bad = authorize.clone();
    bad.query_pairs_mut()
        .clear()
        .append_pair("client_id", "nobody-at-all");
    let mut queue = vec![
        authorize,
        bad,
        Url::parse(&format!("{issuer}/"))?,
        Url::parse(&format!("{issuer}/no-such-page"))?,
    ];
    for path in &bench.suite.config.security.pages {
        queue.push(Url::parse(&format!("{issuer}{path}"))?);
    }
    let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
    while let Some(url) = (!queue.is_empty()).then(|| queue.remove(0)) {
        if found.len() >= bench.suite.config.security.most_pages
            || !seen.insert(url.as_str().to_owned())
        {
            continue;
        }
        let landing = person.open(&url, Mood::Watching).await?;
        let Landing::Shown(page) = landing else {
            continue;
        };
        if page.answer.media_type() != "text/html" {
            continue;
        }
        for (target, _) in &page.document.links {
            let Ok(mut next) = page.answer.url.join(target) else {
                continue;
            };
            next.set_fragment(None);
            let leaves = ["end_session", "logout", "sign-out"]
                .iter()
                .any(|word| next.path().contains(word));
            if person.is_home(&next) && next.scheme().starts_with("http") && !leaves {
                queue.push(next);
            }
        }
        found.push(*page);
    }
    Ok((person, found))
}

async fn page_headers(bench: &mut Bench) -> Check {
    bench.usual_flow().await?;
    let (fresh, signed_in) = (bench.fresh_browser(), bench.person.clone());
    let mut all = pages(bench, fresh).await?.1;
    all.extend(pages(bench, signed_in).await?.1);
    let (mut broken, mut weak) = (BTreeSet::new(), BTreeSet::new());
    for page in &all {
        let answer = &page.answer;
        let place = answer.url.path();
        let header = |name: &str| answer.header(name).unwrap_or_default().to_ascii_lowercase();
        let policy = header("content-security-policy");
        let framing = policy.contains("frame-ancestors") || !header("x-frame-options").is_empty();
        let checks = [
            (framing, "may be framed", true),
            (
                header("x-content-type-options") == "nosniff",
                "may be sniffed",
                true,
            ),
            (answer.is_not_stored(), "may be stored", true),
            (
                header("content-type").contains("charset="),
                "has no charset",
                true,
            ),
            (
                policy.contains("default-src") || policy.contains("script-src"),
                "has no content security policy",
                false,
            ),
            (
                !policy.contains("unsafe-inline") || policy.contains("nonce-"),
                "allows inline scripts",
                false,
            ),
            (
                !header("referrer-policy").is_empty(),
                "has no Referrer-Policy",
                false,
            ),
        ];
        for (holds, what, is_broken) in checks {
            if !holds {
                let list = if is_broken { &mut broken } else { &mut weak };
                list.insert(format!("{place} {what}"));
            }
        }
    }
    bench.note(format!("{} pages looked at", all.len()));
    for text in weak.into_iter().take(12) {
        bench.warn(text);
    }
    must!(
        broken.is_empty(),
        "{}",
        broken.into_iter().take(12).collect::<Vec<_>>().join("; ")
    );
    Ok(())
}

async fn cookie_attributes(bench: &mut Bench) -> Check {
    bench.usual_flow().await?;
    let home = Url::parse(bench.issuer())?;
    let cookies: Vec<Cookie> = bench.person.jar.all().to_vec();
    must!(!cookies.is_empty(), "no cookie is left after a sign-in");
    for cookie in &cookies {
        let name = &cookie.name;
        must!(
            cookie.is_http_only,
            "{name} is readable by scripts (no HttpOnly)"
        );
        must!(!cookie.has_domain, "{name} goes to subdomains (Domain)");
        match cookie.same_site.as_deref() {
            Some("lax" | "strict") => {}
            Some("none") => must!(cookie.is_secure, "{name} is SameSite=None without Secure"),
            _ => bench.warn(format!("{name} says no SameSite")),
        }
        if !cookie.is_secure && is_trustworthy(&home) {
            bench.warn(format!("{name} is not Secure"));
        }
        if !name.starts_with("__Host-") {
            bench.warn(format!("{name} has no __Host- prefix"));
        }
    }
    let lines = bench.person.jar.lines.len();
    let kept = cookies.len();
    bench.note(format!("{lines} Set-Cookie lines, {kept} cookies kept"));
    Ok(())
}

/// `prompt=none` in a browser with these cookies: whether somebody is signed in.
async fn is_signed_in(bench: &mut Bench, jar: Jar, flow: &Flow) -> Check<bool> {
    let mut person = bench.fresh_browser();
    person.jar = jar;
    let request = bench.request(&flow.client).with("prompt", "none");
    let endpoint = bench.provider().endpoint("authorization_endpoint")?;
    match person
        .visit(request.call(&endpoint), Mood::Watching)
        .await?
    {
        Landing::Arrived(arrival) => Ok(arrival.get("code").is_some()),
        Landing::Shown(page) => fail!("prompt=none showed a page with {}", page.answer.status),
    }
}

async fn fixation(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    let request = bench.request(&client);
    let call = bench.start(&request).await?;
    bench.person.visit(call, Mood::Watching).await?;
    let before = bench.person.jar.clone();
    let request = bench.request(&client);
    let flow = bench.flow(&request).await?;
    must!(
        is_signed_in(bench, bench.person.jar.clone(), &flow).await?,
        "the sign-in left no session"
    );
    must!(
        !is_signed_in(bench, before, &flow).await?,
        "the cookies from before the sign-in are signed in now"
    );
    Ok(())
}

/// Goes to the page that asks for the password.
async fn password_page(bench: &mut Bench) -> Check<Page> {
    let client = bench.client().await?;
    let request = bench.request(&client);
    let mut call = bench.start(&request).await?;
    let key = bench.person.who.password_key().to_owned();
    for _ in 0..4 {
        let Landing::Shown(page) = bench.person.visit(call, Mood::Watching).await? else {
            fail!("no sign-in page was shown")
        };
        let asks = page.document.forms.iter().any(|form| {
            form.fields
                .iter()
                .any(|field| crate::filling::is_called(field, &key))
        });
        if asks {
            return Ok(*page);
        }
        let Some(form) = bench.person.best_form(&page) else {
            break;
        };
        let next = bench.person.submit(&page, form, None)?;
        let answer = bench.person.load(next, Initiator::SameOrigin).await?;
        call = if answer.is_redirect() {
            Call::get(&answer.location()?)
        } else {
            Call::get(&answer.url)
        };
    }
    skip!("no page with a password field was found")
}

async fn forged_sign_in(bench: &mut Bench) -> Check {
    let page = password_page(bench).await?;
    let Some(form) = bench.person.best_form(&page).cloned() else {
        skip!("no form")
    };
    let call = bench.person.submit(&page, &form, None)?;
    // The attacker's page sends the attacker's words from another site into a fresh browser, then with its cookies.
    for keeps_cookies in [false, true] {
        let mut victim = bench.fresh_browser();
        if keeps_cookies {
            victim.jar = bench.person.jar.clone();
        }
        let answer = victim.load(call.clone(), Initiator::CrossSite).await?;
        must!(
            answer.status < 500,
            "the forged form was answered {}",
            answer.status
        );
        let client = bench.client().await?;
        let request = bench.request(&client).with("prompt", "none");
        let endpoint = bench.provider().endpoint("authorization_endpoint")?;
        if let Landing::Arrived(arrival) = victim
            .visit(request.call(&endpoint), Mood::Watching)
            .await?
        {
            must!(
                arrival.get("code").is_none(),
                "a sign-in form from another site signed the browser in (its cookies kept: {keeps_cookies})"
            );
        }
    }
    Ok(())
}

/// Sends a form as another site's page would, but with all cookies, as if `SameSite` did not exist.
async fn forge(bench: &Bench, person: &Person, call: Call) -> Check<Answer> {
    let cookies = person
        .jar
        .header(&call.url, true, Initiator::SameOrigin)
        .unwrap_or_default();
    let call = call
        .header("cookie", cookies)
        .header("origin", "https://evil.example")
        .header("sec-fetch-site", "cross-site")
        .header("sec-fetch-mode", "navigate");
    bench.wire.send(call).await
}

async fn forged_forms(bench: &mut Bench) -> Check {
    bench.usual_flow().await?;
    let person = bench.person.clone();
    let (person, pages) = pages(bench, person).await?;
    let (mut tried, mut taken) = (BTreeSet::new(), Vec::new());
    for page in &pages {
        for form in page.document.forms.iter().filter(|form| form.is_post) {
            let call = person.submit(page, form, None)?;
            if !person.is_home(&call.url) || !tried.insert(call.url.path().to_owned()) {
                continue;
            }
            let answer = forge(bench, &person, call).await?;
            if answer.status < 400 {
                taken.push(format!("{} ({})", answer.url.path(), answer.status));
            }
        }
    }
    bench.note(format!("{} forms tried", tried.len()));
    must!(
        taken.is_empty(),
        "forms taken from another site: {}",
        taken.join(", ")
    );
    Ok(())
}

async fn sign_out_complete(bench: &mut Bench) -> Check {
    let flow = bench.usual_flow().await?;
    let before = bench.person.jar.clone();
    must!(
        is_signed_in(bench, before.clone(), &flow).await?,
        "the sign-in left no session"
    );
    super::logout::sign_out(bench, &[("id_token_hint", flow.id_token())]).await?;
    must!(
        !is_signed_in(bench, before, &flow).await?,
        "the old cookies work on after the sign-out"
    );
    must!(
        !is_signed_in(bench, bench.person.jar.clone(), &flow).await?,
        "the browser is still signed in after the sign-out"
    );
    Ok(())
}

async fn hostile_forms(bench: &mut Bench) -> Check {
    bench.usual_flow().await?;
    let (fresh, signed_in) = (bench.fresh_browser(), bench.person.clone());
    let (fresh, mut found) = pages(bench, fresh).await?;
    found.extend(pages(bench, signed_in).await?.1);
    let (mut seen, mut tries) = (BTreeSet::new(), 0);
    let mut texts = hostile_texts();
    texts.push("zq\"'><script>zq()</script><img src=x onerror=zq()>".into());
    for page in &found {
        for form in &page.document.forms {
            for (index, field) in form.fields.iter().enumerate() {
                if !seen.insert(format!("{} {}", form.action, field.name)) || seen.len() > 40 {
                    continue;
                }
                for text in &texts {
                    let mut changed = form.clone();
                    if let Some(field) = changed.fields.get_mut(index) {
                        field.value.clone_from(text);
                    }
                    let mut person = fresh.clone();
                    person.who.fields.clear();
                    let call = person.submit(page, &changed, None)?;
                    let answer = person.load(call, Initiator::SameOrigin).await?;
                    must!(
                        answer.status < 500,
                        "{} {}: {}",
                        form.action,
                        field.name,
                        answer.status
                    );
                    no_markup(&answer.text(), &field.name)?;
                    tries += 1;
                }
            }
        }
    }
    bench.note(format!("{} fields, {tries} tries", seen.len()));
    Ok(())
}

async fn error_pages(bench: &mut Bench) -> Check {
    let base = Url::parse(bench.issuer())?;
    let long = format!("/{}", "a".repeat(7_000));
    let paths = [
        "/no-such-page",
        "/.env",
        "/.git/config",
        "/..%2f..%2fetc/passwd",
        "/%00",
        "/%ff",
        "//evil.example/",
        long.as_str(),
    ];
    for path in paths {
        let mut url = base.clone();
        url.set_path(path);
        let answer = bench.wire.send(Call::get(&url)).await?;
        must!(
            (400..500).contains(&answer.status),
            "{path:.40} was answered {}",
            answer.status
        );
        quiet(&answer)?;
    }
    let token = bench.provider().endpoint("authorization_endpoint")?;
    for method in ["PUT", "DELETE", "TRACE", "PROPFIND", "ZQ"] {
        let method = http::Method::from_bytes(method.as_bytes())?;
        let answer = bench
            .wire
            .send(Call {
                method: method.clone(),
                ..Call::get(&token)
            })
            .await?;
        must!(
            (400..500).contains(&answer.status) || answer.status == 501,
            "{method} was answered {}",
            answer.status
        );
        quiet(&answer)?;
    }
    Ok(())
}

/// No word about the inside in an answer.
fn quiet(answer: &Answer) -> Check {
    let text = html::read(&answer.text()).text;
    let traces = [
        "panicked at",
        "stack backtrace",
        "Traceback (most",
        "node_modules",
        ".rs:",
        ".js:",
        "SQLSTATE",
        "at Object.",
    ];
    let said = traces.iter().find(|trace| text.contains(**trace));
    must!(
        said.is_none(),
        "an error page speaks of the inside: {said:?}"
    );
    Ok(())
}

async fn other_hint(bench: &mut Bench) -> Check {
    let Some(other) = bench.suite.config.other_person.clone() else {
        skip!("other_person is not configured")
    };
    let first = bench.usual_flow().await?;
    bench.person = bench.browser(&other);
    let request = bench.request(&first.client);
    let second = bench.flow(&request).await?;
    must!(
        first.id()?.sub() != second.id()?.sub(),
        "two people have the same sub"
    );
    let request = bench
        .request(&first.client)
        .with("prompt", "none")
        .with("id_token_hint", first.id_token());
    bench
        .expect_error(&request, &super::session::NOBODY, Mood::Watching)
        .await?;
    Ok(())
}
