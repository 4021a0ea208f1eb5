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

impl Categories {
    /// Gives 1 for each category in the set and 0 for each other.
    fn shares(&self) -> [f32; 256] {
        let mut shares = [0.0; 256];
        let chosen = shares.iter_mut().zip(0..=u8::MAX).filter(|(_, category)| self.contains(*category));
        chosen.for_each(|(share, _)| *share = 1.0);
        shares
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
        if self.categories.contains(category) { self.aged(time, weight) } else { 0.0 }
    }

    /// Writes what each case counts, as [`Self::weight`] does one by one, in loops without branches.
    #[inline(never)]
    #[cfg_attr(all(feature = "simd", target_arch = "wasm32"), target_feature(enable = "simd128"))]
    pub(crate) fn weigh(&self, time: &[u32], weight: &[f32], category: &[u8], out: &mut [f32]) {
        let cases = out.iter_mut().zip(time.iter().zip(weight));
        match self.fading.map(Fading::rate) {
            None => cases.for_each(|(out, (&time, &weight))| *out = self.in_period(time, weight)),
            Some(rate) => cases.for_each(|(out, (&time, &weight))| *out = self.in_period(time, weight) * rate.at(time)),
        }
        if self.categories != Categories::ALL {
            let shares = self.categories.shares();
            // In bounds: a table of 256 has every u8.
            out.iter_mut().zip(category).for_each(|(out, &category)| *out *= shares[usize::from(category)]);
        }
    }

    #[inline]
    fn aged(&self, time: u32, weight: f32) -> f32 {
        let weight = self.in_period(time, weight);
        self.fading.map_or(weight, |fading| weight * fading.factor(time))
    }

    #[inline]
    fn in_period(&self, time: u32, weight: f32) -> f32 {
        // One comparison for both ends: what is before the start wraps round to a very long time after it.
        let inside = time.wrapping_sub(self.from) < self.to.saturating_sub(self.from);
        if inside { weight } else { 0.0 }
    }
}

impl Fading {
    /// Gives 0.5 to the power of the age in half-lives, exact for whole ones, else within a 100,000th of it; 0 beyond 126.
    #[inline]
    pub fn factor(&self, time: u32) -> f32 {
        self.rate().at(time)
    }

    fn rate(self) -> Rate {
        // Where any age is too old, every age but 0 is beyond the last half-life.
        let per_second = if self.half_life > 0.0 { (1.0 / self.half_life).min(f32::MAX) } else { f32::MAX };
        Rate { now: self.now, per_second }
    }
}

/// Holds a fading made ready.
#[derive(Debug, Clone, Copy)]
struct Rate {
    now: u32,
    /// Half-lives per second.
    per_second: f32,
}

/// Half-lives after which nothing is left: beyond, the power is no normal number.
const GONE: f32 = 126.0;

/// The powers of −ln 2 over the factorials, from the sixth to the first: a power series for 2⁻ᶠ − 1.
const SERIES: [f32; 6] =
    [1.540_353e-4, -1.333_356e-3, 9.618_129e-3, -5.550_411e-2, 0.240_226_5, -std::f32::consts::LN_2];

impl Rate {
    /// Gives 2 to the power of minus the age in half-lives: the whole ones as an exponent's bits, the rest (−½ to ½) by its
    /// power series.
    #[inline]
    fn at(self, time: u32) -> f32 {
        let age = (self.now.max(time) - time) as f32 * self.per_second;
        let age = if age < GONE { age } else { GONE };
        let whole = (age + 0.5) as i32;
        let rest = age - whole as f32;
        let series = SERIES.iter().fold(0.0, |sum, &factor| (sum + factor) * rest);
        let power = (1.0 + series) * f32::from_bits(((127 - whole) as u32) << 23);
        if age < GONE { power } else { 0.0 }
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
    fn fading_is_within_a_hundred_thousandth() {
        for (half_life, step) in [(1.0, 1), (0.3, 1), (3_600.0, 7), (86_400.0 * 30.0, 100_003)] {
            let fading = Fading { now: u32::MAX, half_life };
            for age in (0..1_000_000_u32).filter_map(|n| n.checked_mul(step)) {
                let exact = (-f64::from(age) / f64::from(half_life)).exp2();
                let got = f64::from(fading.factor(u32::MAX - age));
                let lives = age as f32 / half_life;
                assert!((got - exact).abs() <= 1e-5 * exact || lives > 125.0 && got < 1e-37, "{age} {got} {exact}");
                if lives > 130.0 {
                    break;
                }
            }
        }
    }

    #[test]
    fn all_at_once_is_one_by_one() {
        let time: Vec<u32> = (0..500).map(|n| n * 7 % 400).collect();
        let weight: Vec<f32> = (0..500_u16).map(|n| f32::from(n % 9)).collect();
        let category: Vec<u8> = (0..500_u32).map(|n| (n % 256) as u8).collect();
        for fading in [None, Some(Fading { now: 350, half_life: 33.0 }), Some(Fading { now: 9, half_life: -1.0 })] {
            for categories in [Categories::ALL, (0..99).collect()] {
                let filter = Filter { from: 20, to: 380, fading, categories };
                let mut out = vec![f32::NAN; 500];
                filter.weigh(&time, &weight, &category, &mut out);
                let rows = time.iter().zip(&weight).zip(&category);
                let single: Vec<f32> = rows.map(|((&t, &w), &c)| filter.weight(t, w, c)).collect();
                assert_eq!(out, single);
            }
        }
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
