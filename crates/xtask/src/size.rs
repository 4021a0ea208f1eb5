//! `cargo xtask size`: what each entry weighs on the way to the browser; a ceiling that fails, and the figure to reach.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use walkdir::WalkDir;

use crate::{dist, html, place};

/// An entry and what its first page may weigh with brotli, in bytes.
struct Entry {
    name: &'static str,
    folder: &'static str,
    /// The figure that was promised.
    budget: usize,
    /// What it may weigh until the figure is reached: lowered with every cut, raised with what came since (wall, board, other backends).
    ceiling: usize,
}

const ENTRIES: [Entry; 3] = [
    Entry { name: "desk and wall", folder: "", budget: 450_000, ceiling: 1_058_000 },
    Entry { name: "portal", folder: "report", budget: 120_000, ceiling: 148_000 },
    Entry { name: "report", folder: "report/new", budget: 120_000, ceiling: 186_000 },
];

/// Builds nothing; prints the sizes, says which figure is not reached yet, and fails when an entry has grown past its ceiling.
pub fn run() -> Result<()> {
    print()?;
    let mut grown = vec![];
    for entry in &ENTRIES {
        let total = weigh(entry)?.iter().map(|file| file.brotli).sum::<usize>();
        if total > entry.budget {
            println!("NOT REACHED: {} is {total} bytes, promised are {}", entry.name, entry.budget);
        }
        if total > entry.ceiling {
            grown.push(format!("{} is {total} of {} bytes", entry.name, entry.ceiling));
        }
    }
    if grown.is_empty() {
        return Ok(());
    }
    bail!("grown past the ceiling: {}", grown.join("; "))
}

/// Prints the sizes.
pub fn print() -> Result<()> {
    for entry in &ENTRIES {
        let files = weigh(entry)?;
        println!("{:<44} {:>9} {:>9} {:>9}", entry.name, "raw", "gzip", "brotli");
        for file in &files {
            println!("  {:<42} {:>9} {:>9} {:>9}", file.name, file.raw, file.gzip, file.brotli);
        }
        let sum = |of: fn(&Weight) -> usize| files.iter().map(of).sum::<usize>();
        let (raw, gzip, brotli) = (sum(|f| f.raw), sum(|f| f.gzip), sum(|f| f.brotli));
        println!("  {:<42} {raw:>9} {gzip:>9} {brotli:>9} of {}", "in all", entry.budget);
    }
    print_on_demand()
}

struct Weight {
    name: String,
    raw: usize,
    gzip: usize,
    brotli: usize,
}

/// Weighs the document, all that it names, and all that those may load: workers' wasm, and fonts that the style sheets name.
fn weigh(entry: &Entry) -> Result<Vec<Weight>> {
    let folder = place::dist().join(entry.folder);
    let page = folder.join("index.html");
    let text = fs::read_to_string(&page)
        .with_context(|| format!("{}: build first with `cargo xtask build`", page.display()))?;
    let mut files = BTreeSet::from([page]);
    files.extend(named_in(&text));
    files.extend(beside(&folder));
    let styles: Vec<PathBuf> = files.iter().filter(|file| is(file, &["css"])).cloned().collect();
    for style in styles {
        files.extend(fonts_in(&fs::read_to_string(&style)?));
    }
    files.iter().map(|file| weight(file)).collect()
}

/// Lists the files that a document names and a browser fetches to show it.
fn named_in(page: &str) -> Vec<PathBuf> {
    let scripts = html::scripts(page).into_iter().filter_map(|s| s.attribute("src"));
    let links = html::links(page).into_iter().filter_map(|l| l.attribute("href"));
    let local = scripts.chain(links).map(|url| place::dist().join(url.trim_start_matches('/')));
    local.filter(|file| is(file, &["js", "css", "wasm", "woff2"]) && file.is_file()).collect()
}

/// Lists the scripts and wasm that lie beside the document, whether it names them or not.
fn beside(folder: &Path) -> Vec<PathBuf> {
    let files = WalkDir::new(folder).max_depth(1).into_iter().filter_map(Result::ok);
    let paths = files.map(walkdir::DirEntry::into_path);
    paths.filter(|file| is(file, &["js", "wasm"]) && !is_on_demand(file)).collect()
}

/// The worker of other dialects is fetched only where `config.json` names one; it is printed and not counted.
fn is_on_demand(file: &Path) -> bool {
    file.file_name().is_some_and(|name| name.to_string_lossy().starts_with("dialects-worker"))
}

fn print_on_demand() -> Result<()> {
    println!("{:<44} {:>9} {:>9} {:>9}", "only with backends of other dialects", "raw", "gzip", "brotli");
    let files = WalkDir::new(place::dist()).max_depth(1).into_iter().filter_map(Result::ok);
    let paths = files.map(walkdir::DirEntry::into_path);
    for file in paths.filter(|file| is(file, &["js", "wasm"]) && is_on_demand(file)) {
        let file = weight(&file)?;
        println!("  {:<42} {:>9} {:>9} {:>9}", file.name, file.raw, file.gzip, file.brotli);
    }
    Ok(())
}

fn fonts_in(style: &str) -> Vec<PathBuf> {
    let urls = style.split("url(").skip(1).filter_map(|rest| rest.split(')').next());
    let names = urls.map(|url| url.trim_matches(['"', '\'']).trim_start_matches('/'));
    let files = names.map(|name| place::dist().join(name));
    files.filter(|file| is(file, &["woff2"]) && file.is_file()).collect()
}

fn is(file: &Path, kinds: &[&str]) -> bool {
    let kind = file.extension().and_then(|kind| kind.to_str());
    kind.is_some_and(|kind| kinds.contains(&kind))
}

fn weight(file: &Path) -> Result<Weight> {
    let bytes = fs::read(file).with_context(|| file.display().to_string())?;
    let name = file.strip_prefix(place::dist()).unwrap_or(file);
    // A font is packed already: what travels is the file itself.
    let packed = |small: Vec<u8>| small.len().min(bytes.len());
    Ok(Weight {
        name: name.display().to_string(),
        raw: bytes.len(),
        gzip: packed(dist::gzip(&bytes)?),
        brotli: packed(copy_of(file).map_or_else(|| dist::brotli(&bytes), Ok)?),
    })
}

/// Returns the compressed copy that the build has put beside a file, which is quicker than to compress again.
fn copy_of(file: &Path) -> Option<Vec<u8>> {
    let mut name = file.as_os_str().to_owned();
    name.push(".br");
    fs::read(name).ok()
}
