//! `cargo xtask`: set-up, build, run, test and measure, under one name.
//!
//! Modules in reading order: [`place`] (where things are), [`shell`] (starting other programs), [`setup`] (installing what is missing),
//! [`client`] and [`dist`] (the web client), [`server`], then one module per command.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a command-line tool talks to its terminal")]

mod bench;
mod client;
mod conform;
mod dev;
mod dist;
mod heat;
mod html;
mod imports;
mod minify;
mod place;
mod run;
mod server;
mod setup;
mod shell;
mod size;
mod test;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Builds, runs and tests Fengtu.
#[derive(Parser)]
#[command(name = "cargo xtask", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Installs what is missing, builds client and server, and opens the demo district on 127.0.0.1:8080.
    Run(run::Options),
    /// Installs what is missing, then runs every check there is.
    Test(test::Options),
    /// Live reload: Trunk in front, the server with the demo district behind.
    Dev(run::Options),
    /// Measures the promised figures on the demo district, beside peers.
    Bench(bench::Options),
    /// Checks any backend: what works, what is missing, what is wrong.
    #[command(disable_help_flag = true)]
    Conform {
        /// Passed on; `--help` tells what there is.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Prints the size of each entry and fails over budget.
    Size,
    /// Installs what building, running and testing need.
    Setup,
    /// Builds the client (release) into `dist`.
    Build {
        /// Builds although nothing has changed.
        #[arg(long)]
        force: bool,
    },
    /// What Trunk calls after building an entry (see Trunk.toml).
    #[command(hide = true)]
    Dist,
}

fn main() -> ExitCode {
    place::ourselves();
    let Err(error) = obey(Cli::parse().command) else {
        return ExitCode::SUCCESS;
    };
    // One line: the backtrace of a tool that failed is about the wrong program.
    eprintln!("\n✗ {error:#}");
    ExitCode::FAILURE
}

fn obey(command: Command) -> Result<()> {
    match command {
        Command::Run(options) => run::run(&options),
        Command::Test(options) => test::run(&options),
        Command::Dev(options) => dev::run(&options),
        Command::Bench(options) => bench::run(&options),
        Command::Conform { args } => conform::run(&args),
        Command::Size => size::run(),
        Command::Setup => setup::ensure(&setup::everything(), setup::Lack::Tolerated),
        Command::Build { force } => {
            setup::ensure(&setup::for_client(), setup::Lack::Tolerated)?;
            client::build(force)
        }
        Command::Dist => dist::after_trunk(),
    }
}
