//! `fengtu-conform --base URL --dialect D`: prints what was found; 0: all is well, 1: something is wrong, 2: it could not be asked.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool talks to its terminal")]

use std::process::ExitCode;

use clap::Parser as _;
use fengtu_conform::options::Options;
use fengtu_conform::report::Report;
use fengtu_conform::{contract, foreign};

fn main() -> ExitCode {
    let options = Options::parse();
    match run(&options) {
        Ok(report) => {
            print!("{}", report.print(options.language));
            ExitCode::from(u8::from(report.is_wrong()))
        }
        Err(error) => {
            eprintln!("✗ {error:#}");
            ExitCode::from(2)
        }
    }
}

fn run(options: &Options) -> anyhow::Result<Report> {
    if options.is_contract() { contract::check(options) } else { foreign::check(options) }
}
