//! What a panel says, as plain values: a sentence, cells, rows, a chart. One view draws them all.

use chrono::{DateTime, Utc};
use fengtu_wire::statistics::Share;
use fengtu_wire::warnings::Level;

use crate::i18n::{Locale, locale};
use crate::state::figures::rate;
use crate::tr;
use crate::ui::number::{grouped, percent};

/// A panel's content.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Card {
    /// What it says, as a sentence.
    pub title: String,
    /// When that was so; absent: it moves with the stream.
    pub at: Option<DateTime<Utc>>,
    /// Whether it is older than it may be.
    pub aged: bool,
    /// Figures with their words, side by side.
    pub cells: Vec<Cell>,
    /// A list, the first row first.
    pub rows: Vec<Row>,
    /// A chart.
    pub chart: Option<Chart>,
    /// What is said where there is nothing else.
    pub empty: &'static str,
}

/// A shape before a word: colour is never alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mark {
    /// None.
    #[default]
    None,
    /// That of a warning level.
    Level(Level),
    /// That of a clock that has run out.
    Overdue,
}

/// A figure and its word.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cell {
    /// The shape.
    pub mark: Mark,
    /// The word.
    pub label: String,
    /// The figure as it is read.
    pub figure: String,
}

/// A row of a list.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Row {
    /// The shape.
    pub mark: Mark,
    /// What it is.
    pub label: String,
    /// Its figure.
    pub figure: String,
    /// Length of its bar, 0–1; absent: it has none.
    pub part: Option<f64>,
    /// Whether the scene speaks of it.
    pub chosen: bool,
}

/// Columns over time, with a line above them where there is a second series.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Chart {
    /// The columns; a gap where a count is withheld.
    pub columns: Vec<Option<u64>>,
    /// The line.
    pub line: Vec<Option<u64>>,
    /// Words at the foot, spread evenly from the first column to the last.
    pub feet: Vec<String>,
    /// What columns and line are.
    pub key: &'static str,
}

/// A figure to be read from anywhere.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Hero {
    /// What it is.
    pub label: &'static str,
    /// The figure.
    pub figure: String,
    /// Its unit.
    pub unit: &'static str,
    /// What it is compared with, and how it has changed.
    pub note: String,
    /// Whether it is older than it may be.
    pub aged: bool,
}

/// Writes a count; one that is withheld for being under `k` says so.
pub fn count(value: Option<u64>, k: u32) -> String {
    value.map_or_else(|| format!("<{k}"), grouped)
}

/// Writes a rate with one decimal, or none where there is nothing to share.
pub fn share_text(share: Share) -> String {
    rate(share).map_or_else(|| "–".to_owned(), percent_short)
}

/// Writes a rate in 0…1 with two decimals at most, but never says that all were when one was not.
pub fn percent_short(rate: f64) -> String {
    percent((rate * 10_000.0).floor() / 10_000.0)
}

/// Writes an amount in the unit that people say it in: the figure, and the unit.
pub fn amount(fen: i64) -> (String, &'static str) {
    let yuan = fen as f64 / 100.0;
    match locale() {
        Locale::en => (tenths(yuan / 1e6), tr!(wall.million_yuan)),
        Locale::zh_CN if yuan.abs() >= 1e8 => (hundredths(yuan / 1e8), tr!(wall.yi_yuan)),
        Locale::zh_CN => (grouped((yuan.max(0.0) / 1e4).round() as u64), tr!(wall.wan_yuan)),
    }
}

fn tenths(value: f64) -> String {
    let whole = (value.max(0.0) * 10.0).round() as u64;
    format!("{}.{}", grouped(whole / 10), whole % 10)
}

fn hundredths(value: f64) -> String {
    let whole = (value.max(0.0) * 100.0).round() as u64;
    format!("{}.{:02}", grouped(whole / 100), whole % 100)
}

/// Writes a change with its direction as a shape: `▲ 12.5%`.
pub fn change(growth: Option<f64>) -> String {
    match growth.map(|growth| (growth * 1000.0).round() as i64) {
        None => "–".to_owned(),
        Some(0) => tr!(wall.unchanged).to_owned(),
        Some(mils) => {
            let arrow = if mils > 0 { '▲' } else { '▼' };
            format!("{arrow}\u{2009}{}.{}%", mils.abs() / 10, mils.abs() % 10)
        }
    }
}

/// Writes the change of a rate in percentage points.
pub fn points(now: Option<f64>, before: Option<f64>) -> String {
    let (Some(now), Some(before)) = (now, before) else { return "–".to_owned() };
    let hundredths = ((now - before) * 10_000.0).round() as i64;
    match hundredths {
        0 => tr!(wall.unchanged).to_owned(),
        n => {
            let arrow = if n > 0 { '▲' } else { '▼' };
            tr!(wall.points, change = format!("{arrow}\u{2009}{}.{:02}", n.abs() / 100, n.abs() % 100))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_said_as_people_say_them() {
        assert_eq!(amount(8_390_366_000), ("8390".to_owned(), "万元"));
        assert_eq!(amount(256_000_000_000), ("25.60".to_owned(), "亿元"));
        assert_eq!(amount(-5), ("0".to_owned(), "万元"));
    }

    #[test]
    fn changes_have_a_direction_and_nothing_is_compared_with_nothing() {
        let all = [change(Some(0.2574)), change(Some(-0.031)), change(Some(0.0001)), change(None)];
        assert_eq!(all, ["▲\u{2009}25.7%", "▼\u{2009}3.1%", "持平", "–"]);
        assert_eq!(points(Some(0.9991), Some(0.9970)), "▲\u{2009}0.21 个百分点");
        assert_eq!(points(None, Some(1.0)), "–");
    }

    #[test]
    fn almost_all_is_not_all_and_withheld_is_said() {
        assert_eq!(percent_short(78_559.0 / 78_563.0), "99.99%");
        assert_eq!(share_text(Share { part: Some(0), whole: Some(0) }), "–");
        assert_eq!([count(None, 5), count(Some(78_559), 5)], ["<5", "78\u{2009}559"]);
    }
}
