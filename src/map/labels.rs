//! Places labels so that none overlaps another or a symbol.

use super::plane::Px;

/// Holds a box on the screen, CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rect {
    /// Left edge.
    pub left: f64,
    /// Top edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Bottom edge.
    pub bottom: f64,
}

impl Rect {
    /// Makes a box around its middle.
    pub fn centered(at: Px, width: f64, height: f64) -> Self {
        Self {
            left: at.x - width / 2.0,
            top: at.y - height / 2.0,
            right: at.x + width / 2.0,
            bottom: at.y + height / 2.0,
        }
    }

    /// Tells whether two boxes share any ground.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }
}

/// Keeps the boxes that are taken, in buckets, so that asking costs the same with thousands of them.
#[derive(Debug, Clone)]
pub struct Taken {
    columns: usize,
    rows: usize,
    buckets: Vec<Vec<Rect>>,
}

/// Side of a bucket in CSS pixels: about the size of a label.
const BUCKET: f64 = 96.0;

impl Taken {
    /// Starts with a free picture of a size in CSS pixels.
    pub fn new(width: f64, height: f64) -> Self {
        let count = |side: f64| ((side / BUCKET).ceil().max(1.0) as usize).min(512);
        let (columns, rows) = (count(width), count(height));
        Self { columns, rows, buckets: vec![Vec::new(); columns * rows] }
    }

    /// Tells whether a box overlaps none that is taken.
    pub fn is_free(&self, rect: &Rect) -> bool {
        self.cells(rect).filter_map(|cell| self.buckets.get(cell)).flatten().all(|taken| !taken.overlaps(rect))
    }

    /// Takes a box, whether it is free or not.
    pub fn take(&mut self, rect: Rect) {
        for cell in self.cells(&rect).collect::<Vec<_>>() {
            if let Some(bucket) = self.buckets.get_mut(cell) {
                bucket.push(rect);
            }
        }
    }

    /// Takes a box if it is free, and says whether it was.
    pub fn try_take(&mut self, rect: Rect) -> bool {
        let free = self.is_free(&rect);
        if free {
            self.take(rect);
        }
        free
    }

    fn cells(&self, rect: &Rect) -> impl Iterator<Item = usize> + use<> {
        let (columns, rows) = (self.columns, self.rows);
        // Off the picture falls to the edge buckets; NaN falls to the first.
        let cell = move |at: f64, count: usize| ((at / BUCKET).floor().max(0.0) as usize).min(count - 1);
        let across = cell(rect.left, columns)..=cell(rect.right, columns);
        let down = cell(rect.top, rows)..=cell(rect.bottom, rows);
        down.flat_map(move |row| across.clone().map(move |column| row * columns + column))
    }
}

/// Holds a label that wants a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Wish<T> {
    /// Lower is placed first.
    pub rank: u32,
    /// Where its middle would best be.
    pub at: Px,
    /// Width with its margin, CSS pixels.
    pub width: f64,
    /// Height with its margin, CSS pixels.
    pub height: f64,
    /// How far off its best place it may stand, CSS pixels, where those around that are taken.
    pub reach: Option<Px>,
    /// It is the name of what is spoken of: where there is no room it stands all the same.
    pub must: bool,
    /// What the caller knows it by.
    pub what: T,
}

/// Places labels by rank (within a rank in the order given) and returns those that found room, with where their middle is.
///
/// Each is tried in its best place, then beside it on the side of the middle of what is `seen`, and on the other; the first two
/// ranks, whose ground is large, farther off too, and then all around as far as they reach. The edge of what is seen cuts none: it stands whole on that side of it where its
/// place is.
pub fn place<T>(mut wishes: Vec<Wish<T>>, taken: &mut Taken, seen: &Rect) -> Vec<(T, Px)> {
    fengtu_geo::order::sort_by(&mut wishes, |a, b| a.rank.cmp(&b.rank));
    wishes.into_iter().filter_map(|wish| spot(&wish, taken, seen).map(|at| (wish.what, at))).collect()
}

/// The last rank of labels that may stand up to three lines off their best place.
pub const WIDE: u32 = 1;

fn spot<T>(wish: &Wish<T>, taken: &mut Taken, seen: &Rect) -> Option<Px> {
    let shifts: &[f64] = if wish.rank <= WIDE { &[0.0, 1.0, -1.0, 2.0, -2.0, 3.0, -3.0] } else { &[0.0, 1.0, -1.0] };
    let inwards = if wish.at.y < f64::midpoint(seen.top, seen.bottom) { wish.height } else { -wish.height };
    let x = whole(wish.at.x, wish.at.x, wish.width / 2.0, seen.left, seen.right);
    let y = |at: f64| whole(wish.at.y, at, wish.height / 2.0, seen.top, seen.bottom);
    let near = |taken: &mut Taken| {
        let mut spots = shifts.iter().map(|shift| Px { x, y: y(y(wish.at.y) + shift * inwards) });
        spots.find(|&at| taken.try_take(Rect::centered(at, wish.width, wish.height)))
    };
    near(taken).or_else(|| far(wish, wish.reach?, Px { x, y: y(wish.at.y) }, taken, seen))
}

/// Takes the nearest place around the best one that is free; where none is, the best one for a name that must stand.
fn far<T>(wish: &Wish<T>, reach: Px, best: Px, taken: &mut Taken, seen: &Rect) -> Option<Px> {
    let step = wish.height / 2.0;
    let count = |reach: f64| (reach / step).clamp(0.0, MOST_STEPS) as i32;
    let (across, down) = (count(reach.x), count(reach.y));
    let mut steps: Vec<_> = (-across..=across).flat_map(|x| (-down..=down).map(move |y| (x, y))).collect();
    fengtu_geo::order::sort_by(&mut steps, |a, b| (a.0 * a.0 + a.1 * a.1).cmp(&(b.0 * b.0 + b.1 * b.1)));
    let shifted = |(x, y): (i32, i32)| Px {
        x: whole(wish.at.x, best.x + f64::from(x) * step, wish.width / 2.0, seen.left, seen.right),
        y: whole(wish.at.y, best.y + f64::from(y) * step, wish.height / 2.0, seen.top, seen.bottom),
    };
    let rect = |at| Rect::centered(at, wish.width, wish.height);
    let free = steps.into_iter().map(shifted).find(|&at| taken.is_free(&rect(at)));
    let at = free.or_else(|| wish.must.then_some(best))?;
    taken.take(rect(at));
    Some(at)
}

/// Half lines that are tried to each side at most.
const MOST_STEPS: f64 = 30.0;

/// Moves the middle of a label to where neither of two edges cuts it, on that side of them where its own place is.
fn whole(own: f64, at: f64, half: f64, from: f64, to: f64) -> f64 {
    if own < from {
        at.min(from - half)
    } else if own > to {
        at.max(to + half)
    } else {
        at.min(to - half).max(from + half)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn seen(width: f64, height: f64) -> Rect {
        Rect { left: 0.0, top: 0.0, right: width, bottom: height }
    }

    fn wish(rank: u32, x: f64, y: f64) -> Wish<u32> {
        Wish { rank, at: Px { x, y }, width: 60.0, height: 16.0, reach: None, must: false, what: rank }
    }

    #[test]
    fn the_higher_rank_gets_the_place_whatever_the_order() {
        let crowd = vec![wish(5, 100.0, 100.0), wish(1, 100.0, 100.0), wish(2, 101.0, 100.0), wish(3, 99.0, 100.0)];
        let placed = place(crowd, &mut Taken::new(300.0, 300.0), &seen(300.0, 300.0));
        assert_eq!(placed.first(), Some(&(1, Px { x: 100.0, y: 100.0 })));
        assert_eq!(placed.iter().map(|(what, _)| *what).collect::<Vec<_>>(), [1, 2, 3], "the fourth finds no room");
    }

    #[test]
    fn a_symbol_in_the_way_moves_the_label() {
        let mut taken = Taken::new(300.0, 300.0);
        taken.take(Rect::centered(Px { x: 100.0, y: 100.0 }, 14.0, 14.0));
        taken.take(Rect::centered(Px { x: 100.0, y: 290.0 }, 14.0, 14.0));
        let moved = place(vec![wish(1, 100.0, 100.0), wish(1, 100.0, 290.0)], &mut taken, &seen(300.0, 300.0));
        let inwards = [116.0, 274.0].map(|y| (1, Px { x: 100.0, y }));
        assert_eq!(moved, inwards, "towards the middle: at the edge it would be cut");
    }

    #[test]
    fn what_is_spoken_of_is_named_among_symbols_and_even_over_them() {
        let symbols = |from: i32| {
            let mut taken = Taken::new(300.0, 300.0);
            for (x, y) in (from..10).flat_map(|x| (0..10).map(move |y| (x, y))) {
                let at = Px { x: f64::from(x) * 30.0 + 15.0, y: f64::from(y) * 30.0 + 15.0 };
                taken.take(Rect::centered(at, 20.0, 20.0));
            }
            taken
        };
        let street = Wish { reach: Some(Px { x: 120.0, y: 60.0 }), ..wish(1, 150.0, 150.0) };
        let spoken = Wish { must: true, ..street.clone() };
        let placed = |wish: &Wish<u32>, taken: &mut Taken| place(vec![wish.clone()], taken, &seen(300.0, 300.0));
        assert_eq!(placed(&wish(1, 150.0, 150.0), &mut symbols(0)), []);
        assert_eq!(placed(&street, &mut symbols(0)), [], "no other name stands over anything");
        assert_eq!(placed(&street, &mut symbols(3)), placed(&spoken, &mut symbols(3)));
        let beside = placed(&spoken, &mut symbols(3));
        assert!(beside.iter().any(|(_, at)| at.x <= 65.0 && (at.y - 150.0).abs() <= 60.0), "{beside:?}");
        let mut crowd = symbols(0);
        assert_eq!(placed(&spoken, &mut crowd), [(1, Px { x: 150.0, y: 150.0 })], "where there is no room");
        assert!(!crowd.is_free(&Rect::centered(Px { x: 150.0, y: 150.0 }, 2.0, 2.0)), "and nothing stands over it");
    }

    #[test]
    fn the_edge_of_what_is_seen_moves_a_label_in_or_leaves_it_beyond() {
        // What is seen lies in a picture that is wider by 100 on each side.
        let seen = Rect { left: 100.0, top: 100.0, right: 500.0, bottom: 400.0 };
        let at = |x, y| place(vec![wish(5, x, y)], &mut Taken::new(600.0, 500.0), &seen)[0].1;
        assert_eq!(at(300.0, 250.0), Px { x: 300.0, y: 250.0 });
        assert_eq!([at(110.0, 250.0), at(499.0, 399.0)], [Px { x: 130.0, y: 250.0 }, Px { x: 470.0, y: 392.0 }]);
        assert_eq!(at(95.0, 250.0), Px { x: 70.0, y: 250.0 }, "its place is not seen");
        // In its way at the edge is a symbol: it gives way inwards alone.
        let mut taken = Taken::new(600.0, 500.0);
        taken.take(Rect::centered(Px { x: 300.0, y: 395.0 }, 14.0, 14.0));
        assert_eq!(place(vec![wish(5, 300.0, 395.0)], &mut taken, &seen), [(5, Px { x: 300.0, y: 376.0 })]);
    }

    proptest! {
        #[test]
        fn no_edge_cuts_a_label(spots in prop::collection::vec((-50.0..700.0f64, -50.0..500.0f64, 10.0..160.0f64, 0u32..4), 0..60)) {
            let seen = Rect { left: 40.0, top: 30.0, right: 600.0, bottom: 450.0 };
            let wishes = spots.iter().map(|&(x, y, width, rank)| Wish { rank, at: Px { x, y }, width, height: 18.0, reach: None, must: false, what: (x, y, width) });
            for ((x, y, width), at) in place(wishes.collect(), &mut Taken::new(640.0, 480.0), &seen) {
                let (spot, rect) = (Rect::centered(Px { x, y }, 0.0, 0.0), Rect::centered(at, width - 1e-6, 18.0 - 1e-6));
                let is_in = |one: &Rect| one.left >= seen.left && one.top >= seen.top && one.right <= seen.right && one.bottom <= seen.bottom;
                prop_assert_eq!(is_in(&rect), is_in(&spot));
                prop_assert_eq!(rect.overlaps(&seen), is_in(&spot));
            }
        }

        #[test]
        fn no_two_labels_overlap(spots in prop::collection::vec((-50.0..700.0f64, -50.0..500.0f64, 10.0..160.0f64, 0u32..4), 0..120)) {
            let wishes = spots.iter().map(|&(x, y, width, rank)| Wish { rank, at: Px { x, y }, width, height: 18.0, reach: None, must: false, what: width });
            let placed = place(wishes.collect(), &mut Taken::new(640.0, 480.0), &seen(640.0, 480.0));
            let rects: Vec<_> = placed.iter().map(|(width, at)| Rect::centered(*at, *width, 18.0)).collect();
            for (n, one) in rects.iter().enumerate() {
                prop_assert!(rects.iter().skip(n + 1).all(|other| !one.overlaps(other)));
            }
            prop_assert!(spots.is_empty() || !placed.is_empty());
        }
    }
}
