//! Where one is signed in, and for those who answer for them the walls that are: listed when asked for, each ended by a press.

use chrono::{DateTime, FixedOffset};
use fengtu_wire::ids::SessionId;
use leptos::prelude::*;

use crate::api::session::{EndSessionCommand, SessionsQuery};
use crate::api::walls::{WallAct, WallsQuery};
use crate::api::{ApiError, StaffApi};
use crate::reactive::part;
use crate::state::{SessionStore, use_store};
use crate::ui::button::{Button, Look};
use crate::ui::message::error_words;
use crate::ui::time::day_and_time;
use crate::{say, tr};

/// A session as it is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Row {
    id: SessionId,
    name: String,
    note: String,
    /// Whether it is the one that looks.
    current: bool,
    wall: bool,
}

/// What is listed, as far as it is known.
type Listed = RwSignal<Option<Result<Vec<Row>, ApiError>>>;

/// The list, in a fold of the account's menu.
pub fn sessions() -> AnyView {
    let (session, listed) = (use_store::<SessionStore>(), Listed::new(None));
    let ask = move || {
        if let Some(staff) = session.with_untracked(|s| s.staff().cloned()) {
            leptos::task::spawn_local(async move { listed.set(Some(all(&staff).await)) });
        }
    };
    let end = Callback::new(move |row: Row| {
        let Some(staff) = session.with_untracked(|s| s.staff().cloned()) else { return };
        leptos::task::spawn_local(async move {
            let ended = if row.wall {
                staff.ask(&WallAct::EndWall(row.id)).await
            } else {
                staff.ask(&EndSessionCommand(row.id)).await
            };
            match ended {
                Ok(()) => listed.set(Some(all(&staff).await)),
                Err(error) => listed.set(Some(Err(error))),
            }
        });
    });
    let rows = part(move || {
        listed.with(|listed| match listed {
            None => view! { <p class="quiet" role="status">{tr!(common.loading)}</p> }.into_any(),
            Some(Err(error)) => view! { <p class="field-error" role="alert">{error_words(error)}</p> }.into_any(),
            Some(Ok(rows)) => {
                view! { <ul class="sessions">{rows.iter().map(|row| item(row, end)).collect_view()}</ul> }.into_any()
            }
        })
    });
    view! { <details class="sessions-fold" on:toggle=move |_| ask()><summary>{say!(desk.sessions)}</summary>{rows}</details> }.into_any()
}

async fn all(staff: &StaffApi) -> Result<Vec<Row>, ApiError> {
    let own = staff.ask(&SessionsQuery).await?;
    let mut rows: Vec<Row> = own
        .into_iter()
        .map(|one| Row {
            name: if one.current { tr!(desk.session_here).to_owned() } else { tr!(desk.session_other).to_owned() },
            note: note(&one.seen_at, &one.user_agent),
            id: one.id,
            current: one.current,
            wall: false,
        })
        .collect();
    let role = staff.session().role;
    // What would be refused is not asked for.
    if fengtu_domain::sight::access("GET", "/api/v1/walls", role).is_some_and(fengtu_domain::sight::Access::is_granted)
    {
        let walls = staff.ask(&WallsQuery).await?;
        rows.extend(walls.into_iter().map(|one| Row {
            note: note(&one.seen_at, &one.user_agent),
            name: one.name,
            id: one.id,
            current: false,
            wall: true,
        }));
    }
    Ok(rows)
}

/// When it was last used, and by what: of a browser's long name the part that people know.
fn note(seen_at: &DateTime<FixedOffset>, user_agent: &str) -> String {
    let known = ["Edg/", "Firefox/", "Chrome/", "Safari/"].into_iter().find(|name| user_agent.contains(name));
    let browser = known.map_or("", |name| name.trim_end_matches('/'));
    let time = day_and_time(seen_at);
    tr!(desk.session_seen, time = time, browser = browser)
}

fn item(row: &Row, end: Callback<Row>) -> AnyView {
    let (own, label) = (row.clone(), row.name.clone());
    let asked = RwSignal::new(false);
    // A wall that is ended by mistake has to be signed in again where it hangs: it is asked twice.
    let press = move |()| {
        if asked.get_untracked() {
            end.run(own.clone());
        }
        asked.set(true);
    };
    let word = move || if asked.get() { tr!(desk.session_end_sure) } else { tr!(desk.session_end) };
    let button = (!row.current).then(|| view! { <Button label=word look=Look::Bare on_press=press /> });
    view! { <li><span><strong>{label}</strong><small>{row.note.clone()}</small></span>{button}</li> }.into_any()
}
