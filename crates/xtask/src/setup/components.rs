//! rustfmt and clippy, which a minimal rustup comes without.

use anyhow::Result;

use super::Tool;
use crate::shell::sh;

/// The formatter and the linter.
pub struct Components;

impl Tool for Components {
    fn name(&self) -> String {
        "rustfmt and clippy".to_owned()
    }

    fn why(&self) -> &'static str {
        "the format and lint checks"
    }

    fn found(&self) -> Option<String> {
        sh("cargo-clippy", ["--version"]).capture()?;
        sh("rustfmt", ["--version"]).capture()
    }

    fn install(&self) -> Result<()> {
        sh("rustup", ["component", "add", "rustfmt", "clippy"]).run()
    }

    fn by_hand(&self) -> String {
        "rustup component add rustfmt clippy".to_owned()
    }
}
