//! What a dialect's own standard promises, asked of the server itself: what its maker should know though we read it anyway.

use fengtu_dialects::{Answer, Call};
use serde_json::Value;

use super::{Kit, discovery};

/// Asks each foreign server.
pub(super) fn check(kit: &mut Kit) {
    for (dialect, base) in kit.servers.clone() {
        let base = base.trim_end_matches('/');
        match dialect.as_str() {
            "ogc-features" => features(kit, base),
            "georeport" => georeport(kit, base),
            "postgrest" => postgrest(kit, base),
            _ => {}
        }
    }
}

fn get(kit: &Kit, url: &str) -> Option<Answer> {
    kit.http.get(url).ok()
}

fn json(answer: &Answer) -> Value {
    serde_json::from_slice(&answer.body).unwrap_or_default()
}

/// Pages of another origin may read an answer only where it says so.
fn cross_origin(kit: &mut Kit, base: &str, answer: &Answer) {
    if base.starts_with("http") && answer.header("access-control-allow-origin").is_none() {
        let zh = "没有 CORS 头：网页不能直接读取，请经 fengtu-server 的 /proxy 访问，或让对方加上";
        let en = "has no CORS header, so that pages cannot read it themselves: go through fengtu-server's /proxy, or have it added";
        kit.report.note("standard.cors", base, zh, en);
    }
}

/// OGC API Features, part 1.
fn features(kit: &mut Kit, base: &str) {
    let Some(conformance) = get(kit, &format!("{base}/conformance?f=json")) else { return };
    cross_origin(kit, base, &conformance);
    let classes = json(&conformance);
    let classes = classes.get("conformsTo").and_then(Value::as_array).cloned().unwrap_or_default();
    let has = |word: &str| classes.iter().filter_map(Value::as_str).any(|class| class.contains(word));
    if has("ogcapi-features-1") && has("core") {
        kit.report.works(
            "standard.core",
            format!("GET {base}/conformance"),
            "符合 OGC API Features 第一部分",
            "conforms to OGC API Features, part 1",
        );
    } else {
        let (zh, en) = ("没有声明符合 ogcapi-features-1 core", "does not declare ogcapi-features-1 core");
        kit.report.note("standard.core", format!("GET {base}/conformance"), zh, en);
    }
    let Some(list) = get(kit, &format!("{base}/collections?f=json")) else { return };
    let list = json(&list);
    let names = list.get("collections").and_then(Value::as_array).into_iter().flatten();
    let names: Vec<String> = names.filter_map(|one| Some(one.get("id")?.as_str()?.to_owned())).collect();
    let (zh, en) = (format!("集合：{}", names.join(" ")), format!("collections: {}", names.join(" ")));
    kit.report.note("standard.collections", format!("GET {base}/collections"), &zh, &en);
    for name in names.iter().take(10) {
        paged(kit, &format!("{base}/collections/{name}/items"));
    }
}

/// One record of many is asked for: one comes, with a link to the next.
fn paged(kit: &mut Kit, items: &str) {
    let subject = format!("GET {items}?limit=1");
    let Some(answer) = get(kit, &format!("{items}?f=json&limit=1")).filter(|answer| answer.status == 200) else {
        return;
    };
    let page = json(&answer);
    let count = page.get("features").and_then(Value::as_array).map_or(0, Vec::len);
    let matched = page.get("numberMatched").and_then(Value::as_u64);
    let links = page.get("links").and_then(Value::as_array).cloned().unwrap_or_default();
    let next = links.iter().any(|link| link.get("rel").and_then(Value::as_str) == Some("next"));
    if count > 1 {
        let (zh, en) = (format!("limit=1 却给了 {count} 条"), format!("limit=1 gave {count} records"));
        kit.report.wrong("standard.limit", subject, &zh, &en);
    } else if matched.is_some_and(|matched| matched > 1) && !next {
        let zh = "还有下一页，却没有 rel=\"next\" 的链接：读者不知道后面还有";
        let en = "there is more and no link with rel=\"next\": readers do not know of it";
        kit.report.wrong("standard.next", subject, zh, en);
    } else if matched.is_none() {
        let (zh, en) =
            ("没有 numberMatched：列表不知道总数", "has no numberMatched: lists do not know how many there are");
        kit.report.note("standard.matched", subject, zh, en);
    } else {
        kit.report.works(
            "standard.paging",
            subject,
            "limit 与下一页链接可用",
            "limit and the link to the next page work",
        );
    }
}

/// `GeoReport` v2: bare arrays, errors as arrays with a status of HTTP.
fn georeport(kit: &mut Kit, base: &str) {
    let Some(services) = get(kit, &format!("{base}/services.json")) else { return };
    cross_origin(kit, base, &services);
    discovery::check(kit, base);
    let subject = format!("GET {base}/services.json");
    match json(&services) {
        _ if matches!(services.status, 400 | 401 | 403) => {
            let zh = format!(
                "不带参数时是 HTTP {}：要 jurisdiction_id 或密钥的，由代理的 fixed 或映射中的地址带上",
                services.status
            );
            let en = format!(
                "is HTTP {} without parameters: where jurisdiction_id or a key is wanted, the proxy (`fixed`) or the mapping's addresses have it",
                services.status
            );
            kit.report.note("standard.parameters", subject, &zh, &en);
        }
        Value::Array(_) => {
            kit.report.works("standard.json", subject, "JSON 数组，符合标准", "a JSON array, as the standard has it");
        }
        Value::Object(_) => {
            let (zh, en) =
                ("列表包在对象里；标准要求直接给数组", "wraps its list in an object; the standard has a bare array");
            kit.report.note("standard.json", subject, zh, en);
        }
        _ => {
            let (zh, en) = ("没有 JSON；将读 XML", "has no JSON; XML is read");
            kit.report.note("standard.json", subject, zh, en);
        }
    }
    let subject = format!("GET {base}/requests/no-such-request-0.json");
    let Some(answer) = get(kit, &format!("{base}/requests/no-such-request-0.json")) else { return };
    let is_error = json(&answer).pointer("/0/description").is_some();
    if answer.status == 404 && is_error {
        kit.report.works("standard.errors", subject, "404，错误为数组", "404, errors in an array");
    } else {
        let zh = format!("标准要求 404 与 [{{code, description}}]；实际是 HTTP {}", answer.status);
        let en = format!("the standard has 404 and [{{code, description}}]; it is HTTP {}", answer.status);
        kit.report.note("standard.errors", subject, &zh, &en);
    }
}

/// `PostgREST`: the length of a list in `Content-Range`.
fn postgrest(kit: &mut Kit, base: &str) {
    let told = kit.get("/cases?limit=1");
    let Some((call, _)) = told.raw.first() else { return };
    let mut call = Call::get(call.url.clone());
    call.headers.push(("prefer".to_owned(), "count=exact".to_owned()));
    let Ok(answer) = kit.http.send(&call) else { return };
    cross_origin(kit, base, &answer);
    let range = answer.header("content-range").unwrap_or_default();
    if range.rsplit('/').next().is_some_and(|total| total.parse::<u64>().is_ok()) {
        kit.report.works(
            "standard.count",
            call.url,
            "Prefer: count=exact 给出总数",
            "Prefer: count=exact tells how many there are",
        );
    } else {
        let (zh, en) = (
            "Prefer: count=exact 没有给出总数（Content-Range）",
            "Prefer: count=exact does not tell how many there are (Content-Range)",
        );
        kit.report.note("standard.count", call.url, zh, en);
    }
}
