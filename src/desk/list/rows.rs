//! The rows of each layer: exactly what the map draws of it, in the node in view.

use chrono::{DateTime, FixedOffset};
use fengtu_domain::calendar::WorkCalendar;
use fengtu_geo::{BBox, LonLat};
use fengtu_wire::buildings::BuildingPoints;
use fengtu_wire::geojson::{Bounds, Feature, Geometry, Position};
use fengtu_wire::ids::{BuildingCode, PlaceId};
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::stations::{CircleKind, Station};
use fengtu_wire::statistics::PlaceFigures;
use fengtu_wire::warnings::Level;

use super::sheet::{Cell, Column, Row, Sheet};
use crate::desk::drawer::parts::{opening_words, stands};
use crate::desk::scope::{is_within, place_name, station_at};
use crate::desk::words;
use crate::routes::{Layer, Selection};
use crate::state::coverage::UncoveredBuilding;
use crate::state::{DistrictStore, WarningsStore};
use crate::tr;

/// The columns that are nothing where no backend gives warnings.
const LEVEL_AND_SCORE: std::ops::Range<usize> = 1..3;

/// Lists the areas of a level below a node with their levels and figures.
pub fn areas(
    district: &DistrictStore,
    warnings: &WarningsStore,
    node: &PlaceId,
    level: PlaceLevel,
    at: Option<DateTime<FixedOffset>>,
    figures: &[PlaceFigures],
) -> Sheet {
    let at = at.map(|at| at.to_utc());
    let row = |id: &PlaceId, name: String, people: Option<u64>, spot: Option<Position>| {
        let own = figures.iter().find(|f| f.place == *id);
        let score =
            (at.is_none() && !warnings.are_absent).then(|| warnings.score(id)).map_or(Cell::Empty, Cell::Measure);
        let cells = vec![
            Cell::Text(name),
            warnings.level_at(id, at).map_or(Cell::Empty, Cell::Level),
            score,
            Cell::count(people),
            Cell::count(own.and_then(|f| f.open)),
            Cell::count(own.and_then(|f| f.overdue)),
            Cell::count(own.and_then(|f| f.received)),
        ];
        Row { id: Selection::Place(id.clone()), cells, at: spot }
    };
    let mut rows =
        if level == PlaceLevel::Grid { grids(district, node, row) } else { places(district, node, level, row) };
    let mut columns = vec![
        Column::words("name", tr!(desk.list_name)),
        Column::words("level", tr!(desk.list_level)),
        Column::figures("score", tr!(desk.list_score)),
        Column::figures("population", tr!(desk.detail_population)),
        Column::figures("open", tr!(desk.list_open_cases)),
        Column::figures("overdue", tr!(desk.list_overdue)),
        Column::figures("received", tr!(desk.list_received)),
    ];
    if warnings.are_absent {
        columns.drain(LEVEL_AND_SCORE);
        for row in &mut rows {
            row.cells.drain(LEVEL_AND_SCORE);
        }
    }
    Sheet { layer: Layer::Warnings, columns, rows }
}

fn places(
    district: &DistrictStore,
    node: &PlaceId,
    level: PlaceLevel,
    row: impl Fn(&PlaceId, String, Option<u64>, Option<Position>) -> Row,
) -> Vec<Row> {
    let Some(tree) = district.tree.value() else { return Vec::new() };
    let inside = tree.iter().filter(|f| f.properties.level == level && tree.is_within(&f.properties.id, node));
    let rows = inside.map(|f| {
        let place = &f.properties;
        let centre = f.geometry.as_ref().and(place.centre).or_else(|| f.geometry.as_ref().and_then(middle));
        row(&place.id, place_name(place), place.population.map(u64::from), centre)
    });
    rows.collect()
}

fn grids(
    district: &DistrictStore,
    node: &PlaceId,
    row: impl Fn(&PlaceId, String, Option<u64>, Option<Position>) -> Row,
) -> Vec<Row> {
    let all = district.grids.value().map(Vec::as_slice).unwrap_or_default();
    let inside =
        all.iter().filter(|f| is_within_by_parent(district, f.properties.parent.as_ref(), &f.properties.id, node));
    let rows = inside.map(|f| {
        let grid = &f.properties;
        row(&grid.id, grid.name.clone(), Some(grid.population.into()), f.geometry.as_ref().and_then(middle))
    });
    rows.collect()
}

/// By the parent: looking each of two thousand grids up in their list would take two million steps.
fn is_within_by_parent(district: &DistrictStore, parent: Option<&PlaceId>, id: &PlaceId, node: &PlaceId) -> bool {
    let tree = district.tree.value();
    id == node || parent.zip(tree).is_some_and(|(parent, tree)| tree.is_within(parent, node))
}

/// Returns a spot for a geometry: the middle of its box.
pub fn middle(geometry: &Geometry) -> Option<Position> {
    let ring = |ring: &[Position]| BBox::around(ring.iter().map(|[lon, lat]| LonLat { lon: *lon, lat: *lat }));
    let bbox = match geometry {
        Geometry::Point(at) => return Some(*at),
        Geometry::LineString(line) => ring(line),
        Geometry::MultiLineString(lines) | Geometry::Polygon(lines) => ring(lines.first()?),
        Geometry::MultiPolygon(parts) => ring(parts.first()?.first()?),
    };
    let center = bbox?.center();
    Some([center.lon, center.lat])
}

/// Lists the stations of a node; of one kind of circle alone where `circle` names it.
pub fn stations(
    district: &DistrictStore,
    stations: &[Feature<Station>],
    node: &PlaceId,
    circle: Option<CircleKind>,
    layer: Layer,
    now: DateTime<FixedOffset>,
) -> Sheet {
    let calendar = district.config.value().map(|c| WorkCalendar::new(&c.calendar));
    let inside = |s: &Station| s.place.as_ref().is_none_or(|place| is_within(district, place, node));
    let listed = stations
        .iter()
        .filter(|f| inside(&f.properties) && circle.is_none_or(|kind| f.properties.circles.contains(&kind)));
    let row = |f: &Feature<Station>| {
        let s = &f.properties;
        let open = calendar.as_ref().and_then(|c| stands(s, now, c)).map(|o| opening_words(o, now));
        let circles = s.circles.iter().map(|k| words::circle(*k)).collect::<Vec<_>>().join(tr!(desk.map_comma));
        let cells = vec![
            Cell::Text(s.name.clone()),
            Cell::Text(words::station_level(s.level).to_owned()),
            open.map_or(Cell::Empty, Cell::Text),
            Cell::Text(circles),
            s.telephone.clone().map_or(Cell::Empty, Cell::Text),
            Cell::Text(s.address.clone()),
        ];
        Row { id: Selection::Station(s.id.clone()), cells, at: station_at(f, now) }
    };
    let columns = vec![
        Column::words("name", tr!(desk.list_name)),
        Column::words("kind", tr!(desk.list_kind)),
        Column::words("status", tr!(desk.list_status)),
        Column::words("circles", tr!(desk.list_circles)),
        Column::words("telephone", tr!(desk.list_telephone)),
        Column::words("address", tr!(desk.list_address)),
    ];
    Sheet { layer, columns, rows: listed.map(row).collect() }
}

/// Lists the buildings outside every circle, those with most people first.
pub fn uncovered(buildings: &[UncoveredBuilding]) -> Sheet {
    let mut buildings: Vec<&UncoveredBuilding> = buildings.iter().collect();
    fengtu_geo::order::sort_by(&mut buildings, |a, b| b.people.cmp(&a.people).then_with(|| a.code.cmp(&b.code)));
    let rows = buildings.into_iter().map(|b| building_row(&b.code, b.people, [b.at.lon, b.at.lat])).collect();
    Sheet { layer: Layer::Coverage, columns: building_columns(), rows }
}

/// Lists the buildings inside the ground in view; without a view, all.
pub fn buildings(points: &BuildingPoints, bounds: Option<Bounds>) -> Sheet {
    let inside = |[lon, lat]: Position| {
        bounds.is_none_or(|[west, south, east, north]| (west..=east).contains(&lon) && (south..=north).contains(&lat))
    };
    let places = points.lon.iter().zip(&points.lat).map(|(lon, lat)| [*lon, *lat]);
    let all = points.codes.iter().zip(&points.population).zip(places).filter(|(_, at)| inside(*at));
    let rows = all.map(|((code, people), at)| building_row(code, *people, at)).collect();
    Sheet { layer: Layer::Buildings, columns: building_columns(), rows }
}

fn building_columns() -> Vec<Column> {
    vec![
        Column::words("code", tr!(desk.list_code)),
        Column::figures("population", tr!(desk.detail_population)),
        Column::words("position", tr!(desk.list_position)),
    ]
}

fn building_row(code: &BuildingCode, people: u32, at: Position) -> Row {
    let [lon, lat] = at;
    let cells =
        vec![Cell::Text(code.to_string()), Cell::Count(people.into()), Cell::Text(format!("{lon:.6}, {lat:.6}"))];
    Row { id: Selection::Building(code.clone()), cells, at: Some(at) }
}

/// Keeps the areas that have a warning.
#[must_use]
pub fn warned(mut sheet: Sheet) -> Sheet {
    sheet.rows.retain(|row| row.cells.iter().any(|c| matches!(c, Cell::Level(level) if *level != Level::None)));
    sheet
}

#[cfg(test)]
pub(crate) mod tests {
    use fengtu_wire::events::WarningLevel;
    use fengtu_wire::grids::{Grid, LandUse};
    use fengtu_wire::places::Place;

    use super::*;
    use crate::state::district::Tree;

    fn place(id: &str, level: PlaceLevel, parent: Option<&str>) -> Feature<Place> {
        let place = Place {
            id: id.into(),
            level,
            parent: parent.map(PlaceId::from),
            name: id.to_owned(),
            name_en: None,
            population: Some(7),
            area_m2: None,
            centre: None,
            bounds: None,
        };
        Feature::new(None, place)
    }

    fn grid(id: &str, parent: &str, geometry: Option<Geometry>) -> Feature<Grid> {
        let grid = Grid {
            id: id.into(),
            parent: Some(parent.into()),
            name: id.to_owned(),
            land_use: LandUse::Estate,
            population: 3,
            buildings: 1,
            area_m2: 1.0,
            member: None,
            telephone: None,
        };
        Feature::new(geometry, grid)
    }

    /// Makes a district of two streets.
    pub fn district() -> DistrictStore {
        let mut district = DistrictStore::default();
        let tree = vec![
            place("d", PlaceLevel::District, None),
            place("s1", PlaceLevel::Street, Some("d")),
            place("s2", PlaceLevel::Street, Some("d")),
            place("c1", PlaceLevel::Community, Some("s1")),
            place("c2", PlaceLevel::Community, Some("s2")),
        ];
        district.tree.settle(Ok(Tree::new(tree)), DateTime::default());
        let square = Geometry::Polygon(vec![vec![[113.0, 22.0], [113.2, 22.0], [113.2, 22.2], [113.0, 22.0]]]);
        district.grids.settle(Ok(vec![grid("g1", "c1", Some(square)), grid("g2", "c2", None)]), DateTime::default());
        district
    }

    /// Returns what the rows are.
    pub fn keys(sheet: &Sheet) -> Vec<&str> {
        sheet.rows.iter().map(Row::key).collect()
    }

    #[test]
    fn the_list_has_the_areas_of_the_level_and_node_in_view_and_no_others() {
        let (district, mut warnings) = (district(), WarningsStore::default());
        warnings.take(WarningLevel { place: "g1".into(), level: Level::Red, score: 8.0 });
        let of = |node: &str, level| areas(&district, &warnings, &node.into(), level, None, &[]);
        assert_eq!(keys(&of("d", PlaceLevel::Street)), ["s1", "s2"]);
        assert_eq!(keys(&of("s2", PlaceLevel::Community)), ["c2"]);
        assert_eq!(keys(&of("d", PlaceLevel::Grid)), ["g1", "g2"]);
        assert_eq!(keys(&warned(of("d", PlaceLevel::Grid))), ["g1"]);
        // The one without a polygon is listed and counted, not dropped.
        assert_eq!(of("d", PlaceLevel::Grid).not_on_map(), 1);
    }

    #[test]
    fn buildings_are_those_inside_the_view() {
        let points = BuildingPoints {
            codes: vec!["a".into(), "b".into()],
            lon: vec![113.0, 114.0],
            lat: vec![22.0, 22.0],
            population: vec![1, 2],
            not_on_map: 0,
        };
        assert_eq!(keys(&buildings(&points, Some([112.9, 21.9, 113.1, 22.1]))), ["a"]);
        assert_eq!(buildings(&points, None).rows.len(), 2);
    }
}
