//! Warning levels: shape, word and hatch, with the colour as the least of them.

use fengtu_wire::warnings::Level;
use leptos::prelude::*;

use crate::reactive::words;
use crate::tr;

/// Returns the word of a level.
pub fn level_word(level: Level) -> &'static str {
    match level {
        Level::Red => tr!(common.level_red),
        Level::Yellow => tr!(common.level_yellow),
        Level::Blue => tr!(common.level_blue),
        Level::None => tr!(common.level_none),
    }
}

/// A level with its mark and its word, which follows the language.
#[component]
pub fn LevelBadge(level: Level) -> impl IntoView {
    badge(level, words(move || level_word(level).to_owned()))
}

/// The same for what is made anew with every change, and so with the language.
pub fn level_badge(level: Level) -> AnyView {
    badge(level, level_word(level))
}

fn badge(level: Level, word: impl IntoView + 'static) -> AnyView {
    let (class, shape, hatch) = match level {
        Level::Red => ("level level-red", "M9 2L17 16H1Z", "M5 16L11 6M8 16L13 8M11 16L14.5 10"),
        Level::Yellow => ("level level-yellow", "M9 1L17 9L9 17L1 9Z", "M6 13L13 6"),
        Level::Blue => ("level level-blue", "M9 2A7 7 0 1 1 9 16A7 7 0 1 1 9 2", ""),
        Level::None => ("level level-none", "M3 9H15", ""),
    };
    view! {
        <span class=class>
            <svg class="level-mark" viewBox="0 0 18 18" aria-hidden="true">
                <path class="shape" d=shape></path>
                <path class="hatch" d=hatch></path>
            </svg>
            {word}
        </span>
    }
    .into_any()
}
