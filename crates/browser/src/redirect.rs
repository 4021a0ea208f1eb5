//! Whether a request goes on to where an answer sends it.

/// Returns the mode in which none does: what it carries stays with whom it was meant for. The answer then has the status 0: where
/// it leads is told to no page, and that it leads on is.
pub fn none() -> web_sys::RequestRedirect {
    web_sys::RequestRedirect::Manual
}
