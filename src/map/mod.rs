//! The map: plain values in, events out; the only place that names Leaflet, whose handles never leave it.
//!
//! Modules, in reading order:
//!
//! * [`model`]: what goes in and what comes out;
//! * [`scene`]: the signals, one per layer;
//! * [`view`]: the component;
//! * `live`: the map while it is mounted: events in, events out;
//! * [`foot`]: scale bar, north, datum, source and review number; zoom buttons;
//! * `host`: Leaflet behind plain values;
//! * `stage`, `picture`, `sheet`: the pictures, when they are drawn, the sheet that they are laid on;
//! * `wish`, `heat_link`: what the engine that has the cases is asked, and the way to it: it runs in a worker;
//! * [`plane`]: where things are on the screen; `patches`: only what is there is drawn;
//! * [`measure`], `export`: figures by clicks, the view as a picture;
//! * [`labels`]: labels that never overlap;
//! * [`glyph`]: what a station's symbol shows;
//! * [`theme`], `ink`: colours and canvas;
//! * `layers`: one file each.

mod export;
pub mod foot;
pub mod glyph;
mod heat_link;
mod host;
mod ink;
pub mod labels;
mod layers;
mod live;
pub mod measure;
pub mod model;
mod patches;
mod picture;
pub mod plane;
pub mod scene;
mod sheet;
mod stage;
pub mod theme;
pub mod view;
mod wish;

pub use model::{Hit, MapEvent};
pub use scene::MapScene;
pub use view::MapView;
