//! One test for each invariant of docs/SPEC-live.md, by its number.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::collections::BTreeMap;

use chrono::DateTime;
use fengtu_wire::events::{Event, StreamPosition, WarningLevel};
use fengtu_wire::snapshot::Snapshot;
use fengtu_wire::statistics::Figures;
use fengtu_wire::warnings::Level;
use proptest::prelude::*;

use super::freshness::{Freshness, ServerClock};
use super::machine::{Input, Live, Now, Output};
use super::message::Message;
use crate::api::sse::RawEvent;

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
    assert_eq!(live.step(now(3.0), Input::Leading(false)), [Output::Disconnect]);
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

/// What a tab shows: the level of each place, by the outputs of its machine.
#[derive(Default)]
struct Screen(BTreeMap<String, f64>);

impl Screen {
    fn take(&mut self, out: &Output) {
        match out {
            Output::Replace(snapshot) => {
                self.0 = snapshot.warnings.iter().map(|w| (w.place.to_string(), w.score)).collect();
            }
            Output::Apply(Event::Warning(w)) => drop(self.0.insert(w.place.to_string(), w.score)),
            _ => {}
        }
    }
}

/// A server with one history: event n sets place n % 5 to score n.
struct Server {
    last: u64,
}

impl Server {
    fn state(&self) -> BTreeMap<String, f64> {
        (1..=self.last).map(|n| (format!("p{}", n % 5), n as f64)).collect()
    }

    fn snapshot(&self) -> Input {
        let level = |(place, score): (String, f64)| WarningLevel { place: place.into(), level: Level::Red, score };
        Input::Snapshot(Box::new(Snapshot {
            position: format!("e:{}", self.last),
            server_time: server_time(0.0),
            today: Figures::default(),
            warnings: self.state().into_iter().map(level).collect(),
            recent: Vec::new(),
        }))
    }
}

/// One tab and its stream in a world that loses, repeats and delays.
struct Tab {
    live: Live,
    screen: Screen,
    asked: bool,
    stream: Option<u64>,
    waits: bool,
    said: Vec<Message>,
}

impl Tab {
    fn new(shared: bool) -> Self {
        let mut tab = Self {
            live: Live::default(),
            screen: Screen::default(),
            asked: false,
            stream: None,
            waits: false,
            said: Vec::new(),
        };
        tab.feed(Input::Started { shared });
        tab
    }

    fn feed(&mut self, input: Input) {
        for out in self.live.step(now(1.0), input) {
            self.screen.take(&out);
            match out {
                Output::Connect { after } => self.stream = Some(after.sequence),
                Output::Disconnect => self.stream = None,
                Output::FetchSnapshot => self.asked = true,
                Output::Wait { .. } => self.waits = true,
                Output::Broadcast(message) => self.said.push(message),
                _ => {}
            }
        }
    }

    /// Hears the next event of its stream, if there is one.
    fn hear(&mut self, server: &Server) -> bool {
        let Some(n) = self.stream.filter(|n| *n < server.last).map(|n| n + 1) else { return false };
        self.stream = Some(n);
        self.feed(event(n));
        true
    }

    fn settle(&mut self, server: &Server) {
        if std::mem::take(&mut self.asked) {
            self.feed(server.snapshot());
        }
        if std::mem::take(&mut self.waits) {
            self.feed(Input::Waited);
        }
    }
}

fn disturb(tab: &mut Tab, server: &mut Server, what: u8) {
    match what {
        0..=3 => server.last += 1,
        4 | 5 => drop(tab.hear(server)),
        6 if tab.stream.is_some() => tab.feed(Input::Failed),
        // The last one again, as after a connection that broke unseen.
        7 if tab.stream.is_some_and(|n| n > 0) => tab.feed(event(tab.stream.unwrap())),
        8 if std::mem::take(&mut tab.asked) => tab.feed(Input::NoSnapshot { signed_out: false }),
        9 => tab.feed(came("", "reset", "{}")),
        _ => tab.settle(server),
    }
}

proptest! {
    #[test]
    fn whatever_happens_the_screen_equals_the_server_in_the_end(steps in proptest::collection::vec(0_u8..12, 0..120)) {
        let (mut server, mut tab) = (Server { last: 0 }, Tab::new(false));
        for step in steps {
            disturb(&mut tab, &mut server, step);
        }
        for _ in 0..10 {
            tab.settle(&server);
            while tab.hear(&server) {}
        }
        prop_assert_eq!(&tab.screen.0, &server.state());
    }

    #[test]
    fn a_follower_equals_the_server_in_the_end(
        before in 0_u64..5, between in 0_u64..5, lost in 0_usize..3, after in 1_u64..8,
    ) {
        let mut server = Server { last: before };
        let (mut first, mut second) = (Tab::new(false), Tab::new(true));
        first.settle(&server);
        server.last += between;
        second.settle(&server);
        server.last += after;
        while first.hear(&server) {}
        // A tab may be asleep when messages pass.
        for message in std::mem::take(&mut first.said).into_iter().skip(lost) {
            second.feed(Input::Message(message));
            second.settle(&server);
        }
        first.feed(Input::Message(Message::Hello));
        for message in std::mem::take(&mut first.said) {
            second.feed(Input::Message(message));
        }
        second.settle(&server);
        prop_assert_eq!(&first.screen.0, &server.state());
        prop_assert_eq!(&second.screen.0, &server.state());
    }
}
