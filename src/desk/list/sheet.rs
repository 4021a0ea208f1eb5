//! A layer as a table of plain values: what the list shows and what an export writes are the same sheet.

use std::cmp::Ordering;

use chrono::{DateTime, Utc};
use fengtu_wire::geojson::Position;
use fengtu_wire::warnings::Level;

use crate::desk::search::matching::normal;
use crate::routes::{Layer, Order, Selection};
use crate::tr;
use crate::ui::level::level_word;
use crate::ui::number::grouped;
use crate::ui::time::exact;

/// What stands in one field.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Not known or withheld.
    Empty,
    /// Words.
    Text(String),
    /// A count.
    Count(u64),
    /// A measure, read with one decimal.
    Measure(f64),
    /// A warning level.
    Level(Level),
    /// A moment.
    Time(DateTime<Utc>),
}

impl Cell {
    /// Makes a field of a count that may be withheld.
    pub fn count(value: Option<u64>) -> Self {
        value.map_or(Self::Empty, Self::Count)
    }

    /// Returns it as people read it.
    pub fn text(&self, utc_offset_s: i32) -> String {
        match self {
            Self::Empty => "—".to_owned(),
            Self::Text(text) => text.clone(),
            Self::Count(n) => grouped(*n),
            Self::Measure(value) => format!("{value:.1}"),
            Self::Level(level) => level_word(*level).to_owned(),
            Self::Time(at) => exact(*at, utc_offset_s),
        }
    }

    /// Orders two fields of one column: by value, not by how it is written.
    fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Text(a), Self::Text(b)) => a.cmp(b),
            (Self::Count(a), Self::Count(b)) => a.cmp(b),
            (Self::Measure(a), Self::Measure(b)) => a.total_cmp(b),
            (Self::Level(a), Self::Level(b)) => a.cmp(b),
            (Self::Time(a), Self::Time(b)) => a.cmp(b),
            _ => Ordering::Equal,
        }
    }
}

/// One column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name for programs, the same in every language.
    pub key: &'static str,
    /// Its head, with the unit.
    pub head: String,
    /// Whether figures stand in it.
    pub is_figure: bool,
}

impl Column {
    /// Makes a column of words.
    pub fn words(key: &'static str, head: &str) -> Self {
        Self { key, head: head.to_owned(), is_figure: false }
    }

    /// Makes a column of figures.
    pub fn figures(key: &'static str, head: &str) -> Self {
        Self { key, head: head.to_owned(), is_figure: true }
    }
}

/// One thing of the layer.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// What it is; choosing the row selects it.
    pub id: Selection,
    /// Its fields, one for each column.
    pub cells: Vec<Cell>,
    /// Where it is; absent: not on the map.
    pub at: Option<Position>,
}

impl Row {
    /// Returns its id as text.
    pub fn key(&self) -> &str {
        match &self.id {
            Selection::Place(id) => id.as_str(),
            Selection::Station(id) => id.as_str(),
            Selection::Building(code) => code.as_str(),
            Selection::Case(number) => number.as_str(),
        }
    }
}

/// A layer as a table.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// The layer.
    pub layer: Layer,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<Row>,
}

impl Sheet {
    /// Counts the rows that are not on the map.
    pub fn not_on_map(&self) -> usize {
        self.rows.iter().filter(|row| row.at.is_none()).count()
    }

    /// Keeps the rows in which every word of a text occurs.
    #[must_use]
    pub fn matching(mut self, text: &str) -> Self {
        let words: Vec<String> = text.split_whitespace().map(normal).filter(|w| !w.is_empty()).collect();
        if !words.is_empty() {
            self.rows.retain(|row| {
                let line: String = row.cells.iter().map(|c| normal(&c.text(0))).collect::<Vec<_>>().join("\n");
                words.iter().all(|word| line.contains(word))
            });
        }
        self
    }

    /// Orders the rows; fields that are empty come last either way, equals stay as they were.
    #[must_use]
    pub fn ordered(mut self, order: Option<Order>) -> Self {
        let Some(Order { column, descending }) = order else { return self };
        let of = |row: &Row| row.cells.get(column).cloned().unwrap_or(Cell::Empty);
        fengtu_geo::order::sort_by(&mut self.rows, |a, b| match (of(a), of(b)) {
            (Cell::Empty, Cell::Empty) => Ordering::Equal,
            (Cell::Empty, _) => Ordering::Greater,
            (_, Cell::Empty) => Ordering::Less,
            (a, b) if descending => b.order(&a),
            (a, b) => a.order(&b),
        });
        self
    }
}

/// Rows of one page of a list.
pub const PAGE: usize = 50;

/// Returns the pages that so many rows need, one at least.
pub const fn pages(rows: usize) -> usize {
    if rows == 0 { 1 } else { rows.div_ceil(PAGE) }
}

/// Returns the name of a layer's list; layers without one have none.
pub fn name(layer: Layer) -> Option<&'static str> {
    match layer {
        Layer::Warnings => Some(tr!(desk.list_tab_areas)),
        Layer::Stations => Some(tr!(desk.list_tab_stations)),
        Layer::AppealCircles => Some(tr!(desk.circles_appeal)),
        Layer::LegalCircles => Some(tr!(desk.circles_legal)),
        Layer::PsychologicalCircles => Some(tr!(desk.circles_psychological)),
        Layer::Coverage => Some(tr!(desk.list_tab_uncovered)),
        Layer::Heat => Some(tr!(desk.list_tab_heat)),
        Layer::Cases => Some(tr!(desk.list_tab_cases)),
        Layer::Buildings => Some(tr!(desk.list_tab_buildings)),
        // The names on the map are those of the areas.
        Layer::Labels => None,
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// Makes a sheet of two columns.
    pub fn sheet(rows: &[(&str, Cell)]) -> Sheet {
        let row = |(name, cell): &(&str, Cell)| Row {
            id: Selection::Station((*name).into()),
            cells: vec![Cell::Text((*name).to_owned()), cell.clone()],
            at: (*name != "lost").then_some([113.9, 22.7]),
        };
        let columns = vec![Column::words("name", "名称"), Column::figures("n", "数")];
        Sheet { layer: Layer::Stations, columns, rows: rows.iter().map(row).collect() }
    }

    fn keys(sheet: &Sheet) -> Vec<&str> {
        sheet.rows.iter().map(Row::key).collect()
    }

    #[test]
    fn figures_are_ordered_by_value_and_the_unknown_comes_last_either_way() {
        let rows = [("nine", Cell::Count(9)), ("lost", Cell::Empty), ("ten", Cell::Count(10))];
        let order = |descending| Some(Order { column: 1, descending });
        assert_eq!(keys(&sheet(&rows).ordered(order(false))), ["nine", "ten", "lost"]);
        assert_eq!(keys(&sheet(&rows).ordered(order(true))), ["ten", "nine", "lost"]);
        assert_eq!(keys(&sheet(&rows).ordered(Some(Order { column: 9, descending: true }))), ["nine", "lost", "ten"]);
    }

    #[test]
    fn every_word_of_the_filter_must_occur() {
        let rows = [("光明 A1", Cell::Count(1)), ("光明 B", Cell::Count(12)), ("lost", Cell::Empty)];
        assert_eq!(keys(&sheet(&rows).matching("光明　１２")), ["光明 B"]);
        assert_eq!(sheet(&rows).matching(" ").rows.len(), 3);
        assert_eq!(sheet(&rows).not_on_map(), 1);
    }

    #[test]
    fn pages_hold_all_rows() {
        assert_eq!((pages(0), pages(50), pages(51), pages(1734)), (1, 1, 2, 35));
    }
}
