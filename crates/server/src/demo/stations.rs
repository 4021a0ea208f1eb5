//! Stations: one district hall, street and community halls, sites where people are, and three that move.

use chrono::NaiveTime;
use fengtu_wire::geojson::{Feature, Geometry, Position};
use fengtu_wire::grids::LandUse;
use fengtu_wire::ids::{PlaceId, StationId};
use fengtu_wire::stations::{CircleKind, OpeningHours, Service, StaffKind, StaffOnDuty, Station, StationLevel, Stop};

use super::city::{City, DISTRICT};
use super::dice::Dice;
use super::plane::{Metres, distance, to_metres, to_position};
use super::words::{desk_phone, person};
use crate::dataset::BuildingRow;

/// Sites by kind; with 1 + 6 + 31 halls they make 198.
const SITES: &[(LandUse, usize)] = &[
    (LandUse::Estate, 68),
    (LandUse::IndustrialPark, 40),
    (LandUse::School, 28),
    (LandUse::Hospital, 10),
    (LandUse::BuildingSite, 14),
];

/// Writes all stations.
pub fn rows(city: &City, buildings: &[BuildingRow], seed: u64) -> Vec<Feature<Station>> {
    let starts = super::buildings::starts(city, buildings);
    let mut maker = Maker { city, buildings, starts, dice: Dice::new(seed, 9), taken: Vec::new(), out: Vec::new() };
    maker.halls();
    for (kind, count) in SITES {
        maker.sites(*kind, *count);
    }
    maker.mobile();
    maker.out
}

struct Maker<'a> {
    city: &'a City,
    buildings: &'a [BuildingRow],
    starts: Vec<usize>,
    dice: Dice,
    taken: Vec<Metres>,
    out: Vec<Feature<Station>>,
}

/// What differs between stations.
struct Kind {
    level: StationLevel,
    site: Option<LandUse>,
    name: String,
    place: PlaceId,
}

impl Maker<'_> {
    fn halls(&mut self) {
        let regions = &self.city.regions;
        let kind = |level, name, place: &str| Kind { level, site: None, name, place: place.into() };
        let core = self.grid_near([3000.0, -1000.0], |_| true);
        self.stand(kind(StationLevel::District, "光明区群众诉求服务大厅".to_owned(), DISTRICT), core);
        for (s, street) in regions.streets.iter().enumerate() {
            let g = self.grid_near(self.middle_of(|g| regions.street_of(g) == s), |g| regions.street_of(g) == s);
            self.stand(kind(StationLevel::Street, format!("{}群众诉求服务大厅", street.name), &street.code), g);
        }
        for (c, community) in regions.communities.iter().enumerate() {
            let g = self.grid_near(self.middle_of(|g| regions.community_of[g] == c), |g| regions.community_of[g] == c);
            self.stand(kind(StationLevel::Community, format!("{}群众诉求服务站", community.name), &community.code), g);
        }
    }

    /// Opens sites of a kind where many people live and no station is near yet.
    fn sites(&mut self, use_: LandUse, count: usize) {
        for _ in 0..count {
            let weights: Vec<f64> = (0..self.city.ids.len()).map(|g| self.want(g, use_)).collect();
            let g = self.dice.weighted(&weights);
            let name = format!("{}群众诉求服务点", self.city.sites[g]);
            self.stand(Kind { level: StationLevel::Site, site: Some(use_), name, place: self.city.ids[g].clone() }, g);
        }
    }

    fn want(&self, g: usize, use_: LandUse) -> f64 {
        let middle = self.city.partition.cells[g].middle;
        let near = self.taken.iter().map(|t| distance(*t, middle)).fold(f64::INFINITY, f64::min);
        let fits = self.city.ground.uses[g] == use_
            || (use_ == LandUse::Estate && self.city.ground.uses[g] == LandUse::UrbanVillage);
        let lonely = libm::pow((near / 700.0).min(1.3), 4.0);
        if fits { (super::land::density(middle) + 0.05) * lonely } else { 0.0 }
    }

    fn middle_of(&self, belongs: impl Fn(usize) -> bool) -> Metres {
        let (mut x, mut y, mut sum) = (0.0, 0.0, 0.0);
        for g in (0..self.city.ids.len()).filter(|g| belongs(*g)) {
            let (p, w) = (self.city.partition.cells[g].middle, f64::from(self.city.ground.people[g]));
            (x, y, sum) = (x + p[0] * w, y + p[1] * w, sum + w);
        }
        [x / sum, y / sum]
    }

    /// Finds the free built-up grid nearest to a point.
    fn grid_near(&self, p: Metres, belongs: impl Fn(usize) -> bool) -> usize {
        let free = |g: &usize| {
            let middle = self.city.partition.cells[*g].middle;
            belongs(*g) && self.city.ground.people[*g] > 100 && self.taken.iter().all(|t| distance(*t, middle) > 250.0)
        };
        let away = |g: usize| distance(self.city.partition.cells[g].middle, p);
        (0..self.city.ids.len()).filter(free).min_by(|a, b| away(*a).total_cmp(&away(*b))).unwrap_or(0)
    }

    /// Puts a station beside a building of a grid.
    fn stand(&mut self, kind: Kind, g: usize) {
        // Every grid has a building at least.
        let own = &self.buildings[self.starts[g]..self.starts[g + 1]];
        let building = &own[self.dice.below(own.len())];
        let at = building.at.unwrap_or_else(|| to_position(self.city.partition.cells[g].middle));
        self.taken.push(to_metres(at));
        let address = building.address.clone();
        let station = self.station(kind, address);
        self.out.push(Feature::new(Some(Geometry::Point(at)), station));
    }

    fn station(&mut self, kind: Kind, address: String) -> Station {
        let n = self.out.len() + 1;
        let services = services(kind.level, &mut self.dice);
        Station {
            id: StationId(format!("{DISTRICT}S{n:03}")),
            circles: circles(&services),
            staff: staff(kind.level, &services, &mut self.dice),
            hours: hours(kind.level, kind.site, &mut self.dice),
            name: kind.name,
            level: kind.level,
            site: kind.site,
            place: Some(kind.place),
            address,
            telephone: Some(desk_phone(n)),
            services,
            stops: Vec::new(),
        }
    }

    /// Sends three stations round the villages and parks: one street stops in the morning, another in the afternoon.
    fn mobile(&mut self) {
        for (n, name) in ["流动诉求服务车一号", "流动诉求服务车二号", "红色流动服务站"].into_iter().enumerate()
        {
            let kind = Kind { level: StationLevel::Mobile, site: None, name: name.to_owned(), place: DISTRICT.into() };
            let mut station = self.station(kind, "流动服务,按时刻表停靠".to_owned());
            station.stops = self.stops(n);
            let at = station.stops.first().map(|s| s.at);
            self.out.push(Feature::new(at.map(Geometry::Point), station));
        }
    }

    fn stops(&mut self, n: usize) -> Vec<Stop> {
        let days: Vec<u8> = if n == 2 { vec![5, 6, 7] } else { vec![1, 2, 3, 4, 5] };
        let spans: &[(u32, u32)] = if n == 2 { &[(15, 18), (19, 21)] } else { &[(9, 11), (14, 17)] };
        let mut out = Vec::new();
        for weekday in days {
            for (from, to) in spans {
                let (at, name) = self.stop();
                out.push(Stop { at, name, weekday, from: clock(*from, 0), to: clock(*to, 30) });
            }
        }
        out
    }

    /// Picks a spot that people live near and no circle reaches.
    fn stop(&mut self) -> (Position, String) {
        let want = |g: usize| {
            let middle = self.city.partition.cells[g].middle;
            let far = self.taken.iter().all(|t| distance(*t, middle) > 550.0);
            if far { f64::from(self.city.ground.people[g]) } else { 0.0 }
        };
        let weights: Vec<f64> = (0..self.city.ids.len()).map(want).collect();
        let g = self.dice.weighted(&weights);
        let at = self.buildings[self.starts[g]].at;
        (
            at.unwrap_or_else(|| to_position(self.city.partition.cells[g].middle)),
            format!("{}停靠点", self.city.sites[g]),
        )
    }
}

fn services(level: StationLevel, dice: &mut Dice) -> Vec<Service> {
    let often = |service: &Service| match (level, service) {
        (StationLevel::District | StationLevel::Street, _) | (_, Service::Mediation | Service::Complaints) => 1.0,
        (StationLevel::Community, Service::Legal) => 0.95,
        (StationLevel::Community, _) => 0.8,
        (_, Service::Legal) => 0.55,
        (_, Service::Psychological) => 0.35,
        (_, Service::Assistance) => 0.45,
    };
    Service::ALL.iter().filter(|s| dice.chance(often(s))).copied().collect()
}

/// Every station answers appeals; the other circles follow its services.
fn circles(services: &[Service]) -> Vec<CircleKind> {
    let mut out = vec![CircleKind::Appeal];
    out.extend(services.contains(&Service::Legal).then_some(CircleKind::Legal));
    out.extend(services.contains(&Service::Psychological).then_some(CircleKind::Psychological));
    out
}

fn staff(level: StationLevel, services: &[Service], dice: &mut Dice) -> Vec<StaffOnDuty> {
    let size: u32 = match level {
        StationLevel::District => 8,
        StationLevel::Street => 5,
        StationLevel::Community => 3,
        StationLevel::Site | StationLevel::Mobile => 1,
    };
    let mut kinds = vec![(StaffKind::GridMember, size), (StaffKind::Mediator, size.div_ceil(2))];
    if size > 2 || dice.chance(0.25) {
        kinds.push((StaffKind::Police, size.div_ceil(4)));
    }
    if services.contains(&Service::Psychological) {
        kinds.push((StaffKind::Counsellor, size.div_ceil(3)));
    }
    if services.contains(&Service::Legal) {
        kinds.push((StaffKind::Lawyer, size.div_ceil(3)));
    }
    let on_duty = |(kind, count): (StaffKind, u32)| StaffOnDuty {
        kind,
        count,
        names: (0..count).map(|_| person(dice)).collect(),
    };
    kinds.into_iter().map(on_duty).collect()
}

fn hours(level: StationLevel, site: Option<LandUse>, dice: &mut Dice) -> Vec<OpeningHours> {
    let all = || (1..=7).collect::<Vec<u8>>();
    let week = || (1..=5).collect::<Vec<u8>>();
    let open = |weekdays: Vec<u8>, from, to, on_holidays| OpeningHours { weekdays, from, to, on_holidays };
    match (level, site) {
        (StationLevel::District, _) => vec![open(all(), NaiveTime::MIN, NaiveTime::MIN, true)],
        (StationLevel::Street, _) => vec![open(all(), clock(8, 30), clock(21, 0), true)],
        (StationLevel::Community, _) => {
            vec![
                open(week(), clock(8, 30), clock(dice.whole(18, 20), 0), false),
                open(vec![6, 7], clock(9, 0), clock(17, 30), true),
            ]
        }
        (_, Some(LandUse::Hospital)) => vec![open(all(), clock(8, 0), clock(20, 0), true)],
        (_, Some(LandUse::School)) => vec![open(week(), clock(8, 0), clock(17, 30), false)],
        (_, Some(LandUse::IndustrialPark)) => vec![open((1..=6).collect(), clock(9, 0), clock(20, 30), false)],
        (_, Some(LandUse::BuildingSite)) => vec![open(all(), clock(10, 0), clock(19, 0), false)],
        (StationLevel::Mobile, _) => Vec::new(),
        _ => vec![
            open(week(), clock(9, 0), clock(18, 0), false),
            open(vec![6, 7], clock(10, 0), clock(if dice.chance(0.5) { 21 } else { 17 }, 0), true),
        ],
    }
}

fn clock(hour: u32, minute: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or(NaiveTime::MIN)
}
