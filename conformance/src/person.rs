//! The person at the browser: follows redirects, keeps cookies, fills in forms by the words in the configuration, and
//! stops where the browser would leave the provider.

use http::Method;
use url::{Url, form_urlencoded};

use crate::config::Who;
use crate::filling::is_called;
use crate::html::{self, Document};
use crate::jar::{Initiator, Jar};
use crate::stop::{Check, fail};
use crate::wire::{Answer, Call, Wire};

/// Most steps from the first request to the end: redirects and pages together.
const MOST_STEPS: usize = 30;

/// What the person does with pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mood {
    /// Signs in and goes on.
    Willing,
    /// Does nothing: the first page is the end.
    Watching,
    /// Refuses where a page can be refused, signing in before that if it must be.
    Refusing,
}

/// Where a visit ended.
#[derive(Clone, Debug)]
pub enum Landing {
    /// At another origin.
    Arrived(Box<Arrival>),
    /// On a page of the provider's.
    Shown(Box<Page>),
}

/// How the answer came to the other origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carried {
    /// In the query.
    Query,
    /// In the fragment.
    Fragment,
    /// In a form that posts itself.
    FormPost,
}

/// The end of a visit at another origin.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// Where the browser went.
    pub url: Url,
    /// The parameters that came, in order.
    pub params: Vec<(String, String)>,
    /// How they came.
    pub carried: Carried,
    /// How often a password was typed on the way.
    pub passwords: usize,
    /// How many pages asked for something on the way.
    pub pages: usize,
    /// The answer that sent the browser on.
    pub last: Answer,
}

impl Arrival {
    /// A parameter.
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.params.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

/// A page of the provider's.
#[derive(Clone, Debug)]
pub struct Page {
    /// The answer.
    pub answer: Answer,
    /// What is on it.
    pub document: Document,
}

/// A person with a browser of their own.
#[derive(Clone)]
pub struct Person {
    wire: Wire,
    /// The provider's origins.
    homes: Vec<Url>,
    /// What the person knows.
    pub who: Who,
    /// The browser's cookies.
    pub jar: Jar,
    /// How often the same form is filled in before giving up.
    pub most_tries: usize,
    /// How long the last POST took, in milliseconds.
    pub took_last_post: f64,
}

struct Visit {
    mood: Mood,
    passwords: usize,
    pages: usize,
    last_filled: Option<(String, usize)>,
}

impl Person {
    /// A person who has not been there yet.
    pub fn new(wire: Wire, homes: Vec<Url>, who: Who) -> Self {
        Self {
            wire,
            homes,
            who,
            jar: Jar::default(),
            most_tries: 2,
            took_last_post: 0.0,
        }
    }

    /// Goes to an address, as by a link on the client's site, and on from there.
    pub async fn visit(&mut self, call: Call, mood: Mood) -> Check<Landing> {
        self.walk(call, mood, Initiator::CrossSite).await
    }

    /// Goes to an address as typed into the browser.
    pub async fn open(&mut self, url: &Url, mood: Mood) -> Check<Landing> {
        self.walk(Call::get(url), mood, Initiator::SameOrigin).await
    }

    async fn walk(&mut self, first: Call, mood: Mood, initiator: Initiator) -> Check<Landing> {
        let mut visit = Visit {
            mood,
            passwords: 0,
            pages: 0,
            last_filled: None,
        };
        let (mut call, mut initiator) = (first, initiator);
        for _ in 0..MOST_STEPS {
            let fragmentless = call.clone();
            let answer = self.load(fragmentless, initiator).await?;
            if answer.is_redirect() {
                let target = answer.location()?;
                if !self.is_home(&target) {
                    return Ok(Landing::Arrived(Box::new(arrive(target, &visit, answer))));
                }
                let keeps = matches!(answer.status, 307 | 308);
                call = if keeps {
                    Call {
                        url: target,
                        ..call
                    }
                } else {
                    Call::get(&target)
                };
                continue;
            }
            let document = html::read(&answer.text());
            let page = Page { answer, document };
            if let Some(arrival) = self.leaving_form(&page, &visit)? {
                return Ok(Landing::Arrived(Box::new(arrival)));
            }
            self.load_frames(&page).await?;
            if let Some(target) = page
                .document
                .refresh
                .as_ref()
                .filter(|_| mood != Mood::Watching)
            {
                let target = page.answer.url.join(target)?;
                if !self.is_home(&target) {
                    return Ok(Landing::Arrived(Box::new(arrive(
                        target,
                        &visit,
                        page.answer,
                    ))));
                }
                call = Call::get(&target);
                continue;
            }
            match self.next_call(&page, &mut visit)? {
                Some(next) => (call, initiator) = (next, Initiator::SameOrigin),
                None => return Ok(Landing::Shown(Box::new(page))),
            }
        }
        fail!("the browser went round in circles: {MOST_STEPS} steps without an end")
    }

    /// Loads a page's frames from other origins, as front-channel logout has them.
    async fn load_frames(&self, page: &Page) -> Check {
        for frame in &page.document.frames {
            let target = page.answer.url.join(frame)?;
            if !self.is_home(&target) && target.scheme().starts_with("http") {
                // Whether the other side answers is not the provider's doing.
                let _answer = self.wire.send(Call::get(&target)).await;
            }
        }
        Ok(())
    }

    /// Sends one request as this browser: cookies and fetch metadata.
    pub async fn load(&mut self, call: Call, initiator: Initiator) -> Check<Answer> {
        let is_get = call.method == Method::GET;
        let site = if initiator == Initiator::SameOrigin {
            "same-origin"
        } else {
            "cross-site"
        };
        let has = |name: &str| call.headers.iter().any(|(known, _)| known == name);
        let mut headers = vec![
            (
                "accept".to_owned(),
                "text/html,application/xhtml+xml,*/*;q=0.8".to_owned(),
            ),
            ("accept-language".to_owned(), "en-US,en;q=0.9".to_owned()),
        ];
        if !has("sec-fetch-site") {
            headers.extend([
                ("sec-fetch-site".to_owned(), site.to_owned()),
                ("sec-fetch-mode".to_owned(), "navigate".to_owned()),
                ("sec-fetch-dest".to_owned(), "document".to_owned()),
            ]);
        }
        if !is_get && !has("origin") {
            let own = call.url.origin().ascii_serialization();
            let foreign = "https://conformance.example".to_owned();
            let origin = if initiator == Initiator::SameOrigin {
                own
            } else {
                foreign
            };
            headers.push(("origin".to_owned(), origin));
        }
        if let Some(cookies) = self.jar.header(&call.url, is_get, initiator) {
            headers.push(("cookie".to_owned(), cookies));
        }
        headers.extend(call.headers);
        let answer = self.wire.send(Call { headers, ..call }).await?;
        self.jar.keep(&answer.url, &answer.headers);
        if !is_get {
            self.took_last_post = answer.took;
        }
        Ok(answer)
    }

    /// Whether an address is the provider's.
    pub fn is_home(&self, url: &Url) -> bool {
        self.homes.iter().any(|home| home.origin() == url.origin())
    }

    /// A form that goes to another origin by itself: the `form_post` response mode.
    fn leaving_form(&self, page: &Page, visit: &Visit) -> Check<Option<Arrival>> {
        for form in &page.document.forms {
            let action = page.answer.url.join(&form.action)?;
            if self.is_home(&action) || !form.is_post {
                continue;
            }
            let fields = form.fields.iter().filter(|field| !field.name.is_empty());
            return Ok(Some(Arrival {
                url: action,
                params: fields
                    .map(|field| (field.name.clone(), field.value.clone()))
                    .collect(),
                carried: Carried::FormPost,
                passwords: visit.passwords,
                pages: visit.pages,
                last: page.answer.clone(),
            }));
        }
        Ok(None)
    }

    fn next_call(&self, page: &Page, visit: &mut Visit) -> Check<Option<Call>> {
        if visit.mood == Mood::Watching || page.answer.status >= 400 {
            return Ok(None);
        }
        if visit.mood == Mood::Refusing
            && let Some(call) = self.refusal(page)?
        {
            return Ok(Some(call));
        }
        let Some(form) = self.best_form(page) else {
            return Ok(None);
        };
        let names: Vec<&str> = form
            .fields
            .iter()
            .map(|field| field.name.as_str())
            .collect();
        let shape = format!(
            "{} {names:?}",
            form.action.split('?').next().unwrap_or_default()
        );
        let times = match &visit.last_filled {
            Some((last, times)) if *last == shape => times + 1,
            _ => 1,
        };
        if times > self.most_tries {
            return Ok(None);
        }
        visit.last_filled = Some((shape, times));
        visit.pages += 1;
        let key = self.who.password_key();
        if form.fields.iter().any(|field| is_called(field, key)) {
            visit.passwords += 1;
        }
        Ok(Some(self.submit(page, form, None)?))
    }
}

fn arrive(target: Url, visit: &Visit, last: Answer) -> Arrival {
    let in_fragment = target
        .fragment()
        .is_some_and(|fragment| fragment.contains('='));
    let carried = if in_fragment {
        Carried::Fragment
    } else {
        Carried::Query
    };
    let source = if in_fragment {
        target.fragment()
    } else {
        target.query()
    };
    let params = form_urlencoded::parse(source.unwrap_or_default().as_bytes());
    Arrival {
        params: params.into_owned().collect(),
        carried,
        passwords: visit.passwords,
        pages: visit.pages,
        last,
        url: target,
    }
}
