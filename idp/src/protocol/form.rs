//! Parameters of queries and forms, read strictly: RFC 6749 §3.1, §3.2 and Appendix B.
//!
//! Bad percent signs, bytes that are no UTF-8, control characters and repeated names are errors, never mended.

use super::error::OAuthError;

/// Most bytes of a query or a form.
pub const MAX_BYTES: usize = 64 * 1024;
/// Most fields.
const MAX_FIELDS: usize = 100;
/// Most bytes of a field's name.
const MAX_NAME: usize = 64;
/// Most bytes of a value.
const MAX_VALUE: usize = 4 * 1024;
/// Most bytes of a value that carries a JWT or JSON.
const MAX_LONG_VALUE: usize = 16 * 1024;
/// The parameters that carry one.
const LONG: &[&str] = &[
    "client_assertion",
    "assertion",
    "request",
    "id_token_hint",
    "claims",
];
/// RFC 8707 §2: "Multiple resource parameters MAY be used". Nothing else may come twice.
const REPEATABLE: &str = "resource";

/// Parameters. Holding them means that no name but `resource` came twice, and that none is malformed or oversized.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Params(Vec<(String, String)>);

/// What is wrong with a query or a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormError {
    /// Longer than [`MAX_BYTES`], or more than a hundred fields.
    #[error("too large")]
    TooLarge,
    /// A percent sign without two hexadecimal digits, a field without a name, or a byte that must be encoded.
    #[error("malformed encoding")]
    Malformed,
    /// Not UTF-8 once decoded.
    #[error("not UTF-8")]
    NotUtf8,
    /// A control character, a tab or a line break included.
    #[error("control character")]
    Control,
    /// RFC 6749 §3.1: "Request and response parameters MUST NOT be included more than once."
    #[error("repeated parameter")]
    Repeated,
    /// A name or a value beyond its length.
    #[error("a field is too long")]
    FieldTooLong,
}

impl From<FormError> for OAuthError {
    fn from(error: FormError) -> Self {
        Self::invalid_request(match error {
            FormError::TooLarge => "The request is too large.",
            FormError::Malformed => "A parameter is not application/x-www-form-urlencoded.",
            FormError::NotUtf8 => "A parameter is not UTF-8.",
            FormError::Control => "A parameter contains a control character.",
            FormError::Repeated => "A parameter is repeated.",
            FormError::FieldTooLong => "A parameter is too long.",
        })
    }
}

/// Reads a query (without its `?`) or the body of a form.
pub fn parse(text: &[u8]) -> Result<Params, FormError> {
    match sift(text)? {
        (params, None) => Ok(params),
        (_, Some(fault)) => Err(fault),
    }
}

/// Reads what can be read, leaves out every name with a fault, and tells the first fault. `/authorize` needs it: an error in
/// one parameter is told to the client at its `redirect_uri`, if that one is sound (RFC 6749 §4.1.2.1).
///
/// Errors: only [`FormError::TooLarge`]; then nothing is read.
pub fn sift(text: &[u8]) -> Result<(Params, Option<FormError>), FormError> {
    if text.len() > MAX_BYTES {
        return Err(FormError::TooLarge);
    }
    let mut params: Vec<(String, String)> = Vec::new();
    let mut left_out: Vec<String> = Vec::new();
    let mut fault = None;
    for (count, field) in text
        .split(|b| *b == b'&')
        .filter(|field| !field.is_empty())
        .enumerate()
    {
        if count >= MAX_FIELDS {
            return Err(FormError::TooLarge);
        }
        let mut halves = field.splitn(2, |b| *b == b'=');
        let name = read_name(halves.next().unwrap_or_default());
        let value = halves.next().unwrap_or_default();
        let name = match name {
            Ok(name) => name,
            Err(error) => {
                fault = fault.or(Some(error));
                continue;
            }
        };
        let repeated = name != REPEATABLE && params.iter().any(|(known, _)| *known == name);
        let value = if repeated || left_out.contains(&name) {
            Err(FormError::Repeated)
        } else {
            read_value(&name, value)
        };
        match value {
            Ok(value) => params.push((name, value)),
            Err(error) => {
                fault = fault.or(Some(error));
                params.retain(|(known, _)| *known != name);
                left_out.push(name);
            }
        }
    }
    Ok((Params(params), fault))
}

fn read_name(bytes: &[u8]) -> Result<String, FormError> {
    let name = decode(bytes)?;
    match name.len() {
        0 => Err(FormError::Malformed),
        length if length > MAX_NAME => Err(FormError::FieldTooLong),
        _ => Ok(name),
    }
}

fn read_value(name: &str, bytes: &[u8]) -> Result<String, FormError> {
    let value = decode(bytes)?;
    let most = if LONG.contains(&name) {
        MAX_LONG_VALUE
    } else {
        MAX_VALUE
    };
    if value.len() > most {
        return Err(FormError::FieldTooLong);
    }
    Ok(value)
}

/// Decodes one name or value: `+` is a space, `%` precedes two hexadecimal digits (RFC 6749 Appendix B).
pub fn decode(bytes: &[u8]) -> Result<String, FormError> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes.iter();
    while let Some(&byte) = rest.next() {
        out.push(match byte {
            b'+' => b' ',
            b'%' => {
                let (Some(high), Some(low)) = (rest.next(), rest.next()) else {
                    return Err(FormError::Malformed);
                };
                let (Some(high), Some(low)) = (hex(*high), hex(*low)) else {
                    return Err(FormError::Malformed);
                };
                high * 16 + low
            }
            _ => byte,
        });
    }
    let text = String::from_utf8(out).map_err(|_| FormError::NotUtf8)?;
    if text.chars().any(char::is_control) {
        return Err(FormError::Control);
    }
    Ok(text)
}

const fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

/// Writes pairs as a query or the body of a form.
pub fn encode<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut out = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in pairs {
        out.append_pair(name, value);
    }
    out.finish()
}

impl Params {
    /// The value as sent; `Some("")` for an empty one. For pages.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The value, for OAuth. RFC 6749 §3.1: "Parameters sent without a value MUST be treated as if they were omitted".
    pub fn value(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// Whether the name was sent, with or without a value.
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// All pairs, in the order in which they were sent.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The pairs as a query.
    pub fn to_query(&self) -> String {
        encode(self.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn faults() {
        for (text, expected) in [
            (&b"a=%"[..], FormError::Malformed),
            (b"a=%4", FormError::Malformed),
            (b"a=%zz", FormError::Malformed),
            (b"a=%+1", FormError::Malformed),
            (b"=x", FormError::Malformed),
            (b"a=%ff", FormError::NotUtf8),
            (b"a=%c0%80", FormError::NotUtf8),
            (b"a=\xff", FormError::NotUtf8),
            (b"a=%00", FormError::Control),
            (b"a=%09", FormError::Control),
            (b"a=x%0d%0ay", FormError::Control),
            (b"a=%c2%85", FormError::Control),
            (b"a%00=x", FormError::Control),
            (b"a=1&a=1", FormError::Repeated),
            (b"a=1&%61=2", FormError::Repeated),
            (b"a=&a=", FormError::Repeated),
            (b"a&a", FormError::Repeated),
        ] {
            assert_eq!(
                parse(text),
                Err(expected),
                "{:?}",
                String::from_utf8_lossy(text)
            );
        }
    }

    #[test]
    fn sizes() {
        let fields = |n: usize| {
            (0..n)
                .map(|i| format!("f{i}=1"))
                .collect::<Vec<_>>()
                .join("&")
        };
        assert!(parse(fields(100).as_bytes()).is_ok());
        assert_eq!(parse(fields(101).as_bytes()), Err(FormError::TooLarge));
        let value = |name: &str, n: usize| format!("{name}={}", "x".repeat(n));
        assert!(parse(value("state", 4096).as_bytes()).is_ok());
        assert_eq!(
            parse(value("state", 4097).as_bytes()),
            Err(FormError::FieldTooLong)
        );
        assert!(parse(value("claims", 16_384).as_bytes()).is_ok());
        assert_eq!(
            parse(value("claims", 16_385).as_bytes()),
            Err(FormError::FieldTooLong)
        );
        assert_eq!(
            parse(value(&"n".repeat(65), 1).as_bytes()),
            Err(FormError::FieldTooLong)
        );
        assert_eq!(
            parse(value("claims", MAX_BYTES).as_bytes()),
            Err(FormError::TooLarge)
        );
    }

    #[test]
    fn empty_is_absent_for_oauth_and_present_for_pages() {
        let params = parse(b"a=&b&c=3&&").unwrap();
        assert_eq!((params.get("a"), params.value("a")), (Some(""), None));
        assert_eq!((params.get("b"), params.value("b")), (Some(""), None));
        assert_eq!(params.value("c"), Some("3"));
        assert_eq!(params.get("d"), None);
        assert!(params.has("a") && !params.has("d"));
    }

    #[test]
    fn resource_may_repeat() {
        let params = parse(b"resource=https://a.example&resource=https://b.example").unwrap();
        assert_eq!(params.iter().count(), 2);
    }

    #[test]
    fn sifting_leaves_out_every_name_with_a_fault() {
        let (params, fault) = sift(b"a=1&b=2&a=3&c=%&c=4&d=5&a=6").unwrap();
        assert_eq!(fault, Some(FormError::Repeated));
        assert_eq!(params.iter().collect::<Vec<_>>(), [("b", "2"), ("d", "5")]);
    }

    #[test]
    fn spaces_and_signs() {
        let params = parse("q=a+b%20c%2Bd&%C3%BC=%E2%82%AC".as_bytes()).unwrap();
        assert_eq!(params.get("q"), Some("a b c+d"));
        assert_eq!(params.get("ü"), Some("€"));
    }

    proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = sift(&bytes);
        }

        #[test]
        fn hostile_text_never_panics(text in "[a-c=&%+0-9\\x00-\\x20é]{0,80}") {
            let _ = sift(text.as_bytes());
        }

        #[test]
        fn what_is_written_is_read_back(pairs in proptest::collection::btree_map("[a-z_]{1,8}", "[^\\p{Cc}]{0,40}", 0..8)) {
            let text = encode(pairs.iter().map(|(n, v)| (n.as_str(), v.as_str())));
            let params = parse(text.as_bytes()).unwrap();
            prop_assert_eq!(params.iter().count(), pairs.len());
            for (name, value) in &pairs {
                prop_assert_eq!(params.get(name), Some(value.as_str()));
            }
            prop_assert_eq!(parse(params.to_query().as_bytes()).unwrap(), params);
        }
    }
}
