//! The row of great figures; a digit rolls only where it has changed.

use leptos::prelude::*;

use super::card::Hero;
use crate::reactive::{flag, memo, part, words};

/// The heroes, as many as have room.
pub fn row(heroes: Memo<Vec<Hero>>, shown: usize) -> AnyView {
    let one = |index: usize| {
        // One memo a hero: a figure that has not changed is not touched.
        let hero = memo(move || heroes.with(|heroes| heroes.get(index).cloned().unwrap_or_default()));
        hero_view(hero)
    };
    view! { <dl class="wall-heroes">{(0..shown).map(one).collect_view()}</dl> }.into_any()
}

fn hero_view(hero: Memo<Hero>) -> AnyView {
    let figure = memo(move || hero.with(|hero| hero.figure.clone()));
    let label = words(move || hero.with(|hero| hero.label.clone()));
    let unit = words(move || hero.with(|hero| hero.unit.to_owned()));
    // A line even where there is no note: the row does not grow when an age comes to stand there.
    let note =
        words(move || hero.with(|hero| if hero.note.is_empty() { "\u{a0}".to_owned() } else { hero.note.clone() }));
    view! {
        <div class="wall-hero" class:aged=flag(move || hero.with(|hero| hero.aged))>
            <dt>{label}</dt>
            <dd>
                <span class="wall-hero-figure">{rolling(figure)}<small>{unit}</small></span>
                <span class="wall-note">{note}</span>
            </dd>
        </div>
    }
    .into_any()
}

/// A figure whose digits stand on strips from 0 to 9; the strips are the style sheet's, so that the text is the figure alone.
fn rolling(figure: Memo<String>) -> AnyView {
    // Never fewer than there were: a memo keeps whoever has read it for as long as it lives, so a wall that made slots anew
    // with every scene would grow for weeks. A slot beyond the figure's end shows nothing.
    let length = Memo::new(move |before: Option<&usize>| {
        figure.with(|figure| figure.chars().count()).max(before.copied().unwrap_or_default())
    });
    let slots = part(move || {
        let one = move |index: usize| slot(memo(move || figure.with(|figure| figure.chars().nth(index))));
        (0..length.get()).map(one).collect_view().into_any()
    });
    view! {
        <span class="sr-only wall-value">{figure}</span>
        <span class="wall-roll" aria-hidden="true">{slots}</span>
    }
    .into_any()
}

fn slot(at: Memo<Option<char>>) -> AnyView {
    let digit = move || at.get().and_then(|c| c.to_digit(10));
    let other = words(move || at.get().filter(|c| !c.is_ascii_digit()).map(String::from).unwrap_or_default());
    let turn = words(move || digit().unwrap_or_default().to_string());
    view! { <i class:digit=flag(move || digit().is_some()) style=("--d", turn)>{other}</i> }.into_any()
}
