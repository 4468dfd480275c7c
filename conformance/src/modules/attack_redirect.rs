//! Attacks on the authorization endpoint: where answers go, what is echoed, whose host name is believed.

use url::Url;

use crate::bench::Bench;
use crate::keys;
use crate::person::{Landing, Mood};
use crate::plan::{Module, module};
use crate::stop::{Check, fail, must};
use crate::wire::Call;

/// The table.
pub const MODULES: &[Module] = &[
    module!(
        "attack-redirect-near-misses",
        "X",
        "RFC 9700 §2.1, §4.1",
        "Some fifty addresses that are nearly the registered one: never a redirect",
        near_misses
    ),
    module!(
        "attack-authorize-duplicate-parameters",
        "X",
        "RFC 6749 §3.1",
        "A parameter twice: refused, and never a redirect by the second redirect_uri",
        duplicates
    ),
    module!(
        "attack-unknown-client",
        "X",
        "RFC 6749 §4.1.2.1",
        "An unknown, empty or missing client: a page, no redirect",
        unknown_client
    ),
    module!(
        "attack-state-echo",
        "X",
        "RFC 6749 §4.1.2",
        "state comes back letter for letter, whatever is in it",
        state_echo
    ),
    module!(
        "attack-reflected-markup",
        "X",
        "RFC 9700 §4.16, OWASP ASVS 1.2",
        "Markup in any parameter is never shown as markup",
        reflected_markup
    ),
    module!(
        "attack-hostile-parameters",
        "X",
        "RFC 6749 §3.1",
        "NUL, line breaks, broken encoding, 8,000 letters, other scripts in any parameter: never 5xx",
        hostile
    ),
    module!(
        "attack-host-headers",
        "X",
        "RFC 9700 §4.13, RFC 9110 §7.2",
        "A foreign Host or forwarding header changes no address that the provider writes",
        host_headers
    ),
];

/// What stands behind the registered address.
const TAILS: [&str; 18] = [
    "/",
    "/x",
    "?x=1",
    "#x",
    "%20",
    " ",
    "%2f",
    "%00",
    ";x",
    "&x=1",
    "\\",
    ".",
    "/.",
    "/../x",
    "/%2e%2e/x",
    "\r\nSet-Cookie: zq=1",
    "%0d%0aSet-Cookie:%20zq=1",
    "*",
];

/// Addresses that are nearly this one.
fn misses(registered: &str) -> Vec<String> {
    let url = Url::parse(registered).ok();
    let host = url
        .as_ref()
        .and_then(Url::host_str)
        .unwrap_or_default()
        .to_owned();
    let path = url.as_ref().map_or("/", Url::path).to_owned();
    let mut all: Vec<String> = TAILS
        .iter()
        .map(|tail| format!("{registered}{tail}"))
        .collect();
    all.extend(other_hosts(registered, &host, &path));
    all.extend(other_paths(registered, &path));
    all.extend([
        registered
            .get(..registered.len().saturating_sub(1))
            .unwrap_or_default()
            .to_owned(),
        registered.replacen("https:", "http:", 1),
        registered.replacen("https:", "HTTPS:", 1),
        registered.replacen("https:", "", 1),
        registered.replacen("://", ":\\\\", 1),
        "javascript:alert(1)".to_owned(),
        "data:text/html,<script>zq</script>".to_owned(),
        "null".to_owned(),
        keys::base64url(registered),
    ]);
    all.retain(|miss| miss != registered);
    all
}

fn other_hosts(registered: &str, host: &str, path: &str) -> Vec<String> {
    let with = |other: String| registered.replacen(host, &other, 1);
    vec![
        with(host.to_uppercase()),
        with(format!("{host}.evil.example")),
        with(format!("www.{host}")),
        with(format!("{host}.")),
        with(format!("{host}:444")),
        with(format!("{host}:443")),
        with(format!("user:pass@{host}")),
        with(format!("{host}@evil.example")),
        with(host.replacen('o', "\u{3bf}", 1)),
        format!("https://evil.example{path}"),
        format!("https://evil.example/#@{host}{path}"),
        format!("https://evil.example/?{registered}"),
        format!("{registered} https://evil.example"),
        format!("{registered},https://evil.example"),
    ]
}

fn other_paths(registered: &str, path: &str) -> Vec<String> {
    let with = |other: String| match registered.strip_suffix(path) {
        Some(front) => format!("{front}{other}"),
        None => other,
    };
    let name = path.trim_start_matches('/');
    let (first, rest) = name.split_at(name.len().min(1));
    let first = first.bytes().next().unwrap_or(b'c');
    vec![
        with(path.to_uppercase()),
        with(format!("/{path}")),
        with(format!("/.{path}")),
        with(format!("/x/..{path}")),
        with(format!("/%{first:x}{rest}")),
        with(format!("\\{name}")),
        path.to_owned(),
    ]
}

async fn near_misses(bench: &mut Bench) -> Check {
    // With a session, so that whatever is accepted is sent on at once.
    let flow = bench.usual_flow().await?;
    let registered = flow.client.redirect_uri();
    let misses = misses(&registered);
    let mut taken = Vec::new();
    for miss in &misses {
        let request = bench
            .request(&flow.client)
            .with("redirect_uri", miss.as_str());
        let call = bench.start(&request).await?;
        match bench.person.visit(call, Mood::Willing).await {
            Ok(Landing::Shown(page)) if page.answer.status < 400 => {
                taken.push(format!(
                    "{miss:?} was shown a page with {}",
                    page.answer.status
                ));
            }
            Ok(Landing::Shown(_)) => {}
            Ok(Landing::Arrived(arrival)) => taken.push(format!("{miss:?} led to {}", arrival.url)),
            Err(stop) => taken.push(format!("{miss:?}: {stop:?}")),
        }
    }
    bench.note(format!(
        "{} near misses, {} not refused",
        misses.len(),
        taken.len()
    ));
    must!(taken.is_empty(), "not refused: {}", taken.join("; "));
    Ok(())
}

async fn duplicates(bench: &mut Bench) -> Check {
    let flow = bench.usual_flow().await?;
    for (name, value) in [
        ("redirect_uri", "https://evil.example/"),
        ("client_id", "other"),
        ("state", "other"),
        ("scope", "openid"),
    ] {
        let mut request = bench.request(&flow.client);
        request.params.push((name.to_owned(), value.to_owned()));
        let call = bench.start(&request).await?;
        match bench.person.visit(call, Mood::Willing).await? {
            Landing::Shown(page) => must!(
                (400..500).contains(&page.answer.status),
                "{name} twice: a page with {}",
                page.answer.status
            ),
            Landing::Arrived(arrival) => {
                must!(
                    arrival
                        .url
                        .as_str()
                        .starts_with(&flow.client.redirect_uri()),
                    "{name} twice led to {}",
                    arrival.url
                );
                must!(
                    arrival.get("error") == Some("invalid_request"),
                    "{name} twice was served"
                );
            }
        }
    }
    Ok(())
}

async fn unknown_client(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    for id in [Some("nobody-at-all"), Some(""), Some("\0"), None] {
        let mut request = bench.request(&client).without("client_id");
        if let Some(id) = id {
            request = request.with("client_id", id);
        }
        let call = bench.start(&request).await?;
        bench.expect_page(call).await?;
    }
    Ok(())
}

async fn state_echo(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    let states = [
        "a b+c%26d&e=f;g#h",
        "\"><script>zq</script>",
        "é漢字😀",
        "%00%0d%0a",
        "{\"a\":[1]}",
        " lead and trail ",
        "=",
        "..//\\",
    ];
    for state in states {
        let request = bench.request(&client).with("state", state);
        bench.authorize(&request).await?;
    }
    Ok(())
}

const MARKER: &str = "zq\"'><script>zq()</script><img src=x onerror=zq()>";
const PARAMETERS: [&str; 17] = [
    "client_id",
    "redirect_uri",
    "response_type",
    "response_mode",
    "scope",
    "state",
    "nonce",
    "prompt",
    "max_age",
    "login_hint",
    "id_token_hint",
    "ui_locales",
    "acr_values",
    "claims",
    "display",
    "code_challenge_method",
    "request",
];

async fn reflected_markup(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    let endpoint = bench.provider().endpoint("authorization_endpoint")?;
    for name in PARAMETERS {
        let request = bench.request(&client).with(name, MARKER);
        let mut person = bench.fresh_browser();
        if let Landing::Shown(page) = person
            .visit(request.call(&endpoint), Mood::Watching)
            .await?
        {
            no_markup(&page.answer.text(), name)?;
        }
    }
    let mut url = Url::parse(bench.issuer())?;
    for path in [
        "/zq%22%3E%3Cscript%3Ezq()%3C/script%3E",
        "/%3Cimg%20src=x%20onerror=zq()%3E",
    ] {
        url.set_path(path);
        let answer = bench.wire.send(Call::get(&url)).await?;
        if answer.media_type() == "text/html" {
            no_markup(&answer.text(), path)?;
        }
    }
    Ok(())
}

/// Fails if the marker came back as markup.
pub fn no_markup(body: &str, place: &str) -> Check {
    let smuggled = crate::html::read(body).elements.into_iter().any(|element| {
        element
            .attributes
            .iter()
            .any(|(name, value)| name.starts_with("on") && value.contains("zq"))
    });
    must!(
        !smuggled && !body.contains("<script>zq"),
        "the markup in {place} came back as markup"
    );
    Ok(())
}

/// Texts that parsers trip over.
pub fn hostile_texts() -> Vec<String> {
    vec![
        "\0".into(),
        "a\r\nb".into(),
        "%".into(),
        "' OR '1'='1".into(),
        "'; DROP TABLE people; --".into(),
        "{{7*7}}${7*7}".into(),
        "../../etc/passwd".into(),
        "\u{202e}\u{feff}\u{1f468}\u{200d}\u{1f469}".into(),
        "a".repeat(8_000),
        "-1".into(),
        "99999999999999999999999".into(),
        "[]".into(),
        "{\"a\":{\"a\":{\"a\":{}}}}".into(),
    ]
}

async fn hostile(bench: &mut Bench) -> Check {
    let client = bench.client().await?;
    let endpoint = bench.provider().endpoint("authorization_endpoint")?;
    let mut tries = 0;
    for name in PARAMETERS {
        for text in hostile_texts() {
            let request = bench.request(&client).with(name, text);
            let answer = bench.wire.send(request.call(&endpoint)).await?;
            must!(answer.status < 500, "{name}: {}", answer.status);
            must!(
                answer
                    .headers
                    .get("set-cookie")
                    .is_none_or(|line| !line.as_bytes().starts_with(b"zq")),
                "{name} set a cookie"
            );
            tries += 1;
        }
    }
    for query in [
        "%ff%fe",
        "client_id=%zz",
        "&&&&",
        "=",
        "client_id[]=x",
        "?",
        "client_id=a;b",
    ] {
        let mut url = endpoint.clone();
        url.set_query(Some(query));
        let answer = bench.wire.send(Call::get(&url)).await?;
        must!(
            (400..500).contains(&answer.status),
            "?{query} was answered {}",
            answer.status
        );
        tries += 1;
    }
    bench.note(format!("{tries} hostile requests, none answered 5xx"));
    Ok(())
}

async fn host_headers(bench: &mut Bench) -> Check {
    let issuer = bench.issuer().trim_end_matches('/').to_owned();
    let discovery = Url::parse(&format!("{issuer}/.well-known/openid-configuration"))?;
    let client = bench.client().await?;
    let authorize = bench
        .request(&client)
        .url(&bench.provider().endpoint("authorization_endpoint")?);
    let evil = "evil.example";
    let headers = [
        ("host", evil),
        ("x-forwarded-host", evil),
        ("x-forwarded-server", evil),
        ("x-host", evil),
        ("forwarded", "host=evil.example;proto=https"),
        ("x-original-url", "/evil.example"),
        ("x-rewrite-url", "/evil.example"),
        ("x-forwarded-prefix", "/evil.example"),
        ("x-forwarded-proto", "javascript"),
        ("x-forwarded-port", "1"),
    ];
    for url in [&discovery, &authorize] {
        for (name, value) in headers {
            let answer = bench.wire.send(Call::get(url).header(name, value)).await?;
            must!(
                answer.status < 500,
                "{name}: {value} was answered {}",
                answer.status
            );
            let location = answer.header("location").unwrap_or_default().to_owned();
            if answer.text().contains(evil) || location.contains(evil) {
                fail!(
                    "{name}: {value} got into what the provider writes at {}",
                    url.path()
                )
            }
        }
    }
    Ok(())
}
