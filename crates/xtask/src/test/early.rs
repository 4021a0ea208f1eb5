//! What is begun before its turn, beside steps that leave a part of the machine idle.

use std::fs::{self, File};
use std::io;
use std::path::PathBuf;
use std::process::Child;

use anyhow::{Context, Result, ensure};

use crate::place;
use crate::shell::sh;

/// Work in a process of its own, whose output waits in a file for its turn.
pub struct Early {
    child: Child,
    output: PathBuf,
}

/// Begins to build the client. It writes to other folders of cargo's than lints and native tests do, so that neither waits for
/// the other; and both are over about when the first test looks at a clock.
pub fn client() -> Result<Early> {
    let output = place::target().join("client-build.log");
    let file = File::create(&output).with_context(|| format!("cannot write {}", output.display()))?;
    let ourselves = place::ourselves().display().to_string();
    let child = sh(&ourselves, ["build"]).into_file(file)?.spawn()?;
    Ok(Early { child, output })
}

impl Early {
    /// Waits for the end and shows what was printed.
    pub fn join(mut self) -> Result<()> {
        let status = self.child.wait()?;
        // Copied as bytes: a tool may print what is no text.
        io::copy(&mut File::open(&self.output)?, &mut io::stdout())?;
        ensure!(status.success(), "what was begun early ended with {status}");
        let _ = fs::remove_file(&self.output);
        Ok(())
    }
}

impl Drop for Early {
    /// Where a step before has failed, nobody waits any more. What the process has started itself ends by itself.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
