//! What is open and what runs out: the clocks of cases, the orders, and the shares that were met.

use chrono::{DateTime, FixedOffset};
use fengtu_wire::statistics::{Share, Statistics};

use super::{listed, rate};
use crate::tr;
use crate::ui::number::grouped;
use crate::wall::card::{Card, Cell, Mark, Row, count, share_text};

/// Clocks: what is open, what ran out, what will within a day, and the shares that were met; where the scene speaks of mediation, its own first. Of
/// figures that are derived, what is not known is not kept: it has no row.
pub fn clocks(month: &Statistics, mediation: bool, derived: bool) -> Card {
    let figures = &month.figures;
    // How many there were stands before the share of them.
    let confirmed = match figures.confirmations {
        Some(n) => tr!(wall.confirmations_in_time, n = grouped(n)),
        None => tr!(wall.confirmed_in_time).to_owned(),
    };
    let checked_in = match figures.orders {
        Some(n) => tr!(wall.orders_checked_in, n = grouped(n)),
        None => tr!(wall.checked_in).to_owned(),
    };
    // Of what is kept of its own no backend says whether there is none or too few: neither is claimed.
    let (mediation_too, order_too) = (figures.confirmations.is_some(), figures.orders.is_some());
    let shares = [
        (tr!(wall.mediated).to_owned(), figures.mediated, mediation, false),
        (confirmed, figures.confirmed_in_time, mediation, mediation_too),
        (tr!(wall.in_time_settled).to_owned(), figures.settled_in_time, true, true),
        (tr!(wall.in_time_answered).to_owned(), figures.answered, true, true),
        (checked_in, figures.checked_in, !mediation, order_too),
        (tr!(wall.in_time_accepted).to_owned(), figures.accepted, true, true),
    ];
    // What somebody can still act on stands first.
    let soon = figures.due_soon.filter(|_| !mediation);
    // Those that were neither answered nor are late: their minutes run.
    let awaited = figures.orders.zip(figures.checked_in.whole).map(|(all, over)| all.saturating_sub(over));
    let awaited = awaited.filter(|n| *n > 0 && !mediation);
    let counted = |label: &'static str, n: u64| Row { label: label.to_owned(), figure: grouped(n), ..Row::default() };
    let next = month.next.filter(|_| !mediation).unwrap_or_default();
    let until = |label: &'static str, at: DateTime<FixedOffset>| Row {
        label: label.to_owned(),
        until: Some(at.to_utc()),
        ..Row::default()
    };
    let now = [
        soon.map(|n| counted(tr!(wall.clocks_soon), n)),
        next.case.map(|at| until(tr!(wall.clocks_next), at)),
        next.order.map(|at| until(tr!(wall.orders_next), at)),
        awaited.map(|n| counted(tr!(wall.orders_awaited), n)),
    ];
    let is_known = |share: Share| share.part.is_some() && share.whole.is_some();
    let shown = |(_, share, shown, _): &(String, Share, bool, bool)| *shown && (!derived || is_known(*share));
    let row = |(label, share, _, kept): (String, Share, bool, bool)| Row {
        label,
        figure: if kept || is_known(share) { share_text(share) } else { "–".to_owned() },
        part: rate(share),
        ..Row::default()
    };
    // Of none that is open none is overdue, whoever withholds it.
    let overdue = figures.overdue.or(figures.open.filter(|open| *open == 0));
    let known = figures.open.zip(overdue);
    let running = known.map_or_else(|| "–".to_owned(), |(open, overdue)| grouped(open.saturating_sub(overdue)));
    let cell = |mark, label: &'static str, figure: String| Cell { mark, label: label.to_owned(), figure };
    let title = known.map_or_else(
        || tr!(wall.clocks_unknown).to_owned(),
        |(open, overdue)| tr!(wall.clocks_title, open = grouped(open), overdue = grouped(overdue)),
    );
    Card {
        cells: vec![
            cell(Mark::None, tr!(wall.clocks_open), count(figures.open)),
            cell(Mark::None, tr!(wall.clocks_running), running),
            cell(Mark::Overdue, tr!(wall.clocks_overdue), count(overdue)),
        ],
        ..listed(title, now.into_iter().flatten().chain(shares.into_iter().filter(shown).map(row)).collect())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use fengtu_wire::statistics::{Figures, NextClocks};

    use super::super::tests::{month, rows};
    use super::*;
    use crate::wall::card::left;

    #[test]
    fn clocks_that_are_withheld_are_not_subtracted() {
        let card = clocks(&month(), false, false);
        assert_eq!(card.title, "在办与超时");
        let cells: Vec<_> = card.cells.iter().map(|cell| cell.figure.as_str()).collect();
        assert_eq!(cells, ["40", "–", "未显示"]);
        let neither = "nobody says whether orders are withheld or not kept";
        assert_eq!(
            rows(&card)[1..],
            [("按时答复率", "97.00%"), ("按时报到率", "–"), ("按时受理率", "未显示")],
            "{neither}"
        );
        let few = Figures { orders: Some(9), ..month().figures };
        assert_eq!(
            rows(&clocks(&Statistics { figures: few, ..month() }, false, false))[2],
            ("9 道发令按时报到", "未显示")
        );
        let mediated =
            Figures { mediated: Share { part: Some(1), whole: Some(8) }, confirmations: Some(36), ..month().figures };
        let card = clocks(&Statistics { figures: mediated, ..month() }, true, false);
        assert_eq!(rows(&card)[..2], [("调解介入率", "12.50%"), ("36 件司法确认半小时内", "未显示")]);
        assert_eq!(rows(&clocks(&month(), true, false))[..2], [("调解介入率", "–"), ("司法确认半小时内", "–")]);
    }

    #[test]
    fn what_can_still_be_acted_on_stands_first_and_where_nothing_waits_nothing_is_said() {
        let checked_in = |whole| Share { part: Some(80), whole: Some(whole) };
        let now =
            |due_soon, whole| Figures { due_soon, orders: Some(93), checked_in: checked_in(whole), ..month().figures };
        let told = |figures, mediation| clocks(&Statistics { figures, ..month() }, mediation, false);
        // Fewer than five are withheld, and the share of those in time with them.
        let card = told(now(Some(14), 87), false);
        assert_eq!(rows(&card)[..2], [("24 小时内到期（件）", "14"), ("发令待报到（道）", "6")]);
        assert_eq!(rows(&told(now(None, 93), false))[0].0, "按时化解率");
        assert_eq!(rows(&told(now(Some(0), 93), false))[0], ("24 小时内到期（件）", "0"));
        assert_eq!(rows(&told(now(Some(14), 87), true))[0].0, "调解介入率", "of mediation nobody has counted them");
    }

    #[test]
    fn the_next_clocks_are_counted_down_but_not_where_mediation_is_spoken_of() {
        let at = DateTime::parse_from_rfc3339("2026-03-04T12:34:00+08:00").unwrap();
        let next = Some(NextClocks { case: Some(at), order: Some(at) });
        let card = clocks(&Statistics { next, ..month() }, false, false);
        let told: Vec<_> = card.rows.iter().map(|row| (row.label.as_str(), row.until)).take(3).collect();
        let until = Some(at.to_utc());
        assert_eq!(told, [("最近到期还剩", until), ("最近报到还剩", until), ("按时化解率", None)]);
        assert!(clocks(&Statistics { next, ..month() }, true, false).rows.iter().all(|row| row.until.is_none()));
        let left = |seconds| left(at.to_utc(), at.to_utc() - chrono::TimeDelta::seconds(seconds));
        assert_eq!([left(3_661), left(3_599), left(59), left(-5)], ["1:01:01", "59:59", "00:59", "00:00"]);
    }

    #[test]
    fn what_figures_that_are_derived_lack_is_not_kept_and_has_no_row() {
        let told = |mediation| clocks(&month(), mediation, true);
        assert_eq!(rows(&told(false)), [("按时答复率", "97.00%")], "no orders");
        assert_eq!((told(true).rows.len(), told(true).all), (1, 1), "and no mediation");
    }
}
