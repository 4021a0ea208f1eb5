//! The report as text for people, and whole as CSV or JSON.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::report::{Line, Reason, Report, Verdict};

/// Lines of each reason that the text shows; the file of `--report` has all.
const SHOWN: usize = 20;

/// Writes the summary, and the first lines of each reason.
pub fn text(out: &mut dyn Write, report: &Report) -> io::Result<()> {
    let Report { read, new, updated, unchanged, refused, repaired, ignored, .. } = report;
    writeln!(
        out,
        "  读取 read {read} · 新增 new {new} · 更新 updated {updated} · 未变 unchanged {unchanged} · \
         拒绝 refused {refused} · 修正 repaired {repaired} · 略过 ignored {ignored}"
    )?;
    if !report.unused_columns.is_empty() {
        writeln!(out, "  未使用的列 columns not used: {}", report.unused_columns.join(", "))?;
    }
    for ((verdict, reason), lines) in by_reason(report) {
        group(out, verdict, reason, &lines)?;
    }
    Ok(())
}

/// Writes every line as CSV, with the mark that spreadsheets need to read it as UTF-8.
pub fn csv(out: &mut dyn Write, report: &Report) -> anyhow::Result<()> {
    out.write_all("\u{feff}".as_bytes())?;
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(["row", "id", "field", "verdict", "reason", "found", "zh", "en"])?;
    for line in &report.lines {
        let (zh, en) = line.reason.words();
        let (row, id) = (line.row.to_string(), harmless(line.id.as_deref().unwrap_or_default()));
        let found = harmless(&line.found);
        csv.write_record([&row, &id, line.field, word(line.verdict).1, line.reason.code(), &found, zh, en])?;
    }
    Ok(csv.flush()?)
}

/// Writes counts and every line as JSON.
pub fn json(out: &mut dyn Write, report: &Report) -> anyhow::Result<()> {
    let words: BTreeMap<&str, (&str, &str)> =
        report.lines.iter().map(|line| (line.reason.code(), line.reason.words())).collect();
    let mut whole = serde_json::to_value(report)?;
    if let Some(whole) = whole.as_object_mut() {
        let text = |(zh, en)| serde_json::json!({ "zh": zh, "en": en });
        let words: serde_json::Map<_, _> =
            words.into_iter().map(|(code, both)| (code.to_owned(), text(both))).collect();
        whole.insert("reasons".to_owned(), words.into());
    }
    Ok(serde_json::to_writer_pretty(out, &whole)?)
}

fn by_reason(report: &Report) -> BTreeMap<(Verdict, Reason), Vec<&Line>> {
    let mut groups: BTreeMap<(Verdict, Reason), Vec<&Line>> = BTreeMap::new();
    for line in &report.lines {
        groups.entry((line.verdict, line.reason)).or_default().push(line);
    }
    groups
}

fn group(out: &mut dyn Write, verdict: Verdict, reason: Reason, lines: &[&Line]) -> io::Result<()> {
    let ((zh, en), (verdict_zh, verdict_en)) = (reason.words(), word(verdict));
    writeln!(out, "{verdict_zh} {verdict_en} [{}] {zh} / {en}: {}", reason.code(), lines.len())?;
    for line in lines.iter().take(SHOWN) {
        let id = line.id.as_deref().unwrap_or("—");
        writeln!(out, "    {:>8}  {}  {}  {}", line.row, plain(id), line.field, plain(&line.found))?;
    }
    if lines.len() > SHOWN {
        writeln!(out, "    … 另有 {0} 行 / {0} more", lines.len() - SHOWN)?;
    }
    Ok(())
}

const fn word(verdict: Verdict) -> (&'static str, &'static str) {
    match verdict {
        Verdict::Refused => ("拒绝", "refused"),
        Verdict::Repaired => ("修正", "repaired"),
        Verdict::Noted => ("提示", "noted"),
    }
}

// What stands in a file must not steer the terminal that shows it.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

// Nor be a formula where the report is opened as a table. A number may begin with a minus.
fn harmless(text: &str) -> String {
    let is_number = text.starts_with('-') && text.chars().nth(1).is_some_and(|c| c.is_ascii_digit());
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number { format!("'{text}") } else { text.to_owned() }
}
