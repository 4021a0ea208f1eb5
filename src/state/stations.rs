//! Service stations.

use fengtu_wire::geojson::Feature;
use fengtu_wire::ids::StationId;
use fengtu_wire::stations::Station;

use super::Loadable;

/// The stations as far as they are known.
#[derive(Debug, Clone, Default)]
pub struct StationsStore {
    /// Every station of the district.
    pub all: Loadable<Vec<Feature<Station>>>,
}

impl StationsStore {
    /// Returns a station with its position.
    pub fn get(&self, id: &StationId) -> Option<&Feature<Station>> {
        self.all.value()?.iter().find(|f| f.properties.id == *id)
    }

    /// Returns the stations that have no usable coordinate.
    pub fn not_on_map(&self) -> impl Iterator<Item = &Station> {
        let all = self.all.value().map(Vec::as_slice).unwrap_or_default();
        all.iter().filter(|f| f.geometry.is_none() && f.properties.stops.is_empty()).map(|f| &f.properties)
    }
}
