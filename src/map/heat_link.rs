//! The link to the heat engine: wishes go, pictures come. The engine runs in a worker; one that dies is started again and
//! told everything anew, and after the third time, or where there is no worker, the same engine runs here.
//!
//! One picture is asked for at a time, and when it comes only the newest wish is drawn: a slow engine lags, it never queues.

use std::rc::Rc;
use std::sync::Arc;

use fengtu_heat_worker::{Choice, Command, Draw, Loaded, Packet, Pictured, Reply, Service};
use fengtu_wire::heat::PointsAsSent;
use gloo_timers::callback::Timeout;
use js_sys::{ArrayBuffer, Uint8Array};
use wasm_bindgen::{Clamped, JsCast, JsValue};
use web_sys::{ImageBitmap, ImageData};

use super::model::{HeatTrouble, LiveCases};
use super::plane::Frame;
use crate::browser::page;
use crate::browser::worker::{Heard, Worker};

/// The page's `meta` that says where the worker's script lies; the build writes it.
const SCRIPT: &str = "heat-worker";
/// So many workers are tried before the page does without.
const TRIES: u32 = 3;
/// A worker that has not answered for so long stands still, milliseconds.
const PATIENCE_MS: u32 = 20_000;

/// What the worker calls back with.
type OnHeard = Rc<dyn Fn(Heard)>;

/// Holds what is to be drawn.
#[derive(Debug, Clone)]
pub struct Wish {
    /// The cases as the server sent them.
    pub cases: Arc<PointsAsSent>,
    /// Those that have come since.
    pub live: LiveCases,
    /// Which of them count.
    pub choice: Choice,
    /// The ramp's colours, red, green, blue.
    pub colours: Vec<u8>,
    /// The view.
    pub draw: Draw,
    /// What the picture is of.
    pub frame: Frame,
}

/// Holds a picture that has come.
pub struct HeatPicture {
    /// Scale and figures.
    pub told: Pictured,
    /// What it is of.
    pub frame: Frame,
    /// The picture; none where nothing is to be shown.
    pub image: Option<Image>,
}

/// Holds a picture as the engine hands it over.
pub enum Image {
    /// From a worker with a canvas.
    Bitmap(ImageBitmap),
    /// From any other.
    Data(ImageData),
}

/// Where the engine runs.
#[derive(Default)]
enum Engine {
    /// Nowhere yet.
    #[default]
    None,
    /// In a worker that has not yet said that it is ready.
    Starting(Worker),
    /// In a worker.
    There(Worker),
    /// In the page.
    Here(Box<Service>),
}

/// What the engine has been told.
#[derive(Default)]
struct Told {
    cases: Option<Arc<PointsAsSent>>,
    live_count: usize,
    choice: Option<Choice>,
    colours: Option<Vec<u8>>,
}

/// Holds the link.
#[derive(Default)]
pub struct HeatLink {
    on_heard: Option<OnHeard>,
    engine: Engine,
    told: Told,
    /// The newest wish that nothing has been sent of.
    wish: Option<Wish>,
    /// The picture under way, kept in case that the worker dies over it.
    asked: Option<(u32, Wish)>,
    watch: Option<Timeout>,
    counted: u32,
    deaths: u32,
    restarting: bool,
    left_out: u32,
    unreadable: bool,
}

impl HeatLink {
    /// Says who is called when the worker is heard.
    pub fn connect(&mut self, on_heard: impl Fn(Heard) + 'static) {
        self.on_heard = Some(Rc::new(on_heard));
    }

    /// Wishes a picture; it comes by [`Self::hear`], or at once where the engine runs here.
    pub fn wish(&mut self, wish: Wish) -> Option<HeatPicture> {
        self.wish = Some(wish);
        self.go_on()
    }

    /// Forgets a wish that nothing has been sent of.
    pub fn forget(&mut self) {
        self.wish = None;
    }

    /// Takes what the worker told; gives a picture if it was one.
    pub fn hear(&mut self, heard: Heard) -> Option<HeatPicture> {
        let picture = match heard {
            Heard::Died => {
                self.bury();
                None
            }
            Heard::Message { numbers, more } => self.read(numbers, &more),
        };
        let next = self.go_on();
        picture.or(next)
    }

    /// Says what is amiss, if anything.
    pub fn trouble(&self) -> Option<HeatTrouble> {
        let in_page = matches!(self.engine, Engine::Here(_)).then_some(HeatTrouble::InPage);
        let restarting = self.restarting.then_some(HeatTrouble::Restarting);
        self.unreadable.then_some(HeatTrouble::Unreadable).or(restarting).or(in_page)
    }

    /// Counts the cases that cannot be drawn.
    pub const fn left_out(&self) -> u32 {
        self.left_out
    }

    /// Sends what the engine does not know yet, and asks for a picture if none is under way.
    fn go_on(&mut self) -> Option<HeatPicture> {
        if matches!(self.engine, Engine::None) && self.wish.is_some() {
            self.start();
        }
        if matches!(self.engine, Engine::None | Engine::Starting(_)) || self.asked.is_some() {
            return None;
        }
        let wish = self.wish.take()?;
        self.tell(&wish);
        let (job, draw) = (self.count(), wish.draw);
        self.asked = Some((job, wish));
        self.watch();
        self.send(Command::Draw(Draw { job, ..draw }))
    }

    fn tell(&mut self, wish: &Wish) {
        if !self.told.cases.as_ref().is_some_and(|known| Arc::ptr_eq(known, &wish.cases)) {
            let PointsAsSent { form, bytes } = &*wish.cases;
            self.told.cases = Some(Arc::clone(&wish.cases));
            self.told.live_count = 0;
            let turn = self.count();
            self.send(Command::Load { turn, form: *form, bytes: bytes.clone() });
        }
        let new = wish.live.after(self.told.live_count);
        if !new.is_empty() {
            self.told.live_count += new.len();
            self.send(Command::Add(new));
        }
        if self.told.choice.as_ref() != Some(&wish.choice) {
            self.told.choice = Some(wish.choice.clone());
            self.send(Command::Choose(wish.choice.clone()));
        }
        if self.told.colours.as_ref() != Some(&wish.colours) {
            self.told.colours = Some(wish.colours.clone());
            self.send(Command::Colour(wish.colours.clone()));
        }
    }

    fn send(&mut self, command: Command) -> Option<HeatPicture> {
        match &mut self.engine {
            Engine::There(worker) => {
                let Packet { numbers, bytes } = command.into_packet();
                // One that has no memory left for a message is as good as dead, and found out by its silence.
                worker.send(&numbers, &bytes);
                None
            }
            Engine::Here(service) => {
                let reply = service.obey(command)?;
                let image = image_data(service.pixels(), &reply);
                self.take(reply, image)
            }
            Engine::None | Engine::Starting(_) => None,
        }
    }

    fn read(&mut self, numbers: Vec<f64>, more: &JsValue) -> Option<HeatPicture> {
        let bytes = more.dyn_ref::<ArrayBuffer>().map(|buffer| Uint8Array::new(buffer).to_vec()).unwrap_or_default();
        let bitmap = more.dyn_ref::<ImageBitmap>().cloned().map(Image::Bitmap);
        let pixels = bytes.clone();
        let reply = Reply::of_packet(Packet { numbers, bytes })?;
        let image = bitmap.or_else(|| image_data(&pixels, &reply));
        self.take(reply, image)
    }

    fn take(&mut self, reply: Reply, image: Option<Image>) -> Option<HeatPicture> {
        match reply {
            Reply::Ready => self.engine.begin(),
            Reply::Loaded(Loaded { left_out, .. }) => (self.left_out, self.unreadable) = (left_out, false),
            Reply::Refused { .. } => (self.left_out, self.unreadable) = (0, true),
            Reply::Pictured(told) => {
                let (_, Wish { frame, .. }) = self.asked.take_if(|(job, _)| *job == told.job)?;
                self.watch = None;
                self.restarting = false;
                return Some(HeatPicture { told, frame, image });
            }
        }
        None
    }

    fn start(&mut self) {
        let Some(on_heard) = self.on_heard.clone() else { return };
        let script = page::meta(SCRIPT).filter(|_| self.deaths < TRIES);
        let worker = script.and_then(|script| Worker::start(&script, move |heard| on_heard(heard)));
        self.engine = worker.map_or_else(|| Engine::Here(Box::default()), Engine::Starting);
        self.told = Told::default();
        self.watch();
    }

    /// Lets go of a worker that is dead; what it was asked is to be asked again.
    fn bury(&mut self) {
        self.deaths += 1;
        self.restarting = true;
        self.engine = Engine::None;
        self.watch = None;
        let asked = self.asked.take().map(|(_, wish)| wish);
        self.wish = self.wish.take().or(asked);
    }

    /// Takes a worker that stays silent for dead.
    fn watch(&mut self) {
        let is_away = matches!(self.engine, Engine::Starting(_) | Engine::There(_));
        let on_heard = self.on_heard.clone().filter(|_| is_away);
        self.watch = on_heard.map(|on_heard| Timeout::new(PATIENCE_MS, move || on_heard(Heard::Died)));
    }

    const fn count(&mut self) -> u32 {
        self.counted = self.counted.wrapping_add(1);
        self.counted
    }
}

impl Engine {
    /// Takes note that the worker is ready.
    fn begin(&mut self) {
        *self = match std::mem::take(self) {
            Self::Starting(worker) => Self::There(worker),
            other => other,
        };
    }
}

/// Makes a picture of pixels; none where the reply says that there is none.
fn image_data(pixels: &[u8], reply: &Reply) -> Option<Image> {
    let Reply::Pictured(Pictured { width, height, .. }) = *reply else { return None };
    let data = (width > 0).then(|| ImageData::new_with_u8_clamped_array_and_sh(Clamped(pixels), width, height));
    data?.ok().map(Image::Data)
}
