//! How far cases are, beside how many were received: a street that many turn to looks worst by its count alone, and one that does not
//! settle looks like any other.

use fengtu_wire::statistics::PlaceFigures;

use crate::tr;
use crate::ui::number::{grouped, steps_of};
use crate::wall::card::Done;

/// Returns how far the cases of each place are; nothing at all where that is told of none.
pub fn done(rows: &[&PlaceFigures]) -> Vec<Option<Done>> {
    let all: Vec<Done> = rows.iter().map(|row| of(row)).collect();
    let is_told = all.iter().any(|done| *done != Done::default());
    all.into_iter().map(|done| Some(done).filter(|_| is_told)).collect()
}

/// What is withheld, and what nobody knows, is left blank.
fn of(row: &PlaceFigures) -> Done {
    let part = row.settled.zip(row.received).and_then(|(settled, received)| steps_of(settled, received, 100));
    Done {
        settled: part.map_or_else(String::new, |part| tr!(wall.row_settled, part = part)),
        overdue: row.overdue.map_or_else(String::new, |n| tr!(wall.row_overdue, n = grouped(n))),
    }
}

#[cfg(test)]
mod tests {
    use fengtu_wire::warnings::Level;

    use super::*;

    fn told(rows: &[[Option<u64>; 3]]) -> Vec<Option<(String, String)>> {
        let row = |[received, settled, overdue]: &[Option<u64>; 3]| PlaceFigures {
            place: "s".into(),
            level: Level::None,
            grids: [0; 3],
            received: *received,
            settled: *settled,
            open: None,
            overdue: *overdue,
        };
        let rows: Vec<_> = rows.iter().map(row).collect();
        let done = done(&rows.iter().collect::<Vec<_>>()).into_iter();
        done.map(|done| done.map(|done| (done.settled, done.overdue))).collect()
    }

    #[test]
    fn what_was_settled_is_a_share_and_almost_all_is_not_all() {
        let of = |settled, received| told(&[[Some(received), Some(settled), None]]);
        let said = |settled, received| of(settled, received)[0].clone().map(|done| done.0).unwrap_or_default();
        assert_eq!(
            [said(140, 181), said(999, 1_000), said(7, 7), said(0, 7)],
            ["化解 77%", "化解 99%", "化解 100%", "化解 0%"]
        );
        assert_eq!(of(0, 0), [None], "of nothing there is no share");
    }

    #[test]
    fn what_is_withheld_is_blank_and_where_nothing_is_told_there_is_no_column() {
        let rows =
            told(&[[Some(80), None, None], [Some(181), Some(140), Some(7)], [Some(146), None, Some(0)], [None; 3]]);
        let whole = [("", ""), ("化解 77%", "超时 7"), ("", "超时 0"), ("", "")];
        assert_eq!(rows, whole.map(|(settled, overdue)| Some((settled.to_owned(), overdue.to_owned()))));
        assert_eq!(told(&[[Some(80), None, None], [None, Some(7), None]]), [None, None]);
    }
}
