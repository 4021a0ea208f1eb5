//! Drawing one picture: all of it, or, where it only lies elsewhere now, the ground that has come into it.

use super::Stage;
use crate::map::layers::{Brush, Drawn, Layers, Slot};
use crate::map::picture::Picture;
use crate::map::plane::{Frame, Shift};

impl Stage {
    /// Draws one picture; returns whether it moves, and so is to be drawn again.
    pub(super) fn draw(&self, picture: &Picture, frame: &Frame, view: &Frame, now_ms: f64) -> bool {
        let is_same = !picture.dirty.replace(false) && picture.late.replace(false);
        picture.late.set(false);
        let (mut layers, theme) = (self.layers.borrow_mut(), self.theme.borrow());
        if !layers.wants(picture.slot) {
            picture.forget(*frame);
            return false;
        }
        if picture.slot == Slot::Heat && layers.heat.comes_later() {
            let news = layers.ask_heat(frame, view, &theme);
            self.take_up(news);
            return false;
        }
        let (large, view) = (frame.enlarged(theme.scale()), view.enlarged(theme.scale()));
        if picture.slot == Slot::Points {
            let news = layers.ask_crowd(&large);
            self.take_up(news);
        }
        let brush = Brush {
            ink: &picture.ink,
            frame: &large,
            part: large,
            view: &view,
            theme: &theme,
            now_ms,
            still: self.still,
        };
        let shift = picture.shift_to(frame).filter(|_| is_same && picture.slot.is_ground());
        let drawn = if let Some(shift) = shift {
            draw_new_ground(picture.slot, &mut layers, &brush, shift)
        } else {
            picture.prepare(frame);
            brush.ink.start(&large);
            layers.draw(picture.slot, &brush)
        };
        picture.finish(drawn, *frame);
        if picture.slot.part().is_none() {
            picture.place(self.host.pixel_origin(), frame.zoom);
        }
        picture.dirty.set(drawn == Drawn::Moving);
        drawn == Drawn::Moving
    }
}

/// Moves what is drawn, and draws the strips that have come into the frame.
fn draw_new_ground(slot: Slot, layers: &mut Layers, brush: &Brush, Shift { by, strips }: Shift) -> Drawn {
    brush.ink.shift(by);
    for strip in strips {
        let part = Brush { part: brush.frame.part(strip), ..*brush };
        brush.ink.within(strip, brush.frame, || layers.draw(slot, &part));
    }
    Drawn::Still
}
