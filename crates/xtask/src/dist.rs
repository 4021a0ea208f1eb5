//! What Trunk leaves to do after an entry is built: the entries of residents, no inline script, one style sheet, nothing in scripts and
//! style sheets that only people read, compressed copies.
//!
//! Trunk calls this as its `post_build` hook, so that `trunk build`, `trunk serve` and `cargo xtask build` give the same files.

use std::cmp::Reverse;
use std::env;
use std::fs;
use std::io::Write;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Context, Result, bail};
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};
use walkdir::WalkDir;

use crate::{html, imports, minify, shell::sh};

/// Finishes what Trunk has put into its staging folder.
pub fn after_trunk() -> Result<()> {
    let staging = env::var_os("TRUNK_STAGING_DIR").context("this is called by Trunk, see Trunk.toml")?;
    let staging = PathBuf::from(staging);
    let release = env::var("TRUNK_PROFILE").is_ok_and(|profile| profile == "release");
    // In this order: Trunk empties the folder that it builds into.
    for (config, base) in RESIDENTS {
        build_entry(config, &folder_of(&staging, base), release)?;
    }
    let residents = RESIDENTS.map(|(_, base)| base);
    if release {
        // Leaflet's script is minified by its makers, its style sheet is not.
        let plain = ["heat-worker.js", "dialects-worker.js", "standin.js", "watchdog.js", "vendor/leaflet/leaflet.css"];
        for name in plain {
            minify::file(&staging.join(name))?;
        }
    }
    finish_worker(&staging, "heat-worker", &["/"], release)?;
    finish_worker(&staging, "dialects-worker", &["/", residents[0], residents[1]], release)?;
    for base in ["/"].into_iter().chain(residents) {
        finish_entry(&folder_of(&staging, base), base, release)?;
    }
    if release {
        compress_all(&staging)?;
    }
    Ok(())
}

/// The entries of residents beside the desk's: what Trunk is told, and where each stands.
const RESIDENTS: [(&str, &str); 2] =
    [("src/bin/portal/Trunk.toml", "/report/"), ("src/bin/report/Trunk.toml", "/report/new/")];

fn folder_of(staging: &Path, base: &str) -> PathBuf {
    staging.join(base.trim_matches('/'))
}

/// Gives a worker's files names that change with what is in them, as Trunk does for an entry's own, and tells the pages that may start it:
/// a page that is open while a new release comes keeps the worker that it knows, and a cache never mixes two releases.
fn finish_worker(folder: &Path, worker: &str, pages: &[&str], release: bool) -> Result<()> {
    let built = folder.join(format!("{worker}_bg.wasm"));
    let wasm = fs::read(&built).with_context(|| format!("Trunk has built no {worker}"))?;
    let glue = fs::read_to_string(folder.join(format!("{worker}.js")))?;
    let (wasm, glue) = if release { imports::shorten(&wasm, &glue)? } else { (wasm, glue) };
    let wasm_name = format!("{worker}-{}_bg.wasm", hash(&wasm));
    // Thrown outside of its promise, a failure reaches the page.
    let start =
        format!("wasm_bindgen({{ module_or_path: '/{wasm_name}' }}).catch((e) => setTimeout(() => {{ throw e; }}));");
    let script = format!("{}\n{start}\n", glue.trim());
    let script_name = write_hashed(folder, worker, "js", &script)?;
    fs::write(folder.join(wasm_name), wasm)?;
    fs::remove_file(built)?;
    for left in [".js", "_loader.js"] {
        fs::remove_file(folder.join(format!("{worker}{left}")))?;
    }
    let meta = format!("<meta name=\"{worker}\" content=\"/{script_name}\">\n</head>");
    for base in pages {
        let file = folder_of(folder, base).join("index.html");
        let page = fs::read_to_string(&file)?;
        fs::write(&file, page.replacen("</head>", &meta, 1))?;
    }
    Ok(())
}

/// Builds another entry: one Trunk run makes one document.
fn build_entry(config: &str, into: &Path, release: bool) -> Result<()> {
    let into = into.to_string_lossy();
    let mut args = vec!["build", "--config", config, "--dist", &into];
    if release {
        args.push("--release");
    }
    sh("trunk", args).run()
}

fn finish_entry(folder: &Path, base: &str, release: bool) -> Result<()> {
    let file = folder.join("index.html");
    let text = fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    let mut page = html::without_comments(&text);
    page = without_preload_integrity(&page);
    if release {
        page = imports::of_page(&page, folder, base)?;
        page = minify::module(&page, folder, base)?;
        page = join_styles(&page, folder, base)?;
    }
    page = move_scripts(&page, folder, base)?;
    fs::write(&file, tidy(&page))?;
    Ok(())
}

/// Drops `integrity` from what is preloaded by `fetch`: browsers ignore it there and warn on the console at every start.
fn without_preload_integrity(page: &str) -> String {
    let mut kept = page.to_owned();
    for link in html::links(page).iter().filter(|link| link.attribute("as").as_deref() == Some("fetch")) {
        let integrity = link.attribute("integrity").unwrap_or_default();
        let plain = link.whole.replace(&format!(" integrity=\"{integrity}\""), "");
        kept = kept.replacen(link.whole, &plain, 1);
    }
    kept
}

/// Moves each inline script into a file: a strict Content-Security-Policy runs none that stands in the page.
fn move_scripts(page: &str, folder: &Path, base: &str) -> Result<String> {
    let mut moved = page.to_owned();
    for script in html::scripts(page) {
        if script.attribute("src").is_some() || script.body.trim().is_empty() {
            continue;
        }
        let name = write_hashed(folder, "boot", "js", script.body.trim())?;
        let tag = script.tag.trim_end_matches('>');
        let instead = format!("{tag} src=\"{base}{name}\"></script>");
        moved = moved.replacen(script.whole, &instead, 1);
    }
    Ok(moved)
}

/// Joins the entry's own style sheets in their order: one request instead of one per component.
fn join_styles(page: &str, folder: &Path, base: &str) -> Result<String> {
    let mut joined = String::new();
    let mut kept = page.to_owned();
    let mut last = None;
    for link in html::links(page) {
        let Some(file) = own_style(&link, folder, base) else {
            continue;
        };
        joined += &fs::read_to_string(&file)?;
        joined.push('\n');
        fs::remove_file(&file)?;
        if let Some(earlier) = last.replace(link.whole) {
            kept = kept.replacen(earlier, "", 1);
        }
    }
    let Some(last) = last else { return Ok(kept) };
    let file = folder.join("style.css");
    fs::write(&file, joined)?;
    minify::file(&file)?;
    let name = write_hashed(folder, "style", "css", &fs::read_to_string(&file)?)?;
    fs::remove_file(file)?;
    let instead = format!("<link rel=\"stylesheet\" href=\"{base}{name}\">");
    Ok(kept.replacen(last, &instead, 1))
}

/// Returns the file of a style sheet that Trunk has put beside the page; others (Leaflet's) stay files of their own.
fn own_style(link: &html::Element<'_>, folder: &Path, base: &str) -> Option<PathBuf> {
    if link.attribute("rel").as_deref() != Some("stylesheet") {
        return None;
    }
    let href = link.attribute("href")?;
    let name = href.strip_prefix(base)?;
    (!name.contains('/')).then(|| folder.join(name))
}

fn write_hashed(folder: &Path, stem: &str, kind: &str, text: &str) -> Result<String> {
    let name = format!("{stem}-{}.{kind}", hash(text.as_bytes()));
    fs::write(folder.join(&name), text)?;
    Ok(name)
}

/// Names what is in a file.
pub fn hash(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let hash = digest.iter().take(8).fold(0_u64, |hash, byte| (hash << 8) | u64::from(*byte));
    format!("{hash:016x}")
}

/// Drops the blank lines that the moved elements leave.
fn tidy(page: &str) -> String {
    let lines = page.lines().map(str::trim_end).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

/// Puts a `.br` and a `.gz` beside each file that gets smaller by them: the largest first, on all cores.
fn compress_all(folder: &Path) -> Result<()> {
    let files = WalkDir::new(folder).into_iter().filter_map(Result::ok).map(walkdir::DirEntry::into_path);
    let mut files: Vec<PathBuf> = files.filter(|file| compressible(file)).collect();
    files.sort_by_key(|file| Reverse(fs::metadata(file).map_or(0, |about| about.len())));
    let next = AtomicUsize::new(0);
    let work = || -> Result<()> {
        while let Some(file) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
            compress(file)?;
        }
        Ok(())
    };
    thread::scope(|scope| {
        let cores = thread::available_parallelism().map_or(1, NonZero::get);
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().unwrap_or_else(|_| bail!("a compressor panicked")))
    })
}

fn compress(file: &Path) -> Result<()> {
    let bytes = fs::read(file)?;
    write_if_smaller(file, "br", &brotli(&bytes)?, bytes.len())?;
    write_if_smaller(file, "gz", &gzip(&bytes)?, bytes.len())
}

fn compressible(path: &Path) -> bool {
    const KINDS: [&str; 10] = ["html", "css", "js", "mjs", "wasm", "svg", "json", "webmanifest", "txt", "geojson"];
    let kind = path.extension().and_then(|kind| kind.to_str());
    // A city writes its own over it: a packed copy of ours would be served on.
    let is_settings = path.file_name().is_some_and(|name| name == "config.json");
    path.is_file() && !is_settings && kind.is_some_and(|kind| KINDS.contains(&kind))
}

fn write_if_smaller(path: &Path, kind: &str, packed: &[u8], raw: usize) -> Result<()> {
    if packed.len() < raw {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".{kind}"));
        fs::write(name, packed)?;
    }
    Ok(())
}

/// Compresses with the best brotli setting.
pub fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut packed = vec![];
    let mut writer = brotli::CompressorWriter::new(&mut packed, 1 << 16, 11, 22);
    writer.write_all(bytes)?;
    writer.flush()?;
    drop(writer);
    Ok(packed)
}

/// Compresses with the best gzip setting.
pub fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut writer = GzEncoder::new(vec![], Compression::best());
    writer.write_all(bytes)?;
    Ok(writer.finish()?)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn scratch(name: &str) -> PathBuf {
        let folder = env::temp_dir().join(format!("fengtu-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        folder
    }

    #[test]
    fn an_inline_script_becomes_a_file_and_keeps_its_kind() {
        let folder = scratch("scripts");
        let page = "<script type=\"module\">go();</script><script src=\"/a.js\"></script>";
        let moved = move_scripts(page, &folder, "/report/").unwrap();
        let scripts = html::scripts(&moved);
        assert!(scripts.iter().all(|script| script.body.is_empty()), "{moved}");
        let source = scripts.first().unwrap().attribute("src").unwrap();
        let name = source.strip_prefix("/report/").unwrap();
        assert_eq!(fs::read_to_string(folder.join(name)).unwrap(), "go();");
        assert_eq!(scripts.first().unwrap().attribute("type").as_deref(), Some("module"));
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn integrity_stays_where_browsers_check_it() {
        let module = "<link rel=\"modulepreload\" href=\"/a.js\" integrity=\"sha384-a\">";
        let page = format!("{module}<link rel=\"preload\" href=\"/a.wasm\" integrity=\"sha384-b\" as=\"fetch\">");
        let kept = without_preload_integrity(&page);
        assert_eq!(kept, format!("{module}<link rel=\"preload\" href=\"/a.wasm\" as=\"fetch\">"));
    }

    #[test]
    fn style_sheets_are_joined_in_their_order_and_others_stay() {
        let folder = scratch("styles");
        fs::write(folder.join("a.css"), "a { top: 0 }").unwrap();
        fs::write(folder.join("b.css"), "b { top: 1px }").unwrap();
        let page = "<link rel=\"stylesheet\" href=\"/vendor/x.css\"><link rel=\"stylesheet\" href=\"/a.css\"><link rel=\"stylesheet\" href=\"/b.css\">";
        let joined = join_styles(page, &folder, "/").unwrap();
        let hrefs: Vec<_> = html::links(&joined).iter().filter_map(|l| l.attribute("href")).collect();
        assert_eq!(hrefs.len(), 2, "{joined}");
        assert_eq!(hrefs.first().unwrap(), "/vendor/x.css");
        let name = hrefs.last().unwrap().trim_start_matches('/');
        assert_eq!(fs::read_to_string(folder.join(name)).unwrap().trim(), "a{top:0}b{top:1px}");
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn what_an_installation_writes_over_has_no_packed_copy() {
        let folder = env::temp_dir().join(format!("fengtu-dist-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        for name in ["config.json", "other.json"] {
            fs::write(folder.join(name), "a".repeat(500)).unwrap();
        }
        compress_all(&folder).unwrap();
        assert!(folder.join("other.json.br").exists() && !folder.join("config.json.br").exists());
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn compression_can_be_undone() {
        let text = "光明区".repeat(500);
        let mut back = vec![];
        let packed = brotli(text.as_bytes()).unwrap();
        brotli::BrotliDecompress(&mut packed.as_slice(), &mut back).unwrap();
        assert_eq!(back, text.as_bytes());
        assert!(gzip(text.as_bytes()).unwrap().len() < text.len());
    }
}
