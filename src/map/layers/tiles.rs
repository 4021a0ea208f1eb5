//! Tile servers, whatever their datum: the picture of their tiles is laid so that it lines up with our data.
//!
//! GCJ-02 and BD-09 tiles are drawn where their own coordinates say, some 500 m off. The whole tile pane is therefore
//! laid by an affine map, fitted to the published transform over the view. What remains is the transform's curvature over
//! the view: on a 1920 × 1080 map at Shenzhen at most 1 m from zoom 16 on, and at most 1.5 pixels at every zoom from 10
//! (both tested below). BD-09 tiles must come in the usual square grid of EPSG:3857; Baidu's own grid is another.

use std::cell::RefCell;
use std::rc::Rc;

use fengtu_geo::datum::{from_wgs84, to_wgs84};
use fengtu_geo::mercator::{self, WorldPixel};
use fengtu_geo::{Datum, LonLat};
use js_sys::{Function, Object, Reflect};
use leaflet::{LatLng, Layer, TileLayer, TileLayerOptions};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlElement;

use crate::map::host::{self, Host};
use crate::map::model::{TileScheme, TileSource};
use crate::map::plane::Px;

/// Holds the tile layer of the moment.
pub struct Tiles {
    host: Rc<Host>,
    pane: HtmlElement,
    shown: RefCell<Option<Shown>>,
}

struct Shown {
    layer: TileLayer,
    datum: Datum,
    /// Kept alive while the layer may call it.
    _bounds: Option<Closure<dyn FnMut(JsValue) -> JsValue>>,
    _events: Closure<dyn FnMut(JsValue)>,
}

const PANE: &str = "fengtu-tiles";

impl Tiles {
    /// Makes the pane.
    pub fn new(host: Rc<Host>) -> Self {
        let pane = host.pane(PANE, 200);
        let _ = pane.class_list().add_1("leaflet-zoom-animated");
        Self { host, pane, shown: RefCell::default() }
    }

    /// Takes another tile server, or none; `on_error` is called when a tile does not come.
    pub fn set(&self, source: Option<&TileSource>, on_error: impl Fn() + 'static) {
        if let Some(old) = self.shown.take() {
            old.layer.unchecked_ref::<Layer>().remove();
        }
        let Some(source) = source else { return };
        let Some(template) = url_template(source) else { return on_error() };
        let layer = TileLayer::new_options(&template, &options(source));
        let bounds = (shifts(source.datum)).then(|| shifted_range(&layer, source.datum)).flatten();
        let events = Closure::<dyn FnMut(JsValue)>::new(move |_| on_error());
        layer.unchecked_ref::<leaflet::Evented>().on("tileerror", events.as_ref());
        layer.unchecked_ref::<Layer>().add_to(self.host.leaflet());
        *self.shown.borrow_mut() = Some(Shown { layer, datum: source.datum, _bounds: bounds, _events: events });
        let (_, zoom) = self.host.center_zoom();
        self.lay(self.host.pixel_origin(), zoom);
    }

    /// Lays the tiles for a view whose panes count from the world pixel `origin` at a zoom.
    pub fn lay(&self, origin: Px, zoom: f64) {
        let shown = self.shown.borrow();
        let Some(shown) = shown.as_ref().filter(|_| self.host.has_view()) else { return };
        let text = if shifts(shown.datum) {
            let (width, height) = self.host.size();
            let center = self.host.center_zoom().0;
            Affine::fit(shown.datum, center, zoom, (width / 2.0, height / 2.0)).css(origin)
        } else {
            "none".to_owned()
        };
        let _ = self.pane.style().set_property("transform", &text);
    }

    /// Gives the images of the tiles on show, with their boxes in the pane's own pixels, for the export.
    pub fn pane(&self) -> &HtmlElement {
        &self.pane
    }

    /// Tells whether tiles lie under the map.
    pub fn is_shown(&self) -> bool {
        self.shown.borrow().is_some()
    }
}

/// Holds an affine map between world pixels: `to + matrix × (pixel − from)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Affine {
    from: WorldPixel,
    to: WorldPixel,
    /// Columns: where a step to the east goes, where a step to the south goes.
    matrix: [[f64; 2]; 2],
}

impl Affine {
    /// Fits the way from a datum's own world pixels to ours over a view of `2 × half` pixels.
    pub fn fit(datum: Datum, center: LonLat, zoom: f64, half: (f64, f64)) -> Self {
        let from = mercator::to_world_pixel(from_wgs84(datum, center), zoom);
        let ours = |x: f64, y: f64| {
            let theirs = mercator::from_world_pixel(WorldPixel { x: from.x + x, y: from.y + y }, zoom);
            mercator::to_world_pixel(to_wgs84(datum, theirs), zoom)
        };
        // Secants over a part of the view fit it better as a whole than the tangent in its middle does.
        let (dx, dy) = (half.0.max(64.0) * SECANT, half.1.max(64.0) * SECANT);
        let (east, west, south, north) = (ours(dx, 0.0), ours(-dx, 0.0), ours(0.0, dy), ours(0.0, -dy));
        let step = |a: WorldPixel, b: WorldPixel, run: f64| [(a.x - b.x) / (2.0 * run), (a.y - b.y) / (2.0 * run)];
        Self { from, to: ours(0.0, 0.0), matrix: [step(east, west, dx), step(south, north, dy)] }
    }

    /// Gives where a world pixel of the datum falls among ours.
    pub fn apply(&self, pixel: WorldPixel) -> WorldPixel {
        let (dx, dy) = (pixel.x - self.from.x, pixel.y - self.from.y);
        let [east, south] = self.matrix;
        WorldPixel { x: self.to.x + east[0] * dx + south[0] * dy, y: self.to.y + east[1] * dx + south[1] * dy }
    }

    /// Writes it as a CSS transform of a pane whose own origin is the world pixel `origin`.
    fn css(&self, origin: Px) -> String {
        let [east, south] = self.matrix;
        let zero = self.apply(WorldPixel { x: origin.x, y: origin.y });
        let shift = (zero.x - origin.x, zero.y - origin.y);
        format!("matrix({},{},{},{},{},{})", east[0], east[1], south[0], south[1], shift.0, shift.1)
    }
}

/// Share of half the view that the secants reach.
const SECANT: f64 = 0.7;

const fn shifts(datum: Datum) -> bool {
    matches!(datum, Datum::Gcj02 | Datum::Bd09)
}

/// Writes a template with the placeholders that Leaflet knows; `None` if it is no address of pictures.
pub fn url_template(source: &TileSource) -> Option<String> {
    let template = source.template.trim();
    let lower = template.to_ascii_lowercase();
    let address = ["https://", "http://", "/"].iter().any(|start| lower.starts_with(start));
    let mut plain = template.to_owned();
    for (from, to) in [("{tilematrix}", "{z}"), ("{tilecol}", "{x}"), ("{tilerow}", "{y}")] {
        plain = replace_any_case(&plain, from, to);
    }
    let complete = plain.contains("{z}") && plain.contains("{x}") && (plain.contains("{y}") || plain.contains("{-y}"));
    (address && complete).then_some(plain)
}

fn replace_any_case(text: &str, from: &str, to: &str) -> String {
    // Lower-casing ASCII keeps every byte's place.
    match text.to_ascii_lowercase().find(from) {
        Some(at) => {
            let (head, tail) = text.split_at(at);
            format!("{head}{to}{}", tail.split_at(from.len()).1)
        }
        None => text.to_owned(),
    }
}

fn options(source: &TileSource) -> TileLayerOptions {
    let options = TileLayerOptions::new();
    options.set_tms(source.scheme == TileScheme::Tms);
    host::set(&options, "maxNativeZoom", f64::from(source.max_zoom));
    host::set(&options, "maxZoom", 22.0);
    host::set(&options, "pane", PANE);
    if source.cors {
        host::set(&options, "crossOrigin", "anonymous");
    }
    // Tile servers of a district's own often answer to their own pages only; what they learn is the origin, no path.
    host::set(&options, "referrerPolicy", "origin");
    if !source.subdomains.is_empty() {
        let list: js_sys::Array = source.subdomains.iter().map(JsValue::from).collect();
        host::set(&options, "subdomains", list);
    }
    options
}

/// Makes the layer fetch the tiles that will lie in view once shifted, not those that would without a shift.
fn shifted_range(layer: &TileLayer, datum: Datum) -> Option<Closure<dyn FnMut(JsValue) -> JsValue>> {
    const METHOD: &str = "_getTiledPixelBounds";
    let own: Function = Reflect::get(&Object::get_prototype_of(layer), &METHOD.into()).ok()?.dyn_into().ok()?;
    let this = layer.clone();
    let closure = Closure::<dyn FnMut(JsValue) -> JsValue>::new(move |center: JsValue| {
        let center: LatLng = center.unchecked_into();
        let there = from_wgs84(datum, LonLat { lon: center.lng(), lat: center.lat() });
        own.call1(&this, &LatLng::new(there.lat, there.lon)).unwrap_or(JsValue::UNDEFINED)
    });
    host::set(layer, METHOD, closure.as_ref().clone());
    Some(closure)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    const HALF: (f64, f64) = (960.0, 540.0);

    /// Greatest distance over a full-HD view between where a tile's pixel is laid and where its place truly is, pixels.
    fn residual_px(datum: Datum, center: LonLat, zoom: f64) -> f64 {
        let fit = Affine::fit(datum, center, zoom, HALF);
        let middle = mercator::to_world_pixel(center, zoom);
        let mut worst = 0.0_f64;
        for column in -8..=8 {
            for row in -8..=8 {
                let (x, y) = (f64::from(column) / 8.0 * HALF.0, f64::from(row) / 8.0 * HALF.1);
                let truth = WorldPixel { x: middle.x + x, y: middle.y + y };
                let theirs = from_wgs84(datum, mercator::from_world_pixel(truth, zoom));
                let laid = fit.apply(mercator::to_world_pixel(theirs, zoom));
                worst = worst.max((laid.x - truth.x).hypot(laid.y - truth.y));
            }
        }
        worst
    }

    /// Places all over the district, where the ripples of the transform stand differently.
    fn places() -> impl Iterator<Item = LonLat> {
        (0..12).flat_map(|x| {
            (0..12).map(move |y| LonLat { lon: 113.80 + f64::from(x) * 0.025, lat: 22.62 + f64::from(y) * 0.025 })
        })
    }

    #[test]
    fn tiles_line_up_within_a_metre_where_metres_can_be_seen() {
        for datum in [Datum::Gcj02, Datum::Bd09] {
            for quarter in 64..=80 {
                let zoom = f64::from(quarter) / 4.0;
                for center in places() {
                    let metres = residual_px(datum, center, zoom) * mercator::metres_per_pixel(center.lat, zoom);
                    assert!(metres <= 1.0, "{datum} zoom {zoom} at {center:?}: {metres} m");
                }
            }
        }
    }

    #[test]
    fn tiles_line_up_to_a_pixel_and_a_half_farther_out() {
        for datum in [Datum::Gcj02, Datum::Bd09] {
            for zoom in 10..16 {
                for center in places() {
                    let px = residual_px(datum, center, f64::from(zoom));
                    assert!(px <= 1.5, "{datum} zoom {zoom} at {center:?}: {px} px");
                }
            }
        }
    }

    #[test]
    fn without_the_fit_they_would_be_half_a_kilometre_off() {
        let center = LonLat { lon: 113.93, lat: 22.75 };
        let raw = fengtu_geo::distance::metres(center, from_wgs84(Datum::Gcj02, center));
        assert!(raw > 400.0, "{raw}");
    }

    fn source(template: &str) -> TileSource {
        TileSource {
            scheme: TileScheme::Wmts,
            template: template.to_owned(),
            subdomains: Vec::new(),
            datum: Datum::Cgcs2000,
            max_zoom: 18,
            cors: false,
            attribution: String::new(),
        }
    }

    #[test]
    fn templates_of_every_scheme_become_leaflets_own() {
        let wmts =
            "https://t{s}.example.cn/vec_w/wmts?TILEMATRIX={TileMatrix}&TILEROW={TileRow}&TILECOL={tilecol}&tk=k";
        let want = "https://t{s}.example.cn/vec_w/wmts?TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=k";
        assert_eq!(url_template(&source(wmts)).as_deref(), Some(want));
        assert!(url_template(&source("/tiles/{z}/{x}/{y}.png")).is_some());
        assert!(url_template(&source("/tiles/{z}/{x}/{-y}.png")).is_some());
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for bad in ["", "javascript:alert(1)//{z}{x}{y}", "data:image/png,{z}{x}{y}", "https://a.example/{z}/{x}.png"] {
            assert_eq!(url_template(&source(bad)), None, "{bad}");
        }
    }
}
