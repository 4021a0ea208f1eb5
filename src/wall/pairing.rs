//! The code that pairs a remote: a card over the wall for as long as it is good.

use chrono::Utc;
use fengtu_wire::walls::{Pairing, Qr};
use leptos::prelude::*;

use super::context::Wall;
use super::watch::seconds;
use crate::api::walls::{PairCommand, WallAct};
use crate::reactive::{memo, part, words};
use crate::state::{SessionStore, spawn_scoped, use_store};
use crate::ui::button::Button;
use crate::{say, tr};

/// Asks for a code and shows it. A server that has none to give leaves the wall as it is.
pub fn ask(wall: Wall) {
    let Some(staff) = use_store::<SessionStore>().with_untracked(|s| s.staff().cloned()) else { return };
    spawn_scoped(async move {
        if let Ok(pairing) = staff.ask(&PairCommand).await {
            let _ = wall.pairing.try_set(Some(pairing));
        }
    });
}

/// The card; none while there is no code, and none any more once it is over.
pub fn card(wall: Wall) -> impl IntoView {
    let shown = memo(move || wall.pairing.get().filter(|pairing| left_s(pairing, wall.now.get().to_utc()) > 0));
    part(move || shown.get().map(|pairing| open(wall, pairing)).into_any())
}

fn left_s(pairing: &Pairing, now: chrono::DateTime<Utc>) -> i64 {
    (pairing.ends_at.to_utc() - now).num_seconds()
}

fn open(wall: Wall, pairing: Pairing) -> AnyView {
    let session = use_store::<SessionStore>();
    let close = move |()| wall.pairing.set(None);
    let unpair = move |()| {
        wall.pairing.set(None);
        // What a remote holds and has chosen goes with it; the hand is still there.
        let programme = wall.programme.get_untracked();
        wall.show.update(|show| {
            show.resume(&programme, seconds());
            show.touch(seconds());
        });
        let staff = session.with_untracked(|s| s.staff().cloned());
        leptos::task::spawn_local(async move {
            if let Some(staff) = staff {
                // Whatever comes of it, the code on the wall is gone, and a remote ends by itself.
                let _ = staff.ask(&WallAct::Unpair).await;
            }
        });
    };
    let ends = pairing.clone();
    let left = words(move || tr!(wall.pairing_left, n = left_s(&ends, wall.now.get().to_utc()).max(0)));
    let digits = spaced(&pairing.code);
    // What is under the QR code is typed by hand: without the code, and without what goes without saying.
    let address = pairing.address.split('#').next().unwrap_or_default().to_owned();
    view! {
        <section class="wall-pairing" aria-labelledby="wall-pairing-title">
            <h2 id="wall-pairing-title">{say!(wall.pairing_title)}</h2>
            {drawing(&pairing.qr)}
            <p class="wall-pairing-code wall-figure">{digits}</p>
            <p>{address}</p>
            <p class="wall-note" role="status">{left}</p>
            <div class="wall-pairing-buttons">
                <Button label=say!(common.close) on_press=close />
                <Button label=say!(wall.unpair) on_press=unpair />
            </div>
        </section>
    }
    .into_any()
}

/// Six digits are read three by three.
fn spaced(code: &str) -> String {
    match code.split_at_checked(3) {
        Some((a, b)) => format!("{a}\u{2009}{b}"),
        None => code.to_owned(),
    }
}

/// Modules around a QR code that stay light.
const QUIET: i32 = 4;

fn drawing(qr: &Qr) -> AnyView {
    let side = i32::from(qr.size) + 2 * QUIET;
    let viewbox = format!("-{QUIET} -{QUIET} {side} {side}");
    view! {
        <svg class="wall-qr" viewBox=viewbox role="img" aria-label=say!(wall.pairing_qr) shape-rendering="crispEdges">
            <path d=qr.path.clone()></path>
        </svg>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::spaced;

    #[test]
    fn digits_stand_in_two_groups() {
        assert_eq!([spaced("048291"), spaced("12")], ["048\u{2009}291", "12"]);
    }
}
