//! The left panel: what the map shows, each layer a switch with its count and its legend.

use fengtu_wire::stations::CircleKind;
use fengtu_wire::warnings::Level;
use leptos::prelude::*;

use super::category_filter::CategoryFilter;
use super::context::{MapContext, use_map};
use super::heat_controls::HeatControls;
use super::legend::{CircleSwatch, EngineWords, HeatRamp};
use super::offers;
use super::scene::{self, shown};
use super::station_filter::StationFilter;
use crate::api::dialect::Resource;
use crate::i18n::local;
use crate::reactive::part;
use crate::routes::{Layer, MapLevel};
use crate::scene::follow::of_areas;
use crate::scene::{base, stations};
use crate::state::{DistrictStore, SessionStore, StationsStore, ViewStore, WarningsStore, use_store};
use crate::ui::level::LevelBadge;
use crate::ui::number::grouped;
use crate::ui::segmented::{Choice, Segmented};
use crate::{say, tr};

/// The panel.
#[component]
pub fn LayersPanel() -> impl IntoView {
    let map = use_map();
    let if_given = |layer: Layer, row: fn(MapContext) -> AnyView| offers::has(layer).then(|| row(map));
    let all = [Resource::Grids, Resource::Warnings, Resource::Stations, Resource::Cases, Resource::Buildings];
    let missing =
        part(move || offers::missing(&all).map(|said| view! { <p class="layer layer-hint">{said}</p> }).into_any());
    view! {
        <div class="layers">
            {if_given(Layer::Warnings, |map| view! { <LevelSwitch map /><Warnings map /> }.into_any())}
            {if_given(Layer::Stations, |map| view! { <Stations map /><Circles /><Coverage /> }.into_any())}
            {if_given(Layer::Heat, |map| view! { <Heat map /> }.into_any())}
            <Points map />
            {missing}
            <BaseMaps />
        </div>
    }
}

/// One layer: a switch, its count, and what belongs to it while it is on.
#[component]
fn LayerRow(
    layer: Layer,
    #[prop(into)] label: Signal<String>,
    #[prop(into)] count: Signal<String>,
    #[prop(optional)] children: Option<ChildrenFn>,
) -> impl IntoView {
    let view = use_store::<ViewStore>();
    let on = scene::layer(layer);
    let children = StoredValue::new(children);
    let body = move || {
        let shown = on.get().then(|| children.with_value(|c| c.as_ref().map(|c| c())));
        shown.flatten().map(|body| view! { <div class="layer-body">{body}</div> })
    };
    view! {
        <section class="layer">
            <label class="layer-row">
                <input type="checkbox" role="switch" class="switch" prop:checked=on
                    on:change=move |e| view.update(|v| v.set_layer(layer, event_target_checked(&e))) />
                <span class="layer-name">{label}</span>
                <span class="layer-count figure">{count}</span>
            </label>
            {body}
        </section>
    }
}

/// Which level is shaded: by scale unless somebody chose one.
#[component]
fn LevelSwitch(map: MapContext) -> impl IntoView {
    let view = use_store::<ViewStore>();
    let chosen = Memo::new(move |_| view.with(|v| v.state.level));
    let choices = vec![
        Choice::new(None, || tr!(desk.level_auto)),
        Choice::new(Some(MapLevel::District), || tr!(desk.level_district)),
        Choice::new(Some(MapLevel::Street), || tr!(desk.level_street)),
        Choice::new(Some(MapLevel::Community), || tr!(desk.level_community)),
        Choice::new(Some(MapLevel::Grid), || tr!(desk.level_grid)),
        Choice::new(Some(MapLevel::Building), || tr!(desk.level_building)),
    ];
    let choices = if offers::has(Layer::Buildings) { choices } else { choices.into_iter().take(5).collect() };
    let hint = move || chosen.get().is_none().then(|| tr!(desk.level_auto_now, level = level_word(map.level.get())));
    view! {
        <section class="layer">
            <h2 class="layer-head">{say!(desk.level_title)}</h2>
            <Segmented name="map-level" legend=say!(desk.level_title) choices chosen
                on_choose=move |level| view.update(|v| v.state.level = level) />
            <p class="layer-hint">{hint}</p>
        </section>
    }
}

/// Returns the word of a level.
pub fn level_word(level: MapLevel) -> &'static str {
    match level {
        MapLevel::District => tr!(desk.level_district),
        MapLevel::Street => tr!(desk.level_street),
        MapLevel::Community => tr!(desk.level_community),
        MapLevel::Grid => tr!(desk.level_grid),
        MapLevel::Building => tr!(desk.level_building),
    }
}

/// How many of the areas that are shown stand at red, yellow, blue, none.
fn level_counts(map: MapContext) -> Memo<[usize; 4]> {
    let (view, warnings, level) = (use_store::<ViewStore>(), use_store::<WarningsStore>(), shown(map));
    let at = Memo::new(move |_| view.with(|v| v.state.at));
    Memo::new(move |_| {
        let areas = map.atlas.with(|atlas| atlas.areas(level.get()));
        let levels = warnings.with(|w| of_areas(w, &areas, at.get()));
        let count = |wanted| levels.values().filter(|level| **level == wanted).count();
        [count(Level::Red), count(Level::Yellow), count(Level::Blue), areas.len() - levels.len()]
    })
}

#[component]
fn Warnings(map: MapContext) -> impl IntoView {
    let session = use_store::<SessionStore>();
    if session.with_untracked(|s| !s.public().reads(Resource::Warnings)) {
        // The areas alone: nobody says how they stand.
        let label = Signal::derive(|| tr!(desk.layer_areas).to_owned());
        return view! { <LayerRow layer=Layer::Warnings label count=Signal::derive(String::new) /> }.into_any();
    }
    let counts = level_counts(map);
    let total = move || counts.with(|[red, yellow, blue, _]| grouped((red + yellow + blue) as u64));
    let row = move |index: usize, level: Level| {
        let count = move || counts.with(|c| c.get(index).map(|n| grouped(*n as u64)));
        view! { <li><LevelBadge level /><span class="figure">{count}</span></li> }
    };
    let levels = [Level::Red, Level::Yellow, Level::Blue, Level::None];
    let view = use_store::<ViewStore>();
    let keeps_past = session.with_untracked(|s| s.public().capabilities(Resource::Warnings).history);
    let hint = move || (!keeps_past && view.with(|v| !v.is_live())).then(|| tr!(desk.no_past_levels));
    view! {
        <LayerRow layer=Layer::Warnings label=Signal::derive(|| tr!(desk.layer_warnings).to_owned()) count=Signal::derive(total)>
            <p class="layer-hint">{hint}</p>
            <ul class="layer-legend">{levels.into_iter().enumerate().map(|(i, level)| row(i, level)).collect_view()}</ul>
        </LayerRow>
    }
    .into_any()
}

#[component]
fn Stations(map: MapContext) -> impl IntoView {
    let store = use_store::<StationsStore>();
    let total = move || store.with(|s| s.all.value().map(|all| grouped(all.len() as u64)).unwrap_or_default());
    view! {
        <LayerRow layer=Layer::Stations label=Signal::derive(|| tr!(desk.layer_stations).to_owned()) count=Signal::derive(total)>
            <StationFilter map />
        </LayerRow>
    }
}

/// The service circles, each with its hue and its radius.
#[component]
fn Circles() -> impl IntoView {
    let (view, district, store) =
        (use_store::<ViewStore>(), use_store::<DistrictStore>(), use_store::<StationsStore>());
    let one = move |(layer, kind): (Layer, CircleKind)| {
        let on = scene::layer(layer);
        let name = move || district.with(|d| circle_name(d, kind));
        let count = move || {
            store.with(|s| {
                s.all.value().map_or(0, |all| all.iter().filter(|f| f.properties.circles.contains(&kind)).count())
            })
        };
        view! {
            <li><label class="layer-row">
                <input type="checkbox" role="switch" class="switch" prop:checked=on
                    on:change=move |e| view.update(|v| v.set_layer(layer, event_target_checked(&e))) />
                <span class="layer-name"><CircleSwatch kind />{name}</span>
                <span class="layer-count figure">{count}</span>
            </label></li>
        }
    };
    let radius = move || {
        district.with(|d| {
            let rules = d.config.value().map_or(&[][..], |c| c.circles.as_slice());
            format!("{:.0}", stations::radius(rules, CircleKind::Appeal))
        })
    };
    view! {
        <section class="layer" aria-labelledby="layers-circles">
            <h2 class="layer-head" id="layers-circles">{move || tr!(desk.layer_circles, radius = radius())}</h2>
            <ul>{stations::CIRCLE_LAYERS.into_iter().map(one).collect_view()}</ul>
        </section>
    }
}

/// Returns what the district calls a kind of circle.
fn circle_name(district: &DistrictStore, kind: CircleKind) -> String {
    let rule = district.config.value().and_then(|c| c.circles.iter().find(|rule| rule.kind == kind));
    rule.map_or_else(
        || match kind {
            CircleKind::Appeal => tr!(desk.circle_appeal).to_owned(),
            CircleKind::Legal => tr!(desk.circle_legal).to_owned(),
            CircleKind::Psychological => tr!(desk.circle_psychological).to_owned(),
        },
        |rule| local(&rule.name),
    )
}

#[component]
fn Coverage() -> impl IntoView {
    view! {
        <LayerRow layer=Layer::Coverage label=Signal::derive(|| tr!(desk.layer_coverage).to_owned()) count=Signal::stored(String::new())>
            <p class="layer-hint"><i class="swatch-hatch" aria-hidden="true"></i>{say!(desk.layer_coverage_hint)}</p>
        </LayerRow>
    }
}

#[component]
fn Heat(map: MapContext) -> impl IntoView {
    let count = move || map.heat_legend.with(|l| if l.cases > 0 { grouped(l.cases) } else { String::new() });
    view! {
        <LayerRow layer=Layer::Heat label=Signal::derive(|| tr!(desk.layer_heat).to_owned()) count=Signal::derive(count)>
            <HeatRamp legend=map.heat_legend />
            <HeatControls map />
            <CategoryFilter />
        </LayerRow>
    }
}

#[component]
fn Points(map: MapContext) -> impl IntoView {
    let session = use_store::<SessionStore>();
    let sees = Memo::new(move |_| offers::has(Layer::Cases) && session.with(SessionStore::sees_cases));
    let all = move || map.all_cases.get().map(grouped).unwrap_or_default();
    let doors = move || map.buildings.with(|b| b.value().map(|p| grouped(p.codes.len() as u64)).unwrap_or_default());
    let none = Signal::stored(String::new());
    // With heat on, its row says it.
    let heat = scene::layer(Layer::Heat);
    view! {
        {move || sees.get().then(|| view! {
            <LayerRow layer=Layer::Cases label=Signal::derive(|| tr!(desk.layer_all_cases).to_owned()) count=Signal::derive(all)>
                <p class="layer-hint">{say!(desk.layer_cases_hint)}</p>
                {move || (!heat.get()).then(|| view! { <EngineWords legend=map.heat_legend /> })}
            </LayerRow>
        })}
        {offers::has(Layer::Buildings).then(|| view! {
            <LayerRow layer=Layer::Buildings label=Signal::derive(|| tr!(desk.layer_buildings).to_owned()) count=Signal::derive(doors)>
                <p class="layer-hint">{say!(desk.layer_buildings_hint)}</p>
            </LayerRow>
        })}
        <LayerRow layer=Layer::Labels label=Signal::derive(|| tr!(desk.layer_labels).to_owned()) count=none />
    }
}

/// The built-in base map and those of `config.json`; hidden where there is no choice.
#[component]
fn BaseMaps() -> impl IntoView {
    let (view, session) = (use_store::<ViewStore>(), use_store::<SessionStore>());
    let (choices, refused) = session.with_untracked(|s| base::choices(s.public().backends()));
    let chosen = Memo::new(move |_| view.with(|v| v.state.base.clone()));
    let is_choice = !choices.is_empty() || refused > 0;
    let option = move |id: Option<String>, name: Signal<String>| {
        let (own, mine) = (id.clone(), id);
        view! {
            <li><label class="layer-sub">
                <input type="radio" name="base-map" prop:checked=move || chosen.get() == own
                    on:change=move |_| view.update(|v| v.state.base.clone_from(&mine)) />
                <span>{name}</span>
            </label></li>
        }
    };
    let built_in = option(None, Signal::derive(|| tr!(desk.base_built_in).to_owned()));
    let served = choices.into_iter().map(|c| option(Some(c.id), Signal::derive(move || local(&c.name)))).collect_view();
    let hint = move || (refused > 0).then(|| tr!(desk.base_refused, n = refused));
    is_choice.then(|| {
        view! {
            <fieldset class="layer">
                <legend class="layer-head">{say!(desk.base_title)}</legend>
                <ul class="layer-legend">{built_in}{served}</ul>
                <p class="layer-hint">{hint}</p>
            </fieldset>
        }
    })
}
