//! The board's charts as drawings: pure functions from figures to shapes.

use std::fmt::Write;

use chrono::Datelike;
use fengtu_wire::statistics::DayCount;

use crate::desk::words;
use crate::tr;
use crate::ui::drawing::{Anchor, Drawing, Ink, nice_end, rect};
use crate::ui::number::grouped;
use crate::ui::time::month_and_day;

/// Room at the left of the days, for the figures of the axis.
pub const LEFT: f64 = 44.0;
const RIGHT: f64 = 8.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 24.0;
const DAYS_HEIGHT: f64 = 220.0;

/// Returns the day under a point of the drawing of days.
pub fn day_at(x: f64, width: f64, days: usize) -> usize {
    let step = (width - LEFT - RIGHT) / days.max(1) as f64;
    (((x - LEFT) / step).floor().max(0.0) as usize).min(days.saturating_sub(1))
}

/// Draws received as columns and settled as a line; days outside `chosen` stand back.
pub fn days(days: &[DayCount], chosen: Option<(usize, usize)>, width: f64) -> Drawing {
    let mut drawing = Drawing::new(width, DAYS_HEIGHT);
    let most = days.iter().flat_map(|day| [day.received, day.settled]).flatten().max().unwrap_or(0);
    let end = nice_end(most);
    let (floor, height) = (DAYS_HEIGHT - BOTTOM, DAYS_HEIGHT - BOTTOM - TOP);
    let y = |count: u64| floor - count as f64 / end as f64 * height;
    axis(&mut drawing, end, width, &y);
    let step = (width - LEFT - RIGHT) / days.len().max(1) as f64;
    let (mut inside, mut outside, mut line, mut goes_on) = (String::new(), String::new(), String::new(), false);
    for (index, day) in days.iter().enumerate() {
        let x = LEFT + index as f64 * step;
        if let Some(count) = day.received {
            let is_in = chosen.is_none_or(|(first, last)| (first..=last).contains(&index));
            let (gap, bars) = (if step > 4.0 { 1.0 } else { 0.0 }, if is_in { &mut inside } else { &mut outside });
            bars.push_str(&rect(x + gap / 2.0, y(count), step - gap, floor - y(count)));
        }
        if let Some(count) = day.settled {
            // Writing to a string cannot fail.
            let _ = write!(line, "{}{:.1} {:.1}", if goes_on { 'L' } else { 'M' }, x + step / 2.0, y(count));
        }
        goes_on = day.settled.is_some();
    }
    drawing.area(outside, Ink::First, 0.25);
    drawing.area(inside, Ink::First, 1.0);
    drawing.stroke(line, Ink::Ink, 1.5);
    day_labels(&mut drawing, days, step);
    drawing
}

fn axis(drawing: &mut Drawing, end: u64, width: f64, y: &dyn Fn(u64) -> f64) {
    let ticks = if end == 1 { vec![0, 1] } else { vec![0, end / 2, end] };
    for tick in ticks {
        drawing.stroke(format!("M{LEFT:.1} {0:.1}H{1:.1}", y(tick), width - RIGHT), Ink::Line, 0.5);
        drawing.text((LEFT - 6.0, y(tick) + 4.0), Anchor::End, Ink::Muted, grouped(tick));
    }
}

fn day_labels(drawing: &mut Drawing, days: &[DayCount], step: f64) {
    let every = ((56.0 / step).ceil() as usize).max(1);
    // The last stands too; none so near to it that they touch.
    let last = days.len().saturating_sub(1);
    for (index, day) in days.iter().enumerate().filter(|(index, _)| (last - index).is_multiple_of(every)) {
        let x = LEFT + (index as f64 + 0.5) * step;
        if x > LEFT + 14.0 {
            drawing.text(
                (x.min(drawing.size.0 - 16.0), DAYS_HEIGHT - 6.0),
                Anchor::Middle,
                Ink::Muted,
                month_and_day(&day.day),
            );
        }
    }
}

const WEEK_LEFT: f64 = 36.0;
const WEEK_ROW: f64 = 24.0;

/// Returns the day of the week (from 1) and the hour under a point of the drawing of the week.
pub fn slot_at(x: f64, y: f64, width: f64) -> Option<(u8, u8)> {
    let (column, row) = ((x - WEEK_LEFT) / ((width - WEEK_LEFT) / 24.0), y / WEEK_ROW);
    ((0.0..24.0).contains(&column) && (0.0..7.0).contains(&row)).then_some((row as u8 + 1, column as u8))
}

/// Draws the hours of the week, darker the more came; those that `has` not stand back.
pub fn week(counts: &[Option<u64>], has: &dyn Fn(usize) -> bool, width: f64) -> Drawing {
    let mut drawing = Drawing::new(width, WEEK_ROW * 7.0 + 22.0);
    let most = counts.iter().flatten().copied().max().unwrap_or(0).max(1) as f64;
    let cell = (width - WEEK_LEFT) / 24.0;
    for (slot, count) in counts.iter().enumerate().filter_map(|(slot, count)| Some((slot, (*count)?))) {
        let (x, y) = (WEEK_LEFT + (slot % 24) as f64 * cell, (slot / 24) as f64 * WEEK_ROW);
        let share = count as f64 / most;
        let (ink, opacity) =
            if has(slot) { (Ink::First, 0.06 + 0.94 * share) } else { (Ink::Second, 0.06 + 0.3 * share) };
        drawing.area(rect(x + 0.5, y + 0.5, cell - 1.0, WEEK_ROW - 1.0), ink, opacity);
    }
    for day in 1_u8..=7 {
        let y = (f64::from(day) - 0.5) * WEEK_ROW + 4.0;
        drawing.text((WEEK_LEFT - 6.0, y), Anchor::End, Ink::Muted, words::weekday(day));
    }
    for hour in [0_u8, 6, 12, 18] {
        let x = WEEK_LEFT + f64::from(hour) * cell;
        drawing.text((x + 2.0, WEEK_ROW * 7.0 + 16.0), Anchor::Start, Ink::Muted, format!("{hour}:00"));
    }
    drawing
}

/// One row of [`bars`].
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// What it is.
    pub label: String,
    /// Now, and before.
    pub counts: [Option<u64>; 2],
}

/// Draws rows as bars with a tick for before: for a file; on the page they are buttons.
pub fn bars(rows: &[Row], width: f64) -> Drawing {
    const LABEL: f64 = 150.0;
    const ROW: f64 = 26.0;
    let mut drawing = Drawing::new(width, ROW * rows.len() as f64 + 8.0);
    let most = rows.iter().flat_map(|row| row.counts).flatten().max().unwrap_or(0).max(1) as f64;
    let room = width - LABEL - 60.0;
    for (index, row) in rows.iter().enumerate() {
        let y = index as f64 * ROW + 6.0;
        drawing.text((LABEL - 8.0, y + 13.0), Anchor::End, Ink::Ink, row.label.clone());
        if let Some(count) = row.counts[0] {
            let length = count as f64 / most * room;
            drawing.area(rect(LABEL, y, length, 16.0), Ink::First, 1.0);
            drawing.text((width - 4.0, y + 13.0), Anchor::End, Ink::Ink, grouped(count));
        } else {
            drawing.text((width - 4.0, y + 13.0), Anchor::End, Ink::Muted, tr!(board.hidden_one));
        }
        if let Some(before) = row.counts[1] {
            drawing.stroke(format!("M{0:.1} {y:.1}v16", LABEL + before as f64 / most * room), Ink::Ink, 1.5);
        }
    }
    drawing
}

/// The rate of one place: its interval and itself, in 0…1; nothing where too few were counted.
#[derive(Debug, Clone, PartialEq)]
pub struct Span {
    /// What it is of.
    pub label: String,
    /// The ends of the interval, and the rate between them.
    pub rate: Option<(f64, f64, f64)>,
}

/// Returns the scale that all spans and the whole lie on, a little wider than they are.
pub fn scale(spans: &[Span], whole: Option<f64>) -> (f64, f64) {
    let ends = || spans.iter().filter_map(|span| span.rate).flat_map(|(low, _, high)| [low, high]).chain(whole);
    let (low, high) = (ends().fold(1.0, f64::min), ends().fold(0.0, f64::max));
    if low > high {
        // There is nothing to hold.
        return (0.0, 1.0);
    }
    if low >= high { ((low - 0.05).max(0.0), (high + 0.05).min(1.0)) } else { (low, high) }
}

/// Draws one interval on a scale, with a line where the whole is.
pub fn interval(span: &Span, whole: Option<f64>, (from, to): (f64, f64), width: f64) -> Drawing {
    let mut drawing = Drawing::new(width, 20.0);
    add_interval(&mut drawing, span, whole, (from, to), (4.0, width - 8.0, 10.0));
    drawing
}

fn add_interval(
    drawing: &mut Drawing,
    span: &Span,
    whole: Option<f64>,
    (from, to): (f64, f64),
    (left, room, y): (f64, f64, f64),
) {
    let x = |rate: f64| left + (rate - from) / (to - from).max(1e-9) * room;
    if let Some(whole) = whole {
        drawing.stroke(format!("M{:.1} {:.1}v20", x(whole), y - 10.0), Ink::Second, 1.0);
    }
    if let Some((low, rate, high)) = span.rate {
        drawing.stroke(format!("M{:.1} {y:.1}H{:.1}", x(low), x(high)), Ink::First, 2.0);
        drawing.area(rect(x(rate) - 3.0, y - 5.0, 6.0, 10.0), Ink::First, 1.0);
    }
}

/// Draws all intervals with their labels: for a file.
pub fn intervals(spans: &[Span], whole: Option<f64>, width: f64, say: fn(f64) -> String) -> Drawing {
    const LABEL: f64 = 150.0;
    let mut drawing = Drawing::new(width, 24.0 * spans.len() as f64 + 8.0);
    let scale = scale(spans, whole);
    for (index, span) in spans.iter().enumerate() {
        let y = index as f64 * 24.0 + 14.0;
        drawing.text((LABEL - 8.0, y + 4.0), Anchor::End, Ink::Ink, span.label.clone());
        add_interval(&mut drawing, span, whole, scale, (LABEL, width - LABEL - 80.0, y));
        if let Some((_, rate, _)) = span.rate {
            drawing.text((width - 4.0, y + 4.0), Anchor::End, Ink::Muted, say(rate));
        }
    }
    drawing
}

/// Returns the weekday of a day in words.
pub fn weekday(day: chrono::NaiveDate) -> &'static str {
    words::weekday(day.weekday().number_from_monday() as u8)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::drawing::Shape;

    fn count(day: u32, received: Option<u64>) -> DayCount {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 3, day).unwrap_or_default();
        DayCount { day, received, settled: received }
    }

    #[test]
    fn a_point_is_the_day_that_is_drawn_there() {
        for n in [1_usize, 7, 365] {
            let step = (600.0 - LEFT - RIGHT) / n as f64;
            for day in 0..n {
                assert_eq!(day_at(LEFT + (day as f64 + 0.5) * step, 600.0, n), day);
            }
        }
        assert_eq!((day_at(0.0, 600.0, 9), day_at(900.0, 600.0, 9), day_at(5.0, 600.0, 0)), (0, 8, 0));
    }

    #[test]
    fn a_point_is_the_hour_that_is_drawn_there() {
        assert_eq!(slot_at(WEEK_LEFT + 1.0, 1.0, 600.0), Some((1, 0)));
        assert_eq!(slot_at(599.0, WEEK_ROW * 6.5, 600.0), Some((7, 23)));
        assert_eq!((slot_at(3.0, 3.0, 600.0), slot_at(99.0, WEEK_ROW * 7.0 + 3.0, 600.0)), (None, None));
    }

    #[test]
    fn a_withheld_day_has_no_column_and_a_chosen_one_stands_out() {
        let drawn = days(&[count(1, Some(4)), count(2, None), count(3, Some(9))], Some((2, 2)), 400.0);
        let areas: Vec<f64> = drawn
            .shapes
            .iter()
            .filter_map(|s| if let Shape::Area { opacity, .. } = s { Some(*opacity) } else { None })
            .collect();
        assert_eq!(areas, [0.25, 1.0]);
    }

    #[test]
    fn intervals_share_a_scale_that_holds_them_all() {
        let span = |rate| Span { label: String::new(), rate };
        assert_eq!(scale(&[span(Some((0.8, 0.9, 0.95))), span(None)], Some(0.97)), (0.8, 0.97));
        let (from, to) = scale(&[], None);
        assert!(from < to);
    }
}
