//! What the tabs of one browser say to one another, and what that changes.

use fengtu_wire::events::StreamPosition;

use super::{Live, Message, Now, Output, Role, reached};

/// Most messages that are held for a snapshot; past that the snapshot is asked for again.
const MAX_HELD: usize = 2_000;

impl Live {
    /// Says where this tab stands; one that does not know asks who is there.
    pub(super) fn say_where(&self, out: &mut Vec<Output>) {
        let here = self.position.as_ref().map(|at| Message::Here { at: at.to_string() });
        out.push(Output::Broadcast(here.unwrap_or(Message::Hello)));
    }

    pub(super) fn on_message(&mut self, now: Now, message: Message, out: &mut Vec<Output>) {
        if self.role == Role::Leader {
            return self.answer(&message, out);
        }
        if self.awaiting_snapshot {
            return self.hold(message);
        }
        match message {
            Message::Hello => out.push(Output::Broadcast(Message::Present)),
            Message::Present => {}
            Message::Reset => self.reset(out),
            Message::Here { at } => {
                out.push(Output::Broadcast(Message::Present));
                self.catch_up(&at, out);
            }
            Message::Events { after, events } => {
                self.catch_up(&after, out);
                if self.awaiting_snapshot {
                    self.hold(Message::Events { after, events });
                } else {
                    for event in &events {
                        self.take(now, event, out);
                    }
                }
            }
        }
    }

    fn answer(&mut self, message: &Message, out: &mut Vec<Output>) {
        let is_new = !std::mem::replace(&mut self.others, true);
        if *message == Message::Hello || is_new {
            self.say_where(out);
        }
    }

    fn hold(&mut self, message: Message) {
        if self.held.len() == MAX_HELD {
            // What falls out here shows as a gap after the snapshot, and leads to the next one.
            self.held.pop_front();
        }
        self.held.push_back(message);
    }

    /// Takes a snapshot if the leader stands further than this tab.
    fn catch_up(&mut self, leader: &str, out: &mut Vec<Output>) {
        let Ok(leader) = leader.parse::<StreamPosition>() else { return };
        let behind = self.position.as_ref().is_none_or(|p| reached(p, &leader) != Some(true));
        if behind {
            self.ask_snapshot(out);
        }
    }
}
