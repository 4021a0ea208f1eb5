//! Chromium with its driver, and fonts that have Chinese characters.

use std::path::PathBuf;

use anyhow::Result;

use super::{Tool, apt};
use crate::{place, shell::sh};

/// Chromium and chromedriver.
pub struct Chromium;

/// Fonts with Chinese characters.
pub struct Fonts;

const BROWSER: &[&str] = &["chromium", "chromium-driver"];
const FONTS: &[&str] = &["fonts-noto-cjk"];

/// Finds the browser.
pub fn browser() -> Option<PathBuf> {
    ["chromium", "chromium-browser", "google-chrome"].iter().find_map(|name| place::which(name))
}

/// Finds the browser's driver.
pub fn driver() -> Option<PathBuf> {
    place::which("chromedriver")
}

impl Tool for Chromium {
    fn name(&self) -> String {
        "Chromium with its driver".to_owned()
    }

    fn why(&self) -> &'static str {
        "the wasm tests and the browser tests"
    }

    fn found(&self) -> Option<String> {
        driver()?;
        browser().map(|path| path.display().to_string())
    }

    fn install(&self) -> Result<()> {
        apt::install(BROWSER)
    }

    fn by_hand(&self) -> String {
        apt::by_hand(BROWSER)
    }
}

impl Tool for Fonts {
    fn name(&self) -> String {
        "fonts with Chinese characters".to_owned()
    }

    fn why(&self) -> &'static str {
        "the pages as people see them in the browser tests"
    }

    fn found(&self) -> Option<String> {
        let listed = sh("fc-list", [":lang=zh-cn", "family"]).capture()?;
        Some(listed.lines().next()?.to_owned())
    }

    fn install(&self) -> Result<()> {
        apt::install(FONTS)
    }

    fn by_hand(&self) -> String {
        apt::by_hand(FONTS)
    }

    fn without(&self) -> Option<&'static str> {
        Some("the tests run, but Chinese text is boxes in their pictures")
    }
}
