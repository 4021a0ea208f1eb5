//! `discovery.json` of Open311: which endpoints a city has, which of them is in use, and in which formats. Looked at where there
//! is one, beside the endpoint and above it; a city may keep it elsewhere.

use serde_json::Value;

use super::Kit;
use crate::report::Verdict;

/// What it says of one endpoint.
#[derive(Debug, PartialEq, Eq)]
struct Endpoint {
    url: String,
    is_test: bool,
    formats: Vec<String>,
}

/// Looks for it and says what is in it.
pub(super) fn check(kit: &mut Kit, base: &str) {
    let above = base.rsplit_once('/').map(|(above, _)| above).filter(|above| !above.ends_with('/'));
    for place in [Some(base), above].into_iter().flatten() {
        let url = format!("{place}/discovery.json");
        let Ok(answer) = kit.http.get(&url) else { continue };
        let told: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        if answer.status != 200 || told.get("endpoints").is_none() {
            continue;
        }
        let (verdict, zh, en) = said(&endpoints(&told), base);
        kit.report.add(verdict, "standard.discovery", format!("GET {url}"), &zh, &en);
        return;
    }
}

/// Reads the endpoints of `GeoReport` v2, bare as the standard has them or wrapped as XML leaves them.
fn endpoints(told: &Value) -> Vec<Endpoint> {
    let list = |value: Option<&Value>, inner: &str| -> Vec<Value> {
        let value = value.map(|value| value.get(inner).unwrap_or(value));
        match value {
            Some(Value::Array(list)) => list.clone(),
            Some(one @ (Value::Object(_) | Value::String(_))) => vec![one.clone()],
            _ => Vec::new(),
        }
    };
    let text =
        |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
    let is_v2 = |value: &Value| text(value, "specification").to_ascii_lowercase().contains("georeport_v2");
    let all = list(told.get("endpoints"), "endpoint");
    all.iter()
        .filter(|one| is_v2(one))
        .map(|one| Endpoint {
            url: text(one, "url").trim_end_matches('/').to_owned(),
            is_test: text(one, "type") == "test",
            formats: list(one.get("formats"), "format").iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        })
        .collect()
}

/// Says what follows for whoever wrote this base. Behind a proxy nobody knows which endpoint it is.
fn said(endpoints: &[Endpoint], base: &str) -> (Verdict, String, String) {
    let plain = |url: &str| url.split_once("://").map_or(url, |(_, rest)| rest).to_ascii_lowercase();
    let own = endpoints.iter().find(|one| plain(&one.url) == plain(base));
    let named = |one: &Endpoint| format!("{} ({})", one.url, one.formats.join(", "));
    let all = endpoints.iter().map(named).collect::<Vec<_>>().join("；");
    let has_json = |one: &Endpoint| one.formats.iter().any(|format| format.contains("json"));
    let (verdict, zh, en) = match own {
        _ if endpoints.is_empty() => {
            (Verdict::Note, "没有列出 GeoReport v2 的接口", "lists no endpoint of GeoReport v2")
        }
        None if base.starts_with("http") => (
            Verdict::Note,
            "没有列出这里填的地址，请核对",
            "does not list the address that is asked here: see whether it is the right one",
        ),
        Some(one) if one.is_test => (
            Verdict::Note,
            "这里填的是测试接口，其中的案件无人办理",
            "this is its test endpoint: nobody deals with what is in it",
        ),
        Some(one) if !has_json(one) => (Verdict::Note, "只声明了 XML；将读 XML", "declares XML alone; XML is read"),
        _ => (Verdict::Works, "服务发现文件可用", "the discovery file can be read"),
    };
    let listed =
        |words: &str, colon: &str| if all.is_empty() { words.to_owned() } else { format!("{words}{colon}{all}") };
    (verdict, listed(zh, "："), listed(en, ": "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_follows_from_a_discovery_file_is_said() {
        let one = |url: &str, kind: &str, formats: Value| json!({"specification": "http://wiki.open311.org/GeoReport_v2", "url": url, "type": kind, "formats": formats});
        let both = json!(["text/xml", "application/json"]);
        let told = |base: &str, endpoints: Value| said(&super::endpoints(&json!({ "endpoints": endpoints })), base);
        let production = one("https://x.gov/v2/", "production", both.clone());
        let (verdict, _, en) = told("http://X.gov/v2", json!([production]));
        assert!(verdict == Verdict::Works && en.contains("https://x.gov/v2 (text/xml, application/json)"), "{en}");
        for (base, endpoints, word) in [
            ("https://x.gov/old", json!([production]), "does not list"),
            ("https://x.gov/test", json!([production, one("https://x.gov/test", "test", both)]), "test endpoint"),
            (
                "https://x.gov/v2",
                json!({"endpoint": one("https://x.gov/v2", "production", json!({"format": "text/xml"}))}),
                "XML alone",
            ),
            ("https://x.gov/v3", json!([{"specification": "GeoReport_v3", "url": "https://x.gov/v3"}]), "no endpoint"),
        ] {
            let (verdict, _, en) = told(base, endpoints);
            assert!(verdict == Verdict::Note && en.contains(word), "{en}");
        }
        assert_eq!(told("/proxy/hotline", json!([production])).0, Verdict::Works, "behind a proxy nobody knows");
    }
}
