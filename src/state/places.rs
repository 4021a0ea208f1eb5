//! The district as the server tells it: its settings, every node of its tree, its grids.

use std::collections::HashSet;

use fengtu_wire::geojson::Feature;
use fengtu_wire::grids::Grid;
use fengtu_wire::ids::PlaceId;
use fengtu_wire::places::{Place, PlaceLevel};
use futures::join;
use leptos::prelude::*;

use super::DistrictStore;
use super::district::Tree;
use crate::api::config::ConfigQuery;
use crate::api::grids::GridsQuery;
use crate::api::lenient::{Listed, Refused};
use crate::api::places::PlacesQuery;
use crate::api::{ApiError, StaffApi};
use crate::browser::clock;

/// Asks for all of it, each part by itself: one that fails blanks nothing else. Asked again by itself, what is no better than it
/// was moves nothing.
pub async fn load(api: &StaffApi, district: RwSignal<DistrictStore>, by_itself: bool) {
    let all = GridsQuery::default();
    let (config, places, grids) = join!(api.ask(&ConfigQuery), ask(api), api.ask(&all));
    let (grids, at) = (grids.map(parts), clock::wall());
    let tree = places.map(|(places, refused)| (tree(places, grids.as_ref().ok()), refused));
    district.maybe_update(|d| {
        let is_new = d.settle((config, tree), at, by_itself);
        d.grids.settle_again(grids, at, by_itself) || is_new
    });
}

fn parts<T>(listed: Listed<T>) -> (Vec<T>, Refused) {
    (listed.items, listed.refused)
}

/// Every node without its outline, and the outlines of all levels above the grid: a grid's own comes with the grids.
async fn ask(api: &StaffApi) -> Result<(Vec<Feature<Place>>, Refused), ApiError> {
    let outlines = |level| PlacesQuery { level: Some(level), geometry: true, ..PlacesQuery::default() };
    let (all, districts, streets, communities) = (
        PlacesQuery::default(),
        outlines(PlaceLevel::District),
        outlines(PlaceLevel::Street),
        outlines(PlaceLevel::Community),
    );
    let answers = join!(api.ask(&all), api.ask(&districts), api.ask(&streets), api.ask(&communities));
    Ok(joined(answers.0?, [answers.1?, answers.2?, answers.3?]))
}

/// Puts outlines beside the nodes. It is one list, asked for in four ways: what each answer says of the whole is counted once.
fn joined(all: Listed<Feature<Place>>, outlines: [Listed<Feature<Place>>; 3]) -> (Vec<Feature<Place>>, Refused) {
    let (mut places, heard) = parts(all);
    let mut refused = heard.clone();
    places.retain(|feature| feature.properties.level >= PlaceLevel::Grid);
    for (shapes, missing) in outlines.map(parts) {
        refused.add_beyond(&heard, &missing);
        places.extend(shapes);
    }
    (places, refused)
}

/// Grids that the list of places lacks stand in the tree all the same: people go down to them.
pub fn tree(mut places: Vec<Feature<Place>>, grids: Option<&(Vec<Feature<Grid>>, Refused)>) -> Tree {
    let known: HashSet<PlaceId> = places.iter().map(|f| f.properties.id.clone()).collect();
    let grids = grids.map(|(grids, _)| grids.as_slice()).unwrap_or_default();
    places.extend(
        grids.iter().filter(|f| !known.contains(&f.properties.id)).map(|f| Feature::new(None, place_of(&f.properties))),
    );
    Tree::new(places)
}

fn place_of(grid: &Grid) -> Place {
    Place {
        id: grid.id.clone(),
        level: PlaceLevel::Grid,
        parent: grid.parent.clone(),
        name: grid.name.clone(),
        name_en: None,
        population: Some(grid.population),
        area_m2: Some(grid.area_m2),
        centre: None,
        bounds: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::atlas::tests::{grid, place};

    fn listed(items: Vec<Feature<Place>>, refused: Refused) -> Listed<Feature<Place>> {
        Listed { items, refused, next: None, total: None, applied_here: Vec::new() }
    }

    #[test]
    fn what_four_answers_say_of_one_list_is_counted_once() {
        let whole = Refused {
            count: 5,
            unread: 3,
            reasons: vec!["the list goes on".to_owned(), "x: no name".to_owned()],
            is_unordered: true,
            silent: Vec::new(),
        };
        let mut streets = whole.clone();
        streets.add("s: its geometry cannot be drawn");
        let node = |id, level| vec![place(id, level, None, None)];
        let all = [node("d", PlaceLevel::District), node("g", PlaceLevel::Grid)].concat();
        let outlines = [
            listed(node("d", PlaceLevel::District), whole.clone()),
            listed(node("s", PlaceLevel::Street), streets),
            listed(Vec::new(), whole.clone()),
        ];
        let (places, refused) = joined(listed(all, whole), outlines);
        assert_eq!((places.len(), refused.count, refused.unread), (3, 6, 3), "{refused:?}");
        assert_eq!((refused.reasons.len(), refused.is_unordered), (3, true), "{refused:?}");
    }

    #[test]
    fn a_grid_that_is_no_place_stands_in_the_tree_all_the_same() {
        let places = vec![place("d", PlaceLevel::District, None, None), place("g1", PlaceLevel::Grid, Some("d"), None)];
        let grids = (vec![grid("g1", "d", None), grid("g2", "d", None)], Refused::default());
        let tree = tree(places, Some(&grids));
        assert_eq!(tree.iter().count(), 3);
        let way: Vec<_> = tree.breadcrumb(&"g2".into()).iter().map(|p| p.id.0.clone()).collect();
        assert_eq!(way, ["d", "g2"]);
    }
}
