//! Answers that are random, again and again, call by call: each is understood as what it is, or refused and counted, or told as an
//! error; nothing is misread and nothing is lost between. What came is looked at by the names that `GeoReport` has.

use std::collections::BTreeSet;

use fengtu_dialects::{Outcome, Request};
use serde_json::{Value, json};

use super::Kit;
use super::lists::{identity, position};
use super::reports::new_report;
use super::told::Told;

/// Something that was misread, in both languages.
type Misread = (String, String);
/// Looks at a good answer: how many were understood and how many refused.
type Look = fn(&Told) -> Result<(usize, usize), Misread>;

/// Asks for cases.
pub(super) fn cases(kit: &mut Kit) {
    again(kit, "GET /cases", &|| Request::get("/cases").with("limit", 1000), listed_cases);
}

/// Asks for everything else that the standard has; with `write` reports are made too.
pub(super) fn reports(kit: &mut Kit, write: bool) {
    again(kit, "GET /cases/{number}", &|| Request::get("/cases/1"), one_case);
    again(kit, "GET /services", &|| Request::get("/services"), services);
    again(kit, "GET /services/{code}", &|| Request::get("/services/1"), questions);
    again(kit, "GET /reports/{number}", &|| Request::get("/reports/1"), followed);
    again(kit, "GET /reports/token:{token}", &|| Request::get("/reports/token:1"), followed);
    if write {
        again(kit, "POST /reports", &|| new_report(&json!("1"), json!({})), made);
    }
}

fn again(kit: &mut Kit, subject: &str, request: &dyn Fn() -> Request, look: Look) {
    let (mut read, mut refused, mut troubles) = (0, 0, 0);
    for _ in 0..kit.repeat {
        let told = kit.converse(request());
        if !matches!(told.answer.status, 200 | 201) {
            // Told as a problem in words, or the page has nothing to say.
            if told.json().get("title").and_then(Value::as_str).is_none_or(str::is_empty) {
                let (zh, en) =
                    (format!("出错而没有说明：{}", told.detail()), format!("fails without a word: {}", told.detail()));
                return kit.report.wrong("random.blank", subject, &zh, &en);
            }
            troubles += 1;
            continue;
        }
        match look(&told) {
            Ok((more, less)) => (read, refused) = (read + more, refused + less),
            Err((zh, en)) => return kit.report.wrong("random.misread", subject, &zh, &en),
        }
    }
    let asked = kit.repeat;
    let zh = format!("问 {asked} 次：识别 {read} 条，拒绝并计数 {refused} 条，{troubles} 次报错，没有一条读错");
    let en = format!(
        "asked {asked} times: {read} understood, {refused} refused and counted, {troubles} told as errors, none misread"
    );
    if read + refused + troubles == 0 {
        kit.report.wrong("random.blank", subject, &zh, &en);
    } else {
        kit.report.works("random.misread", subject, &zh, &en);
    }
}

/// Every record is understood or refused, and stands where it was.
fn listed_cases(told: &Told) -> Result<(usize, usize), Misread> {
    let raw = records(told);
    for row in told.rows() {
        let Some(number) = identity(&row) else { continue };
        let same: Vec<&Value> = raw.iter().filter(|raw| named(raw, REQUEST).as_deref() == Some(&number)).collect();
        if same.is_empty() {
            return Err(unheard(&number));
        }
        let at = position(&row);
        if !same.iter().any(|raw| at.is_none_or(|at| is_at(raw, at))) {
            return Err((
                format!("{number} 的位置 {at:?} 与原始不符"),
                format!("{number} at {at:?} is not where it was"),
            ));
        }
    }
    accounted(told, &raw, REQUEST)
}

/// Every kind of report is understood or refused, under the code that it has.
fn services(told: &Told) -> Result<(usize, usize), Misread> {
    let raw = records(told);
    let codes: BTreeSet<String> = raw.iter().filter_map(|one| named(one, SERVICE)).collect();
    let rows = told.rows();
    let of_rows = rows.iter().filter_map(|row| named(row, "code"));
    if let Some(code) = of_rows.into_iter().find(|code| !codes.contains(code)) {
        return Err(unheard(&code));
    }
    accounted(told, &raw, SERVICE)
}

/// The case that was asked for, or it would be an error.
fn one_case(told: &Told) -> Result<(usize, usize), Misread> {
    match named(&told.json(), "number") {
        Some(number) if number == "1" => Ok((1, 0)),
        number => Err(unheard(&number.unwrap_or_default())),
    }
}

/// A report is the one that came; what has no number yet has a token.
fn followed(told: &Told) -> Result<(usize, usize), Misread> {
    let answer = told.json();
    match named(&answer, "number") {
        Some(number) if numbers(told, REQUEST).contains(&number) => Ok((1, 0)),
        None if named(&answer, "token").is_some() && answer.get("state").is_some() => Ok((1, 0)),
        number => Err(unheard(&number.unwrap_or_default())),
    }
}

/// Every attribute with a code is a question, and no other is.
fn questions(told: &Told) -> Result<(usize, usize), Misread> {
    let raw = records(told);
    let attributes = raw.iter().filter_map(|one| one.get("attributes")?.as_array()).flatten();
    let came: BTreeSet<String> = attributes.filter_map(|attribute| named(attribute, "code")).collect();
    let asked = told.json().get("questions").and_then(Value::as_array).cloned().unwrap_or_default();
    let asked: BTreeSet<String> = asked.iter().filter_map(|question| named(question, "code")).collect();
    match asked.symmetric_difference(&came).next() {
        // Of several definitions one is the service that was asked for.
        Some(code) if raw.len() == 1 || !came.contains(code) => Err(unheard(code)),
        _ => Ok((asked.len(), 0)),
    }
}

/// A new report has the number or the token that came.
fn made(told: &Told) -> Result<(usize, usize), Misread> {
    let answer = told.json();
    for (ours, theirs) in [("number", REQUEST), ("token", "token")] {
        let (ours, came) = (named(&answer, ours), numbers(told, theirs));
        if ours.as_ref().map_or(!came.is_empty(), |ours| !came.contains(ours)) {
            return Err(unheard(&ours.unwrap_or_default()));
        }
    }
    Ok((1, 0))
}

const REQUEST: &str = "service_request_id";
const SERVICE: &str = "service_code";

fn unheard(name: &str) -> Misread {
    (format!("“{name}” 与原始回答不符"), format!("“{name}” is not what came"))
}

fn accounted(told: &Told, raw: &[Value], name: &str) -> Result<(usize, usize), Misread> {
    let ids: BTreeSet<String> = raw.iter().filter_map(|raw| named(raw, name)).collect();
    let (rows, refused) = (told.rows().len(), told.refused().0);
    if ids.len() <= rows + refused {
        return Ok((rows, refused));
    }
    let (came, known) = (ids.len(), rows + refused);
    Err((
        format!("原始 {came} 条，识别与拒绝共 {known} 条"),
        format!("{came} came, {known} were understood or refused"),
    ))
}

fn numbers(told: &Told, name: &str) -> BTreeSet<String> {
    records(told).iter().filter_map(|one| named(one, name)).collect()
}

/// All that came: lists, and single things.
fn records(told: &Told) -> Vec<Value> {
    told.raw.iter().flat_map(|(_, outcome)| of(outcome)).collect()
}

fn of(outcome: &Outcome) -> Vec<Value> {
    let Outcome::Answered(answer) = outcome else { return Vec::new() };
    match serde_json::from_slice(&answer.body) {
        Ok(Value::Array(list)) => list,
        Ok(one @ Value::Object(_)) => vec![one],
        _ => Vec::new(),
    }
}

fn named(one: &Value, name: &str) -> Option<String> {
    plain(one.get(name)?)
}

fn plain(value: &Value) -> Option<String> {
    let text =
        value.as_str().map(|text| text.trim().to_owned()).or_else(|| value.is_number().then(|| value.to_string()));
    text.filter(|text| !text.is_empty())
}

fn is_at(raw: &Value, [lon, lat]: [f64; 2]) -> bool {
    let degrees = |name: &str| raw.get(name).and_then(plain).and_then(|text| text.parse::<f64>().ok());
    let near = |theirs: Option<f64>, ours: f64| theirs.is_some_and(|theirs| (theirs - ours).abs() < 1e-5);
    near(degrees("long"), lon) && near(degrees("lat"), lat)
}
