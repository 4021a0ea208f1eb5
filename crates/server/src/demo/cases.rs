//! Cases as rows: where, who, what they say, and the way they go.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use fengtu_domain::{categories, defaults};
use fengtu_wire::cases::{CaseState, Channel, PartySide, Sensitivity};
use fengtu_wire::config::ClassRule;
use fengtu_wire::geojson::Position;
use fengtu_wire::ids::{CaseNumber, CategoryId, PlaceId};

use super::causes::{CAUSES, CLASSES, Cause};
use super::city::{City, DISTRICT};
use super::dice::{Dice, Wheel};
use super::journey::{Journey, Nature, Offices, rating};
use super::plan::{Draw, Seed, plan};
use super::plane::{centroid, inside, lerp, to_metres, to_position};
use super::rhythm::{Rhythm, YEAR, offset};
use super::texts::{Facts, compose};
use super::words::{person, phone};
use crate::dataset::{BuildingRow, CaseRow, PartyRow};

/// Days before the year: a quarter, and what is left of the one that has begun, can then be compared with the same a year before.
const BEFORE: u64 = 121;
/// How busy those days were beside as many of the year: fewer came then, and more and more do.
const BEFORE_PACE: f64 = 0.87;

/// Writes `count` cases of the year that ends at `now`, and those of some months before it, in the order of their report.
pub fn rows(city: &City, buildings: &[BuildingRow], seed: u64, count: usize, now: DateTime<Utc>) -> Vec<CaseRow> {
    let mut dice = Dice::new(seed, 10);
    let rhythm = Rhythm::new(now, &mut dice);
    let draw = Draw::new(city, &mut Dice::new(seed, 12));
    let mut rows = before(city, buildings, seed, count, &rhythm, &draw, now);
    let seeds = plan(city, &rhythm, &draw, count, now, &mut dice);
    let memory = &mut Memory::new(city, buildings, rhythm, Dice::new(seed, 11), seed);
    // The day on which the year begins has numbers already.
    for row in &rows {
        memory.taken(&row.number);
    }
    let mut writer = Writer { city, buildings, memory };
    rows.extend(seeds.into_iter().map(|s| writer.write(s, Some(now))));
    rows
}

fn before(
    city: &City,
    buildings: &[BuildingRow],
    seed: u64,
    count: usize,
    year: &Rhythm,
    draw: &Draw,
    now: DateTime<Utc>,
) -> Vec<CaseRow> {
    let mut dice = Dice::new(seed, 14);
    let rhythm = Rhythm::ending(BEFORE, year.start(), &mut dice);
    let count = (count as f64 * BEFORE_PACE * BEFORE as f64 / YEAR as f64) as usize;
    let seeds = plan(city, &rhythm, draw, count, year.start(), &mut dice);
    let memory = &mut Memory::new(city, buildings, year.clone(), Dice::new(seed, 15), seed);
    let mut writer = Writer { city, buildings, memory };
    seeds.into_iter().map(|s| writer.write(s, Some(now))).collect()
}

/// Where a case is.
struct Spot {
    at: Option<Position>,
    address: Option<String>,
    building: Option<usize>,
}

/// What later cases of the same trouble or grid take over from an earlier one.
#[derive(Debug, Clone)]
struct Earlier {
    number: CaseNumber,
    cause: usize,
    at: DateTime<Utc>,
    building: Option<usize>,
    parties: Vec<PartyRow>,
}

/// What writing cases must remember from one to the next.
#[derive(Debug, Clone)]
pub struct Memory {
    first_of: Vec<usize>,
    busy: Vec<Wheel>,
    rules: Vec<ClassRule>,
    least: BTreeMap<String, Sensitivity>,
    /// The year's rhythm.
    pub rhythm: Rhythm,
    dice: Dice,
    troubles: BTreeMap<u32, Earlier>,
    last: Vec<Option<Earlier>>,
    numbers: BTreeMap<NaiveDate, u32>,
}

impl Memory {
    /// Prepares to write cases at the buildings of a city.
    pub fn new(city: &City, buildings: &[BuildingRow], rhythm: Rhythm, dice: Dice, seed: u64) -> Self {
        let mut luck = Dice::new(seed, 13);
        let first_of = super::buildings::starts(city, buildings);
        // A few doors of a grid bring most of its cases.
        let wheel =
            |span: &[usize]| Wheel::new((span[0]..span[1]).map(|_| luck.log_normal(1.0, 1.15)).collect::<Vec<_>>());
        let busy = first_of.windows(2).map(wheel).collect();
        let least = categories::tree().into_iter().map(|c| (c.id.0, c.sensitivity)).collect();
        let rules = defaults::classes();
        let (troubles, numbers) = (BTreeMap::new(), BTreeMap::new());
        Self { first_of, busy, rules, least, rhythm, dice, troubles, last: vec![None; city.ids.len()], numbers }
    }

    /// Continues the numbers of a day after one that is taken.
    pub fn taken(&mut self, number: &CaseNumber) {
        if let Some((day, n)) = read_number("GM", number.as_str()) {
            let count = self.numbers.entry(day).or_default();
            *count = (*count).max(n);
        }
    }
}

/// Writes planned cases.
pub struct Writer<'a> {
    /// The city they happen in.
    pub city: &'a City,
    /// Its buildings, grid by grid.
    pub buildings: &'a [BuildingRow],
    /// What is remembered between them.
    pub memory: &'a mut Memory,
}

impl<'a> Writer<'a> {
    /// Writes a case with its whole way, or only as far as it has come by `now`.
    pub fn write(&mut self, seed: Seed, now: Option<DateTime<Utc>>) -> CaseRow {
        let earlier = self.earlier(&seed);
        let cause_index = earlier.as_ref().map_or(seed.cause, |e| e.cause);
        let cause = &CAUSES[cause_index];
        let spot = self.spot(&seed, cause, earlier.as_ref());
        let people = self.people(cause, seed.hard);
        let yuan = self.yuan(cause, people);
        let (title, description) = self.texts(&seed, cause, &spot, people, yuan);
        let class = CLASSES[self.memory.dice.weighted(&cause.classes)];
        let parties = earlier.as_ref().map_or_else(|| self.parties(&seed, cause, people), |e| e.parties.clone());
        let number = self.number(seed.at);
        let mental = cause.category.starts_with(categories::PSYCHOLOGICAL);
        let nature = Nature { class, mental, dispute: cause.category.starts_with("mediation."), hard: seed.hard };
        let offices = self.offices(seed.grid, cause);
        let mut events = Journey::new(
            &self.memory.rules,
            self.memory.rhythm.calendar(),
            &offices,
            nature,
            &mut self.memory.dice,
            seed.at,
        )
        .walk();
        if let Some(now) = now {
            events.retain(|e| e.at <= now);
        }
        let rated = events.iter().any(|e| e.to == CaseState::Rated);
        let repeat_of = earlier.map(|e| e.number);
        self.remember(&seed, cause_index, &number, spot.building, &parties);
        CaseRow {
            number,
            channel: self.channel(seed.at),
            category: CategoryId::from(cause.category),
            class,
            sensitivity: self.sensitivity(cause, people),
            place: Some(self.place(&spot, seed.grid)),
            address: spot.address,
            building: spot.building.map(|b| self.buildings[b].code.clone()),
            at: spot.at,
            title,
            description,
            people,
            amount_fen: yuan * 100,
            parties,
            repeat_of,
            rating: rated.then(|| rating(seed.hard, &mut self.memory.dice)),
            events,
        }
    }

    /// Returns the earlier case that this one repeats, if it repeats one: often in a trouble, now and then elsewhere.
    fn earlier(&mut self, seed: &Seed) -> Option<Earlier> {
        let known = match seed.trouble {
            Some(t) => self.memory.troubles.get(&t).filter(|_| self.memory.dice.chance(0.18 + 0.42 * seed.hard)),
            None => self.memory.last[seed.grid].as_ref().filter(|_| self.memory.dice.chance(0.03)),
        };
        known.filter(|e| seed.at - e.at < chrono::TimeDelta::days(30)).cloned()
    }

    fn remember(
        &mut self,
        seed: &Seed,
        cause: usize,
        number: &CaseNumber,
        building: Option<usize>,
        parties: &[PartyRow],
    ) {
        let this = Earlier { number: number.clone(), cause, at: seed.at, building, parties: parties.to_vec() };
        if let Some(t) = seed.trouble {
            self.memory.troubles.entry(t).or_insert_with(|| this.clone());
        }
        self.memory.last[seed.grid] = Some(this);
    }

    fn spot(&mut self, seed: &Seed, cause: &Cause, earlier: Option<&Earlier>) -> Spot {
        if earlier.is_none() && self.memory.dice.chance(0.0012) {
            let address = format!("{}(未提供详细地址)", self.city.grid_name(seed.grid));
            return Spot { at: None, address: Some(address), building: None };
        }
        if cause.category.ends_with(".traffic") && self.memory.dice.chance(0.8) {
            return self.road_spot(seed.grid);
        }
        let known = earlier.and_then(|e| e.building);
        let known = known.or_else(|| {
            seed.trouble
                .and_then(|t| self.memory.troubles.get(&t))
                .filter(|_| self.memory.dice.chance(0.6))
                .and_then(|e| e.building)
        });
        let building = known.unwrap_or_else(|| {
            self.memory.first_of[seed.grid] + self.memory.busy[seed.grid].draw(&mut self.memory.dice)
        });
        let row = &self.buildings[building];
        let (east, north) = (self.memory.dice.between(-1.4, 1.4), self.memory.dice.between(-1.4, 1.4));
        let near = |at: Position| {
            let p = to_metres(at);
            to_position([p[0] + east, p[1] + north])
        };
        Spot { at: row.at.map(near), address: Some(format!("{} {}", row.address, row.name)), building: Some(building) }
    }

    /// Picks a point of the grid's edge, a little inside, with the road it lies on.
    fn road_spot(&mut self, g: usize) -> Spot {
        let ring = self.city.partition.ring(g);
        let middle = centroid(&ring);
        let mut tries = (0..8).map(|_| {
            let corner = ring[self.memory.dice.below(ring.len())];
            to_position(lerp(corner, middle, self.memory.dice.between(0.02, 0.06)))
        });
        // A ragged grid may bulge away from its middle: its corners then lie behind its border.
        let at = tries.find(|at| inside(to_metres(*at), &ring));
        let regions = &self.city.regions;
        let community = &regions.communities[regions.community_of[g]];
        let address = format!("光明区{}{}{}", regions.streets[community.street].name, community.name, self.road(g));
        Spot { at, address: Some(address), building: None }
    }

    /// Returns the widest road beside a grid.
    fn road(&self, g: usize) -> &'a str {
        let lines = self.city.partition.cells[g].lines.iter().flatten();
        let widest = lines.max_by_key(|l| (self.city.roads[**l as usize].class, **l));
        widest.map_or("园区道路", |l| self.city.roads[*l as usize].name.as_str())
    }

    fn place(&self, spot: &Spot, grid: usize) -> PlaceId {
        let community = self.city.regions.community_of[grid];
        let code = || PlaceId(self.city.regions.communities[community].code.clone());
        if spot.at.is_some() { self.city.ids[grid].clone() } else { code() }
    }

    fn people(&mut self, cause: &Cause, hard: f64) -> u32 {
        let group = cause.group * (0.5 + 2.2 * hard) + if cause.group > 0.0 { 0.10 * hard } else { 0.0 };
        if self.memory.dice.chance(group) {
            return (5.0 + self.memory.dice.exponential(9.0)).min(180.0) as u32;
        }
        [1, 2, 3, 4][self.memory.dice.weighted(&[0.58, 0.30, 0.08, 0.04])]
    }

    fn yuan(&mut self, cause: &Cause, people: u32) -> i64 {
        if cause.yuan <= 0.0 || (cause.category != "mediation.wages" && self.memory.dice.chance(0.25)) {
            return 0;
        }
        let each = self.memory.dice.log_normal(cause.yuan, 0.75);
        let sum = if people >= 5 { each * f64::from(people) } else { each };
        (sum / 10.0) as i64 * 10
    }

    fn texts(&mut self, seed: &Seed, cause: &Cause, spot: &Spot, people: u32, yuan: i64) -> (String, String) {
        let floors = spot.building.and_then(|b| self.buildings[b].floors).unwrap_or(6);
        let facts = Facts { site: &self.city.sites[seed.grid], road: self.road(seed.grid), people, yuan, floors };
        compose(cause.category, facts, &mut self.memory.dice)
    }

    fn parties(&mut self, seed: &Seed, cause: &Cause, people: u32) -> Vec<PartyRow> {
        let dice = &mut self.memory.dice;
        let mut party = |side| PartyRow { name: person(dice), telephone: Some(phone(dice)), side };
        let mut out = vec![party(PartySide::Applicant)];
        if people > 1 {
            out.push(party(PartySide::Applicant));
        }
        if cause.category.starts_with("mediation.") {
            let mut respondent = party(PartySide::Respondent);
            if let Some(name) = company(cause.category, &self.city.sites[seed.grid]) {
                respondent.name = name;
            }
            out.push(respondent);
        }
        out
    }

    /// Numbers cases within their local day: GM20261123-00017.
    fn number(&mut self, at: DateTime<Utc>) -> CaseNumber {
        let day = at.with_timezone(&offset()).date_naive();
        let n = self.memory.numbers.entry(day).or_default();
        *n += 1;
        CaseNumber(format!("GM{}-{n:05}", day.format("%Y%m%d")))
    }

    /// Draws a channel; scanning the code on the door grows over the year, the hotline shrinks.
    fn channel(&mut self, at: DateTime<Utc>) -> Channel {
        let t = self.memory.rhythm.share(at);
        let weights = [18.0, 11.0 + 25.0 * t, 13.0, 8.0, 24.0 - 9.0 * t, 14.0, 5.0, 7.0];
        Channel::ALL[self.memory.dice.weighted(&weights)]
    }

    fn sensitivity(&mut self, cause: &Cause, people: u32) -> Sensitivity {
        let least = self.memory.least.get(cause.category).copied().unwrap_or(Sensitivity::Internal);
        let own =
            if people >= 30 || self.memory.dice.chance(0.01) { Sensitivity::Sensitive } else { Sensitivity::Public };
        least.max(own)
    }

    fn offices(&self, grid: usize, cause: &Cause) -> Offices {
        offices(self.city, grid, cause.department)
    }
}

/// Returns who can have a case of a grid.
pub fn offices(city: &City, grid: usize, department: &'static str) -> Offices {
    let community = &city.regions.communities[city.regions.community_of[grid]];
    let street = PlaceId(city.regions.streets[community.street].code.clone());
    Offices { community: PlaceId(community.code.clone()), street, district: DISTRICT.into(), department }
}

/// Names an invented business as the other side, where a business usually is.
fn company(category: &str, site: &str) -> Option<String> {
    let kind = match category {
        "mediation.wages" => "某电子厂",
        "mediation.property" | "mediation.lift" => "物业服务中心",
        "mediation.construction" => "某建筑劳务公司",
        "mediation.consumer" => "某商户",
        "mediation.new_economy" => "某配送站点",
        "mediation.medical" => "医务科",
        "mediation.school" => "校方",
        _ => return None,
    };
    Some(format!("{site}{kind}"))
}

/// Reads the day and the running number out of a number of the demo, such as GM20261123-00017 after GM.
pub fn read_number(letters: &str, number: &str) -> Option<(NaiveDate, u32)> {
    let (day, n) = number.strip_prefix(letters)?.split_once('-')?;
    Some((NaiveDate::parse_from_str(day, "%Y%m%d").ok()?, n.parse().ok()?))
}
