//! Sorts of station that a view leaves out, and how a query names them.

use fengtu_wire::grids::LandUse;
use fengtu_wire::stations::{Station, StationLevel};

/// A sort of station: those of a level, or the sites in one kind of ground.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StationSort {
    /// Every station of a level.
    Level(StationLevel),
    /// The sites in an estate, a school, a hospital…
    Site(LandUse),
}

impl StationSort {
    /// Returns its name in a query; no level is called like a kind of ground.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Level(level) => level.as_str(),
            Self::Site(land) => land.as_str(),
        }
    }

    /// Reads a name.
    pub fn from_name(name: &str) -> Option<Self> {
        let level = name.parse().ok().map(Self::Level);
        level.or_else(|| name.parse().ok().map(Self::Site))
    }
}

/// Whether a station is shown where some sorts are left out.
pub fn is_shown(station: &Station, hidden: &[StationSort]) -> bool {
    hidden.iter().all(|sort| match sort {
        StationSort::Level(level) => station.level != *level,
        StationSort::Site(land) => station.site != Some(*land),
    })
}

/// Switches a sort in a list that stays in order and without doubles.
pub fn show(hidden: &mut Vec<StationSort>, sort: StationSort, on: bool) {
    hidden.retain(|other| *other != sort);
    if !on {
        hidden.push(sort);
        fengtu_geo::order::sort_by(hidden, Ord::cmp);
    }
}

/// Writes a list.
pub fn write(hidden: &[StationSort]) -> String {
    hidden.iter().map(|sort| sort.as_str()).collect::<Vec<_>>().join(".")
}

/// Reads a list; `None` if it names a sort that there is not.
pub fn read(value: &str) -> Option<Vec<StationSort>> {
    let mut hidden = Vec::new();
    for name in value.split('.') {
        show(&mut hidden, StationSort::from_name(name)?, false);
    }
    Some(hidden)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sort_has_a_name_of_its_own() {
        let levels = StationLevel::ALL.iter().map(|l| StationSort::Level(*l));
        for sort in levels.chain(LandUse::ALL.iter().map(|l| StationSort::Site(*l))) {
            assert_eq!(StationSort::from_name(sort.as_str()), Some(sort));
        }
        assert_eq!(StationSort::from_name("castle"), None);
    }

    #[test]
    fn a_list_stays_in_order_and_without_doubles() {
        let (school, mobile) = (StationSort::Site(LandUse::School), StationSort::Level(StationLevel::Mobile));
        let mut hidden = vec![];
        for sort in [school, mobile, school] {
            show(&mut hidden, sort, false);
        }
        assert_eq!((write(&hidden), read("school.mobile")), ("mobile.school".to_owned(), Some(hidden.clone())));
        show(&mut hidden, school, true);
        assert_eq!(hidden, [mobile]);
        assert_eq!(read("mobile.castle"), None);
    }
}
