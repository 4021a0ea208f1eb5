//! The whole demo district over the real server: what lists, figures and warnings say of it is one story.

use fengtu_server::cli::DemoDistrict;
use fengtu_server::db::Db;
use fengtu_server::demo::accounts::PASSWORD;
use fengtu_server::start_demo;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::common::{self, Database, NOW, Server};

/// Cases of the year: enough that some dozens are overdue in every way that there is.
const CASES: usize = 20_000;

/// A server over the demo district.
struct Demo {
    server: Server,
    _database: Database,
}

impl Demo {
    async fn start() -> Self {
        let database = Database::fresh(common::Backend::Sqlite).await;
        let db = Db::open(&database.url).await.unwrap();
        start_demo::fill(&db, DemoDistrict::Guangming, 1, CASES, NOW.parse().unwrap()).await.unwrap();
        Self { server: Server::start(&database.url).await, _database: database }
    }

    async fn signed_in(&self, name: &str) -> reqwest::Client {
        let client = common::client();
        assert_eq!(self.server.sign_in(&client, name, PASSWORD).await.status(), 201, "{name}");
        client
    }

    async fn json<T: DeserializeOwned>(&self, client: &reqwest::Client, path: &str) -> T {
        let response = client.get(self.server.url(&format!("/api/v1{path}"))).send().await.unwrap();
        assert_eq!(response.status(), 200, "{path}");
        response.json().await.unwrap()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn lists_and_figures_of_the_district_tell_the_same() {
    let demo = Demo::start().await;
    let leader = demo.signed_in("leader").await;
    overdue_is_one_number(&demo, &leader).await;
    orders_are_one_number(&demo, &leader).await;
    services_are_the_same_for_everybody(&demo, &leader).await;
    a_years_figures_are_plausible(&demo, &leader).await;
}

/// The filter of the list, the figures of the district and the rows below it count the same cases as overdue.
async fn overdue_is_one_number(demo: &Demo, leader: &reqwest::Client) {
    let list: Value = demo.json(leader, "/cases?overdue=true&total=true&limit=1000").await;
    let figures: Value = demo.json(leader, "/statistics?level=community").await;
    let snapshot: Value = demo.json(leader, "/snapshot").await;
    let counted = figures["figures"]["overdue"].as_u64().unwrap();
    assert!(counted > 5, "{counted}");
    assert_eq!(list["total"].as_u64(), Some(counted));
    assert_eq!(list["items"].as_array().unwrap().len() as u64, counted);
    assert_eq!(snapshot["today"]["overdue"].as_u64(), Some(counted));
    let rows = figures["children"].as_array().unwrap().iter();
    assert_eq!(rows.map(|row| row["overdue"].as_u64().unwrap()).sum::<u64>(), counted);
    for place in ["440311001", "440311006", "440311001003"] {
        let list: Value = demo.json(leader, &format!("/cases?overdue=true&total=true&place={place}")).await;
        let figures: Value = demo.json(leader, &format!("/statistics?place={place}")).await;
        assert_eq!(list["total"], figures["figures"]["overdue"], "{place}");
    }
}

/// Since 2022 so many were given as Guangming's own proportion says, and the list has those that the figures count.
async fn orders_are_one_number(demo: &Demo, leader: &reqwest::Client) {
    let list: Value = demo.json(leader, "/orders?total=true").await;
    let figures: Value = demo.json(leader, "/statistics?from=2021-12-31T16:00:00Z").await;
    let orders = figures["figures"]["orders"].as_u64().unwrap();
    assert_eq!(list["total"].as_u64(), Some(orders));
    assert!((CASES as u64 * 515 / 80_000).abs_diff(orders) < 8, "{orders}");
    let clerk = demo.signed_in("department").await;
    let own: Value = demo.json(&clerk, "/orders?total=true").await;
    let count = own["total"].as_u64().unwrap();
    assert!(0 < count && count < orders, "{count} of {orders}");
    let is_own =
        |order: &Value| order["departments"].as_array().unwrap().iter().any(|one| one["department"] == "区人力资源局");
    assert!(own["items"].as_array().unwrap().iter().all(is_own));
}

/// Psychological services: for nobody exact, for nobody of a community or a grid, the same for leader and auditor.
async fn services_are_the_same_for_everybody(demo: &Demo, leader: &reqwest::Client) {
    let auditor = demo.signed_in("auditor").await;
    for (place, is_told) in [("440311", true), ("440311001", true), ("440311001003", false), ("440311001003001", false)]
    {
        let path = format!("/statistics?place={place}&from=2025-06-01T03:00:00Z");
        let (exact, shown): (Value, Value) = (demo.json(leader, &path).await, demo.json(&auditor, &path).await);
        let count = exact["figures"]["psychological"].as_u64();
        assert_eq!(shown["figures"]["psychological"].as_u64(), count, "{place}");
        // A street's months may each be too few to tell.
        assert!(is_told || count.is_none(), "{place}");
        assert!(place != "440311" || count.is_some(), "{place}");
        assert!(count.is_none_or(|count| count > 0 && count % 5 == 0), "{place} {count:?}");
    }
}

async fn a_years_figures_are_plausible(demo: &Demo, leader: &reqwest::Client) {
    let year: Value = demo.json(leader, "/statistics?from=2025-03-11T02:00:00Z").await;
    let rate = |name: &str| {
        let share = &year["figures"][name];
        share["part"].as_f64().unwrap() / share["whole"].as_f64().unwrap()
    };
    for (name, least, most) in
        [("checked_in", 0.9, 1.0), ("mediated", 0.3, 0.8), ("confirmed_in_time", 0.93, 0.999), ("rated", 0.4, 0.8)]
    {
        assert!((least..=most).contains(&rate(name)), "{name} {}", rate(name));
    }
    assert!(year["figures"]["confirmations"].as_u64().unwrap() > 50);
}
