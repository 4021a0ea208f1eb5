//! `MapServer`, a server of WFS and OGC API Features that nobody here wrote, from the system's packages.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::{Tool, apt};
use crate::place;

/// `MapServer` as a CGI program.
pub struct MapServer;

const PACKAGES: &[&str] = &["cgi-mapserver"];

/// Finds the program.
pub fn program() -> Option<PathBuf> {
    let debian = Path::new("/usr/lib/cgi-bin/mapserv");
    if debian.is_file() { Some(debian.to_path_buf()) } else { place::which("mapserv") }
}

impl Tool for MapServer {
    fn name(&self) -> String {
        "MapServer".to_owned()
    }

    fn why(&self) -> &'static str {
        "tests against a foreign server of WFS and OGC API Features"
    }

    fn found(&self) -> Option<String> {
        program().map(|path| path.display().to_string())
    }

    fn install(&self) -> Result<()> {
        apt::install(PACKAGES)
    }

    fn by_hand(&self) -> String {
        apt::by_hand(PACKAGES)
    }

    fn without(&self) -> Option<&'static str> {
        Some("the browser tests on MapServer are skipped")
    }
}
