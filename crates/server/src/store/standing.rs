//! Where the district stands, as the store knows it.

use chrono::{DateTime, Utc};
use fengtu_domain::states::is_terminal;
use fengtu_wire::cases::CaseState;
use fengtu_wire::ids::{CaseNumber, OrderNumber};

use super::{cases, mediations, orders};
use crate::db::Db;
use crate::standing::Standing;

/// Reads what goes on; nothing is cut for a viewer, as nobody views it.
pub async fn read(db: &Db) -> anyhow::Result<Standing> {
    let open: Vec<CaseState> = CaseState::ALL.iter().copied().filter(|state| !is_terminal(*state)).collect();
    let mut open = cases::rows_in(db, &open).await?;
    open.sort_by(|a, b| a.number.cmp(&b.number));
    Ok(Standing {
        at: last_step(db).await?,
        cases: open,
        orders: orders::under_way(db).await?,
        mediations: mediations::going_on(db.pool()).await?,
        confirmations: mediations::applied_for(db.pool()).await?,
        case_numbers: highest(db, "cases").await?.into_iter().map(CaseNumber).collect(),
        order_numbers: highest(db, "orders").await?.into_iter().map(OrderNumber).collect(),
    })
}

async fn last_step(db: &Db) -> sqlx::Result<DateTime<Utc>> {
    let last: Option<i64> = sqlx::query_scalar("SELECT MAX(changed_at) FROM cases").fetch_one(db.pool()).await?;
    Ok(super::instant(last.unwrap_or_default()))
}

/// Reads the highest of the numbers that begin with the same ten letters, as GM20261123-00017 does with its day's.
async fn highest(db: &Db, table: &str) -> sqlx::Result<Vec<String>> {
    // Of one length the last by the alphabet is the highest; a day of very many has longer ones too.
    let sql = format!("SELECT MAX(number) FROM {table} GROUP BY SUBSTR(number, 1, 10), LENGTH(number)");
    sqlx::query_scalar(&sql).fetch_all(db.pool()).await
}
