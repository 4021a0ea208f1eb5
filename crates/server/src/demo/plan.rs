//! Which cases there will be, before any is written: the background, troubled grids, and incidents.

use chrono::{DateTime, Utc};

use super::causes::CAUSES;
use super::city::City;
use super::dice::{Dice, Wheel};
use super::rhythm::Rhythm;

/// A case to be written.
#[derive(Debug, Clone, Copy)]
pub struct Seed {
    /// When it is reported.
    pub at: DateTime<Utc>,
    /// In which grid.
    pub grid: usize,
    /// Index of its cause.
    pub cause: usize,
    /// The trouble that it belongs to, if any.
    pub trouble: Option<u32>,
    /// How hard it is, 0–1.
    pub hard: f64,
}

/// Draws grids and causes.
#[derive(Debug, Clone)]
pub struct Draw {
    grids: Wheel,
    causes: Vec<Wheel>,
}

impl Draw {
    /// Weighs grids by their people and a luck of their own, so that a few are far busier than most.
    pub fn new(city: &City, dice: &mut Dice) -> Self {
        let weight = |people: &u32| libm::pow(f64::from(*people) + 40.0, 0.85) * dice.log_normal(1.0, 0.75);
        let grids = Wheel::new(city.ground.people.iter().map(weight).collect::<Vec<_>>());
        let causes = (0..10).map(|use_| Wheel::new(CAUSES.iter().map(|c| c.weights[use_]))).collect();
        Self { grids, causes }
    }

    /// Draws a grid.
    pub fn grid(&self, dice: &mut Dice) -> usize {
        self.grids.draw(dice)
    }

    /// Draws a cause that fits a grid.
    pub fn cause(&self, city: &City, grid: usize, dice: &mut Dice) -> usize {
        self.causes[city.ground.uses[grid] as usize].draw(dice)
    }
}

/// Plans exactly `count` cases, in the order of their time.
pub fn plan(city: &City, rhythm: &Rhythm, draw: &Draw, count: usize, now: DateTime<Utc>, dice: &mut Dice) -> Vec<Seed> {
    let mut planner = Planner { city, rhythm, draw, now, dice, seeds: Vec::with_capacity(count), troubles: 0 };
    for i in 0..count / 1700 {
        planner.incident(i < 4);
    }
    // A small district is as troubled as a large one: the share counts, not the number.
    while planner.seeds.len() < count * 42 / 100 {
        planner.episode();
    }
    while planner.seeds.len() < count {
        planner.background();
    }
    let mut seeds = planner.seeds;
    seeds.truncate(count);
    seeds.sort_by_key(|s| (s.at, s.grid, s.cause));
    seeds
}

struct Planner<'a> {
    city: &'a City,
    rhythm: &'a Rhythm,
    draw: &'a Draw,
    now: DateTime<Utc>,
    dice: &'a mut Dice,
    seeds: Vec<Seed>,
    troubles: u32,
}

impl Planner<'_> {
    fn background(&mut self) {
        let grid = self.draw.grid(self.dice);
        let cause = self.draw.cause(self.city, grid, self.dice);
        let wages = CAUSES[cause].category == "mediation.wages";
        // Wages come in a wave: outside it some of them never become cases.
        let at = self.rhythm.instant(CAUSES[cause].hours, wages, self.dice);
        let hard = if self.dice.chance(0.06) { 0.3 } else { 0.0 };
        self.seeds.push(Seed { at, grid, cause, trouble: None, hard });
    }

    /// A grid has a bad month: a few to a dozen cases of one cause, or a pair of causes.
    fn episode(&mut self) {
        let grid = self.draw.grid(self.dice);
        let cause = self.draw.cause(self.city, grid, self.dice);
        let hard = self.dice.weighted(&[0.75, 0.215, 0.035]);
        let (low, high) = [(3, 5), (6, 9), (10, 17)][hard];
        let (count, days) = (self.dice.whole(low, high), self.dice.between(8.0, 32.0));
        self.cluster(grid, cause, count, days, [0.36, 0.56, 0.9][hard], None);
    }

    /// Something happens that many people come with within days.
    fn incident(&mut self, recent: bool) {
        let category = self.dice.pick(&[
            "mediation.wages",
            "mediation.wages",
            "mediation.environment",
            "mediation.lift",
            "mediation.property",
            "mediation.consumer",
            "mediation.construction",
            "mediation.housing",
            "mediation.land",
            "complaints.safety",
        ]);
        let cause = CAUSES.iter().position(|c| c.category == category).unwrap_or(0);
        let weights: Vec<f64> = (0..self.city.ids.len())
            .map(|g| {
                CAUSES[cause].weights[self.city.ground.uses[g] as usize] * f64::from(self.city.ground.people[g]).sqrt()
            })
            .collect();
        let grid = self.dice.weighted(&weights);
        let days = self.dice.between(4.0, 14.0);
        let start = recent.then(|| self.rhythm.length() - u64::from(self.dice.whole(3, 16)));
        let count = self.dice.whole(24, 70);
        self.cluster(grid, cause, count, days, 0.7, start);
    }

    /// Adds cases of one cause over some days, more at first; what would lie past the end does not happen.
    fn cluster(&mut self, grid: usize, cause: usize, count: u32, days: f64, hard: f64, start: Option<u64>) {
        let wages = CAUSES[cause].category == "mediation.wages";
        let first = start.unwrap_or_else(|| self.rhythm.day(wages, self.dice));
        self.troubles += 1;
        let trouble = Some(self.troubles);
        for _ in 0..count {
            let day = first + (days * self.dice.unit() * self.dice.between(0.4, 1.0)) as u64;
            let at = self.rhythm.on_day(day, CAUSES[cause].hours, self.dice);
            if at < self.now && self.rhythm.share(at) > 0.0 {
                self.seeds.push(Seed { at, grid, cause, trouble, hard });
            }
        }
    }
}
