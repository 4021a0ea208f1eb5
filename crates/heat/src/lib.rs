//! Placeholder line; the crate's map comes with its first module.
