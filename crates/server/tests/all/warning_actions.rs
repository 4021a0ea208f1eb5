//! What is done about warnings: once, on what was read, by those who answer for the place; and what came of earlier ones.

use chrono::{DateTime, Duration, Utc};
use fengtu_server::app::AppState;
use fengtu_server::store::warning_actions::{self, ActionRow};
use fengtu_wire::ids::PlaceId;
use fengtu_wire::paging::Page;
use fengtu_wire::session::Role;
use fengtu_wire::warnings::{
    Level, Warning, WarningAction, WarningEpisode, WarningHistory, WarningRecord, WarningState, WarningTrial,
};
use serde_json::{Value, json};

use crate::common;
use crate::district::World;

struct Desk<'a> {
    world: &'a World,
    client: reqwest::Client,
}

impl Desk<'_> {
    async fn act(&self, place: &str, version: Option<&str>, key: Option<&str>, body: &Value) -> (u16, String) {
        let url = self.world.server.url(&format!("/api/v1/warnings/{place}/actions"));
        let mut request = self.client.post(url).header("x-fengtu", "1").json(body);
        for (name, value) in [("if-match", version), ("idempotency-key", key)] {
            request = value.into_iter().fold(request, |request, value| request.header(name, value));
        }
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    async fn warning(&self, place: &str) -> Warning {
        self.world.json(&self.client, &format!("/api/v1/warnings/{place}")).await
    }
}

/// A street that has a warning, and a community below it.
async fn warned(world: &World, desk: &Desk<'_>) -> (String, String) {
    let path = "/api/v1/warnings?place=d-1&place_level=community";
    let page: Page<Warning> = world.json(&desk.client, path).await;
    let community = page.items.first().expect("a community of the first street is warned of").place.to_string();
    let grid = format!("{community}-1");
    (community, grid)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_action_is_done_once_on_what_was_read_and_everybody_sees_it() {
    for backend in common::backends() {
        let world = World::new(backend, 1_500).await;
        let desk = Desk { world: &world, client: world.signed_in("leader").await };
        let (community, grid) = warned(&world, &desk).await;
        let before = desk.warning(&community).await;
        assert_eq!((before.state, before.version), (WarningState::Open, 0), "{backend:?}");
        assert!(before.actions.contains(&WarningAction::HandDown));
        let hand_down = json!({ "action": "hand_down", "to": grid, "note": " 请今天上门  " });
        // What is missing is named.
        assert_eq!(desk.act(&community, None, Some("k1"), &hand_down).await.0, 428);
        assert_eq!(desk.act(&community, Some("\"0\""), None, &hand_down).await.0, 400);
        assert_eq!(desk.act(&community, Some("\"1\""), Some("k1"), &hand_down).await.0, 412);
        assert_eq!(desk.act(&community, Some("W/\"0\""), Some("k1"), &hand_down).await.0, 412);
        let (status, first) = desk.act(&community, Some("\"0\""), Some("k1"), &hand_down).await;
        assert_eq!(status, 201, "{first}");
        let record: WarningRecord = serde_json::from_str(&first).unwrap();
        assert_eq!((record.version, record.level, record.note.as_deref()), (1, before.level, Some("请今天上门")));
        // Sent again it is done once and answered as before; the key is for nothing else.
        assert_eq!(desk.act(&community, Some("\"0\""), Some("k1"), &hand_down).await, (201, first));
        let other = json!({ "action": "close", "note": "x" });
        assert_eq!(desk.act(&community, Some("\"0\""), Some("k1"), &other).await.0, 422);
        assert_eq!(desk.act(&community, Some("\"0\""), Some("k2"), &other).await.0, 412);
        // Somebody else's key is somebody else's.
        let street = Desk { world: &world, client: world.signed_in("street").await };
        let seen = street.warning(&community).await;
        assert_eq!((seen.state, seen.version), (WarningState::Acknowledged, 1));
        assert_eq!(seen.handed_to.as_ref().map(PlaceId::as_str), Some(grid.as_str()));
        assert_eq!(street.act(&community, Some("\"1\""), Some("k1"), &other).await.0, 201);
        assert_eq!(street.act(&community, Some("\"2\""), Some("k3"), &other).await.0, 409);
        let rows: Vec<WarningRecord> = world.json(&desk.client, &format!("/api/v1/warnings/{community}/actions")).await;
        assert_eq!(rows.iter().map(|row| row.version).collect::<Vec<_>>(), [2, 1]);
        assert_ne!(rows[0].by, rows[1].by);
        let listed: Page<Warning> = world.json(&desk.client, "/api/v1/warnings?limit=1000").await;
        let row = listed.items.iter().find(|row| row.place.as_str() == community).unwrap();
        assert_eq!((row.state, row.version), (WarningState::Closed, 2));
        // A process that starts later reads it from the table.
        let second = common::Server::start(&world.database.url).await;
        let ix = second.state.live.board().tree.find(&community.as_str().into()).unwrap();
        assert_eq!(second.state.live.board().last_done(ix).unwrap().version, 2, "{backend:?}");
    }
}

/// That another process has closed a warning.
fn closed(place: &str, level: Level, at: DateTime<Utc>) -> ActionRow {
    ActionRow {
        place: place.into(),
        version: 1,
        at,
        action: WarningAction::Close,
        level,
        score: 50.0,
        account: "elsewhere".into(),
        name: "别处".to_owned(),
        role: Role::Street,
        note: Some("已了结".to_owned()),
        handed_to: None,
        request_key: place.to_owned(),
        request_hash: String::new(),
    }
}

async fn store(state: &AppState, row: &ActionRow) {
    let mut tx = state.db.begin_write().await.unwrap();
    warning_actions::add(&mut tx, row).await.unwrap();
    tx.commit().await.unwrap();
}

/// Whether a warning went away since, or had become better and got worse again, is told by the levels of the days, however long
/// ago that was.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_closed_stays_so_as_long_as_it_never_was_lower() {
    let world = World::new(common::Backend::Sqlite, 1_500).await;
    let leader = world.signed_in("leader").await;
    let (now, days) = (world.server.clock.now(), 80);
    let from = (now - Duration::days(days)).format("%FT%TZ");
    let warned: Page<Warning> = world.json(&leader, "/api/v1/warnings?limit=1000").await;
    // Closed when red: only that it was away or lower makes it new. Seventy days are time for that, two days seldom are.
    let ago = |place: &PlaceId| if place.as_str().bytes().map(u32::from).sum::<u32>() % 2 == 0 { 70 } else { 2 };
    for Warning { place, .. } in &warned.items {
        let at = now - Duration::days(ago(place));
        store(&world.server.state, &closed(place.as_str(), Level::Red, at)).await;
    }
    let later = common::Server::start(&world.database.url).await;
    let mut seen = [0, 0];
    for level in ["grid", "community", "street"] {
        let path = format!("/api/v1/warnings/history?from={from}&step_s=86400&level={level}");
        let past: WarningHistory = world.json(&leader, &path).await;
        // One that is red again is new by that alone.
        for one in warned.items.iter().filter(|one| matches!(one.level, Level::Blue | Level::Yellow)) {
            let Some(column) = past.places.iter().position(|place| *place == one.place) else { continue };
            // What it was on the day of the action tells nothing: a level is known to the day.
            let after = past.frames.iter().skip((days - ago(&one.place) + 1) as usize);
            let lowest = after.map(|frame| frame.as_bytes()[column]).min().unwrap();
            let was_lower = lowest < b'0' + one.level as u8;
            let board = later.state.live.board();
            let ix = board.tree.find(&one.place).unwrap();
            let mark = board.risk.mark(ix);
            let state = board.standing(ix, mark, board.since(ix, mark.level, mark.since), board.last_done(ix)).state;
            let expected = if was_lower { WarningState::Open } else { WarningState::Closed };
            assert_eq!(state, expected, "{}", one.place);
            seen[usize::from(was_lower)] += 1;
        }
    }
    assert!(seen.iter().all(|n| *n > 0), "both kinds were seen: {seen:?}");
}

/// What another process did counts before this one has heard of it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_can_be_done_follows_from_what_is_stored() {
    for backend in common::backends() {
        let world = World::new(backend, 1_500).await;
        let desk = Desk { world: &world, client: world.signed_in("leader").await };
        let (community, _) = warned(&world, &desk).await;
        let before = desk.warning(&community).await;
        let row = closed(&community, before.level, world.server.clock.now());
        store(&world.server.state, &row).await;
        assert_eq!(desk.warning(&community).await.version, 0, "this process has not heard of it {backend:?}");
        let handle = json!({ "action": "handle", "note": "已上门" });
        assert_eq!(desk.act(&community, Some("\"1\""), Some("k"), &handle).await.0, 409, "{backend:?}");
        let reopen = json!({ "action": "reopen", "note": "又来了" });
        assert_eq!(desk.act(&community, Some("\"1\""), Some("k"), &reopen).await.0, 201, "{backend:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_act_at_once_one_is_told() {
    for backend in common::backends() {
        let world = World::new(backend, 1_500).await;
        let desk = Desk { world: &world, client: world.signed_in("leader").await };
        let (community, _) = warned(&world, &desk).await;
        let note = |n: usize| json!({ "action": "handle", "note": format!("第 {n} 人") });
        let bodies: Vec<Value> = (0..6).map(note).collect();
        let keys: Vec<String> = (0..6).map(|n| format!("key-{n}")).collect();
        let all = (0..6).map(|n| desk.act(&community, Some("\"0\""), Some(&keys[n]), &bodies[n]));
        let mut codes: Vec<u16> = futures::future::join_all(all).await.into_iter().map(|answer| answer.0).collect();
        codes.sort_unstable();
        assert_eq!(codes, [201, 412, 412, 412, 412, 412], "{backend:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn others_places_and_wrong_bodies_are_refused() {
    let world = World::new(common::Backend::Sqlite, 1_500).await;
    let street = Desk { world: &world, client: world.signed_in("street").await };
    let wall = Desk { world: &world, client: world.signed_in("wall").await };
    let take = json!({ "action": "acknowledge" });
    assert_eq!(street.act("d-2", Some("\"0\""), Some("a"), &take).await.0, 404);
    assert_eq!(street.act("nowhere", Some("\"0\""), Some("a"), &take).await.0, 404);
    assert_eq!(wall.act("d-1", Some("\"0\""), Some("a"), &take).await.0, 403);
    for path in ["d-1/actions", "d-1/episodes", "trial"] {
        let url = world.server.url(&format!("/api/v1/warnings/{path}"));
        assert_eq!(wall.client.get(url).send().await.unwrap().status(), 403, "{path}");
    }
    let long = "字".repeat(501);
    for body in [
        json!({ "action": "handle" }),
        json!({ "action": "handle", "note": "  " }),
        json!({ "action": "close", "note": long }),
        json!({ "action": "hand_down", "note": "x" }),
        json!({ "action": "hand_down", "note": "x", "to": "d-1" }),
        json!({ "action": "hand_down", "note": "x", "to": "d-2-1" }),
        json!({ "action": "acknowledge", "to": "d-1-1" }),
        json!({ "action": "explode" }),
        json!({ "action": "acknowledge", "colour": "red" }),
    ] {
        let (status, text) = street.act("d-1", Some("\"0\""), Some("b"), &body).await;
        assert_eq!(status, 400, "{body}: {text}");
        assert!(text.contains("pointer"), "{text}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn thresholds_are_tried_on_the_days_that_were() {
    for backend in common::backends() {
        let world = World::new(backend, 1_500).await;
        let leader = world.signed_in("leader").await;
        let low: WarningTrial = world.json(&leader, "/api/v1/warnings/trial?blue=2&yellow=4&red=6").await;
        let high: WarningTrial = world.json(&leader, "/api/v1/warnings/trial?blue=20&yellow=40&red=60").await;
        assert_eq!((low.places, low.horizon_days), (36, 30), "{backend:?}");
        // With so few cases none may be near red; the more is asked of a level, the fewer days have it.
        let daily = [low.blue, low.yellow, low.red, high.red].map(|outcome| outcome.daily);
        assert!(low.blue.given > 0 && low.blue.daily > high.red.daily, "{low:?} {high:?}");
        assert!(daily.is_sorted_by(|more, less| more >= less), "{low:?} {high:?}");
        for outcome in [low.blue, low.yellow, low.red, high.blue] {
            assert!(outcome.right <= outcome.judged && outcome.judged <= outcome.given);
        }
        assert!(low.chance.is_some_and(|chance| (0.0..=1.0).contains(&chance)));
        let warned: Page<Warning> = world.json(&leader, "/api/v1/warnings?place_level=grid&limit=1").await;
        let path = format!("/api/v1/warnings/{}/episodes", warned.items[0].place);
        let episodes: Vec<WarningEpisode> = world.json(&leader, &path).await;
        assert!(episodes.iter().all(|one| one.level > Level::None && one.to.is_none_or(|to| to > one.from)));
        assert!(episodes.is_sorted_by(|a, b| a.from > b.from));
        for query in ["red=200", "yellow=90", "blue=0", "level=district", "level=sub_grid", "x=1"] {
            let url = world.server.url(&format!("/api/v1/warnings/trial?{query}"));
            assert_eq!(leader.get(url).send().await.unwrap().status(), 400, "{query}");
        }
    }
}
