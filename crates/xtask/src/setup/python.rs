//! Python packages in an environment of their own, exactly as a list of versions says.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;

use super::apt;
use crate::place;
use crate::shell::sh;

const PACKAGES: &[&str] = &["python3", "python3-venv"];

/// One environment.
pub struct Environment {
    /// Where it is.
    pub folder: PathBuf,
    /// The list of versions, below the root of the repository.
    pub list: &'static str,
    /// The program that it is for.
    pub program: &'static str,
}

impl Environment {
    /// Returns the program.
    pub fn program(&self) -> PathBuf {
        self.folder.join("bin").join(self.program)
    }

    fn requirements(&self) -> PathBuf {
        place::root().join(self.list)
    }

    /// A copy of the list that was installed from.
    fn stamp(&self) -> PathBuf {
        self.folder.join(".installed-requirements.txt")
    }

    /// Returns whether it is as the list says.
    pub fn found(&self) -> Option<String> {
        let wanted = fs::read(self.requirements()).ok()?;
        let installed = fs::read(self.stamp()).ok()?;
        (wanted == installed && self.program().is_file()).then(|| "as pinned".to_owned())
    }

    /// Makes it anew.
    pub fn install(&self) -> Result<()> {
        let place = self.folder.to_string_lossy().into_owned();
        let environment = || sh("python3", ["-m", "venv", "--clear", place.as_str()]).run();
        // Debian's Python has the module without what it unpacks.
        if environment().is_err() {
            apt::install(PACKAGES)?;
            environment()?;
        }
        let python = self.folder.join("bin/python").to_string_lossy().into_owned();
        let list = self.requirements().to_string_lossy().into_owned();
        let quiet = ["--quiet", "--disable-pip-version-check", "--no-deps"];
        let args = [&["-m", "pip", "install"][..], &quiet, &["--requirement", list.as_str()]].concat();
        sh(&python, args).run()?;
        fs::copy(self.requirements(), self.stamp())?;
        Ok(())
    }

    /// Names the command that would help.
    pub fn by_hand() -> String {
        apt::by_hand(PACKAGES)
    }
}
