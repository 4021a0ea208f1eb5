//! What somebody opens: the text of a file that was chosen.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

/// Reads the first file of the field that an event is about, as text; `None` where there is none, or it cannot be read.
pub fn chosen_text(event: &web_sys::Event) -> impl Future<Output = Option<String>> + use<> {
    let file = event.target().and_then(|field| {
        let files = js_sys::Reflect::get(&field, &"files".into()).ok()?;
        js_sys::Reflect::get_u32(&files, 0).ok()?.dyn_into::<web_sys::Blob>().ok()
    });
    async move { JsFuture::from(file?.text()).await.ok()?.as_string() }
}
