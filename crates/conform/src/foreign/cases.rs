//! Cases: pages, filters, one by its number.

use std::collections::BTreeSet;

use fengtu_dialects::exchange::encode;
use fengtu_dialects::{Outcome, Request};
use fengtu_wire::problem::kinds;
use serde_json::Value;

use super::Kit;
use super::ignored;
use super::lists::{identity, position, understood};
use super::random;
use super::told::Told;

const SUBJECT: &str = "GET /cases";
/// Rows of a page that is asked for.
const LIMIT: usize = 25;
/// Pages that are looked at.
const PAGES: usize = 4;

/// Asks for cases in every way that the faces do.
pub(super) fn check(kit: &mut Kit) {
    if !kit.installation.capabilities("cases").read {
        kit.report.missing("list.mapped", SUBJECT, "没有映射，页面不显示", "is not mapped; pages go without it");
        return;
    }
    let first = kit.get("/cases?limit=200&total=true");
    if first.answer.status != 200 {
        kit.report.wrong("list.answer", SUBJECT, &first.detail().zh, &first.detail().en);
        return;
    }
    understood(kit, SUBJECT, &first);
    if kit.is_random() {
        random::cases(kit);
        return;
    }
    pages(kit);
    let rows = first.rows();
    filters(kit, &first);
    if let Some(number) = rows.iter().find_map(identity) {
        one(kit, &number);
    }
    unknown(kit);
}

fn pages(kit: &mut Kit) {
    let mut seen = BTreeSet::new();
    let mut cursor = String::new();
    for page in 1..=PAGES {
        let told = kit.get(&format!("/cases?limit={LIMIT}{cursor}"));
        if told.answer.status != 200 {
            let (zh, en) =
                (format!("第 {page} 页：{}", told.detail().zh), format!("page {page}: {}", told.detail().en));
            kit.report.wrong("paging.pages", SUBJECT, &zh, &en);
            return;
        }
        for number in told.rows().iter().filter_map(identity) {
            if !seen.insert(number.clone()) {
                let (zh, en) = (format!("{number} 在两页中都出现"), format!("{number} comes on two pages"));
                kit.report.wrong("paging.twice", SUBJECT, &zh, &en);
                return;
            }
        }
        match told.json().get("next").and_then(Value::as_str) {
            Some(next) => cursor = format!("&cursor={}", encode(next)),
            None => break,
        }
    }
    let (zh, en) =
        (format!("翻页读到 {} 条，不重", seen.len()), format!("paged through {} cases, none twice", seen.len()));
    kit.report.works("paging.pages", SUBJECT, &zh, &en);
}

fn filters(kit: &mut Kit, plain: &Told) {
    let rows = plain.rows();
    let Some(row) = rows.iter().find(|row| position(row).is_some()).or_else(|| rows.first()) else { return };
    for name in ["category", "state", "class", "channel"] {
        let Some(word) = row.get(name).and_then(Value::as_str) else { continue };
        let words = if name == "category" { with_below(kit, word) } else { BTreeSet::from([word.to_owned()]) };
        let fits = |other: &Value| other.get(name).and_then(Value::as_str).is_some_and(|own| words.contains(own));
        narrowed(kit, plain, row, &format!("{name}={}", encode(word)), &fits);
    }
    if let Some(at) = position(row) {
        let sides = around(at);
        let [west, south, east, north] = sides;
        let inside = |other: &Value| position(other).is_some_and(|at| is_inside(sides, at));
        narrowed(kit, plain, row, &format!("bbox={west:.6},{south:.6},{east:.6},{north:.6}"), &inside);
    }
    period(kit, plain, row);
    search(kit);
}

/// A category stands for those below it too, as the district's settings have them.
fn with_below(kit: &Kit, word: &str) -> BTreeSet<String> {
    let config = kit.get("/config").json();
    let categories = config.get("categories").and_then(Value::as_array).cloned().unwrap_or_default();
    let mut all = BTreeSet::from([word.to_owned()]);
    let mut before = 0;
    while all.len() > before {
        before = all.len();
        let is_below =
            |one: &&Value| one.get("parent").and_then(Value::as_str).is_some_and(|parent| all.contains(parent));
        let below: Vec<String> = categories.iter().filter(is_below).filter_map(identity).collect();
        all.extend(below);
    }
    all
}

/// A word that is on nothing: whoever ignores the question gives everything, and every search would look as if all had been found.
fn search(kit: &mut Kit) {
    const NOWHERE: &str = "zqxjkv7193";
    let told = kit.get(&format!("/cases?limit={LIMIT}&q={NOWHERE}"));
    let subject = "GET /cases?q=…";
    let count = told.rows().len();
    if told.answer.status != 200 {
        kit.report.wrong("filter.answer", subject, &told.detail().zh, &told.detail().en);
    } else if count > 0 {
        let zh = format!("搜“{NOWHERE}”却给出 {count} 条：对方不理会这个参数，请从映射中去掉 filters.q，由本系统查找");
        let en = format!(
            "a search for “{NOWHERE}” gives {count} cases: the server ignores the parameter; take filters.q out of the mapping, and it is searched here"
        );
        kit.report.wrong("filter.search", subject, &zh, &en);
    } else {
        kit.report.works(
            "filter.search",
            subject,
            "搜不存在的词，没有结果",
            "nothing is found of a word that is on nothing",
        );
    }
}

/// Gives a box around a place in the six decimals in which it is asked for: what lies on its edge lies in both or in neither.
fn around([lon, lat]: [f64; 2]) -> [f64; 4] {
    const HALF_A_SIDE: f64 = 0.005;
    let sides = [lon - HALF_A_SIDE, lat - HALF_A_SIDE, lon + HALF_A_SIDE, lat + HALF_A_SIDE];
    sides.map(|side| (side * 1e6).round() / 1e6)
}

fn is_inside([west, south, east, north]: [f64; 4], [x, y]: [f64; 2]) -> bool {
    west <= x && x <= east && south <= y && y <= north
}

fn period(kit: &mut Kit, plain: &Told, row: &Value) {
    let instant = |row: &Value| {
        let text = row.get("reported_at").and_then(Value::as_str)?;
        chrono::DateTime::parse_from_rfc3339(text).ok()
    };
    let Some(at) = instant(row) else { return };
    let (from, to) = (at - chrono::TimeDelta::hours(1), at + chrono::TimeDelta::hours(1));
    let query = format!("from={}&to={}", encode(&from.to_rfc3339()), encode(&to.to_rfc3339()));
    narrowed(kit, plain, row, &query, &|other| instant(other).is_some_and(|at| from <= at && at < to));
}

/// Asks with a filter that one row passes: it comes, and nothing that does not pass.
fn narrowed(kit: &mut Kit, plain: &Told, row: &Value, query: &str, passes: &dyn Fn(&Value) -> bool) {
    let name = query.split('=').next().unwrap_or_default().to_owned();
    let subject = format!("GET /cases?{name}=…");
    let told = kit.get(&format!("/cases?limit=1000&{query}"));
    let rows = told.rows();
    if told.answer.status != 200 {
        return kit.report.wrong("filter.answer", subject, &told.detail().zh, &told.detail().en);
    }
    if let Some((check, zh, en)) = mistaken(&rows, row, query, passes) {
        return kit.report.wrong(check, subject, &zh, &en);
    }
    ignored::note(kit, &subject, "cases", plain, &told);
    let by = if told.applied_here().is_empty() {
        ("由对方筛选", "by the server")
    } else {
        ("由本系统筛选", "here")
    };
    let (zh, en) = (format!("{} 条，{}", rows.len(), by.0), format!("{} cases, filtered {}", rows.len(), by.1));
    kit.report.works("filter", subject, &zh, &en);
}

/// Says which check the rows of a filter fail, if any.
fn mistaken(
    rows: &[Value],
    row: &Value,
    query: &str,
    passes: &dyn Fn(&Value) -> bool,
) -> Option<(&'static str, String, String)> {
    let named = |row: &Value| identity(row).unwrap_or_default();
    if !rows.iter().any(|other| identity(other) == identity(row)) {
        let number = named(row);
        let zh = format!("{number} 符合筛选却没有给出(?{query}):请检查对方怎样理解这个参数");
        let en = format!("{number} passes and is not given (?{query}): look at how the server takes this parameter");
        return Some(("filter.loses", zh, en));
    }
    let number = rows.iter().find(|other| !passes(other)).map(named)?;
    let zh = format!("{number} 不符合筛选却给出了(?{query})");
    Some(("filter.leaks", zh, format!("{number} does not pass and is given (?{query})")))
}

fn one(kit: &mut Kit, number: &str) {
    let subject = "GET /cases/{number}";
    if !kit.installation.capabilities("cases").one {
        let (zh, en) = (
            "不能单独读取一件：详情只有列表中的内容",
            "one cannot be asked for by itself: details are those of the list",
        );
        kit.report.missing("one", subject, zh, en);
        return;
    }
    let told = kit.get(&format!("/cases/{}", encode(number)));
    if told.answer.status == 200 {
        kit.report.works("one", subject, "可用", "answers");
    } else if gave_another(&told, number) {
        let zh = format!("问 {number}，给的是另一件：请检查映射的 one 与对方怎样理解它；{}", told.detail().zh);
        let en = format!(
            "asked for {number}, it gave another: look at `one` of the mapping and at how the server takes it; {}",
            told.detail().en
        );
        kit.report.wrong("one.other", subject, &zh, &en);
    } else {
        kit.report.wrong("one", subject, &told.detail().zh, &told.detail().en);
    }
}

/// Whether a good answer came that has this number nowhere. It is refused before it gets here: pages would show it as the one.
fn gave_another(told: &Told, number: &str) -> bool {
    let is_unreadable = told.json().get("type").and_then(Value::as_str) == Some(kinds::BACKEND_UNREADABLE);
    let Some((_, Outcome::Answered(answer))) = told.raw.last().filter(|_| is_unreadable) else { return false };
    serde_json::from_slice(&answer.body).is_ok_and(|body| answer.is_good() && !says(&body, number))
}

fn says(value: &Value, word: &str) -> bool {
    match value {
        Value::Array(list) => list.iter().any(|inner| says(inner, word)),
        Value::Object(members) => members.values().any(|inner| says(inner, word)),
        Value::String(text) => text.trim() == word,
        other => other.as_number().is_some_and(|number| number.to_string() == word),
    }
}

/// Takes a step with a case, and looks whether it has moved.
pub(super) fn act(kit: &mut Kit, action: &str, number: &str) {
    let path = format!("/cases/{}", encode(number));
    let subject = format!("POST {path}/actions/{action}");
    let state = |kit: &Kit| kit.get(&path).json().get("state").and_then(Value::as_str).map(str::to_owned);
    let before = state(kit);
    let body = serde_json::json!({ "reason": "fengtu-conform" });
    let told = kit.converse(Request::post(format!("{path}/actions/{action}"), body.to_string()));
    let after = state(kit);
    if told.answer.status >= 300 {
        kit.report.wrong("action", subject, &told.detail().zh, &told.detail().en);
    } else if before == after {
        let (zh, en) = (format!("状态没有变，仍是 {after:?}"), format!("the state has not changed: {after:?}"));
        kit.report.wrong("action.moves", subject, &zh, &en);
    } else {
        let zh = format!("{before:?} → {after:?}");
        kit.report.works("action", subject, &zh, &zh);
    }
}

/// A number that nobody has is not found, which is told as such and not as an empty case.
fn unknown(kit: &mut Kit) {
    if !kit.installation.capabilities("cases").one {
        return;
    }
    let told = kit.get("/cases/no-such-number-0");
    match told.answer.status {
        404 => kit.report.works("one.unknown", "GET /cases/no-such-number-0", "404", "404"),
        200 => {
            let (zh, en) = ("没有这个编号，却给出一件案件", "there is no such number, and a case is given");
            kit.report.wrong("one.unknown", "GET /cases/no-such-number-0", zh, en);
        }
        _ => {
            let zh = format!("没有这个编号，应答 404：{}", told.detail().zh);
            let en = format!("there is no such number, which is 404: {}", told.detail().en);
            kit.report.note("one.unknown", "GET /cases/no-such-number-0", &zh, &en);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn what_lies_on_the_edge_of_the_box_lies_in_it() {
        for step in 0..5_000 {
            let at = [113_900_000 + step, 22_700_000 + step].map(|millionths| f64::from(millionths) / 1e6);
            let sides = around(at);
            // As a server has its places, and as it reads the question.
            let [west, south, east, north] = sides.map(|side| format!("{side:.6}").parse().unwrap());
            for corner in [[west, south], [west, north], [east, south], [east, north]] {
                assert!(is_inside(sides, corner), "{corner:?} of {sides:?}");
            }
        }
    }
    #[test]
    fn a_row_that_is_lost_and_one_that_does_not_pass_are_told_apart() {
        let row = |number: &str, state: &str| serde_json::json!({"number": number, "state": state});
        let (own, other) = (row("1", "reported"), row("2", "resolved"));
        let passes = |row: &Value| row.get("state").and_then(Value::as_str) == Some("reported");
        let check = |rows: &[Value]| mistaken(rows, &own, "state=reported", &passes).map(|(check, ..)| check);
        assert_eq!(check(std::slice::from_ref(&own)), None);
        assert_eq!(check(std::slice::from_ref(&other)), Some("filter.loses"));
        assert_eq!(check(&[own.clone(), other.clone()]), Some("filter.leaks"));
    }
}
