//! Cases, and what has happened to them as far as their columns tell.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use fengtu_wire::cases::{CaseState, Channel, Class, PartySide, Sensitivity};
use fengtu_wire::config::Category;
use fengtu_wire::geojson::Position;
use fengtu_wire::ids::{BuildingCode, CaseNumber, CategoryId};

use super::atlas::Atlas;
use super::position;
use super::record::{Reader, Refused, Row, Word};
use super::report::{Reason, Verdict};
use super::settle::{settle, without_duplicates};
use super::time::Instant;
use crate::dataset::{CaseEventRow, CaseRow, Dataset, IMPORTED_BY, PartyRow};

/// Reads the cases of a file; those that have to be written.
pub fn read(reader: &mut Reader<'_>, atlas: &Atlas, categories: &[Category], existing: Dataset) -> Vec<CaseRow> {
    let known = Known {
        atlas,
        categories: categories.iter().map(|category| (category.id.as_str(), category)).collect(),
        buildings: existing.buildings.iter().map(|building| (building.code.as_str(), building.at)).collect(),
    };
    let rows = reader.rows(|row| case(row, &known));
    let mut rows = without_duplicates(reader, rows);
    keep_own_steps(reader, &mut rows, &existing.cases);
    let changed = settle(reader, rows.into_iter().map(|(_, case)| case).collect(), &existing.cases);
    reader.report.finish();
    changed
}

struct Known<'a> {
    atlas: &'a Atlas,
    categories: HashMap<&'a str, &'a Category>,
    buildings: HashMap<&'a str, Option<Position>>,
}

fn case(row: &mut Row<'_>, known: &Known<'_>) -> Result<CaseRow, Refused> {
    let number = CaseNumber(row.key("number")?);
    let category = category(row, known)?;
    let building = building(row, known);
    let at_building = building.as_ref().and_then(|code| known.buildings.get(code.as_str()).copied().flatten());
    let at = position::read(row, known.atlas, at_building.map(|at| (at, Reason::AtBuilding)))?;
    let place = known.atlas.place(row, at);
    let mut events = events(row)?;
    if let (Some(last), Some(place), Some(office)) = (events.last_mut(), &place, row.text("office")) {
        last.holder = Some((place.clone(), office));
    }
    let description = row.text("description").unwrap_or_default();
    Ok(CaseRow {
        number,
        channel: row.word_or("channel", Channel::Transfer),
        class: row.word_or("class", Class::Ordinary),
        sensitivity: sensitivity(row).max(category.sensitivity),
        category: category.id.clone(),
        place,
        address: row.text("address"),
        building,
        at,
        title: row.text("title").unwrap_or_else(|| title(&description, category)),
        description,
        people: row.count("people").unwrap_or(1),
        amount_fen: row.fen("amount"),
        parties: parties(row),
        repeat_of: row.text("repeat_of").map(CaseNumber),
        rating: rating(row),
        events,
    })
}

/// A word that nobody has translated may mean the highest: such a case is kept from all but its handler until it is known.
fn sensitivity(row: &mut Row<'_>) -> Sensitivity {
    match row.word("sensitivity") {
        Word::Known(sensitivity) => sensitivity,
        Word::Absent => Sensitivity::Public,
        Word::Unknown(word) => {
            row.note(Reason::UnknownWord, "sensitivity", &word);
            Sensitivity::Restricted
        }
    }
}

fn category<'a>(row: &mut Row<'_>, known: &Known<'a>) -> Result<&'a Category, Refused> {
    let word = row.text("category").unwrap_or_default();
    // What is one of our own ids needs no table.
    let id = if known.categories.contains_key(word.as_str()) { Some(word.clone()) } else { row.translated("category") };
    let id = CategoryId(id.unwrap_or_default());
    known.categories.get(id.as_str()).copied().ok_or_else(|| row.refuse(Reason::UnknownCategory, "category", &word))
}

fn building(row: &mut Row<'_>, known: &Known<'_>) -> Option<BuildingCode> {
    let code = row.text("building")?;
    if known.buildings.contains_key(code.as_str()) {
        return Some(BuildingCode(code));
    }
    row.note(Reason::UnknownBuilding, "building", &code);
    None
}

fn title(description: &str, category: &Category) -> String {
    const LONGEST: usize = 40;
    let first = description.lines().next().unwrap_or_default().trim();
    if first.is_empty() { category.name.zh.clone() } else { first.chars().take(LONGEST).collect() }
}

fn parties(row: &Row<'_>) -> Vec<PartyRow> {
    let party = |name: &str, telephone: &str, side| {
        row.text(name).map(|name| PartyRow { name, telephone: row.text(telephone), side })
    };
    let applicant = party("applicant", "applicant_telephone", PartySide::Applicant);
    let respondent = party("respondent", "respondent_telephone", PartySide::Respondent);
    applicant.into_iter().chain(respondent).collect()
}

fn rating(row: &mut Row<'_>) -> Option<u8> {
    let stars = row.count("rating")?;
    let rating = u8::try_from(stars).ok().filter(|stars| (1..=5).contains(stars));
    if rating.is_none() {
        row.note(Reason::NumberUnreadable, "rating", &stars.to_string());
    }
    rating
}

/// The instants that the columns tell, checked.
struct Dates {
    reported: DateTime<Utc>,
    accepted: Option<DateTime<Utc>>,
    resolved: Option<DateTime<Utc>>,
    changed: Option<DateTime<Utc>>,
}

fn events(row: &mut Row<'_>) -> Result<Vec<CaseEventRow>, Refused> {
    let mut dates = dates(row)?;
    let state = state(row, &mut dates)?;
    let accepted = dates.accepted.map(|at| (at, CaseState::Accepted));
    let resolved = dates.resolved.map(|at| (at, CaseState::Resolved));
    let mut steps = vec![(dates.reported, CaseState::Reported)];
    steps.extend(accepted.into_iter().chain(resolved));
    let (last_at, last_state) = steps.last().copied().unwrap_or((dates.reported, CaseState::Reported));
    if state != last_state {
        let changed = dates.changed.filter(|&at| at >= last_at);
        if changed.is_none() && !is_settled(state) {
            row.note(Reason::StateWithoutDate, "state", state.as_str());
        }
        steps.push((changed.unwrap_or(last_at), state));
    }
    Ok(steps.into_iter().map(event).collect())
}

fn event((at, to): (DateTime<Utc>, CaseState)) -> CaseEventRow {
    CaseEventRow { at, to, by: IMPORTED_BY.to_owned(), note: None, holder: None }
}

fn dates(row: &mut Row<'_>) -> Result<Dates, Refused> {
    let reported = date(row, "reported_at")?.ok_or_else(|| row.refuse(Reason::DateMissing, "reported_at", ""))?.at;
    let resolved = date(row, "resolved_at")?.map(|end| not_before(row, end, reported));
    if resolved.is_some_and(|at| at < reported) {
        let found = row.text("resolved_at").unwrap_or_default();
        return Err(row.refuse(Reason::SettledBeforeReported, "resolved_at", &found));
    }
    let mut accepted = date(row, "accepted_at")?.map(|step| not_before(row, step, reported));
    if accepted.is_some_and(|at| at < reported || resolved.is_some_and(|end| end < at)) {
        let found = row.text("accepted_at").unwrap_or_default();
        row.note(Reason::AcceptedOutOfOrder, "accepted_at", &found);
        accepted = None;
    }
    let changed = date(row, "changed_at")?.map(|step| not_before(row, step, resolved.or(accepted).unwrap_or(reported)));
    Ok(Dates { reported, accepted, resolved, changed })
}

fn date(row: &mut Row<'_>, field: &'static str) -> Result<Option<Instant>, Refused> {
    let Some(text) = row.text(field) else { return Ok(None) };
    match row.rules.times.read(&text) {
        None => Err(row.refuse(Reason::DateUnreadable, field, &text)),
        Some(instant) if instant.at > row.rules.now => Err(row.refuse(Reason::DateInFuture, field, &text)),
        found => Ok(found),
    }
}

// A step that is given by its day alone, on the day of what went before, came after that.
fn not_before(row: &Row<'_>, step: Instant, before: DateTime<Utc>) -> DateTime<Utc> {
    let times = &row.rules.times;
    if step.is_day && times.day(step.at) == times.day(before) { step.at.max(before) } else { step.at }
}

fn state(row: &mut Row<'_>, dates: &mut Dates) -> Result<CaseState, Refused> {
    let state = match row.word("state") {
        Word::Known(state) => state,
        Word::Unknown(word) => return Err(row.refuse(Reason::UnknownState, "state", &word)),
        Word::Absent => return Ok(latest(dates)),
    };
    if is_settled(state) && dates.resolved.is_none() {
        return Err(row.refuse(Reason::SettledWithoutDate, "resolved_at", state.as_str()));
    }
    if !is_settled(state) && state != CaseState::Reopened {
        let end = dates.resolved.take();
        match (end, state) {
            (Some(_), CaseState::Withdrawn) => dates.changed = dates.changed.or(end),
            (Some(_), _) => row.note(Reason::SettledButOpen, "resolved_at", state.as_str()),
            _ => {}
        }
    }
    Ok(state)
}

const fn latest(dates: &Dates) -> CaseState {
    match (dates.accepted, dates.resolved) {
        (_, Some(_)) => CaseState::Resolved,
        (Some(_), None) => CaseState::Accepted,
        (None, None) => CaseState::Reported,
    }
}

const fn is_settled(state: CaseState) -> bool {
    matches!(state, CaseState::Resolved | CaseState::Confirmed | CaseState::Rated | CaseState::Archived)
}

// What was done here since the last import is not undone by the next.
fn keep_own_steps(reader: &mut Reader<'_>, rows: &mut [(u64, CaseRow)], existing: &[CaseRow]) {
    let moved = existing.iter().filter(|case| case.events.iter().any(|event| event.by != IMPORTED_BY));
    let moved: HashMap<&str, &CaseRow> = moved.map(|case| (case.number.as_str(), case)).collect();
    for (row, case) in rows {
        if let Some(here) = moved.get(case.number.as_str()) {
            case.events.clone_from(&here.events);
            case.rating = here.rating;
            reader.say(*row, case.number.as_str(), "state", Reason::MovedOnHere, Verdict::Noted, "");
        }
    }
}
