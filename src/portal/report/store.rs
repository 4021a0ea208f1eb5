//! What the page knows, as signals; what the tab remembers over a reload.

use fengtu_wire::json::FromJson;
use leptos::prelude::*;
use serde::Serialize;

use super::draft::{Draft, Fault, Step, Terms};
use crate::api::json;
use crate::api::reports::{Attribute, AttributesQuery, Receipt, Services};
use crate::api::{ApiError, PublicApi};
use crate::browser::{clock, page as document, storage};
use crate::portal::page::Portal;
use crate::state::Loadable;

/// Under which name the tab remembers.
const KEY: &str = "fengtu.report";

/// What the tab remembers: a draft, or what came of the last one.
#[derive(Debug, Clone, PartialEq, Default, Serialize, FromJson)]
#[serde(default)]
struct Kept {
    draft: Draft,
    number: Option<String>,
    token: Option<String>,
    notice: Option<String>,
    is_sent: bool,
    was_there: bool,
}

/// What came of sending.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) enum Sending {
    /// Nothing was sent yet.
    #[default]
    Not,
    /// It is on its way.
    Busy,
    /// It was refused, or nobody knows.
    Failed(ApiError),
}

/// Everything that reporting shares.
#[derive(Clone, Copy)]
pub(super) struct Filing {
    pub portal: Portal,
    pub draft: RwSignal<Draft>,
    pub step: RwSignal<Step>,
    /// Absent: the configuration is not read yet.
    pub is_offered: RwSignal<Option<bool>>,
    pub services: RwSignal<Loadable<Services>>,
    pub attributes: RwSignal<Loadable<Vec<Attribute>>>,
    pub faults: RwSignal<Vec<Fault>>,
    pub sending: RwSignal<Sending>,
    pub receipt: RwSignal<Option<Receipt>>,
}

impl Filing {
    /// Goes on where the tab left off.
    pub fn restore(portal: Portal) -> Self {
        let kept = storage::get_tab(KEY).and_then(|text| json::read::<Kept>(text.as_bytes()).ok()).unwrap_or_default();
        let Kept { draft, number, token, notice, is_sent, was_there } = kept;
        Self {
            portal,
            step: RwSignal::new(draft.step),
            draft: RwSignal::new(draft),
            is_offered: RwSignal::new(None),
            services: RwSignal::default(),
            attributes: RwSignal::default(),
            faults: RwSignal::default(),
            sending: RwSignal::default(),
            receipt: RwSignal::new(is_sent.then_some(Receipt { number, token, notice, was_there })),
        }
    }

    /// Changes the draft, and has the tab remember it.
    pub fn change(self, change: impl FnOnce(&mut Draft)) {
        self.draft.update(change);
        self.save();
    }

    /// Takes a receipt, or lays it aside; who reported what is forgotten.
    pub fn settle(self, receipt: Option<Receipt>) {
        self.draft.update(|draft| *draft = draft.after_sending());
        self.sending.set(Sending::Not);
        self.faults.set(Vec::new());
        self.step.set(Step::default());
        self.receipt.set(receipt);
        self.save();
    }

    /// Forgets all of it.
    pub fn clear(self) {
        self.settle(None);
        self.change(|draft| *draft = Draft::default());
        storage::remove_tab(KEY);
    }

    fn save(self) {
        let receipt = self.receipt.get_untracked();
        let is_sent = receipt.is_some();
        let Receipt { number, token, notice, was_there } = receipt.unwrap_or_default();
        let kept = Kept { draft: self.draft.get_untracked(), number, token, notice, is_sent, was_there };
        // Plain data always serialises.
        storage::set_tab(KEY, &serde_json::to_string(&kept).unwrap_or_default());
    }

    /// Asks with what is known of the report's kind; what is not known yet is empty.
    pub fn with_terms<T>(self, ask: impl FnOnce(&Draft, Terms<'_>) -> T) -> T {
        let (services, attributes) = (self.services.get(), self.attributes.get());
        let (none, no_questions) = (Services::default(), Vec::new());
        let terms = Terms {
            services: services.value().unwrap_or(&none),
            attributes: attributes.value().unwrap_or(&no_questions).as_slice(),
        };
        self.draft.with(|draft| ask(draft, terms))
    }

    /// Lists the questions that are asked, and which of them is shown.
    pub fn steps(self) -> (Vec<Step>, usize) {
        let steps = untrack(|| self.with_terms(Draft::steps));
        let here = steps.iter().position(|step| *step == self.step.get_untracked()).unwrap_or(0);
        (steps, here)
    }

    /// Shows a question and leads the reader to it.
    pub fn go_to(self, step: Step) {
        self.faults.set(Vec::new());
        self.change(|draft| draft.step = step);
        self.step.set(step);
        if step == Step::Questions {
            self.ask_questions();
        }
        clock::next_frame(|| document::focus("step-title"));
    }

    /// Goes to the question before.
    pub fn back(self) {
        let (steps, here) = self.steps();
        if let Some(step) = here.checked_sub(1).and_then(|before| steps.get(before)) {
            self.go_to(*step);
        }
    }

    /// Goes on, or says what is wrong here.
    pub fn next(self) {
        let step = self.step.get_untracked();
        let faults = untrack(|| self.with_terms(|draft, terms| draft.faults_of(step, terms)));
        if !faults.is_empty() {
            return self.blame(faults);
        }
        let (steps, here) = self.steps();
        if let Some(step) = steps.get(here + 1) {
            self.go_to(*step);
        }
    }

    /// Shows what is wrong, where the first of it is asked.
    pub fn blame(self, faults: Vec<Fault>) {
        if let Some(first) = faults.first().filter(|first| first.step != self.step.get_untracked()) {
            self.go_to(first.step);
        }
        self.faults.set(faults);
        clock::next_frame(|| document::focus("faults"));
    }

    /// Fetches the questions of the chosen kind.
    pub fn ask_questions(self) {
        let code = self.draft.with_untracked(|draft| draft.service.clone());
        self.attributes.set(Loadable::Loading);
        let api: PublicApi = self.portal.api.get_value();
        leptos::task::spawn_local(async move {
            let answer = api.ask(&AttributesQuery(code.clone())).await;
            // Another kind may have been chosen meanwhile.
            if self.draft.with_untracked(|draft| draft.service == code) {
                self.attributes.update(|attributes| attributes.settle(answer, clock::wall()));
            }
        });
    }
}
