//! What is known, in the map's own form: pure values for every face that has a map, natively tested; each face wires them.
//!
//! [`geometry`] reads shapes; [`atlas`] has the areas, [`stations`] and [`heat`] what stands on them, [`base`] the ground;
//! [`follow`] keeps them in step with the stores.

pub mod atlas;
pub mod base;
pub mod follow;
pub mod geometry;
pub mod heat;
pub mod stations;
