//! The board from the database, at the start and after an import.

use chrono::{DateTime, Utc};
use fengtu_wire::config::Config;
use fengtu_wire::ids::PlaceId;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use crate::board::Board;
use crate::board::lawsuits::Filings;
use crate::board::tree::Node;
use crate::db::Db;
use crate::store::{cases, change_log, lawsuits, mediations, orders, warning_actions};

/// Cases read with one query.
const AT_ONCE: u32 = 20_000;

/// Builds the board, and returns the row of the change log from which it must be kept up.
pub async fn board(db: &Db, config: &Config, now: DateTime<Utc>) -> anyhow::Result<(Board, u64)> {
    // Before the rows: what is changed while they are read is then taken over once more, which does no harm.
    let position = change_log::latest(db).await?;
    let nodes = nodes(db).await?;
    let facts = facts(db).await?;
    let (orders, confirmations) = (orders::facts(db.pool()).await?, mediations::confirmations(db.pool()).await?);
    let handled = warning_actions::facts(db.pool()).await?;
    let lawsuits = lawsuits::all(db.pool()).await?;
    let config = config.clone();
    let build = move || {
        let mut board = Board::new(&config, nodes, &facts, now.timestamp());
        board.lawsuits = Filings::new(&board.tree, &lawsuits);
        for order in &orders {
            board.apply_order(order);
        }
        for confirmation in &confirmations {
            board.apply_confirmation(confirmation);
        }
        for action in &handled {
            board.apply_warning_action(action);
        }
        board
    };
    Ok((tokio::task::spawn_blocking(build).await?, position))
}

async fn nodes(db: &Db) -> anyhow::Result<Vec<Node>> {
    let sql = "SELECT id, level, parent, population FROM places ORDER BY id";
    let rows = sqlx::query(sql).fetch_all(db.pool()).await?;
    rows.iter().map(node).collect()
}

fn node(row: &AnyRow) -> anyhow::Result<Node> {
    Ok(Node {
        id: PlaceId(row.try_get("id")?),
        level: row.try_get::<&str, _>("level")?.parse()?,
        parent: row.try_get::<Option<String>, _>("parent")?.map(PlaceId),
        population: u32::try_from(row.try_get::<i64, _>("population")?).unwrap_or(0),
    })
}

async fn facts(db: &Db) -> anyhow::Result<Vec<cases::CaseFact>> {
    let mut all: Vec<cases::CaseFact> = Vec::new();
    loop {
        let last = all.last().map(|fact| fact.number.clone());
        let more = cases::facts(db.pool(), last.as_ref(), AT_ONCE).await?;
        let ended = more.len() < AT_ONCE as usize;
        all.extend(more);
        if ended {
            return Ok(all);
        }
    }
}
