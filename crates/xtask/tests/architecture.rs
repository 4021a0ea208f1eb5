//! Holds the arrows between modules that cargo cannot hold, and the rules that a reader relies on everywhere.
//!
//! Each test reads the tree and reports every violation at once, as `file:line: what`.
#![allow(clippy::panic, reason = "a test fails by panicking")]

#[path = "architecture/locales.rs"]
mod locales;
#[path = "architecture/tree.rs"]
mod tree;

use tree::{Source, hold, sources};

/// Words that may stand in some folders only.
fn only_in(word: &str, allowed: &[&str]) {
    let all = sources("src", "rs");
    let outside = all.iter().filter(|file| !file.is_in(allowed));
    hold(
        outside
            .flat_map(|file| file.code_with(&format!("`{word}` belongs to {allowed:?}"), |line| has_word(line, word))),
    );
}

/// Finds a word that is not a part of a longer one.
fn has_word(line: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let (before, rest) = line.split_at(at);
        let after = rest.split_at(word.len()).1;
        !before.ends_with(part) && !after.starts_with(part)
    })
}

#[test]
fn leaflet_is_named_by_the_map_alone() {
    only_in("leaflet", &["src/map"]);
}

#[test]
fn gloo_net_is_named_by_the_clients_alone() {
    only_in("gloo_net", &["src/api"]);
}

#[test]
fn web_sys_is_named_by_the_browser_crate_and_the_map_alone() {
    only_in("web_sys", &["src/map"]);
}

#[test]
fn the_faces_never_name_one_another() {
    let faces = ["desk", "wall", "portal"];
    for face in faces {
        let own = sources(&format!("src/{face}"), "rs");
        for other in faces.iter().filter(|other| **other != face) {
            let path = format!("crate::{other}");
            hold(
                own.iter()
                    .flat_map(|file| file.code_with(&format!("{face} names {other}"), |line| has_word(line, &path))),
            );
        }
    }
}

/// An export is a root: it would put the desk's code into the portal.
#[test]
fn the_library_exports_nothing_to_javascript() {
    let library = sources("src", "rs").into_iter().filter(|file| !file.is_in(&["src/main.rs", "src/bin"]));
    let all: Vec<Source> = library.chain(sources("crates/browser", "rs")).collect();
    hold(all.iter().flat_map(Source::exports));
}

#[test]
fn hex_colours_stand_in_the_tokens_alone() {
    let mut all = sources("style", "css");
    all.retain(|file| file.name != "style/tokens.css");
    all.extend(sources("src", "rs"));
    hold(all.iter().flat_map(|file| file.code_with("a colour outside style/tokens.css", has_hex_colour)));
}

/// Finds `#` and 3, 4, 6 or 8 hexadecimal digits where a colour can stand: an anchor or an id selector is none.
fn has_hex_colour(line: &str) -> bool {
    line.match_indices('#').any(|(at, _)| {
        let rest = line.split_at(at + 1).1;
        let digits = rest.chars().take_while(char::is_ascii_hexdigit).count();
        let after = rest.chars().nth(digits);
        let ends = after.is_none_or(|c| !c.is_alphanumeric() && c != '-' && c != '_' && c != '{');
        matches!(digits, 3 | 4 | 6 | 8) && ends && !line.trim_start().starts_with('#')
    })
}

#[test]
fn every_module_says_what_it_is() {
    let mut all = sources("src", "rs");
    all.extend(sources("crates", "rs"));
    all.extend(sources("end2end", "rs"));
    let silent = all.iter().filter(|file| !file.text.starts_with("//!"));
    hold(silent.map(|file| format!("{}:1: a module opens with `//!`", file.name)));
}

/// The strict policy lets neither work, or lets neither be safe.
#[test]
fn views_set_no_style_text_and_no_html_text() {
    let all = sources("src", "rs");
    let bad = |line: &str| line.contains("style=\"") || line.contains("style={") || line.contains("inner_html=");
    hold(all.iter().flat_map(|file| file.code_with("only `class:` and `style:property=`; never `inner_html=`", bad)));
}

#[test]
fn nothing_comes_from_a_foreign_origin() {
    let mut all = sources("src", "rs");
    all.extend(sources("src", "html"));
    all.extend(sources("style", "css"));
    all.extend(sources("public", ""));
    all.extend(tree::one("index.html"));
    let foreign = |line: &str| {
        // Names of XML's kinds, which nobody fetches, and ourselves.
        let names = ["http://www.w3.org/", "https://www.w3.org/", "http://schemas.openxmlformats.org/"];
        let allowed = [&names[..], &["http://127.0.0.1", "http://localhost"]].concat();
        let urls = line.match_indices("http").filter(|(at, _)| {
            let rest = line.split_at(*at).1;
            // A scheme alone, as a parser of addresses names it, leads nowhere.
            let host = rest.strip_prefix("http://").or_else(|| rest.strip_prefix("https://"));
            host.is_some_and(|host| host.starts_with(|c: char| c.is_ascii_alphanumeric()))
        });
        let mut starts = urls.map(|(at, _)| line.split_at(at).1);
        starts.any(|url| !allowed.iter().any(|start| url.starts_with(start)) && !url.contains("example"))
    };
    hold(all.iter().flat_map(|file| file.code_with("a URL of a foreign origin", foreign)));
}

#[test]
fn client_and_server_never_name_one_another() {
    let server = sources("crates/server", "rs");
    let client = sources("src", "rs");
    let names_client = |line: &str| has_word(line, "fengtu::") || line.contains("../../src");
    hold(server.iter().flat_map(|file| file.code_with("the server names the client", names_client)));
    hold(
        client
            .iter()
            .flat_map(|file| file.code_with("the client names the server", |line| line.contains("fengtu_server"))),
    );
}

#[test]
fn every_style_sheet_is_linked() {
    let pages = ["index.html", "src/bin/portal/index.html", "src/bin/report/index.html"].map(tree::one).concat();
    let sheets = sources("style", "css");
    let unlinked =
        sheets.iter().filter(|sheet| !pages.iter().any(|page| page.text.contains(&format!("{}\"", sheet.name))));
    hold(unlinked.map(|sheet| format!("{}:1: no document links it", sheet.name)));
}

#[test]
fn both_languages_have_the_same_words() {
    hold(locales::differences());
}

#[test]
fn the_licences_are_there() {
    let needed = ["LICENSE-MIT", "LICENSE-APACHE"];
    let missing = needed.iter().filter(|name| tree::one(name).iter().all(|file| file.text.trim().is_empty()));
    hold(missing.map(|name| format!("{name}:1: it is missing or empty")));
}

#[test]
fn no_file_holds_both_sides_of_a_merge() {
    let folders = ["src", "crates", "end2end", "docs", "style", "locales", "public"];
    let all = folders.into_iter().flat_map(|folder| sources(folder, ""));
    let top = ["README.md", "Cargo.toml", "Trunk.toml", "index.html"].into_iter().flat_map(tree::one);
    hold(all.chain(top).flat_map(|file| file.code_with("a merge was left half done", is_merge_mark)));
}

/// The line above the one side, and the line below the other.
fn is_merge_mark(line: &str) -> bool {
    ["<<<<<<< ", ">>>>>>> "].iter().any(|mark| line.starts_with(mark))
}

#[test]
fn files_stay_short_and_folders_shallow() {
    let mut all = sources("src", "rs");
    all.extend(sources("crates", "rs"));
    let long = all.iter().filter(|file| file.lines().count() > 400);
    hold(long.map(|file| format!("{}:401: {} lines, 400 at most", file.name, file.lines().count())));
    let deep = sources("src", "rs").into_iter().filter(|file| file.name.matches('/').count() > 4);
    hold(deep.map(|file| format!("{}:1: folders are four deep at most", file.name)));
}

/// The rules themselves are tested too: one that finds nothing holds nothing.
#[test]
fn the_rules_find_what_they_look_for() {
    assert!(has_word("use leaflet::Map;", "leaflet") && !has_word("fn leaflet_like()", "leaflet"));
    assert!(has_hex_colour("  color: #0E7C86;") && has_hex_colour("fill=\"#fff\""));
    assert!(!has_hex_colour("href=\"#section\"") && !has_hex_colour("let text = r#\"abc\"#;"));
    let file = |text: &str| Source { name: "src/a.rs".to_owned(), text: text.to_owned() };
    assert_eq!(file("#[wasm_bindgen]\npub fn go() {}").exports().len(), 1);
    assert_eq!(file("#[wasm_bindgen]\nextern \"C\" {\n#[wasm_bindgen(js_name = a)]\nfn a();\n}").exports().len(), 0);
    assert_eq!(file("// bad\nbad").code_with("", |line| line.contains("bad")), ["src/a.rs:2: : bad"]);
    assert!(is_merge_mark("<<<<<<< HEAD") && !is_merge_mark("let a = \"<<<<<<< \";"));
    assert!(file("").is_in(&["src"]) && !file("").is_in(&["sr"]));
}
