//! Cases as lists and one by one, for one viewer.

use std::collections::HashSet;

use fengtu_wire::cases::{CaseEvent, CaseState};
use fengtu_wire::config::Category;
use fengtu_wire::geojson::Bounds;
use fengtu_wire::ids::{BuildingCode, CaseNumber, PlaceId};
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::facts::{self, CaseFact};
use super::sight::Sight;
use crate::dataset::PartyRow;
use crate::db::Db;
use crate::store::query::{self, Arg, Fragment};
use crate::store::tree::Span;

/// By what a list is ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Newest report first.
    #[default]
    NewestFirst,
    /// Oldest report first.
    OldestFirst,
    /// Latest change first.
    ChangedFirst,
}

impl Order {
    const fn column(self) -> &'static str {
        match self {
            Self::NewestFirst | Self::OldestFirst => "reported_at",
            Self::ChangedFirst => "changed_at",
        }
    }

    const fn direction(self) -> (&'static str, &'static str) {
        match self {
            Self::OldestFirst => (">", "ASC"),
            Self::NewestFirst | Self::ChangedFirst => ("<", "DESC"),
        }
    }

    /// Returns the name used in requests and cursors.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NewestFirst => "-reported_at",
            Self::OldestFirst => "reported_at",
            Self::ChangedFirst => "-changed_at",
        }
    }
}

impl std::str::FromStr for Order {
    type Err = ();
    fn from_str(s: &str) -> Result<Self, ()> {
        [Self::NewestFirst, Self::OldestFirst, Self::ChangedFirst].into_iter().find(|one| one.as_str() == s).ok_or(())
    }
}

/// Which cases to read.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Those in or below a node.
    pub below: Option<Span>,
    /// Those reported at or after this, Unix milliseconds.
    pub from: Option<i64>,
    /// Those reported before this, Unix milliseconds.
    pub to: Option<i64>,
    /// Those of any of these categories.
    pub categories: Vec<String>,
    /// Those in any of these states.
    pub states: Vec<String>,
    /// Those of any of these classes.
    pub classes: Vec<String>,
    /// Those that so many people or more are part of.
    pub people_from: Option<u32>,
    /// Those that came in by any of these channels.
    pub channels: Vec<String>,
    /// Those of the building with this code.
    pub building: Option<String>,
    /// Those with one of these numbers.
    pub numbers: Option<Vec<String>>,
    /// Those that repeat one that the viewer may see too: who may not see it is not to learn that there is one.
    pub repeats_seen: bool,
    /// Those whose number or title holds these words.
    pub q: Option<String>,
    /// Those in this box.
    pub bbox: Option<Bounds>,
    /// By what they are ordered.
    pub order: Order,
}

/// Where a page ends: the order's column in Unix milliseconds, and the number.
pub type Key = (i64, String);

/// A case as it is stored, for a list.
#[derive(Debug, Clone)]
pub struct StoredCase {
    /// What the board knows of it too.
    pub fact: CaseFact,
    /// Its full address.
    pub address: Option<String>,
    /// Who has it now.
    pub holder: Option<(PlaceId, String)>,
    /// When it last changed, Unix milliseconds.
    pub changed_at: i64,
    /// Whether the viewer, or their office, has or had it.
    pub is_handler: bool,
    /// What the resident said.
    pub description: String,
    /// The building it happened in.
    pub building: Option<BuildingCode>,
    /// The parties, unmasked.
    pub parties: Vec<PartyRow>,
    /// Counts up with each change.
    pub version: u64,
}

impl StoredCase {
    /// Returns where a page ends that ends with this case.
    pub fn key(&self, order: Order) -> Key {
        let at = if order == Order::ChangedFirst { self.changed_at } else { self.fact.reported_at };
        (at, self.fact.number.0.clone())
    }
}

/// Reads up to `limit` cases that the viewer may see, in order.
pub async fn read(
    db: &Db,
    sight: &Sight,
    categories: &[Category],
    wanted: &Wanted,
    after: Option<&Key>,
    limit: u32,
) -> anyhow::Result<Vec<StoredCase>> {
    let (column, (than, direction)) = (wanted.order.column(), wanted.order.direction());
    let mut query = select(sight).text(" WHERE ").then(condition(db, sight, categories, wanted));
    if let Some((at, number)) = after {
        let sql = format!(" AND ({column} {than} ? OR ({column} = ? AND number {than} ?))");
        query = query.then(Fragment::new(sql, [(*at).into(), (*at).into(), number.as_str().into()]));
    }
    let order = format!(" ORDER BY {column} {direction}, number {direction} LIMIT ?");
    query.then(Fragment::new(order, [i64::from(limit).into()])).fetch(db.pool()).await?.iter().map(stored).collect()
}

/// Counts the cases that the viewer may see.
pub async fn count(db: &Db, sight: &Sight, categories: &[Category], wanted: &Wanted) -> sqlx::Result<u64> {
    let query = Fragment::new("SELECT COUNT(*) AS n FROM cases WHERE ", []);
    query::count(db, query.then(condition(db, sight, categories, wanted))).await
}

/// Reads one case, if the viewer may see it.
pub async fn one(
    db: &Db,
    sight: &Sight,
    categories: &[Category],
    number: &CaseNumber,
) -> anyhow::Result<Option<StoredCase>> {
    let by_number = Fragment::new(" WHERE number = ? AND ", [number.as_str().into()]);
    let rows = select(sight).then(by_number).then(sight.condition(categories)).fetch(db.pool()).await?;
    rows.first().map(stored).transpose()
}

/// Returns the numbers of the cases that the viewer may see.
pub async fn numbers(
    db: &Db,
    sight: &Sight,
    categories: &[Category],
    wanted: &Wanted,
) -> sqlx::Result<HashSet<CaseNumber>> {
    let query = Fragment::new("SELECT number FROM cases WHERE ", []);
    let rows = query.then(condition(db, sight, categories, wanted)).fetch(db.pool()).await?;
    rows.iter().map(|row| row.try_get("number").map(CaseNumber)).collect()
}

/// Returns those of some cases that the viewer may see.
pub async fn seen(
    db: &Db,
    sight: &Sight,
    categories: &[Category],
    numbers: Vec<CaseNumber>,
) -> sqlx::Result<HashSet<CaseNumber>> {
    let numbers = numbers.into_iter().map(|number| number.0).collect();
    let Some(wanted) = Fragment::any_of("number", numbers) else { return Ok(HashSet::new()) };
    let query = Fragment::new("SELECT number FROM cases WHERE ", []).then(wanted).text(" AND ");
    let rows = query.then(sight.condition(categories)).fetch(db.pool()).await?;
    rows.iter().map(|row| row.try_get("number").map(CaseNumber)).collect()
}

/// Reads the events of a case. The caller has made sure that the viewer may see it.
pub async fn events(db: &Db, number: &CaseNumber, utc_offset_s: i32) -> anyhow::Result<Vec<CaseEvent>> {
    let sql = "SELECT sequence, at, from_state, to_state, actor, note, holder_place, holder_office \
               FROM case_events WHERE number = ? ORDER BY sequence";
    let rows = Fragment::new(sql, [number.as_str().into()]).fetch(db.pool()).await?;
    rows.iter().map(|row| event(row, utc_offset_s)).collect()
}

fn select(sight: &Sight) -> Fragment {
    let extra = "address, description, building, parties, holder_place, holder_office, version, changed_at";
    Fragment::new(format!("SELECT {}, {extra}, CASE WHEN ", facts::COLUMNS), [])
        .then(sight.is_handler())
        .text(" THEN 1 ELSE 0 END AS is_handler FROM cases")
}

fn condition(db: &Db, sight: &Sight, categories: &[Category], wanted: &Wanted) -> Fragment {
    let mut all = vec![sight.condition(categories)];
    all.extend(wanted.below.map(super::below));
    all.extend(wanted.from.map(|from| Fragment::new("reported_at >= ?", [Arg::Int(from)])));
    all.extend(wanted.to.map(|to| Fragment::new("reported_at < ?", [Arg::Int(to)])));
    all.extend(Fragment::any_of("category", wanted.categories.clone()));
    all.extend(Fragment::any_of("state", wanted.states.clone()));
    all.extend(Fragment::any_of("class", wanted.classes.clone()));
    all.extend(wanted.people_from.map(|people| Fragment::new("people >= ?", [Arg::Int(people.into())])));
    all.extend(Fragment::any_of("channel", wanted.channels.clone()));
    all.extend(wanted.building.as_deref().map(|code| Fragment::new("building = ?", [code.into()])));
    all.extend(wanted.numbers.clone().map(|numbers| Fragment::one_of(db.kind(), "number", numbers)));
    if wanted.repeats_seen {
        let earlier = Fragment::new("repeat_of IN (SELECT number FROM cases WHERE ", []);
        all.push(earlier.then(sight.condition(categories)).text(")"));
    }
    all.extend(wanted.q.as_deref().map(query::words));
    all.extend(wanted.bbox.map(query::within));
    query::all_of(all)
}

fn stored(row: &AnyRow) -> anyhow::Result<StoredCase> {
    Ok(StoredCase {
        fact: facts::fact(row)?,
        address: row.try_get("address")?,
        holder: holder(row)?,
        changed_at: row.try_get("changed_at")?,
        is_handler: row.try_get::<i64, _>("is_handler")? != 0,
        description: row.try_get("description")?,
        building: row.try_get::<Option<String>, _>("building")?.map(BuildingCode),
        parties: serde_json::from_str(row.try_get("parties")?)?,
        version: row.try_get::<i64, _>("version")?.unsigned_abs(),
    })
}

fn event(row: &AnyRow, utc_offset_s: i32) -> anyhow::Result<CaseEvent> {
    let at = crate::store::instant(row.try_get("at")?);
    let from: Option<&str> = row.try_get("from_state")?;
    Ok(CaseEvent {
        sequence: super::unsigned(row.try_get("sequence")?),
        at: crate::store::meta::local(at, utc_offset_s),
        from: from.map(str::parse::<CaseState>).transpose()?,
        to: row.try_get::<&str, _>("to_state")?.parse()?,
        by: row.try_get("actor")?,
        note: row.try_get("note")?,
        holder: holder(row)?.map(|(place, office)| fengtu_wire::cases::Holder { place, office }),
    })
}

fn holder(row: &AnyRow) -> sqlx::Result<Option<(PlaceId, String)>> {
    let place: Option<String> = row.try_get("holder_place")?;
    Ok(place.map(PlaceId).zip(row.try_get::<Option<String>, _>("holder_office")?))
}
