//! Counts that are too small to show, and those that would give them away.

use fengtu_wire::statistics::{Figures, PlaceFigures, Share};

use crate::statistics::Part;

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
    (figures.rated, figures.satisfied) = ratings(&figures, settled.part.is_some(), k);
    let checked_in = safe_share(figures.checked_in, k);
    // Those whose minutes still run are left over too.
    let counted = safe_share(Share { part: checked_in.whole, whole: figures.orders }, k);
    figures.checked_in = if counted.part.is_some() { checked_in } else { Share::default() };
    let confirmed = safe_share(figures.confirmed_in_time, k);
    let counted_confirmed = safe_share(Share { part: confirmed.whole, whole: figures.confirmations }, k);
    figures.confirmed_in_time = if counted_confirmed.part.is_some() { confirmed } else { Share::default() };
    (figures.orders, figures.confirmations) = (counted.whole, counted_confirmed.whole);
    figures.mediated = mediated(&figures, settled.whole, k);
    // Of single months of single places: one follows from two periods, and from a place and its neighbours.
    figures.lawsuits = None;
    (figures.received, figures.settled) = (settled.whole, settled.part);
    // What is neither is left over.
    let calm =
        open.whole.zip(open.part).zip(figures.due_soon).map(|((open, late), soon)| open.saturating_sub(late + soon));
    let is_calm_safe = calm.is_some_and(|calm| !is_small(calm, k));
    figures.due_soon = figures.due_soon.filter(|&soon| is_calm_safe && !is_small(soon, k));
    (figures.open, figures.overdue) = (open.whole, open.part);
    figures
}

/// Returns the ratings and the good ones of them.
///
/// Rated of how many is the number settled, so it is shown where that is; and good of how many is nearly the number rated.
fn ratings(figures: &Figures, settled_is_shown: bool, k: u32) -> (Share, Share) {
    let rated = safe_share(figures.rated, k);
    let (Some(known), true) = (rated.part, settled_is_shown) else { return (Share::default(), Share::default()) };
    let counted = figures.satisfied.whole;
    let elsewhere = counted.is_some_and(|counted| is_small(counted.abs_diff(known), k));
    let not_rated = safe_share(Share { part: counted, whole: figures.received }, k).part.is_none();
    let satisfied = if elsewhere || not_rated { Share::default() } else { safe_share(figures.satisfied, k) };
    (rated, satisfied)
}

/// Returns the disputes, where what else was received is no small number.
fn mediated(figures: &Figures, received: Option<u64>, k: u32) -> Share {
    let disputes = safe_share(Share { part: figures.mediated.whole, whole: received }, k).part;
    if disputes.is_some() { safe_share(figures.mediated, k) } else { Share::default() }
}

/// Returns a count of what must not be found by subtraction either: in steps of `k`, nothing below it. None and few are
/// the same, else their difference would tell that there was somebody.
pub fn coarse(count: u64, k: u32) -> Option<u64> {
    let k = u64::from(k.max(1));
    (count >= k).then(|| count - count % k)
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
/// The parts withheld sum to what the shown ones leave of the total. So where they sum to less than `k`, as a single one
/// always does, the next smallest goes too.
pub fn suppress(counts: &[u64], k: u32) -> Vec<Option<u64>> {
    let mut out: Vec<Option<u64>> = counts.iter().map(|&count| shown(count, k)).collect();
    loop {
        let hidden: Vec<u64> =
            counts.iter().zip(&out).filter(|(_, shown)| shown.is_none()).map(|(&count, _)| count).collect();
        if hidden.is_empty() || hidden.iter().sum::<u64>() >= u64::from(k) {
            return out;
        }
        let next = out.iter_mut().filter(|count| count.is_some_and(|count| count > 0)).min();
        let Some(next) = next else { return out };
        *next = None;
    }
}

/// Withholds in the nodes below a place what is small, and what would give it away beside the place's own totals.
pub fn withhold_children(children: &mut [PlaceFigures], k: u32) {
    columns(children, k, |row| (&mut row.received, &mut row.settled));
    columns(children, k, |row| (&mut row.open, &mut row.overdue));
}

/// Withholds in a column of wholes and in the column of their parts.
fn columns(rows: &mut [PlaceFigures], k: u32, fields: fn(&mut PlaceFigures) -> (&mut Option<u64>, &mut Option<u64>)) {
    let count = |row| {
        let (whole, part) = fields(row);
        Part { part: part.unwrap_or_default(), whole: whole.unwrap_or_default() }
    };
    let counts: Vec<Part> = rows.iter_mut().map(count).collect();
    for (row, share) in rows.iter_mut().zip(suppress_shares(&counts, k)) {
        let (whole, part) = fields(row);
        (*whole, *part) = (share.whole, share.part);
    }
}

/// Returns shares whose parts and wholes each sum to a shown total, safe as in [`suppress`].
///
/// The rows whose part is withheld give away three sums: of their parts, of their wholes, and of what is left over.
/// So rows are withheld until none of the three is small.
pub fn suppress_shares(counts: &[Part], k: u32) -> Vec<Share> {
    let wholes = suppress(&counts.iter().map(|count| count.whole).collect::<Vec<_>>(), k);
    let is_safe = |count: &Part| !is_small(count.part, k) && !is_small(count.whole.saturating_sub(count.part), k);
    let mut shows: Vec<bool> = counts.iter().zip(&wholes).map(|(c, whole)| whole.is_some() && is_safe(c)).collect();
    while !group_is_safe(counts, &shows, k) {
        let rows = counts.iter().zip(&mut shows).filter(|(count, shows)| **shows && count.whole > 0);
        let Some((_, smallest)) = rows.min_by_key(|(count, _)| count.whole) else { break };
        *smallest = false;
    }
    let share =
        |((count, shows), whole): ((&Part, bool), Option<u64>)| Share { part: shows.then_some(count.part), whole };
    counts.iter().zip(shows).zip(wholes).map(share).collect()
}

/// Returns whether the sums over the rows that are not shown tell nothing small.
fn group_is_safe(counts: &[Part], shows: &[bool], k: u32) -> bool {
    let hidden = counts.iter().zip(shows).filter(|(_, shows)| !**shows).map(|(count, _)| count);
    let (part, whole) = hidden.fold((0, 0), |(part, whole), count| (part + count.part, whole + count.whole));
    !is_small(part, k) && !is_small(u64::saturating_sub(whole, part), k)
}
