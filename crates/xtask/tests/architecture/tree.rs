//! Reads the repository's files.

use std::fs;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

/// A file and its text.
#[derive(Clone)]
pub struct Source {
    /// Its path from the root of the repository.
    pub name: String,
    /// What it holds.
    pub text: String,
}

impl Source {
    /// Tells whether it is one of the files or lies in one of the folders.
    pub fn is_in(&self, places: &[&str]) -> bool {
        places
            .iter()
            .any(|place| self.name.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
    }

    /// Lists its lines.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.text.lines()
    }

    /// Reports the lines that are not comments and that `bad` is true of.
    pub fn code_with(&self, what: &str, bad: impl Fn(&str) -> bool) -> Vec<String> {
        let comment = |line: &str| ["//", "/*", "* ", "<!--"].iter().any(|mark| line.trim_start().starts_with(mark));
        let lines = self.lines().enumerate().filter(|(_, line)| !comment(line) && bad(line));
        lines.map(|(index, line)| format!("{}:{}: {what}: {}", self.name, index + 1, line.trim())).collect()
    }

    /// Reports `#[wasm_bindgen]` before a Rust item; before `extern "C"` it imports, which is no root.
    pub fn exports(&self) -> Vec<String> {
        let lines: Vec<&str> = self.lines().map(str::trim).collect();
        // `#[wasm_bindgen_test]` is another word, and exports nothing that is shipped.
        let marks = |line: &str| line.starts_with("#[wasm_bindgen]") || line.starts_with("#[wasm_bindgen(");
        let marked = lines.iter().enumerate().filter(|(_, line)| marks(line));
        let exported = marked.filter(|(index, _)| {
            let after = lines.iter().skip(index + 1).find(|line| !line.starts_with("#[") && !line.starts_with("//"));
            after.is_some_and(|line| {
                !line.contains("extern \"C\"") && !line.starts_with("fn ") && !line.starts_with("type ")
            })
        });
        exported
            .map(|(index, line)| format!("{}:{}: an export is a root of both entries: {line}", self.name, index + 1))
            .collect()
    }
}

/// Fails with all violations at once.
pub fn hold(violations: impl IntoIterator<Item = String>) {
    let all: Vec<String> = violations.into_iter().collect();
    assert!(all.is_empty(), "{} violations:\n{}", all.len(), all.join("\n"));
}

/// Reads every text file of a kind (any kind when empty) below a folder; our own folders only.
pub fn sources(folder: &str, kind: &str) -> Vec<Source> {
    let skipped = |name: &str| name == "node_modules" || name == "target";
    let entries = WalkDir::new(root().join(folder)).sort_by_file_name().into_iter();
    let kept = entries.filter_entry(|entry| !skipped(&entry.file_name().to_string_lossy()));
    let files = kept.filter_map(Result::ok).filter(|entry| entry.file_type().is_file());
    let of_kind = files.filter(|entry| kind.is_empty() || entry.path().extension().is_some_and(|has| has == kind));
    of_kind.filter_map(|entry| read(entry.path())).collect()
}

/// Reads one file, if it is there.
pub fn one(name: &str) -> Vec<Source> {
    read(&root().join(name)).into_iter().collect()
}

/// Returns the root of the repository.
pub fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.ancestors().nth(2).unwrap_or(manifest).to_path_buf()
}

/// Reads a text file; a picture is none.
fn read(path: &Path) -> Option<Source> {
    let text = fs::read_to_string(path).ok()?;
    let name = path.strip_prefix(root()).ok()?;
    Some(Source { name: name.to_string_lossy().into_owned(), text })
}
