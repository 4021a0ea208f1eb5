//! Leaflet's map behind plain values: the only module that calls it, but for the tiles.

use std::cell::{Cell, RefCell};

use fengtu_geo::{BBox, LonLat};
use js_sys::{Function, Object, Reflect};
use leaflet::{Evented, LatLng, LatLngBounds, Map, MapOptions};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlElement;

use super::model::{Seen, ViewPlace, ViewTarget};
use super::plane::Px;

/// Holds the Leaflet map and everything that it calls back.
pub struct Host {
    map: Map,
    element: HtmlElement,
    listeners: RefCell<Vec<Listener>>,
    /// Moves under way that the page asked for.
    by_page: Cell<bool>,
    /// Nobody has touched the map since the page went where it stands.
    placed: Cell<bool>,
    still: bool,
}

/// What is called back, and on which kinds of event.
type Listener = (String, Closure<dyn Fn(JsValue)>);

/// Zoom steps that the wheel, the buttons and the keys rest at.
const ZOOM_SNAP: f64 = 0.25;
/// Least zoom: the whole country; a smaller one shows nothing that this map is for.
const MIN_ZOOM: f64 = 4.0;
/// Greatest zoom: a building fills the screen.
const MAX_ZOOM: f64 = 20.0;

impl Host {
    /// Makes the map in an element; `None` if Leaflet is not there. `still`: the user asked that nothing moves.
    pub fn new(element: &HtmlElement, still: bool) -> Option<Self> {
        let map = Map::new_with_element(element, &options(still)).ok()?;
        let (listeners, by_page, placed) = (RefCell::default(), Cell::new(false), Cell::new(false));
        Some(Self { map, element: element.clone(), listeners, by_page, placed, still })
    }

    /// Gives the Leaflet map, for the tiles.
    pub(super) const fn leaflet(&self) -> &Map {
        &self.map
    }

    /// Gives the element that the map fills.
    pub const fn element(&self) -> &HtmlElement {
        &self.element
    }

    /// Makes a pane for pictures at a height among Leaflet's own (tiles are at 200, controls at 800).
    pub fn pane(&self, name: &str, z_index: u32) -> HtmlElement {
        let pane = self.map.create_pane_by_name(name);
        let _ = pane.style().set_property("z-index", &z_index.to_string());
        let _ = pane.style().set_property("pointer-events", "none");
        pane
    }

    /// Calls back on a Leaflet event until the map is removed.
    pub fn on(&self, kinds: &str, callback: impl Fn(JsValue) + 'static) {
        let closure = Closure::<dyn Fn(JsValue)>::new(callback);
        self.map.unchecked_ref::<Evented>().on(kinds, closure.as_ref());
        self.listeners.borrow_mut().push((kinds.to_owned(), closure));
    }

    /// Moves the map.
    pub fn go(&self, target: &ViewTarget) {
        self.by_page.set(true);
        self.placed.set(true);
        let options = Object::new();
        let animate = target.animate && !self.still && self.has_view();
        set(&options, "animate", animate);
        match target.place {
            ViewPlace::Bounds(bounds) => self.fit(&bounds, animate, &options),
            ViewPlace::Whole(bounds) => {
                // Leaflet reads it while it works out the zoom; the wheel rests where it did.
                self.set_option("zoomSnap", 0.0);
                self.fit(&bounds, animate, &options);
                self.set_option("zoomSnap", ZOOM_SNAP);
            }
            ViewPlace::At { center, zoom } => {
                let center = lat_lng(center);
                if animate {
                    set(&options, "duration", 0.6);
                    self.map.fly_to_with_zoom_and_options(&center, zoom, &options);
                } else {
                    self.map.set_view_with_options(&center, zoom, &options);
                }
            }
        }
    }

    fn fit(&self, bounds: &BBox, animate: bool, options: &Object) {
        set(options, "padding", js_sys::Array::of2(&24.into(), &24.into()));
        set(options, "maxZoom", 17);
        let bounds = lat_lng_bounds(bounds);
        if animate {
            set(options, "duration", 0.6);
            self.map.fly_to_bounds_with_options(&bounds, options);
        } else {
            self.map.fit_bounds_with_options(&bounds, options);
        }
    }

    fn set_option(&self, name: &str, value: f64) {
        if let Ok(options) = Reflect::get(&self.map, &"options".into()) {
            set(&options, name, value);
        }
    }

    /// Keeps the map near a box: it may be left by half its size.
    pub fn limit(&self, bounds: Option<&BBox>) {
        let Some(bounds) = bounds else {
            let _ = self.call("setMaxBounds", &[JsValue::NULL]);
            return;
        };
        let padded = bounds.padded(((bounds.east - bounds.west).max(bounds.north - bounds.south)) / 2.0);
        self.map.set_max_bounds(&lat_lng_bounds(&padded));
    }

    /// Tells whether the map has had its first view.
    pub fn has_view(&self) -> bool {
        Reflect::get(&self.map, &"_loaded".into()).is_ok_and(|loaded| loaded.is_truthy())
    }

    /// Gives what the map shows; `None` before its first view.
    pub fn seen(&self) -> Option<Seen> {
        if !self.has_view() {
            return None;
        }
        let bounds = self.map.get_bounds();
        let (low, high) = (bounds.get_south_west(), bounds.get_north_east());
        let (center, zoom) = self.center_zoom();
        let bounds = BBox { west: low.lng(), south: low.lat(), east: high.lng(), north: high.lat() };
        let metres_per_pixel = fengtu_geo::mercator::metres_per_pixel(center.lat, zoom);
        Some(Seen { bounds, center, zoom, metres_per_pixel })
    }

    /// Gives the centre and zoom of the moment, in the midst of a flight too.
    pub fn center_zoom(&self) -> (LonLat, f64) {
        let center = self.map.get_center();
        (LonLat { lon: center.lng(), lat: center.lat() }, self.map.get_zoom())
    }

    /// Gives the map's size in CSS pixels.
    pub fn size(&self) -> (f64, f64) {
        let size = self.map.get_size();
        (size.x(), size.y())
    }

    /// Gives the world pixel that panes count from.
    pub fn pixel_origin(&self) -> Px {
        self.call("getPixelOrigin", &[]).map_or_else(Px::default, |point| px(&point))
    }

    /// Gives the world pixel that panes will count from at the end of a zoom's animation, and its zoom.
    pub fn pixel_origin_after(&self, event: &JsValue) -> Option<(Px, f64)> {
        let center = Reflect::get(event, &"center".into()).ok()?;
        let zoom = Reflect::get(event, &"zoom".into()).ok()?;
        let point = self.call("_getNewPixelOrigin", &[center, zoom.clone()])?;
        Some((px(&point), zoom.as_f64()?))
    }

    /// Gives the place under a point of the map, CSS pixels from its top left corner.
    pub fn ground(&self, at: Px) -> LonLat {
        let place = self.map.container_point_to_lat_lng(&leaflet::Point::new(at.x, at.y));
        LonLat { lon: place.lng(), lat: place.lat() }
    }

    /// Gives where a place is on the map, CSS pixels from its top left corner.
    pub fn container_px(&self, at: LonLat) -> Px {
        let point = self.map.lat_lng_to_container_point(&lat_lng(at));
        Px { x: point.x(), y: point.y() }
    }

    /// Moves the view by pixels, as a key asks.
    pub fn pan(&self, by: Px) {
        self.by_hand();
        let options = Object::new();
        set(&options, "animate", !self.still);
        self.map.pan_by_with_options(&leaflet::Point::new(by.x, by.y), &options);
    }

    /// Zooms by steps of one, around the centre, as a key or a button asks.
    pub fn zoom_by(&self, steps: f64) {
        self.by_hand();
        let options = Object::new();
        set(&options, "animate", !self.still);
        self.map.set_zoom_with_options((self.map.get_zoom() + steps).clamp(MIN_ZOOM, MAX_ZOOM), &options);
    }

    /// Switches the wheel and the double click on or off.
    pub fn set_handler(&self, handler: &str, on: bool) {
        let Ok(handler) = Reflect::get(&self.map, &handler.into()) else { return };
        let _ = call(&handler, if on { "enable" } else { "disable" }, &[]);
    }

    /// Takes note of a new size of the element. What is under the pointer stays there, for a second click may follow; but
    /// where the page has gone and nobody has touched the map since, the middle stays, however late what opens beside it is.
    pub fn resized(&self) {
        let options = Object::new();
        let (keeps_middle, by_page) = (self.placed.get(), self.by_page.get());
        self.by_page.set(by_page || keeps_middle);
        set(&options, "animate", false);
        set(&options, "pan", keeps_middle);
        self.map.invalidate_size_with_options(&options);
        // Where the size is what it was, nothing moves, and the next move is not this one.
        self.by_page.set(by_page);
    }

    /// Takes the next move for the user's own.
    pub fn by_hand(&self) {
        self.by_page.set(false);
        self.touched();
    }

    /// Takes note of a hand on the map: what lies under it stays there.
    pub fn touched(&self) {
        self.placed.set(false);
    }

    /// Tells whether the page causes the move under way.
    pub const fn is_by_page(&self) -> bool {
        self.by_page.get()
    }

    /// Tells whether the page caused the move that has just ended, and forgets it.
    pub fn take_by_page(&self) -> bool {
        self.by_page.replace(false)
    }

    /// Removes the map and all that it calls back.
    pub fn remove(&self) {
        // First nobody listens any more: ending a flight fires events, and the page is gone.
        let listeners = self.listeners.take();
        for (kinds, closure) in &listeners {
            self.map.unchecked_ref::<Evented>().off(kinds, closure.as_ref());
        }
        self.map.remove();
    }

    fn call(&self, method: &str, arguments: &[JsValue]) -> Option<JsValue> {
        call(&self.map, method, arguments)
    }
}

/// Calls a method that leaflet-rs does not know; `None` if it is not there or throws.
pub fn call(object: &JsValue, method: &str, arguments: &[JsValue]) -> Option<JsValue> {
    let function: Function = Reflect::get(object, &method.into()).ok()?.dyn_into().ok()?;
    function.apply(object, &arguments.iter().collect()).ok()
}

/// Sets an option that leaflet-rs does not know.
pub fn set(options: &JsValue, name: &str, value: impl Into<JsValue>) {
    let _ = Reflect::set(options, &name.into(), &value.into());
}

fn options(still: bool) -> MapOptions {
    let options = MapOptions::new();
    options.set_attribution_control(false);
    options.set_zoom_control(false);
    // A double click goes into a place; the wheel, the keys and the buttons zoom.
    set(&options, "doubleClickZoom", false);
    options.set_zoom_snap(ZOOM_SNAP);
    options.set_zoom_delta(1.0);
    options.set_wheel_px_per_zoom_level(90.0);
    options.set_min_zoom(MIN_ZOOM);
    options.set_max_zoom(MAX_ZOOM);
    options.set_max_bounds_viscosity(0.8);
    // The map has its own keys, which honour reduced motion, and its own watch on its size.
    options.set_keyboard(false);
    options.set_track_resize(false);
    options.set_box_zoom(true);
    options.set_zoom_animation(!still);
    options.set_fade_animation(!still);
    options.set_inertia(!still);
    options
}

fn px(point: &JsValue) -> Px {
    let number = |name: &str| Reflect::get(point, &name.into()).ok().and_then(|value| value.as_f64()).unwrap_or(0.0);
    Px { x: number("x"), y: number("y") }
}

fn lat_lng(point: LonLat) -> LatLng {
    LatLng::new(point.lat, point.lon)
}

fn lat_lng_bounds(bounds: &BBox) -> LatLngBounds {
    LatLngBounds::new(&LatLng::new(bounds.south, bounds.west), &LatLng::new(bounds.north, bounds.east))
}
