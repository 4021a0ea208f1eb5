//! What is said where some of it is withheld: that it is, and not that there is nothing.

use fengtu_wire::cube::Cube;

use crate::tr;

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
