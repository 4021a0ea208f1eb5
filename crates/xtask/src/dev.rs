//! `cargo xtask dev`: live reload. Trunk serves the client and passes `/api` on to the server.

use anyhow::Result;

use crate::run::{Options, announce, start};
use crate::{client, server, setup};

/// Where Trunk serves; the server keeps its own address.
const FRONT: &str = "127.0.0.1:8090";

/// Runs Trunk and the server side by side until Ctrl-C.
pub fn run(options: &Options) -> Result<()> {
    server::check_free(&options.listen)?;
    server::check_free(FRONT)?;
    setup::ensure(&setup::for_client(), setup::Lack::Tolerated)?;
    let binary = server::build()?;
    server::stop_on_signal()?;
    let mut group = server::Group::default();
    group.add(start(&binary.to_string_lossy(), options)?);
    group.wait_for(&options.listen)?;
    let backend = format!("--proxy-backend=http://{}/api", options.listen);
    // A folder of its own: `dist` stays the release build.
    let args = ["serve", "--dist", "target/dev-dist", "--port", "8090", &backend];
    group.add(client::trunk(args).spawn()?);
    announce(FRONT);
    group.wait()
}
