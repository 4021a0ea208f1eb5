//! What the engine was asked and has not answered, and how much more may be asked behind it.

use super::super::wish::{Ask, Wish};

/// Pictures under way may take so long together, milliseconds, as far as the last ones tell: a page that is busy for some steps of
/// thirty a second has a picture of each of them after all, and a slow engine still does not queue.
const AHEAD_MS: f64 = 120.0;
/// And may be so many.
const AHEAD: usize = 8;
/// What a picture is taken to take before one has come, milliseconds.
const USUAL_MS: f64 = 50.0;

/// A wish that was sent.
struct Asked {
    job: u32,
    wish: Wish,
    /// Whether it is not wished any more.
    unwanted: bool,
}

/// Holds what was asked from the oldest on, in case that the worker dies over it.
#[derive(Default)]
pub struct UnderWay {
    asked: Vec<Asked>,
    /// What the last pictures took the engine, milliseconds; absent before the first.
    took_ms: Option<f64>,
}

impl UnderWay {
    /// Tells whether the engine owes nothing.
    pub const fn is_empty(&self) -> bool {
        self.asked.is_empty()
    }

    /// Tells whether anything of it will be drawn.
    pub fn is_wanted(&self) -> bool {
        self.asked.iter().any(|asked| !asked.unwanted)
    }

    /// Tells whether one of a kind that is still wished is among it.
    pub fn has(&self, kind: usize) -> bool {
        self.asked.iter().any(|asked| !asked.unwanted && asked.wish.ask.kind() == kind)
    }

    /// Says of a kind whether it is still wished.
    pub fn set_unwanted(&mut self, kind: usize, unwanted: bool) {
        for asked in self.asked.iter_mut().filter(|asked| asked.wish.ask.kind() == kind) {
            asked.unwanted = unwanted;
        }
    }

    /// Tells whether a question may be sent behind those under way: a picture of their view, as long as it is soon drawn.
    pub fn lets_in(&self, next: &Ask) -> bool {
        let Some(first) = self.asked.first() else { return true };
        let under_way_ms = self.asked.len() as f64 * self.took_ms.unwrap_or(USUAL_MS);
        self.asked.len() < AHEAD && under_way_ms < AHEAD_MS && is_same_view(&first.wish.ask, next)
    }

    /// Takes note of a question that is sent.
    pub fn ask(&mut self, job: u32, wish: Wish) {
        self.asked.push(Asked { job, wish, unwanted: false });
    }

    /// Takes note of an answer. Gives its question, and whether that is still wished; nothing where it was not under way.
    pub fn answer(&mut self, job: u32) -> Option<(Ask, bool)> {
        let place = self.asked.iter().position(|asked| asked.job == job)?;
        // Answers come in the order of the questions: one that was passed over is lost, and a newer one is here.
        let later = self.asked.split_off(place + 1);
        let Asked { wish, unwanted, .. } = std::mem::replace(&mut self.asked, later).pop()?;
        Some((wish.ask, !unwanted))
    }

    /// Takes note of what a picture took the engine: one that is slow once counts for a quarter.
    pub fn note_took(&mut self, ms: f64) {
        self.took_ms = Some(self.took_ms.map_or(ms, |before| before * 0.75 + ms * 0.25));
    }

    /// Takes back what is still wished, the newest first.
    pub fn take_back(&mut self) -> impl Iterator<Item = Wish> + use<> {
        let asked = std::mem::take(&mut self.asked).into_iter().rev();
        asked.filter(|asked| !asked.unwanted).map(|asked| asked.wish)
    }
}

/// Tells whether both are pictures of one view, and so differ in what is on them alone.
fn is_same_view(one: &Ask, other: &Ask) -> bool {
    matches!((one, other), (Ask::Picture { frame, .. }, Ask::Picture { frame: next, .. }) if frame == next)
}
