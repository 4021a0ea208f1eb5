//! One change to one case, and its row in the change log.

use chrono::{DateTime, Utc};
use fengtu_wire::ids::{CaseNumber, PlaceId};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::facts::{CaseFact, fact_of};
use super::write::{write, write_step};
use crate::dataset::{CaseEventRow, CaseRow, Change};
use crate::db::{Db, Tx};
use crate::store::change_log;

/// The kind of the change-log rows whose payload is a [`CaseFact`]: the case as it is after the change.
pub const CASE_CHANGED: &str = "case";

/// Why a change was not made.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// A new case has a number that is in use.
    #[error("the case number {0} is in use")]
    InUse(CaseNumber),
    /// A step is for a case that does not exist.
    #[error("there is no case {0}")]
    Unknown(CaseNumber),
    /// The database could not do it.
    #[error(transparent)]
    Failed(#[from] anyhow::Error),
}

impl From<sqlx::Error> for Refused {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// Makes a change and logs it in one transaction; returns its number in the log and the case after it.
pub async fn apply_change(db: &Db, now: DateTime<Utc>, change: &Change) -> Result<(u64, CaseFact), Refused> {
    let mut tx = db.begin_write().await?;
    let sequence = change_log::take_number(&mut tx).await?;
    let fact = apply(&mut tx, change).await?;
    change_log::record(&mut tx, db.kind(), sequence, now, CASE_CHANGED, &fact).await?;
    tx.commit().await?;
    Ok((sequence, fact))
}

async fn apply(tx: &mut Tx, change: &Change) -> Result<CaseFact, Refused> {
    let number = match change {
        Change::NewCase(row) => new_case(tx, row).await?,
        Change::Step { number, event, rating } => step(tx, number, event, *rating).await?,
    };
    fact_of(&mut **tx, number).await?.ok_or_else(|| Refused::Unknown(number.clone()))
}

async fn new_case<'a>(tx: &mut Tx, row: &'a CaseRow) -> Result<&'a CaseNumber, Refused> {
    if fact_of(&mut **tx, &row.number).await?.is_some() {
        return Err(Refused::InUse(row.number.clone()));
    }
    write(tx, std::slice::from_ref(row)).await?;
    Ok(&row.number)
}

async fn step<'a>(
    tx: &mut Tx,
    number: &'a CaseNumber,
    event: &CaseEventRow,
    rating: Option<u8>,
) -> Result<&'a CaseNumber, Refused> {
    let mut events = events_of(tx, number).await?;
    if events.is_empty() {
        return Err(Refused::Unknown(number.clone()));
    }
    events.push(event.clone());
    write_step(tx, number, &events, rating).await?;
    Ok(number)
}

async fn events_of(tx: &mut Tx, number: &CaseNumber) -> anyhow::Result<Vec<CaseEventRow>> {
    let sql = "SELECT at, to_state, actor, note, holder_place, holder_office FROM case_events WHERE number = $1 ORDER BY sequence";
    let rows = sqlx::query(sql).bind(number.as_str().to_owned()).fetch_all(&mut **tx).await?;
    rows.iter().map(event_row).collect()
}

fn event_row(row: &AnyRow) -> anyhow::Result<CaseEventRow> {
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
