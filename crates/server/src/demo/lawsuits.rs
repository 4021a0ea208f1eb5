//! Civil lawsuits of the demo, by community and month: two years of them, falling where more of the disputes are mediated.

use std::collections::HashMap;

use chrono::{DateTime, Datelike as _, FixedOffset, Months, NaiveDate, Utc};
use fengtu_domain::categories::is_dispute;
use fengtu_wire::cases::CaseState;
use fengtu_wire::ids::PlaceId;
use fengtu_wire::places::PlaceLevel;

use super::dice::Dice;
use crate::dataset::{CaseRow, LawsuitRow, PlaceRow};

/// Months of the series; the last one ended before now.
const MONTHS: u32 = 24;
/// Lawsuits per 10,000 people and year at its beginning: the middle of the communities, and the spread of its logarithm.
const USUAL: (f64, f64) = (86.0, 0.22);
/// By how much a community's lawsuits change in a year: where least is mediated, and where most is.
const CHANGE: (f64, f64) = (0.06, -0.30);
/// Courts take in less around the Spring Festival, and more before the year ends.
const SEASON: [f64; 12] = [0.92, 0.62, 1.08, 1.04, 1.03, 1.02, 1.04, 1.03, 1.02, 0.95, 1.10, 1.15];
/// Hours by which the district's clocks are ahead of UTC.
const AHEAD_H: i32 = 8;

/// Writes the counts of every community.
pub fn rows(places: &[PlaceRow], cases: &[CaseRow], seed: u64, now: DateTime<Utc>) -> Vec<LawsuitRow> {
    let mut dice = Dice::new(seed, 34);
    let mut communities: Vec<&PlaceRow> = places.iter().filter(|p| p.level == PlaceLevel::Community).collect();
    let mediated = mediated(places, cases);
    let share = |place: &PlaceRow| mediated.get(&place.id).copied().unwrap_or_default();
    communities.sort_by(|a, b| share(a).total_cmp(&share(b)).then_with(|| a.id.cmp(&b.id)));
    let last = communities.len().saturating_sub(1).max(1) as f64;
    let months = months(now);
    let series = |(n, place): (usize, &&PlaceRow)| {
        let change = CHANGE.0 + (CHANGE.1 - CHANGE.0) * n as f64 / last;
        community(place, change, &months, &mut dice)
    };
    communities.iter().enumerate().flat_map(series).collect()
}

/// Returns the part of the disputes of every community that was mediated.
pub fn mediated(places: &[PlaceRow], cases: &[CaseRow]) -> HashMap<PlaceId, f64> {
    let by_id: HashMap<&PlaceId, &PlaceRow> = places.iter().map(|place| (&place.id, place)).collect();
    let community = |case: &CaseRow| {
        let first = case.place.as_ref().and_then(|id| by_id.get(id).copied());
        let up = |place: &&PlaceRow| place.parent.as_ref().and_then(|id| by_id.get(id).copied());
        std::iter::successors(first, up).find(|place| place.level == PlaceLevel::Community).map(|place| &place.id)
    };
    let mut counts: HashMap<PlaceId, [u32; 2]> = HashMap::new();
    for case in cases.iter().filter(|case| is_dispute(&case.category)) {
        let Some(id) = community(case) else { continue };
        let [disputes, mediated] = counts.entry(id.clone()).or_default();
        *disputes += 1;
        *mediated += u32::from(case.events.iter().any(|event| event.to == CaseState::Mediating));
    }
    let share = |[disputes, mediated]: [u32; 2]| f64::from(mediated) / f64::from(disputes.max(1));
    counts.into_iter().map(|(id, counts)| (id, share(counts))).collect()
}

/// Returns the first days of the last months that are over, oldest first.
fn months(now: DateTime<Utc>) -> Vec<NaiveDate> {
    let offset = FixedOffset::east_opt(AHEAD_H * 3_600);
    let today = offset.map_or_else(|| now.date_naive(), |offset| now.with_timezone(&offset).date_naive());
    let this = today.with_day(1).unwrap_or(today);
    (1..=MONTHS).rev().filter_map(|back| this.checked_sub_months(Months::new(back))).collect()
}

fn community(place: &PlaceRow, change: f64, months: &[NaiveDate], dice: &mut Dice) -> Vec<LawsuitRow> {
    let yearly = f64::from(place.population) / 10_000.0 * dice.log_normal(USUAL.0, USUAL.1);
    let row = |(n, &month): (usize, &NaiveDate)| {
        let grown = libm::pow(1.0 + change, n as f64 / 12.0);
        let usual = yearly / 12.0 * grown * SEASON[month.month0() as usize];
        // Counts of many people who go to court by themselves: Poisson's, which is near the normal one.
        let filed = (usual + libm::sqrt(usual) * dice.normal()).round().max(0.0) as u32;
        LawsuitRow { place: place.id.clone(), month, filed }
    };
    months.iter().enumerate().map(row).collect()
}
