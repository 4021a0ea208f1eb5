//! Heat: cells from k up for anyone, points for those who may see them, restricted cases in neither.

use std::collections::BTreeSet;

use fengtu_domain::sight::{self, Access};
use fengtu_server::dataset::Change;
use fengtu_wire::cases::{CaseSummary, Sensitivity};
use fengtu_wire::geojson::{FeatureCollection, Geometry};
use fengtu_wire::heat::{HeatCells, HeatPoint, POINTS_MEDIA_TYPE, PointColumns};
use fengtu_wire::paging::Page;
use fengtu_wire::session::Role;

use crate::common;
use crate::district::World;

const YEAR: &str = "from=2025-03-11T00:00:00Z";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cells_hold_k_or_more_and_all_that_may_be_drawn_is_accounted_for() {
    for backend in common::backends() {
        let world = World::new(backend, 700).await;
        let sql = "SELECT COUNT(*) FROM cases WHERE sensitivity < 3 AND lon IS NOT NULL";
        let drawn: i64 = sqlx::query_scalar(sql).fetch_one(world.server.state.db.pool()).await.unwrap();
        for client in [common::client(), world.signed_in("wall").await, world.signed_in("leader").await] {
            let cells: HeatCells = world.json(&client, &format!("/api/v1/heat?{YEAR}")).await;
            assert!(!cells.cells.is_empty() && cells.cells.iter().all(|cell| cell.count >= 5), "{backend:?}");
            let sum: u64 = cells.cells.iter().map(|cell| u64::from(cell.count)).sum();
            assert!((0..5).contains(&(drawn - (sum + cells.withheld) as i64)), "{backend:?}");
            assert_eq!(cells.withheld % 5, 0, "{backend:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_questions_for_cells_differ_by_nothing_small() {
    let world = World::new(common::Backend::Sqlite, 700).await;
    let client = common::client();
    let all: HeatCells = world.json(&client, &format!("/api/v1/heat?{YEAR}")).await;
    for left_out in ["mediation.wages", "legal.advice"] {
        let kept =
            ["mediation.wages", "mediation.neighbours", "mediation.property", "complaints.traffic", "legal.advice"];
        let query: String = kept.iter().filter(|id| **id != left_out).map(|id| format!("&category={id}")).collect();
        let fewer: HeatCells = world.json(&client, &format!("/api/v1/heat?{YEAR}{query}")).await;
        for cell in &all.cells {
            let other = fewer.cells.iter().find(|other| other.at == cell.at).map_or(0, |other| other.count);
            assert!(!(1..5).contains(&cell.count.abs_diff(other)), "{left_out}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn points_are_the_viewers_part_in_both_forms_and_never_restricted() {
    for backend in common::backends() {
        let world = World::new(backend, 500).await;
        let sql = "SELECT number FROM cases WHERE sensitivity < 3 AND lon IS NOT NULL";
        let drawn: BTreeSet<String> =
            sqlx::query_scalar(sql).fetch_all(world.server.state.db.pool()).await.unwrap().into_iter().collect();
        let path = format!("/api/v1/heat/points?{YEAR}");
        let leader = world.signed_in("leader").await;
        let all: FeatureCollection<HeatPoint> = world.json(&leader, &path).await;
        let numbers: BTreeSet<String> = all.features.iter().map(|f| f.properties.number.0.clone()).collect();
        assert_eq!(numbers, drawn, "{backend:?}");
        let street = world.signed_in("street").await;
        let part: FeatureCollection<HeatPoint> = world.json(&street, &path).await;
        assert!(!part.features.is_empty() && part.features.len() < all.features.len());
        assert!(part.features.iter().all(|f| f.properties.place.as_ref().unwrap().as_str().starts_with("d-1")));
        let request = leader.get(world.server.url(&path)).header("accept", POINTS_MEDIA_TYPE);
        let bytes = request.send().await.unwrap().bytes().await.unwrap();
        let columns = PointColumns::decode(&bytes).unwrap();
        assert_eq!(columns.len(), drawn.len());
        let table = bytes.len() - columns.len() * 10;
        assert!(table < 2_000, "10 bytes a case and a table of {table}");
        for (row, feature) in all.features.iter().enumerate() {
            let near = columns.position(row).unwrap();
            let Some(Geometry::Point(at)) = feature.geometry else { panic!("no point") };
            assert!((near[0] - at[0]).abs() < 1e-5 && (near[1] - at[1]).abs() < 1e-5);
            assert_eq!(columns.base + i64::from(columns.seconds[row]), feature.properties.t);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn points_are_the_cases_that_each_viewer_lists_but_the_restricted_ones() {
    for backend in common::backends() {
        let (server, _database) = common::Server::filled(backend).await;
        let mut own = 0;
        for &role in Role::ALL {
            let access = sight::access("GET", "/api/v1/heat/points", role).unwrap();
            if !access.is_granted() {
                continue;
            }
            let client = server.client_as(role).await;
            let ask = async |path: &str, accept: &str| {
                let request = client.get(server.url(&format!("/api/v1/{path}"))).header("accept", accept);
                request.send().await.unwrap().bytes().await.unwrap()
            };
            let page: Page<CaseSummary> = serde_json::from_slice(&ask("cases?limit=1000", "*/*").await).unwrap();
            let drawn = page.items.iter().filter(|case| case.sensitivity != Sensitivity::Restricted);
            let listed: BTreeSet<&str> = drawn.map(|case| case.number.as_str()).collect();
            let points: FeatureCollection<HeatPoint> =
                serde_json::from_slice(&ask("heat/points", "*/*").await).unwrap();
            let numbers: BTreeSet<&str> = points.features.iter().map(|f| f.properties.number.as_str()).collect();
            assert_eq!(numbers, listed, "{role} {backend:?}");
            let columns = PointColumns::decode(&ask("heat/points", POINTS_MEDIA_TYPE).await).unwrap();
            assert_eq!(columns.len(), listed.len(), "{role} {backend:?}");
            own += if access == Access::SelfOnly { numbers.len() } else { 0 };
        }
        assert_eq!(
            own, 9,
            "the window of community 121 has had all of its grid's cases, and of twelve three are restricted"
        );
    }
}

/// Brings in a case that may be drawn, at a place.
async fn bring(world: &mut World, at: [f64; 2]) {
    let mut row = loop {
        if let Change::NewCase(row) = world.change()
            && row.sensitivity != Sensitivity::Restricted
        {
            break row;
        }
    };
    row.at = Some(at);
    fengtu_server::live::apply(&world.server.state, &[Change::NewCase(row)]).await.unwrap();
}

/// Asks for a year's points; returns their media type and the bytes.
async fn asked(world: &World, client: &reqwest::Client, accept: &str) -> (String, Vec<u8>) {
    let request = client.get(world.server.url(&format!("/api/v1/heat/points?{YEAR}"))).header("accept", accept);
    let response = request.send().await.unwrap();
    let kind = response.headers()["content-type"].to_str().unwrap().to_owned();
    (kind, response.bytes().await.unwrap().to_vec())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cases_on_both_sides_of_the_antimeridian_come_as_geojson_where_that_is_accepted_too() {
    for backend in common::backends() {
        let mut world = World::new(backend, 60).await;
        let leader = world.signed_in("leader").await;
        let [ours, any] = ["application/geo+json;q=0.5", "*/*"].map(|other| format!("{POINTS_MEDIA_TYPE}, {other}"));
        bring(&mut world, [179.9, -16.5]).await;
        // What came in this second is not before it.
        world.server.clock.advance(chrono::Duration::minutes(1));
        let (kind, before) = asked(&world, &leader, &ours).await;
        assert_eq!(kind, POINTS_MEDIA_TYPE, "{backend:?}: 66° are a wide box and no way round the world");
        let before = PointColumns::decode(&before).unwrap().len();
        bring(&mut world, [-179.9, -16.5]).await;
        world.server.clock.advance(chrono::Duration::minutes(1));
        for accept in [&ours, &any] {
            let (kind, bytes) = asked(&world, &leader, accept).await;
            assert_eq!(kind, "application/geo+json", "{accept} {backend:?}");
            let all: FeatureCollection<HeatPoint> = serde_json::from_slice(&bytes).unwrap();
            assert_eq!(all.features.len(), before + 1, "{accept} {backend:?}");
            for lon in [179.9, -179.9] {
                let place = Some(Geometry::Point([lon, -16.5]));
                assert!(all.features.iter().any(|feature| feature.geometry == place), "{lon} {accept} {backend:?}");
            }
        }
        let (kind, bytes) = asked(&world, &leader, POINTS_MEDIA_TYPE).await;
        assert_eq!(kind, POINTS_MEDIA_TYPE, "{backend:?}: nothing else is accepted");
        assert_eq!(PointColumns::decode(&bytes).unwrap().len(), before + 1, "{backend:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_not_see_points_gets_none() {
    let world = World::new(common::Backend::Sqlite, 200).await;
    let status = async |client: reqwest::Client, query: &str, accept: &str| {
        let request = client.get(world.server.url(&format!("/api/v1/heat/points{query}"))).header("accept", accept);
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(status(common::client(), "", "*/*").await, 401);
    assert_eq!(status(world.signed_in("wall").await, "", "*/*").await, 403);
    let leader = world.signed_in("leader").await;
    assert_eq!(status(leader.clone(), "?category=none.such", "*/*").await, 400);
    assert_eq!(status(leader.clone(), "", "text/html").await, 406);
    let restricted = "?category=psychological&category=mediation.domestic_violence&from=2025-03-11T00:00:00Z";
    let points: FeatureCollection<HeatPoint> = world.json(&leader, &format!("/api/v1/heat/points{restricted}")).await;
    assert!(points.features.is_empty());
}
