//! Service stations: few, so that each is one JSON text beside what they are looked up by.

use fengtu_wire::geojson::{Feature, Geometry, Position};
use fengtu_wire::ids::PlaceId;
use fengtu_wire::stations::Station;
use sqlx::Row as _;

use super::insert::Table;
use crate::db::{Db, Tx};

const TABLE: Table = Table { name: "stations", key: &["id"], columns: &["place", "lon", "lat", "body"] };

/// Writes stations.
pub async fn write(tx: &mut Tx, rows: &[Feature<Station>]) -> anyhow::Result<()> {
    let bodies: Vec<(&Feature<Station>, String)> =
        rows.iter().map(|row| Ok((row, serde_json::to_string(&row.properties)?))).collect::<serde_json::Result<_>>()?;
    Ok(TABLE
        .upsert(tx, &bodies, |query, (row, body)| {
            let at = point(row);
            query
                .bind(row.properties.id.as_str())
                .bind(row.properties.place.as_ref().map(PlaceId::as_str))
                .bind(at.map(|[lon, _]| lon))
                .bind(at.map(|[_, lat]| lat))
                .bind(body.as_str())
        })
        .await?)
}

/// Reads every station, by id.
pub async fn all(db: &Db) -> anyhow::Result<Vec<Feature<Station>>> {
    let rows = sqlx::query("SELECT lon, lat, body FROM stations ORDER BY id").fetch_all(db.pool()).await?;
    rows.iter().map(feature).collect()
}

fn feature(row: &sqlx::any::AnyRow) -> anyhow::Result<Feature<Station>> {
    let at = super::position(row.try_get("lon")?, row.try_get("lat")?);
    let station: Station = serde_json::from_str(row.try_get("body")?)?;
    Ok(Feature::new(at.map(Geometry::Point), station))
}

fn point(row: &Feature<Station>) -> Option<Position> {
    match row.geometry {
        Some(Geometry::Point(at)) => Some(at),
        _ => None,
    }
}
