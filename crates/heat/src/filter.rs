//! Which cases count, and how much: period, categories, half-life.

/// Chooses cases and fades old ones.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Filter {
    /// First second that counts.
    pub from: u32,
    /// First second that no longer counts.
    pub to: u32,
    /// Fading by age; `None` shows every case in full.
    pub fading: Option<Fading>,
    /// Categories that count.
    pub categories: Categories,
}

/// Halves a case's weight with every half-life of age.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fading {
    /// The second that age counts back from; a later case is not faded.
    pub now: u32,
    /// Half-life, seconds; what is not above 0 shows only cases that are not older than `now`.
    pub half_life: f32,
}

/// Holds a set of categories 0 to 255.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Categories([u64; 4]);

impl Categories {
    /// Holds every category.
    pub const ALL: Self = Self([u64::MAX; 4]);
    /// Holds no category.
    pub const NONE: Self = Self([0; 4]);

    /// Makes a set of the first 64 categories by bits.
    pub const fn from_bits(bits: u64) -> Self {
        Self([bits, 0, 0, 0])
    }

    /// Gives the set with one more category.
    #[must_use]
    pub fn with(mut self, category: u8) -> Self {
        // In bounds: a category has eight bits, and 255 / 64 is 3.
        self.0[usize::from(category / 64)] |= 1 << (category % 64);
        self
    }

    /// Tells whether a category is in the set.
    #[inline]
    pub fn contains(&self, category: u8) -> bool {
        self.0[usize::from(category / 64)] >> (category % 64) & 1 == 1
    }
}

impl FromIterator<u8> for Categories {
    fn from_iter<I: IntoIterator<Item = u8>>(categories: I) -> Self {
        categories.into_iter().fold(Self::NONE, Self::with)
    }
}

impl Default for Filter {
    fn default() -> Self {
        Self::ALL
    }
}

impl Filter {
    /// Lets every case count in full (but for the last second that 32 bits hold).
    pub const ALL: Self = Self { from: 0, to: u32::MAX, fading: None, categories: Categories::ALL };

    /// Gives what a case counts: its weight, less for age, or 0 if it is not chosen.
    #[inline]
    pub fn weight(&self, time: u32, weight: f32, category: u8) -> f32 {
        if time < self.from || time >= self.to || !self.categories.contains(category) {
            return 0.0;
        }
        self.fading.map_or(weight, |fading| weight * fading.factor(time))
    }
}

impl Fading {
    /// Gives 0.5 to the power of the age in half-lives.
    #[inline]
    pub fn factor(&self, time: u32) -> f32 {
        let age = self.now.saturating_sub(time) as f32;
        if age <= 0.0 {
            1.0
        } else if self.half_life > 0.0 {
            (-age / self.half_life).exp2()
        } else {
            0.0
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::float_cmp, reason = "powers of two are exact")]
    use super::*;

    #[test]
    fn the_period_is_half_open() {
        let filter = Filter { from: 10, to: 20, ..Filter::ALL };
        let weights = [9, 10, 19, 20].map(|time| filter.weight(time, 2.0, 0));
        assert_eq!(weights, [0.0, 2.0, 2.0, 0.0]);
    }

    #[test]
    fn weight_halves_with_every_half_life() {
        let fading = Some(Fading { now: 1000, half_life: 100.0 });
        let filter = Filter { fading, ..Filter::ALL };
        let weights = [1000, 900, 800, 1500].map(|time| filter.weight(time, 4.0, 0));
        assert_eq!(weights, [4.0, 2.0, 1.0, 4.0]);
    }

    #[test]
    fn a_half_life_of_nothing_leaves_only_the_present() {
        for half_life in [0.0, -1.0, f32::NAN] {
            let filter = Filter { fading: Some(Fading { now: 5, half_life }), ..Filter::ALL };
            assert_eq!([4, 5].map(|time| filter.weight(time, 1.0, 0)), [0.0, 1.0]);
        }
    }

    #[test]
    fn categories_are_a_set_of_256() {
        let set: Categories = [0, 63, 64, 255].into_iter().collect();
        let inside: Vec<u8> = (0..=255).filter(|&category| set.contains(category)).collect();
        assert_eq!(inside, [0, 63, 64, 255]);
        assert!(Categories::from_bits(0b100).contains(2) && !Categories::from_bits(0b100).contains(66));
        assert!((0..=255).all(|category| Categories::ALL.contains(category)));
    }
}
