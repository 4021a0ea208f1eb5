//! `/backends`: who serves which resource, what it can do, how it answered last; and the studio in which mappings are made.
//!
//! For the administrator, and for anybody where no backend has sessions. [`about`] reads what the worker tells, [`studio`] tries
//! a mapping out, [`sampled`] shows what came of it.

mod about;
mod sampled;
mod studio;

use fengtu_wire::session::Role;
use fengtu_wire::warnings::WarningAction;
use leptos::prelude::*;

use self::about::{Row, Standing};
use self::studio::Studio;
use super::board::inbox_detail::action_word;
use super::words::case_step;
use crate::api::{ApiError, PublicApi};
use crate::i18n::told;
use crate::routes::Page;
use crate::state::{SessionStore, spawn_scoped, use_store};
use crate::ui::message::ErrorMessage;
use crate::{say, tr};

/// Whether the viewer may see the page.
pub fn is_open_to(session: &SessionStore) -> bool {
    session.role() == Role::SystemAdmin || !session.public().has_sessions()
}

/// What is asked of each resource to see how it answers; the rest is made of these.
const PROBES: [(&str, &str); 7] = [
    ("config", "/config"),
    ("places", "/places"),
    ("grids", "/grids"),
    ("stations", "/stations"),
    ("cases", "/cases?limit=20"),
    ("warnings", "/warnings?limit=20"),
    ("services", "/services"),
];

/// The page.
#[component]
pub fn BackendsPage() -> impl IntoView {
    let session = use_store::<SessionStore>();
    let (rows, failed) = (RwSignal::new(Vec::<Row>::new()), RwSignal::new(None::<ApiError>));
    let (api, role) = session.with_untracked(|s| (s.public().clone(), s.role()));
    let may_put = role == Role::SystemAdmin;
    spawn_scoped(probe(api.clone(), rows, failed));
    let table = move || view! { <table class="table backends-table">{heads()}<tbody>{rows.get().into_iter().map(line).collect_view()}</tbody></table> };
    let error = move || failed.get().map(|error| view! { <ErrorMessage error /> });
    view! {
        <main class="backends">
            <header class="backends-top">
                <a href=Page::Map.path()>{say!(common.app)}</a><h1>{say!(desk.be_title)}</h1>
            </header>
            <p class="quiet">{say!(desk.be_hint)}</p>
            {error}
            <section class="backends-list" aria-label=say!(desk.be_title) tabindex="0">{table}</section>
            <Studio api rows may_put />
        </main>
    }
}

/// Asks each resource that can be read, one after another, and shows what is known after each.
async fn probe(api: PublicApi, rows: RwSignal<Vec<Row>>, failed: RwSignal<Option<ApiError>>) {
    let known = match about::rows(&api).await {
        Ok(known) => known,
        Err(error) => return failed.set(Some(error)),
    };
    rows.set(known.clone());
    for (resource, path) in PROBES {
        if known.iter().any(|row| row.resource == resource && row.can.contains(&"read".to_owned())) {
            // How it failed stands in the table.
            let _ = api.translator(path).await;
            if let Ok(now) = about::rows(&api).await {
                rows.set(now);
            }
        }
    }
}

fn heads() -> impl IntoView {
    view! {
        <thead><tr>
            <th scope="col">{say!(desk.be_resource)}</th><th scope="col">{say!(desk.be_backend)}</th>
            <th scope="col">{say!(desk.be_dialect)}</th><th scope="col">{say!(desk.be_can)}</th>
            <th scope="col">{say!(desk.be_last)}</th>
        </tr></thead>
    }
}

fn line(row: Row) -> AnyView {
    let name = row.resource.clone();
    let (can, of) = (row.can.clone(), row.resource.clone());
    let abilities = move || can.iter().map(|can| ability(&of, can)).collect::<Vec<_>>().join(tr!(desk.map_comma));
    let base = row.base.clone();
    view! {
        <tr>
            <th scope="row">{move || resource_word(&name)}</th>
            <td>{row.backend} " " <small class="quiet">{base}</small></td>
            <td>{row.dialect}</td>
            <td>{abilities}</td>
            <td>{row.last.map_or_else(|| view! { <span class="quiet">"–"</span> }.into_any(), last)}</td>
        </tr>
    }
    .into_any()
}

fn last(last: Standing) -> AnyView {
    if let Some(trouble) = last.trouble {
        return view! { <span class="backends-trouble">{move || told(&trouble).to_owned()}</span> }.into_any();
    }
    let (records, refused, applied) = (last.records, last.refused, last.applied_here);
    let words = move || match records {
        Some(n) => tr!(desk.be_records, n = n),
        None => tr!(desk.be_answered).to_owned(),
    };
    let here = (!applied.is_empty())
        .then(|| view! { <small class="quiet">{move || tr!(desk.be_applied, names = applied.join(tr!(desk.map_comma)))}</small> });
    let reasons = (refused > 0).then(|| {
        let items =
            last.reasons.into_iter().map(|reason| view! { <li>{move || told(&reason).to_owned()}</li> }).collect_view();
        view! { <details><summary>{move || tr!(desk.be_refused, n = refused)}</summary><ul>{items}</ul></details> }
    });
    view! { <span>{words}</span> " " {here} {reasons} }.into_any()
}

/// What one is able to do; a step by the name that the mapping gives it, or by ours.
fn ability<'a>(resource: &str, name: &'a str) -> &'a str {
    match name {
        "read" => tr!(desk.be_read),
        "create" => tr!(desk.be_create),
        "pushed" => tr!(desk.be_pushed),
        "searched" => tr!(desk.be_searched),
        "history" => tr!(desk.be_history),
        "derived" => tr!(desk.be_derived),
        "attached" => tr!(desk.be_attached),
        "one" => tr!(desk.be_one),
        "changes" => tr!(desk.be_changes),
        action if resource == "warnings" => warning_step(action).unwrap_or(action),
        action => case_step(action).unwrap_or(action),
    }
}

/// Returns the word of what can be done about a warning.
fn warning_step(key: &str) -> Option<&'static str> {
    WarningAction::ALL.iter().find(|action| action.as_str() == key).map(|action| action_word(*action))
}

/// Returns the word of a resource, beside its name in the file.
pub fn resource_word(name: &str) -> String {
    let word = resource_name(name);
    if word == name { word.to_owned() } else { format!("{word} {name}") }
}

/// Returns the word of a resource.
pub fn resource_name(name: &str) -> &str {
    match name {
        "config" => tr!(desk.be_r_config),
        "session" => tr!(desk.be_r_session),
        "places" => tr!(desk.be_r_places),
        "grids" => tr!(desk.be_r_grids),
        "stations" => tr!(desk.be_r_stations),
        "buildings" => tr!(desk.be_r_buildings),
        "cases" => tr!(desk.be_r_cases),
        "heat" => tr!(desk.be_r_heat),
        "warnings" => tr!(desk.be_r_warnings),
        "statistics" => tr!(desk.be_r_statistics),
        "basemap" => tr!(desk.be_r_basemap),
        "live" => tr!(desk.be_r_live),
        "services" => tr!(desk.be_r_services),
        "reports" => tr!(desk.be_r_reports),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_of_ours_has_a_word_and_one_of_a_mapping_its_own_name() {
        for action in WarningAction::ALL {
            let word = ability("warnings", action.as_str());
            assert!(!word.is_ascii(), "{word}");
        }
        assert_eq!((ability("warnings", "handle"), ability("cases", "handle")), ("已处置", "办理"));
        assert_eq!(
            (ability("cases", "accept"), ability("cases", "签批"), ability("cases", "odd")),
            ("受理", "签批", "odd")
        );
    }
}
