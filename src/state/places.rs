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

/// Asks for all of it, each part by itself: one that fails blanks nothing else.
pub async fn load(api: &StaffApi, district: RwSignal<DistrictStore>) {
    let all = GridsQuery::default();
    let (config, places, grids) = join!(api.ask(&ConfigQuery), ask(api), api.ask(&all));
    let at = clock::wall();
    district.update(|d| {
        d.config.settle(config, at);
        let grids = grids.map(parts);
        d.tree.settle_list(places.map(|(places, refused)| (tree(places, grids.as_ref().ok()), refused)), at);
        d.grids.settle_list(grids, at);
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
    let (mut places, mut refused) = parts(answers.0?);
    places.retain(|feature| feature.properties.level >= PlaceLevel::Grid);
    for answer in [answers.1, answers.2, answers.3] {
        let (shapes, missing) = parts(answer?);
        refused.add_all(&missing);
        places.extend(shapes);
    }
    Ok((places, refused))
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
