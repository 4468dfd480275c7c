//! The words: all three languages have the same keys with the same variables, every key that the program asks for is there,
//! and none is there for nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use idp::config::Profile;
use idp::district::person::Population;
use idp::district::questions::{Kind, bank};
use idp::district::resource::{Category, ICONS};
use idp::texts::{Language, sources};
use idp::web::icons::Icon;

/// Keys of a language with the variables of each. `$audience` is always given and may be ignored.
fn messages(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    for (path, source) in sources(language) {
        let mut current: Option<String> = None;
        for line in source.lines() {
            if line.starts_with('#') || line.trim().is_empty() {
                continue;
            }
            if !line.starts_with([' ', '}']) {
                let (key, _) = line
                    .split_once(" = ")
                    .unwrap_or_else(|| panic!("{path}: {line}"));
                let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
                assert!(key.chars().all(kebab), "{path}: {key}");
                let before = found.insert(key.to_owned(), BTreeSet::new());
                assert!(before.is_none(), "{path}: {key} is there twice");
                current = Some(key.to_owned());
            }
            let key = current.as_ref().unwrap_or_else(|| panic!("{path}: {line}"));
            for part in line.split('$').skip(1) {
                let end = part
                    .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                    .unwrap_or(part.len());
                if &part[..end] != "audience" {
                    found.get_mut(key).unwrap().insert(part[..end].to_owned());
                }
            }
        }
    }
    found
}

#[test]
fn the_three_languages_say_the_same_things() {
    let english = messages(Language::En);
    for language in [Language::Es, Language::Vi] {
        let other = messages(language);
        let missing: Vec<_> = english
            .keys()
            .filter(|key| !other.contains_key(*key))
            .collect();
        let extra: Vec<_> = other
            .keys()
            .filter(|key| !english.contains_key(*key))
            .collect();
        assert!(missing.is_empty(), "{} lacks {missing:#?}", language.tag());
        assert!(extra.is_empty(), "{} alone has {extra:#?}", language.tag());
        for (key, variables) in &english {
            // A clock of twelve hours needs other parts than one of twenty-four.
            if key != "time" {
                assert_eq!(&other[key], variables, "{}: {key}", language.tag());
            }
        }
    }
}

#[test]
fn every_text_can_be_said() {
    for language in Language::ALL {
        for (key, variables) in messages(language) {
            for number in [0_u32, 1, 2, 12] {
                let args: Vec<(&str, &dyn idp::texts::Arg)> = variables
                    .iter()
                    .map(|name| (name.as_str(), &number as &dyn idp::texts::Arg))
                    .collect();
                let said = language.ta(&key, &args);
                assert!(!said.trim().is_empty(), "{}: {key}", language.tag());
                assert!(
                    !said.contains(['{', '}']),
                    "{}: {key}: {said}",
                    language.tag()
                );
                assert_ne!(said, key, "{}: {key} is no message", language.tag());
            }
        }
    }
}

#[test]
fn every_key_is_used_and_every_used_key_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut literals = BTreeSet::new();
    let mut asked = BTreeSet::new();
    for folder in ["src", "templates"] {
        read(&root.join(folder), &mut |text| {
            for literal in text.split('"') {
                literals.insert(literal.to_owned());
            }
            for call in [
                ".t(\"",
                ".ta(\"",
                ".say(Audience::Students, \"",
                ".say(Audience::Staff, \"",
            ] {
                for part in text.split(call).skip(1) {
                    asked.insert(part.split('"').next().unwrap().to_owned());
                }
            }
        });
    }
    let english = messages(Language::En);
    let missing: Vec<_> = asked
        .iter()
        .filter(|key| !english.contains_key(*key) && *key != "no-such-key")
        .collect();
    assert!(missing.is_empty(), "asked for, but nowhere: {missing:#?}");
    // Made from the ids of questions, choices and categories, from acts and reasons, or by adding to another key.
    let made = |key: &str| {
        [
            "question-",
            "category-",
            "help-desk-act-",
            "help-desk-done-",
            "reason-",
        ]
        .iter()
        .any(|start| key.starts_with(start))
            || key
                .strip_suffix("-note")
                .is_some_and(|row| literals.contains(row))
    };
    let unused: Vec<_> = english
        .keys()
        .filter(|key| !literals.contains(*key) && !made(key))
        .collect();
    assert!(unused.is_empty(), "said nowhere: {unused:#?}");
}

#[test]
fn every_question_choice_and_category_has_its_words() {
    let english = messages(Language::En);
    for profile in [Profile::Guide, Profile::Recommended] {
        for population in [Population::Student, Population::Staff] {
            for question in bank::questions(profile, population) {
                let choices: Vec<String> = match question.kind {
                    Kind::Choice(ids) => ids.iter().map(|id| question.choice_key(id)).collect(),
                    _ => Vec::new(),
                };
                for key in choices.into_iter().chain([question.text_key()]) {
                    assert!(english.contains_key(&key), "{key}");
                }
            }
        }
    }
    for category in Category::ALL {
        assert!(english.contains_key(category.key()), "{}", category.key());
    }
    for icon in ICONS {
        assert!(Icon::exists(icon), "{icon} is offered and not drawn");
    }
}

fn read(folder: &Path, with: &mut impl FnMut(&str)) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(&path, with);
        } else if path
            .extension()
            .is_some_and(|kind| kind == "rs" || kind == "html" || kind == "svg")
        {
            with(&std::fs::read_to_string(&path).unwrap());
        }
    }
}
