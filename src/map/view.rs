//! The component.

use std::rc::Rc;

use crate::reactive::effect;
use leptos::html::Div;
use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::foot::MapFoot;
use super::live::Live;
use super::model::{MapEvent, MapWords, Seen};
use super::plane::Px;
use super::scene::MapScene;

type Mounted = StoredValue<Option<Rc<Live>>, LocalStorage>;

/// Shows the map. It fills its parent, which must have a size.
///
/// By keyboard: arrows pan (with Shift: far), `+` and `-` zoom, Enter chooses (or, when measuring, sets a corner at)
/// what is under the cross-hair, Backspace takes a corner back, Escape leaves.
#[component]
pub fn MapView(
    /// What to show.
    scene: MapScene,
    /// What happened.
    #[prop(into)]
    on_event: Callback<MapEvent>,
    /// Whether the map stands within a page that scrolls: the wheel then belongs to the page until the map has focus.
    #[prop(optional)]
    embedded: bool,
) -> impl IntoView {
    let ground = NodeRef::<Div>::new();
    let live: Mounted = StoredValue::new_local(None);
    let seen = RwSignal::new(None::<Seen>);
    let focused = RwSignal::new(false);
    mount(ground, live, &scene, on_event, seen);
    let wheel = move |on: bool| with_live(live, |live| live.host().set_handler("scrollWheelZoom", on));
    effect(move || {
        let focused = focused.get();
        if embedded {
            ground.track();
            wheel(focused);
        }
    });
    let words = scene.words;
    view! {
        <div class="map" class:is-focused=focused>
            <div
                class="map-ground"
                id="map-ground"
                node_ref=ground
                tabindex="0"
                role=move || if focused.get() { "application" } else { "region" }
                aria-label=move || words.with(|words| words.label.clone())
                aria-description=move || words.with(|words| words.keys.clone())
                on:focus=move |_| focused.set(true)
                on:blur=move |_| { focused.set(false); with_live(live, |live| live.point_by_key(false)); }
                on:keydown=move |event| with_live(live, |live| key(live, &event, ground))
            ></div>
            <div class="map-cross" aria-hidden="true"></div>
            <ZoomButtons live words />
            <MapFoot seen words tiles=scene.tiles bar_px=scene.bar_px />
        </div>
    }
}

#[component]
fn ZoomButtons(live: Mounted, words: Signal<MapWords>) -> impl IntoView {
    let zoom = move |steps: f64| with_live(live, |live| live.host().zoom_by(steps));
    view! {
        <div class="map-zoom" role="group">
            <button
                type="button"
                aria-label=move || words.with(|words| words.zoom_in.clone())
                on:click=move |_| zoom(1.0)
            >
                "+"
            </button>
            <button
                type="button"
                aria-label=move || words.with(|words| words.zoom_out.clone())
                on:click=move |_| zoom(-1.0)
            >
                "−"
            </button>
        </div>
    }
}

fn mount(
    ground: NodeRef<Div>,
    live: Mounted,
    scene: &MapScene,
    on_event: Callback<MapEvent>,
    seen: RwSignal<Option<Seen>>,
) {
    let scene = *scene;
    effect(move || {
        let Some(element) = ground.get() else { return };
        if live.with_value(Option::is_none) {
            live.set_value(untrack(|| Live::start(&element, &scene, on_event, seen)));
        }
    });
    on_cleanup(move || {
        if let Some(live) = live.try_update_value(Option::take).flatten() {
            live.stop();
        }
    });
}

fn with_live(live: Mounted, act: impl FnOnce(&Live)) {
    // Cloned out first: what is done may end in a change of this very value.
    if let Some(live) = live.try_get_value().flatten() {
        act(&live);
    }
}

/// Pixels that an arrow key pans.
const STEP: f64 = 80.0;

fn key(live: &Live, event: &KeyboardEvent, ground: NodeRef<Div>) {
    if event.ctrl_key() || event.alt_key() || event.meta_key() {
        return;
    }
    let step = if event.shift_key() { 3.0 * STEP } else { STEP };
    let name = event.key();
    if name.starts_with("Arrow") || matches!(name.as_str(), "+" | "=" | "-" | "_") {
        live.point_by_key(true);
    }
    match name.as_str() {
        "ArrowLeft" => live.host().pan(Px { x: -step, y: 0.0 }),
        "ArrowRight" => live.host().pan(Px { x: step, y: 0.0 }),
        "ArrowUp" => live.host().pan(Px { x: 0.0, y: -step }),
        "ArrowDown" => live.host().pan(Px { x: 0.0, y: step }),
        "+" | "=" => live.host().zoom_by(1.0),
        "-" | "_" => live.host().zoom_by(-1.0),
        "Enter" | " " => live.click_center(),
        "Backspace" if live.undo_measure() => {}
        "Escape" => leave(ground),
        _ => return,
    }
    event.prevent_default();
    event.stop_propagation();
}

fn leave(ground: NodeRef<Div>) {
    if let Some(element) = ground.get_untracked() {
        let _ = element.blur();
    }
}
