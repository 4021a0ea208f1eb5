//! Scenes in turn, red warnings between them, hands near and far.

use super::*;

const MONDAY_NOON: LocalTime = LocalTime { weekday: 1, minute: 720 };

fn entry(kind: Kind, seconds: u32) -> Entry {
    Entry { kind, seconds, weekdays: Vec::new(), hours: None }
}

fn streets() -> Vec<PlaceId> {
    vec!["s1".into(), "s2".into()]
}

pub(super) fn three() -> Programme {
    programme(&[entry(Kind::District, 60), entry(Kind::Streets, 20)], &streets(), MONDAY_NOON)
}

pub(super) fn rules() -> Rules {
    Rules { resume_s: 100.0, hold_s: 1_000.0, red_s: 30.0, red_gap_s: 50.0 }
}

pub(super) fn street(id: &str) -> Scene {
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
fn a_playlist_of_streets_begins_with_one_as_soon_as_they_are_known() {
    let playlist = [entry(Kind::Streets, 600)];
    let mut show = Show::new(rules(), &programme(&playlist, &[], MONDAY_NOON), 0.0);
    assert_eq!(*show.now(), Scene::District);
    let known = programme(&playlist, &streets(), MONDAY_NOON);
    show.tick(&known, 1.0);
    assert_eq!(*show.now(), street("s1"));
    // What a hand has chosen has its time, whether the playlist has it or not.
    show.choose(Scene::Heat, 2.0);
    show.tick(&known, 103.0);
    assert_eq!(*show.now(), Scene::Heat);
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
fn a_span_past_midnight_is_of_the_weekday_on_which_it_begins() {
    let night = |weekday| Entry { weekdays: vec![weekday], hours: Some((22 * 60, 6 * 60)), ..entry(Kind::Heat, 10) };
    let is_on = |of: u8, weekday, minute| night(of).is_on(LocalTime { weekday, minute });
    assert_eq!([is_on(5, 5, 1_320), is_on(5, 5, 1_439), is_on(5, 6, 0), is_on(5, 6, 359)], [true; 4]);
    assert_eq!([is_on(5, 5, 0), is_on(5, 5, 359), is_on(5, 6, 360), is_on(5, 6, 1_320)], [false; 4]);
    assert!(is_on(7, 1, 60) && !is_on(7, 7, 60), "before Monday is Sunday");
    let day = Entry { hours: Some((8 * 60, 18 * 60)), ..night(5) };
    assert!(day.is_on(LocalTime { weekday: 5, minute: 480 }) && !day.is_on(LocalTime { weekday: 6, minute: 480 }));
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
    show.tick(&programme, 54.0);
    assert_eq!(show.now(), &Scene::District);
    show.tick(&programme, 55.0);
    assert_eq!(show.now(), &Scene::Red("g2".into()));
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

#[test]
fn a_remote_stops_it_for_longer_and_chooses_figures_until_it_goes_on() {
    let programme = three();
    let mut show = Show::new(rules(), &programme, 0.0);
    show.hold(0.0);
    show.set_days(7, 1.0);
    assert_eq!((show.is_paused(), show.is_at_hand(), show.days()), (true, false, 7), "nobody stands before it");
    show.tick(&programme, 999.0);
    assert_eq!((show.is_paused(), show.days()), (true, 7), "what was held stays held when something else is chosen");
    show.touch(1_000.0);
    assert!(show.is_at_hand());
    show.tick(&programme, 1_100.0);
    assert_eq!((show.is_paused(), show.days()), (false, DAYS));
}

#[test]
fn a_hand_that_goes_leaves_what_a_remote_holds() {
    let programme = three();
    let mut show = Show::new(rules(), &programme, 0.0);
    show.hold(0.0);
    show.set_days(7, 1.0);
    show.turn(&programme, true, 10.0);
    show.touch(20.0);
    assert_eq!((show.is_at_hand(), show.paused_s(20.0)), (true, Some(100.0)), "the bar is gone as soon as ever");
    show.tick(&programme, 120.0);
    assert_eq!((show.is_at_hand(), show.paused_s(120.0), show.days()), (false, Some(880.0), 7));
    assert_eq!(show.now(), &street("s1"), "what the hand has chosen stays too");
    show.touch(130.0);
    show.choose_far(Scene::Heat, 140.0);
    assert_eq!(show.paused_s(140.0), Some(860.0), "a remote that chooses holds on as well");
    show.touch(150.0);
    show.resume(&programme, 160.0);
    assert!(!show.is_paused(), "somebody has let it go on");
    show.touch(170.0);
    show.tick(&programme, 270.0);
    assert!(!show.is_paused(), "and of the hold nothing is left");
}

#[test]
fn a_dark_wall_stays_dark_until_somebody_wants_it_or_half_a_day_has_passed() {
    let programme = three();
    let mut show = Show::new(rules(), &programme, 0.0);
    show.darken(0.0);
    show.tick(&programme, 14_399.0);
    assert!(show.is_dark());
    show.tick(&programme, 14_400.0);
    assert!(!show.is_dark());
    show.darken(14_500.0);
    show.touch(14_501.0);
    assert!(!show.is_dark(), "a hand lights it");
}
