//! curl, with which guides sign in: the tests execute their lines as they stand.

use anyhow::Result;

use super::{Tool, apt};
use crate::place;

/// The program `curl`.
pub struct Curl;

const PACKAGES: &[&str] = &["curl"];

impl Tool for Curl {
    fn name(&self) -> String {
        "curl".to_owned()
    }

    fn why(&self) -> &'static str {
        "the lines of the guides, which the tests execute as they stand"
    }

    fn found(&self) -> Option<String> {
        place::which("curl").map(|path| path.display().to_string())
    }

    fn install(&self) -> Result<()> {
        apt::install(PACKAGES)
    }

    fn by_hand(&self) -> String {
        apt::by_hand(PACKAGES)
    }
}
