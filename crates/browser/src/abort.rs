//! Aborting a request when whoever asked has left.

/// Aborts its request when it is dropped.
#[derive(Debug)]
pub struct Abort {
    controller: Option<web_sys::AbortController>,
}

impl Abort {
    /// Builds one; without a browser it does nothing.
    pub fn new() -> Self {
        let controller = crate::window().and_then(|_| web_sys::AbortController::new().ok());
        Self { controller }
    }

    /// Returns the signal to hand to the request.
    pub fn signal(&self) -> Option<web_sys::AbortSignal> {
        self.controller.as_ref().map(web_sys::AbortController::signal)
    }
}

impl Default for Abort {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Abort {
    fn drop(&mut self) {
        // After a finished request this does nothing.
        if let Some(controller) = &self.controller {
            controller.abort();
        }
    }
}
