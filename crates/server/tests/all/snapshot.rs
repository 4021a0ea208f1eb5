//! A snapshot and the events after it are the database, whatever happened.

use std::collections::BTreeMap;

use fengtu_wire::events::{CaseDot, Event, WarningLevel};
use fengtu_wire::ids::PlaceId;
use fengtu_wire::snapshot::Snapshot;
use fengtu_wire::warnings::Level;

use crate::district::{CANARY, SECRET, Stream, World};
use crate::{common, district};

/// What a client has put together.
#[derive(Default)]
struct Screen {
    cases: BTreeMap<String, CaseDot>,
    levels: BTreeMap<PlaceId, Level>,
    position: String,
}

impl Screen {
    fn from(snapshot: Snapshot) -> Self {
        let mut screen = Self { position: snapshot.position, ..Self::default() };
        snapshot.recent.into_iter().for_each(|dot| screen.case(dot));
        snapshot.warnings.into_iter().for_each(|level| screen.warning(level));
        screen
    }

    fn case(&mut self, dot: CaseDot) {
        self.cases.insert(dot.number.0.clone(), dot);
    }

    fn warning(&mut self, level: WarningLevel) {
        if level.level == Level::None {
            self.levels.remove(&level.place);
        } else {
            self.levels.insert(level.place, level.level);
        }
    }

    fn take(&mut self, received: &district::Received) {
        self.position.clone_from(&received.id);
        match serde_json::from_str(&received.data).unwrap() {
            Event::Case(dot) => self.case(dot),
            Event::Warning(level) => self.warning(level),
            other => assert!(matches!(other, Event::Figures(_) | Event::Heartbeat(_)), "{other:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn snapshot_and_events_are_the_database_after_random_changes() {
    for backend in common::backends() {
        let mut world = World::new(backend, 120).await;
        let leader = world.signed_in("leader").await;
        for _ in 0..5 {
            world.make_change().await;
        }
        let mut screen = Screen::from(world.json(&leader, "/api/v1/snapshot").await);
        for _ in 0..40 {
            world.make_change().await;
        }
        let mut stream = Stream::open(&world, &leader, &format!("/api/v1/events?after={}", screen.position)).await;
        for _ in 0..20 {
            world.make_change().await;
        }
        let goal = world.server.state.live.position().to_string();
        while screen.position != goal {
            screen.take(&stream.next().await.unwrap());
        }
        // A process that starts now reads everything from the database.
        let fresh = common::Server::start(&world.database.url).await;
        let now: Snapshot = {
            let board = fresh.state.live.board();
            let levels = board.tree.numbers().filter_map(|ix| fengtu_server::live::warning(&board, ix));
            let warnings = levels.filter(|level| level.level > Level::None).collect();
            let offset = *fresh.state.live.now().offset();
            let cases = board.reported(i64::MIN..i64::MAX).rev();
            let recent = cases.filter_map(|(slot, _)| fengtu_server::live::dot(&board, slot, offset)).collect();
            Snapshot {
                position: String::new(),
                server_time: fresh.state.live.now(),
                today: fengtu_wire::statistics::Figures::default(),
                warnings,
                recent,
            }
        };
        let truth = Screen::from(now);
        assert_eq!(screen.levels, truth.levels, "{backend:?}");
        assert_eq!(screen.cases.len(), truth.cases.len(), "{backend:?}");
        for (number, dot) in &truth.cases {
            assert_eq!(screen.cases.get(number), Some(dot), "{backend:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_viewer_gets_their_part() {
    let world = World::new(common::Backend::Sqlite, 1_200).await;
    let (leader, street) = (world.signed_in("leader").await, world.signed_in("street").await);
    let all: Snapshot = world.json(&leader, "/api/v1/snapshot").await;
    assert_eq!(all.recent.len(), 200);
    let part: Snapshot = world.json(&street, "/api/v1/snapshot").await;
    assert!(!part.recent.is_empty());
    assert!(part.recent.iter().all(|dot| dot.place.as_ref().is_some_and(|place| place.as_str().starts_with("d-1"))));
    assert!(part.warnings.iter().all(|level| level.place.as_str().starts_with("d-1")));
    for name in ["wall", "department"] {
        let client = world.signed_in(name).await;
        let text = world.text(&client, "/api/v1/snapshot").await;
        assert!(!text.contains(CANARY) && !text.contains(SECRET));
        let snapshot: Snapshot = serde_json::from_str(&text).unwrap();
        assert!(snapshot.recent.is_empty() && !snapshot.warnings.is_empty());
    }
    let text = world.text(&leader, "/api/v1/snapshot").await;
    assert!(!text.contains(SECRET));
    let response = common::client().get(world.server.url("/api/v1/snapshot")).send().await.unwrap();
    assert_eq!(response.status(), 401);
}
