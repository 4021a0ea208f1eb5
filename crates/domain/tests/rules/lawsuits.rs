//! Of which months lawsuits are told, and what may be compared.

use fengtu_domain::lawsuits::{When, is_comparable, months, words};
use fengtu_domain::months::Month;
use fengtu_domain::statistics::Period;
use fengtu_wire::statistics::Lawsuits;

use super::china;

const fn known(filed: Option<u64>, months: u32, ended: u32) -> Lawsuits {
    Lawsuits { filed, months, ended, people: 1_000 }
}

#[test]
fn a_quarter_is_beside_the_one_before_and_that_of_a_year_before() {
    let at = |text: &str| china(&format!("{text} 00:00:00")).timestamp();
    let of =
        |from: &str, to: &str, when| months(Period { from: at(from), to: at(to) }, when, china("2026-04-10 12:00:00"));
    let quarter = |when| of("2026-01-01", "2026-04-01", when);
    assert_eq!(quarter(When::Now), [(2026, 1), (2026, 2), (2026, 3)]);
    assert_eq!(quarter(When::Before), [(2025, 10), (2025, 11), (2025, 12)]);
    assert_eq!(quarter(When::YearBefore), [(2025, 1), (2025, 2), (2025, 3)]);
    // One that is not over is beside as many as are.
    let begun = |when| of("2026-03-01", "2026-05-01", when);
    assert_eq!((begun(When::Now), begun(When::Before)), (vec![(2026, 3)], vec![(2026, 2)]));
    // A leap February is a year after one of 28 days.
    assert_eq!(of("2024-02-10", "2024-03-10", When::YearBefore), [(2023, 2)]);
    assert!(of("2026-04-01", "2026-05-01", When::Before).is_empty());
}

#[test]
fn the_words_name_the_first_and_the_last_month_and_tell_what_is_missing() {
    let said = |months: &[Month], known| words(months, known).map(|text| (text.zh, text.en)).unwrap();
    let both = |zh: &str, en: &str| (zh.to_owned(), en.to_owned());
    let one = said(&[(2026, 2)], known(Some(7), 1, 1));
    assert_eq!(one, both("2026年2月，共 1 个自然月", "2026-02, 1 whole month"));
    let spring = [(2026, 1), (2026, 2), (2026, 3)];
    let whole = said(&spring, known(Some(7), 3, 3));
    assert_eq!(whole, both("2026年1月至3月，共 3 个自然月", "2026-01 to 2026-03, 3 whole months"));
    let part = said(&spring, known(Some(7), 2, 3));
    let expected = both(
        "2026年1月至3月，共 3 个自然月，其中 1 个月的数据未到",
        "2026-01 to 2026-03, 3 whole months, 1 of them still missing",
    );
    assert_eq!(part, expected);
    let (turn, _) = said(&[(2025, 12), (2026, 1)], known(Some(7), 2, 2));
    assert_eq!(turn, "2025年12月至2026年1月，共 2 个自然月");
    assert_eq!(words(&spring, known(None, 0, 3)), None, "nothing is told of them");
    assert_eq!(words(&[], known(None, 0, 0)), None);
}

#[test]
fn only_as_many_months_are_compared() {
    let now = known(Some(7), 2, 3);
    assert!(is_comparable(now, known(Some(9), 2, 3)));
    assert!(is_comparable(now, known(Some(0), 2, 2)));
    assert!(!is_comparable(now, known(Some(9), 3, 3)));
    assert!(!is_comparable(now, known(None, 0, 3)) && !is_comparable(known(None, 0, 3), known(None, 0, 3)));
}
