//! Ten thousand spoiled answers per dialect and way of writing, two thousand per ready-made mapping of one of them, and some of
//! everything else that is asked for by its address.

use serde_json::{Map, Value, json};

use super::spoiled::{Case, FEWER, Written, is_report, shower, weather};

fn feature(number: u32) -> Value {
    json!({"type": "Feature", "id": number.to_string(), "geometry": {"type": "Point", "coordinates": [113.9, 22.7]}, "properties": {
        "category": "mediation.wages", "state": "handling", "class": "ordinary", "reported_at": "2026-02-20T08:00:00+08:00", "place": "g"}})
}

fn grid(number: u32) -> Value {
    json!({"type": "Feature", "id": format!("g{number}"), "properties": {"name": "格"}, "geometry": {"type": "Polygon",
        "coordinates": [[[113.1, 22.1], [113.2, 22.1], [113.2, 22.2], [113.1, 22.1]]]}})
}

fn station(number: u32) -> Value {
    json!({"type": "Feature", "id": format!("s{number}"), "geometry": {"type": "Point", "coordinates": [113.9, 22.7]},
        "properties": {"name": "站", "level": "street", "address": "公园路 1 号", "hours": "09:00-18:00"}})
}

/// A resource of a server of OGC API Features.
fn collection(path: &'static str, items: &'static str, record: fn(u32) -> Value) -> Case {
    let config = json!({"backends": {"default": {"dialect": "ogc-features", "base": "/x"}}, "resources": {}});
    let features = [record(1), record(2), record(3)];
    let body = json!({"type": "FeatureCollection", "features": features, "numberMatched": 3, "links": []});
    Case { config, path, body, written: Written::Json, items: Some(items), records: "/features", is_whole: is_report }
}

#[test]
fn ogc_features() {
    weather(&collection("/cases", "/items", feature), 1);
    weather(&collection("/grids", "/features", grid), 2);
    weather(&collection("/stations", "/features", station), 6);
    let one = collection("/cases/1", "", feature);
    shower(&Case { body: feature(1), items: None, ..one }, 32, FEWER);
}

fn report(id: u32) -> Value {
    json!({"service_request_id": id, "status": "open", "service_code": "6", "requested_datetime": "2026-02-20T08:00:00Z", "lat": 22.7, "long": 113.9})
}

fn service(code: u32) -> Value {
    json!({"service_code": code, "service_name": "路灯 & 井盖", "description": "灯不亮", "metadata": "true", "group": "市政"})
}

/// A resource of a `GeoReport` server.
fn open311(path: &'static str, written: Written, items: Option<&'static str>, record: fn(u32) -> Value) -> Case {
    let config = json!({"backends": {"default": {"dialect": "georeport", "base": "/x"}}, "resources": {}});
    let body = json!([record(1), record(2)]);
    Case { config, path, body, written, items, records: "", is_whole: is_report }
}

#[test]
fn georeport() {
    weather(&open311("/cases", Written::Json, Some("/items"), report), 3);
    weather(&open311("/services", Written::Json, Some("/items"), service), 7);
    weather(&open311("/reports/1", Written::Json, None, report), 8);
    shower(&open311("/cases/1", Written::Json, None, report), 28, FEWER);
    shower(&asking(Written::Json, definition(json!([question(1), question(2)]))), 29, FEWER);
}

fn question(order: u32) -> Value {
    json!({"variable": true, "code": format!("q{order}"), "datatype": "singlevaluelist", "required": true, "order": order,
        "description": "哪里", "values": [{"key": 1, "name": "灯"}]})
}

fn definition(attributes: Value) -> Value {
    json!({"service_code": "1", "attributes": attributes})
}

/// The questions of one service: each has a name, or it is none.
fn asking(written: Written, body: Value) -> Case {
    let is_whole = |read: &Value| {
        let questions = read["questions"].as_array().unwrap();
        questions.iter().all(|one| one["code"].is_string() && one["kind"].is_string() && one["choices"].is_array())
    };
    Case { body, is_whole, ..open311("/services/1", written, None, service) }
}

#[test]
fn georeport_in_xml() {
    let requests = Written::Xml("service_requests", "request");
    weather(&open311("/cases", requests, Some("/items"), report), 9);
    weather(&open311("/services", Written::Xml("services", "service"), Some("/items"), service), 10);
    weather(&open311("/reports/1", requests, None, report), 11);
    shower(&open311("/cases/1", requests, None, report), 30, FEWER);
    let attributes = json!([{"attribute": [question(1), question(2)]}]);
    shower(&asking(Written::Xml("service_definition", "attributes"), attributes), 31, FEWER);
}

#[test]
fn postgrest() {
    let config = rows_of_postgrest();
    let row = |n: u32| json!({"number": n, "state": "reported", "category": "legal", "reported_at": "2026-02-20T08:00:00Z", "lon": 113.9, "lat": 22.7});
    let body = json!([row(1), row(2)]);
    weather(&cases(config.clone(), body, ""), 4);
    shower(&single(config.clone(), "/cases/1", json!([row(1)])), 12, FEWER);
    let plain = |feature: Value| {
        let mut row = feature["properties"].clone();
        (row["id"], row["geometry"]) = (feature["id"].clone(), feature["geometry"].clone());
        row
    };
    let grids = json!([plain(grid(1)), plain(grid(2))]);
    shower(&listed(config.clone(), "/grids", "/features", grids, ""), 13, FEWER);
    let stations = json!([plain(station(1)), plain(station(2))]);
    shower(&listed(config, "/stations", "/features", stations, ""), 14, FEWER);
}

fn rows_of_postgrest() -> Value {
    json!({"backends": {"default": {"dialect": "postgrest", "base": "/x", "mapping": {"datum": "WGS84"}}}, "resources": {}})
}

/// The cases of a server that answers in JSON.
fn cases(config: Value, body: Value, records: &'static str) -> Case {
    listed(config, "/cases", "/items", body, records)
}

/// A list of a server that answers in JSON.
fn listed(config: Value, path: &'static str, items: &'static str, body: Value, records: &'static str) -> Case {
    Case { config, path, body, written: Written::Json, items: Some(items), records, is_whole: is_report }
}

/// The same config with a single thing that is asked for by its address.
fn single(config: Value, path: &'static str, body: Value) -> Case {
    Case { config, path, body, written: Written::Json, items: None, records: "", is_whole: is_report }
}

#[test]
fn json_in_an_envelope() {
    let fields: Map<String, Value> = [("number", "/no"), ("reported_at", "/t"), ("category", "/k"), ("place", "/g")]
        .map(|(name, at)| (name.to_owned(), json!(at)))
        .into_iter()
        .collect();
    let mut fields = Value::Object(fields);
    fields["state"] = json!({"at": "/s", "table": {"1": "reported"}});
    fields["at"] = json!({"at": "/p", "form": "pair"});
    fields["amount_fen"] = json!({"at": "/m", "unit": "wan_yuan"});
    let config = json!({"backends": {"default": {"dialect": "json", "base": "/x", "use": "ruoyi",
        "mapping": {"datum": "BD09", "resources": {"cases": {"list": "/c", "fields": fields}}}}}, "resources": {}});
    let row = |n: u32| json!({"no": n, "t": "2026-02-20 08:00:00", "k": "legal", "g": "g", "s": 1, "p": "113.9,22.7", "m": "1.5"});
    let body = json!({"code": 200, "msg": "ok", "rows": [row(1), row(2)], "total": 2});
    weather(&cases(config, body, "/rows"), 5);
}

/// What a mapping of one's own has beside the list of its cases.
#[test]
fn the_rest_of_a_mapping_of_ones_own() {
    let pair = json!({"at": "/p", "form": "pair"});
    let case = json!({"list": "/c", "one": "/c/{id}", "fields": {"number": "/no", "reported_at": "/t", "category": "/k", "at": pair,
        "state": {"at": "/s", "table": {"1": "reported"}}}});
    let shape = json!({"list": "/g", "fields": {"id": "/no", "name": "/k", "geometry": {"at": "/g", "form": "wkt"}}});
    let station = json!({"list": "/s", "fields": {"id": "/no", "name": "/k", "hours": "/h", "geometry": pair}});
    let resources = json!({"cases": case, "grids": shape, "stations": station});
    let config = json!({"backends": {"default": {"dialect": "json", "base": "/x", "mapping": {"datum": "GCJ02", "utc_offset": "+08:00", "records": ["/data/list"],
        "resources": resources}}}, "resources": {}});
    let row = |n: u32| {
        json!({"no": n, "t": "2026-02-20 08:00:00", "k": "legal", "s": 1, "p": "113.9,22.7", "h": "09:00-18:00",
        "g": "POLYGON((113.1 22.1, 113.2 22.1, 113.2 22.2, 113.1 22.1))"})
    };
    shower(&single(config.clone(), "/cases/1", json!({"code": 200, "msg": "ok", "data": row(1)})), 15, FEWER);
    let body = json!({"code": 200, "msg": "ok", "data": {"list": [row(1), row(2)], "total": 2}});
    shower(&listed(config.clone(), "/grids", "/features", body.clone(), "/data/list"), 16, FEWER);
    shower(&listed(config, "/stations", "/features", body, "/data/list"), 17, FEWER);
}

/// A ready-made mapping, with more of one's own.
fn ready_made(name: &str, mapping: Value) -> Value {
    json!({"backends": {"default": {"dialect": "json", "base": "/x", "use": name, "mapping": mapping}}, "resources": {}})
}

/// A ready-made mapping is of a dialect that has had its ten thousand.
const OF_A_PRESET: u64 = 4 * FEWER;

/// As `GeoServer` writes it.
#[test]
fn wfs() {
    let config = ready_made("wfs", json!({}));
    let body = |record: fn(u32) -> Value| {
        let crs = json!({"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4326"}});
        json!({"type": "FeatureCollection", "features": [record(1), record(2), record(3)], "totalFeatures": 3, "numberMatched": 3,
            "numberReturned": 3, "timeStamp": "2026-02-20T08:00:00.000Z", "crs": crs})
    };
    shower(&cases(config.clone(), body(feature), "/features"), 18, OF_A_PRESET);
    shower(&single(config.clone(), "/cases/1", json!({"features": [feature(1)]})), 19, FEWER);
    shower(&listed(config.clone(), "/grids", "/features", body(grid), "/features"), 20, FEWER);
    shower(&listed(config, "/stations", "/features", body(station), "/features"), 21, FEWER);
}

#[test]
fn arcgis() {
    let config = ready_made("arcgis", json!({}));
    let case = |number: u32| {
        let mut case = feature(number);
        case["properties"]["reported_at"] = json!(1_771_545_600_000_u64);
        case
    };
    let body = |features: Value| json!({"type": "FeatureCollection", "features": features, "properties": {"exceededTransferLimit": false}});
    shower(&cases(config.clone(), body(json!([case(1), case(2), case(3)])), "/features"), 22, OF_A_PRESET);
    shower(&single(config.clone(), "/cases/1", body(json!([case(1)]))), 23, FEWER);
    shower(&listed(config.clone(), "/grids", "/features", body(json!([grid(1), grid(2)])), "/features"), 24, FEWER);
    shower(&listed(config, "/stations", "/features", body(json!([station(1), station(2)])), "/features"), 25, FEWER);
}

#[test]
fn jeecgboot() {
    let fields = json!({"number": "/id", "reported_at": "/createTime", "category": {"value": "legal"},
        "state": {"at": "/status", "table": {"1": "reported"}}, "at": {"at": "/lnglat", "form": "pair"}});
    let config = ready_made(
        "jeecgboot",
        json!({"datum": "BD09", "token": {"body": {"username": "fengtu", "password": "secret"}},
        "resources": {"cases": {"list": "/c/list", "one": "/c/{id}", "fields": fields}}}),
    );
    let row = |n: u32| json!({"id": n, "createTime": "2026-02-20 08:00:00", "status": "1", "lnglat": "113.9,22.7"});
    let body = |result: Value| json!({"success": true, "message": "", "code": 200, "timestamp": 1_700_000_000_000_u64, "result": result});
    let page = json!({"records": [row(1), row(2)], "total": 2, "size": 100, "current": 1, "pages": 1});
    shower(&cases(config.clone(), body(page), "/result/records"), 26, OF_A_PRESET);
    shower(&single(config, "/cases/1", body(row(1))), 27, FEWER);
}
