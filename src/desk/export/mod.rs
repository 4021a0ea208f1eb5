//! Taking it along: any layer as CSV or `GeoJSON`, exactly as it is listed, and the map as a picture.

pub mod csv;
pub mod geojson;
pub mod xlsx;

use chrono::{DateTime, FixedOffset};
use fengtu_wire::geojson::Geometry;
use leptos::prelude::*;

use self::geojson::About;
use super::list::data::Lists;
use super::list::sheet::{Row, name};
use super::scope::name_of;
use crate::browser::{history, save};
use crate::i18n;
use crate::routes::{Layer, Selection};
use crate::scene::follow::notice;
use crate::state::screen::Outcome;
use crate::state::{DistrictStore, ScreenStore, use_store};
use crate::ui::button::Button;
use crate::ui::icon::Icon;
use crate::ui::time::day_and_time;
use crate::{say, tr};

/// Returns a file name that every system takes: place, layer and time, without what paths and shells read.
pub fn file_name(parts: &[&str], ending: &str) -> String {
    let clean = |c: char| if c.is_alphanumeric() || c == '-' { c } else { '_' };
    let stem = parts.iter().filter(|p| !p.is_empty()).map(|p| p.chars().map(clean).take(40).collect::<String>());
    format!("{}.{ending}", stem.collect::<Vec<_>>().join("_"))
}

/// The ground of a row that is an area.
fn ground(district: &DistrictStore, row: &Row) -> Option<Geometry> {
    let Selection::Place(id) = &row.id else { return None };
    let grids = district.grids.value().map(Vec::as_slice).unwrap_or_default();
    let grid = || grids.iter().find(|g| g.properties.id == *id).and_then(|g| g.geometry.clone());
    district.tree.value().and_then(|tree| tree.feature(id)).and_then(|f| f.geometry.clone()).or_else(grid)
}

/// The menu of everything that can be saved.
#[component]
pub fn ExportMenu() -> impl IntoView {
    let lists = expect_context::<Lists>();
    let said = RwSignal::new(String::new());
    let layer = move |layer: Layer| view! { <LayerFiles lists layer said /> };
    view! {
        <details class="saving panel">
            <summary>{say!(desk.saving_title)}</summary>
            <p class="quiet">{say!(desk.saving_note)}</p>
            <ul>
                {move || lists.layers().into_iter().map(layer).collect_view()}
                <Picture lists />
                <li><Button label=|| tr!(desk.saving_link) on_press=move |()| copy_link(said) icon=Icon::Link /></li>
            </ul>
            <p role="status">{said}</p>
        </details>
    }
}

/// Copies the address, which carries all that is shown.
fn copy_link(said: RwSignal<String>) {
    leptos::task::spawn_local(async move {
        let copied = save::copy(&history::href()).await;
        let words = if copied { tr!(desk.saving_link_copied) } else { tr!(desk.saving_link_failed) };
        let _ = said.try_set(words.to_owned());
    });
}

#[component]
fn LayerFiles(lists: Lists, layer: Layer, said: RwSignal<String>) -> impl IntoView {
    let word = move || name(layer).unwrap_or_default();
    let csv = Callback::new(move |()| write(lists, layer, "csv", said));
    let json = Callback::new(move |()| write(lists, layer, "geojson", said));
    view! {
        <li><Button label=move || tr!(desk.saving_csv, name = word()) on_press=csv icon=Icon::Save /></li>
        <li><Button label=move || tr!(desk.saving_geojson, name = word()) on_press=json icon=Icon::Save /></li>
    }
}

fn write(lists: Lists, layer: Layer, ending: &str, said: RwSignal<String>) {
    let district = lists.district;
    let Some(sheet) = untrack(|| lists.shown(layer)).filter(|s| !s.rows.is_empty()) else {
        let is_coming = untrack(|| lists.is_loading(layer));
        let words = if is_coming { tr!(desk.saving_too_early) } else { tr!(desk.saving_nothing) };
        return said.set(words.to_owned());
    };
    let (file, title) = untrack(|| named(lists, name(layer).unwrap_or_default(), ending));
    let (media_type, text) = if ending == "csv" {
        ("text/csv;charset=utf-8", csv::csv(&sheet, district.with_untracked(DistrictStore::utc_offset_s)))
    } else {
        let about = untrack(|| about(lists, title));
        let shape = |row: &Row| district.with_untracked(|d| ground(d, row));
        ("application/geo+json", geojson::geojson(&sheet, &about, shape))
    };
    let saved = save::file(&file, media_type, text.as_bytes());
    said.set(if saved { tr!(desk.saving_saved, name = file) } else { tr!(desk.saving_failed).to_owned() });
}

/// The name of a file, and its title.
fn named(lists: Lists, what: &str, ending: &str) -> (String, String) {
    let place = lists.scope.place.get().map(|id| lists.district.with(|d| name_of(d, &id))).unwrap_or_default();
    let time = stamp(lists.moment());
    (file_name(&[&place, what, &time], ending), format!("{place} {what}"))
}

/// A moment as a part of a file's name, such as `20260301-0930`.
fn stamp(at: DateTime<FixedOffset>) -> String {
    day_and_time(&at).replace(['-', ':'], "").replace(' ', "-")
}

fn about(lists: Lists, title: String) -> About {
    let time = lists.moment().to_rfc3339();
    lists.district.with(|d| match d.config.value() {
        Some(config) => About {
            title,
            time,
            source: i18n::local(&config.map_notice.source),
            review_number: config.map_notice.review_number.clone(),
            demo: config.demo,
        },
        None => About { title, time, ..About::default() },
    })
}

/// The picture of the map, which the map itself makes.
#[component]
fn Picture(lists: Lists) -> impl IntoView {
    let (screen, district) = (use_store::<ScreenStore>(), lists.district);
    let ask = Callback::new(move |()| {
        let (file, title) = untrack(|| named(lists, tr!(desk.map), "png"));
        let at = untrack(|| lists.moment());
        let made = tr!(desk.saving_made, time = format!("{} {}", day_and_time(&at), at.offset()));
        let source = district.with_untracked(|d| d.config.value().map(notice)).unwrap_or_default();
        screen.update(|s| s.ask_for_picture(file, vec![format!("{title} · {made}"), source]));
    });
    let outcome = move || {
        screen.with(|s| s.outcome).map(|outcome| match outcome {
            Outcome::Saved => tr!(
                desk.saving_saved,
                name = screen.with(|s| s.picture.as_ref().map(|p| p.file_name.clone())).unwrap_or_default()
            ),
            Outcome::WithoutTiles => tr!(desk.saving_without_tiles).to_owned(),
            Outcome::Failed => tr!(desk.saving_failed).to_owned(),
        })
    };
    view! { <li><Button label=|| tr!(desk.saving_png) on_press=ask icon=Icon::Save /><p role="status">{outcome}</p></li> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_is_safe_and_says_place_layer_and_time() {
        assert_eq!(file_name(&["光明区", "案件", "20260301-0900"], "csv"), "光明区_案件_20260301-0900.csv");
        assert_eq!(file_name(&["../a b", "", "c:d"], "png"), "___a_b_c_d.png");
    }
}
