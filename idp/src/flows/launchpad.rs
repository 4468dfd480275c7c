//! The launchpad of a person: tiles that are theirs by assignment, in their own order.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Context, FlowError, access};
use crate::clock::Lifetime;
use crate::district::launchpad::{Act, Arrangement, List};
use crate::district::person::Person;
use crate::district::resource::{Category, Resource};
use crate::ids::ResourceId;
use crate::store::{StoreError, launchpads};

/// How long something counts as used lately.
const LATELY: Lifetime = Lifetime::days(30);
/// How many tiles were used lately, at most.
const RECENT: usize = 6;

/// What a person sees.
#[derive(Clone, Debug, Default)]
pub struct Launchpad {
    /// All tiles, by group and then in the person's order.
    pub groups: Vec<(Category, Vec<Tile>)>,
    /// The favorites, in the person's order.
    pub favorites: Vec<Tile>,
    /// What was used lately and is no favorite, the latest first.
    pub recent: Vec<Tile>,
}

/// A tile.
#[derive(Clone, Debug)]
pub struct Tile {
    /// What it opens.
    pub resource: Arc<Resource>,
    /// Whether it is a favorite.
    pub favorite: bool,
}

impl Launchpad {
    /// How many apps the person has.
    pub fn total(&self) -> usize {
        self.groups.iter().map(|(_, tiles)| tiles.len()).sum()
    }

    /// Every tile once.
    pub fn tiles(&self) -> impl Iterator<Item = &Tile> {
        self.groups.iter().flat_map(|(_, tiles)| tiles)
    }

    fn list(&self, list: List, id: &ResourceId) -> Vec<ResourceId> {
        let tiles: &[Tile] = match list {
            List::Favorites => &self.favorites,
            List::Category => self
                .groups
                .iter()
                .map(|(_, tiles)| tiles)
                .find(|tiles| tiles.iter().any(|tile| tile.resource.id == *id))
                .map_or(&[], Vec::as_slice),
        };
        tiles.iter().map(|tile| tile.resource.id.clone()).collect()
    }
}

/// The launchpad of `person`.
pub async fn open(cx: &Context, person: &Person) -> Result<Launchpad, FlowError> {
    let resources = access::resources_of(cx, person).await?;
    let db = cx.app.store.read();
    let own = launchpads::find(db, &person.id).await?;
    // More than are shown, because favorites among them are left out.
    let most = RECENT + own.favorites.len().min(30);
    let recent = launchpads::list_recent(db, &person.id, cx.now.minus(LATELY), most as u64).await?;
    Ok(arrange_tiles(resources, &own, &recent))
}

fn arrange_tiles(
    resources: Vec<Arc<Resource>>,
    own: &Arrangement,
    recent: &[ResourceId],
) -> Launchpad {
    let mut by_category: BTreeMap<Category, Vec<Tile>> = BTreeMap::new();
    for resource in resources {
        let favorite = own.is_favorite(&resource.id);
        by_category
            .entry(resource.category)
            .or_default()
            .push(Tile { resource, favorite });
    }
    for tiles in by_category.values_mut() {
        // Stable: what was never moved stays in the district's order.
        tiles.sort_by_key(|tile| own.place(&tile.resource.id));
    }
    let groups: Vec<(Category, Vec<Tile>)> = by_category.into_iter().collect();
    let pick = |id: &ResourceId| {
        groups
            .iter()
            .flat_map(|(_, tiles)| tiles)
            .find(|tile| tile.resource.id == *id)
            .cloned()
    };
    let favorites = own.favorites.iter().filter_map(pick).collect();
    let recent = recent
        .iter()
        .filter_map(pick)
        .filter(|tile| !tile.favorite)
        .take(RECENT)
        .collect();
    Launchpad {
        groups,
        favorites,
        recent,
    }
}

/// Does `act` to a tile of `person`'s. None where the resource is not theirs.
pub async fn arrange(
    cx: &Context,
    person: &Person,
    id: &ResourceId,
    (act, list): (Act, List),
) -> Result<Option<Arc<Resource>>, FlowError> {
    let launchpad = open(cx, person).await?;
    let Some(tile) = launchpad.tiles().find(|tile| tile.resource.id == *id) else {
        return Ok(None);
    };
    let tx = cx.app.store.begin_relaxed().await?;
    let mut own = launchpads::find(&tx, &person.id).await?;
    own.apply(act, id, (list, &launchpad.list(list, id)));
    launchpads::save(&tx, &person.id, &own, cx.now).await?;
    tx.commit().await.map_err(StoreError::from)?;
    Ok(Some(tile.resource.clone()))
}
