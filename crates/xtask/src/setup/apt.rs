//! Debian packages, as root, with sudo, or not at all.

use anyhow::{Context, Result, bail};
use std::io::{IsTerminal, stdin};
use std::path::Path;

use crate::{place, shell::sh};

/// Installs Debian packages.
pub fn install(packages: &[&str]) -> Result<()> {
    let before = privilege()?;
    // A list that was never fetched, or is old, makes apt ask for files that are gone.
    run(&before, &["apt-get", "update", "-q"]).context("apt-get update")?;
    let mut line = vec!["apt-get", "install", "-q", "-y", "--no-install-recommends"];
    line.extend(packages);
    run(&before, &line)
}

/// Names the command that installs the packages by hand.
pub fn by_hand(packages: &[&str]) -> String {
    format!("sudo apt-get install {}", packages.join(" "))
}

/// Runs one program with the right to change the system.
pub fn as_root(line: &[&str]) -> Result<()> {
    run(&privilege()?, line)
}

fn run(before: &[&str], line: &[&str]) -> Result<()> {
    let all: Vec<&str> = before.iter().chain(line).copied().collect();
    let (program, args) = all.split_first().context("an empty command")?;
    sh(program, args.iter().copied()).env("DEBIAN_FRONTEND", "noninteractive").run()
}

/// Returns what to put before a command so that it may change the system: nothing for root, `sudo` for who has it.
fn privilege() -> Result<Vec<&'static str>> {
    if !Path::new("/usr/bin/apt-get").exists() {
        bail!("this system has no apt-get; install it with the system's own package manager");
    }
    if sh("id", ["-u"]).capture().as_deref() == Some("0") {
        return Ok(vec![]);
    }
    if place::which("sudo").is_none() {
        bail!("neither root nor sudo");
    }
    let silent = sh("sudo", ["-n", "true"]).capture().is_some();
    if silent || stdin().is_terminal() {
        return Ok(vec!["sudo", "--preserve-env=DEBIAN_FRONTEND"]);
    }
    bail!("sudo asks for a password and there is no terminal to type it");
}
