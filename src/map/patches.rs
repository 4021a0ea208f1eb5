//! Paths cut by ground, so that what lies outside a picture costs nothing.

use std::collections::BTreeMap;

use fengtu_geo::BBox;
use web_sys::Path2d;

use super::plane::{Anchor, Frame, Px};

/// Holds many features' paths, joined per square of ground.
#[derive(Default)]
pub struct Patches {
    all: Vec<Patch>,
}

/// Holds the features of one square, and all the ground that they reach.
struct Patch {
    reach: BBox,
    path: Path2d,
}

/// Side of a square in path units: a district of 30 km has some hundred, a community lies in a few.
const SIDE: f64 = 16_384.0;
/// How far a line may be drawn beside its path, CSS pixels.
const WIDEST: f64 = 32.0;

impl Patches {
    /// Joins features by the square that their middle is in; `None` where the browser has no paths.
    pub fn gather<'a>(anchor: Anchor, features: impl IntoIterator<Item = (BBox, &'a Path2d)>) -> Option<Self> {
        let mut squares = BTreeMap::<(i64, i64), Patch>::new();
        for (reach, path) in features {
            let key = square(anchor.path_point(reach.center()));
            if let Some(patch) = squares.get_mut(&key) {
                patch.reach = patch.reach.union(&reach);
                patch.path.add_path(path);
            } else {
                squares.insert(key, Patch { reach, path: Path2d::new_with_other(path).ok()? });
            }
        }
        Some(Self { all: squares.into_values().collect() })
    }

    /// Iterates over the paths that a picture shows some of.
    pub fn seen(&self, frame: &Frame) -> impl Iterator<Item = &Path2d> + use<'_> {
        let (low, high) = (
            frame.ground(Px { x: -WIDEST, y: frame.height + WIDEST }),
            frame.ground(Px { x: frame.width + WIDEST, y: -WIDEST }),
        );
        let view = BBox { west: low.lon, south: low.lat, east: high.lon, north: high.lat };
        self.all.iter().filter(move |patch| patch.reach.intersects(&view)).map(|patch| &patch.path)
    }
}

fn square(at: Px) -> (i64, i64) {
    let number = |at: f64| (at / SIDE).floor() as i64;
    (number(at.x), number(at.y))
}

#[cfg(test)]
mod tests {
    use super::*;
    use fengtu_geo::LonLat;

    #[test]
    fn neighbours_share_a_square_and_far_places_do_not() {
        let hall = LonLat { lon: 113.935_9, lat: 22.748_6 };
        let anchor = Anchor::at(hall);
        let of = |lon: f64| square(anchor.path_point(LonLat { lon, ..hall }));
        assert_eq!(of(113.937), of(113.938));
        assert_ne!(of(113.937), of(113.99));
    }
}
