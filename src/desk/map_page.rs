//! The one map: fills the frame of the desk, asks for the data, and keeps map, address and stores in step.

use leptos::prelude::*;

use super::breadcrumb::Breadcrumb;
use super::camera;
use super::context::{MapContext, provide_map};
use super::coverage_panel::CoveragePanel;
use super::data;
use super::drawer::Drawer;
use super::export::ExportMenu;
use super::hover_card::HoverCard;
use super::layers_panel::LayersPanel;
use super::list::ListPanel;
use super::list::data::provide_lists;
use super::live::{self, LiveSummary};
use super::pointer;
use super::scene;
use super::search::Search;
use super::shell::{Shell, Slots};
use super::status::MapStatus;
use super::time_bar::TimeBar;
use super::tools::MapTools;
use super::unread;
use crate::map::MapView;

/// The desk with the one map in it.
#[component]
pub fn MapPage() -> impl IntoView {
    let map = provide_map();
    data::load(map);
    camera::follow(map);
    live::follow(map);
    unread::follow(map);
    provide_lists();
    provide_context(Slots {
        crumb: ViewFn::from(|| view! { <Breadcrumb /> }),
        panel: ViewFn::from(|| view! { <LayersPanel /><CoveragePanel /><ExportMenu /> }),
        map: ViewFn::from(move || view! { <MapSlot map /> }),
        search: ViewFn::from(|| view! { <Search /> }),
        drawer: ViewFn::from(|| view! { <Drawer /> }),
        time: ViewFn::from(|| view! { <ListPanel /><TimeBar /> }),
    });
    view! { <Shell /> }
}

#[component]
fn MapSlot(map: MapContext) -> impl IntoView {
    let scene = scene::scene(map);
    view! {
        <MapView scene on_event=pointer::handler(map) />
        <MapStatus map />
        <MapTools map />
        <HoverCard />
        <LiveSummary map />
    }
}
