//! The launchpad: greeting, search, favorites, categories of tiles.

mod acts;
mod tiles;

use std::borrow::Cow;

use askama::Template;

pub use self::acts::{arrange, home, open};
use crate::texts::Language;
use crate::web::frame::{Frame, SignedIn};

/// `/` for whoever is signed in.
#[derive(Debug, Template)]
#[template(path = "pages/launchpad.html")]
pub struct LaunchpadPage {
    /// The frame.
    pub frame: Frame,
    /// "Good morning, Ana".
    pub greeting: Cow<'static, str>,
    /// What was searched for; empty: everything is shown.
    pub query: String,
    /// What has just been done.
    pub note: Option<Cow<'static, str>>,
    /// The groups that have tiles, in order.
    pub groups: Vec<GroupView>,
    /// Apps that this person has.
    pub total: usize,
    /// Apps that the search found.
    pub found: usize,
}

/// A group of tiles with its heading.
#[derive(Clone, Debug)]
pub struct GroupView {
    /// What kind.
    pub kind: GroupKind,
    /// The heading.
    pub title: Cow<'static, str>,
    /// The heading's icon; may be empty.
    pub icon: &'static str,
    /// The tiles, in order.
    pub tiles: Vec<TileView>,
}

/// What a group is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupKind {
    /// The person's favorites, in their own order.
    Favorites,
    /// What was opened last.
    Recent,
    /// A category, in the person's order, else the district's.
    Category,
    /// What a search found.
    Found,
}

impl GroupKind {
    /// As in classes and form fields.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Favorites => "favorites",
            Self::Recent => "recent",
            Self::Category => "category",
            Self::Found => "found",
        }
    }

    /// Whether its tiles can be moved.
    pub const fn can_be_ordered(self) -> bool {
        matches!(self, Self::Favorites | Self::Category)
    }
}

/// A tile.
#[derive(Clone, Debug)]
pub struct TileView {
    /// The resource.
    pub id: String,
    /// Unique on the page.
    pub anchor: String,
    /// The app's name.
    pub name: String,
    /// One line.
    pub description: String,
    /// Name of one of our icons.
    pub icon: String,
    /// Tint of the square, 1 to 8.
    pub tint: u32,
    /// Opens it.
    pub href: String,
    /// What this app sees about the person.
    pub data_href: String,
    /// Name and description, folded, for the script that searches while one types.
    pub searchable: String,
    /// Whether it is a favorite.
    pub favorite: bool,
    /// Where it stands in its group.
    pub place: Place,
    /// Whether its menu stands open, as after moving it.
    pub menu_open: bool,
}

/// Where a tile stands in its group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Counted from 0.
    pub at: usize,
    /// How many there are.
    pub of: usize,
}

impl Place {
    /// Whether nothing stands before it.
    pub const fn is_first(self) -> bool {
        self.at == 0
    }

    /// Whether nothing stands after it.
    pub const fn is_last(self) -> bool {
        self.at + 1 >= self.of
    }
}

impl LaunchpadPage {
    /// Full, searched and empty.
    pub fn samples(language: Language) -> Vec<(&'static str, Self)> {
        let frame = || Frame::sample(language, Some(SignedIn::sample()));
        let page = |query: &str, groups: Vec<GroupView>, total, found| Self {
            frame: frame(),
            greeting: language.ta("launchpad-morning", &[("name", &"Ana")]),
            query: query.to_owned(),
            note: None,
            groups,
            total,
            found,
        };
        let found = GroupView {
            kind: GroupKind::Found,
            title: language.t("launchpad-results"),
            icon: "search",
            tiles: sample_tiles("found", &[0, 6]),
        };
        let full = || page("", sample_groups(language), 12, 12);
        let starred = Self {
            note: Some(language.ta("tile-starred", &[("app", &"Number Garden")])),
            ..full()
        };
        vec![
            ("launchpad", full()),
            ("launchpad-starred", starred),
            ("launchpad-search", page("re", vec![found], 12, 2)),
            ("launchpad-search-none", page("zebra", Vec::new(), 12, 0)),
            ("launchpad-empty", page("", Vec::new(), 0, 0)),
        ]
    }
}

type SampleApp = (&'static str, &'static str, &'static str, u32);

const SAMPLE_APPS: [SampleApp; 12] = [
    (
        "Reading Library",
        "Books for every grade, also read aloud",
        "book",
        1,
    ),
    ("Grade Book", "Your grades and what is due", "grade", 2),
    ("Number Garden", "Math that grows with you", "calculator", 3),
    (
        "Lab Bench",
        "Safe experiments on the screen",
        "microscope",
        4,
    ),
    ("Story Maker", "Write, draw and share stories", "pencil", 5),
    ("World Atlas", "Maps, countries and capitals", "map", 6),
    ("Research Desk", "Trusted articles and sources", "search", 7),
    ("Code Corner", "First steps in coding", "code", 8),
    ("Music Room", "Learn rhythm and notes", "music", 1),
    ("Lunch Menu", "What is for lunch this week", "lunch", 3),
    ("Class Chat", "Messages from your teachers", "chat", 6),
    ("Calm Minute", "Take a breath between lessons", "heart", 5),
];

fn sample_tiles(group: &str, apps: &[usize]) -> Vec<TileView> {
    apps.iter()
        .enumerate()
        .filter_map(|(at, app)| {
            let (name, description, icon, tint) = SAMPLE_APPS.get(*app)?;
            Some(TileView {
                id: format!("app-{app}"),
                anchor: format!("{group}-app-{app}"),
                name: (*name).to_owned(),
                description: (*description).to_owned(),
                icon: (*icon).to_owned(),
                tint: *tint,
                href: format!("/launch/app-{app}"),
                data_href: format!("/apps/app-{app}/data"),
                searchable: format!("{name} {description}").to_lowercase(),
                favorite: *app < 3,
                place: Place { at, of: apps.len() },
                menu_open: false,
            })
        })
        .collect()
}

fn sample_groups(language: Language) -> Vec<GroupView> {
    let group = |kind, key: &str, icon, name: &str, apps: &[usize]| GroupView {
        kind,
        title: language.t(key),
        icon,
        tiles: sample_tiles(name, apps),
    };
    vec![
        group(
            GroupKind::Favorites,
            "launchpad-favorites",
            "star",
            "favorites",
            &[0, 1, 2],
        ),
        group(
            GroupKind::Recent,
            "launchpad-recent",
            "clock",
            "recent",
            &[3, 8],
        ),
        group(
            GroupKind::Category,
            "category-reading",
            "",
            "reading",
            &[0, 4, 6],
        ),
        group(GroupKind::Category, "category-math", "", "math", &[2, 7]),
        group(
            GroupKind::Category,
            "category-science",
            "",
            "science",
            &[3, 5],
        ),
        group(
            GroupKind::Category,
            "category-classroom",
            "",
            "classroom",
            &[1, 8, 9, 10, 11],
        ),
    ]
}
