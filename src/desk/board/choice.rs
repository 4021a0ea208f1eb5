//! What is chosen among places on the ground, and how dark each is: plain rules.

use std::collections::BTreeSet;

use fengtu_wire::ids::PlaceId;
use fengtu_wire::places::PlaceLevel;

use crate::state::district::Tree;

/// Shades of a map.
pub const SHADES: usize = 5;

/// Whether a place is, or lies in, one of some places.
pub fn covers(tree: Option<&Tree>, within: &BTreeSet<PlaceId>, id: &PlaceId) -> bool {
    within.contains(id) || tree.is_some_and(|tree| tree.breadcrumb(id).iter().any(|place| within.contains(&place.id)))
}

/// Steps from a grid up to a district.
const LEVELS: usize = 3;

/// Puts a node in the place of all that are right below it: what is chosen is told by as few as can be. All of the node in view is
/// no choice.
pub fn gathered(tree: &Tree, top: &PlaceId, mut chosen: BTreeSet<PlaceId>) -> BTreeSet<PlaceId> {
    let is_whole = |chosen: &BTreeSet<PlaceId>, node: &PlaceId| {
        let mut below = tree.children(node).filter(|place| place.level <= PlaceLevel::Grid).peekable();
        below.peek().is_some() && below.all(|place| chosen.contains(&place.id))
    };
    for _ in 0..LEVELS {
        let parents: BTreeSet<PlaceId> = chosen.iter().filter_map(|id| tree.get(id)?.parent.clone()).collect();
        for node in parents.into_iter().filter(|node| node != top) {
            if is_whole(&chosen, &node) {
                chosen.retain(|id| tree.get(id).and_then(|place| place.parent.as_ref()) != Some(&node));
                chosen.insert(node);
            }
        }
    }
    if is_whole(&chosen, top) || chosen.contains(top) { BTreeSet::new() } else { chosen }
}

/// Returns the shade of a count, 0 to 4: by its root, as a few places have most.
pub fn shade(n: u64, most: u64) -> usize {
    (0..SHADES).find(|shade| n <= end(*shade, most)).unwrap_or(SHADES - 1)
}

/// Returns the fewest and the most of a shade; nothing where no count falls in it.
pub fn ends(shade: usize, most: u64) -> Option<(u64, u64)> {
    let low = shade.checked_sub(1).map_or(0, |before| end(before, most)) + 1;
    let high = end(shade, most);
    (low <= high).then_some((low, high))
}

/// In whole numbers, so that the legend says what is drawn.
const fn end(shade: usize, most: u64) -> u64 {
    let (step, steps) = (shade as u64 + 1, SHADES as u64);
    step * step * most / (steps * steps)
}

#[cfg(test)]
mod tests {
    use fengtu_wire::geojson::Feature;
    use fengtu_wire::places::Place;

    use super::*;

    fn tree() -> Tree {
        use PlaceLevel::{Community, District, Grid, Street, SubGrid};
        let place = |(id, level, parent): (&str, PlaceLevel, Option<&str>)| {
            let (id, parent) = (PlaceId::from(id), parent.map(PlaceId::from));
            let name = id.to_string();
            let nothing = (None, None, None, None, None);
            let (name_en, population, area_m2, centre, bounds) = nothing;
            Feature::new(None, Place { id, level, parent, name, name_en, population, area_m2, centre, bounds })
        };
        let rows = [
            ("d", District, None),
            ("s1", Street, Some("d")),
            ("s2", Street, Some("d")),
            ("c1", Community, Some("s1")),
            ("c2", Community, Some("s1")),
            ("c3", Community, Some("s2")),
            ("g11", Grid, Some("c1")),
            ("g12", Grid, Some("c1")),
            ("g21", Grid, Some("c2")),
            ("g31", Grid, Some("c3")),
            ("g32", Grid, Some("c3")),
            ("r1", SubGrid, Some("g11")),
            ("loop1", Grid, Some("loop2")),
            ("loop2", Grid, Some("loop1")),
        ];
        Tree::new(rows.into_iter().map(place).collect())
    }

    fn told(top: &str, ids: &[&str]) -> String {
        let chosen = ids.iter().map(|id| PlaceId::from(*id)).collect();
        gathered(&tree(), &top.into(), chosen).iter().map(PlaceId::as_str).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn all_below_a_node_are_the_node_and_all_in_view_is_no_choice() {
        assert_eq!(told("d", &["g11"]), "g11");
        assert_eq!(told("d", &["g11", "g12", "g31"]), "c1 g31");
        assert_eq!(told("d", &["g11", "g12", "g21", "g31"]), "g31 s1");
        assert_eq!(told("d", &["g11", "g12", "g21", "g31", "g32"]), "");
        assert_eq!(told("c1", &["g11", "g12"]), "");
        assert_eq!(told("s1", &["g11", "g12"]), "c1");
        assert!(!told("d", &["loop1"]).is_empty(), "a circle in bad data ends");
    }

    #[test]
    fn a_place_is_chosen_with_the_node_that_it_lies_in() {
        let within = BTreeSet::from(["c1".into(), "g31".into()]);
        let covered = |id: &str| covers(Some(&tree()), &within, &id.into());
        assert_eq!(["g11", "g31", "g32", "s1"].map(covered), [true, true, false, false]);
        assert!(covers(None, &within, &"g31".into()) && !covers(None, &within, &"g11".into()));
    }

    #[test]
    fn every_count_falls_in_the_shade_that_the_legend_says() {
        for most in [1, 2, 7, 40, 1_234] {
            for n in 1..=most {
                let (low, high) = ends(shade(n, most), most).unwrap_or_default();
                assert!((low..=high).contains(&n), "{n} of {most}: {low}–{high}");
            }
        }
    }
}
