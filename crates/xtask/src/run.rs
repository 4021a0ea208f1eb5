//! `cargo xtask run`: from a bare machine to the demo district in the browser.

use anyhow::Result;
use clap::Args;

use crate::{client, server, setup, shell::sh};

/// What `run` and `dev` take.
#[derive(Args)]
pub struct Options {
    /// Address to listen on.
    #[arg(long, default_value = "127.0.0.1:8080")]
    pub listen: String,
    /// Folder of the data.
    #[arg(long, default_value = "data/demo")]
    pub data: String,
    /// More for `fengtu-server`, after `--`.
    #[arg(last = true)]
    pub more: Vec<String>,
}

/// Builds both and serves the demo district until Ctrl-C.
pub fn run(options: &Options) -> Result<()> {
    server::check_free(&options.listen)?;
    setup::ensure(&setup::for_client(), setup::Lack::Tolerated)?;
    client::build(false)?;
    let binary = server::build()?;
    server::stop_on_signal()?;
    let mut group = server::Group::default();
    group.add(start(&binary.to_string_lossy(), options)?);
    group.wait_for(&options.listen)?;
    announce(&options.listen);
    group.wait()
}

/// Starts the server with the demo district; it prints the demo accounts itself.
pub fn start(binary: &str, options: &Options) -> Result<std::process::Child> {
    let mut args = vec!["--listen", &options.listen, "--data", &options.data];
    args.extend(["--dist", "dist", "--demo", "guangming"]);
    args.extend(options.more.iter().map(String::as_str));
    sh(binary, args).spawn()
}

/// Prints the addresses of the faces.
pub fn announce(address: &str) {
    println!("\nFengtu 枫图 is running 已启动:");
    println!("  desk   工作台    http://{address}/");
    println!("  wall   指挥大屏  http://{address}/wall");
    println!("  portal 居民自助  http://{address}/report/");
    println!("Ctrl-C stops it 停止.\n");
}
