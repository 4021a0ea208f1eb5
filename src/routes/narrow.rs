//! How the open list is narrowed and ordered.

/// What of a list is shown, and in which order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Narrow {
    /// The text that rows must match; empty: all do.
    pub text: String,
    /// Only areas that have a warning.
    pub warned: bool,
    /// Only cases of a kind.
    pub only: Option<Only>,
    /// By which column; absent: as the layer has them.
    pub order: Option<Order>,
}

/// A kind of cases that a list can be narrowed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Only {
    /// Group matters 群体性.
    Groups,
    /// Repeats of earlier cases 重复诉求.
    Repeats,
}

impl Only {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::Groups, Self::Repeats];

    /// Returns its name in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Groups => "groups",
            Self::Repeats => "repeats",
        }
    }

    /// Returns the kind with a name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|only| only.as_str() == name)
    }
}

/// By which column rows are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    /// The column's number.
    pub column: usize,
    /// Whether the greatest comes first.
    pub descending: bool,
}

/// More columns than this no list has.
const MAX_COLUMN: usize = 99;

impl Order {
    /// Returns the order after a head was pressed: first ascending, then turned over.
    pub fn pressed(before: Option<Self>, column: usize) -> Self {
        Self { column, descending: before.is_some_and(|b| b.column == column && !b.descending) }
    }

    /// Writes it: the number of the column, and `d` where the greatest comes first.
    pub(super) fn to_text(self) -> String {
        format!("{}{}", self.column, if self.descending { "d" } else { "" })
    }

    /// Reads what [`Order::to_text`] writes.
    pub(super) fn from_text(text: &str) -> Option<Self> {
        let number = text.strip_suffix('d');
        let column = number.unwrap_or(text).parse().ok().filter(|column| *column <= MAX_COLUMN)?;
        Some(Self { column, descending: number.is_some() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_pressed_twice_turns_the_order_over() {
        let once = Order::pressed(None, 1);
        let twice = Order::pressed(Some(once), 1);
        assert_eq!(
            (once.descending, twice.descending, Order::pressed(Some(twice), 1).descending),
            (false, true, false)
        );
        assert!(!Order::pressed(Some(once), 0).descending);
    }
}
