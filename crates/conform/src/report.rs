//! What was found: what works, what is missing, what is wrong, each with what its maker can do.

use core::fmt::Write as _;

use fengtu_wire::text::LocalText;

use crate::options::Language;

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// As it should be.
    Works,
    /// It is not there; the face that needs it is without it.
    Missing,
    /// It is there and misleads or fails.
    Wrong,
    /// Worth knowing; nothing is to be done.
    Note,
}

/// One thing that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How it ended.
    pub verdict: Verdict,
    /// A stable name of the check, such as `paging.next`.
    pub check: &'static str,
    /// What was asked, such as `GET /cases`.
    pub subject: String,
    /// What was found, and for what is wrong what to do.
    pub text: LocalText,
}

/// Everything that was found, in order.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// The findings.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Notes what was found.
    pub fn add(&mut self, verdict: Verdict, check: &'static str, subject: impl Into<String>, zh: &str, en: &str) {
        self.findings.push(Finding { verdict, check, subject: subject.into(), text: LocalText::new(zh, en) });
    }

    /// Notes that something is as it should be.
    pub fn works(&mut self, check: &'static str, subject: impl Into<String>, zh: &str, en: &str) {
        self.add(Verdict::Works, check, subject, zh, en);
    }

    /// Notes that something is not there.
    pub fn missing(&mut self, check: &'static str, subject: impl Into<String>, zh: &str, en: &str) {
        self.add(Verdict::Missing, check, subject, zh, en);
    }

    /// Notes that something is wrong.
    pub fn wrong(&mut self, check: &'static str, subject: impl Into<String>, zh: &str, en: &str) {
        self.add(Verdict::Wrong, check, subject, zh, en);
    }

    /// Notes what is worth knowing.
    pub fn note(&mut self, check: &'static str, subject: impl Into<String>, zh: &str, en: &str) {
        self.add(Verdict::Note, check, subject, zh, en);
    }

    /// Returns whether anything is wrong.
    pub fn is_wrong(&self) -> bool {
        self.findings.iter().any(|finding| finding.verdict == Verdict::Wrong)
    }

    /// Returns the findings of a verdict.
    pub fn of(&self, verdict: Verdict) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(move |finding| finding.verdict == verdict)
    }

    /// Writes the report for people: what is wrong last, where a terminal ends.
    pub fn print(&self, language: Language) -> String {
        let mut out = String::new();
        for (verdict, mark, zh, en) in [
            (Verdict::Works, '✓', "能用", "works"),
            (Verdict::Note, '·', "请留意", "to know"),
            (Verdict::Missing, '○', "没有", "missing"),
            (Verdict::Wrong, '✗', "有误", "wrong"),
        ] {
            let found: Vec<&Finding> = self.of(verdict).collect();
            if !found.is_empty() {
                let _ = writeln!(out, "\n{} ({})", both(language, zh, en), found.len());
            }
            for finding in found {
                print_one(&mut out, mark, finding, language);
            }
        }
        let count = |verdict| self.of(verdict).count();
        let (works, missing, wrong) = (count(Verdict::Works), count(Verdict::Missing), count(Verdict::Wrong));
        let zh = format!("{works} 项能用，{missing} 项没有，{wrong} 项有误");
        let en = format!("{works} work, {missing} missing, {wrong} wrong");
        let _ = writeln!(out, "\n{}", both(language, &zh, &en));
        out
    }
}

fn print_one(out: &mut String, mark: char, finding: &Finding, language: Language) {
    let _ = writeln!(out, "{mark} {}  [{}]", finding.subject, finding.check);
    if language != Language::En {
        let _ = writeln!(out, "    {}", finding.text.zh);
    }
    if language != Language::Zh {
        let _ = writeln!(out, "    {}", finding.text.en);
    }
}

fn both(language: Language, zh: &str, en: &str) -> String {
    match language {
        Language::Zh => zh.to_owned(),
        Language::En => en.to_owned(),
        Language::Both => format!("{zh} / {en}"),
    }
}
