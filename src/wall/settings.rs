//! What an installation sets for its wall, in `config.json` under `wall`; the address sets the seats, the look and the playlist of one screen.

use std::ops::RangeInclusive;

use super::fit::Seats;
use super::scenes::{Entry, Kind, Rules};
use crate::api::backends::Backends;
use crate::api::json::Json;
use crate::routes::decode;

/// When the wall is on paper and when in ink.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Look {
    /// Always ink.
    #[default]
    Night,
    /// Always paper.
    Day,
    /// Paper between these minutes of the day.
    Clock((u16, u16)),
}

/// The settings.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// How it hangs; absent: text has a comfortable size.
    pub seats: Option<Seats>,
    /// Paper or ink.
    pub look: Look,
    /// When it is on paper, where it goes by the clock.
    day: (u16, u16),
    /// What is shown in turn.
    pub playlist: Vec<Entry>,
    /// Others by name, of which the address of a screen chooses one.
    playlists: Vec<(String, Vec<Entry>)>,
    /// How long things last.
    pub rules: Rules,
    /// Whether a new red warning sounds.
    pub sound: bool,
    /// What of the above could not be read, of the address with its `?`; it is said, and what held before holds.
    pub refused: Vec<&'static str>,
}

/// Paper from 7:30 to 18:00, where it goes by the clock and nothing else is said.
const DAY: (u16, u16) = (450, 1_080);

impl Default for Settings {
    fn default() -> Self {
        let seconds = |kind| match kind {
            Kind::District => 60,
            Kind::Streets => 20,
            _ => 40,
        };
        let entry = |(kind, _)| Entry { kind, seconds: seconds(kind), weekdays: Vec::new(), hours: None };
        Self {
            seats: None,
            look: Look::default(),
            day: DAY,
            playlist: Kind::ALL.into_iter().map(entry).collect(),
            playlists: Vec::new(),
            rules: Rules::default(),
            sound: false,
            refused: Vec::new(),
        }
    }
}

impl Settings {
    /// Reads the installation's settings, and over them the address's.
    pub fn read(backends: &Backends, query: &str) -> Self {
        let mut settings = backends.section("wall", of_file).unwrap_or_default();
        settings.take_query(query);
        settings
    }

    fn take_query(&mut self, query: &str) {
        self.take_seats(query);
        if let Some(name) = asked(query, "?theme") {
            match look(&name, self.day) {
                Some(look) => self.look = look,
                None => self.refused.push("?theme"),
            }
        }
        if let Some(name) = asked(query, "?playlist") {
            match self.playlists.iter().find(|(known, _)| *known == name) {
                Some((_, entries)) => self.playlist.clone_from(entries),
                None => self.refused.push("?playlist"),
            }
        }
        match asked(query, "?sound").as_deref() {
            None => {}
            Some("on") => self.sound = true,
            Some("off") => self.sound = false,
            Some(_) => self.refused.push("?sound"),
        }
    }

    fn take_seats(&mut self, query: &str) {
        let old = self.seats;
        let mut size = |name: &'static str, sizes: RangeInclusive<f64>, old: Option<f64>| {
            let Some(text) = asked(query, name) else { return old };
            let size = text.parse::<f64>().ok().filter(|size| sizes.contains(size));
            if size.is_none() {
                self.refused.push(name);
            }
            size.or(old)
        };
        let height_mm = size("?height_mm", HEIGHT_MM, old.map(|seats| seats.height_mm));
        let farthest_m = size("?farthest_m", FARTHEST_M, old.map(|seats| seats.farthest_m));
        match (height_mm, farthest_m) {
            (None, None) => {}
            // One is of no use without the other.
            (Some(_), None) => self.refused.push("?height_mm"),
            (None, Some(_)) => self.refused.push("?farthest_m"),
            (Some(height_mm), Some(farthest_m)) => self.seats = Some(Seats { height_mm, farthest_m }),
        }
    }
}

/// Returns what the address says of a name, which has its `?` before it; what cannot be read is empty.
fn asked(query: &str, name: &str) -> Option<String> {
    let mut parts = query.split('&').map(|part| part.split_once('=').unwrap_or((part, "")));
    let (_, value) = parts.find(|(known, _)| name.strip_prefix('?') == Some(*known))?;
    Some(decode(value).unwrap_or_default())
}

fn of_file(file: &Json<'_>) -> Settings {
    let mut settings = Settings::default();
    let number = |name: &'static str| file.optional::<f64>(name).ok().flatten();
    let is_there = |name: &str| file.get(name).is_some();
    settings.seats = seats(number("height_mm"), number("farthest_m"));
    if settings.seats.is_none() && (is_there("height_mm") || is_there("farthest_m")) {
        settings.refused.push("height_mm, farthest_m");
    }
    let day = hours(file, "day");
    if day.is_none() && is_there("day") {
        settings.refused.push("day");
    }
    settings.day = day.unwrap_or(DAY);
    match file.optional::<String>("theme") {
        Ok(None) => {}
        Ok(Some(name)) if look(&name, settings.day).is_some() => {
            settings.look = look(&name, settings.day).unwrap_or_default();
        }
        _ => settings.refused.push("theme"),
    }
    match file.optional::<bool>("sound") {
        Ok(sound) => settings.sound = sound.unwrap_or_default(),
        Err(_) => settings.refused.push("sound"),
    }
    let rules = &mut settings.rules;
    let named = [
        ("resume_s", &mut rules.resume_s),
        ("hold_s", &mut rules.hold_s),
        ("red_s", &mut rules.red_s),
        ("red_gap_s", &mut rules.red_gap_s),
    ];
    for (name, rule) in named {
        match number(name).filter(|seconds| (1.0..=86_400.0).contains(seconds)) {
            Some(seconds) => *rule = seconds,
            None if is_there(name) => settings.refused.push(name),
            None => {}
        }
    }
    match file.get("playlist").map(playlist) {
        None => {}
        Some(Some(entries)) => settings.playlist = entries,
        Some(None) => settings.refused.push("playlist"),
    }
    if let Some(of) = file.get("playlists") {
        let named = if let Json::Object(named) = of { Some(named) } else { None };
        let can = named.into_iter().flatten().filter_map(|(name, lines)| Some((name.to_string(), playlist(lines)?)));
        settings.playlists = can.collect();
        // One that cannot be read takes no other with it.
        if named.is_none_or(|named| settings.playlists.len() < named.len()) {
            settings.refused.push("playlists");
        }
    }
    settings
}

fn playlist(of: &Json<'_>) -> Option<Vec<Entry>> {
    let Json::List(lines) = of else { return None };
    let entries: Option<Vec<Entry>> = lines.iter().map(entry).collect();
    entries.filter(|entries| !entries.is_empty())
}

fn look(name: &str, day: (u16, u16)) -> Option<Look> {
    match name {
        "night" => Some(Look::Night),
        "day" => Some(Look::Day),
        "clock" => Some(Look::Clock(day)),
        _ => None,
    }
}

/// Sizes that a wall and a room can have.
const HEIGHT_MM: RangeInclusive<f64> = 100.0..=50_000.0;
const FARTHEST_M: RangeInclusive<f64> = 0.3..=100.0;

fn seats(height_mm: Option<f64>, farthest_m: Option<f64>) -> Option<Seats> {
    let height_mm = height_mm.filter(|mm| HEIGHT_MM.contains(mm))?;
    let farthest_m = farthest_m.filter(|m| FARTHEST_M.contains(m))?;
    Some(Seats { height_mm, farthest_m })
}

fn entry(line: &Json<'_>) -> Option<Entry> {
    let kind = Kind::from_name(&line.member::<String>("scene").ok()?)?;
    let seconds = line.optional::<u32>("seconds").ok()?.unwrap_or(30);
    let weekdays = line.optional::<Vec<u8>>("weekdays").ok()?.unwrap_or_default();
    let hours = if line.get("hours").is_some() { Some(hours(line, "hours")?) } else { None };
    let is_sound = (5..=86_400).contains(&seconds) && weekdays.iter().all(|day| (1..=7).contains(day));
    is_sound.then_some(Entry { kind, seconds, weekdays, hours })
}

/// Reads two times of day, such as `["08:00", "18:30"]`, as minutes.
fn hours(of: &Json<'_>, name: &'static str) -> Option<(u16, u16)> {
    let times: Vec<String> = of.optional(name).ok()??;
    let minute = |time: &String| {
        let (hour, minute) = time.split_once(':')?;
        let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
        (hour <= 24 && minute < 60).then_some(hour * 60 + minute)
    };
    match times.as_slice() {
        [from, to] => Some((minute(from)?, minute(to)?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use serde_json::{Value, json};

    use super::*;

    fn of(wall: Value, query: &str) -> Settings {
        let default = json!({"dialect": "fengtu", "base": "/api/v1"});
        let file = json!({"backends": {"default": default}, "wall": wall});
        Settings::read(&Backends::read(file.to_string().as_bytes()).unwrap(), query)
    }

    #[test]
    fn without_a_word_the_wall_is_in_ink_and_shows_everything_in_turn() {
        let settings = of(json!(null), "");
        assert_eq!(settings, Settings::default());
        assert_eq!((settings.playlist.len(), settings.look), (7, Look::Night));
    }

    #[test]
    fn the_address_of_one_screen_stands_over_the_file() {
        let wall = json!({"height_mm": 1800, "farthest_m": 8, "theme": "clock", "day": ["08:00", "18:30"]});
        let settings = of(wall.clone(), "farthest_m=12&x=%");
        assert_eq!(settings.seats, Some(Seats { height_mm: 1_800.0, farthest_m: 12.0 }));
        assert_eq!(settings.look, Look::Clock((480, 1_110)));
        let odd = of(wall, "theme=day&height_mm=nothing");
        assert_eq!((odd.look, odd.refused), (Look::Day, vec!["?height_mm"]));
        assert_eq!(odd.seats, Some(Seats { height_mm: 1_800.0, farthest_m: 8.0 }), "what the file has holds");
    }

    #[test]
    fn by_the_clock_a_screen_has_the_hours_of_the_file() {
        assert_eq!(of(json!({"day": ["08:00", "20:00"]}), "theme=clock").look, Look::Clock((480, 1_200)));
        assert_eq!(of(json!({"theme": "day"}), "theme=clock").look, Look::Clock(DAY));
    }

    #[test]
    fn what_cannot_be_read_of_the_address_is_named_and_what_the_file_has_holds() {
        let wall = json!({"height_mm": 1800, "farthest_m": 8, "theme": "day", "sound": true});
        for (query, names) in [
            ("height_mm=-1&farthest_m=12", vec!["?height_mm"]),
            ("farthest_m=0&height_mm=%", vec!["?height_mm", "?farthest_m"]),
            ("height_mm=NaN", vec!["?height_mm"]),
            ("theme=pink&sound=loud", vec!["?theme", "?sound"]),
            ("theme&sound=", vec!["?theme", "?sound"]),
            ("lang=en&height_mm=2000&theme=night&sound=off", vec![]),
        ] {
            assert_eq!(of(wall.clone(), query).refused, names, "{query}");
        }
        let odd = of(wall, "farthest_m=near&theme=pink&sound=loud");
        assert_eq!((odd.seats.map(|seats| seats.farthest_m), odd.look, odd.sound), (Some(8.0), Look::Day, true));
    }

    #[test]
    fn one_size_without_the_other_is_named() {
        for (query, names) in [
            ("height_mm=1800", vec!["?height_mm"]),
            ("farthest_m=8", vec!["?farthest_m"]),
            ("height_mm=1800&farthest_m=x", vec!["?farthest_m", "?height_mm"]),
            ("height_mm=1800&farthest_m=8", vec![]),
        ] {
            let settings = of(json!({}), query);
            assert_eq!((settings.seats.is_none(), settings.refused), (!names.is_empty(), names), "{query}");
        }
    }

    #[test]
    fn nothing_sounds_unless_the_file_or_the_address_says_so() {
        assert!(!of(json!({}), "").sound && of(json!({"sound": true}), "").sound);
        assert!(of(json!({}), "sound=on").sound && !of(json!({"sound": true}), "sound=off").sound);
        assert_eq!(of(json!({"sound": "loud"}), "").refused, ["sound"]);
    }

    #[test]
    fn a_playlist_has_times_and_what_cannot_be_read_is_named() {
        let line = json!({"scene": "stations", "seconds": 25, "weekdays": [6, 7], "hours": ["22:00", "06:00"]});
        let settings = of(json!({"playlist": [line, {"scene": "streets"}], "red_s": 10}), "");
        let first = settings.playlist.first().unwrap();
        assert_eq!((first.kind, first.hours, &first.weekdays), (Kind::Stations, Some((1_320, 360)), &vec![6, 7]));
        assert_eq!((settings.playlist.len(), settings.rules.red_s as u32, settings.refused.len()), (2, 10, 0));
        let bad = of(json!({"playlist": [{"scene": "nothing"}], "theme": "pink", "height_mm": -1, "red_s": 0}), "");
        assert_eq!(bad.refused, ["height_mm, farthest_m", "theme", "red_s", "playlist"]);
        assert_eq!((bad.playlist.len(), bad.rules), (7, Rules::default()));
    }

    #[test]
    fn of_several_playlists_each_screen_has_the_one_that_its_address_names() {
        let wall = json!({"playlists": {"大厅": [{"scene": "heat"}], "court": [{"scene": "mediation"}, {"scene": "district"}]}});
        let of_hall = of(wall.clone(), "playlist=%E5%A4%A7%E5%8E%85");
        assert_eq!(of_hall.playlist.first().map(|entry| entry.kind), Some(Kind::Heat));
        assert_eq!(of(wall.clone(), "playlist=court").playlist.len(), 2);
        assert_eq!(of(wall.clone(), "").playlist, Settings::default().playlist);
        let one_bad = json!({"playlists": {"bad": [], "court": [{"scene": "mediation"}]}});
        let court = of(one_bad, "playlist=court");
        assert_eq!((court.playlist.len(), court.refused), (1, vec!["playlists"]));
        let unknown = of(wall, "playlist=foyer");
        assert_eq!(
            (unknown.playlist.len(), unknown.refused),
            (7, vec!["?playlist"]),
            "said, and what the file has holds"
        );
    }

    #[test]
    fn each_value_that_cannot_be_used_is_named() {
        for (wall, name) in [
            (json!({"day": "all"}), "day"),
            (json!({"day": ["08:00"]}), "day"),
            (json!({"day": ["8", "25:00"]}), "day"),
            (json!({"resume_s": "soon"}), "resume_s"),
            (json!({"hold_s": 100_000}), "hold_s"),
            (json!({"red_gap_s": -1}), "red_gap_s"),
            (json!({"playlists": ["heat"]}), "playlists"),
            (json!({"playlists": {"hall": []}}), "playlists"),
        ] {
            assert_eq!(of(wall.clone(), "").refused, [name], "{wall}");
        }
        let nothing = json!({"day": null, "resume_s": null, "height_mm": null, "playlist": null, "sound": null});
        assert_eq!(of(nothing, ""), Settings::default());
    }

    /// The file that is delivered says what is built in.
    #[test]
    fn the_delivered_file_can_be_used() {
        let delivered = Backends::read(include_bytes!("../../public/config.json")).unwrap();
        let settings = Settings::read(&delivered, "");
        assert_eq!(settings, Settings::default());
    }
}
