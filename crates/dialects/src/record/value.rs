//! A field's value, read leniently in what does not mislead (numbers as text, `"true"`, empty text for nothing) and strictly in
//! what would (an unknown word of a set, a time without an offset).

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, Offset, TimeZone};
use fengtu_domain::masking;
use serde_json::{Value, json};

use super::reason::Reason;
use super::schema::{Field, Kind, Names};
use super::{Reader, hours, links, place};
use crate::mapping::expression::{Expr, Source, Time};

/// Most bytes of a word that is shown in a complaint: ten Chinese characters, or `not_councils_responsibility`.
const MAX_SHOWN: usize = 30;
/// So many digits in a row may be a number of somebody's.
const MAX_DIGITS: usize = 5;

/// Reads a field; `None` where the record has nothing for it.
pub(crate) fn read(expr: &Expr, field: &Field, raw: &Value, reader: &Reader<'_>) -> Result<Option<Value>, Reason> {
    match field.kind {
        Kind::Point => return place::point(expr, raw, reader).map(|at| at.map(|at| json!(at))),
        Kind::Shape => return place::shape(expr, raw, reader),
        _ => {}
    }
    let Some(found) = find(expr, raw) else { return Ok(None) };
    match field.kind {
        Kind::Text => text(expr, &found).map(|text| text.map(Value::String)),
        Kind::Name(names) => name(expr, &found, names).map(|word| word.map(Value::String)),
        Kind::Names(names) => several(expr, &found, names),
        Kind::Time => {
            Ok(instant(expr, &found, expr.offset.or(reader.setting.offset))?.map(|at| json!(at.to_rfc3339())))
        }
        Kind::Money => Ok(number(&found)?.map(|yuan| json!((yuan * expr.factor).round() as i64))),
        Kind::Count => count(expr, &found),
        Kind::Real => Ok(number(&found)?.map(|real| json!(real * expr.factor))),
        Kind::Hours => hours::read(&found).map(Some),
        Kind::Links => Ok(links::read(expr, &found, reader.address)),
        Kind::Point | Kind::Shape | Kind::Ours => Ok(Some(found)),
    }
}

/// Finds what the expression points to; empty text and `null` are nothing.
pub(crate) fn find(expr: &Expr, raw: &Value) -> Option<Value> {
    match &expr.source {
        Source::Value(value) => Some(value.clone()),
        Source::At(pointers) => first(pointers, raw).cloned(),
        Source::Join(parts) => {
            let words = parts.iter().map(|part| match part.strip_prefix('/') {
                Some(_) => raw.pointer(part).and_then(plain).unwrap_or_default(),
                None => part.clone(),
            });
            Some(words.collect::<String>()).filter(|text| !text.trim().is_empty()).map(Value::String)
        }
    }
}

/// Returns the first value that stands at one of the pointers.
pub(crate) fn first<'a>(pointers: &[String], raw: &'a Value) -> Option<&'a Value> {
    pointers.iter().filter_map(|at| raw.pointer(at)).find(|value| !is_nothing(value))
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        _ => false,
    }
}

/// Returns a text, a number or a truth value as text.
pub(crate) fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        // {"recipient": ["…"]} and the like: a single thing in wrapping.
        Value::Array(list) => list.first().filter(|_| list.len() == 1).and_then(plain),
        Value::Object(_) | Value::Null => None,
    }
}

fn text(expr: &Expr, found: &Value) -> Result<Option<String>, Reason> {
    let text = plain(found).ok_or_else(|| unexpected(found, "文字", "text was"))?;
    translated(expr, text)
}

/// Puts a word through the table, where there is one.
fn translated(expr: &Expr, word: String) -> Result<Option<String>, Reason> {
    let Some(table) = &expr.table else { return Ok(Some(word)) };
    let ours = table.get(&word).or(expr.otherwise.as_ref());
    ours.cloned().map(Some).ok_or_else(|| {
        let word = quoted(&word);
        Reason::new(format!("对应表中没有{}", word.zh), format!("the table has no {}", word.en))
    })
}

fn name(expr: &Expr, found: &Value, names: Names) -> Result<Option<String>, Reason> {
    let word = text(expr, found)?.unwrap_or_default();
    match (names.has(&word), &expr.otherwise) {
        (true, _) => Ok(Some(word)),
        (false, Some(usual)) => Ok(Some(usual.clone())),
        (false, None) => {
            let word = quoted(&word);
            Err(Reason::new(format!("不认识{}", word.zh), format!("{} is not known", word.en)))
        }
    }
}

fn several(expr: &Expr, found: &Value, names: Names) -> Result<Option<Value>, Reason> {
    let parts: Vec<Value> = match (found, &expr.split) {
        (Value::Array(list), _) => list.clone(),
        (Value::String(text), split) => {
            let split = split.as_deref().unwrap_or(",");
            text.split(split).map(str::trim).filter(|part| !part.is_empty()).map(|part| json!(part)).collect()
        }
        (other, _) => vec![other.clone()],
    };
    let words: Result<Vec<Option<String>>, Reason> = parts.iter().map(|part| name(expr, part, names)).collect();
    let mut words: Vec<String> = words?.into_iter().flatten().collect();
    words.dedup();
    Ok(Some(json!(words)))
}

/// Reads a number, also as text, with thousands' commas.
pub(crate) fn number(found: &Value) -> Result<Option<f64>, Reason> {
    let read = match found {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => {
            let text = text.trim().replace([',', '，', ' '], "");
            text.parse().ok()
        }
        _ => None,
    };
    read.filter(|number| number.is_finite()).map(Some).ok_or_else(|| unexpected(found, "数字", "a number was"))
}

fn count(expr: &Expr, found: &Value) -> Result<Option<Value>, Reason> {
    let count = number(found)?.unwrap_or_default() * expr.factor;
    if !(0.0..=f64::from(u32::MAX)).contains(&count) {
        return Err(unexpected(found, "不小于 0 的个数", "a count was"));
    }
    Ok(Some(json!(count.round() as u64)))
}

/// Reads an instant. Without an offset in it, the mapping's counts; without one there either, it is refused.
pub(crate) fn instant(
    expr: &Expr,
    found: &Value,
    offset: Option<FixedOffset>,
) -> Result<Option<DateTime<FixedOffset>>, Reason> {
    let zone = offset.unwrap_or_else(|| chrono::Utc.fix());
    let of_ms = |ms: f64| DateTime::from_timestamp_millis(ms as i64).map(|at| at.with_timezone(&zone));
    let read = match &expr.time {
        Time::Unix => of_ms(number(found)?.unwrap_or_default() * 1000.0),
        Time::UnixMs => of_ms(number(found)?.unwrap_or_default()),
        Time::Usual => return usual(&plain(found).unwrap_or_default(), offset, found).map(Some),
        Time::Format(format) => return formatted(&plain(found).unwrap_or_default(), format, offset).map(Some),
    };
    read.filter(is_sound).map(Some).ok_or_else(|| no_time(found))
}

/// The wire has years of four digits. One of two is taken as it stands, and would be of the first century.
fn is_sound(at: &DateTime<FixedOffset>) -> bool {
    use chrono::Datelike;
    (1_000..=9_998).contains(&at.year())
}

/// Dates and times as they are written without an offset.
const FORMATS: [&str; 6] = [
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y/%m/%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d %H:%M",
    "%Y年%m月%d日 %H:%M:%S",
];

fn usual(text: &str, offset: Option<FixedOffset>, found: &Value) -> Result<DateTime<FixedOffset>, Reason> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text)
        && is_sound(&at)
    {
        return Ok(at);
    }
    // Offsets without a colon, as many frameworks write them.
    if let Ok(at) = DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z")
        && is_sound(&at)
    {
        return Ok(at);
    }
    let local = FORMATS.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
    let day = || NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0);
    local.or_else(day).map_or_else(|| Err(no_time(found)), |at| in_zone(at, offset))
}

fn formatted(text: &str, format: &str, offset: Option<FixedOffset>) -> Result<DateTime<FixedOffset>, Reason> {
    if let Ok(at) = DateTime::parse_from_str(text, format)
        && is_sound(&at)
    {
        return Ok(at);
    }
    let day = || NaiveDate::parse_from_str(text, format).ok()?.and_hms_opt(0, 0, 0);
    let local = NaiveDateTime::parse_from_str(text, format).ok().or_else(day);
    let wrong = || Reason::new(format!("没有按 {format} 书写"), format!("it is not written as {format}"));
    local.map_or_else(|| Err(wrong()), |at| in_zone(at, offset))
}

fn in_zone(at: NaiveDateTime, offset: Option<FixedOffset>) -> Result<DateTime<FixedOffset>, Reason> {
    let offset = offset.ok_or_else(|| {
        Reason::new(
            "时间没有写明时区，映射中也没有 \"utc_offset\"",
            "a time without an offset, and the mapping has no \"utc_offset\"",
        )
    })?;
    let at = offset.from_local_datetime(&at).single();
    at.filter(is_sound).ok_or_else(|| Reason::new("该时区没有这个时间", "it is no time of that zone"))
}

/// Writes an instant as a filter's format has it.
pub(crate) fn write_instant(time: &Time, at: DateTime<FixedOffset>, offset: Option<FixedOffset>) -> String {
    let local = offset.map_or(at, |offset| at.with_timezone(&offset));
    match time {
        Time::Usual => local.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        Time::Unix => at.timestamp().to_string(),
        Time::UnixMs => at.timestamp_millis().to_string(),
        Time::Format(format) => local.format(format).to_string(),
    }
}

/// Says that something else was expected than stands there.
pub(crate) fn unexpected(found: &Value, zh: &str, en: &str) -> Reason {
    let (is_zh, is_en) = kind(found);
    Reason::new(format!("这里是{is_zh}，应为{zh}"), format!("{is_en} where {en} expected"))
}

fn no_time(found: &Value) -> Reason {
    let (zh, en) = kind(found);
    Reason::new(format!("这里是{zh}，读不出时间"), format!("{en} is no time"))
}

/// Says what kind of a value stands there: what it says may be about anybody.
fn kind(value: &Value) -> (&'static str, &'static str) {
    match value {
        Value::String(_) => ("一段文字", "a text"),
        Value::Number(_) => ("一个数字", "a number"),
        Value::Array(_) => ("一个列表", "a list"),
        Value::Object(_) => ("一个对象", "an object"),
        Value::Bool(true) => ("true", "true"),
        Value::Bool(false) => ("false", "false"),
        Value::Null => ("null", "null"),
    }
}

/// Shows a word that a table should have, if it may be shown.
pub(crate) fn quoted(text: &str) -> Reason {
    if !is_word(text) {
        return Reason::new("这段文字", "a text");
    }
    let shown = format!("“{text}”");
    Reason::new(&shown, &shown)
}

/// Whether it is a short word, without a number of anybody's. Anything else is text of nobody knows what.
pub(crate) fn is_word(text: &str) -> bool {
    let digits = text.split(|c: char| !c.is_numeric()).map(|run| run.chars().count()).max().unwrap_or_default();
    let is_clean = digits < MAX_DIGITS && masking::scrub(text) == text && !text.contains(char::is_control);
    text.len() <= MAX_SHOWN && is_clean
}
