//! What the guides have people type is understood by what it is typed to, the files that they name are there, and the settings that
//! they write can be used and are safe.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Parser as _;
use fengtu_conform::options::Options;
use fengtu_dialects::{Answer, Installation, Outcome, Request, Step};
use fengtu_domain::sight::Audience;
use fengtu_server::cli::Args;
use fengtu_server::proxy::{Proxies, settings};
use serde_json::{Value, json};

const NAMES: [&str; 6] = ["ogc", "wfs", "georeport", "postgrest", "json", "ruoyi"];

/// A guide in one language.
struct Guide {
    name: &'static str,
    path: String,
    text: String,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn guides() -> Vec<Guide> {
    let mut all = Vec::new();
    for language in ["zh", "en"] {
        for name in NAMES {
            let path = format!("docs/guide/{language}/backend-{name}.md");
            let text = std::fs::read_to_string(root().join(&path)).unwrap();
            all.push(Guide { name, path, text });
        }
    }
    all
}

impl Guide {
    /// What stands between fences of a kind.
    fn fenced(&self, kind: &str) -> Vec<&str> {
        let opening = format!("```{kind}\n");
        self.text.split(opening.as_str()).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
    }

    fn only(&self, kind: &str) -> &str {
        let [block] = self.fenced(kind)[..] else { panic!("{}: one block of {kind}", self.path) };
        block
    }

    fn lines(&self) -> Vec<&str> {
        self.fenced("sh").into_iter().flat_map(|block| block.trim().lines()).collect()
    }

    fn entries(&self) -> BTreeMap<String, settings::Entry> {
        settings::parse(self.only("toml")).unwrap()
    }

    /// What stands behind the settings of the proxies.
    fn behind_the_settings(&self) -> &str {
        self.text.split_once(self.only("toml")).unwrap().1.trim_start_matches('`').trim_start()
    }

    fn config(&self) -> Value {
        serde_json::from_str(self.only("json")).unwrap()
    }

    /// Where the guide has Fengtu listen, as the check is told.
    fn origin(&self) -> String {
        let line = self.lines().into_iter().find(|line| line.starts_with("cargo xtask conform ")).unwrap();
        line.split(' ').skip_while(|word| *word != "--origin").nth(1).unwrap().to_owned()
    }
}

#[tokio::test]
async fn every_line_is_understood_by_what_it_is_typed_to() {
    for guide in guides() {
        for line in guide.lines() {
            typed(&guide, line);
        }
        for needed in ["node ", "cp ", "cargo run ", "cargo xtask conform "] {
            assert!(guide.lines().iter().any(|line| line.starts_with(needed)), "{}: {needed}", guide.path);
        }
    }
}

fn typed(guide: &Guide, line: &str) {
    let words: Vec<&str> = line.split(' ').collect();
    match words[..] {
        ["node", script, server, "--port", port] => practice(guide, script, server, port),
        ["cp", from, to] => copied(guide, from, to),
        ["cargo", "run", "-p", package, "--", ref options @ ..] => served(guide, package, options),
        ["cargo", "xtask", "conform", ref options @ ..] => checked(guide, options),
        ["curl", "-si", ref options @ ..] => signed_in(guide, line, options),
        _ => panic!("{}: nobody knows {line}", guide.path),
    }
}

/// The script is there, knows the server, and the proxies front the port that it is given.
fn practice(guide: &Guide, script: &str, server: &str, port: &str) {
    let script = root().join(script);
    assert!(script.is_file(), "{}: {}", guide.path, script.display());
    let known = std::fs::read_to_string(script.parent().unwrap().join("lib/all.mjs")).unwrap();
    let keys = [format!("\n  {server}: {{"), format!("\n  '{server}': {{")];
    assert!(keys.iter().any(|key| known.contains(key.as_str())), "{}: there is no {server}", guide.path);
    let port: u16 = port.parse().unwrap();
    let is_fronted = guide.entries().values().any(|entry| entry.base == format!("http://127.0.0.1:{port}"));
    assert!(is_fronted, "{}: nobody asks {server} at {port}", guide.path);
}

/// What is copied is what the guide has just told to write; it goes where the client is published with a file of that name.
fn copied(guide: &Guide, from: &str, to: &str) {
    assert!(guide.text.contains(&format!("`{from}`")) && guide.config().is_object(), "{}: {from}", guide.path);
    let published = Path::new(to).strip_prefix("dist").unwrap();
    assert!(root().join("public").join(published).is_file(), "{}: {to}", guide.path);
    assert_eq!(Path::new(from).file_name(), published.file_name(), "{}", guide.path);
}

/// The server takes these options, listens where the check asks, and can use the settings.
fn served(guide: &Guide, package: &str, options: &[&str]) {
    let manifest = std::fs::read_to_string(root().join("crates/server/Cargo.toml")).unwrap();
    assert!(manifest.contains(&format!("name = \"{package}\"")), "{}: {package}", guide.path);
    let args = Args::try_parse_from(std::iter::once(package).chain(options.iter().copied()))
        .unwrap_or_else(|error| panic!("{}: {error}", guide.path));
    assert_eq!(format!("http://{}", args.listen), guide.origin(), "{}", guide.path);
    assert_eq!(args.dist.as_deref(), Some(Path::new("dist")), "{}", guide.path);
    assert!(args.demo.is_some() && args.command.is_none(), "{}", guide.path);
    let file = args.proxies.unwrap();
    assert!(guide.text.contains(&format!("`{}`", file.display())), "{}: {}", guide.path, file.display());
    Proxies::parse(guide.only("toml")).unwrap_or_else(|error| panic!("{}: {error:#}", guide.path));
}

/// The kit takes these options, and sends the cookie of a session where a proxy is for staff.
fn checked(guide: &Guide, options: &[&str]) {
    let options = Options::try_parse_from(std::iter::once("conform").chain(options.iter().copied()))
        .unwrap_or_else(|error| panic!("{}: {error}", guide.path));
    assert_eq!(options.config.as_deref(), Some(Path::new("config.json")), "{}", guide.path);
    sound(guide, &guide.config());
    let is_sent = options.headers().unwrap().contains(&("cookie".to_owned(), "fengtu=SESSION".to_owned()));
    assert_eq!(is_sent, is_for_staff(guide), "{}: a session is sent where one is needed", guide.path);
}

/// A session is begun where the check asks, as our own contract has it; that it works is seen where the guides are done.
fn signed_in(guide: &Guide, line: &str, options: &[&str]) {
    assert!(is_for_staff(guide), "{}: nobody needs to sign in", guide.path);
    assert_eq!(*options.last().unwrap(), format!("{}/api/v1/session", guide.origin()), "{}", guide.path);
    assert!(line.contains("-H 'X-Fengtu: 1'") && line.contains("-H 'Content-Type: application/json'"), "{line}");
    let body = line.split(" -d '").nth(1).and_then(|rest| rest.split('\'').next()).unwrap();
    let body: Value = serde_json::from_str(body).unwrap();
    assert!(body["name"].is_string() && body["password"].is_string(), "{line}");
}

fn is_for_staff(guide: &Guide) -> bool {
    guide.entries().values().any(|entry| entry.who == Audience::Staff)
}

fn sound(guide: &Guide, config: &Value) -> Installation {
    Installation::read(config.to_string().as_bytes()).unwrap_or_else(|faults| panic!("{}: {faults:#?}", guide.path))
}

#[test]
fn no_guide_lets_everybody_use_an_account_or_move_a_case_on() {
    for guide in guides() {
        for (name, entry) in guide.entries() {
            let said = format!("{}: [proxy.{name}]", guide.path);
            if entry.who == Audience::Staff {
                assert!(
                    guide.behind_the_settings().contains("`everyone`"),
                    "{said}: what `everyone` would mean is said"
                );
                continue;
            }
            assert!(entry.credentials.is_none(), "{said}: an account for everybody");
            let methods = entry.paths.iter().flat_map(|way| way.methods.as_ref().unwrap_or(&entry.methods));
            let writes: Vec<&str> = methods.map(String::as_str).filter(|method| *method != "GET").collect();
            let open: &[&str] = match guide.name {
                // Residents report without signing in.
                "georeport" => &["POST"],
                // Residents report there too; that all of it is open is said at once, before anything else.
                "json" if guide.behind_the_settings().starts_with("**") => &["POST", "PATCH"],
                _ => &[],
            };
            assert_eq!(writes, open, "{said}");
        }
        let jeecgboot = guide.text.split_once("`[proxy.jeecgboot]`").map(|(_, rest)| rest);
        let is_kept = jeecgboot.is_none_or(|rest| rest.lines().next().unwrap_or_default().contains("staff"));
        assert!(is_kept, "{}: JeecgBoot is for staff", guide.path);
    }
}

#[test]
fn the_mapping_of_the_ogc_guide_is_read_and_leads_to_its_collection() {
    for guide in guides().into_iter().filter(|guide| guide.name == "ogc") {
        let mut config = guide.config();
        config["backends"]["gis"]["mapping"] = serde_json::from_str(guide.only("json mapping")).unwrap();
        let (asked, grids) = grids(&sound(&guide, &config));
        assert!(asked[0].starts_with("/proxy/gis/collections/wangge/items?f=json"), "{}: {asked:?}", guide.path);
        let read = &grids["features"][0]["properties"];
        assert_eq!((&read["id"], &read["name"]), (&json!("G1"), &json!("一格")), "{}: {grids}", guide.path);
        assert_eq!(read["parent"], "S1", "{}: {grids}", guide.path);
    }
}

/// Asks for the grids of a server that has one, named as a city names it; returns what was asked, and the answer.
fn grids(installation: &Installation) -> (Vec<String>, Value) {
    let ring = json!([[[113.4, 22.4], [113.6, 22.4], [113.6, 22.6], [113.4, 22.4]]]);
    let grid = json!({"type": "Feature", "geometry": {"type": "Polygon", "coordinates": ring},
        "properties": {"wgbm": "G1", "wgmc": "一格", "sjbm": "S1"}});
    let body = json!({"type": "FeatureCollection", "features": [grid], "numberMatched": 1}).to_string().into_bytes();
    let answer = Outcome::Answered(Answer { status: 200, headers: Vec::new(), body });
    let mut talk = installation.converse(Request::get("/grids"), "2026-03-01T09:30:00+08:00".parse().unwrap());
    let (mut step, mut asked) = (talk.start(), Vec::new());
    loop {
        match step {
            Step::Done(answer) => return (asked, serde_json::from_slice(&answer.body).unwrap()),
            Step::Wait => panic!("nobody else signs in"),
            Step::Ask(calls) => {
                asked.extend(calls.iter().map(|call| call.url.clone()));
                step = talk.go_on(vec![answer.clone(); calls.len()]);
            }
        }
    }
}
