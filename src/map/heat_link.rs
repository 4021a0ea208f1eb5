//! The link to the heat engine: wishes go, answers come. The engine runs in a worker; one that dies is started again and
//! told everything anew. Where there is no worker, or three of them never began, the same engine runs here; after three deaths at
//! their work those cases are given up, as they would bring down the page too.
//!
//! One thing is asked at a time, the kinds in turn, and of each kind only the newest wish: a slow engine lags, it never queues.
//! Behind a picture more of the same view may wait in the worker, as far as they will be drawn within a moment: while a year is
//! played each begins where the last one ends, however long the page takes to lay that one down.

mod under_way;

use std::rc::Rc;
use std::sync::Arc;

use fengtu_heat_worker::{Choice, Command, Loaded, Looked, Packet, Pictured, Reply, Service};
use fengtu_wire::heat::{PointsAsSent, PointsForm};
use gloo_timers::callback::Timeout;
use js_sys::{ArrayBuffer, Uint8Array, Uint8ClampedArray};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ImageBitmap, ImageData};

use self::under_way::UnderWay;
use super::model::{HeatHere, HeatTrouble};
use super::wish::{Answer, Ask, HeatPicture, Image, KINDS, PICTURE, Wish};
use crate::browser::buffer::Buffer;
use crate::browser::page;
use crate::browser::worker::{Heard, Worker};

/// The page's `meta` that says where the worker's script lies; the build writes it.
const SCRIPT: &str = "heat-worker";
/// So many workers are tried before the page does without, or, where they failed at their work, gives up.
const TRIES: u32 = 3;
/// After so many pictures earlier failures count no more.
const GOOD: u32 = 100;
/// A worker that has not answered for so long stands still, milliseconds.
const PATIENCE_MS: u32 = 20_000;
/// A slow machine reads at least so much of a load in a millisecond.
const LOAD_BYTES_PER_MS: usize = 2_000;

/// What the worker calls back with.
type OnHeard = Rc<dyn Fn(Heard)>;

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
    /// Nowhere any more: these cases have brought it down too often.
    Lost(Arc<PointsAsSent<Buffer>>),
}

/// Says that a worker could not be told something: the memory for it was not to be had.
struct Unsent;

/// What the engine has been told.
#[derive(Default)]
struct Told {
    cases: Option<Arc<PointsAsSent<Buffer>>>,
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
    /// The newest wish of each kind that nothing has been sent of.
    wishes: [Option<Wish>; KINDS],
    under_way: UnderWay,
    /// The kind that was asked last.
    last: usize,
    watch: Option<Timeout>,
    /// Until no worker is begun.
    rest: Option<Timeout>,
    counted: u32,
    pictures: u32,
    /// Workers that never began.
    unstarted: u32,
    /// Workers that failed at their work, since the last of many good pictures.
    deaths: u32,
    good: u32,
    restarting: bool,
    left_out: u32,
    unreadable: bool,
    /// Bytes of a load that the worker still reads.
    load_bytes: usize,
}

impl HeatLink {
    /// Says who is called when the worker is heard.
    pub fn connect(&mut self, on_heard: impl Fn(Heard) + 'static) {
        self.on_heard = Some(Rc::new(on_heard));
    }

    /// Wishes something; it comes by [`Self::hear`], or at once where the engine runs here.
    pub fn wish(&mut self, wish: Wish) -> Vec<Answer> {
        if matches!(&self.engine, Engine::Lost(cases) if !Arc::ptr_eq(cases, &wish.points.cases)) {
            self.engine = Engine::None;
            self.deaths = 0;
        }
        if matches!(self.engine, Engine::Lost(_)) {
            return vec![wish.ask.unanswered()];
        }
        let kind = wish.ask.kind();
        self.under_way.set_unwanted(kind, false);
        if let Some(place) = self.wishes.get_mut(kind) {
            *place = Some(wish);
        }
        self.go_on()
    }

    /// Wishes nothing of a kind any more.
    pub fn forget(&mut self, kind: usize) {
        if let Some(place) = self.wishes.get_mut(kind) {
            *place = None;
        }
        self.under_way.set_unwanted(kind, true);
    }

    /// Tells whether anything is on its way that will be drawn.
    pub fn is_waiting(&self) -> bool {
        self.wishes.iter().any(Option::is_some) || self.under_way.is_wanted()
    }

    /// Tells whether a newer picture will come.
    pub fn expects_picture(&self) -> bool {
        self.wishes.get(PICTURE).is_some_and(Option::is_some) || self.under_way.has(PICTURE)
    }

    /// Takes what the worker told; gives answers, if any came of it.
    pub fn hear(&mut self, heard: Heard) -> Vec<Answer> {
        let answer: Vec<_> = match heard {
            // The end of a rest: there is no worker that could have died.
            Heard::Died if self.rest.take().is_some() => Vec::new(),
            Heard::Died => self.bury(),
            Heard::Message { numbers, more } => self.read(numbers, &more).into_iter().collect(),
        };
        answer.into_iter().chain(self.go_on()).collect()
    }

    /// Says what is amiss, if anything.
    pub fn trouble(&self) -> Option<HeatTrouble> {
        let in_page = matches!(self.engine, Engine::Here(_)).then_some(HeatTrouble::InPage);
        let lost = matches!(self.engine, Engine::Lost(_)).then_some(HeatTrouble::Lost);
        let restarting = self.restarting.then_some(HeatTrouble::Restarting);
        self.unreadable.then_some(HeatTrouble::Unreadable).or(lost).or(restarting).or(in_page)
    }

    /// Tells whether what is asked comes later, from a worker.
    pub const fn is_away(&self) -> bool {
        matches!(self.engine, Engine::Starting(_) | Engine::There(_))
    }

    /// Counts the pictures that have come, over and over.
    pub const fn pictures(&self) -> u32 {
        self.pictures
    }

    /// Counts the cases that cannot be drawn.
    pub const fn left_out(&self) -> u32 {
        self.left_out
    }

    /// Sends what the engine does not know yet, and asks what may be asked next.
    fn go_on(&mut self) -> Vec<Answer> {
        let mut answers = Vec::new();
        loop {
            let may_start = self.rest.is_none() && self.wishes.iter().any(Option::is_some);
            if may_start && matches!(self.engine, Engine::None) {
                self.start();
            }
            let Some(wish) = self.next() else { return answers };
            let asked = self.ask(wish);
            answers.extend(self.answers_of(asked));
        }
    }

    fn ask(&mut self, wish: Wish) -> Result<Option<Answer>, Unsent> {
        let told = self.tell(&wish);
        let job = self.count();
        let command = wish.ask.command(job);
        self.last = wish.ask.kind();
        // A later one does not set the watch of the first one back.
        let is_first = self.under_way.is_empty();
        self.under_way.ask(job, wish);
        if is_first {
            self.watch();
        }
        told?;
        self.send(command)
    }

    /// Gives what came of asking. A worker that there is no memory to tell something is as good as dead: what it was told before is
    /// not to be drawn for what it was not. The next begins a while later: memory that is short comes back, but not at once.
    fn answers_of(&mut self, asked: Result<Option<Answer>, Unsent>) -> Vec<Answer> {
        let Err(Unsent) = asked else { return asked.ok().flatten().into_iter().collect() };
        let on_heard = self.on_heard.clone();
        self.rest = on_heard.map(|on_heard| Timeout::new(PATIENCE_MS, move || on_heard(Heard::Died)));
        self.bury()
    }

    fn next(&mut self) -> Option<Wish> {
        if !matches!(self.engine, Engine::There(_) | Engine::Here(_)) {
            return None;
        }
        if self.under_way.is_empty() {
            return (1..=KINDS).find_map(|step| self.wishes.get_mut((self.last + step) % KINDS)?.take());
        }
        // Where another kind waits, its turn comes first: a year that is played would never let it in.
        let is_alone = self.wishes.iter().enumerate().all(|(kind, wish)| kind == PICTURE || wish.is_none());
        self.wishes.get_mut(PICTURE)?.take_if(|next| is_alone && self.under_way.lets_in(&next.ask))
    }

    fn tell(&mut self, Wish { points, ask }: &Wish) -> Result<(), Unsent> {
        if !self.told.cases.as_ref().is_some_and(|known| Arc::ptr_eq(known, &points.cases)) {
            let PointsAsSent { form, bytes } = &*points.cases;
            self.told.cases = Some(Arc::clone(&points.cases));
            self.told.live_count = 0;
            let turn = self.count();
            self.load(turn, *form, bytes)?;
        }
        let new = points.live.after(self.told.live_count);
        if !new.is_empty() {
            self.told.live_count = points.live.count();
            self.send(Command::Add(new))?;
        }
        if self.told.choice.as_ref() != Some(&points.choice) {
            self.told.choice = Some(points.choice.clone());
            self.send(Command::Choose(points.choice.clone()))?;
        }
        if let Ask::Picture { colours, .. } = ask
            && self.told.colours.as_ref() != Some(colours)
        {
            self.told.colours = Some(colours.clone());
            self.send(Command::Colour(colours.clone()))?;
        }
        Ok(())
    }

    /// Hands cases over: to a worker as one copy, which the browser then moves.
    fn load(&mut self, turn: u32, form: PointsForm, bytes: &Buffer) -> Result<(), Unsent> {
        self.load_bytes = bytes.len();
        let head = Command::Load { turn, form, bytes: Vec::new() };
        if let Engine::There(worker) = &self.engine {
            return sent(worker.hand_on(&head.into_packet().numbers, bytes));
        }
        self.send(Command::Load { turn, form, bytes: bytes.to_vec() }).map(drop)
    }

    fn send(&mut self, command: Command) -> Result<Option<Answer>, Unsent> {
        match &mut self.engine {
            Engine::There(worker) => {
                let Packet { numbers, bytes } = command.into_packet();
                sent(worker.send(&numbers, &bytes)).map(|()| None)
            }
            Engine::Here(service) => {
                let Some(reply) = service.obey(command) else { return Ok(None) };
                // A copy: the browser keeps what an image is made of, and this memory moves when it grows.
                let pixels = if matches!(reply, Reply::Pictured(_)) { service.pixels() } else { &[] };
                let image = image_data(&Uint8ClampedArray::from(pixels), &reply);
                Ok(self.take(reply, image))
            }
            Engine::None | Engine::Starting(_) | Engine::Lost(_) => Ok(None),
        }
    }

    fn read(&mut self, numbers: Vec<f64>, more: &JsValue) -> Option<Answer> {
        let bitmap = more.dyn_ref::<ImageBitmap>().cloned().map(Image::Bitmap);
        let buffer = more.dyn_ref::<ArrayBuffer>();
        // Pixels stay where they came; only words and rows are read here.
        let has_pixels = Reply::has_pixels(&numbers);
        let rows = buffer.filter(|_| !has_pixels);
        let bytes = rows.map(|rows| Uint8Array::new(rows).to_vec()).unwrap_or_default();
        let reply = Reply::of_packet(Packet { numbers, bytes })?;
        let image = bitmap.or_else(|| image_data(&Uint8ClampedArray::new(buffer.filter(|_| has_pixels)?), &reply));
        self.take(reply, image)
    }

    fn take(&mut self, reply: Reply, image: Option<Image>) -> Option<Answer> {
        match reply {
            Reply::Ready => {
                self.watch = None;
                self.engine.begin();
            }
            Reply::Loaded(Loaded { left_out, .. }) => self.loaded(left_out, false),
            Reply::Refused { .. } => self.loaded(0, true),
            Reply::Pictured(told) => {
                self.under_way.note_took(told.took_ms);
                let Ask::Picture { frame, .. } = self.answered(told.job)? else { return None };
                self.pictures = self.pictures.wrapping_add(1);
                return Some(Answer::Picture(HeatPicture { told, frame, image }));
            }
            Reply::Gathered { job, crowd } => {
                return matches!(self.answered(job)?, Ask::Crowd { .. }).then_some(Answer::Crowd(crowd));
            }
            Reply::Looked(Looked { job, per_km2, cases, causes }) => {
                let Ask::Look(at) = self.answered(job)? else { return None };
                return Some(Answer::Looked { at, here: per_km2.map(|per_km2| HeatHere { per_km2, cases, causes }) });
            }
        }
        None
    }

    /// Takes note that a question was answered; gives it, if it is still wished.
    fn answered(&mut self, job: u32) -> Option<Ask> {
        let (ask, is_wished) = self.under_way.answer(job)?;
        self.watch();
        self.restarting = false;
        self.good += 1;
        if self.good > GOOD {
            (self.deaths, self.unstarted) = (0, 0);
        }
        Some(ask).filter(|_| is_wished)
    }

    fn loaded(&mut self, left_out: u32, unreadable: bool) {
        (self.left_out, self.unreadable, self.load_bytes) = (left_out, unreadable, 0);
        self.watch();
    }

    fn start(&mut self) {
        let Some(on_heard) = self.on_heard.clone() else { return };
        let script = page::meta(SCRIPT).filter(|_| self.unstarted < TRIES);
        let worker = script.and_then(|script| Worker::start(&script, move |heard| on_heard(heard)));
        self.engine = worker.map_or_else(|| Engine::Here(Box::default()), Engine::Starting);
        self.told = Told::default();
        self.watch();
    }

    /// Lets go of a worker that is dead; what it was asked is to be asked again, but not for ever: what brings a worker down
    /// would bring down the page too. Gives the answers of those that are given up: nothing is shown rather than what was.
    fn bury(&mut self) -> Vec<Answer> {
        match std::mem::take(&mut self.engine) {
            Engine::Starting(_) => self.unstarted += 1,
            _ => self.deaths += 1,
        }
        (self.watch, self.good, self.load_bytes) = (None, 0, 0);
        // The newest of a kind first: what stands there already is newer.
        for wish in self.under_way.take_back() {
            if let Some(place) = self.wishes.get_mut(wish.ask.kind()) {
                place.get_or_insert(wish);
            }
        }
        self.restarting = self.wishes.iter().any(Option::is_some);
        if self.deaths < TRIES {
            return Vec::new();
        }
        let given_up: Vec<_> = self.wishes.iter_mut().filter_map(Option::take).collect();
        if let Some(wish) = given_up.first() {
            self.engine = Engine::Lost(Arc::clone(&wish.points.cases));
        }
        given_up.iter().map(|wish| wish.ask.unanswered()).collect()
    }

    /// Takes a worker that owes something and stays silent for dead.
    fn watch(&mut self) {
        let owes = matches!(self.engine, Engine::Starting(_)) || !self.under_way.is_empty();
        let on_heard = self.on_heard.clone().filter(|_| owes && self.is_away());
        let patience_ms = PATIENCE_MS.saturating_add((self.load_bytes / LOAD_BYTES_PER_MS) as u32);
        self.watch = on_heard.map(|on_heard| Timeout::new(patience_ms, move || on_heard(Heard::Died)));
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

fn sent(is_sent: bool) -> Result<(), Unsent> {
    is_sent.then_some(()).ok_or(Unsent)
}

/// Makes a picture of pixels; none where the reply says that there is none.
fn image_data(pixels: &Uint8ClampedArray, reply: &Reply) -> Option<Image> {
    let Reply::Pictured(Pictured { width, height, .. }) = *reply else { return None };
    let data = (width > 0).then(|| ImageData::new_with_js_u8_clamped_array_and_sh(pixels, width, height));
    data?.ok().map(Image::Data)
}

#[cfg(test)]
mod tests;
