//! A small map of places without the map: their outlines in pixels, which of them is under a point, which a line goes around.

use fengtu_geo::mercator::{self, Metres};
use fengtu_geo::{BBox, LonLat, MultiPolygon, Polygon};
use fengtu_wire::ids::PlaceId;

/// Pixels that stay free at every side.
const MARGIN: f64 = 4.0;

/// The outlines of places.
#[derive(Debug)]
pub struct Sketch {
    /// Its width and height in pixels.
    pub size: (f64, f64),
    shapes: Vec<Shape>,
    west: f64,
    north: f64,
    /// Pixels of a metre of the projection.
    scale: f64,
}

#[derive(Debug)]
struct Shape {
    id: PlaceId,
    ground: MultiPolygon,
    bounds: BBox,
    /// A point of it that stands for it.
    inside: LonLat,
    path: String,
}

impl Sketch {
    /// Draws places as large as there is room; `None`: none of them has ground.
    pub fn new(places: impl Iterator<Item = (PlaceId, MultiPolygon)>, room: (f64, f64)) -> Option<Self> {
        let shape = |(id, ground): (PlaceId, MultiPolygon)| {
            let (bounds, inside) = (ground.bbox()?, ground.interior_point()?);
            Some(Shape { id, ground, bounds, inside, path: String::new() })
        };
        let mut shapes: Vec<Shape> = places.filter_map(shape).collect();
        let all = shapes.iter().map(|shape| shape.bounds).reduce(|a, b| a.union(&b))?;
        let corner = |lon, lat| mercator::project(LonLat { lon, lat });
        let (low, high) = (corner(all.west, all.south), corner(all.east, all.north));
        let (width, height) = ((high.x - low.x).max(1.0), (high.y - low.y).max(1.0));
        let scale = ((room.0 - 2.0 * MARGIN) / width).min((room.1 - 2.0 * MARGIN) / height);
        let mut sketch = Self {
            size: ((width * scale + 2.0 * MARGIN).round(), (height * scale + 2.0 * MARGIN).round()),
            shapes: Vec::new(),
            west: low.x,
            north: high.y,
            scale,
        };
        for shape in &mut shapes {
            shape.path = sketch.outline(&shape.ground);
        }
        sketch.shapes = shapes;
        Some(sketch)
    }

    /// Returns every place that is drawn.
    pub fn places(&self) -> impl Iterator<Item = &PlaceId> {
        self.shapes.iter().map(|shape| &shape.id)
    }

    /// Returns the place under a point.
    pub fn at(&self, x: f64, y: f64) -> Option<&PlaceId> {
        let at = self.lon_lat(x, y);
        let mut near = self.shapes.iter().filter(|shape| shape.bounds.contains(at));
        near.find(|shape| shape.ground.contains(at)).map(|shape| &shape.id)
    }

    /// Returns the places that a closed line goes around: those whose middle is inside.
    pub fn around(&self, line: &[(f64, f64)]) -> Vec<PlaceId> {
        let outer: Vec<LonLat> = line.iter().map(|&(x, y)| self.lon_lat(x, y)).collect();
        let Some(bounds) = BBox::around(outer.iter().copied()) else { return Vec::new() };
        let area = Polygon { outer, holes: Vec::new() };
        let is_in = |shape: &&Shape| bounds.contains(shape.inside) && area.contains(shape.inside);
        self.shapes.iter().filter(is_in).map(|shape| shape.id.clone()).collect()
    }

    /// Returns the outlines of some places as one path.
    pub fn path(&self, has: impl Fn(&PlaceId) -> bool) -> String {
        self.shapes.iter().filter(|shape| has(&shape.id)).map(|shape| shape.path.as_str()).collect()
    }

    /// Returns where a place of the earth is.
    pub fn xy(&self, at: LonLat) -> (f64, f64) {
        let Metres { x, y } = mercator::project(at);
        ((x - self.west) * self.scale + MARGIN, (self.north - y) * self.scale + MARGIN)
    }

    fn lon_lat(&self, x: f64, y: f64) -> LonLat {
        let metres = Metres { x: (x - MARGIN) / self.scale + self.west, y: self.north - (y - MARGIN) / self.scale };
        mercator::unproject(metres)
    }

    /// On whole and half pixels, which neighbours share, and of what falls together one alone.
    fn outline(&self, ground: &MultiPolygon) -> String {
        let mut path = String::new();
        for ring in ground.polygons.iter().flat_map(Polygon::rings) {
            let mut halves: Vec<(i64, i64)> = ring.iter().map(|&at| self.half_pixels(at)).collect();
            halves.dedup();
            for (index, &(x, y)) in halves.iter().enumerate() {
                path.push(if index == 0 { 'M' } else { ' ' });
                push_halves(&mut path, x);
                path.push(' ');
                push_halves(&mut path, y);
            }
            path.push('z');
        }
        path
    }

    fn half_pixels(&self, at: LonLat) -> (i64, i64) {
        let (x, y) = self.xy(at);
        ((x * 2.0).round() as i64, (y * 2.0).round() as i64)
    }
}

fn push_halves(path: &mut String, halves: i64) {
    path.push_str(&(halves / 2).to_string());
    if halves % 2 != 0 {
        path.push_str(".5");
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    /// Three squares in a row from west to east, and one that has no ground.
    fn row() -> Sketch {
        let square = |n: f64| {
            let (west, south) = (114.0 + n * 0.01, 22.0);
            let ring = [(west, south), (west + 0.01, south), (west + 0.01, south + 0.01), (west, south + 0.01)];
            MultiPolygon::from(Polygon {
                outer: ring.into_iter().chain([(west, south)]).map(|(lon, lat)| LonLat { lon, lat }).collect(),
                holes: vec![],
            })
        };
        let places = ["a", "b", "c"].into_iter().zip([0.0, 1.0, 2.0]);
        let all = places.map(|(id, n)| (PlaceId::from(id), square(n)));
        Sketch::new(all.chain([("lost".into(), MultiPolygon { polygons: vec![] })]), (308.0, 500.0)).unwrap()
    }

    #[test]
    fn it_fills_the_room_and_a_point_is_the_place_that_is_drawn_there() {
        let sketch = row();
        assert!((sketch.size.0 - 308.0).abs() < 1e-9);
        assert!((106.0..118.0).contains(&sketch.size.1), "{:?}", sketch.size);
        let under = |x| sketch.at(x, 50.0).map(PlaceId::as_str);
        assert_eq!([1.0, 50.0, 150.0, 290.0, 307.0].map(under), [None, Some("a"), Some("b"), Some("c"), None]);
        let (x, y) = sketch.xy(LonLat { lon: 114.015, lat: 22.005 });
        assert!((x - 154.0).abs() < 0.01 && sketch.at(x, y).unwrap().as_str() == "b");
        assert_eq!(sketch.places().count(), 3);
    }

    #[test]
    fn a_line_takes_the_places_whose_middle_it_goes_around() {
        let sketch = row();
        let around = |line: &[(f64, f64)]| sketch.around(line).iter().map(|id| id.0.clone()).collect::<String>();
        assert_eq!(around(&[(2.0, 2.0), (170.0, 2.0), (170.0, 90.0), (2.0, 90.0)]), "ab");
        assert_eq!(around(&[(200.0, 0.0), (306.0, 0.0), (306.0, 120.0)]), "c");
        assert_eq!((around(&[]), around(&[(5.0, 5.0), (300.0, 5.0)])), (String::new(), String::new()));
    }

    #[test]
    fn outlines_are_joined_and_short() {
        let sketch = row();
        assert_eq!(sketch.path(|id| id.as_str() == "a").matches('z').count(), 1);
        assert_eq!(sketch.path(|_| true).matches('M').count(), 3);
        assert!(sketch.path(|_| true).len() < 150);
        assert_eq!(sketch.path(|_| false), "");
    }
}
