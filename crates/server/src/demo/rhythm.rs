//! When cases come in: the working week, holidays, the season, the hour of the day.

use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate, NaiveTime, Timelike, Utc};
use fengtu_domain::calendar::{WorkCalendar, built_in};
use fengtu_domain::defaults::UTC_OFFSET_S;

use super::dice::{Dice, Wheel};

/// Days of the year that ends now.
pub const YEAR: u64 = 365;

/// Which hours a kind of case comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hours {
    /// At the desk: mornings and afternoons.
    Office,
    /// At home: after work.
    Home,
    /// When others want to sleep.
    Night,
}

/// Weight of each hour of the day.
const OFFICE: [f64; 24] = [
    0.3, 0.2, 0.1, 0.1, 0.1, 0.2, 0.6, 2.0, 6.0, 10.5, 11.0, 8.5, 4.0, 4.5, 8.5, 10.0, 9.0, 6.5, 3.5, 3.0, 2.6, 1.8,
    1.0, 0.5,
];
const HOME: [f64; 24] = [
    0.8, 0.5, 0.3, 0.2, 0.2, 0.4, 1.0, 2.2, 4.0, 5.5, 5.5, 4.8, 4.0, 3.5, 4.2, 4.6, 4.8, 5.8, 7.5, 9.0, 9.5, 7.8, 4.6,
    2.0,
];
const NIGHT: [f64; 24] = [
    6.5, 4.5, 2.5, 1.2, 0.8, 0.8, 1.5, 2.0, 2.5, 2.8, 2.8, 2.5, 3.8, 3.2, 2.5, 2.5, 2.6, 3.0, 4.5, 6.5, 9.5, 12.0,
    11.5, 9.5,
];

/// The year that ends at one instant, or another time that does, as weights.
#[derive(Debug, Clone)]
pub struct Rhythm {
    calendar: WorkCalendar,
    first: NaiveDate,
    days: Wheel,
    wages: Wheel,
    hours: [Wheel; 3],
    length: u64,
    start: DateTime<Utc>,
    now: DateTime<Utc>,
}

impl Rhythm {
    /// Lays out the year that ends at `now`.
    pub fn new(now: DateTime<Utc>, dice: &mut Dice) -> Self {
        Self::ending(YEAR, now, dice)
    }

    /// Lays out so many days that end at an instant.
    pub fn ending(length: u64, now: DateTime<Utc>, dice: &mut Dice) -> Self {
        let calendar = WorkCalendar::new(&built_in());
        let start = now.checked_sub_days(Days::new(length)).unwrap_or(now);
        let first = start.with_timezone(&offset()).date_naive();
        let festivals = festivals();
        let dates: Vec<NaiveDate> = (0..=length).filter_map(|d| first.checked_add_days(Days::new(d))).collect();
        let base: Vec<f64> = dates
            .iter()
            .zip(0_u32..)
            .map(|(d, i)| busy(*d, &calendar) * (0.9 + 0.2 * f64::from(i) / 365.0) * dice.log_normal(1.0, 0.07))
            .collect();
        let wages = Wheel::new(base.iter().zip(&dates).map(|(w, d)| w * wage_wave(*d, &festivals)));
        let hours = [OFFICE, HOME, NIGHT].map(Wheel::new);
        Self { calendar, first, days: Wheel::new(base), wages, hours, length, start, now }
    }

    /// Returns the calendar of working days.
    pub fn calendar(&self) -> &WorkCalendar {
        &self.calendar
    }

    /// Returns how many days it has.
    pub const fn length(&self) -> u64 {
        self.length
    }

    /// Returns when it begins.
    pub const fn start(&self) -> DateTime<Utc> {
        self.start
    }

    /// Draws an instant of it.
    pub fn instant(&self, kind: Hours, wages: bool, dice: &mut Dice) -> DateTime<Utc> {
        let days = if wages { &self.wages } else { &self.days };
        // The first and the last day are not whole: draw again what falls outside, a bounded number of times.
        let drawn = (0..40)
            .map(|_| self.on_day(days.draw(dice) as u64, kind, dice))
            .find(|at| *at > self.start && *at < self.now);
        drawn.unwrap_or(self.start)
    }

    /// Draws an instant some days after its start; it may lie past the end.
    pub fn on_day(&self, day: u64, kind: Hours, dice: &mut Dice) -> DateTime<Utc> {
        let hour = self.hours[kind as usize].draw(dice) as u32;
        let time = NaiveTime::from_num_seconds_from_midnight_opt(hour * 3600 + dice.whole(0, 3599), 0)
            .unwrap_or(NaiveTime::MIN);
        let date = self.first.checked_add_days(Days::new(day)).unwrap_or(self.first);
        date.and_time(time).and_local_timezone(offset()).single().map_or(self.start, |at| at.to_utc())
    }

    /// Draws a day of it as its number.
    pub fn day(&self, wages: bool, dice: &mut Dice) -> u64 {
        if wages { &self.wages } else { &self.days }.draw(dice) as u64
    }

    /// Returns how busy an instant is; 1 is the mean of an ordinary day.
    pub fn pace(&self, at: DateTime<Utc>) -> f64 {
        let local = at.with_timezone(&offset());
        let hour = OFFICE[local.hour() as usize] + HOME[local.hour() as usize];
        hour / (OFFICE.iter().chain(&HOME).sum::<f64>() / 24.0) * busy(local.date_naive(), &self.calendar)
    }

    /// Returns the share of it that had passed at an instant, 0–1.
    pub fn share(&self, at: DateTime<Utc>) -> f64 {
        ((at - self.start).num_seconds() as f64 / (self.length * 86_400) as f64).clamp(0.0, 1.0)
    }
}

/// The offset in which the district's days begin.
pub fn offset() -> FixedOffset {
    FixedOffset::east_opt(UTC_OFFSET_S).unwrap_or_else(|| chrono::Offset::fix(&Utc))
}

/// Returns how busy a day is by its weekday and the calendar; 1 is an ordinary Thursday.
fn busy(date: NaiveDate, calendar: &WorkCalendar) -> f64 {
    if calendar.is_holiday(date) {
        return 0.38;
    }
    if calendar.is_makeup_workday(date) {
        return 0.95;
    }
    match date.weekday().number_from_monday() {
        1 => 1.20,
        2 => 1.09,
        3 | 5 => 1.03,
        4 => 1.00,
        6 => 0.70,
        _ => 0.60,
    }
}

/// Returns the first day of each Spring Festival that is announced.
fn festivals() -> Vec<NaiveDate> {
    let calendar = built_in();
    let days = calendar.days.iter().filter(|d| d.name == "春节" && d.kind == fengtu_wire::config::DayKind::Holiday);
    let mut firsts: Vec<NaiveDate> = days.map(|d| d.date).collect();
    firsts.dedup_by_key(|d| d.year());
    firsts
}

/// Returns how much more often wages are owed: wages fall due before people go home for the Spring Festival.
fn wage_wave(date: NaiveDate, festivals: &[NaiveDate]) -> f64 {
    let left = festivals.iter().map(|f| (*f - date).num_days()).find(|d| *d >= -10);
    match left {
        Some(d) if d < 0 => 0.5,
        Some(d) if d <= 45 => 1.0 + 2.6 * (1.0 - d as f64 / 45.0),
        _ => 0.85,
    }
}
