//! Programs of Debian packages that are unpacked into the build folder: nothing is installed and no service is started, which
//! installing nginx would do, on port 80.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::{Tool, apt};
use crate::{place, shell::sh};

/// A program of a Debian package.
#[derive(Clone, Copy)]
pub struct Unpacked {
    /// The program's name.
    pub program: &'static str,
    /// The packages that it takes beside what every system has.
    pub packages: &'static [&'static str],
    /// What it is needed for.
    pub why: &'static str,
    /// What is lost without it.
    pub without: Option<&'static str>,
}

/// nginx, which the guide of the proxy has a file for.
pub const NGINX: Unpacked = Unpacked {
    program: "nginx",
    packages: &["nginx"],
    why: "tests of the guide's file for nginx",
    without: Some("the browser tests on nginx are skipped"),
};

/// Finds a program: the system's, else the unpacked one.
pub fn program(name: &str) -> Option<PathBuf> {
    place::which(name).or_else(|| within(&folder(), name))
}

/// Returns where the libraries of the unpacked programs are, in the form of `LD_LIBRARY_PATH`.
pub fn libraries() -> String {
    let folders = fs::read_dir(folder().join("usr/lib")).into_iter().flatten().flatten();
    folders.map(|entry| entry.path().display().to_string()).collect::<Vec<_>>().join(":")
}

fn folder() -> PathBuf {
    place::target().join("tools")
}

fn within(folder: &Path, name: &str) -> Option<PathBuf> {
    let parts = ["usr/bin", "usr/sbin"].map(|part| folder.join(part).join(name));
    parts.into_iter().find(|file| file.is_file())
}

impl Tool for Unpacked {
    fn name(&self) -> String {
        self.program.to_owned()
    }

    fn why(&self) -> &'static str {
        self.why
    }

    fn found(&self) -> Option<String> {
        let path = program(self.program)?;
        // They print their version and end with an error code or without one.
        let ran = std::process::Command::new(&path).arg("-v").env("LD_LIBRARY_PATH", libraries()).output().ok()?;
        let said = [ran.stdout, ran.stderr].concat();
        String::from_utf8_lossy(&said).lines().find(|line| line.contains(self.program)).map(str::to_owned)
    }

    fn install(&self) -> Result<()> {
        let to = folder().join("packages");
        fs::create_dir_all(&to)?;
        let download = || sh("apt-get", ["download", "-q"].into_iter().chain(self.packages.iter().copied())).dir(&to);
        if download().run().is_err() {
            // The lists may never have been fetched, or name a version that is gone.
            apt::as_root(&["apt-get", "update", "-q"])?;
            download().run()?;
        }
        self.packages.iter().try_for_each(|package| unpack(&to, package))
    }

    fn by_hand(&self) -> String {
        apt::by_hand(self.packages)
    }

    fn without(&self) -> Option<&'static str> {
        self.without
    }
}

fn unpack(packages: &Path, package: &str) -> Result<()> {
    let files = fs::read_dir(packages)?.flatten().map(|entry| entry.path());
    let newest = files.filter(|path| is_of(path, package)).max();
    let file = newest.with_context(|| format!("apt-get left no file of {package}"))?;
    sh("dpkg-deb", ["-x", &file.to_string_lossy(), &folder().to_string_lossy()]).run()
}

/// Whether a file is one of a package, and not of another whose name only begins so.
fn is_of(path: &Path, package: &str) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with(&format!("{package}_")) && path.extension().is_some_and(|kind| kind == "deb")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_its_own_file_alone() {
        let is = |file| is_of(Path::new(file), "nginx");
        assert!(is("/tmp/nginx_1.22.1-9_amd64.deb"));
        assert!(!is("/tmp/nginx-common_1.22.1-9_all.deb") && !is("/tmp/nginx_1.22.1-9_amd64.txt"));
    }
}
