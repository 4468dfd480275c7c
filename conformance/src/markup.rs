//! Splits a page into tags and text, as browsers do it for pages without tricks.

/// A start tag.
#[derive(Clone, Debug, Default)]
pub struct Element {
    /// Name in small letters.
    pub name: String,
    /// Attributes: names in small letters, values decoded.
    pub attributes: Vec<(String, String)>,
}

impl Element {
    /// An attribute's value.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// An attribute's value, empty where it is not there.
    pub fn owned(&self, name: &str) -> String {
        self.get(name).unwrap_or_default().to_owned()
    }
}

/// A piece of a page.
pub enum Token {
    /// A start tag.
    Open(Element),
    /// An end tag's name.
    Close(String),
    /// Words, decoded.
    Text(String),
}

/// Splits a page into tags and text; the insides of scripts and styles are dropped.
pub fn tokens(page: &str) -> Vec<Token> {
    let mut found = Vec::new();
    let mut rest = page;
    while let Some(start) = rest.find('<') {
        let (text, tail) = rest.split_at(start);
        if !text.is_empty() {
            found.push(Token::Text(decode(text)));
        }
        if let Some(comment) = tail.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let Some(inside) = tail.strip_prefix('<') else {
            break;
        };
        if !inside.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!') {
            found.push(Token::Text("<".into()));
            rest = inside;
            continue;
        }
        let end = end_of_tag(inside);
        let (tag, after) = inside.split_at(end);
        rest = after.strip_prefix('>').unwrap_or_default();
        if let Some(name) = tag.strip_prefix('/') {
            found.push(Token::Close(name.trim().to_ascii_lowercase()));
        } else if !tag.starts_with('!') {
            let element = element(tag);
            if matches!(element.name.as_str(), "script" | "style") {
                let close = format!("</{}", element.name);
                let lower = rest.to_ascii_lowercase();
                rest = lower
                    .find(&close)
                    .and_then(|at| rest.get(at..))
                    .unwrap_or_default();
            }
            found.push(Token::Open(element));
        }
    }
    found.push(Token::Text(decode(rest)));
    found
}

/// Where a tag ends: the first `>` outside quotes.
fn end_of_tag(text: &str) -> usize {
    let mut quote = None;
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (None, '>') => return at,
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), _) if open == character => quote = None,
            _ => {}
        }
    }
    text.len()
}

fn element(tag: &str) -> Element {
    let tag = tag.trim_end_matches('/');
    let end = tag.find(char::is_whitespace).unwrap_or(tag.len());
    let (name, mut rest) = tag.split_at(end);
    let mut attributes = Vec::new();
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            break;
        }
        let end = rest
            .find(|c: char| c == '=' || c.is_whitespace())
            .unwrap_or(rest.len());
        let (key, tail) = rest.split_at(end.max(1).min(rest.len()));
        let mut value = "";
        rest = tail.trim_start();
        if let Some(tail) = rest.strip_prefix('=') {
            (value, rest) = attribute_value(tail.trim_start());
        }
        attributes.push((key.to_ascii_lowercase(), decode(value)));
    }
    Element {
        name: name.to_ascii_lowercase(),
        attributes,
    }
}

fn attribute_value(text: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(inner) = text.strip_prefix(quote) {
            return inner.split_once(quote).unwrap_or((inner, ""));
        }
    }
    text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()))
}

/// Replaces character references: the named ones that templates write, and numbers.
fn decode(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('&') {
        decoded.push_str(before);
        let reference = after.split_once(';').filter(|(name, _)| name.len() <= 8);
        let known = reference.and_then(|(name, tail)| Some((named(name)?, tail)));
        let (character, tail) = known.unwrap_or(('&', after));
        decoded.push(character);
        rest = tail;
    }
    decoded.push_str(rest);
    decoded
}

fn named(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code);
    }
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        _ => return None,
    })
}
