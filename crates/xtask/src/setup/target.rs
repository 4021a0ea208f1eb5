//! The standard library for `wasm32-unknown-unknown`: from rustup, or else from Debian's own compiler.
//!
//! Debian ships no library for the target, but the compiler and its source; the library is then built once from that source.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::{Tool, apt};
use crate::{place, shell::sh};

/// The wasm target.
pub struct Wasm;

const TRIPLE: &str = "wasm32-unknown-unknown";
const DEBIAN: &[&str] = &["rustc-web", "cargo-web", "rust-web-src"];
const DEBIAN_LIB: &str = "/usr/lib/rustlib/wasm32-unknown-unknown/lib";
const DEBIAN_TOOLCHAIN: &str = "debian-web";

impl Tool for Wasm {
    fn name(&self) -> String {
        format!("Rust target {TRIPLE}")
    }

    fn why(&self) -> &'static str {
        "compiling the client to WebAssembly"
    }

    fn found(&self) -> Option<String> {
        if own() {
            return Some("rustup".to_owned());
        }
        debian().then(|| format!("Debian's compiler, as toolchain {DEBIAN_TOOLCHAIN}"))
    }

    fn install(&self) -> Result<()> {
        let ordinary = sh("rustup", ["target", "add", TRIPLE]).run();
        let Err(error) = ordinary else { return Ok(()) };
        println!("    rustup could not: {error:#}; trying Debian's compiler (about 2 minutes)");
        from_debian()
    }

    fn by_hand(&self) -> String {
        format!("rustup target add {TRIPLE}")
    }
}

/// Returns the environment that makes cargo and Trunk use the compiler that has the target.
pub fn environment() -> Vec<(String, String)> {
    if own() || !debian() {
        return vec![];
    }
    vec![("RUSTUP_TOOLCHAIN".to_owned(), DEBIAN_TOOLCHAIN.to_owned())]
}

fn own() -> bool {
    let args = ["--print", "target-libdir", "--target", TRIPLE];
    sh("rustc", args).capture().is_some_and(|lib| has_core(Path::new(&lib)))
}

fn debian() -> bool {
    has_core(Path::new(DEBIAN_LIB)) && Path::new("/usr/bin/cargo").exists()
}

fn has_core(lib: &Path) -> bool {
    fs::read_dir(lib)
        .is_ok_and(|files| files.flatten().any(|file| file.file_name().to_string_lossy().starts_with("libcore-")))
}

fn from_debian() -> Result<()> {
    let lld = newest_lld();
    apt::install(&[DEBIAN, &[lld.as_str()]].concat())?;
    let built = build_std()?;
    apt::as_root(&["mkdir", "-p", DEBIAN_LIB])?;
    for rlib in rlibs(&built)? {
        apt::as_root(&["cp", &rlib.to_string_lossy(), DEBIAN_LIB])?;
    }
    link_lld(&lld)?;
    sh("rustup", ["toolchain", "link", DEBIAN_TOOLCHAIN, "/usr"]).run()
}

/// Finds the newest linker that Debian has: its number is that of the LLVM that rustc-web was built with.
fn newest_lld() -> String {
    let listed = sh("apt-cache", ["search", "--names-only", "^lld-[0-9]+$"]).capture();
    let number = |line: &str| line.split([' ', '-']).nth(1)?.parse::<u32>().ok();
    let newest = listed.unwrap_or_default().lines().filter_map(number).max();
    format!("lld-{}", newest.unwrap_or(22))
}

/// Builds the standard library from an empty crate; `embed-bitcode` because a later LTO needs it.
fn build_std() -> Result<PathBuf> {
    let folder = place::target().join("xtask/std");
    fs::create_dir_all(folder.join("src"))?;
    fs::write(folder.join("src/lib.rs"), "")?;
    let manifest = "[package]\nname = \"empty\"\nedition = \"2021\"\n[workspace]\n";
    fs::write(folder.join("Cargo.toml"), manifest)?;
    let std = "-Zbuild-std=std,panic_abort";
    sh("/usr/bin/cargo", ["build", "--release", std, "--target", TRIPLE])
        .dir(&folder)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTC", "/usr/bin/rustc")
        .env("RUSTFLAGS", "-Cembed-bitcode=yes")
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .run()?;
    Ok(folder.join(format!("target/{TRIPLE}/release/deps")))
}

fn rlibs(folder: &Path) -> Result<Vec<PathBuf>> {
    let files = fs::read_dir(folder).context("the built standard library")?;
    let is_std = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        path.extension().is_some_and(|kind| kind == "rlib") && !name.starts_with("libempty")
    };
    Ok(files.flatten().map(|file| file.path()).filter(is_std).collect())
}

/// Puts the linker where the compiler looks for the target's default one.
fn link_lld(lld: &str) -> Result<()> {
    let host = sh("/usr/bin/rustc", ["--print", "host-tuple"])
        .capture()
        .unwrap_or_else(|| "x86_64-unknown-linux-gnu".to_owned());
    let bin = format!("/usr/lib/rustlib/{host}/bin");
    apt::as_root(&["mkdir", "-p", &bin])?;
    let from = format!("/usr/bin/{lld}");
    apt::as_root(&["ln", "-sf", &from, &format!("{bin}/rust-lld")])
}
