//! What a tile stands for: an application by OpenID Connect, or a link.

use serde::{Deserialize, Deserializer, Serialize};

use crate::clock::Timestamp;
use crate::ids::{ClientId, ResourceId};

/// A resource of the district.
#[derive(Clone, Debug, PartialEq)]
pub struct Resource {
    /// Its id; stands in addresses.
    pub id: ResourceId,
    /// The client behind it; none for a plain link.
    pub client_id: Option<ClientId>,
    /// What people call it.
    pub name: Words,
    /// What it is for, in a sentence.
    pub description: Words,
    /// The group that its tile stands in.
    pub category: Category,
    /// Name of its icon.
    pub icon: String,
    /// Where a click goes when the client has no `initiate_login_uri`, or there is no client.
    pub start_url: Option<String>,
    /// Its place among the tiles of its group; lower comes first.
    pub position: i64,
    /// Whether it has a tile.
    pub status: ResourceStatus,
    /// The data agreement with the vendor.
    pub agreement: Option<Agreement>,
    /// Rises with every change.
    pub version: i64,
    /// When it last changed.
    pub updated_at: Timestamp,
}

/// Whether a resource has a tile and may be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ResourceStatus {
    /// It has a tile for those it is assigned to.
    #[default]
    Published,
    /// It has no tile; those it is assigned to may still sign in there.
    Hidden,
    /// It has no tile, and nobody may sign in there.
    Paused,
}

impl ResourceStatus {
    /// As stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Hidden => "hidden",
            Self::Paused => "paused",
        }
    }

    /// From the stored text.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "published" => Some(Self::Published),
            "hidden" => Some(Self::Hidden),
            "paused" => Some(Self::Paused),
            _ => None,
        }
    }
}

/// A text in the portal's languages. English is always there; a language that is missing reads in English.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Words {
    /// English.
    pub en: String,
    /// Spanish.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub es: Option<String>,
    /// Vietnamese.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vi: Option<String>,
}

impl Words {
    /// The same text for every language.
    pub fn english(text: impl Into<String>) -> Self {
        Self {
            en: text.into(),
            ..Self::default()
        }
    }

    /// The text in the language of `tag`, as `es`.
    pub fn of(&self, tag: &str) -> &str {
        let own = match tag {
            "es" => self.es.as_deref(),
            "vi" => self.vi.as_deref(),
            _ => None,
        };
        own.unwrap_or(&self.en)
    }

    /// Every text there is.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.en.as_str())
            .chain(self.es.as_deref())
            .chain(self.vi.as_deref())
    }
}

impl<'de> Deserialize<'de> for Words {
    /// From one text, or from a table of texts by language with `en` in it.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Table {
            en: String,
            es: Option<String>,
            vi: Option<String>,
        }
        #[derive(Deserialize)]
        #[serde(
            untagged,
            expecting = "write a text, or texts by language as { en = \"…\", es = \"…\", vi = \"…\" }; en must be there"
        )]
        enum Either {
            Text(String),
            Table(Table),
        }
        Ok(match Either::deserialize(deserializer)? {
            Either::Text(text) => Self::english(text),
            Either::Table(Table { en, es, vi }) => Self { en, es, vi },
        })
    }
}

/// The data agreement between district and vendor: why the vendor may see what it sees.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agreement {
    /// What the data is used for, for people to read.
    pub purpose: Words,
    /// The ground in law, as `FERPA school official`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legal_basis: Option<String>,
    /// Whom the district asks at the vendor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// Day of signature, as `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_on: Option<String>,
    /// Last day, as `YYYY-MM-DD`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_on: Option<String>,
}

macro_rules! categories {
    ($($(#[$doc:meta])* $variant:ident = $slug:literal, $icon:literal;)+) => {
        /// A group of tiles. Its name in every language has the key `category-` and the slug.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Category { $($(#[$doc])* $variant,)+ }

        impl Category {
            /// All of them, in the order of the launchpad.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// As stored and as written in files.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $slug,)+ }
            }

            /// From the stored text.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($slug => Some(Self::$variant),)+ _ => None }
            }

            /// The icon beside the group's name, which its tiles have too unless they name another.
            pub const fn icon(self) -> &'static str {
                match self { $(Self::$variant => $icon,)+ }
            }

            /// The key of the group's name.
            pub const fn key(self) -> &'static str {
                match self { $(Self::$variant => concat!("category-", $slug),)+ }
            }
        }
    };
}

categories!(
    /// Assignments, classes, learning management.
    Classroom = "classroom", "school";
    /// Grades, attendance, schedules.
    Grades = "grades", "grade";
    /// Reading and writing.
    Reading = "reading", "book";
    /// Mathematics.
    Math = "math", "calculator";
    /// Science.
    Science = "science", "atom";
    /// History, geography, civics.
    SocialStudies = "social-studies", "map";
    /// English learners and world languages.
    Languages = "languages", "letters";
    /// Art and music.
    Arts = "arts", "art";
    /// Computing and making.
    Computing = "computing", "code";
    /// Library and research.
    Library = "library", "search";
    /// Tests and practice for them.
    Assessment = "assessment", "clipboard";
    /// College and career.
    Career = "career", "rocket";
    /// Health, sport, well-being.
    Health = "health", "heart";
    /// Mail, documents, calendars, meetings.
    Tools = "tools", "laptop";
    /// Lunch, buses, calendars: the day at school.
    SchoolDay = "school-day", "bus";
    /// For those who work in the district.
    Staff = "staff", "person";
);

/// The icons that a tile may have.
#[rustfmt::skip]
pub const ICONS: &[&str] = &[
    "art", "atom", "book", "bus", "calculator", "calendar", "chart", "chat", "clipboard",
    "cloud", "code", "folder", "game", "globe", "grade", "heart", "laptop", "leaf", "letters",
    "lunch", "mail", "map", "microscope", "music", "notebook", "pencil", "person", "play",
    "puzzle", "rocket", "school", "search", "tools", "trophy", "video",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_as_one_text_or_by_language() {
        let one: Words = serde_json::from_str("\"Grade Book\"").unwrap();
        assert_eq!((one.of("es"), one.of("en")), ("Grade Book", "Grade Book"));
        let several: Words =
            serde_json::from_str(r#"{"en":"Grades","es":"Calificaciones"}"#).unwrap();
        assert_eq!(several.of("es"), "Calificaciones");
        assert_eq!(several.of("vi"), "Grades");
        for bad in [r#"{"es":"x"}"#, r#"{"en":"x","fr":"y"}"#, "3"] {
            let error = serde_json::from_str::<Words>(bad).unwrap_err();
            assert!(error.to_string().contains("by language"), "{bad}: {error}");
        }
        let stored = serde_json::to_string(&several).unwrap();
        assert_eq!(serde_json::from_str::<Words>(&stored).unwrap(), several);
    }

    #[test]
    fn categories_are_read_back() {
        for category in Category::ALL {
            assert_eq!(Category::parse(category.as_str()), Some(*category));
            assert_eq!(category.key(), format!("category-{}", category.as_str()));
        }
        assert_eq!(Category::parse("misc"), None);
        assert!(
            Category::ALL
                .iter()
                .all(|category| ICONS.contains(&category.icon()))
        );
    }
}
