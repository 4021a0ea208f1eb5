//! The organisation tree as rows: district, streets, communities, grids, red sub-grids.

use fengtu_wire::geojson::{Geometry, Position};
use fengtu_wire::grids::LandUse;
use fengtu_wire::ids::PlaceId;
use fengtu_wire::places::PlaceLevel;

use super::city::{City, DISTRICT};
use super::dice::Dice;
use super::dissolve::{outline, polygons};
use super::plane::{Metres, inside, lerp, to_metres, to_position};
use super::words::{desk_phone, person};
use crate::dataset::{GridDetail, PlaceRow};

/// Red party sub-grids in the district.
pub const SUB_GRIDS: usize = 275;

/// Writes the tree, parents before children.
pub fn rows(city: &City, seed: u64) -> Vec<PlaceRow> {
    let mut dice = Dice::new(seed, 7);
    let mut rows = vec![district(city)];
    rows.extend((0..city.regions.streets.len()).map(|s| street(city, s)));
    rows.extend((0..city.regions.communities.len()).map(|c| community(city, c)));
    rows.extend((0..city.ids.len()).map(|g| grid(city, g, &mut dice)));
    rows.extend(sub_grids(city, &mut dice));
    rows
}

fn district(city: &City) -> PlaceRow {
    let (population, geometry) = joined(city, |_| true);
    let (name, name_en) = ("光明区".to_owned(), Some("Guangming District".to_owned()));
    PlaceRow {
        id: DISTRICT.into(),
        level: PlaceLevel::District,
        parent: None,
        name,
        name_en,
        population,
        geometry,
        grid: None,
    }
}

fn street(city: &City, s: usize) -> PlaceRow {
    let (population, geometry) = joined(city, |g| city.regions.street_of(g) == s);
    let street = &city.regions.streets[s];
    let (id, level, parent) = (street.code.as_str().into(), PlaceLevel::Street, Some(DISTRICT.into()));
    let name_en = Some(format!("{} Street", street.name_en));
    PlaceRow { id, level, parent, name: street.name.clone(), name_en, population, geometry, grid: None }
}

fn community(city: &City, c: usize) -> PlaceRow {
    let (population, geometry) = joined(city, |g| city.regions.community_of[g] == c);
    let community = &city.regions.communities[c];
    let parent = Some(PlaceId(city.regions.streets[community.street].code.clone()));
    let (id, level) = (community.code.as_str().into(), PlaceLevel::Community);
    let name_en = Some(format!("{} Community", community.name_en));
    PlaceRow { id, level, parent, name: community.name.clone(), name_en, population, geometry, grid: None }
}

fn grid(city: &City, g: usize, dice: &mut Dice) -> PlaceRow {
    let community = &city.regions.communities[city.regions.community_of[g]];
    let detail =
        GridDetail { land_use: city.ground.uses[g], member: Some(person(dice)), telephone: Some(desk_phone(g + 1000)) };
    PlaceRow {
        id: city.ids[g].clone(),
        level: PlaceLevel::Grid,
        parent: Some(PlaceId(community.code.clone())),
        name: city.grid_name(g),
        name_en: Some(format!("{} Grid {}", community.name_en, city.numbers[g])),
        population: city.ground.people[g],
        geometry: Some(Geometry::Polygon(vec![closed(city, &city.partition.cells[g].ring)])),
        grid: Some(detail),
    }
}

/// Sums the people and joins the shapes of some grids.
fn joined(city: &City, belongs: impl Fn(usize) -> bool) -> (u32, Option<Geometry>) {
    let own: Vec<usize> = (0..city.ids.len()).filter(|g| belongs(*g)).collect();
    let rings = outline(own.iter().map(|g| city.partition.cells[*g].ring.as_slice()), &city.partition.metres);
    let mut shapes: Vec<Vec<Vec<Position>>> = polygons(rings, &city.partition.metres)
        .iter()
        .map(|polygon| polygon.iter().map(|ring| closed(city, ring)).collect())
        .collect();
    let geometry =
        if shapes.len() == 1 { shapes.pop().map(Geometry::Polygon) } else { Some(Geometry::MultiPolygon(shapes)) };
    (own.iter().map(|g| city.ground.people[*g]).sum(), geometry)
}

/// Returns a closed ring of positions.
fn closed(city: &City, ring: &[u32]) -> Vec<Position> {
    ring.iter().chain(ring.first()).map(|v| city.partition.vertices[*v as usize]).collect()
}

/// Divides some lived-in grids into two or three sub-grids, until there are as many as there should be.
fn sub_grids(city: &City, dice: &mut Dice) -> Vec<PlaceRow> {
    let lived_in =
        |g: &usize| matches!(city.ground.uses[*g], LandUse::Estate | LandUse::UrbanVillage | LandUse::IndustrialPark);
    let mut grids: Vec<usize> = (0..city.ids.len()).filter(lived_in).collect();
    dice.shuffle(&mut grids);
    let mut rows = Vec::new();
    for g in grids {
        let strips = strips(city, g, dice.whole(2, 3));
        let room = SUB_GRIDS - rows.len();
        rows.extend(
            strips.into_iter().enumerate().take(room).map(|(i, (ring, people))| sub_grid(city, g, i + 1, ring, people)),
        );
    }
    rows
}

fn sub_grid(city: &City, g: usize, n: usize, ring: Vec<Position>, population: u32) -> PlaceRow {
    PlaceRow {
        id: PlaceId(format!("{}R{n}", city.ids[g])),
        level: PlaceLevel::SubGrid,
        parent: Some(city.ids[g].clone()),
        name: format!("{}红色小分格{n}", city.grid_name(g)),
        name_en: None,
        population,
        geometry: Some(Geometry::Polygon(vec![ring])),
        grid: None,
    }
}

/// Cuts strips out of a grid, a little apart; none where they would not lie inside it.
fn strips(city: &City, g: usize, count: u32) -> Vec<(Vec<Position>, u32)> {
    let ring = city.partition.ring(g);
    let [sw, se, ne, nw] = city.partition.cells[g].corners.map(|v| city.partition.metres[v as usize]);
    let at = |u: f64, v: f64| to_position(lerp(lerp(sw, se, u), lerp(nw, ne, u), v));
    let share = 1.0 / f64::from(count);
    let strip = |i: u32| {
        let (a, b) = (f64::from(i) * share + 0.07, f64::from(i + 1) * share - 0.03);
        vec![at(a, 0.08), at(b, 0.08), at(b, 0.92), at(a, 0.92), at(a, 0.08)]
    };
    let fits = |ring_of: &Vec<Position>| {
        ring_of.iter().all(|p| inside(to_metres(*p), &ring)) && super::plane::area(&metres(ring_of)) > 400.0
    };
    let strips: Vec<_> = (0..count).map(strip).collect();
    if !strips.iter().all(fits) {
        return Vec::new();
    }
    let people = city.ground.people[g] / count;
    strips.into_iter().map(|s| (s, people)).collect()
}

fn metres(ring: &[Position]) -> Vec<Metres> {
    ring.iter().map(|p| to_metres(*p)).collect()
}
