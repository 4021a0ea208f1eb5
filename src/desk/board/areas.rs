//! The card of places on the ground: a small map on which an area is drawn, and the same places as a list. It is a brush.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use fengtu_wire::cube::Cube;
use fengtu_wire::geojson::Feature;
use fengtu_wire::grids::Grid as Ground;
use fengtu_wire::ids::PlaceId;
use fengtu_wire::places::PlaceLevel;
use leptos::ev::PointerEvent;
use leptos::prelude::*;

use super::card::{Grid, Parts, card};
use super::choice::{SHADES, covers, ends, gathered, shade};
use super::context::Board;
use super::sketch::Sketch;
use super::told::{self, Told};
use crate::api::grids::GridsQuery;
use crate::api::lenient::Listed;
use crate::browser::page;
use crate::desk::scope::{Asked, asked, place_name};
use crate::reactive::{effect, flag, part, when_near, words};
use crate::routes::brush::MOST_PLACES;
use crate::scene::geometry;
use crate::state::DistrictStore;
use crate::tr;
use crate::ui::drawing::{Anchor, Drawing, Ink};
use crate::ui::message::loaded;
use crate::ui::number::{self, grouped};

/// The opacities of the shades, the fewest first.
const OPACITIES: [f64; SHADES] = [0.08, 0.2, 0.36, 0.56, 0.82];
/// How far a hand may slip in a click, pixels.
const SLIP: f64 = 5.0;
/// Rows beside the map; all are in the table behind.
const ROWS: usize = 8;
/// The most room that the map takes.
const ROOM: (f64, f64) = (620.0, 460.0);

/// What the parts of the card share.
#[derive(Clone, Copy)]
struct Areas {
    board: Board,
    outlines: Asked<Listed<Feature<Ground>>>,
    sketch: Memo<Option<Arc<Sketch>>>,
    /// The line while it is drawn.
    line: RwSignal<Vec<(f64, f64)>>,
    over: RwSignal<Option<PlaceId>>,
    /// Whether a finger draws whichever way it goes, and each line adds to what is chosen.
    freehand: RwSignal<bool>,
    /// What was refused.
    said: RwSignal<String>,
}

/// The card. Outlines are asked for when it comes into view.
pub fn areas(board: Board) -> AnyView {
    let near = when_near("areas");
    let outlines = asked(move || {
        let is_exact = near.get() && board.cube.with(|cube| cube.value().is_some_and(|cube| cube.exact));
        is_exact.then(|| GridsQuery { place: board.scope.place.get() })
    });
    let sketch = Memo::new_with_compare(move |_| sketch(board, outlines), |_, _| true);
    let areas = Areas {
        board,
        outlines,
        sketch,
        line: RwSignal::new(Vec::new()),
        over: RwSignal::new(None),
        freehand: RwSignal::new(false),
        said: RwSignal::new(String::new()),
    };
    let file = move || match (board.answer(), sketch.get()) {
        (Some(cube), Some(sketch)) => areas.drawing(&cube, &sketch),
        _ => Drawing::default(),
    };
    card(
        "wide",
        Parts {
            id: "areas",
            sheet: None,
            controls: Some(Arc::new(move || areas.list())),
            title: || tr!(board.areas),
            says: Arc::new(move || board.answer().map(|cube| sentence(board, &cube)).unwrap_or_default()),
            chart: Arc::new(move || board.answer().map(|cube| areas.chart(&cube)).into_any()),
            grid: Arc::new(move || board.answer().map(|cube| grid(board, &cube)).unwrap_or_default()),
            file: Some(Arc::new(file)),
        },
    )
}

fn sketch(board: Board, outlines: Asked<Listed<Feature<Ground>>>) -> Option<Arc<Sketch>> {
    let room = (ROOM.0.min(board.width.get() - 80.0).max(240.0), ROOM.1);
    outlines.answer.with(|answer| {
        let ground = |f: &Feature<Ground>| Some((f.properties.id.clone(), geometry::area(f.geometry.as_ref()?)?));
        Sketch::new(answer.value()?.items.iter().filter_map(ground), room).map(Arc::new)
    })
}

impl Areas {
    fn chart(self, cube: &Arc<Cube>) -> AnyView {
        if !cube.exact {
            // The sentence above says why there is none.
            return ().into_any();
        }
        let offset = self.board.offset();
        self.outlines.answer.with(|answer| {
            if answer.value().is_none() && answer.error().is_none() {
                // As much room as it will take: what stands below must not jump when it comes.
                return view! { <p class="quiet sketch-room card-waiting" role="status">{tr!(desk.coverage_busy)}</p> }
                    .into_any();
            }
            loaded(answer, offset, self.outlines.again, |_| match self.sketch.get() {
                Some(sketch) => self.plot(cube, &sketch),
                None => view! { <p class="quiet">{tr!(board.areas_none)}</p> }.into_any(),
            })
        })
    }

    fn plot(self, cube: &Arc<Cube>, sketch: &Arc<Sketch>) -> AnyView {
        let drawing = self.drawing(cube, sketch);
        let label = sentence(self.board, cube);
        let (moved, ended) = (Arc::clone(sketch), Arc::clone(sketch));
        let counted: HashMap<PlaceId, u64> =
            cube.areas.places.iter().cloned().zip(cube.areas.received.iter().copied()).collect();
        let total: u64 = cube.areas.received.iter().sum();
        let read = words(move || self.over.get().map(|id| self.readout(&id, &counted, total)).unwrap_or_default());
        let mut most = grid(self.board, cube);
        most.rows.truncate(ROWS);
        let frame = format!("0 0 {:.0} {:.0}", sketch.size.0, sketch.size.1);
        let trace = words(move || self.line.with(|line| traced(line)));
        view! {
            <div class="sketch-sides">
                <div class="brushable sketch" class:freehand=flag(move || self.freehand.get()) id="areas-plot"
                    on:pointerdown=move |event| self.began(&event)
                    on:pointermove=move |event| self.moved(&event, &moved)
                    on:pointerleave=move |_| self.over.set(None)
                    on:pointercancel=move |_| self.line.set(Vec::new())
                    on:pointerup=move |event| self.ended(&event, &ended)>
                    {drawing.view(Some(label))}
                    <svg class="sketch-line" aria-hidden="true" viewBox=frame><path d=trace></path></svg>
                </div>
                <div class="sketch-beside">
                    {legend(cube)}
                    <p class="readout" aria-hidden="true">{read}</p>
                    {most.view(tr!(board.areas).to_owned())}
                    <p class="quiet">{tr!(board.area_draw)}</p>
                </div>
            </div>
            <p role="status" class="field-error">{self.said}</p>
        }
        .into_any()
    }

    /// For fingers, which scroll the page else, and have no Shift.
    fn switch(self) -> AnyView {
        let pressed = words(move || self.freehand.get().to_string());
        let press = move |_| self.freehand.update(|on| *on = !*on);
        view! { <button type="button" class="button" id="areas-freehand" aria-pressed=pressed on:click=press>{tr!(board.area_freehand)}</button> }
            .into_any()
    }

    fn drawing(self, cube: &Cube, sketch: &Sketch) -> Drawing {
        let board = self.board;
        let within = board.view.with(|v| v.state.brush.within.clone());
        let most = cube.areas.received.iter().max().copied().unwrap_or(0);
        let shades: HashMap<&PlaceId, usize> =
            cube.areas.places.iter().zip(&cube.areas.received).map(|(id, &n)| (id, shade(n, most))).collect();
        board.district.with(|district: &DistrictStore| {
            let tree = district.tree.value();
            let is_in = |id: &&PlaceId| !within.is_empty() && covers(tree, &within, id);
            let chosen: HashSet<&PlaceId> = sketch.places().filter(is_in).collect();
            let mut drawing = Drawing::new(sketch.size.0, sketch.size.1);
            for (index, opacity) in OPACITIES.into_iter().enumerate() {
                let has = |id: &PlaceId, is_first: bool| {
                    shades.get(id) == Some(&index) && (within.is_empty() || chosen.contains(id)) == is_first
                };
                drawing.area(sketch.path(|id| has(id, true)), Ink::First, opacity);
                drawing.area(sketch.path(|id| has(id, false)), Ink::Second, opacity * 0.5);
            }
            drawing.stroke(sketch.path(|_| true), Ink::Line, 0.5);
            drawing.stroke(sketch.path(|id| chosen.contains(id)), Ink::Ink, 1.0);
            names(board, district, sketch, &mut drawing);
            drawing
        })
    }

    fn readout(self, id: &PlaceId, counted: &HashMap<PlaceId, u64>, total: u64) -> String {
        let n = counted.get(id).copied().unwrap_or(0);
        tr!(board.area_says, name = self.board.place(id), n = grouped(n), share = share(n, total))
    }

    /// Where there is less room than was reckoned with, the drawing is smaller than it says.
    fn point(event: &PointerEvent, sketch: &Sketch) -> (f64, f64) {
        let scale = sketch.size.0 / page::width_of("areas-plot").max(1.0);
        (f64::from(event.offset_x()) * scale, f64::from(event.offset_y()) * scale)
    }

    fn began(self, event: &PointerEvent) {
        let Some(sketch) = self.sketch.get_untracked() else { return };
        // The line may leave the map and come back.
        page::capture_pointer(event);
        self.line.set(vec![Self::point(event, &sketch)]);
    }

    fn moved(self, event: &PointerEvent, sketch: &Sketch) {
        let at = Self::point(event, sketch);
        if self.line.with_untracked(Vec::is_empty) {
            let over = sketch.at(at.0, at.1).cloned();
            if self.over.with_untracked(|before| *before != over) {
                self.over.set(over);
            }
        } else {
            self.line.update(|line| line.push(at));
        }
    }

    /// A line around places chooses them, with Shift or freehand beside those chosen; a click adds or takes away one.
    fn ended(self, event: &PointerEvent, sketch: &Sketch) {
        let line = self.line.get_untracked();
        self.line.set(Vec::new());
        let Some(&first) = line.first() else { return };
        let is_click = line.iter().all(|at| (at.0 - first.0).abs().max((at.1 - first.1).abs()) < SLIP);
        let mut chosen = self.chosen(sketch);
        if is_click {
            let Some(id) = sketch.at(first.0, first.1) else { return };
            if !chosen.remove(id) {
                chosen.insert(id.clone());
            }
        } else {
            if !event.shift_key() && !self.freehand.get_untracked() {
                chosen.clear();
            }
            chosen.extend(sketch.around(&line));
        }
        self.choose(chosen);
    }

    /// The places of the map that are chosen now.
    fn chosen(self, sketch: &Sketch) -> BTreeSet<PlaceId> {
        let within = self.board.view.with_untracked(|v| v.state.brush.within.clone());
        self.board.district.with_untracked(|district| {
            sketch.places().filter(|id| covers(district.tree.value(), &within, id)).cloned().collect()
        })
    }

    fn choose(self, chosen: BTreeSet<PlaceId>) {
        let board = self.board;
        let top = board.scope.place.get_untracked();
        let gathered = board.district.with_untracked(|district| match (district.tree.value(), &top) {
            (Some(tree), Some(top)) => gathered(tree, top, chosen),
            _ => chosen,
        });
        if gathered.len() > MOST_PLACES {
            return self.said.set(tr!(board.areas_many, n = gathered.len(), most = MOST_PLACES));
        }
        self.said.set(String::new());
        board.change(|state| state.brush.within = gathered);
    }

    /// The same choice for keys, fingers and screen readers; made when it is opened, and not drawn anew with every answer.
    fn list(self) -> AnyView {
        let is_open = RwSignal::new(false);
        let inside = part(move || if is_open.get() { self.options() } else { ().into_any() });
        view! {
            {self.switch()}
            <details class="sketch-list" on:toggle=move |event| is_open.set(page::is_open(&event))>
                <summary>{tr!(board.areas_list)}</summary>
                {inside}
            </details>
        }
        .into_any()
    }

    fn options(self) -> AnyView {
        let board = self.board;
        let Some(sketch) = self.sketch.get() else { return ().into_any() };
        let groups = board.district.with_untracked(|district| by_parent(board, district, &sketch));
        let option = |(id, name): (PlaceId, String)| view! { <option value=id.to_string()>{name}</option> };
        let group = |(name, places): (String, Vec<(PlaceId, String)>)| {
            view! { <optgroup label=name>{places.into_iter().map(option).collect_view()}</optgroup> }
        };
        // What is chosen elsewhere is chosen here.
        effect(move || {
            let within = board.view.with(|v| v.state.brush.within.clone());
            board.district.with_untracked(|district| {
                page::select_options("areas-list", |id| covers(district.tree.value(), &within, &id.into()));
            });
        });
        let read = move |_| {
            self.choose(page::selected_options("areas-list").into_iter().map(PlaceId).collect());
        };
        view! {
            <label class="field"><span class="field-label">{tr!(board.areas_hint)}</span>
                <select multiple=true size="10" class="field-input" id="areas-list" on:change=read>{groups.into_iter().map(group).collect_view()}</select></label>
        }
        .into_any()
    }
}

/// The places of the map under the node that each of them belongs to.
fn by_parent(board: Board, district: &DistrictStore, sketch: &Sketch) -> Vec<(String, Vec<(PlaceId, String)>)> {
    let mut all: Vec<(String, Vec<(PlaceId, String)>)> = Vec::new();
    for id in sketch.places() {
        let parent = district.place(id).and_then(|place| place.parent.clone());
        let name = parent.map(|parent| board.place(&parent)).unwrap_or_default();
        let entry = (id.clone(), board.place(id));
        match all.iter_mut().find(|(known, _)| *known == name) {
            Some((_, places)) => places.push(entry),
            None => all.push((name, vec![entry])),
        }
    }
    all
}

fn legend(cube: &Cube) -> AnyView {
    let most = cube.areas.received.iter().max().copied().unwrap_or(0);
    let one = |index: usize| {
        let (low, high) = ends(index, most)?;
        let text = if low == high { grouped(low) } else { format!("{}–{}", grouped(low), grouped(high)) };
        Some(view! { <li><i class=format!("sketch-shade-{index}")></i>{text}</li> })
    };
    let steps = (0..SHADES).filter_map(one).collect_view();
    view! { <ul class="sketch-legend" aria-label=tr!(board.areas_legend)><li aria-hidden="true">{tr!(board.areas_legend)}</li>{steps}</ul> }
        .into_any()
}

/// The names of the nodes right below the one in view, where they stand.
fn names(board: Board, district: &DistrictStore, sketch: &Sketch, drawing: &mut Drawing) {
    let Some(top) = board.scope.place.get() else { return };
    let below = district.tree.value().into_iter().flat_map(|tree| tree.children(&top));
    for place in below.filter(|place| place.level < PlaceLevel::Grid) {
        if let Some(centre) = place.centre {
            let at = sketch.xy(geometry::place(centre));
            drawing.text((at.0, at.1 + 4.0), Anchor::Middle, Ink::Ink, place_name(place));
        }
    }
}

fn traced(line: &[(f64, f64)]) -> String {
    let points = line.iter().map(|(x, y)| format!("{x:.0} {y:.0}")).collect::<Vec<_>>().join(" ");
    if line.len() < 2 { String::new() } else { format!("M{points}z") }
}

fn share(n: u64, total: u64) -> String {
    number::share(n as f64 / total.max(1) as f64)
}

/// The places with what came there, the most first.
fn sorted(cube: &Cube) -> Vec<(&PlaceId, u64)> {
    let mut all: Vec<(&PlaceId, u64)> = cube.areas.places.iter().zip(cube.areas.received.iter().copied()).collect();
    fengtu_geo::order::sort_by(&mut all, |a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    all
}

fn sentence(board: Board, cube: &Cube) -> String {
    if !cube.exact {
        return tr!(board.withheld).to_owned();
    }
    let parts: Vec<Option<u64>> = cube.areas.received.iter().copied().map(Some).collect();
    told::of_parts(cube, &parts, 0, &|Told { whole, most, of, .. }| {
        let most = most.and_then(|at| cube.areas.places.get(at).zip(cube.areas.received.get(at)));
        let Some((id, &most)) = most else { return told::no_most(whole, of) };
        let (name, share) = (board.place(id), share(most, whole));
        tr!(board.areas_say, n = parts.len(), name = name, most = grouped(most), share = share)
    })
}

fn grid(board: Board, cube: &Cube) -> Grid {
    let total = cube.areas.received.iter().sum();
    let row = |(id, n): (&PlaceId, u64)| vec![board.place(id), grouped(n), share(n, total)];
    Grid {
        heads: [tr!(board.place), tr!(board.received), tr!(board.share)].map(str::to_owned).to_vec(),
        rows: sorted(cube).into_iter().map(row).collect(),
    }
}
