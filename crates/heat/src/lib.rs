//! Pure heat engine: the density of weighted cases on a screen grid, in cases per km².
//!
//! The cost is linear in cases plus pixels, not cases × radius: bin, blur, colour by a table. No I/O, no clock, no
//! projection library: the caller projects (Web Mercator metres, say), the engine works in those flat units. Modules, in
//! reading order:
//!
//! * [`columns`]: the cases, one array per property, changed one by one;
//! * [`view`]: which part of the plane is on the screen, and how large a pixel is on the ground;
//! * [`filter`]: period, categories, half-life;
//! * [`blur`]: the kernel;
//! * [`engine`]: columns, view and filter to a [`Density`], with no allocation once warm;
//! * [`colour`]: density to colours, and the legend that goes with them;
//! * [`hit`]: what is under a pixel.
//!
//! No function panics: what is not a number is refused or drawn as nothing.
#![forbid(unsafe_code)]

pub mod blur;
pub mod colour;
pub mod columns;
pub mod engine;
pub mod filter;
pub mod hit;
pub mod view;

pub use colour::{Ramp, paint};
pub use columns::{Case, Columns, Slot};
pub use engine::{Density, Engine};
pub use filter::Filter;
pub use view::View;
