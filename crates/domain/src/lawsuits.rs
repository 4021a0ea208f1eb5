//! Of which months lawsuits are told 民事立案 (decision 0014), in words that the board, its bulletin and its workbook share, and
//! which of them may be compared.

use chrono::{DateTime, FixedOffset};
use fengtu_wire::cube::Cube;
use fengtu_wire::statistics::Lawsuits;
use fengtu_wire::text::LocalText;

use crate::months::{self, Month};
use crate::statistics::Period;

pub use crate::months::When;

/// Returns the months of a period that are looked at, oldest first.
pub fn months(period: Period, when: When, now: DateTime<FixedOffset>) -> Vec<Month> {
    when.of(months::told(period, now))
}

/// Whether two counts may be compared: both are known, of as many months. December is busy and February short: two months
/// beside three would be told as a change.
pub fn is_comparable(now: Lawsuits, before: Lawsuits) -> bool {
    now.filed.is_some() && before.filed.is_some() && now.months == before.months
}

/// Says of which months a count in an answer is, as [`words`] does.
pub fn told_of(cube: &Cube, when: When, known: Option<Lawsuits>) -> Option<LocalText> {
    let period = Period { from: cube.from.timestamp(), to: cube.to.timestamp() };
    words(&months(period, when, cube.at), known?)
}

/// Says of which months a count is, oldest and newest, how many they are and how many of them are missing; `None`: of none.
pub fn words(months: &[Month], known: Lawsuits) -> Option<LocalText> {
    known.filed?;
    named(months, known.ended.saturating_sub(known.months))
}

/// Says of which months psychological services in an answer are.
pub fn services_of(cube: &Cube, when: When) -> Option<LocalText> {
    let period = Period { from: cube.from.timestamp(), to: cube.to.timestamp() };
    named(&months::of_services(period, when, cube.at), 0)
}

/// Says in short of which months psychological services of a period are: oldest and newest.
pub fn service_span(period: Period, now: DateTime<FixedOffset>) -> Option<LocalText> {
    let months = months::of_services(period, When::Now, now);
    let (first, last) = (*months.first()?, *months.last()?);
    Some(LocalText { zh: span_zh(first, last), en: span_en(first, last) })
}

fn named(months: &[Month], missing: u32) -> Option<LocalText> {
    let (&first, &last) = (months.first()?, months.last()?);
    let n = months.len();
    let (zh, en) = match missing {
        0 => (String::new(), String::new()),
        _ => (format!("，其中 {missing} 个月的数据未到"), format!(", {missing} of them still missing")),
    };
    let zh = format!("{}，共 {n} 个自然月{zh}", span_zh(first, last));
    let en = format!("{}, {n} whole {}{en}", span_en(first, last), plural(n));
    Some(LocalText { zh, en })
}

const fn plural(n: usize) -> &'static str {
    if n == 1 { "month" } else { "months" }
}

fn span_zh(first: Month, last: Month) -> String {
    match last {
        _ if first == last => format!("{}年{}月", first.0, first.1),
        (year, month) if year == first.0 => format!("{year}年{}月至{month}月", first.1),
        (year, month) => format!("{}年{}月至{year}年{month}月", first.0, first.1),
    }
}

fn span_en(first: Month, last: Month) -> String {
    let month = |(year, month): Month| format!("{year}-{month:02}");
    if first == last { month(first) } else { format!("{} to {}", month(first), month(last)) }
}
