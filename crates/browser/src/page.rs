//! The document around the app: its language, theme, title, and the card outside wasm.

use wasm_bindgen::JsCast;

/// Sets an attribute of the root element, such as `lang` or `data-theme`.
pub fn set_root(name: &str, value: &str) {
    if let Some(root) = crate::document().and_then(|d| d.document_element()) {
        let _ = root.set_attribute(name, value);
    }
}

/// Sets an attribute of the root element that it does not have yet.
pub fn begin_root(name: &str, value: &str) {
    let root = crate::document().and_then(|d| d.document_element());
    if root.is_some_and(|root| !root.has_attribute(name)) {
        set_root(name, value);
    }
}

/// Removes an attribute of the root element.
pub fn remove_root(name: &str) {
    if let Some(root) = crate::document().and_then(|d| d.document_element()) {
        let _ = root.remove_attribute(name);
    }
}

/// Returns what a `meta` element of the document says.
pub fn meta(name: &str) -> Option<String> {
    let found = crate::document()?.query_selector(&format!("meta[name=\"{name}\"]")).ok()??;
    found.get_attribute("content")
}

/// Sets a custom property of the style sheet on the root element.
pub fn set_property(name: &str, value: &str) {
    let root = crate::document().and_then(|d| d.document_element());
    if let Some(root) = root.and_then(|root| root.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = root.style().set_property(name, value);
    }
}

/// Sets the title of the tab.
pub fn set_title(title: &str) {
    if let Some(document) = crate::document() {
        document.set_title(title);
    }
}

/// Removes what the page showed before the app mounted.
pub fn remove_boot() {
    if let Some(boot) = crate::document().and_then(|d| d.get_element_by_id("boot")) {
        boot.remove();
    }
}

/// Returns the languages that the device prefers, most first.
pub fn languages() -> Vec<String> {
    let Some(window) = crate::window() else { return Vec::new() };
    window.navigator().languages().iter().filter_map(|l| l.as_string()).collect()
}

/// Moves the focus to the element with this id, if there is one.
pub fn focus(id: &str) {
    let element = crate::document().and_then(|d| d.get_element_by_id(id));
    if let Some(element) = element.and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// Returns the id of the nearest element of a kind around the place of an event, where that has one.
pub fn id_around(event: &web_sys::Event, tag: &str) -> Option<String> {
    let element: web_sys::Element = event.target()?.dyn_into().ok()?;
    let id = element.closest(tag).ok()??.id();
    (!id.is_empty()).then_some(id)
}

/// Returns how a `<details>` stands of which an event tells that it was opened or closed: of toggles in quick succession browsers
/// tell the last alone, so that counting them goes wrong.
pub fn is_open(event: &web_sys::Event) -> bool {
    let element = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    element.is_some_and(|element| element.has_attribute("open"))
}

/// Scrolls a list (the nearest positioned ancestor) no farther than shows all of one of its elements.
pub fn reveal(id: &str) {
    let element = crate::document().and_then(|d| d.get_element_by_id(id));
    let Some(element) = element.and_then(|e| e.dyn_into::<web_sys::HtmlElement>().ok()) else { return };
    let Some(list) = element.offset_parent() else { return };
    let (top, bottom) = (element.offset_top(), element.offset_top() + element.offset_height());
    if top < list.scroll_top() {
        list.set_scroll_top(top);
    } else if bottom > list.scroll_top() + list.client_height() {
        list.set_scroll_top(bottom - list.client_height());
    }
}

/// Returns the id of the element that has the focus, if it has one.
pub fn focused() -> Option<String> {
    let id = crate::document()?.active_element()?.id();
    (!id.is_empty()).then_some(id)
}

/// Moves the focus to an element, unless whoever uses the page has gone on elsewhere meanwhile: it is taken from nowhere, or from
/// an element that a selector chooses, and from no other.
pub fn pass_focus(from: Option<&str>, to: &str) {
    let held = crate::document().and_then(|d| d.active_element());
    let is_free =
        |e: &web_sys::Element| e.tag_name() == "BODY" || from.is_some_and(|from| e.matches(from).unwrap_or_default());
    if held.as_ref().is_none_or(is_free) {
        focus(to);
    }
}

/// Moves the focus from the element that heard an event to the one after or before it.
pub fn focus_sibling(event: &web_sys::KeyboardEvent, after: bool) {
    let here = event.current_target().and_then(|t| t.dyn_into::<web_sys::Element>().ok());
    let next = here.and_then(|e| if after { e.next_element_sibling() } else { e.previous_element_sibling() });
    if let Some(next) = next.and_then(|n| n.dyn_into::<web_sys::HtmlElement>().ok()) {
        // It fails only if the element left the document meanwhile.
        let _ = next.focus();
    }
}

/// Loads the page anew.
pub fn reload() {
    if let Some(window) = crate::window() {
        let _ = window.location().reload();
    }
}

/// Loads another page in the place of this one: "back" does not return here.
pub fn replace(path: &str) {
    if let Some(window) = crate::window() {
        let _ = window.location().replace(path);
    }
}

/// Makes a panic visible: the watchdog outside wasm shows its card, and the console has the place.
pub fn install_panic_hook() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        // The instance is poisoned from here on; nothing but this announcement is done in it.
        if let (Some(window), Ok(event)) = (crate::window(), web_sys::CustomEvent::new("fengtu:panic")) {
            let _ = window.dispatch_event(&event);
        }
    }));
}

/// Returns the width of the inside of an element, in CSS pixels; 0: it is not there.
pub fn width_of(id: &str) -> f64 {
    crate::document().and_then(|d| d.get_element_by_id(id)).map_or(0.0, |element| f64::from(element.client_width()))
}

/// Shows the page over the whole screen, or gives the screen back; a browser may refuse.
pub fn full_screen(on: bool) {
    let Some(document) = crate::document() else { return };
    if !on {
        // Whoever pressed Escape has left it already, and leaving it twice is an error.
        if document.fullscreen_element().is_some() {
            document.exit_fullscreen();
        }
    } else if let Some(root) = document.document_element() {
        let _ = root.request_fullscreen();
    }
}

/// Opens the browser's own way to print, which also makes PDF files.
pub fn print() {
    if let Some(window) = crate::window() {
        let _ = window.print();
    }
}

/// Returns the text of an element as it reads now.
pub fn text_of(id: &str) -> Option<String> {
    crate::document()?.get_element_by_id(id)?.text_content()
}

/// Returns the text that was typed into an element, with its line breaks.
pub fn typed_into(id: &str) -> Option<String> {
    let element = crate::document()?.get_element_by_id(id)?;
    Some(element.dyn_into::<web_sys::HtmlElement>().ok()?.inner_text())
}

/// Returns a field that holds a value.
pub fn field(id: &str) -> Option<web_sys::HtmlInputElement> {
    crate::document()?.get_element_by_id(id)?.dyn_into().ok()
}

/// Has the browser ask before the page is left while `is_written`, until the result is dropped.
pub fn ask_before_leaving(is_written: impl Fn() -> bool + 'static) -> Option<crate::Listener> {
    let window = crate::window()?;
    Some(crate::Listener::new(&window, "beforeunload", move |event| {
        if is_written() {
            event.prevent_default();
            // Chromium before 119 asks for this alone; it fails for no event.
            let _ = js_sys::Reflect::set(&event, &"returnValue".into(), &true.into());
        }
    }))
}

/// Lets the element that hears an event hear the pointer until it is let go, wherever it goes.
pub fn capture_pointer(event: &web_sys::PointerEvent) {
    let element = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    if let Some(element) = element {
        // It fails for a pointer that is no more.
        let _ = element.set_pointer_capture(event.pointer_id());
    }
}

/// Selects the options of a list that `is` says, and no others.
pub fn select_options(list: &str, is: impl Fn(&str) -> bool) {
    for option in options(list) {
        let on = is(&option.value());
        if option.selected() != on {
            option.set_selected(on);
        }
    }
}

/// Returns the values of the options of a list that are selected.
pub fn selected_options(list: &str) -> Vec<String> {
    options(list).filter(web_sys::HtmlOptionElement::selected).map(|option| option.value()).collect()
}

fn options(list: &str) -> impl Iterator<Item = web_sys::HtmlOptionElement> {
    let list = crate::document().and_then(|d| d.get_element_by_id(list));
    let found = list.and_then(|list| list.query_selector_all("option").ok());
    let node = |at| found.as_ref().and_then(|all| all.item(at)).and_then(|node| node.dyn_into().ok());
    (0..found.as_ref().map_or(0, web_sys::NodeList::length)).filter_map(node).collect::<Vec<_>>().into_iter()
}
