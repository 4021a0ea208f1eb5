//! The visible watermark of staff pages: name, number, time; a photograph of the screen tells whose it was.

use leptos::prelude::*;

use crate::state::{DistrictStore, LiveStore, SessionStore, use_store};
use crate::ui::time::exact;
use crate::ui::watermark::Tiled;

/// Tiles the page with one faint line; says nothing to a screen reader.
#[component]
pub fn Watermark() -> impl IntoView {
    let (session, live) = (use_store::<SessionStore>(), use_store::<LiveStore>());
    let district = use_store::<DistrictStore>();
    // A minute is exact enough, and keeps the page from drawing it anew each second.
    let minute = Memo::new(move |_| exact(live.with(|l| l.now), district.with(DistrictStore::utc_offset_s)));
    let text = move || {
        let who = session.with(|s| {
            let account = s.staff()?.session().account.clone()?;
            Some(format!("{} {}", account.display_name, account.staff_number.unwrap_or(account.name)))
        });
        format!("{} {}", who.unwrap_or_default(), minute.get())
    };
    view! { <Tiled text=Signal::derive(text) /> }
}
