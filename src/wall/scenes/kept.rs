//! What somebody has set, as text: it outlives the page, which a new version or a panic opens anew.

use fengtu_wire::walls::PERIODS;

use super::far::DARK_S;
use super::{Scene, Show};

/// What was kept longer ago is forgotten: by then nobody waits for it, seconds.
const OLDEST_S: u32 = 600;

impl Show {
    /// Writes what somebody has set and for how long it still holds; `sound`: nothing where it is as the settings have it, which may
    /// be others by then. Of `at_s` only the distance to another one counts.
    pub fn to_text(&self, sound: Option<bool>, at_s: u32, now_s: f64) -> String {
        let left = |until: Option<f64>| until.map_or(0, |until| (until - now_s).ceil() as u32);
        // Of a hand and a remote's hold that lasts longer, the hold: on the new page nobody is at the wall yet.
        let held = self.held().filter(|until| self.paused_until_s.is_some_and(|hand| hand <= *until));
        let (paused, dark) = (left(held.or(self.paused_until_s)), left(self.dark_until_s));
        let (name, place) = name(&self.now);
        format!(
            "{at_s} {} {} {} {paused} {dark} {name} {place}",
            sound.map_or(2, u8::from),
            self.days,
            u8::from(held.is_some())
        )
    }

    /// Goes on from such a text, and returns whether a red warning sounds, where somebody has set that; changes nothing where it is
    /// not sound or too old.
    pub fn take_text(&mut self, text: &str, at_s: u32, now_s: f64) -> Option<bool> {
        let mut parts = text.splitn(8, ' ');
        let mut number = || parts.next()?.parse::<u32>().ok();
        let age = at_s.checked_sub(number()?).filter(|age| *age <= OLDEST_S)?;
        let (sound, days, far) = (number()?, number()?, number()?);
        let (paused, dark) = (number()?, number()?);
        let days = PERIODS.into_iter().find(|known| u32::from(*known) == days)?;
        let scene = scene(parts.next()?, parts.next()?)?;
        let until = |left: u32, most: f64| {
            let left = f64::from(left.saturating_sub(age)).min(most);
            (left > 0.0).then_some(now_s + left)
        };
        self.dark_until_s = until(dark, DARK_S);
        self.paused_until_s = until(paused, self.rules.hold_s.max(self.rules.resume_s));
        if self.paused_until_s.is_some() {
            (self.now, self.is_first, self.days, self.far) = (scene, false, days, far == 1);
        }
        (sound < 2).then_some(sound == 1)
    }
}

fn name(scene: &Scene) -> (&'static str, &str) {
    match scene {
        Scene::District => ("district", ""),
        Scene::Street(place) => ("streets", place.as_str()),
        Scene::Heat => ("heat", ""),
        Scene::Warnings => ("warnings", ""),
        Scene::Stations => ("stations", ""),
        Scene::Mediation => ("mediation", ""),
        Scene::Psychological => ("psychological", ""),
        Scene::Red(place) => ("red", place.as_str()),
    }
}

fn scene(name: &str, place: &str) -> Option<Scene> {
    Some(match (name, place) {
        ("district", "") => Scene::District,
        ("heat", "") => Scene::Heat,
        ("warnings", "") => Scene::Warnings,
        ("stations", "") => Scene::Stations,
        ("mediation", "") => Scene::Mediation,
        ("psychological", "") => Scene::Psychological,
        ("streets", place) if !place.is_empty() => Scene::Street(place.into()),
        ("red", place) if !place.is_empty() => Scene::Red(place.into()),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{rules, street, three};
    use super::*;

    /// A page that has been open for 5000 s is opened anew, and so many seconds later its clock says 2.
    fn after(seconds: u32, set: impl FnOnce(&mut Show)) -> (Show, Option<bool>) {
        let mut before = Show::new(rules(), &three(), 0.0);
        set(&mut before);
        let text = before.to_text(Some(true), 1_000_000, 5_000.0);
        let mut show = Show::new(rules(), &three(), 2.0);
        let sound = show.take_text(&text, 1_000_000 + seconds, 2.0);
        (show, sound)
    }

    #[test]
    fn what_a_remote_has_set_holds_on_over_a_new_page_for_what_is_left_of_it() {
        let (mut show, sound) = after(8, |show| {
            show.hold(4_900.0);
            show.set_days(90, 4_900.0);
            show.choose_far(street("s 2"), 4_900.0);
        });
        assert_eq!((show.now(), show.days(), sound), (&street("s 2"), 90, Some(true)));
        assert_eq!((show.is_at_hand(), show.paused_s(2.0)), (false, Some(892.0)));
        show.tick(&three(), 893.0);
        assert!(show.is_paused());
        show.tick(&three(), 894.0);
        assert_eq!((show.is_paused(), show.days()), (false, super::super::DAYS));
    }

    #[test]
    fn what_a_remote_holds_is_held_on_where_the_page_goes_under_a_hand() {
        let (show, _) = after(8, |show| {
            show.hold(4_900.0);
            show.touch(4_990.0);
        });
        assert_eq!((show.is_at_hand(), show.paused_s(2.0)), (false, Some(892.0)));
    }

    #[test]
    fn a_dark_wall_stays_dark_and_a_hand_is_still_at_it() {
        let (mut show, _) = after(8, |show| show.darken(4_000.0));
        assert!(show.is_dark() && !show.is_paused());
        show.tick(&three(), 13_394.0);
        assert!(!show.is_dark());
        for scene in [Scene::Heat, Scene::Red("g".into())] {
            let (show, _) = after(8, |show| show.choose(scene.clone(), 4_990.0));
            assert_eq!((show.now(), show.is_at_hand()), (&scene, true));
        }
        // What was over before the page was there is over.
        let (show, sound) = after(120, |show| show.choose(Scene::Heat, 4_990.0));
        assert_eq!((show.now(), show.is_paused(), sound), (&Scene::District, false, Some(true)));
    }

    #[test]
    fn sound_that_nobody_has_set_is_as_the_settings_have_it_by_then() {
        let of = |sound| Show::new(rules(), &three(), 0.0).to_text(sound, 1_000, 0.0);
        let taken = |text: &str| Show::new(rules(), &three(), 2.0).take_text(text, 1_000, 2.0);
        assert_eq!([None, Some(true), Some(false)].map(|sound| taken(&of(sound))), [None, Some(true), Some(false)]);
    }

    #[test]
    fn what_is_old_or_is_no_such_text_changes_nothing() {
        let untouched = Show::new(rules(), &three(), 2.0);
        let hold = |show: &mut Show| show.choose_far(Scene::Heat, 4_990.0);
        assert_eq!(after(601, hold), (untouched.clone(), None));
        let whole = "1000 1 7 1 100 100 heat ";
        let wrong = [
            "",
            "1000",
            "1001 1 7 1 100 100 heat ",
            "1000 1 8 1 100 100 heat ",
            "1000 1 7 1 100 100 streets ",
            "1000 1 7 1 100 -1 heat ",
            "1000 1 7 1 100 100 heat x",
        ];
        for text in wrong {
            let mut show = untouched.clone();
            assert_eq!((show.take_text(text, 1_000, 2.0), &show), (None, &untouched), "{text}");
        }
        let mut show = untouched.clone();
        assert_eq!((show.take_text(whole, 1_000, 2.0), show.now()), (Some(true), &Scene::Heat));
        // Nothing holds longer than it could have been set for.
        let _ = show.take_text("1000 0 7 1 4000000000 4000000000 heat ", 1_000, 2.0);
        assert_eq!(show.paused_s(2.0), Some(1_000.0));
        show.tick(&three(), 14_402.0);
        assert!(!show.is_dark());
    }
}
