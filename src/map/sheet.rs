//! A sheet: what the browser shows of several pictures. One lies under the heat, one over it.
//!
//! Each has two faces. One is seen; on the other pictures are laid one by one while the map pans, and then it is turned over.

use std::cell::Cell;

use web_sys::{Document, HtmlElement};

use super::layers::{Drawn, Part, Slot};
use super::picture::Picture;
use super::plane::{Frame, Px};

/// Holds both faces.
pub struct Sheet {
    part: Part,
    faces: [Picture; 2],
    /// Which one is seen.
    front: Cell<usize>,
}

impl Sheet {
    /// Puts an empty sheet into a pane, for pictures from a slot up.
    pub fn new(part: Part, lowest: Slot, document: &Document, pane: &HtmlElement) -> Option<Self> {
        let face = || Picture::face(part, lowest, document, pane);
        Some(Self { part, faces: [face()?, face()?], front: Cell::new(0) })
    }

    /// Tells whether a picture is laid on it.
    pub fn takes(&self, picture: &Picture) -> bool {
        picture.slot.part() == Some(self.part)
    }

    /// Lays those of its pictures on the side that is seen, anew.
    pub fn lay(&self, pictures: &[Picture], frame: &Frame) {
        self.front().prepare(frame);
        let own = pictures.iter().filter(|picture| self.takes(picture));
        own.for_each(|picture| picture.lay_on(self.front(), frame));
        self.front().finish(Drawn::Still, *frame);
    }

    /// Empties the side that is not seen.
    pub fn begin(&self, frame: &Frame) {
        self.back().prepare(frame);
    }

    /// Lays one more picture on the side that is not seen, if it is one of its own.
    pub fn add(&self, picture: &Picture, frame: &Frame) {
        if self.takes(picture) {
            picture.lay_on(self.back(), frame);
        }
    }

    /// Turns the sheet over.
    pub fn turn(&self, frame: &Frame) {
        self.back().finish(Drawn::Still, *frame);
        self.front().forget(*frame);
        self.front.set(1 - self.front.get());
    }

    /// Moves and scales what is seen in a map at a zoom whose layer origin is the world pixel `origin`.
    pub fn place(&self, origin: Px, zoom: f64) {
        self.front().place(origin, zoom);
    }

    fn front(&self) -> &Picture {
        let [one, other] = &self.faces;
        if self.front.get() == 0 { one } else { other }
    }

    fn back(&self) -> &Picture {
        let [one, other] = &self.faces;
        if self.front.get() == 0 { other } else { one }
    }
}
