//! A sheet: what the browser shows of several pictures. One lies under the heat, one over it.
//!
//! Each has two faces. One is seen; on the other pictures are laid one by one while the map pans, and then it is turned over.

use std::cell::Cell;

use web_sys::{Document, HtmlElement};

use super::ink::Ink;
use super::layers::{Drawn, Part, Slot};
use super::picture::Picture;
use super::plane::{Frame, Px};

/// Holds how far pictures have had their turns: those before the next lie on the backs of the sheets.
#[derive(Debug, Clone, Copy)]
pub struct Round {
    /// What they are drawn for.
    pub frame: Frame,
    /// How many have been looked at.
    pub next: usize,
}

/// Holds both sheets, the lower one first.
pub struct Sheets {
    both: [Sheet; 2],
    /// A canvas of one pixel.
    probe: Ink,
}

impl Sheets {
    /// Takes the sheets.
    pub const fn new(under: Sheet, over: Sheet, probe: Ink) -> Self {
        Self { both: [under, over], probe }
    }

    /// Tells whether any of some pictures lies on a sheet.
    pub fn any<'a>(&self, pictures: impl Iterator<Item = &'a Picture> + Clone) -> [bool; 2] {
        self.both.each_ref().map(|sheet| pictures.clone().any(|picture| sheet.takes(picture)))
    }

    /// Lays pictures on those sheets that are chosen, anew.
    pub fn lay(&self, chosen: [bool; 2], pictures: &[Picture], frame: &Frame, origin: Px) {
        for (sheet, _) in self.both.iter().zip(chosen).filter(|(_, chosen)| *chosen) {
            sheet.lay(pictures, frame);
            sheet.place(origin, frame.zoom);
        }
    }

    /// Empties the sides that are not seen.
    pub fn begin(&self, frame: &Frame) {
        self.both.iter().for_each(|sheet| sheet.back().prepare(frame));
    }

    /// Lays one more picture on the side of its sheet that is not seen.
    pub fn add(&self, picture: &Picture, frame: &Frame) {
        for sheet in self.both.iter().filter(|sheet| !picture.empty.get() && sheet.takes(picture)) {
            picture.lay_on(sheet.back(), frame);
            // Or the browser would lay all of them at once, when the sheet is turned over.
            sheet.back().settle(&self.probe);
        }
    }

    /// Turns both over.
    pub fn turn(&self, frame: &Frame, origin: Px) {
        self.both.iter().for_each(|sheet| sheet.turn(frame));
        self.place(origin, frame.zoom);
    }

    /// Gives the memory of the sides that are not seen back.
    pub fn forget_backs(&self, frame: Frame) {
        self.both.iter().for_each(|sheet| sheet.back().forget(frame));
    }

    /// Moves and scales what is seen in a map at a zoom whose layer origin is the world pixel `origin`.
    pub fn place(&self, origin: Px, zoom: f64) {
        self.both.iter().for_each(|sheet| sheet.place(origin, zoom));
    }
}

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
    fn takes(&self, picture: &Picture) -> bool {
        picture.slot.part() == Some(self.part)
    }

    /// Lays its own pictures on the side that is seen, anew.
    fn lay(&self, pictures: &[Picture], frame: &Frame) {
        self.front().prepare(frame);
        let own = pictures.iter().filter(|picture| self.takes(picture));
        own.for_each(|picture| picture.lay_on(self.front(), frame));
        self.front().finish(Drawn::Still, *frame);
    }

    /// Turns the sheet over.
    fn turn(&self, frame: &Frame) {
        self.back().finish(Drawn::Still, *frame);
        // Its memory is kept for the next turn: to give it back and ask for it again takes longer than to draw on it.
        self.front().hide(*frame);
        self.front.set(1 - self.front.get());
    }

    fn place(&self, origin: Px, zoom: f64) {
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
