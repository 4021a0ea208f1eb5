//! Why something was not taken or did not come, in both languages.

use core::fmt;

use fengtu_wire::text::{BETWEEN, LocalText};
use serde::{Serialize, Serializer};

/// The mark of it, which nothing else in a reason has.
const MARK: char = '‖';

/// Why something was not taken or did not come, in both languages; as one text the Chinese comes first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reason {
    pub zh: String,
    pub en: String,
}

impl Reason {
    pub fn new(zh: impl AsRef<str>, en: impl AsRef<str>) -> Self {
        Self { zh: clean(zh.as_ref()), en: clean(en.as_ref()) }
    }

    /// Reads one text; where it has but one language, that stands for both.
    pub fn read(text: &str) -> Self {
        let LocalText { zh, en } = LocalText::apart(text);
        Self::new(zh, en)
    }

    /// Says before it what it is about: a field, a record.
    pub fn about(&self, what: &str) -> Self {
        Self::new(format!("{what}: {}", self.zh), format!("{what}: {}", self.en))
    }

    /// Returns so many characters of each language at most.
    pub fn cut(&self, most: usize) -> Self {
        self.each(|text| text.chars().take(most).collect())
    }

    /// Changes each language by itself.
    pub fn each(&self, change: impl Fn(&str) -> String) -> Self {
        Self::new(change(&self.zh), change(&self.en))
    }
}

/// Words that are the same in both languages: a server's own, a name.
impl<T: AsRef<str>> From<T> for Reason {
    fn from(words: T) -> Self {
        Self::new(&words, &words)
    }
}

/// What comes out of a record must not look like the mark, nor like anything but text.
fn clean(text: &str) -> String {
    text.chars().filter(|c| *c != MARK).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.zh == self.en { f.write_str(&self.zh) } else { write!(f, "{}{BETWEEN}{}", self.zh, self.en) }
    }
}

impl Serialize for Reason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_come_back_out_of_one_text() {
        let reason = Reason::new("没有", "none").about("state").about("#3");
        assert_eq!(reason.to_string(), "#3: state: 没有 ‖ #3: state: none");
        assert_eq!(Reason::read(&reason.to_string()), reason);
        assert_eq!(Reason::read("one"), Reason::new("one", "one"));
        assert_eq!(Reason::read("one").to_string(), "one");
    }

    #[test]
    fn what_stands_in_a_record_moves_no_mark() {
        let reason = Reason::new("重复", "twice").about("A ‖ \u{1f}B");
        assert_eq!(Reason::read(&reason.to_string()), reason);
        assert!(reason.zh.ends_with("B: 重复") && reason.en.ends_with("B: twice"), "{reason}");
    }

    #[test]
    fn each_language_is_cut_by_itself() {
        let cut = Reason::new("一二三四", "one two").cut(3);
        assert_eq!((cut.zh.as_str(), cut.en.as_str()), ("一二三", "one"));
    }
}
