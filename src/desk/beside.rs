//! What an answer that is made of several backends says beside what is in it: who did not answer, what was not read to its end.

use leptos::prelude::*;

use crate::api::lenient::{Refused, Silent};
use crate::state::{DistrictStore, use_store};
use crate::ui::icon::{Glyph, Icon};
use crate::ui::number::grouped;
use crate::ui::time::exact;
use crate::{i18n, tr};

/// Says each in a sentence; none where all is there.
pub fn sentences(beside: &Refused, utc_offset_s: i32) -> Vec<String> {
    let silent = beside.silent.iter().map(|silent| told(silent, utc_offset_s));
    let cut = (beside.unread > 0).then(|| tr!(desk.beside_cut, n = grouped(beside.unread as u64)));
    let unordered = beside.is_unordered.then(|| tr!(desk.beside_unordered).to_owned());
    silent.chain(cut).chain(unordered).collect()
}

fn told(silent: &Silent, utc_offset_s: i32) -> String {
    let (backend, what) = (silent.backend.as_str(), super::backends::resource_name(&silent.resource));
    match silent.since {
        Some(at) => tr!(desk.beside_since, backend = backend, what = what, time = exact(at, utc_offset_s)),
        None => tr!(desk.beside_never, backend = backend, what = what),
    }
}

/// Says what is behind it: the backend's own words, where it has any.
pub fn why(silent: &Silent) -> String {
    i18n::told(&silent.detail).to_owned()
}

/// Shows them over a page; nothing where all is there.
pub fn note(beside: &Refused) -> AnyView {
    let offset = use_store::<DistrictStore>().with(DistrictStore::utc_offset_s);
    let said = sentences(beside, offset);
    if said.is_empty() {
        return ().into_any();
    }
    let why = beside.silent.iter().map(why).collect::<Vec<_>>().join("\n");
    let said = said.into_iter().map(|said| view! { <li>{said}</li> }).collect_view();
    view! { <div class="map-note failed beside" role="status" title=why><Glyph icon=Icon::Warning /><ul>{said}</ul></div> }.into_any()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, reason = "tests")]

    use super::*;

    #[test]
    fn who_is_silent_is_named_with_what_stands_in_and_a_cut_list_says_so() {
        let silent = |since: Option<&str>| Silent {
            backend: "gis".to_owned(),
            resource: "grids".to_owned(),
            detail: if since.is_none() { "转走了 ‖ sent on" } else { "HTTP 502" }.to_owned(),
            since: since.and_then(|at| at.parse().ok()),
        };
        let beside = Refused {
            count: 600,
            unread: 600,
            is_unordered: true,
            silent: vec![silent(None), silent(Some("2026-03-01T01:00:30Z"))],
            ..Refused::default()
        };
        let said = sentences(&beside, 28_800);
        let [never, since, cut, unordered] = said.as_slice() else { panic!("{said:?}") };
        assert!(never.contains("gis") && never.contains("网格"), "{never}");
        assert!(since.contains("2026-03-01 09:00"), "{since}");
        let whys: Vec<String> = beside.silent.iter().map(why).collect();
        assert_eq!(whys, ["转走了", "HTTP 502"], "in the reader's language, where it is ours");
        assert!(cut.contains("600") && unordered.contains("顺序"), "{cut} {unordered}");
        assert!(sentences(&Refused::default(), 0).is_empty());
    }
}
