//! A name that leads on: a place goes down to itself, a cause cuts the rest.

use std::collections::BTreeSet;

use fengtu_wire::ids::{CategoryId, PlaceId};
use leptos::prelude::*;

use super::context::Board;

/// What a name leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum To {
    /// The board of a place.
    Place(PlaceId),
    /// What is shown, of one cause alone.
    Cause(CategoryId),
}

impl To {
    fn id(&self) -> &str {
        match self {
            Self::Place(id) => id.as_str(),
            Self::Cause(id) => id.as_str(),
        }
    }

    fn go(&self, board: Board) {
        board.change(|state| match self {
            Self::Place(id) => {
                (state.place, state.level) = (Some(id.clone()), None);
                state.brush.within.clear();
            }
            Self::Cause(id) => state.categories = BTreeSet::from([id.clone()]),
        });
    }
}

/// A name as a button; `card`: where it stands, as one name stands in many.
pub fn link(board: Board, card: &str, to: To, name: String) -> AnyView {
    let id = format!("down-{card}{}", to.id());
    view! { <button type="button" class="link" id=id on:click=move |_| to.go(board)>{name}</button> }.into_any()
}
