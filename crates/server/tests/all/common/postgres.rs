//! One `PostgreSQL` cluster of our own for all tests, from the system's binaries.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{Connection as _, Executor as _, PgConnection};

// The shell waits for its standard input to end, which it does however this process ends, and then cleans up.
const SCRIPT: &str = r#"
set -eu
bin=$1
dir=$(mktemp -d "${TMPDIR:-/tmp}/fengtu-pg-XXXXXX")
pid=
trap 'if [ -n "$pid" ]; then kill -INT "$pid" 2>/dev/null || true; wait "$pid" || true; fi; rm -rf "$dir"' EXIT
"$bin/initdb" -D "$dir/data" -U fengtu -A trust --locale=C -E UTF8 -N >/dev/null
"$bin/postgres" -D "$dir/data" -k "$dir" -h '' -F -c max_connections=300 >"$dir/log" 2>&1 </dev/null &
pid=$!
until "$bin/pg_isready" -q -h "$dir" -U fengtu; do kill -0 "$pid"; sleep 0.05; done
echo "$dir"
cat >/dev/null
"#;

struct Cluster {
    socket: String,
    _shell: Child,
}

static CLUSTER: OnceLock<Cluster> = OnceLock::new();

/// Whether the system has the binaries. Panics where they are required and missing; says so where they are not.
pub fn available() -> bool {
    let found = binaries().is_some();
    let required = std::env::var("FENGTU_TEST_PG").is_ok_and(|value| value == "require");
    assert!(found || !required, "FENGTU_TEST_PG=require, and no /usr/lib/postgresql/*/bin/initdb");
    if !found {
        eprintln!("left out: PostgreSQL is not installed (apt-get install postgresql)");
    }
    found
}

/// Makes an empty database in the cluster and returns its address.
pub async fn fresh_database() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    let socket = tokio::task::spawn_blocking(|| CLUSTER.get_or_init(start).socket.clone()).await.unwrap();
    let name = format!("t{}", COUNT.fetch_add(1, Ordering::Relaxed));
    let mut admin = PgConnection::connect(&url(&socket, "postgres")).await.unwrap();
    admin.execute(format!("CREATE DATABASE {name}").as_str()).await.unwrap();
    url(&socket, &name)
}

fn url(socket: &str, database: &str) -> String {
    format!("postgres://fengtu@localhost/{database}?host={}", socket.replace('/', "%2F"))
}

fn binaries() -> Option<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|bin| bin.join("initdb").exists())
        .collect();
    found.sort();
    found.pop()
}

// PostgreSQL refuses to run as root: there it runs as the user that its package made.
fn start() -> Cluster {
    let bin = binaries().expect("checked before");
    let root = std::fs::metadata("/proc/self").is_ok_and(|me| std::os::unix::fs::MetadataExt::uid(&me) == 0);
    let mut command = if root { Command::new("runuser") } else { Command::new("sh") };
    if root {
        command.args(["-u", "postgres", "--", "sh"]);
    }
    let mut shell = command
        .args(["-c", SCRIPT, "sh"])
        .arg(bin)
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(shell.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(!line.trim().is_empty(), "PostgreSQL did not start");
    Cluster { socket: line.trim().to_owned(), _shell: shell }
}
