//! Buildings and the unified address base as rows.

use fengtu_wire::ids::PlaceId;

use super::insert::Table;
use super::search_text;
use crate::dataset::BuildingRow;
use crate::db::Tx;

const TABLE: Table = Table {
    name: "buildings",
    key: &["code"],
    columns: &["name", "address", "place", "lon", "lat", "floors", "population", "land_use", "search"],
};

/// Writes buildings.
pub async fn write(tx: &mut Tx, rows: &[BuildingRow]) -> sqlx::Result<()> {
    let search = |row: &BuildingRow| search_text::of_parts(&[row.code.as_str(), &row.name, &row.address]);
    let records: Vec<(&BuildingRow, String)> = rows.iter().map(|row| (row, search(row))).collect();
    TABLE
        .upsert(tx, &records, |query, (row, search)| {
            query
                .bind(row.code.as_str())
                .bind(row.name.as_str())
                .bind(row.address.as_str())
                .bind(row.place.as_ref().map(PlaceId::as_str))
                .bind(row.at.map(|[lon, _]| lon))
                .bind(row.at.map(|[_, lat]| lat))
                .bind(row.floors.map(i64::from))
                .bind(i64::from(row.population))
                .bind(row.land_use.as_str())
                .bind(search.as_str())
        })
        .await
}
