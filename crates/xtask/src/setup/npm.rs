//! The npm packages, exactly as their lock file says.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;

use super::Tool;
use crate::{place, shell::sh};

/// The packages of one folder.
pub struct Packages {
    folder: PathBuf,
    what: &'static str,
    why: &'static str,
}

impl Packages {
    /// What the build of the client takes.
    pub fn build() -> Self {
        Self { folder: place::npm(), what: "npm packages of the build", why: "Leaflet, the font, wasm-opt and esbuild" }
    }

    /// What the browser tests take.
    pub fn end2end() -> Self {
        Self {
            folder: place::end2end(),
            what: "npm packages of the browser tests",
            why: "Playwright and the accessibility audit",
        }
    }

    /// The foreign servers that the browser tests ask.
    pub fn servers() -> Self {
        Self {
            folder: place::end2end().join("servers"),
            what: "npm packages of the foreign servers",
            why: "Prism, json-server and the driver of PostgreSQL",
        }
    }

    /// What the benches compare with.
    pub fn bench() -> Self {
        Self {
            folder: place::end2end().join("bench"),
            what: "npm packages of the benches",
            why: "the peers to compare with",
        }
    }

    fn lock(&self) -> PathBuf {
        self.folder.join("package-lock.json")
    }

    /// A copy of the lock file that was installed from: npm's own record is in another form.
    fn stamp(&self) -> PathBuf {
        self.folder.join("node_modules/.installed-lock.json")
    }
}

impl Tool for Packages {
    fn name(&self) -> String {
        self.what.to_owned()
    }

    fn why(&self) -> &'static str {
        self.why
    }

    fn found(&self) -> Option<String> {
        let wanted = fs::read(self.lock()).ok()?;
        let installed = fs::read(self.stamp()).ok()?;
        (wanted == installed).then(|| "as locked".to_owned())
    }

    fn install(&self) -> Result<()> {
        // The browser is the system's: Playwright must not fetch its own.
        sh("npm", ["ci", "--no-audit", "--no-fund"])
            .dir(&self.folder)
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
            .run()?;
        fs::copy(self.lock(), self.stamp())?;
        Ok(())
    }

    fn by_hand(&self) -> String {
        format!("cd {} && npm ci", self.folder.display())
    }
}
