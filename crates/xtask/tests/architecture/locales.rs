//! Compares the catalogues of the two languages.

use std::collections::BTreeMap;

use serde_json::Value;

use super::tree::{one, sources};

/// Reports keys that one language lacks, and empty texts.
pub fn differences() -> Vec<String> {
    let mut found = vec![];
    for file in sources("locales", "json") {
        let Some(words) = catalogue(&file.name) else {
            found.push(format!("{}:1: it cannot be read as JSON", file.name));
            continue;
        };
        found.extend(
            words
                .iter()
                .filter(|(_, text)| text.trim().is_empty())
                .map(|(key, _)| format!("{}:1: `{key}` is empty", file.name)),
        );
        found.extend(missing(&file.name, &words));
    }
    found
}

/// Reports the keys of a catalogue that its sibling in the other language lacks.
fn missing(name: &str, words: &BTreeMap<String, String>) -> Vec<String> {
    let other =
        if name.contains("/zh-CN/") { name.replace("/zh-CN/", "/en/") } else { name.replace("/en/", "/zh-CN/") };
    let theirs = catalogue(&other).unwrap_or_default();
    let lacking = words.keys().filter(|key| !theirs.contains_key(*key));
    lacking.map(|key| format!("{other}:1: `{key}` is missing")).collect()
}

fn catalogue(name: &str) -> Option<BTreeMap<String, String>> {
    let file = one(name).into_iter().next()?;
    let mut words = BTreeMap::new();
    flatten("", &serde_json::from_str(&file.text).ok()?, &mut words);
    Some(words)
}

/// Gathers the texts below a value under dotted keys.
fn flatten(prefix: &str, value: &Value, into: &mut BTreeMap<String, String>) {
    let Value::Object(members) = value else {
        into.insert(prefix.to_owned(), value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        return;
    };
    for (key, member) in members {
        // Plural forms differ between the languages: Chinese has one.
        let key = key.trim_end_matches("_one").trim_end_matches("_other");
        let path = if prefix.is_empty() { key.to_owned() } else { format!("{prefix}.{key}") };
        flatten(&path, member, into);
    }
}
