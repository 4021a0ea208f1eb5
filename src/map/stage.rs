//! The pictures and when they are drawn: one animation frame for all that is dirty, nothing for what is not.
//!
//! Pictures are laid together on two sheets, which are what the browser shows; heat, which changes by itself, stays a canvas
//! of its own between them, and marks, which move, above them. While the map zooms, all that is shown is scaled; when it
//! rests, what is seen is drawn first, and a moment later, or as soon as the map is panned, a margin around it. While the map
//! pans, Leaflet moves the pane, and before the margin is used up pictures are drawn anew one a frame, so that no frame waits
//! for all of them, and laid down together at the end. Heat of single cases is drawn elsewhere and comes when it is ready.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{HtmlCanvasElement, Window};

use super::host::Host;
use super::ink;
use super::layers::{Layers, Part, Slot};
use super::picture::Picture;
use super::plane::{Frame, Px};
use super::sheet::{Round, Sheet, Sheets};
use super::theme::MapTheme;
use super::wish::HeatPicture;

mod drawing;
mod engine;
mod flood;
mod turns;

/// How much wider a picture is than the map, on each side.
const MARGIN: f64 = 0.2;
/// The same on a wall of many pixels, where every picture costs tens of megabytes and nobody drags.
const WALL_MARGIN: f64 = 0.06;
/// From this many device pixels on a map counts as a wall.
const WALL_PIXELS: f64 = 5_000_000.0;
/// A pan shorter than this share of the map leaves pictures as they are.
const SLACK: f64 = 0.05;
/// A pan that leaves less than this share of a picture’s margin has it drawn anew: turns take a frame each, and a quick hand goes on.
const NEARLY_OUT: f64 = 0.5;
/// How long nothing is drawn before the margin around a new view is, milliseconds.
const QUIET_MS: u32 = 1500;
/// After this long it is drawn all the same, milliseconds: live cases come every second.
const AT_LAST_MS: f64 = 6000.0;
/// What the browser calls with its clock, milliseconds.
type OnFrame = Closure<dyn FnMut(f64)>;

/// Holds the pictures.
pub struct Stage {
    me: Weak<Self>,
    host: Rc<Host>,
    layers: RefCell<Layers>,
    theme: RefCell<MapTheme>,
    /// From the lowest up.
    pictures: Vec<Picture>,
    /// What all pictures but heat and marks are laid on, the lower one first.
    sheets: Sheets,
    window: Window,
    still: bool,
    asked: Cell<bool>,
    /// The turns under way.
    round: Cell<Option<Round>>,
    /// What gives memory back when no turns have been for a while.
    turned: RefCell<Option<Timeout>>,
    /// Whether the upper sheet is a frame behind the lower one.
    split: Cell<bool>,
    /// Whether Leaflet animates a zoom: what is drawn meanwhile would have the place of its end.
    zooming: Cell<bool>,
    /// Heat that has come meanwhile, or with other heat for one frame of the screen, from the oldest on.
    held: RefCell<VecDeque<HeatPicture>>,
    /// Whether heat was laid down for the frame that comes.
    is_laid: Cell<bool>,
    /// Set while a new view has no margin yet: what widens it.
    widening: RefCell<Option<Timeout>>,
    /// Since when that is, on the browser's clock, milliseconds.
    tight_since_ms: Cell<f64>,
    /// When the sheets changed last, and how many changes before that came close upon one another.
    hurry: Cell<(f64, u32)>,
    on_frame: RefCell<Option<OnFrame>>,
    frame_id: Cell<i32>,
    after_draw: RefCell<Option<Box<dyn Fn()>>>,
    on_restored: RefCell<Option<OnRestored>>,
}

/// What the browser calls when a canvas has lost what was on it.
type OnRestored = Closure<dyn FnMut()>;

impl Stage {
    /// Puts empty pictures into the map.
    pub fn new(host: Rc<Host>, window: Window, still: bool) -> Option<Rc<Self>> {
        let document = window.document()?;
        let pane = host.pane("fengtu", 400);
        // In the order in which they cover one another: a sheet comes before the pictures that are to lie above it.
        let (low, high): (Vec<_>, Vec<_>) = Slot::ALL.into_iter().partition(|slot| *slot <= Slot::Heat);
        let picture = |slot| Picture::new(slot, &document, &pane);
        let under = Sheet::new(Part::Under, Slot::Base, &document, &pane)?;
        let mut pictures = low.into_iter().map(picture).collect::<Option<Vec<_>>>()?;
        let over = Sheet::new(Part::Over, Slot::Coverage, &document, &pane)?;
        pictures.extend(high.into_iter().map(picture).collect::<Option<Vec<_>>>()?);
        let (_, probe) = ink::canvas(&document, 1, 1)?;
        let stage = Rc::new_cyclic(|me| Self {
            me: me.clone(),
            host,
            layers: RefCell::default(),
            theme: RefCell::default(),
            pictures,
            sheets: Sheets::new(under, over, probe),
            window,
            still,
            asked: Cell::new(false),
            round: Cell::new(None),
            turned: RefCell::new(None),
            split: Cell::new(false),
            zooming: Cell::new(false),
            held: RefCell::default(),
            is_laid: Cell::new(false),
            widening: RefCell::new(None),
            tight_since_ms: Cell::new(0.0),
            hurry: Cell::new((0.0, 0)),
            on_frame: RefCell::new(None),
            frame_id: Cell::new(0),
            after_draw: RefCell::new(None),
            on_restored: RefCell::new(None),
        });
        let weak = Rc::downgrade(&stage);
        let on_frame = Closure::<dyn FnMut(f64)>::new(move |now_ms| {
            if let Some(stage) = weak.upgrade() {
                stage.on_frame(now_ms);
            }
        });
        *stage.on_frame.borrow_mut() = Some(on_frame);
        let weak = Rc::downgrade(&stage);
        stage.layers.borrow_mut().link.connect(move |heard| {
            if let Some(stage) = weak.upgrade() {
                stage.hear(heard);
            }
        });
        stage.watch_loss(&pane);
        Some(stage)
    }

    /// Changes layers, then has the named pictures drawn anew.
    pub fn change(&self, slots: &[Slot], change: impl FnOnce(&mut Layers)) {
        change(&mut self.layers.borrow_mut());
        self.soil(slots);
    }

    /// Looks into the layers.
    pub fn look<T>(&self, look: impl FnOnce(&Layers) -> T) -> T {
        look(&self.layers.borrow())
    }

    /// Takes new colours and has everything drawn anew.
    pub fn set_theme(&self, theme: MapTheme) {
        if *self.theme.borrow() == theme {
            return;
        }
        self.layers.borrow().names.forget();
        *self.theme.borrow_mut() = theme;
        self.soil(&Slot::ALL);
    }

    /// Gives the colours.
    pub fn theme(&self) -> MapTheme {
        self.theme.borrow().clone()
    }

    /// Gives how many times larger than at a desk things are drawn.
    pub fn scale(&self) -> f64 {
        self.theme.borrow().scale()
    }

    /// Calls back after every drawing.
    pub fn after_draw(&self, callback: impl Fn() + 'static) {
        *self.after_draw.borrow_mut() = Some(Box::new(callback));
    }

    /// Has pictures drawn anew with the next animation frame. One that is not seen and has nothing to show is left alone: the sheet
    /// that it would lie on were laid anew for nothing.
    pub fn soil(&self, slots: &[Slot]) {
        for picture in self.pictures.iter().filter(|picture| slots.contains(&picture.slot)) {
            if self.matters(picture) {
                picture.dirty.set(true);
            } else {
                picture.give_back();
            }
        }
        self.ask();
    }

    /// Tells whether anything of a picture is seen, or will be.
    fn matters(&self, picture: &Picture) -> bool {
        !picture.empty.get() || self.layers.try_borrow().map_or(true, |layers| layers.wants(picture.slot))
    }

    /// Takes note that an animated zoom begins or has ended.
    pub fn set_zooming(&self, zooming: bool) {
        self.zooming.set(zooming);
        self.show_held();
        let waits = |picture: &Picture| picture.dirty.get() || picture.late.get();
        if !zooming && self.pictures.iter().any(waits) {
            self.ask();
        }
    }

    /// Has pictures drawn anew, in turn, where a pan has nearly left what they hold.
    pub fn follow_pan(&self) {
        if !self.host.is_by_page() {
            self.widening.take();
        }
        let Some(view) = self.frame(if self.is_tight() { 0.0 } else { self.margin() * NEARLY_OUT }) else { return };
        self.turn_to(&view);
    }

    /// Has pictures drawn anew when the map has come to rest: at once those that lack some of what is seen, in turn those
    /// that a pan has left little margin.
    pub fn rest(&self) {
        let Some(view) = self.frame(0.0) else { return };
        let away = self.pictures.iter().filter(|picture| !picture.holds(&view));
        let slots: Vec<_> = away.map(|picture| picture.slot).collect();
        if !slots.is_empty() {
            self.soil(&slots);
        }
        // What heat tells in figures is of what is seen.
        let large = view.enlarged(self.scale());
        if self.look(|layers| layers.heat.wants() && !layers.heat.is_of(&large)) {
            self.soil(&[Slot::Heat]);
        }
        if let Some(wide) = self.frame(SLACK).filter(|_| !self.is_tight()) {
            self.turn_to(&wide);
        }
    }

    /// Gives a turn to the pictures at a view's zoom that do not hold it.
    fn turn_to(&self, view: &Frame) {
        let is_late = |shown: Frame| shown.is_at_zoom_of(view) && !shown.holds(view);
        // Heat that has been asked for is on its way.
        let asked = self.look(|layers| layers.heat.asked());
        let shown = |picture: &Picture| asked.filter(|_| picture.slot == Slot::Heat).or(picture.shown.get());
        let mut any = false;
        for picture in
            self.pictures.iter().filter(|picture| shown(picture).is_some_and(is_late) && self.matters(picture))
        {
            picture.late.set(true);
            any = true;
        }
        if any {
            self.ask();
        }
    }

    /// Moves and scales what is shown, as it is, to where the map is going.
    pub fn transform(&self, origin: Px, zoom: f64) {
        self.sheets.place(origin, zoom);
        for picture in self.pictures.iter().filter(|picture| picture.slot.part().is_none()) {
            picture.place(origin, zoom);
        }
    }

    /// Gives the frame of the view, wider by a margin.
    pub fn frame(&self, margin: f64) -> Option<Frame> {
        if !self.host.has_view() {
            return None;
        }
        let (center, zoom) = self.host.center_zoom();
        // More than three for each of CSS is seen on walls alone, and costs a phone megabytes.
        let most = if self.is_wall() { 4.0 } else { 3.0 };
        let dpr = self.window.device_pixel_ratio().clamp(1.0, most);
        Some(Frame::around(center, zoom, self.host.size(), margin, dpr))
    }

    /// Gives what is to be drawn now, and what of it is seen.
    fn frames(&self) -> Option<(Frame, Frame)> {
        self.frame(if self.is_tight() { 0.0 } else { self.margin() }).zip(self.frame(0.0))
    }

    /// Gives the finished pictures from the lowest up, with what each shows.
    pub fn pictures(&self) -> Vec<(HtmlCanvasElement, Frame)> {
        self.pictures.iter().filter_map(Picture::drawn).collect()
    }

    /// Stops drawing for good.
    pub fn stop(&self) {
        let _ = self.window.cancel_animation_frame(self.frame_id.get());
        self.on_frame.borrow_mut().take();
        self.after_draw.borrow_mut().take();
        self.on_restored.take();
        self.widening.take();
        self.turned.take();
    }

    fn is_tight(&self) -> bool {
        self.widening.borrow().is_some()
    }

    /// Has the margin drawn when nothing has been for a while.
    fn widen_later(&self, now_ms: f64) {
        if self.is_tight() && now_ms - self.tight_since_ms.get() > AT_LAST_MS {
            return;
        }
        let me = self.me.clone();
        let widen = move || {
            let Some(stage) = me.upgrade() else { return };
            stage.widening.take();
            stage.rest();
        };
        *self.widening.borrow_mut() = Some(Timeout::new(QUIET_MS, widen));
    }

    fn margin(&self) -> f64 {
        if self.is_wall() { WALL_MARGIN } else { MARGIN }
    }

    fn is_wall(&self) -> bool {
        let ((width, height), dpr) = (self.host.size(), self.window.device_pixel_ratio());
        width * height * dpr * dpr > WALL_PIXELS
    }

    fn ask(&self) {
        if self.asked.replace(true) {
            return;
        }
        if let Some(callback) = &*self.on_frame.borrow() {
            let id = self.window.request_animation_frame(callback.as_ref().unchecked_ref());
            self.frame_id.set(id.unwrap_or_default());
        }
    }

    fn draw_dirty(&self, now_ms: f64) {
        self.asked.set(false);
        let Some(view) = self.frame(0.0).filter(|_| !self.zooming.get()) else { return };
        let dirty = |picture: &&Picture| picture.dirty.get();
        let is_any = self.sheets.any(self.pictures.iter().filter(dirty)) != [false; 2];
        // Where something changes with every frame, turns go on all the same.
        let turn = self.together().find(|picture| is_any && !picture.dirty.get() && picture.late.get());
        let turn = turn.map(|picture| picture.slot);
        let new_view = self.together().filter(dirty).any(|picture| !picture.holds(&view));
        let any_new = self.together().any(|picture| picture.dirty.get());
        // Levels change by themselves alone; what a pointer marks comes as often, and a pan needs its margin.
        let levels = self.together().any(|picture| picture.slot == Slot::Areas && picture.dirty.get());
        let in_flood = levels && self.is_flood(now_ms);
        if new_view || in_flood {
            self.tight_since_ms.set(now_ms);
        }
        if new_view || in_flood || (self.is_tight() && any_new) {
            self.widen_later(now_ms);
        }
        let Some((frame, view)) = self.frames() else { return };
        let drawn = |picture: &&Picture| picture.dirty.get() || turn == Some(picture.slot);
        let mut changed = self.sheets.any(self.pictures.iter().filter(drawn));
        let is_changed = changed != [false; 2];
        // Where the view is what it was, the upper sheet may be a frame later: half the work at once.
        let is_split = changed == [true; 2] && !new_view && !self.split.get();
        self.split.set(is_split);
        changed[1] &= !is_split;
        let alone = |picture: &&Picture| picture.late.get() && picture.slot.part().is_none();
        let now = |picture: &&Picture| !is_split || picture.slot.part() != Some(Part::Over);
        let mut again = is_split || self.is_laid.get() || !self.held.borrow().is_empty();
        for picture in self.pictures.iter().filter(|picture| drawn(picture) || alone(picture)).filter(now) {
            again |= self.draw(picture, &frame, &view, now_ms);
        }
        if is_changed {
            // What lies on the backs of the sheets is no longer true, and what was drawn for them is on neither front.
            let chosen = if self.round.take().is_some() { [true; 2] } else { changed };
            self.sheets.lay(chosen, &self.pictures, &frame, self.host.pixel_origin());
        } else if self.together().any(|picture| picture.late.get()) {
            let round = self.round.take().filter(|round| round.frame.is_at_zoom_of(&view));
            self.go_on(round.unwrap_or_else(|| self.begin_round(frame)), &view, now_ms);
        }
        again |= self.together().any(|picture| picture.late.get());
        if let Some(callback) = &*self.after_draw.borrow() {
            callback();
        }
        if again {
            self.ask();
        }
    }

    /// Gives the pictures that lie on the sheets, from the lowest up.
    fn together(&self) -> impl Iterator<Item = &Picture> {
        self.pictures.iter().filter(|picture| picture.slot.part().is_some())
    }
}
