//! Chromium with its driver, and fonts that have Chinese characters.

use std::path::PathBuf;

use anyhow::Result;

use super::{Tool, apt};
use crate::{place, shell::sh};

/// Chromium and chromedriver.
pub struct Chromium;

/// The same Chromium without its windows: pages open in it in half the time.
pub struct HeadlessShell;

/// Fonts with Chinese characters.
pub struct Fonts;

const BROWSER: &[&str] = &["chromium", "chromium-driver"];
const SHELL: &[&str] = &["chromium-headless-shell"];
const FONTS: &[&str] = &["fonts-noto-cjk"];

/// Finds the browser.
pub fn browser() -> Option<PathBuf> {
    ["chromium", "chromium-browser", "google-chrome"].iter().find_map(|name| place::which(name))
}

/// Finds the browser without windows.
pub fn headless_shell() -> Option<PathBuf> {
    place::which("chromium-headless-shell")
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

impl Tool for HeadlessShell {
    fn name(&self) -> String {
        "Chromium without windows".to_owned()
    }

    fn why(&self) -> &'static str {
        "browser tests in less time"
    }

    fn found(&self) -> Option<String> {
        headless_shell().map(|path| path.display().to_string())
    }

    fn install(&self) -> Result<()> {
        apt::install(SHELL)
    }

    fn by_hand(&self) -> String {
        apt::by_hand(SHELL)
    }

    fn without(&self) -> Option<&'static str> {
        Some("the browser tests run in the whole Chromium, and take longer")
    }

    fn saves_time_only(&self) -> bool {
        true
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
