//! What one viewer reads of a case: masked, cut, and with its clocks as they stand now.

use std::sync::Arc;

use chrono::{DateTime, FixedOffset, SubsecRound as _};
use fengtu_domain::calendar::WorkCalendar;
use fengtu_domain::clocks;
use fengtu_domain::masking::{self, AddressCut};
use fengtu_wire::cases::{Case, CaseEvent, CaseState, CaseSummary, Clock, Holder, Party};
use fengtu_wire::config::Config;

use crate::app::AppState;
use crate::dataset::PartyRow;
use crate::store::cases::{CaseFact, StoredCase};
use crate::store::{instant, meta};

/// Turns rows into what travels, at one moment.
pub struct View {
    config: Arc<Config>,
    calendar: WorkCalendar,
    now: DateTime<FixedOffset>,
}

impl View {
    /// Builds one for the district and the moment.
    pub fn new(state: &AppState) -> Self {
        let config = state.config();
        let calendar = WorkCalendar::new(&config.calendar);
        // In whole seconds, as figures count: else a list and a figure of the same second could differ.
        let now = meta::local(state.now().trunc_subsecs(0), config.utc_offset_s);
        Self { config, calendar, now }
    }

    /// Computes a case's clocks.
    pub fn clocks(&self, fact: &CaseFact) -> Vec<Clock> {
        let Some(rule) = self.config.classes.iter().find(|rule| rule.class == fact.class) else { return Vec::new() };
        let steps: Vec<(DateTime<FixedOffset>, CaseState)> =
            fact.steps.iter().map(|&(at, to)| (self.local(at), to)).collect();
        clocks::clocks_of(rule, self.local(fact.reported_at), &steps, &self.calendar, self.now)
    }

    /// Returns whether a case is overdue.
    pub fn is_overdue(&self, fact: &CaseFact) -> bool {
        clocks::is_overdue(fact.state, &self.clocks(fact))
    }

    /// Returns what a list shows.
    pub fn summary(&self, row: &StoredCase) -> CaseSummary {
        let fact = &row.fact;
        CaseSummary {
            number: fact.number.clone(),
            channel: fact.channel,
            category: fact.category.clone(),
            class: fact.class,
            sensitivity: fact.sensitivity,
            state: fact.state,
            place: fact.place.clone(),
            address: address(row),
            at: fact.at,
            reported_at: self.local(fact.reported_at),
            resolved_at: fact.resolved_at.map(|at| self.local(at)),
            title: masking::scrub(&fact.title),
            people: fact.people,
            amount_fen: fact.amount_fen,
            holder: row.holder.clone().map(|(place, office)| Holder { place, office }),
            clocks: self.clocks(fact),
        }
    }

    /// Returns a case in full.
    pub fn case(&self, row: StoredCase) -> Case {
        Case {
            summary: self.summary(&row),
            description: masking::scrub(&row.description),
            building: row.building,
            parties: row.parties.into_iter().map(party).collect(),
            repeat_of: row.fact.repeat_of,
            rating: row.fact.rating,
            version: row.version,
        }
    }

    fn local(&self, milliseconds: i64) -> DateTime<FixedOffset> {
        meta::local(instant(milliseconds), self.config.utc_offset_s)
    }
}

/// Takes telephone and identity numbers out of a step's note.
pub fn event(mut event: CaseEvent) -> CaseEvent {
    event.note = event.note.map(|note| masking::scrub(&note));
    event
}

// Whoever handles a case has to find the door; the others need the building at most.
fn address(row: &StoredCase) -> Option<String> {
    let cut = if row.is_handler { AddressCut::Full } else { AddressCut::Building };
    masking::address(row.address.as_deref()?, cut).map(str::to_owned)
}

fn party(row: PartyRow) -> Party {
    Party { name: masking::name(&row.name), telephone: row.telephone.as_deref().map(masking::phone), side: row.side }
}
