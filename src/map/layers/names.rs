//! All labels of the map in one layer, so that none overlaps another whoever owns it.

use std::cell::RefCell;
use std::collections::HashMap;

use fengtu_geo::LonLat;
use fengtu_wire::basemap::BaseClass;
use fengtu_wire::ids::PlaceId;

use super::areas::{self, AreaSet};
use super::basemap::BaseName;
use super::{Brush, Drawn, Layers};
use crate::map::labels::{self, Rect, Taken, Wish};
use crate::map::model::Area;
use crate::map::plane::{Anchor, Px};

/// Draws the labels.
#[derive(Default)]
pub struct NameLayer {
    /// Widths by font and text: measuring is the costly part.
    widths: RefCell<HashMap<(Style, String), f64>>,
}

/// Says how a label is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Style {
    /// A district or street.
    Major,
    /// A community.
    Middle,
    /// A grid, or a spot of the base map.
    Minor,
    /// Water.
    Water,
}

impl Style {
    const fn size_px(self) -> f64 {
        match self {
            Self::Major => 15.0,
            Self::Middle => 13.0,
            Self::Minor | Self::Water => 12.0,
        }
    }

    fn font(self, family: &str) -> String {
        let weight = if matches!(self, Self::Major) { "600 " } else { "" };
        format!("{weight}{}px {family}", self.size_px())
    }
}

/// How far off its place the name of what is spoken of may stand, as a part of the size of its ground.
const WITHIN: f64 = 0.35;

/// Zoom from which stations have their names.
const STATION_NAMES_FROM: f64 = 14.5;

struct Label<'a> {
    style: Style,
    text: &'a str,
}

impl NameLayer {
    /// Forgets what was measured: the font has changed.
    pub fn forget(&self) {
        self.widths.borrow_mut().clear();
    }

    /// Places and draws all labels, clear of the symbols of areas and stations and of where heat is greatest; that of the place
    /// that is spoken of before all.
    pub fn draw(&self, brush: &Brush, of: &Layers) -> Drawn {
        let Layers { base, areas, heat, stations, focus, .. } = of;
        let spoken = focus.focus.as_ref();
        let mut taken = Taken::new(brush.frame.width, brush.frame.height);
        let symbols = stations.symbols(brush.frame);
        let boxes = symbols.iter().map(|(rect, _)| *rect).chain(areas.symbol_boxes(brush));
        boxes.chain(heat.hot_boxes(brush.frame, brush.view)).for_each(|rect| taken.take(rect));
        let mut wishes = self.area_wishes(brush, areas.above(), true, spoken);
        wishes.extend(self.area_wishes(brush, areas.shown(), false, spoken));
        wishes.extend(base.names().iter().filter_map(|name| self.base_wish(brush, name)));
        wishes.extend(symbols.iter().filter_map(|(rect, name)| self.station_wish(brush, rect, name)));
        let placed = labels::place(wishes, &mut taken, &seen(brush));
        let some = !placed.is_empty();
        for (label, at) in placed {
            draw(brush, &label, at);
        }
        if some { Drawn::Still } else { Drawn::Nothing }
    }

    fn area_wishes<'a>(
        &self,
        brush: &Brush,
        set: &'a AreaSet,
        always: bool,
        spoken: Option<&PlaceId>,
    ) -> Vec<Wish<Label<'a>>> {
        let scale = brush.frame.placement(Anchor::default()).scale;
        let wish = |(area, spot): (&'a Area, &areas::Spot)| {
            let rank = areas::name_rank(area.level);
            let style = [Style::Major, Style::Major, Style::Middle].get(rank as usize).copied().unwrap_or(Style::Minor);
            let mut wish = self.wish(brush, rank, spot.at, Label { style, text: &area.name })?;
            let is_spoken = spoken == Some(&area.id);
            if is_spoken || rank <= labels::WIDE {
                wish.reach = Some(Px { x: spot.width * scale * WITHIN, y: spot.height * scale * WITHIN });
            }
            if is_spoken {
                (wish.rank, wish.must) = (0, true);
                return Some(wish);
            }
            // A name wider than its own ground would seem to name the neighbour, and a crowd of names hides the data.
            (always || spot.width * scale > wish.width * 1.4).then_some(wish)
        };
        set.spots().filter_map(wish).collect()
    }

    fn base_wish<'a>(&self, brush: &Brush, name: &'a BaseName) -> Option<Wish<Label<'a>>> {
        let (rank, style, from) = match name.class {
            BaseClass::Label => (3, Style::Minor, 12.5),
            BaseClass::Water | BaseClass::River => (5, Style::Water, 12.5),
            BaseClass::Green => (5, Style::Minor, 13.5),
            BaseClass::Primary => (6, Style::Minor, 13.5),
            BaseClass::Secondary => (7, Style::Minor, 14.5),
            _ => (8, Style::Minor, 16.0),
        };
        (brush.frame.zoom >= from).then(|| self.wish(brush, rank, name.at, Label { style, text: &name.text }))?
    }

    /// A station's name stands under its symbol, once there is room on the screen for 200 of them.
    fn station_wish<'a>(&self, brush: &Brush, symbol: &Rect, name: &'a str) -> Option<Wish<Label<'a>>> {
        let at = Px { x: f64::midpoint(symbol.left, symbol.right), y: symbol.bottom + 10.0 };
        let label = Label { style: Style::Minor, text: name };
        (brush.frame.zoom >= STATION_NAMES_FROM).then(|| self.wish_at(brush, 3, at, label))?
    }

    fn wish<'a>(&self, brush: &Brush, rank: u32, at: LonLat, label: Label<'a>) -> Option<Wish<Label<'a>>> {
        self.wish_at(brush, rank, brush.frame.px(at), label)
    }

    fn wish_at<'a>(&self, brush: &Brush, rank: u32, at: Px, label: Label<'a>) -> Option<Wish<Label<'a>>> {
        if label.text.is_empty() || !brush.frame.shows(at, 0.0) {
            return None;
        }
        let width = self.width(brush, &label) + 8.0;
        Some(Wish { rank, at, width, height: label.style.size_px() * 1.4, reach: None, must: false, what: label })
    }

    fn width(&self, brush: &Brush, label: &Label) -> f64 {
        let key = (label.style, label.text.to_owned());
        *self.widths.borrow_mut().entry(key).or_insert_with(|| {
            brush.ink.font(&label.style.font(&brush.theme.font));
            brush.ink.text_width(label.text)
        })
    }
}

/// The part of the frame that is seen, in its own pixels.
fn seen(brush: &Brush) -> Rect {
    let (frame, view) = (brush.frame, brush.view);
    let (left, top) = (view.left - frame.left, view.top - frame.top);
    Rect { left, top, right: left + view.width, bottom: top + view.height }
}

fn draw(brush: &Brush, label: &Label, at: Px) {
    let colour = match label.style {
        Style::Major | Style::Middle => &brush.theme.ink,
        Style::Minor => &brush.theme.ink_soft,
        Style::Water => &brush.theme.water_ink,
    };
    brush.ink.font(&label.style.font(&brush.theme.font));
    brush.ink.label(label.text, at, colour, &brush.theme.halo);
}
