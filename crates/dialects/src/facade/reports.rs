//! A resident's report, and the steps by which a case is moved on: what is written to a foreign server.
//!
//! No dialect has a key that makes a second sending harmless. Whoever sends again says when the first time was (`sent_at`): the
//! server is then looked through for that report before another is made.

use chrono::{DateTime, FixedOffset, TimeDelta};
use fengtu_domain::masking;
use fengtu_geo::datum::from_wgs84;
use fengtu_geo::{LonLat, distance};
use fengtu_wire::cases::Sensitivity;
use fengtu_wire::problem::kinds;
use serde_json::{Map, Value, json};

use super::cases::{known, shown_address};
use super::remembered::called;
use super::secrecy::said_by;
use super::{good, receipt};
use crate::capabilities::Input;
use crate::exchange::{Answer, Call, decode};
use crate::mapping::expression::Time;
use crate::mapping::write::MEMBERS;
use crate::mapping::{ResourceMap, Write};
use crate::problem::{self, Trouble};
use crate::record::reason::Reason;
use crate::record::value::{first, plain, write_instant};
use crate::record::{Reader, schema};
use crate::speech::filters::Filters;
use crate::speech::list::{self, Cursor, Secret, Wanted};
use crate::speech::{Backend, Talk, template};

/// The longest description that `GeoReport` allows.
const MAX_DESCRIPTION: usize = 4_000;
/// A report that was sent a moment ago is looked for among those of so many seconds before it: clocks differ.
const CLOCKS_S: i64 = 300;
/// Two positions that are so many metres apart are one.
const SAME_M: f64 = 30.0;
/// Most pages that are looked through for a report that was sent already.
const LOOKED_THROUGH: u32 = 10;

pub(crate) fn mapped<'a>(backend: &'a Backend, resource: &str) -> Result<&'a ResourceMap, Trouble> {
    let found = backend.mapping.as_ref().and_then(|mapping| mapping.resources.get(resource));
    found.ok_or_else(|| problem::not_offered(resource))
}

fn read_body(body: &[u8]) -> Result<Map<String, Value>, Trouble> {
    match serde_json::from_slice(body) {
        Ok(Value::Object(members)) => Ok(members),
        _ => Err(problem::invalid("", "应为一个 JSON 对象", "a JSON object was expected")),
    }
}

/// Returns how a backend takes new reports, if it does.
pub(crate) fn created_by(backend: &Backend) -> Option<(&ResourceMap, &Write)> {
    ["reports", "cases"].iter().find_map(|resource| {
        let map = mapped(backend, resource).ok()?;
        Some((map, map.create.as_ref()?))
    })
}

/// Which members of a report have a place in what is sent.
pub(crate) fn takes(write: &Write) -> Vec<&'static str> {
    let sent = Input::of_step(write).takes;
    let is_sent = |name: &str| sent.iter().any(|known| known == name);
    let named = MEMBERS.iter().copied().filter(|name| is_sent(name));
    named.chain(is_sent("lon").then_some("at")).collect()
}

/// A report as it was asked for.
struct Report {
    said: Vec<(&'static str, String)>,
    at: Option<LonLat>,
    answers: Map<String, Value>,
    sent_at: Option<DateTime<FixedOffset>>,
}

impl Report {
    fn read(body: &[u8], write: &Write) -> Result<Self, Trouble> {
        let members = read_body(body)?;
        let text = |name: &str| members.get(name).and_then(plain).unwrap_or_default();
        if text("description").chars().count() > MAX_DESCRIPTION {
            return Err(problem::invalid("/description", "最多 4000 个字", "at most 4000 characters"));
        }
        let at = position(&members)?;
        let is_there = |need: &str| match need {
            "place" => at.is_some() || !text("address").is_empty(),
            "at" => at.is_some(),
            name => !text(name).is_empty(),
        };
        if let Some(lacking) = write.needs.iter().find(|need| !is_there(need)) {
            return Err(problem::invalid(&format!("/{lacking}"), "必须填写", "it is needed"));
        }
        let sent_at = members.get("sent_at").and_then(plain);
        Ok(Self {
            said: MEMBERS.iter().map(|name| (*name, text(name))).collect(),
            at,
            answers: members.get("answers").and_then(Value::as_object).cloned().unwrap_or_default(),
            sent_at: sent_at.and_then(|at| DateTime::parse_from_rfc3339(&at).ok()),
        })
    }

    fn text(&self, name: &str) -> &str {
        self.said.iter().find(|(known, _)| *known == name).map_or("", |(_, text)| text)
    }
}

/// `POST /reports`: `{category, description, at, address, name, telephone, email, answers: {code: text or [texts]}, sent_at}`.
pub(crate) async fn create(talk: &Talk, backend: &Backend, body: &[u8]) -> Result<Answer, Trouble> {
    let (map, write) = created_by(backend).ok_or_else(|| problem::not_offered(Reason::new("上报", "reports")))?;
    let report = Report::read(body, write)?;
    let theirs = their_category(map, report.text("category"));
    if let Some(sent_at) = report.sent_at
        && let Some(number) = sent_before(talk, backend, &report, &theirs, sent_at).await?
    {
        return Ok(good(&json!({"number": number, "token": null, "notice": null, "was_there": true})));
    }
    let at = report.at.map(|at| their_position(at, map)).transpose()?;
    let [lon, lat] = at.map_or([String::new(), String::new()], |at| at.map(|degrees| format!("{degrees:.6}")));
    let said = report.said.iter().filter(|(name, _)| *name != "category");
    let mut names: Vec<(&str, &str)> = said.map(|(name, value)| (*name, value.as_str())).collect();
    let now = their_time(map, mapped(backend, "cases").ok(), talk.now);
    names.extend([("category", &*theirs), ("lon", &*lon), ("lat", &*lat), ("reported_at", &*now)]);
    let mut body = template::body(&write.body, &names);
    answers(&mut body, &report.answers, &backend.dialect);
    let heard = talk.write(backend, written(backend, map, write, &names, &body)?, &map.failure).await?;
    receipt::told(backend, map, write, &heard.value)
}

/// Looks for the same report among those that came since it was first sent: same kind, same words, same place.
async fn sent_before(
    talk: &Talk,
    backend: &Backend,
    report: &Report,
    theirs: &str,
    sent_at: DateTime<FixedOffset>,
) -> Result<Option<String>, Trouble> {
    let named = |name: &&'static str| Some((*name, mapped(backend, name).ok().filter(|map| map.list.is_some())?));
    let Some((resource, map)) = ["reports", "cases"].iter().find_map(named) else { return Ok(None) };
    let from = sent_at.checked_sub_signed(TimeDelta::seconds(CLOCKS_S));
    let kind = our_category(map, theirs);
    let is_same = |fields: &Map<String, Value>| {
        let text = |name: &str| fields.get(name).and_then(Value::as_str).unwrap_or_default();
        let at: Option<[f64; 2]> = fields.get("at").and_then(|at| serde_json::from_value(at.clone()).ok());
        let near = match (report.at, at) {
            (Some(ours), Some([lon, lat])) => distance::metres(ours, LonLat { lon, lat }) <= SAME_M,
            _ => text("address") == report.text("address"),
        };
        let at = DateTime::parse_from_rfc3339(text("reported_at"));
        let is_late = at.is_ok_and(|at| from.is_none_or(|from| at >= from));
        let is_kind = text("category") == kind;
        near && is_late && is_kind && text("description").trim() == report.text("description").trim()
    };
    let fails = |fields: &Map<String, Value>| (!is_same(fields)).then_some("q");
    let filters = Filters { from, ..Filters::default() };
    let (limit, start, most_pages, is_whole) = (1, Cursor::START, LOOKED_THROUGH, false);
    // Which of them are restricted is not looked at here: nothing is told of any.
    let secret: Option<Secret<'_>> = Some(&|_, _| true);
    let wanted =
        Wanted { resource, filters: &filters, names: &[], limit, start, fails: &fails, most_pages, is_whole, secret };
    match talk.gather(backend, map, wanted).await {
        Ok(found) => Ok(found.items.first().and_then(|item| item.fields.get("number").and_then(plain))),
        // A server that is down just now is looked through later: a second report helps nobody. One that shows its list to
        // nobody, or that we cannot read, takes the report all the same.
        Err(trouble) if [kinds::UNAVAILABLE, kinds::SENT_ON].contains(&trouble.kind) => Err(trouble),
        Err(_) => Ok(None),
    }
}

fn position(report: &Map<String, Value>) -> Result<Option<LonLat>, Trouble> {
    let Some(at) = report.get("at").filter(|at| !at.is_null()) else { return Ok(None) };
    let wrong =
        || problem::invalid("/at", "应为经度、纬度，以度为单位", "longitude and latitude in degrees were expected");
    let [lon, lat]: [f64; 2] = serde_json::from_value(at.clone()).map_err(|_| wrong())?;
    LonLat::new(lon, lat).map(Some).map_err(|_| wrong())
}

fn their_position(at: LonLat, map: &ResourceMap) -> Result<[f64; 2], Trouble> {
    let own = map.fields.get("at").and_then(|expr| expr.place.datum);
    let none = || Reason::new("位置：对应表没有坐标系", "positions: the mapping has no datum");
    let datum = own.or(map.setting.datum).ok_or_else(|| problem::not_offered(none()))?;
    let theirs = from_wgs84(datum, at);
    Ok([theirs.lon, theirs.lat])
}

/// An instant as their reports have it: some servers take none of their own.
fn their_time(map: &ResourceMap, cases: Option<&ResourceMap>, at: DateTime<FixedOffset>) -> String {
    let written = |map: &ResourceMap| {
        let expr = map.fields.get("reported_at")?;
        Some((expr.time.clone(), expr.offset.or(map.setting.offset)))
    };
    let (time, offset) = written(map).or_else(|| cases.and_then(written)).unwrap_or((Time::Usual, map.setting.offset));
    write_instant(&time, at, offset)
}

/// Their word for a category of ours; one that the table lacks goes as it is.
fn their_category(map: &ResourceMap, ours: &str) -> String {
    let theirs = map.fields.get("category").map(|expr| expr.theirs(ours)).unwrap_or_default();
    theirs.first().map_or_else(|| ours.to_owned(), |word| (*word).to_owned())
}

/// Our word for a category of theirs.
fn our_category(map: &ResourceMap, theirs: &str) -> String {
    let expr = map.fields.get("category");
    let ours = expr.and_then(|expr| expr.table.as_ref()?.get(theirs).or(expr.otherwise.as_ref()));
    ours.map_or_else(|| theirs.to_owned(), Clone::clone)
}

/// `attribute[CODE]=…` in a `GeoReport`; elsewhere a member `answers`.
fn answers(body: &mut Value, answers: &Map<String, Value>, dialect: &str) {
    let Value::Object(members) = body else { return };
    if answers.is_empty() {
        return;
    }
    if dialect != "georeport" {
        members.insert("answers".to_owned(), Value::Object(answers.clone()));
        return;
    }
    for (code, value) in answers {
        members.insert(format!("attribute[{code}]"), value.clone());
    }
}

fn written(
    backend: &Backend,
    map: &ResourceMap,
    write: &Write,
    names: template::Names<'_>,
    body: &Value,
) -> Result<Call, Trouble> {
    let headers: Vec<_> = map.headers.iter().chain(&write.headers).cloned().collect();
    let mut call = template::call(&backend.base, &write.to, names, Vec::new(), &headers)?;
    template::set_body(&mut call, write.to.carried, body);
    Ok(call)
}

/// `GET /reports/{number}`; of one that has only a token yet, `GET /reports/token:…`.
pub(crate) async fn track(talk: &Talk, backend: &Backend, number: &str) -> Result<Answer, Trouble> {
    let map = mapped(backend, "reports").or_else(|_| mapped(backend, "cases"))?;
    let mut number = decode(number);
    if let Some(token) = number.strip_prefix("token:").map(str::to_owned) {
        match number_of(talk, backend, map, &token).await? {
            Some(known) => number = known,
            // The report is there, and has no number yet.
            None => return Ok(good(&json!({"number": null, "token": token, "state": "reported"}))),
        }
    }
    let one = map.one.as_ref().ok_or_else(|| problem::not_offered(Reason::new("单件上报", "single reports")))?;
    let id = called(backend, map, &number);
    let call = template::call(&backend.base, one, &[("id", &id)], Vec::new(), &map.headers)?;
    let heard = talk.ask(backend, call, &map.failure).await?;
    let reader = list::reader(talk, map, schema::of("reports").unwrap_or_default());
    let raw = super::cases::single(map, &heard.value, &reader, &number).ok_or_else(|| problem::not_found(&number))?;
    // Before it is read: that one is there which cannot be read would tell that it is there.
    if sensitivity(talk, backend, &reader, raw).await? == Sensitivity::Restricted {
        return Err(problem::not_found(&number));
    }
    let read = reader.read(raw).map_err(problem::unreadable)?;
    if read.fields.get("number").and_then(Value::as_str) != Some(number.as_str()) {
        // Whoever knows a number can follow its report: that of another's is not told.
        let en = format!("asked for {number}, it gave another report");
        return Err(
            problem::unreadable(Reason::new(format!("问的是 {number}，给的是另一件上报"), en)).of(&backend.name)
        );
    }
    Ok(good(&told(&read.fields)))
}

/// What a resident is told of a report: what happened to it. Nobody knows here who asks, so that no number of anybody's is in it.
fn told(fields: &Map<String, Value>) -> Value {
    const AS_IT_IS: [&str; 8] =
        ["number", "state", "category", "reported_at", "updated_at", "expected_at", "resolved_at", "at"];
    let text = |name: &str| fields.get(name).and_then(Value::as_str);
    let mut told: Map<String, Value> =
        AS_IT_IS.iter().map(|name| ((*name).to_owned(), fields.get(*name).cloned().unwrap_or_default())).collect();
    for name in ["title", "office", "note"] {
        told.insert(name.to_owned(), json!(text(name).map(masking::scrub)));
    }
    told.insert("address".to_owned(), json!(text("address").and_then(shown_address)));
    Value::Object(told)
}

/// How sensitive a report is: as it says itself, as its category has it, and as the cases of the same server are read. What cannot
/// be told is restricted.
async fn sensitivity(talk: &Talk, backend: &Backend, own: &Reader<'_>, raw: &Value) -> Result<Sensitivity, Trouble> {
    let config = talk.config().await?;
    let map =
        talk.inner.of("cases").filter(|cases| cases.name == backend.name).and_then(|cases| mapped(cases, "cases").ok());
    let of_cases = map.map(|map| list::reader(talk, map, own.schema));
    let read = |reader: &Reader<'_>| said_by(&config, reader, raw, Sensitivity::Restricted);
    Ok(read(own).max(of_cases.as_ref().map_or(Sensitivity::Public, read)))
}

async fn number_of(talk: &Talk, backend: &Backend, map: &ResourceMap, token: &str) -> Result<Option<String>, Trouble> {
    let ids = map.ids.as_ref().ok_or_else(|| problem::not_offered(Reason::new("凭条", "tokens")))?;
    let call = template::call(&backend.base, ids, &[("token", token)], Vec::new(), &map.headers)?;
    let heard = talk.ask(backend, call, &map.failure).await?;
    // The answer has the same shape as that to the report itself; the others are what GeoReport servers have.
    let own = created_by(backend).map(|(_, write)| write.number.as_slice()).unwrap_or_default();
    let usual = [
        "/0/service_request_id",
        "/service_requests/request/service_request_id",
        "/service_requests/0/service_request_id",
        "/requests/request/service_request_id",
        "/service_request_id",
    ];
    let number = first(own, &heard.value).or_else(|| first(&usual.map(str::to_owned), &heard.value));
    Ok(number.and_then(plain))
}

/// `POST /cases/{number}/actions/{action}`: `{reason, evidence, next, rating}` go where the mapping has them.
pub(crate) async fn act(
    talk: &Talk,
    backend: &Backend,
    number: &str,
    action: &str,
    body: &[u8],
) -> Result<Answer, Trouble> {
    let map = mapped(backend, "cases")?;
    let write =
        map.actions.get(action).ok_or_else(|| problem::not_offered(Reason::new("步骤", "the step").about(action)))?;
    let carried = if body.is_empty() { Map::new() } else { read_body(body)? };
    // Who may not see the case takes no step on it, and does not learn that it is there.
    known(talk, backend, number).await?;
    if let Some(lacking) = write.needs.iter().find(|need| carried.get(*need).and_then(plain).is_none()) {
        return Err(problem::invalid(&format!("/{lacking}"), "必须填写", "it is needed"));
    }
    let id = called(backend, map, &decode(number));
    let said: Vec<(String, String)> =
        carried.iter().filter_map(|(name, value)| Some((name.clone(), plain(value)?))).collect();
    let mut names: Vec<(&str, &str)> = said.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    names.insert(0, ("id", &id));
    let call = written(backend, map, write, &names, &template::body(&write.body, &names))?;
    talk.write(backend, call, &map.failure).await?;
    // What figures and the map are made of is read anew.
    let mut memory = backend.memory.borrow_mut();
    (memory.kept, memory.backlog, memory.steps) = (None, None, memory.steps.wrapping_add(1));
    Ok(Answer { status: 204, ..Answer::default() })
}
