//! A view that the board hands to the wall: written into the address of the remote, read from it, sent to the wall by a press.

use fengtu_wire::ids::PlaceId;
use fengtu_wire::walls::{PERIODS, WallAction, WallCommand, WallScene};

use super::remote::scene_word;
use crate::routes::decode;
use crate::tr;

/// Returns what an address of the remote hands over: which scene, else which street, or the district, and how many days.
pub fn commands(query: &str) -> Vec<WallCommand> {
    let value = |name: &str| {
        let mut parts = query.split('&').filter_map(|part| part.split_once('='));
        parts.find(|(known, _)| *known == name).and_then(|(_, value)| decode(value))
    };
    let Some(days) = value("days").and_then(|text| text.parse().ok()).filter(|days| PERIODS.contains(days)) else {
        return Vec::new();
    };
    let named = value("scene").and_then(|name| name.parse().ok()).filter(|scene| *scene != WallScene::Street);
    let place = value("place").map(PlaceId).filter(|_| named.is_none());
    let scene = Some(named.unwrap_or(if place.is_some() { WallScene::Street } else { WallScene::District }));
    vec![
        WallCommand { scene, place, ..WallCommand::of(WallAction::Show) },
        WallCommand { days: Some(days), ..WallCommand::of(WallAction::Period) },
    ]
}

/// Says what is handed over: the scene or the place, where it is known, and the days.
pub fn name(commands: &[WallCommand], streets: &[(PlaceId, String)]) -> Option<String> {
    let place = commands.iter().find_map(|one| one.place.as_ref());
    let days = commands.iter().find_map(|one| one.days)?;
    let name = match place {
        None => commands.iter().find_map(|one| one.scene).map(scene_word)?.to_owned(),
        Some(place) => streets.iter().find(|(id, _)| id == place).map(|(_, name)| name.clone())?,
    };
    Some(format!("{name} · {}", tr!(wall.remote_days, n = days)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_handed_over_is_named_where_its_place_is_known() {
        let streets = [(PlaceId("440311001".to_owned()), "光明街道".to_owned())];
        let of = |query: &str| name(&commands(query), &streets);
        assert_eq!(of("place=440311001&days=7").as_deref(), Some("光明街道 · 近 7 天"));
        assert_eq!(of("days=30").as_deref(), Some("全区总览 · 近 30 天"));
        assert_eq!(of("scene=warnings&days=7").as_deref(), Some("红黄蓝预警 · 近 7 天"));
        assert_eq!([of("place=9&days=7"), of("")], [None, None]);
    }

    #[test]
    fn a_view_is_a_scene_and_a_period_and_anything_else_is_none() {
        let of = |query: &str| {
            let told = commands(query).into_iter();
            told.map(|one| (one.action, one.scene, one.place.map(|id| id.0), one.days)).collect::<Vec<_>>()
        };
        let period = (WallAction::Period, None, None, Some(7));
        let street = (WallAction::Show, Some(WallScene::Street), Some("440311001".to_owned()), None);
        assert_eq!(of("place=440311001&days=7"), [street, period.clone()]);
        assert_eq!(of("days=7"), [(WallAction::Show, Some(WallScene::District), None, None), period.clone()]);
        let warnings = (WallAction::Show, Some(WallScene::Warnings), None, None);
        assert_eq!(of("scene=warnings&place=1&days=7"), [warnings, period], "a scene is the whole district's");
        assert_eq!(of("scene=street&days=7")[0].1, Some(WallScene::District), "a street has its place");
        assert_eq!([of(""), of("place=1"), of("days=8"), of("days=x&place=1")], [vec![], vec![], vec![], vec![]]);
    }
}
