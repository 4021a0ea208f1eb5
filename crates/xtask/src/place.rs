//! Where things are: the repository, cargo's home, and the PATH that every tool is started with.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

static OURSELVES: LazyLock<PathBuf> = LazyLock::new(|| env::current_exe().unwrap_or_default());

/// Returns this very program.
///
/// First called when it starts: a `cargo test` among the steps builds it anew, and from then on Linux names the one
/// that runs `xtask (deleted)`, while what stands at the old path is as good.
pub fn ourselves() -> &'static Path {
    &OURSELVES
}

/// Returns the root of the repository.
pub fn root() -> PathBuf {
    // Cargo says where it runs us from; the path at compile time serves when the binary is started by itself.
    let manifest = env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").to_owned());
    let manifest = Path::new(&manifest);
    manifest.ancestors().nth(2).unwrap_or(manifest).to_path_buf()
}

/// Returns cargo's build folder.
pub fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// Returns the folder that holds the built client.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// Returns the folder whose `package.json` pins what the build takes from npm.
pub fn npm() -> PathBuf {
    root().join("crates/xtask/npm")
}

/// Returns the folder of the browser tests.
pub fn end2end() -> PathBuf {
    root().join("end2end")
}

/// Returns the folder that `cargo install` puts binaries into, which need not be on PATH.
pub fn cargo_bin() -> PathBuf {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let user = || env::home_dir().unwrap_or_else(|| PathBuf::from("/root"));
    home.unwrap_or_else(|| user().join(".cargo")).join("bin")
}

/// Returns PATH with the pinned npm tools and cargo's own binaries in front.
///
/// The system's administration folders are added because a user's PATH lacks them on Debian.
pub fn path() -> OsString {
    let mut all = vec![npm().join("node_modules/.bin"), cargo_bin()];
    all.extend(env::split_paths(&env::var_os("PATH").unwrap_or_default()));
    all.extend(["/usr/sbin", "/sbin"].map(PathBuf::from));
    env::join_paths(all).unwrap_or_default()
}

/// Finds a program on [`path`].
pub fn which(program: &str) -> Option<PathBuf> {
    env::split_paths(&path()).map(|folder| folder.join(program)).find(|file| file.is_file())
}
