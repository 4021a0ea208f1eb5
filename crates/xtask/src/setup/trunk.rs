//! Trunk, which builds the client.

use anyhow::Result;

use super::{Tool, crates};
use crate::shell::sh;

/// Trunk in the version that the build was proved with.
pub struct Trunk;

// 0.22 wants a newer compiler than rustup's stable of some machines.
const VERSION: &str = "0.21.14";

impl Tool for Trunk {
    fn name(&self) -> String {
        format!("Trunk {VERSION}")
    }

    fn why(&self) -> &'static str {
        "building the client (it is compiled from source: up to 7 minutes on 2 cores, once)"
    }

    fn found(&self) -> Option<String> {
        let version = sh("trunk", ["--version"]).capture()?;
        version.ends_with(VERSION).then_some(version)
    }

    fn install(&self) -> Result<()> {
        crates::install(&format!("trunk@{VERSION}"), &["--locked"]).run()
    }

    fn by_hand(&self) -> String {
        format!("cargo install trunk@{VERSION} --locked")
    }
}
