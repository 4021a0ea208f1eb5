//! What the map shows now, and what it is asked for: a picture of it.

use fengtu_wire::geojson::Bounds;

/// The map as the page sees it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ScreenStore {
    /// The ground in view; absent until the map is there.
    pub bounds: Option<Bounds>,
    /// The last picture that was asked for.
    pub picture: Option<MapCommand>,
    /// What became of it.
    pub outcome: Option<Outcome>,
}

/// Asks the map for the view as a PNG.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapCommand {
    /// Counts up with every request; a picture is made once for each.
    pub turn: u32,
    /// What stands under the map: source and review number, demo mark, time.
    pub lines: Vec<String>,
    /// What the file is called.
    pub file_name: String,
}

/// What became of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was saved.
    Saved,
    /// It was saved without the tiles, whose server does not let them be read.
    WithoutTiles,
    /// The browser could not make it.
    Failed,
}

impl ScreenStore {
    /// Asks for a picture.
    pub fn ask_for_picture(&mut self, file_name: String, lines: Vec<String>) {
        let turn = self.picture.as_ref().map_or(0, |p| p.turn) + 1;
        self.picture = Some(MapCommand { turn, lines, file_name });
        self.outcome = None;
    }
}
