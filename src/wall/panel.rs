//! The panels of the wall: one thought each, in the order in which they matter.

/// A panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Panel {
    /// The great figures as a list, where a row of them has no room.
    Heroes,
    /// Streets by cases.
    Streets,
    /// Red, yellow, blue.
    Warnings,
    /// Clocks that run, and those that ran out.
    Clocks,
    /// Shares of categories.
    Categories,
    /// Cases by day.
    Days,
    /// What has come since.
    News,
    /// Stations open now, and what circles cover.
    Stations,
    /// Communities by cases.
    Communities,
    /// Cases by hour.
    Hours,
}

/// How much room a panel takes beside its title.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shape {
    /// Lines of text that it always has.
    pub text_lines: f64,
    /// Lines of figures that it always has.
    pub figure_lines: f64,
    /// Rows of its list, at least and at most.
    pub rows: (usize, usize),
    /// At most where the scene speaks of it.
    pub spoken: usize,
    /// Height of what a row has under its name, in sizes of its text: a bar, or a bar and words beside it.
    pub under: f64,
}

impl Panel {
    /// Every panel that a wall shows beside the heroes: the last is dropped first.
    pub const ALL: [Self; 9] = [
        Self::Streets,
        Self::Warnings,
        Self::Clocks,
        Self::Categories,
        Self::Days,
        Self::News,
        Self::Stations,
        Self::Communities,
        Self::Hours,
    ];

    /// Returns its name in the document.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Heroes => "wall-heroes",
            Self::Streets => "wall-streets",
            Self::Warnings => "wall-warnings",
            Self::Clocks => "wall-clocks",
            Self::Categories => "wall-categories",
            Self::Days => "wall-days",
            Self::News => "wall-news",
            Self::Stations => "wall-stations",
            Self::Communities => "wall-communities",
            Self::Hours => "wall-hours",
        }
    }

    /// Returns the width of its longest title, in sizes of its text: in a column that is narrower it has two lines.
    pub const fn title_ems(self) -> f64 {
        match self {
            // Beside a name, what has come has a count there, the day, and whose they are.
            Self::News => 28.0,
            // The place of a long name, and beside it when that was and how much of the list is shown.
            Self::Streets | Self::Communities => 30.0,
            _ => 24.0,
        }
    }

    /// Returns how much room it takes.
    pub fn shape(self) -> Shape {
        let list =
            |least, most| Shape { text_lines: 0.0, figure_lines: 0.0, rows: (least, most), spoken: most, under: 0.4 };
        let celled = |least, most| Shape { text_lines: 1.0, figure_lines: 1.0, ..list(least, most) };
        match self {
            Self::Heroes => Shape { under: 0.1, ..list(4, 8) },
            // Beside the bar it is said how far they are.
            Self::Streets => Shape { under: 1.1, ..list(2, 6) },
            Self::Communities => Shape { under: 1.1, ..list(2, 8) },
            Self::Categories => list(3, 8),
            // By night hardly anything comes: what is left blank here is wanting in the lists beside it.
            Self::News => Shape { under: 0.1, ..list(2, 4) },
            // Three cells with a figure and its word, then a list.
            Self::Warnings => Shape { under: 0.1, spoken: 12, ..celled(2, 5) },
            Self::Clocks => celled(1, 5),
            // Whom psychological services served is told where these are spoken of.
            Self::Stations => Shape { spoken: 2, ..celled(1, 1) },
            // The height of a chart counts as lines of text: its drawing, and the words at its foot.
            Self::Days => Shape { under: 0.1, text_lines: 5.0, ..list(0, 0) },
            Self::Hours => Shape { under: 0.1, text_lines: 4.0, ..list(0, 0) },
        }
    }
}
