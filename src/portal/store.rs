//! What the page knows: the district, its stations, where the resident is, and what they look for.

use chrono::{DateTime, FixedOffset, Utc};
use fengtu_domain::calendar::WorkCalendar;
use fengtu_geo::LonLat;
use fengtu_wire::buildings::Building;
use fengtu_wire::config::Essentials;
use fengtu_wire::geojson::Feature;
use fengtu_wire::stations::Station;

use super::nearby::{self, Nearby, Wish};
use crate::api::ApiError;
use crate::browser::geolocation::GeolocationError;
use crate::state::Loadable;

/// How many stations are shown before "more" is pressed.
pub const FIRST: usize = 5;

/// Everything that the page shows.
#[derive(Debug, Clone, PartialEq)]
pub struct PortalStore {
    /// The district's settings.
    pub config: Loadable<Essentials>,
    /// All its stations.
    pub stations: Loadable<Vec<Feature<Station>>>,
    /// Where the resident is.
    pub here: Here,
    /// What they look for.
    pub wish: Wish,
    /// How many stations are shown.
    pub shown: usize,
}

impl Default for PortalStore {
    fn default() -> Self {
        Self {
            config: Loadable::default(),
            stations: Loadable::default(),
            here: Here::default(),
            wish: Wish::default(),
            shown: FIRST,
        }
    }
}

/// Where the resident is, and how that is known.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Here {
    /// Nothing is known yet.
    #[default]
    Unknown,
    /// The phone or the server is being asked.
    Asking,
    /// The phone's own position; it stays on the phone.
    Phone {
        /// Where.
        at: LonLat,
        /// Accuracy in metres.
        accuracy_m: f64,
    },
    /// A building, from the code on its door or from the address search.
    Building {
        /// Where.
        at: LonLat,
        /// What to call it.
        name: String,
    },
    /// Several buildings match what was typed.
    Choices(Vec<Building>),
    /// No building matches.
    NoMatch,
    /// The phone has no position.
    NoPosition(GeolocationError),
    /// The server could not be asked.
    Failed(ApiError),
}

impl Here {
    /// Returns the position, if there is one.
    pub const fn at(&self) -> Option<LonLat> {
        match self {
            Self::Phone { at, .. } | Self::Building { at, .. } => Some(*at),
            _ => None,
        }
    }

    /// Takes the answer to a search; the very code of a door, or a single match, needs no choosing.
    pub fn of_search(text: &str, found: Vec<Building>) -> Self {
        let exact = found.iter().find(|building| building.code.as_str().eq_ignore_ascii_case(text.trim()));
        match (exact, found.as_slice()) {
            (Some(one), _) | (None, [one]) => Self::of_building(one),
            (None, []) => Self::NoMatch,
            _ => Self::Choices(found),
        }
    }

    /// Stands at a building; one that is not on the map cannot be stood at.
    pub fn of_building(building: &Building) -> Self {
        let at = building.at.and_then(|[lon, lat]| LonLat::new(lon, lat).ok());
        let name = format!("{} {}", building.address, building.name);
        at.map_or(Self::NoMatch, |at| Self::Building { at, name: name.trim().to_owned() })
    }
}

impl PortalStore {
    /// Lists the stations as seen from the resident, nearest first; empty while something is missing.
    pub fn nearby(&self, now: DateTime<Utc>) -> Vec<Nearby> {
        let (Some(config), Some(stations), Some(from)) = (self.config.value(), self.stations.value(), self.here.at())
        else {
            return Vec::new();
        };
        let calendar = WorkCalendar::new(&config.calendar);
        nearby::nearby(stations, from, local(now, config.utc_offset_s), &calendar, &config.circles)
    }

    /// Changes the wish and begins the list anew.
    pub fn set_wish(&mut self, wish: Wish) {
        self.wish = wish;
        self.shown = FIRST;
    }

    /// Moves the resident and begins the list anew.
    pub fn set_here(&mut self, here: Here) {
        self.here = here;
        self.shown = FIRST;
    }
}

/// Returns a moment in the district's own offset; an absurd offset counts as none.
pub fn local(at: DateTime<Utc>, utc_offset_s: i32) -> DateTime<FixedOffset> {
    let offset = FixedOffset::east_opt(utc_offset_s).or_else(|| FixedOffset::east_opt(0));
    offset.map_or_else(|| at.fixed_offset(), |offset| at.with_timezone(&offset))
}

#[cfg(test)]
mod tests {
    use fengtu_wire::grids::LandUse;

    use super::*;

    fn building(code: &str, at: Option<[f64; 2]>) -> Building {
        Building {
            code: code.into(),
            name: "3栋".to_owned(),
            address: "光明大道 1 号".to_owned(),
            place: None,
            at,
            floors: None,
            population: 0,
            land_use: LandUse::Estate,
        }
    }

    #[test]
    fn the_code_of_a_door_needs_no_choosing() {
        let found = vec![building("GM01", Some([113.9, 22.7])), building("GM011", Some([113.9, 22.7]))];
        assert!(matches!(Here::of_search(" gm01 ", found.clone()), Here::Building { .. }));
        assert!(matches!(Here::of_search("光明", found.clone()), Here::Choices(_)));
        assert!(matches!(Here::of_search("光明", found[..1].to_vec()), Here::Building { .. }));
        assert_eq!(Here::of_search("光明", Vec::new()), Here::NoMatch);
    }

    #[test]
    fn a_building_that_is_not_on_the_map_cannot_be_stood_at() {
        assert_eq!(Here::of_building(&building("A", None)), Here::NoMatch);
        assert_eq!(Here::of_building(&building("A", Some([f64::NAN, 22.7]))), Here::NoMatch);
    }

    #[test]
    fn nothing_is_near_while_something_is_missing() {
        let store = PortalStore { here: Here::Unknown, ..PortalStore::default() };
        assert!(store.nearby(DateTime::UNIX_EPOCH).is_empty());
    }
}
