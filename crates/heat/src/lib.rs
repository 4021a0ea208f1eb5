//! Pure heat engine: the density of weighted cases on a screen grid, in cases per km².
//!
//! The cost is linear in cases plus pixels, not cases × radius: bin, blur, colour by a table. No I/O, no clock, no
//! projection library: the caller projects (Web Mercator metres, say), the engine works in those flat units, which have no
//! seam: who projects brings what lies beside one together. Modules, in reading order:
//!
//! * [`columns`]: the cases, one array per property, filled in bulk and changed one by one (`rows`, `order`, `bounds` and
//!   `journal` within);
//! * [`view`]: which part of the plane is on the screen, and how large a pixel is on the ground;
//! * [`filter`]: period, categories, half-life (`weights`: kept while it stays);
//! * [`blur`]: the kernel;
//! * [`engine`]: columns, view and filter to a density (`sheet`, `bins` and, for wide kernels, `coarse` within), with no allocation once warm;
//! * [`density`]: the picture, and the figures of what is seen of it;
//! * [`colour`]: density to colours, and the legend that goes with them;
//! * [`hit`]: what is under a pixel.
//!
//! No function panics: what is not a number is refused or drawn as nothing. Loops over cases and pixels are written for
//! the compiler to vectorise, and reckon the same with vectors as without: the same picture to the last bit.
#![forbid(unsafe_code)]

mod bins;
pub mod blur;
mod bounds;
mod coarse;
pub mod colour;
pub mod columns;
pub mod density;
pub mod engine;
pub mod filter;
pub mod hit;
mod journal;
mod order;
mod rows;
mod sheet;
mod shift;
pub mod view;
mod weights;

pub use colour::{Ramp, paint};
pub use columns::{Bulk, Case, Columns, Filled, Load, Slot};
pub use density::Density;
pub use engine::Engine;
pub use filter::Filter;
pub use view::{Area, View};
