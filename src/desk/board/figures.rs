//! Every figure of supervision with its change: six large ones, then the others in four groups.

use std::sync::Arc;

use fengtu_domain::lawsuits::When;
use fengtu_wire::cube::Cube;
use fengtu_wire::statistics::Figures;
use leptos::prelude::*;

use super::card::{Files, Grid, behind};
use super::context::Board;
use super::measures::{Change, GROUPS, HEROES, Measure, Tone, Value, is_mature};
use crate::reactive::part;
use crate::tr;

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
        let (now, before) = ((measure.of)(&cube.figures), before.map(measure.of));
        let young = measure.matures && !is_mature(cube);
        let change = before.and_then(|before| now.change_from(before));
        let change = change.map(|change| (if young { Tone::Young } else { measure.tone(&change) }, change));
        changed(word, change, before.and_then(|before| now.why_not_compared(before)))
    };
    let tip = view! { <span title=tr!(board.vs_before_tip)>{against(Some(&cube.before), tr!(board.vs_before))}</span> };
    let mut all = vec![tip.into_any()];
    // Of the courts' figures there may be more years than of ours.
    let year = cube.year_before.as_ref().filter(|year| (measure.of)(year).is_known());
    all.extend(year.map(|year| against(Some(year), tr!(board.vs_year))));
    all
}

/// A change in words: direction, size, and whether it is for the better; where there is none, why, if that can be said.
fn changed(word: &'static str, change: Option<(Tone, Change)>, why_not: Option<&'static str>) -> AnyView {
    let Some((tone, change)) = change else {
        return view! { <span class="change">{word}" "{why_not.unwrap_or("—")}</span> }.into_any();
    };
    let arrow = match change.up {
        1 => "↑",
        -1 => "↓",
        _ => "",
    };
    let (class, taken) = match tone {
        Tone::Better => ("change better", Some(tr!(board.better))),
        Tone::Worse => ("change worse", Some(tr!(board.worse))),
        Tone::Young => ("change", Some(tr!(board.young))),
        Tone::Plain => ("change", (!change.is_certain && change.up != 0).then(|| tr!(board.by_chance))),
    };
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

/// Returns every figure as a table: now, before, a year before; one that is told by the month has its months below it.
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
        let value = row((measure.word)(), &|_, figures| Some(of(figures).text()));
        let months = matches!(of(&cube.figures), Value::Lawsuits(Some(_)))
            .then(|| row(tr!(board.lawsuit_months), &|when, figures| of(figures).months(cube, when)));
        std::iter::once(value).chain(months)
    };
    let all = HEROES.iter().chain(GROUPS.iter().flat_map(|(_, measures)| measures.iter()));
    Grid {
        heads: [tr!(board.figure), tr!(board.now), tr!(board.before), tr!(board.year_before)]
            .map(str::to_owned)
            .to_vec(),
        rows: all.flat_map(rows).collect(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use super::*;

    #[test]
    fn the_table_says_below_the_lawsuits_of_which_months_they_are() {
        let text = include_str!("../../../crates/wire/tests/golden/cube.json");
        let mut cube: Cube = serde_json::from_str(text).unwrap();
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
}
