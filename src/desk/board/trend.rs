//! Cards of time: the days, and the hours of the week; both are brushes.

use std::sync::Arc;

use fengtu_domain::ranking::LEAST_TOLD;
use fengtu_wire::cube::Cube;
use fengtu_wire::statistics::DayCount;
use leptos::prelude::*;

use super::card::{Grid, Parts, card};
use super::charts;
use super::context::Board;
use super::day_field::{day_field, with_day};
use super::period::choose_of;
use super::told::{self, Told};
use crate::browser::page;
use crate::desk::words;
use crate::reactive::words as follow;
use crate::routes::Brush;
use crate::routes::brush::day_text;
use crate::tr;
use crate::ui::drawing::Drawing;
use crate::ui::number::{self, grouped};

/// The days of the period.
pub fn days(board: Board) -> AnyView {
    let width = move || chart_width(board, 0.66);
    let drawing = move || {
        board
            .answer()
            .map_or_else(Drawing::default, |cube| charts::days(&cube.days, chosen(board, &cube.days), width()))
    };
    let chart = move || board.answer().map(|cube| days_chart(board, &cube, &drawing(), width())).into_any();
    card(
        "wide",
        Parts {
            id: "days",
            sheet: Some("days"),
            controls: None,
            title: || tr!(board.days),
            says: Arc::new(move || board.answer().map(|cube| days_sentence(&cube)).unwrap_or_default()),
            chart: Arc::new(chart),
            grid: Arc::new(move || board.answer().map(|cube| days_grid(&cube.days)).unwrap_or_default()),
            file: Some(Arc::new(drawing)),
        },
    )
}

/// Returns the width of a chart that takes a share of the page where there is room for two.
fn chart_width(board: Board, share: f64) -> f64 {
    let page = board.width.get().min(1_560.0);
    let inside = if page >= 1_100.0 { (page - 64.0) * share - 48.0 } else { page - 80.0 };
    inside.max(260.0).floor()
}

fn chosen(board: Board, days: &[DayCount]) -> Option<(usize, usize)> {
    let (from, to) = board.view.with(|v| v.state.brush.days)?;
    let first = days.iter().position(|day| day.day >= from)?;
    let last = days.iter().rposition(|day| day.day <= to)?;
    Some((first, last.max(first)))
}

fn days_chart(board: Board, cube: &Arc<Cube>, drawing: &Drawing, width: f64) -> AnyView {
    let (n, label) = (cube.days.len(), days_sentence(cube));
    let (began, over) = (RwSignal::new(None::<usize>), RwSignal::new(None::<usize>));
    let kept = Arc::clone(cube);
    let read = follow(move || over.get().and_then(|at| kept.days.get(at)).map(day_sentence).unwrap_or_default());
    let days = Arc::clone(cube);
    // Where there is less room than was reckoned with, the drawing is smaller than it says.
    let at = move |x: i32| charts::day_at(f64::from(x) * width / page::width_of("days-plot").max(1.0), width, n);
    let choose = move |x: i32| {
        let (Some(first), last) = (began.get_untracked(), at(x)) else { return };
        began.set(None);
        let day = |at: usize| days.days.get(at).map(|day| day.day);
        let span = day(first.min(last)).zip(day(first.max(last)));
        // A second press on the day that is chosen lets go of it.
        let now = board.scope.now.get_untracked();
        board.change(|state| choose_of(state, span.filter(|span| state.brush.days != Some(*span)), now));
    };
    view! {
        <div class="brushable" id="days-plot"
            on:pointerdown=move |event| began.set(Some(at(event.offset_x())))
            on:pointermove=move |event| over.set(Some(at(event.offset_x())))
            on:pointerleave=move |_| { over.set(None); began.set(None); }
            on:pointerup=move |event| choose(event.offset_x())>{drawing.view(Some(label))}</div>
        <p class="readout" aria-hidden="true">{read}</p>
        {day_fields(board, &cube.days)}
    }
    .into_any()
}

/// The same brush for keys, fingers and screen readers.
fn day_fields(board: Board, days: &[DayCount]) -> AnyView {
    let (Some(first), Some(last)) = (days.first().map(|d| d.day), days.last().map(|d| d.day)) else {
        return ().into_any();
    };
    let field = |id: &'static str, is_first: bool| {
        let days = move || {
            let chosen = board.view.with(|v| v.state.brush.days);
            (chosen.map(|(from, to)| if is_first { from } else { to }), first, last)
        };
        let choose = move |day| {
            board.change(|state| {
                let span = with_day(state.brush.days.unwrap_or((first, last)), day, is_first);
                choose_of(state, (span != (first, last)).then_some(span), board.scope.now.get_untracked());
            });
        };
        day_field(id, Arc::new(days), Callback::new(choose))
    };
    view! {
        <div class="brush-fields">
            <label>{tr!(board.brush_from)}{field("day-0", true)}</label>
            <label>{tr!(board.brush_to)}{field("day-1", false)}</label>
            <span class="quiet">{tr!(board.days_hint)}</span>
        </div>
    }
    .into_any()
}

fn day_sentence(day: &DayCount) -> String {
    let count = |n: Option<u64>| n.map_or_else(|| "—".to_owned(), grouped);
    let weekday = charts::weekday(day.day);
    tr!(board.day_says, day = day_text(day.day), weekday = weekday, n = count(day.received), m = count(day.settled))
}

fn days_sentence(cube: &Cube) -> String {
    let parts: Vec<Option<u64>> = cube.days.iter().map(|day| day.received).collect();
    told::of_parts(cube, &parts, 0, &|Told { whole, most, of, .. }| {
        let mean = format!("{:.1}", whole as f64 / parts.len().max(1) as f64);
        let day = most.and_then(|at| cube.days.get(at));
        let most = day.map(|day| peak(format!("{} {}", day_text(day.day), charts::weekday(day.day)), of, day.received));
        let most = most.unwrap_or_default();
        tr!(board.days_say, n = grouped(whole), mean = mean, most = most)
    })
}

/// The table behind the days.
pub fn days_grid(days: &[DayCount]) -> Grid {
    let count = |n: Option<u64>| n.map_or_else(|| "—".to_owned(), grouped);
    Grid {
        heads: [tr!(board.day), tr!(board.received), tr!(board.settled)].map(str::to_owned).to_vec(),
        rows: days.iter().map(|day| vec![day_text(day.day), count(day.received), count(day.settled)]).collect(),
    }
}

/// The hours of the week.
pub fn week(board: Board) -> AnyView {
    let width = move || chart_width(board, 0.34);
    let drawing = move || {
        let brush = board.view.with(|v| v.state.brush.clone());
        let has = |slot: usize| {
            (brush.weekdays.is_empty() || brush.weekdays.contains(&(slot as u8 / 24 + 1)))
                && (brush.hours.is_empty() || brush.hours.contains(&(slot as u8 % 24)))
        };
        board.answer().map_or_else(Drawing::default, |cube| charts::week(&cube.week, &has, width()))
    };
    let chart = move || match board.answer() {
        Some(cube) if !cube.week.is_empty() => week_chart(board, &cube, &drawing(), width()),
        // The sentence above says why there is none.
        _ => ().into_any(),
    };
    card(
        "",
        Parts {
            id: "hours",
            sheet: Some("hours"),
            controls: None,
            title: || tr!(board.week),
            says: Arc::new(move || board.answer().map(|cube| week_sentence(&cube)).unwrap_or_default()),
            chart: Arc::new(chart),
            grid: Arc::new(move || board.answer().map(|cube| week_grid(&cube.week)).unwrap_or_default()),
            file: Some(Arc::new(drawing)),
        },
    )
}

fn week_chart(board: Board, cube: &Cube, drawing: &Drawing, width: f64) -> AnyView {
    let choose = move |x: i32, y: i32| {
        let scale = width / page::width_of("week-plot").max(1.0);
        let Some((day, hour)) = charts::slot_at(f64::from(x) * scale, f64::from(y) * scale, width) else { return };
        board.change(|state| {
            let same = state.brush.weekdays == [day] && state.brush.hours == [hour];
            (state.brush.weekdays, state.brush.hours) = if same { (vec![], vec![]) } else { (vec![day], vec![hour]) };
        });
    };
    let label = week_sentence(cube);
    view! {
        <div class="brushable" id="week-plot" on:click=move |event| choose(event.offset_x(), event.offset_y())>{drawing.view(Some(label))}</div>
        <fieldset class="toggles"><legend class="sr-only">{tr!(board.weekdays)}</legend>{weekdays(board)}</fieldset>
        <fieldset class="toggles hours"><legend class="sr-only">{tr!(board.hours)}</legend>{hours(board)}</fieldset>
    }
    .into_any()
}

fn weekdays(board: Board) -> Vec<AnyView> {
    let brush = board.view.with(|v| v.state.brush.clone());
    let one = |day: u8| {
        let press = move |_| board.change(|state| Brush::toggle(&mut state.brush.weekdays, day, 7));
        toggle(format!("weekday-{day}"), words::weekday(day).to_owned(), brush.weekdays.contains(&day), press)
    };
    (1..=7).map(one).collect()
}

fn hours(board: Board) -> Vec<AnyView> {
    let brush = board.view.with(|v| v.state.brush.clone());
    let one = |hour: u8| {
        let press = move |_| board.change(|state| Brush::toggle(&mut state.brush.hours, hour, 24));
        toggle(format!("hour-{hour}"), hour.to_string(), brush.hours.contains(&hour), press)
    };
    (0..24).map(one).collect()
}

fn toggle(id: String, word: String, on: bool, press: impl Fn(leptos::ev::MouseEvent) + 'static) -> AnyView {
    view! { <button type="button" class="toggle" id=id aria-pressed=on.to_string() on:click=press>{word}</button> }
        .into_any()
}

fn week_sentence(cube: &Cube) -> String {
    let week = &cube.week;
    if week.is_empty() {
        return tr!(board.withheld).to_owned();
    }
    told::of_parts(cube, week, 0, &|Told { whole, most, of, .. }| {
        if whole < LEAST_TOLD {
            return told::no_most(whole, of);
        }
        let in_day = |(slot, n): (usize, &Option<u64>)| n.filter(|_| (9..18).contains(&(slot % 24)));
        let day: u64 = week.iter().enumerate().filter_map(in_day).sum();
        let most = most.map(|slot| {
            let name = format!("{} {}:00", words::weekday(slot as u8 / 24 + 1), slot % 24);
            peak(name, of, week.get(slot).copied().flatten())
        });
        let share = number::share(day as f64 / whole as f64);
        tr!(board.week_says, share = share, most = most.unwrap_or_default())
    })
}

/// When most came.
fn peak(name: String, of: &'static str, n: Option<u64>) -> String {
    tr!(board.peak, name = name, of = of, n = grouped(n.unwrap_or(0)))
}

fn week_grid(week: &[Option<u64>]) -> Grid {
    let count = |n: &Option<u64>| n.map_or_else(|| "—".to_owned(), grouped);
    let row = |(day, hours): (u8, &[Option<u64>])| {
        std::iter::once(words::weekday(day).to_owned()).chain(hours.iter().map(count)).collect()
    };
    Grid {
        heads: std::iter::once(tr!(board.weekday).to_owned()).chain((0..24).map(|hour| format!("{hour}:00"))).collect(),
        rows: (1..).zip(week.chunks(24)).map(row).collect(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use chrono::NaiveDate;

    use super::*;

    fn cube(exact: bool, received: Option<u64>, counts: &[Option<u64>]) -> Cube {
        let text = include_str!("../../../crates/wire/tests/golden/cube.json");
        let mut cube: Cube = serde_json::from_str(text).unwrap();
        (cube.exact, cube.figures.received) = (exact, received);
        let day = |(n, &received): (u32, &Option<u64>)| {
            let day = NaiveDate::from_ymd_opt(2026, 3, n).unwrap();
            DayCount { day, received, settled: None }
        };
        cube.days = (1..).zip(counts).map(day).collect();
        cube.week = vec![Some(0); 168];
        cube
    }

    #[test]
    fn the_mean_is_of_all_that_was_received_and_a_day_is_most_only_alone() {
        let told = days_sentence(&cube(false, Some(40), &[Some(6), None, Some(14), None]));
        assert!(told.contains("共 40 件，日均 10.0 件") && told.contains("2026-03-03"), "{told}");
        assert!(told.contains("仅就所显示的") && told.ends_with("另有 2 项按隐私规则不显示。"), "{told}");
        let even = days_sentence(&cube(true, Some(12), &[Some(6), Some(6)]));
        assert!(even.contains("日均 6.0 件") && !even.contains("最多"), "{even}");
        assert_eq!(days_sentence(&cube(true, Some(0), &[Some(0), Some(0)])), tr!(board.none_received));
        assert_eq!(days_sentence(&cube(false, None, &[None, None])), tr!(board.withheld));
    }

    #[test]
    fn hours_that_are_withheld_are_not_without_data_and_few_cases_have_no_peak() {
        let mut cube = cube(false, Some(40), &[]);
        cube.week.clear();
        assert_eq!(week_sentence(&cube), tr!(board.withheld));
        (cube.exact, cube.week) = (true, vec![Some(0); 168]);
        cube.week.splice(10..12, [Some(3), Some(1)]);
        assert_eq!(week_sentence(&cube), told::no_most(4, ""));
        cube.week.splice(10..12, [Some(3), Some(3)]);
        assert_eq!(week_sentence(&cube), "9–18 时占 100%。");
        cube.week.splice(10..12, [Some(4), Some(1)]);
        assert_eq!(week_sentence(&cube), "9–18 时占 100%；最多的是 周一 10:00，4 件。");
    }
}
