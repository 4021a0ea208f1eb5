//! Counts that are too small to show, and those that would give them away.

use fengtu_wire::statistics::{Figures, PlaceFigures, Share};

/// Returns a count, or `None` if it is one of 1..k-1. Zero is shown: nobody is behind it.
pub fn shown(count: u64, k: u32) -> Option<u64> {
    (!is_small(count, k)).then_some(count)
}

fn is_small(count: u64, k: u32) -> bool {
    count > 0 && count < u64::from(k)
}

/// Returns the figures without the counts under `k`, and without those from which such a one follows.
///
/// What is left over when a part is taken from its whole is a count too: with 100 received, 98 settled would say that
/// two are not. Sums over fewer than `k` cases (people, amount) go with their count.
#[must_use]
pub fn withhold(mut figures: Figures, k: u32) -> Figures {
    let received = Share { part: figures.settled, whole: figures.received };
    let settled = safe_share(received, k);
    let open = safe_share(Share { part: figures.overdue, whole: figures.open }, k);
    let few_received = settled.whole.is_none();
    // Each of these is a part of the cases received.
    let part_of_received = |part: Option<u64>| safe_share(Share { part, whole: figures.received }, k).part;
    figures.self_reported = part_of_received(figures.self_reported);
    figures.repeats = part_of_received(figures.repeats);
    figures.rebounds = part_of_received(figures.rebounds);
    figures.people = figures.people.filter(|&people| !few_received && !is_small(people, k));
    figures.amount_fen = figures.amount_fen.filter(|_| !few_received);
    figures.answered = safe_share(figures.answered, k);
    figures.accepted = safe_share(figures.accepted, k);
    figures.settled_in_time = safe_share(figures.settled_in_time, k);
    figures.satisfied = safe_share(figures.satisfied, k);
    (figures.received, figures.settled) = (settled.whole, settled.part);
    (figures.open, figures.overdue) = (open.whole, open.part);
    figures
}

/// Returns a share without its part where the part or the rest is small, and without either where the whole is.
pub fn safe_share(share: Share, k: u32) -> Share {
    let whole = share.whole.filter(|&whole| !is_small(whole, k));
    let rest_is_small = |part: u64| whole.is_some_and(|whole| is_small(whole.saturating_sub(part), k));
    let part = share.part.filter(|&part| whole.is_some() && !is_small(part, k) && !rest_is_small(part));
    Share { part, whole }
}

/// Returns the counts of all parts of a shown total, with enough of them withheld that no small one can be derived.
///
/// The parts withheld sum to what the shown ones leave of the total. So with one part withheld, or with parts that sum
/// to less than `k`, the next smallest goes too.
pub fn suppress(counts: &[u64], k: u32) -> Vec<Option<u64>> {
    let mut out: Vec<Option<u64>> = counts.iter().map(|&count| shown(count, k)).collect();
    loop {
        let hidden: Vec<u64> =
            counts.iter().zip(&out).filter(|(_, shown)| shown.is_none()).map(|(&count, _)| count).collect();
        let is_safe = hidden.len() != 1 && hidden.iter().sum::<u64>() >= u64::from(k);
        if hidden.is_empty() || is_safe {
            return out;
        }
        let next = out.iter_mut().filter(|count| count.is_some_and(|count| count > 0)).min();
        let Some(next) = next else { return out };
        *next = None;
    }
}

/// Withholds in the nodes below a place what is small, and what would give it away beside the place's own total.
pub fn withhold_children(children: &mut [PlaceFigures], k: u32) {
    column(children, k, |row| &mut row.received);
    column(children, k, |row| &mut row.settled);
    column(children, k, |row| &mut row.open);
    column(children, k, |row| &mut row.overdue);
    for row in children {
        row.settled = safe_share(Share { part: row.settled, whole: row.received }, k).part;
        row.overdue = safe_share(Share { part: row.overdue, whole: row.open }, k).part;
    }
}

fn column(rows: &mut [PlaceFigures], k: u32, field: impl Fn(&mut PlaceFigures) -> &mut Option<u64>) {
    let counts: Vec<u64> = rows.iter_mut().map(|row| field(row).unwrap_or_default()).collect();
    rows.iter_mut().zip(suppress(&counts, k)).for_each(|(row, count)| *field(row) = count);
}
