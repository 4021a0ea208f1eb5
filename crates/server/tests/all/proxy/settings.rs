//! Settings: what cannot be used is refused with its place; what the guides write can be used.

use std::collections::BTreeMap;
use std::path::Path;

use fengtu_server::proxy::{Proxies, settings};

#[test]
fn settings_that_make_no_sense_are_refused_with_the_place() {
    let base = "[proxy.a]\nwho = \"everyone\"\nbase = ";
    for (text, told) in [
        ("[proxy.a]\nbase = \"https://a.example\"".to_owned(), "who"),
        ("[proxy.a]\nbase = \"https://a.example\"\nwho = \"nobody\"".to_owned(), "everyone"),
        (format!("{base}\"ftp://a.example\""), "http(s)"),
        (format!("{base}\"https://u:p@a.example\""), "http(s)"),
        (format!("{base}\"http://127.0.0.1:5000\""), "private = true"),
        (format!("{base}\"http://[::1]:5000\""), "private = true"),
        (format!("{base}\"http://169.254.169.254\"\nprivate = true"), "private"),
        (format!("{base}\"https://a.example\"\nmethods = [\"TRACE\"]"), "TRACE"),
        (format!("{base}\"https://a.example\"\nheaders = [\"Cookie\"]"), "Cookie"),
        (format!("{base}\"https://a.example\"\ncolour = 1"), "colour"),
        (format!("{base}\"https://a.example\"\nheaders = [\"X-HTTP-Method-Override\"]"), "Override"),
        (format!("{base}\"https://a.example\"\nmethods = []"), "methods"),
        (format!("{base}\"https://a.example\"\npaths = []"), "paths"),
        (format!("{base}\"https://a.example\"\npaths = [\"/a\", \"/a/\"]"), "twice"),
        (format!("{base}\"https://a.example\"\npaths = [\"/a?b=1\"]"), "query"),
        (format!("{base}\"https://a.example\"\npaths = [\"/a/../b\"]"), "/a/../b"),
        (format!("{base}\"https://a.example\"\npaths = [{{ path = \"/a\", methods = [\"LINK\"] }}]"), "LINK"),
        (format!("{base}\"https://a.example\"\npaths = [{{ path = \"/a\", querry = [] }}]"), "querry"),
        (format!("{base}\"https://a.example\"\npaths = [{{ path = \"/a\", query = [\"=1\"] }}]"), "query"),
        (
            format!(
                "{base}\"https://a.example\"\npaths = [{{ path = \"/a\", query = [\"k\"], fixed = {{ k = \"1\" }} }}]"
            ),
            "stands in both",
        ),
        (
            format!(
                "{base}\"https://a.example\"\npaths = [{{ path = \"/a\", fixed = {{ k = {{ env = \"NO_KEY\" }} }} }}]"
            ),
            "NO_KEY",
        ),
        (format!("{base}\"https://a.example\"\npaths = [1]"), "path, methods, query, fixed"),
        (format!("{base}\"https://a.example\"\nidle_s = 0"), "idle_s"),
        (format!("{base}\"https://a.example\"\nwait_s = 61"), "0–60"),
        (format!("{base}\"https://a.example\"\nat_once = 0"), "at_once"),
        (format!("{base}\"https://a.example\"\ncertificates = \"/no/such.pem\""), "/no/such.pem"),
        (
            format!(
                "{base}\"https://a.example\"\ncredentials.header = {{ name = \"x\", value = {{ env = \"NO_SUCH\" }} }}"
            ),
            "NO_SUCH",
        ),
    ] {
        let error = format!("{:#}", Proxies::parse(&text).unwrap_err());
        assert!(error.contains(told), "{text}: {error}");
    }
}

#[test]
fn what_is_wrong_is_told_without_the_secrets_beside_it() {
    let entry = "[proxy.a]\nbase = \"https://a.example\"\nwho = \"staff\"\n";
    for line in [
        "credentials.login = { path = \"/l\", fields = { password = \"hunter2\" }, token = \"/t\", colour = 1 }",
        "credentials.login = { path = \"/l\", fields = \"hunter2\", token = \"/t\" }",
        "credentials.header = { name = \"a b\", value = \"hunter2\" }",
        "credentials.header = { name = \"a\", value = \"hunter2\\u0007\" }",
        "credentials.basic = { name = \"a\", password = \"hunter2\", ",
        "paths = [{ path = \"/a\", query = [\"key\"], fixed = { key = \"hunter2\" } }]",
        "credentials = \"Bearer hunter2\"",
        "credentials = \"a, expected hunter2\"",
        "credentials.basic = { name = 4711, password = \"hunter2\" }",
        "credentials.basic = { name = \"a\", password = 4711 }",
        "credentials.basic = { name = \"a\", password = hunter2 }",
        "credentials.login = { path = \"/l\", fields = 47.11, token = \"/t\" }",
        "timeout_s = \"hunter2\"",
        "timeout_s = -4711",
        "paths = [\"/a?key=hunter2\"]",
        "paths = [{ path = \"/a\", query = [\"=hunter2\"] }]",
        "headers = [\"X-Key: hunter2\"]",
    ] {
        let error = format!("{:#}", Proxies::parse(&format!("{entry}{line}")).unwrap_err());
        assert!(!["hunter2", "4711", "47.11"].iter().any(|secret| error.contains(secret)), "{line}: {error}");
        assert!(error.contains("line 4") || error.contains("[proxy.a]"), "{line}: {error}");
    }
    for base in
        ["http://u:hunter2/w@a.example", "http://u:hunter2@a.example", "http://u:47/hunter2@a.example", "hunter2"]
    {
        let text = format!("[proxy.a]\nbase = \"{base}\"\nwho = \"staff\"");
        let error = format!("{:#}", Proxies::parse(&text).unwrap_err());
        assert!(!error.contains("hunter2") && error.contains("[proxy.a]: base"), "{base}: {error}");
    }
    let wrong = format!("{:#}", settings::parse(&format!("{entry}timeout_s = \"ten\"")).unwrap_err());
    assert!(wrong.contains("invalid type: string, expected u32"), "{wrong}");
}

pub fn guide(language: &str, name: &str) -> String {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide").join(language).join(name);
    std::fs::read_to_string(guide).unwrap()
}

pub fn blocks<'a>(text: &'a str, kind: &str) -> Vec<&'a str> {
    let fence = format!("```{kind}\n");
    text.split(fence.as_str()).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

#[test]
fn the_settings_in_the_guides_can_be_used_as_written() {
    for language in ["zh", "en"] {
        let text = guide(language, "proxy.md");
        let blocks = blocks(&text, "toml");
        assert_eq!(blocks.len(), 2, "{language}");
        let file = settings::parse(blocks[0]).unwrap();
        assert!(file.contains_key("gis") && file["hotline"].credentials.is_some());
        for line in blocks[1].lines() {
            let entry = format!("[proxy.a]\nbase = \"https://a.example\"\nwho = \"staff\"\n{line}");
            assert!(settings::parse(&entry).is_ok(), "{line}");
        }
    }
}

#[test]
fn every_way_in_the_guides_names_its_parameters() {
    for language in ["zh", "en"] {
        for name in [
            "proxy",
            "backend-ogc",
            "backend-wfs",
            "backend-georeport",
            "backend-postgrest",
            "backend-json",
            "backend-ruoyi",
        ] {
            let text = guide(language, &format!("{name}.md"));
            for (entry, told) in settings::parse(blocks(&text, "toml")[0]).unwrap() {
                let narrow = |way: &settings::Way| way.query.is_some() && way.path != "/";
                assert!(told.paths.iter().all(narrow), "{language}/{name}.md: {entry}");
            }
        }
    }
}

/// Names and values, or a name alone where its value varies.
type Parameters = Vec<(String, Option<String>)>;

/// What a ready-made mapping sends to each path below its base.
fn sent(mapping: &serde_json::Value) -> Vec<(String, Parameters)> {
    let text = |at: &str| mapping.pointer(at).and_then(serde_json::Value::as_str).map(ToOwned::to_owned);
    let always: Vec<_> = mapping["query"].as_object().unwrap().iter().map(|(n, v)| (n.clone(), v.as_str())).collect();
    let mut all = Vec::new();
    for (name, resource) in mapping["resources"].as_object().unwrap() {
        let varying =
            [text("/paging/offset"), text("/paging/size"), text(&format!("/resources/{name}/filters/bbox/param"))];
        for address in ["list", "one"].iter().filter_map(|key| resource[key].as_str()) {
            let (path, query) = address.split_once('?').unwrap();
            let mut names: Vec<_> = always.iter().map(|(n, v)| (n.clone(), v.map(ToOwned::to_owned))).collect();
            names.extend(varying.iter().flatten().map(|name| (name.clone(), None)));
            names.extend(
                query.split('&').map(|pair| pair.split_once('=').unwrap()).map(|(name, value)| {
                    (name.to_owned(), Some(value.to_owned()).filter(|value| !value.contains('{')))
                }),
            );
            all.push((path.to_owned(), names));
        }
    }
    all
}

#[test]
fn what_the_wfs_guide_says_of_other_servers_lets_their_mappings_ask() {
    for language in ["zh", "en"] {
        let text = guide(language, "backend-wfs.md");
        let told = blocks(&text, "text");
        assert_eq!(told.len(), 2, "{language}: GeoServer, ArcGIS");
        for (lines, preset, renamed) in [(told[0], "wfs", "zf:wangge"), (told[1], "arcgis", "")] {
            let entry = format!("[proxy.a]\nbase = \"https://a.example\"\nwho = \"staff\"\n{lines}");
            let ways = settings::parse(&entry).unwrap().remove("a").unwrap().paths;
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../dialects/src/presets/{preset}.json"));
            for (path, names) in sent(&serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()) {
                let way = ways.iter().find(|way| path.is_empty() || way.path == path);
                let listed = way.unwrap_or_else(|| panic!("{language}: {preset}: {path}")).query.clone().unwrap();
                for (name, value) in names {
                    let value = value.map(|value| if value == "grids" { renamed.to_owned() } else { value });
                    let pair = value.map_or_else(|| name.clone(), |value| format!("{name}={value}"));
                    assert!(listed.contains(&pair) || listed.contains(&name), "{language}: {preset}: {path}: {pair}");
                }
            }
        }
    }
}

/// The rows of the guide's table: name, unit, default.
fn table(text: &str) -> BTreeMap<String, (String, String)> {
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    let cells = rows.map(|row| row.trim_matches('|').split('|').map(str::trim).collect::<Vec<_>>());
    let plain = |cell: &str| cell.trim_matches('`').to_owned();
    cells.filter(|cells| cells.len() == 4).map(|cells| (plain(cells[0]), (plain(cells[1]), plain(cells[2])))).collect()
}

#[test]
fn the_table_in_the_guides_has_every_setting_with_its_default() {
    let entry = &settings::parse("[proxy.a]\nbase = \"https://a.example\"\nwho = \"staff\"").unwrap()["a"];
    let numbers = [
        ("timeout_s", u64::from(entry.timeout_s)),
        ("idle_s", entry.idle_s.into()),
        ("body_s", entry.body_s.into()),
        ("wait_s", entry.wait_s.into()),
        ("at_once", entry.at_once.into()),
        ("max_request_bytes", entry.max_request_bytes.into()),
        ("max_answer_bytes", entry.max_answer_bytes),
    ];
    let unknown = format!("{:#}", settings::parse("[proxy.a]\ncolour = 1").unwrap_err());
    let known: Vec<&str> =
        unknown.rsplit("expected one of ").next().unwrap().split(", ").map(|n| n.trim().trim_matches('`')).collect();
    assert_eq!(known.len(), 15, "{unknown}");
    for language in ["zh", "en"] {
        let rows = table(&guide(language, "proxy.md"));
        for name in &known {
            assert!(rows.keys().any(|row| row.split(['.', ' ', '[']).next() == Some(name)), "{language}: {name}");
        }
        for (name, default) in numbers {
            assert_eq!(rows[name].1, default.to_string(), "{language}: {name}");
        }
    }
}

#[test]
fn nginx_of_the_guides_narrows_as_their_settings_do() {
    let plain = |text: &str| -> String {
        text.lines().map(|line| line.split(" #").next().unwrap().trim_end().to_owned() + "\n").collect()
    };
    let (zh, en) = (guide("zh", "proxy.md"), guide("en", "proxy.md"));
    let nginx = plain(blocks(&en, "nginx")[0]);
    assert_eq!(plain(blocks(&zh, "nginx")[0]), nginx);
    let gis = &settings::parse(blocks(&en, "toml")[0]).unwrap()["gis"];
    let names = gis.paths.iter().find_map(|way| way.query.as_ref().filter(|all| all.len() > 1)).unwrap();
    assert!(nginx.contains(&format!("\"~^(?:(?:{})=", names.join("|"))), "{names:?}");
    let paths: Vec<&str> = gis.paths.iter().map(|way| way.path.trim_start_matches('/')).collect();
    assert!(nginx.contains(&format!("^/proxy/gis/(?:{})(?:/|$)", paths.join("|"))), "{paths:?}");
    let policy = "add_header Content-Security-Policy \"default-src 'none'; sandbox\" always;";
    assert!(nginx.contains(policy) && nginx.contains("proxy_pass_request_headers off;"));
    // It cannot take a fixed parameter out of these.
    for header in ["Link", "Location", "Content-Location"] {
        assert!(nginx.contains(&format!("proxy_hide_header {header};")), "{header}");
    }
}
