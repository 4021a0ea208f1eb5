//! Measures by corners that clicks or keys set: geodesic lengths, areas on the ellipsoid.

use fengtu_geo::{LonLat, distance, polygon};

use super::model::{MeasureMode, Measured};

/// Holds a measurement under way.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Measure {
    mode: MeasureMode,
    points: Vec<LonLat>,
    done: bool,
}

/// A corner set as near as this to the last one ends the measurement, metres times metres per pixel.
pub const END_PX: f64 = 6.0;

impl Measure {
    /// Starts anew in a mode.
    pub fn start(&mut self, mode: MeasureMode) {
        *self = Self { mode, ..Self::default() };
    }

    /// Tells whether clicks measure.
    pub fn is_on(&self) -> bool {
        self.mode != MeasureMode::Off
    }

    /// Sets a corner. One within `end_m` metres of the last ends the measurement; the next one starts another.
    pub fn set(&mut self, at: LonLat, end_m: f64) {
        if self.done {
            self.start(self.mode);
        }
        if self.points.last().is_some_and(|&last| distance::metres(last, at) <= end_m) {
            self.done = true;
        } else {
            self.points.push(at);
        }
    }

    /// Takes the last corner back; false if there was none.
    pub fn undo(&mut self) -> bool {
        self.done = false;
        self.points.pop().is_some()
    }

    /// Gives the corners as a line to draw: closed when an area is measured.
    pub fn line(&self) -> Vec<LonLat> {
        let closing = (self.mode == MeasureMode::Area && self.points.len() > 2).then(|| self.points.first().copied());
        self.points.iter().copied().chain(closing.flatten()).collect()
    }

    /// Tells whether the line is the edge of an area.
    pub fn is_area(&self) -> bool {
        self.mode == MeasureMode::Area
    }

    /// Gives the figures.
    pub fn measured(&self) -> Measured {
        let line = self.line();
        let area_m2 = self.is_area().then(|| polygon::signed_area_m2(&line).abs());
        Measured { points: self.points.clone(), length_m: distance::path_metres(&line), area_m2, done: self.done }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HALL: LonLat = LonLat { lon: 113.935_9, lat: 22.748_6 };

    fn square(mode: MeasureMode) -> Measure {
        let mut measure = Measure::default();
        measure.start(mode);
        let east = distance::destination(HALL, 90.0, 400.0);
        for at in [HALL, east, distance::destination(east, 0.0, 400.0), distance::destination(HALL, 0.0, 400.0)] {
            measure.set(at, 1.0);
        }
        measure
    }

    #[test]
    fn a_path_has_a_length_and_no_area() {
        let measured = square(MeasureMode::Distance).measured();
        assert!((measured.length_m - 1200.0).abs() < 0.1, "{measured:?}");
        assert_eq!(measured.area_m2, None);
    }

    #[test]
    fn a_ring_is_closed_by_itself() {
        let measured = square(MeasureMode::Area).measured();
        assert!((measured.length_m - 1600.0).abs() < 0.1);
        assert!(measured.area_m2.is_some_and(|area| (area - 160_000.0).abs() < 10.0), "{measured:?}");
    }

    #[test]
    fn the_last_corner_again_ends_it_and_the_next_starts_anew() {
        let mut measure = square(MeasureMode::Distance);
        let last = measure.points.last().copied().unwrap_or(HALL);
        measure.set(last, 1.0);
        assert!(measure.measured().done && measure.measured().points.len() == 4);
        measure.set(HALL, 1.0);
        assert_eq!(measure.measured().points, [HALL]);
        assert!(measure.undo() && !measure.undo());
    }
}
