//! The panels on the screen: which card each has, and the one view that draws any card.

use std::fmt::Write;

use fengtu_wire::ids::PlaceId;
use fengtu_wire::statistics::Statistics;
use fengtu_wire::warnings::Level;
use leptos::prelude::*;

use super::card::{Age, Card, Cell, Chart, Done, Hero, Mark, Row, last_sign};
use super::context::Wall;
use super::data::{FIGURES_BUDGET_S, SLOW_BUDGET_S, WHOLE_BUDGET_S};
use super::facts::{self, Names, Opening, WEEK};
use super::fit::Slot;
use super::panel::Panel;
use super::press;
use super::scenes::Scene;
use crate::api::dialect::Resource;
use crate::i18n::{Locale, locale};
use crate::reactive::{flag, memo, part, words};
use crate::scene::follow;
use crate::state::{
    DistrictStore, FiguresStore, LiveStore, Loadable, SessionStore, StationsStore, WarningsStore, use_store,
};
use crate::tr;

/// Every panel with its card.
#[derive(Debug, Clone, Copy)]
pub struct Cards {
    all: StoredValue<Vec<(Panel, Memo<Card>)>>,
    /// The time, to the minute, in the district's own offset.
    minute: Memo<chrono::DateTime<chrono::FixedOffset>>,
    /// The great figures.
    pub heroes: Memo<Vec<Hero>>,
    /// Speaks of a street.
    speak_of: Callback<PlaceId>,
}

/// Makes the cards.
pub fn cards(wall: Wall) -> Cards {
    let lost = lost();
    let heroes = heroes(wall, lost);
    let calendar = follow::calendar();
    let one = |panel: Panel| {
        let make = move || match panel {
            Panel::Heroes => heroes.with(|heroes| facts::as_list(heroes, wall.days.get())),
            Panel::Streets => {
                of(wall, wall.week, |week, names| facts::ranking(week, wall.node.get().as_ref(), WEEK, names))
            }
            Panel::Communities => of(wall, wall.month, |month, names| facts::ranking(month, None, names.days, names)),
            Panel::Categories => of(wall, wall.month, |month, names| {
                let below = wall.scene.with(|scene| *scene == Scene::Mediation).then_some("mediation");
                facts::categories(month, below, names)
            }),
            Panel::Days => of(wall, wall.month, |month, names| facts::days(month, names.days)),
            Panel::Hours => of(wall, wall.month, |month, names| facts::hours(month, names.days)),
            Panel::Clocks => of(wall, wall.month, |month, _| {
                facts::clocks(month, wall.scene.with(|scene| *scene == Scene::Mediation), is_derived())
            }),
            Panel::Warnings => {
                let within = wall.node.get();
                let red = wall.scene.with(|scene| scene.red().cloned());
                if !reads(Resource::Warnings) {
                    return Card { title: tr!(wall.warnings_absent).to_owned(), ..Card::default() };
                }
                if let Some(card) = use_store::<DistrictStore>().with(|district| absent(&district.tree)) {
                    return card;
                }
                let store = use_store::<WarningsStore>();
                let card = store.with(|warnings| {
                    let red = red.as_ref().map(|place| (place, wall.more_red.get()));
                    named(wall, |names| facts::warnings(warnings, within.as_ref(), red, names))
                });
                let (at, aged) = lost.get();
                Card { at, aged, ..card }
            }
            Panel::News => {
                if let Some(card) = wall.today.with(absent) {
                    return card;
                }
                let card =
                    wall.news.with(|news| named(wall, |names| facts::news(news, wall.node.get().is_some(), names)));
                let (at, aged) = age(wall, &wall.today);
                Card { at, aged, ..card }
            }
            Panel::Stations if !reads(Resource::Stations) => {
                Card { title: tr!(wall.stations_absent).to_owned(), ..Card::default() }
            }
            Panel::Stations => {
                let (within, psychological) =
                    (wall.node.get(), wall.scene.with(|scene| *scene == Scene::Psychological));
                let store = use_store::<StationsStore>();
                let (at, covered) = (wall.minute.get(), wall.covered.get());
                let served = wall.recent.with(|recent| recent.value()?.figures.psychological.filter(|_| psychological));
                store.with(|stations| {
                    let Some(all) = stations.all.value() else { return absent(&stations.all).unwrap_or_default() };
                    let opening = Opening { at, calendar: &calendar.read(), covered, served };
                    let card =
                        named(wall, |names| facts::stations(all, within.as_ref(), psychological, opening, names));
                    // Whom psychological services served is as old as their figures.
                    let of_served = served.and_then(|_| wall.recent.with(|recent| older(wall, recent, WHOLE_BUDGET_S)));
                    let at = [old(wall, &stations.all), of_served].into_iter().flatten().min();
                    Card { at, aged: at.is_some(), ..card }
                })
            }
        };
        (panel, memo(make))
    };
    let all = Panel::ALL.into_iter().chain([Panel::Heroes]).map(one).collect();
    Cards { all: StoredValue::new(all), minute: wall.minute, heroes, speak_of: press::speak_of(wall) }
}

/// Whether a backend gives something.
pub fn reads(resource: Resource) -> bool {
    use_store::<SessionStore>().with_untracked(|session| session.public().reads(resource))
}

/// Whether the figures are made of what else a backend gives: what they lack is not kept, and nobody withholds it.
fn is_derived() -> bool {
    use_store::<SessionStore>().with_untracked(|session| session.public().capabilities(Resource::Statistics).derived)
}

fn heroes(wall: Wall, lost: Memo<Age>) -> Memo<Vec<Hero>> {
    let figures = use_store::<FiguresStore>();
    memo(move || {
        let street = wall.node.get();
        let today = match &street {
            // The stream tells of the whole district alone.
            None => figures.with(|f| f.today.value().cloned()),
            Some(place) => wall.today.with(|today| day_of(today.value()?, place)),
        };
        let of_today = if street.is_none() { lost.get() } else { age(wall, &wall.today) };
        let mut heroes = wall.month.with(|month| {
            wall.recent.with(|recent| facts::heroes(month.value(), recent.value(), today.as_ref(), wall.days.get()))
        });
        let of_recent = wall.recent.with(|recent| older(wall, recent, WHOLE_BUDGET_S));
        wall.minute.with(|now| {
            facts::age(&mut heroes, of_today, age(wall, &wall.month), (of_recent, of_recent.is_some()), now);
        });
        heroes
    })
}

fn day_of(today: &Statistics, place: &PlaceId) -> Option<fengtu_wire::statistics::Figures> {
    let row = today.children.iter().find(|row| row.place == *place)?;
    Some(fengtu_wire::statistics::Figures { received: row.received, ..Default::default() })
}

/// Whether the stream has lost the district, and since when.
fn lost() -> Memo<Age> {
    let live = use_store::<LiveStore>();
    Memo::new(move |before: Option<&Age>| live.with(|live| last_sign(live, before.copied())))
}

/// Looks names up in the reader's language.
fn named<T>(wall: Wall, make: impl FnOnce(Names<'_>) -> T) -> T {
    let (english, days) = (locale() == Locale::en, wall.days.get());
    use_store::<DistrictStore>().with(|district| make(Names { district, english, days }))
}

/// Makes a card of figures, with their age.
fn of(wall: Wall, figures: RwSignal<Loadable<Statistics>>, make: impl FnOnce(&Statistics, Names<'_>) -> Card) -> Card {
    let (at, aged) = age(wall, &figures);
    figures.with(|figures| match figures.value() {
        Some(figures) => Card { at, aged, ..named(wall, |names| make(figures, names)) },
        None => absent(figures).unwrap_or_default(),
    })
}

/// What a panel says while there is nothing to say: that it waits, or that it has asked in vain.
fn absent<T>(of: &Loadable<T>) -> Option<Card> {
    let title = if of.error().is_some() { tr!(wall.retrying) } else { "" };
    of.value().is_none().then(|| Card { title: title.to_owned(), ..Card::default() })
}

/// When what changes by the hour came, where that is longer ago than may be.
pub fn old<T>(wall: Wall, of: &Loadable<T>) -> Option<chrono::DateTime<chrono::Utc>> {
    older(wall, of, SLOW_BUDGET_S)
}

/// The same by another budget, seconds.
fn older<T>(wall: Wall, of: &Loadable<T>, budget_s: i64) -> Option<chrono::DateTime<chrono::Utc>> {
    of.at().filter(|at| (wall.ten_seconds.get() - *at).num_seconds() > budget_s)
}

/// When figures were counted, by the server's clock, and whether that is longer ago than may be. What was known of a place that the
/// wall has turned to is not called old while its new figures are on their way: it would blink at every turn.
fn age(wall: Wall, figures: &RwSignal<Loadable<Statistics>>) -> Age {
    let at = figures.with(|figures| figures.value().map(|figures| figures.at.to_utc()));
    let is_old = |at: chrono::DateTime<chrono::Utc>| (wall.ten_seconds.get() - at).num_seconds() > FIGURES_BUDGET_S;
    let is_coming = *figures == wall.month && wall.turned.get() && !wall.stopped.get();
    (at, at.is_some_and(is_old) && !is_coming)
}

impl Cards {
    /// Draws a panel with as many rows as have room.
    pub fn panel(self, slot: Slot) -> AnyView {
        let card = self.all.with_value(|all| all.iter().find(|(panel, _)| *panel == slot.panel).map(|(_, card)| *card));
        card.map(|card| self.draw(slot, card)).into_any()
    }

    fn draw(self, slot: Slot, card: Memo<Card>) -> AnyView {
        let (id, minute) = (slot.panel.id(), self.minute);
        let age = words(move || minute.with(|now| card.with(|card| card.age_text(now))));
        let cut = words(move || card.with(|card| card.cut_text(slot.rows)));
        view! {
        <section class="wall-panel" style:flex-basis=format!("{}px", slot.px) class:aged=flag(move || card.with(|card| card.aged)) aria-labelledby=id>
            <div class="wall-panel-head"><h2 id=id>{words(move || card.with(|card| card.title.clone()))}</h2><p class="wall-beside"><span class="wall-age">{age}</span><span>{cut}</span></p></div>
            {part(move || card.with(|card| body(card, slot.rows, self.speak_of)))}
        </section>
    }
    .into_any()
    }
}

fn body(card: &Card, rows: usize, speak_of: Callback<PlaceId>) -> AnyView {
    if card.title.is_empty() {
        return view! { <div class="wall-waiting" role="status"><span class="sr-only">{tr!(common.loading)}</span></div> }.into_any();
    }
    let is_empty = card.cells.is_empty() && card.rows.is_empty() && card.chart.is_none();
    let cells = card.cells.iter().map(cell).collect_view();
    let rows: Vec<_> = card.shown(rows).map(|one| row(one, speak_of)).collect();
    let shown = rows.len().to_string();
    view! {
        {(!card.cells.is_empty()).then(|| view! { <dl class="wall-cells">{cells}</dl> })}
        {(!rows.is_empty()).then(|| view! { <ol class="wall-rows" style=("--rows", shown)>{rows}</ol> })}
        {card.chart.as_ref().map(|drawn| chart(drawn, &card.title))}
        {is_empty.then(|| view! { <p class="wall-none">{card.empty.clone()}</p> })}
    }
    .into_any()
}

fn cell(cell: &Cell) -> AnyView {
    view! {
        <div class="wall-cell">
            <dt>{mark(cell.mark)}{cell.label.clone()}</dt>
            <dd class="wall-figure">{cell.figure.clone()}</dd>
        </div>
    }
    .into_any()
}

fn row(row: &Row, speak_of: Callback<PlaceId>) -> AnyView {
    let Some(street) = row.street.clone() else {
        return view! { <li class="wall-row" class:chosen=row.chosen>{parts(row)}</li> }.into_any();
    };
    let press = move |_| speak_of.run(street.clone());
    view! {
        <li class="wall-row press" class:chosen=row.chosen>
            <button type="button" class="wall-press" aria-current=row.chosen.then_some("true") on:click=press>{parts(row)}</button>
        </li>
    }
    .into_any()
}

/// Its name and its figure, and under them its bar and how far it is.
fn parts(row: &Row) -> AnyView {
    let width = row.part.map(|part| format!("{:.1}%", (part * 100.0).clamp(0.0, 100.0)));
    let bar = width.map(|width| view! { <span class="wall-track" aria-hidden="true"><i style:width=width></i></span> });
    let under = match row.done.as_ref() {
        None => bar.into_any(),
        Some(told) => view! { <span class="wall-beneath">{bar}{done(told)}</span> }.into_any(),
    };
    view! {
        <span class="wall-name">{mark(row.mark)}{row.label.clone()}</span>
        <span class="wall-figure">{row.figure.clone()}</span>
        {under}
    }
    .into_any()
}

fn done(done: &Done) -> AnyView {
    view! { <span class="wall-done"><span>{done.settled.clone()}</span>" "<span>{done.overdue.clone()}</span></span> }
        .into_any()
}

/// The shape of a level or of a clock that ran out.
pub fn mark(mark: Mark) -> Option<AnyView> {
    let (class, shape) = match mark {
        Mark::None | Mark::Level(Level::None) => return None,
        Mark::Level(Level::Red) => ("wall-mark level-red", "M9 2L17 16H1Z"),
        Mark::Level(Level::Yellow) => ("wall-mark level-yellow", "M9 1L17 9L9 17L1 9Z"),
        Mark::Level(Level::Blue) => ("wall-mark level-blue", "M9 2A7 7 0 1 1 9 16A7 7 0 1 1 9 2"),
        Mark::Overdue => ("wall-mark overdue", "M9 2A7 7 0 1 1 9 16A7 7 0 1 1 9 2M9 5V9.5L12 11.5"),
    };
    Some(
        view! { <svg class=class viewBox="0 0 18 18" aria-hidden="true"><path class="shape" d=shape></path></svg> }
            .into_any(),
    )
}

/// Height of a chart's drawing in its own units; it is stretched to its room.
const CHART_H: f64 = 100.0;

fn chart(chart: &Chart, title: &str) -> AnyView {
    let most = chart.columns.iter().chain(&chart.line).flatten().copied().max().unwrap_or(0).max(1) as f64;
    let viewbox = format!("0 0 {} {CHART_H}", chart.columns.len() * 10);
    let line = line_path(&chart.line, most);
    let feet = chart.feet.iter().map(|foot| view! { <span>{foot.clone()}</span> }).collect_view();
    view! {
        <figure class="wall-chart">
            <svg viewBox=viewbox preserveAspectRatio="none" role="img" aria-label=format!("{title}（{}）", chart.key)>
                <path class="columns" d=column_path(&chart.columns, most)></path>
                <path class="line" d=line></path>
            </svg>
            <div class="wall-feet" aria-hidden="true">{feet}</div>
            <figcaption class="wall-key">{chart.key.clone()}</figcaption>
        </figure>
    }
    .into_any()
}

/// Returns columns 7 wide in steps of 10; a gap where a count is withheld.
pub fn column_path(values: &[Option<u64>], most: f64) -> String {
    let mut path = String::new();
    for (index, value) in values.iter().enumerate() {
        if let Some(value) = value {
            let (x, high) = (index as f64 * 10.0 + 1.5, *value as f64 / most * CHART_H);
            // Writing to a string cannot fail.
            let _ = write!(path, "M{x:.1} {CHART_H:.0}v-{high:.1}h7v{high:.1}z");
        }
    }
    path
}

/// Returns a line through the middles of the columns, broken where a count is withheld.
pub fn line_path(values: &[Option<u64>], most: f64) -> String {
    let (mut path, mut drawing) = (String::new(), false);
    for (index, value) in values.iter().enumerate() {
        if let Some(value) = value {
            let (x, y) = (index as f64 * 10.0 + 5.0, CHART_H - *value as f64 / most * CHART_H);
            let _ = write!(path, "{}{x:.0} {y:.1}", if drawing { 'L' } else { 'M' });
        }
        drawing = value.is_some();
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_withheld_count_leaves_a_gap_in_columns_and_line() {
        let values = [Some(2), None, Some(4)];
        assert_eq!(column_path(&values, 4.0), "M1.5 100v-50.0h7v50.0zM21.5 100v-100.0h7v100.0z");
        assert_eq!(line_path(&values, 4.0), "M5 50.0M25 0.0");
        assert_eq!(line_path(&[Some(1), Some(1)], 1.0), "M5 0.0L15 0.0");
    }
}
