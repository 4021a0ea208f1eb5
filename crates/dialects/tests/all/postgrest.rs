//! `PostgREST`: operators, ranges, embeds, functions.

use fengtu_dialects::{Answer, Call, Method, Outcome, Request};
use serde_json::{Value, json};

use super::{ask, each, good, installation, param, talk};

fn config() -> Value {
    json!({"backends": {"default": {"dialect": "postgrest", "base": "/proxy/pg", "mapping": {"datum": "CGCS2000",
        "resources": {"grids": null, "stations": null, "cases": {"list": "/matter?select=*,area(code)", "query": {"order": "came.desc"},
            "one": "/matter?no=eq.{id}",
            "filters": {"from": {"param": "came", "template": "gte.{}"}, "to": {"param": "came", "template": "lt.{}"},
                "category": {"param": "kind", "template": "in.({})", "join": ","}},
            "fields": {"number": "/no", "reported_at": "/came", "category": {"at": "/kind", "table": {"噪声,夜间": "mediation.environment", "工资": "mediation.wages"}},
                "state": {"at": "/step", "table": {"1": "reported", "2": "handling"}}, "place": "/area/code"},
            "actions": {"accept": {"to": "POST /rpc/accept_matter", "body": {"no": "{id}", "why": "{reason}"}}}}}}}}, "resources": {}})
}

fn row(no: u32) -> Value {
    json!({"no": no, "came": "2026-02-01T08:00:00+00:00", "kind": "工资", "step": 2, "area": {"code": "G7"}, "title": "一事", "lon": 113.9, "lat": 22.7})
}

#[test]
fn ranges_operators_and_embeds() {
    let mut server = |call: &Call| {
        assert!(call.headers.contains(&("prefer".to_owned(), "count=exact".to_owned())));
        let offset: u32 = param(&call.url, "offset").unwrap().parse().unwrap();
        let rows: Vec<Value> = (offset..(offset + 500).min(700)).map(row).collect();
        let range = format!("{offset}-{}/700", offset + 499);
        Outcome::Answered(Answer {
            status: 206,
            headers: vec![("content-range".to_owned(), range)],
            body: json!(rows).to_string().into(),
        })
    };
    let request = Request::get("/cases")
        .with("limit", 1000)
        .with("total", true)
        .with("from", "2026-01-01T00:00:00+08:00")
        .with("category", "mediation.wages")
        .with("category", "mediation.environment");
    let (answer, called) = talk(&installation(&config()), request, &mut server);
    let list: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!((list["items"].as_array().unwrap().len(), list["total"].as_u64()), (700, Some(700)));
    assert_eq!(list["items"][0]["place"], "G7");
    assert_eq!(called.len(), 2);
    let url = called.first().unwrap();
    assert_eq!(param(url, "came").as_deref(), Some("gte.2026-01-01T00:00:00+08:00"));
    let kinds = param(url, "kind").unwrap();
    assert!(kinds.contains("\"噪声,夜间\"") && kinds.starts_with("in.("), "{kinds}");
    assert_eq!(
        (param(url, "order").as_deref(), param(url, "select").as_deref()),
        (Some("came.desc,no.asc"), Some("*,area(code)")),
        "the key decides between those of one instant"
    );
}

#[test]
fn a_sample_asks_for_as_much_as_a_page_has() {
    let mut config = config();
    config["backends"]["default"]["mapping"]["paging"] = json!({"kind": "range"});
    let mut ranges = Vec::new();
    ask(&installation(&config), Request::get("/sample/cases"), &mut |call: &Call| {
        ranges.extend(call.headers.iter().filter(|(name, _)| name == "range").map(|(_, range)| range.clone()));
        good(&json!([row(1)]))
    });
    assert_eq!(ranges, ["0-499"], "and not for the whole table");
}

/// What a list of 700 rows gives of a range: at most 500 at once.
fn ranged(call: &Call, counts: bool) -> Outcome {
    let header = |name: &str| call.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    assert_eq!((header("range-unit"), param(&call.url, "offset")), (Some("items"), None));
    let (first, last) = header("range").and_then(|range| range.split_once('-')).unwrap();
    let (first, last): (u32, u32) = (first.parse().unwrap(), last.parse().unwrap());
    if first >= 700 {
        return Outcome::Answered(Answer { status: 416, ..Answer::default() });
    }
    let rows: Vec<Value> = (first..=last.min(699)).map(row).collect();
    let whole = if counts { "700" } else { "*" };
    let headers = vec![
        ("content-range".to_owned(), format!("{first}-{}/{whole}", last.min(699))),
        ("etag".to_owned(), format!("\"{first}\"")),
    ];
    Outcome::Answered(Answer { status: 206, headers, body: json!(rows).to_string().into() })
}

#[test]
fn pages_are_asked_for_by_the_header_range_where_the_mapping_says_so() {
    for (limit, counts, ranges) in
        [(500, true, vec!["0-499", "500-999"]), (350, false, vec!["0-349", "350-699", "700-1049"])]
    {
        let mut config = config();
        config["backends"]["default"]["mapping"]["resources"]["cases"]["paging"] =
            json!({"kind": "range", "limit": limit});
        let all = installation(&config);
        // The second time each page is asked for on the condition of its own mark.
        for marks in
            [vec![None; ranges.len()], vec![Some("\"0\""), Some("\"500\"")]].into_iter().take(1 + usize::from(counts))
        {
            let (mut asked, mut conditions) = (Vec::new(), Vec::new());
            let request = Request::get("/cases").with("limit", 1000).with("total", true);
            let list = ask(&all, request, &mut |call: &Call| {
                let header =
                    |name: &str| call.headers.iter().find(|(known, _)| known == name).map(|(_, it)| it.clone());
                asked.push(header("range").unwrap());
                conditions.push(header("if-none-match"));
                let is_known = conditions.last().unwrap().is_some();
                if is_known {
                    Outcome::Answered(Answer { status: 304, ..Answer::default() })
                } else {
                    ranged(call, counts)
                }
            });
            assert_eq!(
                (list["items"].as_array().unwrap().len(), asked),
                (700, ranges.iter().map(ToString::to_string).collect())
            );
            assert_eq!(conditions, marks.iter().map(|mark| mark.map(str::to_owned)).collect::<Vec<_>>(), "{ranges:?}");
            assert_eq!(
                (list["total"].as_u64(), list["refused"]["unread"].as_u64().unwrap_or_default()),
                (counts.then_some(700), 0)
            );
        }
    }
}

#[test]
fn a_server_that_gives_fewer_than_a_range_asks_for_is_read_to_its_end() {
    let mut config = config();
    config["backends"]["default"]["mapping"]["resources"]["cases"]["paging"] = json!({"kind": "range", "limit": 500});
    let request = Request::get("/cases").with("limit", 1000);
    let list = ask(&installation(&config), request, &mut |call: &Call| {
        let mut call = call.clone();
        let (_, range) = call.headers.iter_mut().find(|(name, _)| name == "range").unwrap();
        let first: u32 = range.split('-').next().unwrap().parse().unwrap();
        *range = format!("{first}-{}", first + 299);
        ranged(&call, false)
    });
    assert_eq!(
        list["items"].as_array().unwrap().len(),
        700,
        "it gives 300 at most, and does not say how many there are"
    );
}

#[test]
fn one_case_and_a_function_for_a_step() {
    let all = installation(&config());
    let mut calls = Vec::new();
    let mut server = |call: &Call| {
        calls.push((call.method, call.url.clone(), call.body.clone()));
        if call.method == Method::Post {
            Outcome::Answered(Answer { status: 204, ..Answer::default() })
        } else {
            good(&json!([row(5)]))
        }
    };
    assert_eq!(ask(&all, Request::get("/cases/5"), &mut server)["number"], "5");
    ask(&all, Request::post("/cases/5/actions/accept", r#"{"reason":"归我们"}"#), &mut server);
    assert_eq!(param(&calls[0].1, "no").as_deref(), Some("eq.5"));
    assert_eq!(calls[2].1, "/proxy/pg/rpc/accept_matter");
    assert_eq!(
        serde_json::from_str::<Value>(calls[2].2.as_ref().unwrap()).unwrap(),
        json!({"no": "5", "why": "归我们"})
    );
    let can = all.capabilities("cases");
    assert!(can.read && can.one && !can.create && !can.pushed && can.actions == ["accept"]);
    assert!(each(&json!([]), "", "/x").is_empty());
}
