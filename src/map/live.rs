//! The map while it is mounted: signals go to layers, Leaflet's events go to the page.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use crate::browser::{Listener, clock, media};
use crate::reactive::effect;
use fengtu_geo::LonLat;
use leptos::prelude::{Callable, Callback, Get, RwSignal, Set, Signal, Track, With, request_animation_frame};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, ResizeObserver, Window};

use super::export::export;
use super::host::Host;
use super::layers::tiles::Tiles;
use super::layers::{Layers, Slot};
use super::measure::{END_PX, Measure};
use super::model::{ExportRequest, Exported, HeatLegend, Hit, MapEvent, Seen, TileSource};
use super::plane::Px;
use super::scene::MapScene;
use super::stage::Stage;
use super::theme::MapTheme;

mod look;
mod things;

/// The watch on the size of the element, and what it calls back.
type SizeWatch = (ResizeObserver, Closure<dyn FnMut()>);

/// Holds the mounted map.
pub struct Live {
    host: Rc<Host>,
    stage: Rc<Stage>,
    tiles: Tiles,
    legend: RefCell<HeatLegend>,
    window: Window,
    on_event: Callback<MapEvent>,
    seen: RwSignal<Option<Seen>>,
    hovered: RefCell<Option<Hit>>,
    looking: look::Looking,
    /// Whether the cross-hair points, since a key moved the map.
    by_key: Cell<bool>,
    /// Whether a hand drags the map.
    dragged: Cell<bool>,
    ready: Cell<bool>,
    resize: RefCell<Option<SizeWatch>>,
    sharpness: RefCell<Option<Listener>>,
}

impl Live {
    /// Makes the map in an element and binds it to the scene; `None` if Leaflet or the canvas is not there.
    pub fn start(
        element: &HtmlElement,
        scene: &MapScene,
        on_event: Callback<MapEvent>,
        seen: RwSignal<Option<Seen>>,
    ) -> Option<Rc<Self>> {
        let window = element.owner_document()?.default_view()?;
        let still = wants_stillness(&window);
        let host = Rc::new(Host::new(element, still)?);
        let tiles = Tiles::new(Rc::clone(&host));
        let stage = Stage::new(Rc::clone(&host), window.clone(), still)?;
        let live = Rc::new(Self {
            host,
            stage,
            tiles,
            legend: RefCell::default(),
            window,
            on_event,
            seen,
            hovered: RefCell::new(None),
            looking: look::Looking::default(),
            by_key: Cell::new(false),
            dragged: Cell::new(false),
            ready: Cell::new(false),
            resize: RefCell::new(None),
            sharpness: RefCell::new(None),
        });
        live.listen();
        live.watch_size(element);
        live.bind(scene);
        let weak = Rc::downgrade(&live);
        live.stage.after_draw(move || {
            if let Some(live) = weak.upgrade() {
                live.tell_legend();
                live.tell_look();
            }
        });
        Some(live)
    }

    /// Removes the map.
    pub fn stop(&self) {
        if let Some((observer, _)) = self.resize.borrow_mut().take() {
            observer.disconnect();
        }
        self.sharpness.take();
        self.stage.stop();
        self.host.remove();
    }

    /// Gives the host, for keys and buttons.
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// Chooses what is in the middle of the map, as a click there would.
    pub fn click_center(&self) {
        self.click(self.host.ground(self.middle()));
    }

    /// Lets the cross-hair point (`true`: a key moves the map), or nothing any more.
    pub fn point_by_key(&self, on: bool) {
        if self.by_key.replace(on) && !on {
            self.leave();
        }
    }

    fn leave(&self) {
        self.look_away();
        self.hover(None, Px::default());
    }

    fn middle(&self) -> Px {
        let (width, height) = self.host.size();
        Px { x: width / 2.0, y: height / 2.0 }
    }

    /// Takes back the last corner of a measurement; false if none is under way.
    pub fn undo_measure(&self) -> bool {
        let on = self.stage.look(|layers| layers.marks.measure.is_on());
        if on {
            self.measure(|measure, _| {
                measure.undo();
            });
        }
        on
    }

    fn bind(self: &Rc<Self>, scene: &MapScene) {
        self.bind_view(scene);
        self.bind_layer(scene.base, &[Slot::Base, Slot::Names], |layers, map| layers.base.set(map.as_ref()));
        self.bind_layer(scene.tiles, &[Slot::Base, Slot::Names], |layers, tiles| {
            layers.base.show_ground(tiles.is_none());
        });
        self.bind_tiles(scene.tiles);
        self.bind_layer(scene.areas, AREAS, |layers, areas| layers.areas.set_areas(areas));
        self.bind_layer(scene.outlines, AREAS, |layers, areas| layers.areas.set_outlines(areas));
        self.bind_layer(scene.levels, &[Slot::Areas, Slot::Names], |layers, levels| layers.areas.set_levels(levels));
        self.bind_layer(scene.focus, &[Slot::Focus, Slot::Names], |layers, focus| layers.focus.focus = focus);
        self.bind_layer(scene.selected, MARKED, |layers, hit| {
            layers.focus.selected = hit;
            layers.mark();
        });
        self.bind_layer(scene.hovered, MARKED, |layers, hit| {
            layers.focus.hovered = hit;
            layers.mark();
        });
        self.bind_things(scene);
        self.bind_export(scene.export);
    }

    fn bind_tiles(self: &Rc<Self>, tiles: Signal<Option<TileSource>>) {
        let weak = Rc::downgrade(self);
        effect(move || {
            let Some(live) = weak.upgrade() else { return };
            let (again, told) = (weak.clone(), Cell::new(false));
            // Once is enough: a server that is down misses every tile.
            let on_error = move || {
                if let Some(live) = again.upgrade().filter(|_| !told.replace(true)) {
                    live.emit(MapEvent::TileError);
                }
            };
            tiles.with(|source| live.tiles.set(source.as_ref(), on_error));
        });
    }

    fn bind_export(self: &Rc<Self>, request: Signal<Option<ExportRequest>>) {
        let weak = Rc::downgrade(self);
        effect(move || {
            if let (Some(live), Some(request)) = (weak.upgrade(), request.get()) {
                let before = live.stage.look(|layers| layers.link.pictures());
                live.export(request, 0, before);
            }
        });
    }

    /// Hands over the view as a picture; first, for a while, heat that is on its way is waited for. Where the next is always on its
    /// way, as while a year is played, that which has come meanwhile is shown.
    fn export(self: &Rc<Self>, request: ExportRequest, waited: u32, before: u32) {
        let on_event = self.on_event;
        let done = move |file| {
            let _ = on_event.try_run(MapEvent::Exported(file));
        };
        let (waits, has_come) = self.stage.look(|layers| (layers.link.is_waiting(), layers.link.pictures() != before));
        if waits && waited < EXPORT_WAITS {
            let weak = Rc::downgrade(self);
            let again = move || {
                if let Some(live) = weak.upgrade() {
                    live.export(request, waited + 1, before);
                }
            };
            clock::later(EXPORT_WAIT_MS, again);
        } else if waits && !has_come {
            done(Exported::Failed);
        } else if let Some(document) = self.window.document() {
            self.stage.show_held();
            export(&self.stage, &self.tiles, &document, &request, done);
        }
    }

    /// Hands a signal's values to a layer, and has only the named pictures drawn anew.
    fn bind_layer<T>(self: &Rc<Self>, signal: Signal<T>, slots: &'static [Slot], set: impl Fn(&mut Layers, T) + 'static)
    where
        T: Clone + Send + Sync + 'static,
    {
        let stage = Rc::clone(&self.stage);
        effect(move || {
            let value = signal.get();
            stage.change(slots, |layers| set(layers, value));
        });
    }

    fn bind_view(self: &Rc<Self>, scene: &MapScene) {
        let (stage, window, element) = (Rc::clone(&self.stage), self.window.clone(), self.host.element().clone());
        let MapScene { theme, limits, view, .. } = *scene;
        effect(move || {
            theme.track();
            read_theme(&stage, &window, &element);
            // Once more with the next frame: the page may switch the style sheet after it has told us.
            let (stage, window, element) = (Rc::clone(&stage), window.clone(), element.clone());
            request_animation_frame(move || read_theme(&stage, &window, &element));
        });
        let host = Rc::clone(&self.host);
        effect(move || host.limit(limits.get().as_ref()));
        let host = Rc::clone(&self.host);
        effect(move || {
            if let Some(target) = view.get() {
                host.go(&target);
            }
        });
    }

    fn listen(self: &Rc<Self>) {
        self.on("zoomend", |live, _| live.stage.set_zooming(false));
        self.on("zoomanim", |live, event| {
            live.stage.set_zooming(true);
            if let Some((origin, zoom)) = live.host.pixel_origin_after(&event) {
                live.stage.transform(origin, zoom);
            }
        });
        self.on("zoom viewreset", |live, _| live.stage.transform(live.host.pixel_origin(), live.host.center_zoom().1));
        self.on("move", |live, _| live.stage.follow_pan());
        self.on("moveend", |live, _| live.rest());
        // A page that goes where the map is already is followed by no move of its own, and the next one is the hand's.
        self.on("dragstart", |live, _| {
            live.dragged.set(true);
            live.host.by_hand();
        });
        self.on("dragend", |live, _| live.dragged.set(false));
        self.on("mousedown", |live, _| live.host.touched());
        self.on("mousemove", |live, event| live.pointed(&event));
        self.on("mouseout", |live, _| live.leave());
        self.on("click", |live, event| {
            let event: leaflet::MouseEvent = event.unchecked_into();
            live.click(place(&event.lat_lng()));
        });
    }

    fn on(self: &Rc<Self>, kinds: &str, callback: impl Fn(&Rc<Self>, JsValue) + 'static) {
        let weak = Rc::downgrade(self);
        self.host.on(kinds, move |event| {
            if let Some(live) = weak.upgrade() {
                callback(&live, event);
            }
        });
    }

    fn watch_size(self: &Rc<Self>, element: &HtmlElement) {
        let weak = Rc::downgrade(self);
        let callback = Closure::<dyn FnMut()>::new(move || {
            if let Some(live) = weak.upgrade() {
                live.host.resized();
                live.stage.rest();
            }
        });
        *self.sharpness.borrow_mut() = self.watch_sharpness();
        if let Ok(observer) = ResizeObserver::new(callback.as_ref().unchecked_ref()) {
            observer.observe(element);
            *self.resize.borrow_mut() = Some((observer, callback));
        }
    }

    /// Draws anew where the window goes to a screen of other pixels, which is no change of its size.
    fn watch_sharpness(self: &Rc<Self>) -> Option<Listener> {
        let weak = Rc::downgrade(self);
        let query = format!("(resolution: {}dppx)", self.window.device_pixel_ratio());
        media::watch(&query, move |_| {
            if let Some(live) = weak.upgrade() {
                live.stage.rest();
                let next = live.watch_sharpness();
                *live.sharpness.borrow_mut() = next;
            }
        })
    }

    fn rest(self: &Rc<Self>) {
        let user = !self.host.take_by_page();
        self.stage.rest();
        let Some(view) = self.host.seen() else { return };
        let _ = self.seen.try_set(Some(view));
        let first = !self.ready.replace(true);
        self.emit(if first { MapEvent::Ready(view) } else { MapEvent::Moved { view, user } });
        self.look_away();
        if self.by_key.get() {
            self.point(self.host.ground(self.middle()), self.middle());
        }
    }

    fn pointed(self: &Rc<Self>, event: &JsValue) {
        // The ground goes with the pointer: what it seems to pass over is what the map lags behind.
        if self.dragged.get() {
            return;
        }
        let event: &leaflet::MouseEvent = event.unchecked_ref();
        let point = event.container_point();
        self.by_key.set(false);
        self.point(place(&event.lat_lng()), Px { x: point.x(), y: point.y() });
    }

    fn point(self: &Rc<Self>, at: LonLat, px: Px) {
        self.look_soon(at, px);
        // Bare ground is no thing to point at.
        let hit = Some(self.hit(at)).filter(|hit| !matches!(hit, Hit::Ground(_)));
        self.hover(hit, px);
    }

    fn hover(&self, hit: Option<Hit>, at: Px) {
        if *self.hovered.borrow() != hit {
            let before = self.hovered.replace(hit.clone());
            self.point_out(before.as_ref(), hit.as_ref());
            self.emit(MapEvent::Hover { hit, x: at.x, y: at.y, by_key: self.by_key.get() });
        }
    }

    fn click(&self, at: LonLat) {
        if self.stage.look(|layers| layers.marks.measure.is_on()) {
            return self.measure(|measure, end_m| measure.set(at, end_m));
        }
        self.emit(MapEvent::Click { hit: self.hit(at), at });
    }

    /// Changes the measurement and tells its figures.
    fn measure(&self, change: impl FnOnce(&mut Measure, f64)) {
        let (center, zoom) = self.host.center_zoom();
        let end_m = END_PX * fengtu_geo::mercator::metres_per_pixel(center.lat, zoom);
        self.stage.change(&[Slot::Marks], |layers| change(&mut layers.marks.measure, end_m));
        self.emit(MapEvent::Measure(self.stage.look(|layers| layers.marks.measure.measured())));
    }

    fn hit(&self, at: LonLat) -> Hit {
        let zoom = self.host.center_zoom().1 - self.stage.scale().log2();
        self.stage.look(|layers| layers.hit(at, zoom))
    }

    fn emit(&self, event: MapEvent) {
        // The page may be gone while the map is being removed.
        let _ = self.on_event.try_run(event);
    }
}

/// How often, and how long each time, an export waits for heat: a picture would not show what its lines say.
const EXPORT_WAITS: u32 = 100;
const EXPORT_WAIT_MS: u32 = 50;

/// The pictures that areas are in.
const AREAS: &[Slot] = &[Slot::Areas, Slot::Borders, Slot::Focus, Slot::Names];

/// The pictures that selection shows in.
const MARKED: &[Slot] = &[Slot::Focus, Slot::Stations, Slot::Points];

fn read_theme(stage: &Stage, window: &Window, element: &HtmlElement) {
    if let Ok(Some(style)) = window.get_computed_style(element) {
        stage.set_theme(MapTheme::of(&style));
    }
}

/// Tells whether the user asked for less motion.
fn wants_stillness(window: &Window) -> bool {
    window.match_media("(prefers-reduced-motion: reduce)").ok().flatten().is_some_and(|media| media.matches())
}

fn place(at: &leaflet::LatLng) -> LonLat {
    LonLat { lon: at.lng(), lat: at.lat() }
}
