//! A new case, and one step of a case, within a transaction.

use fengtu_wire::ids::CaseNumber;

use super::facts::{CaseFact, fact_of};
use super::rows::{EVENT, event};
use super::write::{write, write_step};
use crate::dataset::{CaseEventRow, CaseRow};
use crate::db::Tx;
use crate::store::changes::Refused;

/// The kind of the change-log rows whose payload is a [`CaseFact`]: the case as it is after the change.
pub const CASE_CHANGED: &str = "case";

/// Writes a case that must be new; returns what it is then.
pub async fn new_case(tx: &mut Tx, row: &CaseRow) -> Result<CaseFact, Refused> {
    if fact_of(&mut **tx, &row.number).await?.is_some() {
        return Err(Refused::InUse(row.number.clone()));
    }
    write(tx, std::slice::from_ref(row)).await?;
    after(tx, &row.number).await
}

/// Writes a step of a case that must be there; returns what it is then.
pub async fn step(
    tx: &mut Tx,
    number: &CaseNumber,
    event: &CaseEventRow,
    rating: Option<u8>,
) -> Result<CaseFact, Refused> {
    let mut events = events_of(tx, number).await?;
    if events.is_empty() {
        return Err(Refused::Unknown(number.clone()));
    }
    events.push(event.clone());
    write_step(tx, number, &events, rating).await?;
    after(tx, number).await
}

async fn after(tx: &mut Tx, number: &CaseNumber) -> Result<CaseFact, Refused> {
    fact_of(&mut **tx, number).await?.ok_or_else(|| Refused::Unknown(number.clone()))
}

async fn events_of(tx: &mut Tx, number: &CaseNumber) -> anyhow::Result<Vec<CaseEventRow>> {
    let sql = format!("SELECT {EVENT} FROM case_events WHERE number = $1 ORDER BY sequence");
    let rows = sqlx::query(&sql).bind(number.as_str().to_owned()).fetch_all(&mut **tx).await?;
    rows.iter().map(event).collect()
}
