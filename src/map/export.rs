//! The view as one PNG: all pictures, then the lines that must stand on every map.

use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, Document, HtmlCanvasElement, HtmlImageElement};

use super::ink::{self, Ink};
use super::layers::tiles::Tiles;
use super::model::{ExportRequest, Exported};
use super::plane::{Frame, Px};
use super::stage::Stage;
use super::theme::MapTheme;

/// Height of a line of text under the map, CSS pixels.
const LINE: f64 = 20.0;

/// Draws the view and hands the PNG over when the browser has encoded it.
pub fn export(
    stage: &Stage,
    tiles: &Tiles,
    document: &Document,
    request: &ExportRequest,
    done: impl FnOnce(Exported) + 'static,
) {
    let Some(view) = stage.frame(0.0) else { return done(Exported::Failed) };
    let with_tiles = compose(stage, tiles, document, request, &view, true);
    // A tile of a server that does not let its pictures be read taints the canvas for good: then without tiles.
    let clean = with_tiles.filter(is_readable);
    let (canvas, tiles_left_out) = match clean {
        Some(canvas) => (Some(canvas), false),
        None => (compose(stage, tiles, document, request, &view, false), tiles.is_shown()),
    };
    let Some(canvas) = canvas else { return done(Exported::Failed) };
    encode(&canvas, move |png| done(png.map_or(Exported::Failed, |png| Exported::Png { png, tiles_left_out })));
}

fn compose(
    stage: &Stage,
    tiles: &Tiles,
    document: &Document,
    request: &ExportRequest,
    view: &Frame,
    with_tiles: bool,
) -> Option<HtmlCanvasElement> {
    let foot = LINE * request.lines.len() as f64 + 8.0;
    let device = |side: f64| (side * view.dpr).round() as u32;
    let (canvas, ink) = ink::canvas(document, device(view.width), device(view.height + foot))?;
    ink.in_pixels(view);
    let theme = stage.theme();
    ink.fill_with(&theme.ground);
    ink.raw().fill_rect(0.0, 0.0, view.width, view.height + foot);
    if with_tiles {
        draw_tiles(&ink, tiles, view);
    }
    for (picture, shown) in stage.pictures() {
        let place = shown.moved_to(view.zoom, Px { x: view.left, y: view.top });
        ink.picture(&picture, place.x, place.y, shown.width * place.scale, shown.height * place.scale);
    }
    draw_lines(&ink, &theme, request, view, foot);
    Some(canvas)
}

/// Tells whether a canvas may be read: asking for one pixel is enough.
fn is_readable(canvas: &HtmlCanvasElement) -> bool {
    Ink::on(canvas).is_some_and(|ink| ink.raw().get_image_data(0.0, 0.0, 1.0, 1.0).is_ok())
}

/// Draws tiles where they are on the screen.
fn draw_tiles(ink: &Ink, tiles: &Tiles, view: &Frame) {
    let Ok(images) = tiles.pane().query_selector_all("img.leaflet-tile-loaded") else { return };
    let Some(map) = tiles.pane().closest(".map-ground").ok().flatten() else { return };
    let origin = map.get_bounding_client_rect();
    for number in 0..images.length() {
        let Some(image) = images.get(number).and_then(|node| node.dyn_into::<HtmlImageElement>().ok()) else {
            continue;
        };
        let at = image.get_bounding_client_rect();
        let (x, y) = (at.left() - origin.left(), at.top() - origin.top());
        if view.shows(Px { x, y }, 1024.0) {
            let _ = ink.raw().draw_image_with_html_image_element_and_dw_and_dh(&image, x, y, at.width(), at.height());
        }
    }
}

fn draw_lines(ink: &Ink, theme: &MapTheme, request: &ExportRequest, view: &Frame, foot: f64) {
    ink.fill_with(&theme.halo);
    ink.raw().fill_rect(0.0, view.height, view.width, foot);
    ink.fill_with(&theme.ink);
    ink.font(&format!("12px {}", theme.font));
    ink.raw().set_text_baseline("middle");
    ink.raw().set_text_align("left");
    for (number, line) in request.lines.iter().enumerate() {
        let y = view.height + 4.0 + LINE * (number as f64 + 0.5);
        let _ = ink.raw().fill_text_with_max_width(line, 12.0, y, view.width - 24.0);
    }
}

fn encode(canvas: &HtmlCanvasElement, done: impl FnOnce(Option<Vec<u8>>) + 'static) {
    let mut done = Some(done);
    let callback = Closure::<dyn FnMut(JsValue)>::new(move |blob: JsValue| {
        let Some(done) = done.take() else { return };
        spawn_local(async move { done(bytes(blob).await) });
    });
    let _ = canvas.to_blob(callback.as_ref().unchecked_ref());
    // The browser calls once and then lets go of it.
    let _ = callback.into_js_value();
}

async fn bytes(blob: JsValue) -> Option<Vec<u8>> {
    let blob: Blob = blob.dyn_into().ok()?;
    let buffer: ArrayBuffer = JsFuture::from(blob.array_buffer()).await.ok()?.dyn_into().ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}
