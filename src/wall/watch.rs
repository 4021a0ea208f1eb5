//! What goes on by itself for weeks: scenes in turn, red warnings, hands, day and night, the drift, a screen kept awake.

use chrono::Timelike;
use fengtu_wire::ids::PlaceId;
use fengtu_wire::walls::WallAction;
use fengtu_wire::warnings::Level;
use leptos::prelude::*;

use super::context::Wall;
use super::scenes::gravest;
use super::{pairing, told};
use crate::browser::clock::{self, Ticker};
use crate::browser::sound::Tone;
use crate::browser::{page, screen, storage};
use crate::reactive::{effect, memo};
use crate::state::{DistrictStore, LiveStore, WarningsStore, use_store};

/// Starts all of it, for as long as the wall is shown.
pub fn start(wall: Wall) {
    take_turns(wall);
    follow_warnings(wall);
    follow_remotes(wall);
    follow_hands(wall);
    keep(wall);
    effect(move || page::set_root("data-theme", if wall.day.get() { "day" } else { "night" }));
    let awake = StoredValue::new_local(Some(screen::Awake::keep()));
    on_cleanup(move || drop(awake.try_update_value(Option::take)));
}

/// Returns seconds on the clock that scenes run by.
pub fn seconds() -> f64 {
    clock::monotonic_ms() / 1000.0
}

/// Returns seconds on the machine's own clock, which goes on from one page to the next.
pub fn unix_s() -> u32 {
    (clock::wall_ms() / 1000.0) as u32
}

/// Where the tab keeps what somebody has set.
pub const KEPT: &str = "fengtu.show";

/// Keeps what somebody has set, whenever that changes; and every minute, for a wall that was left alone is not forgotten.
fn keep(wall: Wall) {
    let set_sound = move || Some(wall.sound.get()).filter(|on| wall.settings.with_value(|s| s.sound != *on));
    let text = move |at_s, now_s| wall.show.with(|show| show.to_text(set_sound(), at_s, now_s));
    let set = memo(move || text(0, 0.0));
    effect(move || {
        set.track();
        wall.minute.track();
        storage::set_tab(KEPT, &untrack(|| text(unix_s(), seconds())));
    });
}

fn take_turns(wall: Wall) {
    let tick = move || {
        // The page may be going.
        let Some(programme) = wall.programme.try_get_untracked() else { return };
        let _: Option<()> = wall.show.try_update(|show| show.tick(&programme, seconds()));
    };
    let ticker = StoredValue::new_local(Some(Ticker::new(1_000, tick)));
    on_cleanup(move || drop(ticker.try_update_value(Option::take)));
}

/// Where the tab keeps which places are red and were shown: what turns red while the page is opened anew is new.
const RED: &str = "fengtu.red";

/// What turns red is shown, while the stream was down or the page was opened anew too; what the very first snapshot of a tab brings
/// was red already.
fn follow_warnings(wall: Wall) {
    let live = use_store::<LiveStore>();
    let snapshots = memo(move || live.with(|live| live.snapshots));
    let red = all_red();
    let mut known = storage::get_tab(RED).map(|text| text.split_whitespace().map(PlaceId::from).collect());
    let mut tone = Tone::default();
    effect(move || {
        let red: Vec<PlaceId> = red.get();
        if snapshots.get() == 0 {
            return;
        }
        let before: Vec<PlaceId> = known.replace(red.clone()).unwrap_or_else(|| red.clone());
        let new: Vec<PlaceId> = red.iter().filter(|place| !before.contains(*place)).cloned().collect();
        // In the dark too, which it lights.
        if !new.is_empty() && wall.sound.get_untracked() {
            tone.sound();
        }
        wall.show.update(|show| {
            show.warn(new);
            show.keep_red(&red);
        });
    });
    let waiting = memo(move || wall.show.with(|show| show.waiting().cloned().collect::<Vec<_>>()));
    effect(move || {
        let waiting = waiting.get();
        let shown = |red: &Vec<PlaceId>| {
            let shown = red.iter().filter(|place| !waiting.contains(*place));
            shown.map(PlaceId::as_str).collect::<Vec<_>>().join(" ")
        };
        let shown = red.with(shown);
        if snapshots.get() > 0 {
            storage::set_tab(RED, &shown);
        }
    });
}

/// Every place that is red, the gravest first.
fn all_red() -> Memo<Vec<PlaceId>> {
    let (warnings, district) = (use_store::<WarningsStore>(), use_store::<DistrictStore>());
    memo(move || {
        let level = |id: &PlaceId| district.with(|d| d.tree.value()?.get(id).map(|place| place.level));
        let red = |w: &WarningsStore| {
            let red = w.all().filter(|(_, level, _)| *level == Level::Red);
            red.map(|(id, _, score)| (id.clone(), score, level(id))).collect()
        };
        gravest(warnings.with(red))
    })
}

/// Does what remotes tell the wall, each once and in order.
fn follow_remotes(wall: Wall) {
    let (live, district) = (use_store::<LiveStore>(), use_store::<DistrictStore>());
    let waiting = memo(move || live.with(|live| live.told.len()));
    let owner = Owner::current();
    effect(move || {
        if waiting.get() == 0 {
            return;
        }
        let told = live.try_update_untracked(|live| std::mem::take(&mut live.told)).unwrap_or_default();
        live.notify();
        let programme = wall.programme.get_untracked();
        let streets = district.with_untracked(super::context::streets);
        for command in told {
            match command.action {
                WallAction::Code => owner.iter().for_each(|owner| owner.with(|| pairing::ask(wall))),
                WallAction::Paired => wall.pairing.set(None),
                WallAction::Sound => wall.sound.set(true),
                WallAction::Mute => wall.sound.set(false),
                _ => {}
            }
            wall.show.update(|show| told::obey(show, &programme, &streets, &command, seconds()));
        }
    });
}

/// Any touch and any key make the wall wait.
fn follow_hands(wall: Wall) {
    let touched = move |key: &str| {
        let programme = wall.programme.try_get_untracked().unwrap_or_default();
        let _ = wall.show.try_update(|show| match key {
            "ArrowRight" | "PageDown" if !is_on_map() => show.turn(&programme, true, seconds()),
            "s" | "S" => {
                wall.sound.update(|on| *on = !*on);
                show.touch(seconds());
            }
            "ArrowLeft" | "PageUp" if !is_on_map() => show.turn(&programme, false, seconds()),
            _ => show.touch(seconds()),
        });
    };
    let listeners = StoredValue::new_local(screen::watch_hands(touched));
    on_cleanup(move || drop(listeners.try_update_value(std::mem::take)));
}

/// Where the map has the focus, arrows are its own.
fn is_on_map() -> bool {
    page::focused().is_some_and(|id| id == "map-ground")
}

/// Minutes that the picture stands still, and the places that it takes in turn, CSS pixels.
const DRIFT_MINUTES: u32 = 3;
const DRIFT: [(i8, i8); 8] = [(0, 0), (2, 1), (4, 2), (2, 4), (0, 3), (-2, 4), (-4, 1), (-2, -2)];

/// Moves the picture by a few pixels every few minutes, so that nothing burns in.
pub fn drift(now: &impl Timelike) -> String {
    let (x, y) = offset(now.hour() * 60 + now.minute());
    format!("translate({x}px, {y}px)")
}

/// Returns how far the picture is off its place at a minute of the day.
pub fn offset(minute: u32) -> (i8, i8) {
    DRIFT.get((minute / DRIFT_MINUTES) as usize % DRIFT.len()).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_drift_stays_within_what_the_layout_leaves_for_it() {
        let most = i8::try_from(super::super::fit::DRIFT_PX as i64 / 2).unwrap_or(0);
        let all: std::collections::BTreeSet<_> = (0..1_440).map(offset).collect();
        assert!(all.len() > 4 && all.iter().all(|(x, y)| x.abs() <= most && y.abs() <= most), "{all:?}");
        assert_eq!(offset(0), offset(2));
    }
}
