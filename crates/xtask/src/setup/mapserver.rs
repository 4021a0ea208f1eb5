//! `MapServer`, a server of WFS and OGC API Features that nobody here wrote, from the system's packages.

use std::path::{Path, PathBuf};

use super::package::Package;
use crate::place;

/// `MapServer` as a CGI program.
pub const MAPSERVER: Package = Package {
    name: "MapServer",
    debian: "cgi-mapserver",
    why: "tests against a foreign server of WFS and OGC API Features",
    without: Some("the browser tests on MapServer are skipped"),
    find: program,
};

/// Finds the program.
pub fn program() -> Option<PathBuf> {
    let debian = Path::new("/usr/lib/cgi-bin/mapserv");
    if debian.is_file() { Some(debian.to_path_buf()) } else { place::which("mapserv") }
}
