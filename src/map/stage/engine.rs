//! What the engine tells, and what is done about a canvas that is lost.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::HtmlElement;

use super::Stage;
use crate::browser::visibility;
use crate::browser::worker::Heard;
use crate::map::layers::points::CASES_FROM;
use crate::map::layers::{Layers, News, Slot};
use crate::map::model::{CaseMark, CasePoints, Heat, Shared};
use crate::map::plane::Frame;
use crate::map::wish::HeatPicture;

/// So many pictures of one view may wait, each for a frame of its own: a stall of a tenth of a second in a year that is played.
const MOST_HELD: usize = 4;

impl Stage {
    /// Takes what the engine told.
    pub(super) fn hear(&self, heard: Heard) {
        let news = self.layers.borrow_mut().hear(heard);
        self.take_up(news);
        self.tell();
    }

    /// Asks the layers for something of the engine, and draws what came of it at once.
    pub fn ask_engine(&self, ask: impl FnOnce(&mut Layers) -> News) {
        let news = ask(&mut self.layers.borrow_mut());
        self.take_up(news);
        self.tell();
    }

    /// Takes the heat. Where a worker has been asked for some of this view already, the new is asked for at once: by the next frame
    /// it may be there.
    pub fn take_heat(&self, heat: Heat) {
        let is_seen = !self.zooming.get() && visibility::is_visible();
        let has_cells = self.look(|layers| layers.heat.has_cells());
        self.layers.borrow_mut().set_heat(heat);
        // Names keep clear of the hottest of them.
        if has_cells || self.look(|layers| layers.heat.has_cells()) {
            self.soil(&[Slot::Names]);
        }
        let asked = self.look(|layers| layers.heat.asked().filter(|_| layers.link.is_away()));
        let frames = self.frames().filter(|(frame, _)| is_seen && asked == Some(*frame));
        let picture = self.pictures.iter().find(|picture| picture.slot == Slot::Heat && !picture.dirty.get());
        match (frames, picture) {
            (Some((frame, view)), Some(picture)) => {
                self.draw(picture, &frame, &view, 0.0);
                self.tell();
            }
            _ => self.soil(&[Slot::Heat]),
        }
    }

    /// Takes the newest cases; where the zoom shows no single ones, nothing is drawn anew.
    pub fn take_cases(&self, cases: Shared<CaseMark>) {
        let shows = self.drawn().is_some_and(|frame| frame.zoom >= CASES_FROM);
        let slots: &[Slot] = if shows { &[Slot::Points] } else { &[] };
        self.change(slots, |layers| layers.points.set_cases(cases));
    }

    /// Takes all cases; where some are drawn already, they are drawn anew when their clusters come.
    pub fn take_all_cases(&self, points: Option<CasePoints>) {
        let is_later = points.is_some() && self.look(|layers| layers.points.crowd.wants());
        match self.drawn().filter(|_| is_later) {
            None => self.change(&[Slot::Points], |layers| layers.set_all_cases(points)),
            Some(frame) => self.ask_engine(|layers| {
                layers.set_all_cases(points);
                layers.ask_crowd(&frame)
            }),
        }
    }

    /// Returns the view that things are drawn for.
    fn drawn(&self) -> Option<Frame> {
        Some(self.frame(0.0)?.enlarged(self.scale()))
    }

    /// Draws what came.
    pub(super) fn take_up(&self, News { heat, points }: News) {
        if let Some(heat) = heat {
            self.lay_heat(heat);
        }
        if points {
            self.soil(&[Slot::Points]);
        }
    }

    /// Takes a picture of heat, and lays down one alone for each frame of the screen: of two, people would see the second.
    fn lay_heat(&self, heat: HeatPicture) {
        let mut held = self.held.borrow_mut();
        // Pictures of a year that is played are of one view; of another the newest alone matters.
        held.retain(|earlier| earlier.frame == heat.frame);
        held.push_back(heat);
        if held.len() > MOST_HELD {
            held.pop_front();
        }
        drop(held);
        if !self.is_laid.get() {
            self.is_laid.set(self.show_next());
        }
        self.ask();
    }

    /// Goes on to the next frame of the screen, within its own callback: what is held comes with the one after that which has been laid
    /// down for this one.
    pub(super) fn next_heat(&self) {
        if !self.is_laid.replace(false) {
            self.show_next();
        }
    }

    /// Lays down the newest that is held.
    pub fn show_held(&self) {
        let newest = self.held.borrow_mut().pop_back();
        self.held.replace(newest.into_iter().collect());
        if self.show_next() {
            self.is_laid.set(true);
            self.ask();
        }
    }

    /// Lays down the oldest that is held; tells whether there was one. In the midst of an animated zoom it would slide over the
    /// ground, and heat may have been switched off meanwhile.
    fn show_next(&self) -> bool {
        let next = if self.zooming.get() { None } else { self.held.borrow_mut().pop_front() };
        // While it is drawn, where the page is its own engine, it is wanted.
        let next = next.filter(|_| self.layers.try_borrow().map_or(true, |layers| layers.heat.comes_later()));
        next.inspect(|heat| self.show_heat(heat)).is_some()
    }

    /// Shows a picture of heat.
    fn show_heat(&self, heat: &HeatPicture) {
        if let Some(picture) = self.pictures.iter().find(|picture| picture.slot == Slot::Heat) {
            picture.show_heat(heat);
            picture.place(self.host.pixel_origin(), self.host.center_zoom().1);
        }
    }

    /// Has everything drawn anew when the browser gives back canvases that it had to take: a graphics driver that fails takes
    /// all of them, and they come back empty.
    pub(super) fn watch_loss(&self, pane: &HtmlElement) {
        let me = self.me.clone();
        let on_restored = Closure::<dyn FnMut()>::new(move || {
            if let Some(stage) = me.upgrade() {
                stage.soil(&Slot::ALL);
            }
        });
        // The event does not bubble: on its way down all canvases of the pane are heard at once.
        let listener = on_restored.as_ref().unchecked_ref();
        let _ = pane.add_event_listener_with_callback_and_bool("contextrestored", listener, true);
        self.on_restored.replace(Some(on_restored));
    }

    fn tell(&self) {
        if let Some(callback) = &*self.after_draw.borrow() {
            callback();
        }
    }
}
