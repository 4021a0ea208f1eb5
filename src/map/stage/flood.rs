//! A flood: changes that come close upon one another for a while, so that drawing must not take a frame's whole time.

use super::{Slot, Stage};
use crate::browser::clock;

/// Changes that come closer than this, milliseconds, and so many of them, are a flood: a margin would be drawn in vain.
const HURRY_MS: f64 = 400.0;
const FLOOD: u32 = 5;

impl Stage {
    /// Takes note of a change, and tells whether many have come close upon one another.
    pub(super) fn is_flood(&self, now_ms: f64) -> bool {
        let (last_ms, before) = self.hurry.get();
        let count = if now_ms - last_ms < HURRY_MS { before.saturating_add(1) } else { 0 };
        self.hurry.set((now_ms, count));
        count > FLOOD
    }

    /// Draws; where levels have changed, and all through a flood, not in the frame itself but as soon as it is shown: drawing,
    /// and what the browser does of what else has changed, would be too much for one task.
    pub(super) fn on_frame(&self, now_ms: f64) {
        self.next_heat();
        if !self.is_in_flood(now_ms) && !self.is_of_levels() {
            return self.draw_dirty(now_ms);
        }
        let me = self.me.clone();
        let draw = move || {
            if let Some(stage) = me.upgrade().filter(|stage| stage.on_frame.borrow().is_some()) {
                stage.draw_dirty(clock::monotonic_ms());
            }
        };
        clock::later(0, draw);
    }

    fn is_in_flood(&self, now_ms: f64) -> bool {
        let (last_ms, count) = self.hurry.get();
        count > 0 && now_ms - last_ms < HURRY_MS
    }

    /// Tells whether levels alone are to be drawn anew: a new view and new colours soil the borders of what has levels too.
    fn is_of_levels(&self) -> bool {
        let is_dirty = |slot: Slot| self.pictures.iter().any(|picture| picture.slot == slot && picture.dirty.get());
        is_dirty(Slot::Areas) && !is_dirty(Slot::Borders)
    }
}
