//! `cargo xtask bench`: the promised figures, measured on the demo district beside what a user would otherwise take.
//!
//! Modules in reading order: [`row`] (one figure), [`tools`] (what measuring takes beside the set-up), [`district`] (the
//! server with the full demo), [`load`] (requests per second and latencies), [`pages`] (what Node and Chromium measure),
//! then one module per group: [`requests`], [`map`], [`heat`], [`live`], [`board`], [`soak`]; [`report`] prints and keeps what came out.

mod board;
mod district;
mod heat;
mod live;
mod load;
mod map;
mod nginx;
mod pages;
mod report;
mod requests;
mod row;
mod soak;
mod tools;

use std::path::PathBuf;

use anyhow::{Result, bail, ensure};
use clap::{Args, ValueEnum};

use crate::{client, server, setup};
use district::District;
use row::Row;

/// What `bench` takes.
#[derive(Args)]
pub struct Options {
    /// Measures one group only.
    #[arg(conflicts_with = "only")]
    group: Option<Group>,
    /// The same.
    #[arg(long)]
    only: Option<Group>,
    /// Fewer and shorter runs: to see that everything works, not to quote.
    #[arg(long)]
    quick: bool,
    /// Hours of each of the two days that the soak plays.
    #[arg(long, default_value_t = 24)]
    hours: u32,
    /// How many times faster than it passes.
    #[arg(long, default_value_t = 60)]
    speed: u32,
    /// First port of four that are used on 127.0.0.1.
    #[arg(long, default_value_t = 8130)]
    port: u16,
}

/// What is measured together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Group {
    /// The snapshot and the answers behind the desk, over HTTP.
    Requests,
    /// The map in Chromium: first picture, drill-down, pan.
    Map,
    /// The heat engine in Chromium.
    Heat,
    /// The desk in a flood of events, in Chromium.
    Live,
    /// The leaders' board over a million cases, in Chromium.
    Board,
    /// The wall for two days at many times their pace, and under a server that is killed again and again.
    Soak,
}

impl Group {
    fn name(self) -> &'static str {
        match self {
            Self::Requests => "requests",
            Self::Map => "map",
            Self::Heat => "heat",
            Self::Live => "live",
            Self::Board => "board",
            Self::Soak => "soak",
        }
    }

    fn measure(self, with: &Bench) -> Result<Vec<Row>> {
        match self {
            Self::Requests => requests::measure(with),
            Self::Map => map::measure(with),
            Self::Heat => heat::measure(with),
            Self::Live => live::measure(with),
            Self::Board => board::measure(with),
            Self::Soak => soak::measure(with),
        }
    }
}

/// What every group is given.
pub struct Bench {
    district: District,
    binary: PathBuf,
    port: u16,
    quick: bool,
    hours: u32,
    speed: u32,
}

impl Bench {
    /// Chooses between a number for a full run and one for a quick one.
    fn runs(&self, full: u32, quick: u32) -> u32 {
        if self.quick { quick } else { full }
    }
}

/// Measures, prints a table, keeps the rows, and after a full run of a group writes its section of `docs/BENCHMARKS.md`.
pub fn run(options: &Options) -> Result<()> {
    setup::ensure(&setup::everything(), setup::Lack::Tolerated)?;
    setup::ensure(&tools::all(), setup::Lack::Tolerated)?;
    client::build(false)?;
    let binary = server::build()?;
    server::stop_on_signal()?;
    let only = options.only.or(options.group);
    let groups = only.map_or_else(|| Group::value_variants().to_vec(), |group| vec![group]);
    let district = District::open(&binary, options.port)?;
    report::wait_until_quiet();
    let machine = report::Machine::now();
    let with = Bench {
        district,
        binary,
        port: options.port,
        quick: options.quick,
        hours: options.hours,
        speed: options.speed,
    };
    let mut all = vec![];
    for group in groups {
        println!("\nMeasuring 测量: {}", group.name());
        let rows = group.measure(&with)?;
        report::keep(group.name(), &rows)?;
        if !options.quick {
            report::write_section(group.name(), &machine, &rows)?;
        }
        all.extend(rows);
        if server::stopped() {
            bail!("stopped");
        }
    }
    print!("\n{}", report::table(&all));
    println!("\n{machine}");
    let missed = all.iter().filter(|row| row.is_reached() == Some(false)).count();
    ensure!(missed == 0, "{missed} promised figures are not reached");
    Ok(())
}
