//! Every figure of supervision with its change: six large ones, then the others in four groups.

use std::sync::Arc;

use fengtu_domain::lawsuits::When;
use fengtu_domain::statistics::days_before;
use fengtu_wire::cube::Cube;
use fengtu_wire::statistics::Figures;
use leptos::prelude::*;

use super::card::{Files, Grid, behind};
use super::context::Board;
use super::measures::{Change, GROUPS, HEROES, Measure, Tone, Value, is_mature, is_part};
use crate::reactive::part;
use crate::tr;
use crate::ui::time;

/// Shows all of them.
pub fn figures(board: Board) -> AnyView {
    let heroes = part(move || board.answer().map(|cube| heroes(&cube)).into_any());
    let groups = part(move || board.answer().map(|cube| groups(&cube)).into_any());
    let table = Arc::new(move || board.answer().map(|cube| grid(&cube)).unwrap_or_default());
    let files = Files::of_board(board, || tr!(board.figures_all), Some("figures"), table);
    view! {
        <div class="heroes">{heroes}</div>
        <div class="groups">{groups}</div>
        {behind(files)}
    }
    .into_any()
}

fn heroes(cube: &Arc<Cube>) -> Vec<AnyView> {
    HEROES.iter().map(|measure| hero(cube, measure)).collect()
}

fn hero(cube: &Cube, measure: &Measure) -> AnyView {
    let (word, value) = ((measure.word)(), (measure.of)(&cube.figures).text());
    view! {
        <dl class="hero">
            <dt>{word}</dt>
            <dd class="hero-value">{value}</dd>
            <dd class="changes">{changes(cube, measure)}</dd>
        </dl>
    }
    .into_any()
}

/// Against the period before, and a year before where the data reaches back so far.
fn changes(cube: &Cube, measure: &Measure) -> Vec<AnyView> {
    let against = |before: Option<&Figures>, word: &'static str| {
        changed(word, before.map_or(Err(None), |before| compared(cube, measure, before)))
    };
    let tip = if cube.exact { tr!(board.vs_before_tip) } else { tr!(board.vs_days_tip) };
    let tip = view! { <span title=tip>{against(Some(&cube.before), tr!(board.vs_before))}</span> };
    let mut all = vec![tip.into_any()];
    // Of the courts' figures there may be more years than of ours.
    let year = cube.year_before.as_ref().filter(|year| (measure.of)(year).is_known());
    all.extend(year.map(|year| against(Some(year), tr!(board.vs_year))));
    all
}

/// How a figure has changed and how that is to be taken; where it is not compared, why, if that can be said.
fn compared(cube: &Cube, measure: &Measure, before: &Figures) -> Result<(Tone, Change), Option<&'static str>> {
    let (now, before) = ((measure.of)(&cube.figures), (measure.of)(before));
    let change = now.change_from(before).ok_or_else(|| now.why_not_compared(before))?;
    if now.is_summed() && is_part(cube) {
        return Err(Some(tr!(board.part)));
    }
    let young = measure.matures && !is_mature(cube);
    Ok((if young { Tone::Young } else { measure.tone(&change) }, change))
}

/// What is said of a change beside its size.
fn taken(tone: Tone, change: &Change) -> Option<&'static str> {
    match tone {
        Tone::Better => Some(tr!(board.better)),
        Tone::Worse => Some(tr!(board.worse)),
        Tone::Young => Some(tr!(board.young)),
        // Of an amount nobody can tell what is usual.
        Tone::Plain => (change.is_certain == Some(false) && change.up != 0).then(|| tr!(board.by_chance)),
    }
}

/// A change in words: direction, size, and whether it is for the better; where there is none, why, if that can be said.
fn changed(word: &'static str, change: Result<(Tone, Change), Option<&'static str>>) -> AnyView {
    let (tone, change) = match change {
        Ok(change) => change,
        Err(why) => return view! { <span class="change">{word}" "{why.unwrap_or("—")}</span> }.into_any(),
    };
    let arrow = match change.up {
        1 => "↑",
        -1 => "↓",
        _ => "",
    };
    let class = match tone {
        Tone::Better => "change better",
        Tone::Worse => "change worse",
        Tone::Young | Tone::Plain => "change",
    };
    let taken = taken(tone, &change);
    let text = if change.up == 0 { tr!(board.even).to_owned() } else { format!("{arrow} {}", change.text) };
    view! { <span class=class>{word}" "<b>{text}</b>{taken.map(|taken| view! { <small>{taken}</small> })}</span> }
        .into_any()
}

fn groups(cube: &Arc<Cube>) -> Vec<AnyView> {
    GROUPS.iter().map(|(title, measures)| group(cube, *title, measures)).collect()
}

fn group(cube: &Cube, title: fn() -> &'static str, measures: &[Measure]) -> AnyView {
    let row = |measure: &Measure| {
        let value = (measure.of)(&cube.figures);
        let months = value.months(cube, When::Now).map(|months| view! { <dd class="group-months quiet">{months}</dd> });
        view! {
            <div class="group-row">
                <dt>{(measure.word)()}</dt>
                <dd class="group-value">{value.text()}</dd>
                {months}
                <dd class="changes">{changes(cube, measure)}</dd>
            </div>
        }
    };
    view! { <section class="group"><h2>{title()}</h2><dl>{measures.iter().map(row).collect_view()}</dl></section> }
        .into_any()
}

/// Returns every figure as a table: now, the days before, a year before; one that is told by the month has its months below it, and
/// one that is not yet what it will be says so.
pub fn grid(cube: &Cube) -> Grid {
    let columns = [
        (When::Now, Some(&cube.figures)),
        (When::Before, Some(&cube.before)),
        (When::YearBefore, cube.year_before.as_ref()),
    ];
    let row = |word: &str, text: &dyn Fn(When, &Figures) -> Option<String>| -> Vec<String> {
        let cell = |(when, figures): (When, Option<&Figures>)| figures.and_then(|figures| text(when, figures));
        let cells = columns.map(|column| cell(column).unwrap_or_else(|| "—".to_owned()));
        std::iter::once(word.to_owned()).chain(cells).collect()
    };
    let rows = |measure: &Measure| {
        let of = measure.of;
        let (word, young) = ((measure.word)(), measure.matures && !is_mature(cube));
        let word = if young { tr!(board.figure_young, figure = word) } else { word.to_owned() };
        let value = row(&word, &|_, figures| Some(of(figures).text()));
        let months_word = match of(&cube.figures) {
            Value::Lawsuits(Some(_)) => Some(tr!(board.lawsuit_months)),
            Value::AtLeast(Some(_)) => Some(tr!(board.service_months)),
            _ => None,
        };
        let months = months_word.map(|word| row(word, &|when, figures| of(figures).months(cube, when)));
        std::iter::once(value).chain(months)
    };
    let all = HEROES.iter().chain(GROUPS.iter().flat_map(|(_, measures)| measures.iter()));
    let [first, last] = days_before(cube).map(|day| time::day(&day));
    let before = format!("{} {first} – {last}", tr!(board.before));
    Grid {
        heads: vec![tr!(board.figure).to_owned(), tr!(board.now).to_owned(), before, tr!(board.year_before).to_owned()],
        rows: all.flat_map(rows).collect(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use super::*;

    fn golden() -> Cube {
        serde_json::from_str(include_str!("../../../crates/wire/tests/golden/cube.json")).unwrap()
    }

    #[test]
    fn part_of_a_day_is_not_compared_with_a_whole_one() {
        let mut cube = golden();
        let hours = |n: i64| chrono::TimeDelta::hours(n);
        // Who gets counts from k up is told whole days: 7 by the afternoon, and the 20 of all yesterday.
        (cube.exact, cube.at, cube.to) = (false, cube.from + hours(15), cube.from + hours(24));
        (cube.figures.received, cube.before.received) = (Some(7), Some(20));
        (cube.figures.satisfied.part, cube.figures.satisfied.whole) = (Some(9), Some(10));
        cube.before.satisfied = cube.figures.satisfied;
        let compared = |cube: &Cube, at: usize| compared(cube, &HEROES[at], &cube.before).map(|(_, change)| change.up);
        assert_eq!(compared(&cube, 0), Err(Some(tr!(board.part))));
        assert_eq!(compared(&cube, 5), Err(Some(tr!(board.part))), "people are counted too");
        assert_eq!(compared(&cube, 4), Ok(0), "a share is one of a part as of the whole");
        (cube.exact, cube.to) = (true, cube.at);
        assert_eq!(compared(&cube, 0), Ok(-1), "to the same hour");
        (cube.exact, cube.to) = (false, cube.from + hours(24 * 28));
        cube.at = cube.to - hours(9);
        assert_eq!(compared(&cube, 0), Ok(-1), "nine hours of 28 days");
        cube.at = cube.to + hours(1);
        assert_eq!(compared(&cube, 0), Ok(-1), "it is over");
    }

    #[test]
    fn of_an_amount_nobody_says_what_is_usual() {
        let mut cube = golden();
        let amount = &GROUPS[0].1[2];
        (cube.figures.amount_fen, cube.before.amount_fen) = (Some(651_800), Some(100_000));
        (cube.figures.open, cube.before.open) = (Some(8), Some(7));
        let said = |measure: &Measure| {
            let (tone, change) = compared(&cube, measure, &cube.before).unwrap();
            (change.text.clone(), taken(tone, &change))
        };
        assert_eq!(said(amount), ("551.8%".to_owned(), None));
        assert_eq!(said(&GROUPS[0].1[1]).1, Some(tr!(board.by_chance)));
    }

    #[test]
    fn the_table_says_below_the_lawsuits_of_which_months_they_are() {
        let mut cube = golden();
        cube.at = cube.to;
        cube.before.lawsuits = cube.figures.lawsuits;
        cube.year_before = None;
        let rows = grid(&cube).rows;
        let lawsuits = rows.iter().position(|row| row[0] == "万人成讼率").unwrap();
        let expected = ["成讼数据月份", "2025年9月，共 1 个自然月", "2025年8月，共 1 个自然月", "—"];
        assert_eq!(rows[lawsuits + 1], expected);
        cube.figures.lawsuits = None;
        assert_eq!(grid(&cube).rows.len(), rows.len() - 1, "of what is not told there are no months");
    }

    #[test]
    fn the_table_says_of_which_days_and_months_its_figures_are_and_which_are_still_open() {
        let mut cube = golden();
        (cube.figures.psychological, cube.before.psychological) = (Some(35), Some(20));
        let told = grid(&cube);
        assert_eq!(told.heads[2], "上期 2025-08-02 – 2025-08-31");
        let below = |word: &str| told.rows.iter().position(|row| row[0] == word).map(|at| &told.rows[at + 1][..3]);
        let expected = ["心理服务数据月份", "2025年8月，共 1 个自然月", "2025年7月，共 1 个自然月"];
        assert_eq!(below("心理服务"), Some(&expected.map(str::to_owned)[..]), "September is not over");
        assert!(below("化解率（尚在办理）").is_some() && below("受理量").is_some());
        cube.at = cube.to + chrono::TimeDelta::days(100);
        assert!(grid(&cube).rows.iter().any(|row| row[0] == "化解率"), "nearly all of it is settled by then");
    }
}
