//! [`Page`] ↔ path.

/// A page of the desk and wall entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    /// The one map of the desk.
    Map,
    /// The leaders' board.
    Board,
    /// Its inbox of warnings.
    Warnings,
    /// Its orders, one by one.
    Orders,
    /// Its bulletins.
    Bulletin,
    /// The wall.
    Wall,
    /// The remote of a wall.
    Remote,
    /// Who serves what, and the mappings of other dialects.
    Backends,
}

impl Page {
    /// Every page.
    pub const ALL: [Self; 8] = [
        Self::Map,
        Self::Board,
        Self::Warnings,
        Self::Orders,
        Self::Bulletin,
        Self::Wall,
        Self::Remote,
        Self::Backends,
    ];

    /// Returns its path.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Map => "/",
            Self::Board => "/board",
            Self::Warnings => "/board/warnings",
            Self::Orders => "/board/orders",
            Self::Bulletin => "/board/bulletin",
            Self::Wall => "/wall",
            Self::Remote => "/remote",
            Self::Backends => "/backends",
        }
    }

    /// Reads a path; a slash at the end does not matter.
    pub fn from_path(path: &str) -> Option<Self> {
        let path = path.trim_end_matches('/');
        Self::ALL.into_iter().find(|page| page.path().trim_end_matches('/') == path)
    }
}

impl Page {
    /// Whether it is the leaders' board or one of the pages beside it.
    pub const fn is_board(self) -> bool {
        matches!(self, Self::Board | Self::Warnings | Self::Orders | Self::Bulletin)
    }
}
