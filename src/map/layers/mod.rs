//! The layers: one file each. A layer holds its own data and draws it into a picture that the stage moves and scales.

pub mod areas;
pub mod basemap;
pub mod circles;
pub mod clusters;
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

use fengtu_geo::{LonLat, mercator};

use super::heat_link::HeatLink;
use super::ink::Ink;
use super::model::{CasePoints, Cluster, Heat, HeatHere, Hit};
use super::plane::{Frame, Px};
use super::theme::MapTheme;
use super::wish::{Answer, CROWD, HeatPicture, LOOK, PICTURE, Wish};
use crate::browser::worker::Heard;

/// Names a picture of the map, from the lowest up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slot {
    /// The built-in base map.
    Base,
    /// Fills and symbols of areas, which change with their levels.
    Areas,
    /// Borders of areas, which do not.
    Borders,
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
    pub const ALL: [Self; 11] = [
        Self::Base,
        Self::Areas,
        Self::Borders,
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
            Self::Base | Self::Areas | Self::Borders => Some(Part::Under),
            Self::Heat | Self::Marks => None,
            _ => Some(Part::Over),
        }
    }
}

impl Slot {
    /// Tells whether all that it shows lies on the ground, so that of another view at the same zoom only the new ground is to be
    /// drawn. Names make room for one another by what is in view.
    pub const fn is_ground(self) -> bool {
        matches!(self, Self::Base | Self::Areas | Self::Borders | Self::Coverage | Self::Circles)
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
    /// What of that is to be drawn: all, or a strip that has come into it.
    pub part: Frame,
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
    /// Tells whether a pixel of the frame is in the part that is drawn, or less than `slack` pixels off it.
    pub fn in_part(&self, px: Px, slack: f64) -> bool {
        let (left, top) = (self.part.left - self.frame.left, self.part.top - self.frame.top);
        self.part.shows(Px { x: px.x - left, y: px.y - top }, slack)
    }

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
    /// The engine that has the cases.
    pub link: HeatLink,
    /// Where the pointer rests.
    looking: Option<LonLat>,
    /// What the heat is there.
    pub here: Option<HeatHere>,
}

/// Says what came of the engine's answers.
#[derive(Default)]
pub struct News {
    /// A picture of heat.
    pub heat: Option<HeatPicture>,
    /// Whether cases are to be drawn anew.
    pub points: bool,
}

impl Layers {
    /// Tells whether a picture could show anything, without drawing it.
    pub fn wants(&self, slot: Slot) -> bool {
        match slot {
            Slot::Base => self.base.wants(),
            Slot::Areas | Slot::Borders => !self.areas.is_empty(),
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
        let many = |hit| match hit {
            Hit::Cluster(cluster) => Hit::Cluster(Cluster { area: self.areas.hit(cluster.at).cloned(), ..cluster }),
            hit => hit,
        };
        let point = || self.points.hit(at, zoom).map(many);
        station().or_else(point).or_else(area).unwrap_or(Hit::Ground(at))
    }

    /// Takes the heat.
    pub fn set_heat(&mut self, heat: Heat) {
        self.heat.set(heat);
        if !self.heat.comes_later() {
            self.link.forget(PICTURE);
            self.link.forget(LOOK);
            // No picture comes that it would be asked for anew with.
            self.here = self.looking.and_then(|at| self.heat.cell_at(at));
        }
    }

    /// Takes all cases.
    pub fn set_all_cases(&mut self, points: Option<CasePoints>) {
        if points.is_none() {
            self.link.forget(CROWD);
        }
        self.points.crowd.set(points);
    }

    /// Asks for a picture of the heat.
    pub fn ask_heat(&mut self, frame: &Frame, view: &Frame, theme: &MapTheme) -> News {
        let wish = self.heat.wish(frame, view, theme);
        self.ask(wish)
    }

    /// Asks for the clusters of a frame, unless they are there.
    pub fn ask_crowd(&mut self, frame: &Frame) -> News {
        let wish = self.points.crowd.wish(frame);
        self.ask(wish)
    }

    /// Asks what the heat is at a place; `None`: nowhere any more.
    pub fn look_at(&mut self, at: Option<LonLat>) -> News {
        self.looking = at;
        self.here = at.and_then(|at| self.heat.cell_at(at));
        let wish = at.and_then(|at| self.heat.look(mercator::project(at)));
        if wish.is_none() {
            self.link.forget(LOOK);
        }
        self.ask(wish)
    }

    /// Takes what the engine told.
    pub fn hear(&mut self, heard: Heard) -> News {
        let answers = self.link.hear(heard);
        self.take(answers)
    }

    fn ask(&mut self, wish: Option<Wish>) -> News {
        let answers = wish.map(|wish| self.link.wish(wish)).unwrap_or_default();
        self.take(answers)
    }

    fn take(&mut self, answers: Vec<Answer>) -> News {
        self.heat.set_trouble(self.link.trouble(), self.link.left_out());
        let mut news = News::default();
        let has_picture = answers.iter().any(|answer| matches!(answer, Answer::Picture(_)));
        for answer in answers {
            match answer {
                Answer::Picture(picture) => news.heat = self.heat.take(picture),
                Answer::Crowd(crowd) => news.points |= self.points.crowd.take(crowd),
                Answer::Looked { at, here } if self.looking.map(mercator::project) == Some(at) => self.here = here,
                Answer::Looked { .. } => {}
            }
        }
        if has_picture { self.look_again(news) } else { news }
    }

    /// Asks anew what the heat is where the pointer rests: what was told is of the picture before. While a year is played each picture
    /// would have it asked, and none would be sent ahead: it is asked with the last one.
    fn look_again(&mut self, news: News) -> News {
        if self.link.expects_picture() {
            return news;
        }
        let wish = self.looking.and_then(|at| self.heat.look(mercator::project(at)));
        let News { heat, points } = self.ask(wish);
        News { heat: heat.or(news.heat), points: points || news.points }
    }

    /// Counts all cases; `None` where there are none to count, and where the engine cannot say.
    pub fn counted(&self) -> Option<u64> {
        let is_known = self.link.trouble().is_none_or(|trouble| !trouble.leaves_nothing());
        self.points.crowd.count().filter(|_| is_known)
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
            Slot::Borders => self.areas.draw_borders(brush),
            Slot::Heat => self.heat.draw(brush),
            Slot::Coverage => self.coverage.draw(brush),
            Slot::Circles => self.circles.draw(brush),
            Slot::Focus => self.focus.draw(brush, &self.areas),
            Slot::Names => self.names.draw(brush, self),
            Slot::Points => self.points.draw(brush),
            Slot::Stations => self.stations.draw(brush),
            Slot::Marks => self.marks.draw(brush),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use fengtu_heat_worker::Pictured;

    use super::*;
    use crate::map::model::HeatCell;
    use crate::scene::heat::tests::case_points;

    const HALL: LonLat = LonLat { lon: 113.935_9, lat: 22.748_6 };

    /// Makes layers with heat that is looked at, or not.
    fn layers(looking: Option<LonLat>) -> Layers {
        let mut layers = Layers {
            looking,
            here: looking.map(|_| HeatHere { per_km2: 2.5, cases: 3, ..HeatHere::default() }),
            ..Layers::default()
        };
        layers.set_heat(Heat::Points { points: case_points(), radius_m: 150.0 });
        layers
    }

    fn picture() -> Vec<Answer> {
        let frame = Frame::around(HALL, 14.0, (800.0, 600.0), 0.0, 1.0);
        vec![Answer::Picture(HeatPicture { told: Pictured::default(), frame, image: None })]
    }

    #[test]
    fn where_the_pointer_rests_each_picture_is_asked_anew() {
        for looking in [None, Some(HALL)] {
            let mut layers = layers(looking);
            assert!(!layers.link.is_waiting());
            assert!(layers.take(picture()).heat.is_some());
            assert_eq!(layers.link.is_waiting(), looking.is_some());
            let (at, here) =
                (mercator::project(HALL), Some(HeatHere { per_km2: 7.5, cases: 9, ..HeatHere::default() }));
            layers.take(vec![Answer::Looked { at, here: here.clone() }]);
            assert_eq!(layers.here, here.filter(|_| looking.is_some()));
        }
    }

    #[test]
    fn where_the_pointer_rests_heat_that_is_off_is_nothing_and_cells_are_what_they_are_now() {
        let mut layers = layers(Some(HALL));
        layers.take(picture());
        layers.set_heat(Heat::Off);
        assert_eq!((&layers.here, layers.link.is_waiting()), (&None, false));
        for count in [3, 4] {
            layers.set_heat(Heat::Cells { cells: Arc::new(vec![HeatCell { at: HALL, count }]), cell_m: 250.0 });
            assert_eq!(layers.here.as_ref().map(|here| here.cases), Some(count));
        }
    }
}
