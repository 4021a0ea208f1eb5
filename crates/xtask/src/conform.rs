//! `cargo xtask conform`: builds the conformance kit and passes the options on to it.

use anyhow::Result;

use crate::place;
use crate::shell::sh;

/// Runs the kit; ends with its exit code where something was found.
pub fn run(args: &[String]) -> Result<()> {
    sh("cargo", ["build", "--quiet", "--package", "fengtu-conform"]).run()?;
    let program = place::target().join("debug/fengtu-conform").display().to_string();
    let here = std::env::current_dir()?;
    sh(&program, args.iter().map(String::as_str)).dir(here).run()
}
