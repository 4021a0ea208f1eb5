//! Figures: tabular, grouped, and grey when they are older than they may be.

use leptos::prelude::*;

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

/// Writes a rate in 0…1 as per cent with two decimals at most.
pub fn percent(rate: f64) -> String {
    let text = format!("{:.2}", rate * 100.0);
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
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
    }
}
