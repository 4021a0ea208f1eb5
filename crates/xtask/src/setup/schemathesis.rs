//! Schemathesis, which tests the API against its own description, in a Python environment of its own.

use std::path::PathBuf;

use anyhow::Result;

use super::Tool;
use super::python::Environment;
use crate::place;

/// Schemathesis, pinned with all that it takes.
pub struct Schemathesis;

/// Returns the program.
pub fn program() -> PathBuf {
    environment().program()
}

fn environment() -> Environment {
    let folder = place::target().join("schemathesis");
    Environment { folder, list: "crates/xtask/python/requirements.txt", program: "schemathesis" }
}

impl Tool for Schemathesis {
    fn name(&self) -> String {
        "Schemathesis".to_owned()
    }

    fn why(&self) -> &'static str {
        "testing the API against its OpenAPI description"
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
        Some("the step \"API against its description\" is skipped")
    }
}
