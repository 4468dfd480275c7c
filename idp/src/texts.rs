//! Every word a person reads, by language: the Fluent files of `locales/`, built into the binary and parsed once.
//! A key that a language lacks reads in English; a key that nobody has reads as itself, and a test keeps both from happening.

use std::borrow::Cow;
use std::sync::LazyLock;

use chrono::{Datelike as _, NaiveDate, Timelike as _};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use rust_embed::RustEmbed;
use serde::{Deserialize, Serialize};
use unic_langid::LanguageIdentifier;

/// A language of the portal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Spanish: neutral Latin American, `tú` for students, `usted` for staff.
    Es,
    /// Vietnamese: `em` for students, `quý thầy cô` for staff.
    Vi,
}

impl Language {
    /// All of them, in the order of the switcher.
    pub const ALL: [Self; 3] = [Self::En, Self::Es, Self::Vi];

    /// The language tag (RFC 5646), as in `lang`, in the cookie and in the account.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Es => "es",
            Self::Vi => "vi",
        }
    }

    /// Its name in itself.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::En => "English",
            Self::Es => "Español",
            Self::Vi => "Tiếng Việt",
        }
    }

    /// The language of a tag, by its primary subtag: `es-MX` is Spanish.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next()?.trim();
        Self::ALL
            .into_iter()
            .find(|language| language.tag().eq_ignore_ascii_case(primary))
    }

    /// The best of an `Accept-Language` header (RFC 9110 §12.5.4): the highest weight, the first among equals. Nothing where
    /// none of ours is asked for, or the header is longer than 512 bytes.
    pub fn from_accept_language(header: &str) -> Option<Self> {
        if header.len() > 512 {
            return None;
        }
        let mut best: Option<(Self, f32)> = None;
        for range in header.split(',') {
            let mut parts = range.split(';');
            let Some(language) = parts.next().and_then(Self::from_tag) else {
                continue;
            };
            let weight = parts
                .find_map(|part| part.trim().strip_prefix("q="))
                .map_or(1.0, |weight| weight.trim().parse::<f32>().unwrap_or(0.0));
            if weight > 0.0 && best.is_none_or(|(_, found)| weight > found) {
                best = Some((language, weight));
            }
        }
        best.map(|(language, _)| language)
    }

    /// The first of `ui_locales` that is ours (OIDC Core §3.1.2.1): tags in order of preference, separated by spaces.
    pub fn from_ui_locales(locales: &str) -> Option<Self> {
        locales.split(' ').find_map(Self::from_tag)
    }

    /// The text of `key`, as said to students.
    pub fn t(self, key: &str) -> Cow<'static, str> {
        self.ta(key, &[])
    }

    /// The text of `key` with its variables filled in, as said to students.
    pub fn ta(self, key: &str, args: &[(&str, &dyn Arg)]) -> Cow<'static, str> {
        self.say(Audience::Students, key, args)
    }

    /// The text of `key` with its variables filled in, as said to `audience`: texts know it as `$audience`.
    pub fn say(
        self,
        audience: Audience,
        key: &str,
        args: &[(&str, &dyn Arg)],
    ) -> Cow<'static, str> {
        let mut filled = FluentArgs::with_capacity(args.len() + 1);
        filled.set("audience", audience.as_str());
        for (name, value) in args {
            filled.set((*name).to_owned(), value.fluent());
        }
        self.format(key, &filled)
    }

    /// A day, as people write it: "August 5, 2026".
    pub fn date(self, day: NaiveDate) -> Cow<'static, str> {
        self.ta(
            "date",
            &[
                ("day", &day.day()),
                ("month", &day.month()),
                ("year", &day.year()),
            ],
        )
    }

    /// A time of day, as people write it: "2:05 PM".
    pub fn time(self, at: chrono::NaiveTime) -> Cow<'static, str> {
        let (afternoon, hour12) = at.hour12();
        let half = if afternoon { "pm" } else { "am" };
        let minute = format!("{:02}", at.minute());
        let args: [(&str, &dyn Arg); 4] = [
            ("hour12", &hour12),
            ("hour", &at.hour()),
            ("minute", &minute),
            ("half", &half),
        ];
        self.ta("time", &args)
    }

    fn format(self, key: &str, args: &FluentArgs<'_>) -> Cow<'static, str> {
        for language in [self, Self::En] {
            let bundle = language.bundle();
            let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
                tracing::warn!(key, language = language.tag(), "a text is missing");
                continue;
            };
            let mut errors = Vec::new();
            let text = bundle.format_pattern(pattern, Some(args), &mut errors);
            if !errors.is_empty() {
                tracing::warn!(key, ?errors, "a text lacks a variable");
            }
            return Cow::Owned(text.into_owned());
        }
        Cow::Owned(key.to_owned())
    }

    fn bundle(self) -> &'static FluentBundle<FluentResource> {
        match self {
            Self::En => &BUNDLES.0,
            Self::Es => &BUNDLES.1,
            Self::Vi => &BUNDLES.2,
        }
    }
}

/// Who reads: Spanish and Vietnamese speak to students as to students, and to everybody else with respect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Audience {
    /// Students, and everybody whom we do not know yet.
    #[default]
    Students,
    /// Staff and guardians.
    Staff,
}

impl Audience {
    /// As texts select by it.
    const fn as_str(self) -> &'static str {
        match self {
            Self::Students => "students",
            Self::Staff => "staff",
        }
    }
}

/// A value that a text can carry: words or a whole number.
pub trait Arg {
    /// As Fluent takes it.
    fn fluent(&self) -> FluentValue<'static>;
}

impl Arg for str {
    fn fluent(&self) -> FluentValue<'static> {
        FluentValue::String(Cow::Owned(self.to_owned()))
    }
}

impl Arg for String {
    fn fluent(&self) -> FluentValue<'static> {
        self.as_str().fluent()
    }
}

impl Arg for Cow<'_, str> {
    fn fluent(&self) -> FluentValue<'static> {
        self.as_ref().fluent()
    }
}

impl<T: Arg + ?Sized> Arg for &T {
    fn fluent(&self) -> FluentValue<'static> {
        (**self).fluent()
    }
}

macro_rules! number {
    ($($kind:ty),*) => {
        $(impl Arg for $kind {
            fn fluent(&self) -> FluentValue<'static> {
                FluentValue::from(*self)
            }
        })*
    };
}
number!(u32, u64, usize, i32, i64);

#[derive(RustEmbed)]
#[folder = "locales"]
struct Locales;

type Bundle = FluentBundle<FluentResource>;

static BUNDLES: LazyLock<(Bundle, Bundle, Bundle)> =
    LazyLock::new(|| (read(Language::En), read(Language::Es), read(Language::Vi)));

/// Parses the files of one language. What cannot be parsed is logged and left out; a test reads every file.
fn read(language: Language) -> Bundle {
    let id = LanguageIdentifier::from_bytes(language.tag().as_bytes()).unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    // The marks around variables are for mixed directions; ours all run left to right, and the marks would be copied.
    bundle.set_use_isolating(false);
    for (path, source) in sources(language) {
        let resource = FluentResource::try_new(source).unwrap_or_else(|(parsed, errors)| {
            tracing::error!(path, ?errors, "a locale file has mistakes");
            parsed
        });
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(path, ?errors, "a text is there twice");
        }
    }
    bundle
}

/// Path and text of each Fluent file of a language; for the tests that compare them too.
pub fn sources(language: Language) -> Vec<(String, String)> {
    let folder = format!("{}/", language.tag());
    Locales::iter()
        .filter(|path| path.starts_with(&folder))
        .filter_map(|path| {
            let file = Locales::get(&path)?;
            Some((
                path.into_owned(),
                String::from_utf8_lossy(&file.data).into_owned(),
            ))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_found_by_their_tags() {
        let header = Language::from_accept_language;
        assert_eq!(header("vi-VN,vi;q=0.9,en-US;q=0.8"), Some(Language::Vi));
        assert_eq!(header("fr, es;q=0.5, en;q=0.7"), Some(Language::En));
        assert_eq!(header("en;q=0, es-419;q=0.1"), Some(Language::Es));
        assert_eq!(header("fr-FR, *"), None);
        assert_eq!(header(""), None);
        assert_eq!(header("es;q=x"), None);
        assert_eq!(Language::from_ui_locales("ht es-MX en"), Some(Language::Es));
        assert_eq!(Language::from_ui_locales("ht"), None);
    }

    #[test]
    fn a_text_that_nobody_has_reads_as_its_key() {
        assert_eq!(Language::Vi.t("no-such-key"), "no-such-key");
    }

    #[test]
    fn plurals_and_dates() {
        let day = NaiveDate::from_ymd_opt(2026, 8, 5).unwrap();
        assert_eq!(Language::En.date(day), "August 5, 2026");
        assert_eq!(Language::Es.date(day), "5 de agosto de 2026");
        assert_eq!(Language::Vi.date(day), "ngày 5 tháng 8 năm 2026");
        let at = chrono::NaiveTime::from_hms_opt(14, 5, 0).unwrap();
        assert_eq!(Language::En.time(at), "2:05 PM");
        assert_eq!(Language::Vi.time(at), "14:05");
        assert_eq!(
            Language::En.ta("in-minutes", &[("count", &1_u32)]),
            "in 1 minute"
        );
        assert_eq!(
            Language::Es.ta("in-minutes", &[("count", &4_u32)]),
            "en 4 minutos"
        );
    }
}
