//! Opening hours of stations and timetables of mobile stations.

use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime};
use fengtu_wire::stations::{OpeningHours, Stop};

use crate::calendar::WorkCalendar;

/// A point in time with the station's own offset.
type Instant = DateTime<FixedOffset>;

/// Days ahead that are searched: longer than the longest run of holidays, and a whole week of any timetable.
const HORIZON_DAYS: u64 = 21;

/// Whether a station is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// Open, and does not close within three weeks.
    AlwaysOpen,
    /// Open, and closes then.
    OpenUntil(Instant),
    /// Closed.
    Closed {
        /// When it opens next; `None`: not within three weeks.
        opens_at: Option<Instant>,
    },
}

impl Opening {
    /// Returns whether one can go there now.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::AlwaysOpen | Self::OpenUntil(_))
    }
}

/// Returns whether a station with these hours is open at a time, given in the station's own offset.
///
/// Spans that touch or overlap are one: a counter with 09:00–12:00 and 12:00–18:00 closes at 18:00.
pub fn opening(hours: &[OpeningHours], at: Instant, calendar: &WorkCalendar) -> Opening {
    let now = at.naive_local();
    let spans = spans_around(hours, now.date(), calendar);
    let in_zone = |time: NaiveDateTime| time.and_local_timezone(*at.offset()).single();
    let Some(end) = end_of_run(&spans, now) else {
        let opens = spans.iter().map(|span| span.0).find(|&start| start > now);
        return Opening::Closed { opens_at: opens.and_then(in_zone) };
    };
    let horizon = now.checked_add_days(Days::new(HORIZON_DAYS - 1));
    match in_zone(end) {
        Some(end_at) if horizon.is_some_and(|horizon| end < horizon) => Opening::OpenUntil(end_at),
        _ => Opening::AlwaysOpen,
    }
}

/// Start and end of one opening, local time.
type Span = (NaiveDateTime, NaiveDateTime);

/// Lists the spans from the day before (they may cross midnight) to the horizon, by start.
fn spans_around(hours: &[OpeningHours], today: NaiveDate, calendar: &WorkCalendar) -> Vec<Span> {
    let first = today.pred_opt().unwrap_or(today);
    let mut spans: Vec<Span> = Vec::new();
    for day in first.iter_days().take(HORIZON_DAYS as usize + 2) {
        let rows = hours.iter().filter(|row| applies(row, day, calendar));
        for span in rows.filter_map(|row| span_of(day, row.from, row.to)) {
            // The days come in order, so this moves what overlaps at most.
            let at = spans.partition_point(|earlier| *earlier <= span);
            spans.insert(at, span);
        }
    }
    spans
}

fn applies(row: &OpeningHours, day: NaiveDate, calendar: &WorkCalendar) -> bool {
    if calendar.is_holiday(day) && !row.on_holidays {
        return false;
    }
    let listed = |weekday: u8| row.weekdays.contains(&weekday);
    let weekday = day.weekday().number_from_monday() as u8;
    // On a make-up Saturday or Sunday, what works Monday to Friday works too.
    listed(weekday) || (calendar.is_makeup_workday(day) && (1..=5).all(listed))
}

fn span_of(day: NaiveDate, from: NaiveTime, to: NaiveTime) -> Option<Span> {
    let last = if to > from { day } else { day.succ_opt()? };
    Some((day.and_time(from), last.and_time(to)))
}

/// Returns the end of the run of spans that contains `now`.
fn end_of_run(spans: &[Span], now: NaiveDateTime) -> Option<NaiveDateTime> {
    let mut end = spans.iter().filter(|span| span.0 <= now && now < span.1).map(|span| span.1).max()?;
    for &(start, to) in spans {
        if start <= end && to > end {
            end = to;
        }
    }
    Some(end)
}

/// Where a mobile station is, and where it goes next.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MobileNow<'a> {
    /// The stop it stands at; `None`: on its way.
    pub at: Option<&'a Stop>,
    /// The next stop and when it arrives there; `None`: it has no timetable.
    pub next: Option<(&'a Stop, Instant)>,
}

/// Returns where a mobile station is at a time, given in its own offset, and where it goes next.
pub fn mobile_now(stops: &[Stop], now: Instant) -> MobileNow<'_> {
    let local = now.naive_local();
    let first = local.date().pred_opt().unwrap_or(local.date());
    // A day back for a stop across midnight, and a week and a day ahead: today's stop may be over.
    let visits: Vec<(Span, &Stop)> = first
        .iter_days()
        .take(9)
        .flat_map(|day| stops.iter().filter_map(move |stop| Some((visit_of(stop, day)?, stop))))
        .collect();
    let at = visits.iter().find(|(span, _)| span.0 <= local && local < span.1).map(|visit| visit.1);
    let next = visits.iter().filter(|(span, _)| span.0 > local).min_by_key(|(span, _)| span.0);
    let in_zone = |(span, stop): &(Span, _)| Some((*stop, span.0.and_local_timezone(*now.offset()).single()?));
    MobileNow { at, next: next.and_then(in_zone) }
}

fn visit_of(stop: &Stop, day: NaiveDate) -> Option<Span> {
    let matches = day.weekday().number_from_monday() == u32::from(stop.weekday);
    matches.then(|| span_of(day, stop.from, stop.to)).flatten()
}
