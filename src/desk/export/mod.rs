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
use crate::reactive::effect;
use crate::routes::{Layer, Selection};
use crate::scene::follow::notice;
use crate::state::screen::Outcome;
use crate::state::{DistrictStore, ScreenStore, ViewStore, use_store};
use crate::ui::button::Button;
use crate::ui::icon::Icon;
use crate::ui::message::error_words;
use crate::ui::number::grouped;
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
    let (lists, view) = (expect_context::<Lists>(), use_store::<ViewStore>());
    let said = RwSignal::new(String::new());
    let layer = move |layer: Layer| view! { <LayerFiles lists layer /> };
    let layers = Memo::new(move |_| lists.layers());
    effect(move || {
        let Some((layer, ending)) = lists.saving.get() else { return };
        if lists.is_coming(layer) {
            return said.set(tr!(common.loading).to_owned());
        }
        untrack(|| write(lists, layer, ending, said));
        lists.saving.set(None);
    });
    view! {
        <details class="saving panel">
            <summary>{say!(desk.saving_title)}</summary>
            <p class="quiet">{say!(desk.saving_note)}</p>
            <ul>
                {move || layers.get().into_iter().map(layer).collect_view()}
                <Picture lists />
                <li><Button label=|| tr!(desk.saving_link) on_press=move |()| copy_link(view, said) icon=Icon::Link /></li>
            </ul>
            <p role="status">{said}</p>
        </details>
    }
}

/// Copies the address, which carries all that is shown: as it is now, where it lags behind time that is played.
fn copy_link(view: RwSignal<ViewStore>, said: RwSignal<String>) {
    history::show_query(&view.with_untracked(|v| v.state.to_query()), false);
    leptos::task::spawn_local(async move {
        let copied = save::copy(&history::href()).await;
        let words = if copied { tr!(desk.saving_link_copied) } else { tr!(desk.saving_link_failed) };
        let _ = said.try_set(words.to_owned());
    });
}

#[component]
fn LayerFiles(lists: Lists, layer: Layer) -> impl IntoView {
    let word = move || name(layer).unwrap_or_default();
    let csv = Callback::new(move |()| lists.saving.set(Some((layer, "csv"))));
    let json = Callback::new(move |()| lists.saving.set(Some((layer, "geojson"))));
    view! {
        <li><Button label=move || tr!(desk.saving_csv, name = word()) on_press=csv icon=Icon::Save /></li>
        <li><Button label=move || tr!(desk.saving_geojson, name = word()) on_press=json icon=Icon::Save /></li>
    }
}

fn write(lists: Lists, layer: Layer, ending: &str, said: RwSignal<String>) {
    let district = lists.district;
    // The newest cases are there even where the others could not be had.
    let lack = lists.error(layer).filter(|_| layer == Layer::Cases);
    let Some(sheet) = lists.shown(layer).filter(|s| !s.rows.is_empty() && lack.is_none()) else {
        let words = lists.error(layer).map_or(tr!(desk.saving_nothing), |error| error_words(&error));
        return said.set(words.to_owned());
    };
    let (file, title) = named(lists, name(layer).unwrap_or_default(), ending);
    let (media_type, text) = if ending == "csv" {
        ("text/csv;charset=utf-8", csv::csv(&sheet, district.with(DistrictStore::utc_offset_s)))
    } else {
        let about = about(lists, title);
        // A cell of heat is not the area that it lies in.
        let shape = |row: &Row| (layer != Layer::Heat).then(|| district.with(|d| ground(d, row))).flatten();
        ("application/geo+json", geojson::geojson(&sheet, &about, shape))
    };
    let part = lists.progress().filter(|(_, _, next)| next.is_some() && matches!(layer, Layer::Heat | Layer::Cases));
    let words = match (save::file(&file, media_type, text.as_bytes()), part) {
        (false, _) => tr!(desk.saving_failed).to_owned(),
        (true, None) => tr!(desk.saving_saved, name = file),
        (true, Some((n, m, _))) => tr!(desk.saving_part, name = file, n = grouped(n as u64), m = grouped(m)),
    };
    said.set(words);
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
