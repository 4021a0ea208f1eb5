//! Connects the live client to the browser and to the stores.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use chrono::{DateTime, Utc};
use fengtu_wire::events::{CaseDot, Event};
use fengtu_wire::snapshot::Snapshot;
use fengtu_wire::walls::WallCommand;
use leptos::prelude::*;

use super::batch::Batch;
use super::freshness::Freshness;
use super::machine::{Input, Live, Now, Output};
use super::message::Message;
use super::poll;
use crate::api::StaffApi;
use crate::api::dialect::Resource;
use crate::api::events::MEDIA_TYPE;
use crate::api::lenient::Silent;
use crate::api::snapshot::SnapshotQuery;
use crate::api::sse::SseReader;
use crate::browser::channel::{Channel, Lock};
use crate::browser::clock::{self, Ticker};
use crate::browser::stream::{Stream, StreamEvent};
use crate::browser::{Listener, online, visibility};
use crate::state::cases::Taken;
use crate::state::{CasesStore, FiguresStore, WarningsStore, use_store};

/// How the live data stands; moves once a second.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LiveStore {
    /// Live, delayed, stopped.
    pub freshness: Freshness,
    /// Seconds since the last sign of life.
    pub age_s: u32,
    /// The server's clock; the machine's own until the server's is known.
    pub now: DateTime<Utc>,
    /// Counts up with every picture in which something changed.
    pub changes: u64,
    /// The cases that came new with the last change, the oldest first; the map lets them pulse.
    pub came: Vec<CaseDot>,
    /// The cases just reported that came with it from before the newest: heat takes those that it has not.
    pub late: Vec<CaseDot>,
    /// Seconds between two questions, where nothing arrives by itself and the state is asked for again and again.
    pub polled_s: Option<u32>,
    /// The backends that did not answer when the state was asked for last.
    pub silent: Vec<Silent>,
    /// Something was changed from here: where the state is asked for again and again, that is done at once.
    pub is_hurried: bool,
    /// Snapshots so far: what is counted on from events alone is asked for anew with each.
    pub snapshots: u32,
    /// What this wall was told and has not done yet.
    pub told: Vec<WallCommand>,
}

/// More changed things than this at once are a flood.
const FLOOD: usize = 30;
/// In a flood the picture changes so often, milliseconds: more often nobody can follow, and lists, figures and map would be
/// made anew with every frame.
const FLOOD_PACE_MS: f64 = 100.0;

/// The stores that live data moves.
#[derive(Clone, Copy)]
pub(super) struct Stores {
    pub live: RwSignal<LiveStore>,
    pub cases: RwSignal<CasesStore>,
    pub warnings: RwSignal<WarningsStore>,
    pub figures: RwSignal<FiguresStore>,
}

struct Driver {
    me: Weak<RefCell<Self>>,
    machine: Live,
    api: StaffApi,
    stores: Stores,
    on_signed_out: Callback<()>,
    batch: Batch,
    /// When the last batch was shown, on the browser's clock, milliseconds.
    shown_ms: f64,
    /// Whether that was a flood.
    is_flood: bool,
    stream: Option<Stream>,
    channel: Option<Channel>,
    lock: Option<Lock>,
    wait: Option<gloo_timers::callback::Timeout>,
    _ticker: Ticker,
    _listeners: Vec<Listener>,
}

/// Keeps the stores live for as long as the part of the page that calls this is shown.
pub fn start(api: StaffApi, on_signed_out: Callback<()>) {
    let stores = Stores { live: use_store(), cases: use_store(), warnings: use_store(), figures: use_store() };
    if !api.public().capabilities(Resource::Live).pushed {
        return poll::start(api, stores, on_signed_out);
    }
    let driver = Rc::new_cyclic(|me| RefCell::new(Driver::new(me.clone(), api, stores, on_signed_out)));
    let (channel, lock) = share(&driver.borrow());
    let shared = channel.is_some() && lock.is_some();
    {
        let mut driver = driver.borrow_mut();
        (driver.channel, driver.lock) = if shared { (channel, lock) } else { (None, None) };
    }
    feed(&Rc::downgrade(&driver), Input::Started { shared });
    let kept = StoredValue::new_local(Some(driver));
    on_cleanup(move || drop(kept.try_update_value(Option::take)));
}

/// Another person's tabs must not hear this person's events, so the names carry the account.
fn share(driver: &Driver) -> (Option<Channel>, Option<Lock>) {
    let account = driver.api.session().account.as_ref().map_or("", |a| a.id.as_str());
    let name = format!("fengtu.live.{account}");
    let me = driver.me.clone();
    let channel = Channel::open(&name, move |text| {
        if let Some(message) = Message::from_text(&text) {
            feed(&me, Input::Message(message));
        }
    });
    (channel, driver.lock(&name, false))
}

/// Hands an input to the machine and does what it says.
fn feed(driver: &Weak<RefCell<Driver>>, input: Input) {
    let Some(driver) = driver.upgrade() else { return };
    let outputs = driver.borrow_mut().step(input);
    for output in outputs {
        driver.borrow_mut().perform(output);
    }
}

/// Hands what has gathered to the stores.
fn flush(driver: &Weak<RefCell<Driver>>) {
    if let Some(driver) = driver.upgrade() {
        driver.borrow_mut().flush();
    }
}

impl Driver {
    fn new(me: Weak<RefCell<Self>>, api: StaffApi, stores: Stores, on_signed_out: Callback<()>) -> Self {
        let (ticking, seen, net, hidden) = (me.clone(), me.clone(), me.clone(), me.clone());
        let mut listeners = online::watch(move |on| {
            if on {
                feed(&net, Input::Online);
            }
        });
        listeners.extend(visibility::watch(move |visible| {
            feed(&seen, Input::Visible(visible));
            if !visible {
                // The frame that it may wait for does not come while nobody looks.
                flush(&hidden);
            }
        }));
        Self {
            me,
            machine: Live::default(),
            api,
            stores,
            on_signed_out,
            batch: Batch::default(),
            shown_ms: 0.0,
            is_flood: false,
            stream: None,
            channel: None,
            lock: None,
            wait: None,
            _ticker: Ticker::new(1_000, move || feed(&ticking, Input::Tick)),
            _listeners: listeners,
        }
    }

    fn step(&mut self, input: Input) -> Vec<Output> {
        let now = Now { mono_ms: clock::monotonic_ms(), wall_ms: clock::wall_ms(), random: clock::random() };
        let outputs = self.machine.step(now, input);
        self.tell_age(now.mono_ms);
        outputs
    }

    fn tell_age(&self, mono_ms: f64) {
        let server = self.machine.clock();
        let told = (
            server.freshness(mono_ms),
            (server.age_ms(mono_ms).unwrap_or_default() / 1000.0) as u32,
            server.now(mono_ms).unwrap_or_else(clock::wall),
        );
        let (freshness, then) = self.stores.live.with_untracked(|live| (live.freshness, live.now));
        // Once a second is enough for anything that people read.
        if freshness != told.0 || (told.2 - then).num_milliseconds().abs() >= 1_000 {
            self.stores.live.update(|live| (live.freshness, live.age_s, live.now) = told);
        }
    }

    fn perform(&mut self, output: Output) {
        match output {
            Output::Connect { after } => self.connect(&after),
            Output::Disconnect => self.stream = None,
            Output::FetchSnapshot => self.fetch_snapshot(),
            Output::Replace(snapshot) => self.replace(*snapshot),
            Output::Apply(event) => self.apply(event),
            Output::Broadcast(message) => {
                if let Some(channel) = &self.channel {
                    channel.send(&message.to_text());
                }
            }
            Output::Wait { ms } => {
                let me = self.me.clone();
                self.wait = Some(gloo_timers::callback::Timeout::new(ms, move || feed(&me, Input::Waited)));
            }
            Output::Steal => self.steal(),
            Output::SignedOut => self.on_signed_out.run(()),
        }
    }

    fn connect(&mut self, after: &fengtu_wire::events::StreamPosition) {
        let me = self.me.clone();
        // The old one is closed first: two streams of one browser would count twice against its six connections.
        self.stream = None;
        let mut reader = SseReader::default();
        let hear = move |heard| match heard {
            StreamEvent::Opened => feed(&me, Input::Opened),
            StreamEvent::Bytes(bytes) => match reader.push(&bytes) {
                Ok(events) if events.is_empty() => {}
                Ok(events) => feed(&me, Input::Events(events)),
                Err(_) => feed(&me, Input::Failed),
            },
            StreamEvent::Failed => feed(&me, Input::Failed),
        };
        let url = self.api.public().stream_url(Some(after)).ok();
        self.stream = url.and_then(|url| Stream::open(&url, MEDIA_TYPE, hear));
        if self.stream.is_none() {
            let me = self.me.clone();
            // When this step is done.
            leptos::task::spawn_local(async move { feed(&me, Input::Failed) });
        }
    }

    fn fetch_snapshot(&self) {
        let (me, api) = (self.me.clone(), self.api.clone());
        leptos::task::spawn_local(async move {
            let input = match api.ask(&SnapshotQuery).await {
                Ok(told) => Input::Snapshot(Box::new(told.snapshot)),
                Err(error) => Input::NoSnapshot { signed_out: error.is_signed_out() },
            };
            feed(&me, input);
        });
    }

    fn lock(&self, name: &str, steal: bool) -> Option<Lock> {
        let me = self.me.clone();
        Lock::request(name, steal, move |held| feed(&me, Input::Leading(held)))
    }

    fn steal(&mut self) {
        let account = self.api.session().account.as_ref().map_or("", |a| a.id.as_str());
        self.lock = self.lock(&format!("fengtu.live.{account}"), true);
    }

    fn replace(&mut self, snapshot: Snapshot) {
        // What waits for a picture is older than the snapshot.
        self.batch = Batch::default();
        self.stores.cases.update(|cases| cases.replace_recent(snapshot.recent));
        self.stores.warnings.update(|warnings| {
            warnings.replace(snapshot.warnings);
        });
        self.stores.figures.update(|figures| figures.today.settle(Ok(snapshot.today), snapshot.server_time.to_utc()));
        self.stores.live.update(|live| {
            live.changes += 1;
            live.snapshots += 1;
            live.came.clear();
            live.late.clear();
        });
    }

    fn apply(&mut self, event: Event) {
        if let Event::Wall(command) = event {
            // Each counts, and at once: two steps on are not one.
            return self.stores.live.update(|live| live.told.push(command));
        }
        if !self.batch.push(event) {
            return;
        }
        if self.is_flood {
            return self.flush_in_task();
        }
        let me = self.me.clone();
        clock::next_frame(move || flush(&me));
    }

    /// Not in a frame: what is made anew of a flood, and what the browser then does of it, are too much for one task.
    fn flush_in_task(&self) {
        let me = self.me.clone();
        let rest_ms = (FLOOD_PACE_MS + self.shown_ms - clock::monotonic_ms()).max(0.0);
        clock::later(rest_ms.ceil() as u32, move || flush(&me));
    }

    fn flush(&mut self) {
        if self.batch.len() > FLOOD && !self.is_flood {
            self.is_flood = true;
            return self.flush_in_task();
        }
        let mut batch = std::mem::take(&mut self.batch);
        if batch.is_empty() {
            return;
        }
        (self.is_flood, self.shown_ms) = (batch.len() > FLOOD, clock::monotonic_ms());
        let at = self.stores.live.with_untracked(|live| live.now);
        let (cases, warnings) = (batch.take_cases(), batch.take_warnings());
        let mut taken = Taken::default();
        if !cases.is_empty() {
            self.stores.cases.update(|store| taken = store.take(cases));
        }
        if !warnings.is_empty() {
            self.stores.warnings.update(|store| warnings.into_iter().for_each(|level| store.take(level)));
        }
        if let Some(figures) = batch.figures {
            self.stores.figures.update(|store| store.today.settle(Ok(figures), at));
        }
        self.stores.live.update(|live| {
            live.changes += 1;
            (live.came, live.late) = (taken.new, taken.late);
        });
    }
}
