//! The one door into the database: a whole district, or a part of one, in one transaction.

use chrono::{DateTime, Utc};
use fengtu_wire::config::Config;
use serde::Serialize;
use sqlx::Row as _;

use super::{basemap, buildings, cases, change_log, lawsuits, mediations, meta, orders, places, stations};
use crate::dataset::Dataset;
use crate::db::{Db, Tx};

/// A part of a district, for telling how far the writing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Nodes of the tree.
    Places,
    /// Stations.
    Stations,
    /// Buildings.
    Buildings,
    /// Cases and their events.
    Cases,
    /// Orders, mediations and confirmations.
    Orders,
    /// Lawsuits by place and month.
    Lawsuits,
    /// The base map.
    Basemap,
}

/// The kind of the change-log row that says "much has changed: read again", and the fact in `meta` that holds the number
/// of the newest one: what was made of the dataset of that number is good while it stays.
pub const DATASET_CHANGED: &str = "dataset";

/// Changes the district's settings, or says why it cannot be.
pub type SetUp<'a> = &'a (dyn Fn(&mut Config) -> anyhow::Result<()> + Send + Sync);

/// Writes all rows or none. A row whose id is known replaces the one that is there, so that writing the same file twice
/// changes nothing. `progress` is told after each part how many rows of it were written.
pub async fn write_dataset(
    db: &Db,
    data: &Dataset,
    now: DateTime<Utc>,
    progress: &mut (dyn FnMut(Part, usize) + Send),
) -> anyhow::Result<()> {
    write_with_settings(db, data, &|_| Ok(()), now, progress).await
}

/// Writes all rows and the changed settings, or nothing.
pub async fn write_with_settings(
    db: &Db,
    data: &Dataset,
    set_up: SetUp<'_>,
    now: DateTime<Utc>,
    progress: &mut (dyn FnMut(Part, usize) + Send),
) -> anyhow::Result<()> {
    let mut tx = db.begin_write().await?;
    let sequence = change_log::take_number(&mut tx).await?;
    change_settings(&mut tx, set_up, now).await?;
    places::write(&mut tx, &data.places).await?;
    progress(Part::Places, data.places.len());
    stations::write(&mut tx, &data.stations).await?;
    progress(Part::Stations, data.stations.len());
    buildings::write(&mut tx, &data.buildings).await?;
    progress(Part::Buildings, data.buildings.len());
    basemap::write(&mut tx, &data.basemap).await?;
    progress(Part::Basemap, data.basemap.len());
    write_cases(&mut tx, data, progress).await?;
    orders::write(&mut tx, &data.orders).await?;
    mediations::write(&mut tx, &data.mediations).await?;
    mediations::write_confirmations(&mut tx, &data.confirmations).await?;
    progress(Part::Orders, data.orders.len());
    lawsuits::write(&mut tx, &data.lawsuits).await?;
    lawsuits::take_out(&mut tx, &data.lawsuits_out).await?;
    progress(Part::Lawsuits, data.lawsuits.len() + data.lawsuits_out.len());
    meta::set(&mut *tx, DATASET_CHANGED, &sequence.to_string()).await?;
    change_log::record(&mut tx, db.kind(), sequence, now, DATASET_CHANGED, &counts(data)).await?;
    Ok(tx.commit().await?)
}

// What nobody changes is not written either: a district that has set nothing follows the built-in settings.
async fn change_settings(tx: &mut Tx, set_up: SetUp<'_>, now: DateTime<Utc>) -> anyhow::Result<()> {
    let before = meta::stored_config(&mut **tx, now).await?;
    let mut config = before.clone();
    set_up(&mut config)?;
    if config == before { Ok(()) } else { meta::set_config(&mut **tx, &config).await }
}

/// Whether nothing has been written yet.
pub async fn is_empty(db: &Db) -> sqlx::Result<bool> {
    for table in ["places", "stations", "buildings", "cases"] {
        let row = sqlx::query(&format!("SELECT COUNT(*) AS n FROM (SELECT 1 FROM {table} LIMIT 1) AS t"))
            .fetch_one(db.pool())
            .await?;
        if row.try_get::<i64, _>("n")? > 0 {
            return Ok(false);
        }
    }
    Ok(true)
}

const CASES_AT_ONCE: usize = 4_000;

async fn write_cases(
    tx: &mut Tx,
    data: &Dataset,
    progress: &mut (dyn FnMut(Part, usize) + Send),
) -> anyhow::Result<()> {
    let mut done = 0;
    for chunk in data.cases.chunks(CASES_AT_ONCE) {
        cases::write(tx, chunk).await?;
        done += chunk.len();
        progress(Part::Cases, done);
    }
    Ok(())
}

#[derive(Serialize)]
struct Counts {
    places: usize,
    stations: usize,
    buildings: usize,
    cases: usize,
    lawsuits: usize,
}

const fn counts(data: &Dataset) -> Counts {
    Counts {
        places: data.places.len(),
        stations: data.stations.len(),
        buildings: data.buildings.len(),
        cases: data.cases.len(),
        lawsuits: data.lawsuits.len() + data.lawsuits_out.len(),
    }
}
