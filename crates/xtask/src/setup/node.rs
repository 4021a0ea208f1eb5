//! Node.js and npm.

use anyhow::Result;

use super::{Tool, apt};
use crate::shell::sh;

/// Node.js 18 or later, with npm.
pub struct Node;

const PACKAGES: &[&str] = &["nodejs", "npm"];
const OLDEST: u32 = 18;

impl Tool for Node {
    fn name(&self) -> String {
        format!("Node.js {OLDEST} or later with npm")
    }

    fn why(&self) -> &'static str {
        "wasm-opt, Leaflet and the browser tests"
    }

    fn found(&self) -> Option<String> {
        let version = sh("node", ["--version"]).capture()?;
        let major = version.trim_start_matches('v').split('.').next()?;
        let new_enough = major.parse::<u32>().ok()? >= OLDEST;
        // Only looked for: asking npm for its version takes half a second.
        (new_enough && crate::place::which("npm").is_some()).then_some(version)
    }

    fn install(&self) -> Result<()> {
        apt::install(PACKAGES)
    }

    fn by_hand(&self) -> String {
        apt::by_hand(PACKAGES)
    }
}
