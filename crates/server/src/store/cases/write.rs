//! Cases into rows; what follows from a case's events is computed here and nowhere else.

use chrono::{DateTime, Utc};
use fengtu_domain::states;
use fengtu_wire::cases::CaseState;
use fengtu_wire::ids::{BuildingCode, CaseNumber, PlaceId};

use crate::dataset::{CaseEventRow, CaseRow};
use crate::db::Tx;
use crate::store::insert::{Bound, Table};
use crate::store::search_text;

const CASES: Table = Table {
    name: "cases",
    key: &["number"],
    columns: &[
        "channel",
        "category",
        "class",
        "sensitivity",
        "state",
        "place",
        "address",
        "building",
        "lon",
        "lat",
        "title",
        "description",
        "people",
        "amount_fen",
        "parties",
        "repeat_of",
        "rating",
        "holder_place",
        "holder_office",
        "version",
        "reported_at",
        "answered_at",
        "accepted_at",
        "resolved_at",
        "changed_at",
        "steps",
        "search",
    ],
};

const EVENTS: Table = Table {
    name: "case_events",
    key: &["number", "sequence"],
    columns: &["at", "from_state", "to_state", "actor", "note", "holder_place", "holder_office"],
};

/// Writes cases with their events; a case that is there already is replaced, its events too.
pub async fn write(tx: &mut Tx, rows: &[CaseRow]) -> anyhow::Result<()> {
    let records: Vec<Record<'_>> = rows.iter().map(Record::new).collect::<Result<_, _>>()?;
    forget_events(tx, rows).await?;
    CASES.upsert(tx, &records, |query, record| record.bind(query)).await?;
    let events: Vec<EventRecord<'_>> = rows.iter().flat_map(event_records).collect();
    Ok(EVENTS.upsert(tx, &events, |query, event| event.bind(query)).await?)
}

// A case that is written anew may have fewer events than before.
async fn forget_events(tx: &mut Tx, rows: &[CaseRow]) -> sqlx::Result<()> {
    for chunk in rows.chunks(200) {
        let places: Vec<String> = (1..=chunk.len()).map(|n| format!("${n}")).collect();
        let sql = format!("DELETE FROM case_events WHERE number IN ({})", places.join(", "));
        let query = chunk.iter().fold(sqlx::query(&sql), |query, row| query.bind(row.number.as_str()));
        query.execute(&mut **tx).await?;
    }
    Ok(())
}

/// What follows from a case's events.
struct Derived<'a> {
    state: CaseState,
    holder: Option<&'a (PlaceId, String)>,
    reported_at: DateTime<Utc>,
    answered_at: Option<DateTime<Utc>>,
    accepted_at: Option<DateTime<Utc>>,
    resolved_at: Option<DateTime<Utc>>,
    changed_at: DateTime<Utc>,
}

fn derive(events: &[CaseEventRow]) -> Derived<'_> {
    use CaseState as S;
    let first = |wanted: fn(S) -> bool| events.iter().find(|event| wanted(event.to)).map(|event| event.at);
    let state = events.last().map_or(S::Reported, |event| event.to);
    let settled = matches!(state, S::Resolved | S::Confirmed | S::Rated | S::Archived);
    let resolved = || events.iter().rev().find(|event| event.to == S::Resolved).map(|event| event.at);
    Derived {
        state,
        holder: events.iter().rev().find_map(|event| event.holder.as_ref()),
        reported_at: events.first().map(|event| event.at).unwrap_or_default(),
        answered_at: first(states::is_answer),
        accepted_at: first(states::is_acceptance),
        resolved_at: settled.then(resolved).flatten(),
        changed_at: events.last().map(|event| event.at).unwrap_or_default(),
    }
}

struct Record<'a> {
    row: &'a CaseRow,
    derived: Derived<'a>,
    parties: String,
    steps: String,
    search: String,
}

impl<'a> Record<'a> {
    fn new(row: &'a CaseRow) -> serde_json::Result<Self> {
        Ok(Self {
            row,
            derived: derive(&row.events),
            parties: serde_json::to_string(&row.parties)?,
            steps: steps_text(&row.events)?,
            search: search_text::of_parts(&[row.number.as_str(), &row.title]),
        })
    }

    fn bind<'q>(&'q self, query: Bound<'q>) -> Bound<'q> {
        let row = self.row;
        let query = query
            .bind(row.number.as_str())
            .bind(row.channel.as_str())
            .bind(row.category.as_str())
            .bind(row.class.as_str())
            .bind(super::rank(row.sensitivity))
            .bind(self.derived.state.as_str())
            .bind(row.place.as_ref().map(PlaceId::as_str))
            .bind(row.address.as_deref())
            .bind(row.building.as_ref().map(BuildingCode::as_str))
            .bind(row.at.map(|[lon, _]| lon))
            .bind(row.at.map(|[_, lat]| lat))
            .bind(row.title.as_str())
            .bind(row.description.as_str())
            .bind(i64::from(row.people))
            .bind(row.amount_fen)
            .bind(self.parties.as_str())
            .bind(row.repeat_of.as_ref().map(CaseNumber::as_str))
            .bind(row.rating.map(i64::from));
        self.bind_derived(query)
    }

    fn bind_derived<'q>(&'q self, query: Bound<'q>) -> Bound<'q> {
        let derived = &self.derived;
        let millis = |at: Option<DateTime<Utc>>| at.map(|at| at.timestamp_millis());
        query
            .bind(derived.holder.map(|(place, _)| place.as_str()))
            .bind(derived.holder.map(|(_, office)| office.as_str()))
            .bind(self.row.events.len().cast_signed() as i64)
            .bind(derived.reported_at.timestamp_millis())
            .bind(millis(derived.answered_at))
            .bind(millis(derived.accepted_at))
            .bind(millis(derived.resolved_at))
            .bind(derived.changed_at.timestamp_millis())
            .bind(self.steps.as_str())
            .bind(self.search.as_str())
    }
}

struct EventRecord<'a> {
    number: &'a CaseNumber,
    sequence: usize,
    from: Option<CaseState>,
    event: &'a CaseEventRow,
}

fn event_records(row: &CaseRow) -> impl Iterator<Item = EventRecord<'_>> {
    let before = std::iter::once(None).chain(row.events.iter().map(|event| Some(event.to)));
    row.events.iter().zip(before).enumerate().map(|(index, (event, from))| EventRecord {
        number: &row.number,
        sequence: index + 1,
        from,
        event,
    })
}

impl EventRecord<'_> {
    fn bind<'q>(&'q self, query: Bound<'q>) -> Bound<'q> {
        let holder = self.event.holder.as_ref();
        query
            .bind(self.number.as_str())
            .bind(self.sequence.cast_signed() as i64)
            .bind(self.event.at.timestamp_millis())
            .bind(self.from.map(CaseState::as_str))
            .bind(self.event.to.as_str())
            .bind(self.event.by.as_str())
            .bind(self.event.note.as_deref())
            .bind(holder.map(|(place, _)| place.as_str()))
            .bind(holder.map(|(_, office)| office.as_str()))
    }
}

/// Writes what a case's last event changed; `events` are all of them.
pub(super) async fn write_step(
    tx: &mut Tx,
    number: &CaseNumber,
    events: &[CaseEventRow],
    rating: Option<u8>,
) -> anyhow::Result<()> {
    let Some((last, before)) = events.split_last() else { return Ok(()) };
    let from = before.last().map(|event| event.to);
    let record = EventRecord { number, sequence: events.len(), from, event: last };
    EVENTS.upsert(tx, &[record], |query, event| event.bind(query)).await?;
    let (derived, steps) = (derive(events), steps_text(events)?);
    let millis = |at: Option<DateTime<Utc>>| at.map(|at| at.timestamp_millis());
    let sql = "UPDATE cases SET state = $1, holder_place = $2, holder_office = $3, version = $4, answered_at = $5, \
               accepted_at = $6, resolved_at = $7, changed_at = $8, steps = $9, rating = COALESCE($10, rating) WHERE number = $11";
    // Prepared anew each time: PostgreSQL keeps the types of the first values, and a NULL has another than a number.
    sqlx::query(sql)
        .persistent(false)
        .bind(derived.state.as_str())
        .bind(derived.holder.map(|(place, _)| place.as_str()))
        .bind(derived.holder.map(|(_, office)| office.as_str()))
        .bind(events.len().cast_signed() as i64)
        .bind(millis(derived.answered_at))
        .bind(millis(derived.accepted_at))
        .bind(millis(derived.resolved_at))
        .bind(derived.changed_at.timestamp_millis())
        .bind(steps)
        .bind(rating.map(i64::from))
        .bind(number.as_str())
        .execute(&mut **tx)
        .await?;
    Ok(())
}

fn steps_text(events: &[CaseEventRow]) -> serde_json::Result<String> {
    let steps: Vec<(i64, CaseState)> = events.iter().map(|event| (event.at.timestamp_millis(), event.to)).collect();
    serde_json::to_string(&steps)
}
