//! Columns, view and filter to a density picture: weigh, bin, blur, divide by the area of a pixel.
//!
//! Each step keeps what it made, and is left out while what it was made of stays: a pan weighs nothing, and by whole bins
//! bins only what has come in; a live event changes its own bins; the same picture again costs nothing. Cases just outside
//! of the picture count as far as the kernel reaches. After the first picture of a size nothing is allocated.

use crate::bins;
use crate::blur::{ExtendedBox, Workspace, zeroed};
use crate::coarse::{Coarse, Grid};
use crate::columns::Columns;
use crate::density::Density;
use crate::filter::Filter;
use crate::sheet::Sheet;
use crate::shift::{Kept, Shift};
use crate::view::{Area, View};
use crate::weights::{News, Sum, Weights};

/// Draws densities, and keeps the memory it needs from one picture to the next.
#[derive(Debug, Clone, Default)]
pub struct Engine {
    weights: Weights,
    bins: Vec<f32>,
    drawn: Option<Drawn>,
    workspace: Workspace,
    coarse: Coarse,
    density: Density,
}

/// Changes after which all are binned anew, as each may leave a rounding error of 6 · 10⁻⁸ of its bin.
const MAX_CHANGES: usize = 1 << 12;

impl Engine {
    /// Makes an engine that has drawn nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Draws the chosen cases; a view that cannot be drawn gives an empty picture (0 × 0).
    pub fn render(&mut self, columns: &Columns, view: &View, filter: &Filter) -> &Density {
        self.draw(columns, view, None, filter)
    }

    /// Draws the chosen cases as [`Self::render`] does, but with figures of the part that is seen.
    ///
    /// For a picture with a margin, so that it can be moved before the next is drawn.
    pub fn render_seen(&mut self, columns: &Columns, view: &View, seen: &Area, filter: &Filter) -> &Density {
        self.draw(columns, view, Some(*seen), filter)
    }

    /// Gives the last picture.
    pub fn density(&self) -> &Density {
        &self.density
    }

    fn draw(&mut self, columns: &Columns, view: &View, seen: Option<Area>, filter: &Filter) -> &Density {
        if view.is_drawable() {
            let before = self.drawn.take();
            let is_same = before.is_some_and(|before| before.view == *view);
            let mut drawn = Drawn { seen, ..Drawn::begin(view) };
            if self.bin(columns, filter, before.as_ref(), &mut drawn) || !is_same {
                self.blur(&drawn);
            }
            self.read(columns, &drawn);
            self.drawn = Some(drawn);
        } else {
            self.drawn = None;
            self.resize(0, 0);
        }
        &self.density
    }

    /// Brings the bins up to date; tells whether they changed.
    fn bin(&mut self, columns: &Columns, filter: &Filter, before: Option<&Drawn>, drawn: &mut Drawn) -> bool {
        let known = before.and_then(|before| Some((before, drawn.follows(before)?)));
        let (news, touched) = self.follow(columns, filter, known.as_ref().map(|(before, _)| &before.sheet));
        let is_known = |(before, _): &(&Drawn, _)| news == News::Some && before.changes + touched <= MAX_CHANGES;
        let known = known.filter(is_known);
        let Self { weights, bins, .. } = self;
        let Some((before, way)) = known else {
            zeroed(bins, drawn.sheet.stride * drawn.sheet.rows);
            bins::scatter(columns, weights, &drawn.sheet, bins);
            return true;
        };
        (drawn.anchor, drawn.gone) = (before.anchor, drawn.gone_from(&before.anchor).unwrap_or_default());
        drawn.changes = before.changes + touched;
        if let Way::Move(kept) = &way {
            kept.take(&drawn.sheet, bins);
            bins::fill_in(columns, weights, &drawn.sheet, kept, bins);
        }
        // What was moved is of another view, and drawn for that.
        touched > 0
    }

    /// Brings the weights up to date, and the bins of a sheet with them; says how many changes there were.
    fn follow(&mut self, columns: &Columns, filter: &Filter, sheet: Option<&Sheet>) -> (News, usize) {
        let Self { weights, bins, .. } = self;
        let mut touched = 0;
        let news = weights.follow(columns, filter, |row, weight| {
            touched += 1;
            if let Some(sheet) = sheet {
                bins::touch(sheet, row, weight, bins);
            }
        });
        (news, touched)
    }

    fn blur(&mut self, drawn: &Drawn) {
        let Drawn { view, grid, kernel, sheet, .. } = drawn;
        self.resize(view.width, view.height);
        let (out, width) = (&mut self.density.values, view.width as usize);
        let per_km2 = (1.0 / grid.view.km2_per_px()) as f32;
        if grid.is_fine() {
            self.workspace.blur(&self.bins, sheet, kernel, per_km2, out, width);
        } else {
            let columns = grid.view.width as usize;
            self.coarse.values.resize(columns * grid.view.height as usize, 0.0);
            self.workspace.blur(&self.bins, sheet, kernel, per_km2, &mut self.coarse.values, columns);
            self.coarse.enlarge(grid, out, width);
        }
    }

    /// Reads the figures of what is seen off the picture.
    fn read(&mut self, columns: &Columns, drawn: &Drawn) {
        let area = drawn.seen.unwrap_or_else(|| drawn.view.area());
        let window = drawn.sheet.window(&drawn.grid.area(&area));
        let Sum { cases, weight } = bins::count(columns, &self.weights, &window);
        self.density.seen = drawn.seen;
        self.density.max = self.density.greatest_of(drawn.seen);
        self.density.cases = cases;
        self.density.weight = weight;
    }

    fn resize(&mut self, width: u32, height: u32) {
        let mut values = std::mem::take(&mut self.density.values);
        values.resize(width as usize * height as usize, 0.0);
        self.density = Density { width, height, values, ..Density::default() };
    }
}

/// Says what the bins and the picture were made of.
#[derive(Debug, Clone, Copy)]
struct Drawn {
    view: View,
    grid: Grid,
    kernel: ExtendedBox,
    sheet: Sheet,
    seen: Option<Area>,
    /// Changes that were added to the bins since all were binned.
    changes: usize,
    /// The grid's view when all were binned: shifts are measured from there, so that no error adds up.
    anchor: View,
    /// The way since then.
    gone: Shift,
}

impl Drawn {
    fn begin(view: &View) -> Self {
        let grid = Grid::of(view);
        let kernel = ExtendedBox::for_radius(grid.view.drawn_radius_px());
        let sheet = Sheet::around(&grid.view, kernel.reach() + 1);
        let (anchor, gone) = (grid.view, Shift::default());
        Self { view: *view, grid, kernel, sheet, seen: None, changes: 0, anchor, gone }
    }

    fn gone_from(&self, anchor: &View) -> Option<Shift> {
        Shift::between(anchor, &self.grid.view)
    }

    /// Says how the bins of the picture before can be gone on with; `None`: not at all.
    fn follows(&self, before: &Self) -> Option<Way> {
        let shift = self.gone_from(&before.anchor)?.after(before.gone);
        if !self.sheet.is_as_large(&before.sheet) {
            return None;
        }
        if shift.is_none() { Some(Way::Stay) } else { Kept::of(&self.sheet, shift).map(Way::Move) }
    }
}

/// What becomes of the bins for the next picture.
enum Way {
    /// They stay where they are.
    Stay,
    /// Some of them are moved.
    Move(Kept),
}
