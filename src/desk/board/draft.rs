//! What is being written about a warning before it is done: it outlives every reading of the list, and no other warning.

use fengtu_domain::handling::needs_note;
use fengtu_wire::ids::PlaceId;
use fengtu_wire::warnings::{WarningAction, WarningOrder};
use leptos::prelude::*;

use super::inbox::Inbox;
use crate::api::StaffApi;
use crate::api::supervision::WarningCommand;
use crate::browser::{clock, page};
use crate::state::{SessionStore, use_store};
use crate::tr;
use crate::ui::message::error_words;

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
        }
    }

    /// Begins anew for another place; what was written about the same one stays.
    pub fn begin(self, place: &PlaceId) {
        if self.of.with_untracked(|of| of.as_ref() != Some(place)) {
            self.of.set(Some(place.clone()));
            self.acted.set(false);
            self.clear();
            self.to.set(None);
        }
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
        if self.of.with_untracked(|of| of.as_ref() != Some(&command.place)) {
            return inbox.list.again.run(());
        }
        let Err(error) = answer else {
            self.clear();
            self.acted.set(true);
            return inbox.list.again.run(());
        };
        let words = match error.status() {
            Some(412) => tr!(board.meanwhile),
            Some(409) => tr!(board.not_now),
            _ => error_words(&error),
        };
        self.said.set(words.to_owned());
        if error.status().is_some() {
            self.key.set(new_key());
        }
        if error.status() == Some(412) {
            inbox.list.again.run(());
        }
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
    fn what_is_written_stays_with_its_place_and_goes_to_no_other() {
        let owner = Owner::new();
        owner.set();
        let draft = Draft::new();
        draft.begin(&"g1".into());
        draft.note.set("已上门".to_owned());
        draft.begin(&"g1".into());
        assert!(draft.is_written(), "the list was read again");
        draft.begin(&"g2".into());
        assert!(!draft.is_written(), "another warning");
    }
}
