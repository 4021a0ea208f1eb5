//! The leaders' board: what brushes leave is what the figures say, and nothing is brushed by those who get counts from k up.

use fengtu_wire::cube::Cube;
use fengtu_wire::statistics::{Figures, Lawsuits, Statistics};

use crate::common;
use crate::district::{CANARY, SECRET, World};

const PERIOD: &str = "from=2026-02-09T16:00:00Z&to=2026-03-11T02:00:00Z";

async fn cube(world: &World, client: &reqwest::Client, brush: &str) -> Cube {
    world.json(client, &format!("/api/v1/statistics/cube?{PERIOD}{brush}")).await
}

fn sum(counts: impl IntoIterator<Item = Option<u64>>) -> u64 {
    counts.into_iter().map(Option::unwrap).sum()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_brush_it_says_what_the_statistics_say() {
    for backend in common::backends() {
        let world = World::new(backend, 900).await;
        for (name, place) in [("leader", ""), ("leader", "&place=d-2-2"), ("street", "")] {
            let client = world.signed_in(name).await;
            let plain: Statistics = world.json(&client, &format!("/api/v1/statistics?{PERIOD}{place}")).await;
            let cut = cube(&world, &client, place).await;
            assert!(cut.exact && plain.figures.received > Some(0));
            assert_eq!(
                (&cut.figures, &cut.before, &cut.year_before),
                (&plain.figures, &plain.before, &plain.year_before)
            );
            assert_eq!((cut.place, cut.from, cut.to, &cut.days), (plain.place, plain.from, plain.to, &plain.days));
            for row in &plain.categories {
                let cell = cut.categories.iter().find(|cell| cell.category == row.category).unwrap();
                assert_eq!(cell.received, row.received);
            }
            let hours: Vec<u64> = (0..24).map(|hour| sum(cut.week.iter().skip(hour).step_by(24).copied())).collect();
            assert_eq!(hours, plain.hours.iter().map(|n| n.unwrap()).collect::<Vec<_>>());
            for (cell, row) in cut.places.iter().zip(&plain.children) {
                assert_eq!(cell.place, row.place);
                assert_eq!((cell.figures.received, cell.figures.open), (row.received, row.open));
                assert_eq!((cell.figures.settled, cell.figures.overdue), (row.settled, row.overdue));
            }
            assert_eq!(sum(cut.places.iter().map(|cell| cell.before)), cut.before.received.unwrap());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_brush_leaves_exactly_what_its_dimension_had_shown() {
    let world = World::new(common::Backend::Sqlite, 900).await;
    let leader = world.signed_in("leader").await;
    let all = cube(&world, &leader, "").await;
    let cause = &all.categories[0];
    let by_cause = cube(&world, &leader, &format!("&category={}", cause.category)).await;
    assert_eq!((by_cause.figures.received, by_cause.before.received), (cause.received, cause.before));
    // Its own dimension still shows what else could be chosen; the others are cut.
    assert_eq!(by_cause.categories, all.categories);
    assert_eq!(Some(sum(by_cause.days.iter().map(|day| day.received))), cause.received);
    assert_eq!(Some(sum(by_cause.week.iter().copied())), cause.received);
    assert_eq!(Some(sum(by_cause.places.iter().map(|cell| cell.figures.received))), cause.received);
    assert_eq!(by_cause.cross, all.cross);

    let place = &all.places[1];
    let by_place = cube(&world, &leader, &format!("&within={}", place.place)).await;
    assert_eq!(by_place.figures.received, place.figures.received);
    assert_eq!((by_place.figures.open, by_place.groups), (place.figures.open, place.groups));
    assert_eq!(by_place.places, all.places);

    // Several places are their sum, one inside another counts once; the areas are cut by all brushes but this one.
    let two = [&all.places[0], &all.places[1]];
    let within = |places: &[&str]| format!("&within={}", places.join("&within="));
    let both = cube(&world, &leader, &within(&two.map(|cell| cell.place.as_str()))).await;
    assert_eq!(both.figures.received, Some(sum(two.map(|cell| cell.figures.received))));
    assert_eq!(both.before.received, Some(sum(two.map(|cell| cell.before))));
    assert_eq!((&both.areas, &both.places), (&all.areas, &all.places));
    let inner = all.areas.places.iter().find(|id| id.as_str().starts_with(place.place.as_str())).unwrap();
    let nested = cube(&world, &leader, &within(&[place.place.as_str(), inner.as_str()])).await;
    assert_eq!(nested.figures, by_place.figures);
    let some: Vec<&str> = all.areas.places.iter().step_by(2).map(fengtu_wire::ids::PlaceId::as_str).collect();
    let drawn = cube(&world, &leader, &within(&some)).await;
    assert_eq!(drawn.figures.received, Some(all.areas.received.iter().step_by(2).sum()));
    assert_eq!(by_cause.areas.received.iter().sum::<u64>(), cause.received.unwrap());

    let day = &all.days[9];
    let by_day = cube(&world, &leader, &format!("&day_from={0}&day_to={0}", day.day)).await;
    assert_eq!((by_day.figures.received, &by_day.days), (day.received, &all.days));
    assert_eq!(by_day.before.received, all.days[8].received);

    let slot = all.week.iter().position(|count| count.unwrap() > 2).unwrap();
    let by_hour = cube(&world, &leader, &format!("&weekday={}&hour={}", slot / 24 + 1, slot % 24)).await;
    assert_eq!((by_hour.figures.received, &by_hour.week), (all.week[slot], &all.week));

    let both = cube(&world, &leader, &format!("&category={}&within={}", cause.category, place.place)).await;
    assert_eq!(both.figures.received, Some(all.cross[1][0]));
    let cross: u64 = all.cross.iter().flatten().sum();
    assert_eq!(Some(cross), all.figures.received);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lawsuits_are_told_of_places_and_years_but_under_no_brush_and_to_nobody_who_gets_counts_from_k_up() {
    for backend in common::backends() {
        let world = World::new(backend, 200).await;
        let leader = world.signed_in("leader").await;
        let told = |filed, people| Some(Lawsuits { filed: Some(filed), months: 1, ended: 1, people });
        // February ended in the period; the cases go back 90 days, the courts' counts 14 months.
        let all = cube(&world, &leader, "").await;
        assert_eq!((all.figures.lawsuits, all.before.lawsuits), (told(27, 36_000), told(27, 36_000)));
        assert_eq!(all.year_before, Some(Figures { lawsuits: told(27, 36_000), ..Figures::default() }));
        for street in &all.places {
            let three = [street.figures.lawsuits, street.lawsuits_before, street.lawsuits_year_before];
            assert_eq!(three, [told(9, 12_000); 3], "{backend:?} {}", street.place);
        }
        let grids = cube(&world, &leader, "&place=d-1-1").await;
        assert_eq!(grids.figures.lawsuits, told(3, 4_000));
        assert!(grids.places.iter().all(|grid| grid.figures.lawsuits.is_none()), "the courts tell of no grid");
        for brush in ["&within=d-1", "&category=mediation", "&weekday=1"] {
            let cut = cube(&world, &leader, brush).await;
            assert_eq!((cut.figures.lawsuits, cut.before.lawsuits, cut.year_before), (None, None, None), "{brush}");
            let of_places = cut.places.iter().all(|cell| cell.figures.lawsuits == told(9, 12_000));
            let is_none = cut.places.iter().all(|cell| cell.figures.lawsuits.is_none());
            assert_eq!((of_places, is_none), (brush == "&within=d-1", brush != "&within=d-1"), "{brush}");
        }
        let wall = world.signed_in("wall").await;
        let department = world.signed_in("department").await;
        for (who, path) in [(&department, "statistics/cube"), (&wall, "statistics"), (&wall, "snapshot")] {
            let text = world.text(who, &format!("/api/v1/{path}")).await;
            assert!(!text.contains("filed"), "{path}: {text}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn restricted_kinds_are_in_no_cell_and_wrong_questions_are_refused() {
    let world = World::new(common::Backend::Sqlite, 600).await;
    let leader = world.signed_in("leader").await;
    let text = world.text(&leader, "/api/v1/statistics/cube").await;
    assert!(!text.contains("domestic_violence") && !text.contains(r#""category":"psychological"#));
    assert!(!text.contains(SECRET) && !text.contains(CANARY));
    let street = world.signed_in("street").await;
    for (query, status) in [
        ("place=d-2", 404),
        ("within=d-2", 400),
        ("within=nowhere", 400),
        ("within=d-1&within=d-2", 400),
        (&"&within=d-1".repeat(257)[1..], 400),
        ("category=nothing", 400),
        ("weekday=8", 400),
        ("weekday=0", 400),
        ("hour=24", 400),
        ("hour=noon", 400),
        ("day_from=2026-03-02&day_to=2026-03-01", 400),
        ("day_from=2001-01-01", 400),
        ("day_from=yesterday", 400),
        ("colour=red", 400),
    ] {
        let response = street.get(world.server.url(&format!("/api/v1/statistics/cube?{query}"))).send().await.unwrap();
        assert_eq!(response.status(), status, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_gets_counts_from_k_up_brushes_nothing_and_gets_no_small_one() {
    let world = World::new(common::Backend::Sqlite, 3_000).await;
    let department = world.signed_in("department").await;
    let small = |count: Option<u64>| matches!(count, Some(1..=4));
    let mut told = 0;
    for place in ["d", "d-1", "d-1-2", "d-2-2-3"] {
        let cut = cube(&world, &department, &format!("&place={place}")).await;
        assert!(!cut.exact && cut.week.is_empty() && cut.cross.is_empty() && cut.groups.is_none(), "{place}");
        assert_eq!(cut.areas, fengtu_wire::cube::Areas::default(), "{place}");
        assert!(!small(cut.figures.received) && !small(cut.figures.open) && !small(cut.before.received), "{place}");
        assert!(cut.categories.iter().all(|cell| !small(cell.received) && !small(cell.before)), "{place}");
        assert!(cut.days.iter().all(|day| !small(day.received) && !small(day.settled)), "{place}");
        for cell in &cut.places {
            let f = &cell.figures;
            assert!(!small(f.received) && !small(f.settled) && !small(f.repeats) && !small(cell.before), "{place}");
            told += usize::from(f.received.is_some());
        }
    }
    assert!(told > 3, "everything is withheld: the test means nothing");
    for brush in
        ["category=mediation", "within=d-1", "within=d-1-1&within=d-1-2", "weekday=1", "hour=9", "day_from=2026-03-01"]
    {
        for path in ["cube", "workbook"] {
            let url = world.server.url(&format!("/api/v1/statistics/{path}?{PERIOD}&{brush}"));
            assert_eq!(department.get(url).send().await.unwrap().status(), 403, "{path} {brush}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_workbook_and_a_code_are_what_they_say() {
    for backend in common::backends() {
        let world = World::new(backend, 300).await;
        let leader = world.signed_in("leader").await;
        let get = async |path: &str| leader.get(world.server.url(path)).send().await.unwrap();
        for query in ["", "?table=places&lang=en&category=mediation"] {
            let response = get(&format!("/api/v1/statistics/workbook{query}")).await;
            assert_eq!(response.status(), 200, "{query}");
            assert!(response.headers()["content-type"].to_str().unwrap().contains("spreadsheetml"));
            let named = response.headers()["content-disposition"].to_str().unwrap().to_owned();
            assert!(named.contains("filename*=UTF-8''") && named.contains(".xlsx"), "{named}");
            // 统计, else the sheet.
            assert!(named.contains(if query.is_empty() { "_%E7%BB%9F%E8%AE%A1_" } else { "_Places_" }), "{named}");
            assert!(query.is_empty() || named.contains("ediation"), "what is chosen: {named}");
            let bytes = response.bytes().await.unwrap();
            // A ZIP archive, as every workbook is.
            assert!(bytes.starts_with(b"PK\x03\x04") && bytes.len() > 3_000, "{query}: {}", bytes.len());
        }
        assert_eq!(get("/api/v1/statistics/workbook?table=secrets").await.status(), 400);
        let code = get("/api/v1/qr?path=%2Fboard%3Fplace%3Dd-1").await;
        assert_eq!(code.headers()["content-type"], "image/svg+xml");
        assert!(code.text().await.unwrap().starts_with("<svg"));
        for path in ["", "%2F%2Fexample.org", "https%3A%2F%2Fexample.org", "%2F%5Cexample.org"] {
            assert_eq!(get(&format!("/api/v1/qr?path={path}")).await.status(), 400, "{path}");
        }
    }
}
