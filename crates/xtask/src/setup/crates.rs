//! Programs from crates.io, compiled quickly: they run for seconds, so that optimising them for minutes does not pay.

use crate::shell::{Shell, sh};

/// What takes the place of a program's own release profile (Trunk's: one unit with link-time optimisation, on one core).
const PROFILE: [(&str, &str); 4] = [
    ("CARGO_PROFILE_RELEASE_LTO", "off"),
    ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
    ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
    ("CARGO_PROFILE_RELEASE_DEBUG", "false"),
];

/// Prepares `cargo install` of a program (`name@version`) in the place of any other version of it.
pub fn install(program: &str, more: &[&str]) -> Shell {
    let args = ["install", program, "--force"].into_iter().chain(more.iter().copied());
    sh("cargo", args).envs(PROFILE.map(|(key, value)| (key.to_owned(), value.to_owned())))
}
