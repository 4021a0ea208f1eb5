//! Pure geometry for places on the earth: no I/O, no clock, no serialisation.
//!
//! Everything inside is WGS-84 longitude/latitude in degrees (CGCS2000 differs by centimetres) and metres.
//! Modules, in reading order:
//!
//! * [`coord`]: a checked coordinate and a box of coordinates;
//! * [`datum`]: GCJ-02 and BD-09 to WGS-84 and back, once, at the edge;
//! * [`ellipsoid`]: the figure of the earth, and what a degree or a quadrangle measures on it;
//! * [`mercator`]: Web Mercator metres, world pixels and tiles;
//! * [`distance`]: geodesic distance, destination, circle;
//! * [`polygon`]: areas with holes: area, centroid, containment;
//! * [`validity`]: what can be wrong with a polygon, and what can be repaired;
//! * [`scanline`]: where a line of latitude runs inside a polygon;
//! * [`index`]: the nearest of many points, the polygon around a point;
//! * [`cluster`]: points that stand too near to be told apart, gathered;
//! * [`coverage`]: what circles cover of a region and of its buildings;
//! * [`outline`]: the edge of a raster mask as rings for drawing;
//! * [`siting`]: where one more circle would cover most;
//! * [`walk`]: an estimate of walking distance and time.
//!
//! No function panics, whatever the numbers: a NaN in gives a NaN, nothing, or an error out.
#![forbid(unsafe_code)]

pub mod cluster;
pub mod coord;
pub mod coverage;
pub mod datum;
pub mod distance;
pub mod ellipsoid;
pub mod index;
pub mod mercator;
pub mod order;
pub mod outline;
pub mod polygon;
pub mod scanline;
pub mod siting;
pub mod validity;
pub mod walk;

pub use coord::{BBox, CoordError, LonLat};
pub use coverage::{Circle, WeightedPoint};
pub use datum::Datum;
pub use polygon::{MultiPolygon, Polygon, Ring};
