//! Civil lawsuits by place and month: counts of the courts.

use chrono::{Datelike as _, NaiveDate};
use fengtu_wire::ids::PlaceId;
use sqlx::any::AnyRow;
use sqlx::{AnyExecutor, Row as _};

use super::insert::Table;
use crate::dataset::LawsuitRow;
use crate::db::Tx;

const LAWSUITS: Table = Table { name: "lawsuits", key: &["place", "month"], columns: &["filed"] };

/// Writes counts; one that is there already is replaced.
pub async fn write(tx: &mut Tx, rows: &[LawsuitRow]) -> sqlx::Result<()> {
    LAWSUITS
        .upsert(tx, rows, |query, row| query.bind(row.place.as_str()).bind(text(row.month)).bind(i64::from(row.filed)))
        .await
}

/// Takes counts out.
pub async fn take_out(tx: &mut Tx, months: &[(PlaceId, NaiveDate)]) -> sqlx::Result<()> {
    for (place, month) in months {
        let sql = "DELETE FROM lawsuits WHERE place = $1 AND month = $2";
        sqlx::query(sql).bind(place.as_str()).bind(text(*month)).execute(&mut **tx).await?;
    }
    Ok(())
}

/// Reads every count.
pub async fn all(db: impl AnyExecutor<'_>) -> anyhow::Result<Vec<LawsuitRow>> {
    let sql = "SELECT place, month, filed FROM lawsuits ORDER BY place, month";
    sqlx::query(sql).fetch_all(db).await?.iter().map(row).collect()
}

/// Writes a month as it is stored, such as 2026-03.
pub fn text(month: NaiveDate) -> String {
    format!("{:04}-{:02}", month.year(), month.month())
}

fn row(row: &AnyRow) -> anyhow::Result<LawsuitRow> {
    Ok(LawsuitRow {
        place: PlaceId(row.try_get("place")?),
        month: format!("{}-01", row.try_get::<String, _>("month")?).parse()?,
        filed: u32::try_from(row.try_get::<i64, _>("filed")?).unwrap_or_default(),
    })
}
