//! Starts other programs: shown, captured, or shown and captured at once.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::place;

/// A program to start in the repository's root, with [`place::path`] as its PATH.
pub struct Shell {
    line: String,
    command: Command,
}

/// Prepares a program with its arguments.
pub fn sh<'a>(program: &str, args: impl IntoIterator<Item = &'a str>) -> Shell {
    let args: Vec<&str> = args.into_iter().collect();
    // Looked up here: `Command` would search the PATH of this process, not the one of the child.
    let found = place::which(program).unwrap_or_else(|| PathBuf::from(program));
    let mut command = Command::new(found);
    command.args(&args).current_dir(place::root()).env("PATH", place::path());
    Shell { line: format!("{program} {}", args.join(" ")), command }
}

impl Shell {
    /// Sets an environment variable.
    pub fn env(mut self, key: &str, value: impl AsRef<std::ffi::OsStr>) -> Self {
        self.command.env(key, value);
        self
    }

    /// Sets several environment variables.
    pub fn envs(mut self, all: impl IntoIterator<Item = (String, String)>) -> Self {
        self.command.envs(all);
        self
    }

    /// Sets the working folder.
    pub fn dir(mut self, folder: impl AsRef<std::path::Path>) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Runs with the terminal's own input and output; fails unless the program ends well.
    pub fn run(mut self) -> Result<()> {
        println!("  $ {}", self.line);
        let status = self.command.status().with_context(|| self.missing())?;
        if !status.success() {
            bail!("`{}` ended with {status}", self.line);
        }
        Ok(())
    }

    /// Runs silently and returns what the program printed, or `None` when it is missing or failed.
    pub fn capture(mut self) -> Option<String> {
        let output = self.command.stdin(Stdio::null()).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// Runs, shows standard output line by line, and hands each line to `seen`.
    pub fn watch(self, mut seen: impl FnMut(&str)) -> Result<()> {
        self.listen(|line| {
            println!("{line}");
            seen(line);
        })
    }

    /// Runs, and hands standard output line by line to `hear`, which shows what is worth it.
    pub fn listen(mut self, mut hear: impl FnMut(&str)) -> Result<()> {
        println!("  $ {}", self.line);
        let mut child = self.command.stdout(Stdio::piped()).spawn().with_context(|| self.missing())?;
        let output = child.stdout.take().context("no pipe")?;
        for line in BufReader::new(output).split(b'\n') {
            let line = String::from_utf8_lossy(&line?).into_owned();
            hear(&line);
        }
        let status = child.wait()?;
        if !status.success() {
            bail!("`{}` ended with {status}", self.line);
        }
        Ok(())
    }

    /// Sends what it prints, and its errors, into a file.
    pub fn into_file(mut self, file: File) -> Result<Self> {
        self.command.stderr(file.try_clone()?).stdout(file).stdin(Stdio::null());
        Ok(self)
    }

    /// Starts and returns at once.
    pub fn spawn(mut self) -> Result<Child> {
        println!("  $ {}", self.line);
        self.command.spawn().with_context(|| self.missing())
    }

    fn missing(&self) -> String {
        format!("cannot start `{}`", self.line)
    }
}
