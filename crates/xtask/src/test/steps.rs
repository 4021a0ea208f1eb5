//! The steps, in the order of what fails soonest and cheapest.
//!
//! Few distinct compilations: lints and native tests share one, and the browser tests use the dev server. The client, which takes
//! another, is built beside the lints, as neither keeps both cores of a small machine busy by itself.

use std::fs;

use anyhow::{Context, Result, ensure};

use super::api;
use super::counts::{Counts, of_playwright};
use super::early::{self, Early};
use crate::setup::{chromium, mapserver, postgres, pygeoapi, target, unpacked};
use crate::shell::{Shell, sh};
use crate::{client, heat, place, size};

/// One step.
pub struct Step {
    /// What it is called in the output.
    pub name: &'static str,
    /// Runs it and adds the tests that it counted.
    pub run: fn(&mut Counts) -> Result<()>,
    /// Begins before the first step what takes long; it is over when the step runs.
    pub early: Option<fn() -> Result<Early>>,
}

fn step(name: &'static str, run: fn(&mut Counts) -> Result<()>) -> Step {
    Step { name, run, early: None }
}

const WASM: &str = "wasm32-unknown-unknown";

/// Lists the steps.
pub fn all() -> Vec<Step> {
    vec![
        step("format and types", format),
        step("lints and compile", compile),
        step("native and contract tests", native),
        step("API against its description", api::run),
        step("wasm lints and tests", wasm),
        step("heat with vectors and without", twins),
        Step { early: Some(early::client), ..step("build of the client", |_| client::build(false)) },
        step("vectors in the heat worker alone", vectors),
        step("size budget", |_| size::run()),
        step("browser tests", browser),
    ]
}

/// Playwright strips types and checks none.
fn format(_: &mut Counts) -> Result<()> {
    cargo(&["fmt", "--all", "--check"]).run()?;
    sh("node", ["node_modules/typescript/bin/tsc", "--noEmit"]).dir(place::end2end()).run()
}

/// Compiles the tests together with what the browser tests start; what is linted is compiled by it. The client without its tests
/// is compiled when it is built: once is enough.
fn compile(_: &mut Counts) -> Result<()> {
    linted(&["build", "--workspace", "--tests", "--bin", "fengtu-server", "--bin", "fengtu-conform"]).run()
}

fn native(counts: &mut Counts) -> Result<()> {
    let mut tests = linted(&["test", "--workspace", "--no-fail-fast"]);
    if let Some(folder) = postgres::binaries() {
        tests = tests.env("FENGTU_TEST_PG", folder);
    }
    tests.watch(|line| counts.read_line(line))?;
    some_ran(*counts)
}

/// A runner that ran nothing and says that all is well has not tested anything.
fn some_ran(counts: Counts) -> Result<()> {
    ensure!(counts.passed > 0, "no test ran");
    Ok(())
}

fn wasm(counts: &mut Counts) -> Result<()> {
    let driver = chromium::driver().context("no chromedriver")?;
    let other = target::environment();
    if !other.is_empty() {
        println!("  lints left out: Debian's compiler, which has the wasm target here, comes without clippy");
    }
    let of_ours = if other.is_empty() { linted } else { cargo };
    of_ours(&["test", "--package", "fengtu-browser", "--target", WASM, "--lib", "--no-fail-fast"])
        .envs(other)
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner")
        .env("CHROMEDRIVER", driver)
        .watch(|line| counts.read_line(line))
}

/// Builds the heat engine with vector instructions and without, and compares their pictures to the last bit.
fn twins(counts: &mut Counts) -> Result<()> {
    let modules = [heat::plain()?, heat::vectors()?];
    // Two of one kind would draw the same whatever the vectors do.
    for (module, has_vectors) in modules.iter().zip([false, true]) {
        heat::expect_vectors(module, has_vectors)?;
    }
    let modules = modules.map(|module| module.display().to_string());
    sh("node", ["crates/heat/tests/twin.mjs"].into_iter().chain(modules.iter().map(String::as_str)))
        .watch(|line| counts.read_line(line))?;
    some_ran(*counts)
}

/// A module with vectors is none to a browser without them: the page falls back to drawing itself, which it could not.
fn vectors(_: &mut Counts) -> Result<()> {
    heat::expect_vectors(&heat::shipped()?, true)?;
    heat::expect_no_vectors_elsewhere()
}

fn browser(counts: &mut Counts) -> Result<()> {
    let report = place::end2end().join("test-results/report.json");
    // A report of an earlier run must not be counted when this one writes none.
    let _ = fs::remove_file(&report);
    let ran = sh("node", ["node_modules/@playwright/test/cli.js", "test"])
        .dir(place::end2end())
        .env("FENGTU_SERVER", place::target().join("debug/fengtu-server"))
        // A machine that has just compiled everything is slow for a while; waiting longer costs nothing where all is well.
        .env("FENGTU_PATIENCE", std::env::var("FENGTU_PATIENCE").unwrap_or_else(|_| "2".to_owned()))
        .env("FENGTU_CHROMIUM", chromium::browser().context("no Chromium")?)
        .envs(chromium::headless_shell().map(|path| ("FENGTU_HEADLESS_SHELL".to_owned(), path.display().to_string())))
        .envs(foreign_servers())
        .run();
    if let Ok(text) = fs::read_to_string(&report) {
        counts.add(of_playwright(&text)?);
    }
    ran?;
    some_ran(*counts)
}

/// Where the foreign servers are; of those that are not, which `--lenient` alone lets pass, the tests are skipped.
fn foreign_servers() -> Vec<(String, String)> {
    let conform = Some(place::target().join("debug/fengtu-conform"));
    let pygeoapi = Some(pygeoapi::folder()).filter(|folder| folder.is_dir());
    let all = [
        ("FENGTU_CONFORM", conform),
        ("FENGTU_PYGEOAPI", pygeoapi),
        ("FENGTU_MAPSERV", mapserver::program()),
        ("FENGTU_NGINX", unpacked::program("nginx")),
        ("FENGTU_TEST_PG", postgres::binaries()),
    ];
    let known = all.into_iter().filter_map(|(name, path)| Some((name.to_owned(), path?.display().to_string())));
    known.collect()
}

/// Cargo with Clippy in the place of the compiler for our own crates, and its warnings as errors. Clippy is the compiler with
/// more lints, so one pass lints and compiles; `cargo clippy` would check every dependency once more for itself. Incremental
/// compilation makes the first build slower, and a new machine has no other.
fn linted(args: &[&str]) -> Shell {
    let flags = "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__";
    cargo(args).env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver").env("CLIPPY_ARGS", flags).env("CARGO_INCREMENTAL", "0")
}

fn cargo(args: &[&str]) -> Shell {
    sh("cargo", args.iter().copied())
}
