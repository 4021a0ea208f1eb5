//! What is in the address: read at start and on "back", written as it changes.

use fengtu_wire::ids::PlaceId;

use crate::routes::{Lang, Layer, Narrow, Selection, ViewState};

/// The view with the small steps that people take in it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ViewStore {
    /// What a link carries.
    pub state: ViewState,
    /// Parts of the address that could not be understood; shown once.
    pub ignored: usize,
    /// The language of the installation, for people whose link names none.
    pub default_lang: Option<Lang>,
}

impl ViewStore {
    /// Reads a query string.
    pub fn from_query(query: &str) -> Self {
        let (state, ignored) = ViewState::from_query(query);
        Self { state, ignored, default_lang: None }
    }

    /// Reads another query string, as after "back"; the installation stays the same.
    pub fn read(&mut self, query: &str) {
        let default_lang = self.default_lang;
        *self = Self { default_lang, ..Self::from_query(query) };
    }

    /// Goes to a node of the tree, and lets level and camera follow it.
    pub fn go_to(&mut self, place: Option<PlaceId>) {
        self.state.selection = place.clone().map(Selection::Place);
        self.state.place = place;
        self.state.level = None;
        self.state.camera = None;
    }

    /// Selects something, or nothing.
    pub fn select(&mut self, selection: Option<Selection>) {
        self.state.selection = selection;
    }

    /// Opens the list of a layer, or none; another list is not narrowed as the one before.
    pub fn open_list(&mut self, list: Option<Layer>) {
        if self.state.list != list {
            self.state.narrow = Narrow::default();
        }
        self.state.list = list;
    }

    /// Switches a layer.
    pub fn set_layer(&mut self, layer: Layer, on: bool) {
        if on {
            self.state.layers.insert(layer);
        } else {
            self.state.layers.remove(&layer);
        }
    }

    /// Whether a layer is on.
    pub fn has_layer(&self, layer: Layer) -> bool {
        self.state.layers.contains(&layer)
    }

    /// Returns the language: the one in the address, else the installation's, else the best that the device prefers.
    pub fn lang(&self, preferred: &[String]) -> Lang {
        self.state.lang.or(self.default_lang).unwrap_or_else(|| crate::i18n::preferred(preferred))
    }

    /// Whether the view follows the present.
    pub const fn is_live(&self) -> bool {
        self.state.at.is_none()
    }
}
