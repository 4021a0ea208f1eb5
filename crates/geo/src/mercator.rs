//! Spherical Web Mercator (EPSG:3857): metres, world pixels at a zoom, tiles of 256 pixels.

use std::f64::consts::PI;

use crate::coord::{BBox, LonLat, round_the_world};
use crate::ellipsoid;

/// Greatest latitude on the square world, degrees.
pub const MAX_LATITUDE: f64 = 85.051_128_779_806_59;
/// Side of a tile, pixels.
pub const TILE: f64 = 256.0;
/// Greatest zoom that tiles are counted at.
pub const MAX_ZOOM: u8 = 30;
/// Half the side of the square world, metres.
pub const HALF_WORLD: f64 = PI * ellipsoid::A;

/// Holds a place in the projection's metres: x to the east, y to the north.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Metres {
    /// East of Greenwich.
    pub x: f64,
    /// North of the equator.
    pub y: f64,
}

/// Holds a place in world pixels at some zoom: x to the east from 180° W, y to the south from the top.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WorldPixel {
    /// From the western edge of the world.
    pub x: f64,
    /// From the northern edge of the world.
    pub y: f64,
}

/// Names a tile in the XYZ scheme (row 0 in the north).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tile {
    /// Column.
    pub x: u32,
    /// Row.
    pub y: u32,
    /// Zoom.
    pub z: u8,
}

/// Projects to metres; latitudes beyond ±[`MAX_LATITUDE`] are clamped to it.
pub fn project(point: LonLat) -> Metres {
    let lat = point.lat.clamp(-MAX_LATITUDE, MAX_LATITUDE).to_radians();
    Metres { x: ellipsoid::A * point.lon.to_radians(), y: ellipsoid::A * lat.tan().asinh() }
}

/// Takes metres back to degrees.
pub fn unproject(metres: Metres) -> LonLat {
    LonLat { lon: (metres.x / ellipsoid::A).to_degrees(), lat: (metres.y / ellipsoid::A).sinh().atan().to_degrees() }
}

/// Takes a place round the world to where it is nearest to another, metres east: what stands on the two sides of the antimeridian is a
/// world apart in numbers. What is nearest as it is stays so, to the last bit.
pub fn nearest(x: f64, to: f64) -> f64 {
    round_the_world(x, to, 2.0 * HALF_WORLD)
}

/// Gives the side of the world in pixels at a zoom, which may be a fraction.
pub fn world_size(zoom: f64) -> f64 {
    TILE * zoom.exp2()
}

/// Projects to world pixels at a zoom, which may be a fraction.
pub fn to_world_pixel(point: LonLat, zoom: f64) -> WorldPixel {
    let metres = project(point);
    let scale = world_size(zoom) / (2.0 * HALF_WORLD);
    WorldPixel { x: (metres.x + HALF_WORLD) * scale, y: (HALF_WORLD - metres.y) * scale }
}

/// Takes world pixels at a zoom back to degrees.
pub fn from_world_pixel(pixel: WorldPixel, zoom: f64) -> LonLat {
    let scale = 2.0 * HALF_WORLD / world_size(zoom);
    unproject(Metres { x: pixel.x * scale - HALF_WORLD, y: HALF_WORLD - pixel.y * scale })
}

/// Gives the metres on the ground that one pixel spans at a latitude and zoom (on the projection's sphere).
pub fn metres_per_pixel(lat: f64, zoom: f64) -> f64 {
    let lat = lat.clamp(-MAX_LATITUDE, MAX_LATITUDE);
    2.0 * HALF_WORLD * lat.to_radians().cos() / world_size(zoom)
}

/// Gives the tile that holds a point; places off the square world fall to its edge tiles.
pub fn tile_at(point: LonLat, zoom: u8) -> Tile {
    let z = zoom.min(MAX_ZOOM);
    let pixel = to_world_pixel(point, f64::from(z));
    let last = (1_u32 << z) - 1;
    // A cast from float saturates and takes NaN to 0, which is the clamp wanted here.
    let cell = |pixels: f64| ((pixels / TILE).floor() as u32).min(last);
    Tile { x: cell(pixel.x), y: cell(pixel.y), z }
}

/// Gives the box of degrees that a tile spans.
pub fn tile_bbox(tile: Tile) -> BBox {
    let corner = |x: u32, y: u32| {
        let pixel = WorldPixel { x: f64::from(x) * TILE, y: f64::from(y) * TILE };
        from_world_pixel(pixel, f64::from(tile.z.min(MAX_ZOOM)))
    };
    let (top_left, bottom_right) = (corner(tile.x, tile.y), corner(tile.x.saturating_add(1), tile.y.saturating_add(1)));
    BBox { west: top_left.lon, south: bottom_right.lat, east: bottom_right.lon, north: top_left.lat }
}

/// Lists the tiles that touch a box, row by row; `None` if they would be more than `limit`.
pub fn tiles_in(area: &BBox, zoom: u8, limit: usize) -> Option<Vec<Tile>> {
    let first = tile_at(LonLat { lon: area.west, lat: area.north }, zoom);
    let last = tile_at(LonLat { lon: area.east, lat: area.south }, zoom);
    let count = u64::from((last.x + 1).saturating_sub(first.x)) * u64::from((last.y + 1).saturating_sub(first.y));
    if count > limit as u64 {
        return None;
    }
    let row = |y| (first.x..=last.x).map(move |x| Tile { x, y, z: first.z });
    Some((first.y..=last.y).flat_map(row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HALL: LonLat = LonLat { lon: 113.935_9, lat: 22.748_6 };

    #[test]
    fn metres_are_those_of_epsg_3857() {
        // EPSG guidance note 7-2, worked example of "Popular Visualisation Pseudo Mercator".
        let got = project(LonLat { lon: -100.333_333_333_333_33, lat: 24.381_786_944_444_446 });
        assert!((got.x - -11_169_055.58).abs() < 0.01 && (got.y - 2_800_000.0).abs() < 0.01, "{got:?}");
    }

    #[test]
    fn poles_are_clamped_to_the_square() {
        let top = project(LonLat { lon: 180.0, lat: 90.0 });
        assert!((top.x - HALF_WORLD).abs() < 1e-6 && (top.y - HALF_WORLD).abs() < 1e-6);
        assert_eq!(tile_at(LonLat { lon: 180.0, lat: -90.0 }, 3), Tile { x: 7, y: 7, z: 3 });
    }

    #[test]
    fn pixels_come_back_at_a_fractional_zoom() {
        let back = from_world_pixel(to_world_pixel(HALL, 14.37), 14.37);
        assert!((back.lon - HALL.lon).abs() < 1e-11 && (back.lat - HALL.lat).abs() < 1e-11);
    }

    #[test]
    fn a_tile_holds_its_point() {
        for zoom in 0..=20 {
            assert!(tile_bbox(tile_at(HALL, zoom)).contains(HALL), "zoom {zoom}");
        }
    }

    #[test]
    fn tiles_of_a_box_are_limited() {
        let area = BBox::of(HALL).padded(0.05);
        let tiles = tiles_in(&area, 13, 100).unwrap_or_default();
        assert!(tiles.contains(&tile_at(HALL, 13)) && tiles.len() > 4);
        assert_eq!(tiles_in(&area, 30, 100), None);
    }
}
