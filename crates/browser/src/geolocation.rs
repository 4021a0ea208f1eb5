//! Where the device is, if its owner allows.

use futures::channel::oneshot;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// A position in WGS-84, which for drawing equals CGCS2000.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fix {
    /// Longitude in degrees.
    pub lon: f64,
    /// Latitude in degrees.
    pub lat: f64,
    /// Radius in metres that holds the true position with 95 %.
    pub accuracy_m: f64,
}

/// Why there is no position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GeolocationError {
    /// This browser has none, or the page is not served securely.
    Unsupported,
    /// The owner said no.
    Denied,
    /// The device could not find out.
    Unavailable,
    /// It took too long.
    TimedOut,
}

/// Asks the device once; waits at most `time_out_ms`.
pub async fn locate(time_out_ms: u32) -> Result<Fix, GeolocationError> {
    let window = crate::window().ok_or(GeolocationError::Unsupported)?;
    let geolocation = window.navigator().geolocation().map_err(|_| GeolocationError::Unsupported)?;
    let (send, receive) = oneshot::channel();
    let send = std::rc::Rc::new(std::cell::Cell::new(Some(send)));
    let found = answer(&send, |value: web_sys::Position| {
        let c = value.coords();
        Ok(Fix { lon: c.longitude(), lat: c.latitude(), accuracy_m: c.accuracy() })
    });
    let failed = answer(&send, |value: web_sys::PositionError| Err(of_code(value.code())));
    let options = web_sys::PositionOptions::new();
    options.set_enable_high_accuracy(true);
    options.set_timeout(time_out_ms);
    options.set_maximum_age(30_000);
    geolocation
        .get_current_position_with_error_callback_and_options(
            found.as_ref().unchecked_ref(),
            Some(failed.as_ref().unchecked_ref()),
            &options,
        )
        .map_err(|_| GeolocationError::Unsupported)?;
    receive.await.unwrap_or(Err(GeolocationError::Unavailable))
}

type Sender = std::rc::Rc<std::cell::Cell<Option<oneshot::Sender<Result<Fix, GeolocationError>>>>>;

fn answer<T: JsCast + 'static>(
    send: &Sender,
    read: impl Fn(T) -> Result<Fix, GeolocationError> + 'static,
) -> Closure<dyn FnMut(wasm_bindgen::JsValue)> {
    let send = send.clone();
    Closure::new(move |value: wasm_bindgen::JsValue| {
        if let Some(send) = send.take() {
            // Nobody may be waiting any more.
            let _ = send.send(read(value.unchecked_into()));
        }
    })
}

const fn of_code(code: u16) -> GeolocationError {
    match code {
        1 => GeolocationError::Denied,
        3 => GeolocationError::TimedOut,
        _ => GeolocationError::Unavailable,
    }
}
