//! The bar at the foot: a year of days with the cases of each, a slider over them, playing, and the way back to now.

use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, Utc};
use fengtu_wire::statistics::DayCount;
use leptos::prelude::*;

use super::context::{MapContext, use_map};
use super::data;
use super::playback::{self, Calendar, REACH, SPEEDS};
use crate::api::dialect::Resource;
use crate::browser::clock;
use crate::reactive::effect;
use crate::routes::Layer;
use crate::state::{SessionStore, ViewStore, WarningsStore, use_store};
use crate::ui::button::IconButton;
use crate::ui::icon::Icon;
use crate::ui::segmented::{Choice, Segmented};
use crate::{say, tr};

/// The bar.
#[component]
pub fn TimeBar() -> impl IntoView {
    let (map, view) = (use_map(), use_store::<ViewStore>());
    let calendar = data::calendar(map);
    let at = Memo::new(move |_| view.with(|v| v.state.at));
    let step = Memo::new(move |_| calendar.get().step(at.get()));
    let go = Callback::new(move |step: i64| {
        let at = calendar.get_untracked().at(step);
        view.update(|v| playback::go_to(&mut v.state, at, map.present.get_untracked()));
    });
    view! {
        <div class="time-bar">
            <Player step go />
            <Track map calendar at step go />
            <Moment calendar at step go />
        </div>
    }
}

/// Plays, pauses, and sets the speed.
#[component]
fn Player(step: Memo<i64>, go: Callback<i64>) -> impl IntoView {
    let speed = RwSignal::new(SPEEDS.get(1).copied().unwrap_or(7));
    let playing = RwSignal::new(false);
    let waits = waits();
    effect(move || {
        let (on, speed) = (playing.get(), speed.get());
        let is_over = Arc::new(AtomicBool::new(!on));
        let over = Arc::clone(&is_over);
        on_cleanup(move || over.store(true, Ordering::Relaxed));
        let (every_ms, days) = playback::pace(speed);
        let go_on = move || advance(step, go, playing, days);
        each_frame(
            Play { is_over, due_ms: clock::monotonic_ms(), every_ms },
            Rc::new(move || !waits()),
            Rc::new(go_on),
        );
    });
    let toggle = move |()| {
        // Playing from the end would end at once: it starts a quarter of a year back.
        if !playing.get_untracked() && step.get_untracked() >= REACH {
            go.run(REACH - 90);
        }
        playing.update(|on| *on = !*on);
    };
    let choices = SPEEDS.map(|n| Choice::new(n, move || tr!(desk.time_speed, n = n))).to_vec();
    view! {
        <div class="time-player">
            {move || {
                let (icon, label) = if playing.get() { (Icon::Pause, tr!(desk.time_pause)) } else { (Icon::Play, tr!(desk.time_play)) };
                view! { <IconButton icon label on_press=toggle /> }
            }}
            <Segmented name="time-speed" legend=say!(desk.time_speed_title) choices chosen=speed on_choose=move |n| speed.set(n) />
        </div>
    }
}

/// A year that is being played.
struct Play {
    /// Somebody has paused it, or chosen another speed.
    is_over: Arc<AtomicBool>,
    due_ms: f64,
    every_ms: f64,
}

/// Goes on in each frame in which a step is due. Each is drawn in the frame that it came in: a slow machine plays slower and still
/// hears a key.
fn each_frame(play: Play, may: Rc<dyn Fn() -> bool>, go_on: Rc<dyn Fn()>) {
    if play.is_over.load(Ordering::Relaxed) {
        return;
    }
    clock::next_frame(move || {
        let now = clock::monotonic_ms();
        let due_ms = match playback::next_due(play.due_ms, now, play.every_ms) {
            Some(next) if !play.is_over.load(Ordering::Relaxed) && may() => {
                go_on();
                next
            }
            // What it waited for is not made up for.
            Some(_) => now,
            None => play.due_ms,
        };
        each_frame(Play { due_ms, ..play }, may, go_on);
    });
}

/// Whether playing must wait: the levels of the past are still on their way, and nothing would follow.
fn waits() -> impl Fn() -> bool + Copy + 'static {
    let (view, warnings) = (use_store::<ViewStore>(), use_store::<WarningsStore>());
    let session = use_store::<SessionStore>();
    let comes = session.with_untracked(|s| s.public().capabilities(Resource::Warnings).history);
    move || {
        let shown = comes && view.with_untracked(|v| !v.is_live() && v.has_layer(Layer::Warnings));
        shown && warnings.with_untracked(|w| w.history.is_loading())
    }
}

fn advance(step: Memo<i64>, go: Callback<i64>, playing: RwSignal<bool>, days: i64) {
    let Some(now) = step.try_get_untracked() else { return };
    let next = (now + days).min(REACH);
    go.run(next);
    if next == REACH {
        playing.set(false);
    }
}

/// The histogram of days, and the slider over it.
#[component]
fn Track(
    map: MapContext,
    calendar: Memo<Calendar>,
    at: Memo<Option<DateTime<Utc>>>,
    step: Memo<i64>,
    go: Callback<i64>,
) -> impl IntoView {
    let bars =
        Memo::new(move |_| map.year.with(|y| y.value().map(|y| bars_path(&day_counts(&y.days, calendar.get())))));
    let input = move |e| {
        if let Ok(step) = event_target_value(&e).parse() {
            go.run(step);
        }
    };
    let text = move || day_text(calendar.get(), at.get());
    let past = move || format!("{:.3}", step.get() as f64 + 0.5);
    view! {
        <div class="time-track">
            <svg class="time-days" viewBox=format!("0 0 {} 24", REACH + 1) preserveAspectRatio="none" aria-hidden="true">
                <path class="time-month" d=move || months_path(calendar.get())></path>
                <path class="time-bars" d=bars></path>
                <rect class="time-ahead" x=past y="0" width=move || (REACH - step.get()).to_string() height="24"></rect>
            </svg>
            <input type="range" class="time-slider" min="0" max=REACH step="1" prop:value=move || step.get().to_string()
                aria-label=say!(desk.time_slider) aria-valuetext=text on:input=input />
        </div>
    }
}

/// What moment is shown, said clearly; a step back or on; the way back to now.
#[component]
fn Moment(
    calendar: Memo<Calendar>,
    at: Memo<Option<DateTime<Utc>>>,
    step: Memo<i64>,
    go: Callback<i64>,
) -> impl IntoView {
    let live = Memo::new(move |_| step.get() >= REACH);
    let words = move || {
        if live.get() && !calendar.get().is_past() {
            tr!(desk.time_live).to_owned()
        } else {
            tr!(desk.time_past, day = day_text(calendar.get(), at.get()))
        }
    };
    let by = move |days: i64| move |()| go.run((step.get_untracked() + days).clamp(0, REACH));
    view! {
        <div class="time-moment">
            <IconButton icon=Icon::Back label=say!(desk.time_back) on_press=by(-1) />
            <output class="time-word" class:past=move || !live.get()>{words}</output>
            <IconButton icon=Icon::Next label=say!(desk.time_on) on_press=by(1) />
            <button type="button" class="button" prop:disabled=live on:click=move |_| go.run(REACH)>{say!(desk.time_now)}</button>
        </div>
    }
}

/// Writes the day that is shown, which may lie before the slider.
fn day_text(calendar: Calendar, at: Option<DateTime<Utc>>) -> String {
    crate::ui::time::day(&at.map_or_else(|| calendar.day(REACH), |at| calendar.local(at).date_naive()))
}

/// Returns the cases of each step of the slider; a day that is withheld or missing has none to draw.
pub fn day_counts(days: &[DayCount], calendar: Calendar) -> Vec<u64> {
    let by_day: std::collections::HashMap<_, _> = days.iter().filter_map(|d| Some((d.day, d.received?))).collect();
    (0..=REACH).map(|step| by_day.get(&calendar.day(step)).copied().unwrap_or(0)).collect()
}

/// Returns the height of the bars: that of the tallest day but for a handful, which would flatten all others.
fn tallest(counts: &[u64]) -> u64 {
    let mut sorted = counts.to_vec();
    fengtu_geo::order::sort_by(&mut sorted, Ord::cmp);
    let outliers = sorted.len() / 100;
    sorted.iter().rev().nth(outliers).copied().unwrap_or(0).max(1)
}

/// Returns the path of bars, one unit wide each and 24 high at most.
pub fn bars_path(counts: &[u64]) -> String {
    let most = tallest(counts) as f64;
    let bar = |(index, count): (usize, &u64)| {
        (*count > 0).then(|| format!("M{index} 24V{:.1}h0.8V24z", 24.0 - 23.0 * (*count as f64 / most).min(1.0)))
    };
    counts.iter().enumerate().filter_map(bar).collect()
}

/// Returns a hairline at the first of each month.
fn months_path(calendar: Calendar) -> String {
    let first = |step: &i64| chrono::Datelike::day(&calendar.day(*step)) == 1;
    (0..=REACH).filter(first).map(|step| format!("M{step} 0V24")).collect::<Vec<_>>().concat()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn days_stand_where_the_slider_has_them_and_gaps_stay_empty() {
        let calendar = Calendar::new("2026-05-12T01:00:00Z".parse().unwrap(), None, 28_800);
        let day = |day: &str, received| DayCount { day: day.parse().unwrap(), received, settled: None };
        let counts =
            day_counts(&[day("2026-05-12", Some(4)), day("2026-05-11", None), day("2026-05-10", Some(2))], calendar);
        assert_eq!(i64::try_from(counts.len()).unwrap(), REACH + 1);
        assert_eq!(counts.iter().rev().take(4).copied().collect::<Vec<_>>(), [4, 0, 2, 0]);
    }

    #[test]
    fn a_day_before_the_slider_is_said_as_it_is() {
        let calendar = Calendar::new("2026-05-12T01:00:00Z".parse().unwrap(), None, 28_800);
        let said = [None, Some("2013-06-01T20:00:00Z".parse().unwrap())].map(|at| day_text(calendar, at));
        assert_eq!(said, ["2026-05-12", "2013-06-02"]);
    }

    #[test]
    fn the_tallest_day_fills_the_bar_and_an_empty_one_draws_nothing() {
        assert_eq!(bars_path(&[0, 2, 4]), "M1 24V12.5h0.8V24zM2 24V1.0h0.8V24z");
        assert_eq!(bars_path(&[]), "");
    }

    #[test]
    fn a_day_beyond_all_others_does_not_flatten_them() {
        let mut year = vec![10; 365];
        year.push(5_000);
        assert_eq!(tallest(&year), 10);
        assert!(bars_path(&year).ends_with("M365 24V1.0h0.8V24z"));
    }
}
