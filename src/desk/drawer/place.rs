//! The drawer of a grid, community, street or district.

use fengtu_wire::geojson::Feature;
use fengtu_wire::grids::Grid;
use fengtu_wire::ids::PlaceId;
use fengtu_wire::places::{Place, PlaceLevel};
use fengtu_wire::statistics::Statistics;
use fengtu_wire::warnings::{Level, Signal as Reason, Warning};
use leptos::prelude::*;

use super::cases::{Cases, PAGE};
use super::figures::{Children, FiguresTable, Trend};
use super::parts::{Head, Nearby, Part, facts, telephone, text};
use super::signals::{self, Signals, warning_of};
use crate::api::cases::CasesQuery;
use crate::api::dialect::Resource;
use crate::api::lenient::Listed;
use crate::api::statistics::StatisticsQuery;
use crate::api::warnings::WarningsQuery;
use crate::desk::list::rows::middle;
use crate::desk::offers;
use crate::desk::scope::{Asked, asked_over_time, lon_lat, name_of, use_scope};
use crate::desk::words;
use crate::state::{DistrictStore, ViewStore, WarningsStore, use_store};
use crate::tr;
use crate::ui::level::LevelBadge;
use crate::ui::message::{EmptyMessage, loaded};
use crate::ui::number::grouped;
use crate::ui::time::exact;

/// A place: why it has its level, what happened there, who is there.
#[component]
pub fn PlaceDrawer(
    /// The place.
    id: PlaceId,
) -> impl IntoView {
    let district = use_store::<DistrictStore>();
    let (name, level) = (id.clone(), id.clone());
    let title = Signal::derive(move || district.with(|d| name_of(d, &name)));
    let sort = Signal::derive(move || district.with(|d| words::place_level(level_of(d, &level)).to_owned()));
    let chosen = RwSignal::new(None::<Reason>);
    let query = cases_query(id.clone(), chosen);
    let [warned, listed, counted] = [Resource::Warnings, Resource::Cases, Resource::Statistics].map(offers::reads);
    let missing = offers::missing(&[Resource::Warnings, Resource::Cases, Resource::Stations, Resource::Statistics]);
    view! {
        <Head sort title />
        {warned.then(|| view! { <Why id=id.clone() chosen /> })}
        {listed.then(|| view! {
            <Part title=Signal::derive(|| tr!(desk.detail_cases).to_owned())><Cases query chosen /></Part>
        })}
        <Ground id=id.clone() />
        {counted.then(|| view! { <Numbers statistics=statistics(id) /> })}
        {missing.map(|said| view! { <p class="quiet">{said}</p> })}
    }
}

fn level_of(district: &DistrictStore, id: &PlaceId) -> PlaceLevel {
    district.place(id).map_or(PlaceLevel::Grid, |place| place.level)
}

// A warning looks back as far as its own rules say, and at every category: the cases behind it are those, whatever is chosen.
fn cases_query(id: PlaceId, chosen: RwSignal<Option<Reason>>) -> Signal<Option<CasesQuery>> {
    let (view, period) = (use_store::<ViewStore>(), use_scope().period);
    let tells_behind = signals::are_asked_for();
    let then = Memo::new(move |_| view.with(|v| v.state.at));
    let narrowed = Memo::new(move |_| view.with(|v| v.state.categories.clone()));
    Signal::derive(move || {
        let (from, to) = period.get();
        let categories = narrowed.get().into_iter().collect();
        let place = Some(id.clone());
        if let Some(signal) = chosen.get().filter(|_| tells_behind) {
            let at = then.get().map(|at| at.fixed_offset());
            let (behind, limit, total) = (Some(signal), Some(PAGE), true);
            return Some(CasesQuery { place, behind, at, limit, total, ..CasesQuery::default() });
        }
        Some(CasesQuery {
            place,
            from: Some(from),
            to,
            categories,
            limit: Some(PAGE),
            total: true,
            ..CasesQuery::default()
        })
    })
}

fn statistics(id: PlaceId) -> Asked<Statistics> {
    let period = use_scope().period;
    asked_over_time(move || {
        let (from, to) = period.get();
        Some(StatisticsQuery { place: Some(id.clone()), from: Some(from), to, level: None })
    })
}

/// The level with its score, and the signals behind it.
#[component]
fn Why(id: PlaceId, chosen: RwSignal<Option<Reason>>) -> impl IntoView {
    let (levels, view, district) =
        (use_store::<WarningsStore>(), use_store::<ViewStore>(), use_store::<DistrictStore>());
    let (of_level, of_list, tree_level) = (id.clone(), id.clone(), id.clone());
    let warnings = asked_over_time(move || {
        let place_level = district.with(|d| level_of(d, &tree_level));
        let at = view.with(|v| v.state.at).map(|at| at.fixed_offset());
        Some(WarningsQuery {
            place: Some(of_list.clone()),
            place_level: Some(place_level),
            at,
            ..WarningsQuery::default()
        })
    });
    // The stream moves the present; of the past only the answer knows.
    let level = Memo::new(move |_| {
        if view.with(ViewStore::is_live) {
            // Only what has a level has a score here: that of the others is not sent, and is not nought.
            let told = |w: &WarningsStore| {
                let level = w.level(&of_level);
                (level, (level != Level::None).then(|| w.score(&of_level)))
            };
            return levels.with(|w| Some(told(w)));
        }
        let then = |listed: &Listed<Warning>| warning_of(&listed.items, &of_level).map_or(Level::None, |w| w.level);
        warnings.answer.with(|answer| answer.value().map(|listed| (then(listed), None)))
    });
    let badge = move || {
        let (level, score) = level.get()?;
        let score = score.map(|score| tr!(desk.detail_score, n = format!("{score:.1}")));
        Some(view! { <p class="drawer-level"><LevelBadge level /><span class="figure">{score}</span></p> })
    };
    let reasons = move || {
        let offset = district.with(DistrictStore::utc_offset_s);
        warnings.answer.with(|answer| {
            loaded(answer, offset, warnings.again, |listed| reasons(warning_of(&listed.items, &id), offset, chosen))
        })
    };
    view! { <Part title=Signal::derive(|| tr!(desk.detail_why).to_owned())>{badge}{reasons}</Part> }
}

fn reasons(warning: Option<&Warning>, utc_offset_s: i32, chosen: RwSignal<Option<Reason>>) -> AnyView {
    let Some(warning) = warning else {
        return view! { <EmptyMessage text=|| tr!(desk.detail_no_reasons) /> }.into_any();
    };
    if warning.reasons.is_empty() {
        return view! { <EmptyMessage text=|| tr!(desk.detail_reasons_hidden) /> }.into_any();
    }
    let since = tr!(desk.detail_since, time = exact(warning.since.to_utc(), utc_offset_s));
    view! { <p class="quiet">{since}</p><Signals reasons=warning.reasons.clone() chosen /> }.into_any()
}

/// Who and what is there: staff, people, ground, stations.
#[component]
fn Ground(id: PlaceId) -> impl IntoView {
    let district = use_store::<DistrictStore>();
    let (of_grid, of_place) = (id.clone(), id.clone());
    let grid = Memo::new(move |_| district.with(|d| grid(d, &of_grid)));
    let place = Memo::new(move |_| district.with(|d| d.place(&of_place).cloned()));
    let near = move || {
        // A tree that is made of the grids of another dialect knows no centres.
        let middle = || district.with(|d| grid_of(d, &id)?.geometry.as_ref().and_then(middle));
        let centre = place.get().and_then(|place| place.centre).or_else(middle)?;
        Some(view! { <Nearby at=lon_lat(centre) node=Some(id.clone()) /> })
    };
    view! {
        {move || grid.get().map(|grid| view! { <Staff grid /> })}
        {offers::reads(Resource::Stations).then(|| view! {
            <Part title=Signal::derive(|| tr!(desk.detail_stations).to_owned())>{near}</Part>
        })}
        <Part title=Signal::derive(|| tr!(desk.detail_facts).to_owned())>{move || known(place.get().as_ref(), grid.get().as_ref())}</Part>
    }
}

fn grid_of<'a>(district: &'a DistrictStore, id: &PlaceId) -> Option<&'a Feature<Grid>> {
    district.grids.value()?.iter().find(|g| g.properties.id == *id)
}

fn grid(district: &DistrictStore, id: &PlaceId) -> Option<Grid> {
    grid_of(district, id).map(|g| g.properties.clone())
}

fn known(place: Option<&Place>, grid: Option<&Grid>) -> impl IntoView + use<> {
    let people = place.and_then(|p| p.population).or(grid.map(|g| g.population));
    let area = place.and_then(|p| p.area_m2).or(grid.map(|g| g.area_m2));
    facts(vec![
        (tr!(desk.detail_population), people.and_then(|n| text(grouped(n.into())))),
        (tr!(desk.detail_area), area.and_then(|m2| text(format!("{:.2}", m2 / 1e6)))),
        (tr!(desk.detail_buildings), grid.and_then(|g| text(grouped(g.buildings.into())))),
        (tr!(desk.detail_land), grid.and_then(|g| text(words::land(g.land_use)))),
    ])
}

#[component]
fn Staff(grid: Grid) -> impl IntoView {
    let member = grid.member.and_then(text);
    let number = grid.telephone.map(|number| telephone(&number));
    let nobody = member.is_none() && number.is_none();
    view! {
        <Part title=Signal::derive(|| tr!(desk.detail_staff).to_owned())>
            {nobody.then(|| view! { <p class="quiet">{tr!(desk.station_none)}</p> })}
            {facts(vec![(tr!(desk.detail_member), member), (tr!(desk.detail_telephone), number)])}
        </Part>
    }
}

/// The figures of the period, their trend, and the places below.
#[component]
fn Numbers(statistics: Asked<Statistics>) -> impl IntoView {
    let district = use_store::<DistrictStore>();
    let body = move || {
        let offset = district.with_untracked(DistrictStore::utc_offset_s);
        statistics.answer.with(|answer| loaded(answer, offset, statistics.again, numbers))
    };
    view! { <Part title=Signal::derive(|| tr!(desk.detail_figures).to_owned())>{body}</Part> }
}

fn numbers(statistics: &Statistics) -> impl IntoView + use<> {
    let children = statistics.children.clone();
    view! {
        <FiguresTable statistics=statistics.clone() />
        <h3>{tr!(desk.detail_trend)}</h3>
        <Trend days=statistics.days.clone() />
        {(!children.is_empty()).then(|| view! { <h3>{tr!(desk.detail_children)}</h3><Children children /> })}
    }
}
