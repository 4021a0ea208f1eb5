//! Every figure of supervision with its change: six large ones, then the others in four groups.

use std::sync::Arc;

use fengtu_wire::cube::Cube;
use fengtu_wire::statistics::Figures;
use leptos::prelude::*;

use super::card::Grid;
use super::context::Board;
use super::measures::{Change, GROUPS, HEROES, Measure, Tone, is_mature};
use crate::reactive::part;
use crate::tr;

/// Shows all of them.
pub fn figures(board: Board) -> AnyView {
    let heroes = part(move || board.answer().map(|cube| heroes(&cube)).into_any());
    let groups = part(move || board.answer().map(|cube| groups(&cube)).into_any());
    view! {
        <div class="heroes">{heroes}</div>
        <div class="groups">{groups}</div>
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
        let change = before.and_then(|before| (measure.of)(&cube.figures).change_from((measure.of)(before)));
        let young = measure.matures && !is_mature(cube);
        changed(word, change.map(|change| (if young { Tone::Young } else { measure.tone(&change) }, change)))
    };
    let mut all = vec![against(Some(&cube.before), tr!(board.vs_before))];
    // Of the courts' figures there may be more years than of ours.
    let year = cube.year_before.as_ref().filter(|year| (measure.of)(year).is_known());
    all.extend(year.map(|year| against(Some(year), tr!(board.vs_year))));
    all
}

/// A change in words: direction, size, and whether it is for the better.
fn changed(word: &'static str, change: Option<(Tone, Change)>) -> AnyView {
    let Some((tone, change)) = change else {
        return view! { <span class="change">{word}" —"</span> }.into_any();
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
        view! {
            <div class="group-row">
                <dt>{(measure.word)()}</dt>
                <dd class="group-value">{(measure.of)(&cube.figures).text()}</dd>
                <dd class="changes">{changes(cube, measure)}</dd>
            </div>
        }
    };
    view! { <section class="group"><h2>{title()}</h2><dl>{measures.iter().map(row).collect_view()}</dl></section> }
        .into_any()
}

/// Returns every figure as a table: now, before, a year before.
pub fn grid(cube: &Cube) -> Grid {
    let row = |measure: &Measure| {
        let of = |figures: Option<&Figures>| figures.map_or_else(|| "—".to_owned(), |f| (measure.of)(f).text());
        let values = [Some(&cube.figures), Some(&cube.before), cube.year_before.as_ref()].map(of);
        std::iter::once((measure.word)().to_owned()).chain(values).collect()
    };
    let all = HEROES.iter().chain(GROUPS.iter().flat_map(|(_, measures)| measures.iter()));
    Grid {
        heads: [tr!(board.figure), tr!(board.now), tr!(board.before), tr!(board.year_before)]
            .map(str::to_owned)
            .to_vec(),
        rows: all.map(row).collect(),
    }
}
