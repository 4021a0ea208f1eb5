//! A stream of bytes over HTTP, as it comes. Opening it again, and what the bytes say, is for whoever listens.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::{Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, ReadableStreamDefaultReader, RequestCache, RequestInit, Response};

use crate::abort::Abort;
use crate::clock;

/// What a stream tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StreamEvent {
    /// The server answered and the stream runs.
    Opened,
    /// Bytes came.
    Bytes(Vec<u8>),
    /// It broke, ended, or never opened. Nothing more comes.
    Failed,
}

/// An open stream; closed when dropped, after which nothing is heard of it.
#[derive(Debug)]
pub struct Stream {
    _abort: Abort,
    open: Rc<Cell<bool>>,
}

impl Stream {
    /// Opens a stream of a media type and calls `heard` with all that it tells.
    pub fn open(url: &str, media_type: &str, mut heard: impl FnMut(StreamEvent) + 'static) -> Option<Self> {
        let window = crate::window()?;
        let (abort, open) = (Abort::new(), Rc::new(Cell::new(true)));
        let init = RequestInit::new();
        let headers = Headers::new().ok()?;
        headers.set("accept", media_type).ok()?;
        init.set_headers(&headers);
        init.set_cache(RequestCache::NoStore);
        init.set_signal(abort.signal().as_ref());
        let asked = window.fetch_with_str_and_init(url, &init);
        let still = Rc::clone(&open);
        wasm_bindgen_futures::spawn_local(async move {
            let mut tell = |event| {
                let is_open = still.get();
                if is_open {
                    heard(event);
                }
                is_open
            };
            // Whether it ended, broke or was refused: it is to be opened again.
            let _ = read(JsFuture::from(asked), &mut tell).await;
            tell(StreamEvent::Failed);
        });
        Some(Self { _abort: abort, open })
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.open.set(false);
    }
}

/// Most bytes that are told at once. After a pause megabytes come together, and what is made of them all at once would stay
/// with the page: its memory never shrinks.
const PIECE: u32 = 32 << 10;
/// Others have their turn after so long, milliseconds: with what else comes in a frame it is to stay well under a long task's 50.
const MOST_BUSY_MS: f64 = 12.0;
/// Who has waited for so long for what comes next has let others have their turn, milliseconds.
const WAITED_MS: f64 = 4.0;

/// Reads to the end, or until nobody listens any more.
async fn read(asked: JsFuture, tell: &mut impl FnMut(StreamEvent) -> bool) -> Result<(), JsValue> {
    let response: Response = asked.await?.dyn_into()?;
    let Some(body) = response.body().filter(|_| response.ok()) else { return Ok(()) };
    tell(StreamEvent::Opened);
    let reader: ReadableStreamDefaultReader = body.get_reader().dyn_into()?;
    let mut turn = Turn::default();
    loop {
        let asked_ms = clock::monotonic_ms();
        let chunk = JsFuture::from(reader.read()).await?;
        if clock::monotonic_ms() - asked_ms > WAITED_MS {
            turn = Turn::default();
        }
        let Ok(bytes) = Reflect::get(&chunk, &"value".into())?.dyn_into::<Uint8Array>() else { return Ok(()) };
        for from in (0..bytes.length()).step_by(PIECE as usize) {
            let piece = bytes.subarray(from, bytes.length().min(from.saturating_add(PIECE)));
            let began_ms = clock::monotonic_ms();
            if !tell(StreamEvent::Bytes(piece.to_vec())) {
                return Ok(());
            }
            turn.took(clock::monotonic_ms() - began_ms).await;
        }
    }
}

/// How long the reader has been busy since others had their turn: what has gathered comes without a wait, piece upon piece and
/// chunk upon chunk, and would all be read in one task.
#[derive(Default)]
struct Turn {
    busy_ms: f64,
}

impl Turn {
    async fn took(&mut self, ms: f64) {
        self.busy_ms += ms;
        // Where nobody looks no frame waits, and a timer takes a second.
        if self.busy_ms > MOST_BUSY_MS && crate::visibility::is_visible() {
            clock::sleep(0).await;
            self.busy_ms = 0.0;
        }
    }
}
