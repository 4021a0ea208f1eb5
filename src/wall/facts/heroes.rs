//! The figures that can be read from anywhere.

use fengtu_wire::statistics::{DayCount, Figures, Share, Statistics};

use super::DAYS;
use crate::state::figures::growth;
use crate::tr;
use crate::ui::number::grouped;
use crate::wall::card::{Card, Hero, Row, amount, change, count, points, share_text};

/// The figures that can be read from anywhere: of the day and of the period. How they have changed is told of `recent`, which
/// is of whole days: the period itself ends in the midst of one, and the period before does not.
pub fn heroes(month: Option<&Statistics>, recent: Option<&Statistics>, today: Option<&Figures>) -> Vec<Hero> {
    let none = Figures::default();
    let now = month.map_or(&none, |month| &month.figures);
    let (whole, before) = recent.map_or((&none, &none), |recent| (&recent.figures, &recent.before));
    let known = month.is_some();
    let against = |change: Option<String>| {
        change.map(|change| tr!(wall.against_before, days = DAYS, change = change)).unwrap_or_default()
    };
    let growing = |now, before| against(growth(now, before).map(change));
    let fen = |fen: Option<i64>| fen.and_then(|fen| u64::try_from(fen).ok());
    let hero = |label, figure, unit, note| Hero { label, figure, unit, note, aged: false };
    // What is not shown has no unit.
    let counted = |label, known: bool, n: Option<u64>, unit, note| {
        let figure = if known { count(n) } else { "–".to_owned() };
        hero(label, figure, if n.is_some() { unit } else { "" }, note)
    };
    let (money, unit) = match now.amount_fen {
        Some(fen) => amount(fen),
        None => (if known { count(None) } else { "–".to_owned() }, ""),
    };
    let yesterday = yesterday(month.map(|month| month.days.as_slice()).unwrap_or_default());
    let (received, people) = (growing(whole.received, before.received), growing(whole.people, before.people));
    let today_received = today.and_then(|today| today.received);
    vec![
        counted(tr!(wall.hero_today), today.is_some(), today_received, tr!(wall.cases), yesterday),
        counted(tr!(wall.hero_received), known, now.received, tr!(wall.cases), received),
        counted(tr!(wall.hero_settled), known, now.settled, tr!(wall.cases), not_settled(now)),
        hero(tr!(wall.hero_rate), share_text(settlement(now)), "", tr!(wall.to_date).to_owned()),
        counted(tr!(wall.hero_people), known, now.people, tr!(wall.person_times), people),
        hero(tr!(wall.hero_amount), money, unit, growing(fen(whole.amount_fen), fen(before.amount_fen))),
        hero(
            tr!(wall.hero_satisfied),
            share_text(now.satisfied),
            "",
            against(points(whole.satisfied, before.satisfied)),
        ),
    ]
}

/// What is settled of a period grows for weeks after it: it is beside what is left, and beside no other period.
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
