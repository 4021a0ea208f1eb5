//! Stores: a plain struct with methods, tested natively, behind a signal that pages get with [`use_store`].

pub mod loadable;

pub mod again;
pub mod cases;
pub mod coverage;
pub mod district;
pub mod figures;
pub mod hover;
pub mod live;
pub mod opening;
pub mod places;
pub mod screen;
pub mod session;
pub mod sign_in;
pub mod stations;
pub mod view;
pub mod warnings;

use std::pin::Pin;

use futures::future::AbortHandle;
use leptos::prelude::*;

use crate::api::PublicApi;

pub use cases::CasesStore;
pub use coverage::CoverageStore;
pub use district::DistrictStore;
pub use figures::FiguresStore;
pub use hover::HoverStore;
pub use live::LiveStore;
pub use loadable::Loadable;
pub use screen::ScreenStore;
pub use session::SessionStore;
pub use stations::StationsStore;
pub use view::ViewStore;
pub use warnings::WarningsStore;

/// Makes every store available to everything below.
pub fn provide_stores(view: ViewStore, api: PublicApi) {
    provide_context(RwSignal::new(view));
    provide_context(RwSignal::new(SessionStore::new(api)));
    provide_context(RwSignal::new(DistrictStore::default()));
    provide_context(RwSignal::new(StationsStore::default()));
    provide_context(RwSignal::new(CasesStore::default()));
    provide_context(RwSignal::new(WarningsStore::default()));
    provide_context(RwSignal::new(FiguresStore::default()));
    provide_context(RwSignal::new(CoverageStore::default()));
    provide_context(RwSignal::new(HoverStore::default()));
    provide_context(RwSignal::new(ScreenStore::default()));
    provide_context(RwSignal::new(LiveStore::default()));
}

/// Returns a store: `use_store::<CasesStore>()`. Read it with `.with(|store| …)`, change it with `.update(|store| …)`.
pub fn use_store<S: Send + Sync + 'static>() -> RwSignal<S> {
    expect_context::<RwSignal<S>>()
}

/// Runs a future for as long as the page part that started it is shown; leaving cancels it and its requests.
pub fn spawn_scoped(future: impl Future<Output = ()> + 'static) {
    spawn(Box::pin(future));
}

/// Compiled once, and not for each future.
fn spawn(future: Pin<Box<dyn Future<Output = ()>>>) {
    let handle = spawn_abortable(future);
    on_cleanup(move || handle.abort());
}

/// Runs a future until it is told to stop.
pub fn spawn_abortable(future: Pin<Box<dyn Future<Output = ()>>>) -> AbortHandle {
    let (future, handle) = futures::future::abortable(future);
    leptos::task::spawn_local(async move {
        // An aborted future has nothing left to say.
        let _ = future.await;
    });
    handle
}
