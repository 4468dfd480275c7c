//! Attacks on names and passwords: whether answers tell who exists. Every wrong try here is one that a provider may count;
//! those against a real name go to `spare_person`, where one is configured.

use crate::bench::Bench;
use crate::config::Who;
use crate::keys;
use crate::person::{Landing, Mood};
use crate::plan::{Module, module};
use crate::stop::{Check, must, skip};

/// The table.
pub const MODULES: &[Module] = &[
    module!(
        "attack-enumeration-text",
        "X",
        "OWASP ASVS 6.3",
        "A wrong password and an unknown name are answered with the same status and the same words",
        text
    ),
    module!(
        "attack-enumeration-time",
        "X",
        "OWASP ASVS 6.3",
        "They take the same time (warning where the medians differ by more than the noise)",
        time
    ),
];

/// What one wrong try gave.
struct Try {
    status: u16,
    words: String,
    took: f64,
}

/// Types a wrong password for a name, once, in a fresh browser.
async fn wrong_try(bench: &mut Bench, who: &Who, name: &str) -> Check<Try> {
    let typed = who
        .typing(who.username_key(), name)
        .typing(who.password_key(), &keys::random(12));
    let mut person = bench.browser(&typed);
    let client = bench.client().await?;
    let request = bench.request(&client);
    let call = bench.start(&request).await?;
    person.most_tries = 1;
    let landing = person.visit(call, Mood::Willing).await?;
    let Landing::Shown(page) = landing else {
        skip!("the provider takes any password: {name} was signed in")
    };
    let took = person.took_last_post;
    let words = page.document.text.replace(name, "NAME");
    let status = page.answer.status;
    Ok(Try {
        status,
        words,
        took,
    })
}

fn known(bench: &Bench) -> (Who, String) {
    let config = &bench.suite.config;
    let who = config
        .spare_person
        .clone()
        .unwrap_or_else(|| config.person.clone());
    let name = who
        .fields
        .get(who.username_key())
        .cloned()
        .unwrap_or_default();
    (who, name)
}

async fn text(bench: &mut Bench) -> Check {
    let (who, name) = known(bench);
    let nobody = bench.suite.config.security.nobody.clone();
    let real = wrong_try(bench, &who, &name).await?;
    let fake = wrong_try(bench, &who, &nobody).await?;
    must!(
        real.status == fake.status,
        "status {} for a real name, {} for none",
        real.status,
        fake.status
    );
    must!(
        real.words == fake.words,
        "a real name: \"{}\"; none: \"{}\"",
        real.words,
        fake.words
    );
    Ok(())
}

async fn time(bench: &mut Bench) -> Check {
    let (who, name) = known(bench);
    let nobody = bench.suite.config.security.nobody.clone();
    let (mut real, mut fake) = (Vec::new(), Vec::new());
    for _ in 0..bench.suite.config.security.timing_pairs {
        real.push(wrong_try(bench, &who, &name).await?.took);
        fake.push(wrong_try(bench, &who, &nobody).await?.took);
    }
    let (real, real_noise) = median_and_spread(&mut real);
    let (fake, fake_noise) = median_and_spread(&mut fake);
    bench.note(format!(
        "medians of {} interleaved pairs: {real:.1} ms ± {real_noise:.1} for a real name, {fake:.1} ms ± {fake_noise:.1} for none",
        bench.suite.config.security.timing_pairs
    ));
    let noise = real_noise.max(fake_noise).max(2.0);
    if (real - fake).abs() > 2.0 * noise {
        bench.warn(format!("the times differ: {real:.1} ms and {fake:.1} ms"));
    }
    Ok(())
}

/// The median, and the median distance from it.
fn median_and_spread(values: &mut [f64]) -> (f64, f64) {
    let middle = median(values);
    let mut distances: Vec<f64> = values.iter().map(|value| (value - middle).abs()).collect();
    (middle, median(&mut distances))
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
