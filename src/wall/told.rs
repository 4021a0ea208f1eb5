//! What a remote tells the wall, as far as it changes what is shown. Pure: the time and everything else are arguments.

use fengtu_wire::ids::PlaceId;
use fengtu_wire::walls::{WallAction, WallCommand, WallScene};

use super::scenes::{Programme, Scene, Show};

/// Does what the wall is told; what is no matter of the show is left to others.
pub fn obey(show: &mut Show, programme: &Programme, streets: &[PlaceId], told: &WallCommand, now_s: f64) {
    match told.action {
        WallAction::Show => {
            if let Some(scene) = scene(told, streets) {
                show.choose_far(scene, now_s);
            }
        }
        WallAction::Period => {
            if let Some(days) = told.days.filter(|days| fengtu_wire::walls::PERIODS.contains(days)) {
                show.set_days(days, now_s);
            }
        }
        WallAction::Next => show.turn_far(programme, true, now_s),
        WallAction::Back => show.turn_far(programme, false, now_s),
        WallAction::Pause => show.hold(now_s),
        WallAction::Resume => show.resume(programme, now_s),
        WallAction::Blank => show.darken(now_s),
        // A code is to be read: a dark wall is lit.
        WallAction::Light | WallAction::Code => show.light(),
        WallAction::Sound | WallAction::Mute | WallAction::Paired => {}
    }
}

/// Returns the scene that is asked for; none where the street is not one of this district.
fn scene(told: &WallCommand, streets: &[PlaceId]) -> Option<Scene> {
    Some(match told.scene? {
        WallScene::District => Scene::District,
        WallScene::Street => Scene::Street(streets.iter().find(|street| told.place.as_ref() == Some(street))?.clone()),
        WallScene::Heat => Scene::Heat,
        WallScene::Warnings => Scene::Warnings,
        WallScene::Stations => Scene::Stations,
        WallScene::Mediation => Scene::Mediation,
        WallScene::Psychological => Scene::Psychological,
    })
}

#[cfg(test)]
mod tests {
    use super::super::scenes::Rules;
    use super::*;

    fn after(commands: &[WallCommand]) -> Show {
        let programme = vec![(Scene::District, 60), (Scene::Heat, 40)];
        let mut show = Show::new(Rules::default(), &programme, 0.0);
        for command in commands {
            obey(&mut show, &programme, &["s1".into()], command, 1.0);
        }
        show
    }

    fn to(scene: WallScene, place: Option<&str>) -> WallCommand {
        WallCommand { scene: Some(scene), place: place.map(Into::into), ..WallCommand::of(WallAction::Show) }
    }

    #[test]
    fn a_remote_chooses_scene_place_and_period_and_lets_it_go_on() {
        let period = WallCommand { days: Some(90), ..WallCommand::of(WallAction::Period) };
        let show = after(&[to(WallScene::Street, Some("s1")), period.clone()]);
        assert_eq!((show.now(), show.days()), (&Scene::Street("s1".into()), 90));
        assert!(show.is_paused() && !show.is_at_hand());
        let on = after(&[period, WallCommand::of(WallAction::Next), WallCommand::of(WallAction::Resume)]);
        assert_eq!((on.now(), on.days(), on.is_paused()), (&Scene::Heat, 30, false));
    }

    #[test]
    fn what_cannot_be_shown_changes_nothing() {
        let untouched = after(&[]);
        let wrong = WallCommand { days: Some(8), ..WallCommand::of(WallAction::Period) };
        for command in [to(WallScene::Street, Some("elsewhere")), WallCommand::of(WallAction::Show), wrong] {
            assert_eq!(after(&[command]), untouched);
        }
    }

    #[test]
    fn a_dark_wall_is_lit_by_a_choice_and_by_a_code() {
        let dark = WallCommand::of(WallAction::Blank);
        assert!(after(std::slice::from_ref(&dark)).is_dark());
        for lit in [to(WallScene::Heat, None), WallCommand::of(WallAction::Light), WallCommand::of(WallAction::Code)] {
            assert!(!after(&[dark.clone(), lit]).is_dark());
        }
    }
}
