//! What is being written about a warning before it is done: it outlives every reading of the list, and waits while another is open.

use std::collections::HashMap;

use fengtu_domain::handling::needs_note;
use fengtu_wire::ids::PlaceId;
use fengtu_wire::warnings::{WarningAction, WarningOrder};
use leptos::prelude::*;

use super::inbox::Inbox;
use crate::api::StaffApi;
use crate::api::supervision::WarningCommand;
use crate::browser::{clock, page};
use crate::desk::scope::name_of;
use crate::state::{SessionStore, use_store};
use crate::tr;
use crate::ui::message::error_words;
use crate::ui::toast::Toasts;

/// What is being written.
#[derive(Clone, Copy)]
pub struct Draft {
    /// About which place.
    of: RwSignal<Option<PlaceId>>,
    /// The note.
    pub note: RwSignal<String>,
    /// Whom it is handed to.
    pub to: RwSignal<Option<PlaceId>>,
    /// What was answered.
    pub said: RwSignal<String>,
    /// Whether an answer is waited for.
    pub is_busy: RwSignal<bool>,
    /// Whether something was just done: the focus then goes on at the head of the warning.
    pub acted: RwSignal<bool>,
    /// The name of the request; it stays until it was answered, so that a second try does it once.
    key: RwSignal<String>,
    /// Notes about others, whom each was to be handed to, and what was answered.
    others: RwSignal<HashMap<PlaceId, Waiting>>,
}

type Waiting = (String, Option<PlaceId>, String);

/// Asks before what was typed is thrown away with the page: every way from here to another page loads it.
pub fn keep_typed(is_written: impl Fn() -> bool + 'static) {
    let asking = StoredValue::new_local(page::ask_before_leaving(is_written));
    on_cleanup(move || drop(asking.try_update_value(Option::take)));
}

fn new_key() -> String {
    format!("{:.0}-{:.0}", clock::wall_ms(), clock::random() * 1e12)
}

impl Draft {
    /// Begins with nothing.
    pub fn new() -> Self {
        Self {
            of: RwSignal::new(None),
            note: RwSignal::new(String::new()),
            to: RwSignal::new(None),
            said: RwSignal::new(String::new()),
            is_busy: RwSignal::new(false),
            acted: RwSignal::new(false),
            key: RwSignal::new(new_key()),
            others: RwSignal::new(HashMap::new()),
        }
    }

    /// Goes on with another place; what was written about the one before waits.
    pub fn begin(self, place: &PlaceId) {
        if self.of.with_untracked(|of| of.as_ref() == Some(place)) {
            return;
        }
        let written = (self.note.get_untracked(), self.to.get_untracked(), self.said.get_untracked());
        if let Some(before) = self.of.get_untracked() {
            self.others.update(|others| drop(others.insert(before, written)));
        }
        self.of.set(Some(place.clone()));
        self.acted.set(false);
        self.clear();
        let (note, to, said) = self.others.try_update(|others| others.remove(place)).flatten().unwrap_or_default();
        self.note.set(note);
        self.to.set(to);
        self.said.set(said);
    }

    /// Whether anything would be lost with the page.
    pub fn is_any_written(self) -> bool {
        let is_some = |note: &str| !note.trim().is_empty();
        let is_open = self.note.try_with_untracked(|note| is_some(note));
        let waits = self.others.try_with_untracked(|others| others.values().any(|(note, ..)| is_some(note)));
        is_open.unwrap_or_default() || waits.unwrap_or_default()
    }

    /// Whether somebody is writing.
    pub fn is_written(self) -> bool {
        self.note.with_untracked(|note| !note.trim().is_empty())
    }

    fn clear(self) {
        self.note.set(String::new());
        self.said.set(String::new());
        self.key.set(new_key());
    }

    /// Does it, if it is complete.
    pub fn perform(self, inbox: Inbox, (place, version): (PlaceId, u32), action: WarningAction) {
        let note = Some(self.note.get_untracked().trim().to_owned()).filter(|note| !note.is_empty());
        if needs_note(action) && note.is_none() {
            self.said.set(tr!(board.note_missing).to_owned());
            return page::focus("warning-note");
        }
        let Some(api) = use_store::<SessionStore>().with_untracked(|s| s.staff().cloned()) else { return };
        let to = self.to.get_untracked().filter(|_| action == WarningAction::HandDown);
        let order = WarningOrder { action, note, to };
        let command = WarningCommand { place, version, key: self.key.get_untracked(), order };
        self.is_busy.set(true);
        leptos::task::spawn_local(self.send(inbox, api, command));
    }

    async fn send(self, inbox: Inbox, api: StaffApi, command: WarningCommand) {
        let answer = api.ask(&command).await;
        // The page may have gone on meanwhile, or only to another warning, whose draft this is not.
        if self.is_busy.try_set(false).is_some() {
            return;
        }
        let is_open = self.of.with_untracked(|of| of.as_ref() == Some(&command.place));
        let Err(error) = answer else {
            if is_open {
                self.clear();
                // An order that has gone leaves its addressee to nobody else.
                self.to.set(None);
                self.acted.set(true);
            } else {
                self.others.update(|others| drop(others.remove(&command.place)));
            }
            return inbox.list.again.run(());
        };
        let words = match error.status() {
            Some(412) => tr!(board.meanwhile),
            Some(409) => tr!(board.not_now),
            _ => error_words(&error),
        };
        if !is_open {
            return self.tell_of_other(inbox, command.place, words);
        }
        self.said.set(words.to_owned());
        if error.status().is_some() {
            self.key.set(new_key());
        }
        if error.status() == Some(412) {
            inbox.list.again.run(());
        }
    }

    /// Another warning is open by now: what became of the one before is told all the same, and stands there when it is opened.
    fn tell_of_other(self, inbox: Inbox, place: PlaceId, words: &str) {
        let name = inbox.district.with_untracked(|d| name_of(d, &place));
        if let Some(toasts) = use_context::<Toasts>() {
            toasts.say(tr!(board.not_done, place = name, why = words));
        }
        self.others.update(|others| words.clone_into(&mut others.entry(place).or_default().2));
        inbox.list.again.run(());
    }
}

impl Default for Draft {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_stays_with_its_place_and_waits_while_another_is_open() {
        let owner = Owner::new();
        owner.set();
        let draft = Draft::new();
        draft.begin(&"g1".into());
        draft.note.set("已上门".to_owned());
        draft.to.set(Some("street".into()));
        draft.begin(&"g1".into());
        assert!(draft.is_written(), "the list was read again");
        draft.begin(&"g2".into());
        assert!(!draft.is_written() && draft.to.get_untracked().is_none(), "another warning");
        draft.begin(&"g1".into());
        let back = (draft.note.get_untracked(), draft.to.get_untracked());
        assert_eq!(back, ("已上门".to_owned(), Some("street".into())), "gone back to");
        draft.begin(&"g2".into());
        assert!(!draft.is_written() && draft.is_any_written(), "one waits");
    }
}
