//! Server-Sent Events. The browser's own reconnecting is never used: it gives up for ever after one HTTP 502.

use wasm_bindgen::JsCast;

use super::Listener;

/// What a stream tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StreamEvent {
    /// The server answered and the stream runs.
    Opened,
    /// An event came.
    Message {
        /// The `id` field, which is the last one that came if this event had none.
        id: String,
        /// The `event` field.
        name: String,
        /// The `data` field.
        data: String,
    },
    /// It broke or never opened; why is not told. It is closed by now.
    Failed,
}

/// An open stream; closed when dropped.
#[derive(Debug)]
pub struct Stream {
    source: web_sys::EventSource,
    _listeners: Vec<Listener>,
}

impl Stream {
    /// Opens a stream and calls `heard` with all that it tells of the events in `names`.
    pub fn open(url: &str, names: &[&'static str], heard: impl Fn(StreamEvent) + Clone + 'static) -> Option<Self> {
        super::window()?;
        let source = web_sys::EventSource::new(url).ok()?;
        let mut listeners: Vec<Listener> = names.iter().map(|name| message(&source, name, heard.clone())).collect();
        let opened = heard.clone();
        listeners.push(Listener::new(&source, "open", move |_| opened(StreamEvent::Opened)));
        let broken = source.clone();
        listeners.push(Listener::new(&source, "error", move |_| {
            broken.close();
            heard(StreamEvent::Failed);
        }));
        Some(Self { source, _listeners: listeners })
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.close();
    }
}

fn message(source: &web_sys::EventSource, name: &'static str, heard: impl Fn(StreamEvent) + 'static) -> Listener {
    Listener::new(source, name, move |event| {
        let Ok(event) = event.dyn_into::<web_sys::MessageEvent>() else { return };
        let data = event.data().as_string().unwrap_or_default();
        heard(StreamEvent::Message { id: event.last_event_id(), name: name.to_owned(), data });
    })
}
