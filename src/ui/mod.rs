//! Stateless components, one module each. Texts are [`TextProp`]s: a string, or a word such as `say!(common.close)`, or a closure.

#![allow(
    missing_docs,
    reason = "the component macro makes a struct of the props, which are documented where their names do not tell"
)]

pub mod button;
pub mod chart;
pub mod dialog;
pub mod drawing;
pub mod field;
pub mod icon;
pub mod legend;
pub mod level;
pub mod message;
pub mod number;
pub mod panel;
pub mod search;
pub mod segmented;
pub mod status;
pub mod switches;
pub mod table;
pub mod time;
pub mod toast;
pub mod watermark;

pub use leptos::text_prop::TextProp;
