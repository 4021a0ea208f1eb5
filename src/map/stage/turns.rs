//! Turns: while the map pans, pictures are drawn anew one a frame on the backs of the sheets, which are turned over at the end.

use super::Stage;
use crate::map::plane::Frame;
use crate::map::sheet::Round;

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
    }
}
