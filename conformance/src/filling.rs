//! How a person fills in a form: which form, which words, which button.

use crate::html::{self, Form};
use crate::person::{Page, Person};
use crate::stop::Check;
use crate::wire::Call;

impl Person {
    /// The form with most fields that the person knows what to type into; else one with a button worth pressing.
    pub fn best_form<'a>(&self, page: &'a Page) -> Option<&'a Form> {
        let known = |form: &Form| {
            let visible = form.fields.iter().filter(|field| field.kind != "hidden");
            visible.filter(|field| self.typed(field).is_some()).count()
        };
        let forms = &page.document.forms;
        let best = forms
            .iter()
            .max_by_key(|form| known(form))
            .filter(|form| known(form) > 0);
        best.or_else(|| {
            let wanted = |words: &String| {
                forms
                    .iter()
                    .find(|form| form.buttons.iter().any(|button| says(&button.text, words)))
            };
            self.who.press.iter().find_map(wanted)
        })
    }

    /// The call of the button or link that refuses, if the page has one.
    pub fn refusal(&self, page: &Page) -> Check<Option<Call>> {
        for words in &self.who.refuse {
            for form in &page.document.forms {
                let button = form
                    .buttons
                    .iter()
                    .position(|button| says(&button.text, words));
                if button.is_some() {
                    return Ok(Some(self.submit(page, form, button)?));
                }
            }
            let link = page
                .document
                .links
                .iter()
                .find(|(_, text)| says(text, words));
            if let Some((target, _)) = link {
                return Ok(Some(Call::get(&page.answer.url.join(target)?)));
            }
        }
        Ok(None)
    }

    fn typed(&self, field: &html::Field) -> Option<&str> {
        let found = self
            .who
            .fields
            .iter()
            .find(|(key, _)| is_called(field, key));
        found.map(|(_, value)| value.as_str())
    }

    /// The request that sends a form off, with the person's words in it, by a button or the first one.
    pub fn submit(&self, page: &Page, form: &Form, button: Option<usize>) -> Check<Call> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for field in &form.fields {
            let toggles = matches!(field.kind.as_str(), "checkbox" | "radio");
            if field.name.is_empty()
                || (toggles && !field.is_checked && self.typed(field).is_none())
            {
                continue;
            }
            let hidden = field.kind == "hidden" || toggles;
            let typed = self.typed(field).filter(|_| !hidden);
            pairs.push((field.name.clone(), typed.unwrap_or(&field.value).to_owned()));
        }
        let preferred = || {
            let wanted = |words: &String| form.buttons.iter().find(|one| says(&one.text, words));
            self.who
                .press
                .iter()
                .find_map(wanted)
                .or_else(|| form.buttons.first())
        };
        let pressed = button.map_or_else(preferred, |at| form.buttons.get(at));
        if let Some(button) = pressed.filter(|button| !button.name.is_empty()) {
            pairs.push((button.name.clone(), button.value.clone()));
        }
        let mut action = page.answer.url.join(&form.action)?;
        action.set_fragment(None);
        if form.is_post {
            return Ok(Call::form(&action, &pairs));
        }
        action.query_pairs_mut().clear().extend_pairs(&pairs);
        Ok(Call::get(&action))
    }
}

/// Whether a field goes by this name, id or label.
pub fn is_called(field: &html::Field, key: &str) -> bool {
    [&field.name, &field.id, &field.label]
        .iter()
        .any(|text| text.eq_ignore_ascii_case(key))
}

fn says(text: &str, words: &str) -> bool {
    text.to_lowercase().contains(&words.to_lowercase())
}
