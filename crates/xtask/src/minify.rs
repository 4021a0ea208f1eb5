//! Scripts and style sheets without what only people read.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha384};

use crate::{dist, html, shell::sh};

/// The oldest browsers that we serve: what they run is not rewritten.
const TARGET: &str = "--target=chrome108,firefox115,safari16.4";

/// Minifies a script or a style sheet where it stands.
pub fn file(path: &Path) -> Result<()> {
    let path = path.to_string_lossy();
    let out = format!("--outfile={path}");
    sh("esbuild", ["--minify", "--charset=utf8", TARGET, "--allow-overwrite", "--log-level=warning", &out, &path]).run()
}

/// Minifies the module that a page loads, which then has another name, as it has other bytes; returns the page that names it so.
pub fn module(page: &str, folder: &Path, base: &str) -> Result<String> {
    let links = html::links(page);
    let link = links.iter().find(|link| link.attribute("rel").as_deref() == Some("modulepreload"));
    let href = link.and_then(|link| link.attribute("href")).context("the page preloads no module")?;
    let name = href.strip_prefix(base).with_context(|| format!("{href} is not under {base}"))?;
    file(&folder.join(name))?;
    let bytes = fs::read(folder.join(name))?;
    let stem = name.rsplit_once('-').map_or(name, |(stem, _)| stem);
    let renamed = format!("{stem}-{}.js", dist::hash(&bytes));
    fs::rename(folder.join(name), folder.join(&renamed))?;
    let known = link.and_then(|link| link.attribute("integrity")).unwrap_or_default();
    let page = page.replace(name, &renamed);
    Ok(if known.is_empty() { page } else { page.replace(&known, &integrity(&bytes)) })
}

/// What a browser compares a script with (W3C Subresource Integrity).
fn integrity(bytes: &[u8]) -> String {
    format!("sha384-{}", STANDARD.encode(Sha384::digest(bytes)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn a_module_gets_a_name_and_an_integrity_of_what_it_has_become() {
        let folder = std::env::temp_dir().join(format!("fengtu-minify-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("app-0a1b.js"), "// a word\nexport const answer = '光明';\n").unwrap();
        let script = "<script type=\"module\">import '/report/app-0a1b.js'; '/report/app-0a1b_bg.wasm'</script>";
        let link = "<link rel=\"modulepreload\" href=\"/report/app-0a1b.js\" integrity=\"sha384-old\">";
        let page = module(&format!("{script}{link}"), &folder, "/report/").unwrap();
        let href = html::links(&page).first().unwrap().attribute("href").unwrap();
        let name = href.strip_prefix("/report/").unwrap();
        let text = fs::read_to_string(folder.join(name)).unwrap();
        assert!(!folder.join("app-0a1b.js").exists() && name != "app-0a1b.js");
        assert!(page.contains(&format!("import '{href}'")) && page.contains("/report/app-0a1b_bg.wasm"), "{page}");
        assert!(page.contains(&integrity(text.as_bytes())), "{page}");
        assert!(!text.contains("a word") && text.contains("光明") && text.contains("answer"), "{text}");
        fs::remove_dir_all(folder).unwrap();
    }
}
