//! Datums in use in China, and the way from each to WGS-84 and back.
//!
//! GCJ-02 (Amap, Tencent) and BD-09 (Baidu) shift coordinates by a published-by-practice transform; the constants and
//! polynomials below are those of the widely used open implementations (`eviltransform`, `coordtransform`). The inverses
//! here iterate, so that a round trip is exact to less than a millimetre, where the usual one-step inverse is off by metres.
//!
//! GCJ-02 is the identity outside a box around China. Within about a kilometre of that box's edge (none of it on Chinese
//! soil) the transform is not continuous and has no inverse; there, [`to_wgs84`] gives one of the candidates.

use std::f64::consts::PI;
use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::coord::{BBox, LonLat};

/// Names the datum that a coordinate is given in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Datum {
    /// GPS; EPSG:4326.
    Wgs84,
    /// China Geodetic Coordinate System 2000, within centimetres of WGS-84; EPSG:4490.
    Cgcs2000,
    /// The shifted datum of Chinese web maps.
    Gcj02,
    /// Baidu's further shift of GCJ-02, in degrees (`bd09ll`).
    Bd09,
}

/// Says that a text names no datum that is known here.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("unknown datum: expected WGS84, CGCS2000, GCJ02 or BD09")]
pub struct UnknownDatum;

impl Datum {
    /// Gives the name as written in configuration and interchange.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Wgs84 => "WGS84",
            Self::Cgcs2000 => "CGCS2000",
            Self::Gcj02 => "GCJ02",
            Self::Bd09 => "BD09",
        }
    }
}

impl fmt::Display for Datum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Datum {
    type Err = UnknownDatum;

    /// Reads a name in any case, with or without `-`, `_`, `:` and spaces; EPSG codes too.
    fn from_str(text: &str) -> Result<Self, UnknownDatum> {
        let plain: String = text.chars().filter(char::is_ascii_alphanumeric).take(16).collect();
        match plain.to_ascii_uppercase().as_str() {
            "WGS84" | "EPSG4326" => Ok(Self::Wgs84),
            "CGCS2000" | "EPSG4490" => Ok(Self::Cgcs2000),
            "GCJ02" => Ok(Self::Gcj02),
            "BD09" | "BD09LL" => Ok(Self::Bd09),
            _ => Err(UnknownDatum),
        }
    }
}

/// Converts a coordinate of any datum to WGS-84.
pub fn to_wgs84(datum: Datum, point: LonLat) -> LonLat {
    match datum {
        Datum::Wgs84 | Datum::Cgcs2000 => point,
        Datum::Gcj02 => gcj02_to_wgs84(point),
        Datum::Bd09 => gcj02_to_wgs84(bd09_to_gcj02(point)),
    }
}

/// Converts a WGS-84 coordinate to any datum.
pub fn from_wgs84(datum: Datum, point: LonLat) -> LonLat {
    match datum {
        Datum::Wgs84 | Datum::Cgcs2000 => point,
        Datum::Gcj02 => wgs84_to_gcj02(point),
        Datum::Bd09 => gcj02_to_bd09(wgs84_to_gcj02(point)),
    }
}

/// Where GCJ-02 differs from WGS-84 at all, by the published transform.
pub const GCJ02_AREA: BBox = BBox { west: 72.004, south: 0.8293, east: 137.8347, north: 55.8271 };

/// Converts WGS-84 to GCJ-02; the identity outside [`GCJ02_AREA`].
pub fn wgs84_to_gcj02(point: LonLat) -> LonLat {
    if GCJ02_AREA.contains(point) { shifted_by_gcj02(point) } else { point }
}

/// Converts GCJ-02 to WGS-84 to within 1e-9 degrees.
pub fn gcj02_to_wgs84(point: LonLat) -> LonLat {
    if GCJ02_AREA.contains(point) { inverse(shifted_by_gcj02, point) } else { point }
}

/// Converts BD-09 to GCJ-02 to within 1e-9 degrees.
pub fn bd09_to_gcj02(point: LonLat) -> LonLat {
    inverse(gcj02_to_bd09, point)
}

/// Angle per degree in Baidu's ripple.
const BD09_RIPPLE: f64 = PI * 3000.0 / 180.0;

/// Converts GCJ-02 to BD-09.
pub fn gcj02_to_bd09(point: LonLat) -> LonLat {
    let LonLat { lon, lat } = point;
    let radius = lon.hypot(lat) + 0.000_02 * (lat * BD09_RIPPLE).sin();
    let angle = lat.atan2(lon) + 0.000_003 * (lon * BD09_RIPPLE).cos();
    LonLat { lon: radius * angle.cos() + 0.0065, lat: radius * angle.sin() + 0.006 }
}

/// Finds `x` with `forward(x) = image`: the shift varies by at most 3 % per degree, so the plain iteration converges fast.
fn inverse(forward: impl Fn(LonLat) -> LonLat, image: LonLat) -> LonLat {
    const ENOUGH_DEGREES: f64 = 1e-12;
    let mut guess = image;
    for _ in 0..30 {
        let reached = forward(guess);
        let (lon, lat) = (reached.lon - image.lon, reached.lat - image.lat);
        guess = LonLat { lon: guess.lon - lon, lat: guess.lat - lat };
        if lon.abs().max(lat.abs()) < ENOUGH_DEGREES {
            break;
        }
    }
    guess
}

/// Semi-major axis of the Krasovsky ellipsoid that GCJ-02 is computed on, metres.
const KRASOVSKY_A: f64 = 6_378_245.0;
/// First eccentricity squared of the same.
const KRASOVSKY_E2: f64 = 0.006_693_421_622_965_943;

/// Applies the GCJ-02 shift without asking whether the point is in China.
fn shifted_by_gcj02(point: LonLat) -> LonLat {
    let (x, y) = (point.lon - 105.0, point.lat - 35.0);
    let (sin, cos) = point.lat.to_radians().sin_cos();
    let magic = 1.0 - KRASOVSKY_E2 * sin * sin;
    let meridian = KRASOVSKY_A * (1.0 - KRASOVSKY_E2) / (magic * magic.sqrt());
    let parallel = KRASOVSKY_A / magic.sqrt() * cos;
    LonLat {
        lon: point.lon + (east_shift(x, y) / parallel).to_degrees(),
        lat: point.lat + (north_shift(x, y) / meridian).to_degrees(),
    }
}

/// Gives the shift to the east in metres.
fn east_shift(x: f64, y: f64) -> f64 {
    let smooth = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * x.abs().sqrt();
    let ripple = 20.0 * (6.0 * x * PI).sin() + 20.0 * (2.0 * x * PI).sin();
    let swell = 20.0 * (x * PI).sin() + 40.0 * (x / 3.0 * PI).sin();
    let tide = 150.0 * (x / 12.0 * PI).sin() + 300.0 * (x / 30.0 * PI).sin();
    smooth + (ripple + swell + tide) * 2.0 / 3.0
}

/// Gives the shift to the north in metres.
fn north_shift(x: f64, y: f64) -> f64 {
    let smooth = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * x.abs().sqrt();
    let ripple = 20.0 * (6.0 * x * PI).sin() + 20.0 * (2.0 * x * PI).sin();
    let swell = 20.0 * (y * PI).sin() + 40.0 * (y / 3.0 * PI).sin();
    let tide = 160.0 * (y / 12.0 * PI).sin() + 320.0 * (y * PI / 30.0).sin();
    smooth + (ripple + swell + tide) * 2.0 / 3.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_near(left: LonLat, lon: f64, lat: f64, degrees: f64) {
        assert!((left.lon - lon).abs() < degrees && (left.lat - lat).abs() < degrees, "{left:?} is not {lon}, {lat}");
    }

    /// The examples in the read-me of `coordtransform`, to its last digits.
    #[test]
    fn forward_agrees_with_the_published_examples() {
        let point = LonLat { lon: 116.404, lat: 39.915 };
        assert_near(wgs84_to_gcj02(point), 116.410_244_499_169_38, 39.916_404_281_501_64, 1e-11);
        assert_near(gcj02_to_bd09(point), 116.410_369_493_710_29, 39.921_336_993_510_21, 1e-11);
    }

    /// The published inverses take one step; they are metres off, and ours must be near them.
    #[test]
    fn inverse_is_near_the_published_one_step_inverse() {
        let point = LonLat { lon: 116.404, lat: 39.915 };
        assert_near(gcj02_to_wgs84(point), 116.397_755_500_830_61, 39.913_595_718_498_36, 3e-5);
        assert_near(bd09_to_gcj02(point), 116.397_627_291_193_15, 39.908_656_739_576_31, 3e-5);
    }

    #[test]
    fn outside_china_nothing_moves() {
        let chicago = LonLat { lon: -87.65, lat: 41.85 };
        assert_eq!(wgs84_to_gcj02(chicago), chicago);
        assert_eq!(gcj02_to_wgs84(chicago), chicago);
    }

    #[test]
    fn names_are_read_back_in_many_spellings() {
        for datum in [Datum::Wgs84, Datum::Cgcs2000, Datum::Gcj02, Datum::Bd09] {
            assert_eq!(datum.to_string().parse(), Ok(datum));
        }
        assert_eq!("gcj-02".parse(), Ok(Datum::Gcj02));
        assert_eq!("EPSG:4490".parse(), Ok(Datum::Cgcs2000));
        assert_eq!("bd09ll".parse(), Ok(Datum::Bd09));
        assert_eq!("".parse::<Datum>(), Err(UnknownDatum));
        assert_eq!("beijing54".parse::<Datum>(), Err(UnknownDatum));
    }
}
