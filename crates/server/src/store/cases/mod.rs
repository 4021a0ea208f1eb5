//! Cases as rows: written whole or step by step, read as facts for the board, as lists, one by one, and as rows.

use fengtu_wire::cases::Sensitivity;

mod apply;
mod facts;
mod list;
mod rows;
mod sight;
mod write;

pub use apply::{CASE_CHANGED, new_case, step};
pub use facts::{CaseFact, fact_of, facts};
pub use list::{Key, Order, StoredCase, Wanted, count, events, numbers, one, read, seen};
pub use rows::{rows, rows_in};
pub use sight::Sight;
pub use write::write;

/// Returns the rank that the column keeps: 0 public … 3 restricted.
pub(crate) fn rank(sensitivity: Sensitivity) -> i64 {
    match sensitivity {
        Sensitivity::Public => 0,
        Sensitivity::Internal => 1,
        Sensitivity::Sensitive => 2,
        Sensitivity::Restricted => 3,
    }
}

/// Reads the column back; a rank that nobody wrote counts as the strictest.
pub(crate) const fn sensitivity(rank: i64) -> Sensitivity {
    match rank {
        0 => Sensitivity::Public,
        1 => Sensitivity::Internal,
        2 => Sensitivity::Sensitive,
        _ => Sensitivity::Restricted,
    }
}

/// The condition that a case lies in or below a node.
pub(crate) fn below(span: crate::store::tree::Span) -> crate::store::query::Fragment {
    let sql = "place IN (SELECT id FROM places WHERE tree_first BETWEEN ? AND ?)";
    crate::store::query::Fragment::new(sql, [span.first.into(), span.last.into()])
}

fn unsigned(value: i64) -> u32 {
    u32::try_from(value).unwrap_or_default()
}
