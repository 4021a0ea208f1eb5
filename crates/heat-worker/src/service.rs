//! The state behind the messages, and what each command does to it.

use fengtu_geo::mercator::nearest;
use fengtu_heat::filter::{Categories, Fading};
use fengtu_heat::view::{Area, seen_radius_px};
use fengtu_heat::{Engine, Filter, Ramp, View, colour, hit, paint};
use fengtu_wire::heat::{OTHER_CATEGORIES, PointsForm};

use crate::command::{Choice, Command, Draw, Look};
use crate::crowd::Crowd;
use crate::points::Points;
use crate::reply::{Loaded, Looked, Pictured, Reply};

/// The ramp ends at the density that all but this share of the heated pixels of what is seen stay under.
const FULL_AT: f64 = 0.995;

/// So many categories are named of what is under a pixel.
const CAUSES: usize = 3;

/// Holds cases, choice, colours and the last picture.
#[derive(Debug, Default)]
pub struct Service {
    points: Points,
    choice: Choice,
    filter: Filter,
    ramp: Option<Ramp>,
    engine: Engine,
    pixels: Vec<u8>,
    /// What the last picture is of; none since a load, which may have another origin.
    view: Option<View>,
    refused: bool,
}

impl Service {
    /// Makes a service without cases, which draws nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Obeys; gives the answer where the command has one.
    pub fn obey(&mut self, command: Command) -> Option<Reply> {
        match command {
            Command::Load { turn, form, bytes } => return Some(self.load(turn, form, &bytes)),
            Command::Draw(draw) => return Some(Reply::Pictured(self.draw(&draw))),
            Command::Gather(gather) => {
                // Heat cools; a case that counts no more there is still one.
                let filter = Filter { fading: None, ..self.filter };
                let crowd = Crowd::gather(&self.points, &filter, &gather);
                return Some(Reply::Gathered { job: gather.job, crowd });
            }
            Command::Look(look) => return Some(Reply::Looked(self.look(&look))),
            // Where the load could not be read, a handful of live cases would look like all there are.
            Command::Add(_) if self.refused => {}
            Command::Add(cases) => {
                let known = self.points.categories.len();
                self.points.add(&cases);
                if self.points.categories.len() > known {
                    self.choose();
                }
            }
            Command::Choose(choice) => {
                self.choice = choice;
                self.choose();
            }
            Command::Colour(colours) => self.ramp = ramp(&colours),
        }
        None
    }

    /// Gives the pixels of the last picture, red, green, blue, alpha, not premultiplied; empty where there is nothing to show.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    fn load(&mut self, turn: u32, form: PointsForm, bytes: &[u8]) -> Reply {
        let read = Points::read(form, bytes);
        let (points, why) = read.map_or_else(|why| (Points::default(), Some(why)), |points| (points, None));
        (self.points, self.view) = (points, None);
        self.refused = why.is_some();
        self.choose();
        let (cases, left_out) = (self.points.columns.len() as u32, self.points.left_out);
        why.map_or(Reply::Loaded(Loaded { turn, cases, left_out }), |why| Reply::Refused { turn, why })
    }

    /// Says the choice in the columns' own numbers.
    fn choose(&mut self) {
        let (points, choice) = (&self.points, &self.choice);
        self.filter = Filter {
            from: points.second(choice.from),
            to: choice.to.map_or(u32::MAX, |to| points.second(to)),
            fading: choice
                .half_life_s
                .map(|half_life| Fading { now: points.second(choice.now), half_life: half_life as f32 }),
            categories: choice.categories.as_ref().map_or(Categories::ALL, |names| chosen(&points.categories, names)),
        };
    }

    fn draw(&mut self, draw: &Draw) -> Pictured {
        self.pixels.clear();
        let nothing = Pictured { job: draw.job, ..Pictured::default() };
        let view = self.view(draw);
        self.view = Some(view);
        let density = self.engine.render_seen(&self.points.columns, &view, &area(draw.seen), &self.filter);
        let full = density.quantile(FULL_AT);
        let (cases, weight) = (density.cases, density.weight);
        let told = Pictured { full_per_km2: f64::from(full), cases, weight, ..nothing };
        // Where nothing is seen, a pan may still bring in what lies in the margin before the next picture comes.
        let scale = if full > 0.0 { full } else { density.quantile_with_margin(FULL_AT) };
        if scale <= 0.0 {
            return told;
        }
        self.pixels.resize(density.values.len() * 4, 0);
        paint(density, self.ramp.get_or_insert_with(Ramp::day), scale, &mut self.pixels);
        Pictured { width: density.width, height: density.height, ..told }
    }

    fn look(&self, look: &Look) -> Looked {
        let (nothing, origin) = (Looked { job: look.job, ..Looked::default() }, self.points.origin);
        let Some(view) = &self.view else { return nothing };
        // The map may be on another turn round the world than the picture is.
        let (middle, _) = view.to_plane(0.5 * f64::from(view.width), 0.0);
        let at = view.to_px(nearest(look.x - origin.x, middle), look.y - origin.y);
        let density = hit::density_at(self.engine.density(), at.0, at.1);
        let per_km2 = density.map(f64::from);
        let radius_px = seen_radius_px(view.radius_px);
        if per_km2.is_none() {
            return nothing;
        }
        let counts = hit::count_near(&self.points.columns, view, &self.filter, at, radius_px);
        Looked { per_km2, cases: counts.iter().sum(), causes: self.causes(&counts), ..nothing }
    }

    /// Names the categories with most cases.
    fn causes(&self, counts: &[u32; 256]) -> Vec<(String, u32)> {
        let mut left = *counts;
        let most = || {
            let all = self.points.categories.iter().zip(&mut left);
            // Those that share a name are of no one category.
            let named = all.filter(|(name, _)| !name.is_empty() && *name != OTHER_CATEGORIES);
            let (name, count) = named.max_by_key(|(_, count)| **count)?;
            let count = std::mem::take(count);
            (count > 0).then(|| (name.clone(), count))
        };
        std::iter::from_fn(most).take(CAUSES).collect()
    }

    fn view(&self, draw: &Draw) -> View {
        let origin = self.points.origin;
        let middle = draw.west + 0.5 * f64::from(draw.width) * draw.metres_per_px;
        let view = View {
            width: draw.width,
            height: draw.height,
            west: draw.west - nearest(origin.x, middle),
            north: draw.north - origin.y,
            units_per_px: draw.metres_per_px,
            metres_per_unit: draw.ground_per_metre,
            radius_px: 1.0,
        };
        view.with_radius_m(draw.radius_m)
    }
}

/// Gives a rectangle by its corner and sides as one by its edges.
fn area(seen: [u32; 4]) -> Area {
    let [left, top, width, height] = seen.map(f64::from);
    Area { left, top, right: left + width, bottom: top + height }
}

fn chosen(known: &[String], names: &[String]) -> Categories {
    let rows = (0_u8..=u8::MAX).zip(known);
    rows.filter(|(_, name)| names.contains(name)).map(|(index, _)| index).collect()
}

/// Makes a ramp of red, green, blue; none of no colours.
fn ramp(colours: &[u8]) -> Option<Ramp> {
    let colours = colours.as_chunks::<3>().0;
    (!colours.is_empty()).then(|| Ramp::new(colours, colour::FADE_IN, colour::OPACITY))
}
