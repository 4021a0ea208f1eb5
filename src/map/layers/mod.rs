//! The layers: one file each. A layer holds its own data and draws it into a picture that the stage moves and scales.

pub mod areas;
pub mod basemap;
pub mod circles;
pub mod coverage;
pub mod focus;
pub mod heat;
pub mod marks;
pub mod names;
pub mod points;
pub mod stations;
pub mod symbols;
pub mod tiles;

use web_sys::Document;

use fengtu_geo::LonLat;

use super::ink::Ink;
use super::model::Hit;
use super::plane::Frame;
use super::theme::MapTheme;

/// Names a picture of the map, from the lowest up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slot {
    /// The built-in base map.
    Base,
    /// Fills and borders of areas.
    Areas,
    /// Heat.
    Heat,
    /// What no circle reaches.
    Coverage,
    /// Service circles.
    Circles,
    /// Selection and dimming.
    Focus,
    /// All labels.
    Names,
    /// Cases and doors of buildings.
    Points,
    /// Stations.
    Stations,
    /// Measured line, own place, pulses.
    Marks,
}

impl Slot {
    /// All pictures from the lowest up.
    pub const ALL: [Self; 10] = [
        Self::Base,
        Self::Areas,
        Self::Heat,
        Self::Coverage,
        Self::Circles,
        Self::Focus,
        Self::Names,
        Self::Points,
        Self::Stations,
        Self::Marks,
    ];

    /// Gives the sheet that the picture is laid on; `None` for those shown by themselves: marks move, and heat changes with
    /// every case and every step of time, and nothing else is to be laid anew for them.
    pub const fn part(self) -> Option<Part> {
        match self {
            Self::Base | Self::Areas => Some(Part::Under),
            Self::Heat | Self::Marks => None,
            _ => Some(Part::Over),
        }
    }
}

/// Names a sheet: what the browser shows of several pictures at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// What lies under the heat.
    Under,
    /// What lies over it.
    Over,
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
    /// Which part of that is seen, before anybody pans.
    pub view: &'a Frame,
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
    /// Heat.
    pub heat: heat::HeatLayer,
    /// What no circle reaches.
    pub coverage: coverage::CoverageLayer,
    /// Service circles.
    pub circles: circles::CircleLayer,
    /// Selection and dimming.
    pub focus: focus::FocusLayer,
    /// Labels.
    pub names: names::NameLayer,
    /// Cases and doors.
    pub points: points::PointLayer,
    /// Stations.
    pub stations: stations::StationLayer,
    /// Measured line, own place, pulses.
    pub marks: marks::MarkLayer,
}

impl Layers {
    /// Tells whether a picture could show anything, without drawing it.
    pub fn wants(&self, slot: Slot) -> bool {
        match slot {
            Slot::Base => self.base.wants(),
            Slot::Areas => !self.areas.is_empty(),
            Slot::Focus => self.focus.wants(),
            Slot::Heat => self.heat.wants(),
            Slot::Coverage => self.coverage.wants(),
            Slot::Circles => self.circles.wants(),
            Slot::Names => true,
            Slot::Points => self.points.wants(),
            Slot::Stations => self.stations.wants(),
            Slot::Marks => self.marks.wants(),
        }
    }

    /// Names the thing at a place that a click means, at a zoom: what is drawn higher comes first.
    pub fn hit(&self, at: LonLat, zoom: f64) -> Hit {
        let station = || self.stations.hit(at, zoom).cloned().map(Hit::Station);
        let area = || self.areas.hit(at).cloned().map(Hit::Area);
        station().or_else(|| self.points.hit(at, zoom)).or_else(area).unwrap_or(Hit::Ground(at))
    }

    /// Marks what is chosen and pointed at, in every layer that can show it.
    pub fn mark(&mut self) {
        let (selected, hovered) = (self.focus.selected.as_ref(), self.focus.hovered.as_ref());
        self.stations.mark(selected, hovered);
        self.points.mark(selected, hovered);
    }

    /// Draws one picture.
    pub fn draw(&mut self, slot: Slot, brush: &Brush) -> Drawn {
        match slot {
            Slot::Base => self.base.draw(brush),
            Slot::Areas => self.areas.draw(brush),
            Slot::Heat => self.heat.draw(brush),
            Slot::Coverage => self.coverage.draw(brush),
            Slot::Circles => self.circles.draw(brush),
            Slot::Focus => self.focus.draw(brush, &self.areas),
            Slot::Names => self.names.draw(brush, &self.base, &self.areas, &self.stations),
            Slot::Points => self.points.draw(brush),
            Slot::Stations => self.stations.draw(brush),
            Slot::Marks => self.marks.draw(brush),
        }
    }
}
