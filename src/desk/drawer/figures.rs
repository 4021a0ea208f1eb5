//! Figures of a place: now, against the period before and the year before; their trend; the places below.

use fengtu_wire::ids::PlaceId;
use fengtu_wire::statistics::{DayCount, Figures, PlaceFigures, Share, Statistics};
use fengtu_wire::warnings::Level;
use leptos::prelude::*;

use crate::api::dialect::Resource;
use crate::desk::offers;
use crate::desk::scope::name_of;
use crate::state::figures::{growth, rate};
use crate::state::{DistrictStore, ViewStore, use_store};
use crate::tr;
use crate::ui::chart::Spark;
use crate::ui::level::LevelBadge;
use crate::ui::number::{changed_by, grouped, percent};

/// One figure with those it is compared with.
#[derive(Debug, Clone, PartialEq)]
pub enum Compared {
    /// Counts: now, before, a year before.
    Count([Option<u64>; 3]),
    /// Rates in 0…1.
    Rate([Option<f64>; 3]),
}

impl Compared {
    /// Returns the figure of now as text; `—` where it is withheld.
    pub fn now(&self) -> String {
        let text = match self {
            Self::Count([now, ..]) => now.map(grouped),
            Self::Rate([now, ..]) => now.map(percent),
        };
        text.unwrap_or_else(|| "—".to_owned())
    }

    /// Returns the change against the period before (`which` 1) or the year before (2), with its sign.
    pub fn change(&self, which: usize) -> Option<String> {
        match self {
            Self::Count(values) => {
                let growth = growth(values[0], *values.get(which)?)?;
                let text = changed_by(growth.abs());
                Some(format!("{}{text}", sign(growth)))
            }
            Self::Rate(values) => {
                let points = (values[0]? - (*values.get(which)?)?) * 100.0;
                let text = tr!(desk.detail_points_change, n = format!("{:.1}", points.abs()));
                Some(format!("{}{text}", sign(points)))
            }
        }
    }
}

fn sign(value: f64) -> &'static str {
    match value {
        v if v > 0.0 => "↑ ",
        v if v < 0.0 => "↓ ",
        _ => "",
    }
}

/// Returns the rows of the table: word and figures.
pub fn rows(statistics: &Statistics) -> Vec<(&'static str, Compared)> {
    let all = [Some(&statistics.figures), Some(&statistics.before), statistics.year_before.as_ref()];
    let count = |of: fn(&Figures) -> Option<u64>| Compared::Count(all.map(|f| f.and_then(of)));
    let share = |of: fn(&Figures) -> Share| Compared::Rate(all.map(|f| f.and_then(|f| rate(of(f)))));
    let settled = |f: &Figures| Share { part: f.settled, whole: f.received };
    // Ten thousand yuan, as the trade counts.
    let amount = |f: &Figures| f.amount_fen.and_then(|fen| u64::try_from((fen + 500_000) / 1_000_000).ok());
    vec![
        (tr!(desk.detail_received), count(|f| f.received)),
        (tr!(desk.detail_settled), count(|f| f.settled)),
        (tr!(desk.detail_rate), share(settled)),
        (tr!(desk.detail_in_time), share(|f| f.settled_in_time)),
        (tr!(desk.detail_open), count(|f| f.open)),
        (tr!(desk.detail_overdue), count(|f| f.overdue)),
        (tr!(desk.detail_people), count(|f| f.people)),
        (tr!(desk.detail_amount), count(amount)),
        (tr!(desk.detail_satisfied), share(|f| f.satisfied)),
    ]
}

/// The table of figures.
#[component]
pub fn FiguresTable(
    /// The figures with those before.
    statistics: Statistics,
) -> impl IntoView {
    let row = |(word, figure): (&'static str, Compared)| {
        let change = |which| figure.change(which).unwrap_or_else(|| tr!(desk.detail_no_before).to_owned());
        view! {
            <tr>
                <th scope="row">{word}</th>
                <td class="figure">{figure.now()}</td>
                <td class="figure">{change(1)}</td>
                <td class="figure">{change(2)}</td>
            </tr>
        }
    };
    view! {
        <table class="table figures">
            <caption class="sr-only">{tr!(desk.detail_figures)}</caption>
            <thead><tr>
                <th scope="col">{tr!(desk.detail_figure)}</th>
                <th scope="col" class="figure">{tr!(desk.detail_now)}</th>
                <th scope="col" class="figure">{tr!(desk.detail_before)}</th>
                <th scope="col" class="figure">{tr!(desk.detail_year)}</th>
            </tr></thead>
            <tbody>{rows(&statistics).into_iter().map(row).collect_view()}</tbody>
        </table>
    }
}

/// The days of the period as a line, with its peak in words.
#[component]
pub fn Trend(
    /// The days of the period.
    days: Vec<DayCount>,
) -> impl IntoView {
    let words = trend_words(&days);
    let values = days.iter().map(|day| day.received).collect();
    words.map(|words| view! { <figure class="trend"><Spark values label=words.clone() /><figcaption class="quiet">{words}</figcaption></figure> })
}

fn trend_words(days: &[DayCount]) -> Option<String> {
    let most = days.iter().filter(|d| d.received.is_some()).max_by_key(|d| d.received)?;
    let (from, to) = (days.first()?.day, days.last()?.day);
    let n = most.received.unwrap_or(0);
    Some(tr!(
        desk.detail_trend_words,
        from = from.to_string(),
        to = to.to_string(),
        n = grouped(n),
        day = most.day.to_string()
    ))
}

/// Returns the places below, most troubled first: by level, then overdue, then open.
pub fn ranked(mut children: Vec<PlaceFigures>) -> Vec<PlaceFigures> {
    let rank = |c: &PlaceFigures| (c.level, c.overdue.unwrap_or(0), c.open.unwrap_or(0), c.received.unwrap_or(0));
    fengtu_geo::order::sort_by(&mut children, |a, b| rank(b).cmp(&rank(a)).then_with(|| a.place.cmp(&b.place)));
    children
}

/// The places below with their levels; each leads down to itself.
#[component]
pub fn Children(
    /// The places.
    children: Vec<PlaceFigures>,
) -> impl IntoView {
    let leveled = offers::reads(Resource::Warnings);
    let rows = ranked(children).into_iter().map(|child| view! { <Child child leveled /> }).collect_view();
    view! {
        <table class="table children">
            <caption class="sr-only">{tr!(desk.detail_children)}</caption>
            <thead><tr>
                <th scope="col">{tr!(desk.list_name)}</th>
                {leveled.then(|| view! { <th scope="col">{tr!(desk.list_level)}</th> })}
                <th scope="col" class="figure">{tr!(desk.detail_open)}</th>
                <th scope="col" class="figure">{tr!(desk.detail_overdue)}</th>
                <th scope="col" class="figure">{tr!(desk.detail_received)}</th>
            </tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
}

#[component]
fn Child(child: PlaceFigures, leveled: bool) -> impl IntoView {
    let (view, district) = (use_store::<ViewStore>(), use_store::<DistrictStore>());
    let named = child.place.clone();
    // The tree may come after the figures.
    let name = Signal::derive(move || district.with(|d| name_of(d, &named)));
    let label = move || tr!(desk.detail_go, name = name.get());
    let count = |n: Option<u64>| n.map_or_else(|| "—".to_owned(), grouped);
    let place: PlaceId = child.place.clone();
    view! {
        <tr>
            <th scope="row">
                <button type="button" class="link" aria-label=label on:click=move |_| view.update(|v| v.go_to(Some(place.clone())))>{name}</button>
            </th>
            {leveled.then(|| view! { <td>{level(child.level)}</td> })}
            <td class="figure">{count(child.open)}</td>
            <td class="figure">{count(child.overdue)}</td>
            <td class="figure">{count(child.received)}</td>
        </tr>
    }
}

fn level(level: Level) -> impl IntoView {
    view! { <LevelBadge level /> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_withheld_figure_is_neither_shown_nor_compared() {
        let figure = Compared::Count([None, Some(10), Some(0)]);
        assert_eq!((figure.now().as_str(), figure.change(1)), ("—", None));
        let figure = Compared::Count([Some(15), Some(10), Some(0)]);
        assert_eq!((figure.change(1).as_deref(), figure.change(2), figure.change(7)), (Some("↑ 50%"), None, None));
    }

    #[test]
    fn the_most_troubled_place_comes_first() {
        let child = |id: &str, level, overdue, open| PlaceFigures {
            place: id.into(),
            level,
            grids: [0; 3],
            received: None,
            settled: None,
            open,
            overdue,
        };
        let ranked = ranked(vec![
            child("calm", Level::None, Some(9), Some(9)),
            child("late", Level::Red, Some(2), Some(1)),
            child("open", Level::Red, Some(1), Some(8)),
            child("withheld", Level::Red, None, None),
        ]);
        let ids: Vec<_> = ranked.iter().map(|c| c.place.as_str()).collect();
        assert_eq!(ids, ["late", "open", "withheld", "calm"]);
    }
}
