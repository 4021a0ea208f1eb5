//! nginx giving out finished files: what serving bytes costs at best.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use super::tools;
use crate::server::{Group, check_free};
use crate::shell::sh;

/// A running nginx; it ends with this value.
pub struct Nginx {
    /// `http://host:port`.
    pub base: String,
    _group: Group,
}

/// Starts nginx on a folder whose files are JSON that is compressed with brotli already.
pub fn serve(files: &Path, port: u16) -> Result<Nginx> {
    let address = format!("127.0.0.1:{port}");
    check_free(&address)?;
    let folder = tools::folder().join("nginx");
    fs::create_dir_all(&folder)?;
    let config = folder.join("nginx.conf");
    fs::write(&config, text(files, &folder, &address))?;
    let program = tools::program("nginx").context("no nginx")?;
    let (prefix, config) = (folder.to_string_lossy(), config.to_string_lossy());
    let args = ["-p", &prefix, "-c", &config, "-e", "error.log"];
    let mut group = Group::default();
    group.add(sh(&program.to_string_lossy(), args).env("LD_LIBRARY_PATH", tools::libraries()).spawn()?);
    group.wait_for(&address)?;
    Ok(Nginx { base: format!("http://{address}"), _group: group })
}

/// As many workers as cores and no access log; every path that nginx would write to lies in its folder.
fn text(files: &Path, folder: &Path, address: &str) -> String {
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {}/{kind};", folder.display()))
        .join(" ");
    format!(
        "daemon off; worker_processes auto; pid {folder}/nginx.pid;\n\
         events {{ worker_connections 1024; }}\n\
         http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000000; {temporary}\n\
         default_type application/json; add_header Content-Encoding br;\n\
         server {{ listen {address}; root {files}; location = /api/v1/config {{ return 200 '{{}}'; }} }} }}\n",
        folder = folder.display(),
        files = files.display(),
    )
}
