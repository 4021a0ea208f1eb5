//! What the map says of itself over its upper edge: what is coming, missing, old, and where one could go.

use chrono::{DateTime, Utc};
use leptos::prelude::*;

use super::beside::note;
use super::context::MapContext;
use super::crowd::FoundCases;
use super::data;
use super::pointer;
use crate::api::ApiError;
use crate::api::dialect::Resource;
use crate::api::lenient::Refused;
use crate::i18n::told;
use crate::map::model::Area;
use crate::reactive::part;
use crate::routes::{Layer, Selection};
use crate::state::{
    DistrictStore, LiveStore, Loadable, SessionStore, StationsStore, ViewStore, WarningsStore, use_store,
};
use crate::ui::button::Button;
use crate::ui::icon::{Glyph, Icon};
use crate::ui::message::{details, error_words};
use crate::ui::time::exact;
use crate::{say, tr};

/// A resource that the map is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Places and grids.
    Places,
    /// Stations.
    Stations,
    /// The base map.
    Base,
    /// Heat.
    Heat,
    /// All cases of the period.
    Cases,
    /// Levels of the past.
    History,
    /// The days of the last year, under the slider.
    Days,
}

/// How the parts stand, as far as people need to know.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Standing {
    /// Parts that are coming.
    pub loading: Vec<Part>,
    /// Parts that failed, why, and when came what is shown instead.
    pub failed: Vec<(Part, ApiError, Option<DateTime<Utc>>)>,
    /// Records that are not on the map, and why.
    pub off_map: usize,
    /// The reasons of the first of them.
    pub reasons: Vec<String>,
    /// What else the answers say of how whole they are.
    pub beside: Refused,
}

impl Standing {
    /// Takes how one part stands.
    pub fn take<T>(&mut self, part: Part, value: &Loadable<T>) {
        if value.is_loading() {
            self.loading.push(part);
        }
        self.take_failure(part, value);
        if let Some(refused) = value.refused() {
            self.refuse(refused);
        }
    }

    /// Takes why a part failed; that it is coming is not worth a word, as nothing waits for it.
    fn take_failure<T>(&mut self, part: Part, value: &Loadable<T>) {
        let failed = value.error().map(|error| (part, error.clone(), value.at()));
        self.failed.extend(failed);
    }

    fn refuse(&mut self, refused: &Refused) {
        // What was not read at all is said in a sentence of its own.
        self.off_map += refused.count - refused.unread.min(refused.count);
        self.reasons.extend(refused.reasons.iter().cloned());
        self.beside.add_all(refused);
    }
}

fn standing(map: MapContext) -> Memo<Standing> {
    let (district, stations) = (use_store::<DistrictStore>(), use_store::<StationsStore>());
    let (warnings, view, live) = (use_store::<WarningsStore>(), use_store::<ViewStore>(), use_store::<LiveStore>());
    let [heat, cases] = [Layer::Heat, Layer::Cases].map(super::scene::layer);
    let session = use_store::<SessionStore>();
    let sees = Memo::new(move |_| session.with(SessionStore::sees_cases));
    let keeps = session.with_untracked(|s| s.public().capabilities(Resource::Warnings).history);
    let counts = session.with_untracked(|s| s.public().reads(Resource::Statistics));
    let past = Memo::new(move |_| view.with(|v| !v.is_live()));
    Memo::new(move |_| {
        let mut standing = Standing::default();
        district.with(|d| {
            standing.take(Part::Places, &d.tree);
            standing.take(Part::Places, &d.grids);
        });
        stations.with(|s| {
            standing.take(Part::Stations, &s.all);
            standing.off_map += s.not_on_map().count();
            standing.reasons.extend(s.not_on_map().map(|station| station.name.clone()));
        });
        map.base.with(|base| standing.take(Part::Base, base));
        if heat.get() {
            map.heat.with(|heat| standing.take(Part::Heat, heat));
        } else if cases.get() && sees.get() {
            map.heat.with(|heat| standing.take(Part::Cases, heat));
        }
        if heat.get() || cases.get() {
            map.unread.with(|unread| standing.refuse(unread));
        }
        live.with(|live| standing.beside.add_silent(&live.silent));
        if past.get() && keeps {
            warnings.with(|w| standing.take(Part::History, &w.history));
        }
        if counts {
            map.year.with(|year| standing.take_failure(Part::Days, year));
        }
        standing.loading.dedup();
        standing.failed.dedup_by_key(|(part, ..)| *part);
        standing
    })
}

fn word(part: Part) -> &'static str {
    match part {
        Part::Places => tr!(desk.map_part_places),
        Part::Stations => tr!(desk.map_part_stations),
        Part::Base => tr!(desk.map_part_base),
        Part::Heat => tr!(desk.map_part_heat),
        Part::Cases => tr!(desk.layer_all_cases),
        Part::History => tr!(desk.map_part_history),
        Part::Days => tr!(desk.map_part_days),
    }
}

/// Shows what is to be said, and nothing when all is well.
#[component]
pub fn MapStatus(
    /// What the parts of the page share.
    map: MapContext,
) -> impl IntoView {
    let standing = standing(map);
    let district = use_store::<DistrictStore>();
    let is_empty = Memo::new(move |_| district.with(|d| data::is_empty(&d.config)));
    view! {
        <div class="map-status">
            {move || is_empty.get().then(|| view! { <EmptyDistrict /> })}
            <Loading standing />
            <Failures map standing />
            <Beside standing />
            <OffMap standing />
            <TilesFail map />
            <Ignored />
            <Enter map />
            <FoundCases map />
        </div>
    }
}

/// A server without a district: how one gets in.
#[component]
pub fn EmptyDistrict() -> impl IntoView {
    view! {
        <section class="map-card" aria-labelledby="empty-title">
            <h2 id="empty-title">{say!(desk.map_empty_title)}</h2>
            <p>{say!(desk.map_empty_hint)}</p>
            <pre class="map-code" tabindex="0">
                "fengtu-server import --data DIR --kind places --map places.toml places.geojson\n"
                "fengtu-server import --data DIR --kind grids --map grids.toml grids.geojson\n"
                "fengtu-server account --data DIR --name NAME --role district_leader --place ID"
            </pre>
        </section>
    }
}

#[component]
fn Loading(standing: Memo<Standing>) -> impl IntoView {
    let words = move || {
        let parts = standing.with(|s| s.loading.iter().map(|part| word(*part)).collect::<Vec<_>>());
        (!parts.is_empty()).then(|| tr!(desk.map_loading, parts = parts.join(tr!(desk.map_comma))))
    };
    view! {
        <div class="map-note-slot" role="status">
            {move || words().map(|words| view! { <p class="map-note"><i class="map-busy" aria-hidden="true"></i>{words}</p> })}
        </div>
    }
}

#[component]
fn Failures(map: MapContext, standing: Memo<Standing>) -> impl IntoView {
    let retry = Callback::new(move |()| map.reload.update(|turn| *turn += 1));
    let district = use_store::<DistrictStore>();
    let one = move |(part, error, at): (Part, ApiError, Option<DateTime<Utc>>)| {
        let told = error.clone();
        let detail = move || details(&told);
        let words = move || {
            let offset = district.with(DistrictStore::utc_offset_s);
            let stale = at.map(|at| tr!(common.stale, time = exact(at, offset))).unwrap_or_default();
            format!("{}{}{} {stale}", word(part), tr!(desk.map_colon), error_words(&error))
        };
        view! { <li title=detail>{words}</li> }
    };
    move || {
        let failed = standing.with(|s| s.failed.clone());
        (!failed.is_empty()).then(|| {
            view! {
                <div class="map-note failed" role="alert">
                    <Glyph icon=Icon::Warning />
                    <ul>{failed.into_iter().map(one).collect_view()}</ul>
                    <Button label=say!(common.retry) on_press=retry />
                </div>
            }
        })
    }
}

/// The chosen tile server does not answer: the way back to what needs none.
#[component]
fn TilesFail(map: MapContext) -> impl IntoView {
    let view = use_store::<ViewStore>();
    let fails = move || map.tiles_fail.get() && view.with(|v| v.state.base.is_some());
    let back = Callback::new(move |()| {
        map.tiles_fail.set(false);
        view.update(|v| v.state.base = None);
    });
    move || {
        fails().then(|| {
            view! {
                <div class="map-note failed" role="alert">
                    <Glyph icon=Icon::Warning />
                    <p>{say!(desk.base_fail)}</p>
                    <Button label=say!(desk.base_built_in) on_press=back />
                </div>
            }
        })
    }
}

/// The address said something that cannot be understood: told once.
#[component]
fn Ignored() -> impl IntoView {
    let view = use_store::<ViewStore>();
    let count = Memo::new(move |_| view.with(|v| v.ignored));
    let close = Callback::new(move |()| view.update(|v| v.ignored = 0));
    move || {
        let n = count.get();
        (n > 0).then(|| {
            view! {
                <div class="map-note failed" role="status">
                    <Glyph icon=Icon::Warning />
                    <p>{move || tr!(desk.link_ignored, n = n)}</p>
                    <Button label=say!(common.close) on_press=close />
                </div>
            }
        })
    }
}

/// Backends that do not answer, and lists that were not read to their end: a sentence each.
#[component]
fn Beside(standing: Memo<Standing>) -> impl IntoView {
    let beside = Memo::new(move |_| standing.with(|s| s.beside.clone()));
    part(move || note(&beside.get()))
}

/// Records that cannot be drawn are counted and named, never silently dropped.
#[component]
fn OffMap(standing: Memo<Standing>) -> impl IntoView {
    let off_map = Memo::new(move |_| standing.with(|s| (s.off_map, s.reasons.clone())));
    move || {
        let (count, reasons) = off_map.get();
        (count > 0).then(|| {
            view! {
                <details class="map-note">
                    <summary>{move || tr!(desk.map_off, n = count)}</summary>
                    <ul class="map-reasons">{reasons.into_iter().map(|reason| view! { <li>{told(&reason).to_owned()}</li> }).collect_view()}</ul>
                </details>
            }
        })
    }
}

/// The selected area and the way into it.
#[component]
fn Enter(map: MapContext) -> impl IntoView {
    let view = use_store::<ViewStore>();
    let chosen = Memo::new(move |_| {
        let selected = view.with(|v| v.state.selection.clone());
        let Some(Selection::Place(place)) = selected else { return None };
        let is_here = map.place.get().as_ref() == Some(&place);
        map.atlas.with(|atlas| {
            atlas.area(&place).filter(|_| !is_here).map(|Area { id, name, .. }| (id.clone(), name.clone()))
        })
    });
    move || {
        let (place, name) = chosen.get()?;
        let on_press = Callback::new(move |()| pointer::enter(map, view, &place));
        Some(view! {
            <div class="map-note enter">
                <strong>{name}</strong>
                <Button label=say!(desk.map_enter) icon=Icon::Next on_press />
            </div>
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::error::NetworkError;

    #[test]
    fn each_part_says_how_it_stands_by_itself() {
        let mut standing = Standing::default();
        standing.take(Part::Base, &Loadable::<u8>::Loading);
        standing.take_failure(Part::Days, &Loadable::<u8>::Loading);
        let mut failed = Loadable::<u8>::Loading;
        failed.settle(Err(ApiError::Network(NetworkError::Failed)), DateTime::default());
        standing.take(Part::Heat, &failed);
        standing.take_failure(Part::Days, &failed);
        let mut partial = Loadable::default();
        let refused = Refused { count: 3, reasons: vec!["#1".to_owned()], ..Refused::default() };
        partial.settle_list(Ok((7, refused)), DateTime::default());
        standing.take(Part::Stations, &partial);
        assert_eq!(standing.loading, [Part::Base]);
        assert_eq!(standing.failed.iter().map(|(part, ..)| *part).collect::<Vec<_>>(), [Part::Heat, Part::Days]);
        assert_eq!((standing.off_map, standing.reasons.len()), (3, 1));
    }
}
