//! Where one is: district › street › community › grid.

use fengtu_wire::ids::PlaceId;
use leptos::prelude::*;

use super::scope::{name_of, place_name, use_scope};
use crate::say;
use crate::state::{DistrictStore, ViewStore, use_store};

/// Returns the way down to the node in view: ids and names; a grid that the tree lacks hangs under its parent.
pub fn way(district: &DistrictStore, id: &PlaceId) -> Vec<(PlaceId, String)> {
    let named =
        |id: &PlaceId| district.breadcrumb(id).into_iter().map(|p| (p.id.clone(), place_name(p))).collect::<Vec<_>>();
    let own = named(id);
    if !own.is_empty() {
        return own;
    }
    let grids = district.grids.value().map(Vec::as_slice).unwrap_or_default();
    let parent = grids.iter().find(|g| g.properties.id == *id).and_then(|g| g.properties.parent.clone());
    let mut way = parent.map(|parent| named(&parent)).unwrap_or_default();
    way.push((id.clone(), name_of(district, id)));
    way
}

/// The way down to the node in view; each step leads back to itself. Narrow screens show the last alone.
#[component]
pub fn Breadcrumb() -> impl IntoView {
    let (district, view, place) = (use_store::<DistrictStore>(), use_store::<ViewStore>(), use_scope().place);
    let steps = Memo::new(move |_| place.get().map(|id| district.with(|d| way(d, &id))).unwrap_or_default());
    let step = move |(index, (id, name)): (usize, (PlaceId, String))| {
        let is_last = index + 1 == steps.with_untracked(Vec::len);
        if is_last {
            return view! { <li><span aria-current="location">{name}</span></li> }.into_any();
        }
        let go = move |_| view.update(|v| v.go_to(Some(id.clone())));
        view! { <li><button type="button" class="link" on:click=go>{name}</button></li> }.into_any()
    };
    view! {
        <nav class="crumbs" aria-label=say!(desk.crumbs_label)>
            <ol>{move || steps.get().into_iter().enumerate().map(step).collect_view()}</ol>
        </nav>
    }
}
