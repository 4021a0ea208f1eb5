//! Schemathesis, which tests the API against its own description, in a Python environment of its own.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;

use super::{Tool, apt};
use crate::place;
use crate::shell::sh;

/// Schemathesis, pinned with all that it takes.
pub struct Schemathesis;

const PACKAGES: &[&str] = &["python3", "python3-venv"];

/// Returns the program.
pub fn program() -> PathBuf {
    folder().join("bin/schemathesis")
}

fn folder() -> PathBuf {
    place::target().join("schemathesis")
}

fn requirements() -> PathBuf {
    place::root().join("crates/xtask/python/requirements.txt")
}

/// A copy of the requirements that were installed from.
fn stamp() -> PathBuf {
    folder().join(".installed-requirements.txt")
}

impl Tool for Schemathesis {
    fn name(&self) -> String {
        "Schemathesis".to_owned()
    }

    fn why(&self) -> &'static str {
        "testing the API against its OpenAPI description"
    }

    fn found(&self) -> Option<String> {
        let wanted = fs::read(requirements()).ok()?;
        let installed = fs::read(stamp()).ok()?;
        (wanted == installed && program().is_file()).then(|| "as pinned".to_owned())
    }

    fn install(&self) -> Result<()> {
        let place = folder().to_string_lossy().into_owned();
        let environment = || sh("python3", ["-m", "venv", "--clear", place.as_str()]).run();
        // Debian's Python has the module without what it unpacks.
        if environment().is_err() {
            apt::install(PACKAGES)?;
            environment()?;
        }
        let python = folder().join("bin/python").to_string_lossy().into_owned();
        let list = requirements().to_string_lossy().into_owned();
        let quiet = ["--quiet", "--disable-pip-version-check", "--no-deps"];
        let args = [&["-m", "pip", "install"][..], &quiet, &["--requirement", list.as_str()]].concat();
        sh(&python, args).run()?;
        fs::copy(requirements(), stamp())?;
        Ok(())
    }

    fn by_hand(&self) -> String {
        apt::by_hand(PACKAGES)
    }

    fn without(&self) -> Option<&'static str> {
        Some("the step \"API against its description\" is skipped")
    }
}
