//! What our contract's requests become where the backend is a foreign one.

pub(crate) mod about;
pub(crate) mod asked;
pub(crate) mod backlog;
pub(crate) mod cases;
pub(crate) mod derived;
pub(crate) mod district;
pub(crate) mod failed;
pub(crate) mod kept;
pub(crate) mod map;
pub(crate) mod places;
mod receipt;
mod remembered;
pub(crate) mod reports;
mod secrecy;
pub(crate) mod services;
pub(crate) mod snapshot;
pub(crate) mod statistics;
mod steps;
pub(crate) mod tree;

use serde_json::{Value, json};

use crate::exchange::{Answer, Call, Method, Outcome, Request, encode};
use crate::problem::{self, Trouble};
use crate::record::refused::Refused;
use crate::speech::{Backend, Last, Talk};

/// Answers a request, whoever serves it.
pub(crate) async fn answer(talk: &Talk, request: &Request) -> Answer {
    match answered(talk, request).await {
        Ok(answer) => answer,
        Err(trouble) => trouble.for_the_page().answer(),
    }
}

async fn answered(talk: &Talk, request: &Request) -> Result<Answer, Trouble> {
    let parts: Vec<&str> = request.path.trim_start_matches('/').split('/').collect();
    let first = parts.first().copied().unwrap_or_default();
    match (request.method, parts.as_slice()) {
        (Method::Get, ["backends"]) => return Ok(about::backends(talk)),
        (Method::Get, ["sample", resource]) => return about::sample(talk, resource).await,
        _ => {}
    }
    let resource = resource_of(first);
    let backend = talk.inner.of(resource).ok_or_else(|| problem::not_offered(first))?;
    if backend.is_ours() {
        return passed_on(talk, backend, request).await;
    }
    match (request.method, parts.as_slice()) {
        (Method::Get, ["config"]) => district::config(talk).await,
        (Method::Get, ["session"]) => Ok(good(&district::session())),
        (Method::Get, ["places"]) => places::places(talk, request).await,
        (Method::Get, ["grids"]) => places::grids(talk, request).await,
        (Method::Get, ["stations"]) => places::stations(talk, request).await,
        (Method::Get, ["buildings"]) => places::buildings(talk, backend, request).await,
        (Method::Get, ["buildings", "points"]) => places::building_points(talk, backend, request).await,
        (Method::Get, ["basemap"]) => Ok(good(&json!({"type": "FeatureCollection", "features": []}))),
        (Method::Get, ["cases"]) => cases::list(talk, backend, request).await,
        (Method::Get, ["cases", number]) => cases::one(talk, backend, number).await,
        (Method::Get, ["cases", number, "events"]) => steps::events(talk, backend, number).await,
        (Method::Post, ["cases", number, "actions", action]) => {
            reports::act(talk, backend, number, action, &request.body).await
        }
        (Method::Get, ["heat"]) => derived::heat(talk, request).await,
        (Method::Get, ["heat", "points"]) => derived::heat_points(talk, request).await,
        (Method::Get, ["warnings"]) => derived::warnings(talk, backend, request).await,
        (Method::Get, ["warnings", "history"]) => derived::history(talk, request),
        (Method::Get, ["statistics"]) => statistics::statistics(talk, request).await,
        (Method::Get, ["snapshot"]) => snapshot::snapshot(talk).await,
        (Method::Get, ["services"]) => services::services(talk, backend).await,
        (Method::Get, ["services", code]) => services::service(talk, backend, code).await,
        (Method::Post, ["reports"]) => reports::create(talk, backend, &request.body).await,
        (Method::Get, ["reports", number]) => reports::track(talk, backend, number).await,
        _ => Err(problem::not_offered(request.path.as_str())),
    }
}

fn resource_of(first: &str) -> &str {
    match first {
        "snapshot" | "events" => "live",
        "sessions" => "session",
        other => other,
    }
}

/// Passes a request on to a backend that speaks our own contract.
async fn passed_on(talk: &Talk, backend: &Backend, request: &Request) -> Result<Answer, Trouble> {
    let query: Vec<String> = request.query.iter().map(|(n, v)| format!("{}={}", encode(n), encode(v))).collect();
    let mark = if query.is_empty() { "" } else { "?" };
    let url = format!("{}{}{mark}{}", backend.base.trim_end_matches('/'), request.path, query.join("&"));
    let mut call = Call { method: request.method, url, headers: Vec::new(), body: None };
    if request.method != Method::Get {
        call.headers.push(("content-type".to_owned(), "application/json".to_owned()));
        call.body = Some(String::from_utf8_lossy(&request.body).into_owned());
    }
    let resource = resource_of(request.path.trim_start_matches('/').split('/').next().unwrap_or_default()).to_owned();
    let outcome = talk.line.call(call).await;
    let trouble = match &outcome {
        Outcome::Answered(answer) if answer.is_good() || answer.status == 304 => None,
        Outcome::Answered(answer) => Some(problem::words(answer)),
        Outcome::Failed(failure) => Some(problem::of_failure(*failure).detail),
    };
    let (refused, applied_here, is_unordered) = (Refused::default(), Vec::new(), false);
    let records = if let Outcome::Answered(answer) = &outcome { counted(&answer.body) } else { None };
    backend.note(&resource, Last { at: talk.now, trouble, records, refused, applied_here, is_unordered });
    match outcome {
        Outcome::Answered(answer) => Ok(answer),
        failed @ Outcome::Failed(_) => problem::checked(failed).map_err(|trouble| trouble.of(&backend.name)),
    }
}

/// How many records a list of our contract has.
fn counted(body: &[u8]) -> Option<usize> {
    #[derive(serde::Deserialize)]
    struct List {
        #[serde(alias = "features")]
        items: Vec<serde::de::IgnoredAny>,
    }
    serde_json::from_slice(body).ok().map(|list: List| list.items.len())
}

/// A good answer in JSON.
pub(crate) fn good(value: &Value) -> Answer {
    let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
    Answer { status: 200, headers, body: serde_json::to_vec(value).unwrap_or_default() }
}
