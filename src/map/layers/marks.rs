//! What lies over everything: the measured line, the user's own place, new cases that pulse once.

use std::f64::consts::PI;

use fengtu_geo::distance;

use super::{Brush, Drawn};
use crate::map::measure::Measure;
use crate::map::model::{Located, Pulse, Shared};
use crate::map::plane::Px;

/// Draws the marks.
#[derive(Default)]
pub struct MarkLayer {
    /// The measurement under way.
    pub measure: Measure,
    /// Where the user is.
    pub located: Option<Located>,
    pulses: Vec<Beat>,
    seen: u64,
}

struct Beat {
    pulse: Pulse,
    /// When its first picture was drawn, on the browser's clock.
    since_ms: Option<f64>,
}

/// How long a new case pulses, milliseconds.
const BEAT_MS: f64 = 1600.0;
/// How long its ring stays where nothing may move, milliseconds.
const STILL_MS: f64 = 6000.0;
/// More pulses at once than this would be noise: the oldest are left out.
const MOST: usize = 60;

impl MarkLayer {
    /// Takes the list of new cases; those that were taken before are not drawn again.
    pub fn set_pulses(&mut self, pulses: &Shared<Pulse>) {
        let fresh = pulses.iter().filter(|pulse| pulse.id > self.seen).map(|&pulse| Beat { pulse, since_ms: None });
        self.pulses.extend(fresh);
        self.seen = pulses.iter().map(|pulse| pulse.id).fold(self.seen, u64::max);
        let surplus = self.pulses.len().saturating_sub(MOST);
        self.pulses.drain(..surplus);
    }

    /// Tells whether there is anything to draw.
    pub fn wants(&self) -> bool {
        self.measure.is_on() || self.located.is_some() || !self.pulses.is_empty()
    }

    /// Draws them.
    pub fn draw(&mut self, brush: &Brush) -> Drawn {
        if let Some(located) = &self.located {
            draw_located(brush, located);
        }
        self.draw_measure(brush);
        self.draw_pulses(brush);
        if self.pulses.is_empty() { Drawn::Still } else { Drawn::Moving }
    }

    fn draw_measure(&self, brush: &Brush) {
        let line: Vec<Px> = self.measure.line().into_iter().map(|point| brush.frame.px(point)).collect();
        if line.is_empty() {
            return;
        }
        if self.measure.is_area() && line.len() > 3 {
            brush.ink.alpha(0.15);
            brush.ink.fill_with(&brush.theme.accent);
            brush.ink.polygon(&line);
            brush.ink.alpha(1.0);
        }
        brush.ink.line_with(&brush.theme.halo, 5.0);
        brush.ink.polyline(&line);
        brush.ink.line_with(&brush.theme.accent, 2.5);
        brush.ink.polyline(&line);
        for &corner in &line {
            brush.ink.fill_with(&brush.theme.halo);
            brush.ink.disc(corner, 5.0);
            brush.ink.fill_with(&brush.theme.accent);
            brush.ink.disc(corner, 3.5);
        }
    }

    fn draw_pulses(&mut self, brush: &Brush) {
        let lasts = if brush.still { STILL_MS } else { BEAT_MS };
        self.pulses.retain(|beat| beat.since_ms.is_none_or(|since| brush.now_ms - since < lasts));
        for beat in &mut self.pulses {
            let since = *beat.since_ms.get_or_insert(brush.now_ms);
            let share = ((brush.now_ms - since) / lasts).clamp(0.0, 1.0);
            let (radius, alpha) = if brush.still { (14.0, 1.0) } else { ring_at(share) };
            let at = brush.frame.px(beat.pulse.at);
            brush.ink.alpha(alpha);
            brush.ink.line_with(&brush.theme.case, 2.5);
            brush.ink.ring(at, radius);
            brush.ink.alpha(1.0);
            brush.ink.fill_with(&brush.theme.case);
            brush.ink.disc(at, 4.0);
        }
    }
}

/// Gives the radius and strength of a pulse's ring at a share of its time: out fast, then slowly gone.
fn ring_at(share: f64) -> (f64, f64) {
    let out = (share * PI / 2.0).sin();
    (4.0 + 26.0 * out, 1.0 - share)
}

fn draw_located(brush: &Brush, located: &Located) {
    let around = distance::circle(located.at, located.accuracy_m.clamp(1.0, 20_000.0), 72);
    let corners: Vec<Px> = around.into_iter().map(|point| brush.frame.px(point)).collect();
    brush.ink.alpha(0.12);
    brush.ink.fill_with(&brush.theme.accent);
    brush.ink.polygon(&corners);
    brush.ink.alpha(0.7);
    brush.ink.line_with(&brush.theme.accent, 1.0);
    brush.ink.polyline(&corners);
    brush.ink.alpha(1.0);
    let at = brush.frame.px(located.at);
    brush.ink.fill_with(&brush.theme.halo);
    brush.ink.disc(at, 8.0);
    brush.ink.fill_with(&brush.theme.accent);
    brush.ink.disc(at, 5.5);
}

#[cfg(test)]
mod tests {
    use super::*;
    use fengtu_geo::LonLat;
    use std::sync::Arc;

    fn pulse(id: u64) -> Pulse {
        Pulse { id, at: LonLat { lon: 113.9, lat: 22.7 } }
    }

    #[test]
    fn a_case_pulses_once_however_often_the_list_comes() {
        let mut layer = MarkLayer::default();
        layer.set_pulses(&Arc::new(vec![pulse(1), pulse(2)]));
        layer.set_pulses(&Arc::new(vec![pulse(1), pulse(2), pulse(3)]));
        assert_eq!(layer.pulses.iter().map(|beat| beat.pulse.id).collect::<Vec<_>>(), [1, 2, 3]);
        layer.pulses.clear();
        layer.set_pulses(&Arc::new(vec![pulse(3)]));
        assert!(!layer.wants());
    }

    #[test]
    fn a_flood_is_cut_to_the_newest() {
        let mut layer = MarkLayer::default();
        layer.set_pulses(&Arc::new((1..=500).map(pulse).collect()));
        assert_eq!(layer.pulses.len(), MOST);
        assert_eq!(layer.pulses.last().map(|beat| beat.pulse.id), Some(500));
    }

    #[test]
    fn the_ring_grows_and_fades() {
        let rings: Vec<_> = (0..=10).map(|tenth| ring_at(f64::from(tenth) / 10.0)).collect();
        assert!(rings.windows(2).all(|pair| pair[1].0 >= pair[0].0 && pair[1].1 < pair[0].1));
    }
}
