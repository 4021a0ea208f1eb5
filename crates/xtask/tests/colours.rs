//! Levels can be told apart by everybody: every two of red, yellow, blue and the ground they lie on, by day and by night, as eyes
//! of five kinds see them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeMap;
use std::path::PathBuf;

type Triple = [f64; 3];

/// Least difference (CIEDE2000).
const LEAST: f64 = 20.0;

/// How linear red, green and blue reach an eye. Machado, Oliveira, Fernandes 2009, severity 1.0; without cones, luminance alone.
const EYES: [(&str, [Triple; 3]); 5] = [
    ("normal", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    (
        "protan",
        [[0.152_286, 1.052_583, -0.204_868], [0.114_503, 0.786_281, 0.099_216], [-0.003_882, -0.048_116, 1.051_998]],
    ),
    (
        "deutan",
        [[0.367_322, 0.860_646, -0.227_968], [0.280_085, 0.672_501, 0.047_413], [-0.011_820, 0.042_940, 0.968_881]],
    ),
    (
        "tritan",
        [[1.255_528, -0.076_749, -0.178_779], [-0.078_411, 0.930_809, 0.147_602], [0.004_733, 0.691_367, 0.303_900]],
    ),
    ("achromat", [[0.2126, 0.7152, 0.0722]; 3]),
];

#[test]
fn every_two_levels_and_the_ground_differ_to_every_eye() {
    let text =
        std::fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../style/tokens.css")).unwrap();
    let (day, rest) = text.split_once("\n}").unwrap();
    let night = rest.split_once(":root[data-theme=\"night\"]").unwrap().1.split_once("\n}").unwrap().0;
    let device = rest.split_once("prefers-color-scheme: dark").unwrap().1;
    for (theme, block) in [("day", day), ("night", night), ("night of the device", device)] {
        let tokens = tokens(block);
        for (of, ground) in [("--level", "--ground"), ("--level", "--surface"), ("--map-level", "--map-ground")] {
            let level = |name: &str| tokens[format!("{of}-{name}").as_str()];
            let all =
                [("red", level("red")), ("yellow", level("yellow")), ("blue", level("blue")), ("none", tokens[ground])];
            for (eye, worst) in EYES.map(|(eye, matrix)| (eye, worst(&all, &matrix))) {
                assert!(worst.0 >= LEAST, "{theme}, {of} on {ground}, {eye}: {worst:?}");
            }
        }
    }
}

#[test]
fn what_a_wall_writes_reads_at_seven_to_one() {
    let text =
        std::fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../style/tokens.css")).unwrap();
    let light = |colour: &Triple| dot(colour, &[0.2126, 0.7152, 0.0722]) + 0.05;
    let blocks: Vec<_> = text.split("color-scheme: ").filter(|block| block.contains("--ink-far")).collect();
    assert_eq!(blocks.len(), 3, "day, night, night of the device");
    for block in blocks {
        let (theme, tokens) = (block.lines().next().unwrap(), tokens(block));
        let pairs = [
            ("--ink-far", "--ground"),
            ("--accent-far", "--ground"),
            ("--on-accent", "--accent-far"),
            ("--ink", "--ground"),
            ("--danger", "--ground"),
            ("--ink", "--surface"),
            ("--ink-far", "--surface"),
            ("--map-ink", "--map-halo"),
            ("--ink-far", "--map-halo"),
            ("--water-far", "--map-halo"),
            ("--water-far", "--map-water"),
        ];
        for (ink, ground) in pairs {
            let (one, other) = (light(&tokens[ink]), light(&tokens[ground]));
            let ratio = one.max(other) / one.min(other);
            assert!(ratio >= 7.0, "{theme} {ink} on {ground}: {ratio:.2}");
        }
    }
}

/// The pair that differs least.
fn worst<'a>(all: &[(&'a str, Triple)], eye: &[Triple; 3]) -> (f64, &'a str, &'a str) {
    let mut worst = (f64::MAX, "", "");
    for (n, one) in all.iter().enumerate() {
        for other in &all[n + 1..] {
            let between = difference(lab(reach(one.1, eye)), lab(reach(other.1, eye)));
            if between < worst.0 {
                worst = (between, one.0, other.0);
            }
        }
    }
    worst
}

fn tokens(css: &str) -> BTreeMap<&str, Triple> {
    let pairs = css.split([';', '{']).filter_map(|part| part.trim().split_once(':'));
    pairs.filter_map(|(name, value)| Some((name.trim().lines().next_back()?.trim(), colour(value.trim())?))).collect()
}

/// Reads `#RRGGBB` as linear light.
fn colour(text: &str) -> Option<Triple> {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    let part = |at: usize| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok().map(|n| linear(f64::from(n) / 255.0));
    Some([part(0)?, part(2)?, part(4)?])
}

fn linear(c: f64) -> f64 {
    if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
}

fn dot(a: &Triple, b: &Triple) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn reach(light: Triple, eye: &[Triple; 3]) -> Triple {
    [0, 1, 2].map(|row| dot(&eye[row], &light).clamp(0.0, 1.0))
}

/// CIE L*a*b* of linear sRGB, D65.
fn lab(light: Triple) -> Triple {
    let xyz = [
        dot(&[0.412_456_4, 0.357_576_1, 0.180_437_5], &light) / 0.950_47,
        dot(&[0.212_672_9, 0.715_152_2, 0.072_175_0], &light),
        dot(&[0.019_333_9, 0.119_192_0, 0.950_304_1], &light) / 1.088_83,
    ];
    let [x, y, z] = xyz.map(|t| if t > 216.0 / 24_389.0 { t.cbrt() } else { (24_389.0 / 27.0 * t + 16.0) / 116.0 });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// CIEDE2000, in the steps and names of Sharma, Wu, Dalal 2005.
#[allow(clippy::many_single_char_names, clippy::similar_names, reason = "the paper's names")]
fn difference(one: Triple, other: Triple) -> f64 {
    let hypot = |a: f64, b: f64| a.hypot(b);
    let c_mean = f64::midpoint(hypot(one[1], one[2]), hypot(other[1], other[2]));
    let c7 = c_mean.powi(7);
    let g = 0.5 * (1.0 - (c7 / (c7 + 25.0_f64.powi(7))).sqrt());
    let polar = |lab: Triple| {
        let a = lab[1] * (1.0 + g);
        let hue = lab[2].atan2(a).to_degrees();
        (hypot(a, lab[2]), if hue < 0.0 { hue + 360.0 } else { hue })
    };
    let ((c1, h1), (c2, h2)) = (polar(one), polar(other));
    let grey = c1 * c2 == 0.0;
    let dh = match h2 - h1 {
        _ if grey => 0.0,
        d if d > 180.0 => d - 360.0,
        d if d < -180.0 => d + 360.0,
        d => d,
    };
    let (dl, dc) = (other[0] - one[0], c2 - c1);
    let dhue = 2.0 * (c1 * c2).sqrt() * (dh / 2.0).to_radians().sin();
    let (l, c) = (f64::midpoint(one[0], other[0]), f64::midpoint(c1, c2));
    let h = match h1 + h2 {
        sum if grey => sum,
        sum if (h1 - h2).abs() <= 180.0 => sum / 2.0,
        sum if sum < 360.0 => f64::midpoint(sum, 360.0),
        sum => (sum - 360.0) / 2.0,
    };
    let cos = |degrees: f64| degrees.to_radians().cos();
    let t = 1.0 - 0.17 * cos(h - 30.0) + 0.24 * cos(2.0 * h) + 0.32 * cos(3.0 * h + 6.0) - 0.20 * cos(4.0 * h - 63.0);
    let l50 = (l - 50.0).powi(2);
    let (sl, sc, sh) = (1.0 + 0.015 * l50 / (20.0 + l50).sqrt(), 1.0 + 0.045 * c, 1.0 + 0.015 * c * t);
    let turn = 30.0 * (-((h - 275.0) / 25.0).powi(2)).exp();
    let rt = -(2.0 * turn).to_radians().sin() * 2.0 * (c.powi(7) / (c.powi(7) + 25.0_f64.powi(7))).sqrt();
    let (l, c, h) = (dl / sl, dc / sc, dhue / sh);
    (l * l + c * c + h * h + rt * c * h).sqrt()
}

/// Pairs of the paper's own table of test data.
#[test]
fn the_difference_is_the_papers() {
    for (one, other, expected) in [
        ([50.0, 2.6772, -79.7751], [50.0, 0.0, -82.7485], 2.0425),
        ([50.0, -1.0, 2.0], [50.0, 0.0, 0.0], 2.3669),
        ([50.0, 2.49, -0.001], [50.0, -2.49, 0.0009], 7.1792),
        ([50.0, 2.5, 0.0], [73.0, 25.0, -18.0], 27.1492),
        ([22.7233, 20.0904, -46.694], [23.0331, 14.973, -42.5619], 2.0373),
        ([90.8027, -2.0831, 1.441], [91.1528, -1.6435, 0.0447], 1.4441),
    ] {
        assert!((difference(one, other) - expected).abs() < 5e-5, "{one:?} {other:?}: {}", difference(one, other));
    }
}

/// Two levels of the first palette: the test finds what it is for.
#[test]
fn a_palette_that_fails_is_found() {
    let of = |text: &str| colour(text).unwrap();
    let first = [("yellow", of("#FFC20A")), ("none", of("#F7F8F6"))];
    assert!(worst(&first, &EYES[4].1).0 < 10.0, "a light yellow on paper is nothing to an eye without cones");
}
