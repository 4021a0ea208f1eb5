//! One test for each invariant of docs/SPEC-live.md, by its number.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use chrono::DateTime;
use fengtu_wire::events::{Event, StreamPosition};
use fengtu_wire::snapshot::Snapshot;
use fengtu_wire::statistics::Figures;

use super::freshness::{Freshness, ServerClock};
use super::machine::{Input, Live, Now, Output};
use super::message::Message;
use crate::api::sse::RawEvent;

mod whole;

fn now(s: f64) -> Now {
    Now { mono_ms: s * 1000.0, wall_ms: 1.0e12 + s * 1000.0, random: 0.5 }
}

fn server_time(s: f64) -> DateTime<chrono::FixedOffset> {
    DateTime::from_timestamp_millis(1_700_000_000_000 + (s * 1000.0) as i64).unwrap().fixed_offset()
}

fn snapshot(position: &str) -> Input {
    Input::Snapshot(Box::new(Snapshot {
        position: position.to_owned(),
        server_time: server_time(0.0),
        today: Figures::default(),
        warnings: Vec::new(),
        recent: Vec::new(),
    }))
}

fn warning(n: u64) -> (String, String) {
    (format!("e:{n}"), format!(r#"{{"kind":"warning","data":{{"place":"p{}","level":"red","score":{n}}}}}"#, n % 5))
}

fn raw(id: &str, name: &str, data: &str) -> RawEvent {
    RawEvent { id: id.to_owned(), name: name.to_owned(), data: data.to_owned() }
}

fn came(id: &str, name: &str, data: &str) -> Input {
    Input::Events(vec![raw(id, name, data)])
}

fn event(n: u64) -> Input {
    let (id, data) = warning(n);
    came(&id, "warning", &data)
}

fn heartbeat(s: f64) -> Input {
    let data = format!(r#"{{"kind":"heartbeat","data":{{"server_time":"{}"}}}}"#, server_time(s).to_rfc3339());
    came("", "heartbeat", &data)
}

fn message(after: u64, n: u64) -> Input {
    let (id, data) = warning(n);
    Input::Message(Message::Events { after: format!("e:{after}"), events: vec![raw(&id, "warning", &data)] })
}

fn at(n: u64) -> StreamPosition {
    StreamPosition { epoch: "e".to_owned(), sequence: n }
}

/// A tab that holds the stream, open after position 10.
fn leader() -> Live {
    let mut live = Live::default();
    live.step(now(0.0), Input::Started { shared: false });
    assert_eq!(live.step(now(0.1), snapshot("e:10")).pop(), Some(Output::Connect { after: at(10) }));
    live.step(now(0.2), Input::Opened);
    live
}

/// A tab that another tab feeds, at position 10.
fn follower() -> Live {
    let mut live = Live::default();
    live.step(now(0.0), Input::Started { shared: true });
    live.step(now(0.1), snapshot("e:10"));
    live
}

fn applied(out: &[Output]) -> usize {
    out.iter().filter(|o| matches!(o, Output::Apply(_))).count()
}

#[test]
fn i1_nothing_is_connected_before_a_snapshot_says_from_where() {
    let mut live = Live::default();
    assert_eq!(live.step(now(0.0), Input::Started { shared: false }), [Output::FetchSnapshot]);
    assert!(live.step(now(0.1), Input::Waited).iter().all(|o| !matches!(o, Output::Connect { .. })));
    let out = live.step(now(0.2), snapshot("e:10"));
    assert!(matches!(out.as_slice(), [Output::Replace(_), Output::Connect { after }] if *after == at(10)));
}

#[test]
fn i2_an_event_is_applied_once() {
    let mut live = leader();
    assert_eq!(applied(&live.step(now(1.0), event(11))), 1);
    assert_eq!(applied(&live.step(now(1.1), event(11))), 0);
    assert_eq!(applied(&live.step(now(1.2), event(9))), 0);
    assert_eq!(live.position(), Some(&at(11)));
}

#[test]
fn i2_figures_bear_the_position_that_they_describe() {
    let figures = |n: u64| {
        let event = Event::Figures(Figures { received: Some(n), ..Figures::default() });
        came(&format!("e:{n}"), "figures", &serde_json::to_string(&event).unwrap())
    };
    let mut live = leader();
    assert_eq!([applied(&live.step(now(1.0), figures(10))), applied(&live.step(now(1.1), figures(10)))], [1, 1]);
    assert_eq!(applied(&live.step(now(1.2), figures(9))), 0);
    assert_eq!(live.position(), Some(&at(10)));
}

#[test]
fn i3_a_broken_stream_goes_on_after_the_last_event() {
    let mut live = leader();
    live.step(now(1.0), event(15));
    let out = live.step(now(2.0), Input::Failed);
    assert!(matches!(out.as_slice(), [Output::Disconnect, Output::Wait { .. }]));
    assert_eq!(live.step(now(3.0), Input::Waited), [Output::Connect { after: at(15) }]);
}

#[test]
fn i4_a_reset_or_another_history_leads_to_a_snapshot() {
    let mut live = leader();
    let reset = came("", "reset", "{}");
    let out = live.step(now(1.0), reset);
    assert_eq!(out, [Output::Disconnect, Output::Broadcast(Message::Reset), Output::FetchSnapshot]);
    let out = live.step(now(2.0), snapshot("f:1"));
    assert!(matches!(out.as_slice(), [Output::Replace(_), Output::Connect { .. }]));
    live.step(now(2.1), Input::Opened);
    let out = live.step(now(3.0), event(11));
    assert!(out.contains(&Output::FetchSnapshot) && applied(&out) == 0);
}

#[test]
fn i5_it_never_gives_up_and_waits_with_jitter_under_a_ceiling() {
    let mut live = leader();
    let mut waits = Vec::new();
    for n in 0..200_u32 {
        let random = f64::from(n % 7) / 7.0;
        let out = live.step(Now { random, ..now(f64::from(n)) }, Input::Failed);
        waits.extend(out.iter().filter_map(|o| if let Output::Wait { ms } = o { Some(*ms) } else { None }));
        live.step(now(f64::from(n)), Input::NoSnapshot { signed_out: false });
        let out = live.step(now(f64::from(n)), Input::Waited);
        assert!(out.contains(&Output::Connect { after: at(10) }));
    }
    assert_eq!(waits.len(), 200);
    assert!(waits.iter().all(|ms| *ms <= 15_000) && waits[150..].iter().any(|ms| *ms != waits[150]));
}

#[test]
fn i6_an_ended_session_is_said_and_ends_it() {
    let mut live = leader();
    for n in 0..3 {
        live.step(now(f64::from(n)), Input::Failed);
        live.step(now(f64::from(n)), Input::Waited);
    }
    let out = live.step(now(4.0), Input::NoSnapshot { signed_out: true });
    assert_eq!(out.last(), Some(&Output::SignedOut));
    assert!(live.step(now(5.0), Input::Waited).is_empty() && live.step(now(6.0), event(11)).is_empty());
}

#[test]
fn i7_an_unreadable_event_is_counted_and_answered_by_a_snapshot() {
    let mut live = leader();
    let bad = came("e:11", "warning", "{");
    let out = live.step(now(1.0), bad);
    assert!(out.contains(&Output::FetchSnapshot) && applied(&out) == 0);
    assert_eq!((live.unreadable(), live.position()), (1, Some(&at(11))));
    live.step(now(1.5), Input::NoSnapshot { signed_out: false });
    assert!(live.step(now(2.0), Input::Waited).contains(&Output::FetchSnapshot));
}

#[test]
fn i8_only_the_leader_has_a_stream_and_a_follower_misses_nothing() {
    let mut live = follower();
    assert_eq!(applied(&live.step(now(1.0), message(10, 12))), 1);
    // The leader stands at 20 and this tab at 12: something was missed.
    let out = live.step(now(2.0), message(20, 21));
    assert_eq!(out, [Output::FetchSnapshot]);
    assert!(live.step(now(2.1), message(21, 22)).is_empty());
    let out = live.step(now(2.2), snapshot("e:20"));
    assert!(matches!(out.as_slice(), [Output::Replace(_), Output::Apply(_), Output::Apply(_)]));
    assert_eq!(live.position(), Some(&at(22)));
}

#[test]
fn i9_a_new_leader_goes_on_and_says_where_it_stands() {
    let mut live = follower();
    live.step(now(1.0), message(10, 12));
    let out = live.step(now(2.0), Input::Leading(true));
    let here = Output::Broadcast(Message::Here { at: "e:12".to_owned() });
    assert_eq!(out, [here.clone(), Output::Connect { after: at(12) }]);
    assert_eq!(live.step(now(2.1), Input::Message(Message::Hello)), [here]);
    // A tab that is there says so; it is told once where the stream stands, and from then on all that comes.
    assert_eq!(live.step(now(2.2), event(13)).len(), 2);
    assert_eq!(live.step(now(3.0), Input::Leading(false)), [Output::Disconnect]);
    let heard = Input::Message(Message::Here { at: "e:13".to_owned() });
    assert_eq!(live.step(now(3.1), heard), [Output::Broadcast(Message::Present)]);
}

#[test]
fn i9_nothing_is_passed_on_where_nobody_listens() {
    let mut live = leader();
    assert_eq!(live.step(now(1.0), event(11)).len(), 1);
    let here = Output::Broadcast(Message::Here { at: "e:11".to_owned() });
    assert_eq!(live.step(now(1.1), Input::Message(Message::Present)), [here]);
    assert!(live.step(now(1.2), Input::Message(Message::Present)).is_empty());
    assert!(matches!(live.step(now(1.3), event(12)).as_slice(), [Output::Apply(_), Output::Broadcast(_)]));
}

#[test]
fn i10_silence_is_noticed_by_leader_and_follower() {
    let mut live = leader();
    assert!(live.step(now(45.0), Input::Tick).is_empty());
    assert!(matches!(live.step(now(46.0), Input::Tick).as_slice(), [Output::Disconnect, Output::Wait { .. }]));
    // One that never opens is none either, and one that has just been opened is given its time.
    assert!(matches!(live.step(now(47.0), Input::Waited).as_slice(), [Output::Connect { .. }]));
    live.step(now(60.0), Input::Tick);
    assert!(live.step(now(91.0), Input::Tick).is_empty());
    assert!(matches!(live.step(now(93.0), Input::Tick).as_slice(), [Output::Disconnect, Output::Wait { .. }]));
    let mut live = follower();
    live.step(now(44.0), Input::Tick);
    assert_eq!(live.step(now(46.0), Input::Tick), [Output::Steal]);
    let mut hidden = follower();
    hidden.step(now(1.0), Input::Visible(false));
    hidden.step(now(44.0), Input::Tick);
    assert!(hidden.step(now(46.0), Input::Tick).is_empty());
}

#[test]
fn i11_waking_from_sleep_connects_anew_and_shows_no_old_data_as_live() {
    let mut live = leader();
    live.step(now(1.0), Input::Tick);
    let woke = Now { mono_ms: 2_000.0, wall_ms: 1.0e12 + 3_600_000.0, random: 0.5 };
    assert_eq!(live.step(woke, Input::Tick), [Output::Connect { after: at(10) }]);
    assert_eq!(live.clock().freshness(woke.mono_ms), Freshness::Stopped);
    live.step(woke, heartbeat(3_600.0));
    assert_eq!(live.clock().freshness(woke.mono_ms), Freshness::Live);
}

#[test]
fn i12_age_is_told_by_the_servers_clock() {
    let mut clock = ServerClock::default();
    assert_eq!(clock.freshness(0.0), Freshness::Connecting);
    clock.sample(server_time(0.0).to_utc(), 500.0);
    assert_eq!(clock.freshness(20_500.0), Freshness::Live);
    assert_eq!(clock.freshness(20_501.0), Freshness::Delayed);
    assert_eq!(clock.freshness(45_501.0), Freshness::Stopped);
    // A heartbeat that a proxy kept for a minute is no sign of life now.
    clock.sample(server_time(1.0).to_utc(), 61_500.0);
    assert_eq!(clock.freshness(61_500.0), Freshness::Stopped);
    assert_eq!(clock.now(61_500.0), Some(server_time(61.0).to_utc()));
}

#[test]
fn i12_clocks_that_drift_apart_or_are_set_back_make_nothing_look_old_for_good() {
    let mut clock = ServerClock::default();
    // Two weeks of heartbeats, with a monotonic clock that gains 30 millionths: 36 s in all.
    for beat in 0..14 * 24 * 360 {
        let server_s = f64::from(beat) * 10.0;
        let mono_ms = server_s * 1_000.0 * 1.000_03;
        clock.sample(server_time(server_s).to_utc(), mono_ms);
        assert!(clock.age_ms(mono_ms).unwrap() < 100.0, "after {server_s} s");
    }
    let mut clock = ServerClock::default();
    clock.sample(server_time(0.0).to_utc(), 0.0);
    let set_back = |clock: &mut ServerClock, mono_s: f64| {
        clock.sample(server_time(mono_s - 60.0).to_utc(), mono_s * 1_000.0);
        clock.freshness(mono_s * 1_000.0)
    };
    let seen: Vec<_> = (1..=130).map(|beat| set_back(&mut clock, f64::from(beat) * 10.0)).collect();
    assert_eq!((seen[5], seen.last()), (Freshness::Stopped, Some(&Freshness::Live)));
}
