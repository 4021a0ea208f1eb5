//! Which counts a wall may have: none of 1..k-1, and none from which such a one follows by subtraction.
//!
//! What is withheld is decided once for the whole tree, from the top down, and not per question: else a street's own
//! page would show what its district's list withholds. Below a withheld node everything is withheld, zeros too. The parts that are
//! left over (received but not settled, at no known grid) are counts like any other.

use fengtu_domain::statistics::Counts;
use fengtu_domain::withholding;
use fengtu_wire::statistics::{Figures, PlaceFigures, Share};

use super::tree::{Ix, NOWHERE, Tree};

/// Number of counts in which people could be found: each share gives its whole, its part and the rest.
const ATOMS: usize = 45;

/// The counts of a place, parts and rests each on their own.
type Atoms = [u64; ATOMS];

/// Which counts of each place are shown.
#[derive(Debug, Clone)]
pub struct Masks {
    places: Vec<[bool; ATOMS]>,
    all: [bool; ATOMS],
}

impl Masks {
    /// Decides for the whole tree. `rolled` are the counts of each node with all below it, `all` those of everything.
    pub fn new(tree: &Tree, rolled: &[Counts], all: &Counts, k: u32) -> Self {
        let atoms: Vec<Atoms> = rolled.iter().map(atoms).collect();
        let top = atoms_of_all(all);
        let mut masks = Self { places: vec![[false; ATOMS]; tree.len()], all: top.map(|count| is_large(count, k)) };
        let tops: Vec<Ix> = tree.tops().collect();
        masks.decide(&atoms, &top, masks.all, &tops, k);
        for ix in tree.numbers() {
            let below: Vec<Ix> = tree.children(ix).collect();
            if let (Some(own), Some(&mask)) = (atoms.get(ix as usize), masks.places.get(ix as usize)) {
                masks.decide(&atoms, own, mask, &below, k);
            }
        }
        masks
    }

    /// Cuts a node's figures; [`NOWHERE`] stands for everything.
    pub fn cut(&self, ix: Ix, figures: Figures) -> Figures {
        let shown = self.of(ix);
        let part = |share: Share, first: usize| Share {
            whole: share.whole.filter(|_| shown(first)),
            part: share.part.filter(|_| shown(first) && shown(first + 1) && shown(first + 2)),
        };
        let of_received =
            |count: Option<u64>, first: usize| count.filter(|_| shown(0) && shown(first) && shown(first + 1));
        // Rated of how many is the number settled; and good of how many is nearly the number rated.
        let may_tell_rated = (0..3).chain(37..40).all(&shown);
        let may_tell_satisfied = may_tell_rated && shown(40) && shown(41);
        Figures {
            received: figures.received.filter(|_| shown(0)),
            settled: of_received(figures.settled, 1),
            open: figures.open.filter(|_| shown(3)),
            overdue: figures.overdue.filter(|_| shown(3) && shown(4) && shown(5)),
            due_soon: figures.due_soon.filter(|_| (3..6).chain(43..45).all(&shown)),
            answered: part(figures.answered, 6),
            accepted: part(figures.accepted, 9),
            settled_in_time: part(figures.settled_in_time, 12),
            people: figures.people.filter(|_| shown(0)),
            amount_fen: figures.amount_fen.filter(|_| shown(0)),
            satisfied: if may_tell_satisfied { part(figures.satisfied, 15) } else { Share::default() },
            self_reported: of_received(figures.self_reported, 18),
            repeats: of_received(figures.repeats, 20),
            rebounds: of_received(figures.rebounds, 22),
            orders: figures.orders.filter(|_| shown(24)),
            // What is left over of the orders, those whose minutes still run, is a count too.
            checked_in: if shown(24) && shown(25) { part(figures.checked_in, 26) } else { Share::default() },
            mediated: if shown(0) && shown(42) { part(figures.mediated, 29) } else { Share::default() },
            confirmations: figures.confirmations.filter(|_| shown(32)),
            confirmed_in_time: if shown(32) && shown(33) {
                part(figures.confirmed_in_time, 34)
            } else {
                Share::default()
            },
            // Under a floor of its own, the same for everybody.
            psychological: figures.psychological,
            rated: if may_tell_rated { part(figures.rated, 37) } else { Share::default() },
            // Of single months and places, all exact: not for those who get counts from `k` up.
            lawsuits: None,
        }
    }

    /// Cuts a row of a list of places.
    pub fn cut_row(&self, ix: Ix, row: &mut PlaceFigures) {
        let shown = self.of(ix);
        row.received = row.received.filter(|_| shown(0));
        row.settled = row.settled.filter(|_| shown(0) && shown(1) && shown(2));
        row.open = row.open.filter(|_| shown(3));
        row.overdue = row.overdue.filter(|_| shown(3) && shown(4) && shown(5));
    }

    fn of(&self, ix: Ix) -> impl Fn(usize) -> bool {
        let none = [false; ATOMS];
        let mask = if ix == NOWHERE { self.all } else { self.places.get(ix as usize).copied().unwrap_or(none) };
        move |atom| mask.get(atom).copied().unwrap_or(false)
    }

    /// Decides which of the nodes right below one are shown, count by count.
    fn decide(&mut self, atoms: &[Atoms], own: &Atoms, own_mask: [bool; ATOMS], below: &[Ix], k: u32) {
        for (atom, (&total, &total_shown)) in own.iter().zip(&own_mask).enumerate() {
            let value = |ix: &Ix| atoms.get(*ix as usize).and_then(|atoms| atoms.get(atom)).copied().unwrap_or(0);
            let mut counts: Vec<u64> = below.iter().map(value).collect();
            counts.push(total.saturating_sub(counts.iter().sum()));
            let mut shown: Vec<bool> = counts.iter().map(|&n| total_shown && is_large(n, k)).collect();
            if total_shown {
                hide_more(&counts, &mut shown, k);
            }
            for (&ix, shown) in below.iter().zip(shown) {
                if let Some(slot) = self.places.get_mut(ix as usize).and_then(|mask| mask.get_mut(atom)) {
                    *slot = shown;
                }
            }
        }
    }
}

/// Decides on a table whose rows are parts (the last one: what is left over) and whose columns are buckets such as days,
/// beside a shown row of totals. Repeats until neither a row nor a column gives a small count away.
pub fn table(rows: &[Vec<u64>], totals_shown: &[bool], k: u32) -> Vec<Vec<bool>> {
    let first = |row: &Vec<u64>| {
        row.iter().zip(totals_shown).map(|(&n, &total)| total && is_large(n, k)).collect::<Vec<bool>>()
    };
    let mut shown: Vec<Vec<bool>> = rows.iter().map(first).collect();
    loop {
        let mut changed = false;
        for (row, shown) in rows.iter().zip(&mut shown) {
            changed |= hide_more(row, shown, k);
        }
        for (column, _) in totals_shown.iter().enumerate().filter(|(_, shown)| **shown) {
            changed |= hide_in_column(rows, &mut shown, column, k);
        }
        if !changed {
            return shown;
        }
    }
}

fn hide_in_column(rows: &[Vec<u64>], shown: &mut [Vec<bool>], column: usize, k: u32) -> bool {
    let counts: Vec<u64> = rows.iter().map(|row| row.get(column).copied().unwrap_or(0)).collect();
    let mut flags: Vec<bool> = shown.iter().map(|row| row.get(column).copied().unwrap_or(false)).collect();
    let changed = hide_more(&counts, &mut flags, k);
    for (row, flag) in shown.iter_mut().zip(flags) {
        row.get_mut(column).into_iter().for_each(|slot| *slot = flag);
    }
    changed
}

/// Hides the next smallest until what is hidden cannot be told from its sum; returns whether anything was hidden.
fn hide_more(counts: &[u64], shown: &mut [bool], k: u32) -> bool {
    let mut changed = false;
    loop {
        let hidden = || counts.iter().zip(shown.iter()).filter(|(_, shown)| !**shown).map(|(&n, _)| n);
        let (many, sum) = (hidden().filter(|&n| n > 0).count(), hidden().sum::<u64>());
        if many == 0 || (many > 1 && sum >= u64::from(k)) {
            return changed;
        }
        let candidates = counts.iter().enumerate().filter(|&(i, &n)| n > 0 && shown.get(i) == Some(&true));
        let Some((next, _)) = candidates.min_by_key(|&(_, &n)| n) else { return changed };
        shown.get_mut(next).into_iter().for_each(|slot| *slot = false);
        changed = true;
    }
}

fn is_large(count: u64, k: u32) -> bool {
    withholding::shown(count, k).is_some()
}

fn atoms_of_all(all: &Counts) -> Atoms {
    atoms(all)
}

fn atoms(counts: &Counts) -> Atoms {
    let rest = |whole: u64, part: u64| whole.saturating_sub(part);
    let c = counts;
    let share = |part: fengtu_domain::statistics::Part| [part.whole, part.part, rest(part.whole, part.part)];
    let [a0, a1, a2] = share(c.answered);
    let [b0, b1, b2] = share(c.accepted);
    let [s0, s1, s2] = share(c.settled_in_time);
    let [r0, r1, r2] = share(c.satisfied);
    let [i0, i1, i2] = share(c.checked_in);
    let [m0, m1, m2] = share(c.mediated);
    let [j0, j1, j2] = share(c.confirmed_in_time);
    let [v0, v1, v2] = share(c.rated);
    [
        c.received,
        c.settled,
        rest(c.received, c.settled),
        c.open,
        c.overdue,
        rest(c.open, c.overdue),
        a0,
        a1,
        a2,
        b0,
        b1,
        b2,
        s0,
        s1,
        s2,
        r0,
        r1,
        r2,
        c.self_reported,
        rest(c.received, c.self_reported),
        c.repeats,
        rest(c.received, c.repeats),
        c.rebounds,
        rest(c.received, c.rebounds),
        c.orders,
        rest(c.orders, c.checked_in.whole),
        i0,
        i1,
        i2,
        m0,
        m1,
        m2,
        c.confirmations,
        rest(c.confirmations, c.confirmed_in_time.whole),
        j0,
        j1,
        j2,
        v0,
        v1,
        v2,
        // Rated and not settled now, which is reopened; not rated; no disputes.
        rest(c.satisfied.whole, c.rated.part),
        rest(c.received, c.satisfied.whole),
        rest(c.received, c.mediated.whole),
        c.due_soon,
        // Open, and neither overdue nor soon.
        rest(rest(c.open, c.overdue), c.due_soon),
    ]
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing, reason = "tests")]
    use super::*;
    use proptest::prelude::*;

    const K: u32 = 5;

    proptest! {
        /// What a reader can work out of one shown total and its shown parts is never 1..k-1.
        #[test]
        fn the_hidden_parts_of_a_total_are_several_and_not_few(counts in prop::collection::vec(0_u64..12, 1..9)) {
            let mut shown: Vec<bool> = counts.iter().map(|&n| is_large(n, K)).collect();
            hide_more(&counts, &mut shown, K);
            let hidden: Vec<u64> = counts.iter().zip(&shown).filter(|(_, s)| !**s).map(|(&n, _)| n).collect();
            for (&n, &s) in counts.iter().zip(&shown) {
                prop_assert!(!s || n == 0 || n >= u64::from(K));
            }
            let everything_is = hidden.len() == counts.iter().filter(|&&n| n > 0).count();
            prop_assert!(hidden.is_empty() || everything_is || (hidden.len() > 1 && hidden.iter().sum::<u64>() >= 5));
        }

        #[test]
        fn no_row_and_no_column_of_a_table_has_one_lonely_hidden_part(
            rows in prop::collection::vec(prop::collection::vec(0_u64..14, 6), 2..7)
        ) {
            let totals: Vec<u64> = (0..6).map(|c| rows.iter().map(|row| row[c]).sum()).collect();
            let totals_shown: Vec<bool> = totals.iter().map(|&n| is_large(n, K)).collect();
            let shown = table(&rows, &totals_shown, K);
            for column in (0..6).filter(|&c| totals_shown[c]) {
                let hidden: u64 = rows.iter().zip(&shown).filter(|(_, s)| !s[column]).map(|(r, _)| r[column]).sum();
                prop_assert!(hidden == 0 || hidden >= 5);
            }
        }
    }
}
