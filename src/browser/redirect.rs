//! Whether a request goes on to where an answer sends it.

/// Returns the mode in which none does: what it carries stays with whom it was meant for.
pub fn none() -> web_sys::RequestRedirect {
    web_sys::RequestRedirect::Error
}
