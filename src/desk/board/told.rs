//! What is said where some of it is withheld: that it is, and not that there is nothing.

use fengtu_domain::ranking::{LEAST_TOLD, greatest};
use fengtu_wire::cube::Cube;

use crate::tr;
use crate::ui::number::grouped;

/// Says how many more there are that are withheld; nothing where none is.
pub fn hidden(n: usize) -> String {
    if n == 0 { String::new() } else { tr!(board.hidden, n = n) }
}

/// Says why nothing can be told: it is withheld, there was nothing, or there is nothing to tell of what there was.
pub fn nothing(cube: &Cube, is_known: bool) -> String {
    let none_came = cube.figures.received == Some(0);
    let why = if !cube.exact && !is_known { tr!(board.withheld) } else { tr!(board.nothing) };
    if none_came { tr!(board.none_received) } else { why }.to_owned()
}

/// Returns what all parts of what was received make: where some may be withheld the node's own figure, else their sum, which no
/// brush of their own cuts.
pub fn whole(cube: &Cube, parts: &[Option<u64>]) -> Option<u64> {
    if cube.exact { Some(parts.iter().flatten().sum()) } else { cube.figures.received }
}

/// Says that none is most, or too few came to say which.
pub fn no_most(n: u64, of: &'static str) -> String {
    tr!(board.no_most, n = grouped(n), of = of)
}

/// How a sentence may speak of parts of what was received.
pub struct Told {
    /// What all of them make.
    pub whole: u64,
    /// Which is most, where one may be said to be.
    pub most: Option<usize>,
    /// Whether the greatest, one or several alike, are no more than are named.
    pub is_led: bool,
    /// What is said beside that where one that is withheld may be greater.
    pub of: &'static str,
}

/// Says a sentence that names the greatest parts of what was received, so many beside the first, and how many are withheld.
pub fn of_parts(cube: &Cube, parts: &[Option<u64>], beside: usize, say: &dyn Fn(Told) -> String) -> String {
    let all = whole(cube, parts);
    let Some(whole) = all.filter(|n| *n > 0) else { return nothing(cube, all.is_some()) };
    let mut told: Vec<u64> = parts.iter().flatten().copied().collect();
    fengtu_geo::order::sort_by(&mut told, |a, b| b.cmp(a));
    let (hidden_ones, all_told) = (parts.len() - told.len(), told.iter().sum::<u64>());
    let rest = whole.saturating_sub(all_told);
    let alike = told.iter().take_while(|n| Some(*n) == told.first()).count();
    let is_sure = hidden_ones == 0 || rest <= told.get(beside).copied().unwrap_or(0);
    let of = if is_sure { "" } else { tr!(board.of_shown) };
    let is_led = all_told >= LEAST_TOLD && alike <= beside.saturating_add(1);
    say(Told { whole, most: greatest(parts), is_led, of }) + &hidden(hidden_ones)
}
