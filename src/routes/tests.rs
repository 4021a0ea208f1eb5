//! Addresses there and back.

#![allow(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::*;

fn text() -> impl Strategy<Value = String> {
    "[\\PC]{1,20}".prop_filter("not empty", |s| !s.is_empty() && s.len() <= MAX_TEXT)
}

fn time() -> impl Strategy<Value = DateTime<Utc>> {
    (0_i64..7_000_000_000).prop_map(|s| DateTime::from_timestamp(s, 0).unwrap())
}

fn selection() -> impl Strategy<Value = Selection> {
    (0..4, text()).prop_map(|(kind, t)| match kind {
        0 => Selection::Place(PlaceId(t)),
        1 => Selection::Station(StationId(t)),
        2 => Selection::Building(BuildingCode(t)),
        _ => Selection::Case(CaseNumber(t)),
    })
}

fn narrow() -> impl Strategy<Value = Narrow> {
    let order = proptest::option::of(
        (0..99_usize, any::<bool>()).prop_map(|(column, descending)| Order { column, descending }),
    );
    let only = proptest::option::of(proptest::sample::select(Only::ALL.to_vec()));
    (proptest::option::of(text()), any::<bool>(), only, order).prop_map(|(text, warned, only, order)| Narrow {
        text: text.unwrap_or_default(),
        warned,
        only,
        order,
    })
}

fn brush() -> impl Strategy<Value = Brush> {
    let day = (0_i32..60_000).prop_map(|n| chrono::NaiveDate::from_num_days_from_ce_opt(720_000 + n).unwrap());
    let days =
        proptest::option::of((day, 0_u64..400)).prop_map(|d| d.map(|(from, n)| (from, from + chrono::Days::new(n))));
    let list = |least: u8, most: u8| {
        proptest::collection::btree_set(least..=most, 0..5).prop_map(|set| set.into_iter().collect())
    };
    let place = prop_oneof![text(), "4403[0-9]{0,3}", "[-_a-z0-9.]{1,6}"];
    let places = proptest::collection::btree_set(place, 0..8);
    (places, days, list(1, 7), list(0, 23)).prop_map(|(within, days, weekdays, hours)| Brush {
        within: within.into_iter().map(PlaceId).collect(),
        days,
        weekdays,
        hours,
    })
}

fn sort() -> impl Strategy<Value = StationSort> {
    let level = proptest::sample::select(fengtu_wire::stations::StationLevel::ALL).prop_map(StationSort::Level);
    let site = proptest::sample::select(fengtu_wire::grids::LandUse::ALL).prop_map(StationSort::Site);
    prop_oneof![level, site]
}

prop_compose! {
    fn view()(
        place in proptest::option::of(text()),
        level in proptest::option::of(proptest::sample::select(MapLevel::ALL)),
        layers in proptest::collection::btree_set(proptest::sample::select(Layer::ALL), 0..10),
        times in proptest::array::uniform3(proptest::option::of(time())),
        categories in proptest::collection::btree_set(text(), 0..4),
        half_life_s in proptest::option::of(any::<u32>()),
        radius_m in proptest::option::of(10..=5_000_u32),
        hidden in proptest::collection::btree_set(sort(), 0..5),
        selection in proptest::option::of(selection()),
        covered_by in proptest::collection::btree_set(proptest::sample::select(CircleKind::ALL), 0..3),
        narrow in narrow(),
        brush in brush(),
        rank in proptest::option::of(proptest::sample::select(Rank::ALL)),
        present in any::<bool>(),
        list in proptest::option::of(proptest::sample::select(Layer::ALL)),
        base in proptest::option::of(text()),
        camera in proptest::option::of((-180_000..=180_000_i32, -85_000..=85_000_i32, 0..=2400_i32)),
        theme in proptest::sample::select(Theme::ALL),
        lang in proptest::option::of(proptest::sample::select(Lang::ALL)),
    ) -> ViewState {
        let [at, from, to] = times;
        let camera = camera.map(|(x, y, z)| Camera {
            lon: f64::from(x) / 1000.0, lat: f64::from(y) / 1000.0, zoom: f64::from(z) / 100.0,
        });
        ViewState {
            place: place.map(PlaceId), level, layers, at, from, to, categories: categories.into_iter().map(CategoryId).collect(),
            half_life_s, radius_m, hidden: hidden.into_iter().collect(), covered_by, selection, list, narrow, brush, rank, present, base, camera, theme, lang,
        }
    }
}

proptest! {
    #[test]
    fn a_view_survives_the_address_bar(view in view()) {
        let (read, ignored) = ViewState::from_query(&view.to_query());
        prop_assert_eq!(ignored, 0);
        prop_assert_eq!(read, view);
    }

    #[test]
    fn a_camera_is_written_on_the_earth(lon in -180_000..=180_000_i32, turns in -2..=2_i32) {
        let lon = f64::from(lon) / 1000.0;
        let turned = Camera { lon: lon + 360.0 * f64::from(turns), lat: 0.0, zoom: 9.0 };
        let state = ViewState { camera: Some(turned), ..ViewState::default() };
        let read = ViewState::from_query(&state.to_query()).0.camera.map(|camera| camera.lon);
        let off = read.map(|read| (read - lon).abs());
        prop_assert!(off.is_some_and(|off| off < 1e-4 || (off - 360.0).abs() < 1e-4), "{read:?}");
    }

    #[test]
    fn any_query_is_read_without_panic(query in "\\PC{0,300}") {
        let (view, ignored) = ViewState::from_query(&query);
        prop_assert!(ignored <= query.split('&').count());
        prop_assert_eq!(ViewState::from_query(&view.to_query()).1, 0);
    }
}

#[test]
fn the_default_view_has_no_query() {
    assert_eq!(ViewState::default().to_query(), "");
    assert_eq!(ViewState::from_query(""), (ViewState::default(), 0));
}

#[test]
fn hostile_parts_are_ignored_and_counted() {
    let query = "level=planet&map=NaN,1,2&map=1e9,1,2&at=9999-01-01T00:00:00Z&sel=x:1&half=-1&place=%00&q&radius=9&hide=castle&cover=moon&warned=2&only=some&sort=d&theme=night";
    let (view, ignored) = ViewState::from_query(query);
    assert_eq!(ignored, 14);
    assert_eq!(view, ViewState { theme: Theme::Night, ..ViewState::default() });
}

#[test]
fn every_page_has_its_path() {
    for page in Page::ALL {
        assert_eq!(Page::from_path(page.path()), Some(page));
    }
    assert_eq!(Page::from_path("/wall/"), Some(Page::Wall));
    assert_eq!(Page::from_path("/nowhere"), None);
}
