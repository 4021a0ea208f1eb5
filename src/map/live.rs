//! The map while it is mounted: signals go to layers, Leaflet's events go to the page.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use fengtu_geo::LonLat;
use leptos::prelude::{Callable, Callback, Effect, Get, RwSignal, Set, Signal, With};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{HtmlElement, ResizeObserver, Window};

use super::host::Host;
use super::layers::{Layers, Slot};
use super::model::{Hit, MapEvent, Seen};
use super::plane::Px;
use super::scene::MapScene;
use super::stage::Stage;
use super::theme::MapTheme;

/// Holds the mounted map.
pub struct Live {
    host: Rc<Host>,
    stage: Rc<Stage>,
    window: Window,
    on_event: Callback<MapEvent>,
    seen: RwSignal<Option<Seen>>,
    hovered: RefCell<Option<Hit>>,
    ready: Cell<bool>,
    resize: RefCell<Option<(ResizeObserver, Closure<dyn FnMut()>)>>,
}

impl Live {
    /// Makes the map in an element and binds it to the scene; `None` if Leaflet or the canvas is not there.
    pub fn start(
        element: &HtmlElement,
        scene: MapScene,
        on_event: Callback<MapEvent>,
        seen: RwSignal<Option<Seen>>,
    ) -> Option<Rc<Self>> {
        let window = element.owner_document()?.default_view()?;
        let still = wants_stillness(&window);
        let host = Rc::new(Host::new(element, still)?);
        let stage = Stage::new(Rc::clone(&host), window.clone(), still)?;
        let live = Rc::new(Self {
            host,
            stage,
            window,
            on_event,
            seen,
            hovered: RefCell::new(None),
            ready: Cell::new(false),
            resize: RefCell::new(None),
        });
        live.listen();
        live.watch_size(element);
        live.bind(scene);
        Some(live)
    }

    /// Removes the map.
    pub fn stop(&self) {
        if let Some((observer, _)) = self.resize.borrow_mut().take() {
            observer.disconnect();
        }
        self.stage.stop();
        self.host.remove();
    }

    /// Gives the host, for keys and buttons.
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// Chooses what is in the middle of the map, as a click there would.
    pub fn click_center(&self) {
        let (width, height) = self.host.size();
        self.click(self.host.ground(Px { x: width / 2.0, y: height / 2.0 }));
    }

    fn bind(self: &Rc<Self>, scene: MapScene) {
        self.bind_view(scene);
        self.bind_layer(scene.base, &[Slot::Base, Slot::Names], |layers, map| layers.base.set(map.as_ref()));
        self.bind_layer(scene.tiles, &[Slot::Base, Slot::Names], |layers, tiles| {
            layers.base.show_ground(tiles.is_none());
        });
        self.bind_layer(scene.areas, AREAS, |layers, areas| layers.areas.set_areas(areas));
        self.bind_layer(scene.outlines, AREAS, |layers, areas| layers.areas.set_outlines(areas));
        self.bind_layer(scene.levels, &[Slot::Areas, Slot::Names], |layers, levels| layers.areas.set_levels(levels));
        self.bind_layer(scene.focus, &[Slot::Focus], |layers, focus| layers.focus.focus = focus);
        self.bind_layer(scene.selected, &[Slot::Focus], |layers, hit| layers.focus.selected = hit);
        self.bind_layer(scene.hovered, &[Slot::Focus], |layers, hit| layers.focus.hovered = hit);
    }

    /// Hands a signal's values to a layer, and has only the named pictures drawn anew.
    fn bind_layer<T>(
        self: &Rc<Self>,
        signal: Signal<T>,
        slots: &'static [Slot],
        set: impl Fn(&mut Layers, T) + 'static,
    ) where
        T: Clone + Send + Sync + 'static,
    {
        let stage = Rc::clone(&self.stage);
        Effect::new(move |_| {
            let value = signal.get();
            stage.change(slots, |layers| set(layers, value));
        });
    }

    fn bind_view(self: &Rc<Self>, scene: MapScene) {
        let (stage, window, element) = (Rc::clone(&self.stage), self.window.clone(), self.host.element().clone());
        Effect::new(move |_| {
            scene.theme.with(|_| ());
            if let Ok(Some(style)) = window.get_computed_style(&element) {
                stage.set_theme(MapTheme::of(&style));
            }
        });
        let host = Rc::clone(&self.host);
        Effect::new(move |_| host.limit(scene.limits.get().as_ref()));
        let host = Rc::clone(&self.host);
        Effect::new(move |_| {
            if let Some(target) = scene.view.get() {
                host.go(&target);
            }
        });
    }

    fn listen(self: &Rc<Self>) {
        self.on("zoomanim", |live, event| {
            if let Some((origin, zoom)) = live.host.pixel_origin_after(&event) {
                live.stage.transform(origin, zoom);
            }
        });
        self.on("zoom viewreset", |live, _| live.stage.transform(live.host.pixel_origin(), live.host.center_zoom().1));
        self.on("move", |live, _| live.stage.follow_pan());
        self.on("moveend", |live, _| live.rest());
        self.on("mousemove", |live, event| live.pointed(&event));
        self.on("mouseout", |live, _| live.hover(None, Px::default()));
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
        if let Ok(observer) = ResizeObserver::new(callback.as_ref().unchecked_ref()) {
            observer.observe(element);
            *self.resize.borrow_mut() = Some((observer, callback));
        }
    }

    fn rest(&self) {
        let user = !self.host.take_by_page();
        self.stage.rest();
        let Some(view) = self.host.seen() else { return };
        self.seen.set(Some(view));
        let first = !self.ready.replace(true);
        self.emit(if first { MapEvent::Ready(view) } else { MapEvent::Moved { view, user } });
    }

    fn pointed(&self, event: &JsValue) {
        let event: &leaflet::MouseEvent = event.unchecked_ref();
        let point = event.container_point();
        let hit = self.hit(place(&event.lat_lng()));
        // Bare ground is no thing to point at.
        let hit = Some(hit).filter(|hit| !matches!(hit, Hit::Ground(_)));
        self.hover(hit, Px { x: point.x(), y: point.y() });
    }

    fn hover(&self, hit: Option<Hit>, at: Px) {
        if *self.hovered.borrow() != hit {
            self.hovered.borrow_mut().clone_from(&hit);
            self.emit(MapEvent::Hover { hit, x: at.x, y: at.y });
        }
    }

    fn click(&self, at: LonLat) {
        self.emit(MapEvent::Click { hit: self.hit(at), at });
    }

    fn hit(&self, at: LonLat) -> Hit {
        let zoom = self.host.center_zoom().1;
        self.stage.look(|layers| layers.hit(at, zoom))
    }

    fn emit(&self, event: MapEvent) {
        self.on_event.run(event);
    }
}

/// The pictures that areas are in.
const AREAS: &[Slot] = &[Slot::Areas, Slot::Focus, Slot::Names];

/// Tells whether the user asked for less motion.
fn wants_stillness(window: &Window) -> bool {
    window.match_media("(prefers-reduced-motion: reduce)").ok().flatten().is_some_and(|media| media.matches())
}

fn place(at: &leaflet::LatLng) -> LonLat {
    LonLat { lon: at.lng(), lat: at.lat() }
}
