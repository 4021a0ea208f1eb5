//! What came of one question: the answer of our contract, and every foreign answer behind it.

use std::collections::BTreeMap;

use fengtu_dialects::{Answer, Call, Outcome};
use fengtu_wire::text::LocalText;
use serde_json::Value;

/// What came of one question.
#[derive(Debug, Clone, Default)]
pub(super) struct Told {
    /// The answer of our contract.
    pub answer: Answer,
    /// The calls to foreign servers, and what came of each.
    pub raw: Vec<(Call, Outcome)>,
}

impl Told {
    /// Reads the answer.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.answer.body).unwrap_or_default()
    }

    /// Returns the rows of a list.
    pub fn rows(&self) -> Vec<Value> {
        let body = self.json();
        let list = body.get("items").or_else(|| body.get("features"));
        list.and_then(Value::as_array).cloned().unwrap_or_default()
    }

    /// Returns how many records were not understood, and why.
    pub fn refused(&self) -> (usize, Vec<LocalText>) {
        let body = self.json();
        let count = body.pointer("/refused/count").and_then(Value::as_u64).unwrap_or_default();
        let reasons = body.pointer("/refused/reasons").and_then(Value::as_array).cloned().unwrap_or_default();
        (count as usize, reasons.iter().filter_map(Value::as_str).map(LocalText::apart).collect())
    }

    /// Returns how many of them were not read at all, and how many of those the server counts and gives to nobody.
    pub fn unread(&self) -> (usize, usize) {
        let body = self.json();
        let number = |at: &str| body.pointer(at).and_then(Value::as_u64).unwrap_or_default() as usize;
        (number("/refused/unread"), number("/refused/withheld"))
    }

    /// Returns the filters that were applied here.
    pub fn applied_here(&self) -> Vec<String> {
        let body = self.json();
        let names = body.get("applied_here").and_then(Value::as_array).cloned().unwrap_or_default();
        names.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// Says what went wrong, with the last address that was asked.
    pub fn detail(&self) -> LocalText {
        let body = self.json();
        let words = ["detail", "title"].iter().filter_map(|name| body.get(*name).and_then(Value::as_str));
        let words: Vec<LocalText> = words.map(LocalText::apart).collect();
        let asked = self.raw.last().map(|(call, outcome)| match outcome {
            Outcome::Answered(answer) => format!("{} {} → HTTP {}", call.method.name(), call.url, answer.status),
            Outcome::Failed(failure) => format!("{} {} → {failure:?}", call.method.name(), call.url),
        });
        let said = |words: Vec<&str>| {
            format!("HTTP {} {} ({})", self.answer.status, words.join(" · "), asked.as_deref().unwrap_or_default())
        };
        LocalText {
            zh: said(words.iter().map(|words| words.zh.as_str()).collect()),
            en: said(words.iter().map(|words| words.en.as_str()).collect()),
        }
    }
}

/// Reasons without the number of the record, each with how often it came.
pub(super) fn grouped(reasons: &[LocalText]) -> Vec<LocalText> {
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for LocalText { zh, en } in reasons {
        *counts.entry((unnumbered(en), unnumbered(zh))).or_default() += 1;
    }
    let counts = counts.into_iter();
    counts
        .map(|((en, zh), count)| LocalText { zh: format!("{zh} (×{count})"), en: format!("{en} (×{count})") })
        .collect()
}

fn unnumbered(reason: &str) -> &str {
    reason.split_once(": ").filter(|(head, _)| head.starts_with('#')).map_or(reason, |(_, rest)| rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_grouped_in_each_language() {
        let body = br##"{"refused": {"count": 3, "reasons": ["#0: state: \u6ca1\u6709 \u2016 #0: state: none", "one", "#7: state: \u6ca1\u6709 \u2016 #7: state: none"]}}"##;
        let told = Told { answer: Answer { status: 200, body: body.to_vec(), ..Answer::default() }, raw: Vec::new() };
        let (count, reasons) = told.refused();
        let both = LocalText::new("state: 没有 (×2)", "state: none (×2)");
        assert_eq!((count, grouped(&reasons)), (3, vec![LocalText::new("one (×1)", "one (×1)"), both]));
    }
}
