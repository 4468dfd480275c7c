//! The language switcher: sets a cookie and goes back to the page.

use axum::response::Response;

use crate::flows::{Context, choose_language};
use crate::texts::Language;
use crate::web::browser::Browser;
use crate::web::cookies::Cookie;
use crate::web::error::Failed;
use crate::web::form::PageForm;

/// `POST /language`: `language` is a tag of ours, `return` a path of ours.
pub async fn post(
    cx: Context,
    mut browser: Browser,
    PageForm(params): PageForm,
) -> Result<Response, Failed> {
    let language = params
        .get("language")
        .and_then(Language::from_tag)
        .ok_or(Failed::BadRequest)?;
    browser.set(Cookie::Language, language.tag());
    if let Some(identity) = browser.identity(&cx).await? {
        choose_language::choose(&cx, &identity.account, language.tag()).await?;
    }
    let back = params
        .get("return")
        .filter(|path| is_own_path(path))
        .unwrap_or("/");
    Ok(browser.see_other(back))
}

/// Whether `path` can only be an address of ours: one slash at the start, no second one, no backslash, nothing encoded, nothing
/// that a browser would drop.
pub fn is_own_path(path: &str) -> bool {
    path.len() <= 256
        && path.starts_with('/')
        && !path.starts_with("//")
        && path.bytes().all(|b| {
            b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'_' | b'.' | b'?' | b'=' | b'&')
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_own_paths_are_gone_back_to() {
        for good in ["/", "/claim", "/claim?flow=aB-_3", "/apps/x.y/data"] {
            assert!(is_own_path(good), "{good}");
        }
        for bad in [
            "",
            "claim",
            "//evil.test",
            "/\\evil.test",
            "https://evil.test",
            "/%2fevil",
            "/a\tb",
            "/a b",
            "/é",
        ] {
            assert!(!is_own_path(bad), "{bad}");
        }
    }
}
