//! What measuring takes beside the set-up: a load generator, a web server to compare with, and the peers' npm packages.
//!
//! The Debian packages are unpacked into the build folder: nothing is installed, no service is started.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::setup::{Tool, apt, npm};
use crate::{place, shell::sh};

/// Lists the tools.
pub fn all() -> Vec<Box<dyn Tool>> {
    vec![
        Box::new(Unpacked { program: "wrk", packages: &["wrk", "libluajit-5.1-2"], why: "requests per second" }),
        Box::new(Unpacked { program: "nginx", packages: &["nginx"], why: "a file server to compare with" }),
        Box::new(npm::Packages::bench()),
        Box::new(Bundle),
    ]
}

/// Returns the folder that holds all that benches leave behind.
pub fn folder() -> PathBuf {
    place::target().join("bench")
}

/// Finds a program: the system's, else the unpacked one.
pub fn program(name: &str) -> Option<PathBuf> {
    let unpacked = ["usr/bin", "usr/sbin"].map(|part| unpacked().join(part).join(name));
    place::which(name).or_else(|| unpacked.into_iter().find(|file| file.is_file()))
}

/// Returns where the libraries of the unpacked programs are, in the form of `LD_LIBRARY_PATH`.
pub fn libraries() -> String {
    let folders = fs::read_dir(unpacked().join("usr/lib")).into_iter().flatten().flatten();
    folders.map(|entry| entry.path().display().to_string()).collect::<Vec<_>>().join(":")
}

fn unpacked() -> PathBuf {
    folder().join("tools")
}

/// deck.gl's own bundle, without the hundreds of packages that a bundler would want beside it.
struct Bundle;

const DECK: &str = "deck.gl@9.4.0";
const DECK_SHA512: &str =
    "sha512-8q5R1CwUNZUYTZ41BC8l6avRvLIEzT9uceh0PHc6Me74dLlpBvYt92pFLpY25i0HFSg9cRiVuidTXFRpmuZbJg==";

impl Bundle {
    fn folder() -> PathBuf {
        folder().join("deck.gl")
    }
}

impl Tool for Bundle {
    fn name(&self) -> String {
        DECK.to_owned()
    }

    fn why(&self) -> &'static str {
        "a heat layer to compare with"
    }

    fn found(&self) -> Option<String> {
        Self::folder().join("package/dist.min.js").is_file().then(|| DECK.to_owned())
    }

    fn install(&self) -> Result<()> {
        let to = Self::folder();
        fs::create_dir_all(&to)?;
        let told = sh("npm", ["pack", DECK, "--json"]).dir(&to).capture().context("npm pack said nothing")?;
        let told: serde_json::Value = serde_json::from_str(&told)?;
        let text =
            |key: &str| told.pointer(&format!("/0/{key}")).and_then(serde_json::Value::as_str).unwrap_or_default();
        if text("integrity") != DECK_SHA512 {
            bail!("{DECK} is not what it was: {}", text("integrity"));
        }
        sh("tar", ["xzf", text("filename")]).dir(&to).run()
    }

    fn by_hand(&self) -> String {
        format!("cd {} && npm pack {DECK} && tar xzf deck.gl-*.tgz", Self::folder().display())
    }
}

/// A program of a Debian package.
struct Unpacked {
    program: &'static str,
    packages: &'static [&'static str],
    why: &'static str,
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
        // Both print their version and end with an error code or without one.
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
}

fn unpack(folder: &Path, package: &str) -> Result<()> {
    let files = fs::read_dir(folder)?.flatten().map(|entry| entry.path());
    let is_it = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(&format!("{package}_")) && path.extension().is_some_and(|kind| kind == "deb")
    };
    let file = files.filter(is_it).max().with_context(|| format!("apt-get left no file of {package}"))?;
    sh("dpkg-deb", ["-x", &file.to_string_lossy(), &unpacked().to_string_lossy()]).run()
}
