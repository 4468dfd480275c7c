//! Static files: built into the binary, named by a hash of their bytes, compressed once, kept by browsers for a year.

use std::collections::HashMap;
use std::io::Write as _;
use std::sync::LazyLock;

use axum::body::Bytes;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use rust_embed::RustEmbed;

use crate::flows::Context;
use crate::secret::Digest;

/// A file as it is served.
#[derive(Clone, Debug)]
pub struct Asset {
    /// Its address, as `/assets/app.3f9aXk2Q.css`.
    pub path: String,
    media_type: &'static str,
    plain: Bytes,
    gzip: Option<Bytes>,
}

impl Asset {
    /// Names and compresses a file. `extension` is one of css, js, svg and png.
    pub fn new(stem: &str, extension: &str, bytes: Vec<u8>) -> Self {
        let digest = Digest::of("asset", &bytes);
        let short: String = digest.as_str().chars().take(12).collect();
        let media_type = match extension {
            "css" => "text/css; charset=utf-8",
            "js" => "text/javascript; charset=utf-8",
            "svg" => "image/svg+xml",
            "png" => "image/png",
            _ => "application/octet-stream",
        };
        Self {
            path: format!("/assets/{stem}.{short}.{extension}"),
            media_type,
            gzip: compress(&bytes),
            plain: bytes.into(),
        }
    }

    /// Size on the wire in bytes, for a browser that takes gzip.
    pub fn wire_size(&self) -> usize {
        self.gzip.as_ref().unwrap_or(&self.plain).len()
    }

    /// The file itself.
    pub fn bytes(&self) -> &[u8] {
        &self.plain
    }

    fn answer(&self, headers: &HeaderMap) -> Response {
        let accepts = headers
            .get(header::ACCEPT_ENCODING)
            .and_then(|value| value.to_str().ok())
            .is_some_and(accepts_gzip);
        let (body, encoding) = match &self.gzip {
            Some(gzip) if accepts => (gzip.clone(), Some("gzip")),
            _ => (self.plain.clone(), None),
        };
        let mut response = body.into_response();
        let mut set = |name: HeaderName, value: &'static str| {
            response
                .headers_mut()
                .insert(name, HeaderValue::from_static(value));
        };
        set(header::CONTENT_TYPE, self.media_type);
        set(header::CACHE_CONTROL, "public, max-age=31536000, immutable");
        set(header::VARY, "accept-encoding");
        set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
        set(
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        );
        // A crest is a district's file: as a document of its own it may do nothing.
        set(
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        );
        if let Some(encoding) = encoding {
            set(header::CONTENT_ENCODING, encoding);
        }
        response
    }
}

/// Compressed bytes, where that saves anything.
fn compress(bytes: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).ok()?;
    let packed = encoder.finish().ok()?;
    (packed.len() < bytes.len()).then(|| packed.into())
}

fn accepts_gzip(header: &str) -> bool {
    header.split(',').any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        parts
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case("gzip"))
            && !parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

#[derive(RustEmbed)]
#[folder = "assets"]
struct Embedded;

struct Table {
    by_name: HashMap<String, String>,
    by_path: HashMap<String, Asset>,
}

static TABLE: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table {
        by_name: HashMap::new(),
        by_path: HashMap::new(),
    };
    for name in Embedded::iter() {
        let (Some(file), Some((stem, extension))) = (Embedded::get(&name), name.rsplit_once('.'))
        else {
            continue;
        };
        let asset = Asset::new(stem, extension, file.data.into_owned());
        table.by_name.insert(name.into_owned(), asset.path.clone());
        table.by_path.insert(asset.path.clone(), asset);
    }
    table
});

/// The address of the file `name` of `assets/`. A name that is not there gives `/assets/missing`, which a test of all pages
/// finds.
pub fn href(name: &str) -> &'static str {
    TABLE
        .by_name
        .get(name)
        .map_or("/assets/missing", String::as_str)
}

/// The file of an address.
pub fn find(path: &str) -> Option<&'static Asset> {
    TABLE.by_path.get(path)
}

/// All files of `assets/`.
pub fn all() -> impl Iterator<Item = &'static Asset> {
    TABLE.by_path.values()
}

/// `GET /assets/{file}`.
pub async fn get(cx: Context, Path(file): Path<String>, headers: HeaderMap) -> Response {
    let path = format!("/assets/{file}");
    match find(&path).or_else(|| cx.app.brand.asset(&path)) {
        Some(asset) => asset.answer(&headers),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_carry_the_hash_of_the_bytes() {
        let one = Asset::new("app", "css", b"a{}".to_vec());
        let two = Asset::new("app", "css", b"b{}".to_vec());
        assert_ne!(one.path, two.path);
        let parts: Vec<&str> = one.path.split('.').collect();
        assert_eq!((parts[0], parts[2]), ("/assets/app", "css"));
        assert_eq!(one.path, Asset::new("app", "css", b"a{}".to_vec()).path);
    }

    #[test]
    fn gzip_is_sent_to_those_who_take_it() {
        assert!(accepts_gzip("gzip, deflate, br"));
        assert!(accepts_gzip("br;q=1, GZIP;q=0.5"));
        assert!(!accepts_gzip("br"));
        assert!(!accepts_gzip("gzip;q=0"));
    }
}
