//! What measuring takes beside the set-up: a load generator, a web server to compare with, and the peers' npm packages.
//!
//! The Debian packages are unpacked into the build folder (`setup::unpacked`): nothing is installed, no service is started.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

pub use crate::setup::unpacked::{libraries, program};

use crate::setup::unpacked::{NGINX, Unpacked};
use crate::setup::{Tool, npm};
use crate::{place, shell::sh};

/// The load generator.
const WRK: Unpacked =
    Unpacked { program: "wrk", packages: &["wrk", "libluajit-5.1-2"], why: "requests per second", without: None };

/// Lists the tools.
pub fn all() -> Vec<Box<dyn Tool>> {
    vec![
        Box::new(WRK),
        Box::new(Unpacked { why: "a file server to compare with", without: None, ..NGINX }),
        Box::new(npm::Packages::bench()),
        Box::new(Bundle),
    ]
}

/// Returns the folder that holds all that benches leave behind.
pub fn folder() -> PathBuf {
    place::target().join("bench")
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
