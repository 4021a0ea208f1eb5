//! The glyphs of stations: the same outlines on the map and in its legend.

use std::fmt::Write;

use fengtu_wire::grids::LandUse;
use fengtu_wire::stations::StationLevel;

/// What a station's symbol shows inside its disc.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glyph {
    /// A hall.
    Hall,
    /// A site among homes.
    Home,
    /// A site in an industrial park.
    Works,
    /// A site in a school.
    School,
    /// A site in a hospital.
    Cross,
    /// A site on a building site.
    Crane,
    /// A mobile station.
    Wheel,
}

/// Corners, in units of half the glyph's side from its middle; y points down.
type Outline = &'static [(f64, f64)];

/// How large a glyph is in its disc.
pub const SHARE: f64 = 0.58;

impl Glyph {
    /// Returns the glyph of a station.
    pub const fn of(level: StationLevel, site: Option<LandUse>) -> Self {
        match (level, site) {
            (StationLevel::Mobile, _) => Self::Wheel,
            (StationLevel::Site, Some(LandUse::IndustrialPark)) => Self::Works,
            (StationLevel::Site, Some(LandUse::School)) => Self::School,
            (StationLevel::Site, Some(LandUse::Hospital)) => Self::Cross,
            (StationLevel::Site, Some(LandUse::BuildingSite)) => Self::Crane,
            (StationLevel::Site, _) => Self::Home,
            _ => Self::Hall,
        }
    }

    /// Returns what is to be filled.
    pub const fn outlines(self) -> &'static [Outline] {
        match self {
            Self::Hall => HALL,
            Self::Home => HOME,
            Self::Works => WORKS,
            Self::School => SCHOOL,
            Self::Cross => CROSS,
            Self::Crane => CRANE,
            Self::Wheel => WHEEL,
        }
    }

    /// Returns the outlines as the path of an SVG.
    pub fn path(self) -> String {
        let mut path = String::new();
        for outline in self.outlines() {
            for (index, (x, y)) in outline.iter().enumerate() {
                // Writing to a string cannot fail.
                let _ = write!(path, "{}{x} {y}", if index == 0 { 'M' } else { 'L' });
            }
            path.push('Z');
        }
        path
    }
}

const HALL: &[Outline] = &[
    &[(-1.0, -0.3), (0.0, -1.0), (1.0, -0.3)],
    &[(-0.92, -0.1), (-0.58, -0.1), (-0.58, 0.65), (-0.92, 0.65)],
    &[(-0.17, -0.1), (0.17, -0.1), (0.17, 0.65), (-0.17, 0.65)],
    &[(0.58, -0.1), (0.92, -0.1), (0.92, 0.65), (0.58, 0.65)],
    &[(-1.0, 0.7), (1.0, 0.7), (1.0, 1.0), (-1.0, 1.0)],
];
const HOME: &[Outline] = &[&[(-1.0, 0.0), (0.0, -0.95), (1.0, 0.0), (0.7, 0.0), (0.7, 0.9), (-0.7, 0.9), (-0.7, 0.0)]];
const WORKS: &[Outline] = &[&[
    (-1.0, 0.9),
    (-1.0, -0.9),
    (-0.55, -0.9),
    (-0.55, -0.1),
    (0.0, -0.5),
    (0.0, -0.1),
    (0.55, -0.5),
    (0.55, -0.1),
    (1.0, -0.5),
    (1.0, 0.9),
]];
const SCHOOL: &[Outline] = &[
    &[(-1.1, -0.3), (0.0, -0.9), (1.1, -0.3), (0.0, 0.3)],
    &[(-0.6, 0.15), (0.0, 0.5), (0.6, 0.15), (0.6, 0.7), (0.0, 1.0), (-0.6, 0.7)],
];
const CROSS: &[Outline] = &[
    &[(-0.3, -0.95), (0.3, -0.95), (0.3, 0.95), (-0.3, 0.95)],
    &[(-0.95, -0.3), (0.95, -0.3), (0.95, 0.3), (-0.95, 0.3)],
];
const CRANE: &[Outline] = &[
    &[(-0.55, -1.0), (-0.25, -1.0), (-0.25, 1.0), (-0.55, 1.0)],
    &[(-1.0, -0.75), (1.0, -0.75), (1.0, -0.45), (-1.0, -0.45)],
    &[(0.6, -0.5), (0.8, -0.5), (0.8, 0.3), (0.6, 0.3)],
];
/// A bus; its wheels are octagons, which at this size are round.
const WHEEL: &[Outline] = &[
    &[(-1.0, -0.6), (0.3, -0.6), (0.3, 0.4), (-1.0, 0.4)],
    &[(0.4, -0.25), (0.8, -0.25), (1.05, 0.1), (1.05, 0.4), (0.4, 0.4)],
    &[(-0.27, 0.6), (-0.35, 0.8), (-0.55, 0.88), (-0.75, 0.8), (-0.83, 0.6), (-0.75, 0.4), (-0.55, 0.32), (-0.35, 0.4)],
    &[(0.88, 0.6), (0.8, 0.8), (0.6, 0.88), (0.4, 0.8), (0.32, 0.6), (0.4, 0.4), (0.6, 0.32), (0.8, 0.4)],
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outline_is_closed_and_stays_in_its_disc() {
        let all = [Glyph::Hall, Glyph::Home, Glyph::Works, Glyph::School, Glyph::Cross, Glyph::Crane, Glyph::Wheel];
        for (x, y) in all.iter().flat_map(|glyph| glyph.outlines().iter().flat_map(|o| o.iter())) {
            assert!(x.hypot(*y) * SHARE < 0.95, "{x} {y}");
        }
        assert!(all.iter().all(|glyph| glyph.path().starts_with('M') && glyph.path().ends_with('Z')));
        assert_eq!(Glyph::Home.path().matches('Z').count(), 1);
    }

    #[test]
    fn a_kind_has_its_glyph_only_where_it_is_a_site() {
        assert_eq!(Glyph::of(StationLevel::Site, Some(LandUse::School)), Glyph::School);
        assert_eq!(Glyph::of(StationLevel::Street, Some(LandUse::School)), Glyph::Hall);
        assert_eq!(Glyph::of(StationLevel::Site, None), Glyph::Home);
    }
}
