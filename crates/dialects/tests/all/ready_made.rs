//! `RuoYi` with its token, `JeecgBoot`, WFS, `ArcGIS`.

use fengtu_dialects::{Call, Outcome, Request};
use serde_json::{Value, json};

use super::{ask, each, good, installation, param, refused, text};

fn ruoyi() -> Value {
    json!({"backends": {"default": {"dialect": "json", "base": "/proxy/oa", "use": "ruoyi", "mapping": {
        "token": {"body": {"username": "fengtu", "password": "secret"}},
        "paging": {"limit": 2},
        "resources": {"cases": {"list": "/case/list",
            "fields": {"number": "/caseNo", "title": "/subject", "reported_at": "/createTime", "category": {"value": "mediation.other"},
                "state": {"at": "/status", "table": {"0": "reported", "1": "handling"}}, "place": "/grid"}}}}}}, "resources": {}})
}

/// A server whose token is good for two lists.
struct RuoYi {
    logins: u32,
    lists: u32,
}

impl RuoYi {
    fn answer(&mut self, call: &Call) -> Outcome {
        if call.url.ends_with("/login") {
            assert!(call.body.as_ref().unwrap().contains("secret"));
            self.logins += 1;
            return good(&json!({"code": 200, "msg": "操作成功", "token": format!("t{}", self.logins)}));
        }
        self.lists += 1;
        let token = call.headers.iter().find(|(name, _)| name == "authorization").map(|(_, value)| value.as_str());
        if token == Some("Bearer t1") && self.lists > 2 {
            return good(&json!({"code": 401, "msg": "认证失败，无法访问系统资源"}));
        }
        let page: i64 = param(&call.url, "pageNum").unwrap().parse().unwrap();
        let row = |n: i64| json!({"caseNo": n, "subject": "事", "createTime": "2026-02-01 08:00:00", "status": n % 2, "grid": "g"});
        let rows: Vec<Value> = (1..=5).skip((page as usize - 1) * 2).take(2).map(row).collect();
        good(&json!({"code": 200, "msg": "查询成功", "rows": rows, "total": 5}))
    }
}

#[test]
fn a_token_that_runs_out_in_the_middle_of_paging_is_renewed() {
    let mut server = RuoYi { logins: 0, lists: 0 };
    let all = installation(&ruoyi());
    let list = ask(&all, Request::get("/cases").with("total", true), &mut |call: &Call| server.answer(call));
    assert_eq!(each(&list, "/items", "/number"), ["1", "2", "3", "4", "5"]);
    assert_eq!((list["total"].as_u64(), server.logins), (Some(5), 2));
    ask(&all, Request::get("/cases"), &mut |call: &Call| server.answer(call));
    assert_eq!(server.logins, 2, "the token is kept");
}

#[test]
fn pages_go_on_by_a_cursor_of_ours() {
    let all = installation(&ruoyi());
    let mut server = RuoYi { logins: 0, lists: 0 };
    let (mut numbers, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let mut request = Request::get("/cases").with("limit", 3);
        request = cursor.take().into_iter().fold(request, |request, cursor| request.with("cursor", cursor));
        let list = ask(&all, request, &mut |call: &Call| server.answer(call));
        numbers.extend(each(&list, "/items", "/number"));
        cursor = list["next"].as_str().map(str::to_owned);
        if cursor.is_none() {
            break;
        }
    }
    assert_eq!(numbers, ["1", "2", "3", "4", "5"]);
}

#[test]
fn an_error_inside_a_200_is_an_error() {
    let all = installation(&ruoyi());
    let problem = refused(&all, Request::get("/cases"), &mut |call: &Call| {
        good(&if call.url.ends_with("/login") {
            json!({"code": 200, "token": "t"})
        } else {
            json!({"code": 500, "msg": "数据库忙"})
        })
    });
    assert!(problem["detail"].as_str().unwrap().contains("数据库忙"), "{problem}");
    let problem = refused(&all, Request::get("/cases"), &mut |_: &Call| good(&json!({"code": 500, "msg": "密码错误"})));
    assert!(problem["detail"].as_str().unwrap().contains("密码错误"), "{problem}");
}

#[test]
fn a_server_that_repeats_its_last_page_is_left_alone() {
    let mut calls = 0;
    let mut server = |call: &Call| {
        calls += 1;
        assert!(calls < 8, "asked for ever: {}", call.url);
        if call.url.ends_with("/login") {
            return good(&json!({"code": 200, "token": "t"}));
        }
        // No total, and "reasonable" paging: past the end comes the last page again.
        good(
            &json!({"code": 200, "rows": [{"caseNo": "1", "createTime": "2026-02-01 08:00:00", "status": "0", "grid": "g"}]}),
        )
    };
    let list = ask(&installation(&ruoyi()), Request::get("/cases"), &mut server);
    assert_eq!((each(&list, "/items", "/number"), list["refused"]["count"].as_u64()), (vec!["1".to_owned()], Some(0)));
}

#[test]
fn jeecgboot_wraps_its_list_in_a_result() {
    let config = json!({"backends": {"default": {"dialect": "json", "base": "/j", "use": "jeecgboot", "mapping": {"datum": "BD09",
        "resources": {"stations": {"list": "/station/list", "fields": {"id": "/id", "name": "/name", "geometry": {"at": "/lnglat", "form": "pair"},
            "hours": "/open"}}}}}}, "resources": {}});
    let body = json!({"success": true, "code": 0, "result": {"total": 1, "records": [{"id": "s", "name": "站", "lnglat": "113.95,22.75", "open": "09:00-18:00"}]}});
    let list = ask(&installation(&config), Request::get("/stations"), &mut |_: &Call| good(&body));
    let station = &list["features"][0];
    assert_eq!(station["properties"]["hours"][0]["to"], "18:00:00");
    assert!(station["geometry"]["coordinates"][0].as_f64().unwrap() < 113.945, "out of BD-09");
    // Where nobody can read when it is open, it is where it is.
    let body = json!({"success": true, "code": 0, "result": {"total": 1, "records": [{"id": "s", "name": "站", "lnglat": "113.95,22.75", "open": "电话预约"}]}});
    let list = ask(&installation(&config), Request::get("/stations"), &mut |_: &Call| good(&body));
    assert_eq!((&list["features"][0]["properties"]["hours"], &list["refused"]["count"]), (&json!([]), &json!(0)));
    let no = json!({"success": false, "message": "没有权限", "code": 510});
    let problem = refused(&installation(&config), Request::get("/stations"), &mut |_: &Call| good(&no));
    assert_eq!(problem["type"], "/problems/forbidden");
}

/// A server whose token is good for two lists, then told to be over by a status or by a code.
fn jeecgboot(call: &Call, logins: &mut usize, lists: &mut usize) -> Outcome {
    if call.url.ends_with("/sys/login") {
        return good(&json!({"success": false, "message": "验证码无效", "code": 412, "result": null}));
    }
    if call.url.ends_with("/sys/mLogin") {
        *logins += 1;
        return good(
            &json!({"success": true, "message": "登录成功", "code": 200, "result": {"token": format!("t{logins}")}}),
        );
    }
    *lists += 1;
    let token = call.headers.iter().find(|(name, _)| name == "x-access-token").map(|(_, value)| value.clone());
    if token != Some(format!("t{logins}")) || *lists > 2 * *logins {
        *lists -= 1;
        let over = json!({"success": false, "message": "Token失效，请重新登录!", "code": 401, "result": null});
        return if logins.is_multiple_of(2) { good(&over) } else { text(401, &over.to_string()) };
    }
    let page: usize = param(&call.url, "pageNo").unwrap().parse().unwrap();
    let row = |n: usize| json!({"id": n, "createTime": "2026-02-01 08:00:00"});
    let records: Vec<Value> = (1..=9).skip((page - 1) * 2).take(2).map(row).collect();
    good(&json!({"success": true, "message": "", "code": 200, "timestamp": 1_700_000_000_000_u64,
        "result": {"records": records, "total": 9, "size": 2, "current": page, "pages": 5}}))
}

#[test]
fn jeecgboot_is_signed_in_to_as_its_apps_are_and_again_whichever_way_it_says_that_a_token_is_over() {
    let config = json!({"backends": {"default": {"dialect": "json", "base": "/j", "use": "jeecgboot", "mapping": {
        "token": {"body": {"username": "fengtu", "password": "secret"}}, "paging": {"limit": 2},
        "resources": {"cases": {"list": "/zf/case/list", "fields": {"number": "/id", "reported_at": "/createTime",
            "category": {"value": "legal"}, "state": {"value": "reported"}}}}}}}, "resources": {}});
    let (mut logins, mut lists) = (0, 0);
    let mut server = |call: &Call| jeecgboot(call, &mut logins, &mut lists);
    let list = ask(&installation(&config), Request::get("/cases").with("total", true), &mut server);
    assert_eq!(each(&list, "/items", "/number").join(""), "123456789");
    assert_eq!((&list["total"], &list["refused"]["count"], logins), (&json!(9), &json!(0), 3));
}

#[test]
fn arcgis_says_when_there_is_more() {
    let config = json!({"backends": {"default": {"dialect": "json", "base": "/FeatureServer", "use": "arcgis"}}, "resources": {}});
    let grid = |id: u32| {
        json!({"type": "Feature", "id": id, "properties": {}, "geometry": {"type": "Polygon",
        "coordinates": [[[113.1, 22.1], [113.2, 22.1], [113.2, 22.2], [113.1, 22.1]]]}})
    };
    let mut server = |call: &Call| match param(&call.url, "resultOffset").as_deref() {
        Some("0") => good(&json!({"features": [grid(1), grid(2)], "exceededTransferLimit": true})),
        Some("2") => good(&json!({"features": [grid(3)]})),
        other => panic!("{other:?}"),
    };
    let list = ask(&installation(&config), Request::get("/grids"), &mut server);
    assert_eq!(each(&list, "/features", "/properties/id"), ["1", "2", "3"]);
    let problem = refused(&installation(&config), Request::get("/grids"), &mut |_: &Call| {
        good(&json!({"error": {"code": 498, "message": "Invalid token."}}))
    });
    assert_eq!(problem["type"], "/problems/forbidden", "the viewer's own session is another thing");
}

#[test]
fn arcgis_is_asked_for_a_period_and_a_kind_by_one_condition() {
    let when = |sign: &str| {
        json!({"param": "where", "and": " AND ", "template": format!("created {sign} TIMESTAMP '{{}}'"),
            "time": "%Y-%m-%d %H:%M:%S", "utc_offset": "+00:00"})
    };
    let filters = json!({"from": when(">="), "to": when("<"),
        "category": {"param": "where", "and": " AND ", "template": "kind IN ('{}')", "join": "','"}});
    let config = json!({"backends": {"default": {"dialect": "json", "base": "/FeatureServer", "use": "arcgis", "mapping": {
        "resources": {"cases": {"filters": filters}}}}}, "resources": {}});
    let mut urls = Vec::new();
    let mut ask_for = |request: Request| {
        let list = ask(&installation(&config), request, &mut |call: &Call| {
            urls.push(call.url.clone());
            good(&json!({"features": []}))
        });
        let where_ = param(urls.last().unwrap(), "where").unwrap();
        assert_eq!(urls.last().unwrap().matches("where=").count(), 1, "{urls:?}");
        (where_, list["applied_here"].clone())
    };
    let day = |day: u32| format!("2026-02-{day:02}T08:00:00+08:00");
    assert_eq!(ask_for(Request::get("/cases")), ("1=1".to_owned(), json!([])));
    let period = Request::get("/cases").with("from", day(1)).with("to", day(9));
    let want = "1=1 AND created >= TIMESTAMP '2026-02-01 00:00:00' AND created < TIMESTAMP '2026-02-09 00:00:00'";
    assert_eq!(ask_for(period), (want.to_owned(), json!([])));
    let kinds = Request::get("/cases").with("category", "o'x").with("category", "y");
    assert_eq!(ask_for(kinds).0, "1=1 AND kind IN ('o''x','y')", "words cannot break out");
}

#[test]
fn what_every_question_has_is_left_out_where_the_address_has_that_very_name_and_nowhere_else() {
    let config = json!({"backends": {"default": {"dialect": "json", "base": "/FeatureServer", "use": "arcgis", "mapping": {
        "resources": {"grids": {"list": "/0/query?where=self=1&outFields=id"}}}}}, "resources": {}});
    let mut urls = Vec::new();
    ask(&installation(&config), Request::get("/grids"), &mut |call: &Call| {
        urls.push(call.url.clone());
        good(&json!({"features": []}))
    });
    let asked = |name: &str| param(&urls[0], name).unwrap_or_default();
    assert_eq!((asked("where"), asked("f")), ("self=1".to_owned(), "geojson".to_owned()), "{urls:?}");
    assert_eq!(urls[0].matches("outFields=").count(), 1, "{urls:?}");
    assert_eq!(asked("outFields"), "id");
}

#[test]
fn wfs_may_have_latitude_first() {
    let config = json!({"backends": {"default": {"dialect": "json", "base": "/wfs", "use": "wfs", "mapping": {
        "resources": {"grids": {"fields": {"geometry": {"at": "/geometry", "order": "latlon"}}}}}}}, "resources": {}});
    let body = json!({"numberMatched": 1, "features": [{"id": "g", "properties": {}, "geometry": {"type": "Polygon",
        "coordinates": [[[22.1, 113.1], [22.1, 113.2], [22.2, 113.2], [22.1, 113.1]]]}}]});
    let mut urls = Vec::new();
    let list = ask(&installation(&config), Request::get("/grids"), &mut |call: &Call| {
        urls.push(call.url.clone());
        good(&body)
    });
    assert_eq!(list["features"][0]["geometry"]["coordinates"][0][0], json!([113.1, 22.1]));
    assert_eq!(param(&urls[0], "srsName").as_deref(), Some("EPSG:4326"));
}

#[test]
fn wfs_is_asked_for_a_box_with_latitude_first_as_its_urn_has_it_and_for_one_by_a_filter() {
    let config = json!({"backends": {"default": {"dialect": "json", "base": "/wfs", "use": "wfs"}}, "resources": {}});
    let mut urls = Vec::new();
    let mut server = |call: &Call| {
        urls.push(call.url.clone());
        good(&json!({"features": [{"properties": {"number": "A", "state": "reported", "category": "legal",
            "class": "ordinary", "reported_at": "2026-02-20T08:00:00+08:00"}}]}))
    };
    let all = installation(&config);
    ask(&all, Request::get("/stations").with("bbox", "113,22,114,23"), &mut server);
    ask(&all, Request::get("/cases/A"), &mut server);
    let bbox = urls.iter().find_map(|url| param(url, "bbox"));
    assert_eq!(bbox.as_deref(), Some("21.999500,112.999500,23.000500,114.000500,urn:ogc:def:crs:EPSG::4326"));
    let filter = urls.iter().find_map(|url| param(url, "FILTER")).unwrap();
    assert!(filter.contains("<Literal>A</Literal>"), "{filter}");
}
