//! Every page with everything that can be seen on it, in each language: what a screen reader needs, what the policy forbids,
//! what goes over the wire. `IDP_GALLERY=DIR` writes them to files, to be looked at in a browser.

use std::collections::{BTreeMap, BTreeSet};

use idp::texts::Language;
use idp::web::brand::Brand;
use idp::web::pages::{Sample, samples};

/// A start tag.
struct Tag {
    name: String,
    attributes: BTreeMap<String, String>,
}

impl Tag {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }
}

/// The start tags of a page, in order. Our templates quote every value.
fn tags(html: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let end = rest.find('>').expect("a tag ends");
        let inside = rest[..end].trim_end_matches('/');
        let (name, mut tail) = inside.split_once([' ', '\n']).unwrap_or((inside, ""));
        let mut attributes = BTreeMap::new();
        while !tail.trim().is_empty() {
            tail = tail.trim_start();
            let stop = tail.find(['=', ' ', '\n']).unwrap_or(tail.len());
            let (key, after) = tail.split_at(stop);
            match after.strip_prefix("=\"") {
                Some(value) => {
                    let close = value
                        .find('"')
                        .unwrap_or_else(|| panic!("unquoted: <{inside}>"));
                    attributes.insert(key.to_owned(), value[..close].to_owned());
                    tail = &value[close + 1..];
                }
                None => {
                    assert!(!after.starts_with('='), "unquoted: <{inside}>");
                    attributes.insert(key.to_owned(), String::new());
                    tail = after;
                }
            }
        }
        tags.push(Tag {
            name: name.to_owned(),
            attributes,
        });
        rest = &rest[end..];
    }
    tags
}

fn each(check: impl Fn(&Sample, &[Tag], Language)) {
    for language in Language::ALL {
        for sample in samples(language).unwrap() {
            check(&sample, &tags(&sample.html), language);
        }
    }
}

#[test]
fn every_page_names_its_language_and_has_one_heading_and_a_title() {
    each(|page, tags, language| {
        let name = page.name;
        assert!(page.html.starts_with("<!doctype html>"), "{name}");
        let html = tags.iter().find(|tag| tag.name == "html").unwrap();
        assert_eq!(html.get("lang"), Some(language.tag()), "{name}");
        assert_eq!(
            tags.iter().filter(|tag| tag.name == "h1").count(),
            1,
            "{name}: one h1"
        );
        assert_eq!(
            tags.iter().filter(|tag| tag.name == "main").count(),
            1,
            "{name}: one main"
        );
        let title = page
            .html
            .split("<title>")
            .nth(1)
            .unwrap()
            .split("</title>")
            .next()
            .unwrap();
        assert!(
            title.ends_with(" · CCPS Portal") && title.len() > 16,
            "{name}: {title}"
        );
        let mut level = 1;
        let levels = tags.iter().filter_map(|tag| {
            let digit = tag.name.strip_prefix('h')?;
            digit.parse::<u32>().ok()
        });
        for next in levels.skip_while(|level| *level != 1) {
            assert!(next <= level + 1, "{name}: h{next} after h{level}");
            level = next;
        }
    });
}

#[test]
fn every_field_has_a_label_and_every_reference_a_target() {
    each(|page, tags, _| {
        let name = page.name;
        let mut ids = BTreeSet::new();
        for id in tags.iter().filter_map(|tag| tag.get("id")) {
            assert!(ids.insert(id), "{name}: id {id} twice");
        }
        let labels: BTreeSet<&str> = tags
            .iter()
            .filter(|tag| tag.name == "label")
            .filter_map(|tag| tag.get("for"))
            .collect();
        for tag in tags {
            let hidden = matches!(tag.get("type"), Some("hidden" | "radio"))
                || tag.get("aria-hidden") == Some("true");
            if matches!(tag.name.as_str(), "input" | "select") && !hidden {
                let id = tag
                    .get("id")
                    .unwrap_or_else(|| panic!("{name}: a field without id"));
                assert!(labels.contains(id), "{name}: no label for {id}");
            }
            for key in [
                "aria-describedby",
                "aria-labelledby",
                "aria-controls",
                "for",
            ] {
                for id in tag.get(key).unwrap_or_default().split_whitespace() {
                    assert!(ids.contains(id), "{name}: {key}={id} leads nowhere");
                }
            }
            let fragment = tag.get("href").and_then(|href| href.strip_prefix('#'));
            if let Some(id) = fragment {
                assert!(ids.contains(id), "{name}: #{id} leads nowhere");
            }
            if tag.name == "img" {
                assert!(
                    tag.get("alt").is_some() && tag.get("width").is_some(),
                    "{name}: img"
                );
            }
        }
    });
}

#[test]
fn nothing_is_inline_and_every_form_carries_its_token() {
    each(|page, tags, _| {
        let name = page.name;
        for tag in tags {
            assert!(
                tag.name != "style" && tag.get("style").is_none(),
                "{name}: inline style"
            );
            let handler = tag.attributes.keys().find(|key| key.starts_with("on"));
            assert!(handler.is_none(), "{name}: {handler:?}");
            if tag.name == "script" {
                assert_eq!(tag.get("nonce"), Some("sample-nonce"), "{name}: nonce");
                assert!(tag.get("src").is_some(), "{name}: inline script");
            }
            for key in ["href", "src"] {
                let address = tag.get(key).unwrap_or_default();
                if let Some(file) = address.strip_prefix("/assets/") {
                    let found = idp::web::assets::find(address).is_some()
                        || Brand::sample().asset(address).is_some();
                    assert!(found, "{name}: no asset {file}");
                }
            }
        }
        assert!(!page.html.contains("<script>"), "{name}");
        let posts = tags.iter().filter(|tag| {
            tag.name == "form"
                && tag.get("method") == Some("post")
                && tag
                    .get("action")
                    .is_some_and(|action| action.starts_with('/'))
        });
        let tokens = tags.iter().filter(|tag| tag.get("name") == Some("csrf"));
        assert_eq!(
            posts.count(),
            tokens.count(),
            "{name}: a token for each form of ours"
        );
    });
}

/// S56: another child's data never comes from us. Search and the username for password managers are the reader's own.
#[test]
fn no_field_carries_a_value() {
    each(|page, tags, _| {
        for tag in tags.iter().filter(|tag| tag.name == "input") {
            let own = matches!(tag.get("type"), Some("hidden" | "radio" | "search"))
                || tag.get("aria-hidden") == Some("true");
            assert!(
                own || tag.get("value").is_none(),
                "{}: {:?}",
                page.name,
                tag.get("name")
            );
        }
    });
}

/// WCAG 3.2.6: help stands in the same place on every page.
#[test]
fn help_is_the_first_thing_in_the_footer() {
    each(|page, _, language| {
        let footer = page.html.split("<footer").nth(1).unwrap();
        let help = footer.find("href=\"/help\"").unwrap();
        assert!(footer[..help].matches("<a ").count() == 1, "{}", page.name);
        assert!(
            footer.contains(language.t("help-link").as_ref()),
            "{}",
            page.name
        );
    });
}

/// S3: no password on the first page. S10: three fields in the guide's order.
#[test]
fn the_guides_fields_are_there() {
    each(|page, tags, _| {
        let fields: Vec<&str> = tags
            .iter()
            .filter(|tag| tag.name == "input" && tag.get("type") != Some("hidden"))
            .filter_map(|tag| tag.get("name"))
            .collect();
        match page.name {
            "landing" => assert_eq!(fields, ["username"]),
            "password" => assert_eq!(fields, ["password"]),
            "claim-name" => assert_eq!(fields, ["last_name", "first_name", "number"]),
            "claim-password" => assert_eq!(fields, ["password", "verify"]),
            _ => {}
        }
    });
}

/// WCAG 1.3.5 on a device of one's own; no autofill of names and numbers on a shared one, always of passwords.
#[test]
fn autofill_follows_the_device() {
    each(|page, tags, _| {
        let tokens: Vec<&str> = tags
            .iter()
            .filter(|tag| tag.name == "input" && tag.get("type") != Some("hidden"))
            .filter_map(|tag| tag.get("autocomplete"))
            .collect();
        match page.name {
            "landing" => assert_eq!(tokens, ["off"]),
            "password" => assert_eq!(tokens, ["current-password"]),
            "password-own-device" => assert_eq!(tokens, ["username", "current-password"]),
            "claim-name" => assert_eq!(tokens, ["off", "off", "off"]),
            "claim-name-own-device" => assert_eq!(tokens, ["family-name", "given-name", "off"]),
            "claim-password" => assert_eq!(tokens, ["new-password", "new-password"]),
            _ => {}
        }
    });
}

/// The first page is at most 30 KB over the wire, all of it counted: page, styles, script, crest.
#[test]
fn the_first_page_is_light() {
    let brand = Brand::sample();
    for page in samples(Language::Vi).unwrap() {
        let html = idp::web::assets::Asset::new("page", "html", page.html.into_bytes()).wire_size();
        let files: usize = ["app.css", "app.js"]
            .iter()
            .map(|name| {
                idp::web::assets::find(idp::web::assets::href(name))
                    .unwrap()
                    .wire_size()
            })
            .chain(
                [brand.crest_href(), brand.style_href()]
                    .map(|path| brand.asset(path).unwrap().wire_size()),
            )
            .sum();
        assert!(
            html + files <= 30 * 1024,
            "{}: {html} + {files} bytes",
            page.name
        );
    }
}

/// Writes the gallery where `IDP_GALLERY` says: a file a sample and language, the assets beside them, an index.
#[test]
fn gallery() {
    let Ok(folder) = std::env::var("IDP_GALLERY") else {
        return;
    };
    let folder = std::path::PathBuf::from(folder);
    let brand = Brand::sample();
    let write = |path: &str, bytes: &[u8]| {
        let path = folder.join(path.trim_start_matches('/'));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    };
    let mut index = String::from("<!doctype html><title>Gallery</title>");
    for language in Language::ALL {
        for page in samples(language).unwrap() {
            let path = format!("{}/{}.html", language.tag(), page.name);
            index.push_str(&format!("<p><a href=\"/{path}\">{path}</a>"));
            write(&path, page.html.as_bytes());
        }
    }
    write("index.html", index.as_bytes());
    for asset in idp::web::assets::all() {
        write(&asset.path, asset.bytes());
    }
    for asset in brand.assets() {
        write(&asset.path, asset.bytes());
    }
}
