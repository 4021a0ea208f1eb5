//! The binaries of a `PostgreSQL` server; the tests start one of their own from them.

use std::fs;
use std::path::{Path, PathBuf};

use super::package::Package;
use crate::place;

/// The `PostgreSQL` server's binaries.
pub const POSTGRES: Package = Package {
    name: "PostgreSQL server binaries",
    debian: "postgresql",
    why: "running the server's tests on PostgreSQL as well as on SQLite",
    without: Some("the server's tests run on SQLite only"),
    find: binaries,
};

/// Finds the folder that holds `initdb` and `postgres`, the newest version first.
pub fn binaries() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut folders: Vec<PathBuf> = versions.flatten().map(|v| v.path().join("bin")).collect();
    folders.retain(|folder| complete(folder));
    folders.sort_by_key(|folder| version(folder));
    let elsewhere = || place::which("initdb")?.parent().map(Path::to_path_buf);
    folders.pop().or_else(|| elsewhere().filter(|folder| complete(folder)))
}

fn complete(folder: &Path) -> bool {
    folder.join("initdb").is_file() && folder.join("postgres").is_file()
}

fn version(folder: &Path) -> Option<u32> {
    let name = folder.parent()?.file_name()?;
    name.to_str()?.parse().ok()
}
