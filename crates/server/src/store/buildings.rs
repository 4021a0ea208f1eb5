//! Buildings and the unified address base as rows.

use fengtu_wire::buildings::BuildingPoints;
use fengtu_wire::geojson::Bounds;
use fengtu_wire::ids::{BuildingCode, PlaceId};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::insert::Table;
use super::query::{self, Arg, Fragment};
use super::search_text;
use super::tree::Span;
use crate::dataset::BuildingRow;
use crate::db::{Db, Tx};

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

/// Which buildings to read.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Those whose code, name or address holds these words.
    pub q: Option<String>,
    /// Those in or below a node.
    pub below: Option<Span>,
    /// Those in this box.
    pub bbox: Option<Bounds>,
}

/// Where a page ends: how well the last row matched, and its code.
pub type Key = (i64, String);

/// Reads a page of buildings, best matches first (by code, then by what begins with the words), then by code.
pub async fn read(
    db: &Db,
    wanted: &Wanted,
    after: Option<&Key>,
    limit: u32,
) -> anyhow::Result<Vec<(Key, BuildingRow)>> {
    let rank = rank(wanted);
    let query =
        Fragment::new("SELECT * FROM (SELECT code, name, address, place, lon, lat, floors, population, land_use, ", [])
            .then(rank)
            .text(" AS rank FROM buildings WHERE ")
            .then(condition(wanted))
            .text(") AS found");
    let query = match after {
        Some((rank, code)) => {
            let args = [Arg::Int(*rank), Arg::Int(*rank), code.as_str().into()];
            query.then(Fragment::new(" WHERE (rank > ? OR (rank = ? AND code > ?))", args))
        }
        None => query,
    };
    let query = query.then(Fragment::new(" ORDER BY rank, code LIMIT ?", [i64::from(limit).into()]));
    query.fetch(db.pool()).await?.iter().map(stored).collect()
}

/// Counts buildings, wherever the page begins.
pub async fn count(db: &Db, wanted: &Wanted) -> sqlx::Result<u64> {
    query::count(db, Fragment::new("SELECT COUNT(*) AS n FROM buildings WHERE ", []).then(condition(wanted))).await
}

/// Reads every building of a node in columns.
pub async fn points(db: &Db, below: Option<Span>) -> sqlx::Result<BuildingPoints> {
    let wanted = Wanted { below, ..Wanted::default() };
    let query = Fragment::new("SELECT code, lon, lat, population FROM buildings WHERE ", []);
    let rows = query.then(condition(&wanted)).text(" ORDER BY code").fetch(db.pool()).await?;
    let mut points = BuildingPoints::default();
    for row in &rows {
        let Some([lon, lat]) = super::position(row.try_get("lon")?, row.try_get("lat")?) else {
            points.not_on_map += 1;
            continue;
        };
        points.codes.push(BuildingCode(row.try_get("code")?));
        points.lon.push(six_decimals(lon));
        points.lat.push(six_decimals(lat));
        points.population.push(u32::try_from(row.try_get::<i64, _>("population")?).unwrap_or_default());
    }
    Ok(points)
}

fn six_decimals(degrees: f64) -> f64 {
    (degrees * 1e6).round() / 1e6
}

// A code typed in full comes first, then what begins with the words, then the rest.
fn rank(wanted: &Wanted) -> Fragment {
    let Some(q) = wanted.q.as_deref().map(search_text::fold).filter(|q| !q.is_empty()) else {
        return Fragment::new("0", []);
    };
    let q = search_text::escape(&q);
    let sql = "CASE WHEN search LIKE ? ESCAPE '\\' THEN 0 WHEN search LIKE ? ESCAPE '\\' THEN 1 \
               WHEN search LIKE ? ESCAPE '\\' THEN 1 ELSE 2 END";
    Fragment::new(sql, [format!("{q}\n%").into(), format!("{q}%").into(), format!("%\n{q}%").into()])
}

fn condition(wanted: &Wanted) -> Fragment {
    let mut all = Vec::new();
    all.extend(wanted.q.as_deref().map(query::words));
    all.extend(wanted.below.map(|span| {
        let sql = "place IN (SELECT id FROM places WHERE tree_first BETWEEN ? AND ?)";
        Fragment::new(sql, [span.first.into(), span.last.into()])
    }));
    all.extend(wanted.bbox.map(query::within));
    query::all_of(all)
}

fn stored(row: &AnyRow) -> anyhow::Result<(Key, BuildingRow)> {
    let code: String = row.try_get("code")?;
    let building = BuildingRow {
        code: BuildingCode(code.clone()),
        name: row.try_get("name")?,
        address: row.try_get("address")?,
        place: row.try_get::<Option<String>, _>("place")?.map(PlaceId),
        at: super::position(row.try_get("lon")?, row.try_get("lat")?),
        floors: row.try_get::<Option<i64>, _>("floors")?.and_then(|floors| floors.try_into().ok()),
        population: u32::try_from(row.try_get::<i64, _>("population")?).unwrap_or_default(),
        land_use: row.try_get::<&str, _>("land_use")?.parse()?,
    };
    // PostgreSQL types a bare CASE of small numbers as INTEGER; the driver widens it.
    Ok(((row.try_get::<i64, _>("rank")?, code), building))
}
