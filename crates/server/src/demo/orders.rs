//! Orders of the demo: those of the year behind cases, and those since 2022 that came before.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, TimeDelta, TimeZone as _, Utc};
use fengtu_domain::defaults;
use fengtu_wire::cases::{CaseState, Class, Sensitivity};
use fengtu_wire::config::OrderRule;
use fengtu_wire::geojson::Position;
use fengtu_wire::ids::{CaseNumber, OrderNumber, PlaceId};
use fengtu_wire::orders::{OrderKind, Rank};

use super::cases::read_number;
use super::causes::{CAUSES, Cause};
use super::city::{City, DISTRICT};
use super::dice::Dice;
use super::journey::STATION;
use super::plan::Draw;
use super::rhythm::offset;
use super::texts::{Facts, compose};
use super::words::person;
use crate::dataset::{CaseRow, CheckInRow, OrderRow, ReportRow, ScoreRow, SummonsRow};

/// Orders since 2022 beside so many cases of the last year: Guangming's own numbers.
const ORDERS: (usize, usize) = (515, 80_000);

/// Writes the orders of a district as they stand at `now`, the oldest first.
pub fn rows(city: &City, cases: &[CaseRow], seed: u64, now: DateTime<Utc>) -> Vec<OrderRow> {
    let mut writer = Writer::new(Dice::new(seed, 30));
    let tied: Vec<OrderRow> = cases.iter().flat_map(|case| writer.behind(city, case)).collect();
    let is_of_the_year =
        |case: &&CaseRow| case.events.first().is_some_and(|first| now - first.at < TimeDelta::days(365));
    let wanted = (cases.iter().filter(is_of_the_year).count() * ORDERS.0).div_ceil(ORDERS.1);
    let mut all = writer.before(city, seed, wanted.saturating_sub(tied.len()), now);
    all.extend(tied);
    all.sort_by(|a, b| (a.issued_at, &a.case).cmp(&(b.issued_at, &b.case)));
    all.into_iter().map(|row| until(&writer.numbered(row), now)).collect()
}

/// Returns an order without what has not happened by `now`.
pub fn until(row: &OrderRow, now: DateTime<Utc>) -> OrderRow {
    let department = |one: &SummonsRow| SummonsRow {
        check_in: one.check_in.clone().filter(|check_in| check_in.at <= now),
        report: one.report.clone().filter(|report| report.at <= now),
        score: one.score.filter(|score| score.at <= now),
        ..one.clone()
    };
    OrderRow { departments: row.departments.iter().map(department).collect(), ..row.clone() }
}

/// Lists when something happens to an order after it was given.
pub fn instants(row: &OrderRow) -> Vec<DateTime<Utc>> {
    let of = |one: &SummonsRow| {
        let check_in = one.check_in.as_ref().map(|check_in| check_in.at);
        [check_in, one.report.as_ref().map(|report| report.at), one.score.map(|score| score.at)]
    };
    row.departments.iter().flat_map(of).flatten().collect()
}

/// What an order is about.
struct Matter {
    class: Class,
    cause: &'static Cause,
    place: PlaceId,
    spot: String,
    at: Option<Position>,
    title: String,
    case: Option<CaseNumber>,
    sensitivity: Sensitivity,
    issued_at: DateTime<Utc>,
    /// When the department was at work; it had come by then.
    by: Option<DateTime<Utc>>,
}

/// Writes orders with their whole way.
#[derive(Debug, Clone)]
pub struct Writer {
    rules: Vec<OrderRule>,
    dice: Dice,
    numbers: BTreeMap<NaiveDate, u32>,
}

impl Writer {
    /// Prepares to write.
    pub fn new(dice: Dice) -> Self {
        Self { rules: defaults::orders(), dice, numbers: BTreeMap::new() }
    }

    /// Continues the numbers of a day after one that is taken.
    pub fn taken(&mut self, number: &OrderNumber) {
        if let Some((day, n)) = read_number("FL", number.as_str()) {
            let count = self.numbers.entry(day).or_default();
            *count = (*count).max(n);
        }
    }

    /// Writes the orders behind a case, one for each time that it came to be ordered.
    fn behind(&mut self, city: &City, case: &CaseRow) -> Vec<OrderRow> {
        let mut orders = Vec::new();
        for (n, event) in case.events.iter().enumerate().filter(|(_, event)| event.to == CaseState::Ordered) {
            let by = case.events.get(n + 1).map(|next| next.at);
            orders.extend(self.of_case(city, case, event.at, by));
        }
        orders
    }

    /// Writes an order behind a case, given at an instant; `by` is when its departments were at work.
    pub fn of_case(
        &mut self,
        city: &City,
        row: &CaseRow,
        issued_at: DateTime<Utc>,
        by: Option<DateTime<Utc>>,
    ) -> Option<OrderRow> {
        let cause = CAUSES.iter().find(|cause| cause.category == row.category.as_str())?;
        let place = row.place.clone()?;
        let spot = format!("{}{STATION}", community(city, &place));
        let title = format!("请到场处置:{}", row.title);
        let (number, sensitivity, class, at) = (Some(row.number.clone()), row.sensitivity, row.class, row.at);
        Some(self.write(Matter { class, cause, place, spot, at, title, case: number, sensitivity, issued_at, by }))
    }

    /// Writes orders from 2022 until the year of the cases begins.
    fn before(&mut self, city: &City, seed: u64, count: usize, now: DateTime<Utc>) -> Vec<OrderRow> {
        let draw = Draw::new(city, &mut Dice::new(seed, 12));
        let (first, last) = (Utc.with_ymd_and_hms(2022, 1, 4, 0, 0, 0).single(), now - TimeDelta::days(366));
        let days = first.map_or(0, |first| (last - first).num_days());
        let (Some(first), true) = (first, days > 0) else { return Vec::new() };
        let mut earlier = || {
            // More of them as people learned to whistle.
            let day = (libm::sqrt(self.dice.unit()) * days as f64) as i64;
            let minute = i64::from(self.dice.whole(0, 13 * 60));
            let issued_at = first + TimeDelta::days(day) + TimeDelta::minutes(minute);
            self.earlier(city, &draw, issued_at)
        };
        (0..count).map(|_| earlier()).collect()
    }

    fn earlier(&mut self, city: &City, draw: &Draw, issued_at: DateTime<Utc>) -> OrderRow {
        let grid = draw.grid(&mut self.dice);
        // Whatever is drawn, nothing that only its handler may know of.
        let drawn = CAUSES.get(draw.cause(city, grid, &mut self.dice)).filter(|cause| !is_restricted(cause));
        let cause = drawn.unwrap_or(&CAUSES[0]);
        let weights = [cause.classes[0] + 0.1, 0.2, cause.classes[2] + 0.2, cause.classes[3] + 0.2];
        let class = Class::ALL[self.dice.weighted(&weights)];
        let place = city.ids[grid].clone();
        let facts = Facts { site: &city.sites[grid], road: "园区道路", people: 3, yuan: 0, floors: 6 };
        let title = format!("请到场处置:{}", compose(cause.category, facts, &mut self.dice).0);
        let spot = format!("{}{}", community(city, &place), city.sites[grid]);
        let sensitivity = Sensitivity::Internal;
        self.write(Matter { class, cause, place, spot, at: None, title, case: None, sensitivity, issued_at, by: None })
    }

    fn write(&mut self, matter: Matter) -> OrderRow {
        let kind = self.kind(matter.class);
        let rule = self.rules.iter().find(|rule| (rule.kind, rule.class) == (kind, matter.class)).cloned();
        let (check_in_s, least_rank, people) =
            rule.map_or((1800, Rank::Staff, 1), |rule| (rule.check_in_s, rule.least_rank, rule.people));
        let mut order = OrderRow {
            number: OrderNumber(String::new()),
            kind,
            class: matter.class,
            by: (PlaceId(matter.place.as_str().chars().take(12).collect()), STATION.to_owned()),
            place: matter.place.clone(),
            case: matter.case.clone(),
            sensitivity: matter.sensitivity,
            title: matter.title.clone(),
            check_in_s,
            least_rank,
            people,
            issued_at: matter.issued_at,
            departments: Vec::new(),
        };
        let names = self.departments(kind, matter.cause);
        order.departments = names.into_iter().map(|name| self.summons(&order, &matter, name)).collect();
        order
    }

    fn kind(&mut self, class: Class) -> OrderKind {
        let weights = match class {
            Class::Urgent => [0.20, 0.75, 0.05],
            Class::Ordinary => [0.86, 0.10, 0.04],
            Class::Departmental => [0.62, 0.08, 0.30],
            Class::Major => [0.10, 0.10, 0.80],
        };
        OrderKind::ALL[self.dice.weighted(&weights)]
    }

    /// Names who must come: the department whose business it is, and the more the harder the matter.
    fn departments(&mut self, kind: OrderKind, cause: &Cause) -> Vec<&'static str> {
        let more = match kind {
            OrderKind::Quick => self.dice.weighted(&[0.85, 0.15]),
            OrderKind::Emergency => self.dice.weighted(&[0.4, 0.45, 0.15]),
            OrderKind::Tough => 1 + self.dice.weighted(&[0.5, 0.35, 0.15]),
        };
        let mut names = vec![cause.department];
        while names.len() < more + 1 {
            let other = CAUSES[self.dice.below(CAUSES.len())].department;
            if !names.contains(&other) {
                names.push(other);
            }
        }
        names
    }

    fn summons(&mut self, order: &OrderRow, matter: &Matter, department: &str) -> SummonsRow {
        let at = self.arrival(order, matter.by);
        let check_in = self.check_in(order, at, &matter.spot, matter.at);
        let report = self.report(check_in.at, check_in.at);
        let score = self.score(report.at, report.at);
        SummonsRow {
            department: department.to_owned(),
            place: DISTRICT.into(),
            check_in: Some(check_in),
            report: Some(report),
            score: Some(score),
        }
    }

    /// Draws what an order that is under way has still to come, nothing before `from`, when it had not happened; `at` is
    /// where its case is.
    pub fn rest(&mut self, city: &City, row: &OrderRow, at: Option<Position>, from: DateTime<Utc>) -> OrderRow {
        let spot = format!("{}{STATION}", community(city, &row.place));
        let mut departments = row.departments.clone();
        for one in &mut departments {
            let check_in = one.check_in.take().unwrap_or_else(|| {
                let arrival = self.arrival(row, None).max(from);
                self.check_in(row, arrival, &spot, at)
            });
            let report = one.report.take().unwrap_or_else(|| self.report(check_in.at, from));
            let score = one.score.take().unwrap_or_else(|| self.score(report.at, from));
            (one.check_in, one.report, one.score) = (Some(check_in), Some(report), Some(score));
        }
        OrderRow { departments, ..row.clone() }
    }

    fn check_in(&mut self, order: &OrderRow, at: DateTime<Utc>, spot: &str, position: Option<Position>) -> CheckInRow {
        let more = usize::from(self.dice.chance(0.12));
        let rank = Rank::ALL.iter().position(|rank| *rank == order.least_rank).unwrap_or(0) + more;
        CheckInRow {
            at,
            spot: spot.to_owned(),
            position,
            rank: Rank::ALL.get(rank).copied().unwrap_or(Rank::Head),
            person: person(&mut self.dice),
            people: order.people + self.dice.below(2) as u32,
        }
    }

    fn report(&mut self, checked_in_at: DateTime<Utc>, from: DateTime<Utc>) -> ReportRow {
        let at = (checked_in_at + self.minutes(190.0, 0.7)).max(from);
        let text = self.dice.pick(&[
            "已现场处置完毕,双方认可",
            "已督促责任方整改,限期复查",
            "已会同社区约谈,达成处理意见",
            "已立案调查,后续进展告知社区",
            "隐患已排除,纳入日常巡查",
        ]);
        ReportRow { at, text: text.to_owned() }
    }

    fn score(&mut self, reported_at: DateTime<Utc>, from: DateTime<Utc>) -> ScoreRow {
        let at = (reported_at + self.minutes(600.0, 0.8)).max(from);
        ScoreRow { at, score: 1 + self.dice.weighted(&[0.3, 0.4, 3.0, 22.0, 74.3]) as u8 }
    }

    /// Draws when a department comes: inside its minutes, but for one in a hundred, and no later than `by`.
    fn arrival(&mut self, order: &OrderRow, by: Option<DateTime<Utc>>) -> DateTime<Utc> {
        let limit = f64::from(order.check_in_s);
        let in_time = self.dice.log_normal(0.45, 0.4).clamp(0.08, 0.97);
        let late = self.dice.between(1.05, 1.8);
        let part = if self.dice.chance(0.008) { late } else { in_time };
        let at = order.issued_at + TimeDelta::seconds((limit * part) as i64);
        by.map_or(at, |by| at.min(by))
    }

    fn minutes(&mut self, median: f64, spread: f64) -> TimeDelta {
        TimeDelta::seconds((self.dice.log_normal(median, spread) * 60.0).max(60.0) as i64)
    }

    /// Numbers an order within its local day: FL20260301-001.
    pub fn numbered(&mut self, order: OrderRow) -> OrderRow {
        let day = day(order.issued_at);
        let n = self.numbers.entry(day).or_default();
        *n += 1;
        OrderRow { number: OrderNumber(format!("FL{}-{n:03}", day.format("%Y%m%d"))), ..order }
    }
}

fn day(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&offset()).date_naive()
}

fn is_restricted(cause: &Cause) -> bool {
    let of_tree = fengtu_domain::categories::tree().into_iter().find(|category| category.id.as_str() == cause.category);
    of_tree.is_none_or(|category| category.sensitivity > Sensitivity::Internal)
}

/// Returns the name of the community that a place lies in.
fn community<'a>(city: &'a City, place: &PlaceId) -> &'a str {
    let found = city.regions.communities.iter().find(|community| place.as_str().starts_with(&community.code));
    found.map_or("", |community| community.name.as_str())
}
