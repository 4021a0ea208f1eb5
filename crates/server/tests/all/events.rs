//! The stream: replay without loss or double, resets, cuts by viewer, the end of a session, readers that stall.

use std::net::SocketAddr;
use std::time::Duration;

use fengtu_server::live::hub::{KEPT, News};
use fengtu_server::live::stall::StallGuard;
use fengtu_wire::cases::Sensitivity;
use fengtu_wire::events::{Event, WarningLevel};
use fengtu_wire::warnings::Level;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::district::{CANARY, SECRET, Stream, World};
use crate::{common, district};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_that_comes_back_gets_each_event_once() {
    for backend in common::backends() {
        let mut world = World::new(backend, 50).await;
        let leader = world.signed_in("leader").await;
        let start = world.server.state.live.position().to_string();
        let mut whole = Stream::open(&world, &leader, &format!("/api/v1/events?after={start}")).await;
        for _ in 0..30 {
            world.make_change().await;
        }
        let end = world.server.state.live.position().sequence;
        let wanted = numbered(&mut whole, end).await;
        assert!(wanted.len() > 10, "{backend:?}");
        let cut = wanted[wanted.len() / 2].0.clone();
        let request = leader.get(world.server.url("/api/v1/events?after=ignored:1")).header("last-event-id", &cut);
        let mut rest = Stream::of(request.send().await.unwrap());
        let again = numbered(&mut rest, end).await;
        assert_eq!(again, wanted[wanted.len() / 2 + 1..], "{backend:?}");
    }
}

/// Reads cases and warnings up to a sequence.
async fn numbered(stream: &mut Stream, end: u64) -> Vec<(String, String)> {
    let mut all = Vec::new();
    loop {
        let event = stream.next().await.unwrap();
        if matches!(event.name.as_str(), "case" | "warning") {
            all.push((event.id.clone(), event.data.clone()));
        }
        if event.id.rsplit(':').next().unwrap().parse::<u64>().unwrap() >= end {
            return all;
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_position_that_is_not_ours_is_answered_with_reset() {
    let mut world = World::new(common::Backend::Sqlite, 20).await;
    let leader = world.signed_in("leader").await;
    world.make_change().await;
    let position = world.server.state.live.position();
    let ahead = format!("{}:{}", position.epoch, position.sequence + 1);
    for bad in ["other:1", "nonsense", "", ":", ahead.as_str(), &format!("{}:-1", position.epoch)] {
        if bad.is_empty() {
            continue;
        }
        let request = leader.get(world.server.url("/api/v1/events")).header("last-event-id", bad);
        let mut stream = Stream::of(request.send().await.unwrap());
        let first = stream.next().await.unwrap();
        assert_eq!((first.name.as_str(), first.id), ("reset", position.to_string()), "{bad}");
        assert!(matches!(serde_json::from_str(&first.data).unwrap(), Event::Reset(_)));
    }
    for _ in 0..=KEPT {
        world.server.state.live.hub.publish(News::Quiet, 0, Sensitivity::Public);
    }
    let mut stream = Stream::open(&world, &leader, &format!("/api/v1/events?after={position}")).await;
    assert_eq!(stream.next().await.unwrap().name, "reset");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wall_gets_no_case_and_no_canary_and_nobody_a_restricted_one() {
    let mut world = World::new(common::Backend::Sqlite, 200).await;
    let mut streams = Vec::new();
    for name in ["wall", "department", "street", "leader"] {
        let client = world.signed_in(name).await;
        streams.push((name, Stream::open(&world, &client, "/api/v1/events").await));
    }
    for _ in 0..60 {
        world.make_change().await;
    }
    // Every viewer may have this one, and it comes last.
    let last = WarningLevel { place: "d-1-1-1".into(), level: Level::Red, score: 99.0 };
    let ix = world.server.state.live.board().tree.find(&last.place).unwrap();
    world.server.state.live.hub.publish(News::event(Event::Warning(last)), ix, Sensitivity::Public);
    for (name, mut stream) in streams {
        let mut cases = 0;
        loop {
            let event = stream.next().await.unwrap();
            assert!(!event.id.is_empty() && !event.data.contains(SECRET), "{name}");
            let parsed: Event = serde_json::from_str(&event.data).unwrap();
            assert_eq!(serde_json::to_string(&parsed).unwrap(), event.data);
            assert_eq!(parsed.name(), event.name);
            match parsed {
                Event::Case(dot) => {
                    cases += 1;
                    assert!(name == "leader" || dot.place.unwrap().as_str().starts_with("d-1"));
                }
                Event::Warning(level) if level.place.as_str() == "d-1-1-1" && level.level == Level::Red => break,
                _ => assert!(!event.data.contains(CANARY), "{name}"),
            }
        }
        assert_eq!(cases > 0, matches!(name, "street" | "leader"), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_end_of_a_session_ends_its_stream() {
    let world = World::new(common::Backend::Sqlite, 10).await;
    let leader = world.signed_in("leader").await;
    let mut stream = Stream::open(&world, &leader, "/api/v1/events").await;
    assert_eq!(stream.next_named("heartbeat").await.name, "heartbeat");
    let request = leader.delete(world.server.url("/api/v1/session")).header("x-fengtu", "1");
    assert!(request.send().await.unwrap().status().is_success());
    let ended = async { while stream.next().await.is_some() {} };
    tokio::time::timeout(Duration::from_secs(5), ended).await.expect("the stream ends within 5 s");
    assert_eq!(world.server.state.live.streams(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_that_stalls_is_cut_and_the_others_go_on() {
    let world = World::new(common::Backend::Sqlite, 10).await;
    let leader = world.signed_in("leader").await;
    let (address, cookie) = guarded(&world).await;
    let mut stalled = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!("GET /api/v1/events HTTP/1.1\r\nhost: x\r\ncookie: {cookie}\r\n\r\n");
    stalled.write_all(request.as_bytes()).await.unwrap();
    stalled.read_exact(&mut [0; 12]).await.unwrap();
    let mut good = Stream::open(&world, &leader, "/api/v1/events").await;
    good.next_named("heartbeat").await;
    let live = &world.server.state.live;
    assert_eq!(live.streams(), 2);
    let place = fengtu_wire::ids::PlaceId("x".repeat(4_000));
    let flood = async {
        while live.streams() == 2 {
            for _ in 0..200 {
                let level = WarningLevel { place: place.clone(), level: Level::Red, score: 1.0 };
                live.hub.publish(News::event(Event::Warning(level)), 0, Sensitivity::Public);
            }
            let last = live.position().to_string();
            while good.next().await.unwrap().id != last {}
        }
    };
    tokio::time::timeout(Duration::from_secs(60), flood).await.expect("the stalled reader is cut");
    live.hub.publish(
        News::event(Event::Warning(WarningLevel { place, level: Level::Blue, score: 1.0 })),
        0,
        Sensitivity::Public,
    );
    assert_eq!(good.next_named("warning").await.id, live.position().to_string());
}

/// Serves the same state behind the guard, with a limit of one second; returns its address and a session's cookie.
async fn guarded(world: &World) -> (SocketAddr, String) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = fengtu_server::live::stall::service(fengtu_server::app::router(world.server.state.clone()));
    let listener = StallGuard::new(listener, Duration::from_secs(1));
    tokio::spawn(async move { axum::serve(listener, service).await });
    let body = serde_json::json!({ "name": "leader", "password": district::PASSWORD });
    let request = common::client().post(world.server.url("/api/v1/session")).header("x-fengtu", "1").json(&body);
    let response = request.send().await.unwrap();
    let cookie = response.headers()["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned();
    (address, cookie)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_on_one_database_tell_the_same() {
    for backend in common::backends() {
        let mut world = World::new(backend, 30).await;
        let other = common::Server::start(&world.database.url).await;
        let mut reader = other.state.live.hub.from_now();
        let change = world.change();
        let mut made = fengtu_server::live::apply(&world.server.state, &[change]).await.unwrap();
        let fact = made.pop().unwrap().case().unwrap();
        // By LISTEN at once, without it at the next look.
        let notice = tokio::time::timeout(Duration::from_secs(20), reader.next()).await.unwrap().unwrap();
        let board = other.state.live.board();
        let slot = board.find(&fact.number).unwrap();
        assert_eq!(board.case(slot).unwrap().state(), fact.state, "{backend:?}");
        assert_eq!(notice.place, board.case(slot).unwrap().place());
    }
}
