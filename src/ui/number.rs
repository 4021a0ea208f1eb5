//! Figures: tabular, grouped, and grey when they are older than they may be.

use leptos::prelude::*;

use crate::i18n::{Locale, locale};
use crate::tr;

/// Writes a count with a thin space between groups of three from 10,000 on, as in 78 559.
pub fn grouped(value: u64) -> String {
    let digits = value.to_string();
    if digits.len() < 5 {
        return digits;
    }
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    groups.join("\u{2009}")
}

/// Writes a share in 0…1 as per cent with two decimals at most: never 100% where it was not all, nor 0% where it was some.
pub fn percent(share: f64) -> String {
    trimmed(held(share, 10_000.0) / 100.0)
}

/// Writes a share as [`percent`] does, with one decimal at most.
pub fn share(share: f64) -> String {
    trimmed(held(share, 1_000.0) / 10.0)
}

/// Writes how much something changed, as a part of what it was, with one decimal at most; it may be more than all.
pub fn changed_by(growth: f64) -> String {
    trimmed((growth * 1_000.0).round() / 10.0)
}

/// Returns a part of a whole in so many steps, to the nearest, and away from both ends: all only where it was all, none only
/// where it was none. `None`: of nothing.
pub fn steps_of(part: u64, whole: u64, steps: u64) -> Option<u64> {
    let nearest = part.saturating_mul(2 * steps).saturating_add(whole).checked_div(whole.saturating_mul(2))?;
    Some(match part {
        0 => 0,
        _ if part < whole => nearest.clamp(1, steps.saturating_sub(1).max(1)),
        _ => nearest,
    })
}

/// The same of a rate: [`steps_of`] is for those who have both numbers.
fn held(share: f64, steps: f64) -> f64 {
    let nearest = (share * steps).round();
    if share > 0.0 && share < 1.0 { nearest.clamp(1.0, steps - 1.0) } else { nearest }
}

fn trimmed(percent: f64) -> String {
    let text = format!("{percent:.2}");
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

/// The unit that an amount is said in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoneyUnit {
    /// Yuan.
    Yuan,
    /// 万元, in Chinese.
    TenThousand,
    /// 亿元, in Chinese.
    HundredMillion,
    /// Millions of yuan, in English.
    Million,
}

/// Writes fen in the unit that people say them in, rounded to the nearest; the unit is that of what is written.
pub fn amount(fen: i64) -> (String, MoneyUnit) {
    let fen = fen.max(0).unsigned_abs();
    let in_steps = |step: u64| (fen + step / 2) / step;
    let (yuan, wan) = (in_steps(100), in_steps(1_000_000));
    match locale() {
        _ if yuan < 10_000 => (grouped(yuan), MoneyUnit::Yuan),
        Locale::zh_CN if wan < 10_000 => (grouped(wan), MoneyUnit::TenThousand),
        Locale::zh_CN => (hundredths(in_steps(100_000_000)), MoneyUnit::HundredMillion),
        Locale::en => (hundredths(wan), MoneyUnit::Million),
    }
}

fn hundredths(n: u64) -> String {
    format!("{}.{:02}", grouped(n / 100), n % 100)
}

/// Writes fen as whole yuan.
pub fn yuan(fen: i64) -> String {
    let yuan = fen as f64 / 100.0;
    format!(
        "{} {}",
        if yuan < 0.0 { "−" } else { "" }.to_owned() + &grouped(yuan.abs().round() as u64),
        tr!(common.yuan)
    )
}

/// A count; `None` is one that was withheld for being under `k`.
#[component]
pub fn Number(
    value: Option<u64>,
    /// Whether it is older than it may be.
    #[prop(optional, into)]
    aged: Signal<bool>,
    /// The fewest that is shown, for the tip of a withheld one.
    #[prop(default = 5)]
    k: u32,
) -> impl IntoView {
    let title = move || value.is_none().then(|| tr!(common.withheld, k = k));
    view! { <span class="number" class:aged=aged title=title>{value.map_or_else(|| format!("<{k}"), grouped)}</span> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_grouped_from_five_digits_on() {
        assert_eq!([grouped(0), grouped(9_999)], ["0", "9999"]);
        assert_eq!([grouped(78_559), grouped(1_234_567)], ["78\u{2009}559", "1\u{2009}234\u{2009}567"]);
    }

    #[test]
    fn rates_have_no_idle_zeros() {
        assert_eq!([percent(0.9991), percent(1.0), percent(0.5)], ["99.91%", "100%", "50%"]);
        assert_eq!([share(0.9991), share(0.2574), share(0.5)], ["99.9%", "25.7%", "50%"]);
    }

    #[test]
    fn all_is_said_where_it_was_all_and_none_where_it_was_none() {
        let almost = 78_630.0 / 78_633.0;
        assert_eq!([percent(almost), share(almost), share(1.0)], ["99.99%", "99.9%", "100%"]);
        assert_eq!([percent(1e-6), share(1e-6), share(0.0)], ["0.01%", "0.1%", "0%"]);
        let steps =
            [(78_630, 78_633), (1, 100_000), (0, 9), (9, 9), (1, 3), (2, 3)].map(|(n, m)| steps_of(n, m, 1_000));
        assert_eq!(steps, [Some(999), Some(1), Some(0), Some(1_000), Some(333), Some(667)]);
        assert_eq!(steps_of(0, 0, 1_000), None);
        // What grew is no share: it may have nearly doubled, doubled, or more.
        assert_eq!([changed_by(0.9999), changed_by(2.5), changed_by(0.0001)], ["100%", "250%", "0%"]);
    }

    #[test]
    fn amounts_are_rounded_and_the_unit_is_that_of_what_is_written() {
        use MoneyUnit::{HundredMillion, TenThousand, Yuan};
        assert_eq!(amount(1_999_900), ("2".to_owned(), TenThousand), "19,999 yuan are two wan, not one");
        assert_eq!(amount(999_949), ("9999".to_owned(), Yuan));
        assert_eq!(amount(999_960), ("1".to_owned(), TenThousand));
        assert_eq!(amount(9_999_999_900), ("1.00".to_owned(), HundredMillion));
        assert_eq!(amount(25_600_000_000), ("2.56".to_owned(), HundredMillion));
        assert_eq!(amount(-5), ("0".to_owned(), Yuan));
    }
}
