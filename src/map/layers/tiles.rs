//! Tile servers, whatever their datum: the picture of their tiles is laid so that it lines up with our data.
//!
//! GCJ-02 and BD-09 tiles belong some 500 m from where their own coordinates say, and the way there bends: BD-09 swings by
//! 38 m to either side every 12 km. So each tile is laid by an affine map of its own, fitted to the published transform at
//! its corners. What remains within a tile, at Shenzhen: at most 1 m from zoom 16 on; farther out, at any zoom from 10, at
//! most one pixel of a GCJ-02 tile and two of a BD-09 one, whose swing a single tile then spans (all tested below). BD-09 tiles must come in the square grid of EPSG:3857; Baidu's own grid is
//! another, and is not read.

use std::cell::RefCell;
use std::rc::Rc;

use fengtu_geo::datum::{from_wgs84, to_wgs84};
use fengtu_geo::mercator::{self, TILE, WorldPixel};
use fengtu_geo::{Datum, LonLat};
use js_sys::{Function, Object, Reflect};
use leaflet::{Evented, LatLng, Layer, TileLayer, TileLayerOptions};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlElement;

use crate::map::host::{self, Host};
use crate::map::model::{TileScheme, TileSource};

/// Holds the tile layer of the moment.
pub struct Tiles {
    host: Rc<Host>,
    pane: HtmlElement,
    shown: RefCell<Option<Shown>>,
}

struct Shown {
    layer: TileLayer,
    /// Kept alive while the layer may call them.
    _range: Option<Closure<dyn FnMut(JsValue) -> JsValue>>,
    _events: [Closure<dyn Fn(JsValue)>; 2],
}

const PANE: &str = "fengtu-tiles";

impl Tiles {
    /// Makes the pane.
    pub fn new(host: Rc<Host>) -> Self {
        let pane = host.pane(PANE, 200);
        Self { host, pane, shown: RefCell::default() }
    }

    /// Takes another tile server, or none; `on_error` is called when a tile does not come.
    pub fn set(&self, source: Option<&TileSource>, on_error: impl Fn() + 'static) {
        if let Some(old) = self.shown.take() {
            old.layer.unchecked_ref::<Layer>().remove();
        }
        let Some(source) = source else { return };
        let Some(template) = url_template(source) else { return on_error() };
        let datum = source.datum;
        let layer = TileLayer::new_options(&template, &options(source));
        let failed = Closure::<dyn Fn(JsValue)>::new(move |_| on_error());
        let added = Closure::<dyn Fn(JsValue)>::new(move |event: JsValue| {
            let _ = lay(datum, &event);
        });
        let events: &Evented = layer.unchecked_ref();
        events.on("tileerror", failed.as_ref());
        let range = shifts(datum).then(|| shifted_range(&layer, datum)).flatten();
        if shifts(datum) {
            events.on("tileloadstart", added.as_ref());
        }
        layer.unchecked_ref::<Layer>().add_to(self.host.leaflet());
        *self.shown.borrow_mut() = Some(Shown { layer, _range: range, _events: [failed, added] });
    }

    /// Gives the pane that holds the tiles' images, for the export.
    pub const fn pane(&self) -> &HtmlElement {
        &self.pane
    }

    /// Tells whether tiles lie under the map.
    pub fn is_shown(&self) -> bool {
        self.shown.borrow().is_some()
    }
}

/// Lays a tile that Leaflet has just put where its own coordinates say.
fn lay(datum: Datum, event: &JsValue) -> Option<()> {
    let get = |object: &JsValue, name: &str| Reflect::get(object, &name.into()).ok();
    let number = |object: &JsValue, name: &str| get(object, name)?.as_f64();
    let (tile, coords) = (get(event, "tile")?, get(event, "coords")?);
    let position = get(&tile, "_leaflet_pos")?;
    let (x, y, zoom) = (number(&coords, "x")?, number(&coords, "y")?, number(&coords, "z")?);
    let corner = WorldPixel { x: x * TILE, y: y * TILE };
    let fit = Affine::of_tile(datum, corner, zoom);
    // Leaflet's level of this zoom counts from some pixel of its own: it tells by where it put the tile.
    let shift = (fit.to.x - corner.x + number(&position, "x")?, fit.to.y - corner.y + number(&position, "y")?);
    let style = tile.dyn_into::<HtmlElement>().ok()?.style();
    style.set_property("transform-origin", "0 0").ok()?;
    style.set_property("transform", &fit.css(shift)).ok()
}

/// Holds how a tile is laid: where its top left corner goes, and its edges.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Affine {
    to: WorldPixel,
    /// Where a step to the east goes, where a step to the south goes.
    matrix: [[f64; 2]; 2],
}

impl Affine {
    /// Fits the way from a datum's own world pixels to ours at the corners of the tile whose top left one is given.
    pub fn of_tile(datum: Datum, corner: WorldPixel, zoom: f64) -> Self {
        let ours = |x: f64, y: f64| {
            let theirs =
                mercator::from_world_pixel(WorldPixel { x: corner.x + x * TILE, y: corner.y + y * TILE }, zoom);
            mercator::to_world_pixel(to_wgs84(datum, theirs), zoom)
        };
        let (nw, ne, sw, se) = (ours(0.0, 0.0), ours(1.0, 0.0), ours(0.0, 1.0), ours(1.0, 1.0));
        let mean = |of: fn(&WorldPixel) -> f64| {
            let [nw, ne, sw, se] = [of(&nw), of(&ne), of(&sw), of(&se)];
            let (east, south) = ((ne + se - nw - sw) / 2.0, (sw + se - nw - ne) / 2.0);
            ((nw + ne + sw + se) / 4.0 - f64::midpoint(east, south), east / TILE, south / TILE)
        };
        let (x, y) = (mean(|pixel| pixel.x), mean(|pixel| pixel.y));
        Self { to: WorldPixel { x: x.0, y: y.0 }, matrix: [[x.1, y.1], [x.2, y.2]] }
    }

    #[cfg(test)]
    /// Gives where a pixel of the tile, counted from its own top left corner, falls in our world.
    pub fn apply(&self, x: f64, y: f64) -> WorldPixel {
        let [east, south] = self.matrix;
        WorldPixel { x: self.to.x + east[0] * x + south[0] * y, y: self.to.y + east[1] * x + south[1] * y }
    }

    fn css(&self, shift: (f64, f64)) -> String {
        let [east, south] = self.matrix;
        format!("matrix({},{},{},{},{},{})", east[0], east[1], south[0], south[1], shift.0, shift.1)
    }
}

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
        let range = own.call1(&this, &LatLng::new(there.lat, there.lon)).unwrap_or(JsValue::UNDEFINED);
        widen(&range);
        range
    });
    host::set(layer, METHOD, closure.as_ref().clone());
    Some(closure)
}

/// Widens a range of pixels by what the shift differs at its edges from its middle.
fn widen(range: &JsValue) {
    for (end, by) in [("min", -EDGE_PX), ("max", EDGE_PX)] {
        let Ok(point) = Reflect::get(range, &end.into()) else { continue };
        for axis in ["x", "y"] {
            let at = Reflect::get(&point, &axis.into()).ok().and_then(|at| at.as_f64()).unwrap_or_default();
            host::set(&point, axis, at + by);
        }
    }
}

/// BD-09 stretches the ground by up to 2 %: 19 pixels at the edge of a full-HD view, 38 of a 4K one.
const EDGE_PX: f64 = 40.0;

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    /// Greatest distance within the tile at a place between where its pixel is laid and where that truly is, pixels.
    fn residual_px(datum: Datum, at: LonLat, zoom: f64) -> f64 {
        let inside = mercator::to_world_pixel(from_wgs84(datum, at), zoom);
        let corner = WorldPixel { x: (inside.x / TILE).floor() * TILE, y: (inside.y / TILE).floor() * TILE };
        let fit = Affine::of_tile(datum, corner, zoom);
        let mut worst = 0.0_f64;
        for column in 0..=8 {
            for row in 0..=8 {
                let (x, y) = (f64::from(column) / 8.0 * TILE, f64::from(row) / 8.0 * TILE);
                let theirs = mercator::from_world_pixel(WorldPixel { x: corner.x + x, y: corner.y + y }, zoom);
                let truth = mercator::to_world_pixel(to_wgs84(datum, theirs), zoom);
                let laid = fit.apply(x, y);
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
            for zoom in (16..=20).map(f64::from) {
                for center in places() {
                    let metres = residual_px(datum, center, zoom) * mercator::metres_per_pixel(center.lat, zoom);
                    assert!(metres <= 1.0, "{datum} zoom {zoom} at {center:?}: {metres} m");
                }
            }
        }
    }

    #[test]
    fn tiles_line_up_to_a_pixel_or_two_farther_out() {
        for (datum, most) in [(Datum::Gcj02, 1.0), (Datum::Bd09, 2.0)] {
            for zoom in 10..16 {
                for center in places() {
                    let px = residual_px(datum, center, f64::from(zoom));
                    assert!(px <= most, "{datum} zoom {zoom} at {center:?}: {px} px");
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
