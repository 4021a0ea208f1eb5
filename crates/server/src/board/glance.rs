//! What a question about a period looks at first: sixteen bytes of every case, in the order of the cases.
//!
//! A case in memory takes about a hundred bytes, most questions are about a few weeks, and reading a million whole cases
//! to leave most of them out takes longer than counting the rest.

use std::ops::Range;

use fengtu_domain::statistics::Period;

use super::facts::Packed;
use super::tree::Ix;

/// Stands for "not yet" and for "never": no case is of the year 2106.
const NEVER: u32 = u32::MAX;

/// One case at a glance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Glance {
    reported: u32,
    ended: u32,
    place: Ix,
    served: u32,
}

impl Glance {
    /// Takes a case at a glance; one that may not be counted is as if nobody had reported it.
    pub fn of(case: &Packed, may_count: bool) -> Self {
        let seconds = |at: i64| at.clamp(0, i64::from(NEVER)) as u32;
        Self {
            reported: if may_count { seconds(case.reported_at()) } else { NEVER },
            ended: case.ended_at().map_or(NEVER, seconds),
            place: case.place(),
            served: case.served_at().map_or(NEVER, seconds),
        }
    }

    /// Returns the number of its place in the tree.
    pub const fn place(self) -> Ix {
        self.place
    }

    /// Returns whether it can be counted in a period: it had been reported, and was not over before.
    pub fn touches(self, period: Period) -> bool {
        i64::from(self.reported) < period.to && period.from <= i64::from(self.ended)
    }

    /// Returns when it was a psychological service given, if it was one.
    pub fn served_at(self) -> Option<i64> {
        (self.served != NEVER).then_some(i64::from(self.served))
    }
}

/// Splits numbers into parts of about the same size, at most `parts` and none of them small.
pub fn split(len: usize, parts: usize) -> Vec<Range<usize>> {
    const LEAST: usize = 32_768;
    let size = len.div_ceil(parts.max(1)).max(LEAST);
    (0..len).step_by(size).map(|from| from..(from + size).min(len)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_whole_and_few() {
        for (len, parts) in [(0, 4), (1, 4), (32_768, 4), (32_769, 4), (1_000_003, 4), (1_000_000, 0)] {
            let all = split(len, parts);
            assert!(all.len() <= parts.max(1));
            assert!(all.iter().cloned().flatten().eq(0..len), "{len} in {parts}");
        }
    }
}
