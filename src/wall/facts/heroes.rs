//! The figures that can be read from anywhere.

use chrono::{DateTime, FixedOffset};
use fengtu_domain::lawsuits::service_span;
use fengtu_domain::statistics::Period;
use fengtu_wire::statistics::{DayCount, Figures, Share, Statistics};

use crate::i18n;
use crate::state::figures::growth;
use crate::tr;
use crate::ui::number::grouped;
use crate::wall::card::{Age, Card, Hero, Row, aged_text, amount, change, count, points, share_text};

/// The figures that can be read from anywhere: of the day and of the period of so many days. How they have changed is told of
/// `recent`, which is of whole days: who gets counts from `k` up is told of a period that ends in the midst of a day only beside
/// whole ones. Where not all have room, the last is left out first.
pub fn heroes(
    month: Option<&Statistics>,
    recent: Option<&Statistics>,
    today: Option<&Figures>,
    days: i64,
) -> Vec<Hero> {
    let none = Figures::default();
    let now = month.map_or(&none, |month| &month.figures);
    let (whole, before) = recent.map_or((&none, &none), |recent| (&recent.figures, &recent.before));
    let known = month.is_some();
    let against = |change: Option<String>| {
        change.map(|change| tr!(wall.against_before, days = days, change = change)).unwrap_or_default()
    };
    let growing = |now, before| against(growth(now, before).map(change));
    let fen = |fen: Option<i64>| fen.and_then(|fen| u64::try_from(fen).ok());
    let hero =
        |label: &str, figure, unit, note| Hero { label: label.to_owned(), figure, unit, note, ..Hero::default() };
    let nothing = || "–".to_owned();
    // What is not shown has no unit.
    let counted = |label: &str, known: bool, n: Option<u64>, unit, note| {
        hero(label, if known { count(n) } else { nothing() }, if n.is_some() { unit } else { "" }, note)
    };
    let shared = |label: &str, share, note| hero(label, if known { share_text(share) } else { nothing() }, "", note);
    let (money, unit) = match now.amount_fen {
        Some(fen) => amount(fen),
        None => (if known { count(None) } else { nothing() }, ""),
    };
    let yesterday = yesterday(month.map(|month| month.days.as_slice()).unwrap_or_default());
    let (received, people) = (growing(whole.received, before.received), growing(whole.people, before.people));
    let today_received = today.and_then(|today| today.received);
    vec![
        counted(tr!(wall.hero_today), today.is_some(), today_received, tr!(wall.cases), yesterday),
        counted(&tr!(wall.hero_received, days = days), known, now.received, tr!(wall.cases), received),
        counted(&tr!(wall.hero_settled, days = days), known, now.settled, tr!(wall.cases), not_settled(now)),
        shared(tr!(wall.hero_rate), settlement(now), tr!(wall.to_date).to_owned()),
        psychological(recent),
        counted(tr!(wall.hero_people), known, now.people, tr!(wall.person_times), people),
        shared(
            tr!(wall.hero_satisfied),
            now.satisfied,
            rated(now).unwrap_or_else(|| against(points(whole.satisfied, before.satisfied))),
        ),
        hero(tr!(wall.hero_amount), money, unit, growing(fen(whole.amount_fen), fen(before.amount_fen))),
    ]
}

/// Of how many the satisfaction is: without it a rate says little.
fn rated(figures: &Figures) -> Option<String> {
    let is_known = figures.rated.part.is_some() && figures.rated.whole.is_some_and(|whole| whole > 0);
    is_known.then(|| tr!(wall.rated, part = share_text(figures.rated)))
}

/// Psychological services: of whole months, which are named, in steps of `k`, so that nobody is counted out.
fn psychological(recent: Option<&Statistics>) -> Hero {
    let told = recent.and_then(|recent| Some((recent, recent.figures.psychological?)));
    let (figure, unit) = match told {
        Some((_, n)) => (format!("{}+", grouped(n)), tr!(wall.person_times)),
        None => (if recent.is_some() { count(None) } else { "–".to_owned() }, ""),
    };
    let months = told.and_then(|(recent, _)| {
        let period = Period { from: recent.from.timestamp(), to: recent.to.timestamp() };
        service_span(period, recent.at)
    });
    let note = months.map_or_else(|| tr!(wall.whole_months).to_owned(), |months| i18n::local(&months));
    Hero { label: tr!(wall.hero_psychological).to_owned(), figure, unit, note, ..Hero::default() }
}

/// What is settled of a period grows for weeks after it: it is beside what is left, and beside no other period. What is left is
/// open or was withdrawn.
fn not_settled(figures: &Figures) -> String {
    let left = figures.received.zip(figures.settled).and_then(|(received, settled)| received.checked_sub(settled));
    left.map(|n| tr!(wall.not_settled, n = grouped(n))).unwrap_or_default()
}

const fn settlement(figures: &Figures) -> Share {
    Share { part: figures.settled, whole: figures.received }
}

fn yesterday(days: &[DayCount]) -> String {
    let day = days.len().checked_sub(2).and_then(|row| days.get(row));
    day.and_then(|day| day.received).map(|n| tr!(wall.yesterday, n = grouped(n))).unwrap_or_default()
}

/// Where that of the day, the settlement rate and psychological services stand among the heroes.
const TODAY: usize = 0;
const RATE: usize = 3;
const PSYCHOLOGICAL: usize = 4;

/// Tells of each figure that is older than it may be since when: in the place of its note, so that nothing grows.
pub fn age(heroes: &mut [Hero], today: Age, period: Age, recent: Age, now: &DateTime<FixedOffset>) {
    for (row, hero) in heroes.iter_mut().enumerate() {
        let (at, aged) = match row {
            TODAY => today,
            PSYCHOLOGICAL => recent,
            _ => period,
        };
        if aged {
            (hero.note, hero.at, hero.aged) = (aged_text(at, now), at, true);
        }
    }
}

/// The heroes as a list, where a row of them has no room; as old as the oldest of those that are older than they may be.
pub fn as_list(heroes: &[Hero], days: i64) -> Card {
    let row = |hero: &Hero| Row {
        label: hero.label.clone(),
        figure: if hero.unit.is_empty() {
            hero.figure.clone()
        } else {
            format!("{}\u{2009}{}", hero.figure, hero.unit)
        },
        ..Row::default()
    };
    let title = heroes.get(RATE).map_or_else(String::new, |rate| {
        tr!(wall.heroes_title, days = days, label = rate.label.as_str(), figure = rate.figure.as_str())
    });
    let aged = heroes.iter().any(|hero| hero.aged);
    let at = heroes.iter().filter_map(|hero| hero.at).min();
    Card { title, at, aged, rows: heroes.iter().map(row).collect(), ..Card::default() }
}
