//! One call and its answer: with a token where one is needed, read as JSON or XML, with failures inside a good answer found.

use std::rc::Rc;

use chrono::{DateTime, FixedOffset};
use serde_json::Value;

use super::backend::Failed;
use super::template::{self, Names};
use super::{Backend, open311};
use crate::conversation::Line;
use crate::exchange::{Answer, Call, Failure, Outcome};
use crate::installation::Inner;
use crate::mapping::{FailureRule, Token};
use crate::problem::{self, Trouble};
use crate::record::reason::Reason;
use crate::record::value::{first, plain};

/// Largest answer that is read: as a tree it takes several times as much, and a page has no gigabytes.
pub(crate) const MAX_ANSWER: usize = 32 << 20;

/// Most tokens that a call is made with: each may be ended by another's log-in.
const MAX_TOKENS: u8 = 3;

/// What an error in a good answer means where something was read: the server may have failed.
const FAILED: u16 = 500;
/// What it means where something was written: `{"code": 500, "msg": …}` is how such servers say what is wrong with it.
const REFUSED: u16 = 422;

const NO_UTF8: &str = "the answer is not UTF-8, which JSON and XML of the web are";

/// Everything that answering a request needs.
#[derive(Clone)]
pub(crate) struct Talk {
    pub inner: Rc<Inner>,
    pub line: Line,
    pub now: DateTime<FixedOffset>,
}

/// A good answer, read.
#[derive(Debug)]
pub(crate) struct Heard {
    pub value: Value,
    pub answer: Answer,
}

impl Heard {
    /// Whether nothing at all was said, by a server that does not say that it says nothing.
    pub fn is_blank(&self) -> bool {
        self.answer.status != 204 && self.answer.body.iter().all(u8::is_ascii_whitespace)
    }
}

/// How a failure inside a good answer is told.
#[derive(Clone, Copy)]
struct Rules<'a> {
    named: &'a [FailureRule],
    /// The status of a code that no rule gives a meaning.
    unknown: u16,
    /// A list of Open311's errors is one, whatever its status.
    open311: bool,
}

impl Talk {
    /// Makes a call and reads its answer. A token that is over is renewed once; one that another conversation has got
    /// meanwhile is used instead.
    pub async fn ask(&self, backend: &Backend, call: Call, rules: &[FailureRule]) -> Result<Heard, Trouble> {
        self.held(backend, call, Rules { named: rules, unknown: FAILED, open311: backend.dialect == "georeport" }).await
    }

    /// The same of what changes something there: an error in a good answer is its refusal. What is said of a report is read by
    /// whoever looks for its number.
    pub async fn write(&self, backend: &Backend, call: Call, rules: &[FailureRule]) -> Result<Heard, Trouble> {
        self.held(backend, call, Rules { named: rules, unknown: REFUSED, open311: false }).await
    }

    async fn held(&self, backend: &Backend, call: Call, rules: Rules<'_>) -> Result<Heard, Trouble> {
        let mut tried = 1;
        loop {
            let (call, word) = self.signed(backend, call.clone()).await?;
            let heard = self.once(backend, call, rules).await;
            let over = word.filter(|_| tried < MAX_TOKENS && heard.as_ref().is_err_and(Trouble::is_signed_out));
            if over.is_some_and(|word| backend.memory.borrow_mut().renew(&word, tried == 1)) {
                tried += 1;
                continue;
            }
            if heard.as_ref().is_err_and(Trouble::is_signed_out) {
                backend.shut();
            }
            return heard.map_err(|trouble| trouble.of(&backend.name));
        }
    }

    async fn once(&self, backend: &Backend, call: Call, rules: Rules<'_>) -> Result<Heard, Trouble> {
        let is_geo_report = backend.dialect == "georeport";
        let known_xml = backend.memory.borrow().xml;
        let call = if is_geo_report && known_xml { as_xml(&call).unwrap_or(call) } else { call };
        let heard = checked(self.line.call(call.clone()).await, rules);
        let Some(second) = as_xml(&call).filter(|_| is_geo_report && !known_xml) else { return heard };
        // JSON is optional in GeoReport: a server that has XML alone knows no address that ends in .json.
        let Err(Trouble { status: 400 | 404 | 406 | 415 | 422 | 502, .. }) = heard else { return heard };
        if call.method != crate::exchange::Method::Get {
            return heard;
        }
        let again = checked(self.line.call(second).await, rules);
        backend.memory.borrow_mut().xml = again.is_ok();
        again.or(heard)
    }

    /// Names who said it, and whether that ends the viewer's session: it does where they are signed in there.
    pub fn said_by(&self, backend: &Backend, trouble: Trouble) -> Trouble {
        let holder = self.inner.of("session").filter(|holder| holder.is_ours() && holder.name == backend.name);
        let trouble = trouble.of(&backend.name);
        if holder.is_some() { trouble.of_session() } else { trouble }
    }

    /// The call with the token that it needs, and that token.
    async fn signed(&self, backend: &Backend, mut call: Call) -> Result<(Call, Option<String>), Trouble> {
        let token = backend.mapping.as_ref().and_then(|mapping| mapping.token.as_ref());
        let Some(token) = token else { return Ok((call, None)) };
        let word = self.word(backend, token).await.map_err(|trouble| trouble.of(&backend.name))?;
        call.headers.push((token.header.clone(), format!("{}{word}", token.prefix)));
        Ok((call, Some(word)))
    }

    /// The token that is kept, or a new one: one conversation signs in, and the others wait for what comes of it.
    async fn word(&self, backend: &Backend, token: &Token) -> Result<String, Trouble> {
        let mut waited_for = Failed::default();
        loop {
            let known = backend.memory.borrow().word(self.now.timestamp());
            if let Some(word) = known {
                return word;
            }
            if let Some(trouble) = waited_for.borrow().clone() {
                return Err(trouble);
            }
            match backend.sign_in() {
                Ok(signing_in) => {
                    let word = self.fetch(backend, token).await;
                    *signing_in.failed.borrow_mut() = word.as_ref().err().cloned();
                    return word;
                }
                Err(failed) => waited_for = failed,
            }
            self.line.wait().await;
        }
    }

    async fn fetch(&self, backend: &Backend, token: &Token) -> Result<String, Trouble> {
        let no_names: Names<'_> = &[];
        let mut call = template::call(&backend.base, &token.to, no_names, Vec::new(), &[])?;
        template::set_body(&mut call, token.to.carried, &token.body);
        let outcome = self.line.call(call).await;
        let (is_answer, word, now) = (is_answer(&outcome), word_in(outcome, token), self.now.timestamp());
        let end = token.life_s.map_or(i64::MAX, |life| now.saturating_add(life));
        let mut memory = backend.memory.borrow_mut();
        match &word {
            Ok(word) => (memory.token, memory.refused) = (Some((word.clone(), end)), None),
            Err(why) if is_answer => memory.refused = Some((now, why.clone())),
            Err(_) => {}
        }
        word
    }
}

/// Whether a log-in was answered at all; what a gateway says of a server that is away is no answer of it.
fn is_answer(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Answered(answer) if !matches!(answer.status, 502..=504))
}

/// The token in the answer to a log-in.
fn word_in(outcome: Outcome, token: &Token) -> Result<String, Trouble> {
    let heard = checked(outcome, Rules { named: &token.failure, unknown: FAILED, open311: false })?;
    let word = first(&token.at, &heard.value).and_then(plain);
    let word = word.filter(|word| !word.chars().any(char::is_control) && word.len() < 8_192);
    word.ok_or_else(|| {
        let at = token.at.join(", ");
        problem::unreadable(Reason::new(format!("{at} 处没有令牌"), format!("no token at {at}")))
    })
}

/// Returns the same call for XML, where its address ends in `.json`.
fn as_xml(call: &Call) -> Option<Call> {
    let (path, query) = call.url.split_once('?').map_or((call.url.as_str(), None), |(path, query)| (path, Some(query)));
    let path = path.strip_suffix(".json")?;
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    Some(Call { url: format!("{path}.xml{query}"), ..call.clone() })
}

/// Reads an answer; what is no answer, no data, or a failure in good clothes is trouble.
fn checked(outcome: Outcome, Rules { named: rules, unknown, open311 }: Rules<'_>) -> Result<Heard, Trouble> {
    let answer = problem::checked(outcome)?;
    if answer.body.len() > MAX_ANSWER {
        return problem::checked(Outcome::Failed(Failure::TooLarge)).map(|answer| Heard { value: Value::Null, answer });
    }
    if answer.body.iter().all(u8::is_ascii_whitespace) {
        return Ok(Heard { value: Value::Null, answer });
    }
    let text = std::str::from_utf8(&answer.body)
        .map_err(|_| problem::unreadable(Reason::new("回答不是 UTF-8 编码（JSON 与 XML 应为 UTF-8）", NO_UTF8)))?;
    let value = crate::xml::json_or_xml(text).ok_or_else(|| {
        let is_page = text.trim_start().starts_with('<');
        let (zh, en) = if is_page {
            ("网页或残缺的 XML", "a page or broken XML")
        } else {
            ("残缺的 JSON", "broken JSON")
        };
        let start: String = problem::cut(text).chars().take(60).collect();
        let en = format!("{en} where data was expected: {start}");
        problem::unreadable(Reason::new(format!("应为数据，却是{zh}：{start}"), en))
    })?;
    for rule in rules {
        failure(rule, &value, unknown)?;
    }
    if open311 {
        open311::expect_data(&value, rules, unknown)?;
    }
    foreign_grid(&value)?;
    Ok(Heard { value, answer })
}

/// A failure inside a good answer; `unknown` is what a code means that the rule does not name.
fn failure(rule: &FailureRule, value: &Value, unknown: u16) -> Result<(), Trouble> {
    let Some(code) = first(&rule.at, value).and_then(plain) else { return Ok(()) };
    if rule.good.contains(&code) {
        return Ok(());
    }
    let said = first(&rule.message, value).and_then(|words| problem::said_in(words, 0)).unwrap_or_default();
    // Some have their words where others have a code.
    let are_words = said.is_empty() && code.contains(char::is_whitespace);
    let said = if are_words { code.clone() } else { format!("code {code}: {said}") };
    let said = Reason::from(problem::cut(&said));
    let status = match &code {
        code if rule.signed_out.contains(code) => 401,
        code if rule.missing.contains(code) => 404,
        code if rule.forbidden.contains(code) => 403,
        _ => unknown,
    };
    Err(problem::of_status(status, said))
}

/// `GeoJSON` in metres would be drawn in the Gulf of Guinea: an answer that names such a grid is not read.
fn foreign_grid(value: &Value) -> Result<(), Trouble> {
    let name = value.pointer("/crs/properties/name").and_then(Value::as_str).unwrap_or_default();
    let metric = ["3857", "900913", "102100", "3785"].iter().any(|code| name.ends_with(code));
    if metric {
        let en = format!("coordinates in metres ({name}); degrees were expected");
        Err(problem::unreadable(Reason::new(format!("坐标以米为单位（{name}），应以度为单位"), en)))
    } else {
        Ok(())
    }
}
