//! The built-in base map: green, water, rivers, roads along grid borders, long curved arterials, rails, labels.

use fengtu_wire::basemap::{BaseClass, BaseFeature};
use fengtu_wire::geojson::{Feature, Geometry, Position};
use fengtu_wire::grids::LandUse;

use super::city::City;
use super::dissolve::{outline, polygons};
use super::plane::{Metres, curve, inside, to_position};

/// A line with a name.
type NamedLine = (&'static str, &'static [Metres]);

/// Expressways and boulevards that follow no grid.
const ARTERIALS: &[NamedLine] = &[
    (
        "光侨大道",
        &[[-7600.0, 2400.0], [-5200.0, 900.0], [-2700.0, 200.0], [0.0, -900.0], [2100.0, -2000.0], [3600.0, -4900.0]],
    ),
    ("龙大快速", &[[1200.0, -6600.0], [700.0, -3900.0], [1300.0, -700.0], [2600.0, 2700.0], [2400.0, 6100.0]]),
    ("南光快速", &[[-3600.0, -5900.0], [-3900.0, -2900.0], [-2900.0, 1300.0], [-1900.0, 4800.0]]),
];
/// Metro and railway lines.
const RAILS: &[NamedLine] = &[
    (
        "轨道科城线",
        &[
            [-5400.0, -5100.0],
            [-5100.0, -2000.0],
            [-4600.0, 1800.0],
            [-2200.0, 2300.0],
            [900.0, 400.0],
            [3000.0, -1300.0],
            [2300.0, -4300.0],
            [1500.0, -6400.0],
        ],
    ),
    ("城际铁路", &[[-6700.0, -2900.0], [-3000.0, -2200.0], [600.0, -2300.0], [4200.0, 900.0], [5600.0, 4900.0]]),
];
/// Labels of invented well-known spots.
const SPOTS: &[(&str, Metres)] = &[
    ("科学公园", [2100.0, -300.0]),
    ("光明城站", [600.0, -2300.0]),
    ("科学城中心", [3300.0, -1200.0]),
    ("大仟广场", [3700.0, -700.0]),
    ("公明广场", [-4700.0, 2000.0]),
    ("马田文体中心", [-5700.0, -3300.0]),
    ("楼村湿地公园", [300.0, 2500.0]),
    ("东部森林公园", [6500.0, 2200.0]),
    ("玉塘体育公园", [-1900.0, -4700.0]),
    ("凤凰城购物中心", [1000.0, -2900.0]),
    ("光明人民医院", [2500.0, 300.0]),
    ("新湖中学", [1500.0, 3900.0]),
    ("西田农业园", [-3900.0, 4300.0]),
    ("田寮产业园", [-3000.0, -5000.0]),
];

/// Writes the base map in drawing order.
pub fn rows(city: &City) -> Vec<Feature<BaseFeature>> {
    let mut out = green(city);
    out.extend(
        city.land.lakes.iter().map(|(ring, name)| area(BaseClass::Water, Some(name), vec![positions(&closed(ring))])),
    );
    out.extend(city.land.rivers.iter().map(|(line, name)| self::line(BaseClass::River, Some(name), positions(line))));
    for class in [BaseClass::Minor, BaseClass::Secondary, BaseClass::Primary] {
        out.extend(roads(city, class));
    }
    out.extend(ARTERIALS.iter().map(|(name, p)| line(BaseClass::Primary, Some(name), positions(&curve(p, 8)))));
    out.extend(RAILS.iter().map(|(name, p)| line(BaseClass::Rail, Some(name), positions(&curve(p, 8)))));
    out.extend(SPOTS.iter().map(|(name, p)| feature(BaseClass::Label, Some(name), Geometry::Point(to_position(*p)))));
    out.extend(landmarks(city));
    out
}

/// Joins all green grids into woods and parks.
fn green(city: &City) -> Vec<Feature<BaseFeature>> {
    let own = (0..city.ids.len()).filter(|g| city.ground.uses[*g] == LandUse::Green);
    let rings = outline(own.map(|g| city.partition.cells[g].ring.as_slice()), &city.partition.metres);
    let close =
        |ring: &Vec<u32>| ring.iter().chain(ring.first()).map(|v| city.partition.vertices[*v as usize]).collect();
    polygons(rings, &city.partition.metres)
        .iter()
        .map(|p| area(BaseClass::Green, None, p.iter().map(close).collect()))
        .collect()
}

/// Draws the roads of a class, leaving out stretches through hills and water.
fn roads(city: &City, class: BaseClass) -> Vec<Feature<BaseFeature>> {
    let mut out = Vec::new();
    for (road, split) in city.roads.iter().zip(&city.partition.lines).filter(|(road, _)| road.class == class) {
        for piece in pieces(city, &split.path, class) {
            out.push(line(class, Some(&road.name), piece));
        }
    }
    out
}

/// Cuts a road where there is no road: wild land for all but the main ones, lakes for all.
fn pieces(city: &City, path: &[u32], class: BaseClass) -> Vec<Vec<Position>> {
    let least = match class {
        BaseClass::Primary => 0.06,
        BaseClass::Secondary => 0.10,
        _ => 0.19,
    };
    let passable = |v: u32| {
        let p = city.partition.metres[v as usize];
        super::land::density(p) > least && !city.land.lakes.iter().any(|(ring, _)| inside(p, ring))
    };
    let runs = path.split(|v| !passable(*v)).filter(|run| run.len() > 1);
    runs.map(|run| run.iter().map(|v| city.partition.vertices[*v as usize]).collect()).collect()
}

/// Labels hospitals, and every third school and shopping centre.
fn landmarks(city: &City) -> Vec<Feature<BaseFeature>> {
    let shown = |(g, kind): &(usize, &LandUse)| match kind {
        LandUse::Hospital => true,
        LandUse::School | LandUse::Commercial => g % 3 == 0,
        _ => false,
    };
    let label = |(g, _): (usize, &LandUse)| {
        let at = to_position(super::plane::centroid(&city.partition.ring(g)));
        feature(BaseClass::Label, Some(&city.sites[g]), Geometry::Point(at))
    };
    city.ground.uses.iter().enumerate().filter(shown).map(label).collect()
}

fn feature(class: BaseClass, name: Option<&str>, geometry: Geometry) -> Feature<BaseFeature> {
    Feature::new(Some(geometry), BaseFeature { class, name: name.map(str::to_owned) })
}

fn line(class: BaseClass, name: Option<&str>, line: Vec<Position>) -> Feature<BaseFeature> {
    feature(class, name, Geometry::LineString(line))
}

fn area(class: BaseClass, name: Option<&str>, rings: Vec<Vec<Position>>) -> Feature<BaseFeature> {
    feature(class, name, Geometry::Polygon(rings))
}

fn positions(line: &[Metres]) -> Vec<Position> {
    line.iter().map(|p| to_position(*p)).collect()
}

fn closed(ring: &[Metres]) -> Vec<Metres> {
    ring.iter().chain(ring.first()).copied().collect()
}
