//! The rules of the trade, one copy for server and client: what a case may do next, when it is late, who may see it.
//!
//! Everything here is a pure function of its arguments: no I/O, no clock, no randomness. What a district may
//! do differently comes in as [`fengtu_wire::config`]; [`defaults`] holds what stands there until it does.
//!
//! Reading order: time ([`calendar`], [`clocks`], [`terms`], [`opening`]), the closed loop ([`states`]) and orders in it ([`orders`]), privacy ([`sight`],
//! [`masking`], [`anonymity`]), figures ([`period`], [`statistics`], [`months`], [`lawsuits`], [`ranking`]), warnings ([`warnings`], [`handling`], [`trial`]), the built-in settings ([`defaults`]).

#![forbid(unsafe_code)]

pub mod calendar;
pub mod clocks;
pub mod opening;
pub mod terms;

pub mod orders;
pub mod states;

pub mod anonymity;
pub mod masking;
pub mod sight;

pub mod lawsuits;
pub mod months;
pub mod period;
pub mod ranking;
pub mod statistics;

pub mod handling;
pub mod trial;
pub mod warnings;

pub mod withholding;

pub mod categories;
pub mod defaults;
