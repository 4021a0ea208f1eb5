//! What is there already, read back as the rows that it was written from.

use fengtu_geo::coord::LonLat;
use fengtu_wire::geojson::{Feature, Geometry, Position};
use fengtu_wire::ids::{BuildingCode, PlaceId};
use fengtu_wire::stations::Station;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::position::rounded;
use crate::dataset::{BuildingRow, GridDetail, PlaceRow};
use crate::db::Db;
use crate::store;

/// Reads every place.
pub async fn places(db: &Db) -> anyhow::Result<Vec<PlaceRow>> {
    let sql = "SELECT id, level, parent, name, name_en, population, geometry, land_use, member, telephone FROM places ORDER BY id";
    sqlx::query(sql).fetch_all(db.pool()).await?.iter().map(place).collect()
}

/// Reads every station.
pub async fn stations(db: &Db) -> anyhow::Result<Vec<Feature<Station>>> {
    store::stations::all(db).await
}

/// Reads every building.
pub async fn buildings(db: &Db) -> anyhow::Result<Vec<BuildingRow>> {
    let sql = "SELECT code, name, address, place, lon, lat, floors, population, land_use FROM buildings";
    sqlx::query(sql).fetch_all(db.pool()).await?.iter().map(building).collect()
}

fn place(row: &AnyRow) -> anyhow::Result<PlaceRow> {
    let geometry: Option<Geometry> =
        row.try_get::<Option<String>, _>("geometry")?.map(|text| serde_json::from_str(&text)).transpose()?;
    let land_use: Option<String> = row.try_get("land_use")?;
    let detail = |land_use: String| -> anyhow::Result<GridDetail> {
        Ok(GridDetail {
            land_use: land_use.parse()?,
            member: row.try_get("member")?,
            telephone: row.try_get("telephone")?,
        })
    };
    Ok(PlaceRow {
        id: PlaceId(row.try_get("id")?),
        level: row.try_get::<String, _>("level")?.parse()?,
        parent: row.try_get::<Option<String>, _>("parent")?.map(PlaceId),
        name: row.try_get("name")?,
        name_en: row.try_get("name_en")?,
        population: unsigned(row.try_get("population")?),
        geometry: geometry.map(canonical),
        grid: land_use.map(detail).transpose()?,
    })
}

fn building(row: &AnyRow) -> anyhow::Result<BuildingRow> {
    Ok(BuildingRow {
        code: BuildingCode(row.try_get("code")?),
        name: row.try_get("name")?,
        address: row.try_get("address")?,
        place: row.try_get::<Option<String>, _>("place")?.map(PlaceId),
        at: store::position(row.try_get("lon")?, row.try_get("lat")?),
        floors: row.try_get::<Option<i64>, _>("floors")?.and_then(|floors| floors.try_into().ok()),
        population: unsigned(row.try_get("population")?),
        land_use: row.try_get::<String, _>("land_use")?.parse()?,
    })
}

fn unsigned(value: i64) -> u32 {
    u32::try_from(value).unwrap_or_default()
}

// JSON text may give a number back one bit off; the rounding that it went in with makes it the same again.
fn canonical(mut geometry: Geometry) -> Geometry {
    let fix = |at: &mut Position| *at = rounded(LonLat { lon: at[0], lat: at[1] });
    match &mut geometry {
        Geometry::Point(at) => fix(at),
        Geometry::LineString(line) => line.iter_mut().for_each(fix),
        Geometry::MultiLineString(lines) | Geometry::Polygon(lines) => lines.iter_mut().flatten().for_each(fix),
        Geometry::MultiPolygon(parts) => parts.iter_mut().flatten().flatten().for_each(fix),
    }
    geometry
}
