//! Cases and doors of buildings: the newest cases and single doors at high zoom, hit by the nearest within reach; under them
//! all cases and doors in clusters.

use fengtu_geo::LonLat;
use fengtu_geo::index::PointIndex;
use fengtu_geo::mercator;
use web_sys::Path2d;

use super::clusters::{CaseCrowd, DoorCrowd};
use super::{Brush, Drawn};
use crate::map::model::{BuildingMark, CaseMark, Hit, Shared};
use crate::map::plane::Px;

/// Zoom from which cases are drawn one by one.
pub const CASES_FROM: f64 = 15.0;
/// Zoom from which doors are drawn one by one.
pub const BUILDINGS_FROM: f64 = 16.0;
/// How near the pointer must come, CSS pixels.
const REACH_PX: f64 = 9.0;

/// Draws cases and doors.
#[derive(Default)]
pub struct PointLayer {
    cases: Shared<CaseMark>,
    case_index: Option<PointIndex>,
    buildings: Shared<BuildingMark>,
    building_index: Option<PointIndex>,
    marked: Vec<Hit>,
    /// All cases of the period.
    pub crowd: CaseCrowd,
    doors: DoorCrowd,
    /// What of many is pointed at.
    pub pointed: Option<Hit>,
}

impl PointLayer {
    /// Takes the cases.
    pub fn set_cases(&mut self, cases: Shared<CaseMark>) {
        self.case_index = Some(PointIndex::new(cases.iter().map(|case| case.at).collect()));
        self.cases = cases;
    }

    /// Takes the buildings.
    pub fn set_buildings(&mut self, buildings: Shared<BuildingMark>) {
        self.building_index = Some(PointIndex::new(buildings.iter().map(|building| building.at).collect()));
        self.doors.set(&buildings);
        self.buildings = buildings;
    }

    /// Takes what is chosen and pointed at.
    pub fn mark(&mut self, selected: Option<&Hit>, hovered: Option<&Hit>) {
        self.marked = [selected, hovered].into_iter().flatten().cloned().collect();
    }

    /// Tells whether there is anything to draw.
    pub fn wants(&self) -> bool {
        !self.cases.is_empty() || !self.buildings.is_empty() || self.crowd.wants()
    }

    /// Names the case, the door or the cluster at a place, as they are drawn at this zoom.
    pub fn hit(&self, at: LonLat, zoom: f64) -> Option<Hit> {
        let many = || self.crowd.hit(at, zoom);
        self.hit_case(at, zoom).or_else(many).or_else(|| self.hit_building(at, zoom))
    }

    fn hit_case(&self, at: LonLat, zoom: f64) -> Option<Hit> {
        let number = nearest(self.case_index.as_ref()?, at, zoom, CASES_FROM)?;
        let case = self.cases.get(number).filter(|case| !self.crowd.covers(case.at, zoom))?;
        Some(Hit::Case(case.number.clone()))
    }

    fn hit_building(&self, at: LonLat, zoom: f64) -> Option<Hit> {
        if zoom < BUILDINGS_FROM {
            return self.doors.hit(&self.buildings, at, zoom);
        }
        let number = nearest(self.building_index.as_ref()?, at, zoom, BUILDINGS_FROM)?;
        self.buildings.get(number).map(|building| Hit::Building(building.code.clone()))
    }

    /// Draws doors as squares, cases as dots and discs, the newest over them, urgent ones with a ring.
    pub fn draw(&mut self, brush: &Brush) -> Drawn {
        let zoom = brush.frame.zoom;
        if zoom >= BUILDINGS_FROM {
            self.draw_buildings(brush);
        } else {
            self.doors.draw(brush, &self.buildings, &self.marked, self.pointed.as_ref());
        }
        self.crowd.draw(brush, self.pointed.as_ref());
        if zoom >= CASES_FROM {
            self.draw_cases(brush);
        }
        let any = zoom >= CASES_FROM || self.crowd.wants() || !self.buildings.is_empty();
        if any { Drawn::Still } else { Drawn::Nothing }
    }

    fn draw_buildings(&self, brush: &Brush) {
        let Ok(path) = Path2d::new() else { return };
        let (bounds, half) = (brush.frame.bounds(), (brush.frame.zoom - 13.5).clamp(2.0, 5.0));
        for building in self.buildings.iter().filter(|building| bounds.contains(building.at)) {
            let Px { x, y } = brush.frame.px(building.at);
            path.rect(x - half, y - half, 2.0 * half, 2.0 * half);
            if self.marked.iter().any(|hit| matches!(hit, Hit::Building(code) if *code == building.code)) {
                highlight(brush, Px { x, y }, half + 5.0);
            }
        }
        brush.ink.fill_with(&brush.theme.station_paper);
        brush.ink.fill(&path);
        brush.ink.line_with(&brush.theme.building, 1.2);
        brush.ink.stroke(&path);
    }

    fn draw_cases(&self, brush: &Brush) {
        let (bounds, zoom) = (brush.frame.bounds(), brush.frame.zoom);
        // What lies under a disc is counted in it.
        let shown = |case: &&CaseMark| bounds.contains(case.at) && !self.crowd.covers(case.at, zoom);
        for case in self.cases.iter().filter(shown) {
            let at = brush.frame.px(case.at);
            if self.marked.iter().any(|hit| matches!(hit, Hit::Case(number) if *number == case.number)) {
                highlight(brush, at, 10.0);
            }
            brush.ink.fill_with(&brush.theme.station_paper);
            brush.ink.disc(at, 5.0);
            brush.ink.fill_with(&brush.theme.case);
            brush.ink.disc(at, 3.8);
            if case.urgent {
                brush.ink.line_with(&brush.theme.case, 1.5);
                brush.ink.ring(at, 7.0);
            }
        }
    }
}

/// Rings a chosen point.
pub fn highlight(brush: &Brush, at: Px, radius: f64) {
    brush.ink.line_with(&brush.theme.halo, 5.0);
    brush.ink.ring(at, radius);
    brush.ink.line_with(&brush.theme.accent, 2.5);
    brush.ink.ring(at, radius);
}

fn nearest(index: &PointIndex, at: LonLat, zoom: f64, from: f64) -> Option<usize> {
    if zoom < from {
        return None;
    }
    let reach_m = REACH_PX * mercator::metres_per_pixel(at.lat, zoom);
    index.nearest(at).filter(|found| found.metres <= reach_m).map(|found| found.index)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn a_case_is_hit_before_the_door_it_stands_at_and_only_when_drawn() {
        let at = LonLat { lon: 113.9, lat: 22.7 };
        let mut layer = PointLayer::default();
        layer.set_cases(Arc::new(vec![CaseMark { number: "C1".into(), at, urgent: false }]));
        layer.set_buildings(Arc::new(vec![BuildingMark { code: "B1".into(), at }]));
        assert_eq!(layer.hit(at, 17.0), Some(Hit::Case("C1".into())));
        assert_eq!(layer.hit(at, 14.0), None, "not drawn, not hit");
        layer.set_cases(Arc::default());
        assert_eq!(layer.hit(at, 17.0), Some(Hit::Building("B1".into())));
        assert_eq!(layer.hit(LonLat { lon: 113.9002, ..at }, 17.0), None, "20 m off is 17 pixels off");
    }
}
