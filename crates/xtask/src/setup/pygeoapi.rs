//! pygeoapi, a server of OGC API Features that nobody here wrote, in a Python environment of its own.

use std::path::PathBuf;

use anyhow::Result;

use super::Tool;
use super::python::Environment;
use crate::place;

/// pygeoapi, pinned with all that it takes.
pub struct Pygeoapi;

/// Returns its environment.
pub fn folder() -> PathBuf {
    place::target().join("pygeoapi")
}

fn environment() -> Environment {
    Environment { folder: folder(), list: "crates/xtask/python/pygeoapi.txt", program: "pygeoapi" }
}

impl Tool for Pygeoapi {
    fn name(&self) -> String {
        "pygeoapi".to_owned()
    }

    fn why(&self) -> &'static str {
        "tests against a foreign server of OGC API Features"
    }

    fn found(&self) -> Option<String> {
        environment().found()
    }

    fn install(&self) -> Result<()> {
        environment().install()
    }

    fn by_hand(&self) -> String {
        Environment::by_hand()
    }

    fn without(&self) -> Option<&'static str> {
        Some("the browser tests on pygeoapi are skipped")
    }
}
