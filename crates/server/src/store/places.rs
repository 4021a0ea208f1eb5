//! The organisation tree as rows.

use std::collections::HashMap;

use fengtu_wire::geojson::{Bounds, Geometry};
use fengtu_wire::grids::LandUse;
use fengtu_wire::ids::PlaceId;
use fengtu_wire::places::{Place, PlaceLevel};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::insert::Table;
use super::query::{self, Fragment};
use super::tree::{self, Span};
use super::{geometry, search_text};
use crate::dataset::PlaceRow;
use crate::db::{Db, Tx};

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
    pub span: Span,
    /// What a grid's ground is mostly used for.
    pub land_use: Option<LandUse>,
    /// A grid's member, full name.
    pub member: Option<String>,
    /// A grid's telephone.
    pub telephone: Option<String>,
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

/// Which nodes to read.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Those below this node, itself too.
    pub below: Option<Span>,
    /// Those right below this node.
    pub parent: Option<PlaceId>,
    /// Those of this level.
    pub level: Option<PlaceLevel>,
    /// Those whose name or code holds these words.
    pub q: Option<String>,
    /// Those whose extent touches this box.
    pub bbox: Option<Bounds>,
    /// With their shapes.
    pub geometry: bool,
    /// Those after this id, in the order of ids.
    pub after: Option<String>,
    /// At most so many.
    pub limit: Option<u32>,
}

/// Reads nodes in the order of their ids.
pub async fn read(db: &Db, wanted: &Wanted) -> anyhow::Result<Vec<StoredPlace>> {
    let shape = if wanted.geometry { "geometry" } else { "CAST(NULL AS TEXT) AS geometry" };
    let mut query = Fragment::new(format!("SELECT {COLUMNS}, {shape} FROM places WHERE "), []);
    query = query.then(condition(wanted)).text(" ORDER BY id");
    if let Some(limit) = wanted.limit {
        query = query.then(Fragment::new(" LIMIT ?", [i64::from(limit).into()]));
    }
    query.fetch(db.pool()).await?.iter().map(stored).collect()
}

/// Counts nodes, wherever the page begins.
pub async fn count(db: &Db, wanted: &Wanted) -> sqlx::Result<u64> {
    let wanted = Wanted { after: None, ..wanted.clone() };
    query::count(db, Fragment::new("SELECT COUNT(*) AS n FROM places WHERE ", []).then(condition(&wanted))).await
}

/// Returns where a node stands in the tree; nothing where there is none.
pub async fn span(db: &Db, id: &PlaceId) -> sqlx::Result<Option<Span>> {
    let sql = "SELECT tree_first, tree_last FROM places WHERE id = $1";
    let row = sqlx::query(sql).bind(id.as_str().to_owned()).fetch_optional(db.pool()).await?;
    row.map(|row| Ok(Span { first: row.try_get("tree_first")?, last: row.try_get("tree_last")? })).transpose()
}

/// Counts the buildings that stand in each node of those that have any.
pub async fn buildings_in(db: &Db) -> sqlx::Result<HashMap<String, u32>> {
    let sql = "SELECT place, COUNT(*) AS n FROM buildings WHERE place IS NOT NULL GROUP BY place";
    let rows = sqlx::query(sql).fetch_all(db.pool()).await?;
    rows.iter()
        .map(|row| Ok((row.try_get("place")?, row.try_get::<i64, _>("n")?.try_into().unwrap_or(u32::MAX))))
        .collect()
}

const COLUMNS: &str = "id, level, parent, name, name_en, population, area_m2, lon, lat, west, south, east, north, \
                       land_use, member, telephone, tree_first, tree_last";

fn condition(wanted: &Wanted) -> Fragment {
    let mut all = Vec::new();
    all.extend(
        wanted.below.map(|span| Fragment::new("tree_first BETWEEN ? AND ?", [span.first.into(), span.last.into()])),
    );
    all.extend(wanted.parent.as_ref().map(|id| Fragment::new("parent = ?", [id.as_str().into()])));
    all.extend(wanted.level.map(|level| Fragment::new("level = ?", [level.as_str().into()])));
    all.extend(wanted.q.as_deref().map(query::words));
    all.extend(wanted.bbox.map(|[west, south, east, north]| {
        let sql = "east >= ? AND north >= ? AND west <= ? AND south <= ?";
        Fragment::new(sql, [west.into(), south.into(), east.into(), north.into()])
    }));
    all.extend(wanted.after.as_deref().map(|id| Fragment::new("id > ?", [id.into()])));
    query::all_of(all)
}

fn stored(row: &AnyRow) -> anyhow::Result<StoredPlace> {
    let edge = |name: &str| row.try_get::<Option<f64>, _>(name);
    let edges = [edge("west")?, edge("south")?, edge("east")?, edge("north")?];
    let shape: Option<&str> = row.try_get("geometry")?;
    Ok(StoredPlace {
        place: Place {
            id: PlaceId(row.try_get("id")?),
            level: row.try_get::<&str, _>("level")?.parse()?,
            parent: row.try_get::<Option<String>, _>("parent")?.map(PlaceId),
            name: row.try_get("name")?,
            name_en: row.try_get("name_en")?,
            population: u32::try_from(row.try_get::<i64, _>("population")?).ok(),
            area_m2: row.try_get("area_m2")?,
            centre: super::position(row.try_get("lon")?, row.try_get("lat")?),
            bounds: match edges {
                [Some(west), Some(south), Some(east), Some(north)] => Some([west, south, east, north]),
                _ => None,
            },
        },
        geometry: shape.map(serde_json::from_str).transpose()?,
        span: Span { first: row.try_get("tree_first")?, last: row.try_get("tree_last")? },
        land_use: row.try_get::<Option<&str>, _>("land_use")?.and_then(|text| text.parse().ok()),
        member: row.try_get("member")?,
        telephone: row.try_get("telephone")?,
    })
}
