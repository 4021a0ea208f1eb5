//! Short names for what a module of the client imports. wasm-bindgen's are long and end in the digits of a hash, which nothing compresses;
//! each stands in the module and in its script, and nobody reads it.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use wasmparser::{Import, Parser, Payload, SectionLimited};

use crate::{dist, html};

/// Shortens the names in the module that a page loads and in its script; the module, with other bytes, gets another name. Returns the page
/// that names it so.
pub fn of_page(page: &str, folder: &Path, base: &str) -> Result<String> {
    let file = |rel: &str, kind: &str| -> Result<String> {
        let named = html::links(page).into_iter().filter(|link| link.attribute("rel").as_deref() == Some(rel));
        let mut hrefs = named.filter_map(|link| link.attribute("href"));
        let href =
            hrefs.find(|href| href.ends_with(kind)).with_context(|| format!("the page has no {rel} of {kind}"))?;
        Ok(href.strip_prefix(base).with_context(|| format!("{href} is not under {base}"))?.to_owned())
    };
    let (script, module) = (folder.join(file("modulepreload", ".js")?), file("preload", "_bg.wasm")?);
    let (wasm, text) = shorten(&fs::read(folder.join(&module))?, &fs::read_to_string(&script)?)?;
    let stem = module.rsplit_once('-').map_or(module.as_str(), |(stem, _)| stem);
    let renamed = format!("{stem}-{}_bg.wasm", dist::hash(&wasm));
    fs::write(script, text)?;
    fs::remove_file(folder.join(&module))?;
    fs::write(folder.join(&renamed), wasm)?;
    Ok(page.replace(&module, &renamed))
}

/// Returns a module and its script with short names for all that the one imports from the other.
pub fn shorten(wasm: &[u8], script: &str) -> Result<(Vec<u8>, String)> {
    let mut out = wasm.get(..8).context("no module")?.to_vec();
    let mut text = script.to_owned();
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        let Some((id, range)) = payload.as_section() else { continue };
        let body = match payload {
            Payload::ImportSection(section) => renamed(wasm, section, &mut text)?,
            _ => wasm.get(range).context("a section beyond the end")?.to_vec(),
        };
        out.push(id);
        leb(body.len(), &mut out);
        out.extend(body);
    }
    Ok((out, text))
}

fn renamed(wasm: &[u8], section: SectionLimited<'_, wasmparser::Imports<'_>>, script: &mut String) -> Result<Vec<u8>> {
    let (count, end) = (section.count(), section.range().end);
    let imports: Vec<(usize, Import<'_>)> = section.into_imports_with_offsets().collect::<Result<_, _>>()?;
    ensure!(usize::try_from(count)? == imports.len(), "grouped imports are not known here");
    let ends = imports.iter().skip(1).map(|(offset, _)| *offset).chain([end]);
    let mut out = vec![];
    leb(imports.len(), &mut out);
    for (n, ((offset, import), end)) in imports.iter().zip(ends).enumerate() {
        let short = short(n);
        replace_key(script, import.name, &short)?;
        let from = offset + lengthed(import.module) + lengthed(import.name);
        for name in [import.module, &short] {
            leb(name.len(), &mut out);
            out.extend(name.as_bytes());
        }
        out.extend(wasm.get(from..end).context("an import beyond the end")?);
    }
    Ok(out)
}

/// Replaces the key of an object's member, which must be there once.
fn replace_key(script: &mut String, name: &str, short: &str) -> Result<()> {
    let before = |at: usize| script.get(..at).and_then(|text| text.chars().next_back());
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    let is_key = |at: &usize| {
        let after = script.get(at + name.len()..).unwrap_or_default().trim_start();
        after.starts_with(':') && !before(*at).is_some_and(is_part)
    };
    let found: Vec<usize> = script.match_indices(name).map(|(at, _)| at).filter(is_key).collect();
    let [at] = found[..] else { bail!("the script has {name} as a key {} times", found.len()) };
    script.replace_range(at..at + name.len(), short);
    Ok(())
}

/// Names by number: a … z, aa …
fn short(n: usize) -> String {
    let letter = char::from(b'a' + u8::try_from(n % 26).unwrap_or_default());
    if n < 26 { letter.to_string() } else { format!("{}{letter}", short(n / 26 - 1)) }
}

/// How many bytes a name takes with its length.
fn lengthed(name: &str) -> usize {
    let mut length = vec![];
    leb(name.len(), &mut length);
    length.len() + name.len()
}

/// Writes a number as LEB128, seven bits in a byte.
fn leb(mut number: usize, out: &mut Vec<u8>) {
    while number > 0x7f {
        out.push(u8::try_from(number & 0x7f).unwrap_or_default() | 0x80);
        number >>= 7;
    }
    out.push(u8::try_from(number).unwrap_or_default());
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    /// A module that imports `./m.js` `names`, each a function without anything, and has one function of its own.
    fn module(names: &[&str]) -> Vec<u8> {
        let mut wasm = b"\0asm\x01\0\0\0".to_vec();
        let mut section = |id: u8, body: Vec<u8>| {
            wasm.push(id);
            leb(body.len(), &mut wasm);
            wasm.extend(body);
        };
        section(1, vec![1, 0x60, 0, 0]);
        let mut imports = vec![];
        leb(names.len(), &mut imports);
        for name in names {
            for text in ["./m.js", name] {
                leb(text.len(), &mut imports);
                imports.extend(text.as_bytes());
            }
            imports.extend([0, 0]);
        }
        section(2, imports);
        section(3, vec![1, 0]);
        section(10, vec![1, 2, 0, 0x0b]);
        wasm
    }

    #[test]
    fn a_module_and_its_script_get_the_same_short_names() {
        let names: Vec<String> = (0..60).map(|n| format!("__wbg_get_{n}_{n:016x}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let members: Vec<String> = names.iter().map(|name| format!("{name}: function() {{}}")).collect();
        let script = format!("const imports = {{ __proto__: null, {} }}; wasm.__wbg_get_1_free();", members.join(", "));
        let (wasm, text) = shorten(&module(&names), &script).unwrap();
        assert!(
            text.contains(" a: function") && text.contains(" bh: function") && text.contains("wasm.__wbg_get_1_free()")
        );
        assert!(!text.contains("__wbg_get_2_") && wasm.len() < module(&names).len());
        let short: Vec<String> = (0..60).map(short).collect();
        let short: Vec<&str> = short.iter().map(String::as_str).collect();
        assert_eq!(wasm, module(&short), "all else is as it was");
    }

    #[test]
    fn a_script_that_does_not_fit_the_module_is_refused() {
        for script in ["", "{ __wbg_x: 1, __wbg_x: 2 }", "{ my__wbg_x: 1 }", "f(__wbg_x)"] {
            let error = shorten(&module(&["__wbg_x"]), script).unwrap_err();
            assert!(error.to_string().contains("__wbg_x"), "{script}: {error}");
        }
        assert!(shorten(b"nothing", "").is_err());
    }
}
