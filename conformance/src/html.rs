//! Reads a page as far as a person without scripts needs it: forms with their labels, links, frames, headings, text.

use crate::markup::{Element, Token, tokens};

/// What a page offers.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// Its forms, in order.
    pub forms: Vec<Form>,
    /// Links: address and words.
    pub links: Vec<(String, String)>,
    /// Addresses of pictures.
    pub images: Vec<String>,
    /// Addresses of frames.
    pub frames: Vec<String>,
    /// Where `<meta http-equiv="refresh">` leads.
    pub refresh: Option<String>,
    /// All words outside scripts and styles, single-spaced.
    pub text: String,
    /// Element names in order, to see whether markup was smuggled in.
    pub elements: Vec<Element>,
}

/// A form.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// Its `id`.
    pub id: String,
    /// Where it goes, as written; empty means the page's own address.
    pub action: String,
    /// Whether it is a POST.
    pub is_post: bool,
    /// Its fields, in order.
    pub fields: Vec<Field>,
    /// Its buttons, in order.
    pub buttons: Vec<Button>,
}

/// A field of a form.
#[derive(Clone, Debug, Default)]
pub struct Field {
    /// Name under which it is sent.
    pub name: String,
    /// Its `id`.
    pub id: String,
    /// Value that it comes with.
    pub value: String,
    /// `text`, `password`, `hidden`, `checkbox`, `select`, …
    pub kind: String,
    /// Whether a check box or radio button is on.
    pub is_checked: bool,
    /// Words of its label.
    pub label: String,
    /// Values that may be chosen.
    pub options: Vec<String>,
}

/// A button of a form.
#[derive(Clone, Debug, Default)]
pub struct Button {
    /// Name under which it is sent; may be empty.
    pub name: String,
    /// Value sent.
    pub value: String,
    /// Words on it.
    pub text: String,
}

/// Reads a page.
pub fn read(page: &str) -> Document {
    let mut reader = Reader::default();
    for token in tokens(page) {
        match token {
            Token::Open(element) => reader.open(element),
            Token::Close(name) => reader.close(&name),
            Token::Text(text) => reader.text(&text),
        }
    }
    reader.finish()
}

#[derive(Default)]
struct Reader {
    document: Document,
    words: Vec<String>,
    labels: Vec<(String, String)>,
    label: Option<(String, String, Vec<usize>)>,
    link: Option<(String, String)>,
    button: Option<Button>,
    button_form: String,
    is_in_form: bool,
    is_in_select: bool,
}

impl Reader {
    fn open(&mut self, element: Element) {
        match element.name.as_str() {
            "form" => {
                let method = element.owned("method");
                self.document.forms.push(Form {
                    id: element.owned("id"),
                    action: element.owned("action"),
                    is_post: method.eq_ignore_ascii_case("post"),
                    ..Form::default()
                });
                self.is_in_form = true;
            }
            "input" | "select" | "textarea" => self.field(&element),
            "option" => self.option(&element),
            "button" => {
                self.button_form = element.owned("form");
                self.button = Some(Button {
                    name: element.owned("name"),
                    value: element.owned("value"),
                    text: String::new(),
                });
            }
            "label" => self.label = Some((element.owned("for"), String::new(), Vec::new())),
            "a" => {
                let href = element.get("href").map(str::to_owned);
                self.link = href.map(|href| (href, String::new()));
            }
            "img" => self
                .document
                .images
                .extend(element.get("src").map(str::to_owned)),
            "iframe" => self
                .document
                .frames
                .extend(element.get("src").map(str::to_owned)),
            "meta" => self.meta(&element),
            _ => {}
        }
        self.document.elements.push(element);
    }

    fn meta(&mut self, element: &Element) {
        if element.owned("http-equiv").eq_ignore_ascii_case("refresh") {
            let content = element.owned("content");
            let target = content
                .split_once('=')
                .map(|(_, to)| to.trim_matches(['\'', '"', ' ']));
            self.document.refresh = target.map(str::to_owned);
        }
    }

    fn field(&mut self, element: &Element) {
        let kind = if element.name == "input" {
            element.get("type").unwrap_or("text").to_ascii_lowercase()
        } else {
            element.name.clone()
        };
        let Some(form) = self.document.forms.last_mut().filter(|_| self.is_in_form) else {
            return;
        };
        if matches!(kind.as_str(), "submit" | "image" | "button") {
            form.buttons.push(Button {
                name: element.owned("name"),
                value: element.owned("value"),
                text: element.owned("value"),
            });
            return;
        }
        self.is_in_select = kind == "select";
        if let Some((_, _, fields)) = &mut self.label {
            fields.push(form.fields.len());
        }
        form.fields.push(Field {
            name: element.owned("name"),
            id: element.owned("id"),
            value: element.owned("value"),
            is_checked: element.get("checked").is_some(),
            label: element.owned("aria-label"),
            options: Vec::new(),
            kind,
        });
    }

    fn option(&mut self, element: &Element) {
        let fields = self.document.forms.last_mut().map(|form| &mut form.fields);
        let Some(field) = fields
            .and_then(|fields| fields.last_mut())
            .filter(|_| self.is_in_select)
        else {
            return;
        };
        let value = element.owned("value");
        if element.get("selected").is_some() || field.options.is_empty() {
            field.value.clone_from(&value);
        }
        field.options.push(value);
    }

    fn close(&mut self, name: &str) {
        match name {
            "form" => self.is_in_form = false,
            "select" => self.is_in_select = false,
            "a" => self.document.links.extend(self.link.take()),
            "label" => self.end_label(),
            "button" => self.end_button(),
            _ => {}
        }
    }

    /// A button belongs to the form around it, or to the one that its `form` attribute names.
    fn end_button(&mut self) {
        let (button, owner) = (self.button.take(), std::mem::take(&mut self.button_form));
        let is_in_form = self.is_in_form;
        let mut forms = self.document.forms.iter_mut();
        let form = if owner.is_empty() {
            forms.next_back().filter(|_| is_in_form)
        } else {
            forms.find(|form| form.id == owner)
        };
        if let Some(form) = form {
            form.buttons.extend(button);
        }
    }

    fn end_label(&mut self) {
        let Some((id, text, inside)) = self.label.take() else {
            return;
        };
        if let Some(form) = self.document.forms.last_mut() {
            for index in inside {
                if let Some(field) = form.fields.get_mut(index) {
                    field.label.clone_from(&text);
                }
            }
        }
        self.labels.push((id, text));
    }

    fn text(&mut self, text: &str) {
        let trimmed = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if trimmed.is_empty() {
            return;
        }
        let targets = [
            self.label.as_mut().map(|label| &mut label.1),
            self.link.as_mut().map(|link| &mut link.1),
            self.button.as_mut().map(|button| &mut button.text),
        ];
        for target in targets.into_iter().flatten() {
            if !target.is_empty() {
                target.push(' ');
            }
            target.push_str(&trimmed);
        }
        self.words.push(trimmed);
    }

    fn finish(mut self) -> Document {
        for form in &mut self.document.forms {
            for field in &mut form.fields {
                let label = self
                    .labels
                    .iter()
                    .find(|(id, _)| !id.is_empty() && *id == field.id);
                if let Some((_, text)) = label {
                    field.label.clone_from(text);
                }
            }
        }
        self.document.text = self.words.join(" ");
        self.document
    }
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn reads_a_sign_in_page() {
        let page = r#"<!doctype html><title>A</title><script>if (1 < 2) "<form>"</script>
            <p>Say &lt;hello&gt;<form method=POST action="/sign-in?a=1&amp;b=2">
            <input type=hidden name=csrf value="x&#x27;y"><label for=u>Your name</label>
            <input id=u name=username><label>Word <input type=password name=password></label>
            <select name=language><option value=en>E<option value=es selected>S</select>
            <button name=go value=1>Sign <b>in</b></button></form><a href="/help">Help</a>"#;
        let document = read(page);
        assert_eq!(document.forms.len(), 1);
        let form = &document.forms[0];
        assert!(form.is_post);
        assert_eq!(form.action, "/sign-in?a=1&b=2");
        let fields: Vec<_> = form
            .fields
            .iter()
            .map(|field| {
                (
                    field.name.as_str(),
                    field.value.as_str(),
                    field.label.as_str(),
                )
            })
            .collect();
        assert_eq!(
            fields,
            [
                ("csrf", "x'y", ""),
                ("username", "", "Your name"),
                ("password", "", "Word"),
                ("language", "es", ""),
            ]
        );
        assert_eq!(form.buttons[0].text, "Sign in");
        assert_eq!(document.links, [("/help".to_owned(), "Help".to_owned())]);
        assert!(document.text.contains("Say <hello>"));
    }
}
