//! Moves the demo on from now: new cases in the rhythm of the year, and steps of open ones along the closed loop.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use fengtu_domain::categories::is_mental_health;
use fengtu_wire::cases::{CaseState as S, Sensitivity};
use fengtu_wire::geojson::Position;
use fengtu_wire::ids::{CaseNumber, PlaceId};

use super::cases::{Memory, Writer};
use super::city::City;
use super::dice::Dice;
use super::journey::{STATION, STREET_OFFICE, last_note, rating};
use super::plan::{Draw, Seed};
use super::rhythm::Rhythm;
use super::{buildings, mediations, orders};
use crate::dataset::{
    BuildingRow, CaseEventRow, CaseRow, Change, ConfirmationRow, IMPORTED_BY, MediationRow, OrderRow,
};
use crate::standing::Standing;

/// How many changes are new cases at an ordinary hour; a case takes about six steps to its end.
const NEW_SHARE: f64 = 0.15;

/// A case that has not come to its end.
#[derive(Debug, Clone)]
struct Pending {
    number: CaseNumber,
    state: S,
    at: DateTime<Utc>,
    holder: (PlaceId, String),
    mental: bool,
    dispute: bool,
    /// How often it was reopened here: nothing comes back for ever.
    reopened: u8,
    /// What an order behind it says, without its events.
    row: CaseRow,
    /// The attempts to mediate so far, and the one that goes on.
    attempts: u32,
    mediation: Option<MediationRow>,
}

/// Something that was planned with its whole way and comes to pass step by step.
#[derive(Debug, Clone)]
enum Planned {
    Order(OrderRow),
    Confirmation(ConfirmationRow),
}

/// Trouble that brings new cases to one grid for a while.
#[derive(Debug, Clone, Copy)]
struct Trouble {
    id: u32,
    grid: usize,
    cause: usize,
    left: u32,
}

/// The live simulator: the same seed, standing and instants give the same changes.
#[derive(Debug, Clone)]
pub struct Simulator {
    city: City,
    buildings: Vec<BuildingRow>,
    memory: Memory,
    draw: Draw,
    dice: Dice,
    pending: Vec<Pending>,
    trouble: Option<Trouble>,
    troubles: u32,
    orders: orders::Writer,
    /// What comes to pass, with when; in no particular order, as there is little of it.
    planned: Vec<(DateTime<Utc>, Planned)>,
}

impl Simulator {
    /// Goes on with the district of a seed from where it stands. At another instant the dice fall in another way: else
    /// what happened before would happen again.
    pub fn new(seed: u64, standing: &Standing) -> Self {
        let city = City::new(seed);
        let buildings = buildings::rows(&city, seed);
        let memory = memory(seed, &city, &buildings, standing);
        let draw = Draw::new(&city, &mut Dice::new(seed, 12));
        let (dice, orders) = (Dice::at(seed, 23, standing.at), order_writer(seed, standing));
        let (pending, trouble, troubles, planned) = (take_up(standing), None, 0, Vec::new());
        let mut all = Self { city, buildings, memory, draw, dice, pending, trouble, troubles, orders, planned };
        all.plan_the_rest(standing);
        all
    }

    /// Plans how what is under way comes to its end: orders that are not scored, agreements that wait for the court.
    fn plan_the_rest(&mut self, standing: &Standing) {
        let places = self.pending.iter().filter_map(|case| Some((case.number.clone(), case.row.at?)));
        let places: BTreeMap<CaseNumber, Position> = places.collect();
        for order in &standing.orders {
            let position = order.case.as_ref().and_then(|case| places.get(case)).copied();
            let whole = self.orders.rest(&self.city, order, position, standing.at);
            self.plan(&whole, standing.at);
        }
        for row in &standing.confirmations {
            let whole = mediations::rest(row, standing.at, &mut self.dice);
            self.planned.extend(whole.confirmed_at.map(|at| (at, Planned::Confirmation(whole))));
        }
    }

    /// Plans what happens to an order from an instant on.
    fn plan(&mut self, order: &OrderRow, from: DateTime<Utc>) {
        let later = orders::instants(order).into_iter().filter(|at| *at >= from);
        self.planned.extend(later.map(|at| (at, Planned::Order(order.clone()))));
    }

    /// Returns what happens at `now`: what has come to pass, and one change, now and then a few. What is in one list
    /// belongs together.
    pub fn next(&mut self, now: DateTime<Utc>) -> Vec<Vec<Change>> {
        let count = 1 + self.dice.weighted(&[0.85, 0.12, 0.03]);
        let mut all: Vec<Vec<Change>> = self.come_to_pass(now).into_iter().map(|change| vec![change]).collect();
        all.extend((0..count).map(|_| self.change(now)));
        all
    }

    /// Returns what was planned and has come to pass by `now`.
    fn come_to_pass(&mut self, now: DateTime<Utc>) -> Vec<Change> {
        let mut due: Vec<(DateTime<Utc>, Planned)> = self.planned.extract_if(.., |one| one.0 <= now).collect();
        due.sort_by_key(|one| one.0);
        let change = |(_, planned)| match planned {
            Planned::Order(row) => Change::Order(Box::new(orders::until(&row, now))),
            Planned::Confirmation(row) => Change::Confirmation(mediations::until(&row, now)),
        };
        due.into_iter().map(change).collect()
    }

    fn change(&mut self, now: DateTime<Utc>) -> Vec<Change> {
        let share = (NEW_SHARE * self.memory.rhythm.pace(now)).clamp(0.02, 0.35);
        let new = self.dice.chance(share);
        match self.choose().filter(|_| !new) {
            Some(i) => self.step(i, now),
            None => vec![self.report(now)],
        }
    }

    /// Chooses an open case: mostly the one that has waited longest for its acceptance, else any.
    fn choose(&mut self) -> Option<usize> {
        if self.pending.is_empty() {
            return None;
        }
        let waits = |p: &Pending| matches!(p.state, S::Reported | S::Transferred | S::Escalated);
        let waiting =
            self.pending.iter().enumerate().filter(|(_, p)| waits(p)).min_by_key(|(_, p)| p.at).map(|(i, _)| i);
        waiting.filter(|_| self.dice.chance(0.6)).or_else(|| Some(self.dice.below(self.pending.len())))
    }

    fn report(&mut self, now: DateTime<Utc>) -> Change {
        let seed = self.seed(now);
        let (city, buildings) = (&self.city, self.buildings.as_slice());
        let row = Writer { city, buildings, memory: &mut self.memory }.write(seed, Some(now));
        self.pending.extend(pending(&row));
        Change::NewCase(Box::new(row))
    }

    /// Plans the next case: one in three belongs to the trouble of the hour.
    fn seed(&mut self, at: DateTime<Utc>) -> Seed {
        if self.trouble.is_none_or(|t| t.left == 0) {
            self.trouble = Some(self.new_trouble());
        }
        if let Some(t) = self.trouble.as_mut().filter(|_| self.dice.chance(0.35)) {
            t.left -= 1;
            return Seed { at, grid: t.grid, cause: t.cause, trouble: Some(t.id), hard: 0.6 };
        }
        let grid = self.draw.grid(&mut self.dice);
        Seed { at, grid, cause: self.draw.cause(&self.city, grid, &mut self.dice), trouble: None, hard: 0.0 }
    }

    fn new_trouble(&mut self) -> Trouble {
        self.troubles += 1;
        let grid = self.draw.grid(&mut self.dice);
        let cause = self.draw.cause(&self.city, grid, &mut self.dice);
        Trouble { id: self.troubles, grid, cause, left: self.dice.whole(5, 14) }
    }

    /// Takes a case one step along the loop.
    fn step(&mut self, i: usize, now: DateTime<Utc>) -> Vec<Change> {
        let mut case = self.pending.swap_remove(i);
        let from = case.state;
        let (to, note) = self.way(&case);
        let by = by(to, &case).to_owned();
        if to == S::Escalated {
            case.holder = (street_of(&case.holder.0), STREET_OFFICE.to_owned());
        }
        case.reopened += u8::from(to == S::Reopened);
        (case.state, case.at) = (to, case.at.max(now));
        let event =
            CaseEventRow { at: case.at, to, by, note: note.map(str::to_owned), holder: Some(case.holder.clone()) };
        let rating = (to == S::Rated).then(|| rating(0.0, &mut self.dice));
        let number = case.number.clone();
        let mut changes = self.with_it(&mut case, from, &event);
        if !fengtu_domain::states::is_terminal(to) {
            self.pending.push(case);
        }
        changes.insert(0, Change::Step { number, event, rating });
        changes
    }

    /// Returns what a step brings with it: an order, a mediation that begins or ends, a confirmation to come.
    fn with_it(&mut self, case: &mut Pending, from: S, event: &CaseEventRow) -> Vec<Change> {
        let mut changes = Vec::new();
        if from == S::Ordered {
            changes.extend(self.arrive(&case.number, event.at));
        }
        if let Some(open) = case.mediation.take() {
            let outcome = mediations::outcome(event.to);
            changes.push(Change::Mediation(MediationRow { ended: Some((event.at, outcome)), ..open }));
        }
        match event.to {
            S::Ordered => changes.extend(self.order(case, event.at)),
            S::Mediating => {
                case.attempts += 1;
                let opening = mediations::opening(&case.number, case.attempts, event, &mut self.dice);
                case.mediation = Some(opening.clone());
                changes.push(Change::Mediation(opening));
            }
            S::Resolved if from == S::Mediating => self.confirm(case, event.at),
            _ => {}
        }
        changes
    }

    /// Gives the order behind a case, and plans its way.
    fn order(&mut self, case: &Pending, at: DateTime<Utc>) -> Option<Change> {
        let order = self.orders.of_case(&self.city, &case.row, at, None)?;
        let order = self.orders.numbered(order);
        self.plan(&order, at);
        Some(Change::Order(Box::new(orders::until(&order, at))))
    }

    /// Has the departments that a case was waiting for check in at once, as it goes on.
    fn arrive(&mut self, case: &CaseNumber, at: DateTime<Utc>) -> Option<Change> {
        let mut arrived = None;
        for (_, planned) in &mut self.planned {
            let Planned::Order(order) = planned else { continue };
            if order.case.as_ref() == Some(case) {
                let check_ins = order.departments.iter_mut().filter_map(|one| one.check_in.as_mut());
                check_ins.for_each(|check_in| check_in.at = check_in.at.min(at));
                arrived = Some(Change::Order(Box::new(orders::until(order, at))));
            }
        }
        arrived
    }

    /// Plans a judicial confirmation of one agreement in a few.
    fn confirm(&mut self, case: &Pending, at: DateTime<Utc>) {
        if case.row.sensitivity == Sensitivity::Restricted || !self.dice.chance(0.25) {
            return;
        }
        let row = mediations::confirmation(&case.number, at, &mut self.dice);
        let instants = [Some(row.applied_at), row.confirmed_at];
        self.planned.extend(instants.into_iter().flatten().map(|at| (at, Planned::Confirmation(row.clone()))));
    }

    /// Draws the next state and its note.
    fn way(&mut self, case: &Pending) -> (S, Option<&'static str>) {
        let ways = ways(case);
        let weights: Vec<f64> = ways.iter().map(|w| w.1).collect();
        let to = ways[self.dice.weighted(&weights)].0;
        let note = match to {
            S::Resolved => Some(last_note(case.dispute, &mut self.dice)),
            S::Returned => Some("材料不全,请补充相关证明后重新提交"),
            S::Escalated => Some("超出社区职权,提级至街道办理"),
            S::Ordered => Some("社区发令,请相关部门到场"),
            S::Mediating => Some("组织双方调解"),
            S::Referred => Some("转介心理服务站跟进"),
            S::Reopened => Some("问题反弹,要求重新办理"),
            S::Withdrawn => Some("当事人已自行协商解决"),
            _ => None,
        };
        (to, note)
    }
}

/// Remembers which numbers of cases are taken.
fn memory(seed: u64, city: &City, buildings: &[BuildingRow], standing: &Standing) -> Memory {
    let rhythm = Rhythm::new(standing.at, &mut Dice::new(seed, 21));
    let mut memory = Memory::new(city, buildings, rhythm, Dice::at(seed, 22, standing.at), seed);
    standing.case_numbers.iter().for_each(|number| memory.taken(number));
    memory
}

/// Remembers which numbers of orders are taken.
fn order_writer(seed: u64, standing: &Standing) -> orders::Writer {
    let mut writer = orders::Writer::new(Dice::at(seed, 33, standing.at));
    standing.order_numbers.iter().for_each(|number| writer.taken(number));
    writer
}

/// Takes up the cases that go on, each with its mediation.
fn take_up(standing: &Standing) -> Vec<Pending> {
    let going_on = standing.mediations.iter().map(|row| (&row.case, row));
    let mut open: BTreeMap<&CaseNumber, &MediationRow> = going_on.collect();
    let with_mediation = |case: Pending| {
        let mediation = open.remove(&case.number).cloned();
        Pending { mediation, ..case }
    };
    standing.cases.iter().filter_map(pending).map(with_mediation).collect()
}

/// Takes up a case that has not come to its end. One that was imported is somebody's own: nothing is invented of it.
fn pending(row: &CaseRow) -> Option<Pending> {
    let is_own = row.events.iter().all(|e| e.by != IMPORTED_BY);
    let last = row.events.last().filter(|e| is_own && !fengtu_domain::states::is_terminal(e.to))?;
    let mental = is_mental_health(&row.category);
    let dispute = row.category.as_str().starts_with("mediation.");
    let reopened = u8::from(row.events.iter().any(|e| e.to == S::Reopened));
    let attempts = row.events.iter().filter(|e| e.to == S::Mediating).count() as u32;
    Some(Pending {
        number: row.number.clone(),
        state: last.to,
        at: last.at,
        holder: last.holder.clone()?,
        mental,
        dispute,
        reopened,
        row: CaseRow { events: Vec::new(), ..row.clone() },
        attempts,
        mediation: None,
    })
}

/// Lists the states that may come next, with their weights.
fn ways(case: &Pending) -> Vec<(S, f64)> {
    let some = |yes: bool, weight: f64| if yes { weight } else { 0.0 };
    match case.state {
        S::Draft | S::Returned => vec![(S::Reported, 1.0)],
        S::Reported => vec![(S::Accepted, 0.965), (S::Returned, 0.02), (S::Withdrawn, 0.015)],
        S::Transferred | S::Escalated => vec![(S::Accepted, 1.0)],
        S::Accepted | S::Reopened => vec![(S::Handling, 1.0)],
        S::Handling => vec![
            (S::Resolved, 0.55),
            (S::Mediating, some(case.dispute, 0.30)),
            (S::Ordered, 0.02),
            (S::Escalated, some(case.holder.1 == STATION, 0.05)),
            (S::Referred, some(case.mental, 0.50)),
        ],
        S::Ordered | S::Referred => vec![(S::Handling, 0.4), (S::Resolved, 0.6)],
        S::Mediating => vec![(S::Resolved, 0.85), (S::Handling, 0.15)],
        S::Resolved => vec![(S::Confirmed, 0.96), (S::Reopened, some(case.reopened == 0, 0.04))],
        S::Confirmed => vec![(S::Rated, 0.65), (S::Archived, 0.35)],
        S::Rated | S::Archived | S::Withdrawn => vec![(S::Archived, 1.0)],
    }
}

/// Names who takes a step: a role or an office.
fn by(to: S, case: &Pending) -> &str {
    match to {
        S::Reported | S::Confirmed | S::Rated | S::Reopened | S::Withdrawn => "居民",
        S::Mediating => "调解员",
        S::Handling if case.holder.1 == STATION => "网格员",
        _ => &case.holder.1,
    }
}

/// Returns the street of a community: its code is the first nine digits.
fn street_of(place: &PlaceId) -> PlaceId {
    PlaceId(place.as_str().chars().take(9).collect())
}
