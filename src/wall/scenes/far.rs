//! What a remote does to the show, from wherever it is.

use super::{Programme, Scene, Show, step};

/// A wall that was darkened and forgotten is lit again after so long, seconds.
pub(super) const DARK_S: f64 = 14_400.0;

impl Show {
    /// A remote has stopped it.
    pub fn hold(&mut self, now_s: f64) {
        (self.far, self.held_until_s) = (true, None);
        self.paused_until_s = Some(now_s + self.rules.hold_s);
    }

    /// A remote has chosen something: what was held stays held.
    fn reach(&mut self, now_s: f64) {
        self.dark_until_s = None;
        let until = self.held().unwrap_or(0.0);
        (self.far, self.held_until_s) = (true, None);
        self.paused_until_s = Some(until.max(now_s + self.rules.resume_s));
    }

    /// Shows nothing, but for what turns red from now on: what is on has been seen.
    pub fn darken(&mut self, now_s: f64) {
        (self.dark_until_s, self.lit) = (Some(now_s + DARK_S), false);
    }

    /// Shows something again.
    pub const fn light(&mut self) {
        self.dark_until_s = None;
    }

    /// A remote has chosen the days of the figures, until the wall goes on by itself.
    pub fn set_days(&mut self, days: u16, now_s: f64) {
        self.days = days;
        self.reach(now_s);
    }

    /// A remote has chosen a scene.
    pub fn choose_far(&mut self, scene: Scene, now_s: f64) {
        self.interrupted = None;
        (self.now, self.is_first) = (scene, false);
        self.reach(now_s);
    }

    /// A remote goes on, or back.
    pub fn turn_far(&mut self, programme: &Programme, forward: bool, now_s: f64) {
        let from = self.interrupted.take().unwrap_or_else(|| self.now.clone());
        self.choose_far(step(programme, &from, forward), now_s);
    }
}
