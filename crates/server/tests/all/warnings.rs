//! Warnings: with their reasons, page by page, at any instant; changes come as events; the past is what it was.

use fengtu_server::settings::{self, SettingsArgs};
use fengtu_wire::cases::CaseSummary;
use fengtu_wire::events::{Event, WarningLevel};
use fengtu_wire::ids::CaseNumber;
use fengtu_wire::paging::Page;
use fengtu_wire::warnings::{Level, Signal, Warning, WarningHistory};

use crate::common::{self, Server};
use crate::district::{CANARY, SECRET, Stream, World};

/// A year that no release knows, as it is set.
const YEAR: &str = r#"[calendar]
years = [2031]
[[calendar.holidays]]
name = "春节"
from = "2031-01-22"
to = "2031-01-28"
worked = ["2031-01-19"]"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn warnings_are_listed_highest_first_page_by_page() {
    for backend in common::backends() {
        let world = World::new(backend, 1_500).await;
        let leader = world.signed_in("leader").await;
        let whole: Page<Warning> = world.json(&leader, "/api/v1/warnings?total=true&limit=1000").await;
        assert_eq!(whole.total, Some(whole.items.len() as u64));
        assert!(whole.items.len() > 6, "{backend:?}");
        assert!(whole.items.is_sorted_by(|a, b| (a.level, a.score) >= (b.level, b.score)));
        for warning in &whole.items {
            let shares: f64 = warning.reasons.iter().map(|reason| reason.share).sum();
            assert!((shares - 1.0).abs() < 1e-9 && warning.level > Level::None && warning.since <= warning.at);
        }
        let mut paged = Vec::new();
        let mut path = "/api/v1/warnings?limit=5".to_owned();
        loop {
            let page: Page<Warning> = world.json(&leader, &path).await;
            assert!(page.items.len() <= 5);
            paged.extend(page.items);
            let Some(next) = page.next else { break };
            path = format!("/api/v1/warnings?limit=5&cursor={next}");
        }
        assert_eq!(paged, whole.items);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_cases_behind_each_reason_are_as_many_as_it_counts() {
    for backend in common::backends() {
        let mut world = World::new(backend, 3_000).await;
        let seen = "UPDATE cases SET sensitivity = 1, category = 'legal.advice' WHERE number = 'T0000000'";
        sqlx::query(seen).execute(world.server.state.db.pool()).await.unwrap();
        let repeats = "UPDATE cases SET repeat_of = 'T0000000' WHERE number LIKE '%9'";
        sqlx::query(repeats).execute(world.server.state.db.pool()).await.unwrap();
        world.server = Server::start(&world.database.url).await;
        let leader = world.signed_in("leader").await;
        let before = world.server.clock.now() - chrono::TimeDelta::days(20);
        let mut seen = std::collections::HashSet::new();
        for at in [String::new(), format!("&at={}", before.format("%Y-%m-%dT%H:%M:%SZ"))] {
            let page: Page<Warning> = world.json(&leader, &format!("/api/v1/warnings?limit=12{at}")).await;
            for warning in &page.items {
                for reason in warning.reasons.iter().filter(|reason| reason.cases > 0) {
                    let (place, signal) = (&warning.place, reason.signal);
                    let path = format!("/api/v1/cases?place={place}&behind={signal}{at}&limit=1000&total=true");
                    let listed: Page<CaseSummary> = world.json(&leader, &path).await;
                    let counted = u64::from(reason.cases);
                    assert_eq!(
                        (listed.total, listed.items.len() as u64),
                        (Some(counted), counted),
                        "{path} {backend:?}"
                    );
                    seen.insert(signal);
                }
            }
            // Page by page it is the same list.
            let place = &page.items[0].place;
            let path = format!("/api/v1/cases?place={place}&behind=growth{at}&limit=1000");
            let whole: Page<CaseSummary> = world.json(&leader, &path).await;
            let first: Page<CaseSummary> = world.json(&leader, &path.replace("limit=1000", "limit=2")).await;
            assert_eq!(first.items, whole.items[..2], "{backend:?}");
            let next = format!("{}&cursor={}", path.replace("limit=1000", "limit=2"), first.next.unwrap());
            let second: Page<CaseSummary> = world.json(&leader, &next).await;
            assert_eq!(second.items, whole.items[2..4], "{backend:?}");
        }
        for signal in [
            Signal::OpenCases,
            Signal::OverdueClocks,
            Signal::UrgentCases,
            Signal::Repeats,
            Signal::GroupMatters,
            Signal::Growth,
            Signal::Amount,
        ] {
            assert!(seen.contains(&signal), "{signal} {backend:?}");
        }
        for (query, pointer) in
            [("behind=repeats", "?behind"), ("at=2026-01-01T00:00:00Z", "?at"), ("place=d&behind=noise", "?behind")]
        {
            let response = leader.get(world.server.url(&format!("/api/v1/cases?{query}"))).send().await.unwrap();
            assert_eq!(response.status(), 400, "{query}");
            let told: serde_json::Value = response.json().await.unwrap();
            let errors = told["errors"].as_array().unwrap();
            assert!(errors.iter().any(|error| error["pointer"] == pointer), "{query} {told}");
        }
        // Nobody gets more by a reason than without it.
        for (name, place) in [("street", "d-1"), ("member", "d-1-1-1"), ("department", "d"), ("member", "d-2")] {
            let viewer = world.signed_in(name).await;
            let of = async |more: &str| -> std::collections::HashSet<CaseNumber> {
                let path = format!("/api/v1/cases?place={place}&limit=1000{more}");
                let page: Page<CaseSummary> = world.json(&viewer, &path).await;
                page.items.into_iter().map(|case| case.number).collect()
            };
            let all = of("").await;
            for signal in Signal::ALL {
                assert!(of(&format!("&behind={signal}")).await.is_subset(&all), "{name} {place} {signal} {backend:?}");
            }
        }
        // Nor does a repeat tell of an earlier case that the viewer may not see.
        let hide = "UPDATE cases SET sensitivity = 3 WHERE number = 'T0000000'";
        sqlx::query(hide).execute(world.server.state.db.pool()).await.unwrap();
        let listed: Page<CaseSummary> =
            world.json(&leader, "/api/v1/cases?place=d&behind=repeats&limit=1000&total=true").await;
        assert_eq!((listed.items.len(), listed.total), (0, Some(0)), "{backend:?}");
        // Who may see no case of a place gets none, whatever lies behind its level.
        let wall = world.signed_in("wall").await;
        let response = wall.get(world.server.url("/api/v1/cases?place=d&behind=open_cases")).send().await.unwrap();
        assert_ne!(response.status(), 500);
        let text = response.text().await.unwrap();
        assert!(!text.contains("\"number\""), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wall_gets_levels_without_reasons_or_exact_scores() {
    let world = World::new(common::Backend::Sqlite, 1_500).await;
    let (wall, leader) = (world.signed_in("wall").await, world.signed_in("leader").await);
    let text = world.text(&wall, "/api/v1/warnings").await;
    assert!(!text.contains(CANARY) && !text.contains(SECRET));
    let page: Page<Warning> = serde_json::from_str(&text).unwrap();
    let thresholds = world.server.state.live.config().warning_thresholds;
    assert!(!page.items.is_empty());
    assert!(page.items.iter().all(|warning| warning.reasons.is_empty() && thresholds.contains(&warning.score)));
    let first = &page.items[0];
    let exact: Warning = world.json(&leader, &format!("/api/v1/warnings/{}", first.id)).await;
    assert_eq!((exact.level, exact.reasons.is_empty()), (first.level, false));
    let street = world.signed_in("street").await;
    for (path, status) in
        [("/d-2", 404), ("/none", 404), ("?limit=0", 400), ("?cursor=x", 400), ("/history?step_s=1", 400)]
    {
        let response = street.get(world.server.url(&format!("/api/v1/warnings{path}"))).send().await.unwrap();
        assert_eq!(response.status(), status, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_runs_out_by_itself_moves_levels_and_tells_so() {
    let mut world = World::new(common::Backend::Sqlite, 300).await;
    let leader = world.signed_in("leader").await;
    for _ in 0..40 {
        world.make_change().await;
    }
    let before = levels(&world);
    let mut stream = Stream::open(&world, &leader, "/api/v1/events").await;
    stream.next_named("heartbeat").await;
    world.server.clock.advance(chrono::Duration::minutes(20));
    world.server.state.live.tick();
    let after = levels(&world);
    let changed: Vec<&WarningLevel> = after.iter().filter(|level| !before.contains(level)).collect();
    let moved = after.iter().zip(&before).filter(|(a, b)| a.level != b.level).count();
    assert!(moved > 0 && moved <= changed.len(), "nothing ran out in twenty minutes");
    for _ in 0..moved {
        let event = stream.next_named("warning").await;
        let Event::Warning(level) = serde_json::from_str(&event.data).unwrap() else { panic!("{}", event.data) };
        assert!(after.iter().any(|now| now.place == level.place && now.level == level.level));
    }
}

fn levels(world: &World) -> Vec<WarningLevel> {
    let board = world.server.state.live.board();
    board.tree.numbers().filter_map(|ix| fengtu_server::live::warning(&board, ix)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_past_is_what_it_was() {
    let world = World::new(common::Backend::Sqlite, 1_500).await;
    let leader = world.signed_in("leader").await;
    let path = "/api/v1/warnings/history?from=2025-12-20T00:00:00%2B08:00&to=2026-03-11T02:00:00Z";
    let history: WarningHistory = world.json(&leader, path).await;
    assert_eq!((history.places.len(), history.frames.len(), history.step_s), (36, 82, 86_400));
    assert!(history.frames.iter().all(|frame| frame.len() == 36 && frame.bytes().all(|b| (b'0'..=b'3').contains(&b))));
    assert!(history.frames.iter().any(|frame| frame.bytes().any(|b| b != b'0')));
    // Each frame, walked to, is what counting everything anew gives.
    for (n, frame) in history.frames.iter().enumerate().step_by(9) {
        let at = (history.from + chrono::Duration::seconds(86_400 * n as i64)).to_utc();
        let at = at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
        let then: Page<Warning> =
            world.json(&leader, &format!("/api/v1/warnings?place_level=grid&limit=1000&at={at}")).await;
        for (place, digit) in history.places.iter().zip(frame.bytes()) {
            let level = then.items.iter().find(|warning| warning.place == *place).map_or(Level::None, |w| w.level);
            assert_eq!(level as u8, digit - b'0', "{place} at {at}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_settings_file_changes_scores_and_shares_while_the_server_runs() {
    for backend in common::backends() {
        let world = World::new(backend, 900).await;
        let leader = world.signed_in("leader").await;
        let first: Page<Warning> = world.json(&leader, "/api/v1/warnings?limit=1&place_level=grid").await;
        let path = format!("/api/v1/warnings/{}", first.items[0].id);
        let folder = tempfile::tempdir().unwrap();
        let args = |text: &str| {
            let file = folder.path().join("settings.toml");
            std::fs::write(&file, text).unwrap();
            SettingsArgs { dry_run: false, file }
        };
        // As another process does it.
        let db = fengtu_server::db::Db::open(&world.database.url).await.unwrap();
        let now = world.server.clock.now();
        let nonsense = args("[warnings]\nthresholds = [30, 20, 10]\n");
        assert!(settings::run(&db, &nonsense, now, &mut std::io::sink()).await.is_err());
        let lines: String = Signal::ALL.iter().map(|signal| format!("{signal}.points = 0\n")).collect();
        let only = args(&format!(
            "{YEAR}\n[warnings]\nthresholds = [1, 2, 3]\n[warnings.weights]\n{}",
            lines.replace("open_cases.points = 0", "open_cases.points = 100")
        ));
        let mut told = Vec::new();
        settings::run(&db, &only, now, &mut told).await.unwrap();
        let told = String::from_utf8(told).unwrap();
        assert!(told.contains("open_cases: points 100") && told.ends_with(" 2031\n"), "{told}");
        let changed = async {
            while world.server.state.live.config().warning_thresholds != [1.0, 2.0, 3.0] {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(20), changed).await.expect("the server hears of it");
        let after: Warning = world.json(&leader, &path).await;
        assert_eq!(after.reasons.len(), 1, "{backend:?}");
        assert_eq!((after.reasons[0].signal, after.reasons[0].share), (Signal::OpenCases, 1.0), "{backend:?}");
        assert!((after.reasons[0].points - after.score).abs() < 0.01);
        let shown: serde_json::Value = world.json(&leader, "/api/v1/config").await;
        assert_eq!(shown["warning_rules"]["weights"][0]["points"], 100.0);
        assert_eq!(shown["calendar"]["years"].as_array().unwrap().last().unwrap(), 2031, "{backend:?}");
        assert_eq!(shown["calendar"]["days"].as_array().unwrap().last().unwrap()["date"], "2031-01-28");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_score_is_minus_nought() {
    let world = World::new(common::Backend::Sqlite, 5).await;
    let leader = world.signed_in("leader").await;
    let text = world.text(&leader, "/api/v1/warnings?level=none&limit=1000").await;
    assert!(text.contains("\"score\":0.0") && !text.contains("-0.0"));
    let one = world.text(&leader, "/api/v1/warnings/d-2-2-3").await;
    assert!(!one.contains("-0.0"), "{one}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wall_is_told_how_it_is_and_never_how_it_was() {
    let world = World::new(common::Backend::Sqlite, 300).await;
    let (leader, wall) = (world.signed_in("leader").await, world.signed_in("wall").await);
    let place = &levels(&world)[0].place;
    let at = "at=2026-03-10T02:00:00Z";
    let asked =
        [(String::new(), 200), (format!("?{at}"), 400), (format!("/{place}?{at}"), 400), ("/history".to_owned(), 403)];
    for (path, of_wall) in asked {
        for (client, expected) in [(&leader, 200), (&wall, of_wall)] {
            let response = client.get(world.server.url(&format!("/api/v1/warnings{path}"))).send().await.unwrap();
            assert_eq!(response.status(), expected, "{path}");
        }
    }
}
