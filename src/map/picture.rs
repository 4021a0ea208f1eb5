//! A picture: a canvas that holds one layer, or all of them, for one frame of the map.
//!
//! Without a GPU a browser blends every canvas that it shows anew for every frame of a pan: ten large ones leave 20 frames a
//! second, one leaves 60. So a layer's picture is kept and not shown, and laid on the one that is.

use std::cell::Cell;

use web_sys::{Document, HtmlCanvasElement, HtmlElement};

use super::ink::{self, Ink};
use super::layers::heat::COARSE;
use super::layers::{Drawn, Part, Slot};
use super::plane::{Frame, Px, Shift};
use super::wish::HeatPicture;

/// Holds a canvas and what it was drawn for.
pub struct Picture {
    /// What it shows; of a sheet's face, the lowest.
    pub slot: Slot,
    /// Draws on it.
    pub ink: Ink,
    /// Whether it is to be drawn anew at once.
    pub dirty: Cell<bool>,
    /// Whether all that has changed is where the map looks: it can wait for its turn.
    pub late: Cell<bool>,
    /// What the canvas was last drawn for.
    pub shown: Cell<Option<Frame>>,
    /// Whether anything came of it; an empty picture is hidden.
    pub empty: Cell<bool>,
    canvas: HtmlCanvasElement,
    size: Cell<(u32, u32)>,
}

impl Picture {
    /// Makes the empty picture of a layer. Only one that stands apart is shown; the others are in the document all the same,
    /// so that whoever looks into a map finds what it is made of.
    pub fn new(slot: Slot, document: &Document, pane: &HtmlElement) -> Option<Self> {
        let class = if slot.part().is_none() { SHOWN } else { "map-picture" };
        let picture = Self::with_class(class, slot, document, pane)?;
        let _ = picture.canvas.set_attribute("data-picture", &format!("{slot:?}"));
        Some(picture)
    }

    /// Makes an empty face of a sheet that pictures from a slot up are laid on.
    pub fn face(part: Part, lowest: Slot, document: &Document, pane: &HtmlElement) -> Option<Self> {
        let face = Self::with_class(SHOWN, lowest, document, pane)?;
        let _ = face.canvas.set_attribute("data-sheet", &format!("{part:?}"));
        Some(face)
    }

    fn with_class(class: &str, slot: Slot, document: &Document, pane: &HtmlElement) -> Option<Self> {
        let (canvas, ink) = ink::canvas(document, 1, 1)?;
        canvas.set_class_name(class);
        let _ = canvas.set_attribute("aria-hidden", "true");
        canvas.set_hidden(true);
        pane.append_child(&canvas).ok()?;
        Some(Self {
            slot,
            ink,
            dirty: Cell::new(false),
            late: Cell::new(false),
            shown: Cell::new(None),
            empty: Cell::new(true),
            canvas,
            size: Cell::new((1, 1)),
        })
    }

    /// Gives the canvas and its frame, if there is anything on it.
    pub fn drawn(&self) -> Option<(HtmlCanvasElement, Frame)> {
        Some((self.canvas.clone(), self.shown.get().filter(|_| !self.empty.get())?))
    }

    /// Tells whether what is seen lies inside of it.
    pub fn holds(&self, view: &Frame) -> bool {
        self.shown.get().is_some_and(|shown| shown.holds(view))
    }

    /// Says how it becomes the picture of another frame by being moved.
    pub fn shift_to(&self, frame: &Frame) -> Option<Shift> {
        self.shown.get().filter(|_| !self.empty.get())?.shift_to(frame)
    }

    /// Gives the canvas the frame's size, if it has another, and empties it.
    pub fn prepare(&self, frame: &Frame) {
        let device = |side: f64| (side * frame.dpr).round() as u32;
        self.resize((device(frame.width), device(frame.height)), (frame.width, frame.height));
        self.ink.start(frame);
    }

    /// Lays down a heat picture that has come, and takes note of what it is of.
    pub fn show_heat(&self, heat: &HeatPicture) {
        let (width, height) = (heat.told.width, heat.told.height);
        let Some(image) = heat.image.as_ref().filter(|_| width > 0 && height > 0) else {
            return self.forget(heat.frame);
        };
        // The last pixel may reach beyond the frame: what is shown is as large as its pixels are.
        let shown = Frame { width: f64::from(width) * COARSE, height: f64::from(height) * COARSE, ..heat.frame };
        self.resize((width, height), (shown.width, shown.height));
        self.ink.image(image, f64::from(width), f64::from(height));
        self.finish(Drawn::Still, shown);
    }

    /// Gives the canvas a size in its own pixels and one on the screen, CSS pixels.
    fn resize(&self, size: (u32, u32), (width, height): (f64, f64)) {
        if self.size.replace(size) != size {
            self.canvas.set_width(size.0);
            self.canvas.set_height(size.1);
        }
        let style = self.canvas.style();
        let _ = style.set_property("width", &format!("{width}px"));
        let _ = style.set_property("height", &format!("{height}px"));
    }

    /// Takes note of what was drawn.
    pub fn finish(&self, drawn: Drawn, frame: Frame) {
        self.shown.set(Some(frame));
        self.empty.set(drawn == Drawn::Nothing);
        self.canvas.set_hidden(drawn == Drawn::Nothing);
    }

    /// Hides a picture that is soon drawn anew.
    pub fn hide(&self, frame: Frame) {
        self.finish(Drawn::Nothing, frame);
    }

    /// Has what was told to be drawn on it drawn at once.
    pub fn settle(&self, probe: &Ink) {
        probe.settle(&self.canvas);
    }

    /// Hides a picture that has nothing to show, and gives its memory back.
    pub fn forget(&self, frame: Frame) {
        self.finish(Drawn::Nothing, frame);
        self.give_back();
    }

    /// Gives the memory back of one that is hidden.
    pub fn give_back(&self) {
        if self.size.replace((1, 1)) != (1, 1) {
            self.canvas.set_width(1);
            self.canvas.set_height(1);
        }
    }

    /// Lays this picture on another of a frame, moved and scaled where it was drawn for another.
    pub fn lay_on(&self, sheet: &Self, frame: &Frame) {
        let Some((canvas, shown)) = self.drawn() else { return };
        let place = shown.moved_to(frame.zoom, Px { x: frame.left, y: frame.top });
        sheet.ink.picture(&canvas, place.x, place.y, shown.width * place.scale, shown.height * place.scale);
    }

    /// Moves and scales the canvas in a map at a zoom whose layer origin is the world pixel `origin`.
    pub fn place(&self, origin: Px, zoom: f64) {
        let Some(frame) = self.shown.get() else { return };
        let place = frame.moved_to(zoom, origin);
        let transform = format!("translate({}px,{}px) scale({})", place.x, place.y, place.scale);
        let _ = self.canvas.style().set_property("transform", &transform);
    }
}

/// The class of what is on the screen; Leaflet's lets it follow a zoom.
const SHOWN: &str = "leaflet-zoom-animated map-sheet";
