//! Lawsuits by place and month: what is not a whole count of a known place and a month that is over is refused.

use std::path::Path;

use fengtu_server::dataset::LawsuitRow;
use fengtu_server::import::mapping::Kind;
use fengtu_server::import::report::Verdict;
use fengtu_server::import::{Context, Outcome};

use super::{assert_counts, district, fixture, read_fixture, said, try_read};

#[test]
fn every_fault_of_a_count_has_its_reason() {
    let outcome = read_fixture("lawsuits.csv", Kind::Lawsuits, "lawsuits.toml", &district());
    let report = &outcome.report;
    assert_counts(report);
    let said: Vec<(u64, &str)> = report.lines.iter().map(|line| (line.row, line.reason.code())).collect();
    let expected = [
        (7, "negative_number"),
        (8, "not_a_count"),
        (9, "nothing_to_take_out"),
        (10, "place_not_found"),
        (11, "no_number"),
        (12, "month_unreadable"),
        (13, "month_unreadable"),
        (14, "month_not_over"),
        (15, "duplicate_row"),
        (16, "duplicate_number"),
    ];
    assert_eq!(said, expected);
    assert_eq!((report.new, report.refused, report.unchanged), (5, 8, 2));
    assert!(report.lines.iter().all(|line| line.verdict == Verdict::Refused || [9, 15].contains(&line.row)));
}

#[test]
fn months_are_read_as_people_write_them_and_a_correction_replaces_the_count() {
    let mut context = district();
    let read = |context: &_| read_fixture("lawsuits.csv", Kind::Lawsuits, "lawsuits.toml", context);
    let rows = read(&context).dataset.lawsuits;
    let told: Vec<String> = rows.iter().map(|row| format!("{} {} {}", row.place, row.month, row.filed)).collect();
    let expected = [
        "440399001001 2026-01-01 12",
        "440399001001 2026-02-01 9",
        "440399001002 2026-01-01 8",
        "440399001002 2026-02-01 6",
        "440399002001 2026-01-01 1020",
    ];
    assert_eq!(told, expected);
    context.existing.lawsuits = rows;
    context.existing.lawsuits[0].filed = 11;
    let again = read(&context);
    assert_eq!((again.report.new, again.report.updated, again.report.unchanged), (0, 1, 6));
    assert_eq!((again.dataset.lawsuits.len(), again.dataset.lawsuits[0].filed), (1, 12));
}

/// Reads rows of place, month and count by the example's mapping.
fn read_rows(rows: &str, context: &Context) -> Outcome {
    let map = std::fs::read_to_string(fixture("lawsuits.toml")).unwrap();
    let file = format!("区域,月份,民事立案\n{rows}");
    try_read(file.as_bytes(), "l.csv", Kind::Lawsuits, &map, context).unwrap()
}

#[test]
fn an_empty_count_takes_the_count_of_that_month_out_and_says_so() {
    let mut context = district();
    let known = read_rows("西南,2026-01,12\n西南,2026-02,9\n", &context).dataset.lawsuits;
    let january = known[0].clone();
    context.existing.lawsuits = known;
    let Outcome { dataset, report } = read_rows("西南,2026-01,\n西南,2026-02,9\n", &context);
    assert_counts(&report);
    assert_eq!((report.updated, report.unchanged, report.refused), (1, 1, 0), "{report:?}");
    assert_eq!(
        (said(&report, "440399001001 2026-01"), report.lines[0].verdict),
        (vec!["count_taken_out"], Verdict::Noted)
    );
    assert_eq!(report.lines[0].found, "12", "what it was, so that it can be put back");
    assert_eq!(dataset.lawsuits_out, [(january.place.clone(), january.month)]);
    assert!(dataset.lawsuits.is_empty());
    context.existing.lawsuits.retain(|row| *row != january);
    let again = read_rows("西南,2026-01,\n西南,2026-02,9\n", &context);
    assert_eq!((again.report.updated, again.report.unchanged, again.report.refused), (0, 2, 0));
    assert!(again.dataset.lawsuits_out.is_empty(), "the same file again changes nothing");
}

#[test]
fn a_month_that_is_both_counted_and_taken_out_keeps_what_came_first() {
    let mut context = district();
    context.existing.lawsuits = read_rows("西南,2026-01,12\n", &context).dataset.lawsuits;
    let Outcome { dataset, report } = read_rows("西南,2026-01,13\n西南,2026-01,\n", &context);
    assert_eq!((said(&report, "440399001001 2026-01"), report.updated), (vec!["duplicate_number"], 1));
    assert_eq!((dataset.lawsuits[0].filed, dataset.lawsuits_out.len()), (13, 0));
}

fn guide(language: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide").join(language).join("import.md");
    std::fs::read_to_string(path).unwrap()
}

/// The one fenced block of a kind that holds some text.
fn block<'a>(text: &'a str, kind: &str, holds: &str) -> &'a str {
    let fence = format!("```{kind}\n");
    let blocks = text.split(fence.as_str()).skip(1).filter_map(|rest| rest.split("```").next());
    let [found] = blocks.filter(|block| block.contains(holds)).collect::<Vec<_>>()[..] else {
        panic!("one block of {kind} with {holds}")
    };
    found
}

#[test]
fn the_mapping_and_the_rows_of_the_guides_are_read_as_written() {
    for language in ["zh", "en"] {
        let text = guide(language);
        let (map, file) = (block(&text, "toml", "filed ="), block(&text, "csv", ","));
        let mut context = district();
        let Outcome { dataset, report } = try_read(file.as_bytes(), "l.csv", Kind::Lawsuits, map, &context).unwrap();
        assert_counts(&report);
        assert_eq!((report.new, report.refused, report.unused_columns.len()), (4, 0, 0), "{language}: {report:?}");
        let told: Vec<&str> = report.lines.iter().map(|line| line.reason.code()).collect();
        assert_eq!(told, ["nothing_to_take_out"], "{language}: the row with an empty count");
        // Where there is one already, that row takes it out.
        context.existing.lawsuits = dataset.lawsuits;
        let row = context.existing.lawsuits[0].clone();
        let wrong = LawsuitRow { month: "2026-02-01".parse().unwrap(), place: "440399002001".into(), ..row };
        context.existing.lawsuits.push(wrong.clone());
        let again = try_read(file.as_bytes(), "l.csv", Kind::Lawsuits, map, &context).unwrap();
        assert_eq!(again.dataset.lawsuits_out, [(wrong.place, wrong.month)], "{language}");
    }
}
