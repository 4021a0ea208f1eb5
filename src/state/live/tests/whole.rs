//! The whole machine, driven through losses, repeats, resets and silence: in the end the screen equals the server.

use std::collections::BTreeMap;

use fengtu_wire::events::{Event, WarningLevel};
use fengtu_wire::snapshot::Snapshot;
use fengtu_wire::statistics::Figures;
use fengtu_wire::warnings::Level;
use proptest::prelude::*;

use super::super::machine::{Input, Live, Output};
use super::super::message::Message;
use super::{came, event, now, server_time};

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
