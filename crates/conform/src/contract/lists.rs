//! Lists in pages: no row twice, none left out, the same next page in the body and in `Link`.

use std::collections::BTreeSet;

use fengtu_dialects::exchange::encode;
use serde_json::Value;

use super::operations::Found;
use super::{Kit, json};

/// Rows of a page that is asked for.
const LIMIT: usize = 3;
/// Pages that are looked at.
const PAGES: usize = 4;

/// Pages through every list that takes `limit` and `cursor`.
pub(super) fn check(kit: &mut Kit, found: &[Found]) {
    for list in found.iter().filter(|one| takes(one, "limit") && takes(one, "cursor")) {
        if pages(kit, list).is_some() {
            let (zh, en) = ("翻页不重不漏，next 与 Link 一致", "pages have no row twice; next and Link agree");
            kit.report.works("paging.pages", subject(list), zh, en);
        }
        total(kit, list);
    }
}

fn takes(one: &Found, name: &str) -> bool {
    one.parameters.iter().any(|known| known == name)
}

fn subject(list: &Found) -> String {
    format!("GET {}", list.template)
}

/// Follows the pages; `None` when something was wrong and noted.
fn pages(kit: &mut Kit, list: &Found) -> Option<()> {
    let mut seen = BTreeSet::new();
    let mut path = format!("{}?limit={LIMIT}", list.path);
    for _ in 0..PAGES {
        let Some(answer) = kit.ask(&path).ok().filter(|answer| answer.status == 200) else {
            return say(kit, list, "paging.pages", &format!("{path} 没有给出一页"), &format!("{path} gives no page"));
        };
        let body = json(&answer).unwrap_or_default();
        let rows = rows(&body);
        if rows.len() > LIMIT {
            let (zh, en) =
                (format!("limit={LIMIT} 却给了 {} 行", rows.len()), format!("limit={LIMIT} gave {} rows", rows.len()));
            return say(kit, list, "paging.limit", &zh, &en);
        }
        for row in rows {
            if !seen.insert(row.to_string()) {
                let (zh, en) =
                    ("同一行在两页中都出现：翻页时请按唯一的键排序", "a row comes on two pages: sort by a unique key");
                return say(kit, list, "paging.twice", zh, en);
            }
        }
        let next = body.get("next").and_then(Value::as_str).map(str::to_owned);
        let linked = answer.header("link").is_some_and(|link| link.contains("rel=\"next\""));
        if next.is_some() != linked {
            let zh = "next 与 Link: rel=\"next\" 只有一个：两处都要给出";
            let en = "of next and Link: rel=\"next\" there is only one: give both";
            return say(kit, list, "paging.link", zh, en);
        }
        let Some(next) = next else { return Some(()) };
        path = format!("{}?limit={LIMIT}&cursor={}", list.path, encode(&next));
    }
    Some(())
}

fn rows(body: &Value) -> Vec<&Value> {
    let list = body.get("items").or_else(|| body.get("features"));
    list.and_then(Value::as_array).into_iter().flatten().collect()
}

fn say(kit: &mut Kit, list: &Found, check: &'static str, zh: &str, en: &str) -> Option<()> {
    kit.report.wrong(check, subject(list), zh, en);
    None
}

fn total(kit: &mut Kit, list: &Found) {
    if !takes(list, "total") || list.template == "/buildings" {
        return;
    }
    let Ok(answer) = kit.ask(&format!("{}?limit=1&total=true", list.path)) else { return };
    let body = json(&answer).unwrap_or_default();
    let total = body.get("total").and_then(Value::as_u64);
    let rows = rows(&body).len() as u64;
    let more = body.get("next").is_some_and(Value::is_string);
    match total {
        Some(total) if total >= rows + u64::from(more) => {}
        Some(total) => {
            let (zh, en) = (
                format!("total 为 {total},少于已给出的行数"),
                format!("total is {total}, less than the rows there are"),
            );
            kit.report.wrong("paging.total", subject(list), &zh, &en);
        }
        None => {
            let (zh, en) = ("total=true 时没有给出 total", "total=true gives no total");
            kit.report.wrong("paging.total", subject(list), zh, en);
        }
    }
}
