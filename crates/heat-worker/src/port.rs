//! A worker's port: packets come and go as `[Float64Array, ArrayBuffer or ImageBitmap]`, the second handed over, not copied.

use fengtu_heat_worker::{Command, Packet, Reply, Service};
use js_sys::{Array, ArrayBuffer, Float64Array, Function, Reflect, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{Clamped, JsCast, JsValue};
use web_sys::{
    DedicatedWorkerGlobalScope, ImageData, MessageEvent, OffscreenCanvas, OffscreenCanvasRenderingContext2d,
};

/// Answers messages for as long as the worker lives.
pub fn open() {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let (mut service, mut easel) = (Service::new(), Easel::default());
    let port = scope.clone();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let command = read(&event.data()).and_then(Command::of_packet);
        let began_ms = now_ms(&port);
        let Some(mut reply) = command.and_then(|command| service.obey(command)) else { return };
        let size = match &reply {
            Reply::Pictured(picture) => (picture.width, picture.height),
            _ => (0, 0),
        };
        let picture = easel.picture(service.pixels(), size);
        if let Reply::Pictured(told) = &mut reply {
            told.took_ms = now_ms(&port) - began_ms;
        }
        send(&port, reply.into_packet(), picture);
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    // It lives as long as the worker.
    on_message.forget();
    send(&scope, Reply::Ready.into_packet(), None);
}

fn now_ms(scope: &DedicatedWorkerGlobalScope) -> f64 {
    scope.performance().map_or(0.0, |clock| clock.now())
}

fn read(data: &JsValue) -> Option<Packet> {
    let parts: &Array = data.dyn_ref()?;
    let numbers = parts.get(0).dyn_into::<Float64Array>().ok()?.to_vec();
    let bytes = parts.get(1).dyn_into::<ArrayBuffer>().map_or_else(|_| Vec::new(), |b| Uint8Array::new(&b).to_vec());
    Some(Packet { numbers, bytes })
}

fn send(port: &DedicatedWorkerGlobalScope, packet: Packet, picture: Option<JsValue>) {
    let more = picture.unwrap_or_else(|| Uint8Array::from(packet.bytes.as_slice()).buffer().into());
    let message = Array::of2(&Float64Array::from(packet.numbers.as_slice()), &more);
    // A page that is gone takes no message.
    let _ = port.post_message_with_transfer(&message, &Array::of1(&more));
}

/// Holds a canvas on which pixels become a bitmap.
#[derive(Default)]
struct Easel(Option<(OffscreenCanvas, OffscreenCanvasRenderingContext2d)>);

impl Easel {
    /// Makes what is sent of pixels: a bitmap, or a copy of them; `None` where there are none.
    fn picture(&mut self, pixels: &[u8], (width, height): (u32, u32)) -> Option<JsValue> {
        if width == 0 || height == 0 {
            return None;
        }
        self.bitmap(pixels, width, height).or_else(|| Some(Uint8Array::from(pixels).buffer().into()))
    }

    fn bitmap(&mut self, pixels: &[u8], width: u32, height: u32) -> Option<JsValue> {
        let fits = |(canvas, _): &(OffscreenCanvas, _)| (canvas.width(), canvas.height()) == (width, height);
        let is_sound = |easel: &(OffscreenCanvas, _)| fits(easel) && !is_lost(&easel.1);
        if !self.0.as_ref().is_some_and(is_sound) {
            self.0 = canvas(width, height);
        }
        let (canvas, context) = self.0.as_ref().filter(|(_, context)| !is_lost(context))?;
        let data = ImageData::new_with_u8_clamped_array_and_sh(Clamped(pixels), width, height).ok()?;
        context.put_image_data(&data, 0.0, 0.0).ok()?;
        canvas.transfer_to_image_bitmap().ok().map(JsValue::from)
    }
}

/// Whether the browser has taken the canvas's memory away: it would give pictures of nothing, without a word.
fn is_lost(context: &OffscreenCanvasRenderingContext2d) -> bool {
    let asks = Reflect::get(context, &"isContextLost".into()).ok().and_then(|asks| asks.dyn_into::<Function>().ok());
    asks.and_then(|asks| asks.call0(context).ok()).is_some_and(|lost| lost.is_truthy())
}

/// Makes a canvas; `None` where the browser has none for workers.
fn canvas(width: u32, height: u32) -> Option<(OffscreenCanvas, OffscreenCanvasRenderingContext2d)> {
    // Asked for by name first: calling what is not there would throw.
    Reflect::get(&js_sys::global(), &"OffscreenCanvas".into()).ok()?.is_function().then_some(())?;
    let canvas = OffscreenCanvas::new(width, height).ok()?;
    let context = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    Some((canvas, context))
}
