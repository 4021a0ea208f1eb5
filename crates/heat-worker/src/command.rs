//! What the engine is asked. Places are degrees or Web Mercator metres of the whole world, times are Unix seconds, categories
//! are names: whoever asks needs to know nothing of the engine's columns.

use fengtu_geo::mercator::Metres;
use fengtu_wire::heat::PointsForm;

use std::sync::Arc;

use crate::packet::{Numbers, Packet, join, split};

/// Asks the engine for something.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Takes other cases than before; answered.
    Load {
        /// Counts up with each load, and comes back with the answer.
        turn: u32,
        /// How they are written.
        form: PointsForm,
        /// The cases.
        bytes: Vec<u8>,
    },
    /// Takes cases more; those that came with the load are left out. Not answered.
    Add(Vec<LiveCase>),
    /// Chooses which cases count, from now on. Not answered.
    Choose(Choice),
    /// Takes the colours of the ramp from little to much, red, green, blue; none are the engine's own. Not answered.
    Colour(Vec<u8>),
    /// Draws; answered by a picture.
    Draw(Draw),
    /// Gathers the chosen cases, whatever their age, into clusters; answered by them.
    Gather(Gather),
    /// Looks at a place of the last picture; answered by what is there.
    Look(Look),
}

/// Says how to gather.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gather {
    /// Comes back with the clusters.
    pub job: u32,
    /// What stands nearer than this becomes one, Web Mercator metres.
    pub radius: f64,
    /// Those that stand in this box come back, Web Mercator metres: its low corner and its high one. All are counted.
    pub within: [Metres; 2],
}

/// Says where to look.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Look {
    /// Comes back with the answer.
    pub job: u32,
    /// Web Mercator metres east.
    pub x: f64,
    /// Web Mercator metres north.
    pub y: f64,
}

/// Holds a case that came by itself.
#[derive(Debug, Clone, PartialEq)]
pub struct LiveCase {
    /// Degrees east.
    pub lon: f64,
    /// Degrees north.
    pub lat: f64,
    /// When it was reported, Unix seconds.
    pub time: i64,
    /// What it counts.
    pub weight: f32,
    /// What it is about: one text for all cases of a category.
    pub category: Arc<str>,
}

/// Chooses cases.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Choice {
    /// First second that counts, Unix seconds.
    pub from: i64,
    /// First second that no longer counts; `None`: all that comes counts.
    pub to: Option<i64>,
    /// The second that age counts back from.
    pub now: i64,
    /// Seconds after which a case counts half; `None`: cases do not fade.
    pub half_life_s: Option<f64>,
    /// Categories that count; `None`: all.
    pub categories: Option<Vec<String>>,
}

/// Says what to draw.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Draw {
    /// Comes back with the picture.
    pub job: u32,
    /// Width, pixels.
    pub width: u32,
    /// Height, pixels.
    pub height: u32,
    /// Left edge, Web Mercator metres.
    pub west: f64,
    /// Upper edge, Web Mercator metres.
    pub north: f64,
    /// Web Mercator metres of a pixel.
    pub metres_per_px: f64,
    /// Metres on the ground of a Web Mercator metre: the cosine of the latitude.
    pub ground_per_metre: f64,
    /// Kernel radius in metres on the ground.
    pub radius_m: f64,
    /// What is seen of the picture: left, top, width and height in its pixels. Scale and figures are of that.
    pub seen: [u32; 4],
}

const LOAD: f64 = 1.0;
const ADD: f64 = 2.0;
const CHOOSE: f64 = 3.0;
const COLOUR: f64 = 4.0;
const DRAW: f64 = 5.0;
const GATHER: f64 = 6.0;
const LOOK: f64 = 7.0;

impl Command {
    /// Makes the message.
    pub fn into_packet(self) -> Packet {
        match self {
            Self::Load { turn, form, bytes } => {
                let form = if form == PointsForm::Columns { 0.0 } else { 1.0 };
                Packet { numbers: vec![LOAD, f64::from(turn), form], bytes }
            }
            Self::Add(cases) => add(&cases),
            Self::Choose(choice) => choose(&choice),
            Self::Colour(bytes) => Packet { numbers: vec![COLOUR], bytes },
            Self::Draw(draw) => Packet { numbers: numbers(&draw), bytes: Vec::new() },
            Self::Gather(Gather { job, radius, within: [low, high] }) => {
                let numbers = vec![GATHER, f64::from(job), radius, low.x, low.y, high.x, high.y];
                Packet { numbers, bytes: Vec::new() }
            }
            Self::Look(Look { job, x, y }) => Packet { numbers: vec![LOOK, f64::from(job), x, y], bytes: Vec::new() },
        }
    }

    /// Reads a message; `None` for one that is none.
    pub fn of_packet(packet: Packet) -> Option<Self> {
        let Packet { numbers, bytes } = packet;
        let mut rest = Numbers::of(&numbers);
        let kind = rest.number()?;
        let command = if is(kind, LOAD) {
            let (turn, form) = (rest.count()?, rest.number()?);
            Self::Load { turn, form: if is(form, 0.0) { PointsForm::Columns } else { PointsForm::GeoJson }, bytes }
        } else if is(kind, ADD) {
            Self::Add(cases(&mut rest, &bytes)?)
        } else if is(kind, CHOOSE) {
            Self::Choose(choice(&mut rest, &bytes)?)
        } else if is(kind, COLOUR) {
            Self::Colour(bytes)
        } else if is(kind, DRAW) {
            Self::Draw(draw(&mut rest)?)
        } else if is(kind, GATHER) {
            Self::Gather(gather(&mut rest)?)
        } else if is(kind, LOOK) {
            Self::Look(Look { job: rest.count()?, x: rest.number()?, y: rest.number()? })
        } else {
            return None;
        };
        rest.is_at_end().then_some(command)
    }
}

/// Compares a number with a small whole one.
fn is(number: f64, wanted: f64) -> bool {
    (number - wanted).abs() < 0.5
}

fn add(cases: &[LiveCase]) -> Packet {
    let numbers = cases.iter().flat_map(|case| [case.lon, case.lat, case.time as f64, f64::from(case.weight)]);
    Packet {
        numbers: [ADD].into_iter().chain(numbers).collect(),
        bytes: join(cases.iter().map(|case| &*case.category)),
    }
}

fn cases(rest: &mut Numbers, bytes: &[u8]) -> Option<Vec<LiveCase>> {
    let mut rows = Vec::new();
    while !rest.is_at_end() {
        rows.push((rest.number()?, rest.number()?, rest.whole()?, rest.number()? as f32));
    }
    let names = split(bytes, rows.len())?;
    let case = |((lon, lat, time, weight), category): (_, String)| LiveCase {
        lon,
        lat,
        time,
        weight,
        category: category.into(),
    };
    Some(rows.into_iter().zip(names).map(case).collect())
}

fn choose(choice: &Choice) -> Packet {
    let Choice { from, to, now, half_life_s, categories } = choice;
    let or_nan = |number: Option<f64>| number.unwrap_or(f64::NAN);
    let count = or_nan(categories.as_ref().map(|names| names.len() as f64));
    Packet {
        numbers: vec![CHOOSE, *from as f64, or_nan(to.map(|to| to as f64)), *now as f64, or_nan(*half_life_s), count],
        bytes: join(categories.iter().flatten().map(String::as_str)),
    }
}

fn choice(rest: &mut Numbers, bytes: &[u8]) -> Option<Choice> {
    Some(Choice {
        from: rest.whole()?,
        to: rest.maybe()?.map(|to| to as i64),
        now: rest.whole()?,
        half_life_s: rest.maybe()?,
        categories: match rest.maybe()? {
            Some(count) => Some(split(bytes, count as usize)?),
            None => None,
        },
    })
}

fn numbers(draw: &Draw) -> Vec<f64> {
    let Draw { job, width, height, west, north, metres_per_px, ground_per_metre, radius_m, seen } = *draw;
    let sizes = [DRAW, f64::from(job), f64::from(width), f64::from(height)];
    let place = [west, north, metres_per_px, ground_per_metre, radius_m];
    sizes.into_iter().chain(place).chain(seen.map(f64::from)).collect()
}

fn gather(rest: &mut Numbers) -> Option<Gather> {
    let (job, radius) = (rest.count()?, rest.number()?);
    let mut corner = || Some(Metres { x: rest.number()?, y: rest.number()? });
    Some(Gather { job, radius, within: [corner()?, corner()?] })
}

fn draw(rest: &mut Numbers) -> Option<Draw> {
    Some(Draw {
        job: rest.count()?,
        width: rest.count()?,
        height: rest.count()?,
        west: rest.number()?,
        north: rest.number()?,
        metres_per_px: rest.number()?,
        ground_per_metre: rest.number()?,
        radius_m: rest.number()?,
        seen: [rest.count()?, rest.count()?, rest.count()?, rest.count()?],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn live(category: &str) -> LiveCase {
        LiveCase { lon: 113.9, lat: 22.7, time: 1_770_000_000, weight: 3.0, category: category.into() }
    }

    #[test]
    fn every_command_comes_through_a_message() {
        let open = Choice { from: -5, now: 1_770_000_000, ..Choice::default() };
        let closed = Choice {
            to: Some(7),
            half_life_s: Some(86_400.0),
            categories: Some(vec!["wages".into(), "noise".into()]),
            ..open.clone()
        };
        let draw = Draw { job: 9, width: 960, height: 540, west: 1.5, seen: [1, 2, 3, 4], ..Draw::default() };
        let none = Choice { categories: Some(vec![]), ..open.clone() };
        for command in [
            Command::Load { turn: 3, form: PointsForm::Columns, bytes: vec![1, 2, 3] },
            Command::Load { turn: 4, form: PointsForm::GeoJson, bytes: vec![] },
            Command::Add(vec![]),
            Command::Add(vec![live("wages"), live("")]),
            Command::Choose(open),
            Command::Choose(closed),
            Command::Choose(none),
            Command::Colour(vec![1, 2, 3]),
            Command::Draw(draw),
            Command::Gather(Gather {
                job: 10,
                radius: 76.5,
                within: [Metres { x: -7.0, y: 0.5 }, Metres { x: 8.0, y: 9.0 }],
            }),
            Command::Look(Look { job: 11, x: -1.5, y: 2.5 }),
        ] {
            assert_eq!(Command::of_packet(command.clone().into_packet()), Some(command));
        }
    }

    #[test]
    fn what_is_no_message_is_not_read_as_one() {
        let wrong: [&[f64]; 9] = [
            &[],
            &[0.0],
            &[99.0],
            &[f64::NAN],
            &[DRAW, 1.0],
            &[ADD, 1.0, 2.0, 3.0],
            &[CHOOSE, 1.0, 2.0, 3.0, 4.0],
            &[GATHER, 1.0],
            &[LOOK, 1.0, 2.0],
        ];
        for numbers in wrong {
            assert_eq!(Command::of_packet(Packet { numbers: numbers.to_vec(), bytes: vec![] }), None, "{numbers:?}");
        }
        let mut long = Command::Draw(Draw::default()).into_packet();
        long.numbers.push(1.0);
        assert_eq!(Command::of_packet(long), None);
    }
}
