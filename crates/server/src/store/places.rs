//! The organisation tree as rows.

use fengtu_wire::geojson::Geometry;
use fengtu_wire::grids::LandUse;
use fengtu_wire::ids::PlaceId;
use fengtu_wire::places::Place;
use sqlx::Row as _;

use super::insert::Table;
use super::{geometry, search_text, tree};
use crate::dataset::PlaceRow;
use crate::db::Tx;

const TABLE: Table = Table {
    name: "places",
    key: &["id"],
    columns: &[
        "level",
        "parent",
        "name",
        "name_en",
        "population",
        "area_m2",
        "lon",
        "lat",
        "west",
        "south",
        "east",
        "north",
        "geometry",
        "land_use",
        "member",
        "telephone",
        "tree_first",
        "tree_last",
        "search",
    ],
};

/// A node as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredPlace {
    /// What anyone may know of it.
    pub place: Place,
    /// Its shape, if it was read too.
    pub geometry: Option<Geometry>,
    /// Its span in depth-first order.
    pub span: (i64, i64),
    /// What only a grid has: use of the ground, member's full name, telephone.
    pub grid: Option<(LandUse, Option<String>, Option<String>)>,
}

/// Writes nodes and numbers the whole tree anew.
pub async fn write(tx: &mut Tx, rows: &[PlaceRow]) -> anyhow::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let records: Vec<Record<'_>> = rows.iter().map(Record::new).collect::<Result<_, _>>()?;
    TABLE.upsert(tx, &records, |query, record| record.bind(query)).await?;
    number(tx).await
}

struct Record<'a> {
    row: &'a PlaceRow,
    facts: geometry::Facts,
    shape: Option<String>,
    search: String,
}

impl<'a> Record<'a> {
    fn new(row: &'a PlaceRow) -> serde_json::Result<Self> {
        let shape = row.geometry.as_ref().map(serde_json::to_string).transpose()?;
        let search = search_text::of_parts(&[&row.name, row.name_en.as_deref().unwrap_or_default(), row.id.as_str()]);
        Ok(Self { row, facts: geometry::facts(row.geometry.as_ref()), shape, search })
    }

    fn bind<'q>(&'q self, query: super::insert::Bound<'q>) -> super::insert::Bound<'q> {
        let (row, bounds, grid) = (self.row, self.facts.bounds, self.row.grid.as_ref());
        query
            .bind(row.id.as_str())
            .bind(row.level.as_str())
            .bind(row.parent.as_ref().map(PlaceId::as_str))
            .bind(row.name.as_str())
            .bind(row.name_en.as_deref())
            .bind(i64::from(row.population))
            .bind(self.facts.area_m2)
            .bind(self.facts.centre.map(|[lon, _]| lon))
            .bind(self.facts.centre.map(|[_, lat]| lat))
            .bind(bounds.map(|[west, ..]| west))
            .bind(bounds.map(|[_, south, ..]| south))
            .bind(bounds.map(|[_, _, east, _]| east))
            .bind(bounds.map(|[.., north]| north))
            .bind(self.shape.as_deref())
            .bind(grid.map(|grid| grid.land_use.as_str()))
            .bind(grid.and_then(|grid| grid.member.as_deref()))
            .bind(grid.and_then(|grid| grid.telephone.as_deref()))
            .bind(0_i64)
            .bind(0_i64)
            .bind(self.search.as_str())
    }
}

async fn number(tx: &mut Tx) -> anyhow::Result<()> {
    let rows = sqlx::query("SELECT id, parent FROM places ORDER BY id").fetch_all(&mut **tx).await?;
    let nodes: Vec<(String, Option<String>)> =
        rows.iter().map(|row| Ok((row.try_get("id")?, row.try_get("parent")?))).collect::<sqlx::Result<_>>()?;
    for (id, span) in tree::number(&nodes) {
        let sql = "UPDATE places SET tree_first = $1, tree_last = $2 WHERE id = $3";
        sqlx::query(sql).bind(span.first).bind(span.last).bind(id).execute(&mut **tx).await?;
    }
    Ok(())
}
