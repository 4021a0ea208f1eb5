//! What lists and exports are made of: one sheet for each layer that is on.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, FixedOffset};
use fengtu_domain::statistics::GROUP;
use fengtu_wire::cases::CaseSummary;
use fengtu_wire::events::CaseDot;
use fengtu_wire::places::PlaceLevel;
use fengtu_wire::stations::CircleKind;
use fengtu_wire::statistics::Statistics;
use leptos::prelude::*;

use super::sheet::{Row, Sheet};
use super::{case_rows, rows};
use crate::api::ApiError;
use crate::api::cases::CasesQuery;
use crate::api::lenient::Listed;
use crate::api::statistics::StatisticsQuery;
use crate::desk::context::{MapContext, use_map};
use crate::desk::offers;
use crate::desk::reading::{Rest, reading};
use crate::desk::scene;
use crate::desk::scope::{Asked, Scope, asked, use_scope};
use crate::routes::sorts::is_shown;
use crate::routes::{Layer, Narrow, Only};
use crate::scene::heat::HeatData;
use crate::state::{
    CasesStore, CoverageStore, DistrictStore, Loadable, ScreenStore, SessionStore, StationsStore, ViewStore,
    WarningsStore, use_store,
};

/// Rows that one page of the server holds here: the most that it gives.
const LIMIT: u32 = fengtu_wire::paging::MAX_LIMIT;

/// The most pages that are read on for a file.
const MOST_PAGES: u32 = 30;

/// What lists and exports share.
#[derive(Clone, Copy)]
pub struct Lists {
    /// What of the open list is shown, and in which order.
    pub narrow: Memo<Narrow>,
    /// The kind of cases that are asked for, where the list of cases is open and can be narrowed so; a file of another layer has all.
    pub only: Memo<Option<Only>>,
    /// The cases of the period.
    pub cases: Asked<Listed<CaseSummary>>,
    /// What is to be saved, as soon as it has come: a layer, and the ending of its file.
    pub saving: RwSignal<Option<(Layer, &'static str)>>,
    /// The rows of the cases that were read.
    read: Memo<Arc<Sheet>>,
    /// The pages after the first, where somebody read on.
    pub rest: RwSignal<Rest>,
    /// Reads the next page of cases.
    pub more: Callback<String>,
    /// What every panel asks about.
    pub scope: Scope,
    /// The district.
    pub district: RwSignal<DistrictStore>,
    figures: Asked<Statistics>,
    /// The level of the areas that the map shades: what a district lacks is shown by what it has.
    level: Memo<PlaceLevel>,
    pub(super) map: MapContext,
    view: RwSignal<ViewStore>,
    pub(super) stations: RwSignal<StationsStore>,
    warnings: RwSignal<WarningsStore>,
    recent: RwSignal<CasesStore>,
    coverage: RwSignal<CoverageStore>,
    screen: RwSignal<ScreenStore>,
    session: RwSignal<SessionStore>,
}

/// Makes lists and exports available to everything below.
pub fn provide_lists() -> Lists {
    let (map, scope, view) = (use_map(), use_scope(), use_store::<ViewStore>());
    let session = use_store::<SessionStore>();
    let (open, saving) = (Memo::new(move |_| view.with(|v| v.state.list)), RwSignal::new(None));
    let is_wanted = move |layer| open.get() == Some(layer) || saving.get().is_some_and(|(saved, _)| saved == layer);
    let only = Memo::new(move |_| {
        let of_cases = matches!(open.get(), Some(Layer::Heat | Layer::Cases));
        let is_for_it = saving.get().is_none_or(|(saved, _)| open.get() == Some(saved));
        view.with(|v| v.state.narrow.only).filter(|_| of_cases && is_for_it && offers::kinds_of_cases())
    });
    let query = Memo::new(move |_| {
        let wanted = (is_wanted(Layer::Heat) || is_wanted(Layer::Cases)) && session.with(SessionStore::sees_cases);
        let (from, to) = scope.period.get();
        let categories = view.with(|v| v.state.categories.iter().cloned().collect());
        let only = only.get();
        wanted.then(|| CasesQuery {
            place: scope.place.get(),
            from: Some(from),
            to,
            categories,
            people_from: (only == Some(Only::Groups)).then_some(GROUP),
            repeats: only == Some(Only::Repeats),
            limit: Some(LIMIT),
            total: true,
            ..CasesQuery::default()
        })
    });
    let (rest, more) = reading(query.into());
    let level = scene::shown(map);
    let figures = asked(move || {
        let (from, to) = scope.period.get();
        let level = Some(level.get());
        is_wanted(Layer::Warnings).then(|| StatisticsQuery { place: scope.place.get(), from: Some(from), to, level })
    });
    let (cases, district) = (asked(move || query.get()), use_store::<DistrictStore>());
    let read = Memo::new_with_compare(
        move |_| {
            let rows = |answer: &Loadable<Listed<CaseSummary>>, rest: &Rest| {
                let first = answer.value().map_or(&[][..], |listed| &listed.items);
                district.with(|d| Arc::new(case_rows::cases(d, rest.after(first))))
            };
            cases.answer.with(|answer| rest.with(|rest| rows(answer, rest)))
        },
        |_, _| true,
    );
    let lists = Lists {
        narrow: Memo::new(move |_| view.with(|v| v.state.narrow.clone())),
        only,
        cases,
        saving,
        read,
        rest,
        more,
        scope,
        district,
        figures,
        level,
        map,
        view,
        stations: use_store(),
        warnings: use_store(),
        recent: use_store(),
        coverage: use_store(),
        screen: use_store(),
        session,
    };
    provide_context(lists);
    lists
}

impl Lists {
    /// Returns the layers that are on and have a list.
    pub fn layers(self) -> Vec<Layer> {
        let is_given = |layer: Layer| self.session.with_untracked(|session| offers::gives(session.public(), layer));
        let listed = |layer: &Layer| *layer != Layer::Labels && is_given(*layer);
        self.view.with(|v| v.state.layers.iter().copied().filter(listed).collect())
    }

    /// Returns the rows of a layer as they are shown: narrowed and ordered where it is the one that is open.
    pub fn shown(self, layer: Layer) -> Option<Arc<Sheet>> {
        let whole = Arc::new(self.whole(layer)?);
        let is_open = self.view.with(|v| v.state.list) == Some(layer);
        Some(if is_open { self.narrowed(whole) } else { whole })
    }

    /// Returns the rows of the open list that are left, in its order; in a flood of events that is all of them, as they are.
    pub fn narrowed(self, whole: Arc<Sheet>) -> Arc<Sheet> {
        let Narrow { text, warned, order, .. } = self.narrow.get();
        let warned = warned && whole.layer == Layer::Warnings;
        if !warned && order.is_none() && text.trim().is_empty() {
            return whole;
        }
        let sheet = Arc::unwrap_or_clone(whole);
        let sheet = if warned { rows::warned(sheet) } else { sheet };
        Arc::new(sheet.matching(&text).ordered(order))
    }

    /// Returns every row of a layer in the node in view.
    pub fn whole(self, layer: Layer) -> Option<Sheet> {
        let node = self.scope.place.get()?;
        match layer {
            Layer::Warnings => Some(self.areas(&node)),
            Layer::Stations => Some(self.stations(&node, None, layer)),
            Layer::AppealCircles => Some(self.stations(&node, Some(CircleKind::Appeal), layer)),
            Layer::LegalCircles => Some(self.stations(&node, Some(CircleKind::Legal), layer)),
            Layer::PsychologicalCircles => Some(self.stations(&node, Some(CircleKind::Psychological), layer)),
            Layer::Coverage => {
                let result = self.coverage.with(|s| s.result.clone())?;
                Some(rows::uncovered(&result.uncovered))
            }
            Layer::Heat if !self.sees_cases() => {
                let areas = self.map.atlas.with(|atlas| atlas.areas(self.level.get()));
                self.map.heat.with(|heat| match heat.value()? {
                    HeatData::Cells { cells, .. } => {
                        Some(self.district.with(|d| case_rows::cells(d, cells, &areas, &node)))
                    }
                    HeatData::Points(_) => None,
                })
            }
            Layer::Heat | Layer::Cases => {
                let (read, period) = (self.read.get(), self.scope.period.get());
                // Those that come by themselves do not say of which kind they are; of those that were read it is known.
                let known: Option<HashSet<&str>> = self.only.get().map(|_| read.rows.iter().map(Row::key).collect());
                let is_of_it = |dot: &&CaseDot| known.as_ref().is_none_or(|known| known.contains(dot.number.as_str()));
                let rows = |d: &DistrictStore, c: &CasesStore| {
                    let newest = c.recent.iter().filter(is_of_it);
                    self.view.with(|v| case_rows::with_newest(d, newest, &read, &node, (&v.state, period)))
                };
                let sheet = self.district.with(|d| self.recent.with(|c| rows(d, c)));
                Some(Sheet { layer, ..sheet })
            }
            Layer::Buildings => {
                let bounds = self.screen.with(|s| s.bounds);
                self.map.buildings.with(|b| b.value().map(|points| rows::buildings(points, bounds)))
            }
            Layer::Labels => None,
        }
    }

    /// Tells whether a layer's rows are still on their way, and so whether none says anything.
    pub fn is_loading(self, layer: Layer) -> bool {
        match layer {
            Layer::Warnings => {
                let grids = self.level.get() == PlaceLevel::Grid;
                self.district.with(|d| d.tree.is_loading() || (grids && d.grids.is_loading()))
            }
            Layer::Stations | Layer::AppealCircles | Layer::LegalCircles | Layer::PsychologicalCircles => {
                self.stations.with(|s| s.all.is_loading())
            }
            // Computed from stations and buildings.
            Layer::Coverage => self.coverage.with(|c| c.result.is_none()) && self.is_loading(Layer::Stations),
            Layer::Buildings => self.map.buildings.with(Loadable::is_loading),
            Layer::Heat | Layer::Cases if self.sees_cases() => self.cases.answer.with(Loadable::is_loading),
            Layer::Heat => self.map.heat.with(Loadable::is_loading),
            Layer::Cases | Layer::Labels => false,
        }
    }

    /// Returns why a layer has no rows, where they could not be had: that is not the same as none.
    pub fn error(self, layer: Layer) -> Option<ApiError> {
        match layer {
            Layer::Warnings => self.district.with(|d| d.tree.lack().or_else(|| d.grids.lack()).cloned()),
            Layer::Stations | Layer::AppealCircles | Layer::LegalCircles | Layer::PsychologicalCircles => {
                self.stations.with(|s| s.all.lack().cloned())
            }
            Layer::Coverage => self.error(Layer::Stations),
            Layer::Buildings => self.map.buildings.with(|b| b.lack().cloned()),
            Layer::Heat | Layer::Cases if self.sees_cases() => self.cases.answer.with(|c| c.lack().cloned()),
            Layer::Heat => self.map.heat.with(|heat| heat.lack().cloned()),
            Layer::Cases | Layer::Labels => None,
        }
    }

    fn areas(self, node: &fengtu_wire::ids::PlaceId) -> Sheet {
        let level = self.level.get();
        let at = self.view.with(|v| v.state.at).map(|at| at.fixed_offset());
        let children = self.figures.answer.with(|f| f.value().map(|s| s.children.clone()).unwrap_or_default());
        self.district.with(|d| self.warnings.with(|w| rows::areas(d, w, node, level, at, &children)))
    }

    fn stations(self, node: &fengtu_wire::ids::PlaceId, kind: Option<CircleKind>, layer: Layer) -> Sheet {
        let now = self.moment();
        // A circle is drawn whether its station is shown or not.
        let hidden = if kind.is_none() { self.view.with(|v| v.state.hidden.clone()) } else { Vec::new() };
        let drawn = |f: &&fengtu_wire::geojson::Feature<_>| is_shown(&f.properties, &hidden);
        let all: Vec<_> = self
            .stations
            .with(|s| s.all.value().map_or(&[][..], Vec::as_slice).iter().filter(drawn).cloned().collect());
        self.district.with(|d| rows::stations(d, &all, node, kind, layer, now))
    }

    /// Returns the moment that is shown, in the district's own time.
    pub fn moment(self) -> DateTime<FixedOffset> {
        let now = self.scope.now.get();
        self.view.with(|v| v.state.at).map_or(now, |at| at.with_timezone(now.offset()))
    }

    /// Tells whether single cases may be seen.
    pub fn sees_cases(self) -> bool {
        self.session.with(SessionStore::sees_cases)
    }

    /// Tells whether a layer is still to come before it can be saved; of cases the next page is asked for.
    pub fn is_coming(self, layer: Layer) -> bool {
        if self.is_loading(layer) {
            return true;
        }
        match layer {
            Layer::Warnings => self.figures.answer.with(Loadable::is_loading),
            Layer::Heat | Layer::Cases => {
                let (busy, ends) = self.rest.with(|rest| (rest.busy, rest.error.is_some() || rest.pages >= MOST_PAGES));
                let next = self.progress().and_then(|(_, _, next)| next).filter(|_| !ends);
                let is_more = next.is_some();
                if let Some(cursor) = next.filter(|_| !busy) {
                    self.more.run(cursor);
                }
                is_more
            }
            _ => false,
        }
    }

    /// Returns how many cases were read of how many, and where the next page begins.
    pub fn progress(self) -> Option<(usize, u64, Option<String>)> {
        self.cases.answer.with(|c| {
            let first = c.value()?;
            let (read, next) = self.rest.with(|r| (r.after(&first.items).count(), r.next(first.next.as_ref())));
            Some((read, first.total.unwrap_or(read as u64), next))
        })
    }
}
