//! Rankings of places, and whether what they show may be chance: the red and the yellow list 红黄榜, growth, concentration.
//!
//! A place is listed only where its rate differs from that of all by more than its own few cases explain: its interval
//! ([`wilson`], 95 %) lies wholly above or below the rate of the whole. One place in twenty is listed by chance all the same.

use crate::statistics::{LEAST_RANKED, Part, wilson};

/// Whether more of a rate is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Better {
    /// As of settlement and satisfaction.
    More,
    /// As of repeats and overdue cases.
    Less,
}

/// Where a place stands among those ranked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// On the red list 红榜: better than the whole, beyond chance.
    Red,
    /// As good as the whole, as far as its cases tell.
    Ordinary,
    /// On the yellow list 黄榜: worse than the whole, beyond chance.
    Yellow,
    /// Fewer than [`LEAST_RANKED`] cases: not ranked.
    Few,
    /// Its cases are not told to whoever asks: not ranked.
    Withheld,
}

/// Returns where a place stands against the rate of the whole that it is part of.
pub fn standing(own: Part, whole: Part, better: Better) -> Standing {
    let Some((low, high)) = wilson(own).filter(|_| own.whole >= LEAST_RANKED) else { return Standing::Few };
    // A whole of which nothing was counted has no rate; then no part has one either.
    let rate = if whole.whole == 0 { 0.0 } else { whole.part as f64 / whole.whole as f64 };
    match (low > rate, high < rate, better) {
        (true, _, Better::More) | (_, true, Better::Less) => Standing::Red,
        (_, true, Better::More) | (true, _, Better::Less) => Standing::Yellow,
        _ => Standing::Ordinary,
    }
}

/// Returns what places are ranked by, greatest first: the end of the interval that is nearer to the bad; `None`: too few.
///
/// Two of two settled is no better than 990 of 1,000, and none of two repeated no better than 10 of 1,000.
pub fn key(own: Part, better: Better) -> Option<f64> {
    let (low, high) = wilson(own).filter(|_| own.whole >= LEAST_RANKED)?;
    Some(match better {
        Better::More => low,
        Better::Less => 1.0 - high,
    })
}

/// Returns whether two counts of spans of equal length differ by more than chance explains (95 %, counts as of Poisson).
pub fn is_beyond_chance(now: u64, before: u64) -> bool {
    const Z: f64 = 1.959_963_984_540_054;
    let (difference, sum) = (now.abs_diff(before) as f64, now.saturating_add(before) as f64);
    difference > Z * sum.sqrt()
}

/// Fewest cases of which one kind may be said to be most.
pub const LEAST_TOLD: u64 = 5;

/// Returns where the greatest of some counts stands, where that says anything: it is of [`LEAST_TOLD`] cases at least, and no
/// other is as great. Those that are withheld are not looked at.
pub fn greatest(counts: &[Option<u64>]) -> Option<usize> {
    let told: u64 = counts.iter().flatten().sum();
    let most = counts.iter().flatten().max().filter(|_| told >= LEAST_TOLD)?;
    let mut all = counts.iter().enumerate().filter(|(_, count)| count.as_ref() == Some(most));
    let (at, _) = all.next()?;
    all.next().is_none().then_some(at)
}

/// How unevenly cases lie over places.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Concentration {
    /// The fewest places that hold at least half of all cases.
    pub half: usize,
    /// The part of all cases that the largest fifth of the places hold, 0–1; a fifth is rounded up.
    pub top_fifth: f64,
    /// Gini's coefficient: 0 where all have the same, towards 1 where one has all.
    pub gini: f64,
}

/// Returns how unevenly cases lie over places; `None`: there is none, or fewer than two places.
pub fn concentration(counts: &[u64]) -> Option<Concentration> {
    let total: u64 = counts.iter().sum();
    if total == 0 || counts.len() < 2 {
        return None;
    }
    let mut sorted = counts.to_vec();
    sorted.sort_unstable_by(|a, b| b.cmp(a));
    let up_to = |n: usize| sorted.iter().take(n).sum::<u64>();
    let half = (1..=sorted.len()).find(|&n| up_to(n) * 2 >= total)?;
    let n = sorted.len() as f64;
    // Ranks from the largest down; the usual form of the mean difference.
    let weighted: f64 = sorted.iter().zip(1_u32..).map(|(&count, rank)| count as f64 * f64::from(rank)).sum();
    let gini = (n + 1.0 - 2.0 * weighted / total as f64) / n;
    Some(Concentration { half, top_fifth: up_to(sorted.len().div_ceil(5)) as f64 / total as f64, gini })
}
