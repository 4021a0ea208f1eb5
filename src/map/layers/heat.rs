//! Heat: densities drawn elsewhere at half resolution and laid over the ground, or counts per cell for those who see no points.

use fengtu_geo::coord::nearest;
use fengtu_geo::ellipsoid;
use fengtu_geo::mercator::{self, Metres};
use fengtu_geo::order::sort_by;
use fengtu_geo::{BBox, LonLat};
use fengtu_heat::Ramp;
use fengtu_heat_worker::Draw;

use super::{Brush, Drawn};
use crate::map::labels::Rect;
use crate::map::model::{Heat, HeatCell, HeatHere, HeatLegend, HeatStop, HeatTrouble};
use crate::map::plane::Frame;
use crate::map::theme::{MapTheme, rgb};
use crate::map::wish::{Ask, HeatPicture, Wish};

/// Draws the heat.
#[derive(Default)]
pub struct HeatLayer {
    heat: Heat,
    legend: HeatLegend,
    /// The ramp that the last picture was asked with.
    colours: [String; 6],
    /// What the legend is of.
    seen: Option<Frame>,
    /// What the last picture was asked of, where it is drawn elsewhere.
    asked: Option<Frame>,
}

/// Cells that no label covers: these at the most, and none that has less than this part of the most.
const MOST_HOT: usize = 12;
const HOT: f64 = 0.6;
/// CSS pixels of a cell that leaves no name unwritten: of a larger one enough is seen around a name.
const LARGE_PX: f64 = 64.0;

/// CSS pixels of one pixel of the heat picture: heat is soft, so half resolution looks the same at a quarter of the work.
pub const COARSE: f64 = 2.0;

impl HeatLayer {
    /// Takes what to draw.
    pub fn set(&mut self, heat: Heat) {
        self.heat = heat;
        if !self.comes_later() {
            self.asked = None;
        }
        if !self.wants() {
            self.set_legend(HeatLegend::default());
        }
    }

    /// Tells whether there is anything to draw.
    pub const fn wants(&self) -> bool {
        !matches!(self.heat, Heat::Off)
    }

    /// Tells whether the picture is drawn elsewhere, and comes when it is ready.
    pub const fn comes_later(&self) -> bool {
        matches!(self.heat, Heat::Points { .. })
    }

    /// Gives what a picture that comes later was last asked of.
    pub const fn asked(&self) -> Option<Frame> {
        self.asked
    }

    /// Gives what the colours of the last picture mean.
    pub fn legend(&self) -> &HeatLegend {
        &self.legend
    }

    /// Tells whether the legend is of a view, or will be.
    pub fn is_of(&self, view: &Frame) -> bool {
        self.seen.is_some_and(|seen| seen == *view)
    }

    /// Makes the wish for a picture.
    pub fn wish(&mut self, frame: &Frame, view: &Frame, theme: &MapTheme) -> Option<Wish> {
        let Heat::Points { points, radius_m } = &self.heat else { return None };
        self.seen = Some(view.enlarged(theme.scale()));
        self.asked = Some(*frame);
        self.colours.clone_from(&theme.heat);
        let colours = theme.heat.iter().filter_map(|colour| rgb(colour)).flatten().collect();
        let draw = Draw { radius_m: *radius_m, ..draw_of(frame, view) };
        Some(Wish { points: points.clone(), ask: Ask::Picture { colours, draw, frame: *frame } })
    }

    /// Makes the wish to know what is at a place; `None` where the engine draws nothing.
    pub fn look(&self, at: Metres) -> Option<Wish> {
        let Heat::Points { points, .. } = &self.heat else { return None };
        Some(Wish { points: points.clone(), ask: Ask::Look(at) })
    }

    /// Gives the cell at a place, where there are cells.
    pub fn cell_at(&self, at: LonLat) -> Option<HeatHere> {
        let Heat::Cells { cells, cell_m } = &self.heat else { return None };
        let cell = cells.iter().find(|cell| cell_box(cell.at, *cell_m, at.lon).contains(at))?;
        let per_km2 = f64::from(cell.count) / (cell_m / 1000.0).powi(2);
        Some(HeatHere { per_km2, cases: cell.count, ..HeatHere::default() })
    }

    /// Tells whether there are cells.
    pub const fn has_cells(&self) -> bool {
        matches!(self.heat, Heat::Cells { .. })
    }

    /// Gives the boxes of the hottest cells that are seen, so that labels keep clear of them.
    pub fn hot_boxes(&self, frame: &Frame, view: &Frame) -> Vec<Rect> {
        let Heat::Cells { cells, cell_m } = &self.heat else { return Vec::new() };
        let mut seen: Vec<_> = cells.iter().filter(shown(view, *cell_m)).copied().collect();
        sort_by(&mut seen, |a, b| b.count.cmp(&a.count));
        let most = seen.first().map_or(0.0, |cell| f64::from(cell.count));
        let hot = seen.iter().take(MOST_HOT).take_while(|cell| f64::from(cell.count) >= most * HOT);
        let boxes = hot.map(|cell| cell_rect(frame, cell.at, *cell_m));
        boxes.filter(|rect| rect.right - rect.left < LARGE_PX).collect()
    }

    /// Takes what is amiss with the engine, and how many cases cannot be drawn.
    pub const fn set_trouble(&mut self, trouble: Option<HeatTrouble>, left_out: u32) {
        (self.legend.trouble, self.legend.left_out) = (trouble, left_out);
    }

    /// Takes a picture's figures; a picture of what is not wished any more is none.
    pub fn take(&mut self, picture: HeatPicture) -> Option<HeatPicture> {
        if !self.comes_later() {
            return None;
        }
        let told = picture.told;
        let legend = legend(told.full_per_km2, told.cases.into(), &ramp(&self.colours));
        self.set_legend(HeatLegend { is_weighted: true, ..legend });
        Some(picture)
    }

    /// What is amiss is of the engine, and not of a picture.
    fn set_legend(&mut self, legend: HeatLegend) {
        let HeatLegend { left_out, trouble, .. } = self.legend;
        self.legend = HeatLegend { left_out, trouble, ..legend };
    }

    /// Draws cells and works out their legend: scale and count are of what is seen, without the picture's margin.
    pub fn draw(&mut self, brush: &Brush) -> Drawn {
        self.seen = Some(*brush.view);
        let Heat::Cells { cells, cell_m } = &self.heat else { return Drawn::Nothing };
        let (cells, cell_m) = (cells.clone(), *cell_m);
        self.draw_cells(brush, &cells, cell_m, &ramp(&brush.theme.heat))
    }

    fn draw_cells(&mut self, brush: &Brush, cells: &[HeatCell], cell_m: f64, ramp: &Ramp) -> Drawn {
        let km2 = (cell_m / 1000.0).powi(2);
        let seen = || cells.iter().filter(shown(brush.view, cell_m));
        let full = f64::from(seen().map(|cell| cell.count).max().unwrap_or(0)) / km2;
        self.legend = legend(full, seen().map(|cell| u64::from(cell.count)).sum(), ramp);
        let mut drawn = Drawn::Nothing;
        for cell in cells.iter().filter(shown(brush.frame, cell_m)) {
            drawn = Drawn::Still;
            let [r, g, b, a] = ramp.colour((f64::from(cell.count) / km2) as f32, full as f32);
            brush.ink.fill_with(&format!("rgba({r},{g},{b},{})", f64::from(a) / 255.0));
            let on = cell_rect(brush.frame, cell.at, cell_m);
            brush.ink.raw().fill_rect(on.left, on.top, on.right - on.left, on.bottom - on.top);
        }
        drawn
    }
}

/// Says what the engine is to draw for a frame of which a view is seen.
pub fn draw_of(frame: &Frame, view: &Frame) -> Draw {
    let metres_per_px = 2.0 * mercator::HALF_WORLD / mercator::world_size(frame.zoom);
    let coarse = |px: f64| (px / COARSE).max(0.0);
    let sides = |frame: &Frame| (coarse(frame.width).ceil() as u32, coarse(frame.height).ceil() as u32);
    let (width, height) = sides(frame);
    // Never beyond the picture: a view half a pixel off it is all of it.
    let (left, top) = (coarse(view.left - frame.left) as u32, coarse(view.top - frame.top) as u32);
    let (wide, high) = sides(view);
    Draw {
        job: 0,
        width,
        height,
        west: frame.left * metres_per_px - mercator::HALF_WORLD,
        north: mercator::HALF_WORLD - frame.top * metres_per_px,
        metres_per_px: metres_per_px * COARSE,
        ground_per_metre: frame.middle().lat.to_radians().cos(),
        radius_m: 0.0,
        seen: [left, top, wide.min(width.saturating_sub(left)), high.min(height.saturating_sub(top))],
    }
}

fn cell_rect(frame: &Frame, at: LonLat, cell_m: f64) -> Rect {
    let area = cell_box(at, cell_m, frame.middle().lon);
    let low = frame.px(LonLat { lon: area.west, lat: area.north });
    let high = frame.px(LonLat { lon: area.east, lat: area.south });
    Rect { left: low.x, top: low.y, right: high.x, bottom: high.y }
}

fn shown(frame: &Frame, cell_m: f64) -> impl Fn(&&HeatCell) -> bool + use<> {
    let (bounds, beside) = (frame.bounds(), frame.middle().lon);
    move |cell| bounds.intersects(&cell_box(cell.at, cell_m, beside))
}

/// Gives the box of a cell, on that turn round the world that is nearest to a longitude.
fn cell_box(at: LonLat, cell_m: f64, beside: f64) -> BBox {
    let (per_lon, per_lat) = ellipsoid::metres_per_degree(at.lat);
    let (dx, dy) = (cell_m / 2.0 / per_lon, cell_m / 2.0 / per_lat);
    let lon = nearest(at.lon, beside);
    BBox { west: lon - dx, south: at.lat - dy, east: lon + dx, north: at.lat + dy }
}

/// Steps in which the legend draws the ramp: fewer show as bands.
const RAMP_STEPS: u8 = 16;

fn legend(full: f64, cases: u64, ramp: &Ramp) -> HeatLegend {
    if full <= 0.0 {
        return HeatLegend { cases, ..HeatLegend::default() };
    }
    let css = |[r, g, b, a]: [u8; 4]| format!("rgba({r},{g},{b},{:.3})", f64::from(a) / 255.0);
    let stop = |(value, colour): (f32, [u8; 4])| HeatStop { per_km2: f64::from(value), colour: css(colour) };
    let stops = ramp.legend_stops(full as f32).into_iter().map(stop).collect();
    let ramp = (0..=RAMP_STEPS).map(|step| css(ramp.colour(f32::from(step), f32::from(RAMP_STEPS)))).collect();
    HeatLegend { max_per_km2: full, cases, stops, ramp, ..HeatLegend::default() }
}

/// Makes the ramp of a theme; colours that cannot be read leave the engine's own ramp for a light map.
fn ramp(colours: &[String]) -> Ramp {
    let colours: Option<Vec<_>> = colours.iter().map(|colour| rgb(colour)).collect();
    colours.map_or_else(Ramp::day, |colours| Ramp::new(&colours, 0.15, 216))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, reason = "tests")]

    use std::sync::Arc;

    use super::*;
    use crate::map::plane::Px;
    use fengtu_heat_worker::{Choice, Command, Pictured, Reply, Service};
    use fengtu_wire::heat::{PointColumns, PointsForm};

    const HALL: LonLat = LonLat { lon: 113.935_9, lat: 22.748_6 };

    /// Makes a service that has one case.
    fn service_of(at: LonLat) -> Service {
        let points = PointColumns {
            bounds: [at.lon, at.lat, at.lon + 0.1, at.lat + 0.05],
            categories: vec!["wages".into()],
            seconds: vec![0],
            x: vec![0],
            y: vec![0],
            category: vec![0],
            weight: vec![1],
            ..PointColumns::default()
        };
        let mut service = Service::new();
        service.obey(Command::Load { turn: 1, form: PointsForm::Columns, bytes: points.encode() });
        service.obey(Command::Choose(Choice { from: i64::MIN / 2, ..Choice::default() }));
        service
    }

    #[test]
    fn heat_lies_on_its_case_at_every_zoom() {
        // Also where the square world ends: at 85° and beside the antimeridian, with a view that reaches across it.
        for at in [HALL, LonLat { lon: 179.9, lat: 85.0 }, LonLat { lon: -180.0, lat: -85.0 }] {
            let mut service = service_of(at);
            for zoom in [11.0, 13.25, 15.5, 18.0] {
                lies_on(&mut service, at, zoom);
            }
        }
    }

    fn lies_on(service: &mut Service, at: LonLat, zoom: f64) {
        let center = LonLat { lon: at.lon + 0.000_4, lat: at.lat };
        let frame = Frame::around(center, zoom, (800.0, 600.0), 0.2, 2.0);
        let view = Frame::around(center, zoom, (800.0, 600.0), 0.0, 2.0);
        let draw = draw_of(&frame, &view);
        let radius_m = 40.0 * draw.metres_per_px * draw.ground_per_metre;
        let reply = service.obey(Command::Draw(Draw { radius_m, ..draw }));
        let Some(Reply::Pictured(told)) = reply else { panic!("{reply:?}") };
        assert_eq!((told.cases, told.width), (1, (frame.width / COARSE).ceil() as u32), "{at:?} zoom {zoom}");
        let alphas = service.pixels().as_chunks::<4>().0.iter().map(|[.., alpha]| *alpha);
        let heated: Vec<_> = alphas.enumerate().filter(|(_, alpha)| *alpha > 0).map(|(at, _)| at).collect();
        let mean = |of: fn(usize, usize) -> usize| {
            heated.iter().map(|at| of(*at, told.width as usize) as f64).sum::<f64>() / heated.len() as f64
        };
        let (x, y) = (mean(|at, width| at % width) + 0.5, mean(|at, width| at / width) + 0.5);
        let px = frame.px(at);
        let off = (x * COARSE - px.x).abs().max((y * COARSE - px.y).abs());
        assert!(off < 1.5, "{at:?} zoom {zoom}: {x} {y} {px:?}");
    }

    #[test]
    fn what_is_seen_is_never_beyond_the_picture() {
        for (zoom, margin, size) in [(11.0, 0.0, (801.0, 599.0)), (13.7, 0.2, (1.0, 1.0)), (16.0, 0.06, (0.0, 0.0))] {
            let frame = Frame::around(HALL, zoom, size, margin, 1.5);
            let draw = draw_of(&frame, &Frame::around(HALL, zoom, size, 0.0, 1.5));
            let [left, top, width, height] = draw.seen;
            assert!(left + width <= draw.width && top + height <= draw.height, "{draw:?}");
        }
    }

    #[test]
    fn a_cell_has_its_size_on_the_ground() {
        let area = cell_box(HALL, 250.0, HALL.lon);
        let west = LonLat { lon: area.west, lat: HALL.lat };
        let east = LonLat { lon: area.east, lat: HALL.lat };
        assert!((fengtu_geo::distance::metres(west, east) - 250.0).abs() < 0.01);
    }

    #[test]
    fn cells_on_both_sides_of_the_antimeridian_are_seen_from_either() {
        let at = |lon| LonLat { lon, lat: 10.0 };
        let cells = Arc::new(vec![
            HeatCell { at: at(179.995), count: 7 },
            HeatCell { at: at(-179.995), count: 5 },
            HeatCell { at: at(0.0), count: 9 },
        ]);
        let mut layer = HeatLayer::default();
        layer.set(Heat::Cells { cells, cell_m: 300.0 });
        for middle in [180.0, -180.0, 540.0] {
            let frame = Frame::around(at(middle), 14.0, (800.0, 600.0), 0.0, 1.0);
            let boxes = layer.hot_boxes(&frame, &frame);
            let centres: Vec<_> = boxes.iter().map(|rect| f64::midpoint(rect.left, rect.right) - 400.0).collect();
            let px = 0.005 / 360.0 * mercator::world_size(14.0);
            assert!(
                matches!(centres[..], [west, east] if (west + px).abs() < 1.5 && (east - px).abs() < 1.5),
                "{middle}: {centres:?}"
            );
            for (off, cases) in [(-0.005, Some(7)), (0.005, Some(5)), (0.05, None)] {
                assert_eq!(layer.cell_at(at(middle + off)).map(|here| here.cases), cases, "{middle} {off}");
            }
        }
    }

    #[test]
    fn no_label_is_to_cover_the_hottest_cells_that_are_seen() {
        let cell = |east: f64, count| HeatCell { at: LonLat { lon: HALL.lon + east, lat: HALL.lat }, count };
        let counts = [(0.0, 50), (0.01, 20), (0.02, 31), (3.0, 900)];
        let cells = Arc::new(counts.map(|(east, count)| cell(east, count)).to_vec());
        let mut layer = HeatLayer::default();
        layer.set(Heat::Cells { cells, cell_m: 250.0 });
        let frame = Frame::around(HALL, 14.0, (800.0, 600.0), 0.0, 1.0);
        let boxes = layer.hot_boxes(&frame, &frame);
        let holds = |rect: &Rect, at| {
            let Px { x, y } = frame.px(at);
            rect.left < x && x < rect.right && rect.top < y && y < rect.bottom
        };
        let expected = [cell(0.0, 50), cell(0.02, 31)];
        assert_eq!(boxes.len(), expected.len(), "neither what is cool nor what is not seen");
        assert!(boxes.iter().zip(expected).all(|(rect, cell)| holds(rect, cell.at)), "{boxes:?}");
        let near = Frame::around(HALL, 17.0, (800.0, 600.0), 0.0, 1.0);
        assert!(layer.hot_boxes(&near, &near).is_empty(), "of a large one enough is seen around a name");
        layer.set(Heat::Off);
        assert!(layer.hot_boxes(&frame, &frame).is_empty());
    }

    #[test]
    fn a_picture_is_told_in_cases_though_its_density_is_of_weights_and_one_switched_off_in_none() {
        let heat = Heat::Points { points: crate::scene::heat::tests::case_points(), radius_m: 150.0 };
        let told = Pictured { full_per_km2: 80.0, cases: 254, weight: 368.0, ..Pictured::default() };
        let frame = Frame::around(HALL, 14.0, (800.0, 600.0), 0.0, 1.0);
        let mut layer = HeatLayer::default();
        layer.set(heat);
        layer.set_trouble(Some(HeatTrouble::InPage), 3);
        layer.take(HeatPicture { told, frame, image: None });
        assert_eq!((layer.legend().cases, layer.legend().is_weighted, layer.legend().left_out), (254, true, 3));
        layer.set(Heat::Off);
        let off = HeatLegend { trouble: Some(HeatTrouble::InPage), left_out: 3, ..HeatLegend::default() };
        assert_eq!(*layer.legend(), off);
    }

    #[test]
    fn the_legend_covers_the_scale() {
        let legend = legend(80.0, 12, &Ramp::day());
        assert!(legend.stops.len() >= 3 && legend.stops.iter().all(|stop| stop.per_km2 <= 80.0));
        assert!(super::legend(0.0, 0, &Ramp::day()).stops.is_empty());
    }
}
