//! Density to colours, and the legend that goes with them.
//!
//! A ramp runs through its colours evenly in `OKLab` (Björn Ottosson, 2020), so that equal steps of density look equally
//! large. Colours are not premultiplied: what a canvas' `ImageData` takes. The colours belong to the style sheet and come
//! in as arguments; the two tables here are defaults.

use crate::density::Density;

/// Holds red, green, blue, alpha, not premultiplied.
pub type Rgba = [u8; 4];
/// Holds red, green, blue.
pub type Rgb = [u8; 3];

/// Default colours on a dark map, from little to much: violet, rose, orange, pale.
pub const NIGHT: [Rgb; 4] = [[64, 32, 120], [168, 58, 128], [244, 148, 70], [255, 246, 220]];
/// Default colours on a light map, from little to much: pale, orange, rose, violet.
pub const DAY: [Rgb; 4] = [[255, 246, 220], [244, 148, 70], [168, 58, 128], [64, 32, 120]];
/// Default share of the ramp over which it fades in from clear.
pub const FADE_IN: f32 = 0.15;
/// Default alpha of a full colour.
pub const OPACITY: u8 = 216;

/// Holds a table of 256 colours, from none to full; entry 0 is clear.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ramp {
    table: [Rgba; 256],
}

impl Ramp {
    /// Makes a ramp through colours at perceptually even speed, fading in over a share (0 to 1) of it up to `opacity`.
    ///
    /// No colours make a ramp that is clear throughout.
    pub fn new(colours: &[Rgb], fade_in: f32, opacity: u8) -> Self {
        let path = Path::through(colours);
        let fade_in = if fade_in > 0.0 { fade_in.min(1.0) } else { 1e-6 };
        let mut table = [[0; 4]; 256];
        for (index, entry) in table.iter_mut().enumerate().skip(1) {
            let share = index as f32 / 255.0;
            if let Some([r, g, b]) = path.at(share) {
                let alpha = f32::from(opacity) * (share / fade_in).min(1.0);
                *entry = [r, g, b, alpha.round() as u8];
            }
        }
        Self { table }
    }

    /// Makes the default ramp for a dark map.
    pub fn night() -> Self {
        Self::new(&NIGHT, FADE_IN, OPACITY)
    }

    /// Makes the default ramp for a light map.
    pub fn day() -> Self {
        Self::new(&DAY, FADE_IN, OPACITY)
    }

    /// Gives the colour of a value on a scale from 0 to `full`; clear if either is not above 0.
    #[inline]
    pub fn colour(&self, value: f32, full: f32) -> Rgba {
        // 256 entries hold every u8, and the cast loses nothing.
        self.table[usize::from(entry(value, per(full)) as u8)]
    }

    /// Gives the table.
    pub fn table(&self) -> &[Rgba; 256] {
        &self.table
    }

    /// Gives round values from 0 up to `full`, at steps of 1, 2 or 5 times a power of ten, with exactly the colours that
    /// [`paint`] gives them; empty if `full` is not above 0.
    pub fn legend_stops(&self, full: f32) -> Vec<(f32, Rgba)> {
        if !full.is_finite() || full < f32::MIN_POSITIVE {
            return Vec::new();
        }
        let step = round_step(f64::from(full) / 5.0);
        let values = (0..=10).map(|count| (f64::from(count) * step) as f32).take_while(|&value| value <= full);
        values.map(|value| (value, self.colour(value, full))).collect()
    }
}

/// Colours a picture on a scale from 0 to `full` into RGBA bytes, four per pixel.
///
/// False, and nothing written, if `out` is not exactly as large as the picture.
#[inline(never)]
#[cfg_attr(all(feature = "simd", target_arch = "wasm32"), target_feature(enable = "simd128"))]
pub fn paint(density: &Density, ramp: &Ramp, full: f32, out: &mut [u8]) -> bool {
    if out.len() != density.values.len() * 4 {
        return false;
    }
    let per = per(full);
    // The entries of a run of pixels first, several at a time: looking up takes one at a time.
    let mut entries = [0; RUN];
    for (values, pixels) in density.values.chunks(RUN).zip(out.as_chunks_mut::<4>().0.chunks_mut(RUN)) {
        entries.iter_mut().zip(values).for_each(|(at, &value)| *at = entry(value, per));
        pixels.iter_mut().zip(&entries).for_each(|(pixel, &at)| *pixel = ramp.table[usize::from(at as u8)]);
    }
    true
}

/// Pixels coloured at once.
const RUN: usize = 256;

/// Gives the entries of a table per unit of density.
fn per(full: f32) -> f32 {
    if full > 0.0 { 255.0 / full } else { 0.0 }
}

/// Gives a value's entry in a table; 0 for what is not a number.
#[inline]
fn entry(value: f32, per: f32) -> i32 {
    let share = value * per + 0.5;
    let share = if share > 0.0 { share } else { 0.0 };
    let share = if share < 255.0 { share } else { 255.0 };
    share as i32
}

/// Gives the least of 1, 2 or 5 times a power of ten that is not less.
fn round_step(least: f64) -> f64 {
    let power = 10_f64.powf(least.log10().floor());
    let rounded = [1.0, 2.0, 5.0].into_iter().map(|factor| factor * power).find(|&step| step >= least * (1.0 - 1e-9));
    rounded.unwrap_or(10.0 * power)
}

/// Holds a colour as lightness and two opponent axes, in which distance is what the eye sees.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Lab([f32; 3]);

impl Lab {
    #[expect(clippy::many_single_char_names, reason = "the names of the colour spaces' axes")]
    fn of(rgb: Rgb) -> Self {
        let [r, g, b] = rgb.map(|byte| linear(f32::from(byte) / 255.0));
        let l = (0.412_221_46 * r + 0.536_332_55 * g + 0.051_445_995 * b).cbrt();
        let m = (0.211_903_5 * r + 0.680_699_5 * g + 0.107_396_96 * b).cbrt();
        let s = (0.088_302_46 * r + 0.281_718_85 * g + 0.629_978_7 * b).cbrt();
        Self([
            0.210_454_26 * l + 0.793_617_8 * m - 0.004_072_047 * s,
            1.977_998_5 * l - 2.428_592_2 * m + 0.450_593_7 * s,
            0.025_904_037 * l + 0.782_771_77 * m - 0.808_675_77 * s,
        ])
    }

    #[expect(clippy::many_single_char_names, reason = "the names of the colour spaces' axes")]
    fn rgb(self) -> Rgb {
        let Self([lightness, a, b]) = self;
        let l = (lightness + 0.396_337_78 * a + 0.215_803_76 * b).powi(3);
        let m = (lightness - 0.105_561_346 * a - 0.063_854_17 * b).powi(3);
        let s = (lightness - 0.089_484_18 * a - 1.291_485_5 * b).powi(3);
        let rgb = [
            4.076_741_7 * l - 3.307_711_6 * m + 0.230_969_94 * s,
            -1.268_438 * l + 2.609_757_4 * m - 0.341_319_38 * s,
            -0.004_196_086_3 * l - 0.703_418_6 * m + 1.707_614_7 * s,
        ];
        rgb.map(|value| (encoded(value) * 255.0).round() as u8)
    }

    fn distance(self, other: Self) -> f32 {
        let squares = self.0.iter().zip(other.0).map(|(a, b)| (a - b) * (a - b));
        squares.sum::<f32>().sqrt()
    }

    fn towards(self, other: Self, share: f32) -> Self {
        let mut mixed = self.0;
        mixed.iter_mut().zip(other.0).for_each(|(a, b)| *a += (b - *a) * share);
        Self(mixed)
    }
}

/// Takes an sRGB component to linear light.
fn linear(value: f32) -> f32 {
    if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
}

/// Takes linear light to an sRGB component, 0 to 1.
fn encoded(value: f32) -> f32 {
    let value = value.clamp(0.0, 1.0);
    if value <= 0.003_130_8 { value * 12.92 } else { 1.055 * value.powf(1.0 / 2.4) - 0.055 }
}

/// Holds a way through colours, with the length up to each.
struct Path {
    points: Vec<(f32, Lab)>,
}

impl Path {
    fn through(colours: &[Rgb]) -> Self {
        let mut points: Vec<(f32, Lab)> = Vec::with_capacity(colours.len());
        for lab in colours.iter().copied().map(Lab::of) {
            let length = points.last().map_or(0.0, |&(length, last)| length + last.distance(lab));
            points.push((length, lab));
        }
        Self { points }
    }

    /// Gives the colour at a share, 0 to 1, of the way's length.
    fn at(&self, share: f32) -> Option<Rgb> {
        let &(whole, end) = self.points.last()?;
        let wanted = share * whole;
        let legs = self.points.iter().zip(self.points.iter().skip(1));
        let leg = legs.into_iter().find(|(_, to)| to.0 >= wanted && to.0 > 0.0);
        let lab = leg.map_or(end, |(from, to)| {
            let length = (to.0 - from.0).max(f32::MIN_POSITIVE);
            from.1.towards(to.1, ((wanted - from.0) / length).clamp(0.0, 1.0))
        });
        Some(lab.rgb())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labs(ramp: &Ramp) -> Vec<Lab> {
        ramp.table().iter().skip(1).map(|&[r, g, b, _]| Lab::of([r, g, b])).collect()
    }

    #[test]
    fn oklab_agrees_with_its_author_and_comes_back() {
        // The blog post's own example of sRGB red is 0.628, 0.225, 0.126.
        let Lab([l, a, b]) = Lab::of([255, 0, 0]);
        assert!((l - 0.628).abs() < 1e-3 && (a - 0.225).abs() < 1e-3 && (b - 0.126).abs() < 1e-3);
        for rgb in [[0, 0, 0], [255, 255, 255], [64, 32, 120], [1, 200, 90]] {
            assert_eq!(Lab::of(rgb).rgb(), rgb);
        }
    }

    #[test]
    fn the_defaults_are_even_and_run_one_way_in_lightness() {
        for (ramp, sign) in [(Ramp::night(), 1.0), (Ramp::day(), -1.0)] {
            let labs = labs(&ramp);
            // Over 15 entries, as a single step is smaller than the rounding to bytes.
            let steps: Vec<_> = labs.windows(16).map(|w| w[0].distance(w[15])).collect();
            let (least, most) = steps.iter().fold((f32::MAX, 0.0_f32), |(a, b), &s| (a.min(s), b.max(s)));
            assert!(most / least < 1.35, "{least} {most}");
            assert!(labs.windows(16).all(|w| (w[15].0[0] - w[0].0[0]) * sign > 0.0));
        }
    }

    #[test]
    fn a_ramp_starts_clear_fades_in_and_ends_at_its_colours() {
        let ramp = Ramp::new(&NIGHT, 0.2, 200);
        assert_eq!(ramp.table()[0], [0, 0, 0, 0]);
        assert_eq!(ramp.table()[255], [255, 246, 220, 200]);
        assert!(ramp.table().windows(2).all(|pair| pair[0][3] <= pair[1][3]));
        assert_eq!(ramp.table()[51][3], 200);
        assert_eq!(Ramp::new(&[], f32::NAN, 255).table(), &[[0; 4]; 256]);
        assert_eq!(Ramp::new(&[[9, 8, 7]], 0.0, 255).table()[128], [9, 8, 7, 255]);
    }

    #[test]
    fn the_legend_shows_what_the_picture_shows() {
        let ramp = Ramp::night();
        let stops = ramp.legend_stops(47.0);
        let values: Vec<f32> = stops.iter().map(|stop| stop.0).collect();
        assert_eq!(values, [0.0, 10.0, 20.0, 30.0, 40.0]);
        let density = Density { width: 5, height: 1, values, max: 47.0, ..Density::default() };
        let mut out = [0; 20];
        assert!(paint(&density, &ramp, 47.0, &mut out));
        let legend: Vec<u8> = stops.iter().flat_map(|stop| stop.1).collect();
        assert_eq!(out.as_slice(), legend);
        assert!(!paint(&density, &ramp, 47.0, &mut out[1..]));
    }

    #[test]
    fn a_scale_of_nothing_is_clear() {
        let ramp = Ramp::day();
        for full in [0.0, -1.0, f32::NAN] {
            assert_eq!(ramp.colour(5.0, full), [0; 4]);
            assert!(ramp.legend_stops(full).is_empty());
        }
        assert_eq!(ramp.colour(f32::NAN, 5.0), [0; 4]);
        assert_eq!(ramp.colour(99.0, 5.0), ramp.table()[255]);
    }
}
