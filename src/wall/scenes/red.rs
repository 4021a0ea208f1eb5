//! Red warnings that wait: the gravest are shown one after another, and of the others it is said how many they are.

use fengtu_wire::ids::PlaceId;
use fengtu_wire::places::PlaceLevel;

use super::Show;

/// So many are shown one after another since the last has turned red: more would be yesterday's by then. At 45 seconds each, the fifth
/// comes three minutes after the first.
const MOST_SHOWN: usize = 5;
/// Seconds between two while more wait: long enough to read what they have interrupted, as short as half of a red warning's own time.
const CROWDED_GAP_S: f64 = 15.0;

/// A place that is red: its score, and its level where it is known.
pub type Red = (PlaceId, f64, Option<PlaceLevel>);

/// Returns places that are red, the gravest first: by score, then the larger place, which stands for more people, then by id.
pub fn gravest(mut red: Vec<Red>) -> Vec<PlaceId> {
    let size = |level: Option<PlaceLevel>| (level.is_none(), level);
    fengtu_geo::order::sort_by(&mut red, |a, b| {
        b.1.total_cmp(&a.1).then(size(a.2).cmp(&size(b.2))).then(a.0.cmp(&b.0))
    });
    red.into_iter().map(|(place, ..)| place).collect()
}

/// What has turned red and was not shown yet.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reds {
    /// The gravest first.
    waiting: Vec<PlaceId>,
    /// How many of them are still shown.
    turns: usize,
    /// Until when the last one is shown, or was.
    last_until_s: f64,
    /// Whether more wait than one.
    crowded: bool,
    /// None was shown yet: nothing stands against the first.
    is_first: bool,
}

impl Reds {
    pub(super) const fn new(now_s: f64) -> Self {
        Self { waiting: Vec::new(), turns: 0, last_until_s: now_s, crowded: false, is_first: true }
    }

    /// Takes the next one, where it is time for it.
    pub(super) fn next(&mut self, now_s: f64, gap_s: f64) -> Option<PlaceId> {
        let gap_s = if self.crowded { gap_s.min(CROWDED_GAP_S) } else { gap_s };
        let is_quiet = !self.is_first && now_s < self.last_until_s + gap_s;
        if is_quiet || self.turns == 0 || self.waiting.is_empty() {
            return None;
        }
        self.turns -= 1;
        Some(self.waiting.remove(0))
    }

    /// One is shown until then.
    pub(super) fn shown_until(&mut self, until_s: f64) {
        (self.last_until_s, self.is_first) = (until_s, false);
        self.crowded = self.turns > 0 && !self.waiting.is_empty();
    }

    /// One was shown: where it was the last, those that are not shown were told of with it.
    pub(super) fn told(&mut self) {
        if self.turns == 0 {
            self.waiting.clear();
        }
    }
}

impl Show {
    /// Places have turned red: the gravest are shown as soon as nothing stands against it.
    pub fn warn(&mut self, places: impl IntoIterator<Item = PlaceId>) {
        for place in places {
            if !self.reds.waiting.contains(&place) && self.now.red() != Some(&place) {
                self.reds.waiting.push(place);
                self.reds.turns = MOST_SHOWN;
            }
        }
        self.reds.crowded |= self.reds.waiting.len() > 1 || self.now.red().is_some();
    }

    /// Forgets what waits and is no longer red; `red` are all that are, the gravest first.
    pub fn keep_red(&mut self, red: &[PlaceId]) {
        let waiting = std::mem::take(&mut self.reds.waiting);
        self.reds.waiting = red.iter().filter(|place| waiting.contains(place)).cloned().collect();
    }

    /// Returns what has turned red and was not shown yet.
    pub fn waiting(&self) -> impl Iterator<Item = &PlaceId> {
        self.reds.waiting.iter()
    }

    /// Returns how many more have turned red than the one that is shown.
    pub fn more_red(&self) -> usize {
        self.now.red().map_or(0, |_| self.reds.waiting.len())
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{rules, three};
    use super::super::{Programme, Scene};
    use super::*;

    fn ids(names: &[&str]) -> Vec<PlaceId> {
        names.iter().map(|name| (*name).into()).collect()
    }

    /// A show that these have turned red in, the gravest first.
    fn after(names: &[&str]) -> (Show, Programme) {
        let programme = three();
        let mut show = Show::new(rules(), &programme, 0.0);
        show.warn(ids(names));
        (show, programme)
    }

    /// What each second shows of red warnings: when each begins, its place, and how many more there are.
    fn seen(show: &mut Show, programme: &Programme, seconds: std::ops::Range<u32>) -> Vec<(u32, String, usize)> {
        let (mut seen, mut before) = (Vec::new(), None);
        for second in seconds {
            show.tick(programme, f64::from(second));
            let red = show.now().red().cloned();
            if let Some(place) = red.as_ref().filter(|_| red != before) {
                seen.push((second, place.to_string(), show.more_red()));
            }
            before = red;
        }
        seen
    }

    #[test]
    fn the_gravest_is_first_then_the_larger_place_and_equals_stand_by_id() {
        let of = |id: &str, score, level| (PlaceId::from(id), score, level);
        let (grid, street) = (Some(PlaceLevel::Grid), Some(PlaceLevel::Street));
        let all =
            vec![of("d", 7.0, None), of("c", 7.0, grid), of("b", 7.0, grid), of("s", 7.0, street), of("z", 9.0, grid)];
        assert_eq!(gravest(all), ids(&["z", "s", "b", "c", "d"]));
    }

    #[test]
    fn of_a_burst_the_gravest_come_one_after_another_and_the_others_are_counted() {
        let (mut show, programme) = after(&["a", "b", "c", "d", "e", "f", "g"]);
        let told = seen(&mut show, &programme, 1..600);
        let told: Vec<_> = told.iter().map(|(at, place, more)| (*at, place.as_str(), *more)).collect();
        assert_eq!(told, [(1, "a", 6), (46, "b", 5), (91, "c", 4), (136, "d", 3), (181, "e", 2)]);
        assert_eq!((show.waiting().count(), show.more_red()), (0, 0), "they have been told of");
    }

    #[test]
    fn what_is_graver_goes_first_though_it_has_come_later() {
        let (mut show, programme) = after(&["a", "b", "c"]);
        show.tick(&programme, 1.0);
        show.warn(ids(&["d", "a"]));
        show.keep_red(&ids(&["d", "a", "c"]));
        assert_eq!(show.waiting().cloned().collect::<Vec<_>>(), ids(&["d", "c"]), "a is shown, and b is red no longer");
        let told = seen(&mut show, &programme, 2..100);
        assert_eq!(told, [(2, "a".to_owned(), 2), (46, "d".to_owned(), 1), (91, "c".to_owned(), 0)]);
    }

    #[test]
    fn one_that_comes_alone_leaves_the_rest_of_the_wall_its_time() {
        let (mut show, programme) = after(&["a"]);
        assert_eq!(seen(&mut show, &programme, 1..40).len(), 1);
        show.warn(ids(&["b"]));
        assert_eq!(seen(&mut show, &programme, 40..100), [(81, "b".to_owned(), 0)], "50 seconds after a was over");
        let (mut show, programme) = after(&["a"]);
        assert_eq!(seen(&mut show, &programme, 1..20).len(), 1);
        show.warn(ids(&["b"]));
        assert_eq!(seen(&mut show, &programme, 32..100), [(46, "b".to_owned(), 0)], "it has come while a was shown");
    }

    #[test]
    fn what_was_left_out_while_a_hand_was_there_is_shown_where_others_are_red_no_longer() {
        let (mut show, programme) = after(&["a", "b", "c", "d", "e", "f"]);
        show.touch(0.0);
        assert_eq!(seen(&mut show, &programme, 1..100), []);
        show.keep_red(&ids(&["f"]));
        assert_eq!(seen(&mut show, &programme, 100..200), [(100, "f".to_owned(), 0)]);
    }

    #[test]
    fn a_dark_wall_is_lit_by_what_turns_red_for_as_long_as_that_is_shown() {
        let (mut show, programme) = after(&[]);
        show.darken(0.0);
        show.warn(ids(&["a"]));
        let lit = |show: &mut Show, from: u32, to: u32| {
            let lit = (from..to).filter(|second| {
                show.tick(&programme, f64::from(*second));
                !show.is_dark()
            });
            let lit: Vec<u32> = lit.collect();
            (lit.first().copied(), lit.last().copied())
        };
        assert_eq!(lit(&mut show, 1, 300), (Some(1), Some(30)));
        // What is on when somebody darkens it, they have seen.
        show.warn(ids(&["b"]));
        show.tick(&programme, 300.0);
        assert!(!show.is_dark());
        show.darken(301.0);
        assert_eq!(lit(&mut show, 301, 400), (None, None));
        show.warn(ids(&["c"]));
        show.tick(&programme, 400.0);
        show.touch(401.0);
        show.tick(&programme, 402.0);
        assert!(!show.is_dark() && show.is_at_hand(), "a hand keeps it lit");
    }

    #[test]
    fn a_dark_wall_that_a_remote_holds_shows_what_turns_red_and_then_what_is_held() {
        let (mut show, programme) = after(&[]);
        show.choose_far(Scene::Heat, 0.0);
        show.hold(0.0);
        show.darken(1.0);
        show.tick(&programme, 500.0);
        assert_eq!((show.now(), show.is_dark()), (&Scene::Heat, true));
        show.warn(ids(&["a"]));
        assert_eq!(seen(&mut show, &programme, 501..600), [(501, "a".to_owned(), 0)]);
        assert_eq!((show.now(), show.is_dark(), show.is_paused()), (&Scene::Heat, true, true));
    }
}
