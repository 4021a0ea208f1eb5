//! What the layers ask the engine that has the cases, and what it answers.

use fengtu_geo::mercator::Metres;
use fengtu_heat_worker::{Command, Crowd, Draw, Gather, Look, Pictured};
use web_sys::{ImageBitmap, ImageData};

use super::model::{CasePoints, HeatHere};
use super::plane::Frame;

/// Holds a question and the cases that it is about.
#[derive(Debug, Clone)]
pub struct Wish {
    /// The cases.
    pub points: CasePoints,
    /// The question.
    pub ask: Ask,
}

/// Says what is asked.
#[derive(Debug, Clone)]
pub enum Ask {
    /// A picture of the heat.
    Picture {
        /// The ramp's colours, red, green, blue.
        colours: Vec<u8>,
        /// The view.
        draw: Draw,
        /// What the picture is of.
        frame: Frame,
    },
    /// Clusters.
    Crowd {
        /// What stands nearer becomes one, Web Mercator metres.
        radius: f64,
        /// Where they are wanted, Web Mercator metres: its low corner and its high one.
        within: [Metres; 2],
    },
    /// What is at a place of the last picture.
    Look(Metres),
}

/// Kinds of questions, of each of which the newest alone is kept: [`Ask::kind`] is below this.
pub const KINDS: usize = 3;
/// The kind of pictures.
pub const PICTURE: usize = 0;
/// The kind of clusters.
pub const CROWD: usize = 1;
/// The kind of looks.
pub const LOOK: usize = 2;

impl Ask {
    /// Numbers the kind.
    pub const fn kind(&self) -> usize {
        match self {
            Self::Picture { .. } => PICTURE,
            Self::Crowd { .. } => CROWD,
            Self::Look(_) => LOOK,
        }
    }

    /// Answers that there is nothing.
    pub fn unanswered(&self) -> Answer {
        match *self {
            Self::Picture { frame, .. } => {
                Answer::Picture(HeatPicture { told: Pictured::default(), frame, image: None })
            }
            Self::Crowd { .. } => Answer::Crowd(Crowd::default()),
            Self::Look(at) => Answer::Looked { at, here: None },
        }
    }

    /// Makes the engine's command.
    pub const fn command(&self, job: u32) -> Command {
        match *self {
            Self::Picture { draw, .. } => Command::Draw(Draw { job, ..draw }),
            Self::Crowd { radius, within } => Command::Gather(Gather { job, radius, within }),
            Self::Look(Metres { x, y }) => Command::Look(Look { job, x, y }),
        }
    }
}

/// Holds an answer.
pub enum Answer {
    /// A picture.
    Picture(HeatPicture),
    /// Clusters.
    Crowd(Crowd),
    /// What is at a place; nothing outside of the picture.
    Looked {
        /// The place.
        at: Metres,
        /// What is there.
        here: Option<HeatHere>,
    },
}

/// Holds a picture that has come.
pub struct HeatPicture {
    /// Scale and figures.
    pub told: Pictured,
    /// What it is of.
    pub frame: Frame,
    /// The picture; none where nothing is to be shown.
    pub image: Option<Image>,
}

/// Holds a picture as the engine hands it over.
pub enum Image {
    /// From a worker with a canvas.
    Bitmap(ImageBitmap),
    /// From any other.
    Data(ImageData),
}

impl Drop for Image {
    /// A bitmap is megabytes outside of what is collected: it is given back at once.
    fn drop(&mut self) {
        if let Self::Bitmap(bitmap) = self {
            bitmap.close();
        }
    }
}
