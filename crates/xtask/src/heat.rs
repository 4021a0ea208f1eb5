//! The heat engine as a wasm module by itself, with vector instructions and without, and as the worker that the client ships.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use wasmparser::{FunctionBody, Parser, Payload, ValType};

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

/// Returns where the worker's module is in the client that was built.
pub fn shipped() -> Result<PathBuf> {
    let mut files = fs::read_dir(place::dist())?.filter_map(Result::ok).map(|entry| entry.path());
    let is_worker = |name: &str| name.starts_with("heat-worker-") && name.ends_with("_bg.wasm");
    let found = files.find(|file| file.file_name().and_then(|name| name.to_str()).is_some_and(is_worker));
    found.context("the client has no heat worker: build it first with `cargo xtask build`")
}

/// Makes sure that everything of the client but the worker does without vector instructions: a browser that has none draws slower,
/// and has all the rest.
pub fn expect_no_vectors_elsewhere() -> Result<()> {
    for folder in [place::dist(), place::dist().join("report"), place::dist().join("report/new")] {
        for file in fs::read_dir(folder)?.filter_map(Result::ok).map(|entry| entry.path()) {
            let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if name.ends_with("_bg.wasm") && !name.starts_with("heat-worker-") {
                expect_vectors(&file, false)?;
            }
        }
    }
    Ok(())
}

/// Makes sure that a module has vector instructions, or that it has none: it draws the same either way, and nobody would notice.
pub fn expect_vectors(module: &Path, wanted: bool) -> Result<()> {
    let with = vector_functions(&fs::read(module)?).with_context(|| format!("{} is no module", module.display()))?;
    ensure!((with > 0) == wanted, "{}: {with} functions compute with vectors", module.display());
    println!("  {}: {with} functions compute with vectors", module.display());
    Ok(())
}

fn build(more: &[&'static str]) -> Shell {
    let what = ["--package", "fengtu-heat", "--example", "redraw", "--target", "wasm32-unknown-unknown"];
    sh("cargo", ["build", "--profile", "worker"].into_iter().chain(what).chain(more.iter().copied()))
        .envs(target::environment())
}

fn module(target: &Path) -> PathBuf {
    target.join("wasm32-unknown-unknown/worker/examples/redraw.wasm")
}

/// Counts the functions of a module that keep vectors in their locals, as every loop over vectors does.
fn vector_functions(wasm: &[u8]) -> Result<usize> {
    Parser::new(0).parse_all(wasm).try_fold(0, |count, part| match part? {
        Payload::CodeSectionEntry(body) => Ok(count + usize::from(has_vectors(&body)?)),
        _ => Ok(count),
    })
}

fn has_vectors(body: &FunctionBody<'_>) -> Result<bool> {
    let locals = body.get_locals_reader()?.into_iter().collect::<Result<Vec<_>, _>>()?;
    Ok(locals.iter().any(|(_, kind)| *kind == ValType::V128))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Makes a module of one function that has one local.
    fn with_local(kind: u8) -> Vec<u8> {
        let types = [1, 4, 1, 0x60, 0, 0];
        let functions = [3, 2, 1, 0];
        let code = [10, 6, 1, 4, 1, 1, kind, 0x0b];
        [&b"\0asm\x01\0\0\0"[..], &types, &functions, &code].concat()
    }

    #[test]
    fn functions_with_vectors_are_counted_and_others_are_not() {
        assert_eq!(vector_functions(&with_local(0x7b)).ok(), Some(1));
        assert_eq!(vector_functions(&with_local(0x7f)).ok(), Some(0));
        assert!(vector_functions(b"<!doctype html>").is_err());
    }
}
