//! Tools that are a package of the system.

use std::path::PathBuf;

use anyhow::Result;

use super::{Tool, apt};
use crate::place;

/// A tool that one Debian package brings.
pub struct Package {
    /// What it is, for people.
    pub name: &'static str,
    /// What Debian calls it.
    pub debian: &'static str,
    /// What it is needed for.
    pub why: &'static str,
    /// What is lost without it, or `None` when there is no going on.
    pub without: Option<&'static str>,
    /// Finds it.
    pub find: fn() -> Option<PathBuf>,
}

/// curl, with which guides sign in: the tests execute their lines as they stand.
pub const CURL: Package = Package {
    name: "curl",
    debian: "curl",
    why: "the lines of the guides, which the tests execute as they stand",
    without: None,
    find: || place::which("curl"),
};

impl Tool for Package {
    fn name(&self) -> String {
        self.name.to_owned()
    }

    fn why(&self) -> &'static str {
        self.why
    }

    fn found(&self) -> Option<String> {
        (self.find)().map(|path| path.display().to_string())
    }

    fn install(&self) -> Result<()> {
        apt::install(&[self.debian])
    }

    fn by_hand(&self) -> String {
        apt::by_hand(&[self.debian])
    }

    fn without(&self) -> Option<&'static str> {
        self.without
    }
}
