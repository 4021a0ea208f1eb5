//! The map's colours and weights as plain values, read from the style sheet's custom properties.

use fengtu_wire::stations::CircleKind;
use fengtu_wire::warnings::Level;
use web_sys::CssStyleDeclaration;

/// Holds everything that a layer needs to know about the look.
///
/// Every colour is text that a canvas understands. The default is made of the browser's own system colours, which is what
/// a page without the style sheet shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapTheme {
    /// Family of the labels.
    pub font: String,
    /// The ground.
    pub ground: String,
    /// Green ground.
    pub green: String,
    /// Lakes and rivers.
    pub water: String,
    /// Names of water.
    pub water_ink: String,
    /// The edge of roads.
    pub road_edge: String,
    /// Roads, from lane to main road.
    pub roads: [String; 3],
    /// Railways.
    pub rail: String,
    /// Names of first rank.
    pub ink: String,
    /// Names of lesser rank.
    pub ink_soft: String,
    /// What surrounds names, so that they read on anything.
    pub halo: String,
    /// Borders of areas.
    pub border: String,
    /// Borders of the levels above.
    pub border_strong: String,
    /// Blue, yellow, red.
    pub levels: [String; 3],
    /// What lies over ground that is out of focus.
    pub dim: String,
    /// Selection and what can be acted on.
    pub accent: String,
    /// Appeal, legal, psychological circles.
    pub circles: [String; 3],
    /// Hatching of uncovered ground, and marks of uncovered buildings.
    pub uncovered: String,
    /// Stations.
    pub station: String,
    /// Paper of a closed station, and glyph of an open one.
    pub station_paper: String,
    /// Cases.
    pub case: String,
    /// Buildings.
    pub building: String,
    /// The heat ramp from nothing to most.
    pub heat: [String; 6],
    /// How large names, symbols and lines are, in per cent of their size at a desk.
    pub scale_percent: u32,
}

/// Gives how strongly levels fill their ground at a zoom, and their hatch: over the district data reads first; among the
/// streets of one grid the ground must show through.
pub fn level_alpha(zoom: f64) -> (f64, f64) {
    let near = ((zoom - 14.0) / 3.0).clamp(0.0, 1.0);
    (0.42 - 0.22 * near, 0.85 - 0.4 * near)
}

impl Default for MapTheme {
    fn default() -> Self {
        Self::read(|_| None)
    }
}

impl MapTheme {
    /// Reads the theme from the computed style of an element.
    pub fn of(style: &CssStyleDeclaration) -> Self {
        Self::read(|name| style.get_property_value(name).ok())
    }

    /// Reads the theme from anything that knows custom properties by name; what it lacks falls to system colours.
    pub fn read(property: impl Fn(&str) -> Option<String>) -> Self {
        let get = |name: &str, fallback: &str| {
            let value = property(name).map(|value| value.trim().to_owned());
            value.filter(|value| !value.is_empty()).unwrap_or_else(|| fallback.to_owned())
        };
        let ink = |name: &str| get(name, "CanvasText");
        let paper = |name: &str| get(name, "Canvas");
        let soft = |name: &str| get(name, "GrayText");
        Self {
            font: get("--map-font", "sans-serif"),
            ground: paper("--map-ground"),
            green: paper("--map-green"),
            water: soft("--map-water"),
            water_ink: soft("--map-water-ink"),
            road_edge: soft("--map-road-edge"),
            roads: ["--map-road-minor", "--map-road-secondary", "--map-road-primary"].map(paper),
            rail: soft("--map-rail"),
            ink: ink("--map-ink"),
            ink_soft: soft("--map-ink-soft"),
            halo: paper("--map-halo"),
            border: soft("--map-border"),
            border_strong: ink("--map-border-strong"),
            levels: ["--map-level-blue", "--map-level-yellow", "--map-level-red"].map(ink),
            dim: paper("--map-dim"),
            accent: get("--map-accent", "Highlight"),
            circles: ["--map-circle-appeal", "--map-circle-legal", "--map-circle-psychological"].map(ink),
            uncovered: ink("--map-uncovered"),
            station: ink("--map-station"),
            station_paper: paper("--map-station-paper"),
            case: ink("--map-case"),
            building: soft("--map-building"),
            heat: ["--map-heat-0", "--map-heat-1", "--map-heat-2", "--map-heat-3", "--map-heat-4", "--map-heat-5"]
                .map(ink),
            scale_percent: percent(&get("--map-scale", "1")),
        }
    }

    /// Gives how many times larger than at a desk everything is drawn that has a size of its own.
    pub fn scale(&self) -> f64 {
        f64::from(self.scale_percent) / 100.0
    }

    /// Gives a level's colour; none for no warning.
    pub fn level(&self, level: Level) -> Option<&str> {
        let [blue, yellow, red] = &self.levels;
        match level {
            Level::Blue => Some(blue),
            Level::Yellow => Some(yellow),
            Level::Red => Some(red),
            Level::None => None,
        }
    }

    /// Gives the hue of a kind of circle.
    pub fn circle(&self, kind: CircleKind) -> &str {
        let [appeal, legal, psychological] = &self.circles;
        match kind {
            CircleKind::Legal => legal,
            CircleKind::Psychological => psychological,
            CircleKind::Appeal => appeal,
        }
    }
}

/// Reads a factor as whole per cent, from half to twelve times.
fn percent(factor: &str) -> u32 {
    let factor = factor.parse::<f64>().ok().filter(|factor| factor.is_finite()).unwrap_or(1.0);
    (factor.clamp(0.5, 12.0) * 100.0).round() as u32
}

/// Reads a colour written as six hexadecimal digits; `None` for any other way to write one.
pub fn rgb(colour: &str) -> Option<[u8; 3]> {
    let digits = colour.trim().strip_prefix('#')?;
    let number = u32::from_str_radix(digits, 16).ok().filter(|_| digits.len() == 6 && !digits.starts_with('+'))?;
    let [_, r, g, b] = number.to_be_bytes();
    Some([r, g, b])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_grow_lighter_towards_the_street() {
        let (far, near) = (level_alpha(12.0), level_alpha(18.0));
        assert!(far.0 > 2.0 * near.0 && near.0 > 0.15 && near.1 > near.0);
    }

    #[test]
    fn six_digits_are_a_colour() {
        let text = format!("#{:06x}", 0x0E_7C_86);
        assert_eq!(rgb(&text), Some([0x0E, 0x7C, 0x86]));
        assert_eq!([rgb("teal"), rgb(&text[..4]), rgb("#+0E7C8")], [None; 3]);
    }

    #[test]
    fn properties_are_taken_and_gaps_are_filled() {
        let theme = MapTheme::read(|name| match name {
            "--map-level-red" => Some(" crimson ".to_owned()),
            "--map-ground" => Some("  ".to_owned()),
            "--map-scale" => Some(" 2.5".to_owned()),
            _ => None,
        });
        assert_eq!(theme.level(Level::Red), Some("crimson"));
        assert_eq!(theme.level(Level::Blue), Some("CanvasText"));
        assert_eq!(theme.level(Level::None), None);
        assert_eq!(theme.ground, "Canvas", "an empty property counts as missing");
        assert_eq!((theme.scale_percent, MapTheme::default().scale_percent, percent("NaN")), (250, 100, 100));
    }
}
