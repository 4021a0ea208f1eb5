//! The reference backend of Fengtu: real, small, and what a district can start with on one machine.
//!
//! Reading order: what a district is made of (`dataset`) and where it comes from (`demo`, `import`, `settings`), how it is kept (`db`,
//! `store`) and where it stands (`standing`), what is held in memory of it (`board`) and how it stays so (`live`), how a request is read and refused
//! (`params`, `body`, `precondition`, `problem`, `auth`), how it is answered (`routes`, `kept`, `files`, `client_config`, `proxy`), and how all is put
//! together (`app`, `cli`).

pub mod account;
pub mod app;
pub mod auth;
pub mod board;
mod body;
pub mod cli;
pub mod client_config;
pub mod conditional;
pub mod dataset;
pub mod db;
pub mod demo;
pub mod files;
pub mod headers;
pub mod import;
pub mod kept;
pub mod live;
pub mod paging;
pub mod params;
mod precondition;
pub mod problem;
pub mod proxy;
pub mod qr;
pub mod routes;
pub mod settings;
pub mod standing;
pub mod start_demo;
pub mod store;
