//! Pictures of charts: colours of the style sheet, and an SVG text as a PNG file.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::JsFuture;

use crate::save;

/// Returns what a custom property of the style sheet is worth now, such as `--ink`.
pub fn token(name: &str) -> String {
    let root = crate::document().and_then(|d| d.document_element());
    let style = root.and_then(|root| crate::window()?.get_computed_style(&root).ok()?);
    let value = style.and_then(|style| style.get_property_value(name).ok()).unwrap_or_default();
    if value.trim().is_empty() { "currentColor".to_owned() } else { value.trim().to_owned() }
}

/// Saves an SVG text as a PNG of `scale` pixels for each of its own; says whether the browser could begin.
pub async fn save_png(name: String, svg: String, size: (f64, f64), scale: f64) -> bool {
    png(name, svg, size, scale).await.is_some()
}

async fn png(name: String, svg: String, (width, height): (f64, f64), scale: f64) -> Option<()> {
    let options = web_sys::BlobPropertyBag::new();
    options.set_type("image/svg+xml");
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(svg.as_bytes()));
    let blob = web_sys::Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok()?;
    let url = web_sys::Url::create_object_url_with_blob(&blob).ok()?;
    let image = web_sys::HtmlImageElement::new().ok()?;
    image.set_src(&url);
    let decoded = JsFuture::from(image.decode()).await;
    let _ = web_sys::Url::revoke_object_url(&url);
    decoded.ok()?;
    let canvas: web_sys::HtmlCanvasElement = crate::document()?.create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width((width * scale).round() as u32);
    canvas.set_height((height * scale).round() as u32);
    let context: web_sys::CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    context.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, width * scale, height * scale).ok()?;
    let done = Closure::once_into_js(move |made: Option<web_sys::Blob>| {
        if let Some(made) = made {
            let _ = save::blob(&name, &made);
        }
    });
    canvas.to_blob(done.unchecked_ref()).ok()
}
