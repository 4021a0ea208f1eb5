//! What a hand at the wall can do, shown while there is one: scenes back and forth, going on, the way out.

use leptos::prelude::*;

use super::board::scene_name;
use super::context::Wall;
use super::pairing;
use super::watch::seconds;
use crate::browser::{clock, page};
use crate::reactive::{memo, part, words};
use crate::state::{SessionStore, use_store};
use crate::ui::button::{Button, Look};
use crate::ui::icon::Icon;
use crate::{say, tr};

/// Milliseconds after which a first press is forgotten.
const FORGET_MS: u32 = 5_000;

/// A bar at the foot that leaves with the hand.
pub fn hand(wall: Wall) -> impl IntoView {
    let left = memo(move || {
        // Once a second is enough for anything that people read.
        wall.now.track();
        let left = wall.show.with(|show| show.paused_s(seconds()).filter(|_| show.is_at_hand()));
        left.filter(|_| wall.held.get()).map(|left| left.ceil() as u32)
    });
    let is_here = memo(move || left.get().is_some());
    part(move || is_here.get().then(|| bar(wall, left)).into_any())
}

fn bar(wall: Wall, left: Memo<Option<u32>>) -> AnyView {
    let turn = move |forward: bool| {
        let programme = wall.programme.get_untracked();
        wall.show.update(|show| show.turn(&programme, forward, seconds()));
    };
    let go_on = move |()| {
        let programme = wall.programme.get_untracked();
        // After the touch that pressed the button has been heard.
        leptos::task::spawn_local(async move { wall.show.update(|show| show.resume(&programme, seconds())) });
    };
    let session = use_store::<SessionStore>();
    // Where nobody signs in there is no remote to pair, and no way out.
    let signs_in = session.with_untracked(|s| s.public().has_sessions());
    let owner = Owner::current();
    let pair = move |()| {
        if let Some(owner) = &owner {
            owner.with(|| pairing::ask(wall));
        }
    };
    let sound = move || if wall.sound.get() { tr!(wall.sound_off) } else { tr!(wall.sound_on) };
    // A hand that strays must not end the wall: it is asked twice.
    let asked = RwSignal::new(false);
    let sign_out = move |()| {
        if !asked.get_untracked() {
            asked.set(true);
            leptos::task::spawn_local(async move {
                clock::sleep(FORGET_MS).await;
                // The bar may have gone.
                let _ = asked.try_set(false);
            });
            return;
        }
        let staff = session.with_untracked(|s| s.staff().cloned());
        leptos::task::spawn_local(async move {
            if let Some(staff) = staff {
                // A session that the server has lost already is over too.
                let _ = staff.sign_out().await;
            }
            page::reload();
        });
    };
    let leave = move || if asked.get() { tr!(wall.sign_out_again) } else { tr!(wall.sign_out) };
    view! {
        <nav class="wall-hand" aria-label=say!(wall.hand)>
            <Button label=say!(wall.back) icon=Icon::Back on_press=move |()| turn(false) />
            <p class="wall-hand-words"><strong>{words(move || scene_name(wall))}</strong>
                <span>{words(move || tr!(wall.paused, n = left.get().unwrap_or(0)))}</span></p>
            <Button label=say!(wall.next) icon=Icon::Next on_press=move |()| turn(true) />
            <Button label=say!(wall.go_on) icon=Icon::Play look=Look::Primary on_press=go_on />
            {signs_in.then(|| view! { <Button label=say!(wall.pair) icon=Icon::Link on_press=pair /> })}
            <Button label=sound on_press=move |()| wall.sound.update(|on| *on = !*on) />
            {signs_in.then(|| view! { <Button label=leave icon=Icon::Person on_press=sign_out /> })}
        </nav>
    }
    .into_any()
}
