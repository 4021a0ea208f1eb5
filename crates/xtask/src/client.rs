//! Builds the client with Trunk, when anything that it is made of has changed.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Result;
use walkdir::WalkDir;

use crate::setup::target;
use crate::shell::{Shell, sh};
use crate::{place, size};

/// Everything that the client is made of, from the root of the repository.
const INPUTS: &[&str] = &[
    "src",
    "style",
    "public",
    "locales",
    "index.html",
    "Trunk.toml",
    "Cargo.toml",
    "Cargo.lock",
    ".cargo/config.toml",
    "crates/browser",
    "crates/geo",
    "crates/heat",
    "crates/heat-worker",
    "crates/dialects",
    "crates/dialects-worker",
    "crates/wire",
    "crates/domain",
    "crates/xtask/src",
    "crates/xtask/npm/package-lock.json",
];

/// Builds the client in release form into `dist`, unless what is there is up to date.
pub fn build(force: bool) -> Result<()> {
    let began = SystemTime::now();
    if !force && up_to_date() {
        println!("Client 客户端: nothing has changed since the last build");
        return Ok(());
    }
    println!("Client 客户端: building with Trunk (the first time takes minutes)");
    trunk(["build", "--release"]).run()?;
    write_stamp(began)?;
    size::print()
}

/// Prepares Trunk with the environment that suits it.
pub fn trunk<'a>(args: impl IntoIterator<Item = &'a str>) -> Shell {
    let mut shell = sh("trunk", args)
        .env("TRUNK_SKIP_VERSION_CHECK", "true")
        // Trunk's hook calls this very program again, rather than building it a second time.
        .env("FENGTU_XTASK", place::ourselves())
        .envs(target::environment());
    // Trunk refuses the usual `NO_COLOR=1`.
    if std::env::var_os("NO_COLOR").is_some() {
        shell = shell.env("NO_COLOR", "true");
    }
    shell
}

/// In `dist` itself, so that whatever empties `dist` also removes it.
fn stamp() -> PathBuf {
    place::dist().join(".built")
}

/// Notes when the build began: an input that changed during the build is newer than that.
fn write_stamp(began: SystemTime) -> Result<()> {
    let since = began.duration_since(UNIX_EPOCH)?;
    fs::write(stamp(), since.as_nanos().to_string())?;
    Ok(())
}

fn up_to_date() -> bool {
    let built = read_stamp();
    let newest = INPUTS.iter().filter_map(|input| newest_in(&place::root().join(input))).max();
    matches!((built, newest), (Some(built), Some(newest)) if newest < built)
}

fn read_stamp() -> Option<SystemTime> {
    let nanos: u64 = fs::read_to_string(stamp()).ok()?.trim().parse().ok()?;
    Some(UNIX_EPOCH + Duration::from_nanos(nanos))
}

/// Returns the time of the last change below a path; folders count too, or a removed file would go unnoticed.
fn newest_in(path: &Path) -> Option<SystemTime> {
    let entries = WalkDir::new(path).into_iter().filter_map(Result::ok);
    entries.filter_map(|entry| entry.metadata().ok()?.modified().ok()).max()
}
