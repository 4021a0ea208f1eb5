//! The heat engine as a wasm module by itself, with vector instructions and without.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::place;
use crate::setup::target;
use crate::shell::{Shell, sh};

/// Builds the module without vector instructions and returns where it is.
pub fn plain() -> Result<PathBuf> {
    build(&[]).run()?;
    Ok(module(&place::target()))
}

/// Builds the module with vector instructions and returns where it is: a folder of its own, as both modules have one name.
pub fn vectors() -> Result<PathBuf> {
    let folder = place::target().join("vectors");
    build(&["--features", "simd"]).env("CARGO_TARGET_DIR", &folder).run()?;
    Ok(module(&folder))
}

fn build(more: &[&'static str]) -> Shell {
    let what = ["--package", "fengtu-heat", "--example", "redraw", "--target", "wasm32-unknown-unknown"];
    sh("cargo", ["build", "--profile", "worker"].into_iter().chain(what).chain(more.iter().copied()))
        .envs(target::environment())
}

fn module(target: &Path) -> PathBuf {
    target.join("wasm32-unknown-unknown/worker/examples/redraw.wasm")
}
