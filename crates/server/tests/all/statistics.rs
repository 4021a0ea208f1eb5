//! Figures: exact for those who may have them, from k up for walls, and nothing to be worked out by subtraction.

use fengtu_domain::states;
use fengtu_wire::cases::{CaseSummary, Clock, ClockState};
use fengtu_wire::paging::Page;
use fengtu_wire::statistics::{NextClocks, Statistics};

use crate::common;
use crate::district::{CANARY, SECRET, World};

const PERIOD: &str = "from=2026-02-09T16:00:00Z&to=2026-03-11T02:00:00Z";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_sum_to_the_whole_and_the_database_says_the_same() {
    for backend in common::backends() {
        let world = World::new(backend, 900).await;
        let leader = world.signed_in("leader").await;
        let whole: Statistics = world.json(&leader, &format!("/api/v1/statistics?{PERIOD}")).await;
        let sql = "SELECT COUNT(*) FROM cases \
                   WHERE sensitivity < 3 AND accepted_at >= 1770652800000 AND accepted_at < 1773194400000";
        let counted: i64 = sqlx::query_scalar(sql).fetch_one(world.server.state.db.pool()).await.unwrap();
        assert_eq!(whole.figures.received, Some(counted.unsigned_abs()), "{backend:?}");
        for level in ["street", "community", "grid"] {
            let rows: Statistics = world.json(&leader, &format!("/api/v1/statistics?{PERIOD}&level={level}")).await;
            let sum: u64 = rows.children.iter().map(|row| row.received.unwrap()).sum();
            assert_eq!(Some(sum), whole.figures.received, "{level}");
        }
        let days: u64 = whole.days.iter().map(|day| day.received.unwrap()).sum();
        let hours: u64 = whole.hours.iter().map(|hour| hour.unwrap()).sum();
        assert_eq!((Some(days), Some(hours), whole.hours.len()), (whole.figures.received, whole.figures.received, 24));
        // Nothing can be told by subtraction of what no category names.
        let categories: u64 = whole.categories.iter().map(|row| row.received.unwrap()).sum();
        assert_eq!(Some(categories), whole.figures.received, "{backend:?}");
        let grids: u32 = whole.children.iter().flat_map(|row| row.grids).sum();
        assert!(grids > 0 && whole.before.received.is_some());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn restricted_kinds_are_in_no_category() {
    let world = World::new(common::Backend::Sqlite, 600).await;
    for name in ["leader", "wall"] {
        let client = world.signed_in(name).await;
        let text = world.text(&client, "/api/v1/statistics").await;
        assert!(!text.contains("domestic_violence") && !text.contains(r#""category":"psychological"#), "{name}");
        assert!(!text.contains(SECRET) && !text.contains(CANARY), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn others_parts_and_wrong_questions_are_refused() {
    let world = World::new(common::Backend::Sqlite, 10).await;
    let street = world.signed_in("street").await;
    let own: Statistics = world.json(&street, "/api/v1/statistics").await;
    assert_eq!(own.place.as_str(), "d-1");
    for (path, status) in [
        ("place=d-2", 404),
        ("place=d", 404),
        ("place=nowhere", 404),
        ("level=galaxy", 400),
        ("colour=red", 400),
        ("from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z", 400),
        ("from=0000-01-01T00:00:00Z", 400),
        ("from=2062-01-01T00:00:00Z", 400),
        ("from=yesterday", 400),
    ] {
        let response = street.get(world.server.url(&format!("/api/v1/statistics?{path}"))).send().await.unwrap();
        assert_eq!(response.status(), status, "{path}");
        assert_eq!(response.headers()["content-type"], "application/problem+json");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_that_has_not_begun_here_holds_nothing() {
    for backend in common::backends() {
        let world = World::new(backend, 60).await;
        let tomorrow = world.server.state.live.now().date_naive() + chrono::Days::new(1);
        let from = format!("from={tomorrow}T00:00:00%2B08:00");
        for name in ["leader", "wall"] {
            let client = world.signed_in(name).await;
            let day: Statistics = world.json(&client, &format!("/api/v1/statistics?{from}&level=street")).await;
            assert_eq!(day.figures.received, Some(0), "{backend:?} {name}");
            assert!(day.from < day.to && day.from.date_naive() == tomorrow, "{backend:?} {name}");
        }
        let leader = world.signed_in("leader").await;
        for other in ["heat", "heat/points", "statistics/cube", "statistics/workbook"] {
            let path = format!("/api/v1/{other}?{from}");
            let response = leader.get(world.server.url(&path)).send().await.unwrap();
            assert_eq!(response.status(), 200, "{backend:?} {other}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_gets_counts_from_k_up_cannot_work_out_a_small_one() {
    let world = World::new(common::Backend::Sqlite, 150).await;
    let (department, leader) = (world.signed_in("department").await, world.signed_in("leader").await);
    let nodes = world.server.state.live.board().tree.numbers();
    let ids: Vec<String> =
        nodes.filter_map(|ix| Some(world.server.state.live.board().tree.id(ix)?.0.clone())).collect();
    let mut withheld = 0;
    for id in &ids {
        let path = format!("/api/v1/statistics?place={id}&from=2026-02-23T16:00:00Z&to=2026-03-10T16:00:00Z");
        let (shown, exact): (Statistics, Statistics) =
            (world.json(&department, &path).await, world.json(&leader, &path).await);
        assert_eq!((shown.from, shown.to), (exact.from, exact.to));
        let small = |count: Option<u64>| matches!(count, Some(1..=4));
        assert!(!small(shown.figures.received) && !small(shown.figures.open) && !small(shown.figures.overdue), "{id}");
        if let (Some(received), Some(settled)) = (shown.figures.received, shown.figures.settled) {
            assert!(!small(Some(received - settled)), "{id}");
        }
        // What the rows leave of the total: nothing, or several places with at least k cases together.
        if let Some(total) = shown.figures.received {
            let hidden: Vec<_> = shown.children.iter().filter(|row| row.received.is_none()).collect();
            let sum: u64 = shown.children.iter().filter_map(|row| row.received).sum();
            assert!(!small(Some(total - sum)), "{id}: {total} - {sum}");
            assert_ne!(hidden.len(), 1, "{id}");
            withheld += hidden.len();
        }
        // A row withheld in the list is withheld on the place's own page too.
        for row in shown.children.iter().filter(|row| row.received.is_none()) {
            let path = path.replace(&format!("place={id}&"), &format!("place={}&", row.place));
            let own: Statistics = world.json(&department, &path).await;
            assert_eq!((own.figures.received, own.figures.people, own.figures.amount_fen), (None, None, None));
        }
        assert!(shown.days.iter().all(|day| !small(day.received) && !small(day.settled)), "{id}");
        assert!(
            shown.hours.iter().all(|hour| !small(*hour)) && shown.categories.iter().all(|row| !small(row.received))
        );
    }
    assert!(withheld > 0, "the district is too busy for this test to mean anything");
}

/// Anybody can walk up to a wall: what is left of one period without another, or of a community without its grids, is not told.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wall_has_figures_of_its_own_periods_and_places_alone() {
    let world = World::new(common::Backend::Sqlite, 150).await;
    let wall = world.signed_in("wall").await;
    // It is the 11th of March, ten in the morning.
    let whole: Statistics =
        world.json(&wall, "/api/v1/statistics?from=2026-02-08T16:00:00Z&to=2026-03-10T16:00:00Z&place=d").await;
    assert!(whole.figures.received.is_some() && whole.before.received.is_some());
    assert!(
        whole.days.is_empty() && whole.hours.is_empty() && whole.categories.is_empty() && whole.children.is_empty()
    );
    for (query, status) in [
        ("", 200),
        ("place=d-1", 200),
        ("place=d-1&level=community", 200),
        ("from=2026-03-10T16:00:00Z", 200),
        ("from=2026-03-04T16:00:00Z", 200),
        ("from=2026-02-09T16:00:00Z", 200),
        ("from=2025-12-11T16:00:00Z", 200),
        ("from=2026-02-08T16:00:00Z&to=2026-03-10T16:00:00Z", 200),
        ("from=2026-03-09T16:00:00Z", 400),
        ("from=2026-02-10T16:00:00Z", 400),
        ("from=2026-02-08T16:00:00Z", 400),
        ("from=2026-02-09T16:00:00Z&to=2026-03-10T16:00:00Z", 400),
        ("from=2026-03-02T16:00:00Z&to=2026-03-09T16:00:00Z", 400),
        ("place=d-1-1", 400),
        ("place=d-1-1-1", 400),
        ("place=d-1&level=grid", 400),
        ("from=2026-03-11T16:00:00Z", 200),
        ("from=2026-03-12T16:00:00Z", 400),
        ("from=2027-01-01T16:00:00Z&to=2027-01-02T16:00:00Z", 400),
    ] {
        let response = wall.get(world.server.url(&format!("/api/v1/statistics?{query}"))).send().await.unwrap();
        assert_eq!(response.status(), status, "{query}");
    }
    // Whatever end is asked for, a day that has not begun is one day, and so is the one before it.
    let ahead: Statistics =
        world.json(&wall, "/api/v1/statistics?from=2026-03-11T16:00:00Z&to=2026-04-20T16:00:00Z").await;
    assert_eq!((ahead.to - ahead.from).num_days(), 1);
    for path in ["statistics/cube", "statistics/workbook"] {
        let response = wall.get(world.server.url(&format!("/api/v1/{path}"))).send().await.unwrap();
        assert_eq!(response.status(), 403, "{path}");
    }
}

/// A wall counts down what runs out next in the whole district: a moment of one of the cases that are open, and not whose.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wall_is_told_when_the_next_clock_of_the_district_runs_out_and_nobody_of_which_case() {
    for backend in common::backends() {
        let mut world = World::new(backend, 400).await;
        // What came just now has its clocks before it.
        for _ in 0..40 {
            world.make_change().await;
        }
        let (leader, wall) = (world.signed_in("leader").await, world.signed_in("wall").await);
        let cases: Page<CaseSummary> = world.json(&leader, "/api/v1/cases?limit=1000").await;
        let runs = |clock: &Clock| matches!(clock.state, ClockState::Running | ClockState::DueSoon);
        let open = cases.items.iter().filter(|case| states::is_open(case.state));
        let due = open.flat_map(|case| &case.clocks).filter(|clock| runs(clock)).filter_map(|clock| clock.due_at).min();
        let minute = due.map(|due| due.timestamp().div_euclid(60) * 60);
        assert!(minute.is_some(), "{backend:?}: no clock runs");
        let told: Statistics = world.json(&wall, "/api/v1/statistics").await;
        let next = told.next.unwrap();
        assert_eq!((next.case.map(|at| at.timestamp()), next.order), (minute, None), "{backend:?}");
        let over = "from=2026-02-08T16:00:00Z&to=2026-03-10T16:00:00Z&place=d";
        for (client, query) in [(&wall, "place=d-1"), (&wall, over), (&leader, "")] {
            let told: Statistics = world.json(client, &format!("/api/v1/statistics?{query}")).await;
            assert_eq!(told.next, None, "{backend:?}: {query}");
        }
    }
    let few = World::new(common::Backend::Sqlite, 2).await;
    let told: Statistics = few.json(&few.signed_in("wall").await, "/api/v1/statistics").await;
    assert_eq!(told.next, Some(NextClocks::default()), "of few cases a moment would be somebody's");
}
