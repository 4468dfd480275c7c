//! The arrows between the rooms, which cargo cannot check inside one crate.

use std::path::{Path, PathBuf};

/// What a room must not name in its code; tests at the end of a file may.
const FORBIDDEN: &[(&str, &[&str])] = &[
    ("clock", &["axum", "sea_orm", "redis"]),
    ("random", &["axum", "sea_orm", "redis"]),
    ("secret", &["axum", "sea_orm", "redis"]),
    ("ids", &["axum", "sea_orm", "redis"]),
    (
        "protocol",
        &[
            "tokio",
            "axum",
            "sea_orm",
            "redis",
            "rand",
            "std::time",
            "crate::district",
            "crate::store",
            "crate::flows",
            "crate::web",
            "async fn",
        ],
    ),
    (
        "district",
        &[
            "tokio",
            "axum",
            "sea_orm",
            "redis",
            "rand",
            "std::time",
            "crate::protocol",
            "crate::store",
            "crate::flows",
            "crate::web",
            "async fn",
        ],
    ),
    (
        "credentials",
        &[
            "axum",
            "sea_orm",
            "redis",
            "crate::store",
            "crate::flows",
            "crate::web",
        ],
    ),
    ("store", &["axum", "redis", "crate::flows", "crate::web"]),
    (
        "ephemeral",
        &["axum", "sea_orm", "crate::flows", "crate::web"],
    ),
    ("flows", &["axum", "sea_orm", "redis", "crate::web"]),
    (
        "web",
        &["sea_orm", "redis", "crate::store", "crate::ephemeral"],
    ),
];

/// Names under which anything ends up.
const NAMELESS: &[&str] = &[
    "utils", "util", "helpers", "helper", "common", "misc", "shared",
];

fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn rust_files(below: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(below).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|ending| ending == "rs")
            && !path.ends_with("tests.rs")
        {
            files.push(path);
        }
    }
    files
}

/// The code of a file: no comments, no tests.
fn code(path: &Path) -> String {
    let text = std::fs::read_to_string(path).unwrap();
    let end = text.find("#[cfg(test)]\nmod tests").unwrap_or(text.len());
    text[..end]
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .map(|line| line.split(" // ").next().unwrap_or(line))
        .collect::<Vec<_>>()
        .join("\n")
}

fn names(code: &str, word: &str) -> bool {
    let letter = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + word.len()..].chars().next();
        // `ephemeral::redis` is a file of ours; `redis::` alone is the crate.
        !before.is_some_and(letter)
            && !after.is_some_and(letter)
            && (word.contains("::")
                || word.contains(' ')
                || after == Some(':')
                || before == Some(' ') && after == Some(';'))
    })
}

#[test]
fn rooms_name_only_what_they_may() {
    let mut wrong = Vec::new();
    for (room, words) in FORBIDDEN {
        let folder = sources().join(room);
        let mut files = vec![sources().join(format!("{room}.rs"))];
        if folder.is_dir() {
            files.extend(rust_files(&folder));
        }
        for file in files.iter().filter(|file| file.is_file()) {
            let code = code(file);
            for word in *words {
                if names(&code, word) {
                    wrong.push(format!("{} names {word}", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_room_is_nameless() {
    for file in rust_files(&sources()) {
        for part in file.strip_prefix(sources()).unwrap().components() {
            let name = part.as_os_str().to_str().unwrap().trim_end_matches(".rs");
            assert!(!NAMELESS.contains(&name), "{} says nothing", file.display());
        }
    }
}

#[test]
fn every_file_says_what_it_owns() {
    for file in rust_files(&sources()) {
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(
            text.starts_with("//! "),
            "{} opens without a line about itself",
            file.display()
        );
    }
}

#[test]
fn dangerous_calls_stay_where_they_belong() {
    // What may stand only in the named files.
    let only: &[(&str, &[&str])] = &[
        ("x-forwarded-for", &["config/sections.rs"]),
        (
            "forwarded_header",
            &["web/client_address.rs", "config/sections.rs"],
        ),
        ("execute_unprepared", &[]),
        ("usize::MAX)", &[]),
        ("#[instrument", &[]),
        ("axum::extract::Form", &[]),
        ("axum::serve", &[]),
    ];
    let mut wrong = Vec::new();
    for file in rust_files(&sources()) {
        let name = file
            .strip_prefix(sources())
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        let code = code(&file);
        for (call, homes) in only {
            if code.contains(call) && !homes.contains(&name.as_str()) {
                wrong.push(format!("{name} holds {call}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
