//! What the circles leave uncovered of the place in view: ground, buildings, people; and where the next station would help most.

use fengtu_geo::coverage::{self, Cell};
use fengtu_geo::siting::{self, Candidate};
use fengtu_geo::{Circle, LonLat, MultiPolygon, WeightedPoint};
use fengtu_wire::buildings::BuildingPoints;
use fengtu_wire::ids::PlaceId;
use fengtu_wire::stations::CircleKind;

use crate::map::model::{CircleMark, Uncovered};

/// What the circles of some kinds leave uncovered of a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Coverage {
    /// The place.
    pub place: PlaceId,
    /// The kinds of circle that count; a point inside any of them is covered.
    pub kinds: Vec<CircleKind>,
    /// Ground area of the place, m².
    pub region_m2: f64,
    /// Ground outside every circle, m².
    pub uncovered_m2: f64,
    /// Buildings on the map.
    pub buildings: usize,
    /// People in them.
    pub people: f64,
    /// Buildings outside every circle, as rows of the building points.
    pub uncovered_buildings: Vec<usize>,
    /// People in those.
    pub uncovered_people: f64,
    /// Where the next station would cover most.
    pub next: Option<Candidate>,
    /// Radius of the circles, metres.
    pub radius_m: f64,
    /// What the map draws.
    pub drawn: Uncovered,
}

/// Side of a cell of the raster that is drawn, metres; the areas are measured more finely.
const CELL_M: f64 = 40.0;

/// Works it out; `None` if the place has no ground of its own.
pub fn coverage(
    place: &PlaceId,
    ground: &MultiPolygon,
    circles: &[CircleMark],
    kinds: &[CircleKind],
    buildings: &BuildingPoints,
) -> Option<Coverage> {
    let chosen: Vec<Circle> = circles.iter().filter(|c| kinds.contains(&c.kind)).map(circle).collect();
    let area = coverage::of_region(&chosen, ground, CELL_M)?;
    let points = weighted(buildings);
    let left = coverage::uncovered_points(&points, &chosen);
    let radius_m = chosen.first().map_or(500.0, |circle| circle.radius_m);
    let at = |row: &usize| points.get(*row).map(|point| point.at);
    Some(Coverage {
        place: place.clone(),
        kinds: kinds.to_vec(),
        region_m2: area.region_m2,
        uncovered_m2: area.uncovered_m2,
        buildings: points.len(),
        people: points.iter().map(|point| point.people).sum(),
        drawn: Uncovered {
            ground: area.mask.rectangles(Cell::Uncovered),
            buildings: left.indices.iter().filter_map(at).collect(),
        },
        next: siting::best_next(&points, &chosen, radius_m),
        uncovered_buildings: left.indices,
        uncovered_people: left.people,
        radius_m,
    })
}

const fn circle(mark: &CircleMark) -> Circle {
    Circle { center: mark.center, radius_m: mark.radius_m }
}

fn weighted(buildings: &BuildingPoints) -> Vec<WeightedPoint> {
    let places = buildings.lon.iter().zip(&buildings.lat).zip(&buildings.population);
    places.map(|((lon, lat), people)| WeightedPoint { at: LonLat { lon: *lon, lat: *lat }, people: f64::from(*people) }).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::desk::scene::atlas::tests::square;
    use crate::desk::scene::geometry;

    fn buildings() -> BuildingPoints {
        BuildingPoints {
            codes: vec!["near".into(), "far".into()],
            lon: vec![113.005, 113.018],
            lat: vec![22.005, 22.018],
            population: vec![100, 40],
            not_on_map: 0,
        }
    }

    #[test]
    fn what_no_circle_of_the_chosen_kinds_reaches_is_uncovered() {
        let ground = geometry::area(&square(113.0, 0.02)).unwrap();
        let center = LonLat { lon: 113.005, lat: 22.005 };
        let circle = |kind| CircleMark { kind, center, radius_m: 500.0 };
        let circles = [circle(CircleKind::Appeal)];
        let of = |kinds: &[CircleKind]| coverage(&"d".into(), &ground, &circles, kinds, &buildings()).unwrap();
        let appeal = of(&[CircleKind::Appeal]);
        assert_eq!((appeal.uncovered_buildings.as_slice(), appeal.buildings), ([1].as_slice(), 2));
        assert!((appeal.uncovered_people - 40.0).abs() < 1e-9);
        let covered = appeal.region_m2 - appeal.uncovered_m2;
        assert!((covered - std::f64::consts::PI * 250_000.0).abs() < 0.01 * covered, "{covered}");
        assert!(appeal.next.is_some_and(|next| next.gained_buildings == 1));
        assert_eq!(of(&[CircleKind::Legal]).uncovered_buildings.len(), 2);
    }
}
