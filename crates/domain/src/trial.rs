//! Thresholds tried on the past before they are set: "would have given 12 red, 3 of them right".
//!
//! # What right means
//!
//! A warning says that trouble is coming. It was *right* if, within [`HORIZON_DAYS`] days after the day on which it was
//! given, something grave happened at the place **that was not there yet** when it was given: a group matter (five or more
//! people), an urgent or major case, a mediation that failed, a case that came back. What had happened before the warning is
//! its reason and proves nothing. A warning too young to be judged is counted apart, neither right nor wrong.
//!
//! Where grave things are common a warning is often right by chance. So the trial also tells how often a place and day taken
//! at random would have been right: thresholds are worth something as far as they beat that.

/// Days after a warning within which it is judged.
pub const HORIZON_DAYS: usize = 30;

/// One place over the days of the past.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Series<'a> {
    /// Its score at the start of each day.
    pub scores: &'a [f32],
    /// Grave things that happened on each day; as many days as scores.
    pub grave: &'a [u16],
}

/// How warnings of one level would have fared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outcome {
    /// Warnings that would have been given: the times that a place rose to the level or above it.
    pub given: u32,
    /// Of those, how many are old enough to be judged.
    pub judged: u32,
    /// Of those judged, how many were right.
    pub right: u32,
    /// Days in the level or above, of all places together.
    pub days: u32,
}

/// How often a place and day taken at random would have been right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Chance {
    /// Places times days that can be judged.
    pub judged: u64,
    /// Of those, how many had something grave within the horizon.
    pub right: u64,
}

/// Adds one place's past under a threshold.
pub fn add(outcome: &mut Outcome, series: Series<'_>, threshold: f64) {
    let mut is_in = false;
    for (day, &score) in series.scores.iter().enumerate() {
        let was_in = std::mem::replace(&mut is_in, f64::from(score) >= threshold);
        outcome.days += u32::from(is_in);
        // On the first day nobody knows how long it has been so.
        if is_in && !was_in && day > 0 {
            outcome.given += 1;
            if let Some(right) = judged(series, day) {
                outcome.judged += 1;
                outcome.right += u32::from(right);
            }
        }
    }
}

/// Adds one place's past to what chance would do.
pub fn add_chance(chance: &mut Chance, series: Series<'_>) {
    for right in (1..series.scores.len()).filter_map(|day| judged(series, day)) {
        chance.judged += 1;
        chance.right += u64::from(right);
    }
}

/// Returns whether a warning at the start of a day was right; `None`: its horizon is not over.
pub fn judged(series: Series<'_>, day: usize) -> Option<bool> {
    let after = series.grave.get(day..day + HORIZON_DAYS)?;
    Some(after.iter().any(|&grave| grave > 0))
}

/// A time that a place was at or above a level.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Episode {
    /// The day on which it began.
    pub from: usize,
    /// The day on which it was over; the number of days where it goes on.
    pub to: usize,
    /// The highest score within it.
    pub highest: f32,
    /// Grave things within the horizon after it began, as far as it is over.
    pub grave: u32,
    /// Whether it was right; `None`: too early to say.
    pub right: Option<bool>,
}

/// Returns the times that a place was at or above a threshold, oldest first; one that ran on the first day is none, as in
/// [`add`]: nobody knows when it began.
pub fn episodes(series: Series<'_>, threshold: f64) -> Vec<Episode> {
    let mut all: Vec<Episode> = Vec::new();
    let mut is_in = false;
    for (day, &score) in series.scores.iter().enumerate() {
        let was_in = std::mem::replace(&mut is_in, f64::from(score) >= threshold);
        if is_in && !was_in && day > 0 {
            let grave = series.grave.iter().skip(day).take(HORIZON_DAYS).map(|&n| u32::from(n)).sum();
            all.push(Episode { from: day, to: day + 1, highest: score, grave, right: judged(series, day) });
        } else if let Some(last) = all.last_mut().filter(|_| is_in) {
            (last.to, last.highest) = (day + 1, last.highest.max(score));
        }
    }
    all
}
