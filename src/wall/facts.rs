//! From the server's figures to what each panel says. Pure: the time and everything else are arguments.

use chrono::{DateTime, FixedOffset};
use fengtu_domain::calendar::WorkCalendar;
use fengtu_geo::order::sort_by;
use fengtu_wire::config::Category;
use fengtu_wire::geojson::Feature;
use fengtu_wire::ids::{CategoryId, PlaceId};
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::stations::{Service, Station};
use fengtu_wire::statistics::{CategoryCount, PlaceFigures, Statistics};
use fengtu_wire::warnings::Level;

use super::card::{Card, Cell, Chart, Done, Mark, Row, count, part_text};
use super::news::{News, What};
use crate::i18n::local;
use crate::scene::atlas::place_name;
use crate::scene::stations::is_open;
use crate::state::figures::rate;
use crate::state::{DistrictStore, WarningsStore};
use crate::tr;
use crate::ui::level::level_word;
use crate::ui::number::grouped;
use crate::ui::time::{hour_and_minute, month_and_day};

mod clocks;
mod done;
mod heroes;

pub use clocks::clocks;
pub use heroes::{age, as_list, heroes};

/// Days of the ranking of streets.
pub const WEEK: i64 = 7;

/// Names of the district's places and categories, and the fewest that a count may show.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    /// The district.
    pub district: &'a DistrictStore,
    /// Whether the reader reads English.
    pub english: bool,
    /// Days of the figures.
    pub days: i64,
}

impl Names<'_> {
    /// Returns a place's name, or its id where it is not known.
    pub fn place(&self, id: &PlaceId) -> String {
        self.district.place(id).map_or_else(|| id.to_string(), |place| place_name(place, self.english))
    }

    /// Returns a place where it is a street.
    fn street(&self, id: &PlaceId) -> Option<PlaceId> {
        let place = self.district.place(id)?;
        (place.level == PlaceLevel::Street).then(|| id.clone())
    }

    /// Returns a category's name, or its id where it is not known.
    pub fn category(&self, id: &CategoryId) -> String {
        self.district.category(id).map_or_else(|| id.to_string(), |category| local(&category.name))
    }

    /// Returns the fewest that a count may show.
    pub fn k(&self) -> u32 {
        fewest(self.district)
    }

    fn categories(&self) -> &[Category] {
        self.district.config.value().map(|config| config.categories.as_slice()).unwrap_or_default()
    }
}

/// Returns the fewest that a count of a district may show.
pub fn fewest(district: &DistrictStore) -> u32 {
    district.config.value().map_or(5, |config| config.k_anonymity)
}

/// Streets or communities by cases received, and how far these are. `chosen` is the place that the scene speaks of.
pub fn ranking(of: &Statistics, chosen: Option<&PlaceId>, days: i64, names: Names<'_>) -> Card {
    let mut rows: Vec<&PlaceFigures> = of.children.iter().collect();
    sort_by(&mut rows, |a, b| order(b.received).cmp(&order(a.received)));
    let counts: Vec<_> = rows.iter().map(|row| row.received).collect();
    let untold = untold(of, &counts);
    let place = |(row, done): (&&PlaceFigures, Option<Done>)| Row {
        mark: Mark::None,
        label: names.place(&row.place),
        figure: count(row.received),
        part: bar(row.received, &counts, untold),
        done,
        street: names.street(&row.place),
        chosen: chosen == Some(&row.place),
    };
    let spoken = match chosen {
        Some(id) => rows.iter().find(|row| row.place == *id),
        None => rows.first(),
    };
    let known = spoken.and_then(|row| row.received).filter(|n| *n >= untold);
    let title = match (spoken, known, chosen) {
        _ if peak(&counts).is_none() => tr!(wall.too_few, days = days),
        (Some(row), Some(n), Some(_)) => {
            let rank = rows.iter().filter(|row| row.received > Some(n)).count() + 1;
            tr!(wall.rank_of, name = names.place(&row.place), days = days, n = rank)
        }
        (Some(row), Some(_), None) => tr!(wall.rank_first, name = names.place(&row.place), days = days),
        _ => tr!(wall.rank_unknown, days = days),
    };
    listed(title, rows.iter().zip(done::done(&rows)).map(place).collect())
}

/// Where a count stands in a list, the largest first: one that is withheld after all that are told but for nothing, which none is less than.
fn order(count: Option<u64>) -> (bool, Option<u64>) {
    (count != Some(0), count)
}

fn listed(title: String, rows: Vec<Row>) -> Card {
    Card { title, all: rows.len(), rows, empty: tr!(common.none).to_owned(), ..Card::default() }
}

/// The most that a withheld one of some counts can be: what the others leave of the whole.
fn untold(of: &Statistics, counts: &[Option<u64>]) -> u64 {
    if counts.iter().all(Option::is_some) {
        return 0;
    }
    let told: u64 = counts.iter().flatten().sum();
    of.figures.received.map_or(u64::MAX, |all| all.saturating_sub(told))
}

/// How long a bar is, beside the longest that there could be: no bar looks like the first where one that is withheld may be it.
fn bar(n: Option<u64>, counts: &[Option<u64>], untold: u64) -> Option<f64> {
    let most = peak(counts).map_or(1, |(_, n)| n).max(untold);
    n.filter(|_| most < u64::MAX).map(|n| n as f64 / most as f64)
}

/// Says where the largest count is; not where one that is withheld could be larger.
fn most(of: &Statistics, counts: &[Option<u64>], days: i64, say: &dyn Fn(usize, u64) -> String) -> String {
    match peak(counts) {
        None => tr!(wall.too_few, days = days),
        Some((_, n)) if n < untold(of, counts) => tr!(wall.rank_unknown, days = days),
        Some((at, n)) => say(at, n),
    }
}

/// Where the largest count is, the first of equals; none where nothing was counted or all is withheld.
fn peak(counts: &[Option<u64>]) -> Option<(usize, u64)> {
    let known = counts.iter().enumerate().filter_map(|(at, n)| Some((at, n.filter(|n| *n > 0)?)));
    known.reduce(|most, next| if next.1 > most.1 { next } else { most })
}

/// Shares of categories, of those below one alone where the scene speaks of it: of all that was received, and not of what is
/// told of it. Where nobody knows the whole there are counts.
pub fn categories(month: &Statistics, below: Option<&str>, names: Names<'_>) -> Card {
    let parent = |id: &CategoryId| names.categories().iter().find(|c| c.id == *id).and_then(|c| c.parent.as_ref());
    let is_in = |id: &CategoryId| below.is_none_or(|top| parent(id).is_some_and(|parent| parent.as_str() == top));
    let mut counted: Vec<&CategoryCount> = month.categories.iter().filter(|row| is_in(&row.category)).collect();
    sort_by(&mut counted, |a, b| order(b.received).cmp(&order(a.received)));
    let whole = whole(month, &counted, below.is_none());
    let part = |n| whole.map_or_else(|| grouped(n), |whole| part_text(n, whole));
    let counts: Vec<_> = counted.iter().map(|row| row.received).collect();
    let all: Vec<_> = month.categories.iter().map(|row| row.received).collect();
    let untold = if counts.iter().all(Option::is_some) { 0 } else { untold(month, &all) };
    let row = |row: &&CategoryCount| Row {
        label: names.category(&row.category),
        figure: row.received.map_or_else(|| count(None), part),
        part: bar(row.received, &counts, untold),
        ..Row::default()
    };
    let first = |(at, n): (usize, u64)| Some((names.category(&counted.get(at)?.category), n));
    let title = match (peak(&counts).and_then(first), below) {
        (None, _) => tr!(wall.too_few, days = names.days),
        (Some((_, n)), _) if n < untold || whole.is_none() && below.is_none() => {
            tr!(wall.rank_unknown, days = names.days)
        }
        (Some((name, n)), None) => tr!(wall.category_first, name = name, part = part(n)),
        (Some((name, n)), Some(_)) if whole.is_some() => tr!(wall.dispute_first, name = name, part = part(n)),
        (Some((name, n)), Some(_)) => tr!(wall.dispute_most, name = name, n = grouped(n)),
    };
    listed(title, counted.iter().map(row).collect())
}

/// What the counts of some categories are parts of: all that was received where they are all that there are, else their sum
/// where none is withheld.
fn whole(month: &Statistics, counted: &[&CategoryCount], are_all: bool) -> Option<u64> {
    let told: u64 = counted.iter().filter_map(|row| row.received).sum();
    let received = month.figures.received.filter(|all| are_all && *all >= told);
    received.or_else(|| counted.iter().all(|row| row.received.is_some()).then_some(told))
}

/// Cases by day: received as columns, settled as a line.
pub fn days(month: &Statistics, of: i64) -> Card {
    let rows = &month.days;
    let at = |row: usize| rows.get(row).map(|day| month_and_day(&day.day));
    let columns: Vec<_> = rows.iter().map(|day| day.received).collect();
    let title =
        most(month, &columns, of, &|row, n| tr!(wall.day_most, day = at(row).unwrap_or_default(), n = grouped(n)));
    let feet = [at(0), at(rows.len() / 2), at(rows.len().saturating_sub(1))];
    let chart = Chart {
        columns,
        line: rows.iter().map(|day| day.settled).collect(),
        feet: feet.into_iter().flatten().collect(),
        key: tr!(wall.day_key).to_owned(),
    };
    charted(title, chart)
}

/// Cases by hour of the day.
pub fn hours(month: &Statistics, of: i64) -> Card {
    let title = most(month, &month.hours, of, &|hour, _| tr!(wall.hour_most, hour = hour));
    let chart = Chart {
        columns: month.hours.clone(),
        feet: ["0", "6", "12", "18", "24"].map(|hour| tr!(wall.hour, hour = hour)).to_vec(),
        key: tr!(wall.hour_key, days = of),
        ..Chart::default()
    };
    charted(title, chart)
}

/// A gap looks like nothing: what it is stands beside what columns and line are.
fn charted(title: String, mut chart: Chart) -> Card {
    if chart.columns.iter().chain(&chart.line).any(Option::is_none) {
        chart.key = tr!(wall.chart_gaps, key = chart.key.as_str());
    }
    let chart = Some(chart).filter(|chart| !chart.columns.is_empty());
    Card { title, chart, empty: tr!(common.none).to_owned(), ..Card::default() }
}

/// Warnings inside a place: how many grids stand at each level, and what stands highest; `red` is the place that has just turned so,
/// and how many more of the district have.
pub fn warnings(
    warnings: &WarningsStore,
    within: Option<&PlaceId>,
    red: Option<(&PlaceId, usize)>,
    names: Names<'_>,
) -> Card {
    let Some(tree) = names.district.tree.value() else { return Card::default() };
    let inside = |id: &PlaceId| within.is_none_or(|place| tree.is_within(id, place));
    let mut all: Vec<(&PlaceId, Level, PlaceLevel)> = warnings
        .all()
        .filter(|(id, ..)| inside(id))
        .filter_map(|(id, level, _)| Some((id, level, tree.get(id)?.level)))
        .collect();
    let grids = |level| all.iter().filter(|(_, of, place)| *of == level && *place == PlaceLevel::Grid).count();
    let counts = [Level::Red, Level::Yellow, Level::Blue].map(|level| (level, grids(level)));
    let red_grids = grids(Level::Red);
    // A community may be red though none of its grids is.
    let red_places = all.iter().filter(|(_, level, _)| *level == Level::Red).count();
    // What has just turned red, then streets before communities before grids: what is larger stands for more people.
    let is_red = |id: &PlaceId| red.is_some_and(|(red, _)| red == id);
    sort_by(&mut all, |a, b| is_red(b.0).cmp(&is_red(a.0)).then(b.1.cmp(&a.1)).then(a.2.cmp(&b.2)).then(a.0.cmp(b.0)));
    let row = |(id, level, _): &(&PlaceId, Level, PlaceLevel)| Row {
        mark: Mark::Level(*level),
        label: names.place(id),
        figure: level_word(*level).to_owned(),
        chosen: is_red(id),
        ..Row::default()
    };
    let cell = |(level, n): (Level, usize)| Cell {
        mark: Mark::Level(level),
        label: tr!(wall.warnings_grids, level = level_word(level)),
        figure: grouped(n as u64),
    };
    let title = match (red_grids, red_places) {
        (0, 0) => tr!(wall.warnings_no_red).to_owned(),
        (0, n) => tr!(wall.warnings_red_places, n = grouped(n as u64)),
        (n, _) => tr!(wall.warnings_red, n = grouped(n as u64)),
    };
    Card {
        title: match red {
            None | Some((_, 0)) => title,
            Some((_, n)) => tr!(wall.warnings_more, what = title, n = grouped(n as u64)),
        },
        cells: counts.map(cell).to_vec(),
        rows: all.iter().take(MOST_ROWS).map(row).collect(),
        all: all.len(),
        ..Card::default()
    }
}

/// No panel has more.
const MOST_ROWS: usize = 12;

/// What stations are looked at for.
#[derive(Debug, Clone, Copy)]
pub struct Opening<'a> {
    /// The time, in the district's own offset.
    pub at: DateTime<FixedOffset>,
    /// Its working days.
    pub calendar: &'a WorkCalendar,
    /// What circles of the scene's kind cover of the ground in view, 0–1.
    pub covered: Option<f64>,
    /// Psychological services of the period, in steps of `k`, where they are known and spoken of.
    pub served: Option<u64>,
}

/// Stations inside a place that are open now; of one service alone where the scene speaks of it.
pub fn stations(
    all: &[Feature<Station>],
    within: Option<&PlaceId>,
    psychological: bool,
    opening: Opening<'_>,
    names: Names<'_>,
) -> Card {
    let tree = names.district.tree.value();
    let inside = |station: &Station| match (within, &station.place, tree) {
        (Some(within), Some(place), Some(tree)) => tree.is_within(place, within),
        // One that is in no place is in none of the streets.
        (Some(_), None, _) => false,
        _ => true,
    };
    let wanted =
        |station: &&Station| inside(station) && (!psychological || station.services.contains(&Service::Psychological));
    let chosen: Vec<&Station> = all.iter().map(|feature| &feature.properties).filter(wanted).collect();
    // What does not say when it is open is neither.
    let known =
        |is: bool| chosen.iter().filter(|station| is_open(station, opening.at, opening.calendar) == Some(is)).count();
    let (open, closed) = (known(true), known(false));
    let cell =
        |label: &'static str, n: usize| Cell { label: label.to_owned(), figure: grouped(n as u64), ..Cell::default() };
    let title = if psychological { tr!(wall.psychological_open, n = open) } else { tr!(wall.stations_open, n = open) };
    let label = if psychological { tr!(wall.psychological_covered) } else { tr!(wall.stations_covered) };
    let covered = Row {
        label: label.to_owned(),
        figure: opening
            .covered
            .map_or_else(|| "–".to_owned(), |part| format!("{:.1}%", (part * 1000.0).floor() / 10.0)),
        part: opening.covered,
        ..Row::default()
    };
    let served = opening.served.map(|n| Row {
        label: tr!(wall.psychological_served).to_owned(),
        figure: format!("{}+", grouped(n)),
        ..Row::default()
    });
    Card {
        cells: vec![
            cell(tr!(wall.stations_open_now), open),
            cell(tr!(wall.stations_closed), closed),
            cell(tr!(wall.stations_all), chosen.len()),
        ],
        ..listed(title, [Some(covered), served].into_iter().flatten().collect())
    }
}

/// What has come since in the whole district, which is said where a scene is `of_street`: counts from `k` up, never a single case.
pub fn news(news: &News, of_street: bool, names: Names<'_>) -> Card {
    let name = |what: &What| match what {
        What::Place(id) => names.place(id),
        What::Category(id) => names.category(id),
    };
    let row = |row: &super::news::Row| Row {
        label: if row.is_of_day() {
            tr!(wall.news_today, name = name(&row.what))
        } else {
            tr!(wall.news_row, time = hour_and_minute(&row.to), name = name(&row.what))
        },
        figure: format!("+{}", grouped(row.more)),
        ..Row::default()
    };
    let first = news.rows().next().map(|row| (row.is_of_day(), name(&row.what), grouped(row.more)));
    let title = match first {
        None => tr!(wall.news_none).to_owned(),
        Some((true, name, n)) => tr!(wall.news_title_today, name = name, n = n),
        Some((false, name, n)) => tr!(wall.news_title, name = name, n = n),
    };
    let title = if of_street { tr!(wall.of_district, what = title) } else { title };
    let empty = tr!(wall.news_empty, k = names.k());
    Card { title, rows: news.rows().take(MOST_ROWS).map(row).collect(), empty, ..Card::default() }
}

#[cfg(test)]
mod tests;
