//! Cases as the rows that they were written from, for whoever goes on with them here: nothing is cut for a viewer.

use std::collections::HashMap;

use fengtu_wire::cases::CaseState;
use fengtu_wire::ids::{BuildingCode, CaseNumber, CategoryId, PlaceId};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use crate::dataset::{CaseEventRow, CaseRow};
use crate::db::Db;
use crate::store::query::Fragment;

/// Reads every case with its events.
pub async fn rows(db: &Db) -> anyhow::Result<Vec<CaseRow>> {
    matching(db, &Fragment::new("1 = 1", [])).await
}

/// Reads the cases that are in one of these states, with their events.
pub async fn rows_in(db: &Db, states: &[CaseState]) -> anyhow::Result<Vec<CaseRow>> {
    let states = states.iter().map(|state| state.as_str().to_owned()).collect();
    let Some(condition) = Fragment::any_of("state", states) else { return Ok(Vec::new()) };
    matching(db, &condition).await
}

async fn matching(db: &Db, condition: &Fragment) -> anyhow::Result<Vec<CaseRow>> {
    let mut events = events(db, condition).await?;
    let sql = "SELECT number, channel, category, class, sensitivity, place, address, building, lon, lat, title, \
               description, people, amount_fen, parties, repeat_of, rating FROM cases WHERE ";
    let rows = Fragment::new(sql, []).then(condition.clone()).fetch(db.pool()).await?;
    rows.iter().map(|row| case(row, &mut events)).collect()
}

async fn events(db: &Db, condition: &Fragment) -> anyhow::Result<HashMap<String, Vec<CaseEventRow>>> {
    let sql = format!("SELECT number, {EVENT} FROM case_events WHERE number IN (SELECT number FROM cases WHERE ");
    let query = Fragment::new(sql, []).then(condition.clone()).text(") ORDER BY number, sequence");
    let mut events: HashMap<String, Vec<CaseEventRow>> = HashMap::new();
    for row in query.fetch(db.pool()).await? {
        events.entry(row.try_get("number")?).or_default().push(event(&row)?);
    }
    Ok(events)
}

fn case(row: &AnyRow, events: &mut HashMap<String, Vec<CaseEventRow>>) -> anyhow::Result<CaseRow> {
    let number: String = row.try_get("number")?;
    Ok(CaseRow {
        events: events.remove(&number).unwrap_or_default(),
        number: CaseNumber(number),
        channel: row.try_get::<&str, _>("channel")?.parse()?,
        category: CategoryId(row.try_get("category")?),
        class: row.try_get::<&str, _>("class")?.parse()?,
        sensitivity: super::sensitivity(row.try_get("sensitivity")?),
        place: row.try_get::<Option<String>, _>("place")?.map(PlaceId),
        address: row.try_get("address")?,
        building: row.try_get::<Option<String>, _>("building")?.map(BuildingCode),
        at: crate::store::position(row.try_get("lon")?, row.try_get("lat")?),
        title: row.try_get("title")?,
        description: row.try_get("description")?,
        people: super::unsigned(row.try_get("people")?),
        amount_fen: row.try_get("amount_fen")?,
        parties: serde_json::from_str(row.try_get("parties")?)?,
        repeat_of: row.try_get::<Option<String>, _>("repeat_of")?.map(CaseNumber),
        rating: row.try_get::<Option<i64>, _>("rating")?.and_then(|rating| rating.try_into().ok()),
    })
}

/// The columns that [`event`] reads.
pub(super) const EVENT: &str = "at, to_state, actor, note, holder_place, holder_office";

/// Reads a step of a case.
pub(super) fn event(row: &AnyRow) -> anyhow::Result<CaseEventRow> {
    let place: Option<String> = row.try_get("holder_place")?;
    let office: Option<String> = row.try_get("holder_office")?;
    Ok(CaseEventRow {
        at: crate::store::instant(row.try_get("at")?),
        to: row.try_get::<&str, _>("to_state")?.parse()?,
        by: row.try_get("actor")?,
        note: row.try_get("note")?,
        holder: place.map(PlaceId).zip(office),
    })
}
