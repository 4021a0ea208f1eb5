//! What the pointer is over, in three lines beside it.

use fengtu_domain::calendar::WorkCalendar;
use fengtu_wire::ids::CategoryId;
use fengtu_wire::statistics::PlaceFigures;
use fengtu_wire::warnings::Level;
use leptos::prelude::*;

use super::context::use_map;
use super::drawer::parts::{opening_words, stands};
use super::legend::{density_text, heat_unit};
use super::scope::{name_of, use_scope};
use super::words;
use crate::i18n;
use crate::routes::Selection;
use crate::state::hover::{HeatHere, Many};
use crate::state::{
    CasesStore, DistrictStore, FiguresStore, HoverStore, StationsStore, ViewStore, WarningsStore, use_store,
};
use crate::tr;
use crate::ui::level::{LevelBadge, level_word};
use crate::ui::number::grouped;
use crate::ui::time::exact;

/// What the card says.
#[derive(Debug, Clone, PartialEq)]
struct Card {
    title: String,
    level: Option<Level>,
    lines: Vec<String>,
}

/// The card; it follows the pointer or the cross-hair without lying under it, and is not there for touch.
#[component]
pub fn HoverCard() -> impl IntoView {
    let hover = use_store::<HoverStore>();
    let over = Memo::new(move |_| hover.with(|h| h.over.clone().filter(|_| h.pointer.is_some())));
    let content = with_more(hover, card(over));
    let left = move || hover.with(|h| h.pointer.map(|[x, _]| format!("min({:.0}px, calc(100% - 276px))", x + 16.0)));
    let top = move || hover.with(|h| h.pointer.map(|[_, y]| format!("min({:.0}px, calc(100% - 132px))", y + 16.0)));
    let spoken = move || {
        let by_key = hover.with(|h| h.by_key);
        content.with(|card| card.as_ref().filter(|_| by_key).map(Card::words))
    };
    let card = move || {
        content.get().map(|card| {
            view! {
                <div class="hover-card" aria-hidden="true" style:left=left style:top=top>
                    <strong>{card.title}</strong>
                    {card.level.map(|level| view! { <LevelBadge level /> })}
                    {card.lines.into_iter().map(|line| view! { <span>{line}</span> }).collect_view()}
                </div>
            }
        })
    };
    view! { {card}<p class="sr-only" role="status">{spoken}</p> }
}

impl Card {
    /// Returns all of it in one sentence, to be spoken.
    fn words(&self) -> String {
        let mut words = self.title.clone();
        for part in self.level.map(level_word).into_iter().chain(self.lines.iter().map(String::as_str)) {
            words.push_str(tr!(desk.map_comma));
            words.push_str(part);
        }
        words
    }
}

/// Puts what is known of many things, and of the heat, on the card or on one of its own.
fn with_more(hover: RwSignal<HoverStore>, named: Memo<Option<Card>>) -> Memo<Option<Card>> {
    let (district, view, map) = (use_store::<DistrictStore>(), use_store::<ViewStore>(), use_map());
    let more = Memo::new(move |_| hover.with(|h| (h.many.clone(), h.heat.clone())));
    Memo::new(move |_| {
        let (many, heat) = more.get();
        // Words are looked up anew in another language.
        view.with(|v| v.state.lang);
        let many = many.map(|many| district.with(|d| many_card(&many, d)));
        let mut card = named.get().or(many);
        if let Some(heat) = heat {
            let bare = || Card { title: tr!(desk.layer_heat).to_owned(), level: None, lines: Vec::new() };
            let lines = district.with(|d| heat_lines(&heat, map.heat_legend.with(heat_unit), d));
            card.get_or_insert_with(bare).lines.extend(lines);
        }
        card
    })
}

fn many_card(many: &Many, district: &DistrictStore) -> Card {
    let bare = |title: String, hint: &str| Card { title, level: None, lines: vec![hint.to_owned()] };
    match many {
        Many::Cases(n) => bare(tr!(desk.crowd_cases, n = grouped(u64::from(*n))), tr!(desk.crowd_open)),
        Many::Buildings(n) => bare(tr!(desk.crowd_buildings, n = grouped(u64::from(*n))), tr!(desk.crowd_open)),
        Many::Case { category, at } => bare(category_name(district, category), &exact(*at, district.utc_offset_s())),
    }
}

fn category_name(district: &DistrictStore, id: &CategoryId) -> String {
    district.category(id).map_or_else(|| id.to_string(), |category| i18n::local(&category.name))
}

fn heat_lines(heat: &HeatHere, unit: &str, district: &DistrictStore) -> Vec<String> {
    let per_km2 = format!("{} {unit}", density_text(heat.per_km2));
    let cause = |(id, n): &(CategoryId, u32)| format!("{} {}", category_name(district, id), grouped(u64::from(*n)));
    let causes = heat.causes.iter().map(cause).collect::<Vec<_>>().join(tr!(desk.map_comma));
    let causes = (!causes.is_empty()).then(|| tr!(desk.hover_heat_causes, names = causes));
    [per_km2, tr!(desk.hover_heat_cases, n = grouped(u64::from(heat.cases)))].into_iter().chain(causes).collect()
}

fn card(over: Memo<Option<Selection>>) -> Memo<Option<Card>> {
    let (district, stations, cases) =
        (use_store::<DistrictStore>(), use_store::<StationsStore>(), use_store::<CasesStore>());
    let (warnings, figures, view) =
        (use_store::<WarningsStore>(), use_store::<FiguresStore>(), use_store::<ViewStore>());
    let now = use_scope().now;
    Memo::new(move |_| match over.get()? {
        Selection::Place(id) => {
            let at = view.with(|v| v.state.at);
            let level = warnings.with(|w| w.level_at(&id, at));
            let title = district.with(|d| name_of(d, &id));
            let people = district.with(|d| people(d, &id));
            let row = figures.with(|f| f.view.value().and_then(|s| s.children.iter().find(|c| c.place == id).cloned()));
            Some(Card { title, level, lines: place_lines(row.as_ref(), people) })
        }
        Selection::Station(id) => stations.with(|s| {
            let station = &s.get(&id)?.properties;
            let calendar = district.with(|d| d.config.value().map(|c| WorkCalendar::new(&c.calendar)))?;
            let open = stands(station, now.get(), &calendar).map(|o| opening_words(o, now.get()));
            let lines = [Some(words::station_level(station.level).to_owned()), open].into_iter().flatten().collect();
            Some(Card { title: station.name.clone(), level: None, lines })
        }),
        Selection::Case(number) => cases.with(|c| {
            let dot = c.dot(&number)?;
            let lines = vec![number.to_string(), format!("{} · {}", words::class(dot.class), words::state(dot.state))];
            Some(Card { title: dot.title.clone(), level: None, lines })
        }),
        Selection::Building(code) => {
            Some(Card { title: code.to_string(), level: None, lines: vec![tr!(desk.building_title).to_owned()] })
        }
    })
}

fn people(district: &DistrictStore, id: &fengtu_wire::ids::PlaceId) -> Option<u64> {
    let grids = district.grids.value().map(Vec::as_slice).unwrap_or_default();
    let grid = || grids.iter().find(|g| g.properties.id == *id).map(|g| u64::from(g.properties.population));
    district.place(id).and_then(|p| p.population.map(u64::from)).or_else(grid)
}

fn place_lines(row: Option<&PlaceFigures>, people: Option<u64>) -> Vec<String> {
    let open = row.and_then(|r| r.open).map(|n| tr!(desk.hover_open, n = grouped(n)));
    let overdue = row.and_then(|r| r.overdue).map(|n| tr!(desk.hover_overdue, n = grouped(n)));
    let received = row.and_then(|r| r.received).map(|n| tr!(desk.hover_received, n = grouped(n)));
    let people = people.map(|n| tr!(desk.hover_people, n = grouped(n)));
    [open, overdue, received, people].into_iter().flatten().collect()
}
