//! How a person arranges the launchpad, and how tiles are found: favorites, own order, search by folded text.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::ids::ResourceId;

/// Most resources that a person's lists keep.
const MOST: usize = 300;

/// What a person arranged.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Arrangement {
    /// Favorites, in the person's order.
    pub favorites: Vec<ResourceId>,
    /// The order of everything else, as far as the person moved it.
    pub order: Vec<ResourceId>,
}

/// What a person does to a tile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Makes it a favorite, the last one.
    Star,
    /// Makes it a favorite no longer.
    Unstar,
    /// Moves it one place towards the beginning of its list.
    Earlier,
    /// Moves it one place towards the end of its list.
    Later,
}

/// Which list a tile is moved in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// The favorites.
    Favorites,
    /// The group of its category.
    Category,
}

impl Act {
    /// From the value of a button.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "star" => Some(Self::Star),
            "unstar" => Some(Self::Unstar),
            "earlier" => Some(Self::Earlier),
            "later" => Some(Self::Later),
            _ => None,
        }
    }
}

impl List {
    /// From the value of a field.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "favorites" => Some(Self::Favorites),
            "category" => Some(Self::Category),
            _ => None,
        }
    }
}

impl Arrangement {
    /// Whether `id` is a favorite.
    pub fn is_favorite(&self, id: &ResourceId) -> bool {
        self.favorites.contains(id)
    }

    /// Does `act` to `id`, which stands among `shown`, its list as the person sees it. Doing a thing twice, or moving the
    /// first one earlier, changes nothing.
    pub fn apply(&mut self, act: Act, id: &ResourceId, (list, shown): (List, &[ResourceId])) {
        match act {
            Act::Star if !self.is_favorite(id) => self.favorites.push(id.clone()),
            Act::Star => {}
            Act::Unstar => self.favorites.retain(|favorite| favorite != id),
            Act::Earlier | Act::Later => {
                let Some(moved) = swapped(shown, id, act) else {
                    return;
                };
                let kept = match list {
                    List::Favorites => &mut self.favorites,
                    List::Category => &mut self.order,
                };
                // What is not shown today may come back tomorrow and keeps its place at the end.
                kept.retain(|other| !moved.contains(other));
                kept.splice(0..0, moved);
            }
        }
        self.favorites.truncate(MOST);
        self.order.truncate(MOST);
    }

    /// Where `id` stands in the person's own order; what was never moved comes after what was.
    pub fn place(&self, id: &ResourceId) -> usize {
        self.order
            .iter()
            .position(|other| other == id)
            .unwrap_or(self.order.len())
    }
}

fn swapped(shown: &[ResourceId], id: &ResourceId, act: Act) -> Option<Vec<ResourceId>> {
    let at = shown.iter().position(|other| other == id)?;
    let to = match act {
        Act::Earlier => at.checked_sub(1)?,
        _ => at.checked_add(1).filter(|to| *to < shown.len())?,
    };
    let mut moved = shown.to_vec();
    moved.swap(at, to);
    Some(moved)
}

/// Text as it is searched: without marks, `đ` as `d`, in lower case.
pub fn fold(text: &str) -> String {
    text.nfd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'đ' { 'd' } else { c })
        .collect()
}

/// Whether each word of `query` stands somewhere in `folded`. An empty query finds everything.
pub fn finds(query: &str, folded: &str) -> bool {
    fold(query)
        .split_whitespace()
        .all(|word| folded.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(text: &str) -> Vec<ResourceId> {
        text.split_whitespace().map(ResourceId::new).collect()
    }

    #[test]
    fn favorites_come_and_go() {
        let mut own = Arrangement::default();
        let shown = ids("a b c");
        let [a, b, _] = shown.as_slice() else {
            panic!()
        };
        own.apply(Act::Star, b, (List::Category, &shown));
        own.apply(Act::Star, a, (List::Category, &shown));
        own.apply(Act::Star, b, (List::Category, &shown));
        assert_eq!(own.favorites, ids("b a"));
        own.apply(Act::Earlier, a, (List::Favorites, &ids("b a")));
        assert_eq!(own.favorites, ids("a b"));
        own.apply(Act::Unstar, b, (List::Favorites, &ids("a b")));
        assert_eq!(own.favorites, ids("a"));
        assert!(own.order.is_empty());
    }

    #[test]
    fn moving_swaps_with_the_neighbor_that_is_seen() {
        let case = |act: Act, id: &str, before: &str, shown: &str| {
            let mut own = Arrangement {
                order: ids(before),
                ..Arrangement::default()
            };
            own.apply(act, &ResourceId::new(id), (List::Category, &ids(shown)));
            own.order
                .iter()
                .map(ResourceId::as_str)
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(case(Act::Later, "a", "", "a b c"), "b a c");
        assert_eq!(case(Act::Earlier, "c", "", "a b c"), "a c b");
        assert_eq!(case(Act::Earlier, "a", "", "a b c"), "");
        assert_eq!(case(Act::Later, "c", "", "a b c"), "");
        assert_eq!(case(Act::Later, "x", "a b", "a b"), "a b");
        // What is hidden, and other groups, keep their order.
        assert_eq!(case(Act::Later, "a", "m n a z b", "a b"), "b a m n z");
    }

    #[test]
    fn what_was_never_moved_comes_last() {
        let own = Arrangement {
            order: ids("b a"),
            ..Arrangement::default()
        };
        let mut all = ids("a b c d");
        all.sort_by_key(|id| own.place(id));
        assert_eq!(all, ids("b a c d"));
    }

    #[test]
    fn search_ignores_marks_and_case() {
        for (query, text, found) in [
            ("", "Thư viện", true),
            ("thu vien", "Thư viện", true),
            ("VIỆN", "Thư viện", true),
            ("doc", "Đọc sách", true),
            ("đọc", "doc", true),
            ("mate", "Matemáticas", true),
            ("book grade", "Grade Book", true),
            ("zebra", "Grade Book", false),
            ("grade zebra", "Grade Book", false),
        ] {
            assert_eq!(finds(query, &fold(text)), found, "{query} in {text}");
        }
    }
}
