//! Stateless components, one module each.
