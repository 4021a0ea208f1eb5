//! Lawsuits by place and month: what is not a whole count of a known place and a month that is over is refused.

use fengtu_server::import::mapping::Kind;
use fengtu_server::import::report::Verdict;

use crate::{assert_counts, district, read_fixture};

#[test]
fn every_fault_of_a_count_has_its_reason() {
    let outcome = read_fixture("lawsuits.csv", Kind::Lawsuits, "lawsuits.toml", &district());
    let report = &outcome.report;
    assert_counts(report);
    let said: Vec<(u64, &str)> = report.lines.iter().map(|line| (line.row, line.reason.code())).collect();
    let expected = [
        (7, "negative_number"),
        (8, "not_a_count"),
        (9, "not_a_count"),
        (10, "place_not_found"),
        (11, "no_number"),
        (12, "month_unreadable"),
        (13, "month_unreadable"),
        (14, "month_not_over"),
        (15, "duplicate_row"),
        (16, "duplicate_number"),
    ];
    assert_eq!(said, expected);
    assert_eq!((report.new, report.refused, report.unchanged), (5, 9, 1));
    assert!(report.lines.iter().all(|line| line.verdict == Verdict::Refused || line.row == 15));
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
    assert_eq!((again.report.new, again.report.updated, again.report.unchanged), (0, 1, 5));
    assert_eq!((again.dataset.lawsuits.len(), again.dataset.lawsuits[0].filed), (1, 12));
}
