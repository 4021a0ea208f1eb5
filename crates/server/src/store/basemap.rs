//! The built-in base map, in drawing order.

use fengtu_wire::basemap::BaseFeature;
use fengtu_wire::geojson::{Bounds, Feature};
use sqlx::Row as _;

use super::geometry;
use super::insert::Table;
use crate::db::{Db, Tx};

const TABLE: Table = Table { name: "basemap", key: &["id"], columns: &["west", "south", "east", "north", "body"] };

/// Writes the base map in place of the one before; no rows leave it as it is.
pub async fn write(tx: &mut Tx, rows: &[Feature<BaseFeature>]) -> anyhow::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query("DELETE FROM basemap").execute(&mut **tx).await?;
    let records: Vec<(i64, Bounds, String)> = rows.iter().enumerate().filter_map(record).collect::<Result<_, _>>()?;
    Ok(TABLE
        .upsert(tx, &records, |query, (id, [west, south, east, north], body)| {
            query.bind(*id).bind(*west).bind(*south).bind(*east).bind(*north).bind(body.as_str())
        })
        .await?)
}

/// Reads the base map as JSON texts of its features, in drawing order; with `within`, what touches that box.
pub async fn texts(db: &Db, within: Option<Bounds>) -> sqlx::Result<Vec<String>> {
    let [west, south, east, north] = within.unwrap_or([-180.0, -90.0, 180.0, 90.0]);
    let sql = "SELECT body FROM basemap WHERE east >= $1 AND north >= $2 AND west <= $3 AND south <= $4 ORDER BY id";
    let rows = sqlx::query(sql).bind(west).bind(south).bind(east).bind(north).fetch_all(db.pool()).await?;
    rows.iter().map(|row| row.try_get("body")).collect()
}

fn record((index, feature): (usize, &Feature<BaseFeature>)) -> Option<serde_json::Result<(i64, Bounds, String)>> {
    let bounds = feature.geometry.as_ref().and_then(geometry::bounds)?;
    Some(serde_json::to_string(feature).map(|body| (index.cast_signed() as i64, bounds, body)))
}
