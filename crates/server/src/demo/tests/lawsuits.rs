//! The courts' figures of the demo.

use std::collections::BTreeMap;

use super::{DISTRICT, SEED, at_level, now};
use crate::demo::lawsuits;
use fengtu_wire::ids::PlaceId;
use fengtu_wire::places::PlaceLevel;

/// The counts of every community, oldest first.
fn series() -> BTreeMap<&'static PlaceId, Vec<u32>> {
    let mut all: BTreeMap<&PlaceId, Vec<u32>> = BTreeMap::new();
    DISTRICT.lawsuits.iter().for_each(|row| all.entry(&row.place).or_default().push(row.filed));
    all
}

#[test]
fn every_community_has_two_years_of_months_that_are_over() {
    let series = series();
    assert_eq!(series.len(), 31);
    assert!(series.values().all(|counts| counts.len() == 24));
    let last = DISTRICT.lawsuits.iter().map(|row| row.month).max().unwrap();
    assert_eq!(last.to_string(), "2026-10-01");
    assert_eq!(lawsuits::rows(&DISTRICT.places, &DISTRICT.cases, SEED, now()), DISTRICT.lawsuits);
    assert_ne!(lawsuits::rows(&DISTRICT.places, &DISTRICT.cases, SEED + 1, now()), DISTRICT.lawsuits);
    let people: u64 = at_level(PlaceLevel::Community).iter().map(|place| u64::from(place.population)).sum();
    let year: u64 = series.values().flat_map(|counts| counts.iter().skip(12)).map(|n| u64::from(*n)).sum();
    let rate = year as f64 / people as f64 * 10_000.0;
    assert!((50.0..110.0).contains(&rate), "{rate} per 10,000 people");
}

#[test]
fn they_fall_where_more_is_mediated() {
    let mediated = lawsuits::mediated(&DISTRICT.places, &DISTRICT.cases);
    let mut communities: Vec<(&PlaceId, Vec<u32>)> = series().into_iter().collect();
    communities.sort_by(|(a, _), (b, _)| mediated[*a].total_cmp(&mediated[*b]));
    let change = |part: &[(&PlaceId, Vec<u32>)]| {
        let year = |skip: usize| part.iter().flat_map(|(_, n)| n.iter().skip(skip).take(12)).sum::<u32>();
        f64::from(year(12)) / f64::from(year(0)) - 1.0
    };
    let (least, most) = (change(&communities[..10]), change(&communities[21..]));
    assert!(most < -0.15 && least > most + 0.1, "least mediated {least}, most mediated {most}");
}
