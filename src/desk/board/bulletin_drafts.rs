//! What was typed into bulletins: kept for each kind, place and period while the page is open, whatever rebuilds the sheet.

use std::collections::HashMap;

use chrono::NaiveDate;
use fengtu_wire::ids::PlaceId;

use super::prose::Kind;

/// A document: its kind, its place, and its first day.
pub type Document = (Kind, Option<PlaceId>, NaiveDate);

/// What was typed.
#[derive(Debug, Clone, Default)]
pub struct Drafts(HashMap<(Document, &'static str), String>);

impl Drafts {
    /// Keeps the text of a part.
    pub fn keep(&mut self, document: &Document, part: &'static str, text: String) {
        self.0.insert((document.clone(), part), text);
    }

    /// Returns what was typed into a part, else what was made.
    pub fn text(&self, document: &Document, part: &'static str, made: String) -> String {
        self.0.get(&(document.clone(), part)).cloned().unwrap_or(made)
    }

    /// Whether nothing was typed: nothing would be lost.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn what_was_typed_stays_with_its_document_and_part() {
        let day = |d| NaiveDate::from_ymd_opt(2026, 3, d).unwrap();
        let (week, month) = ((Kind::Week, Some("d".into()), day(2)), (Kind::Month, Some("d".into()), day(1)));
        let elsewhere = (Kind::Week, Some("d-1".into()), day(2));
        let mut drafts = Drafts::default();
        assert!(drafts.is_empty());
        drafts.keep(&week, "para", "mine".to_owned());
        let text = |document, part| drafts.text(document, part, "made".to_owned());
        assert_eq!(text(&week, "para"), "mine");
        assert_eq!([text(&month, "para"), text(&elsewhere, "para"), text(&week, "title")], ["made"; 3]);
        assert!(!drafts.is_empty());
    }
}
