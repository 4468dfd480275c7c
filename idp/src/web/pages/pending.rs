//! A page on the way to an app: it carries the pending authorization along, names the app, speaks the language that the app
//! asks for, and lets its form end at the app's address.

use super::landing::{flow_in, flow_of, with_flow};
use crate::flows::{Context, authorize};
use crate::protocol::form::Params;
use crate::texts::Language;
use crate::web::browser::Browser;
use crate::web::error::Failed;
use crate::web::page::PageOptions;

/// What a page knows of the app that waits.
#[derive(Clone, Debug, Default)]
pub struct OnTheWay {
    /// The handle of the pending authorization.
    pub flow: Option<String>,
    /// The app's name.
    pub app: Option<String>,
    /// Where a form may end up: Chromium and Safari apply `form-action` to the redirects that follow a form.
    pub options: PageOptions,
}

impl OnTheWay {
    /// Of a page, by its query.
    pub async fn of_query(
        cx: &Context,
        browser: &mut Browser,
        query: Option<&str>,
    ) -> Result<Self, Failed> {
        Self::read(cx, browser, flow_in(query)).await
    }

    /// Of a form, by its field.
    pub async fn of_form(
        cx: &Context,
        browser: &mut Browser,
        params: &Params,
    ) -> Result<Self, Failed> {
        Self::read(cx, browser, flow_of(params)).await
    }

    async fn read(
        cx: &Context,
        browser: &mut Browser,
        flow: Option<String>,
    ) -> Result<Self, Failed> {
        let Some(flow) = flow else {
            return Ok(Self::default());
        };
        // One that has ended is carried on all the same: its own page says that it has.
        let waiting = authorize::waiting(cx, &browser.pre_session, &flow).await?;
        if let Some(waiting) = &waiting
            && let Some(language) = waiting
                .ui_locales
                .iter()
                .find_map(|tag| Language::from_tag(tag))
        {
            browser.prefer(language);
        }
        Ok(Self {
            flow: Some(flow),
            options: PageOptions {
                form_action: waiting
                    .as_ref()
                    .and_then(|waiting| waiting.form_action.clone()),
                ..PageOptions::default()
            },
            app: waiting.map(|waiting| waiting.app),
        })
    }

    /// `path` with the handle.
    pub fn path(&self, path: &str) -> String {
        with_flow(path, self.flow.as_deref())
    }

    /// Where an act of a page leads: back to the pending authorization, which knows the next step, or to the start.
    pub fn onward(&self) -> String {
        self.flow
            .as_deref()
            .map_or_else(|| "/".to_owned(), authorize::continue_path)
    }
}
