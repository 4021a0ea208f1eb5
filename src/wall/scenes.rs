//! What the wall speaks of, and for how long: a playlist by the time of day, which a red warning interrupts and a hand stops.

use std::collections::VecDeque;

use fengtu_wire::ids::PlaceId;

use super::panel::Panel;

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
    /// On these days of the week, 1 = Monday; empty: on all.
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
        let day = self.weekdays.is_empty() || self.weekdays.contains(&at.weekday);
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
/// Red warnings that wait: more would be yesterday's by the time they are shown.
const MOST_WAITING: usize = 3;

impl Scene {
    /// Returns the place that it is about; absent: the whole district.
    pub const fn place(&self) -> Option<&PlaceId> {
        match self {
            Self::Street(place) | Self::Red(place) => Some(place),
            _ => None,
        }
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
    /// The scene that a red warning has interrupted.
    interrupted: Option<Scene>,
    waiting: VecDeque<PlaceId>,
    /// No red warning interrupts before this.
    quiet_until_s: f64,
    /// A hand is at the wall until then.
    paused_until_s: Option<f64>,
    rules: Rules,
}

/// How long things last, seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rules {
    /// After the last touch the wall goes on by itself.
    pub resume_s: f64,
    /// A red warning is shown.
    pub red_s: f64,
    /// Least time between two of them: the rest of the wall is to be seen too.
    pub red_gap_s: f64,
}

impl Default for Rules {
    fn default() -> Self {
        Self { resume_s: 120.0, red_s: 30.0, red_gap_s: 120.0 }
    }
}

impl Show {
    /// Begins with the first scene of a programme.
    pub fn new(rules: Rules, programme: &Programme, now_s: f64) -> Self {
        let (now, seconds) = programme.first().cloned().unwrap_or((Scene::District, 60));
        Self {
            now,
            until_s: now_s + f64::from(seconds),
            interrupted: None,
            waiting: VecDeque::new(),
            quiet_until_s: now_s,
            paused_until_s: None,
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

    /// Returns after how many seconds the wall goes on by itself, while a hand is at it.
    pub fn paused_s(&self, now_s: f64) -> Option<f64> {
        self.paused_until_s.map(|until| (until - now_s).max(0.0))
    }

    /// Lets time pass: goes on where a scene is over, and to a red warning that waits.
    pub fn tick(&mut self, programme: &Programme, now_s: f64) {
        match self.paused_until_s {
            Some(until) if now_s < until => return,
            Some(_) => self.resume(programme, now_s),
            None => {}
        }
        let is_red = matches!(self.now, Scene::Red(_));
        let is_over = now_s >= self.until_s;
        if (!is_red || is_over)
            && now_s >= self.quiet_until_s
            && let Some(place) = self.waiting.pop_front()
        {
            return self.interrupt(place, now_s);
        }
        if is_over {
            let next = self.interrupted.take().unwrap_or_else(|| step(programme, &self.now, true));
            self.show(next, programme, now_s);
        }
    }

    /// Places have turned red: each is shown as soon as nothing stands against it. What has waited longest gives way.
    pub fn warn(&mut self, places: impl IntoIterator<Item = PlaceId>) {
        for place in places.into_iter().take(MOST_WAITING) {
            if !self.waiting.contains(&place) && self.now != Scene::Red(place.clone()) {
                self.waiting.push_back(place);
            }
        }
        self.waiting.drain(..self.waiting.len().saturating_sub(MOST_WAITING));
    }

    /// Forgets what waits and is no longer red.
    pub fn keep_red(&mut self, red: &[PlaceId]) {
        self.waiting.retain(|place| red.contains(place));
    }

    /// A hand has touched the wall or a key was pressed: it waits.
    pub fn touch(&mut self, now_s: f64) {
        self.paused_until_s = Some(now_s + self.rules.resume_s);
    }

    /// A hand has chosen a scene.
    pub fn choose(&mut self, scene: Scene, now_s: f64) {
        self.interrupted = None;
        self.now = scene;
        self.touch(now_s);
    }

    /// A hand goes on, or back.
    pub fn turn(&mut self, programme: &Programme, forward: bool, now_s: f64) {
        let from = self.interrupted.take().unwrap_or_else(|| self.now.clone());
        self.choose(step(programme, &from, forward), now_s);
    }

    /// The wall goes on by itself; what is on has its whole time.
    pub fn resume(&mut self, programme: &Programme, now_s: f64) {
        self.paused_until_s = None;
        self.show(self.now.clone(), programme, now_s);
    }

    fn interrupt(&mut self, place: PlaceId, now_s: f64) {
        if !matches!(self.now, Scene::Red(_)) {
            self.interrupted = Some(self.now.clone());
        }
        self.now = Scene::Red(place);
        self.until_s = now_s + self.rules.red_s;
        self.quiet_until_s = self.until_s + self.rules.red_gap_s;
    }

    fn show(&mut self, scene: Scene, programme: &Programme, now_s: f64) {
        let seconds = programme.iter().find(|(known, _)| *known == scene).map_or(60, |(_, seconds)| *seconds);
        self.now = scene;
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
mod tests {
    use super::*;

    const MONDAY_NOON: LocalTime = LocalTime { weekday: 1, minute: 720 };

    fn entry(kind: Kind, seconds: u32) -> Entry {
        Entry { kind, seconds, weekdays: Vec::new(), hours: None }
    }

    fn streets() -> Vec<PlaceId> {
        vec!["s1".into(), "s2".into()]
    }

    fn three() -> Programme {
        programme(&[entry(Kind::District, 60), entry(Kind::Streets, 20)], &streets(), MONDAY_NOON)
    }

    fn rules() -> Rules {
        Rules { resume_s: 100.0, red_s: 30.0, red_gap_s: 50.0 }
    }

    fn street(id: &str) -> Scene {
        Scene::Street(id.into())
    }

    #[test]
    fn scenes_follow_one_another_and_begin_again() {
        let (programme, mut seen) = (three(), Vec::new());
        let mut show = Show::new(rules(), &programme, 0.0);
        for second in 0..=100 {
            show.tick(&programme, f64::from(second));
            if seen.last().is_none_or(|(_, scene)| scene != show.now()) {
                seen.push((second, show.now().clone()));
            }
        }
        let whole = [(0, Scene::District), (60, street("s1")), (80, street("s2")), (100, Scene::District)];
        assert_eq!(seen, whole);
    }

    #[test]
    fn the_timetable_decides_and_an_empty_one_shows_the_district() {
        let evening = Entry { hours: Some((22 * 60, 6 * 60)), ..entry(Kind::Heat, 10) };
        let weekend = Entry { weekdays: vec![6, 7], ..entry(Kind::Stations, 10) };
        let list = [evening, weekend];
        let at = |weekday, minute| {
            let scenes = programme(&list, &streets(), LocalTime { weekday, minute });
            scenes.into_iter().map(|(scene, _)| scene).collect::<Vec<_>>()
        };
        assert_eq!(at(1, 720), [Scene::District]);
        assert_eq!((at(1, 1_380), at(2, 300)), (vec![Scene::Heat], vec![Scene::Heat]));
        assert_eq!((at(2, 360), at(6, 1_380)), (vec![Scene::District], vec![Scene::Heat, Scene::Stations]));
    }

    #[test]
    fn a_red_warning_jumps_the_queue_once_and_what_it_interrupted_comes_back() {
        let programme = three();
        let mut show = Show::new(rules(), &programme, 0.0);
        show.warn(["g1".into()]);
        show.warn(["g1".into(), "g2".into()]);
        show.tick(&programme, 10.0);
        assert_eq!(show.now(), &Scene::Red("g1".into()));
        show.tick(&programme, 39.0);
        assert_eq!(show.now(), &Scene::Red("g1".into()));
        show.tick(&programme, 40.0);
        assert_eq!(show.now(), &Scene::District, "the second one waits, or the wall would speak of nothing else");
        show.tick(&programme, 89.0);
        assert_eq!(show.now(), &Scene::District);
        show.tick(&programme, 90.0);
        assert_eq!(show.now(), &Scene::Red("g2".into()));
        show.warn(["a", "b", "c", "d"].map(Into::into));
        assert_eq!(show.waiting, ["a", "b", "c"].map(PlaceId::from), "of many at once the first");
        show.warn(["e".into()]);
        assert_eq!(show.waiting, ["b", "c", "e"].map(PlaceId::from), "the oldest gives way");
        show.keep_red(&["e".into(), "b".into()]);
        assert_eq!(show.waiting, ["b", "e"].map(PlaceId::from));
    }

    #[test]
    fn a_hand_stops_it_and_it_goes_on_after_a_while() {
        let programme = three();
        let mut show = Show::new(rules(), &programme, 0.0);
        show.turn(&programme, false, 5.0);
        assert_eq!((show.now(), show.paused_s(35.0)), (&street("s2"), Some(70.0)));
        show.warn(["g".into()]);
        show.tick(&programme, 104.0);
        assert_eq!(show.now(), &street("s2"), "nobody's map is taken from under the hand");
        show.tick(&programme, 105.0);
        assert_eq!((show.now(), show.paused_s(105.0)), (&Scene::Red("g".into()), None));
        show.tick(&programme, 135.0);
        assert_eq!(show.now(), &street("s2"));
        show.choose(Scene::Heat, 140.0);
        show.resume(&programme, 141.0);
        show.tick(&programme, 201.0);
        assert_eq!(show.now(), &Scene::District, "what no programme has is followed by its first");
    }
}
