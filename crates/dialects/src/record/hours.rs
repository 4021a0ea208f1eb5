//! Opening hours as servers write them: our own rows, or a text such as `09:00-18:00`, `Mo-Fr 09:00-12:00,14:00-17:00`,
//! `周一至周五 9:00—18:00；周六 9:00-12:00` or `24小时`.

use chrono::NaiveTime;
use serde_json::{Value, json};

use super::reason::Reason;
use super::value::plain;

const ALL: [u8; 7] = [1, 2, 3, 4, 5, 6, 7];
/// Hours without days hold from Monday to Friday.
const WORKDAYS: [u8; 5] = [1, 2, 3, 4, 5];

/// Reads opening hours as rows of our contract.
pub(crate) fn read(found: &Value) -> Result<Value, Reason> {
    let lines: Option<Vec<&str>> = found.as_array().and_then(|list| list.iter().map(Value::as_str).collect());
    let text = match (lines, found.as_array()) {
        (Some(lines), _) if !lines.is_empty() => lines.join(";"),
        (_, Some(rows)) if rows.iter().all(is_row) => return Ok(Value::Array(rows.iter().map(whole).collect())),
        _ => plain(found).unwrap_or_default(),
    };
    let text = text.replace(['～', '~', '—', '至', '到', '–'], "-").replace('：', ":");
    let text = text.replace(" to ", "-");
    let mut days = WORKDAYS.to_vec();
    let parts = text.split([',', '，', ';', '；']).map(str::trim).filter(|part| !part.is_empty());
    let rows: Option<Vec<Value>> = parts.map(|part| row(part, &mut days)).collect();
    let rows = rows.filter(|rows| !rows.is_empty());
    rows.map(Value::Array).ok_or_else(|| Reason::new("这不是开放时间", "it is no opening hours"))
}

/// Whether it is a row of our contract.
fn is_row(row: &Value) -> bool {
    let is_day = |day: &Value| day.as_u64().is_some_and(|day| (1..=7).contains(&day));
    let has_days = row.get("weekdays").and_then(Value::as_array).is_some_and(|days| days.iter().all(is_day));
    let is_time = |name: &str| row.get(name).and_then(Value::as_str).is_some_and(|at| at.parse::<NaiveTime>().is_ok());
    let holidays = row.get("on_holidays").is_none_or(Value::is_boolean);
    has_days && is_time("from") && is_time("to") && holidays
}

/// A row that says nothing of holidays does not hold on them.
fn whole(row: &Value) -> Value {
    let mut row = row.clone();
    if let Some(members) = row.as_object_mut() {
        members.entry("on_holidays").or_insert(Value::Bool(false));
    }
    row
}

/// Reads one span, of the days that it names or of those before.
fn row(part: &str, days: &mut Vec<u8>) -> Option<Value> {
    let row = |days: &[u8], from: NaiveTime, to: NaiveTime, on_holidays: bool| json!({"weekdays": days, "from": from.to_string(), "to": to.to_string(), "on_holidays": on_holidays});
    if ["24小时", "24 小时", "全天", "24h", "24/7", "24 hours"].contains(&part.to_lowercase().as_str()) {
        return Some(row(&ALL, NaiveTime::MIN, NaiveTime::MIN, true));
    }
    let (named, span) = part.split_at_checked(part.find(|c: char| c.is_ascii_digit())?)?;
    let named = named.trim().trim_end_matches(':');
    if !named.is_empty() {
        *days = weekdays(named)?;
    }
    let (from, to) = span.split_once('-')?;
    Some(row(days, time(from)?, time(to)?, false))
}

fn time(text: &str) -> Option<NaiveTime> {
    let text = text.trim();
    if text == "24:00" { Some(NaiveTime::MIN) } else { NaiveTime::parse_from_str(text, "%H:%M").ok() }
}

fn weekdays(named: &str) -> Option<Vec<u8>> {
    match named {
        "每天" | "每日" => return Some(ALL.to_vec()),
        "工作日" => return Some(WORKDAYS.to_vec()),
        "周末" => return Some(vec![6, 7]),
        _ => {}
    }
    let (from, to) = named.split_once('-').unwrap_or((named, named));
    let (from, to) = (weekday(from.trim())?, weekday(to.trim())?);
    (from <= to).then(|| (from..=to).collect())
}

/// 1 is Monday.
fn weekday(word: &str) -> Option<u8> {
    const ENGLISH: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let chinese = word.trim_start_matches("星期").trim_start_matches('周');
    let of_chinese = (1..).zip(["一", "二", "三", "四", "五", "六", "日"]);
    let lower = word.to_ascii_lowercase();
    let short = lower.trim_end_matches('.');
    // `Mo`, `Mon` or the whole word; another that begins like it is none.
    let is_short = |name: &str| short == name || ([2, 3].contains(&short.len()) && name.starts_with(short));
    (of_chinese.into_iter().find(|(_, name)| *name == chinese))
        .or_else(|| (1..).zip(ENGLISH).find(|(_, name)| is_short(name)))
        .map(|(day, _)| day)
        .or_else(|| (chinese == "天").then_some(7))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn rows(text: &str) -> Vec<(Vec<u64>, String)> {
        let days = |row: &Value| row["weekdays"].as_array().unwrap().iter().filter_map(Value::as_u64).collect();
        let span = |row: &Value| format!("{}-{}", row["from"].as_str().unwrap(), row["to"].as_str().unwrap());
        read(&json!(text)).unwrap().as_array().unwrap().iter().map(|row| (days(row), span(row))).collect()
    }

    #[test]
    fn hours_are_read_as_people_write_them() {
        let (work, day) = (vec![1, 2, 3, 4, 5], "09:00:00-18:00:00".to_owned());
        for text in [
            "09:00-18:00",
            "9:00—18:00",
            "Mo-Fr 09:00-18:00",
            "周一至周五 09:00-18:00",
            "星期一至星期五：9:00～18:00",
            "工作日 9:00-18:00",
            "周一到周五 9:00-18:00",
            "Monday to Friday 9:00-18:00",
            "Mon.-Fri. 9:00-18:00",
        ] {
            assert_eq!(rows(text), [(work.clone(), day.clone())], "{text}");
        }
        let noon = [(work.clone(), "09:00:00-12:00:00".to_owned()), (work.clone(), "14:00:00-17:00:00".to_owned())];
        assert_eq!(rows("Mon-Fri 09:00-12:00,14:00-17:00"), noon);
        let two = [(work, day.clone()), (vec![6], "09:00:00-12:00:00".to_owned())];
        assert_eq!(rows("周一至周五 9:00-18:00；周六 9:00-12:00"), two);
        assert_eq!(rows("每天 9:00-24:00"), [((1..=7).collect(), "09:00:00-00:00:00".to_owned())]);
        assert_eq!(rows("24小时"), [((1..=7).collect(), "00:00:00-00:00:00".to_owned())]);
        assert_eq!(rows("周日 9:00-18:00"), [(vec![7], day)]);
    }

    #[test]
    fn rows_of_our_own_and_lists_of_texts_are_hours_and_other_lists_are_none() {
        let lines = json!(["Mo-Fr 09:00-18:00", "Sa 09:00-12:00"]);
        assert_eq!(read(&lines).unwrap(), read(&json!("Mo-Fr 09:00-18:00;Sa 09:00-12:00")).unwrap());
        let row = json!({"weekdays": [1], "from": "09:00", "to": "18:00:00"});
        let read_rows = read(&json!([row])).unwrap();
        assert!(serde_json::from_value::<Vec<fengtu_wire::stations::OpeningHours>>(read_rows).is_ok());
        assert_eq!(read(&json!([])).unwrap_or_default(), json!([]), "no hours");
        for list in [
            json!([1, 2]),
            json!([{"weekdays": [8], "from": "09:00", "to": "18:00"}]),
            json!([{"open": "9"}]),
            json!([[row]]),
        ] {
            assert!(read(&list).is_err(), "{list}");
        }
    }

    #[test]
    fn what_is_no_hours_is_refused() {
        for text in [
            "",
            "by appointment",
            "09:00",
            "25:00-26:00",
            "周八 9:00-18:00",
            "Mon and Wed 9:00-18:00",
            "Mo/We 9:00-18:00",
            "Mornings 9:00-12:00",
            "Summer 9:00-18:00",
            "9:00-18:00，24小时热线12345",
            "24.12. closed",
            "Sa-Mo 09:00-18:00",
            ";",
            "é9:00-",
        ] {
            assert!(read(&json!(text)).is_err(), "{text}");
        }
    }
}
