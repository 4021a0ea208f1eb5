//! Stations: the level shows in the size, the kind in the glyph, open or closed in the fill.

use fengtu_geo::LonLat;
use fengtu_wire::ids::StationId;
use fengtu_wire::stations::StationLevel;

use super::{Brush, Drawn};
use crate::map::glyph::{Glyph, SHARE};
use crate::map::labels::{Rect, Taken};
use crate::map::model::{Hit, Shared, StationMark};
use crate::map::plane::{Frame, Px};

/// Draws the stations.
#[derive(Default)]
pub struct StationLayer {
    stations: Shared<StationMark>,
    /// What is drawn now: number, place, how many others stand under it.
    drawn: Vec<Drop>,
    selected: Option<StationId>,
    hovered: Option<StationId>,
}

/// Holds a drawn symbol.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drop {
    /// Number in the list.
    pub number: usize,
    /// Where.
    pub at: LonLat,
    /// Half its side, CSS pixels.
    pub half: f64,
    /// Stations that have no room of their own and are counted here.
    pub hidden: u32,
}

impl StationLayer {
    /// Takes the stations, the most important first in drawing whatever their order here.
    pub fn set(&mut self, stations: Shared<StationMark>) {
        self.stations = stations;
    }

    /// Takes what is chosen and pointed at.
    pub fn mark(&mut self, selected: Option<&Hit>, hovered: Option<&Hit>) {
        let station = |hit: Option<&Hit>| match hit {
            Some(Hit::Station(id)) => Some(id.clone()),
            _ => None,
        };
        (self.selected, self.hovered) = (station(selected), station(hovered));
    }

    /// Tells whether there is anything to draw.
    pub fn wants(&self) -> bool {
        !self.stations.is_empty()
    }

    /// Names the drawn station at a place, exactly as its symbol lies at a zoom.
    pub fn hit(&self, at: LonLat, zoom: f64) -> Option<&StationId> {
        let frame = Frame::around(at, zoom, (2.0, 2.0), 0.0, 1.0);
        let pointer = frame.px(at);
        // A finger needs more room than the symbol has.
        let near = |drop: &&Drop| frame.px(drop.at).distance(pointer) <= drop.half + 3.0;
        let distance = |drop: &&Drop| frame.px(drop.at).distance(pointer);
        let nearest = self.drawn.iter().filter(near).min_by(|a, b| distance(a).total_cmp(&distance(b)))?;
        self.stations.get(nearest.number).map(|station| &station.id)
    }

    /// Gives the boxes of a picture's symbols with their names, so that labels keep clear of them and name them.
    pub fn symbols(&self, frame: &Frame) -> Vec<(Rect, &str)> {
        let symbol = |drop: Drop| {
            let name = self.stations.get(drop.number)?.name.as_str();
            Some((Rect::centered(frame.px(drop.at), drop.half * 2.0, drop.half * 2.0), name))
        };
        let drops = thin(&self.stations, frame);
        let badges = badges(&drops, frame).into_iter().map(|(_, rect)| (rect, ""));
        drops.into_iter().filter_map(symbol).chain(badges).collect()
    }

    /// Draws the symbols.
    pub fn draw(&mut self, brush: &Brush) -> Drawn {
        self.drawn = thin(&self.stations, brush.frame);
        let badges = badges(&self.drawn, brush.frame);
        for drop in self.drawn.iter().rev() {
            if let Some(station) = self.stations.get(drop.number) {
                self.draw_one(brush, station, drop);
            }
        }
        for (text, rect) in badges {
            write_badge(brush, &text, &rect);
        }
        Drawn::Still
    }

    fn draw_one(&self, brush: &Brush, station: &StationMark, drop: &Drop) {
        let (ink, theme, at) = (brush.ink, brush.theme, brush.frame.px(drop.at));
        let is = |id: &Option<StationId>| id.as_ref() == Some(&station.id);
        if is(&self.selected) || is(&self.hovered) {
            ink.fill_with(&theme.accent);
            ink.disc(at, drop.half + if is(&self.selected) { 5.0 } else { 3.5 });
        }
        ink.fill_with(&theme.station_paper);
        ink.disc(at, drop.half + 1.5);
        let open = station.open == Some(true);
        let (body, glyph) =
            if open { (&theme.station, &theme.station_paper) } else { (&theme.station_paper, &theme.station) };
        ink.fill_with(body);
        ink.disc(at, drop.half);
        ink.line_with(&theme.station, 1.5);
        if station.open.is_none() {
            ink.dash(&[2.0, 2.0]);
        }
        ink.ring(at, drop.half - 0.5);
        ink.dash(&[]);
        ink.fill_with(glyph);
        draw_glyph(brush, Glyph::of(station.level, station.site), at, drop.half * SHARE);
    }
}

/// Says how many stations stand under a symbol, at the first of its corners that is free; where none is, the symbol stands alone.
fn badges(drops: &[Drop], frame: &Frame) -> Vec<(String, Rect)> {
    let mut taken = Taken::new(frame.width, frame.height);
    for drop in drops {
        taken.take(Rect::centered(frame.px(drop.at), drop.half * 2.0, drop.half * 2.0));
    }
    let badge = |drop: &Drop| {
        let text = format!("+{}", drop.hidden);
        let (width, at) = (4.0 + 7.1 * text.len() as f64, frame.px(drop.at));
        // Beside the symbol, which holds its own place.
        let (across, up) = (drop.half + 0.5 + width / 2.0, drop.half * 0.7);
        let corners = [(1.0, -1.0), (1.0, 1.0), (-1.0, -1.0), (-1.0, 1.0)];
        let rects = corners.map(|(x, y)| Rect::centered(Px { x: at.x + x * across, y: at.y + y * up }, width, BADGE));
        rects.into_iter().find(|rect| taken.try_take(*rect)).map(|rect| (text, rect))
    };
    drops.iter().filter(|drop| drop.hidden > 0).filter_map(badge).collect()
}

/// Height of a badge, CSS pixels: no text of the map is smaller, or from the last seat of a wall it would not be read.
const BADGE: f64 = 12.0;

fn write_badge(brush: &Brush, text: &str, rect: &Rect) {
    brush.ink.font(&format!("{BADGE}px {}", brush.theme.font));
    let middle = Px { x: f64::midpoint(rect.left, rect.right), y: f64::midpoint(rect.top, rect.bottom) };
    brush.ink.label(text, middle, &brush.theme.ink, &brush.theme.halo);
}

/// Gives half the side of a symbol at a level and zoom, CSS pixels.
pub fn half_size(level: StationLevel, zoom: f64) -> f64 {
    let at_rest = match level {
        StationLevel::District => 13.0,
        StationLevel::Street => 11.0,
        StationLevel::Community | StationLevel::Mobile => 9.0,
        StationLevel::Site => 7.0,
    };
    at_rest * ((zoom - 13.0) * 0.12).exp2().clamp(0.7, 1.5)
}

/// Returns the least important level that a zoom shows by itself; farther away, a town of dots says nothing.
const fn least_shown(zoom: f64) -> u8 {
    match zoom {
        zoom if zoom < 10.75 => 1,
        zoom if zoom < 11.5 => 2,
        _ => 4,
    }
}

/// Chooses the symbols that a picture has room for: higher levels first, none over another, the rest counted.
pub fn thin(stations: &[StationMark], frame: &Frame) -> Vec<Drop> {
    let mut order: Vec<usize> = (0..stations.len()).collect();
    let level = |number: &usize| stations.get(*number).map_or(9, |station| importance(station.level));
    fengtu_geo::order::sort_by(&mut order, |a, b| level(a).cmp(&level(b)));
    // Where the halls are left out, what there is stands by itself.
    let least = order.first().map_or(0, level).max(least_shown(frame.zoom));
    let mut taken = Taken::new(frame.width, frame.height);
    let mut drops: Vec<Drop> = Vec::new();
    for number in order {
        let Some(station) = stations.get(number) else { continue };
        let (at, half) = (frame.px(station.at), half_size(station.level, frame.zoom));
        if !frame.shows(at, half) {
            continue;
        }
        if level(&number) <= least && taken.try_take(Rect::centered(at, half * 2.0 + 3.0, half * 2.0 + 3.0)) {
            drops.push(Drop { number, at: station.at, half, hidden: 0 });
        } else if let Some(host) = nearest(&mut drops, at, frame) {
            host.hidden += 1;
        }
    }
    drops
}

fn nearest<'a>(drops: &'a mut [Drop], at: Px, frame: &Frame) -> Option<&'a mut Drop> {
    drops.iter_mut().min_by(|a, b| frame.px(a.at).distance(at).total_cmp(&frame.px(b.at).distance(at)))
}

const fn importance(level: StationLevel) -> u8 {
    match level {
        StationLevel::District => 0,
        StationLevel::Street => 1,
        StationLevel::Community => 2,
        StationLevel::Mobile => 3,
        StationLevel::Site => 4,
    }
}

/// Draws a glyph around a point in the ink of the moment; `half` is half its side.
fn draw_glyph(brush: &Brush, glyph: Glyph, at: Px, half: f64) {
    for outline in glyph.outlines() {
        let corners: Vec<Px> = outline.iter().map(|(x, y)| Px { x: at.x + x * half, y: at.y + y * half }).collect();
        brush.ink.polygon(&corners);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use std::sync::Arc;

    const HALL: LonLat = LonLat { lon: 113.935_9, lat: 22.748_6 };

    fn station(name: &str, level: StationLevel, east_m: f64) -> StationMark {
        let at = fengtu_geo::distance::destination(HALL, 90.0, east_m);
        StationMark { id: name.into(), name: name.into(), level, site: None, at, open: Some(true) }
    }

    fn row() -> Vec<StationMark> {
        vec![
            station("site", StationLevel::Site, 30.0),
            station("district", StationLevel::District, 0.0),
            station("far", StationLevel::Community, 3000.0),
        ]
    }

    #[test]
    fn the_higher_level_stands_and_counts_the_hidden() {
        let frame = Frame::around(HALL, 12.0, (800.0, 600.0), 0.0, 1.0);
        let drops = thin(&row(), &frame);
        assert_eq!(drops.iter().map(|drop| (drop.number, drop.hidden)).collect::<Vec<_>>(), [(1, 1), (2, 0)]);
    }

    #[test]
    fn far_away_sites_are_counted_at_their_hall_unless_there_is_none() {
        let sites = [station("a", StationLevel::Site, 0.0), station("b", StationLevel::Site, 9_000.0)];
        let hall = station("hall", StationLevel::Street, 4_000.0);
        let drops = |stations: &[StationMark]| {
            let frame = Frame::around(HALL, 10.5, (800.0, 600.0), 0.0, 1.0);
            thin(stations, &frame).iter().map(|drop| drop.hidden).collect::<Vec<_>>()
        };
        assert_eq!(drops(&[sites.to_vec(), vec![hall]].concat()), [2]);
        assert_eq!(drops(&sites), [0, 0]);
    }

    #[test]
    fn near_by_everyone_has_room_and_is_hit_where_drawn() {
        let frame = Frame::around(HALL, 19.0, (800.0, 600.0), 0.0, 1.0);
        let stations = row();
        let layer =
            StationLayer { drawn: thin(&stations, &frame), stations: Arc::new(stations), ..StationLayer::default() };
        let site = layer.stations.first().unwrap().at;
        assert_eq!(layer.drawn.len(), 2, "the far one is off the picture");
        assert_eq!(layer.hit(site, 19.0), Some(&"site".into()));
        assert_eq!(layer.hit(HALL, 19.0), Some(&"district".into()));
        assert_eq!(layer.hit(LonLat { lat: HALL.lat + 0.01, ..HALL }, 19.0), None);
    }

    #[test]
    fn a_badge_stands_clear_of_symbols_and_of_other_badges() {
        let near = |n: u32| station(&n.to_string(), StationLevel::Community, f64::from(n) * 700.0);
        let under = |n: u32| station("under", StationLevel::Site, f64::from(n) * 700.0 + 5.0);
        let stations: Vec<_> = (0..8).map(near).chain((0..8).map(under)).collect();
        let frame = Frame::around(HALL, 13.0, (800.0, 600.0), 0.0, 1.0);
        let drops = thin(&stations, &frame);
        let badges: Vec<Rect> = badges(&drops, &frame).into_iter().map(|(_, rect)| rect).collect();
        assert!(badges.len() > 2, "{}", badges.len());
        let symbols = drops.iter().map(|drop| Rect::centered(frame.px(drop.at), drop.half * 2.0, drop.half * 2.0));
        let symbols: Vec<Rect> = symbols.collect();
        for (n, badge) in badges.iter().enumerate() {
            assert!(symbols.iter().chain(badges.iter().skip(n + 1)).all(|other| !badge.overlaps(other)));
        }
    }

    #[test]
    fn size_follows_level() {
        let sizes = [StationLevel::District, StationLevel::Street, StationLevel::Community, StationLevel::Site]
            .map(|level| half_size(level, 14.0));
        assert!(sizes.windows(2).all(|pair| pair[0] > pair[1]));
    }
}
