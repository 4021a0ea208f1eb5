//! Our own contract: every question of `docs/openapi.json` asked, every answer checked against it, then paging, conditional
//! requests, refusals, what changes something, the live stream and the closed loop.

mod conditional;
mod lists;
mod live;
mod operations;
mod refusals;
mod session;
mod states;
mod writes;

use anyhow::{Context as _, bail};
use fengtu_dialects::{Answer, Failure};
use serde_json::Value;

use crate::http::Http;
use crate::options::Options;
use crate::report::Report;
use crate::schema::{Mismatch, Schemas};

/// The description of the contract.
pub const DESCRIPTION: &str = include_str!("../../../../docs/openapi.json");

/// What every check shares.
struct Kit {
    http: Http,
    base: String,
    document: Value,
    report: Report,
}

/// Asks a backend of our own contract.
pub fn check(options: &Options) -> anyhow::Result<Report> {
    let http = Http::new(options.origin.as_deref().unwrap_or_default(), options.base(), options.headers()?);
    let document = serde_json::from_str(DESCRIPTION).context("docs/openapi.json")?;
    let mut kit = Kit { http, base: options.base().to_owned(), document, report: Report::default() };
    kit.is_there()?;
    if let Some(account) = &options.account {
        let (name, password) = account.split_once(':').context("--account NAME:PASSWORD")?;
        session::sign_in(&mut kit, name, password)?;
    } else {
        session::is_closed(&mut kit);
    }
    // The heartbeat takes its time; everything else is asked meanwhile.
    let stream = live::listen(&kit);
    let found = operations::check(&mut kit);
    lists::check(&mut kit, &found);
    conditional::check(&mut kit, &found);
    refusals::check(&mut kit, &found);
    states::check(&mut kit);
    writes::check(&mut kit, options.write);
    live::check(&mut kit, stream);
    Ok(kit.report)
}

impl Kit {
    /// Fails where nothing can be asked at all.
    fn is_there(&self) -> anyhow::Result<()> {
        match self.ask("/config") {
            Ok(answer) if json(&answer).is_some() => Ok(()),
            Ok(answer) => bail!("{}/config 没有给出 JSON / gives no JSON (HTTP {})", self.base, answer.status),
            Err(failure) => bail!("{} 无法访问 / cannot be asked: {failure:?}", self.base),
        }
    }

    /// Asks for a path below the base.
    fn ask(&self, path: &str) -> Result<Answer, Failure> {
        self.http.get(&format!("{}{path}", self.base))
    }

    /// Checks an answer against the schema that the description has for it.
    fn mismatches(&self, path: &str, answer: &Answer, value: &Value) -> Vec<Mismatch> {
        let kind = essence(answer).replace('~', "~0").replace('/', "~1");
        let path = format!("/api/v1{path}").replace('/', "~1");
        let pointer = format!("/paths/{path}/get/responses/{}/content/{kind}/schema", answer.status);
        let schema = self.document.pointer(&pointer);
        schema.map(|schema| Schemas(&self.document).check(schema, value)).unwrap_or_default()
    }

    /// Checks that an answer is a problem as the contract has them; notes what is not.
    fn is_problem(&mut self, check: &'static str, subject: &str, answer: &Answer, kind: &str) -> bool {
        let is_typed = essence(answer) == "application/problem+json";
        let body = json(answer).unwrap_or_default();
        let told = body.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
        let status = body.get("status").and_then(Value::as_u64) == Some(answer.status.into());
        if is_typed && status && told == kind {
            return true;
        }
        let zh = format!(
            "应以 application/problem+json 回答，type 为 {kind},status 与 HTTP 状态相同；实际是 HTTP {} {} type {told:?}",
            answer.status,
            essence(answer)
        );
        let en = format!(
            "should be application/problem+json of type {kind} with the status of HTTP; it is HTTP {} {} of type {told:?}",
            answer.status,
            essence(answer)
        );
        self.report.wrong(check, subject, &zh, &en);
        false
    }
}

/// Returns the media type of an answer without its parameters.
fn essence(answer: &Answer) -> String {
    let kind = answer.header("content-type").unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Reads an answer's body.
fn json(answer: &Answer) -> Option<Value> {
    serde_json::from_slice(&answer.body).ok()
}
