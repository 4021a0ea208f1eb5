//! The desk: find, decide, act in few clicks.
//!
//! [`App`] opens the installation, lets people in through [`sign_in`], and shows [`map_page`], which fills the [`shell`].
//! The map: [`context`] (what its parts share), [`data`] (what it asks for), [`scene`] (what it draws), [`pointer`] and [`camera`].
//! The panels: [`sessions`] (in the account's menu), [`search`], [`breadcrumb`], [`drawer`], [`hover_card`], [`list`] (with what could not be understood, `unread`, and what there is not, [`offers`], and who does not answer, [`beside`]), [`coverage_panel`], [`export`]; what they ask about is in [`scope`], the words of the wire in [`words`].
//! Beside the map: [`board`], the leaders' pages. For whoever runs the site: [`backends`].

pub mod account;
mod address;
pub mod app;
pub mod backends;
pub mod beside;
pub mod board;
pub mod breadcrumb;
pub mod camera;
pub mod category_filter;
pub mod context;
pub mod coverage_panel;
pub mod crowd;
pub mod data;
pub mod drawer;
pub mod export;
pub mod heat_controls;
pub mod hover_card;
pub mod layers_panel;
pub mod legend;
pub mod list;
pub mod live;
pub mod map_page;
pub mod not_found;
pub mod offers;
pub mod playback;
pub mod pointer;
pub mod reading;
pub mod scene;
pub mod scope;
pub mod search;
pub mod sessions;
pub mod shell;
pub mod sign_in;
pub mod station_filter;
pub mod status;
pub mod time_bar;
pub mod tools;
mod unread;
pub mod watermark;
pub mod words;

pub use app::App;
pub use breadcrumb::Breadcrumb;
pub use coverage_panel::CoveragePanel;
pub use drawer::Drawer;
pub use export::ExportMenu;
pub use hover_card::HoverCard;
pub use list::ListPanel;
pub use search::Search;
