//! Attempts to mediate, and the judicial confirmations that follow an agreement, as rows of a case.

use fengtu_wire::cases::Sensitivity;
use fengtu_wire::ids::{CaseNumber, PlaceId};
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{AnyExecutor, Row as _};

use super::cases;
use super::insert::Table;
use crate::dataset::{ConfirmationRow, MediationRow};
use crate::db::Tx;

const MEDIATIONS: Table = Table {
    name: "mediations",
    key: &["case_number", "attempt"],
    columns: &["kind", "tier", "mediator", "began_at", "ended_at", "outcome"],
};

const CONFIRMATIONS: Table = Table {
    name: "confirmations",
    key: &["case_number", "sequence"],
    columns: &["room", "applied_at", "confirmed_at"],
};

/// The kind of the change-log rows that tell of an attempt to mediate; the board reads none of it.
pub const MEDIATION_CHANGED: &str = "mediation";
/// The kind of the change-log rows whose payload is a [`ConfirmationFact`].
pub const CONFIRMATION_CHANGED: &str = "confirmation";

/// What the board needs of a judicial confirmation. Instants are Unix milliseconds UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConfirmationFact {
    /// The case whose agreement is confirmed.
    pub case: CaseNumber,
    /// Counts from 1 within the case.
    pub sequence: u32,
    /// The case's place.
    pub place: Option<PlaceId>,
    /// The case's sensitivity.
    pub sensitivity: Sensitivity,
    /// When it was applied for.
    pub applied_at: i64,
    /// When it was made; absent: it has not been.
    pub confirmed_at: Option<i64>,
}

/// Writes attempts to mediate; one that is there already is replaced.
pub async fn write(tx: &mut Tx, rows: &[MediationRow]) -> sqlx::Result<()> {
    MEDIATIONS
        .upsert(tx, rows, |query, row| {
            query
                .bind(row.case.as_str())
                .bind(i64::from(row.attempt))
                .bind(row.kind.as_str())
                .bind(row.tier.as_str())
                .bind(row.mediator.as_deref())
                .bind(row.began_at.timestamp_millis())
                .bind(row.ended.map(|(at, _)| at.timestamp_millis()))
                .bind(row.ended.map(|(_, outcome)| outcome.as_str()))
        })
        .await
}

/// Writes judicial confirmations; one that is there already is replaced.
pub async fn write_confirmations(tx: &mut Tx, rows: &[ConfirmationRow]) -> sqlx::Result<()> {
    CONFIRMATIONS
        .upsert(tx, rows, |query, row| {
            query
                .bind(row.case.as_str())
                .bind(i64::from(row.sequence))
                .bind(row.room.as_deref())
                .bind(row.applied_at.timestamp_millis())
                .bind(row.confirmed_at.map(|at| at.timestamp_millis()))
        })
        .await
}

/// Reads the attempts that go on, for whoever goes on with their cases.
pub async fn going_on(db: impl AnyExecutor<'_>) -> anyhow::Result<Vec<MediationRow>> {
    let sql = "SELECT case_number, attempt, kind, tier, mediator, began_at FROM mediations \
               WHERE ended_at IS NULL ORDER BY case_number, attempt";
    sqlx::query(sql).fetch_all(db).await?.iter().map(attempt).collect()
}

fn attempt(row: &AnyRow) -> anyhow::Result<MediationRow> {
    Ok(MediationRow {
        case: CaseNumber(row.try_get("case_number")?),
        attempt: u32::try_from(row.try_get::<i64, _>("attempt")?).unwrap_or_default(),
        kind: row.try_get::<&str, _>("kind")?.parse()?,
        tier: row.try_get::<&str, _>("tier")?.parse()?,
        mediator: row.try_get("mediator")?,
        began_at: super::instant(row.try_get("began_at")?),
        ended: None,
    })
}

/// Reads the judicial confirmations that were applied for and are not made, for whoever goes on with them.
pub async fn applied_for(db: impl AnyExecutor<'_>) -> anyhow::Result<Vec<ConfirmationRow>> {
    let sql = "SELECT case_number, sequence, room, applied_at FROM confirmations \
               WHERE confirmed_at IS NULL ORDER BY case_number, sequence";
    sqlx::query(sql).fetch_all(db).await?.iter().map(application).collect()
}

fn application(row: &AnyRow) -> anyhow::Result<ConfirmationRow> {
    Ok(ConfirmationRow {
        case: CaseNumber(row.try_get("case_number")?),
        sequence: u32::try_from(row.try_get::<i64, _>("sequence")?).unwrap_or_default(),
        room: row.try_get("room")?,
        applied_at: super::instant(row.try_get("applied_at")?),
        confirmed_at: None,
    })
}

const FACTS: &str = "SELECT f.case_number, f.sequence, f.applied_at, f.confirmed_at, c.place, c.sensitivity \
    FROM confirmations f JOIN cases c ON c.number = f.case_number";

/// Reads what the board needs of every judicial confirmation.
pub async fn confirmations(db: impl AnyExecutor<'_>) -> anyhow::Result<Vec<ConfirmationFact>> {
    let sql = format!("{FACTS} ORDER BY f.case_number, f.sequence");
    sqlx::query(&sql).fetch_all(db).await?.iter().map(fact).collect()
}

/// Reads what the board needs of one judicial confirmation.
pub async fn confirmation(
    db: impl AnyExecutor<'_>,
    case: &CaseNumber,
    sequence: u32,
) -> anyhow::Result<Option<ConfirmationFact>> {
    let sql = format!("{FACTS} WHERE f.case_number = $1 AND f.sequence = $2");
    let query = sqlx::query(&sql).bind(case.as_str().to_owned()).bind(i64::from(sequence));
    query.fetch_optional(db).await?.as_ref().map(fact).transpose()
}

fn fact(row: &AnyRow) -> anyhow::Result<ConfirmationFact> {
    Ok(ConfirmationFact {
        case: CaseNumber(row.try_get("case_number")?),
        sequence: u32::try_from(row.try_get::<i64, _>("sequence")?).unwrap_or_default(),
        place: row.try_get::<Option<String>, _>("place")?.map(PlaceId),
        sensitivity: cases::sensitivity(row.try_get("sensitivity")?),
        applied_at: row.try_get("applied_at")?,
        confirmed_at: row.try_get("confirmed_at")?,
    })
}
