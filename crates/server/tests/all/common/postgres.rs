//! One `PostgreSQL` cluster of our own for all tests, from the system's binaries.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
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
"$bin/postgres" -D "$dir/data" -k "$dir" -h '' -F -c max_connections=300 -c max_wal_size=64MB >"$dir/log" 2>&1 </dev/null &
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

/// The folder of the binaries, which the set-up names; without it that of Debian's package.
const FOLDER: &str = "FENGTU_TEST_PG";

/// Whether the system has the binaries; says so where it does not.
pub fn available() -> bool {
    let found = binaries().is_some();
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

/// The folder that is named is the one that is used: where nothing is in it, tests fail rather than being left out.
fn binaries() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os(FOLDER).map(PathBuf::from) {
        assert!(named.join("initdb").is_file(), "{FOLDER}: no initdb in {}", named.display());
        return Some(named);
    }
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok()?;
    let folders = versions.flatten().map(|version| version.path().join("bin"));
    folders.filter(|bin| bin.join("initdb").is_file()).max_by_key(|bin| version(bin))
}

fn version(bin: &Path) -> Option<u32> {
    bin.parent()?.file_name()?.to_str()?.parse().ok()
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
