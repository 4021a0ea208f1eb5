//! `cargo xtask test`: every check there is, in numbered steps; stops at the first that fails.

mod api;
mod counts;
mod early;
mod steps;

use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};
use clap::Args;

use crate::setup::{self, Lack};
use counts::Counts;
use early::Early;
use steps::{Step, all};

/// What `test` takes.
#[derive(Args)]
pub struct Options {
    /// Runs only the steps whose name contains this.
    #[arg(long)]
    only: Option<String>,
    /// Goes on without foreign servers and other tools that cannot be installed: what they test is left out.
    #[arg(long)]
    lenient: bool,
}

impl Options {
    fn lack(&self) -> Lack {
        if self.lenient { Lack::Tolerated } else { Lack::Fails }
    }
}

struct Outcome {
    name: &'static str,
    took: Duration,
    counts: Counts,
    error: Option<anyhow::Error>,
}

/// Runs the set-up and the steps, then prints a table and the sum. The client is begun as soon as what builds it is there: most of
/// the other tools are waited for, by the net and by the disk.
pub fn run(options: &Options) -> Result<()> {
    let began = Instant::now();
    setup::ensure(&setup::for_client(), options.lack())?;
    let wanted = |step: &Step| options.only.as_ref().is_none_or(|part| step.name.contains(part.as_str()));
    let steps: Vec<Step> = all().into_iter().filter(wanted).collect();
    ensure!(
        !steps.is_empty(),
        "no step has such a name: {}",
        all().iter().map(|step| step.name).collect::<Vec<_>>().join("; ")
    );
    let early = steps.iter().map(begin).collect::<Result<Vec<_>>>()?;
    setup::ensure(&setup::for_tests(), options.lack())?;
    let mut outcomes = vec![];
    for (index, (step, early)) in steps.iter().zip(early).enumerate() {
        // Told at once: where a machine is too slow, no table comes at the end.
        println!("\n[{}/{}] {}, {} s after the start", index + 1, steps.len(), step.name, began.elapsed().as_secs());
        let outcome = attempt(step, early);
        let failed = outcome.error.is_some();
        outcomes.push(outcome);
        if failed {
            break;
        }
    }
    let sum = summary(&outcomes, steps.len(), began.elapsed())?;
    ensure!(options.lenient || sum.skipped == 0, "{} tests did not run; --lenient lets them", sum.skipped);
    Ok(())
}

fn begin(step: &Step) -> Result<Option<Early>> {
    step.early.map(|begin| begin()).transpose()
}

fn attempt(step: &Step, early: Option<Early>) -> Outcome {
    let began = Instant::now();
    let mut counts = Counts::default();
    let error = early.map_or(Ok(()), Early::join).and_then(|()| (step.run)(&mut counts)).err();
    let error = error.or_else(|| counts.failure());
    Outcome { name: step.name, took: began.elapsed(), counts, error }
}

fn summary(outcomes: &[Outcome], planned: usize, took: Duration) -> Result<Counts> {
    println!("\n{:<34} {:>7} {:>8} {:>7} {:>8}", "step", "time", "passed", "failed", "skipped");
    let mut sum = Counts::default();
    for outcome in outcomes {
        sum.add(outcome.counts);
        let counted = outcome.counts;
        let mark = if outcome.error.is_some() { "✗" } else { "✓" };
        let seconds = outcome.took.as_secs();
        println!(
            "{mark} {:<32} {seconds:>6}s {:>8} {:>7} {:>8}",
            outcome.name, counted.passed, counted.failed, counted.skipped
        );
    }
    println!("{} of {planned} steps in {} s, set-up included", outcomes.len(), took.as_secs());
    let broken = outcomes.iter().find_map(|outcome| Some((outcome.name, outcome.error.as_ref()?)));
    if let Some((name, error)) = broken {
        println!("{} passed, {} failed before it stopped", sum.passed, sum.failed);
        bail!("stopped at \"{name}\": {error:#}");
    }
    println!("{} passed, 0 failed", sum.passed);
    Ok(sum)
}
