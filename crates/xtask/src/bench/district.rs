//! The release server with the full demo district, warm.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::tools;
use crate::server::{Group, check_free};
use crate::shell::sh;

/// Cases of the district; the server's own default, said here because it is a condition of every figure.
const CASES: &str = "80000";

/// A running server.
pub struct District {
    /// Its address, `host:port`.
    pub address: String,
    // Ends the server when the bench ends.
    _group: Group,
}

impl District {
    /// Starts the server; the first time on a day it makes the district, which takes half a minute.
    pub fn open(binary: &Path, port: u16) -> Result<Self> {
        Self::start(binary, port, "district", CASES, &[])
    }

    /// Starts one that moves by so many events a second, on a district of its own.
    pub fn moving(binary: &Path, port: u16, events_per_second: &str) -> Result<Self> {
        Self::start(binary, port, "moving", CASES, &["--live", events_per_second])
    }

    /// Starts one with another number of cases.
    pub fn of(binary: &Path, port: u16, name: &str, cases: &str) -> Result<Self> {
        Self::start(binary, port, name, cases, &[])
    }

    fn start(binary: &Path, port: u16, name: &str, cases: &str, more: &[&str]) -> Result<Self> {
        let address = format!("127.0.0.1:{port}");
        check_free(&address)?;
        let data = data(name)?;
        let data = data.to_string_lossy();
        let mut args = vec!["--listen", &address, "--data", &data, "--dist", "dist"];
        args.extend(["--demo", "guangming", "--cases", cases]);
        args.extend(more);
        let mut group = Group::default();
        group.add(sh(&binary.to_string_lossy(), args).spawn()?);
        group.wait_for(&address)?;
        Ok(Self { address, _group: group })
    }

    /// Returns the address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

/// Returns the folder of today's district: its year ends on the day it was made, so another day's is thrown away.
fn data(name: &str) -> Result<PathBuf> {
    let today = sh("date", ["+%F"]).capture().context("no date")?;
    let all = tools::folder().join(name);
    fs::create_dir_all(&all)?;
    for entry in fs::read_dir(&all)?.flatten().filter(|entry| entry.file_name().to_string_lossy() != today) {
        fs::remove_dir_all(entry.path())?;
    }
    Ok(all.join(today))
}
