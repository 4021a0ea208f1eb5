//! The API against its own description: Schemathesis asks a server with a small demo district whatever the description
//! allows and much that it does not, as the public and as the district's leader.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::counts::{Counts, of_junit};
use crate::setup::schemathesis;
use crate::shell::sh;
use crate::{place, server};

/// The same questions on every run; another number is another day's work.
const SEED: &str = "20260301";
/// Questions per operation and kind.
const EXAMPLES: &str = "60";
/// Seconds that one round may take.
const MOST_S: &str = "75";
/// Cases of the district: enough for pages, warnings and cells.
const CASES: &str = "1500";

/// Runs both rounds.
pub fn run(counts: &mut Counts) -> Result<()> {
    if !schemathesis::program().is_file() {
        println!("  left out: Schemathesis is not installed, see above");
        counts.skipped += 2;
        return Ok(());
    }
    let _ = fs::remove_dir_all(data());
    fs::create_dir_all(data())?;
    let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
    let mut group = server::Group::default();
    group.add(start(&address, &data().to_string_lossy())?);
    group.wait_for(&address)?;
    round("public", &address, &[], counts)?;
    let cookie = format!("Cookie: {}", sign_in(&address)?);
    // Signing in or out by the way would end the session that the round is asked in.
    let own = ["POST /api/v1/session", "DELETE /api/v1/session", "DELETE /api/v1/sessions/{id}"];
    let without: Vec<&str> = own.iter().flat_map(|name| ["--exclude-name", name]).collect();
    round("leader", &address, &[&["-H", cookie.as_str()][..], &without].concat(), counts)
}

fn start(address: &str, data: &str) -> Result<std::process::Child> {
    let binary = place::target().join("debug/fengtu-server").to_string_lossy().into_owned();
    let demo = ["--demo", "guangming", "--seed", "7", "--cases", CASES];
    sh(&binary, [&["--listen", address, "--data", data][..], &demo].concat()).spawn()
}

/// Asks as somebody. The stream of events never ends; the server's own tests have it.
fn round(who: &str, address: &str, more: &[&str], counts: &mut Counts) -> Result<()> {
    let report = report(who);
    let _ = fs::remove_file(&report);
    let (url, junit) = (format!("http://{address}"), report.to_string_lossy().into_owned());
    let description = place::root().join("docs/openapi.json").to_string_lossy().into_owned();
    let config = place::root().join("crates/xtask/schemathesis.toml").to_string_lossy().into_owned();
    let what = [
        "--config-file",
        &config,
        "run",
        &description,
        "--url",
        &url,
        "--seed",
        SEED,
        "-n",
        EXAMPLES,
        "--max-time",
        MOST_S,
    ];
    // The description cannot say which cursor, box or node there is: that such a value is refused is no fault.
    let how = ["--checks", "all", "--exclude-checks", "positive_data_acceptance", "--continue-on-failure"];
    let without = ["--exclude-path", "/api/v1/events"];
    let told = ["--report", "junit", "--report-junit-path", &junit, "--no-color", "-H", "X-Fengtu: 1"];
    let program = schemathesis::program().to_string_lossy().into_owned();
    let before = counts.passed;
    // It keeps what it has found beside where it runs, and would begin with that the next time.
    let ran = sh(&program, [&what[..], &how, &without, &told, more].concat()).dir(data()).run();
    if let Ok(text) = fs::read_to_string(&report) {
        counts.add(of_junit(&text)?);
    }
    ran.with_context(|| format!("as {who}"))?;
    ensure!(counts.passed > before, "no operation was tested as {who}");
    Ok(())
}

fn report(who: &str) -> PathBuf {
    data().join(format!("{who}.xml"))
}

fn data() -> PathBuf {
    place::target().join("test-api")
}

/// Signs in as the demo's leader; returns the cookie.
fn sign_in(address: &str) -> Result<String> {
    let (_, config) = ask(address, "GET", "/api/v1/config", "")?;
    let config: Value = serde_json::from_str(&config)?;
    let accounts = config.get("demo_accounts").and_then(Value::as_array).context("no demo accounts")?;
    let is_leader = |account: &&Value| account.get("role").and_then(Value::as_str) == Some("district_leader");
    let leader = accounts.iter().find(is_leader).context("no demo account of a leader")?;
    let body = json!({ "name": leader.get("name"), "password": leader.get("password") }).to_string();
    let (head, _) = ask(address, "POST", "/api/v1/session", &body)?;
    let cookie =
        head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).context("the leader cannot sign in")?;
    Ok(cookie.split(';').next().unwrap_or_default().to_owned())
}

/// Asks over HTTP; returns head and body.
fn ask(address: &str, method: &str, path: &str, body: &str) -> Result<(String, String)> {
    let mut stream = TcpStream::connect(address)?;
    let length = body.len();
    write!(
        stream,
        "{method} {path} HTTP/1.0\r\nHost: {address}\r\nX-Fengtu: 1\r\nContent-Type: application/json\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").context("no answer")?;
    Ok((head.to_owned(), body.to_owned()))
}
