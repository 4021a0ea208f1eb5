//! What is pointed at beyond things that have names: one of many, and the heat where the pointer rests.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use fengtu_geo::LonLat;
use gloo_timers::callback::Timeout;

use super::Live;
use crate::map::layers::Slot;
use crate::map::model::{Cluster, HeatHere, Hit, MapEvent};
use crate::map::plane::Px;

/// How long the pointer rests before the heat under it is asked for, milliseconds.
const REST_MS: u32 = 250;

/// Holds where the pointer rests, and what was told of it.
#[derive(Default)]
pub struct Looking {
    soon: RefCell<Option<Timeout>>,
    asked: Cell<bool>,
    at: Cell<Px>,
    told: RefCell<Option<HeatHere>>,
    counted: Cell<Option<u64>>,
}

impl Live {
    /// Tells the page what the colours of the heat mean, when that has changed.
    pub(super) fn tell_legend(&self) {
        let legend = self.stage.look(|layers| layers.heat.legend().clone());
        if *self.legend.borrow() != legend {
            self.legend.borrow_mut().clone_from(&legend);
            self.emit(MapEvent::HeatLegend(legend));
        }
    }

    /// Asks for the heat at a place if the pointer stays there.
    pub(super) fn look_soon(self: &Rc<Self>, at: LonLat, px: Px) {
        self.look_away();
        if !self.stage.look(|layers| layers.heat.wants()) {
            return;
        }
        let weak = Rc::downgrade(self);
        let look = move || {
            let Some(live) = weak.upgrade() else { return };
            live.looking.soon.take();
            live.looking.at.set(px);
            live.looking.asked.set(true);
            live.stage.ask_engine(|layers| layers.look_at(Some(at)));
        };
        self.looking.soon.replace(Some(Timeout::new(REST_MS, look)));
    }

    /// Takes note that the pointer has moved on.
    pub(super) fn look_away(&self) {
        self.looking.soon.take();
        if self.looking.asked.replace(false) {
            self.stage.ask_engine(|layers| layers.look_at(None));
        }
    }

    /// Tells the page what has changed: the heat under the pointer, and how many cases there are.
    pub(super) fn tell_look(&self) {
        let (here, counted) = self.stage.look(|layers| (layers.here.clone(), layers.counted()));
        if self.looking.told.replace(here.clone()) != here {
            let Px { x, y } = self.looking.at.get();
            self.emit(MapEvent::HeatHere { here, x, y, by_key: self.by_key.get() });
        }
        if self.looking.counted.replace(counted) != counted {
            self.emit(MapEvent::CasesCounted(counted));
        }
    }

    /// Rings the one of many that is pointed at now, and the one before no more.
    pub(super) fn point_out(&self, before: Option<&Hit>, now: Option<&Hit>) {
        let is_many = |hit: &Hit| matches!(hit, Hit::Cluster(_) | Hit::CaseSpot(_));
        if before.is_some_and(is_many) || now.is_some_and(is_many) {
            // The layer knows nothing of areas.
            let bare = |hit: &Hit| match hit.clone() {
                Hit::Cluster(cluster) => Hit::Cluster(Cluster { area: None, ..cluster }),
                hit => hit,
            };
            let pointed = now.filter(|hit| is_many(hit)).map(bare);
            self.stage.change(&[Slot::Points], |layers| layers.points.pointed = pointed);
        }
    }
}
