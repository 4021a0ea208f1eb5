//! Heat: densities drawn at half resolution and laid over the ground, or counts per cell for those who see no points.

use fengtu_geo::ellipsoid;
use fengtu_geo::mercator::{self, Metres};
use fengtu_geo::{BBox, LonLat};
use fengtu_heat::{Engine, Ramp, View, paint};
use wasm_bindgen::Clamped;
use web_sys::{HtmlCanvasElement, ImageData};

use super::{Brush, Drawn};
use crate::map::ink::{self, Ink};
use crate::map::model::{Heat, HeatCell, HeatLegend, HeatStop};
use crate::map::plane::{Frame, Px};
use crate::map::theme::rgb;

/// Draws the heat.
#[derive(Default)]
pub struct HeatLayer {
    heat: Heat,
    engine: Engine,
    pixels: Vec<u8>,
    small: Option<(HtmlCanvasElement, Ink)>,
    legend: HeatLegend,
    /// What the legend is of.
    seen: Option<Frame>,
}

/// CSS pixels of one pixel of the heat picture: heat is soft, so half resolution looks the same at a quarter of the work.
const COARSE: f64 = 2.0;
/// The ramp ends at the density that all but this share of the heated pixels stay under.
const FULL_AT: f64 = 0.995;

impl HeatLayer {
    /// Takes what to draw.
    pub fn set(&mut self, heat: Heat) {
        self.heat = heat;
    }

    /// Tells whether there is anything to draw.
    pub const fn wants(&self) -> bool {
        !matches!(self.heat, Heat::Off)
    }

    /// Gives what the colours of the last picture mean.
    pub fn legend(&self) -> &HeatLegend {
        &self.legend
    }

    /// Tells whether the legend is of a view.
    pub fn is_of(&self, view: &Frame) -> bool {
        self.seen.is_some_and(|seen| seen == *view)
    }

    /// Draws the picture and works out its legend: scale and count are of what is seen, without the picture's margin.
    pub fn draw(&mut self, brush: &Brush) -> Drawn {
        self.seen = Some(*brush.view);
        let ramp = ramp(&brush.theme.heat);
        match &self.heat {
            Heat::Off => Drawn::Nothing,
            Heat::Cells { cells, cell_m } => {
                let (cells, cell_m) = (cells.clone(), *cell_m);
                self.draw_cells(brush, &cells, cell_m, &ramp)
            }
            Heat::Points { .. } => self.draw_points(brush, &ramp),
        }
    }

    fn draw_points(&mut self, brush: &Brush, ramp: &Ramp) -> Drawn {
        let Heat::Points { origin, cases, filter, radius_m } = &self.heat else { return Drawn::Nothing };
        let seen = self.engine.render(cases, &view_of(brush.view, *origin).with_radius_m(*radius_m), filter);
        let full = seen.quantile(FULL_AT);
        self.legend = legend(f64::from(full), seen.weight, ramp);
        let view = view_of(brush.frame, *origin).with_radius_m(*radius_m);
        let density = self.engine.render(cases, &view, filter);
        self.pixels.resize(view.width as usize * view.height as usize * 4, 0);
        if full <= 0.0 || !paint(density, ramp, full, &mut self.pixels) {
            return Drawn::Nothing;
        }
        self.lay(brush, &view).map_or(Drawn::Nothing, |()| Drawn::Still)
    }

    /// Puts the pixels into a small canvas, and that into the picture, smoothed.
    fn lay(&mut self, brush: &Brush, view: &View) -> Option<()> {
        let size = (view.width, view.height);
        let fits = |(canvas, _): &(HtmlCanvasElement, Ink)| (canvas.width(), canvas.height()) == size;
        if !self.small.as_ref().is_some_and(fits) {
            self.small = ink::canvas(&brush.document()?, size.0, size.1);
        }
        let (canvas, ink) = self.small.as_ref()?;
        let data = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&self.pixels), size.0, size.1).ok()?;
        ink.raw().put_image_data(&data, 0.0, 0.0).ok()?;
        brush.ink.raw().set_image_smoothing_enabled(true);
        brush.ink.picture(canvas, 0.0, 0.0, f64::from(size.0) * COARSE, f64::from(size.1) * COARSE);
        Some(())
    }

    fn draw_cells(&mut self, brush: &Brush, cells: &[HeatCell], cell_m: f64, ramp: &Ramp) -> Drawn {
        let km2 = (cell_m / 1000.0).powi(2);
        let within = |frame: &Frame| {
            let bounds = frame.bounds();
            move |cell: &&HeatCell| bounds.intersects(&cell_box(cell.at, cell_m))
        };
        let seen = || cells.iter().filter(within(brush.view));
        let full = f64::from(seen().map(|cell| cell.count).max().unwrap_or(0)) / km2;
        self.legend = legend(full, seen().map(|cell| f64::from(cell.count)).sum(), ramp);
        let mut drawn = Drawn::Nothing;
        for cell in cells.iter().filter(within(brush.frame)) {
            drawn = Drawn::Still;
            let [r, g, b, a] = ramp.colour((f64::from(cell.count) / km2) as f32, full as f32);
            brush.ink.fill_with(&format!("rgba({r},{g},{b},{})", f64::from(a) / 255.0));
            let area = cell_box(cell.at, cell_m);
            let low = brush.frame.px(LonLat { lon: area.west, lat: area.north });
            let high = brush.frame.px(LonLat { lon: area.east, lat: area.south });
            brush.ink.raw().fill_rect(low.x, low.y, high.x - low.x, high.y - low.y);
        }
        drawn
    }
}

/// Says what a frame shows in the plane of the heat's columns: Web Mercator metres from an origin.
pub fn view_of(frame: &Frame, origin: Metres) -> View {
    let metres_per_px = 2.0 * mercator::HALF_WORLD / mercator::world_size(frame.zoom);
    let middle = frame.ground(Px { x: frame.width / 2.0, y: frame.height / 2.0 });
    View {
        width: (frame.width / COARSE).ceil() as u32,
        height: (frame.height / COARSE).ceil() as u32,
        west: frame.left * metres_per_px - mercator::HALF_WORLD - origin.x,
        north: mercator::HALF_WORLD - frame.top * metres_per_px - origin.y,
        units_per_px: metres_per_px * COARSE,
        metres_per_unit: middle.lat.to_radians().cos(),
        radius_px: 1.0,
    }
}

fn cell_box(at: LonLat, cell_m: f64) -> BBox {
    let (per_lon, per_lat) = ellipsoid::metres_per_degree(at.lat);
    let (dx, dy) = (cell_m / 2.0 / per_lon, cell_m / 2.0 / per_lat);
    BBox { west: at.lon - dx, south: at.lat - dy, east: at.lon + dx, north: at.lat + dy }
}

/// Steps in which the legend draws the ramp: fewer show as bands.
const RAMP_STEPS: u8 = 16;

fn legend(full: f64, cases: f64, ramp: &Ramp) -> HeatLegend {
    if full <= 0.0 {
        return HeatLegend { cases, ..HeatLegend::default() };
    }
    let css = |[r, g, b, a]: [u8; 4]| format!("rgba({r},{g},{b},{:.3})", f64::from(a) / 255.0);
    let stop = |(value, colour): (f32, [u8; 4])| HeatStop { per_km2: f64::from(value), colour: css(colour) };
    let stops = ramp.legend_stops(full as f32).into_iter().map(stop).collect();
    let ramp = (0..=RAMP_STEPS).map(|step| css(ramp.colour(f32::from(step), f32::from(RAMP_STEPS)))).collect();
    HeatLegend { max_per_km2: full, cases, stops, ramp }
}

/// Makes the ramp of a theme; colours that cannot be read leave the engine's own ramp for a light map.
fn ramp(colours: &[String]) -> Ramp {
    let colours: Option<Vec<_>> = colours.iter().map(|colour| rgb(colour)).collect();
    colours.map_or_else(Ramp::day, |colours| Ramp::new(&colours, 0.15, 216))
}

#[cfg(test)]
mod tests {
    use super::*;
    use fengtu_heat::{Case, Columns, Filter};

    const HALL: LonLat = LonLat { lon: 113.935_9, lat: 22.748_6 };

    #[test]
    fn heat_lies_on_its_case_at_every_zoom() {
        let origin = mercator::project(LonLat { lon: 113.9, lat: 22.7 });
        let at = mercator::project(HALL);
        let mut cases = Columns::new();
        cases.push(Case { x: at.x - origin.x, y: at.y - origin.y, time: 0, weight: 1.0, category: 0 });
        for zoom in [11.0, 13.25, 15.5, 18.0] {
            let frame =
                Frame::around(LonLat { lon: HALL.lon + 0.000_4, lat: HALL.lat }, zoom, (800.0, 600.0), 0.2, 2.0);
            let view = view_of(&frame, origin);
            let (x, y) = view.to_px(at.x - origin.x, at.y - origin.y);
            let px = frame.px(HALL);
            assert!((x * COARSE - px.x).abs() < 0.01 && (y * COARSE - px.y).abs() < 0.01, "zoom {zoom}");
            let mut engine = Engine::new();
            let density = engine.render(&cases, &view.with_radius_m(300.0), &Filter::ALL);
            let hottest = density.values.iter().position(|&value| value >= density.max).unwrap_or_default();
            let (column, row) = (hottest % density.width as usize, hottest / density.width as usize);
            assert!((column as f64 + 0.5 - x).abs() <= 1.5 && (row as f64 + 0.5 - y).abs() <= 1.5, "zoom {zoom}");
        }
    }

    #[test]
    fn a_cell_has_its_size_on_the_ground() {
        let area = cell_box(HALL, 250.0);
        let west = LonLat { lon: area.west, lat: HALL.lat };
        let east = LonLat { lon: area.east, lat: HALL.lat };
        assert!((fengtu_geo::distance::metres(west, east) - 250.0).abs() < 0.01);
    }

    #[test]
    fn the_legend_covers_the_scale() {
        let legend = legend(80.0, 12.0, &Ramp::day());
        assert!(legend.stops.len() >= 3 && legend.stops.iter().all(|stop| stop.per_km2 <= 80.0));
        assert!(super::legend(0.0, 0.0, &Ramp::day()).stops.is_empty());
    }
}
