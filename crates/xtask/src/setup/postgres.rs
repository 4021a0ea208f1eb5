//! The binaries of a `PostgreSQL` server; the tests start one of their own from them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use super::{Tool, apt};
use crate::place;

/// The `PostgreSQL` server's binaries.
pub struct Postgres;

const PACKAGES: &[&str] = &["postgresql"];

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

impl Tool for Postgres {
    fn name(&self) -> String {
        "PostgreSQL server binaries".to_owned()
    }

    fn why(&self) -> &'static str {
        "running the server's tests on PostgreSQL as well as on SQLite"
    }

    fn found(&self) -> Option<String> {
        binaries().map(|path| path.display().to_string())
    }

    fn install(&self) -> Result<()> {
        apt::install(PACKAGES)
    }

    fn by_hand(&self) -> String {
        apt::by_hand(PACKAGES)
    }

    fn without(&self) -> Option<&'static str> {
        Some("the server's tests run on SQLite only")
    }
}
