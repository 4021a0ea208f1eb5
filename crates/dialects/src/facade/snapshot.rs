//! `GET /snapshot` where several backends have a part in it: one that fails hides none of the others, and is named.

use std::rc::Rc;

use chrono::{DateTime, FixedOffset};
use fengtu_wire::statistics::Figures;
use serde_json::{Value, json};

use super::backlog;
use super::cases::{Cases, Known};
use super::derived::{levels, local_midnight, weight};
use super::failed::{self, Failed};
use super::kept::{earlier, last_known, since};
use super::statistics::figures_of;
use super::{good, passed_on};
use crate::exchange::{Answer, Outcome, Request};
use crate::problem::{self, Trouble};
use crate::record::refused::Refused;
use crate::speech::{Backend, Talk};

/// Newest cases of a snapshot.
const RECENT: usize = 200;

/// What is put together.
#[derive(Default)]
struct State {
    today: Option<Value>,
    recent: Vec<Value>,
    warnings: Vec<Value>,
    refused: Refused,
    failed: Vec<Failed>,
    /// Whether any part was had, or stands in from before.
    is_had: bool,
    /// What our own backend said, if it was asked already: it has a part in both halves.
    ours: Option<Result<Rc<Value>, Trouble>>,
}

/// Today's figures, the levels, the newest cases. Its position names no stream: there is none.
pub(crate) async fn snapshot(talk: &Talk) -> Result<Answer, Trouble> {
    let mut state = State::default();
    state.cases(talk).await;
    state.warnings(talk).await;
    // Whoever is not signed in any more sees nothing, whatever other backends gave.
    let over = state.failed.iter().find(|failed| failed.trouble.ends_session());
    if let Some(Failed { trouble, .. }) = over.or_else(|| state.failed.first().filter(|_| !state.is_had)) {
        return Err(trouble.clone());
    }
    let today = state.today.unwrap_or_else(|| json!(Figures::default()));
    Ok(good(&json!({"position": format!("poll:{}", talk.now.timestamp()), "server_time": talk.now.to_rfc3339(),
        "today": today, "warnings": state.warnings, "recent": state.recent, "refused": state.refused.json(),
        "failed": failed::listed(&state.failed)})))
}

impl State {
    fn fail(&mut self, resource: &'static str, backend: &Backend, trouble: Trouble, since: Option<i64>) {
        self.is_had |= since.is_some();
        self.failed.push(Failed { resource, backend: backend.name.clone(), trouble, since });
    }

    /// The half that is made of cases. Where no backend has any, there is nothing to fail.
    async fn cases(&mut self, talk: &Talk) {
        let Some(backend) = talk.inner.of("cases").filter(|backend| backend.has("cases")) else { return };
        if backend.is_ours() {
            let Some(read) = self.ours(talk, "cases", backend).await else { return };
            self.today = read.get("today").cloned();
            self.recent = read.get("recent").and_then(Value::as_array).cloned().unwrap_or_default();
            return;
        }
        // Without settings nobody knows what is restricted: nothing that was kept is shown either.
        let config = match talk.config().await {
            Ok(config) => config,
            Err(trouble) => return self.fail("cases", backend, trouble, None),
        };
        let midnight = local_midnight(talk.now, config.utc_offset_s);
        let from = earlier(midnight, 2);
        let cases = match since(talk, from).await {
            Ok(cases) => cases,
            Err(trouble) => {
                let kept = last_known(backend, from);
                self.fail("cases", backend, trouble, kept.as_ref().map(|(at, _)| *at));
                let Some((_, cases)) = kept else { return };
                cases
            }
        };
        self.is_had = true;
        // Not asked for here: this is asked again and again.
        let open = backlog::known(backend, talk.now.timestamp());
        self.take(talk, &cases, open.as_deref(), (from, midnight.timestamp()));
    }

    fn take(
        &mut self,
        talk: &Talk,
        cases: &Cases,
        open: Option<&Cases>,
        (from, midnight): (DateTime<FixedOffset>, i64),
    ) {
        self.today = Some(json!(figures_of(cases, open, midnight, talk.now.timestamp() + 1)));
        // More may be kept, for figures that somebody has just asked for: that must not look as if it had come.
        let is_recent = |known: &&Known| known.case.summary.reported_at >= from;
        let mut newest: Vec<&Known> = cases.known.iter().filter(is_recent).collect();
        newest.sort_by_key(|known| std::cmp::Reverse(known.case.summary.reported_at));
        self.recent = newest.iter().take(RECENT).map(|known| dot(known)).collect();
        self.refused.join(cases.refused.clone());
        self.failed.extend(cases.failed.iter().cloned());
    }

    /// The half that is made of warnings.
    async fn warnings(&mut self, talk: &Talk) {
        let Some(backend) = talk.inner.of("warnings").filter(|backend| backend.has("warnings")) else { return };
        if backend.is_ours() {
            let Some(read) = self.ours(talk, "warnings", backend).await else { return };
            self.warnings = read.get("warnings").and_then(Value::as_array).cloned().unwrap_or_default();
            return;
        }
        let asked = match backend.expect_answer("warnings", talk.now) {
            Ok(()) => levels(talk, backend).await,
            Err(trouble) => Err(trouble),
        };
        let levels = match asked {
            Ok((levels, refused)) => {
                self.is_had = true;
                self.refused.join(refused);
                levels
            }
            Err(trouble) => {
                let kept = backend.memory.borrow().levels.clone();
                self.fail("warnings", backend, trouble, kept.as_ref().map(|(at, _)| *at));
                kept.map(|(_, levels)| levels).unwrap_or_default()
            }
        };
        let above = levels.iter().filter(|level| level.get("level") != Some(&json!("none")));
        self.warnings = above
            .map(|level| json!({"place": level.get("place"), "level": level.get("level"), "score": level.get("score")}))
            .collect();
    }

    /// Our own backend's snapshot, asked for once. Nothing of it is kept: it is cut to the viewer, and the next may be another.
    async fn ours(&mut self, talk: &Talk, resource: &'static str, backend: &Backend) -> Option<Rc<Value>> {
        let said = match self.ours.clone() {
            Some(said) => said,
            None => self.ours.insert(read_ours(talk, backend).await).clone(),
        };
        match said {
            Ok(read) => {
                self.is_had = true;
                Some(read)
            }
            Err(trouble) => {
                self.fail(resource, backend, trouble, None);
                None
            }
        }
    }
}

async fn read_ours(talk: &Talk, backend: &Backend) -> Result<Rc<Value>, Trouble> {
    let answer = passed_on(talk, backend, &Request::get("/snapshot")).await?;
    let answer = problem::checked(Outcome::Answered(answer)).map_err(|trouble| talk.said_by(backend, trouble))?;
    let read = serde_json::from_slice(&answer.body);
    read.map(Rc::new).map_err(|error| problem::unreadable(error.to_string()).of(&backend.name))
}

fn dot(known: &Known) -> Value {
    let summary = &known.case.summary;
    json!({"number": summary.number, "category": summary.category, "class": summary.class, "state": summary.state,
        "place": summary.place, "at": summary.at, "reported_at": summary.reported_at.to_rfc3339(),
        "weight": weight(summary.class), "title": summary.title})
}
