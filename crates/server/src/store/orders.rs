//! Orders as rows, with the departments that were ordered; whom a row may be shown to is part of the question.
//!
//! The condition says the same as `fengtu_domain::sight::may_see_order`; a test compares the two over every role.

use std::collections::HashMap;

use fengtu_domain::orders::{Progress, answered_at, state};
use fengtu_domain::sight::Access;
use fengtu_wire::cases::Sensitivity;
use fengtu_wire::ids::{CaseNumber, OrderNumber, PlaceId};
use fengtu_wire::orders::OrderState;
use fengtu_wire::session::Role;
use serde::{Deserialize, Serialize};
use sqlx::any::AnyRow;
use sqlx::{AnyExecutor, Row as _};

use super::cases::Sight;
use super::insert::{Bound, Table};
use super::query::{self, Arg, Fragment};
use super::tree::Span;
use super::{cases, instant, position};
use crate::dataset::{CheckInRow, OrderRow, ReportRow, ScoreRow, SummonsRow};
use crate::db::{Db, Tx};

const ORDERS: Table = Table {
    name: "orders",
    key: &["number"],
    columns: &[
        "kind",
        "class",
        "place",
        "by_place",
        "by_office",
        "case_number",
        "sensitivity",
        "title",
        "check_in_s",
        "least_rank",
        "people",
        "issued_at",
        "answered_at",
        "state",
    ],
};

const DEPARTMENTS: Table = Table {
    name: "order_departments",
    key: &["number", "sequence"],
    columns: &[
        "department",
        "place",
        "checked_in_at",
        "spot",
        "lon",
        "lat",
        "came_rank",
        "person",
        "came",
        "reported_at",
        "report",
        "scored_at",
        "score",
    ],
};

/// The kind of the change-log rows whose payload is an [`OrderFact`].
pub const ORDER_CHANGED: &str = "order";

/// What the board needs of an order. Instants are Unix milliseconds UTC.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderFact {
    /// Its number.
    pub number: OrderNumber,
    /// The place whose matter it is.
    pub place: PlaceId,
    /// The case behind it.
    #[serde(default)]
    pub case: Option<CaseNumber>,
    /// That of the case behind it when the order was given.
    pub sensitivity: Sensitivity,
    /// When it was given.
    pub issued_at: i64,
    /// Seconds within which everyone must check in.
    pub check_in_s: u32,
    /// When the last department checked in; absent: not all have.
    pub answered_at: Option<i64>,
}

impl OrderFact {
    /// Returns what the board needs of an order.
    pub fn of(row: &OrderRow) -> Self {
        Self {
            number: row.number.clone(),
            place: row.place.clone(),
            case: row.case.clone(),
            sensitivity: row.sensitivity,
            issued_at: row.issued_at.timestamp_millis(),
            check_in_s: row.check_in_s,
            answered_at: answered_at(&row.progress()),
        }
    }
}

/// Writes orders with their departments; one that is there already is replaced.
pub async fn write(tx: &mut Tx, rows: &[OrderRow]) -> sqlx::Result<()> {
    let progress: Vec<(&OrderRow, Vec<Progress>)> = rows.iter().map(|row| (row, row.progress())).collect();
    ORDERS.upsert(tx, &progress, |query, (row, progress)| bind(query, row, progress)).await?;
    // One that is written anew may have fewer departments than before.
    for row in rows {
        let sql = "DELETE FROM order_departments WHERE number = $1";
        sqlx::query(sql).bind(row.number.as_str().to_owned()).execute(&mut **tx).await?;
    }
    let departments: Vec<(&OrderRow, i64, &SummonsRow)> =
        rows.iter().flat_map(|row| row.departments.iter().zip(1..).map(move |(one, n)| (row, n, one))).collect();
    DEPARTMENTS.upsert(tx, &departments, |query, (row, n, one)| bind_department(query, row, *n, one)).await
}

fn bind<'q>(query: Bound<'q>, row: &'q OrderRow, progress: &[Progress]) -> Bound<'q> {
    query
        .bind(row.number.as_str())
        .bind(row.kind.as_str())
        .bind(row.class.as_str())
        .bind(row.place.as_str())
        .bind(row.by.0.as_str())
        .bind(row.by.1.as_str())
        .bind(row.case.as_ref().map(CaseNumber::as_str))
        .bind(cases::rank(row.sensitivity))
        .bind(row.title.as_str())
        .bind(i64::from(row.check_in_s))
        .bind(row.least_rank.as_str())
        .bind(i64::from(row.people))
        .bind(row.issued_at.timestamp_millis())
        .bind(answered_at(progress))
        .bind(state(progress).as_str())
}

fn bind_department<'q>(query: Bound<'q>, row: &'q OrderRow, sequence: i64, one: &'q SummonsRow) -> Bound<'q> {
    let (check_in, report) = (one.check_in.as_ref(), one.report.as_ref());
    let at = check_in.and_then(|check_in| check_in.position);
    query
        .bind(row.number.as_str())
        .bind(sequence)
        .bind(one.department.as_str())
        .bind(one.place.as_str())
        .bind(check_in.map(|check_in| check_in.at.timestamp_millis()))
        .bind(check_in.map(|check_in| check_in.spot.as_str()))
        .bind(at.map(|[lon, _]| lon))
        .bind(at.map(|[_, lat]| lat))
        .bind(check_in.map(|check_in| check_in.rank.as_str()))
        .bind(check_in.map(|check_in| check_in.person.as_str()))
        .bind(check_in.map(|check_in| i64::from(check_in.people)))
        .bind(report.map(|report| report.at.timestamp_millis()))
        .bind(report.map(|report| report.text.as_str()))
        .bind(one.score.map(|score| score.at.timestamp_millis()))
        .bind(one.score.map(|score| i64::from(score.score)))
}

/// Reads what the board needs of every order.
pub async fn facts(db: impl AnyExecutor<'_>) -> anyhow::Result<Vec<OrderFact>> {
    let sql = "SELECT number, place, case_number, sensitivity, issued_at, check_in_s, answered_at \
               FROM orders ORDER BY number";
    let rows = sqlx::query(sql).fetch_all(db).await?;
    rows.iter().map(fact).collect()
}

fn fact(row: &AnyRow) -> anyhow::Result<OrderFact> {
    Ok(OrderFact {
        number: OrderNumber(row.try_get("number")?),
        place: PlaceId(row.try_get("place")?),
        case: row.try_get::<Option<String>, _>("case_number")?.map(CaseNumber),
        sensitivity: cases::sensitivity(row.try_get("sensitivity")?),
        issued_at: row.try_get("issued_at")?,
        check_in_s: unsigned(row.try_get("check_in_s")?),
        answered_at: row.try_get("answered_at")?,
    })
}

/// Which orders to read.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Those in or below a node.
    pub below: Option<Span>,
    /// Those of any of these kinds.
    pub kinds: Vec<String>,
    /// Those in any of these states.
    pub states: Vec<String>,
    /// Those given at or after this, Unix milliseconds.
    pub from: Option<i64>,
    /// Those given before this, Unix milliseconds.
    pub to: Option<i64>,
}

/// Where a page ends: when the last order was given, Unix milliseconds, and its number.
pub type Key = (i64, String);

/// Returns where a page ends that ends with this order.
pub fn key(row: &OrderRow) -> Key {
    (row.issued_at.timestamp_millis(), row.number.0.clone())
}

/// Reads up to `limit` orders that the viewer may see, the newest first.
pub async fn read(
    db: &Db,
    sight: &Sight,
    wanted: &Wanted,
    after: Option<&Key>,
    limit: u32,
) -> anyhow::Result<Vec<OrderRow>> {
    let mut query = Fragment::new("SELECT * FROM orders WHERE ", []).then(condition(sight, wanted));
    if let Some((at, number)) = after {
        let args = [(*at).into(), (*at).into(), number.as_str().into()];
        query = query.then(Fragment::new(" AND (issued_at < ? OR (issued_at = ? AND number < ?))", args));
    }
    let query = query.then(Fragment::new(" ORDER BY issued_at DESC, number DESC LIMIT ?", [i64::from(limit).into()]));
    whole(db, &query.fetch(db.pool()).await?).await
}

/// Reads every order that is not at its end, the oldest first, for whoever goes on with it: not cut for a viewer.
pub async fn under_way(db: &Db) -> anyhow::Result<Vec<OrderRow>> {
    let sql = "SELECT * FROM orders WHERE state <> ? ORDER BY issued_at, number";
    let query = Fragment::new(sql, [OrderState::Scored.as_str().into()]);
    whole(db, &query.fetch(db.pool()).await?).await
}

/// Joins orders with their departments.
async fn whole(db: &Db, rows: &[AnyRow]) -> anyhow::Result<Vec<OrderRow>> {
    let numbers = rows.iter().map(|row| row.try_get("number")).collect::<sqlx::Result<Vec<String>>>()?;
    let mut departments = departments(db, numbers).await?;
    rows.iter().map(|row| order(row, &mut departments)).collect()
}

/// Counts the orders that the viewer may see, wherever the page begins.
pub async fn count(db: &Db, sight: &Sight, wanted: &Wanted) -> sqlx::Result<u64> {
    query::count(db, Fragment::new("SELECT COUNT(*) AS n FROM orders WHERE ", []).then(condition(sight, wanted))).await
}

fn condition(sight: &Sight, wanted: &Wanted) -> Fragment {
    let mut all = vec![seen(sight)];
    all.extend(wanted.below.map(cases::below));
    all.extend(Fragment::any_of("kind", wanted.kinds.clone()));
    all.extend(Fragment::any_of("state", wanted.states.clone()));
    all.extend(wanted.from.map(|from| Fragment::new("issued_at >= ?", [Arg::Int(from)])));
    all.extend(wanted.to.map(|to| Fragment::new("issued_at < ?", [Arg::Int(to)])));
    query::all_of(all)
}

/// The condition that the viewer may know of an order.
fn seen(sight: &Sight) -> Fragment {
    let party = is_party(sight);
    let reach = match sight.access {
        Access::Denied | Access::Anyone | Access::Aggregates => return never(),
        Access::SelfOnly => party.clone(),
        Access::Place => sight.span.map_or_else(never, cases::below).text(" OR ").then(party.clone()).bracketed(),
        Access::District => Fragment::new("1 = 1", []),
    };
    // A sensitive one is not for the grid member next door, a restricted one for its parties alone.
    let most = if sight.role == Role::GridMember { 1 } else { 2 };
    // The order says how sensitive its case was when it was given; the case may have become more so.
    let open_to_reach = "sensitivity <= ? AND NOT EXISTS \
        (SELECT 1 FROM cases c WHERE c.number = orders.case_number AND c.sensitivity > ?) AND ";
    let by_reach = Fragment::new(open_to_reach, [Arg::Int(most), Arg::Int(most)]).then(reach).bracketed();
    by_reach.text(" OR ").then(party).bracketed()
}

/// The condition that the viewer's office gave an order, or was ordered to come.
fn is_party(sight: &Sight) -> Fragment {
    let Some((place, office)) = &sight.office else { return never() };
    let of = |office_column: &str, place_column: &str| {
        let named = Fragment::new(format!("{office_column} = ?"), [Arg::from(office.as_str())]);
        let there = place.as_ref().map(|id| Fragment::new(format!("{place_column} = ?"), [id.as_str().into()]));
        query::all_of(std::iter::once(named).chain(there).collect())
    };
    let (gave, came) = (of("by_office", "by_place"), of("department", "place"));
    let came = Fragment::new("number IN (SELECT number FROM order_departments WHERE ", []).then(came).text(")");
    gave.bracketed().text(" OR ").then(came).bracketed()
}

/// Whether the viewer's office gave an order, or was ordered to come; the same as the condition.
pub fn is_party_to(sight: &Sight, row: &OrderRow) -> bool {
    let Some((place, office)) = &sight.office else { return false };
    let is = |named: &str, there: &PlaceId| named == office && place.as_ref().is_none_or(|place| place == there);
    is(&row.by.1, &row.by.0) || row.departments.iter().any(|one| is(&one.department, &one.place))
}

fn never() -> Fragment {
    Fragment::new("1 = 0", [])
}

async fn departments(db: &Db, numbers: Vec<String>) -> anyhow::Result<HashMap<String, Vec<SummonsRow>>> {
    let mut all: HashMap<String, Vec<SummonsRow>> = HashMap::new();
    let wanted = Fragment::one_of(db.kind(), "number", numbers);
    let query = Fragment::new("SELECT * FROM order_departments WHERE ", []).then(wanted);
    for row in query.text(" ORDER BY number, sequence").fetch(db.pool()).await? {
        all.entry(row.try_get("number")?).or_default().push(department(&row)?);
    }
    Ok(all)
}

fn order(row: &AnyRow, departments: &mut HashMap<String, Vec<SummonsRow>>) -> anyhow::Result<OrderRow> {
    let number: String = row.try_get("number")?;
    Ok(OrderRow {
        departments: departments.remove(&number).unwrap_or_default(),
        number: OrderNumber(number),
        kind: row.try_get::<&str, _>("kind")?.parse()?,
        class: row.try_get::<&str, _>("class")?.parse()?,
        place: PlaceId(row.try_get("place")?),
        by: (PlaceId(row.try_get("by_place")?), row.try_get("by_office")?),
        case: row.try_get::<Option<String>, _>("case_number")?.map(CaseNumber),
        sensitivity: cases::sensitivity(row.try_get("sensitivity")?),
        title: row.try_get("title")?,
        check_in_s: unsigned(row.try_get("check_in_s")?),
        least_rank: row.try_get::<&str, _>("least_rank")?.parse()?,
        people: unsigned(row.try_get("people")?),
        issued_at: instant(row.try_get("issued_at")?),
    })
}

fn department(row: &AnyRow) -> anyhow::Result<SummonsRow> {
    let report: Option<i64> = row.try_get("reported_at")?;
    let scored: Option<i64> = row.try_get("scored_at")?;
    let score = row.try_get::<Option<i64>, _>("score")?.and_then(|score| u8::try_from(score).ok());
    Ok(SummonsRow {
        department: row.try_get("department")?,
        place: PlaceId(row.try_get("place")?),
        check_in: check_in(row)?,
        report: match report {
            Some(at) => {
                let text = row.try_get::<Option<String>, _>("report")?.unwrap_or_default();
                Some(ReportRow { at: instant(at), text })
            }
            None => None,
        },
        score: scored.zip(score).map(|(at, score)| ScoreRow { at: instant(at), score }),
    })
}

fn check_in(row: &AnyRow) -> anyhow::Result<Option<CheckInRow>> {
    let Some(at) = row.try_get::<Option<i64>, _>("checked_in_at")? else { return Ok(None) };
    let text = |name: &str| Ok::<_, sqlx::Error>(row.try_get::<Option<String>, _>(name)?.unwrap_or_default());
    Ok(Some(CheckInRow {
        at: instant(at),
        spot: text("spot")?,
        position: position(row.try_get("lon")?, row.try_get("lat")?),
        rank: text("came_rank")?.parse()?,
        person: text("person")?,
        people: unsigned(row.try_get::<Option<i64>, _>("came")?.unwrap_or_default()),
    }))
}

fn unsigned(value: i64) -> u32 {
    u32::try_from(value).unwrap_or_default()
}
