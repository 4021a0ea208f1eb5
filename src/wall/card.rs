//! What a panel says, as plain values: a sentence, cells, rows, a chart. One view draws them all.

use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use fengtu_wire::ids::PlaceId;
use fengtu_wire::statistics::Share;
use fengtu_wire::warnings::Level;

use crate::state::LiveStore;
use crate::state::live::Freshness;
use crate::tr;
use crate::ui::number::{self, MoneyUnit, grouped, steps_of};
use crate::ui::time::{hour_and_minute, month_and_day};

/// When something was so, where that is known, and whether it is older than it may be.
pub type Age = (Option<DateTime<Utc>>, bool);

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
    /// How many rows there are, where it is said that a list is cut; 0: it says nothing of it.
    pub all: usize,
    /// A chart.
    pub chart: Option<Chart>,
    /// What is said where there is nothing else.
    pub empty: String,
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
    /// How far it is, beside the bar; absent: the list tells nothing of it.
    pub done: Option<Done>,
    /// The street that a press on it shows; absent: it cannot be pressed.
    pub street: Option<PlaceId>,
    /// Whether the scene speaks of it.
    pub chosen: bool,
}

/// How far the cases of a row are; what is not told is empty.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Done {
    /// The share that was settled.
    pub settled: String,
    /// How many are overdue.
    pub overdue: String,
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
    pub key: String,
}

/// A figure to be read from anywhere.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Hero {
    /// What it is.
    pub label: String,
    /// The figure.
    pub figure: String,
    /// Its unit.
    pub unit: &'static str,
    /// What it is compared with, and how it has changed; where it is older than it may be, since when.
    pub note: String,
    /// When that was so, where it is older than it may be.
    pub at: Option<DateTime<Utc>>,
    /// Whether it is older than it may be.
    pub aged: bool,
}

impl Card {
    /// Returns as many rows as have room: the first, and last of all the one that is spoken of where it is not among them.
    pub fn shown(&self, rows: usize) -> impl Iterator<Item = &Row> {
        let spoken = self.late(rows);
        let first = rows.saturating_sub(usize::from(spoken.is_some()));
        self.rows.iter().take(first).chain(spoken)
    }

    /// The row that is spoken of, where it stands after those that have room.
    fn late(&self, rows: usize) -> Option<&Row> {
        self.rows.iter().skip(rows).find(|row| row.chosen && rows > 0)
    }

    /// Says how many rows are shown, where that is not all of them.
    pub fn cut_text(&self, rows: usize) -> String {
        match (rows < self.all, self.late(rows)) {
            (false, _) => String::new(),
            (true, None) => tr!(wall.first_of, n = rows, all = self.all),
            (true, Some(_)) => tr!(wall.some_of, n = rows, all = self.all),
        }
    }

    /// Says when it was so, at a time of the district; nothing where it moves with the stream.
    pub fn age_text(&self, now: &DateTime<FixedOffset>) -> String {
        match (self.at, self.aged) {
            (at, true) => aged_text(at, now),
            (Some(at), false) => since(at, now),
            (None, false) => String::new(),
        }
    }
}

/// Says since when something is out of date, or only that it is.
pub fn aged_text(at: Option<DateTime<Utc>>, now: &DateTime<FixedOffset>) -> String {
    at.map_or_else(|| tr!(wall.aged).to_owned(), |at| tr!(wall.aged_since, time = since(at, now)))
}

/// Writes a time of this day in the district's own offset, and of another day the day: both are of one width.
fn since(at: DateTime<Utc>, now: &DateTime<FixedOffset>) -> String {
    let at = at.with_timezone(now.offset());
    if at.date_naive() == now.date_naive() { hour_and_minute(&at) } else { month_and_day(&at) }
}

/// Returns when the stream was heard last, once it has lost the district. That stays as it was first told: the clock and the
/// seconds since then are rounded each by itself.
pub fn last_sign(live: &LiveStore, before: Option<Age>) -> Age {
    let is_stopped = live.freshness == Freshness::Stopped;
    let told = before.and_then(|(at, _)| at);
    // Without a clock that can be trusted nobody knows how long ago it was.
    let sign = (live.age_s > 0).then(|| live.now - TimeDelta::seconds(live.age_s.into()));
    (told.or(sign).filter(|_| is_stopped), is_stopped)
}

/// Writes a count; one that is withheld says so, and not why: it need not be small.
pub fn count(value: Option<u64>) -> String {
    value.map_or_else(|| tr!(wall.withheld).to_owned(), grouped)
}

/// Writes a rate with two decimals, always as many, or none where there is nothing to share; one that is withheld says so.
pub fn share_text(share: Share) -> String {
    if share.part.is_none() || share.whole.is_none() {
        return tr!(wall.withheld).to_owned();
    }
    hundredths_of(share).map_or_else(|| "–".to_owned(), |n| format!("{}.{:02}%", n / 100, n % 100))
}

/// Hundredths of a per cent in whole numbers: it never says that all were when one was not.
fn hundredths_of(share: Share) -> Option<u64> {
    steps_of(share.part?, share.whole?, 10_000)
}

/// Writes a part of a whole in per cent with one decimal, always one.
pub fn part_text(part: u64, whole: u64) -> String {
    let mils = steps_of(part, whole, 1_000).unwrap_or(0);
    format!("{}.{}%", mils / 10, mils % 10)
}

/// Writes an amount in the unit that people say it in: the figure, and the unit.
pub fn amount(fen: i64) -> (String, &'static str) {
    let (figure, unit) = number::amount(fen);
    let unit = match unit {
        MoneyUnit::Yuan => tr!(wall.yuan),
        MoneyUnit::TenThousand => tr!(wall.wan_yuan),
        MoneyUnit::HundredMillion => tr!(wall.yi_yuan),
        MoneyUnit::Million => tr!(wall.million_yuan),
    };
    (figure, unit)
}

/// Writes a change with its direction as a shape: `▲ 12.5%`.
pub fn change(growth: f64) -> String {
    match (growth * 1000.0).round() as i64 {
        0 => tr!(wall.unchanged).to_owned(),
        mils => format!("{}\u{2009}{}.{}%", arrow(mils), mils.abs() / 10, mils.abs() % 10),
    }
}

/// Writes the change of a rate in percentage points, where both are known.
pub fn points(now: Share, before: Share) -> Option<String> {
    let change = hundredths_of(now)?.cast_signed() - hundredths_of(before)?.cast_signed();
    Some(match change {
        0 => tr!(wall.unchanged).to_owned(),
        n => tr!(wall.points, change = format!("{}\u{2009}{}.{:02}", arrow(n), n.abs() / 100, n.abs() % 100)),
    })
}

const fn arrow(change: i64) -> char {
    if change > 0 { '▲' } else { '▼' }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn what_is_spoken_of_stands_last_of_those_that_have_room() {
        let of = |spoken: &str| {
            let row = |name: &str| Row { label: name.to_owned(), chosen: name == spoken, ..Row::default() };
            Card { all: 3, rows: ["a", "b", "c"].map(row).to_vec(), ..Card::default() }
        };
        let told = |spoken: &str, rows: usize| {
            let card = of(spoken);
            let shown: String = card.shown(rows).map(|row| row.label.as_str()).collect();
            (shown, card.cut_text(rows))
        };
        assert_eq!(told("", 2), ("ab".to_owned(), "前 2/共 3".to_owned()));
        assert_eq!(told("b", 2), ("ab".to_owned(), "前 2/共 3".to_owned()));
        assert_eq!(told("c", 2), ("ac".to_owned(), "2/共 3".to_owned()));
        assert_eq!(told("c", 1), ("c".to_owned(), "1/共 3".to_owned()));
        assert_eq!((told("c", 3).0, told("c", 3).1, told("c", 0).0), ("abc".to_owned(), String::new(), String::new()));
    }

    #[test]
    fn amounts_are_said_as_people_say_them() {
        assert_eq!(amount(8_390_366_000), ("8390".to_owned(), "万元"));
        assert_eq!(amount(256_000_000_000), ("25.60".to_owned(), "亿元"));
        assert_eq!(amount(-5), ("0".to_owned(), "元"));
    }

    fn now(text: &str) -> DateTime<FixedOffset> {
        DateTime::parse_from_rfc3339(text).unwrap()
    }

    #[test]
    fn what_is_grey_says_since_when_and_a_day_that_is_over_is_named() {
        let at = now("2026-03-04T09:12:00+08:00").to_utc();
        let later = now("2026-03-04T09:24:00+08:00");
        assert_eq!(aged_text(Some(at), &later), "截至 09:12");
        assert_eq!(aged_text(Some(at), &now("2026-03-05T09:00:00+08:00")), "截至 03-04");
        assert_eq!(aged_text(None, &later), "数据已过时");
        let card = |at, aged| Card { at, aged, ..Card::default() }.age_text(&later);
        let all = [card(Some(at), true), card(None, true), card(Some(at), false), card(None, false)];
        assert_eq!(all, ["截至 09:12", "数据已过时", "09:12", ""]);
    }

    #[test]
    fn a_list_that_is_cut_says_of_how_many_and_one_that_is_whole_says_nothing() {
        let card = Card { rows: vec![Row::default(); 6], all: 6, ..Card::default() };
        assert_eq!([4, 6, 8].map(|rows| card.cut_text(rows)), ["前 4/共 6", "", ""]);
        assert_eq!(Card { all: 0, ..card }.cut_text(4), "", "what rolls has no end");
    }

    #[test]
    fn a_stream_that_stopped_was_heard_last_at_one_time() {
        let at = |second: i64| DateTime::from_timestamp(second, 0).unwrap();
        let live = |freshness, age_s, now| LiveStore { freshness, age_s, now: at(now), ..LiveStore::default() };
        assert_eq!(last_sign(&live(Freshness::Delayed, 44, 1_044), None), (None, false));
        let stopped = last_sign(&live(Freshness::Stopped, 46, 1_046), Some((None, false)));
        assert_eq!(stopped, (Some(at(1_000)), true));
        assert_eq!(last_sign(&live(Freshness::Stopped, 60, 1_061), Some(stopped)), stopped, "it does not wander");
        assert_eq!(last_sign(&live(Freshness::Live, 1, 1_100), Some(stopped)), (None, false));
        assert_eq!(last_sign(&live(Freshness::Stopped, 0, 2_000), None), (None, true), "the machine has slept");
    }

    #[test]
    fn changes_have_a_direction_and_nothing_is_compared_with_nothing() {
        let all = [change(0.2574), change(-0.031), change(0.0001)];
        assert_eq!(all, ["▲\u{2009}25.7%", "▼\u{2009}3.1%", "持平"]);
        assert_eq!(points(share(9_991, 10_000), share(9_970, 10_000)).as_deref(), Some("▲\u{2009}0.21 个百分点"));
        assert_eq!(points(share(57, 100), share(5_700, 10_000)).as_deref(), Some("持平"));
        assert_eq!(points(Share::default(), share(1, 1)), None);
    }

    fn share(part: u64, whole: u64) -> Share {
        Share { part: Some(part), whole: Some(whole) }
    }

    #[test]
    fn almost_all_is_not_all_and_withheld_is_said() {
        let rates = [share(78_559, 78_563), share(57, 100), share(1, 1), share(0, 0), Share::default()].map(share_text);
        assert_eq!(rates, ["99.99%", "57.00%", "100.00%", "–", "未显示"]);
        assert_eq!([part_text(60, 100), part_text(1, 3), part_text(0, 0)], ["60.0%", "33.3%", "0.0%"]);
        assert_eq!([count(None), count(Some(78_559))], ["未显示", "78\u{2009}559"]);
    }
}
