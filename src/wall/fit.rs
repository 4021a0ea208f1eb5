//! What a wall of some size can show so that the last seat reads it: sizes of text, columns, rows, and what is left out.
//!
//! Text keeps a least height, figures a greater one; panels are dropped in the order of [`Panel::ALL`], last first, rather
//! than shrunk, and none is shown where a more important one is not. A panel that the scene speaks of is dropped last of all, and
//! its list has room before others'.

use super::panel::Panel;

/// The window in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
}

/// How the wall hangs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seats {
    /// Height of the picture, millimetres.
    pub height_mm: f64,
    /// Distance of the farthest seat, metres.
    pub farthest_m: f64,
}

/// Least height of figures as the farthest seat sees them, minutes of arc.
pub const FIGURE_MINUTES: f64 = 30.0;
/// The same of all other text.
pub const TEXT_MINUTES: f64 = 20.0;
/// Height of a digit as a part of the font's size.
pub const FIGURE_INK: f64 = 0.71;
/// Height of a Chinese character's ink as a part of the font's size.
pub const TEXT_INK: f64 = 0.88;
/// Lines of text that the shorter side holds where nobody has said how the wall hangs, on a wall that is no wider than 16:9.
const LINES: f64 = 67.5;
/// No text is smaller than this, whatever the window, CSS pixels.
const LEAST_PX: f64 = 12.0;
/// A wall wider than this hangs before a wider room: its text grows with the root of its width, and what its map takes does not.
const USUAL_RATIO: f64 = 16.0 / 9.0;
/// So many times its text grows at the most, and in how many steps it is tried.
const MOST_GROWN: f64 = 1.5;
const GROWING: u8 = 4;
/// The share that the map takes at the least, of the window or of as much of it as is 16:9: more it could not fill.
const MAP_SHARE: f64 = 0.5;
/// The same where the seats ask for text so large that panels would otherwise have no room at all.
const MAP_SHARE_FAR: f64 = 0.38;
/// No more columns stand beside the map.
const MOST_COLUMNS: usize = 6;
/// Lines of text that are left for a map under the last row of great figures: where there is no room for them, the row goes.
const MAP_LINES: f64 = 4.0;
/// Characters of the longest name that stands in one line.
pub const NAME: f64 = 12.0;
/// Width of a digit as a part of the font's size, a little more than that of the widest.
const DIGIT: f64 = 0.63;

/// Font sizes, CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Sizes {
    /// Words.
    pub text: f64,
    /// Figures in panels.
    pub figure: f64,
    /// The figures that can be read from anywhere.
    pub hero: f64,
}

/// Returns the least font size whose ink is seen at an angle, CSS pixels.
pub fn least_px(minutes: f64, ink: f64, window: Window, seats: Seats) -> f64 {
    let height_mm = seats.farthest_m * 1000.0 * (minutes / 60.0).to_radians().tan();
    height_mm / ink / seats.height_mm * window.height
}

/// Returns the font sizes of a window, where text is so many times as large as it has to be.
fn sizes(window: Window, seats: Option<Seats>, grown: f64) -> Sizes {
    let comfort = (window.width.min(window.height) * grown / LINES).max(LEAST_PX);
    let least = |minutes, ink| seats.map_or(0.0, |seats| least_px(minutes, ink, window, seats));
    let text = comfort.max(least(TEXT_MINUTES, TEXT_INK));
    let figure = (text * 1.25).max(least(FIGURE_MINUTES, FIGURE_INK));
    Sizes { text: text.ceil(), figure: figure.ceil(), hero: (text * 2.6).max(figure).ceil() }
}

/// Where everything goes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Fit {
    /// Font sizes.
    pub sizes: Sizes,
    /// Whether the window is higher than wide: panels then stand under the map.
    pub tall: bool,
    /// How many heroes stand in a row.
    pub heroes: usize,
    /// Rows of heroes; 0: they stand in a panel of their own.
    pub hero_rows: usize,
    /// Width of a column, CSS pixels.
    pub column_px: f64,
    /// The map's height where panels stand under it, CSS pixels.
    pub map_px: f64,
    /// The panels of each column with their rows, from the top.
    pub columns: Vec<Vec<Slot>>,
    /// What has no room, the most important first; last what has none while a hand is there.
    pub dropped: Vec<Panel>,
    /// How high the hand's bar stands over the lowest panels, CSS pixels; 0: there is none.
    pub over_px: f64,
}

/// A panel that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// The panel.
    pub panel: Panel,
    /// Rows of its list.
    pub rows: usize,
    /// The height that it needs, CSS pixels; what is left of a column is shared out.
    pub px: u32,
}

impl Fit {
    /// Returns how many rows of a panel's list are shown; 0 where it is not.
    pub fn rows(&self, panel: Panel) -> usize {
        self.columns.iter().flatten().find(|slot| slot.panel == panel).map_or(0, |slot| slot.rows)
    }

    /// Returns how many of the great figures are shown.
    pub fn figures(&self, all: usize) -> usize {
        if self.hero_rows == 0 { self.rows(Panel::Heroes) } else { self.heroes * self.hero_rows }.min(all)
    }

    /// Leaves room for the hand's bar, which lies over the foot: the last panels of a column go where it has none for them, those that
    /// the scene speaks of last of all, and the map stays where it is, under the finger.
    #[must_use]
    pub fn above_hand(mut self, window: Window, first: &[Panel]) -> Self {
        let parts = Parts::new(window, self.sizes);
        // The wall's own edge is as wide as it drifts; its gaps are not rounded there.
        self.over_px = (hand_px(window) - parts.foot() - 1.5 * self.sizes.text).max(0.0).ceil();
        let map = if self.tall { self.map_px + parts.gap } else { 0.0 };
        let body = parts.body(self.hero_rows) - map - self.over_px;
        for slots in &mut self.columns {
            let mut panels: Vec<Panel> = slots.iter().map(|slot| slot.panel).collect();
            let stays = |panel: &Panel| *panel == Panel::Heroes || first.contains(panel);
            *slots = loop {
                let mut column = Column { left: body + parts.gap, slots: Vec::new() };
                if panels.iter().all(|panel| column.add(*panel, parts, self.column_px)) {
                    break column.grown(parts, self.column_px, first);
                }
                // There is one: of none all are in.
                let last = panels.iter().rposition(|panel| !stays(panel)).unwrap_or(panels.len() - 1);
                self.dropped.push(panels.remove(last));
            };
        }
        self
    }
}

/// Returns the height of the hand's bar as style/wall.css has it, CSS pixels.
fn hand_px(window: Window) -> f64 {
    (window.width.min(window.height) * 0.052).max(84.0)
}

/// Heights of a window's parts, CSS pixels.
#[derive(Debug, Clone, Copy)]
struct Parts {
    sizes: Sizes,
    /// Between parts, and around them.
    gap: f64,
    width: f64,
    height: f64,
}

impl Parts {
    fn new(window: Window, sizes: Sizes) -> Self {
        let gap = (sizes.text * 0.75).ceil();
        // One more for the drift that keeps the picture from burning in.
        Self { sizes, gap, width: window.width - 2.0 * gap - DRIFT_PX, height: window.height - 2.0 * gap - DRIFT_PX }
    }

    /// The title, its marks and the clock: beside one another, on two lines where the wall is narrow for its text, on three where
    /// it is narrower still; before that the day goes under the time (style/wall.css does all that at the same widths).
    fn top(self) -> f64 {
        let Sizes { text, figure, .. } = self.sizes;
        let line = (text * 2.4).max(figure * 1.5);
        let clock = if self.is_narrower(50.0) { line.max((text * 1.55).max(figure) * 1.2 + text * 1.3) } else { line };
        let lines = [34.0, 21.0].into_iter().filter(|ems| self.is_narrower(*ems)).count();
        line * lines as f64 + clock
    }

    /// One line; two where the wall is narrow for its text (style/wall.css).
    fn foot(self) -> f64 {
        let lines = if self.is_narrower(50.0) { 2.0 } else { 1.0 };
        self.sizes.text * 1.7 * lines
    }

    fn is_narrower(self, ems: f64) -> bool {
        self.width < ems * self.sizes.text
    }

    fn hero(self) -> f64 {
        self.sizes.hero * 1.15 + self.sizes.text * 3.4
    }

    /// Room for a figure of six digits with its unit, and for what it is compared with.
    fn hero_width(self) -> f64 {
        (self.sizes.hero * 6.4 * DIGIT + self.sizes.text * 3.2).max(self.sizes.text * 13.5)
    }

    /// What is left for the map and the panels under so many rows of heroes.
    fn body(self, hero_rows: usize) -> f64 {
        let heroes = if hero_rows == 0 { 0.0 } else { hero_rows as f64 * self.hero() + self.gap };
        self.height - self.top() - self.foot() - 2.0 * self.gap - heroes
    }

    /// How many rows of heroes stand where nothing stands beside the map.
    fn last_row(self) -> usize {
        usize::from(self.body(1) >= MAP_LINES * self.sizes.text)
    }

    /// A name, a figure, and the panel's own margin.
    fn column(self) -> f64 {
        (self.sizes.text * (NAME + 2.5) + self.sizes.figure * 5.4 * DIGIT).ceil()
    }

    /// How many heroes a list of them shows at first in a column of some height: as many as it needs, or fewer where it is low.
    fn listed(self, height: f64, column_px: f64) -> usize {
        let least = Panel::Heroes.shape().rows.0;
        (1..=least).rev().find(|&rows| self.need(Panel::Heroes, rows, column_px) <= height).unwrap_or(0)
    }

    fn need(self, panel: Panel, rows: usize, column_px: f64) -> f64 {
        let Sizes { text, figure, .. } = self.sizes;
        let shape = panel.shape();
        let title = if column_px < text * panel.title_ems() { 2.0 } else { 1.0 };
        let row = (text * 1.5).max(figure * 1.15) + text * shape.under;
        text * (1.4 * title + 1.2)
            + shape.text_lines * text * 1.5
            + shape.figure_lines * figure * 1.25
            + rows as f64 * row
    }
}

/// Pixels that the whole picture may drift to either side.
pub const DRIFT_PX: f64 = 8.0;

/// Fits a scene into a window: `first` are the panels that it speaks of.
pub fn fit(window: Window, seats: Option<Seats>, first: &[Panel], heroes: usize) -> Fit {
    let most = (window.width / window.height / USUAL_RATIO).sqrt().clamp(1.0, MOST_GROWN);
    let with = |grown: f64| fit_with(window, sizes(window, seats, grown), first, heroes);
    let usual = with(1.0);
    // No panel and no figure goes for text that is larger than it has to be.
    let shows_all =
        |fit: &Fit| fit.dropped.len() <= usual.dropped.len() && fit.figures(heroes) >= usual.figures(heroes);
    let steps = (1..=GROWING).rev().map(|step| 1.0 + (most - 1.0) * f64::from(step) / f64::from(GROWING));
    steps.map(with).find(shows_all).unwrap_or(usual)
}

fn fit_with(window: Window, sizes: Sizes, first: &[Panel], heroes: usize) -> Fit {
    let parts = Parts::new(window, sizes);
    let lay = |order: &[Panel]| {
        if window.width < window.height {
            tall(window, parts, order, first, heroes)
        } else {
            wide(window, parts, order, first, heroes)
        }
    };
    // Where all that the scene speaks of is there anyway, every panel stays in its place from scene to scene.
    let usual = lay(&Panel::ALL);
    if first.iter().any(|panel| usual.dropped.contains(panel)) { lay(&order(first)) } else { usual }
}

/// The panels from the most important down.
fn order(first: &[Panel]) -> Vec<Panel> {
    let rest = Panel::ALL.into_iter().filter(|panel| !first.contains(panel));
    first.iter().copied().chain(rest).collect()
}

fn wide(window: Window, parts: Parts, order: &[Panel], first: &[Panel], heroes: usize) -> Fit {
    let fits = ((parts.width + parts.gap) / (parts.hero_width() + parts.gap)).floor() as usize;
    let in_row = heroes.min(fits.max(1));
    let whole = window.width.min(window.height * USUAL_RATIO) * window.height;
    // How wide the map is at the least.
    let map_px = |hero_rows: usize, share: f64| share * whole / parts.body(hero_rows).max(1.0);
    let columns = |hero_rows: usize, share: f64| {
        let left = |n: usize| parts.width - n as f64 * (parts.column() + parts.gap);
        (1..=MOST_COLUMNS).rev().find(|&n| left(n) >= map_px(hero_rows, share)).unwrap_or(0)
    };
    let (hero_rows, n) = match (columns(1, MAP_SHARE), columns(0, MAP_SHARE_FAR)) {
        (0, far @ 1..) if parts.listed(parts.body(0), parts.column()) > 0 => (0, far),
        (near, _) => (parts.last_row(), near),
    };
    let body = parts.body(hero_rows);
    let share = if hero_rows == 0 { MAP_SHARE_FAR } else { MAP_SHARE };
    let own = (hero_rows == 0).then_some(Panel::Heroes);
    let lay = |n: usize| {
        let room = parts.width - map_px(hero_rows, share) - n as f64 * parts.gap;
        let column_px = (room / n.max(1) as f64).clamp(parts.column(), parts.column() * 1.3).floor();
        let (columns, dropped) = place(parts, order, first, own, n, body, column_px);
        let fit = Fit { sizes: parts.sizes, heroes: in_row, hero_rows, column_px, map_px: body, ..Fit::default() };
        Fit { columns, dropped, ..fit }
    };
    // No column that nothing has room in.
    let is_used = |fit: &Fit| fit.columns.iter().all(|column| !column.is_empty());
    // Where it costs no panel, as many on either side of the map, which is then in the middle of the wall.
    let rank = |fit: &Fit| (fit.dropped.len(), fit.columns.len() % 2);
    (1..=n).rev().map(lay).filter(is_used).min_by_key(rank).unwrap_or_else(|| lay(0))
}

fn tall(window: Window, parts: Parts, order: &[Panel], first: &[Panel], heroes: usize) -> Fit {
    let fits = ((parts.width + parts.gap) / (parts.hero_width() + parts.gap)).floor() as usize;
    let in_row = heroes.min(fits.max(1));
    let half = (window.width * window.height * MAP_SHARE / parts.width).ceil();
    let n = ((parts.width + parts.gap) / (parts.column() + parts.gap)).floor().max(1.0) as usize;
    let column_px = ((parts.width - (n - 1) as f64 * parts.gap) / n as f64).floor();
    let under = |hero_rows: usize| parts.body(hero_rows) - half - parts.gap;
    let most = |least: f64| (1..=heroes.div_ceil(in_row)).rev().find(|&rows| under(rows) >= least);
    // Rows of heroes that leave a panel in each column its room under the map. Where there is none: as many as the map leaves, or the
    // heroes as a list, whichever shows more of them.
    let need = |panel: &Panel| parts.need(*panel, panel.shape().rows.0, column_px);
    let row = order.iter().take(n).map(need).fold(0.0, f64::max);
    let alone = most(0.0).unwrap_or(parts.last_row());
    let as_list = parts.listed(under(0), column_px) > alone * in_row;
    let hero_rows = most(row).unwrap_or(if as_list { 0 } else { alone });
    let own = (hero_rows == 0).then_some(Panel::Heroes);
    let (columns, dropped) = place(parts, order, first, own, n, under(hero_rows), column_px);
    // Where nothing stands under it, the map has all that there is; where the text is so large that there is little, not the foot too.
    let is_bare = columns.iter().all(Vec::is_empty);
    let map_px = if is_bare { (parts.body(hero_rows) - parts.gap).max(0.0) } else { half };
    let fit = Fit { sizes: parts.sizes, tall: true, heroes: in_row, hero_rows, column_px, map_px, ..Fit::default() };
    Fit { columns, dropped, ..fit }
}

/// Puts each panel, the most important first, where most room is left, until one has none: nothing that is less important
/// stands in its place. Then rows grow as long as there is some.
fn place(
    parts: Parts,
    order: &[Panel],
    first: &[Panel],
    own: Option<Panel>,
    n: usize,
    body: f64,
    column_px: f64,
) -> (Vec<Vec<Slot>>, Vec<Panel>) {
    let mut columns: Vec<Column> = (0..n).map(|_| Column { left: body + parts.gap, slots: Vec::new() }).collect();
    let mut panels = own.into_iter().chain(order.iter().copied()).peekable();
    while let Some(&panel) = panels.peek() {
        let roomiest = columns.iter_mut().rev().max_by(|a, b| a.left.total_cmp(&b.left));
        if !roomiest.is_some_and(|column| column.add(panel, parts, column_px)) {
            break;
        }
        panels.next();
    }
    let dropped = panels.collect();
    (columns.into_iter().map(|column| column.grown(parts, column_px, first)).collect(), dropped)
}

struct Column {
    left: f64,
    slots: Vec<Slot>,
}

impl Column {
    /// Adds a panel with the least rows that it may have; tells whether there is room for it.
    fn add(&mut self, panel: Panel, parts: Parts, column_px: f64) -> bool {
        let rows = match panel {
            Panel::Heroes => parts.listed(self.left - parts.gap, column_px),
            _ => panel.shape().rows.0,
        };
        let need = parts.need(panel, rows, column_px) + parts.gap;
        let has_room = self.left >= need;
        if has_room {
            self.left -= need;
            self.slots.push(Slot { panel, rows, px: 0 });
        }
        has_room
    }

    /// Gives rows to the panel that has fewest of what it could have, as long as there is room: what the scene speaks of comes first.
    fn grown(mut self, parts: Parts, column_px: f64, first: &[Panel]) -> Vec<Slot> {
        loop {
            let row = |slot: &Slot| {
                parts.need(slot.panel, slot.rows + 1, column_px) - parts.need(slot.panel, slot.rows, column_px)
            };
            let (left, is_spoken) = (self.left, |slot: &Slot| first.contains(&slot.panel));
            let most = |slot: &Slot| {
                let shape = slot.panel.shape();
                if is_spoken(slot) { shape.spoken } else { shape.rows.1 }
            };
            let wants = |slot: &&mut Slot| slot.rows < most(slot) && row(slot) <= left;
            let next = self.slots.iter_mut().filter(wants).min_by_key(|slot| (!is_spoken(slot), slot.rows));
            let Some(slot) = next else { break };
            self.left -= row(slot);
            slot.rows += 1;
        }
        for slot in &mut self.slots {
            slot.px = parts.need(slot.panel, slot.rows, column_px).floor() as u32;
        }
        self.slots
    }
}

#[cfg(test)]
mod tests;
