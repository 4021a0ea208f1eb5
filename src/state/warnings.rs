//! Warning levels: now, moved by the stream, and at any frame of the past.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use fengtu_wire::events::WarningLevel;
use fengtu_wire::ids::PlaceId;
use fengtu_wire::warnings::{Level, Warning, WarningHistory};

use super::Loadable;

/// The levels as far as they are known.
#[derive(Debug, Clone, Default)]
pub struct WarningsStore {
    now: HashMap<PlaceId, (Level, f64)>,
    /// The warnings of the node in view with their reasons.
    pub list: Loadable<Vec<Warning>>,
    /// The past, for playback.
    pub history: Loadable<History>,
    /// Counts up whenever levels were told, by the stream or by asking: what is read of warnings beside their levels is then
    /// to be read anew.
    pub told: u64,
    /// No backend gives warnings: "none" must not be said where nobody knows.
    pub are_absent: bool,
}

impl WarningsStore {
    /// Replaces the levels by those of a snapshot; a place that it does not name has none. Tells whether any place has another
    /// level than before: scores move by themselves.
    pub fn replace(&mut self, levels: Vec<WarningLevel>) -> bool {
        self.told += 1;
        let is_as_before = |w: &WarningLevel| self.now.get(&w.place).is_some_and(|(level, _)| *level == w.level);
        let moved = levels.len() != self.now.len() || !levels.iter().all(is_as_before);
        self.now = levels.into_iter().map(|w| (w.place, (w.level, w.score))).collect();
        moved
    }

    /// Takes a level that changed.
    pub fn take(&mut self, level: WarningLevel) {
        self.told += 1;
        if level.level == Level::None {
            self.now.remove(&level.place);
        } else {
            self.now.insert(level.place, (level.level, level.score));
        }
    }

    /// Returns a place's level now.
    pub fn level(&self, place: &PlaceId) -> Level {
        self.now.get(place).map_or(Level::None, |(level, _)| *level)
    }

    /// Returns a place's score now.
    pub fn score(&self, place: &PlaceId) -> f64 {
        self.now.get(place).map_or(0.0, |(_, score)| *score)
    }

    /// Returns a place's level at a moment (no moment: now); `None` where it is not known, because the past has not come
    /// yet or holds another level of places, or because no backend gives any. The present never stands for it.
    pub fn level_at(&self, place: &PlaceId, at: Option<DateTime<Utc>>) -> Option<Level> {
        match at {
            _ if self.are_absent => None,
            None => Some(self.level(place)),
            Some(at) => self.history.value()?.level(place, at),
        }
    }

    /// Returns every place above `none` now.
    pub fn all(&self) -> impl Iterator<Item = (&PlaceId, Level, f64)> {
        self.now.iter().map(|(place, (level, score))| (place, *level, *score))
    }
}

/// Levels over time, indexed.
#[derive(Debug, Clone)]
pub struct History {
    from: DateTime<Utc>,
    step_s: i64,
    columns: HashMap<PlaceId, usize>,
    frames: Vec<Vec<u8>>,
}

impl History {
    /// Indexes what the server sent; the client has checked that frames fit their places.
    pub fn new(history: WarningHistory) -> Self {
        Self {
            from: history.from.to_utc(),
            step_s: i64::from(history.step_s.max(1)),
            columns: history.places.into_iter().enumerate().map(|(i, p)| (p, i)).collect(),
            frames: history.frames.into_iter().map(String::into_bytes).collect(),
        }
    }

    /// Returns the frame that holds at a moment: the last one at or before it; outside the frames, the nearest.
    pub fn frame(&self, at: DateTime<Utc>) -> usize {
        let steps = (at - self.from).num_seconds().div_euclid(self.step_s);
        usize::try_from(steps).unwrap_or(0).min(self.frames.len().saturating_sub(1))
    }

    /// Returns a place's level at a moment; `None` for a place that is not among these.
    pub fn level(&self, place: &PlaceId, at: DateTime<Utc>) -> Option<Level> {
        let digit = self.frames.get(self.frame(at))?.get(*self.columns.get(place)?)?;
        Some(match digit {
            b'3' => Level::Red,
            b'2' => Level::Yellow,
            b'1' => Level::Blue,
            _ => Level::None,
        })
    }

    /// Returns how many frames there are.
    pub fn len(&self) -> usize {
        self.frames.len()
    }

    /// Whether there is no frame.
    pub fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn at(s: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(s, 0).unwrap()
    }

    #[test]
    fn the_past_shows_the_frame_that_held_then() {
        let history = WarningHistory {
            from: at(1000).fixed_offset(),
            step_s: 100,
            places: vec!["a".into(), "b".into()],
            frames: vec!["01".to_owned(), "23".to_owned()],
        };
        let mut store = WarningsStore::default();
        store.take(WarningLevel { place: "a".into(), level: Level::Red, score: 9.0 });
        assert_eq!(store.level_at(&"a".into(), Some(at(1000))), None, "the present is not the past");
        store.history.settle(Ok(History::new(history)), at(0));
        let level = |place: &str, s: i64| store.level_at(&place.into(), Some(at(s)));
        assert_eq!(store.level_at(&"a".into(), None), Some(Level::Red));
        assert_eq!((level("a", 1099), level("a", 1100)), (Some(Level::None), Some(Level::Yellow)));
        assert_eq!((level("b", 99_999), level("b", 0)), (Some(Level::Red), Some(Level::Blue)));
        assert_eq!(level("a street among grids", 1100), None);
    }

    #[test]
    fn a_level_of_none_is_forgotten() {
        let mut store = WarningsStore::default();
        store.take(WarningLevel { place: "a".into(), level: Level::Blue, score: 2.0 });
        store.take(WarningLevel { place: "a".into(), level: Level::None, score: 0.0 });
        assert_eq!(store.all().count(), 0);
    }

    #[test]
    fn whatever_tells_of_levels_counts_even_where_none_of_them_moved() {
        let level = || WarningLevel { place: "a".into(), level: Level::Red, score: 9.0 };
        let mut store = WarningsStore::default();
        store.take(level());
        store.take(level());
        assert_eq!(store.told, 2, "each that the stream tells");
        assert!(!store.replace(vec![WarningLevel { score: 8.0, ..level() }]), "a score moves by itself");
        assert_eq!(store.told, 3, "each time that the state was asked for");
        assert!(store.replace(vec![WarningLevel { level: Level::Yellow, ..level() }]));
        assert!(store.replace(Vec::new()) && !store.replace(Vec::new()));
    }
}
