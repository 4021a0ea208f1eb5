//! Which signal of a scene goes into which layer, for all that stands on the ground.

use std::rc::Rc;

use leptos::prelude::*;

use super::Live;
use crate::map::layers::Slot;
use crate::map::scene::MapScene;
use crate::reactive::effect;

impl Live {
    pub(super) fn bind_things(self: &Rc<Self>, scene: &MapScene) {
        let stations = &[Slot::Stations, Slot::Names];
        self.bind_layer(scene.stations, stations, |layers, stations| layers.stations.set(stations));
        self.bind_layer(scene.circles, &[Slot::Circles], |layers, circles| layers.circles.set(circles));
        self.bind_layer(scene.circle_kinds, &[Slot::Circles], |layers, kinds| layers.circles.show(kinds));
        self.bind_layer(scene.uncovered, &[Slot::Coverage], |layers, uncovered| layers.coverage.set(uncovered));
        self.bind_layer(scene.candidate, &[Slot::Coverage], |layers, candidate| {
            layers.coverage.set_candidate(candidate);
        });
        self.bind_layer(scene.pulses, &[Slot::Marks], |layers, pulses| layers.marks.set_pulses(&pulses));
        self.bind_heat(scene);
        self.bind_cases(scene);
        self.bind_layer(scene.buildings, &[Slot::Points], |layers, buildings| layers.points.set_buildings(buildings));
        self.bind_layer(scene.located, &[Slot::Marks], |layers, located| layers.marks.located = located);
        self.bind_layer(scene.measure, &[Slot::Marks], |layers, mode| layers.marks.measure.start(mode));
    }

    fn bind_heat(self: &Rc<Self>, scene: &MapScene) {
        let (stage, heat) = (Rc::clone(&self.stage), scene.heat);
        effect(move || stage.take_heat(heat.get()));
    }

    /// Cases may come in floods: those that are drawn later or not at all have nothing drawn anew.
    fn bind_cases(self: &Rc<Self>, scene: &MapScene) {
        let (cases, all) = (scene.cases, scene.all_cases);
        let stage = Rc::clone(&self.stage);
        effect(move || {
            let cases = cases.get();
            stage.take_cases(cases);
        });
        let stage = Rc::clone(&self.stage);
        effect(move || stage.take_all_cases(all.get()));
    }
}
