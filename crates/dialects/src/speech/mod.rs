//! How a foreign server is spoken to: calls, tokens, envelopes, pages.

pub(crate) mod backend;
pub(crate) mod filters;
pub(crate) mod hand;
pub(crate) mod length;
pub(crate) mod list;
pub(crate) mod open311;
pub(crate) mod page;
pub(crate) mod pages;
pub(crate) mod talk;
pub(crate) mod template;

pub(crate) use backend::{Backend, Last};
pub(crate) use talk::{Heard, Talk};
