//! Turns: while the map pans, pictures are drawn anew one a frame on the backs of the sheets, which are turned over at the end.

use gloo_timers::callback::Timeout;

use super::Stage;
use crate::map::plane::Frame;
use crate::map::sheet::Round;

/// How long no turn ends before the backs of the sheets give their memory back, milliseconds.
const GIVE_BACK_MS: u32 = 5_000;

impl Stage {
    pub(super) fn begin_round(&self, frame: Frame) -> Round {
        self.sheets.begin(&frame);
        Round { frame, next: 0 }
    }

    /// Draws the next picture whose turn it is, and lays all up to it on the back of its sheet; turns both over after the last.
    pub(super) fn go_on(&self, mut round: Round, view: &Frame, now_ms: f64) {
        for picture in self.together().skip(round.next) {
            let turn = picture.late.get();
            if turn {
                self.draw(picture, &round.frame, view, now_ms);
            }
            self.sheets.add(picture, &round.frame);
            round.next += 1;
            let more = self.together().skip(round.next).any(|picture| picture.late.get());
            // What shows nothing takes no turn.
            if more && turn && !picture.empty.get() {
                return self.round.set(Some(round));
            }
        }
        self.sheets.turn(&round.frame, self.host.pixel_origin());
        self.give_back_later(round.frame);
    }

    fn give_back_later(&self, frame: Frame) {
        let me = self.me.clone();
        let give = move || {
            if let Some(stage) = me.upgrade().filter(|stage| stage.round.get().is_none()) {
                stage.sheets.forget_backs(frame);
            }
        };
        *self.turned.borrow_mut() = Some(Timeout::new(GIVE_BACK_MS, give));
    }
}
