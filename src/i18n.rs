//! Words. Both languages come from `locales/`; the compiler checks every key and argument.
//!
//! Say `say!(common.close)` in a view; elsewhere `tr!(common.close)` or `tr!(common.minutes_ago, n = 3)`, which follows the
//! language inside a closure of a view. To add words, add the key to both files of one namespace; a key that one language
//! lacks fails the build.
//!
//! Only the lookup of `leptos_i18n` is used; its context would bring cookies and a second opinion on the language, which is in
//! the address (see docs/decisions).

#[allow(
    missing_docs,
    deprecated,
    clippy::all,
    clippy::pedantic,
    reason = "generated; the macro is only deprecated in favour of a build script"
)]
mod words {
    leptos_i18n::load_locales!();
}

pub use words::i18n;

use fengtu_wire::text::{self, LocalText};
use leptos::prelude::*;

pub use words::i18n::Locale;

use crate::routes::Lang;

#[allow(dead_code, reason = "read by the tests; elsewhere it is only here to be seen by the compiler")]
// The macro above cannot tell the compiler which files it read; this makes a changed word rebuild the crate.
const FILES: [&str; 12] = [
    include_str!("../locales/zh-CN/common.json"),
    include_str!("../locales/zh-CN/desk.json"),
    include_str!("../locales/zh-CN/board.json"),
    include_str!("../locales/zh-CN/wall.json"),
    include_str!("../locales/zh-CN/portal.json"),
    include_str!("../locales/zh-CN/report.json"),
    include_str!("../locales/en/common.json"),
    include_str!("../locales/en/desk.json"),
    include_str!("../locales/en/board.json"),
    include_str!("../locales/en/wall.json"),
    include_str!("../locales/en/portal.json"),
    include_str!("../locales/en/report.json"),
];

thread_local! {
    // One page has one language; a context would be lost in event handlers and in what they spawn.
    static CURRENT: ArcRwSignal<Locale> = ArcRwSignal::new(Locale::zh_CN);
}

/// Returns the language, and follows it inside a closure of a view.
pub fn locale() -> Locale {
    CURRENT.with(Get::get)
}

/// Changes the language of everything on the page.
pub fn set_locale(locale: Locale) {
    CURRENT.with(|current| {
        if current.get_untracked() != locale {
            current.set(locale);
        }
    });
}

/// Returns the locale of a language of the address.
pub const fn of_lang(lang: Lang) -> Locale {
    match lang {
        Lang::Zh => Locale::zh_CN,
        Lang::En => Locale::en,
    }
}

/// Picks the language for a device that prefers `languages`, most first.
pub fn preferred(languages: &[String]) -> Lang {
    let known = languages.iter().find_map(|l| match l.get(..2) {
        Some("zh") => Some(Lang::Zh),
        Some("en") => Some(Lang::En),
        _ => None,
    });
    known.unwrap_or(Lang::Zh)
}

/// Picks the text of the reader's language from what the backend serves in both.
pub fn local(text: &LocalText) -> String {
    match locale() {
        Locale::zh_CN => text.zh.clone(),
        Locale::en => text.en.clone(),
    }
}

/// Returns what a translator said in both languages as one text, in the reader's.
pub fn told(both: &str) -> &str {
    let (zh, en) = text::apart(both);
    match locale() {
        Locale::zh_CN => zh,
        Locale::en => en,
    }
}

/// Puts values into the places of a text: `{n}` becomes the value named `n`.
pub fn fill(text: &str, values: &[(&str, String)]) -> String {
    let mut filled = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, behind) = after.split_once('}').unwrap_or((after, ""));
        filled.push_str(before);
        filled.extend(values.iter().filter(|(known, _)| *known == name).map(|(_, value)| value.as_str()));
        rest = behind;
    }
    filled + rest
}

/// Looks a word up in the reader's language: `tr!(common.close)` is a `&'static str`,
/// `tr!(common.minutes_ago, n = 3)` a `String`.
#[macro_export]
macro_rules! tr {
    ($namespace:ident . $key:ident) => {{
        #[allow(unused_imports, reason = "the lookup needs the module of the generated keys in scope")]
        use $crate::i18n::i18n;
        leptos_i18n::td_string!($crate::i18n::locale(), $namespace.$key)
    }};
    ($namespace:ident . $key:ident, $($name:ident = $value:expr),+ $(,)?) => {
        $crate::i18n::fill($crate::tr!($namespace.$key), &[$((stringify!($name), ($value).to_string())),+])
    };
}

/// A word in a view that follows the language: `{say!(common.close)}`.
///
/// All of them have one type, so that a view compiles the following once, and not once for each word.
#[macro_export]
macro_rules! say {
    ($namespace:ident . $key:ident) => {{
        let word: fn() -> &'static str = || $crate::tr!($namespace.$key);
        word
    }};
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    type Words = BTreeMap<String, String>;

    fn places(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
    }

    #[test]
    fn what_travelled_in_both_languages_is_told_in_the_readers() {
        let both = "oa: 没有按时回答 ‖ oa: it did not answer in time";
        assert_eq!((told(both), told("oa: HTTP 502: no")), ("oa: 没有按时回答", "oa: HTTP 502: no"));
        set_locale(Locale::en);
        assert_eq!(told(both), "oa: it did not answer in time");
    }

    #[test]
    fn both_languages_have_the_same_keys_with_the_same_places() {
        let (zh, en) = FILES.split_at(6);
        for (zh, en) in zh.iter().zip(en) {
            let (zh, en): (Words, Words) = (serde_json::from_str(zh).unwrap(), serde_json::from_str(en).unwrap());
            assert_eq!(zh.keys().collect::<Vec<_>>(), en.keys().collect::<Vec<_>>());
            for (key, text) in &zh {
                assert_eq!(places(text), places(en.get(key).unwrap()), "{key}");
                assert!(!text.trim().is_empty() && !text.contains("{{"), "{key}");
            }
        }
    }

    #[test]
    fn words_follow_the_language_and_take_values() {
        assert_eq!(tr!(common.minutes_ago, n = 3), "3 分钟前");
        set_locale(Locale::en);
        assert_eq!((tr!(common.close), tr!(common.minutes_ago, n = 3).as_str()), ("Close", "3 min ago"));
    }

    #[test]
    fn a_device_that_prefers_neither_language_reads_chinese() {
        let of = |list: &[&str]| preferred(&list.iter().map(|l| (*l).to_owned()).collect::<Vec<_>>());
        assert_eq!(
            [of(&["fr-FR", "en-GB", "zh"]), of(&["zh-TW"]), of(&["x"]), of(&[])],
            [Lang::En, Lang::Zh, Lang::Zh, Lang::Zh]
        );
    }
}
