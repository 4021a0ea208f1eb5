//! What the wall speaks of, and for how long: a playlist by the time of day, which a red warning interrupts and a hand stops.

use fengtu_wire::ids::PlaceId;

use super::panel::Panel;

mod far;
mod kept;
mod red;

use red::Reds;
pub use red::gravest;

/// What the wall speaks of.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Scene {
    /// The whole district.
    District,
    /// One street.
    Street(PlaceId),
    /// Where cases are dense.
    Heat,
    /// Every warning.
    Warnings,
    /// Stations, their appeal circles, and what those leave out.
    Stations,
    /// Disputes that are mediated.
    Mediation,
    /// Psychological services: where there are some, and no word of who goes there.
    Psychological,
    /// A place that has just turned red.
    Red(PlaceId),
}

/// What a line of the playlist names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The whole district.
    District,
    /// Each street in turn.
    Streets,
    /// Where cases are dense.
    Heat,
    /// Every warning.
    Warnings,
    /// Stations and coverage.
    Stations,
    /// Mediation.
    Mediation,
    /// Psychological services.
    Psychological,
}

impl Kind {
    /// Every kind, in the order of the built-in playlist.
    pub const ALL: [(Self, &'static str); 7] = [
        (Self::District, "district"),
        (Self::Streets, "streets"),
        (Self::Heat, "heat"),
        (Self::Warnings, "warnings"),
        (Self::Stations, "stations"),
        (Self::Mediation, "mediation"),
        (Self::Psychological, "psychological"),
    ];

    /// Reads a name of the configuration.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|(_, known)| *known == name).map(|(kind, _)| kind)
    }
}

/// A line of the playlist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it shows.
    pub kind: Kind,
    /// For how long, each, seconds.
    pub seconds: u32,
    /// On these days of the week, 1 = Monday; empty: on all. A span past midnight is of the day on which it begins.
    pub weekdays: Vec<u8>,
    /// Between these minutes of the day; past midnight where the first is the later one. Absent: all day.
    pub hours: Option<(u16, u16)>,
}

/// The district's own time, as far as a timetable reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalTime {
    /// 1 = Monday.
    pub weekday: u8,
    /// Minute of the day.
    pub minute: u16,
}

impl Entry {
    /// Whether it is on at a time.
    pub fn is_on(&self, at: LocalTime) -> bool {
        // After midnight a span is still of the day on which it began.
        let is_after = self.hours.is_some_and(|(from, to)| to < from && at.minute < to);
        let weekday = if is_after { (at.weekday + 5) % 7 + 1 } else { at.weekday };
        let day = self.weekdays.is_empty() || self.weekdays.contains(&weekday);
        day && self.hours.is_none_or(|hours| is_between(hours, at.minute))
    }
}

/// Whether a minute lies in a span of the day, which may go past midnight.
pub const fn is_between((from, to): (u16, u16), minute: u16) -> bool {
    if from <= to { from <= minute && minute < to } else { from <= minute || minute < to }
}

/// What is shown in turn.
pub type Programme = Vec<(Scene, u32)>;

/// Returns the scenes of a playlist at a time; the whole district where nothing is on.
pub fn programme(playlist: &[Entry], streets: &[PlaceId], at: LocalTime) -> Programme {
    let mut scenes: Programme =
        playlist.iter().filter(|entry| entry.is_on(at)).flat_map(|e| expand(e, streets)).collect();
    if scenes.is_empty() {
        scenes.push((Scene::District, 60));
    }
    scenes
}

fn expand(entry: &Entry, streets: &[PlaceId]) -> Programme {
    let one = |scene| vec![(scene, entry.seconds.max(LEAST_S))];
    match entry.kind {
        Kind::District => one(Scene::District),
        Kind::Streets => streets.iter().map(|id| (Scene::Street(id.clone()), entry.seconds.max(LEAST_S))).collect(),
        Kind::Heat => one(Scene::Heat),
        Kind::Warnings => one(Scene::Warnings),
        Kind::Stations => one(Scene::Stations),
        Kind::Mediation => one(Scene::Mediation),
        Kind::Psychological => one(Scene::Psychological),
    }
}

/// A scene that is gone before it was read is none.
const LEAST_S: u32 = 5;

impl Scene {
    /// Returns the place that it is about; absent: the whole district.
    pub const fn place(&self) -> Option<&PlaceId> {
        match self {
            Self::Street(place) | Self::Red(place) => Some(place),
            _ => None,
        }
    }

    /// Returns the place that has just turned red, where it is about one.
    pub const fn red(&self) -> Option<&PlaceId> {
        if let Self::Red(place) = self { Some(place) } else { None }
    }

    /// Returns the panels that it speaks of, which are dropped last.
    pub const fn panels(&self) -> &'static [Panel] {
        match self {
            Self::District => &[],
            Self::Street(_) => &[Panel::Communities, Panel::Streets, Panel::Categories],
            Self::Heat => &[Panel::Categories, Panel::Hours, Panel::Days],
            Self::Warnings | Self::Red(_) => &[Panel::Warnings, Panel::Clocks],
            Self::Stations | Self::Psychological => &[Panel::Stations],
            Self::Mediation => &[Panel::Categories, Panel::Clocks],
        }
    }
}

/// What is on, and until when. Times are seconds on any clock that never runs backwards.
#[derive(Debug, Clone, PartialEq)]
pub struct Show {
    now: Scene,
    until_s: f64,
    /// It is the first one: where the streets were not known yet, it may stand for what the playlist begins with.
    is_first: bool,
    /// The scene that a red warning has interrupted.
    interrupted: Option<Scene>,
    reds: Reds,
    /// A hand is at the wall until then.
    paused_until_s: Option<f64>,
    /// Whether it is a remote that has stopped it, and nobody stands before it.
    far: bool,
    /// While a hand is at it: until when a remote has stopped it.
    held_until_s: Option<f64>,
    /// Days of the figures.
    days: u16,
    /// It shows nothing until then.
    dark_until_s: Option<f64>,
    /// A red warning has lit it, for as long as that is shown.
    lit: bool,
    rules: Rules,
}

/// Days of the figures where nobody has chosen any.
pub const DAYS: u16 = 30;

/// How long things last, seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rules {
    /// After the last touch the wall goes on by itself.
    pub resume_s: f64,
    /// The same after a remote has stopped it.
    pub hold_s: f64,
    /// A red warning is shown.
    pub red_s: f64,
    /// Least time between two of them, where no more wait: the rest of the wall is to be seen too.
    pub red_gap_s: f64,
}

impl Default for Rules {
    fn default() -> Self {
        Self { resume_s: 120.0, hold_s: 1_800.0, red_s: 30.0, red_gap_s: 120.0 }
    }
}

impl Show {
    /// Begins with the first scene of a programme.
    pub fn new(rules: Rules, programme: &Programme, now_s: f64) -> Self {
        let (now, seconds) = programme.first().cloned().unwrap_or((Scene::District, 60));
        Self {
            now,
            until_s: now_s + f64::from(seconds),
            is_first: true,
            interrupted: None,
            reds: Reds::new(now_s),
            paused_until_s: None,
            far: false,
            held_until_s: None,
            days: DAYS,
            dark_until_s: None,
            lit: false,
            rules,
        }
    }

    /// Returns what is on.
    pub const fn now(&self) -> &Scene {
        &self.now
    }

    /// Whether a hand is at it.
    pub const fn is_paused(&self) -> bool {
        self.paused_until_s.is_some()
    }

    /// Whether somebody stands before it.
    pub const fn is_at_hand(&self) -> bool {
        self.is_paused() && !self.far
    }

    /// Whether it shows nothing.
    pub const fn is_dark(&self) -> bool {
        self.dark_until_s.is_some() && !self.lit
    }

    /// Returns of how many days the figures are.
    pub const fn days(&self) -> u16 {
        self.days
    }

    /// Returns after how many seconds the wall goes on by itself, while a hand is at it.
    pub fn paused_s(&self, now_s: f64) -> Option<f64> {
        self.paused_until_s.map(|until| (until - now_s).max(0.0))
    }

    /// Lets time pass: goes on where a scene is over, and to a red warning that waits.
    pub fn tick(&mut self, programme: &Programme, now_s: f64) {
        self.dark_until_s = self.dark_until_s.filter(|until| now_s < *until);
        let is_held = self.is_held(programme, now_s);
        // What is held in the dark nobody sees: a red warning goes before it.
        if is_held && self.dark_until_s.is_none() {
            return;
        }
        let stands_in = self.is_first && !programme.iter().any(|(scene, _)| *scene == self.now);
        let is_over = now_s >= self.until_s || stands_in;
        if (self.now.red().is_none() || is_over)
            && let Some(place) = self.reds.next(now_s, self.rules.red_gap_s)
        {
            return self.interrupt(place, now_s);
        }
        if is_over && (!is_held || self.lit) {
            let next = self.interrupted.take().unwrap_or_else(|| step(programme, &self.now, true));
            self.show(next, programme, now_s);
        }
    }

    /// Whether a hand or a remote stops it; where neither does any longer, it goes on.
    fn is_held(&mut self, programme: &Programme, now_s: f64) -> bool {
        match self.paused_until_s {
            None => false,
            Some(until) if now_s < until => true,
            // The hand has gone: what a remote holds is held on.
            Some(_) if self.held_until_s.is_some_and(|until| now_s < until) => {
                (self.far, self.paused_until_s) = (true, self.held_until_s.take());
                true
            }
            Some(_) => {
                self.resume(programme, now_s);
                false
            }
        }
    }

    /// A hand has touched the wall or a key was pressed: it waits.
    pub fn touch(&mut self, now_s: f64) {
        self.held_until_s = self.held();
        (self.far, self.dark_until_s) = (false, None);
        self.paused_until_s = Some(now_s + self.rules.resume_s);
    }

    /// Until when a remote has stopped it.
    fn held(&self) -> Option<f64> {
        if self.far { self.paused_until_s } else { self.held_until_s }
    }

    /// A hand has chosen a scene.
    pub fn choose(&mut self, scene: Scene, now_s: f64) {
        self.interrupted = None;
        (self.now, self.is_first) = (scene, false);
        self.touch(now_s);
    }

    /// A hand goes on, or back.
    pub fn turn(&mut self, programme: &Programme, forward: bool, now_s: f64) {
        let from = self.interrupted.take().unwrap_or_else(|| self.now.clone());
        self.choose(step(programme, &from, forward), now_s);
    }

    /// The wall goes on by itself; what is on has its whole time.
    pub fn resume(&mut self, programme: &Programme, now_s: f64) {
        (self.paused_until_s, self.held_until_s, self.far, self.days) = (None, None, false, DAYS);
        self.show(self.now.clone(), programme, now_s);
    }

    fn interrupt(&mut self, place: PlaceId, now_s: f64) {
        (self.is_first, self.lit) = (false, self.dark_until_s.is_some());
        if self.now.red().is_none() {
            self.interrupted = Some(self.now.clone());
        }
        self.now = Scene::Red(place);
        self.until_s = now_s + self.rules.red_s;
        self.reds.shown_until(self.until_s);
    }

    fn show(&mut self, scene: Scene, programme: &Programme, now_s: f64) {
        let seconds = programme.iter().find(|(known, _)| *known == scene).map_or(60, |(_, seconds)| *seconds);
        if self.now.red().is_some() && scene.red().is_none() {
            self.reds.told();
        }
        (self.now, self.is_first, self.lit) = (scene, false, false);
        self.until_s = now_s + f64::from(seconds);
    }
}

/// Returns the scene after or before one; the first where the programme no longer has it.
fn step(programme: &Programme, from: &Scene, forward: bool) -> Scene {
    let n = programme.len().max(1);
    let here = programme.iter().position(|(scene, _)| scene == from);
    let next = here.map_or(0, |at| if forward { (at + 1) % n } else { (at + n - 1) % n });
    programme.get(next).map_or(Scene::District, |(scene, _)| scene.clone())
}

#[cfg(test)]
mod tests;
