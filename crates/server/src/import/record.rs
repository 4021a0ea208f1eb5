//! One row at a time: its cells by our names, our words for theirs, and what is to be said of it.

use std::str::FromStr;

use chrono::{DateTime, Utc};
use fengtu_geo::datum::Datum;

use super::Context;
use super::mapping::{DEFAULT, Kind, Mapping, Policy, PositionForm};
use super::report::{FileError, Line, Reason, Report, Verdict};
use super::source::{Format, Record, Table};
use super::time::Times;

/// What holds for every row of a file.
pub struct Rules<'a> {
    /// The mapping as written.
    pub mapping: &'a Mapping,
    /// What the file holds.
    pub kind: Kind,
    /// Where the coordinates are; nowhere in a file without.
    pub form: Option<PositionForm>,
    /// How times are read.
    pub times: Times,
    /// When the import runs.
    pub now: DateTime<Utc>,
    datum: Option<Datum>,
}

impl<'a> Rules<'a> {
    /// Puts the rules together; fails where coordinates come without a datum.
    pub fn new(kind: Kind, mapping: &'a Mapping, table: &Table, context: &Context) -> Result<Self, FileError> {
        let of_format =
            (table.format == Format::GeoJson).then(|| PositionForm { geometry: true, ..Default::default() });
        let form = mapping.position.clone().or(of_format);
        let has_shapes = table.records.iter().any(|record| record.geometry.is_some());
        let uses_coordinates = mapping.position.is_some() || has_shapes;
        if uses_coordinates && mapping.datum().is_none() {
            return Err(FileError::NoDatum);
        }
        Ok(Self { mapping, kind, form, times: Times::new(mapping), now: context.now, datum: mapping.datum() })
    }

    /// Returns the datum of the file's coordinates; a file without one has none that are used.
    pub fn datum(&self) -> Datum {
        self.datum.unwrap_or(Datum::Wgs84)
    }
}

/// Goes through the rows of a file.
pub struct Reader<'a> {
    /// What holds for every row.
    pub rules: &'a Rules<'a>,
    /// Where everything is told.
    pub report: &'a mut Report,
    table: &'a Table,
    progress: &'a mut dyn FnMut(usize, usize),
}

/// Rows between two words about how far it is.
const PROGRESS_EVERY: usize = 500;

impl<'a> Reader<'a> {
    /// Makes a reader of a file.
    pub fn new(
        rules: &'a Rules<'a>,
        table: &'a Table,
        report: &'a mut Report,
        progress: &'a mut dyn FnMut(usize, usize),
    ) -> Self {
        Self { rules, report, table, progress }
    }

    /// Builds what each row holds, and keeps it with the row's number.
    pub fn rows<T>(&mut self, mut build: impl FnMut(&mut Row<'_>) -> Result<T, Refused>) -> Vec<(u64, T)> {
        let total = self.table.records.len();
        let mut values = Vec::with_capacity(total);
        for (done, record) in self.table.records.iter().enumerate() {
            if done.is_multiple_of(PROGRESS_EVERY) {
                (self.progress)(done, total);
            }
            self.report.read += 1;
            let mut row = Row { rules: self.rules, table: self.table, record, id: None, lines: Vec::new() };
            if row.is_ignored() {
                self.report.ignored += 1;
                continue;
            }
            if let Ok(value) = row.check_cells().and_then(|()| build(&mut row)) {
                values.push((record.row, value));
            }
            self.report.lines.append(&mut row.lines);
        }
        (self.progress)(total, total);
        values
    }

    /// Says something about a row that is done.
    pub fn say(&mut self, row: u64, id: &str, field: &'static str, reason: Reason, verdict: Verdict, found: &str) {
        let line = Line { row, id: Some(id.to_owned()), field, verdict, reason, found: cut(found) };
        self.report.lines.push(line);
    }
}

/// Says that a row is refused; why is in its lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused;

/// A row being read.
pub struct Row<'a> {
    /// What holds for every row.
    pub rules: &'a Rules<'a>,
    /// The row itself.
    pub record: &'a Record,
    table: &'a Table,
    id: Option<String>,
    lines: Vec<Line>,
}

/// A word of theirs, looked up.
pub enum Word<T> {
    /// There is none.
    Absent,
    /// It is one of ours.
    Known(T),
    /// It is none of ours, nor in the table.
    Unknown(String),
}

impl Row<'_> {
    /// Returns a column's cell; nothing where it is empty or means nothing.
    pub fn column(&self, column: &str) -> Option<String> {
        let cell = self.table.cell(self.record, column)?;
        let is_nothing = cell.is_empty() || self.rules.mapping.empty.iter().any(|word| word == cell.as_ref());
        (!is_nothing).then(|| cell.into_owned())
    }

    /// Returns a field's text: the column's, else the constant.
    pub fn text(&self, field: &str) -> Option<String> {
        let mapping = self.rules.mapping;
        let cell = mapping.fields.get(field).and_then(|column| self.column(column));
        cell.or_else(|| mapping.constants.get(field).cloned())
    }

    /// Tells whether the mapping says anything about a field.
    pub fn is_mapped(&self, field: &str) -> bool {
        self.rules.mapping.fields.contains_key(field) || self.rules.mapping.constants.contains_key(field)
    }

    /// Returns the row's own number or id, and names the row by it from here on.
    pub fn key(&mut self, field: &'static str) -> Result<String, Refused> {
        self.id = self.text(field);
        self.id.clone().ok_or_else(|| self.refuse(Reason::NoNumber, field, ""))
    }

    /// Returns a field's text in our words: by the table, else as it is.
    pub fn translated(&self, field: &str) -> Option<String> {
        let table = self.rules.mapping.tables.get(field);
        let word = self.text(field);
        let listed = table.and_then(|table| table.get(word.as_deref().unwrap_or_default())).cloned();
        let fallback = || table.and_then(|table| table.get(DEFAULT)).cloned();
        // The word itself may be ours already, and then says more than the default.
        listed.or_else(|| fallback().filter(|_| !self.is_ours(field, word.as_deref()))).or(word)
    }

    /// Looks a field up among our words.
    pub fn word<T: FromStr>(&self, field: &str) -> Word<T> {
        match self.translated(field) {
            None => Word::Absent,
            Some(word) => word.parse().map_or(Word::Unknown(word), Word::Known),
        }
    }

    /// Looks a field up among our words; another word is left off, and listed.
    pub fn word_or<T: FromStr>(&mut self, field: &'static str, otherwise: T) -> T {
        match self.word(field) {
            Word::Known(value) => value,
            Word::Absent => otherwise,
            Word::Unknown(word) => {
                self.note(Reason::UnknownWord, field, &word);
                otherwise
            }
        }
    }

    /// Reads a count; one that cannot be is left off, and listed.
    pub fn count(&mut self, field: &'static str) -> Option<u32> {
        let text = self.text(field)?;
        let number = self.number(field, &text)?;
        let count = u32::try_from(number.round() as i64).ok();
        if count.is_none() {
            self.note(Reason::NumberUnreadable, field, &text);
        }
        count
    }

    /// Reads an amount into fen.
    pub fn fen(&mut self, field: &'static str) -> i64 {
        let Some(text) = self.text(field) else { return 0 };
        let unit = if self.rules.mapping.money == Some(super::mapping::Money::Yuan) { 100.0 } else { 1.0 };
        self.number(field, &text).map_or(0, |number| (number * unit).round() as i64)
    }

    /// Lists the words of a field that holds several.
    pub fn words<T: FromStr>(&mut self, field: &'static str) -> Vec<T> {
        let Some(text) = self.text(field) else { return Vec::new() };
        let table = self.rules.mapping.tables.get(field);
        let mut values = Vec::new();
        for part in parts(&text) {
            let ours = table.and_then(|table| table.get(part).or_else(|| table.get(DEFAULT)));
            match ours.map_or(part, String::as_str).parse() {
                Ok(value) => values.push(value),
                Err(_) => self.note(Reason::UnknownWord, field, part),
            }
        }
        values
    }

    /// Reads a number that is not negative; grouping commas are allowed.
    pub fn number(&mut self, field: &'static str, text: &str) -> Option<f64> {
        const MOST: f64 = 1e15;
        match text.replace([',', '\u{ff0c}'], "").parse::<f64>() {
            Ok(number) if number < 0.0 => self.note(Reason::NegativeNumber, field, text),
            Ok(number) if number <= MOST => return Some(number),
            _ => self.note(Reason::NumberUnreadable, field, text),
        }
        None
    }

    /// Says something about the row.
    pub fn note(&mut self, reason: Reason, field: &'static str, found: &str) {
        self.push(reason, reason.verdict(), field, found);
    }

    /// Refuses the row.
    pub fn refuse(&mut self, reason: Reason, field: &'static str, found: &str) -> Refused {
        self.push(reason, Verdict::Refused, field, found);
        Refused
    }

    /// Refuses the row or says that something was left off, as the mapping wants it.
    pub fn by_policy(
        &mut self,
        policy: Policy,
        reason: Reason,
        field: &'static str,
        found: &str,
    ) -> Result<(), Refused> {
        match policy {
            Policy::Refuse => Err(self.refuse(reason, field, found)),
            Policy::Keep => {
                self.push(reason, Verdict::Repaired, field, found);
                Ok(())
            }
        }
    }

    fn push(&mut self, reason: Reason, verdict: Verdict, field: &'static str, found: &str) {
        let (row, id) = (self.record.row, self.id.clone());
        self.lines.push(Line { row, id, field, verdict, reason, found: cut(found) });
    }

    fn is_ignored(&self) -> bool {
        let holds = |(column, values): (&String, &Vec<String>)| {
            let cell = self.table.cell(self.record, column);
            cell.is_some_and(|cell| values.iter().any(|value| value == cell.as_ref()))
        };
        self.rules.mapping.ignore_rows.iter().any(holds)
    }

    fn check_cells(&mut self) -> Result<(), Refused> {
        if self.table.is_whole(self.record) { Ok(()) } else { Err(self.refuse(Reason::CellCount, "", "")) }
    }

    fn is_ours(&self, field: &str, word: Option<&str>) -> bool {
        let is = |word: &str| match (self.rules.kind, field) {
            (Kind::Places | Kind::Grids, "level") => word.parse::<fengtu_wire::places::PlaceLevel>().is_ok(),
            (Kind::Stations, "level") => word.parse::<fengtu_wire::stations::StationLevel>().is_ok(),
            (_, "state") => word.parse::<fengtu_wire::cases::CaseState>().is_ok(),
            (_, "channel") => word.parse::<fengtu_wire::cases::Channel>().is_ok(),
            (_, "sensitivity") => word.parse::<fengtu_wire::cases::Sensitivity>().is_ok(),
            (_, "class") => word.parse::<fengtu_wire::cases::Class>().is_ok(),
            (_, "land_use" | "site") => word.parse::<fengtu_wire::grids::LandUse>().is_ok(),
            _ => false,
        };
        word.is_some_and(is)
    }
}

/// Takes apart a cell that holds several things.
pub fn parts(text: &str) -> impl Iterator<Item = &str> {
    let separators = [',', ';', '|', '/', '、', '\u{ff0c}', '\u{ff1b}'];
    text.split(separators).map(str::trim).filter(|part| !part.is_empty())
}

// What is found may be a whole document; the report needs to show enough to find it again.
fn cut(found: &str) -> String {
    found.chars().take(80).collect()
}
