//! Rings of `ArcGIS`, which are listed one after another, as shells with their holes.

use serde_json::{Value, json};

/// Most corners of a ring by which it is looked where it lies.
const SAMPLED: usize = 8;
/// Most pairs of a shell and another ring that are looked at; of more, each hole is one of the shell listed before it.
const MOST_PAIRS: usize = 10_000;

/// Sorts rings into parts of a `MultiPolygon`. One that runs clockwise is a shell; one that runs the other way is a hole of the
/// smallest shell around it. Around which there is none, it is a shell written the wrong way.
pub(super) fn parts(rings: &[Value]) -> Vec<Value> {
    let (shells, others): (Vec<Ring>, Vec<Ring>) = rings.iter().map(Ring::of).partition(|ring| ring.area > 0.0);
    if shells.len().saturating_mul(others.len()) > MOST_PAIRS || others.len() > MOST_PAIRS.isqrt() {
        return as_listed(rings);
    }
    let mut parts: Vec<Part> = shells.into_iter().map(Part::new).collect();
    let mut rest = others;
    // The largest first: of rings that all run the wrong way, what is around is known before what lies in it.
    rest.sort_by(|a, b| a.area.total_cmp(&b.area));
    for ring in rest {
        let around = parts.iter_mut().filter(|part| part.shell.holds(&ring));
        match around.min_by(|a, b| a.shell.area.abs().total_cmp(&b.shell.area.abs())) {
            Some(part) => part.holes.push(ring.raw.clone()),
            None => parts.push(Part::new(ring)),
        }
    }
    parts.into_iter().map(Part::rings).collect()
}

fn as_listed(rings: &[Value]) -> Vec<Value> {
    let mut parts: Vec<Value> = Vec::new();
    for ring in rings {
        match parts.last_mut().and_then(Value::as_array_mut) {
            Some(part) if Ring::of(ring).area <= 0.0 => part.push(ring.clone()),
            _ => parts.push(json!([ring])),
        }
    }
    parts
}

struct Part<'a> {
    shell: Ring<'a>,
    holes: Vec<Value>,
}

impl<'a> Part<'a> {
    const fn new(shell: Ring<'a>) -> Self {
        Self { shell, holes: Vec::new() }
    }

    fn rings(self) -> Value {
        std::iter::once(self.shell.raw.clone()).chain(self.holes).collect()
    }
}

struct Ring<'a> {
    raw: &'a Value,
    corners: Vec<[f64; 2]>,
    /// Twice the area to its right: positive where it runs clockwise (shoelace formula).
    area: f64,
}

impl<'a> Ring<'a> {
    fn of(raw: &'a Value) -> Self {
        let number = |corner: &Value, index: usize| corner.get(index).and_then(Value::as_f64).unwrap_or_default();
        let corners = raw.as_array().map(Vec::as_slice).unwrap_or_default();
        let mut corners: Vec<[f64; 2]> = corners.iter().map(|corner| [number(corner, 0), number(corner, 1)]).collect();
        // The last is the first again.
        if corners.len() > 1 && corners.first() == corners.last() {
            corners.pop();
        }
        let area = sides(&corners).map(|([x, y], [to_x, to_y])| (to_x - x) * (to_y + y)).sum();
        Self { raw, corners, area }
    }

    /// Whether another ring lies in it, by some of its corners. Those on the line tell nothing: holes may touch their shell, and
    /// other shells; where all are on it, it lies in it.
    fn holds(&self, other: &Self) -> bool {
        let step = other.corners.len().div_ceil(SAMPLED).max(1);
        let told = other.corners.iter().step_by(step).filter_map(|at| self.surrounds(*at));
        let (inside, outside): (Vec<bool>, Vec<bool>) = told.partition(|is_inside| *is_inside);
        !self.corners.is_empty() && !other.corners.is_empty() && (inside.len() > outside.len() || outside.is_empty())
    }

    /// By how often a ray to the east crosses it; `None` on the line itself.
    fn surrounds(&self, at: [f64; 2]) -> Option<bool> {
        let mut crossed = 0;
        for ([x, y], [to_x, to_y]) in sides(&self.corners) {
            let aside = (to_x - x) * (at[1] - y) - (to_y - y) * (at[0] - x);
            let is_between = |from: f64, to: f64, at: f64| from.min(to) <= at && at <= from.max(to);
            // Digits that a server leaves off move a corner off the line by less.
            let is_near = aside.abs() <= 1e-12 + 1e-9 * ((to_x - x).abs() + (to_y - y).abs());
            if is_near && is_between(x, to_x, at[0]) && is_between(y, to_y, at[1]) {
                return None;
            }
            let is_east = || at[0] < (to_x - x) * (at[1] - y) / (to_y - y) + x;
            crossed += usize::from((y > at[1]) != (to_y > at[1]) && is_east());
        }
        Some(crossed % 2 == 1)
    }
}

/// The sides of a ring, the one back to its first corner too.
fn sides(corners: &[[f64; 2]]) -> impl Iterator<Item = ([f64; 2], [f64; 2])> + '_ {
    corners.iter().copied().zip(corners.iter().copied().cycle().skip(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(x: f64, y: f64, side: f64) -> Value {
        json!([[x, y], [x, y + side], [x + side, y + side], [x + side, y], [x, y]])
    }

    fn back(ring: &Value) -> Value {
        ring.as_array().into_iter().flatten().rev().cloned().collect()
    }

    fn of(rings: &[Value]) -> Vec<Value> {
        parts(rings)
    }

    #[test]
    fn a_hole_belongs_to_the_shell_around_it_wherever_it_is_listed() {
        let (one, two, hole) = (square(0.0, 0.0, 4.0), square(9.0, 0.0, 4.0), back(&square(1.0, 1.0, 1.0)));
        assert_eq!(of(&[one.clone(), hole.clone()]), [json!([one, hole])]);
        for rings in [[&one, &hole, &two], [&one, &two, &hole], [&hole, &one, &two]] {
            assert_eq!(of(&rings.map(Clone::clone)), [json!([one, hole]), json!([two])]);
        }
        // Two of its three corners may lie on the shell; it runs the other way, as holes do.
        let wedge = json!([[4.0, 2.0], [2.0, 4.0], [1.0, 1.0], [4.0, 2.0]]);
        assert_eq!(of(&[one.clone(), wedge.clone()]), [json!([one, wedge])]);
        // It may touch its shell in a corner, and so the one beside.
        let touching = json!([[4.0, 4.0], [2.0, 3.0], [3.0, 2.0], [4.0, 4.0]]);
        let beside = square(4.0, 4.0, 1.0);
        assert_eq!(of(&[one.clone(), beside.clone(), touching.clone()]), [json!([one, touching]), json!([beside])]);
    }

    #[test]
    fn an_island_in_a_hole_is_a_shell_with_holes_of_its_own() {
        let (outer, lake) = (square(0.0, 0.0, 9.0), back(&square(1.0, 1.0, 7.0)));
        let (island, pond) = (square(2.0, 2.0, 4.0), back(&square(3.0, 3.0, 1.0)));
        let read = of(&[outer.clone(), island.clone(), pond.clone(), lake.clone()]);
        assert_eq!(read, [json!([outer, lake]), json!([island, pond])]);
    }

    #[test]
    fn rings_that_run_the_wrong_way_are_shells_all_the_same() {
        let (one, two, inner) =
            (back(&square(0.0, 0.0, 4.0)), back(&square(9.0, 0.0, 3.0)), back(&square(1.0, 1.0, 1.0)));
        assert_eq!(of(std::slice::from_ref(&one)), [json!([one])]);
        assert_eq!(of(&[inner.clone(), one.clone(), two.clone()]), [json!([one, inner]), json!([two])]);
        assert_eq!(of(&[json!([]), json!(null)]).len(), 2, "refused where shapes are read");
    }

    /// A hostile answer must not hold up the page.
    #[test]
    fn of_very_many_rings_nobody_looks_where_they_lie() {
        let rings: Vec<Value> =
            (0..20_000).flat_map(|_| [square(0.0, 0.0, 4.0), back(&square(1.0, 1.0, 1.0))]).collect();
        assert_eq!(of(&rings).len(), 20_000);
        let backwards: Vec<Value> = (0..20_000).map(|n| back(&square(f64::from(n), 0.0, 0.5))).collect();
        assert_eq!(of(&backwards).len(), 1);
    }
}
