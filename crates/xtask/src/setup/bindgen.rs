//! The wasm-bindgen command line, in exactly the version of the library in Cargo.lock: the two speak a private format.

use std::fs;

use anyhow::{Context, Result};

use super::{Tool, crates};
use crate::{place, shell::sh};

/// The wasm-bindgen command line and its test runner.
pub struct Bindgen;

impl Tool for Bindgen {
    fn name(&self) -> String {
        format!("wasm-bindgen-cli {}", wanted().unwrap_or_default())
    }

    fn why(&self) -> &'static str {
        "the JavaScript side of the client and the wasm tests (compiled from source: up to 4 minutes on 2 cores, once)"
    }

    fn found(&self) -> Option<String> {
        let version = wanted()?;
        let both = ["wasm-bindgen", "wasm-bindgen-test-runner"];
        both.iter()
            .all(|program| sh(program, ["--version"]).capture().is_some_and(|line| line.ends_with(&version)))
            .then_some(version)
    }

    fn install(&self) -> Result<()> {
        let version = wanted().context("Cargo.lock names no wasm-bindgen")?;
        // Without --locked: the lock file of the tool may name crates that a registry mirror does not have yet.
        crates::install(&format!("wasm-bindgen-cli@{version}"), &[]).run()
    }

    fn by_hand(&self) -> String {
        let version = wanted().unwrap_or_default();
        format!("cargo install wasm-bindgen-cli@{version}")
    }
}

fn wanted() -> Option<String> {
    version_in(&fs::read_to_string(place::root().join("Cargo.lock")).ok()?)
}

/// Reads the version of wasm-bindgen from a lock file.
fn version_in(lock: &str) -> Option<String> {
    let (_, after) = lock.split_once("name = \"wasm-bindgen\"\nversion = \"")?;
    let (version, _) = after.split_once('"')?;
    Some(version.to_owned())
}

#[cfg(test)]
mod tests {
    use super::version_in;

    #[test]
    fn the_version_is_that_of_the_library_and_not_of_a_sibling() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.1\"\n\n[[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(version_in(lock).as_deref(), Some("0.2.130"));
        assert_eq!(version_in("name = \"wasm-bindgen-futures\""), None);
    }
}
