//! Line icons as inline SVG, 24 by 24; always beside a word or inside a named button.

use leptos::prelude::*;

/// An icon.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Icon {
    /// A glass.
    Search,
    /// A cross.
    Close,
    /// Three sheets.
    Layers,
    /// A pointer to the right.
    Next,
    /// A pointer to the left.
    Back,
    /// A pointer up.
    Up,
    /// A table.
    List,
    /// A person.
    Person,
    /// A cross-hair.
    Locate,
    /// A ruler.
    Measure,
    /// A patch of ground.
    Area,
    /// An arrow into a tray.
    Save,
    /// Two rings of a chain.
    Link,
    /// A triangle to start.
    Play,
    /// Two bars.
    Pause,
    /// A clock.
    Clock,
    /// A triangle with a stroke.
    Warning,
    /// An empty tray.
    Empty,
    /// A pin.
    Pin,
    /// A house.
    Building,
    /// A receiver.
    Telephone,
    /// A sheet of paper.
    Case,
    /// A tick.
    Done,
}

impl Icon {
    const fn path(self) -> &'static str {
        match self {
            Self::Search => "M10.5 4a6.5 6.5 0 1 1 0 13a6.5 6.5 0 0 1 0-13M15.5 15.5L20 20",
            Self::Close => "M6 6l12 12M18 6L6 18",
            Self::Layers => "M12 4l8 4-8 4-8-4zM4 12l8 4 8-4M4 16l8 4 8-4",
            Self::Next => "M9 5l7 7-7 7",
            Self::Back => "M15 5l-7 7 7 7",
            Self::Up => "M5 15l7-7 7 7",
            Self::List => "M4 6h16M4 12h16M4 18h16",
            Self::Person => "M12 4a4 4 0 1 1 0 8a4 4 0 0 1 0-8M4 20c1-4 4-5.5 8-5.5s7 1.5 8 5.5",
            Self::Locate => "M12 7a5 5 0 1 1 0 10a5 5 0 0 1 0-10M12 2v5M12 17v5M2 12h5M17 12h5",
            Self::Measure => "M3 16L16 3l5 5L8 21zM7 12l2 2M10 9l2 2M13 6l2 2",
            Self::Area => "M4 7l9-3 7 6-3 9-11-2z",
            Self::Save => "M12 4v11M7 11l5 5 5-5M4 20h16",
            Self::Link => "M10 14l4-4M9 8l2-2a4 4 0 0 1 6 6l-2 2M15 16l-2 2a4 4 0 0 1-6-6l2-2",
            Self::Play => "M7 4l13 8-13 8z",
            Self::Pause => "M8 4v16M16 4v16",
            Self::Clock => "M12 3a9 9 0 1 1 0 18a9 9 0 0 1 0-18M12 7v5l4 2",
            Self::Warning => "M12 4l9 16H3zM12 10v4M12 17v.5",
            Self::Empty => "M4 13l3-8h10l3 8v6H4zM4 13h5l1 3h4l1-3h5",
            Self::Pin => "M12 21c-5-6-7-8.5-7-11a7 7 0 0 1 14 0c0 2.5-2 5-7 11M12 8a2 2 0 1 1 0 4a2 2 0 0 1 0-4",
            Self::Building => "M5 20V5h9v15M14 10h5v10M3 20h18M8 9h3M8 13h3",
            Self::Telephone => "M5 4h4l2 5-2.5 2a12 12 0 0 0 5 5l2-2.5 5 2v4c-9 1-17-7-15.5-15.5",
            Self::Case => "M6 3h9l4 4v14H6zM9 11h7M9 15h7",
            Self::Done => "M5 12l5 5 9-10",
        }
    }
}

/// Draws an icon; it says nothing to a screen reader.
#[component]
pub fn Glyph(icon: Icon) -> impl IntoView {
    view! { <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d=icon.path()></path></svg> }
}
