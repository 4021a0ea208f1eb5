//! The wall: legible from the last seat, always true, never blank, without a hand for weeks, and without a single case.
//!
//! [`App`] opens the installation and signs the device in; [`board`] composes what is seen.
//! Pure and natively tested: [`settings`], [`scenes`] (what is on, and what of that outlives the page), [`fit`] and [`panel`] (where everything goes), [`card`], [`facts`] and
//! [`news`] (what panels say), [`told`] (what remotes tell it), [`handed`] (what the board hands to them), [`silent`] (which backend does not answer). Wired by: [`context`], [`data`] (what is asked for), [`map`], [`panels`],
//! [`heroes`], [`watch`], [`hand`], [`press`], [`pairing`]; [`remote`] is the page of who holds a remote.

pub mod app;
pub mod board;
pub mod card;
pub mod context;
pub mod data;
pub mod facts;
pub mod fit;
pub mod hand;
pub mod handed;
pub mod heroes;
pub mod map;
pub mod news;
pub mod pairing;
pub mod panel;
pub mod panels;
pub mod press;
pub mod remote;
pub mod scenes;
pub mod settings;
pub mod sign_in;
pub mod silent;
pub mod told;
pub mod watch;

pub use app::App;
pub use remote::Remote;
