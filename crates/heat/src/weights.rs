//! What each case counts under a filter, kept while the filter stays: a pan pays nothing for time, half-life and category.

use crate::columns::Columns;
use crate::filter::Filter;
use crate::journal::Stamp;
use crate::order::BLOCK;
use crate::rows::Row;

/// Holds what cases count together.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Sum {
    pub cases: u32,
    pub weight: f64,
}

impl Sum {
    /// Adds what one case counts; nothing if that is 0.
    pub fn add(&mut self, weight: f32) {
        if weight > 0.0 {
            self.cases += 1;
            self.weight += f64::from(weight);
        }
    }

    /// Takes away what one case counted.
    pub fn take(&mut self, weight: f32) {
        if weight > 0.0 {
            self.cases = self.cases.saturating_sub(1);
            // Where nothing is left, no rounding is either.
            self.weight = if self.cases == 0 { 0.0 } else { self.weight - f64::from(weight) };
        }
    }

    /// Adds what others count together.
    pub fn join(&mut self, other: Self) {
        self.cases += other.cases;
        self.weight += other.weight;
    }

    /// Sums weights up, several at a time.
    fn of(weights: &[f32]) -> Self {
        let (mut cases, mut sums) = ([0_u32; LANES], [0_f64; LANES]);
        let mut add = |weights: &[f32]| {
            for ((cases, sum), &weight) in cases.iter_mut().zip(&mut sums).zip(weights) {
                *cases += u32::from(weight > 0.0);
                *sum += f64::from(weight);
            }
        };
        let (whole, rest) = weights.as_chunks::<LANES>();
        for weights in whole {
            add(weights);
        }
        add(rest);
        Self { cases: cases.iter().sum(), weight: sums.iter().sum() }
    }
}

const LANES: usize = 8;

/// Says what a reader of the weights has to do to follow.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum News {
    /// Read all anew.
    All,
    /// Follow what changed, if anything did.
    Some,
}

/// Holds what each place counts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Weights {
    of: Option<(Stamp, Filter)>,
    values: Vec<f32>,
    blocks: Vec<Sum>,
}

impl Weights {
    /// Brings the weights up to date; tells each change's place in the plane and how its weight changed to `tell`.
    pub fn follow(&mut self, columns: &Columns, filter: &Filter, mut tell: impl FnMut(&Row, f32)) -> News {
        let stamp = columns.journal().stamp();
        let same = self.of.filter(|(_, of)| of == filter);
        let since = same.and_then(|(known, _)| columns.journal().since(known));
        self.of = Some((stamp, *filter));
        let Some(entries) = since else {
            self.weigh(columns, filter);
            return News::All;
        };
        self.values.resize(columns.rows().len(), 0.0);
        self.blocks.resize(columns.blocks().len(), Sum::default());
        for change in entries {
            let Row { time, weight, category, .. } = change.row;
            let weight = filter.weight(time, weight, category);
            let block = self.blocks.get_mut(change.place / BLOCK);
            if let (Some(value), Some(sum)) = (self.values.get_mut(change.place), block) {
                *value = if change.came { weight } else { 0.0 };
                if change.came {
                    sum.add(weight);
                } else {
                    sum.take(weight);
                }
                tell(&change.row, if change.came { weight } else { -weight });
            }
        }
        News::Some
    }

    /// Gives what each place counts, block by block, with what the block counts together.
    pub fn blocks(&self) -> impl Iterator<Item = (&[f32], Sum)> {
        self.values.chunks(BLOCK).zip(self.blocks.iter().copied())
    }

    fn weigh(&mut self, columns: &Columns, filter: &Filter) {
        let rows = columns.rows();
        self.values.resize(rows.len(), 0.0);
        self.blocks.clear();
        let columns = rows.time.chunks(BLOCK).zip(rows.weight.chunks(BLOCK)).zip(rows.category.chunks(BLOCK));
        for (values, ((time, weight), category)) in self.values.chunks_mut(BLOCK).zip(columns) {
            filter.weigh(time, weight, category, values);
            self.blocks.push(Sum::of(values));
        }
    }
}
