//! The layers: one file each. A layer holds its own data and draws it into a picture that the stage moves and scales.

pub mod areas;
pub mod basemap;
pub mod focus;
pub mod names;
pub mod symbols;

use web_sys::Document;

use fengtu_geo::LonLat;

use super::ink::Ink;
use super::model::Hit;
use super::plane::Frame;
use super::theme::MapTheme;

/// Names a picture of the map, from the lowest up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slot {
    /// The built-in base map.
    Base,
    /// Fills and borders of areas.
    Areas,
    /// Selection and dimming.
    Focus,
    /// All labels.
    Names,
}

impl Slot {
    /// All pictures from the lowest up.
    pub const ALL: [Self; 4] = [Self::Base, Self::Areas, Self::Focus, Self::Names];
}

/// Says what came of drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drawn {
    /// The picture is empty and need not be kept.
    Nothing,
    /// The picture is done.
    Still,
    /// The picture goes on: draw it again with the next frame.
    Moving,
}

/// Holds all that a layer needs to draw.
pub struct Brush<'a> {
    /// The canvas.
    pub ink: &'a Ink,
    /// Which part of the world it shows.
    pub frame: &'a Frame,
    /// The colours.
    pub theme: &'a MapTheme,
    /// Milliseconds on the browser's own clock, for what moves.
    pub now_ms: f64,
    /// Whether the user asked that nothing moves.
    pub still: bool,
}

impl Brush<'_> {
    /// Gives the document of the canvas.
    pub fn document(&self) -> Option<Document> {
        symbols::document_of(self.ink.raw().canvas())
    }
}

/// Holds every layer.
#[derive(Default)]
pub struct Layers {
    /// The built-in base map.
    pub base: basemap::BaseLayer,
    /// The shaded areas.
    pub areas: areas::AreaLayer,
    /// Selection and dimming.
    pub focus: focus::FocusLayer,
    /// Labels.
    pub names: names::NameLayer,
}

impl Layers {
    /// Tells whether a picture could show anything, without drawing it.
    pub fn wants(&self, slot: Slot) -> bool {
        match slot {
            Slot::Base => self.base.wants(),
            Slot::Areas | Slot::Focus => !self.areas.is_empty(),
            Slot::Names => true,
        }
    }

    /// Names the thing at a place that a click means, at a zoom.
    pub fn hit(&self, at: LonLat, _zoom: f64) -> Hit {
        self.areas.hit(at).cloned().map_or(Hit::Ground(at), Hit::Area)
    }

    /// Draws one picture.
    pub fn draw(&mut self, slot: Slot, brush: &Brush) -> Drawn {
        match slot {
            Slot::Base => self.base.draw(brush),
            Slot::Areas => self.areas.draw(brush),
            Slot::Focus => self.focus.draw(brush, &self.areas),
            Slot::Names => self.names.draw(brush, &self.base, &self.areas, Vec::new()),
        }
    }
}
