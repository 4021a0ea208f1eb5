//! From the server's figures to what each panel says. Pure: the time and everything else are arguments.

use chrono::{DateTime, FixedOffset};
use fengtu_domain::calendar::WorkCalendar;
use fengtu_geo::order::sort_by;
use fengtu_wire::config::Category;
use fengtu_wire::geojson::Feature;
use fengtu_wire::ids::{CategoryId, PlaceId};
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::stations::{Service, Station};
use fengtu_wire::statistics::{DayCount, Figures, PlaceFigures, Share, Statistics};
use fengtu_wire::warnings::Level;

use super::card::{Card, Cell, Chart, Hero, Mark, Row, amount, change, count, percent_short, points, share_text};
use super::news::{News, What};
use crate::i18n::local;
use crate::scene::atlas::place_name;
use crate::scene::stations::is_open;
use crate::state::figures::{growth, rate};
use crate::state::{DistrictStore, WarningsStore};
use crate::tr;
use crate::ui::level::level_word;
use crate::ui::number::grouped;
use crate::ui::time::{hour_and_minute, month_and_day};

/// Days of the figures.
pub const DAYS: i64 = 30;
/// Days of the ranking of streets.
pub const WEEK: i64 = 7;

/// Names of the district's places and categories, and the fewest that a count may show.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    /// The district.
    pub district: &'a DistrictStore,
    /// Whether the reader reads English.
    pub english: bool,
}

impl Names<'_> {
    /// Returns a place's name, or its id where it is not known.
    pub fn place(&self, id: &PlaceId) -> String {
        self.district.place(id).map_or_else(|| id.to_string(), |place| place_name(place, self.english))
    }

    /// Returns a category's name, or its id where it is not known.
    pub fn category(&self, id: &CategoryId) -> String {
        self.district.category(id).map_or_else(|| id.to_string(), |category| local(&category.name))
    }

    /// Returns the fewest that a count may show.
    pub fn k(&self) -> u32 {
        self.district.config.value().map_or(5, |config| config.k_anonymity)
    }

    fn categories(&self) -> &[Category] {
        self.district.config.value().map(|config| config.categories.as_slice()).unwrap_or_default()
    }
}

/// The figures that can be read from anywhere: of the day, and of the period beside the one before.
pub fn heroes(month: Option<&Statistics>, today: Option<&Figures>, k: u32) -> Vec<Hero> {
    let none = Figures::default();
    let (now, before) = month.map_or((&none, &none), |month| (&month.figures, &month.before));
    let known = month.is_some();
    let shown = |value: Option<u64>| if known { count(value, k) } else { "–".to_owned() };
    let against = |change: String| tr!(wall.against_before, days = DAYS, change = change);
    let growing = |now, before| against(change(growth(now, before)));
    let (settled, settled_before) = (settlement(now), settlement(before));
    let (money, unit) = now.amount_fen.map_or_else(|| ("–".to_owned(), tr!(wall.wan_yuan)), amount);
    let fen = |fen: Option<i64>| fen.and_then(|fen| u64::try_from(fen).ok());
    let rate_of = |share: Share| rate(share).map_or_else(|| "–".to_owned(), percent_short);
    let hero = |label, figure, unit, note| Hero { label, figure, unit, note, aged: false };
    vec![
        hero(
            tr!(wall.hero_today),
            today.map_or_else(|| "–".to_owned(), |today| count(today.received, k)),
            tr!(wall.cases),
            yesterday(month.map(|month| month.days.as_slice()).unwrap_or_default(), k),
        ),
        hero(tr!(wall.hero_received), shown(now.received), tr!(wall.cases), growing(now.received, before.received)),
        hero(tr!(wall.hero_settled), shown(now.settled), tr!(wall.cases), growing(now.settled, before.settled)),
        hero(tr!(wall.hero_rate), rate_of(settled), "", against(points(rate(settled), rate(settled_before)))),
        hero(tr!(wall.hero_people), shown(now.people), tr!(wall.person_times), growing(now.people, before.people)),
        hero(tr!(wall.hero_amount), money, unit, growing(fen(now.amount_fen), fen(before.amount_fen))),
        hero(
            tr!(wall.hero_satisfied),
            rate_of(now.satisfied),
            "",
            against(points(rate(now.satisfied), rate(before.satisfied))),
        ),
    ]
}

const fn settlement(figures: &Figures) -> Share {
    Share { part: figures.settled, whole: figures.received }
}

fn yesterday(days: &[DayCount], k: u32) -> String {
    let day = days.len().checked_sub(2).and_then(|row| days.get(row));
    day.map(|day| tr!(wall.yesterday, n = count(day.received, k))).unwrap_or_default()
}

/// Streets or communities by cases received. `chosen` is the place that the scene speaks of.
pub fn ranking(of: &Statistics, chosen: Option<&PlaceId>, days: i64, names: Names<'_>) -> Card {
    let mut rows: Vec<&PlaceFigures> = of.children.iter().collect();
    sort_by(&mut rows, |a, b| b.received.unwrap_or(0).cmp(&a.received.unwrap_or(0)));
    let most = rows.first().and_then(|row| row.received).unwrap_or(0).max(1) as f64;
    let place = |row: &&PlaceFigures| Row {
        mark: Mark::None,
        label: names.place(&row.place),
        figure: count(row.received, names.k()),
        part: Some(row.received.unwrap_or(0) as f64 / most),
        chosen: chosen == Some(&row.place),
    };
    let rank = chosen.and_then(|id| rows.iter().position(|row| row.place == *id));
    let title = match (rank, chosen, rows.first()) {
        (Some(rank), Some(id), _) => tr!(wall.rank_of, name = names.place(id), days = days, n = rank + 1),
        (_, _, Some(first)) => tr!(wall.rank_first, name = names.place(&first.place), days = days),
        _ => tr!(wall.rank_none).to_owned(),
    };
    Card { title, rows: rows.iter().map(place).collect(), empty: tr!(common.none), ..Card::default() }
}

/// Shares of categories; of those below one alone where the scene speaks of it.
pub fn categories(month: &Statistics, below: Option<&str>, names: Names<'_>) -> Card {
    let parent = |id: &CategoryId| names.categories().iter().find(|c| c.id == *id).and_then(|c| c.parent.as_ref());
    let is_in = |id: &CategoryId| below.is_none_or(|top| parent(id).is_some_and(|parent| parent.as_str() == top));
    let counted = month.categories.iter().filter(|row| is_in(&row.category));
    let counted: Vec<_> = counted.filter_map(|row| Some((&row.category, row.received?))).collect();
    let all = counted.iter().map(|(_, n)| *n).sum::<u64>().max(1) as f64;
    let most = counted.first().map_or(1, |(_, n)| (*n).max(1)) as f64;
    let part = |n: u64| percent((n as f64 / all * 1000.0).round() / 1000.0);
    let row = |(id, n): &(&CategoryId, u64)| Row {
        label: names.category(id),
        figure: part(*n),
        part: Some(*n as f64 / most),
        ..Row::default()
    };
    let title = match (counted.first(), below) {
        (Some((id, n)), None) => tr!(wall.category_first, name = names.category(id), part = part(*n)),
        (Some((id, n)), Some(_)) => tr!(wall.dispute_first, name = names.category(id), part = part(*n)),
        (None, _) => tr!(wall.category_none).to_owned(),
    };
    Card { title, rows: counted.iter().map(row).collect(), empty: tr!(common.none), ..Card::default() }
}

fn percent(rate: f64) -> String {
    crate::ui::number::percent(rate)
}

/// Cases by day: received as columns, settled as a line.
pub fn days(month: &Statistics, k: u32) -> Card {
    let rows = &month.days;
    let most = rows.iter().max_by_key(|day| day.received);
    let title = most.map_or_else(
        || tr!(common.none).to_owned(),
        |day| tr!(wall.day_most, day = month_and_day(&day.day), n = count(day.received, k)),
    );
    let at = |row: usize| rows.get(row).map(|day| month_and_day(&day.day));
    let feet = [at(0), at(rows.len() / 2), at(rows.len().saturating_sub(1))];
    let chart = Chart {
        columns: rows.iter().map(|day| day.received).collect(),
        line: rows.iter().map(|day| day.settled).collect(),
        feet: feet.into_iter().flatten().collect(),
        key: tr!(wall.day_key),
    };
    Card {
        title,
        chart: Some(chart).filter(|chart| !chart.columns.is_empty()),
        empty: tr!(common.none),
        ..Card::default()
    }
}

/// Cases by hour of the day.
pub fn hours(month: &Statistics) -> Card {
    let most = month.hours.iter().enumerate().max_by_key(|(_, n)| **n).map(|(hour, _)| hour);
    let title = most.map_or_else(|| tr!(common.none).to_owned(), |hour| tr!(wall.hour_most, hour = hour));
    let chart = Chart {
        columns: month.hours.clone(),
        feet: ["0", "6", "12", "18", "24"].map(|hour| tr!(wall.hour, hour = hour)).to_vec(),
        key: tr!(wall.hour_key),
        ..Chart::default()
    };
    Card {
        title,
        chart: Some(chart).filter(|chart| !chart.columns.is_empty()),
        empty: tr!(common.none),
        ..Card::default()
    }
}

/// Clocks: what is open, what ran out, and the shares that were met.
pub fn clocks(month: &Statistics, k: u32) -> Card {
    let figures = &month.figures;
    let (open, overdue) = (count(figures.open, k), count(figures.overdue, k));
    let row = |label: &'static str, share: Share| Row {
        label: label.to_owned(),
        figure: share_text(share),
        part: rate(share),
        ..Row::default()
    };
    let running = match (figures.open, figures.overdue) {
        (Some(open), Some(overdue)) => grouped(open.saturating_sub(overdue)),
        _ => "–".to_owned(),
    };
    let cell =
        |mark, label: &'static str, figure: &str| Cell { mark, label: label.to_owned(), figure: figure.to_owned() };
    Card {
        title: tr!(wall.clocks_title, open = open, overdue = overdue),
        cells: vec![
            cell(Mark::None, tr!(wall.clocks_open), &open),
            cell(Mark::None, tr!(wall.clocks_running), &running),
            cell(Mark::Overdue, tr!(wall.clocks_overdue), &overdue),
        ],
        rows: vec![
            row(tr!(wall.in_time_settled), figures.settled_in_time),
            row(tr!(wall.in_time_answered), figures.answered),
            row(tr!(wall.in_time_accepted), figures.accepted),
        ],
        ..Card::default()
    }
}

/// Warnings inside a place: how many grids stand at each level, and what stands highest.
pub fn warnings(warnings: &WarningsStore, within: Option<&PlaceId>, names: Names<'_>) -> Card {
    let Some(tree) = names.district.tree.value() else { return Card::default() };
    let inside = |id: &PlaceId| within.is_none_or(|place| tree.is_within(id, place));
    let mut all: Vec<(&PlaceId, Level, PlaceLevel)> = warnings
        .all()
        .filter(|(id, ..)| inside(id))
        .filter_map(|(id, level, _)| Some((id, level, tree.get(id)?.level)))
        .collect();
    let grids = |level| all.iter().filter(|(_, of, place)| *of == level && *place == PlaceLevel::Grid).count();
    let counts = [Level::Red, Level::Yellow, Level::Blue].map(|level| (level, grids(level)));
    let red = counts.iter().map(|(_, n)| *n).next().unwrap_or(0);
    // Streets before communities before grids: what is larger stands for more people.
    sort_by(&mut all, |a, b| b.1.cmp(&a.1).then(a.2.cmp(&b.2)).then(a.0.cmp(b.0)));
    let row = |(id, level, _): &(&PlaceId, Level, PlaceLevel)| Row {
        mark: Mark::Level(*level),
        label: names.place(id),
        figure: level_word(*level).to_owned(),
        ..Row::default()
    };
    let cell = |(level, n): (Level, usize)| Cell {
        mark: Mark::Level(level),
        label: tr!(wall.warnings_grids, level = level_word(level)),
        figure: grouped(n as u64),
    };
    Card {
        title: if red > 0 {
            tr!(wall.warnings_red, n = grouped(red as u64))
        } else {
            tr!(wall.warnings_no_red).to_owned()
        },
        cells: counts.map(cell).to_vec(),
        rows: all.iter().take(MOST_ROWS).map(row).collect(),
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
        _ => true,
    };
    let wanted =
        |station: &&Station| inside(station) && (!psychological || station.services.contains(&Service::Psychological));
    let chosen: Vec<&Station> = all.iter().map(|feature| &feature.properties).filter(wanted).collect();
    let open = chosen.iter().filter(|station| is_open(station, opening.at, opening.calendar) == Some(true)).count();
    let cell =
        |label: &'static str, n: usize| Cell { label: label.to_owned(), figure: grouped(n as u64), ..Cell::default() };
    let title = if psychological { tr!(wall.psychological_open, n = open) } else { tr!(wall.stations_open, n = open) };
    let label = if psychological { tr!(wall.psychological_covered) } else { tr!(wall.stations_covered) };
    let covered = Row {
        label: label.to_owned(),
        figure: opening.covered.map_or_else(|| "–".to_owned(), |part| percent((part * 1000.0).floor() / 1000.0)),
        part: opening.covered,
        ..Row::default()
    };
    Card {
        title,
        cells: vec![
            cell(tr!(wall.stations_open_now), open),
            cell(tr!(wall.stations_closed), chosen.len() - open),
            cell(tr!(wall.stations_all), chosen.len()),
        ],
        rows: vec![covered],
        ..Card::default()
    }
}

/// What has come since: counts from `k` up alone, never a single case.
pub fn news(news: &News, names: Names<'_>) -> Card {
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
    let title = news.rows().next().map_or_else(
        || tr!(wall.news_none).to_owned(),
        |row| tr!(wall.news_title, name = name(&row.what), n = grouped(row.more)),
    );
    Card { title, rows: news.rows().take(MOST_ROWS).map(row).collect(), empty: tr!(wall.news_empty), ..Card::default() }
}

/// Where the settlement rate stands among the heroes.
const RATE: usize = 3;

/// The heroes as a list, where a row of them has no room.
pub fn as_list(heroes: &[Hero]) -> Card {
    let row = |hero: &Hero| Row {
        label: hero.label.to_owned(),
        figure: if hero.unit.is_empty() {
            hero.figure.clone()
        } else {
            format!("{}\u{2009}{}", hero.figure, hero.unit)
        },
        ..Row::default()
    };
    let title = heroes
        .get(RATE)
        .map_or_else(String::new, |rate| tr!(wall.heroes_title, label = rate.label, figure = rate.figure.as_str()));
    Card { title, rows: heroes.iter().map(row).collect(), ..Card::default() }
}

#[cfg(test)]
mod tests;
