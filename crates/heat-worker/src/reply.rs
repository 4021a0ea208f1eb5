//! What the engine answers.

use crate::crowd::Crowd;
use crate::packet::{Numbers, Packet, join, split};

/// Answers a command.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// The worker runs and takes commands: the first message that it sends.
    Ready,
    /// The cases of a load are in the columns.
    Loaded(Loaded),
    /// The cases of a load cannot be read, and why, for a log.
    Refused {
        /// Which load.
        turn: u32,
        /// What is wrong.
        why: String,
    },
    /// A picture; its pixels go beside the message.
    Pictured(Pictured),
    /// Clusters and single cases.
    Gathered {
        /// Which command asked for them.
        job: u32,
        /// The clusters.
        crowd: Crowd,
    },
    /// What is at a place.
    Looked(Looked),
}

/// Says what is at a place of the last picture.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Looked {
    /// Which command asked for it.
    pub job: u32,
    /// Density there, cases per km², as the legend counts; `None` outside of the picture.
    pub per_km2: Option<f64>,
    /// Cases that the density is made of: those within the kernel's radius.
    pub cases: u32,
    /// The most frequent of their categories, with their cases, the most first.
    pub causes: Vec<(String, u32)>,
}

/// Says what a load brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Loaded {
    /// Which load.
    pub turn: u32,
    /// Cases that can be drawn.
    pub cases: u32,
    /// Cases that cannot: no place, no time, no weight, or no category.
    pub left_out: u32,
}

/// Says what a picture shows.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Pictured {
    /// Which command asked for it.
    pub job: u32,
    /// Width, pixels; 0 where there is nothing to show.
    pub width: u32,
    /// Height, pixels.
    pub height: u32,
    /// Density at the end of the ramp, cases per km².
    pub full_per_km2: f64,
    /// Cases in what is seen.
    pub cases: u32,
    /// What they count, faded.
    pub weight: f64,
    /// What drawing it took in a worker, milliseconds, without the wait before; 0 where the page drew it.
    pub took_ms: f64,
}

const READY: f64 = 1.0;
const LOADED: f64 = 2.0;
const REFUSED: f64 = 3.0;
const PICTURED: f64 = 4.0;
const GATHERED: f64 = 5.0;
const LOOKED: f64 = 6.0;

impl Reply {
    /// Makes the message, without pixels.
    pub fn into_packet(self) -> Packet {
        let plain = |numbers| Packet { numbers, bytes: Vec::new() };
        match self {
            Self::Ready => plain(vec![READY]),
            Self::Loaded(Loaded { turn, cases, left_out }) => {
                plain([turn, cases, left_out].map(f64::from).into_iter().fold(vec![LOADED], pushed))
            }
            Self::Refused { turn, why } => Packet { numbers: vec![REFUSED, f64::from(turn)], bytes: why.into_bytes() },
            Self::Pictured(Pictured { job, width, height, full_per_km2, cases, weight, took_ms }) => {
                let sizes = [job, width, height, cases].map(f64::from);
                plain(sizes.into_iter().chain([full_per_km2, weight, took_ms]).fold(vec![PICTURED], pushed))
            }
            Self::Gathered { job, crowd } => crowd.into_packet(vec![GATHERED, f64::from(job)]),
            Self::Looked(Looked { job, per_km2, cases, causes }) => {
                let head = vec![LOOKED, f64::from(job), per_km2.unwrap_or(f64::NAN), f64::from(cases)];
                let numbers = causes.iter().map(|(_, count)| f64::from(*count)).fold(head, pushed);
                Packet { numbers, bytes: join(causes.iter().map(|(name, _)| name.as_str())) }
            }
        }
    }

    /// Tells whether what comes beside the numbers are pixels, to be left where they are.
    pub fn has_pixels(numbers: &[f64]) -> bool {
        numbers.first() == Some(&PICTURED)
    }

    /// Reads a message; `None` for one that is none.
    pub fn of_packet(packet: Packet) -> Option<Self> {
        let Packet { numbers, bytes } = packet;
        let mut rest = Numbers::of(&numbers);
        let kind = rest.count()?;
        Some(match f64::from(kind) {
            READY => Self::Ready,
            LOADED => Self::Loaded(Loaded { turn: rest.count()?, cases: rest.count()?, left_out: rest.count()? }),
            REFUSED => Self::Refused { turn: rest.count()?, why: String::from_utf8_lossy(&bytes).into_owned() },
            PICTURED => Self::Pictured(Pictured {
                job: rest.count()?,
                width: rest.count()?,
                height: rest.count()?,
                cases: rest.count()?,
                full_per_km2: rest.number()?,
                weight: rest.number()?,
                took_ms: rest.number()?,
            }),
            GATHERED => Self::Gathered { job: rest.count()?, crowd: Crowd::of_packet(&mut rest, &bytes)? },
            LOOKED => {
                let told =
                    Looked { job: rest.count()?, per_km2: rest.maybe()?, cases: rest.count()?, causes: Vec::new() };
                let counts: Vec<u32> = std::iter::from_fn(|| rest.count()).collect();
                let names = split(&bytes, counts.len())?;
                Self::Looked(Looked { causes: names.into_iter().zip(counts).collect(), ..told })
            }
            _ => return None,
        })
    }
}

fn pushed(mut numbers: Vec<f64>, number: f64) -> Vec<f64> {
    numbers.push(number);
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reply_comes_through_a_message() {
        for reply in [
            Reply::Ready,
            Reply::Loaded(Loaded { turn: 1, cases: 2, left_out: 3 }),
            Reply::Refused { turn: 4, why: "格式".into() },
            Reply::Pictured(Pictured {
                job: 5,
                width: 6,
                height: 7,
                full_per_km2: 8.5,
                cases: 9,
                weight: 10.25,
                took_ms: 11.5,
            }),
            Reply::Looked(Looked { job: 6, per_km2: Some(1.5), cases: 2, causes: Vec::new() }),
            Reply::Looked(Looked {
                cases: 9,
                causes: vec![("欠薪".into(), 5), ("noise".into(), 1)],
                ..Looked::default()
            }),
            Reply::Looked(Looked::default()),
            Reply::Gathered { job: 7, crowd: Crowd::default() },
        ] {
            assert_eq!(Reply::of_packet(reply.clone().into_packet()), Some(reply));
        }
        for numbers in [vec![], vec![77.0], vec![PICTURED, 1.0], vec![GATHERED, 1.0], vec![LOOKED, 1.0], vec![f64::NAN]]
        {
            assert_eq!(Reply::of_packet(Packet { numbers, bytes: vec![] }), None);
        }
    }
}
