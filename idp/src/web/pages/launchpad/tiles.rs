//! Tiles as the page shows them: groups in order, each tile with its words in the reader's language.

use serde::{Deserialize, Serialize};

use super::{GroupKind, GroupView, Place, TileView};
use crate::district::launchpad::{finds, fold};
use crate::district::resource::Resource;
use crate::flows::launchpad::{Launchpad, Tile};
use crate::ids::ResourceId;
use crate::web::frame::Frame;
use crate::web::icons::Icon;

/// The menu that stands open after a move, so that the next move is one press away.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenMenu {
    /// The list, as in the form.
    pub list: String,
    /// The tile.
    pub resource: ResourceId,
}

/// The id of a tile on the page. An app stands once in its category and perhaps once more above.
pub fn anchor(kind: GroupKind, resource: &Resource) -> String {
    format!("{}-{}", kind.as_str(), resource.id)
}

/// The groups that have tiles: favorites, used lately, categories; or what a search found.
#[expect(clippy::too_many_lines, reason = "the groups in their order")]
pub fn groups(
    frame: &Frame,
    launchpad: &Launchpad,
    query: &str,
    open: Option<&OpenMenu>,
) -> Vec<GroupView> {
    let view = |kind: GroupKind, title: &str, icon, tiles: &[Tile]| GroupView {
        kind,
        title: frame.t(title),
        icon,
        tiles: tiles
            .iter()
            .enumerate()
            .map(|(at, tile)| {
                tile_view(
                    frame,
                    kind,
                    tile,
                    Place {
                        at,
                        of: tiles.len(),
                    },
                )
            })
            .map(|tile| TileView {
                menu_open: open.is_some_and(|open| {
                    open.list == kind.as_str() && open.resource.as_str() == tile.id
                }),
                ..tile
            })
            .collect(),
    };
    let mut groups = Vec::new();
    if query.is_empty() {
        groups.push(view(
            GroupKind::Favorites,
            "launchpad-favorites",
            "star",
            &launchpad.favorites,
        ));
        groups.push(view(
            GroupKind::Recent,
            "launchpad-recent",
            "clock",
            &launchpad.recent,
        ));
        for (category, tiles) in &launchpad.groups {
            groups.push(view(
                GroupKind::Category,
                category.key(),
                category.icon(),
                tiles,
            ));
        }
    } else {
        let found: Vec<Tile> = launchpad
            .tiles()
            .filter(|tile| finds(query, &searchable(frame, &tile.resource)))
            .cloned()
            .collect();
        groups.push(view(
            GroupKind::Found,
            "launchpad-results",
            "search",
            &found,
        ));
    }
    groups.retain(|group| !group.tiles.is_empty());
    groups
}

fn tile_view(frame: &Frame, kind: GroupKind, tile: &Tile, place: Place) -> TileView {
    let resource = &tile.resource;
    let tag = frame.language.tag();
    let icon = if Icon::exists(&resource.icon) {
        resource.icon.clone()
    } else {
        resource.category.icon().to_owned()
    };
    TileView {
        id: resource.id.to_string(),
        anchor: anchor(kind, resource),
        name: resource.name.of(tag).to_owned(),
        description: resource.description.of(tag).to_owned(),
        icon,
        tint: tint(&resource.id),
        href: format!("/launch/{}", resource.id),
        data_href: format!("/apps/{}/data", resource.id),
        searchable: searchable(frame, resource),
        favorite: tile.favorite,
        place,
        menu_open: false,
    }
}

/// Name and description in the reader's language, and the name in all others: children look for what a teacher said.
fn searchable(frame: &Frame, resource: &Resource) -> String {
    let mut text = String::new();
    for words in resource
        .name
        .all()
        .chain([resource.description.of(frame.language.tag())])
    {
        text.push_str(&fold(words));
        text.push(' ');
    }
    text.push_str(&fold(&frame.t(resource.category.key())));
    text
}

/// One of eight tints, always the same for the same resource.
fn tint(id: &ResourceId) -> u32 {
    let sum = id
        .as_str()
        .bytes()
        .fold(0_u32, |sum, byte| sum.wrapping_mul(31) + u32::from(byte));
    sum % 8 + 1
}
