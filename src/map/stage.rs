//! The pictures and when they are drawn: one animation frame for all that is dirty, nothing for what is not.
//!
//! Pictures are laid together on one sheet, which is what the browser shows; marks, which move, stay a canvas of their own
//! above it. A picture is larger than the map by a margin. While the map pans, Leaflet moves the pane, and before the
//! margin is used up pictures are drawn anew one a frame, so that no frame waits for all of them, and laid down together
//! at the end; while the map zooms, the sheet is scaled; at rest pictures are drawn anew.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{HtmlCanvasElement, Window};

use super::host::Host;
use super::layers::{Brush, Drawn, Layers, Slot};
use super::picture::Picture;
use super::plane::{Frame, Px};
use super::theme::MapTheme;

/// How much wider a picture is than the map, on each side.
const MARGIN: f64 = 0.2;
/// The same on a wall of many pixels, where every picture costs tens of megabytes and nobody drags.
const WALL_MARGIN: f64 = 0.06;
/// From this many device pixels on a map counts as a wall.
const WALL_PIXELS: f64 = 5_000_000.0;
/// A pan shorter than this share of the map leaves pictures as they are.
const SLACK: f64 = 0.05;
/// A pan that leaves less than this share of a picture's margin has it drawn anew.
const NEARLY_OUT: f64 = 0.2;

/// What the browser calls with its clock, milliseconds.
type OnFrame = Closure<dyn FnMut(f64)>;

/// Holds the pictures.
pub struct Stage {
    host: Rc<Host>,
    layers: RefCell<Layers>,
    theme: RefCell<MapTheme>,
    /// From the lowest up.
    pictures: Vec<Picture>,
    /// What all pictures but the marks are laid on.
    sheet: Picture,
    window: Window,
    still: bool,
    asked: Cell<bool>,
    on_frame: RefCell<Option<OnFrame>>,
    frame_id: Cell<i32>,
    after_draw: RefCell<Option<Box<dyn Fn()>>>,
}

/// Says what is left of the pictures that wait for their turn.
enum Late {
    /// None waited.
    None,
    /// One was drawn, more wait.
    More,
    /// The last was drawn.
    Last,
}

impl Stage {
    /// Puts empty pictures into the map.
    pub fn new(host: Rc<Host>, window: Window, still: bool) -> Option<Rc<Self>> {
        let document = window.document()?;
        let pane = host.pane("fengtu", 400);
        let sheet = Picture::sheet(&document, &pane)?;
        let pictures: Option<Vec<_>> = Slot::ALL.into_iter().map(|slot| Picture::new(slot, &document, &pane)).collect();
        let stage = Rc::new(Self {
            host,
            layers: RefCell::default(),
            theme: RefCell::default(),
            pictures: pictures?,
            sheet,
            window,
            still,
            asked: Cell::new(false),
            on_frame: RefCell::new(None),
            frame_id: Cell::new(0),
            after_draw: RefCell::new(None),
        });
        let weak = Rc::downgrade(&stage);
        let on_frame = Closure::<dyn FnMut(f64)>::new(move |now_ms| {
            if let Some(stage) = weak.upgrade() {
                stage.draw_dirty(now_ms);
            }
        });
        *stage.on_frame.borrow_mut() = Some(on_frame);
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

    /// Calls back after every drawing.
    pub fn after_draw(&self, callback: impl Fn() + 'static) {
        *self.after_draw.borrow_mut() = Some(Box::new(callback));
    }

    /// Has pictures drawn anew with the next animation frame.
    pub fn soil(&self, slots: &[Slot]) {
        for picture in self.pictures.iter().filter(|picture| slots.contains(&picture.slot)) {
            picture.dirty.set(true);
        }
        self.ask();
    }

    /// Has pictures drawn anew, in turn, where a pan has nearly left what they hold.
    pub fn follow_pan(&self) {
        let Some(view) = self.frame(self.margin() * NEARLY_OUT) else { return };
        self.turn_to(&view);
    }

    /// Has pictures drawn anew when the map has come to rest: at once after a zoom, in turn after a pan of more than a
    /// little.
    pub fn rest(&self) {
        let Some(wide) = self.frame(SLACK) else { return };
        let zoomed = |picture: &&Picture| picture.shown.get().is_none_or(|shown| !shown.is_at_zoom_of(&wide));
        let slots: Vec<_> = self.pictures.iter().filter(zoomed).map(|picture| picture.slot).collect();
        if !slots.is_empty() {
            self.soil(&slots);
        }
        self.turn_to(&wide);
    }

    /// Gives a turn to the pictures at a view's zoom that do not hold it.
    fn turn_to(&self, view: &Frame) {
        let is_late = |shown: Frame| shown.is_at_zoom_of(view) && !shown.holds(view);
        let mut any = false;
        for picture in self.pictures.iter().filter(|picture| picture.shown.get().is_some_and(is_late)) {
            picture.late.set(true);
            any = true;
        }
        if any {
            self.ask();
        }
    }

    /// Moves and scales what is shown, as it is, to where the map is going.
    pub fn transform(&self, origin: Px, zoom: f64) {
        self.sheet.place(origin, zoom);
        for picture in self.pictures.iter().filter(|picture| picture.slot.is_apart()) {
            picture.place(origin, zoom);
        }
    }

    /// Gives the frame of the view, wider by a margin.
    pub fn frame(&self, margin: f64) -> Option<Frame> {
        if !self.host.has_view() {
            return None;
        }
        let (center, zoom) = self.host.center_zoom();
        let dpr = self.window.device_pixel_ratio().clamp(1.0, 3.0);
        Some(Frame::around(center, zoom, self.host.size(), margin, dpr))
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
    }

    fn margin(&self) -> f64 {
        let ((width, height), dpr) = (self.host.size(), self.window.device_pixel_ratio());
        if width * height * dpr * dpr > WALL_PIXELS { WALL_MARGIN } else { MARGIN }
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
        let Some(frame) = self.frame(self.margin()) else { return };
        let (mut again, mut lay) = (false, false);
        for picture in self.pictures.iter().filter(|picture| picture.dirty.get()) {
            again |= self.draw(picture, &frame, now_ms);
            lay |= !picture.slot.is_apart();
        }
        match self.draw_late(&frame, now_ms) {
            Late::None => {}
            Late::More => again = true,
            Late::Last => lay = true,
        }
        if lay {
            self.lay(&frame);
        }
        if let Some(callback) = &*self.after_draw.borrow() {
            callback();
        }
        if again {
            self.ask();
        }
    }

    /// Draws the next picture whose turn it is.
    fn draw_late(&self, frame: &Frame, now_ms: f64) -> Late {
        let mut late = self.pictures.iter().filter(|picture| picture.late.get()).peekable();
        if late.peek().is_none() {
            return Late::None;
        }
        for picture in late.by_ref() {
            self.draw(picture, frame, now_ms);
            // What shows nothing takes no turn.
            if !picture.empty.get() {
                break;
            }
        }
        if late.next().is_some() { Late::More } else { Late::Last }
    }

    /// Lays the pictures on the sheet, each where it was drawn for.
    fn lay(&self, frame: &Frame) {
        self.sheet.prepare(frame);
        for picture in self.pictures.iter().filter(|picture| !picture.slot.is_apart()) {
            picture.lay_on(&self.sheet, frame);
        }
        self.sheet.finish(Drawn::Still, *frame);
        self.sheet.place(self.host.pixel_origin(), frame.zoom);
    }

    /// Draws one picture; returns whether it moves, and so is to be drawn again.
    fn draw(&self, picture: &Picture, frame: &Frame, now_ms: f64) -> bool {
        picture.dirty.set(false);
        picture.late.set(false);
        let (mut layers, theme) = (self.layers.borrow_mut(), self.theme.borrow());
        if !layers.wants(picture.slot) {
            picture.forget(*frame);
            return false;
        }
        let brush = Brush { ink: &picture.ink, frame, theme: &theme, now_ms, still: self.still };
        picture.prepare(frame);
        let drawn = layers.draw(picture.slot, &brush);
        picture.finish(drawn, *frame);
        if picture.slot.is_apart() {
            picture.place(self.host.pixel_origin(), frame.zoom);
        }
        picture.dirty.set(drawn == Drawn::Moving);
        drawn == Drawn::Moving
    }
}
