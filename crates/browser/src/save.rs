//! Handing things over: a file to the download folder, a text to the clipboard.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

/// Saves bytes as a file; says whether the browser took it.
pub fn file(name: &str, media_type: &str, bytes: &[u8]) -> bool {
    download(name, media_type, bytes).is_some()
}

/// Saves a Blob that the browser made itself, such as a picture of a canvas.
pub fn blob(name: &str, blob: &web_sys::Blob) -> Option<()> {
    let document = crate::document()?;
    let url = web_sys::Url::create_object_url_with_blob(blob).ok()?;
    let anchor: web_sys::HtmlAnchorElement = document.create_element("a").ok()?.dyn_into().ok()?;
    anchor.set_href(&url);
    anchor.set_download(name);
    anchor.click();
    // The click has only begun to read it.
    crate::clock::later(10_000, move || drop(web_sys::Url::revoke_object_url(&url)));
    Some(())
}

fn download(name: &str, media_type: &str, bytes: &[u8]) -> Option<()> {
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(media_type);
    blob(name, &web_sys::Blob::new_with_u8_array_sequence_and_options(&parts, &options).ok()?)
}

/// Copies a text; says whether the browser allowed it.
pub async fn copy(text: &str) -> bool {
    let Some(window) = crate::window() else { return false };
    // Absent on pages that are not served securely.
    let clipboard = js_sys::Reflect::get(&window.navigator(), &"clipboard".into()).ok();
    let clipboard = clipboard.and_then(|c| c.dyn_into::<web_sys::Clipboard>().ok());
    match clipboard {
        Some(clipboard) => JsFuture::from(clipboard.write_text(text)).await.is_ok(),
        None => false,
    }
}
