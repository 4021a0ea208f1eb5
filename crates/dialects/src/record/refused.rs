//! Records that were not taken: counted and named.

use serde_json::{Value, json};

use super::reason::Reason;

/// Most reasons that are kept; the count goes on.
const MAX_REASONS: usize = 20;
/// Most characters of a reason in one language.
const MAX_REASON: usize = 160;

/// Records that were not taken.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Refused {
    pub count: usize,
    /// Each in both languages, as [`Reason`] writes it.
    pub reasons: Vec<String>,
    /// How many of them were not read at all, because the list goes on: as many as are known of, one at least.
    pub unread: usize,
    /// How many of those its server counts and gives to nobody who asks like us: it ended the list itself.
    pub withheld: usize,
    /// The list came in pages, and in no order that holds between them: records may be missing or be there twice.
    pub is_unordered: bool,
}

impl Refused {
    /// Counts one more.
    pub fn add(&mut self, reason: &str) {
        self.count = self.count.saturating_add(1);
        if self.reasons.len() < MAX_REASONS {
            self.reasons.push(Reason::read(reason).cut(MAX_REASON).to_string());
        }
    }

    /// Counts what was not read at all: as many as are known of, one at least.
    pub fn cut(&mut self, unread: u64, reason: &str) {
        let unread = usize::try_from(unread).unwrap_or(usize::MAX).max(1);
        self.unread = self.unread.saturating_add(unread);
        self.count = self.count.saturating_add(unread);
        // Why there is less than there should be is what matters most.
        self.reasons.insert(0, reason.to_owned());
        self.reasons.truncate(MAX_REASONS);
    }

    /// Counts what the server counts and does not give, though it was asked to the end.
    pub fn withhold(&mut self, missing: u64, reason: &str) {
        let before = self.unread;
        self.cut(missing, reason);
        self.withheld = self.withheld.saturating_add(self.unread.saturating_sub(before));
    }

    /// Returns what is said of a part that stands for the whole, with why there is no more.
    pub fn because(&self, said: Reason) -> Reason {
        match self.reasons.first().map(|why| Reason::read(why)) {
            Some(Reason { zh, en }) => Reason::new(format!("{}：{zh}", said.zh), format!("{}: {en}", said.en)),
            None => said,
        }
    }

    /// Adds those of another list.
    pub fn join(&mut self, other: Self) {
        self.count = self.count.saturating_add(other.count);
        self.unread = self.unread.saturating_add(other.unread);
        self.withheld = self.withheld.saturating_add(other.withheld);
        self.is_unordered |= other.is_unordered;
        self.reasons.extend(other.reasons);
        self.reasons.truncate(MAX_REASONS);
    }

    pub fn json(&self) -> Value {
        json!({"count": self.count, "reasons": self.reasons, "is_cut": self.unread > 0, "unread": self.unread,
            "withheld": self.withheld, "is_unordered": self.is_unordered})
    }
}
