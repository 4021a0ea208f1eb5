//! The rows of cases: those that layers draw one by one, and the cells of those who see none.

use std::collections::HashSet;

use chrono::{DateTime, FixedOffset};
use fengtu_domain::sight::{layer_ok, treated_as};
use fengtu_wire::cases::CaseSummary;
use fengtu_wire::events::CaseDot;
use fengtu_wire::ids::{CategoryId, PlaceId};

use super::sheet::{Cell, Column, Row, Sheet};
use crate::desk::scope::{is_within, name_of};
use crate::desk::words;
use crate::i18n;
use crate::map::model::{Area, HeatCell};
use crate::routes::{Layer, Order, Selection, ViewState};
use crate::state::DistrictStore;
use crate::tr;

/// Tells whether a case is of the chosen categories or below one of them; none chosen: all are.
pub fn is_of(district: &DistrictStore, category: &CategoryId, state: &ViewState) -> bool {
    let parent = district.category(category).and_then(|c| c.parent.as_ref());
    state.categories.is_empty()
        || state.categories.contains(category)
        || parent.is_some_and(|p| state.categories.contains(p))
}

/// The start and the end of a period; absent: it goes on.
pub type Period = (DateTime<FixedOffset>, Option<DateTime<FixedOffset>>);

/// Lists the cases of a period in the node and of the categories in view: the newest as they came, then those that were read.
pub fn with_newest<'a>(
    district: &DistrictStore,
    dots: impl Iterator<Item = &'a CaseDot>,
    read: &Sheet,
    node: &PlaceId,
    (state, (from, to)): (&ViewState, Period),
) -> Sheet {
    let inside = |dot: &&CaseDot| dot.place.as_ref().is_none_or(|place| is_within(district, place, node));
    let in_time = |dot: &&CaseDot| dot.reported_at >= from && to.is_none_or(|to| dot.reported_at < to);
    let wanted = dots.filter(in_time).filter(inside).filter(|dot| is_of(district, &dot.category, state));
    let newest = wanted.map(|dot| {
        let told = [&dot.title, dot.number.as_str(), words::class(dot.class), words::state(dot.state)];
        let cells = case_cells(district, told, &dot.category, dot.reported_at, dot.place.as_ref());
        Row { id: Selection::Case(dot.number.clone()), cells, at: dot.at }
    });
    let mut rows: Vec<Row> = newest.collect();
    let known: HashSet<&str> = rows.iter().map(Row::key).collect();
    let older: Vec<Row> = read.rows.iter().filter(|row| !known.contains(row.key())).cloned().collect();
    rows.extend(older);
    Sheet { layer: Layer::Cases, columns: case_columns(), rows }
}

/// Lists the cells of heat in a node, those with most cases first, each by the area that its middle lies in.
pub fn cells(district: &DistrictStore, cells: &[HeatCell], areas: &[Area], node: &PlaceId) -> Sheet {
    let row = |cell: &HeatCell| {
        let place = areas.iter().find(|area| area.shape.contains(cell.at)).map(|area| &area.id);
        place.is_none_or(|place| is_within(district, place, node)).then(|| Row {
            id: Selection::Place(place.unwrap_or(node).clone()),
            cells: vec![place_cell(district, place), Cell::Count(cell.count.into())],
            at: Some([cell.at.lon, cell.at.lat]),
        })
    };
    let columns =
        vec![Column::words("place", tr!(desk.list_place)), Column::figures("cases", tr!(desk.layer_all_cases))];
    let sheet = Sheet { layer: Layer::Heat, columns, rows: cells.iter().filter_map(row).collect() };
    sheet.ordered(Some(Order { column: 1, descending: true }))
}

/// Lists the cases of the period as the server lists them, but for those that no layer shows and no export takes along.
pub fn cases<'a>(district: &DistrictStore, cases: impl Iterator<Item = &'a CaseSummary>) -> Sheet {
    let is_shown = |case: &&CaseSummary| {
        let least = district.category(&case.category).map_or(case.sensitivity, |category| category.sensitivity);
        layer_ok(treated_as(case.sensitivity, least))
    };
    let rows = cases.filter(is_shown).map(|case| {
        let told = [&case.title, case.number.as_str(), words::class(case.class), words::state(case.state)];
        let cells = case_cells(district, told, &case.category, case.reported_at, case.place.as_ref());
        Row { id: Selection::Case(case.number.clone()), cells, at: case.at }
    });
    Sheet { layer: Layer::Heat, columns: case_columns(), rows: rows.collect() }
}

/// Gives the cells of a case in the order of [`case_columns`].
fn case_cells(
    district: &DistrictStore,
    told: [&str; 4],
    category: &CategoryId,
    reported_at: DateTime<FixedOffset>,
    place: Option<&PlaceId>,
) -> Vec<Cell> {
    let category = district.category(category).map_or_else(|| category.to_string(), |c| i18n::local(&c.name));
    let [title, number, class, state] = told.map(|text| Cell::Text(text.to_owned()));
    let reported_at = Cell::Time(reported_at.to_utc());
    vec![title, number, Cell::Text(category), class, state, reported_at, place_cell(district, place)]
}

fn place_cell(district: &DistrictStore, place: Option<&PlaceId>) -> Cell {
    place.map_or(Cell::Empty, |place| Cell::Text(name_of(district, place)))
}

fn case_columns() -> Vec<Column> {
    vec![
        Column::words("title", tr!(desk.list_title)),
        Column::words("number", tr!(desk.list_number)),
        Column::words("category", tr!(desk.list_category)),
        Column::words("class", tr!(desk.list_class)),
        Column::words("state", tr!(desk.list_state)),
        Column::words("reported_at", tr!(desk.list_reported)),
        Column::words("place", tr!(desk.list_place)),
    ]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "tests")]

    use fengtu_geo::LonLat;
    use fengtu_wire::cases::{CaseState, Class, Sensitivity};
    use fengtu_wire::config::{Category, Config};
    use fengtu_wire::geojson::Geometry;
    use fengtu_wire::places::PlaceLevel;
    use fengtu_wire::text::LocalText;

    use super::*;
    use crate::desk::drawer::signals::tests::{at, case};
    use crate::desk::list::rows::tests::{district, keys};

    #[test]
    fn a_restricted_case_is_in_no_list_of_a_layer_and_so_in_no_export() {
        let mut district = district();
        let mut config: Config =
            serde_json::from_str(include_str!("../../../crates/wire/tests/golden/config.json")).unwrap();
        let of =
            |id: &str, sensitivity| Category { id: id.into(), parent: None, name: LocalText::new(id, id), sensitivity };
        config.categories = vec![of("noise", Sensitivity::Internal), of("violence", Sensitivity::Restricted)];
        district.config.settle(Ok(config), DateTime::default());
        let secret = CaseSummary { sensitivity: Sensitivity::Restricted, ..case("secret") };
        let of_a_kind = CaseSummary { category: "violence".into(), ..case("of a kind") };
        let unknown = CaseSummary { category: "unheard-of".into(), ..case("unknown") };
        let all = [case("open"), secret, of_a_kind, unknown];
        assert_eq!(keys(&cases(&district, all.iter())), ["open", "unknown"]);
    }

    #[test]
    fn the_cases_of_a_layer_are_those_of_its_period_the_newest_first_and_each_once() {
        let district = district();
        let hour = |hour: u32| at(&format!("2026-03-01T{hour:02}:00:00+08:00"));
        let dot = |number: &str, reported_at, place: &str| CaseDot {
            number: number.into(),
            category: "noise".into(),
            class: Class::Ordinary,
            state: CaseState::Reported,
            place: Some(place.into()),
            at: None,
            reported_at,
            weight: 1,
            title: String::new(),
        };
        let dots = [dot("new", hour(9), "g1"), dot("both", hour(8), "g1"), dot("elsewhere", hour(8), "g2")];
        let read = cases(&district, [case("both"), case("old")].iter());
        let of = |from, to| {
            let sheet = with_newest(&district, dots.iter(), &read, &"s1".into(), (&ViewState::default(), (from, to)));
            keys(&sheet).into_iter().map(str::to_owned).collect::<Vec<_>>()
        };
        assert_eq!(of(hour(0), None), ["new", "both", "old"]);
        // In the past what came since is no case of the period.
        assert_eq!(of(hour(0), Some(hour(9))), ["both", "old"]);
        assert_eq!(of(hour(10), None), ["both", "old"]);
    }

    #[test]
    fn cells_are_listed_by_the_area_that_they_lie_in_the_fullest_first() {
        let district = district();
        let spot = |lon: f64| LonLat { lon, lat: 22.05 };
        let square =
            Geometry::Polygon(vec![vec![[113.0, 22.0], [113.2, 22.0], [113.2, 22.2], [113.0, 22.2], [113.0, 22.0]]]);
        let shape = crate::scene::geometry::area(&square).unwrap();
        let area = Area { id: "c1".into(), level: PlaceLevel::Community, shape, name: String::new(), label_at: None };
        let all = [
            HeatCell { at: spot(113.1), count: 5 },
            HeatCell { at: spot(113.15), count: 8 },
            HeatCell { at: spot(114.0), count: 6 },
        ];
        let sheet = cells(&district, &all, std::slice::from_ref(&area), &"s1".into());
        assert_eq!(keys(&sheet), ["c1", "s1", "c1"], "outside of every area it is of the node");
        assert_eq!(sheet.rows[0].cells[1], Cell::Count(8));
        assert_eq!(keys(&cells(&district, &all, &[area], &"s2".into())), ["s2"]);
    }
}
